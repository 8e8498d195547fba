"""What is due for a round, whatever the clock says."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.cadence import working_days_after
from surveys.rounds import ENDED, SHORTEST, State, Step, closing_now_discards, due

OPENS = datetime(2026, 3, 3, 10, tzinfo=UTC)  # a Tuesday
CLOSES = datetime(2026, 3, 6, 17, tzinfo=UTC)
instants = st.datetimes(datetime(2026, 2, 1), datetime(2026, 4, 1)).map(  # noqa: DTZ001 - made aware at once
    lambda instant: instant.replace(tzinfo=UTC)
)


def step(state: State, now: datetime, *, paused: bool = False) -> Step | None:
    """What is due for the usual round."""
    return due(state=state, opens_at=OPENS, closes_at=CLOSES, now=now, paused=paused)


def test_a_round_opens_and_closes_at_its_instants_and_not_before() -> None:
    moment = timedelta(microseconds=1)
    assert step(State.SCHEDULED, OPENS - moment) is None
    assert step(State.SCHEDULED, OPENS) is Step.OPEN
    assert step(State.OPEN, CLOSES - moment) is None
    assert step(State.OPEN, CLOSES) is Step.BEGIN_CLOSING


@given(instants, st.booleans())
def test_what_has_begun_to_close_goes_on_whatever_the_clock_says(now: datetime, paused: bool) -> None:
    assert step(State.CLOSING, now, paused=paused) is Step.CODE
    assert step(State.CLOSED, now, paused=paused) is Step.SCRUB
    assert step(State.SCRUBBED, now, paused=paused) is Step.PUBLISH
    assert step(State.DISCARDING, now, paused=paused) is Step.WIPE


@given(instants, st.booleans())
def test_nothing_is_due_for_a_round_that_has_ended(now: datetime, paused: bool) -> None:
    assert [step(state, now, paused=paused) for state in ENDED] == [None, None]


def test_a_round_that_could_open_only_hours_before_it_closes_is_skipped() -> None:
    assert step(State.SCHEDULED, CLOSES - SHORTEST) is Step.OPEN
    assert step(State.SCHEDULED, CLOSES - SHORTEST + timedelta(seconds=1)) is Step.SKIP
    assert step(State.SCHEDULED, CLOSES + timedelta(days=9)) is Step.SKIP


def test_a_paused_pulse_opens_nothing_but_closes_what_is_open() -> None:
    assert step(State.SCHEDULED, OPENS, paused=True) is None
    assert step(State.SCHEDULED, CLOSES, paused=True) is Step.SKIP
    assert step(State.OPEN, CLOSES, paused=True) is Step.BEGIN_CLOSING


@given(st.sampled_from(State), instants, st.booleans())
def test_a_round_is_never_opened_again_and_never_coded_before_it_closes(
    state: State, now: datetime, paused: bool
) -> None:
    what = step(state, now, paused=paused)
    assert (what is Step.OPEN) <= (state is State.SCHEDULED)
    assert (what is Step.CODE) <= (state is State.CLOSING)


@pytest.mark.parametrize(
    ("opened", "until"),
    [
        (datetime(2026, 3, 3, 10, tzinfo=UTC), datetime(2026, 3, 4, 10, tzinfo=UTC)),
        (datetime(2026, 3, 6, 10, tzinfo=UTC), datetime(2026, 3, 9, 10, tzinfo=UTC)),
    ],
    ids=["Tuesday to Wednesday", "Friday to Monday"],
)
def test_closing_by_hand_within_a_working_day_throws_the_round_away(opened: datetime, until: datetime) -> None:
    moment = timedelta(seconds=1)
    assert closing_now_discards(opened_at=opened, now=opened, timezone="UTC")
    assert closing_now_discards(opened_at=opened, now=until - moment, timezone="UTC")
    assert not closing_now_discards(opened_at=opened, now=until, timezone="UTC")


@pytest.mark.parametrize("opened", [datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=n) for n in range(0, 7 * 24, 5)])
def test_no_time_zone_makes_the_working_day_shorter_in_which_a_round_is_thrown_away(opened: datetime) -> None:
    zones = ("UTC", "Pacific/Pago_Pago", "Asia/Tokyo", "America/Lima", "Pacific/Kiritimati")
    over = {zone: working_days_after(opened, 1, zone) for zone in zones}
    for zone in zones:
        assert closing_now_discards(opened_at=opened, now=max(over.values()) - timedelta(seconds=1), timezone=zone)
        assert not closing_now_discards(opened_at=opened, now=max(over.values()), timezone=zone)


def test_a_round_of_a_friday_is_thrown_away_on_saturday_wherever_the_pulse_is_by_then() -> None:
    friday, saturday = datetime(2026, 3, 6, 9, tzinfo=UTC), datetime(2026, 3, 7, 12, tzinfo=UTC)
    assert working_days_after(friday, 1, "Pacific/Pago_Pago") < saturday
    assert closing_now_discards(opened_at=friday, now=saturday, timezone="Pacific/Pago_Pago")
