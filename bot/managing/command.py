"""`/pulse`: finds out what is wanted, checks who wants it, and does it."""

from typing import Any

from slack_bolt import Ack, App, Respond
from sqlmodel import Session

from bot.actors import Actor, find_actor
from bot.home import member_home
from bot.jobs import ThrownAway, open_and_invite
from bot.managing.access import WhichPulse, admin_names, named_pulse
from bot.managing.closing import ask_to_close
from bot.managing.flags import open_flags
from bot.managing.questions import open_list
from bot.managing.schedule import open_schedule
from bot.managing.setup import open_form
from bot.managing.threshold import name_and_number, open_window, set_at_once
from bot.murmur import Murmur
from bot.naming import Named, named_pulses, unquoted
from bot.payloads import Command
from bot.privacy import send_data_sheet, tell
from bot.standing import next_times, standing_of, standings
from bot.views import pulse as views
from bot.views.member import OpenForm, OwnStanding, help_for_members, only_for_admins, own_standing, unknown_to_members
from bot.views.rounds import not_opened
from bot.views.standing import standing_post
from bot.views.vocabulary import Post
from storage.pulses import cadence_of, pause, record_change
from storage.rounds import (
    AlreadyOpen,
    NothingToAsk,
    PlanRefused,
    reschedule,
    schedule_next,
    schedule_now,
    unfinished_round,
)
from storage.tables import Pulse
from storage.workspaces import flag_settings
from surveys.cadence import invitation_at
from surveys.rounds import State


