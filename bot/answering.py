"""Answering: from the button of an invitation to a sealed ballot. Holds the button, the form and its last page."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from bot.actors import Actor, find_actor
from bot.logs import class_and_place
from bot.messages import reader_names_of
from bot.murmur import Murmur
from bot.payloads import Press, Submission
from bot.views import questionnaire as pages
from bot.views.asking import OPEN_FORM
from bot.views.vocabulary import View
from storage.ballots import NotInRound, RoundNotOpen, WrongKey, cast
from storage.database import Busy
from storage.keys import KeyLost
from storage.questions import known_items
from storage.rosters import team_ids_of
from storage.rounds import unit_asked
from storage.tables import Member, Pulse, Round, Unit
from surveys.questions import Item, answers_of, is_comment, scales
from surveys.release import FLOOR
from surveys.rounds import State
from surveys.sealing import COMMENT_LENGTH, Ballot, RoundKey, SealBroken, round_key

log = logging.getLogger(__name__)

_WAIT = 2.0
"""Seconds a submission waits for its turn: Slack wants an answer within three."""


class Refused(Exception):
    """There is nothing to answer for this person; `page` says so kindly."""

    def __init__(self, page: View) -> None:
        super().__init__("there is nothing to answer")
        self.page = page


class NotInForm(Exception):
    """A form holds something that its questions do not offer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A round as it asks one person."""

    round: Round
    unit: Unit
    items: Sequence[Item]
    readers: Sequence[str]


class Over(Refused):
    """The round has ended, `how`, and another one asks this person `now`."""

    def __init__(self, page: View, now: _Asked, how: pages.Ended) -> None:
        super().__init__(page)
        self.now = now
        self.how = how


class Answering:
    """The listeners."""

    def __init__(self, murmur: Murmur) -> None:
        self._murmur = murmur

    def open_form(self, ack: Ack, body: dict[str, Any]) -> None:
        """Open the form, empty for everybody, or a page that says why there is none."""
        ack()
        press = Press.model_validate(body)
        actor = find_actor(self._murmur, press)
        try:
            page = self._form(actor, press.value)
        except Refused as refused:
            page = refused.page
        except (KeyLost, WrongKey) as error:
            log.error("ballots cannot be taken", extra={"error": class_and_place(error)})
            page = pages.cannot_open(actor.own_wording)
        if press.in_modal:  # on the page that says that another round is over
            self._murmur.client.views_update(view_id=press.view_id, view=page)
        else:
            self._murmur.client.views_open(trigger_id=press.trigger_id, view=page)

    def _form(self, actor: Actor, round_id: str) -> View:
        """The form of the round with this id, or, where that is over, of the one that asks `actor` now."""
        instead_of = None
        try:
            asked = self._asked(actor, round_id)
        except Over as over:
            asked, instead_of = over.now, over.how
        self._key(asked.round)
        return pages.questionnaire(
            actor.own_wording,
            round_id=asked.round.id,
            items=asked.items,
            scales=scales(),
            closes_at=asked.round.closes_at,
            readers=asked.readers,
            threshold=asked.round.threshold or FLOOR,
            instead_of=instead_of,
        )

    def send(self, ack: Ack, body: dict[str, Any]) -> None:
        """Seal what was sent. Slack is answered only when it is on disk; otherwise the form stays as it is."""
        submission = Submission.model_validate(body)
        actor = find_actor(self._murmur, submission)
        w = actor.own_wording
        try:
            asked = self._asked(actor, submission.private_metadata)
            comment = submission.field(pages.COMMENT_BLOCK).text
            if len(comment) > COMMENT_LENGTH:
                ack(response_action="errors", errors=pages.comment_too_long(w))
                return
            ballot = Ballot(answers=answers_in(submission, asked.items), comment=comment)
            self._cast(actor, asked.round, ballot)
        except Refused as refused:
            ack(response_action="update", view=refused.page)
        except RoundNotOpen:
            ack(response_action="update", view=pages.round_closed(w))
        except (NotInRound, NotInForm):
            ack(response_action="update", view=pages.not_in_this_round(w))
        except Busy:
            ack(response_action="errors", errors=pages.busy(w))
        except (KeyLost, WrongKey, SealBroken, SQLAlchemyError, OSError, ValueError) as error:
            log.error("a ballot could not be kept", extra={"error": class_and_place(error)})
            ack(response_action="errors", errors=pages.could_not_be_kept(w))
        else:
            ack(
                response_action="update",
                view=pages.thanks(w, closes_at=asked.round.closes_at),
            )

    def _asked(self, actor: Actor, round_id: str) -> _Asked:
        """The round with this id as it asks `actor`. Raises Refused for any other, whatever the payload says: Over
        where that round has ended and another one asks them.
        """
        w, now = actor.own_wording, self._murmur.clock()
        if not round_id.isdecimal() or len(round_id) > 9:
            raise Refused(pages.not_in_this_round(w))
        with self._murmur.database.reading() as session:
            round_ = session.get(Round, int(round_id))
            unit = unit_asked(session, round_, actor.member.id) if round_ is not None else None
            if round_ is None or unit is None:
                raise Refused(pages.not_in_this_round(w))
            if round_.state == State.OPEN and round_.closes_at > now:
                if actor.member.opted_out_on is not None:
                    raise Refused(pages.you_opted_out(w))
                return _as_asked(session, round_, unit)
            thrown_away = round_.state in {State.DISCARDING, State.DISCARDED}
            ended = pages.Ended.CALLED_OFF if thrown_away else pages.Ended.CLOSED
            current = _open_for(session, actor.member, now)
        if current is None:
            raise Refused(pages.round_closed(w) if ended is pages.Ended.CLOSED else pages.round_not_held(w))
        page = pages.round_is_over(w, ended, round_id=current.round.id, team=current.unit.name)
        raise Over(page, current, ended)

    def _key(self, round_: Round) -> RoundKey:
        nonce = self._murmur.keys.read(round_.key_name)
        key = round_key(self._murmur.settings.app_secret, nonce, round_.id)
        if key.fingerprint != round_.key_fingerprint:
            raise WrongKey("this round was opened with another key")
        return key

    def _cast(self, actor: Actor, round_: Round, ballot: Ballot) -> None:
        key = self._key(round_)
        # On PostgreSQL a cast may wait twice, for the round and for its group; on SQLite once, for the file.
        database = self._murmur.database
        with database.transaction(wait=_WAIT if database.is_sqlite else _WAIT / 2) as session:
            cast(
                session,
                round_id=round_.id,
                member_id=actor.member.id,
                key=key,
                ballot=ballot,
                now=self._murmur.clock(),
            )


def _as_asked(session: Session, round_: Round, unit: Unit) -> _Asked:
    """An open round as it asks the members of a unit."""
    known = known_items(session, round_.pulse_id)
    return _Asked(
        round=round_,
        unit=unit,
        items=[known[item_id] for item_id in round_.item_ids],
        readers=reader_names_of(session, team_ids_of(unit)),
    )


def _open_for(session: Session, member: Member, now: datetime) -> _Asked | None:
    """The open round that asks the member, if any does and they have not asked to be left out."""
    if member.opted_out_on is not None:
        return None
    query = (
        select(Round)
        .join(Pulse)
        .where(Pulse.workspace_id == member.workspace_id, Round.state == State.OPEN, Round.closes_at > now)
        .order_by(col(Round.id))
    )
    for round_ in session.exec(query):
        if (unit := unit_asked(session, round_, member.id)) is not None:
            return _as_asked(session, round_, unit)
    return None


def answers_in(submission: Submission, items: Sequence[Item]) -> dict[str, int]:
    """The answers in a form to these items; skipped ones are left out. Raises NotInForm for anything else."""
    blocks = {pages.QUESTION_PREFIX + item.id: item for item in items if not is_comment(item)}
    if not submission.fields.keys() <= blocks.keys() | {pages.COMMENT_BLOCK}:
        raise NotInForm("the form holds a question that was not asked")
    answers = {}
    for block, item in blocks.items():
        pressed = submission.field(block).text
        if pressed in {"", pages.SKIP}:
            continue
        if not pressed.isdecimal() or not 1 <= int(pressed) <= len(answers_of(item)):
            raise NotInForm("the form holds an answer that was not offered")
        answers[item.id] = int(pressed)
    return answers


def register(app: App, murmur: Murmur) -> None:
    """Connect the listeners."""
    answering = Answering(murmur)
    app.action(OPEN_FORM)(answering.open_form)
    app.view(pages.FORM)(answering.send)
