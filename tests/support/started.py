"""`murmur demo` or `murmur sandbox` as a process, as somebody starts it in a terminal."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]

OWN_PEOPLE: Final = ROOT / "tests" / "examples" / "people.csv"
"""A small company: seven on a team, their manager, and an admin."""

_PATIENCE: Final = 60.0  # real seconds after which something that was told to end has not


class Started:
    """A process that has said where its page is.

    temporary: the folder in which it may put what is only for now.
    """

    def __init__(self, *arguments: str, temporary: Path) -> None:
        temporary.mkdir(exist_ok=True)
        self.temporary = temporary
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments],
            env={**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": str(ROOT)},
            cwd=temporary.parent,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert self.process.stdout is not None
        self.first_line = self.process.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", self.first_line)
        assert address is not None, self.first_line
        self.url = address.group()

    @property
    def port(self) -> str:
        """Where its page is."""
        return self.url.rpartition(":")[2]

    def end(self, how: signal.Signals = signal.SIGINT) -> str:
        """Ctrl-C. What it said since it told where its page is."""
        self.process.send_signal(how)
        said, _ = self.process.communicate(timeout=_PATIENCE)
        return said

    def abandon(self) -> None:
        """End it at once, if it still runs."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


@contextmanager
def started(*arguments: str, temporary: Path) -> Iterator[Started]:
    """A process that ends with the block, whatever happens in it."""
    running = Started(*arguments, temporary=temporary)
    try:
        yield running
        if running.process.poll() is None:
            running.end()
    finally:
        running.abandon()
