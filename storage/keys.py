"""The key directory: one nonce a round, in a place apart from the database, destroyed when the round is coded."""

import os
import secrets
from enum import StrEnum
from pathlib import Path

from storage.tables import Round
from surveys.sealing import NONCE_BYTES, round_key

_SUFFIX = ".nonce"


class KeyLost(Exception):
    """The nonce of a round is not in the key directory of this process."""


class Fit(StrEnum):
    """Whether this process can take and open the ballots of a round."""

    YES = "yes"
    LOST = "lost"  # the nonce is not in its key directory, or is damaged
    OTHER = "other"  # it is there and does not fit: the secret was changed since, or the nonce was replaced


class KeyDirectory:
    """The nonces of open rounds. All replicas share it; backups leave it out."""

    def __init__(self, path: Path) -> None:
        """`path` need not exist yet; it is made, readable by its owner only, with the first nonce."""
        self.path = path

    def create(self, name: str) -> bytes:
        """Make the nonce `name`, which is on disk when this returns. Raises FileExistsError when there is one."""
        if not self.path.is_dir():
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sync(self.path.parent)
        nonce = secrets.token_bytes(NONCE_BYTES)
        descriptor = os.open(self._file(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, nonce)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        _sync(self.path)
        return nonce

    def read(self, name: str) -> bytes:
        """The nonce `name`. Raises KeyLost."""
        try:
            nonce = self._file(name).read_bytes()
        except OSError as error:
            raise KeyLost("the key of this round is not in the key directory") from error
        if len(nonce) != NONCE_BYTES:
            raise KeyLost("the key of this round is damaged")
        return nonce

    def fit(self, secret: str, round_: Round) -> Fit:
        """Whether the nonce and the operator's secret are those with which an open round was opened."""
        try:
            nonce = self.read(round_.key_name)
        except KeyLost:
            return Fit.LOST
        return Fit.YES if round_key(secret, nonce, round_.id).fingerprint == round_.key_fingerprint else Fit.OTHER

    def destroy(self, name: str) -> bool:
        """Overwrite and remove the nonce `name`. False when it is gone already."""
        file = self._file(name)
        try:
            with file.open("r+b") as handle:
                handle.write(bytes(NONCE_BYTES))
                handle.flush()
                os.fsync(handle.fileno())
            file.unlink()
        except FileNotFoundError:
            return False
        _sync(self.path)
        return True

    def check(self) -> None:
        """Write, read back and destroy a canary. Raises OSError or KeyLost when the directory does not work."""
        name = new_name()
        nonce = self.create(name)
        try:
            if self.read(name) != nonce:
                raise KeyLost("the key directory does not give back what was written")
        finally:
            self.destroy(name)

    def _file(self, name: str) -> Path:
        return self.path / f"{name}{_SUFFIX}"


def new_name() -> str:
    """A name for a nonce. It says nothing, and no other database that shares the directory has it."""
    return secrets.token_hex(16)


def _sync(directory: Path) -> None:
    """Bring what was made or removed in the directory to disk."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
