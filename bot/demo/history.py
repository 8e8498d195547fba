"""The sixteen weeks before the page starts, lived through by the functions that run in production."""

from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Final

import yaml

from bot.actors import find_actor
from bot.demo.calendar import day_words
from bot.demo.company import BEGINS, READ_UNTIL, RUTH, STARTS, WEEKS
from bot.demo.leap import Leap
from bot.demo.show import Progress, Show
from bot.demo.stage import Stage
from bot.managing.draft import Draft, look_up
from bot.managing.plan import carry_out
from bot.payloads import Command
from bot.sandbox.people_file import Organisation, TeamPlan
from surveys.cadence import Frequency

TITLE: Final = "Sixteen weeks go by"
_QUESTIONS: Final = "ai-team-weekly"
_TUESDAY: Final = 1
_TEN: Final = 10
_A_FORM: Final = timedelta(minutes=2)  # what an admin takes to set one team up


def live_through(stage: Stage, show: Show, company: Organisation) -> None:
    """Set every team up, and let the weeks go by: everybody is asked, most answer, rounds close, digests arrive."""
    set_up(stage, show, company)
    begun = stage.sandbox.clock.now()

    def tell(moment: datetime) -> None:
        week = min((moment - BEGINS).days // 7 + 1, WEEKS)
        show.tell(
            Progress(
                title=TITLE,
                detail=f"Week {week} of {WEEKS}: {day_words(moment, 'UTC')}",
                done=int((moment - begun).total_seconds()),
                of=int((STARTS - begun).total_seconds()),
            )
        )

    leap = Leap(stage, show, tell)
    for said in _chatter():
        leap.to(datetime.fromisoformat(said["at"]).replace(tzinfo=UTC))
        stage.slack.person(said["who"]).say(said["text"], said["where"])
    leap.to(STARTS)
    stage.sandbox.mark_all_read(READ_UNTIL)
    stage.sandbox.forget_traffic()


def set_up(stage: Stage, show: Show, company: Organisation) -> None:
    """Ruth sets every team up, as the form would have it."""
    murmur, clock = stage.murmur, stage.sandbox.clock
    for number, team in enumerate(company.teams):
        show.tell(
            Progress(title="Ruth Meyer, HR, sets the teams up", detail=team.name, done=number, of=len(company.teams))
        )
        draft = _draft(team)
        ruth = find_actor(murmur, Command(workspace=company.workspace.team_id, person=RUTH))
        with stage.sandbox.limits_lifted():
            found = look_up(murmur.client, draft)
        with murmur.database.transaction() as session:
            carry_out(session, draft, found, ruth, clock.now())
        clock.advance(_A_FORM)


def _chatter() -> list[dict[str, str]]:
    """What people write to each other, soonest first."""
    text = resources.files("bot.demo").joinpath("chatter.yaml").read_text(encoding="utf-8")
    written: list[dict[str, str]] = yaml.safe_load(text)
    return written


def _draft(team: TeamPlan) -> Draft:
    return Draft(
        form_key=f"demo-{team.channel_id}",
        team=team.name,
        channel=team.channel_id,
        managers=team.manager_ids,
        leaders=team.leader_ids,
        part_of=team.department,
        frequency=Frequency.WEEKLY,
        weekday=_TUESDAY,
        hour=_TEN,
        question_set=_QUESTIONS,
    )
