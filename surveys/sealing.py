"""The cryptography of a ballot: a key for each round, a slot for each member, one size for every ballot.

Nothing here reads or writes anything. The nonce of a round comes from the key directory, the secret from the
settings; both together give the round's key, and destroying the nonce destroys every ballot sealed under it.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 32
"""Length of a round's nonce, the part of its key that is destroyed."""

SLOT_ID_BYTES = 16
"""Length of a slot's id: an HMAC cut to 128 bits, far beyond any chance of two members sharing one."""

COMMENT_LENGTH = 500
"""Longest comment, in characters."""

BALLOT_BYTES = 4096
"""Every ballot is padded to this size before sealing: 500 characters need at most 2,000 bytes of UTF-8, and
twice that where every character is a quote or a line break that JSON escapes."""

_GCM_NONCE_BYTES = 12  # NIST SP 800-38D recommends 96 bits


class SealBroken(Exception):
    """This ballot cannot be opened with this key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """What one member answered in one round. Blank until they send the form, and again if they send it blank."""

    answers: Mapping[str, int]  # item id -> option as pressed, from 1; skipped items are absent
    comment: str = ""  # at most COMMENT_LENGTH characters

    def __repr__(self) -> str:
        """Say nothing: a ballot must not reach a log by way of a traceback."""
        return "Ballot(sealed)"


BLANK = Ballot(answers={})


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundKey:
    """The key of one round, in memory only."""

    sealing: bytes = field(repr=False)  # AES-256-GCM key of the ballots
    addressing: bytes = field(repr=False)  # HMAC key of the slot ids
    fingerprint: str  # tells two keys apart without giving either away


def round_key(secret: str, nonce: bytes, round_id: int) -> RoundKey:
    """Derive the key of round `round_id` from the operator's secret and the round's nonce (HKDF, RFC 5869)."""

    def derive(purpose: str) -> bytes:
        info = f"murmur round {round_id} {purpose}".encode()
        return HKDF(algorithm=SHA256(), length=32, salt=nonce, info=info).derive(secret.encode())

    return RoundKey(
        sealing=derive("sealing"),
        addressing=derive("addressing"),
        fingerprint=derive("fingerprint")[:8].hex(),
    )


def slot_id(key: RoundKey, member_id: int) -> bytes:
    """The id of a member's slot in the round of `key`; without the key nobody can tell whose it is."""
    return hmac.digest(key.addressing, str(member_id).encode(), sha256)[:SLOT_ID_BYTES]


def seal(key: RoundKey, slot: bytes, ballot: Ballot, gcm_nonce: bytes) -> bytes:
    """Seal `ballot` for `slot`. `gcm_nonce` is 12 fresh random bytes; the result is always of one size.

    Raises ValueError when the ballot does not fit.
    """
    plain = json.dumps({"answers": dict(ballot.answers), "comment": ballot.comment}, ensure_ascii=False)
    packed = plain.encode("utf-8", "surrogatepass")  # half a surrogate pair is odd, but no reason to lose a ballot
    if len(packed) > BALLOT_BYTES:
        raise ValueError("the ballot is larger than a slot")
    # JSON ignores trailing blanks, so they can pad without a length field.
    return gcm_nonce + AESGCM(key.sealing).encrypt(gcm_nonce, packed.ljust(BALLOT_BYTES), slot)


def unseal(key: RoundKey, slot: bytes, sealed: bytes) -> Ballot:
    """Open what `seal` made for the same key and slot. Raises SealBroken for anything else."""
    try:
        plain = AESGCM(key.sealing).decrypt(sealed[:_GCM_NONCE_BYTES], sealed[_GCM_NONCE_BYTES:], slot)
    except (InvalidTag, ValueError) as broken:
        raise SealBroken("this ballot cannot be opened with this key") from broken
    content = json.loads(plain)
    return Ballot(answers=content["answers"], comment=content["comment"])
