"""A3 and A4: read the raw bytes of the database and its logs, and try every key that the operator's secret gives.

A3 comes after the close. A4 comes in mid-round, with the secret but without the key directory.
"""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from sqlmodel import select

from storage.database import Database
from storage.tables import Round
from surveys.sealing import Ballot, RoundKey, SealBroken, round_key, slot_id, unseal
from tests.attacks import naive
from tests.attacks.attack import Attack, Figure, Figures
from tests.attacks.ground import Ground
from tests.attacks.victim import PEOPLE, Victim, victim
from tests.support.organisation import SECRET
from tests.support.thief import StolenSlot, found_in_files, slots, table_contents

OPENED_BALLOT = b'{"answers": {'
"""How every ballot with an answer begins once it is opened."""


def pairs_in_files(database: Database, marks: Mapping[int, Sequence[bytes]], answers: Mapping[int, str]) -> int:
    """A3: of how many people both a mark and what they answered or wrote stand in the raw files."""
    every_mark = [mark for found in marks.values() for mark in found]
    seen = found_in_files(database, [*every_mark, *(answer.encode() for answer in answers.values())])
    return sum(any(m in seen for m in marks[member]) and answers[member].encode() in seen for member in answers)


def marks_by_secret(secret: str, members: Iterable[int]) -> dict[int, list[bytes]]:
    """What a thief with APP_SECRET can work out about each member: keyed hashes of every id."""
    return {
        member: [
            form
            for digest in [hmac.new(secret.encode(), str(member).encode(), sha256)]
            for form in (digest.hexdigest().encode(), digest.digest(), digest.digest()[:16])
        ]
        for member in members
    }


def thiefs_keys(database: Database, round_id: int) -> list[RoundKey]:
    """Every key that APP_SECRET and the database give, without the key directory."""
    with database.reading() as session:
        (round_,) = session.exec(select(Round).where(Round.id == round_id))
    name, fingerprint = round_.key_name, str(round_.key_fingerprint)
    nonces = [
        b"",
        bytes(32),
        name.encode(),
        bytes.fromhex(name),
        bytes.fromhex(name) * 2,
        fingerprint.encode(),
        bytes.fromhex(fingerprint),
        sha256(SECRET.encode()).digest(),
        sha256(name.encode()).digest(),
    ]
    return [round_key(SECRET, nonce, round_id) for nonce in nonces]


def opened_with(keys: Iterable[RoundKey], stolen: Sequence[StolenSlot], members: Sequence[int]) -> int:
    """How many slots can be opened, or told whose they are, with any of these keys."""
    found = set()
    for key in keys:
        addresses = {slot_id(key, member) for member in members}
        for slot in stolen:
            try:
                unseal(key, slot.id, slot.sealed)
            except SealBroken:
                if slot.id not in addresses:
                    continue
            found.add(slot.id)
    return len(found)


def read_after_the_close(one: Victim, stolen: Sequence[StolenSlot]) -> int:
    """A3, all of it: of how many people anything is read or paired, by the files, the secret and slots that were
    stolen before the close.
    """
    database = one.acme.database
    read = len(found_in_files(database, [OPENED_BALLOT, one.sentence.encode()]))
    if read:  # else nothing of anybody is there, and no pair either
        paired = pairs_in_files(database, marks_by_secret(SECRET, one.members), one.comments)
        read = max(paired, len(found_in_files(database, [words.encode() for words in one.comments.values()])))
    return max(read, opened_with(thiefs_keys(database, one.round_id), stolen, one.members))


def shuffled_pseudonyms(ground: Ground) -> Figures:
    """Pairs of a pseudonym and an answer that are left of rows which were deleted at the close."""
    one = victim(ground)
    naive.store_pseudonyms_and_shuffle_later(one.acme.database, one.naive_secret, one.arrivals, one.answers)
    marks = marks_by_secret(one.naive_secret, one.members)
    return [Figure(hits=pairs_in_files(one.acme.database, marks, one.answers), of=PEOPLE, what="pairs")]


def closed_round(ground: Ground) -> Figures:
    """The same of a round of Murmur."""
    one = victim(ground)
    one.everybody_answers()
    stolen = slots(one.acme.database)
    one.acme.close(one.round_id)
    return [Figure(hits=read_after_the_close(one, stolen), of=PEOPLE, what="pairs")]


def sealed_with_the_secret(ground: Ground) -> Figures:
    """Ballots that a thief opens where the secret alone makes the key."""
    one = victim(ground)
    ballots = {member: Ballot(answers={"burnout.drained": 1}, comment=words) for member, words in one.comments.items()}
    naive.seal_with_the_secret_alone(one.acme.database, SECRET, one.round_id, ballots)
    opened = opened_with(thiefs_keys(one.acme.database, one.round_id), slots(one.acme.database), one.members)
    return [Figure(hits=opened, of=PEOPLE, what="read")]


def open_round(ground: Ground) -> Figures:
    """Ballots that a thief opens in mid-round, or reads anywhere in the files, or finds under a hash of a member."""
    one = victim(ground)
    database = one.acme.database
    one.everybody_answers()
    opened = opened_with(thiefs_keys(database, one.round_id), slots(database), one.members)
    plain = len(found_in_files(database, [OPENED_BALLOT, one.sentence.encode()]))
    dump = repr(table_contents(database))
    named = sum(hexed.decode() in dump for hexed, *_ in marks_by_secret(SECRET, one.members).values())
    return [Figure(hits=max(opened, plain, named), of=PEOPLE, what="read")]


A3 = Attack(
    number=3,
    what="raw bytes of database and logs, with the secret, after the close",
    passes_when="0 pairs",
    naive=shuffled_pseudonyms,
    murmur=closed_round,
)

A4 = Attack(
    number=4,
    what="dump in mid-round with the secret, without the key directory",
    passes_when="0 read",
    naive=sealed_with_the_secret,
    murmur=open_round,
)
