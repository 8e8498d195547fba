"""A prepared history, kept from one start to the next for as long as the sources that made it stay the same."""

import hashlib
import json
import logging
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from datetime import timedelta
from importlib import metadata
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.demo.company import BEGINS, lantern_labs
from bot.demo.stage import Folder
from bot.logs import class_and_place

Json = dict[str, Any]

log = logging.getLogger(__name__)

ROOT: Final = Path(sys.prefix) / "var" / "murmur-demo"
"""Where histories are kept: with the installation that made them, and gone with it."""

_MOST: Final = 3  # histories kept at a time, of other seeds and earlier sources
_SOURCES: Final = Path(__file__).parents[2]
_ROOMS: Final = ("bot", "storage", "surveys")
_PAGE: Final = Path("bot", "sandbox", "page")
_YEAR: Final = 366  # days of which the time zones must agree
_CONTENTS, _SLACK, _DATABASE, _NAIVE, _KEYS = "contents.json", "slack.json", "murmur.db", "naive.db", "keys"


def fingerprint(seed: int, sources: Path = _SOURCES) -> str:
    """Stands for everything that a history depends on: change a line anywhere, or what is installed, and it is
    another.
    """
    depends_on = [seed, sys.version_info[:3], installed(), time_zones()]
    digest = hashlib.sha256("\n".join(map(str, depends_on)).encode())
    for path in sorted(path for room in _ROOMS for path in _sources(sources / room, sources)):
        digest.update(f"\n{path.relative_to(sources)} {_hash(path)}".encode())
    return digest.hexdigest()[:24]


def installed() -> list[str]:
    """Every installed package with its version."""
    return sorted({f"{package.name} {package.version}" for package in metadata.distributions()})


def time_zones() -> str:
    """Stands for the time-zone data, as far as the company lives by it: from its first day on for a year."""
    zones = sorted({person.tz for person in lantern_labs().workspace.people})
    days = [BEGINS + timedelta(days=day) for day in range(_YEAR)]
    offsets = [[zone, *(f"{day.astimezone(ZoneInfo(zone)):%z}" for day in days)] for zone in zones]
    return hashlib.sha256(json.dumps(offsets).encode()).hexdigest()


class Cache:
    """Kept histories. What is broken counts as absent, and what cannot be written is not kept."""

    def __init__(self, seed: int, root: Path = ROOT) -> None:
        self._root = root
        self._place = root / fingerprint(seed)

    @property
    def holds(self) -> bool:
        """Whether there is a history; it may still turn out to be broken."""
        return (self._place / _CONTENTS).is_file()

    def restore(self, folder: Folder) -> Json | None:
        """Put the kept history into an empty folder. Returns what the sandbox saved; None when there is none."""
        try:
            contents: dict[str, str] = json.loads((self._place / _CONTENTS).read_text(encoding="utf-8"))
            if not self._is_whole(contents):
                return None
            slack: Json = json.loads((self._place / _SLACK).read_text(encoding="utf-8"))
            folder.database.parent.mkdir(exist_ok=True)
            folder.keys.mkdir(mode=0o700, exist_ok=True)
            shutil.copyfile(self._place / _DATABASE, folder.database)
            shutil.copyfile(self._place / _NAIVE, folder.naive)
            for key in (self._place / _KEYS).iterdir():
                shutil.copy(key, folder.keys)
            os.utime(self._place)
        except (OSError, ValueError, TypeError, AttributeError) as error:
            log.info("no history to take up", extra={"error": class_and_place(error)})
            folder.clear()
            return None
        return slack

    def keep(self, folder: Folder, slack: Json) -> None:
        """Keep the history that is in a folder now; nothing may be writing there."""
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            making = Path(tempfile.mkdtemp(dir=self._root, prefix="making-"))
            try:
                self._write(making, folder, slack)
                shutil.rmtree(self._place, ignore_errors=True)
                making.rename(self._place)
            finally:
                shutil.rmtree(making, ignore_errors=True)
            self._tidy()
        except (OSError, sqlite3.Error) as error:
            log.info("the history is not kept", extra={"error": class_and_place(error)})

    def _is_whole(self, contents: Mapping[str, str]) -> bool:
        """Whether everything is there, nothing else is, and all of it is as it was."""
        there = set(_files(self._place)) - {_CONTENTS}
        return (
            there == set(contents)
            and {_SLACK, _DATABASE, _NAIVE} == {name for name in there if Path(name).parent.name != _KEYS}
            and all(_hash(self._place / name) == expected for name, expected in contents.items())
        )

    def _write(self, making: Path, folder: Folder, slack: Json) -> None:
        for source, name in ((folder.database, _DATABASE), (folder.naive, _NAIVE)):
            with closing(sqlite3.connect(source)) as taken, closing(sqlite3.connect(making / name)) as kept:
                taken.backup(kept)
        shutil.copytree(folder.keys, making / _KEYS)
        (making / _SLACK).write_text(json.dumps(slack), encoding="utf-8")
        contents = {name: _hash(making / name) for name in sorted(_files(making))}
        (making / _CONTENTS).write_text(json.dumps(contents, indent=1), encoding="utf-8")

    def _tidy(self) -> None:
        """Forget all but the histories that were used last, and what somebody left half made."""
        places = sorted(self._root.iterdir(), key=lambda place: place.stat().st_mtime, reverse=True)
        kept = [place for place in places if (place / _CONTENTS).exists()][:_MOST]
        for place in places:
            if place not in kept and not (place.name.startswith("making-") and _is_fresh(place)):
                shutil.rmtree(place, ignore_errors=True)


def _sources(room: Path, sources: Path) -> Iterator[Path]:
    """Every file of a room but bytecode and the page, which only shows what there is."""
    for folder, inside, files in os.walk(room):
        inside[:] = [name for name in inside if name != "__pycache__" and Path(folder, name) != sources / _PAGE]
        paths = (Path(folder, name) for name in files)
        yield from (path for path in paths if path.suffix != ".pyc" and path.is_file())


def _files(folder: Path) -> Iterator[str]:
    return (str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _is_fresh(place: Path) -> bool:
    """Whether another process may be at work on it."""
    with suppress(OSError):
        return (place.parent.stat().st_mtime - place.stat().st_mtime) < 3600
    return False
