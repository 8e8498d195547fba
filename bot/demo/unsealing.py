"""Opening what was sealed, as AES-256-GCM: in the tables, and in what was deleted but still lies in the bytes."""

import hmac
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR, ECB
from numpy.lib.stride_tricks import sliding_window_view

from bot.demo.prying import values_of
from bot.demo.stolen import Row, Stolen, Table
from surveys.sealing import RoundKey, round_key

_NONCE, _TAG = 12, 16  # bytes that AES-GCM puts before what it seals, and behind it
_FIRST = b"\0\0\0\x02"  # what AES-GCM counts from, behind the nonce
_LONGEST = 8192  # bytes that are opened of what lies anywhere
_RANDOM = 5  # of 28 random bytes at least so many are 128 or more: of a million that are, 400 have fewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What became of the values that look sealed."""

    sealed: Sequence[Row]  # the rows in which they lie
    plain: Mapping[bytes, bytes]  # those that could be opened, and what is in them
    leftovers: Mapping[int, bytes]  # what could be opened in the bytes, by place
    keys: Sequence[RoundKey]  # keys that fitted, where they are of Murmur's kind
    tried: int  # keys that were tried on the tables
    tried_on_bytes: int  # and on the bytes


def open_sealed(stolen: Stolen, secret: str) -> Opening:
    """Try every key on one sealed value of each table and round, and a key that fits on all the others.

    The raw bytes are tried, at every place, with the keys that fitted and those that take nothing but the secret.
    """
    rows: list[Row] = []
    plain: dict[bytes, bytes] = {}
    fitting: dict[bytes, RoundKey | None] = {}
    tried = 0
    ingredients = _ingredients(stolen, secret)
    for table in stolen.tables.values():
        sealed = [
            (row, value) for row in table.rows for value in row if isinstance(value, bytes) and _looks_sealed(value)
        ]
        rows += [row for row, _ in sealed]
        samples = {_rounds(table, row): (row, value) for row, value in sealed}
        for rounds, (row, value) in samples.items():
            for key, of_round in _keys(ingredients, secret, rounds):
                tried += 1
                if _opened(key, value, row) is None:
                    continue
                fitting[key] = of_round
                contents = ((value, _opened(key, value, row)) for row, value in sealed)
                plain |= {value: content for value, content in contents if content is not None}
    simple = {b"", *stolen.beside.values()}
    on_bytes = list(dict.fromkeys([*fitting, *(key for key, _ in _keys(simple, secret, (0,)))]))
    return Opening(
        sealed=rows,
        plain=plain,
        leftovers=_open_bytes(stolen.raw, on_bytes),
        keys=[key for key in fitting.values() if key],
        tried=tried,
        tried_on_bytes=len(on_bytes),
    )


def _open_bytes(raw: bytes, keys: Sequence[bytes]) -> dict[int, bytes]:
    """JSON that was sealed and lies anywhere, whatever its size: a key fits where the first bytes become JSON's.

    Neither the size nor the tag is needed for that, so that a ballot which was overwritten in part is found as well.
    """
    octets = np.frombuffer(raw, dtype=np.uint8)
    if len(octets) <= _NONCE + _TAG:
        return {}
    high = np.concatenate(([0], np.cumsum(octets >= 128)))
    places = np.flatnonzero(high[_NONCE + _TAG :] - high[: -_NONCE - _TAG] >= _RANDOM)
    places = places[places < len(octets) - _NONCE - _TAG]
    blocks = np.empty((len(places), 16), dtype=np.uint8)
    blocks[:, :_NONCE] = sliding_window_view(octets, _NONCE)[places]
    blocks[:, _NONCE:] = np.frombuffer(_FIRST, dtype=np.uint8)
    content = blocks.tobytes()
    opened: dict[int, bytes] = {}
    for key in keys:
        stream = Cipher(AES256(key), ECB()).encryptor().update(content)  # noqa: S305 - every nonce is another
        masks = np.frombuffer(stream, dtype=np.uint8).reshape(-1, 16)
        first, second = (masks[:, place] ^ octets[places + _NONCE + place] for place in (0, 1))
        begins = ((first == ord("{")) & (second == ord('"'))) | ((first == ord("[")) & (second == ord("{")))
        for place in places[begins].tolist():
            nonce, sealed = raw[place : place + _NONCE], raw[place + _NONCE : place + _NONCE + _LONGEST]
            opened[place] = Cipher(AES256(key), CTR(nonce + _FIRST)).decryptor().update(sealed)
    return opened


def _ingredients(stolen: Stolen, secret: str) -> set[bytes]:
    """Whatever a key could be made of beside the secret: nothing, zeros, every value in the file, files beside it."""
    found = {b"", bytes(32), sha256(secret.encode()).digest(), *stolen.beside.values()}
    for value in values_of(stolen):
        if isinstance(value, bytes):
            found |= {value, value[:_NONCE], value[:32], value[-32:]}
        elif value is not None:
            found.add(str(value).encode())
            if isinstance(value, str) and re.fullmatch(r"(?:[0-9a-f]{2}){4,64}", value):
                found.add(bytes.fromhex(value))
    return found


def _keys(
    ingredients: Collection[bytes], secret: str, rounds: Collection[int]
) -> Iterator[tuple[bytes, RoundKey | None]]:
    """Keys for AES-256-GCM: as Murmur derives them, and as others do."""
    own = secret.encode()
    for ingredient in ingredients:
        for number in rounds:
            key = round_key(secret, ingredient, number)
            yield key.sealing, key
        yield hmac.digest(own, ingredient, sha256), None
        yield sha256(own + ingredient).digest(), None
        if len(ingredient) == 32:
            yield ingredient, None


def _rounds(table: Table, row: Row) -> tuple[int, ...]:
    """Numbers that tell the row's round, or 0."""
    named = zip(table.columns, row, strict=True)
    return tuple(value for name, value in named if "round" in name and isinstance(value, int)) or (0,)


def _looks_sealed(value: bytes) -> bool:
    return len(value) > _NONCE + _TAG


def _opened(key: bytes, sealed: bytes, row: Row) -> bytes | None:
    """What is in a sealed value, alone or bound to another value of its row; None when the key does not fit."""
    others = [value for value in row if isinstance(value, bytes) and value != sealed]
    for bound_to in (None, *others):
        try:
            return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to)
        except InvalidTag:
            continue
    return None
