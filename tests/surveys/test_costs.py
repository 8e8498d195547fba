"""What it costs to lose somebody: how salaries are typed, the arithmetic, and when it is told at all."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.costs import (
    CURRENCIES,
    INTENT,
    LEAST,
    LEAVING,
    MOST,
    NotASalary,
    Salary,
    parse_salary,
    replacing_one,
    speaks_of_leaving,
)
from surveys.questions import bank, scales
from surveys.release import Code, Kind, PeopleClass


def answered(answer: int | None, *, kind: Kind = Kind.CHOICE, driver: str = INTENT) -> Code:
    return Code(kind=kind, subject="x", driver=driver, people=PeopleClass.EIGHT if answer else None, value=answer)


@pytest.mark.parametrize(
    "typed",
    [
        "85000",
        "85,000",
        "85.000",
        "85 000",
        "85\u00a0000",
        "85\u202f000",
        "85'000",
        "85’000",
        "85k",
        "85K",
        "85 k",
        " 85.0k ",
        "85,000.00",
        "85.000,00",
        "85000.00",
    ],
)
def test_a_salary_is_read_as_people_write_it(typed: str) -> None:
    assert parse_salary(typed) == 85_000


@pytest.mark.parametrize(
    ("typed", "amount"), [("1,250,000", 1_250_000), ("12,00,000", 1_200_000), ("85.5k", 85_500), ("1,5k", 1_500)]
)
def test_larger_and_finer_ones_too(typed: str, amount: int) -> None:
    assert parse_salary(typed) == amount


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a lot",
        "-85000",
        "85",
        "85.00",
        "85,0000",
        "8,50,00",
        "85.000,000.000",
        "1e5",
        "٨٥٠٠٠",
        "85k EUR",
        "99999999999",
    ],
)
def test_what_is_no_salary_is_never_guessed_at(typed: str) -> None:
    with pytest.raises(NotASalary):
        parse_salary(typed)


@given(amount=st.integers(LEAST, MOST), mark=st.sampled_from([",", ".", " ", "'", ""]))
def test_thousands_may_be_set_apart_by_any_mark(amount: int, mark: str) -> None:
    assert parse_salary(f"{amount:,}".replace(",", mark)) == amount


@given(st.text(max_size=20))
def test_anything_can_be_typed(typed: str) -> None:
    with suppress(NotASalary):
        assert LEAST <= parse_salary(typed) <= MOST


def test_replacing_one_person_costs_one_and_a_half_to_two_salaries() -> None:
    cost = replacing_one(Salary(amount=85_000, currency="EUR"))
    assert (cost.least, cost.most) == (127_500, 170_000)


@given(st.integers(LEAST, MOST))
def test_what_is_told_has_four_figures_and_is_near_the_product(amount: int) -> None:
    cost = replacing_one(Salary(amount=amount, currency="JPY"))
    for told, exact in ((cost.least, 1.5 * amount), (cost.most, 2 * amount)):
        assert len(str(told).rstrip("0")) <= 4
        assert abs(told - exact) <= 0.0005 * exact


def test_only_answers_that_speak_of_leaving_within_a_year_bring_it_up() -> None:
    labels = scales()["intent"].labels
    assert [labels[answer - 1] for answer in LEAVING] == ["Less than six months", "Six months to a year"]
    assert [speaks_of_leaving([answered(answer)]) for answer in (1, 2, 3, 4, 0, None)] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]
    assert not speaks_of_leaving([answered(1, driver="growth"), answered(1, kind=Kind.LEVEL), answered(4)])
    assert not speaks_of_leaving([])


def test_every_question_about_staying_has_these_answers() -> None:
    about = [item for item in bank().values() if item.driver == INTENT]
    assert about
    assert {item.scale for item in about} == {"intent"}


def test_currencies_are_three_letters_each_and_none_twice() -> None:
    assert all(len(code) == 3 and code.isupper() for code in CURRENCIES)
    assert len(set(CURRENCIES)) == len(CURRENCIES)
