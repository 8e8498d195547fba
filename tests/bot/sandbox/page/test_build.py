"""The page that is shipped is what its sources say: nobody needs Node to run it, so CI builds it again and compares."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support import node

PAGE = Path(__file__).parents[4] / "bot/sandbox/page"

if node.absent():
    node.unchecked()


@pytest.fixture
def workshop() -> Iterator[Path]:
    """A copy of the sources, without what was built from them, beside the packages they need."""
    packages = node.project(PAGE)
    with TemporaryDirectory(dir=packages) as directory:
        copy = Path(directory) / "page"
        shutil.copytree(PAGE, copy, ignore=shutil.ignore_patterns("dist", "node_modules"))
        yield copy


def run(workshop: Path, *command: str) -> str:
    """What a command prints; it must succeed."""
    done = subprocess.run(command, cwd=workshop, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_is_committed_is_what_the_sources_build(workshop: Path) -> None:
    run(workshop, "node", "build.mjs")
    built = {path.name: path.read_bytes() for path in (workshop / "dist").iterdir()}
    committed = {path.name: path.read_bytes() for path in (PAGE / "dist").iterdir()}
    assert sorted(built) == sorted(committed)
    assert [name for name in built if built[name] != committed[name]] == [], "run make page"


def test_the_sources_hold_no_type_error(workshop: Path) -> None:
    run(workshop, "node", str(workshop.parents[1] / "node_modules/typescript/bin/tsc"), "--noEmit")


def test_nothing_of_the_page_comes_from_another_machine() -> None:
    files = [PAGE / "index.html", *(PAGE / "dist").iterdir()]
    addresses = {one for path in files for one in re.findall(r"https?://[^\s\"'`)<>]+", path.read_text("utf-8"))}
    assert {one for one in addresses if not one.startswith("http://www.w3.org/")} == set()


def test_the_lock_names_no_registry_and_holds_a_hash_for_every_package() -> None:
    lock = (PAGE / "package-lock.json").read_text("utf-8")
    assert "http" not in lock
    assert lock.count('"integrity"') == lock.count('"node_modules/')
