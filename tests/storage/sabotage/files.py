"""Sabotage of files and servers."""

from tests.storage.sabotage.cases import POSTGRESQL, SQLITE, Cases
from tests.support.vandal import Scene, plain_ballot

cases = Cases()


@cases.found_as("wiped", on=SQLITE)
def rows_deleted_and_not_overwritten(scene: Scene) -> None:
    scene.leave_behind(b"nothing in particular " * 200)


@cases.found_as("wiped", "plain ballots", on=SQLITE)
def ballots_deleted_and_not_overwritten(scene: Scene) -> None:
    scene.leave_behind(plain_ballot())


@cases.found_as("rights", on=POSTGRESQL)
def tables_that_everybody_may_read(scene: Scene) -> None:
    scene.run("GRANT SELECT ON slot TO PUBLIC")


@cases.found_as("server settings", on=POSTGRESQL)
def a_server_that_writes_every_change_down(scene: Scene) -> None:
    set_for_database(scene, "log_statement = 'mod'")


@cases.found_as("server settings", on=POSTGRESQL)
def a_server_that_passes_over_triggers(scene: Scene) -> None:
    set_for_database(scene, "session_replication_role = 'replica'")


def set_for_database(scene: Scene, setting: str) -> None:
    """A setting of the database, for connections to come."""
    scene.run(f'ALTER DATABASE "{scene.database.url.database}" SET {setting}')
