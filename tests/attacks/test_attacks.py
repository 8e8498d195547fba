"""Every attack of the table bites, on a naive variant, and fails on Murmur. `make attacks` prints the figures."""

from pathlib import Path

import pytest

from tests.attacks.attack import Attack, Figure, chance, matched, succeeds
from tests.attacks.ground import Ground
from tests.attacks.table import ATTACKS, Came, table

on_every_kind = pytest.mark.parametrize(
    ("attack", "ground"),
    [pytest.param(attack, kind, id=f"a{attack.number}-{kind}") for attack in ATTACKS for kind in attack.kinds],
    indirect=["ground"],
)


@on_every_kind
def test_the_attack_succeeds_on_the_naive_variant(attack: Attack, ground: Ground) -> None:
    figures = attack.on_naive(ground)
    assert succeeds(figures), figures


@on_every_kind
def test_the_attack_fails_on_murmur(attack: Attack, ground: Ground) -> None:
    figures = attack.on_murmur(ground)
    assert not succeeds(figures), figures


def test_there_are_eighteen_and_each_runs_on_both_databases_but_those_about_one_of_them() -> None:
    assert [attack.number for attack in ATTACKS] == list(range(1, 19))
    one_kind = {attack.number: attack.kinds for attack in ATTACKS if len(attack.kinds) < 2}
    assert one_kind == {1: ("sqlite",), 2: ("postgresql",)}


def test_the_document_for_auditors_tells_of_each() -> None:
    document = (Path(__file__).parents[2] / "docs/anonymity.md").read_text(encoding="utf-8")
    told = [line.split(" | ")[:2] for line in document.splitlines() if line.startswith("| A")]
    assert told == [[f"| A{attack.number}", attack.what] for attack in ATTACKS]


def test_the_bound_of_chance_is_that_of_random_matchings() -> None:
    # Fixed points of a random permutation are nearly Poisson with mean 1: P(> 3) = 0.019, P(> 4) = 0.0037.
    assert chance(60) == 4
    assert chance(2) == 2  # both or none, each half of the time
    assert chance(60, ways=30) == 6  # P(> 6) = 0.00008, under 0.01 / 30
    assert matched(4, 60).succeeds is False
    assert matched(5, 60).succeeds is True


def test_whatever_is_not_as_it_must_be_stands_in_the_table() -> None:
    attack = ATTACKS[2]
    caught, free = [Figure(hits=60, of=60)], [Figure(hits=0, of=60)]
    fine, broken, blunt = (Came(naive=n, murmur=m) for n, m in ((caught, free), (caught, caught), (free, free)))
    assert not any("SUCCEEDS" in line or "BITE" in line for line in table([(attack, [fine, fine])]))
    assert [line.endswith("SUCCEEDS") for line in table([(attack, [fine, broken])])] == [False, False, True]
    assert "\n".join(table([(attack, [blunt, fine])])).count("DOES NOT BITE") == 1
