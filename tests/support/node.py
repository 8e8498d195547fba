"""JavaScript packages for tests, installed as a `package-lock.json` says into a directory outside the source tree."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest
from filelock import FileLock

LISTS = ("package.json", "package-lock.json")
INSTALL_SECONDS = 240
UNCHECKED = (
    "NEITHER THE STAND-IN SLACK NOR ITS PAGE IS CHECKED AGAINST WHAT IT IS MADE FROM AND FOR: install Node 20 with npm"
)


def absent() -> bool:
    """Whether this machine lacks Node or npm."""
    return shutil.which("npm") is None or shutil.which("node") is None


def unchecked(more: str = "") -> NoReturn:
    """Skip with one loud line; fail instead where REQUIRE_NODE says that these tests must run."""
    if os.environ.get("REQUIRE_NODE"):
        pytest.fail(UNCHECKED + more, pytrace=False)
    pytest.skip(UNCHECKED + more, allow_module_level=True)


def project(source: Path) -> Path:
    """A directory with the packages that `source` lists in its `node_modules`, installed when not there yet.

    Skips the test, saying why, where the packages cannot be fetched.
    """
    npm = shutil.which("npm")
    if npm is None:
        unchecked()
    digest = hashlib.sha256(b"".join((source / name).read_bytes() for name in LISTS)).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "murmur"
    place = cache / f"{source.name}-{digest}"
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / f"{source.name}-{digest}.lock"):
        if not (place / "complete").exists():
            _install(npm, source, place)
    return place


def _install(npm: str, source: Path, place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    for name in LISTS:
        shutil.copy(source / name, place / name)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    except subprocess.TimeoutExpired as error:
        unchecked(f", and let it fetch packages: {error}")
    if done.returncode != 0:
        unchecked(f", and let it fetch packages: {done.stderr.strip()}")
    (place / "complete").touch()
