"""Files that appear, or are replaced, when they are complete, and not before."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def written_whole(target: Path) -> Iterator[IO[str]]:
    """Write a file, all or nothing. Raises OSError."""
    if target.exists() and not target.is_file():  # a terminal or a pipe
        with target.open("w", encoding="utf-8", newline="") as file:
            yield file
        return
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8", newline="") as file:
            yield file
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
