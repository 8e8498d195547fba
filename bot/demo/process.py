"""The process of `murmur demo` and of a rehearsal: the page at once, everything else behind it, and a clean end.

Nothing heavy is imported here: the page is up, and the browser open, before Murmur itself is imported.
"""

import errno
import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.demo.company import BEGINS, installation, lantern_labs
from bot.demo.guide import Guide, guide_of
from bot.demo.routes import Routes
from bot.demo.show import Show, Stopped
from bot.logs import Line, class_and_place, configure
from bot.sandbox.clock import VirtualClock
from bot.sandbox.people_file import read_people
from bot.sandbox.server import Sandbox

Tell = Callable[[str], object]
Work = Callable[[Sandbox, Path], None]

log = logging.getLogger(__name__)

_GRACE: Final = 2.5  # real seconds to end in order; after that it ends at once
_LOG: Final = "log.txt"
_ATTEMPTS: Final = 10  # to delete what something at work may still add to
_BETWEEN_ATTEMPTS: Final = 0.05  # real seconds
_IN_THE_TERMINAL: Final = frozenset({"elinks", "links", "lynx", "w3m", "www-browser"})
_BROKEN: Final = "Something broke; the terminal says where. End it there with Ctrl-C, and start it again."


class CannotStart(Exception):
    """It cannot start. The message is one sentence: what is wrong, and how to mend it."""


def play(*, port: int, browser: bool, seed: int, keep: Path | None, tell: Tell) -> None:
    """`murmur demo`, until Ctrl-C. Raises CannotStart."""
    company, show = lantern_labs(), Show(Guide.read())
    routes = Routes(show)

    def work(sandbox: Sandbox, folder: Path) -> None:
        from bot.demo.performance import perform

        perform(show, sandbox, routes, folder, company, seed=seed)

    def made() -> Sandbox:
        return Sandbox(company.workspace, VirtualClock(BEGINS), port, extension=routes)

    with _running(show, made, work, port, keep) as (url, written, ended):
        behind = f"keeps what was stored in {keep}" if keep else "leaves nothing behind"
        tell(f"Murmur at work in a made-up company: {url}")
        tell(f"Nobody real is asked anything, and nothing leaves this machine. Ctrl-C ends it and {behind}.")
        tell(f"What Murmur logs meanwhile, when Slack fails for instance, is written to {written}.")
        if browser:
            threading.Thread(target=_open, args=(url,), daemon=True).start()
        ended.wait()


def rehearse(*, port: int, workspace: Path, tell: Tell) -> None:
    """`murmur sandbox --workspace`, until Ctrl-C. Raises CannotStart, or PeopleFileError."""
    company = read_people(workspace, installation=installation())
    show = Show(guide_of(company))

    def work(sandbox: Sandbox, folder: Path) -> None:
        from bot.demo.rehearsal import rehearse

        rehearse(show, sandbox, folder, company)

    def made() -> Sandbox:
        clock = VirtualClock(datetime.now(UTC), running=True)
        return Sandbox(company.workspace, clock, port, extension=Routes(show))

    with _running(show, made, work, port, None) as (url, written, ended):
        admin = next(person.real_name for person in company.workspace.people if person.is_admin)
        tell(f"A rehearsal with your own people: {url}")
        tell(f"You begin as {admin}, an admin; the page says what comes first.")
        tell(
            "Nobody real is asked anything, and nothing leaves this machine. Ctrl-C ends it and leaves nothing behind."
        )
        tell(f"What Murmur logs meanwhile, when Slack fails for instance, is written to {written}.")
        ended.wait()


