"""What holds for a whole workspace: how often chance may raise a flag, and a typical salary."""

from datetime import date

from sqlmodel import Session, col, select

from storage.pulses import record_change
from storage.tables import Change, Member, Workspace
from surveys.costs import CURRENCIES, LEAST, MOST, Salary
from surveys.flagging import MONTHS, FlagSettings


def flag_settings(session: Session, workspace_id: int) -> FlagSettings:
    """What admins have settled; what is shipped where they have not."""
    return _settings(session, session.get_one(Workspace, workspace_id))


def set_flag_settings(
    session: Session, workspace_id: int, settings: FlagSettings, *, admin: Member, form_key: str, on: date
) -> FlagSettings:
    """Settle them, from the next round on, with an entry in the audit log. Returns what held before.

    A form that was counted before changes nothing. Raises ValueError for what cannot be settled.
    """
    _check(settings)
    # key_share: what else refers to the workspace meanwhile must not have to wait.
    workspace = session.get_one(Workspace, workspace_id, with_for_update={"key_share": True}, populate_existing=True)
    before = _settings(session, workspace)
    what = [_promise(settings.months)] if settings.months != before.months else []
    what += [_entry(settings.salary)] if settings.salary != before.salary else []
    if what and record_change(
        session, workspace_id=workspace_id, admin=admin, form_key=form_key, on=on, what=" and ".join(what)
    ):
        workspace.false_flag_months = settings.months
        workspace.salary = settings.salary.amount if settings.salary else None
        workspace.currency = settings.salary.currency if settings.salary else None
        session.add(workspace)
        session.flush()
    return before


def _check(settings: FlagSettings) -> None:
    salary = settings.salary
    if settings.months not in MONTHS:
        raise ValueError(f"months are one of {MONTHS}")
    if salary is not None and (salary.currency not in CURRENCIES or not LEAST <= salary.amount <= MOST):
        raise ValueError("this is no salary of a year")


def _settings(session: Session, workspace: Workspace) -> FlagSettings:
    if workspace.salary is None or workspace.currency is None:
        return FlagSettings(months=workspace.false_flag_months)
    salary = Salary(amount=workspace.salary, currency=workspace.currency)
    entered_by = _who_entered(session, workspace.id, salary)
    return FlagSettings(
        months=workspace.false_flag_months,
        salary=Salary(amount=salary.amount, currency=salary.currency, entered_by=entered_by),
    )


def _who_entered(session: Session, workspace_id: int, salary: Salary) -> str:
    """Name of the admin who entered the salary last, as the audit log has it; "" if it does not say."""
    entry = _entry(salary)
    query = (
        select(Member.name)
        .join(Change, col(Change.member_id) == Member.id)
        .where(
            Change.workspace_id == workspace_id,
            col(Change.what).in_([entry, *(f"{_promise(months)} and {entry}" for months in MONTHS)]),
        )
        .order_by(col(Change.id).desc())
    )
    return session.exec(query).first() or ""


def _promise(months: int) -> str:
    """A change as the audit log has it, which is in English; so is the next one."""
    return f"let chance raise at most one flag for a manager in {months} months"


def _entry(salary: Salary | None) -> str:
    if salary is None:
        return "removed the typical salary"
    return f"set the typical salary to {salary.amount:,} {salary.currency} a year"
