"""What Murmur shows people: messages and views of every surface, as they go to Slack."""

from collections.abc import Mapping
from typing import Any

from bot.views import (
    asking,
    home,
    parent,
    preview,
    promising,
    pulse,
    questionnaire,
    questions,
    report,
    results,
    setup,
    threshold,
)
from bot.views import standing as views_standing
from bot.views.digest import digest_post
from bot.views.inputs import Choice
from bot.views.vocabulary import Post
from bot.views.wording import Wording
from surveys.cadence import Frequency
from surveys.departments import ParentDigest, TeamLedger, assemble_parent
from surveys.promises import Fate, News
from surveys.questions import Owner, drivers, load_question_sets, scales
from tests.bot.views.samples import (
    CLOSES,
    MONDAY,
    codes,
    flagged_digest,
    flagged_history,
    flagged_readings,
    kept,
    promised,
    promises,
    quiet_digest,
)

Json = dict[str, Any]

READERS = ("Dana Ito", "Sam Okoye")
TEAM = ("Priya Raman", "Tomás Herrera", "Amara Diallo", "Kofi Mensah", "Lena Vogt")
STANDING = views_standing.PulseStanding(
    name="Research",
    paused=False,
    frequency=Frequency.WEEKLY,
    question_set="AI team, weekly",
    threshold=5,
    units=(
        views_standing.UnitStanding(name="Vision", people=9, odds=0.95, scored=True, readers=READERS),
        views_standing.UnitStanding(name="Robotics", people=4, odds=0.0, scored=False),
    ),
    readers=READERS,
    open_until=CLOSES,
    next_at=CLOSES,
)


def everything() -> Mapping[str, Json]:
    """By name: a message as {"text", "blocks"}, or a view."""
    w = Wording(timezone="Europe/Berlin")
    found = {**_asking(w), **_answering(w), **_reading(w), **_promising(w), **_managing(w), **_home(w)}
    return {name: _payload(what) for name, what in found.items()}


def _payload(what: Post | Json) -> Json:
    return {"text": what.text, "blocks": list(what.blocks)} if isinstance(what, Post) else what


def _asking(w: Wording) -> dict[str, Post | Json]:
    return {
        "welcome": asking.welcome(
            w,
            name="Priya",
            asked_by="Ruth Meyer",
            unit="Vision",
            people=9,
            questions=4,
            frequency=Frequency.WEEKLY,
            first_at=CLOSES,
            readers=READERS,
            threshold=5,
            contact="it@lantern.example",
            keys_apart=True,
        ),
        "invitation": asking.invitation(w, team="Vision", questions=4, closes_at=CLOSES, readers=READERS, round_id=7),
        "reminder": asking.reminder(w, team="Vision", closes_at=CLOSES, round_id=7),
        "how it works": asking.how_it_works(w, threshold=5, contact="it@lantern.example", keys_apart=False),
    }


def _answering(w: Wording) -> dict[str, Post | Json]:
    items = load_question_sets()["ai-team-weekly"].items[:4]
    return {
        "form": questionnaire.questionnaire(
            w,
            round_id=7,
            items=items,
            scales=scales(),
            closes_at=CLOSES,
            readers=READERS,
            threshold=5,
        ),
        "thanks": questionnaire.thanks(w, closes_at=CLOSES),
        "round closed": questionnaire.round_closed(w),
        "round not held": questionnaire.round_not_held(w),
        "not in this round": questionnaire.not_in_this_round(w),
        "opted out": questionnaire.you_opted_out(w),
        "cannot open": questionnaire.cannot_open(w),
    }


def _reading(w: Wording) -> dict[str, Post | Json]:
    withheld = codes(10, {"burnout": None, "autonomy": None})
    return {
        "digest with a flag": digest_post(w, flagged_digest(first=True), with_chart=True),
        "digest without its chart": digest_post(w, flagged_digest(), with_chart=False, keys_apart=False),
        "quiet digest": digest_post(w, quiet_digest(), with_chart=True),
        "digest with promises": digest_post(
            w, flagged_digest(), with_chart=True, promises=promises(promised(), kept())
        ),
        "digest of teams": parent.parent_post(w, _of_teams(withheld)),
        "why": results.why_page(w),
        "full report": report.report_page(w, flagged_digest(), reader=Owner.TEAM_LEAD),
        "full report of the team": report.report_page(w, flagged_digest(), reader=None),
    }


