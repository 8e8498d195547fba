"""What the page says of a theft cannot contradict itself, whatever was counted."""

import random
import re

from hypothesis import given
from hypothesis import strategies as st

from bot.demo.counting import Figure, guessed
from bot.demo.loot import Account

COUNTS = st.integers(0, 3000)
DEALS = st.lists(COUNTS, min_size=1, max_size=60)


def numbers(text: str) -> list[int]:
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", text)]


def account(given: int, still_open: int, places: int, **rest: int) -> Account:
    figures = {"owners_known": 0, "keys": 912, "ways": 4812, "traced": 0, "guessing": 3} | rest
    return Account(given=given, still_open=still_open, places=places, readable={"ledgerentry": 3}, **figures)


def test_at_the_start_of_the_demonstration_it_says_what_was_and_what_is() -> None:
    start = account(788, 58, 60, traced=1)
    assert start.kept() == (
        "730 of 788 sets of answers were deleted when their round closed. 60 sealed places lie there now, one for"
        " everybody asked, and 58 of them hold a set of answers; the file does not tell that. None opens with any of"
        " 912 keys, and none tells whose it is."
    )
    assert start.told() == (
        "All that can be read as answers is 3 rows of results that managers were shown. The thief laid it beside people"
        " in 4,812 ways: the best traces 1 set of answers. Trying as many ways at random would seem to trace up to 3 by"
        " luck."
    )


@given(given=COUNTS, still_open=COUNTS, places=COUNTS)
def test_what_was_deleted_and_what_lies_there_are_together_what_was_given(
    given: int, still_open: int, places: int
) -> None:
    kept = account(given, min(still_open, given), places).kept()
    gone = re.search(r"([\d,]+)(?: of ([\d,]+))? sets? of answers (?:was|were) deleted", kept)
    lying = re.search(r"([\d,]+) sealed places? (?:lie|lies) there now.* and ([\d,]+|none) of them holds? a set", kept)
    deleted = numbers(gone[1])[0] if gone else 0
    there, held = (numbers(lying[1])[0], sum(numbers(lying[2]))) if lying else (0, 0)
    assert deleted + held == given
    assert held <= there == places
    assert not gone or not gone[2] or numbers(gone[2]) == [given]
    assert ("Nothing sealed lies in the file." in kept) == (places == 0)


@given(deals=DEALS, told=COUNTS, tries=st.integers(0, 100_000))
def test_what_is_not_called_traced_is_never_more_than_guessing(deals: list[int], told: int, tries: int) -> None:
    figure = Figure(told=told, guessing=guessed(deals, tries))
    sentence = account(3000, 0, 0, traced=told, guessing=figure.guessing).told()
    best, most = re.findall(r"traces (no set|[\d,]+ sets?) of answers\..* up to ([\d,]+) by luck\.", sentence)[0]
    said = 0 if best == "no set" else numbers(best)[0]
    assert figure.clear == (said > numbers(most)[0])


@given(deals=DEALS, tries=st.integers(0, 100_000))
def test_guessing_is_never_said_to_tell_less_than_it_did(deals: list[int], tries: int) -> None:
    assert guessed(deals, tries) >= max(deals)
    assert guessed(deals, tries) >= guessed(deals, 0)


def test_the_best_of_many_guesses_stays_below_what_is_said_of_guessing_but_for_one_theft_in_a_hundred() -> None:
    rng = random.Random(2026)
    people = list(range(300))

    def deal() -> int:
        return sum(one == other for one, other in zip(people, rng.sample(people, len(people)), strict=True))

    beyond = 0
    for _ in range(40):
        most = guessed([deal() for _ in range(50)], tries=20)
        beyond += max(deal() for _ in range(20)) > most
    assert beyond <= 2


def test_a_file_in_which_nothing_reads_as_an_answer_is_said_to_be_one() -> None:
    nothing = Account(
        given=1, still_open=0, places=1, owners_known=1, keys=1, readable={}, ways=0, traced=0, guessing=0
    )
    assert nothing.kept() == (
        "The 1 set of answers was deleted when its round closed. 1 sealed place lies there now, one for everybody"
        " asked, and none of them holds a set of answers; the file does not tell that. None opens with any of 1 key,"
        " and 1 tells whose it is."
    )
    assert nothing.told() == "Nothing in the file reads as anybody's answers."
