"""Sixty people in one unit, and the truth about their round."""

import random
import secrets
from dataclasses import dataclass, field

from storage.closing import PERSONAL_KINDS
from storage.outbox import Letter, claim, mark_sent, put
from surveys.sealing import RoundKey, slot_id
from tests.attacks import naive
from tests.attacks.ground import Ground
from tests.support.organisation import TUESDAY, Organisation

PEOPLE = 60
"""How many are attacked at a time."""


@dataclass(slots=True)
class Victim:
    """Sixty people who answer in random order, each with a comment of their own.

    Attacks share the log of one PostgreSQL, so that sentence and naive secret are different for each.
    """

    acme: Organisation
    members: list[int]
    round_id: int
    key: RoundKey
    arrivals: list[int] = field(init=False)  # the order in which they answer, which the thief has watched
    comments: dict[int, str] = field(init=False)
    answers: dict[int, str] = field(init=False)  # ballots as a naive bot stores them
    naive_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    sentence: str = field(default_factory=lambda: f"Somebody wrote {secrets.token_hex(8)}")

    def __post_init__(self) -> None:
        self.arrivals = random.SystemRandom().sample(self.members, PEOPLE)
        self.comments = {member: f"{self.sentence} {member}" for member in self.members}
        self.answers = {
            member: naive.content({"burnout.drained": place % 5 + 1}, self.comments[member])
            for place, member in enumerate(self.members)
        }

    def invite(self) -> None:
        """Post an invitation to everybody, and leave a reminder waiting: rows that are about a person."""
        database = self.acme.database
        with database.transaction() as session:
            letters = [
                Letter(kind=kind, member_id=member, due_at=TUESDAY, round_id=self.round_id)
                for kind in PERSONAL_KINDS
                for member in self.members
            ]
            put(session, self.acme.workspace_id, letters)
        with database.transaction() as session:
            posted = [message.id for message in claim(session, TUESDAY, PEOPLE)]
        for message_id in posted:
            with database.transaction() as session:
                mark_sent(session, message_id)

    def everybody_answers(self) -> None:
        """Let all sixty answer, one after the other."""
        for place, member in enumerate(self.arrivals):
            self.acme.answer(self.round_id, member, place % 5 + 1, self.comments[member])

    def owners(self) -> dict[bytes, int]:
        """The truth: whose slot is whose."""
        return {slot_id(self.key, member): member for member in self.members}


def victim(ground: Ground) -> Victim:
    """Sixty people whose round has just opened, on a fresh database."""
    acme = ground.organisation()
    members = acme.team("Platform", PEOPLE).members
    round_id = acme.open()
    return Victim(acme=acme, members=members, round_id=round_id, key=acme.key(round_id))
