"""`/pulse`: finds out what is wanted, checks who wants it, and does it."""

from typing import Any

from slack_bolt import Ack, App, Respond
from sqlmodel import Session

from bot.actors import Actor
from bot.jobs import open_and_invite
from bot.managing.access import NotAllowed, WhichPulse, admin_behind, named_pulse
from bot.managing.questions import open_list
from bot.managing.setup import open_form
from bot.managing.threshold import open_window
from bot.murmur import Murmur
from bot.payloads import Command
from bot.standing import asked_at, key_missing, standing_of, standings
from bot.views import pulse as views
from bot.views.standing import standing_post
from bot.views.vocabulary import Post
from storage import closing
from storage.pulses import pause, record_change
from storage.rounds import (
    AlreadyOpen,
    NothingToAsk,
    close_now,
    reschedule,
    schedule_next,
    schedule_now,
    unfinished_round,
)
from storage.tables import Pulse
from surveys.cadence import digest_at
from surveys.rounds import State, closing_now_discards


class Pulses:
    """The listener and what it can do."""

    def __init__(self, murmur: Murmur) -> None:
        self._murmur = murmur

    def pulse(self, ack: Ack, body: dict[str, Any], respond: Respond) -> None:
        """Answer `/pulse ...`, to whoever typed it alone."""
        ack()
        command = Command.model_validate(body)
        try:
            post = self._answer(admin_behind(self._murmur, command), command)
        except (NotAllowed, WhichPulse) as refused:
            post = refused.post
        if post is not None:
            respond(text=post.text, blocks=list(post.blocks), response_type="ephemeral", replace_original=False)

    def _answer(self, actor: Actor, command: Command) -> Post | None:
        """What to say; None when a window was opened instead."""
        w, words = actor.wording, command.words
        word = words[0].casefold() if words else "status"
        name = " ".join(words[1:])
        if word == "status":
            with self._murmur.database.reading() as session:
                pulses = standings(self._murmur, session, w, actor.member.workspace_id)
            return standing_post(w, pulses, keys_apart=self._murmur.keys_apart)
        if word == "help":
            return views.help_post(w)
        if word == "setup":
            open_form(self._murmur, actor, command.trigger_id, name)
            return None
        if word not in views.COMMANDS:
            return views.unknown(w, words[0])
        pulse = named_pulse(self._murmur.database, actor, word, name)
        if word == "questions":
            open_list(self._murmur, actor, pulse, command.trigger_id)
            return None
        if word == "threshold":
            open_window(self._murmur, actor, pulse, command.trigger_id)
            return None
        act = {"open": self._open, "close": self._close, "pause": self._pause, "resume": self._resume}[word]
        return act(actor, pulse, command.trigger_id)

    def _open(self, actor: Actor, pulse: Pulse, key: str) -> Post:
        murmur, w, now = self._murmur, actor.wording, self._murmur.clock()
        with murmur.database.reading() as session:
            standing = standing_of(murmur, session, w, pulse)
        if not any(unit.scored for unit in standing.units):
            return views.too_small_to_open(w, pulse=pulse.name)
        try:
            with murmur.database.transaction() as session:
                round_ = schedule_now(session, session.get_one(Pulse, pulse.id), now)
                self._record(session, actor, key, f"opened a round of {pulse.name}")
        except AlreadyOpen:
            return views.nothing_to_do(w, pulse=pulse.name, command="open")
        if (nobody := open_and_invite(murmur, round_.id, now)) is not None:
            with murmur.database.transaction() as session:
                schedule_next(session, session.get_one(Pulse, pulse.id), now)
            said = views.nothing_to_ask if isinstance(nobody, NothingToAsk) else views.too_small_to_open
            return said(w, pulse=pulse.name)
        people = sum(unit.people for unit in standing.units if unit.scored)
        return views.opened(w, pulse=pulse.name, people=people, closes_at=round_.closes_at)

    def _close(self, actor: Actor, pulse: Pulse, key: str) -> Post:
        murmur, w, now = self._murmur, actor.wording, self._murmur.clock()
        with murmur.database.reading() as session:
            round_ = unfinished_round(session, pulse.id)
        lost = round_ is not None and key_missing(murmur, round_)
        if round_ is None or not (lost or round_.state == State.OPEN):
            return views.nothing_to_do(w, pulse=pulse.name, command="close")
        discards = closing_now_discards(opened_at=round_.opens_at, now=now, timezone=pulse.timezone)
        if discards or lost:
            done = closing.discard(murmur.database, murmur.keys, round_.id)
        else:
            with murmur.database.transaction() as session:
                done = close_now(session, round_.id, now)
            closing.begin_closing(murmur.database, round_.id)
        if not done:
            return views.nothing_to_do(w, pulse=pulse.name, command="close")
        with murmur.database.transaction() as session:
            self._record(session, actor, key, f"closed a round of {pulse.name}")
            schedule_next(session, session.get_one(Pulse, pulse.id), now)
        if lost:
            return views.called_off(w, pulse=pulse.name)
        if discards:
            return views.discarded(w, pulse=pulse.name)
        return views.closed(w, pulse=pulse.name, digests_at=digest_at(now, actor.member.timezone))

    def _pause(self, actor: Actor, pulse: Pulse, key: str) -> Post:
        w = actor.wording
        if pulse.paused_on is not None:
            return views.nothing_to_do(w, pulse=pulse.name, command="pause")
        with self._murmur.database.transaction() as session:
            pause(session, session.get_one(Pulse, pulse.id), self._murmur.clock().date())
            self._record(session, actor, key, f"paused {pulse.name}")
            round_ = unfinished_round(session, pulse.id)
        is_open = round_ is not None and round_.state == State.OPEN
        return views.paused(w, pulse=pulse.name, open_until=round_.closes_at if round_ and is_open else None)

    def _resume(self, actor: Actor, pulse: Pulse, key: str) -> Post:
        w, now = actor.wording, self._murmur.clock()
        if pulse.paused_on is None:
            return views.nothing_to_do(w, pulse=pulse.name, command="resume")
        with self._murmur.database.transaction() as session:
            resumed = session.get_one(Pulse, pulse.id)
            pause(session, resumed, None)
            self._record(session, actor, key, f"resumed {pulse.name}")
            reschedule(session, resumed, now)
            round_ = unfinished_round(session, pulse.id)
        assert round_ is not None
        return views.resumed(
            w,
            pulse=pulse.name,
            next_at=asked_at(pulse, round_, w.timezone),
            open_until=round_.closes_at if round_.state != State.SCHEDULED else None,
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


def register(app: App, murmur: Murmur) -> None:
    """Connect the listener."""
    app.command("/pulse")(Pulses(murmur).pulse)
