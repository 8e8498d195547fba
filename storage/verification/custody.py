"""The key directory: one key for each open round, none of any other, and for nobody's eyes."""

import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from storage.tables import Round
from storage.verification.findings import Check, Finding, Group, counted, unseen
from storage.verification.records import HOLDING, Records
from surveys.rounds import State
from surveys.sealing import NONCE_BYTES, round_key, slot_id

_SUFFIX = ".nonce"
_LARGEST = 4096  # bytes; a key has 32, and whatever is larger is not looked into

_APART = Check(
    group=Group.KEYS,
    name="place",
    fine="the key directory lies apart from the database, so a copy of one is no copy of the other.",
    remedy="Name another place in ROUND_KEY_DIR, and leave it out of backups.",
)
_PRIVATE = Check(
    group=Group.KEYS,
    name="private",
    fine="only the account that runs Murmur can read the keys.",
    remedy="Take the rights of all others away: chmod 700 for the directory, chmod 600 for the files in it.",
)
_THERE = Check(
    group=Group.KEYS,
    name="of open rounds",
    fine="the key of every open round is there, and is the one with which the round was opened.",
    remedy="Bring back the key, or the APP_SECRET, with which the round was opened, or call the round off in Slack.",
)
_UNTRIED = replace(_THERE, fine="the key of every open round is there; whether it fits was not tried.")
_NONE_LEFT = Check(
    group=Group.KEYS,
    name="none left",
    fine="no key of a closed round is left, so copies of its ballots cannot be opened by anybody, ever.",
    remedy="Keep Murmur running, or run murmur tick, which destroys it; if it stays, delete it, and its copies in"
    " backups: with it, old copies of the database can be opened.",
)
_OWNERS = Check(
    group=Group.BOX,
    name="owners",
    fine="with the key it can be seen that every ballot belongs to somebody who is asked. None was opened for this.",
    remedy="Call the round off in Slack, and find out who changed the roster or the box.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFile:
    """Something that lies in the key directory."""

    name: str
    mode: int
    content: bytes | None  # None for what is no file, is too large for a key, or may not be read


@dataclass(frozen=True, slots=True, kw_only=True)
class Custody:
    """The key directory as it was found."""

    path: Path
    beside: bool  # whether it lies in the folder of the database file, or that folder in it
    mode: int | None  # its rights; None when it is not there
    files: Sequence[KeyFile]
    trouble: str = ""  # why it could not be looked at


def read_custody(path: Path, database_file: Path | None) -> Custody:
    """Look into a key directory; nothing is written to it."""
    keys = path.resolve()
    folder = database_file.resolve().parent if database_file else None
    beside = folder is not None and (keys == folder or folder in keys.parents or keys in folder.parents)
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        names = [file for file in sorted(path.iterdir()) if keys != folder or file.name.endswith(_SUFFIX)]
        files = [_key_file(file) for file in names]
    except FileNotFoundError:
        return Custody(path=path, beside=beside, mode=None, files=())
    except OSError as error:
        return Custody(path=path, beside=beside, mode=None, files=(), trouble=str(error.strerror))
    return Custody(path=path, beside=beside, mode=mode, files=[file for file in files if file is not None])


def _key_file(file: Path) -> KeyFile | None:
    try:
        found = file.lstat()
        fit = stat.S_ISREG(found.st_mode) and found.st_size <= _LARGEST
        return KeyFile(name=file.name, mode=stat.S_IMODE(found.st_mode), content=file.read_bytes() if fit else None)
    except FileNotFoundError:
        return None  # destroyed this very moment
    except OSError:
        return KeyFile(name=file.name, mode=stat.S_IMODE(found.st_mode), content=None)


def check_custody(custody: Custody, records: Records, secret: str | None, *, weaker: bool) -> Iterator[Finding]:
    """What is wrong with the keys, or that nothing is."""
    if custody.beside and weaker:
        yield _APART.note(
            "the keys lie beside the database, which was accepted by name (ROUND_KEY_MODE=beside-database): whoever"
            " copies that folder while a round is open can read the round."
        )
    else:
        problem = f"{custody.path} lies beside the database: whoever copies its folder while a round is open can read"
        yield from _APART.judge([f"{problem} the round."] if custody.beside else [])
    if custody.trouble:
        yield unseen("keys", f"the key directory {custody.path} ({custody.trouble}).")
        return
    yield from _PRIVATE.judge(list(_exposed(custody)))
    holding = records.in_state(HOLDING)
    there = _UNTRIED if secret is None else _THERE
    yield from there.judge([problem for round_ in holding for problem in _lost(custody, round_, secret)])
    yield from _NONE_LEFT.judge(list(_left(custody, records, secret)))
    yield from _strangers(custody, records, secret)
    if secret is None:
        yield unseen("fingerprints", "whether the keys fit their rounds: that takes the settings, with APP_SECRET.")
    else:
        yield from _OWNERS.judge(
            [problem for round_ in holding for problem in _foreign(custody, records, round_, secret)]
        )


def _exposed(custody: Custody) -> Iterator[str]:
    if custody.mode is not None and custody.mode & 0o022:
        yield f"others may put files into {custody.path} (its rights are {custody.mode:o})."
    for file in custody.files:
        if file.mode & 0o077:
            yield f"the key {file.name} can be read by others on this machine (its rights are {file.mode:o})."


def _lost(custody: Custody, round_: Round, secret: str | None) -> Iterator[str]:
    nonce = _nonce(custody, round_)
    if nonce is None:
        yield f"the key of round {round_.id} is not in {custody.path}: its ballots cannot be opened."
    elif len(nonce) != NONCE_BYTES:
        yield f"the key of round {round_.id} is damaged: its ballots cannot be opened."
    elif secret is not None and round_key(secret, nonce, round_.id).fingerprint != round_.key_fingerprint:
        yield f"the key of round {round_.id} is not the one it was opened with: the fingerprints differ."


def _nonce(custody: Custody, round_: Round) -> bytes | None:
    return next((file.content for file in custody.files if file.name == round_.key_name + _SUFFIX), None)


def _left(custody: Custody, records: Records, secret: str | None) -> Iterator[str]:
    by_name = {round_.key_name + _SUFFIX: round_ for round_ in records.rounds.values()}
    needed = {round_.key_name + _SUFFIX for round_ in records.in_state(HOLDING)}
    keys = {file.content for file in custody.files if file.name in needed}
    for file in custody.files:
        round_ = by_name.get(file.name)
        if file.name in needed or (round_ and round_.state in (State.SCHEDULED, State.CLOSED, State.DISCARDING)):
            continue  # of a round that is open, is being opened or is being wiped
        if round_ is not None:
            yield f"the key of round {round_.id} is still there ({file.name}), although the round is {round_.state}."
        elif file.content in keys:
            yield f"{file.name} is a copy of the key of an open round."
        elif (owner := _fits(file, records, secret)) is not None:
            yield f"{file.name} holds the key of round {owner.id}, which is {owner.state}."
        elif not file.name.endswith(_SUFFIX):
            yield f"{file.name} is no key, and does not belong here."


def _fits(file: KeyFile, records: Records, secret: str | None) -> Round | None:
    """The round whose key a file of any name holds, if the operator's secret is there to try it."""
    if secret is None or file.content is None or len(file.content) != NONCE_BYTES:
        return None
    for round_ in records.rounds.values():
        if round_.key_fingerprint and round_key(secret, file.content, round_.id).fingerprint == round_.key_fingerprint:
            return round_
    return None


def _strangers(custody: Custody, records: Records, secret: str | None) -> Iterator[Finding]:
    known = {round_.key_name + _SUFFIX for round_ in records.rounds.values()}
    strange = [
        file
        for file in custody.files
        if file.name.endswith(_SUFFIX) and file.name not in known and _fits(file, records, secret) is None
    ]
    if strange:
        yield _NONE_LEFT.note(
            f"{counted(len(strange), 'key belongs', 'keys belong')} to no round of this database, such as"
            f" {strange[0].name}. That is so where another Murmur keeps its keys here, too; else delete them."
        )


def _foreign(custody: Custody, records: Records, round_: Round, secret: str) -> Iterator[str]:
    """Ballots whose id belongs to nobody on the roster. Ids are worked out from the key; no ballot is opened."""
    nonce = _nonce(custody, round_)
    if nonce is None:
        return
    key = round_key(secret, nonce, round_.id)
    if key.fingerprint != round_.key_fingerprint:
        return
    expected = {slot_id(key, member_id) for member_id in records.roster(round_)}
    box = [place for place in records.box if place.round_id == round_.id]
    if strange := sum(place.id not in expected for place in box):
        yield f"round {round_.id} has {counted(strange, 'ballot')} of nobody whom it asks."