@contextmanager
def _running(
    show: Show, made: Callable[[], Sandbox], work: Work, port: int, keep: Path | None
) -> Iterator[tuple[str, Path, threading.Event]]:
    """The page, and `work` behind it, until the block is left. Gives the page's address and where the log is written,
    and says when to leave.
    """
    temporary: list[Path] = []
    last_resort = threading.Timer(_GRACE, _end_at_once, [temporary])
    last_resort.daemon = True
    # Never called off: a thread that is stuck could still hold up the interpreter when all else has ended.
    with _told_to_end() as ended, ExitStack() as stack:
        folder = stack.enter_context(_folder(keep))
        temporary += [] if keep else [folder]
        written = stack.enter_context(_logged_in(folder))
        sandbox = made()
        show.changed = sandbox.notify
        try:
            stack.enter_context(sandbox)
        except OSError as error:
            in_use = error.errno == errno.EADDRINUSE
            what = "is in use" if in_use else f"cannot be used ({os.strerror(error.errno or 0).lower()})"
            raise CannotStart(f"Port {port} {what}: choose another with --port.") from None
        worker = threading.Thread(target=_work, args=(show, work, sandbox, folder), name="demonstration", daemon=True)
        worker.start()
        try:
            yield sandbox.url, written, ended
        finally:
            last_resort.start()
            show.stop()
            worker.join()


@contextmanager
def _logged_in(folder: Path) -> Iterator[Path]:
    """Write the log into a file of this folder. The terminal only hears when the demonstration itself breaks."""
    root, path = logging.getLogger(), folder / _LOG
    before, level = root.handlers[:], root.level
    with path.open("w", encoding="utf-8") as file:
        terminal = logging.StreamHandler(sys.stderr)
        terminal.setLevel(logging.ERROR)
        terminal.setFormatter(Line("text"))
        terminal.addFilter(lambda record: record.name.startswith("bot.demo."))
        configure("WARNING", "text", file)
        root.addHandler(terminal)
        try:
            yield path
        finally:
            root.handlers[:] = before
            root.setLevel(level)


@contextmanager
def _told_to_end() -> Iterator[threading.Event]:
    """Set by Ctrl-C, by a terminal that is closed, and by a plain kill."""
    ended = threading.Event()
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, lambda *_: ended.set()) for number in numbers}
    try:
        yield ended
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Where everything is stored: an empty folder that stays, or one that is gone afterwards."""
    if keep is None:
        folder = Path(tempfile.mkdtemp(prefix="murmur-demo-"))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return
    try:
        keep.mkdir(parents=True, exist_ok=True)
        empty = not any(keep.iterdir())
    except OSError as error:
        reason = (error.strerror or "it does not work").lower()
        raise CannotStart(f"{keep} cannot be used ({reason}): name another folder with --keep.") from None
    if not empty:
        raise CannotStart(f"{keep} is not empty: name a new folder with --keep, or empty this one first.")
    if not os.access(keep, os.W_OK):
        raise CannotStart(f"{keep} cannot be written to: name another folder with --keep.")
    yield keep


def _work(show: Show, work: Work, sandbox: Sandbox, folder: Path) -> None:
    """Do the work; what goes wrong is said on the page, and its place in the log."""
    from bot.running import CannotRun  # heavy, and `work` needs it anyway

    try:
        work(sandbox, folder)
    except Stopped:
        pass
    except CannotRun as problem:
        log.error("Murmur cannot run", extra={"error": class_and_place(problem)})
        show.fail(str(problem))
    except Exception as error:  # noqa: BLE001 - whatever it is, the page says so and the process can be ended
        if not show.stopping.is_set():
            log.error("the demonstration broke", extra={"error": class_and_place(error)})
            show.fail(_BROKEN)


def _open(url: str) -> None:
    """Open the page in the browser; not in one that would take over this terminal."""
    with suppress(webbrowser.Error, OSError):
        browser = webbrowser.get()
        if getattr(browser, "name", "") not in _IN_THE_TERMINAL:
            browser.open(url)


def _end_at_once(temporary: list[Path]) -> None:
    """End the process although something is still at work, and leave nothing behind that can be deleted."""
    for folder in temporary:
        for _ in range(_ATTEMPTS):
            shutil.rmtree(folder, ignore_errors=True)
            if not folder.exists():
                break
            time.sleep(_BETWEEN_ATTEMPTS)  # whatever is at work may have added to it meanwhile
    sys.stdout.flush()
    os._exit(0)
