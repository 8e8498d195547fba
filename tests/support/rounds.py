"""Rounds of a unit, as the ledger and the detector tell of them."""

from datetime import date, timedelta

from surveys.release import Code, Kind, PeopleClass, Published
from surveys.trends import STANDING, Flag, Reading

FIRST = date(2026, 1, 2)
WEEKS = STANDING // timedelta(weeks=1)


def level(driver: str, band: int | None, people: PeopleClass = PeopleClass.EIGHT, *, item: str = "") -> Code:
    return Code(
        kind=Kind.LEVEL,
        subject=item or f"{driver}.asked",
        driver=driver,
        people=None if band is None else people,
        value=band,
    )


def a_round(number: int, *codes: Code, unit: int = 1, roster: int = 9) -> list[Published]:
    """The ledger of one round; round 0 closed on FIRST, one a week."""
    closed = FIRST + timedelta(weeks=number)
    return [
        Published(unit_id=unit, round_id=number, closed_on=closed, roster=roster, replaced=0, code=code)
        for code in codes
    ]


def a_reading(number: int, level: float = 3.0, flag: Flag | None = None, *, recovered: bool = False) -> Reading:
    on = FIRST + timedelta(weeks=number)
    return Reading(on=on, level=level, lo90=1.0, hi90=5.0, flag=flag, recovered=recovered)


def a_flag(raised: int, since: int, evidence: float = 1.0) -> Flag:
    day = timedelta(weeks=1)
    return Flag(raised_on=FIRST + raised * day, since=FIRST + since * day, evidence=evidence)
