"""Two admins who set up a team of the same name at once: one of them does, the other is told so."""

import secrets
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.actors import find_actor
from bot.managing.draft import Draft, look_up
from bot.managing.plan import TeamThere, carry_out
from bot.payloads import Command
from storage.people import members_of_pulse
from storage.pulses import find_team, pulses_of_workspace
from storage.tables import Change, Team
from surveys.cadence import Frequency
from tests.support.organisation import count
from tests.support.running_murmur import Stage


def draft(name: str, *people: str, is_new: bool = True, form_key: str = "") -> Draft:
    """A form that was previewed while no such team was there, unless said otherwise."""
    return Draft(
        form_key=form_key or secrets.token_hex(8),
        team=name,
        people=people,
        managers=("U0DANA",),
        frequency=Frequency.WEEKLY,
        weekday=1,
        hour=10,
        question_set="minimal",
        is_new=is_new,
    )


def start(stage: Stage, form: Draft, begun: threading.Event | None = None, wait: threading.Event | None = None) -> str:
    """Carry a form out; before it is committed say that it has begun, and wait."""
    murmur = stage.murmur
    ruth = find_actor(murmur, Command(workspace="T0LANTERN", person="U0RUTH"))
    cast = look_up(murmur.client, form)
    with murmur.database.transaction() as session:
        done = carry_out(session, form, cast, ruth, murmur.clock())
        if begun is not None and wait is not None:
            begun.set()
            assert wait.wait(10)
    return done.team


@pytest.mark.parametrize("name", ["Vision", "VISION"])
def test_the_second_of_two_at_once_is_told_that_the_team_is_there(backstage: Stage, name: str) -> None:
    begun, finish = threading.Event(), threading.Event()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(start, backstage, draft("Vision", "U0PRIYA", "U0KOFI"), begun, finish)
        assert begun.wait(10)
        second = pool.submit(start, backstage, draft(name, "U0MEI"))
        # The second one waits for the first, or would fail where it has to; either way the first goes on.
        threading.Timer(0.3, finish.set).start()
        assert first.result(20) == "Vision"
        with pytest.raises(TeamThere, match="Vision"):
            second.result(20)
    with backstage.murmur.database.reading() as session:
        assert count(session, Team) == 1
        (pulse,) = pulses_of_workspace(session, 1)
        assert {member.slack_id for member in members_of_pulse(session, pulse.id)} == {"U0PRIYA", "U0KOFI"}
        assert count(session, Change) == 1


def test_a_form_that_was_to_change_the_team_changes_it(backstage: Stage) -> None:
    start(backstage, draft("Vision", "U0PRIYA"))
    assert start(backstage, draft("vision", "U0MEI", is_new=False)) == "Vision"
    with backstage.murmur.database.reading() as session:
        team = find_team(session, 1, "Vision")
        assert team is not None
        assert [m.slack_id for m in members_of_pulse(session, team.pulse_id)] == ["U0MEI"]


def test_the_same_form_twice_is_carried_out_once_and_not_refused(backstage: Stage) -> None:
    form = draft("Vision", "U0PRIYA", form_key="once")
    assert start(backstage, form) == start(backstage, form) == "Vision"
    with backstage.murmur.database.reading() as session:
        assert count(session, Change) == 1
