"""Every way of breaking the promise that can be seen in a database is seen, and called by its name."""

import pytest

from tests.storage.sabotage import box, files, keys, ledger, people, rosters
from tests.storage.sabotage.cases import Sabotage
from tests.support.vandal import Scene


@pytest.mark.parametrize(
    "row",
    [
        "1, 'burnout', '2026-02-01', '8+', 6, 9",
        "1, 'burnout', '2026-02-01', '5', 5, 9",
        "1, 'burnout', '2026-02-01', '4', 2, 9",
        "1, 'burnout', '2026-02-01', '8+', 2, 8",
        "1, 'salary', '2026-02-01', '8+', 2, 9",
        "1, 'burnout', '2026-02-03', '8+', 2, 9",
        "1, 'burnout', '2026-03-08', '8+', 2, 9",
    ],
    ids=["a band too many", "too many for five", "four", "everybody", "a driver", "a day", "too late"],
)
def test_an_imported_code_that_murmur_would_not_have_made_is_found(scene: Scene, row: str) -> None:
    imported = "INSERT INTO importedcode (unit_id, driver, closed_on, people, value, roster) VALUES"
    scene.run(f"{imported} (1, 'burnout', '2026-02-22', '8+', 5, 9), (1, 'burnout', '2026-03-01', '5', 4, 6)")
    assert scene.failed() == {}
    scene.run(f"{imported} ({row})")
    assert scene.failed().keys() == {"imported"}


@pytest.mark.parametrize(
    ("sabotage", "checks", "dialect"),
    [
        pytest.param(sabotage, checks, dialect, id=f"{sabotage.__name__}-{dialect}")
        for kind in (people, box, keys, ledger, rosters, files)
        for sabotage, checks, dialects in kind.cases
        for dialect in dialects
    ],
)
def test_sabotage_is_found_and_called_by_its_name(scene: Scene, sabotage: Sabotage, checks: frozenset[str]) -> None:
    sabotage(scene)
    assert scene.failed().keys() == checks
