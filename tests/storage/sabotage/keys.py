"""Sabotage of keys."""

import shutil
from pathlib import Path

from tests.storage.sabotage.cases import SQLITE, Cases
from tests.support.vandal import Scene

cases = Cases()


@cases.found_as("none left")
def a_key_of_a_closed_round_left(scene: Scene) -> None:
    put_key(scene, f"{scene.acme.round(scene.closed).key_name}.nonce", scene.kept)


@cases.found_as("none left")
def a_key_of_a_closed_round_kept_under_another_name(scene: Scene) -> None:
    put_key(scene, f"{'0' * 32}.nonce", scene.kept)


@cases.found_as("none left")
def a_copy_of_the_key_of_an_open_round(scene: Scene) -> None:
    put_key(scene, "backup.bin", scene.keys.read(scene.acme.round(scene.open).key_name))


@cases.found_as("none left")
def a_file_that_is_no_key(scene: Scene) -> None:
    put_key(scene, "notes.txt", b"see the other folder")


@cases.found_as("private")
def a_key_that_everybody_can_read(scene: Scene) -> None:
    (scene.keys.path / f"{scene.acme.round(scene.open).key_name}.nonce").chmod(0o644)


@cases.found_as("private")
def a_key_directory_that_everybody_can_write_to(scene: Scene) -> None:
    scene.keys.path.chmod(0o777)


@cases.found_as("of open rounds")
def a_wrong_fingerprint(scene: Scene) -> None:
    scene.run("UPDATE round SET key_fingerprint = '0123456789abcdef' WHERE id = :id", id=scene.open)


@cases.found_as("of open rounds")
def a_lost_key(scene: Scene) -> None:
    scene.keys.destroy(scene.acme.round(scene.open).key_name)


@cases.found_as("of open rounds")
def a_damaged_key(scene: Scene) -> None:
    (scene.keys.path / f"{scene.acme.round(scene.open).key_name}.nonce").write_bytes(b"short")


@cases.found_as("place", on=SQLITE)
def keys_beside_the_database(scene: Scene) -> None:
    beside = Path(str(scene.database.url.database)).parent / "keys"
    shutil.copytree(scene.keys.path, beside)
    scene.keys.path = beside


@cases.found_as("place", "none left", "private", on=SQLITE)  # what else lies there is no key
def keys_in_a_folder_that_holds_the_database_further_down(scene: Scene) -> None:
    above = Path(str(scene.database.url.database)).parent.parent
    for key in scene.keys.path.iterdir():
        shutil.copy(key, above / key.name)
    above.chmod(0o700)
    scene.keys.path = above


def put_key(scene: Scene, name: str, content: bytes) -> None:
    """A file in the key directory with the rights of a key."""
    file = scene.keys.path / name
    file.write_bytes(content)
    file.chmod(0o600)
