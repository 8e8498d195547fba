"""The command line."""

import json
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from typing import Any, Final

import click

from bot.logs import configure

# Everything else is imported by the commands that need it: Murmur as a whole takes seconds to import, and the page
# of the demonstration should be there at once.


def _in_one_sentence(command: Callable[..., Any]) -> Callable[..., Any]:
    """Whatever the operator can mend is said in a sentence, not as a trace."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except click.ClickException:
            raise
        except Exception as error:
            if (sentence := _sentence(error)) is None:
                raise
            raise click.ClickException(sentence) from None

    return wrapped


def _sentence(error: Exception) -> str | None:
    """What to say of an error that the operator can mend; None for any other."""
    from sqlalchemy.exc import DBAPIError

    from bot.running import CannotRun
    from bot.settings import SettingsError
    from storage.database import Busy

    if isinstance(error, SettingsError | CannotRun):
        return str(error)
    if isinstance(error, Busy | DBAPIError):
        return (
            f"The database does not answer ({type(error).__name__}): try again in a minute; murmur doctor looks"
            " at each part."
        )
    return None


class _Commands(click.Group):
    """The commands of this file, and those that live with what they do, imported only when they are wanted."""

    elsewhere: Final = {
        "audit": "bot.auditing",
        "detect": "bot.detecting",
        "export": "bot.exporting",
        "import": "bot.importing",
        "questions": "bot.question_files",
        "verify": "bot.verifying",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *self.elsewhere])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.elsewhere:
            return super().get_command(ctx, cmd_name)
        function = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command: click.Command = getattr(import_module(self.elsewhere[cmd_name]), function)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Murmur: short anonymous pulse surveys in Slack, and an early, honest flag for burnout and autonomy.

    Settings come from the environment and from .env in this folder; .env.example explains each.
    """


@main.command()
@_in_one_sentence
def run() -> None:
    """Run Murmur until Ctrl-C: connect to Slack, ask, close, deliver."""
    from bot.app import create_murmur
    from bot.running import running
    from bot.settings import read_settings

    settings = read_settings()
    configure(settings.log_level, settings.log_format)
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    with running(create_murmur(settings)):
        click.echo("Murmur is running. Ctrl-C stops it.", err=True)
        stop.wait()


@main.command()
@click.option(
    "--at", "moment", metavar="TIME", help="As if it were this time: 2026-03-09T09:00, in UTC unless it says."
)
@_in_one_sentence
def tick(moment: str | None) -> None:
    """Do once whatever is due - open, close, code, publish, deliver - and exit; for cron."""
    from bot.app import create_murmur, real_clock
    from bot.running import prepare
    from bot.scheduling import tick_once
    from bot.settings import read_settings

    settings = read_settings()
    configure(settings.log_level, settings.log_format)
    at = _instant(moment) if moment else None
    murmur = create_murmur(settings, clock=(lambda: at) if at else real_clock)
    with prepare(murmur):
        sent = tick_once(murmur)
    click.echo(f"Done; {sent} message{'' if sent == 1 else 's'} sent.")


@main.command()
def manifest() -> None:
    """Print the manifest from which Slack makes the app: its scopes and events are all that Murmur uses."""
    from bot.manifest import manifest as app_manifest

    click.echo(json.dumps(app_manifest(), indent=2, ensure_ascii=False))


@main.command()
def doctor() -> None:
    """Check settings, database, key directory and Slack: one line each; exit status 1 if anything is wrong."""
    from bot.doctor import examine

    configure("ERROR", "text")
    healthy = True
    for finding in examine():
        healthy = healthy and finding.fine
        click.echo(f"{'ok  ' if finding.fine else 'NOT '} {finding.what}: {finding.words}")
    sys.exit(0 if healthy else 1)


@main.command()
@click.option(
    "--port",
    default=8765,
    type=click.IntRange(0, 65535),
    show_default=True,
    help="Where it listens, on this machine only.",
)
@click.option(
    "--workspace",
    "people",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A rehearsal with your own people, from a CSV file, and a Murmur to set up.",
)
@click.option("--alone", is_flag=True, help="With --workspace: your people, but no Murmur.")
def sandbox(port: int, people: Path | None, alone: bool) -> None:
    """Start the stand-in Slack and its page, to point a Murmur or another app at; Ctrl-C stops it."""
    from bot.demo.company import installation
    from bot.demo.process import CannotStart, rehearse
    from bot.sandbox.people_file import PeopleFileError, read_people
    from bot.sandbox.server import serve

    configure("ERROR", "text")
    try:
        if people is not None and not alone:
            return rehearse(port=port, workspace=people, tell=click.echo)
        workspace = read_people(people, installation=installation()).workspace if people else None
    except (CannotStart, PeopleFileError) as problem:
        raise click.ClickException(str(problem)) from None
    try:
        serve(port, workspace, ready=_tell_where)
    except OSError:
        raise click.ClickException(f"Port {port} is in use: choose another with --port.") from None


@main.command()
@click.option(
    "--port",
    default=8766,
    type=click.IntRange(0, 65535),
    show_default=True,
    help="Where its page is, on this machine only.",
)
@click.option("--no-browser", is_flag=True, help="Print the page's address, and open no browser.")
@click.option("--seed", default=2026, show_default=True, help="Another number is another company, as it feels.")
@click.option(
    "--keep",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Store databases and keys in this folder, and leave them there.",
)
def demo(port: int, no_browser: bool, seed: int, keep: Path | None) -> None:
    """Show Murmur at work in a made-up company, in the browser; no Slack account needed. Ctrl-C ends it."""
    from bot.demo.process import CannotStart, play

    configure("ERROR", "text")
    try:
        play(port=port, browser=not no_browser, seed=seed, keep=keep, tell=click.echo)
    except CannotStart as problem:
        raise click.ClickException(str(problem)) from None


def _tell_where(sandbox: Any) -> None:
    click.echo(f"A stand-in Slack listens at {sandbox.url}. Ctrl-C stops it. For a Murmur that talks to it:")
    for name, value in (
        ("SLACK_API_BASE_URL", sandbox.api_url),
        ("SLACK_BOT_TOKEN", sandbox.bot_token),
        ("SLACK_APP_TOKEN", sandbox.app_token),
    ):
        click.echo(f"  {name}={value}")


def _instant(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"“{text}” is no time; 2026-03-09T09:00 is.", param_hint="--at") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


if __name__ == "__main__":
    main()
