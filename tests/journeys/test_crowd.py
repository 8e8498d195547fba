"""A Monday morning: many people at once, and the last ones while the round closes."""

from pathlib import Path

import pytest

from storage.closing import begin_closing
from surveys.rounds import State
from tests.journeys.steps import at_once, ballots_in_the_box, close, invite, set_up, with_newcomers
from tests.support.running_murmur import VISION, Stage, running_murmur

CROWD = [f"U0EXTRA{number}" for number in range(1, 21)]


def fill_in(stage: Stage, who: str) -> None:
    """Fill the form in, and leave it in front."""
    person = stage.open_form(who)
    person.choose(person.view.fields[0].block_id, "Agree")


def test_twenty_people_who_send_at_once_are_all_counted(database_url: str, tmp_path: Path) -> None:
    with running_murmur(database_url, tmp_path, workspace=with_newcomers(20)) as stage:
        set_up(stage.person("Ruth"), "Speech", people=[f"Extra {number}" for number in range(1, 21)])
        invite(stage)
        at_once(lambda who: fill_in(stage, who), CROWD)
        outcomes = at_once(lambda who: stage.person(who).submit(), CROWD)
        assert [outcome for outcome in outcomes if not outcome.acked or outcome.errors] == []
        for who in CROWD:
            assert "What you sent is sealed;" in stage.person(who).view.text
        assert len(ballots_in_the_box(stage)) == 20
        close(stage)
        assert "More than four fifths answered." in stage.person("Dana").dms()[-1].text


@pytest.mark.parametrize("closer", [0, 4])
def test_who_sends_while_the_round_closes_is_counted_or_told(stage: Stage, closer: int) -> None:
    stage.set_up_team()
    invite(stage)
    for who in VISION:
        fill_in(stage, who)
    round_id = stage.rounds()[0].id
    working = [*VISION[:closer], "the clock", *VISION[closer:]]

    def act(who: str) -> None:
        if who == "the clock":
            begin_closing(stage.murmur.database, round_id)
        else:
            assert stage.person(who).submit().acked

    at_once(act, working)
    pages = [stage.person(who).view.text for who in VISION]
    sealed = [page for page in pages if "What you sent is sealed;" in page]
    assert len(sealed) + len([page for page in pages if "This round has closed" in page]) == len(VISION)
    assert len(ballots_in_the_box(stage)) == len(sealed)
    stage.tick()
    assert stage.states()[0] is State.PUBLISHED
