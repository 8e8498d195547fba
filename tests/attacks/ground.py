"""Where attacks take place: fresh migrated databases of one kind, each with a folder and keys of its own."""

import secrets
import shutil
from pathlib import Path

from storage.database import Database
from storage.keys import KeyDirectory
from tests.conftest import make_postgres_database, postgres_database_url
from tests.support.organisation import Organisation


class Ground:
    """A supply of databases. To be closed, so that none keeps its connections."""

    def __init__(self, kind: str, folder: Path, template: str, server: str = "") -> None:
        """kind: "sqlite" or "postgresql". template: a migrated database, as a file or by its name on `server`."""
        self.kind = kind
        self._folder, self._template, self._server = folder, template, server
        self._databases: list[Database] = []

    def folder(self) -> Path:
        """A fresh empty folder."""
        folder = self._folder / secrets.token_hex(6)
        folder.mkdir(parents=True)
        return folder

    def url(self) -> str:
        """The address of a fresh database."""
        if self.kind == "sqlite":
            path = self.folder() / "murmur.db"
            shutil.copy(self._template, path)
            return f"sqlite:///{path}"
        name = f"murmur_{secrets.token_hex(6)}"
        make_postgres_database(self._server, name, self._template)
        return postgres_database_url(self._server, name)

    def database(self, url: str = "") -> Database:
        """A fresh database, or another look at one."""
        self._databases.append(Database(url or self.url()))
        return self._databases[-1]

    def organisation(self, question_set: str = "minimal") -> Organisation:
        """An organisation on a fresh database, with its keys apart."""
        return Organisation(self.database(), KeyDirectory(self.folder() / "keys"), question_set=question_set)

    def close(self) -> None:
        """Give all connections back."""
        for database in self._databases:
            database.dispose()
        self._databases.clear()