def _of_teams(withheld: Any) -> ParentDigest:
    teams = [
        TeamLedger(name="Vision", depth=0, history=flagged_history(), readings=flagged_readings()),
        TeamLedger(name="Speech", depth=1, history=withheld),
    ]
    return assemble_parent(
        name="Research",
        on=MONDAY,
        round_id=10,
        teams=teams,
        drivers=drivers(),
        visible_from=lambda day: day,
        today=MONDAY,
        first=True,
        false_flag_months=6,
    )


def _promising(w: Wording) -> dict[str, Post | Json]:
    told = [News(promise=promised(), new=True, fate=Fate.OPEN, instead_of=kept("Less mail.", fate=Fate.REPLACED))]
    return {
        "invitation with a promise": asking.invitation(
            w, team="Vision", questions=4, closes_at=CLOSES, readers=READERS, round_id=7, news=told
        ),
        "promise": promising.form(
            w, unit="Vision", suggestion="Drop one approval.", replaces=promised(), private_metadata=""
        ),
        "promised": promising.promised_page(
            w, promised(), unit="Vision", readers=READERS[1:], asked_on=MONDAY, again=False
        ),
        "promise kept": promising.became_page(w, kept(), unit="Vision", undoable=True),
        "promise of somebody else": promising.not_yours(w),
        "promise that is told": promising.too_late(w, unit="Vision"),
    }


def _managing(w: Wording) -> dict[str, Post | Json]:
    sets = list(load_question_sets().values())
    planned = preview.Preview(
        team="Vision",
        people=TEAM,
        readers=READERS,
        frequency=Frequency.WEEKLY,
        questions=4,
        question_set=sets[0].name,
        first_at=CLOSES,
        unit="Vision and Speech",
        unit_people=7,
        odds=0.76,
        merged_with=("Speech",),
        left_out_managers=("Dana Ito",),
    )
    return {
        "set-up": setup.set_up_form(w, question_sets=sets, pulses=[Choice(text="Research", value="1")]),
        "loading": setup.loading(w),
        "set-up done": setup.done(w, pulse="Vision", first_at=CLOSES),
        "preview": preview.preview(w, planned),
        "standing": views_standing.standing_post(w, [STANDING], keys_apart=False),
        "standing of nothing": views_standing.standing_post(w, [], keys_apart=True),
        "help": pulse.help_post(w),
        "unknown command": pulse.unknown(w, "paus <!channel>"),
        "not allowed": pulse.not_allowed(w, READERS),
        "questions": questions.question_list(
            w,
            pulse="Research",
            question_set=sets[0],
            drivers=drivers(),
            own={sets[0].items[0].id},
            frequency=Frequency.WEEKLY,
        ),
        "choice of questions": questions.set_form(w, question_sets=sets, current=sets[0].id),
        "question": questions.question_form(w, drivers=drivers(), item=sets[0].items[0]),
        "threshold": threshold.threshold_form(w, pulse="Research", current=5, smallest=9),
    }


def _home(w: Wording) -> dict[str, Post | Json]:
    member = home.MemberHome(
        asked=True,
        open_rounds=(home.OpenRound(team="Vision", questions=4, closes_at=CLOSES, round_id=7),),
        readers=READERS,
        seen=(flagged_digest(),),
        promises=(promised(), kept()),
        stored=(("Your name", "Priya Raman"), ("Your team", "Vision")),
    )
    return {
        "Home of everybody": home.home_page(
            w,
            member=member,
            manager=home.ManagerHome(
                digests=(flagged_digest(), quiet_digest()),
                promises=(promises(promised(), theirs_to_undo=(kept(),)), promises()),
                waiting=("Speech",),
            ),
            admin=home.AdminHome(pulses=(STANDING,), keys_apart=True),
        ),
        "Home of a stranger": home.home_page(w, member=home.MemberHome(asked=False)),
    }
