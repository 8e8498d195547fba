"""What admins settle for a whole workspace, and how it is entered into the audit log."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import col, select

from storage.database import Database
from storage.keys import KeyDirectory
from storage.people import ensure_workspace
from storage.pulses import changes
from storage.tables import Member
from storage.workspaces import flag_settings, set_flag_settings
from surveys.costs import Salary
from surveys.flagging import FlagSettings
from tests.support.organisation import Organisation

ON = date(2026, 3, 3)
SALARY = Salary(amount=85_000, currency="EUR")
BOTH = FlagSettings(months=12, salary=SALARY)


@pytest.fixture
def acme(database: Database, keys: KeyDirectory) -> Organisation:
    acme = Organisation(database, keys)
    acme.people(3)
    return acme


def settle(acme: Organisation, settings: FlagSettings, key: str, admin: Member | None = None) -> FlagSettings:
    """Settle something; what held before."""
    with acme.database.transaction() as session:
        by = admin or admins(acme, 1)[0]
        return set_flag_settings(session, acme.workspace_id, settings, admin=by, form_key=key, on=ON)


def admins(acme: Organisation, count: int) -> list[Member]:
    """The first people of the workspace."""
    with acme.database.reading() as session:
        return list(session.exec(select(Member).order_by(col(Member.id)).limit(count)).all())


def held(acme: Organisation) -> FlagSettings:
    with acme.database.reading() as session:
        return flag_settings(session, acme.workspace_id)


def log_of(acme: Organisation) -> list[str]:
    with acme.database.reading() as session:
        return [change.what for change in changes(session, acme.workspace_id)]


def test_until_somebody_settles_it_half_a_year_holds_and_no_salary_is_known(acme: Organisation) -> None:
    assert held(acme) == FlagSettings(months=6, salary=None)


def test_what_was_settled_holds_and_what_held_before_comes_back(acme: Organisation) -> None:
    assert settle(acme, BOTH, "a") == FlagSettings()
    assert held(acme) == BOTH
    assert settle(acme, FlagSettings(months=3), "b") == BOTH
    assert held(acme) == FlagSettings(months=3)
    assert log_of(acme) == [
        "let chance raise at most one flag for a manager in 12 months and set the typical salary to 85,000 EUR a year",
        "let chance raise at most one flag for a manager in 3 months and removed the typical salary",
    ]


def test_only_what_changes_is_entered_and_nothing_if_nothing_does(acme: Organisation) -> None:
    settle(acme, FlagSettings(salary=SALARY), "a")
    settle(acme, BOTH, "b")
    settle(acme, BOTH, "c")
    assert log_of(acme) == [
        "set the typical salary to 85,000 EUR a year",
        "let chance raise at most one flag for a manager in 12 months",
    ]


def test_a_form_counts_once(acme: Organisation) -> None:
    settle(acme, BOTH, "a")
    settle(acme, FlagSettings(), "b")
    settle(acme, BOTH, "a")
    assert held(acme) == FlagSettings()
    assert len(log_of(acme)) == 2


def test_the_salary_is_told_with_the_name_of_whoever_entered_it_last(acme: Organisation) -> None:
    sam, mei = admins(acme, 2)
    settle(acme, FlagSettings(salary=SALARY), "a", sam)
    settle(acme, BOTH, "b", mei)  # changes the months alone
    assert held(acme).salary == SALARY
    assert (held(acme).salary or SALARY).entered_by == sam.name
    settle(acme, FlagSettings(salary=replace(SALARY, amount=90_000)), "c", mei)
    assert (held(acme).salary or SALARY).entered_by == mei.name
    settle(acme, BOTH, "d", mei)
    assert (held(acme).salary or SALARY).entered_by == mei.name


@pytest.mark.parametrize(
    "settings",
    [
        FlagSettings(months=1),
        FlagSettings(months=0),
        FlagSettings(salary=replace(SALARY, amount=0)),
        FlagSettings(salary=replace(SALARY, amount=2**31)),
        FlagSettings(salary=replace(SALARY, currency="XXX")),
        FlagSettings(salary=replace(SALARY, currency="")),
    ],
)
def test_what_cannot_be_settled_is_refused(acme: Organisation, settings: FlagSettings) -> None:
    with pytest.raises(ValueError, match=r"months are one of|no salary"):
        settle(acme, settings, "a")
    assert held(acme) == FlagSettings()
    assert log_of(acme) == []


def test_another_workspace_keeps_what_it_has(acme: Organisation) -> None:
    with acme.database.transaction() as session:
        other = ensure_workspace(session, "T2", "Second").id
    settle(acme, BOTH, "a")
    with acme.database.reading() as session:
        assert flag_settings(session, other) == FlagSettings()
