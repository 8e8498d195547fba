"""The key directory."""

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.keys import KeyDirectory, KeyLost
from surveys.sealing import NONCE_BYTES

SOON = datetime.now(UTC) + timedelta(hours=1)


def test_a_nonce_can_be_read_again_by_another_process_of_the_same_directory(keys: KeyDirectory) -> None:
    name, nonce = keys.create()
    assert len(nonce) == NONCE_BYTES
    assert KeyDirectory(keys.path).read(name) == nonce


def test_no_two_nonces_or_names_are_alike(keys: KeyDirectory) -> None:
    made = [keys.create() for _ in range(50)]
    assert len({name for name, _ in made}) == len({nonce for _, nonce in made}) == 50


def test_nobody_but_the_owner_can_read_a_nonce(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        keys = KeyDirectory(tmp_path / "made" / "keys")
        keys.create()
    finally:
        os.umask(before)
    (file,) = keys.path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o700


def test_a_destroyed_nonce_is_overwritten_and_gone(keys: KeyDirectory) -> None:
    name, nonce = keys.create()
    (file,) = keys.path.iterdir()
    with file.open("rb") as still_open:  # what a snapshot of the disk block would hold
        keys.destroy(name)
        assert still_open.read() == bytes(NONCE_BYTES) != nonce
    assert list(keys.path.iterdir()) == []
    with pytest.raises(KeyLost):
        keys.read(name)


def test_destroying_twice_is_no_trouble(keys: KeyDirectory) -> None:
    name, _ = keys.create()
    keys.destroy(name)
    keys.destroy(name)
    KeyDirectory(keys.path / "nowhere").destroy(name)


def test_destroying_one_nonce_leaves_the_others(keys: KeyDirectory) -> None:
    (name, _), (other, nonce) = keys.create(), keys.create()
    keys.destroy(name)
    assert keys.read(other) == nonce


@pytest.mark.parametrize("content", [b"", b"short", bytes(NONCE_BYTES + 1)])
def test_a_damaged_nonce_is_a_lost_one(keys: KeyDirectory, content: bytes) -> None:
    name, _ = keys.create()
    (file,) = keys.path.iterdir()
    file.write_bytes(content)
    with pytest.raises(KeyLost):
        keys.read(name)


def test_what_is_lost_is_not_named_in_the_error(keys: KeyDirectory) -> None:
    with pytest.raises(KeyLost) as lost:
        keys.read("0123abcd")
    assert "0123abcd" not in str(lost.value)


def test_strays_are_old_nonces_that_no_round_knows(keys: KeyDirectory) -> None:
    (known, _), (stray, _) = keys.create(), keys.create()
    (keys.path / "README").write_text("not a nonce")
    assert keys.strays({known}, older_than=SOON) == [stray]
    assert keys.strays({known}, older_than=SOON - timedelta(days=1)) == []
    assert KeyDirectory(keys.path / "nowhere").strays(set(), older_than=SOON) == []


def test_checking_leaves_nothing_behind(keys: KeyDirectory) -> None:
    keys.check()
    assert list(keys.path.iterdir()) == []


def test_checking_finds_a_place_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match="file"):
        KeyDirectory(tmp_path / "file" / "keys").check()
