"""The bytes of a SQLite file, page by page, as they lie on the disk: what SQL does not show.

The format is described at https://www.sqlite.org/fileformat2.html. While Murmur runs, the newest pages lie in the
write-ahead log beside the file; they are laid over the file's own here.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

BESIDE = ("", "-wal", "-journal")
"""What a database file is called, and what SQLite puts beside it that can hold rows; -shm is an index only."""

MAGIC = b"SQLite format 3\0"
"""How every SQLite file begins."""

_HEADER, _WAL_HEADER, _FRAME_HEADER = 100, 32, 24  # bytes
_CHUNK = 1024  # bytes in which noise is looked for


class NoDatabase(Exception):
    """The file is not a SQLite database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """A SQLite database as it lies on the disk."""

    raw: Mapping[str, bytes]  # the content of each file that is there, by what its name ends with
    size: int  # bytes a page
    current: tuple[bytes, ...]  # the pages as last committed, from page 1 on

    @property
    def image(self) -> bytes:
        """The file as it will be once the log is written back, marked as one that needs no log."""
        whole = bytearray(b"".join(self.current))
        whole[18:20] = b"\x01\x01"
        return bytes(whole)

    def free(self) -> Iterator[tuple[int, bytes]]:
        """The pages that are not in use, with their numbers; those that only list others are left out."""
        (trunk,) = struct.unpack_from(">I", self.current[0], 32)
        seen = set()
        while trunk and trunk not in seen and trunk <= len(self.current):
            seen.add(trunk)
            page = self.current[trunk - 1]
            trunk, count = struct.unpack_from(">II", page)
            for number in struct.unpack_from(f">{min(count, self.size // 4 - 2)}I", page, 8):
                if 0 < number <= len(self.current):
                    yield number, self.current[number - 1]

    def noise(self) -> int:
        """How many bytes, roughly, cannot be told from noise. Nothing that Murmur keeps looks so but sealed ballots."""
        return sum(
            _CHUNK
            for content in self.raw.values()
            for start in range(0, len(content), _CHUNK)
            if is_noise(content[start : start + _CHUNK])
        )


def read_pages(file: Path) -> Pages:
    """Read a database file and what lies beside it. Raises NoDatabase, OSError.

    Whoever reads while Murmur runs holds a read transaction meanwhile: the log is then not begun anew.
    """
    raw = {"": file.read_bytes()}
    main = raw[""]
    if len(main) < _HEADER or not main.startswith(MAGIC):
        raise NoDatabase("it is no SQLite database")
    for suffix in BESIDE[1:]:
        try:
            raw[suffix] = file.with_name(file.name + suffix).read_bytes()
        except FileNotFoundError:
            continue
    (size,) = struct.unpack_from(">H", main, 16)
    size = 65536 if size == 1 else size
    pages = {number: main[start : start + size] for number, start in enumerate(range(0, len(main), size), 1)}
    newer, length = _committed(raw.get("-wal", b""), size)
    pages |= newer
    length = length or len(pages)
    return Pages(raw=raw, size=size, current=tuple(pages.get(n, bytes(size)) for n in range(1, length + 1)))


def is_noise(content: bytes) -> bool:
    """Whether the bytes cannot be packed any smaller: so does what is well encrypted look, and nothing readable."""
    return len(content) >= _CHUNK and len(zlib.compress(content, 1)) >= len(content)


def _committed(log: bytes, size: int) -> tuple[dict[int, bytes], int]:
    """The pages in a write-ahead log as of its last commit, and how many the file has then; 0 without a commit.

    Frames of an earlier turn of the log, which lie behind the newest, carry other salts.
    """
    salts = log[16:24]
    pages: dict[int, bytes] = {}
    pending: dict[int, bytes] = {}
    length = 0
    for start in range(_WAL_HEADER, len(log) - size - _FRAME_HEADER + 1, size + _FRAME_HEADER):
        number, committed = struct.unpack_from(">II", log, start)
        if log[start + 8 : start + 16] != salts:
            break
        pending[number] = log[start + _FRAME_HEADER : start + _FRAME_HEADER + size]
        if committed:
            pages |= pending
            pending, length = {}, committed
    return pages, length