class Pulses:
    """The listener and what it can do."""

    def __init__(self, murmur: Murmur) -> None:
        self._murmur = murmur

    def pulse(self, ack: Ack, body: dict[str, Any], respond: Respond) -> None:
        """Answer `/pulse ...`, to whoever typed it alone."""
        ack()
        command = Command.model_validate(body)
        actor = find_actor(self._murmur, command)
        word, name = _parts(command)
        try:
            if actor.is_admin:
                post = self._answer(actor, command, word, name)
            else:
                post = self._answer_others(actor, command, word)
        except WhichPulse as unclear:
            post = unclear.post
        if post is not None:
            respond(text=post.text, blocks=list(post.blocks), response_type="ephemeral", replace_original=False)

    def _answer(self, actor: Actor, command: Command, word: str, name: str) -> Post | None:
        """What to say to an admin; None when a window was opened instead."""
        w = actor.wording
        if word == "status":
            with self._murmur.database.reading() as session:
                found = standings(self._murmur, session, w, actor.member.workspace_id)
                settings = flag_settings(session, actor.member.workspace_id)
            return standing_post(w, found, keys_apart=self._murmur.keys_apart, flags=settings)
        if word == "help":
            return views.help_post(w)
        if word == "privacy":
            return send_data_sheet(self._murmur, actor)
        if word == "setup":
            open_form(self._murmur, actor, command.trigger_id, unquoted(name))
            return None
        if word == "flags":
            open_flags(self._murmur, actor, command.trigger_id)
            return None
        if word not in views.COMMANDS:
            return views.unknown(w, command.words[0])
        with self._murmur.database.reading() as session:
            pulses = named_pulses(session, actor.member.workspace_id)
        number = ""
        if word == "threshold":
            name, number = name_and_number(pulses, name)
        named = named_pulse(pulses, actor, word, name)
        if word == "threshold" and number:
            return set_at_once(self._murmur, actor, named, number, command.trigger_id)
        windows = {"questions": open_list, "threshold": open_window, "schedule": open_schedule}
        if word in windows:
            windows[word](self._murmur, actor, named, command.trigger_id)
            return None
        if word == "close":
            return ask_to_close(self._murmur, actor, named, command.trigger_id)
        act = {"open": self._open, "pause": self._pause, "resume": self._resume}[word]
        return act(actor, named, command.trigger_id)

    def _answer_others(self, actor: Actor, command: Command, word: str) -> Post:
        """What to say to whoever is no admin."""
        w = actor.wording
        if word == "status":
            return own_standing(w, self._own(actor))
        if word == "privacy":
            return tell(self._murmur, actor)
        admins = admin_names(self._murmur, actor)
        if word == "help":
            return help_for_members(w, admins)
        if word not in views.COMMANDS:
            return unknown_to_members(w, command.words[0])
        return only_for_admins(w, views.not_allowed(w, admins))

    def _own(self, actor: Actor) -> OwnStanding:
        with self._murmur.database.reading() as session:
            home = member_home(session, actor.member, self._murmur.clock())
        return OwnStanding(
            asked=home.asked,
            open_forms=tuple(
                OpenForm(team=one.team, closes_at=one.closes_at, round_id=one.round_id) for one in home.open_rounds
            )
            if not home.opted_out
            else (),
            next_at=home.next_at,
            opted_out=home.opted_out,
            paused_until=home.paused_until,
            reads=actor.is_manager,
        )

    def _open(self, actor: Actor, named: Named, key: str) -> Post:
        murmur, w, now, pulse = self._murmur, actor.wording, self._murmur.clock(), named.pulse
        team = named.teams[0] if named.teams else pulse.name
        with murmur.database.reading() as session:
            standing = standing_of(murmur, session, w, named)
        if not any(unit.scored for unit in standing.units):
            return views.too_small_to_open(w, pulse=pulse.name, team=team)
        try:
            with murmur.database.transaction() as session:
                round_ = schedule_now(session, session.get_one(Pulse, pulse.id), now)
                self._record(session, actor, key, f"opened a round of {pulse.name}")
        except AlreadyOpen:
            return views.nothing_to_do(w, pulse=pulse.name, command="open")
        if (why_not := open_and_invite(murmur, round_.id, now)) is not None:
            with murmur.database.transaction() as session:
                schedule_next(session, session.get_one(Pulse, pulse.id), now)
            match why_not:
                case ThrownAway():
                    return views.thrown_away(w, pulse=pulse.name, called=named.called)
                case NothingToAsk():
                    return views.nothing_to_ask(w, pulse=pulse.name, called=named.called)
                case PlanRefused():
                    return not_opened(w, pulse=pulse.name, refused=why_not.refused)
                case _:
                    return views.too_small_to_open(w, pulse=pulse.name, team=team)
        people = sum(unit.people for unit in standing.units if unit.scored)
        return views.opened(w, pulse=pulse.name, people=people, closes_at=round_.closes_at, called=named.called)

    def _pause(self, actor: Actor, named: Named, key: str) -> Post:
        w, pulse = actor.wording, named.pulse
        if pulse.paused_on is not None:
            return views.nothing_to_do(w, pulse=pulse.name, command="pause")
        with self._murmur.database.transaction() as session:
            pause(session, session.get_one(Pulse, pulse.id), self._murmur.clock().date())
            self._record(session, actor, key, f"paused {pulse.name}")
            round_ = unfinished_round(session, pulse.id)
        is_open = round_ is not None and round_.state == State.OPEN
        return views.paused(
            w,
            pulse=pulse.name,
            teams=named.teams,
            open_until=round_.closes_at if round_ and is_open else None,
            called=named.called,
        )

    def _resume(self, actor: Actor, named: Named, key: str) -> Post:
        w, now, pulse = actor.wording, self._murmur.clock(), named.pulse
        if pulse.paused_on is None:
            return views.nothing_to_do(w, pulse=pulse.name, command="resume")
        with self._murmur.database.transaction() as session:
            resumed = session.get_one(Pulse, pulse.id)
            pause(session, resumed, None)
            self._record(session, actor, key, f"resumed {pulse.name}")
            reschedule(session, resumed, now)
            round_ = unfinished_round(session, pulse.id)
            times = next_times(session, resumed, now)
        return views.resumed(
            w,
            pulse=pulse.name,
            next_at=invitation_at(times, cadence_of(pulse), w.timezone) or times.opens_at,
            open_until=round_.closes_at if round_ is not None and round_.state == State.OPEN else None,
            called=named.called,
        )

    def _record(self, session: Session, actor: Actor, key: str, what: str) -> None:
        now = self._murmur.clock()
        record_change(
            session,
            workspace_id=actor.member.workspace_id,
            admin=actor.member,
            form_key=key,
            on=now.date(),
            what=what,
        )


def _parts(command: Command) -> tuple[str, str]:
    """The word that says what is wanted, "status" for none, and the rest: a name, usually."""
    first, *rest = command.words or ["status"]
    return first.casefold(), " ".join(rest)


def register(app: App, murmur: Murmur) -> None:
    """Connect the listener."""
    app.command("/pulse")(Pulses(murmur).pulse)
