"""Logging: one line each, and never what anybody wrote, pressed or sent.

Slack's SDK quotes payloads in its messages and in the exceptions it logs, and a database error can quote what
it tried to store. So of other packages' records only where they come from is kept, and of every exception
only its class and place.
"""

import json
import logging
import sys
import threading
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

log = logging.getLogger(__name__)

_OWN = ("bot", "storage", "surveys", "murmur")
_NOISY = ("slack_sdk", "slack_bolt", "sqlalchemy", "apscheduler", "alembic", "aiohttp", "websocket", "filelock")
_FIELDS = ("method", "error", "count", "round", "step", "seconds", "kind")
"""Extra fields that may appear in a line. None of them can name a person or hold what somebody wrote."""


def configure(level: str, style: str, stream: TextIO | None = None) -> None:
    """Send all logging to `stream` (standard error by default) as text or JSON lines, from `level` on."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Line(style))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _NOISY:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(True)
    # Python itself would print what a record or an exception holds when it cannot be logged, or ends a thread.
    logging.raiseExceptions = False
    threading.excepthook = _log_end_of_thread


def _log_end_of_thread(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None:
        log.error("a thread ended", extra={"error": class_and_place(ended.exc_value)})


class Line(logging.Formatter):
    """A record as one line of text or of JSON."""

    def __init__(self, style: str) -> None:
        """`style` is "text" or "json"."""
        super().__init__()
        self._json = style == "json"

    def format(self, record: logging.LogRecord) -> str:
        """The line of `record`; other packages' messages are left out, and every exception is reduced."""
        own = record.name.split(".")[0] in _OWN
        entry: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage() if own else f"{record.module}:{record.lineno}",
        }
        entry |= {name: record.__dict__[name] for name in _FIELDS if own and name in record.__dict__}
        if record.exc_info and record.exc_info[1] is not None:
            entry["exception"] = class_and_place(record.exc_info[1])
        if self._json:
            return json.dumps(entry, ensure_ascii=False, default=str)
        line = " ".join(str(entry.pop(name)) for name in ("at", "level", "from", "message"))
        line += "".join(f" {name}={value}" for name, value in entry.items())
        return line.replace("\n", " ")


def class_and_place(error: BaseException) -> str:
    """What an exception is and where it was raised, without its message."""
    return f"{type(error).__name__} at {_place(error.__traceback__)}"


def _place(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)
    own = [frame for frame in frames if any(f"/{room}/" in frame.filename for room in _OWN)]
    if not frames:
        return "an unknown place"
    frame = (own or frames)[-1]
    return f"{'/'.join(frame.filename.split('/')[-2:])}:{frame.lineno}"
