"""What import-linter cannot hold: who touches the slots, who reads the environment, how large files may grow."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PRODUCT = sorted(path for room in ("bot", "storage", "surveys") for path in (ROOT / room).rglob("*.py"))
LONGEST = 330


def names(path: Path) -> set[str]:
    """Every name that a file imports or uses."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    found |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return found | {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}


def test_only_the_module_that_owns_ballots_touches_the_slots() -> None:
    allowed = {ROOT / "storage/ballots.py", ROOT / "storage/migrations/__init__.py"}
    assert [path for path in PRODUCT if "Slot" in names(path) and path not in allowed] == []


def test_only_the_settings_read_the_environment() -> None:
    readers = [path for path in PRODUCT if {"environ", "getenv", "dotenv_values"} & names(path)]
    assert readers == [ROOT / "bot/settings.py"]


def test_domain_code_is_told_the_time() -> None:
    clocks = [path for path in PRODUCT if path.parent.name == "surveys" and {"now", "today", "utcnow"} & calls(path)]
    assert clocks == []


def calls(path: Path) -> set[str]:
    """Names of the methods that a file calls."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {function.attr for function in called if isinstance(function, ast.Attribute)}


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST
