"""The bytes of every file in a folder, read by a process of its own.

A process that reads a SQLite file and closes it loses every lock that its own connections hold on that file, and with
them what keeps another process from taking the log away (https://www.sqlite.org/howtocorrupt.html, 2.2). Here Murmur
and the thief share a process, so the thief sends somebody else to look.
"""

import pickle
import subprocess
import sys
from pathlib import Path


def contents(folder: Path) -> dict[str, bytes]:
    """What is in the files of `folder`, by name, in name order; files that vanish meanwhile are empty.

    Nothing where there is no such folder: the first round makes the one for keys.
    """
    if not folder.is_dir():
        return {}
    read = subprocess.run([sys.executable, "-m", __name__, str(folder)], check=True, stdout=subprocess.PIPE)  # noqa: S603
    found: dict[str, bytes] = pickle.loads(read.stdout)  # noqa: S301 - it comes from below
    return found


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:  # SQLite puts its logs away at any time
        return b""


def _main() -> None:
    folder = Path(sys.argv[1])
    found = {file.name: _content(file) for file in sorted(folder.iterdir()) if file.is_file()}
    sys.stdout.buffer.write(pickle.dumps(found))


if __name__ == "__main__":
    _main()
