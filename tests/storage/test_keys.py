"""The key directory."""

import os
import stat
from datetime import date
from pathlib import Path

import pytest

from storage.keys import Fit, KeyDirectory, KeyLost, new_name
from storage.tables import Round
from surveys.sealing import NONCE_BYTES, round_key
from tests.support.organisation import FRIDAY, TUESDAY


def test_a_nonce_can_be_read_again_by_another_process_of_the_same_directory(keys: KeyDirectory) -> None:
    nonce = keys.create("name")
    assert len(nonce) == NONCE_BYTES
    assert KeyDirectory(keys.path).read("name") == nonce


def test_no_two_nonces_or_names_are_alike(keys: KeyDirectory) -> None:
    names = {new_name() for _ in range(50)}
    assert len(names) == len({keys.create(name) for name in names}) == 50


def test_a_nonce_that_is_there_is_never_written_over(keys: KeyDirectory) -> None:
    nonce = keys.create("name")
    with pytest.raises(FileExistsError):
        keys.create("name")
    assert keys.read("name") == nonce


def test_nobody_but_the_owner_can_read_a_nonce(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        keys = KeyDirectory(tmp_path / "made" / "keys")
        keys.create("name")
    finally:
        os.umask(before)
    (file,) = keys.path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o700


def test_a_destroyed_nonce_is_overwritten_and_gone(keys: KeyDirectory) -> None:
    nonce = keys.create("name")
    (file,) = keys.path.iterdir()
    with file.open("rb") as still_open:  # what a snapshot of the disk block would hold
        assert keys.destroy("name")
        assert still_open.read() == bytes(NONCE_BYTES) != nonce
    assert list(keys.path.iterdir()) == []
    with pytest.raises(KeyLost):
        keys.read("name")


def test_destroying_what_is_gone_is_no_trouble_and_says_so(keys: KeyDirectory) -> None:
    keys.create("name")
    assert keys.destroy("name")
    assert not keys.destroy("name")
    assert not KeyDirectory(keys.path / "nowhere").destroy("name")


def test_destroying_one_nonce_leaves_the_others(keys: KeyDirectory) -> None:
    keys.create("name")
    nonce = keys.create("other")
    keys.destroy("name")
    assert keys.read("other") == nonce


@pytest.mark.parametrize("content", [b"", b"short", bytes(NONCE_BYTES + 1)])
def test_a_damaged_nonce_is_a_lost_one(keys: KeyDirectory, content: bytes) -> None:
    keys.create("name")
    (file,) = keys.path.iterdir()
    file.write_bytes(content)
    with pytest.raises(KeyLost):
        keys.read("name")


def test_what_is_lost_is_not_named_in_the_error(keys: KeyDirectory) -> None:
    with pytest.raises(KeyLost) as lost:
        keys.read("0123abcd")
    assert "0123abcd" not in str(lost.value)


def test_checking_leaves_nothing_behind_and_what_was_there_alone(keys: KeyDirectory) -> None:
    nonce = keys.create("name")
    keys.check()
    assert len(list(keys.path.iterdir())) == 1
    assert keys.read("name") == nonce


def test_checking_finds_a_place_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match="file"):
        KeyDirectory(tmp_path / "file" / "keys").check()


def test_it_is_told_apart_whether_a_key_fits_is_lost_or_is_another(keys: KeyDirectory) -> None:
    round_ = Round(
        id=7,
        pulse_id=1,
        state="open",
        opens_on=date(2026, 3, 3),
        opens_at=TUESDAY,
        closes_at=FRIDAY,
        reminds_on=date(2026, 3, 5),
        key_name="name",
    )
    assert keys.fit("the secret", round_) is Fit.LOST
    round_.key_fingerprint = round_key("the secret", keys.create("name"), 7).fingerprint
    assert keys.fit("the secret", round_) is Fit.YES
    assert keys.fit("another secret", round_) is Fit.OTHER
    keys.destroy("name")
    assert keys.fit("the secret", round_) is Fit.LOST
    keys.create("name")
    assert keys.fit("the secret", round_) is Fit.OTHER


def test_the_directory_and_the_nonces_in_it_are_their_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        keys = KeyDirectory(tmp_path / "deep" / "keys")
        keys.create("name")
    finally:
        os.umask(before)
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o700
    assert [stat.S_IMODE(file.stat().st_mode) for file in keys.path.iterdir()] == [0o600]
