"""The tone of comments: a band over all of them, never the words of one."""

from itertools import product

import pytest

from surveys.comments import COMMENTS_FLOOR, MIXED, NEGATIVE, POSITIVE, tone, tone_band

NICE, NASTY, PLAIN = "A great week, wonderful.", "A terrible week, awful.", "We shipped on Tuesday."


def test_tone_is_negative_neither_or_positive() -> None:
    assert [tone(text) for text in (NASTY, PLAIN, NICE, "")] == [-1, 0, 1, 0]


@pytest.mark.parametrize("count", range(COMMENTS_FLOOR))
def test_fewer_than_five_comments_have_no_tone(count: int) -> None:
    assert tone_band([NICE] * count) is None


def test_five_comments_have_a_tone() -> None:
    assert tone_band([NICE] * 5) == POSITIVE
    assert tone_band([NASTY] * 5) == NEGATIVE
    assert tone_band([PLAIN] * 5) == MIXED
    assert tone_band([NICE, NICE, NASTY, NASTY, PLAIN]) == MIXED


def test_one_comment_does_not_turn_a_balance_into_a_tone() -> None:
    assert tone_band([NICE, PLAIN, PLAIN, PLAIN, PLAIN]) == MIXED
    assert tone_band([NICE, NICE, PLAIN, PLAIN, PLAIN]) == POSITIVE


def test_the_order_of_comments_does_not_matter() -> None:
    texts = [NICE, NASTY, PLAIN, NICE, NICE, PLAIN]
    assert tone_band(texts) == tone_band(texts[::-1])


def test_a_band_leaves_every_author_open_even_to_one_of_them() -> None:
    left_open: dict[tuple[int | None, str], set[str]] = {}
    for own, *others in product((NICE, NASTY, PLAIN), repeat=COMMENTS_FLOOR):
        left_open.setdefault((tone_band([own, *others]), own), set()).add(others[0])
    assert min(len(tones) for tones in left_open.values()) >= 2
    everybody: dict[int | None, set[str]] = {}
    for band, own in left_open:
        everybody.setdefault(band, set()).add(own)
    assert all(len(tones) == 3 for tones in everybody.values())


def test_odd_comments_are_no_trouble() -> None:
    assert tone_band(["\x00", "\ud800", "😀" * 500, '"' * 500, " "]) == MIXED
