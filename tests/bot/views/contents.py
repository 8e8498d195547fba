"""What stands in messages and views, made from one name and one number of units."""

from dataclasses import replace
from typing import Any

from bot.manifest import BOT_SCOPES
from bot.views import (
    home,
    preview,
    privacy,
)
from bot.views import standing as views_standing
from bot.views.asked import ToLeader
from bot.views.promises import Promises
from bot.views.requests import Raise
from surveys.cadence import Frequency
from surveys.departments import ParentDigest, TeamLedger, assemble_parent
from surveys.digests import Digest
from surveys.promises import Fate, News, Promised
from surveys.questions import drivers, load_question_sets
from surveys.regrouping import Ended, Move, Regrouping
from surveys.requests import Followed, Requested
from tests.bot.views import samples
from tests.bot.views.samples import CLOSES, MONDAY

SETS = list(load_question_sets().values())
WEEKLY = load_question_sets()["ai-team-weekly"]


def member(name: str, units: int = 1) -> home.MemberHome:
    """A member of a pulse with an open round, whose team has results."""
    return home.MemberHome(
        asked=True,
        open_rounds=(home.OpenRound(team=name, questions=4, closes_at=CLOSES, round_id=10),) * units,
        readers=(name,) * units,
        seen=(samples.flagged_digest(unit=name),) * units,
        promises=told(name, units),
        stored=(("Name", name), ("Team", name)),
    )


def manager(name: str, units: int = 1) -> home.ManagerHome:
    """A manager of so many units."""
    quiet, flagged = samples.quiet_digest(unit=name), samples.flagged_digest(unit=name)
    return home.ManagerHome(
        digests=(quiet, flagged) * units,
        promises=(followed(name, units),) * 2 * units,
        waiting=(name,) * units,
        asked=to_leader(name, units),
    )


def told(name: str, number: int = 1) -> tuple[Promised, ...]:
    """So many promises of somebody of this name, in these words, and one of each other fate."""
    standing = [samples.promised(name, number=n, maker=name) for n in range(1, number + 1)]
    ended = [samples.kept(name, number=91), samples.kept(name, number=92, maker=name, fate=Fate.REPLACED)]
    return (*standing, *ended, samples.kept(name, number=93, maker=name, fate=Fate.TAKEN_BACK))


def followed(name: str, number: int = 1) -> Promises:
    """What a manager follows who may end everything, and undo what was ended."""
    stands = [samples.promised(name, number=n, maker=name, maker_id=n) for n in range(1, number + 1)]
    ended = samples.kept(name, number=91, maker=name)
    shown = samples.promises(*stands, ended, unit=name, rounds=number)
    return replace(
        shown,
        theirs_to_end=frozenset(one.id for one in stands),
        theirs_to_undo=(ended, *told(name)[-1:]),
        requests=tuple(Followed(request=one, rounds=number, leader_there=number < 3) for one in asked(name)),
        to_raise=Raise(driver=drivers()["purpose"], unit=name, leaders=(name,) * number, place="10:1:purpose"),
    )


def asked(name: str) -> tuple[Requested, ...]:
    """What somebody of this name asked of another, in these words: one that waits, and one of each answer."""
    names: dict[str, Any] = {"unit": name, "asker": name, "leader": name}
    return (
        samples.requested(name, **names),
        samples.declined(name, number=2, text=name, **names),
        samples.answered(samples.kept(name, maker=name), number=3, text=name, **names),
        samples.answered(samples.promised(name, number=2), number=4, text=name, **names),
    )


def to_leader(name: str, number: int = 1) -> ToLeader:
    """What so many people asked of a leader, who has promised something to as many units."""
    waiting = Followed(request=asked(name)[0], rounds=number)
    return ToLeader(waiting=(waiting,) * number, promised=(followed(name, 1),) * number)


def news(name: str, number: int) -> tuple[News, ...]:
    """So many times everything that an invitation can tell."""
    new, older = samples.promised(name, maker=name), samples.promised(name, number=2, maker=name, fate=Fate.REPLACED)
    return (
        News(promise=new, new=True, fate=Fate.OPEN, instead_of=older),
        News(promise=new, new=True, fate=Fate.KEPT),
        News(promise=older, new=False, fate=Fate.TAKEN_BACK),
    ) * number


