"""Sealed ballots: one size, one key, one slot, and silence."""

import dataclasses
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questions import MOST_A_ROUND
from surveys.sealing import (
    BALLOT_BYTES,
    BLANK,
    COMMENT_LENGTH,
    SLOT_ID_BYTES,
    Ballot,
    RoundKey,
    SealBroken,
    round_key,
    seal,
    slot_id,
    unseal,
)

NONCE, IV = bytes(range(32)), bytes(12)
KEY = round_key("secret", NONCE, 7)
SLOT = slot_id(KEY, 1)
MOST_ANSWERS = {f"{'x' * 57}.{number:02}": 10 for number in range(MOST_A_ROUND)}  # ids have at most 60 characters
SIZE = len(seal(KEY, SLOT, BLANK, IV))

ballots = st.builds(
    Ballot,
    answers=st.dictionaries(st.text("abc.-", min_size=1, max_size=60), st.integers(1, 10), max_size=MOST_A_ROUND),
    comment=st.text(max_size=COMMENT_LENGTH),
)


@given(ballots, st.binary(min_size=12, max_size=12))
def test_every_ballot_can_be_opened_again_and_all_are_of_one_size(ballot: Ballot, iv: bytes) -> None:
    sealed = seal(KEY, SLOT, ballot, iv)
    assert len(sealed) == SIZE == 12 + BALLOT_BYTES + 16
    assert unseal(KEY, SLOT, sealed) == ballot


@pytest.mark.parametrize(
    "comment",
    ["\N{GRINNING FACE}" * 500, '"' * 500, "\\" * 500, "\x00" * 500, "\n" * 500, "\u2028" * 500, "\ud800" * 500],
    ids=["four-byte", "quotes", "backslashes", "control", "line breaks", "separators", "half a surrogate pair"],
)
def test_the_longest_comment_fits_whatever_it_is_made_of(comment: str) -> None:
    ballot = Ballot(answers=MOST_ANSWERS, comment=comment)
    sealed = seal(KEY, SLOT, ballot, IV)
    assert len(sealed) == SIZE
    assert unseal(KEY, SLOT, sealed) == ballot


def test_a_ballot_that_does_not_fit_is_refused_rather_than_cut() -> None:
    with pytest.raises(ValueError, match="larger than a slot"):
        seal(KEY, SLOT, Ballot(answers={}, comment="x" * BALLOT_BYTES), IV)


@pytest.mark.parametrize(
    "other", [round_key("secret", bytes(32), 7), round_key("Secret", NONCE, 7), round_key("secret", NONCE, 8)]
)
def test_another_nonce_secret_or_round_opens_nothing_and_addresses_nobody(other: RoundKey) -> None:
    with pytest.raises(SealBroken):
        unseal(other, SLOT, seal(KEY, SLOT, BLANK, IV))
    assert slot_id(other, 1) != SLOT
    assert other.fingerprint != KEY.fingerprint


def test_a_ballot_moved_into_another_slot_is_rejected() -> None:
    with pytest.raises(SealBroken):
        unseal(KEY, slot_id(KEY, 2), seal(KEY, SLOT, BLANK, IV))


@given(st.integers(0, SIZE * 8 - 1))
def test_one_flipped_bit_is_noticed(bit: int) -> None:
    sealed = bytearray(seal(KEY, SLOT, BLANK, IV))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealBroken):
        unseal(KEY, SLOT, bytes(sealed))


@given(st.binary(max_size=64))
def test_what_was_never_sealed_is_rejected(rubbish: bytes) -> None:
    with pytest.raises(SealBroken):
        unseal(KEY, SLOT, rubbish)


def test_slot_ids_are_short_distinct_and_the_same_each_time() -> None:
    ids = {slot_id(KEY, member_id) for member_id in range(2_000)}
    assert len(ids) == 2_000
    assert {len(slot) for slot in ids} == {SLOT_ID_BYTES}
    assert slot_id(round_key("secret", NONCE, 7), 1) == SLOT


@pytest.mark.parametrize("written", [repr, str, "{}".format, "{!r}".format, lambda b: repr([b])])
def test_a_ballot_says_nothing_in_a_log_line(written: Callable[[Ballot], str]) -> None:
    line = written(Ballot(answers={"burnout.drained": 5}, comment="who reads this"))
    assert not any(word in line for word in ("burnout", "5", "who"))


def test_a_key_says_nothing_but_its_fingerprint() -> None:
    assert KEY.sealing.hex() not in repr(KEY)
    assert repr(KEY.sealing) not in repr(KEY)
    assert repr(KEY.addressing) not in repr(KEY)
    assert KEY.fingerprint in repr(KEY)


def test_sealing_and_addressing_use_different_keys() -> None:
    assert KEY.sealing != KEY.addressing
    assert len(KEY.sealing) == len(KEY.addressing) == 32
    assert not KEY.sealing.hex().startswith(KEY.fingerprint)


def test_a_ballot_cannot_be_changed_once_made() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        BLANK.comment = "late"  # type: ignore[misc]
