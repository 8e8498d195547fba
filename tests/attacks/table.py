"""`make attacks`: every attack, on a naive variant, where it must succeed, and on Murmur, where it must not.

Prints what each came to on SQLite and on PostgreSQL, and what protection costs in results. The exit status is 1 when
any attack did not end as it must. Progress goes to standard error.
"""

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from multiprocessing import get_context
from pathlib import Path

from bot.logs import configure
from storage.database import Database
from storage.migrations import migrate
from tests.attacks import (
    calls,
    dumps,
    figures,
    killing,
    logs,
    orders,
    raw_bytes,
    resending,
    schema,
    sequences,
    shown,
    tricks,
    words,
)
from tests.attacks.attack import Attack, Figures, succeeds
from tests.attacks.ground import Ground
from tests.attacks.withheld import shares_withheld
from tests.conftest import make_postgres_database, postgres_database_url, postgres_server

ATTACKS = (
    orders.A1,
    orders.A2,
    raw_bytes.A3,
    raw_bytes.A4,
    dumps.A5,
    dumps.A6,
    schema.A7,
    logs.A8,
    calls.A9,
    figures.A10,
    figures.A11,
    sequences.A12,
    shown.A13,
    shown.A14,
    tricks.A15,
    resending.A16,
    words.A17,
    killing.A18,
)

KINDS = ("sqlite", "postgresql")

SEED = 1
"""Of the typical organisation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What an attack came to on one kind of database."""

    naive: Figures
    murmur: Figures

    @property
    def as_it_must_be(self) -> bool:
        """Whether it succeeded on the naive variant and failed on Murmur."""
        return succeeds(self.naive) and not succeeds(self.murmur)

    @property
    def verdict(self) -> str:
        """Nothing when all is well."""
        if self.as_it_must_be:
            return ""
        return "  SUCCEEDS" if succeeds(self.murmur) else "  fails on the naive variant: IT DOES NOT BITE"


def carry_out(attack: Attack, ground: Ground) -> Came:
    """An attack on both."""
    try:
        naive = attack.on_naive(ground)
        ground.close()
        return Came(naive=naive, murmur=attack.on_murmur(ground))
    finally:
        ground.close()


def table(came: Sequence[tuple[Attack, Sequence[Came]]]) -> Iterator[str]:
    """The lines of the table."""
    rows = [("", "attack", "database", "naive variant", "Murmur")]
    for attack, by_kind in came:
        told = [
            (kind, _told(one.naive), _told(one.murmur) + one.verdict)
            for kind, one in zip(attack.kinds, by_kind, strict=True)
        ]
        said = [(f"A{attack.number}", attack.what), ("", f"passes when: {attack.passes_when}")]
        rows += [(*left, *right) for left, right in zip_longest(said, told, fillvalue=("", "", ""))]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()


def _told(figures: Figures) -> str:
    return ", ".join(map(str, figures))


def main() -> int:
    """Carry everything out and print it. Returns the exit status."""
    began = time.monotonic()
    came: list[tuple[Attack, list[Came]]] = []
    with places() as place_of, _a_worker_for_each() as worker_of:
        futures: dict[int, list[Future[Came]]] = {
            attack.number: [worker_of[kind].submit(_there, attack.number, place_of[kind]) for kind in attack.kinds]
            for attack in ATTACKS
        }
        for attack in ATTACKS:
            came.append((attack, [future.result() for future in futures[attack.number]]))
            print(f"A{attack.number} done after {time.monotonic() - began:.0f} seconds", file=sys.stderr, flush=True)
    for line in table(came):
        print(line)
    before, after = shares_withheld(SEED)
    print("\nWithheld where teams have 4 to 15 people and 75 % of them answer:")
    print(f"     every team alone      {before}")
    print(f"     small teams merged    {after}")
    return 0 if all(one.as_it_must_be for _, by_kind in came for one in by_kind) else 1


Place = tuple[str, Path, str, str]
"""What a ground is made of."""


def _there(number: int, place: Place) -> Came:
    """Carry an attack out in another process."""
    configure("CRITICAL", "text")
    return carry_out(next(attack for attack in ATTACKS if attack.number == number), Ground(*place))


@contextmanager
def _a_worker_for_each() -> Iterator[dict[str, ProcessPoolExecutor]]:
    """One process for each kind of database."""
    context = get_context("spawn")
    with ProcessPoolExecutor(1, context) as first, ProcessPoolExecutor(1, context) as second:
        yield dict(zip(KINDS, (first, second), strict=True))


@contextmanager
def places() -> Iterator[dict[str, Place]]:
    """A migrated SQLite file, and a PostgreSQL server with a migrated database, to copy."""
    with tempfile.TemporaryDirectory(prefix="murmur-attacks-") as folder, postgres_server() as server:
        home, template = Path(folder), "template_murmur"
        make_postgres_database(server, template)
        for url in (f"sqlite:///{home}/template.db", postgres_database_url(server, template)):
            database = Database(url)
            migrate(database)
            database.dispose()
        yield {
            "sqlite": ("sqlite", home / "sqlite", f"{home}/template.db", ""),
            "postgresql": ("postgresql", home / "postgresql", template, server),
        }


if __name__ == "__main__":
    sys.exit(main())
