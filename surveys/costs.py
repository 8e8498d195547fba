"""What it costs to lose somebody, for digests that tell how long people mean to stay.

Replacing one person costs 1.5 to 2 times a year's salary; of how many will leave nothing is guessed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from surveys.release import Code, Kind

TIMES = (Fraction(3, 2), Fraction(2))
"""What replacing one person costs, in salaries of a year: at least and at most."""

LEAST, MOST = 1_000, 1_000_000_000
"""Salaries of a year that can be meant, in whole units of any currency there is."""

_CODES = (
    "EUR USD GBP CHF AED AUD BRL CAD CLP CNY COP CZK DKK EGP HKD HUF IDR ILS INR JPY KES KRW MXN MYR NGN NOK NZD PHP"
    " PLN RON SAR SEK SGD THB TRY TWD UAH VND ZAR"
)

CURRENCIES = tuple(_CODES.split())
"""Currencies to choose from."""

INTENT = "intent-to-stay"

LEAVING = (1, 2)
"""The answers, from 1, that speak of leaving: within half a year, and within a year. The others mean to stay."""

_SPACES = r" \u00a0\u2009\u202f"
_GROUPED = re.compile(rf"[0-9]{{1,3}}(?P<mark>[,.'’{_SPACES}])[0-9]{{3}}(?:(?P=mark)[0-9]{{3}})*")
_LAKHS = re.compile(r"[0-9]{1,2}(?:,[0-9]{2})*,[0-9]{3}")  # 12,00,000, as in India
_THOUSANDS = re.compile(rf"(?P<whole>[0-9]{{1,6}})(?:[.,](?P<tenths>[0-9]))?[{_SPACES}]?[kK]")
_CENTS = re.compile(r"[.,]00$")
_FIGURES = 4  # of an amount that is told: more would claim to know more than there is


class NotASalary(ValueError):
    """What was typed is no number that a salary can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Salary:
    """A typical salary of a year."""

    amount: int  # whole units of the currency
    currency: str  # three letters, "EUR"
    entered_by: str = field(default="", compare=False)  # name of the admin; "" where it is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """What replacing one person costs, estimated from a salary."""

    least: int
    most: int
    salary: Salary


def parse_salary(typed: str) -> int:
    """A salary as people write it: 85000, 85,000, 85.000, 85 000, 85'000, 85,000.00 or 85k. Raises NotASalary."""
    typed = typed.strip()
    if thousands := _THOUSANDS.fullmatch(typed):
        amount = int(thousands["whole"]) * 1000 + int(thousands["tenths"] or 0) * 100
    else:
        amount = _whole(typed)
    if not LEAST <= amount <= MOST:
        raise NotASalary("out of bounds")
    return amount


def _whole(typed: str) -> int:
    for number in (typed, _CENTS.sub("", typed)):
        if re.fullmatch(r"[0-9]{1,10}", number) or _GROUPED.fullmatch(number) or _LAKHS.fullmatch(number):
            return int(re.sub(r"[^0-9]", "", number))
    raise NotASalary("no number")


def speaks_of_leaving(codes: Iterable[Code]) -> bool:
    """Whether so many of a unit mean to leave within a year that the answer is named."""
    return any(one.kind is Kind.CHOICE and one.driver == INTENT and one.value in LEAVING for one in codes)


def replacing_one(salary: Salary) -> Replacement:
    """What replacing one person costs, at least and at most."""
    least, most = (_rounded(salary.amount * times) for times in TIMES)
    return Replacement(least=least, most=most, salary=salary)


def _rounded(amount: Fraction) -> int:
    return int(round(amount, _FIGURES - len(str(int(amount)))))
