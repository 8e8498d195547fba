"""A15: what an admin may try while a round is open, or afterwards, to see more of somebody than is shown to all.

The same round is held twice, with the same answers, once with the trick: whatever else is shown then, of this round or
of the next one in the same roster period, is what the trick has won.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

from sqlmodel import select

from storage.ballots import RoundNotOpen
from storage.closing import begin_closing, code_round
from storage.keys import KeyLost
from storage.pulses import ThresholdTooLow, set_schedule, set_threshold
from storage.rounds import NobodyToAsk, close_now
from storage.tables import LedgerEntry, Pulse
from surveys.cadence import Frequency
from surveys.rounds import closing_now_discards
from tests.attacks import naive
from tests.attacks.attack import Attack, Figure, Figures
from tests.attacks.ground import Ground
from tests.attacks.publishing import Answering, Told, hold
from tests.support.organisation import SECRET, TUESDAY, WEEK, Group, Organisation

TEAMS = {"Few": 9, "Many": 14, "More": 20, "Most": 30}

ANSWERED = {"Few": 4, "Many": 12, "More": 18, "Most": 26}
"""Sixty people, of which four are too few to be shown."""

WEEKS = 2
"""Rounds that are compared, all in one roster period."""

Teams = Mapping[str, Group]
Trick = Callable[[Organisation, Teams, int], object]
"""What an admin does while the round with this id is open, by the functions that the forms and commands call."""


def lower_the_threshold(acme: Organisation, _teams: Teams, _round_id: int) -> None:
    """Ask for results from a single answer on."""
    with acme.database.transaction() as session, suppress(ThresholdTooLow):
        set_threshold(session, session.get_one(Pulse, acme.pulse_id), 1)


def shrink_a_team(acme: Organisation, teams: Teams, _round_id: int) -> None:
    """Leave six people on a team of fourteen."""
    acme.leave(teams["Many"].members[6:])


def move_a_person(acme: Organisation, teams: Teams, _round_id: int) -> None:
    """See two teams with and without somebody."""
    acme.join(teams["More"], teams["Many"].members[:1])


def fill_a_team_up(acme: Organisation, teams: Teams, _round_id: int) -> None:
    """Bring those few who answered over the threshold, with people whose answers one knows."""
    acme.join(teams["Few"], [*acme.people(3), *teams["Most"].members[:2]])


def ask_them_elsewhere(acme: Organisation, teams: Teams, _round_id: int) -> None:
    """Ask the same people in a pulse and a team of one's own at the same time."""
    pulse_id = acme.pulse("Another pulse")
    acme.team("Picked", teams["Many"].members[:6], pulse_id=pulse_id)
    with suppress(NobodyToAsk):
        acme.open(TUESDAY + WEEK / 14, pulse_id)
        raise AssertionError("somebody is asked in two rounds at once")


WHILE_OPEN: Sequence[Trick] = (
    lower_the_threshold,
    shrink_a_team,
    move_a_person,
    fill_a_team_up,
    ask_them_elsewhere,
)


def told(ground: Ground, trick: Trick | None = None) -> list[list[Told]]:
    """What is shown of each week; the trick is played in the first."""
    acme, teams = set_up(ground)
    answering = as_ever(teams)
    first = hold(acme, 0, answering, lambda round_id: trick(acme, teams, round_id) if trick else None)
    return [first, *(hold(acme, week, answering) for week in range(1, WEEKS))]


def reopening_changes_something(ground: Ground) -> bool:
    """Try to have a round again that is published: by answering, closing and counting it once more, or by another one
    at once with the same questions.
    """
    acme, teams = set_up(ground)
    hold(acme, 0, as_ever(teams))
    before, asked = _ledger(acme), set(acme.round(1).item_ids)
    late = teams["Few"].members[-1]
    with suppress(RoundNotOpen, KeyLost):
        acme.answer(1, late, 1)
    with acme.database.transaction() as session:
        close_now(session, 1, TUESDAY)
    begin_closing(acme.database, 1)
    code_round(acme.database, acme.keys, SECRET, 1)
    second = acme.open(TUESDAY + WEEK / 2)
    repeated = asked & set(acme.round(second).item_ids)
    acme.answer(second, late, 1)
    acme.close(second)
    return bool(repeated) or [row for row in _ledger(acme) if row[0] == 1] != before


def another_zone_shortens_the_working_day(ground: Ground) -> bool:
    """Open a round on Friday, move the pulse to where it was Thursday then, and close the round on Saturday."""
    acme, _teams = set_up(ground)
    friday = TUESDAY + timedelta(days=3)
    saturday = friday + timedelta(days=1)
    round_id = acme.open(friday)
    with acme.database.transaction() as session:
        pulse = session.get_one(Pulse, acme.pulse_id)
        there = "Pacific/Pago_Pago"
        set_schedule(session, pulse, frequency=Frequency.WEEKLY, weekday=1, hour=10, timezone=there, now=friday)
        assert pulse.timezone == there
    return not closing_now_discards(opened_at=acme.round(round_id).opens_at, now=saturday, timezone=there)


def set_up(ground: Ground) -> tuple[Organisation, Teams]:
    """The teams, on a fresh database."""
    acme = ground.organisation()
    return acme, {name: acme.team(name, size) for name, size in TEAMS.items()}


def as_ever(teams: Teams) -> Answering:
    """Sixty people who answer the same every week."""
    answers = {
        teams[name].team_id: [[(place * 7 + question) % 5 + 1 for place in range(people)] for question in range(4)]
        for name, people in ANSWERED.items()
    }
    return lambda _questions: answers


def _ledger(acme: Organisation) -> list[tuple[object, ...]]:
    with acme.database.reading() as session:
        rows = session.exec(select(LedgerEntry)).all()
    return sorted((row.round_id, row.unit_id, row.subject, str(row.people), row.value) for row in rows)


def live_results(ground: Ground) -> Figures:
    """A bot that counts anew whenever somebody looks, and lets its admin do all this."""

    def lower(bot: naive.LiveResults) -> None:
        bot.threshold = 1

    def shrink(bot: naive.LiveResults) -> None:
        for member in range(10, 15):
            bot.move(member, 99)

    def move(bot: naive.LiveResults) -> None:
        bot.move(10, 2)

    def fill_up(bot: naive.LiveResults) -> None:
        bot.move(20, 0)

    def reopen(bot: naive.LiveResults) -> None:
        bot.is_open = True
        bot.answer(59, 3, 1)

    won = 0
    tricks = (lower, shrink, move, fill_up, reopen)
    for trick in tricks:
        bot = naive.LiveResults(ground.database())
        people = [team for team, size in enumerate(ANSWERED.values()) for _ in range(size)]
        for member, team in enumerate(people):
            bot.answer(member, team, member % 5 + 1)
        bot.is_open = False
        before = bot.results()
        trick(bot)
        won += bot.results() != before
    return [Figure(hits=won, of=len(tricks), what="tricks")]


def murmur(ground: Ground) -> Figures:
    """Murmur."""
    without = told(ground)
    won = sum(told(ground, trick) != without for trick in WHILE_OPEN)
    won += reopening_changes_something(ground) + another_zone_shortens_the_working_day(ground)
    return [Figure(hits=won, of=len(WHILE_OPEN) + 2, what="tricks")]


A15 = Attack(
    number=15,
    what="an admin lowers k, shrinks a team, moves people, reopens a round",
    passes_when="refused, or later",
    naive=live_results,
    murmur=murmur,
)