def standing(name: str, number: int = 1, /, **changes: Any) -> views_standing.PulseStanding:
    """An open pulse with so many units, and one that is too small."""
    unit = views_standing.UnitStanding(name=name, people=9, odds=0.95, scored=True, readers=(name,) * number)
    small = views_standing.UnitStanding(name=name, people=4, odds=0.0, scored=False)
    facts: dict[str, Any] = {
        "name": name,
        "paused": False,
        "frequency": Frequency.WEEKLY,
        "question_set": WEEKLY.name,
        "threshold": 5,
        "units": (unit,) * number + (small,),
        "readers": (name,) * number,
        "open_until": CLOSES,
        "next_at": CLOSES,
        "troubles": (name,),
    }
    return views_standing.PulseStanding(**(facts | changes))


def admin(name: str, units: int = 1) -> home.AdminHome:
    """An admin of as many pulses as each has units."""
    return home.AdminHome(pulses=(standing(name, units),) * units, keys_apart=False)


def facts(name: str, people: int = 7, **changes: Any) -> preview.Preview:
    """What a preview tells."""
    known: dict[str, Any] = {
        "team": name,
        "people": (name,) * people,
        "readers": (name,),
        "frequency": Frequency.WEEKLY,
        "questions": 4,
        "question_set": WEEKLY.name,
        "first_at": CLOSES,
        "unit": name,
        "unit_people": people,
        "odds": 0.756,
    }
    return preview.Preview(**(known | changes))


def crowded_facts(name: str, people: int) -> preview.Preview:
    """A preview with every warning there is."""
    return facts(
        name,
        people,
        merged_with=(name,) * people,
        pulse=name,
        left_out_managers=(name,) * people,
        elsewhere=(preview.Elsewhere(name=name, team=name),) * people,
        odds=0.0,
        changes=True,
        leavers=(name,) * people,
        leaves=name,
    )


def moving_facts(name: str, people: int) -> preview.Preview:
    """A preview that moves people from other teams, and is shown for the second time."""
    left = [preview.Left(team=name, people=number, odds=0.5, with_teams=(name,) * (number % 2)) for number in range(12)]
    return replace(
        crowded_facts(name, people), moving=True, left=tuple(left), stay_until=MONDAY, newcomers_from=MONDAY, anew=True
    )


def parent(name: str, units: int = 1, *, visible: bool = True) -> ParentDigest:
    """A department of so many units, each with a flag, and one without results."""
    ledgers = [
        TeamLedger(
            name=f"{name} {number}",
            depth=number % 3,
            history=samples.flagged_history(),
            readings=samples.flagged_readings(),
        )
        for number in range(units)
    ]
    silent = samples.codes(10, {"burnout": None, "autonomy": None})
    return assemble_parent(
        name=name,
        on=MONDAY,
        round_id=10,
        teams=[*ledgers, TeamLedger(name=name, depth=0, history=silent)],
        drivers=drivers(),
        visible_from=lambda day: day if visible else day.replace(year=2030),
        today=MONDAY,
        first=True,
        false_flag_months=6,
    )


def data_sheet(name: str, units: int = 1, **changes: Any) -> privacy.DataSheet:
    """The data sheet of an installation with one pulse of so many units, and a check that found something."""
    asked = privacy.AskedUnit(name=name, people=9, readers=(name,) * units, scored=True)
    pulse_ = privacy.AskedPulse(
        name=name,
        admin=name,
        question_set=WEEKLY.name,
        questions=4,
        frequency=Frequency.WEEKLY,
        threshold=5,
        paused=units > 1,
        units=(asked,) * units + (replace(asked, people=4, scored=False),),
    )
    facts: dict[str, Any] = {
        "workspace": name,
        "on": MONDAY,
        "pulses": (pulse_,),
        "admins": (name,) * units,
        "contact": name,
        "database": "SQLite",
        "keys_apart": False,
        "scopes": BOT_SCOPES,
        "as_promised": False,
        "report": (name,) * units,
    }
    return privacy.DataSheet(**(facts | changes))


def regrouping(name: str, units: int) -> Regrouping:
    """A unit of so many teams that came about in some way, in which as many flags ended."""
    ended = tuple(Ended(driver=driver, raised_on=MONDAY) for driver in list(drivers().values())[:units])
    move = Move.TOGETHER if units > 2 else Move.WITHOUT if units > 1 else Move.ALONE
    return Regrouping(move=move, teams=(name,) * units, without=(name,), ended=ended)


def grounded(name: str, units: int) -> Digest:
    """A digest with a flag after so much of everything that can happen to one, and a question of this name."""
    value = samples.flagged_digest(unit=name)
    notice = value.notices[0]
    changed = replace(
        notice.grounds,
        questions=(name,) * units,
        rounds=units + 1,
        asked=units,
        withheld=units - 1,
        other_questions=MONDAY,
    )
    return replace(value, notices=(replace(notice, grounds=changed),))
