"""Every message and view that Murmur has, made from one name and one number of units."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.views import (
    asking,
    closing,
    flag_settings,
    home,
    preview,
    privacy,
    promising,
    pulse,
    questionnaire,
    questions,
    raising,
    results,
    schedule,
    setup,
    threshold,
)
from bot.views import member as member_views
from bot.views import standing as views_standing
from bot.views.asked import asked_post
from bot.views.digest import digest_post
from bot.views.flags import notice_sentence
from bot.views.inputs import Choice
from bot.views.parent import parent_post
from bot.views.report import report_page
from bot.views.vocabulary import Post, View
from bot.views.wording import Wording
from surveys.cadence import Cadence, Frequency
from surveys.costs import Salary
from surveys.flagging import FlagSettings
from surveys.promises import Fate
from surveys.questions import Owner, drivers, scales
from surveys.requests import Outcome
from tests.bot.views import samples
from tests.bot.views.contents import (
    SETS,
    WEEKLY,
    admin,
    asked,
    crowded_facts,
    data_sheet,
    facts,
    followed,
    grounded,
    manager,
    member,
    moving_facts,
    news,
    parent,
    regrouping,
    standing,
    to_leader,
)
from tests.bot.views.samples import CLOSES, MONDAY

w = Wording(timezone="Europe/Berlin")
RARE = FlagSettings(months=12, salary=Salary(amount=85_000, currency="EUR", entered_by="Ruth Meyer"))
CADENCE = Cadence(frequency=Frequency.WEEKLY, weekday=1, hour=10, timezone="Europe/Berlin", anchor=MONDAY)
SURFACES: Mapping[str, Callable[[str, int], Post | View]] = {
    "welcome": lambda name, units: asking.welcome(
        w,
        name=name,
        asked_by=name,
        unit=name,
        people=units,
        questions=4,
        frequency=Frequency.WEEKLY,
        first_at=CLOSES,
        readers=[name] * units,
        threshold=5,
        contact=name,
        keys_apart=units > 1,
    ),
    "welcome of somebody who has been moved": lambda name, units: asking.welcome(
        w,
        name=name,
        asked_by=name,
        unit=name,
        people=units,
        questions=4,
        frequency=Frequency.WEEKLY,
        first_at=CLOSES,
        readers=[name],
        threshold=5,
        contact=name,
        keys_apart=True,
        moved=asking.Moved(old=name, until=MONDAY),
    ),
    "invitation": lambda name, units: asking.invitation(
        w, team=name, questions=units, closes_at=CLOSES, readers=[name] * units, round_id=10
    ),
    "invitation with news": lambda name, units: asking.invitation(
        w, team=name, questions=4, closes_at=CLOSES, readers=[name], round_id=10, news=news(name, units)
    ),
    "reminder": lambda name, units: asking.reminder(w, team=name, closes_at=CLOSES, round_id=units),
    "how it works": lambda name, units: asking.how_it_works(w, threshold=5, contact=name, keys_apart=units > 1),
    "questionnaire": lambda name, units: questionnaire.questionnaire(
        w,
        round_id=10,
        items=WEEKLY.items[-5:],
        scales=scales(),
        closes_at=CLOSES,
        readers=[name] * units,
        threshold=5,
    ),
    "questionnaire instead of another": lambda name, units: questionnaire.questionnaire(
        w,
        round_id=10,
        items=WEEKLY.items[-5:],
        scales=scales(),
        closes_at=CLOSES,
        readers=[name] * units,
        threshold=5,
        instead_of=questionnaire.Ended.CLOSED if units > 1 else questionnaire.Ended.CALLED_OFF,
    ),
    "thanks": lambda _name, _units: questionnaire.thanks(w, closes_at=CLOSES),
    "round is over": lambda name, units: questionnaire.round_is_over(
        w,
        questionnaire.Ended.CLOSED if units > 1 else questionnaire.Ended.CALLED_OFF,
        round_id=10,
        team=name,
    ),
    "round closed": lambda _name, _units: questionnaire.round_closed(w),
    "round not held": lambda _name, _units: questionnaire.round_not_held(w),
    "not in this round": lambda _name, _units: questionnaire.not_in_this_round(w),
    "opted out": lambda _name, _units: questionnaire.you_opted_out(w),
    "cannot open": lambda _name, _units: questionnaire.cannot_open(w),
    "flagged digest": lambda name, units: digest_post(
        w, samples.flagged_digest(unit=name, first=units > 1), with_chart=True, keys_apart=False
    ),
    "regrouped digest": lambda name, units: digest_post(
        w, replace(samples.flagged_digest(unit=name), regrouped=regrouping(name, units)), with_chart=True
    ),
    "full report": lambda name, units: report_page(
        w, replace(grounded(name, units), regrouped=regrouping(name, units)), reader=Owner.TEAM_LEAD
    ),
    "full report of the team": lambda name, units: report_page(w, grounded(name, units), reader=None),
    "quiet digest": lambda name, _units: digest_post(w, samples.quiet_digest(unit=name), with_chart=True),
    "digest of a large unit": lambda name, units: digest_post(
        w, samples.leaving_digest(unit=name, entered_by=name, flagged=units > 1), with_chart=False
    ),
    "flagged digest with promises": lambda name, units: digest_post(
        w, samples.flagged_digest(unit=name), with_chart=True, promises=followed(name, units)
    ),
    "quiet digest with promises": lambda name, units: digest_post(
        w, samples.quiet_digest(unit=name), with_chart=True, promises=followed(name, units)
    ),
    "promise form": lambda name, units: promising.form(
        w,
        unit=name,
        suggestion=name,
        replaces=samples.promised(name) if units > 1 else None,
        private_metadata="",
    ),
    "promise form without a suggestion": lambda name, _units: promising.form(
        w, unit=name, suggestion="", replaces=None, private_metadata=""
    ),
    "promised": lambda name, units: promising.promised_page(
        w, samples.promised(name), unit=name, readers=[name] * (units - 1), asked_on=None, again=units > 1
    ),
    "promised for a day": lambda name, _units: promising.promised_page(
        w, samples.promised(name), unit=name, readers=[name], asked_on=samples.MONDAY, again=False
    ),
    "promise kept": lambda name, units: promising.became_page(w, samples.kept(name), unit=name, undoable=units > 1),
    "promise standing again": lambda name, _units: promising.became_page(
        w, samples.promised(name), unit=name, undoable=False
    ),
    "promise taken back": lambda name, units: promising.became_page(
        w, samples.kept(name, fate=Fate.TAKEN_BACK), unit=name, undoable=units > 1
    ),
    "too late to undo": lambda name, _units: promising.too_late(w, unit=name),
    "not their promise": lambda _name, _units: promising.not_yours(w),
    "raising": lambda name, units: raising.form(
        w,
        unit=name,
        driver=drivers()["purpose"],
        leaders=[Choice(text=name, value=str(number)) for number in range(units)],
        flag=notice_sentence(w, samples.flagged_digest().notices[0], MONDAY) if units > 1 else None,
        suggestion=name,
        private_metadata="",
    ),
    "raised": lambda name, units: raising.raised_page(w, asked(name)[0], again=units > 1),
    "request taken back": lambda name, _units: raising.became_page(
        w, replace(asked(name)[0], outcome=Outcome.TAKEN_BACK, ended_on=MONDAY)
    ),
    "request promised": lambda name, _units: raising.became_page(w, asked(name)[2]),
    "request declined": lambda name, _units: raising.became_page(w, asked(name)[1]),
    "leaders changed": lambda _name, _units: raising.leaders_changed(w),
    "declining": lambda name, _units: raising.declining_form(w, asked(name)[0], private_metadata=""),
    "declined": lambda name, units: raising.declined_page(w, asked(name)[1], heard=units > 1),
    "not their request": lambda _name, _units: raising.not_yours(w),
    "asked": lambda name, units: asked_post(
        w,
        asked(name)[0],
        samples.flagged_digest().notices[0] if units > 1 else None,
        on=MONDAY,
        false_flag_months=6,
    ),
    "promise form of a leader": lambda name, _units: promising.form(
        w, unit=name, suggestion=name, replaces=None, private_metadata="", request=asked(name)[0]
    ),
    "parent digest": lambda name, units: parent_post(
        w, parent(name, units), keys_apart=False, asked=to_leader(name, units)
    ),
    "why": lambda _name, _units: results.why_page(w),
    "standing": lambda name, units: views_standing.standing_post(
        w, [standing(name, units)] * units, keys_apart=False, flags=RARE
    ),
    "data sheet": lambda name, units: privacy.data_sheet(w, data_sheet(name, units))[0],
    "data sheet, who is asked": lambda name, units: privacy.data_sheet(w, data_sheet(name, units))[1],
    "data sheet, the check": lambda name, units: privacy.data_sheet(w, data_sheet(name, units))[-1],
    "data sheet sent": lambda _name, _units: privacy.sent(w),
    "data sheet not sent": lambda _name, _units: privacy.not_sent(w),
    "no pulse": lambda _name, _units: views_standing.standing_post(w, [], keys_apart=True),
    "help": lambda _name, _units: pulse.help_post(w),
    "unknown": lambda name, _units: pulse.unknown(w, name),
    "not allowed": lambda name, units: pulse.not_allowed(w, [name] * units),
    "own standing": lambda name, units: member_views.own_standing(
        w,
        member_views.OwnStanding(
            asked=True,
            open_forms=(member_views.OpenForm(team=name, closes_at=CLOSES, round_id=10),) * (units - 1),
            next_at=CLOSES,
            paused_until=MONDAY,
            reads=units > 1,
        ),
    ),
    "own standing of a stranger": lambda _name, _units: member_views.own_standing(
        w, member_views.OwnStanding(asked=False)
    ),
    "help for members": lambda name, units: member_views.help_for_members(w, [name] * (units - 1)),
    "privacy for members": lambda name, units: member_views.privacy_for_members(
        w, threshold=5, contact=name, keys_apart=units > 1, admins=[name] * (units - 1)
    ),
    "no such command, to a member": lambda name, _: member_views.unknown_to_members(w, name),
    "only for admins": lambda name, units: member_views.only_for_admins(w, pulse.not_allowed(w, [name] * units)),
    "opened": lambda name, units: pulse.opened(w, pulse=name, people=units, closes_at=CLOSES, called=name),
    "close?": lambda name, units: closing.question(
        w,
        pulse=name,
        teams=[name] * units,
        ending=closing.Ending.COUNTED if units > 1 else closing.Ending.THROWN_AWAY,
        digests_at=CLOSES,
        called=name,
    ),
    "call off?": lambda name, units: closing.question(
        w, pulse=name, teams=[name] * units, ending=closing.Ending.CALLED_OFF, digests_at=CLOSES
    ),
    "being closed": lambda _name, _units: closing.closing(w),
    "closed": lambda name, _units: closing.closed(w, pulse=name, digests_at=CLOSES),
    "discarded": lambda name, _units: closing.discarded(w, pulse=name, called=name),
    "called off": lambda name, _units: closing.called_off(w, pulse=name, called=name),
    "paused": lambda name, units: pulse.paused(
        w, pulse=name, teams=[name] * units, open_until=CLOSES if units > 1 else None, called=name
    ),
    "resumed": lambda name, _units: pulse.resumed(w, pulse=name, next_at=CLOSES, called=name),
    "schedule": lambda name, _units: schedule.schedule_form(w, pulse=name, cadence=CADENCE),
    "schedule set": lambda name, units: schedule.schedule_set(
        w,
        pulse=name,
        before=CADENCE,
        after=replace(CADENCE, frequency=Frequency.MONTHLY, timezone="Asia/Tokyo"),
        next_at=CLOSES,
        open_until=CLOSES if units > 1 else None,
        paused=units > 1,
        called=name,
    ),
    "flag settings": lambda _name, units: flag_settings.flags_form(w, RARE if units > 1 else FlagSettings()),
    "flag settings changed": lambda _name, _units: flag_settings.flags_set(
        w, before=FlagSettings(), after=RARE, undo="{}"
    ),
    "flag settings removed": lambda _name, _units: flag_settings.flags_set(
        w, before=RARE, after=FlagSettings(months=3), undo="{}"
    ),
    "flag settings kept": lambda _name, _units: flag_settings.flags_set(w, before=RARE, after=RARE),
    "flag settings changed back": lambda _name, _units: flag_settings.flags_undone(
        w, before=RARE, after=FlagSettings()
    ),
    "flag settings changed since": lambda _name, _units: flag_settings.changed_since(w),
    "threshold set": lambda name, units: threshold.threshold_set(
        w, pulse=name, threshold=7, before=5, called=name, silent=units, now_open=6
    ),
    "threshold as it is": lambda name, _units: threshold.threshold_as_it_is(w, pulse=name, threshold=7),
    "threshold refused": lambda name, _units: threshold.threshold_refused(w, pulse=name, number=name, current=7),
    "which pulse": lambda name, units: pulse.which_pulse(
        w, command="pause", pulses=[(name, [name] * units)] * units, name=name
    ),
    "nothing to do": lambda name, _units: pulse.nothing_to_do(w, pulse=name, command="open"),
    "too small": lambda name, _units: pulse.too_small_to_open(w, pulse=name, team=name),
    "thrown away": lambda name, _units: pulse.thrown_away(w, pulse=name, called=name),
    "set-up": lambda name, units: setup.set_up_form(
        w,
        question_sets=SETS,
        pulses=[Choice(text=name, value=str(number)) for number in range(units)],
        draft=setup.Draft(team=name, part_of=name, people=("U1", "U2"), managers=("U3",), channel="C1"),
    ),
    "set-up of a team that is there": lambda name, units: setup.set_up_form(
        w,
        question_sets=SETS,
        pulses=[Choice(text=name, value=str(number)) for number in range(units)],
        draft=setup.Draft(team=name, together="0", belongs=setup.Belongs(pulse=name, called=name, question_set=name)),
    ),
    "set-up of a slip": lambda name, units: setup.set_up_form(
        w, question_sets=SETS, draft=setup.Draft(team=name, near=(name,) * units)
    ),
    "loading": lambda _name, _units: setup.loading(w),
    "done": lambda name, _units: setup.done(w, pulse=name, first_at=CLOSES, called=name),
    "preview": lambda name, units: preview.preview(w, facts(name, units)),
    "crowded preview": lambda name, units: preview.preview(w, crowded_facts(name, units)),
    "moving preview": lambda name, units: preview.preview(w, moving_facts(name, units)),
    "questions": lambda name, units: questions.question_list(
        w,
        pulse=name,
        question_set=WEEKLY,
        drivers=drivers(),
        own={item.id for item in WEEKLY.items[:units]},
        frequency=Frequency.WEEKLY,
    ),
    "another set": lambda _name, _units: questions.set_form(w, question_sets=SETS, current="gone"),
    "own question": lambda _name, _units: questions.question_form(w, drivers=drivers(), item=WEEKLY.items[0]),
    "new question": lambda _name, _units: questions.question_form(w, drivers=drivers()),
    "threshold": lambda name, units: threshold.threshold_form(w, pulse=name, current=5, smallest=units),
    "home of a member": lambda name, units: home.home_page(w, member=member(name, units)),
    "home of everybody": lambda name, units: home.home_page(
        w, member=member(name, units), manager=manager(name, units), admin=admin(name, units)
    ),
    "empty home": lambda _name, _units: home.home_page(
        w,
        member=home.MemberHome(asked=False),
        manager=home.ManagerHome(),
        admin=home.AdminHome(pulses=(), keys_apart=True),
    ),
}
"""By the name of the surface."""
