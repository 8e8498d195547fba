"""Kept histories: taken up as they were, made again when anything is wrong with them."""

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from bot.demo import cache as cache_module
from bot.demo.cache import Cache, fingerprint
from bot.demo.stage import Folder

SLACK = {"slack": {"messages": ["Grüße"]}, "truth": {"U0PRIYA": {"1": {"burnout.drained": 2}}}}


@pytest.fixture
def made(tmp_path: Path) -> Folder:
    """A folder with a history in it."""
    folder = Folder(tmp_path / "made")
    folder.database.parent.mkdir(parents=True)
    folder.keys.mkdir()
    (folder.keys / "a.nonce").write_bytes(b"n" * 32)
    for path in (folder.database, folder.naive):
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("CREATE TABLE told (words TEXT)")
            connection.execute("INSERT INTO told VALUES (?)", (path.name,))
    return folder


@pytest.fixture
def cache(tmp_path: Path, made: Folder) -> Cache:
    """A cache that holds it."""
    cache = Cache(2026, tmp_path / "kept")
    cache.keep(made, SLACK)
    return cache


def place(tmp_path: Path) -> Path:
    """Where the history is kept."""
    (found,) = (tmp_path / "kept").iterdir()
    return found


def fresh(tmp_path: Path) -> Folder:
    """An empty folder."""
    path = tmp_path / f"fresh-{len(list(tmp_path.iterdir()))}"
    path.mkdir()
    return Folder(path)


def test_a_history_is_taken_up_as_it_was(cache: Cache, tmp_path: Path) -> None:
    folder = fresh(tmp_path)
    assert cache.holds
    assert cache.restore(folder) == SLACK
    assert (folder.keys / "a.nonce").read_bytes() == b"n" * 32
    for path in (folder.database, folder.naive):
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("SELECT words FROM told").fetchall() == [(path.name,)]


def test_an_empty_cache_has_nothing(tmp_path: Path) -> None:
    cache = Cache(2026, tmp_path / "nowhere")
    assert not cache.holds
    assert cache.restore(fresh(tmp_path)) is None
    assert not (tmp_path / "nowhere").exists()


def test_another_seed_has_another_history(cache: Cache, tmp_path: Path) -> None:
    assert Cache(7, tmp_path / "kept").restore(fresh(tmp_path)) is None


@pytest.mark.parametrize("name", ["murmur.db", "naive.db", "slack.json", "contents.json", "keys/a.nonce"])
@pytest.mark.parametrize("harm", ["cut", "gone", "changed"])
def test_a_broken_history_counts_as_none(cache: Cache, tmp_path: Path, name: str, harm: str) -> None:
    path = place(tmp_path) / name
    if harm == "gone":
        path.unlink()
    elif harm == "cut":
        path.write_bytes(path.read_bytes()[:-10])
    else:
        path.write_bytes(b"x" + path.read_bytes()[1:])
    assert cache.restore(fresh(tmp_path)) is None


@pytest.mark.parametrize("contents", ["[]", "null", "{}", '{"murmur.db": 1}', "{"])
def test_a_list_of_contents_that_is_none_counts_as_none(cache: Cache, tmp_path: Path, contents: str) -> None:
    (place(tmp_path) / "contents.json").write_text(contents, "utf-8")
    assert cache.restore(fresh(tmp_path)) is None


@pytest.mark.parametrize("name", ["murmur.db", "slack.json", "keys/a.nonce"])
def test_a_file_that_is_not_listed_makes_a_history_broken(cache: Cache, tmp_path: Path, name: str) -> None:
    path = place(tmp_path) / "contents.json"
    contents = json.loads(path.read_text("utf-8"))
    del contents[name]
    path.write_text(json.dumps(contents), "utf-8")
    assert cache.restore(fresh(tmp_path)) is None


def test_a_broken_history_is_replaced(cache: Cache, made: Folder, tmp_path: Path) -> None:
    (place(tmp_path) / "slack.json").write_text("{", "utf-8")
    cache.keep(made, SLACK)
    assert cache.restore(fresh(tmp_path)) == SLACK


def test_a_place_that_cannot_be_written_to_keeps_nothing_and_disturbs_nobody(made: Folder, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where the folder should be", "utf-8")
    cache = Cache(2026, tmp_path / "kept")
    cache.keep(made, SLACK)
    assert cache.restore(fresh(tmp_path)) is None


def test_only_the_latest_histories_are_kept(made: Folder, tmp_path: Path) -> None:
    for seed in range(5):
        Cache(seed, tmp_path / "kept").keep(made, SLACK)
        for age, path in enumerate(sorted((tmp_path / "kept").iterdir(), key=lambda path: path.stat().st_mtime)):
            os.utime(path, (1000 + age, 1000 + age))
    held = [Cache(seed, tmp_path / "kept").holds for seed in range(5)]
    assert held == [False, False, True, True, True]


def test_a_changed_line_anywhere_makes_another_fingerprint(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    for room in ("bot", "storage", "surveys"):
        (sources / room / "deep").mkdir(parents=True)
        (sources / room / "deep" / "one.py").write_text("x = 1\n", "utf-8")
    before = fingerprint(2026, sources)
    assert before == fingerprint(2026, sources)
    assert before != fingerprint(2027, sources)
    (sources / "storage" / "deep" / "one.py").write_text("x = 2\n", "utf-8")
    changed = fingerprint(2026, sources)
    assert changed != before
    for name in ("words.yaml", "words.mo", "words.txt"):
        (sources / "surveys" / name).write_text("a: b\n", "utf-8")
        assert fingerprint(2026, sources) != changed
        changed = fingerprint(2026, sources)


def test_another_version_of_a_package_makes_another_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(2026)
    assert any(package.startswith("numpy ") for package in cache_module.installed())
    monkeypatch.setattr(cache_module, "installed", lambda: ["numpy 99.0"])
    assert fingerprint(2026) != before


def test_another_python_makes_another_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(2026)
    monkeypatch.setattr(cache_module, "sys", SimpleNamespace(version_info=(3, 99, 1)))
    assert fingerprint(2026) != before


def test_another_rule_of_a_time_zone_makes_another_fingerprint(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = fingerprint(2026)
    monkeypatch.setattr(cache_module, "ZoneInfo", lambda name: ZoneInfo(name.replace("Berlin", "London")))
    assert fingerprint(2026) != before


def test_the_page_makes_no_difference(tmp_path: Path) -> None:
    before = fingerprint(2026, tmp_path)
    (tmp_path / "bot" / "sandbox" / "page" / "dist").mkdir(parents=True)
    (tmp_path / "bot" / "sandbox" / "page" / "dist" / "page.js").write_text("1", "utf-8")
    assert fingerprint(2026, tmp_path) == before


def test_what_python_leaves_behind_makes_no_difference(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    (sources / "bot").mkdir(parents=True)
    (sources / "bot" / "one.py").write_text("x = 1\n", "utf-8")
    before = fingerprint(2026, sources)
    (sources / "bot" / "__pycache__").mkdir()
    (sources / "bot" / "__pycache__" / "one.cpython-311.pyc").write_bytes(b"compiled")
    assert fingerprint(2026, sources) == before


def test_what_is_kept_is_named_with_its_checksum(cache: Cache, tmp_path: Path) -> None:
    contents = json.loads((place(tmp_path) / "contents.json").read_text("utf-8"))
    assert sorted(contents) == ["keys/a.nonce", "murmur.db", "naive.db", "slack.json"]
    shutil.rmtree(place(tmp_path))
    assert not cache.holds
