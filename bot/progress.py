"""A progress bar for whoever waits for a command."""

import sys
from collections.abc import Iterable, Iterator
from typing import Any

import click


def bar(length: int, name: str) -> Any:
    """A progress bar for whoever looks on; nothing at all in a file or a pipe."""
    hidden = not sys.stderr.isatty()
    return click.progressbar(length=length, label=f"{name:19}", file=sys.stderr, hidden=hidden, update_min_steps=1)


def watched(lines: Iterable[str], size: int) -> Iterator[str]:
    """The lines of a file of `size` bytes, while a bar tells how far they are read."""
    with bar(size, "reading") as reading:
        for line in lines:
            reading.update(len(line))
            yield line
