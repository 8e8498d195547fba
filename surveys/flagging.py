"""What admins settle about flags, for everybody in a workspace."""

from dataclasses import dataclass

from surveys.costs import Salary

SHIPPED = 6

MONTHS = (3, SHIPPED, 12)
"""Months in which chance alone may raise one flag for a manager, on average. The mean number of observations to a
false flag is proportional to them, and real changes are flagged the later the more there are.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagSettings:
    """How often chance may raise a flag, and what a flag that speaks of leaving is reckoned with."""

    months: int = SHIPPED
    salary: Salary | None = None  # a typical one, for the cost of replacing somebody; None shows no cost
