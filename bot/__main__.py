"""The command line."""

import json
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

import click
from sqlalchemy.exc import DBAPIError

from bot.app import create_murmur, real_clock
from bot.doctor import examine
from bot.logs import configure
from bot.manifest import manifest as app_manifest
from bot.running import CannotRun, prepare, running
from bot.scheduling import tick_once
from bot.settings import SettingsError, read_settings
from storage.database import Busy


def _in_one_sentence(command: Callable[..., Any]) -> Callable[..., Any]:
    """Whatever the operator can mend is said in a sentence, not as a trace."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except (SettingsError, CannotRun) as problem:
            raise click.ClickException(str(problem)) from None
        except (Busy, DBAPIError) as error:
            raise click.ClickException(
                f"The database does not answer ({type(error).__name__}): try again in a minute; murmur doctor looks"
                " at each part."
            ) from None

    return wrapped


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Murmur: short anonymous pulse surveys in Slack, and an early, honest flag for burnout and autonomy.

    Settings come from the environment and from .env in this folder; .env.example explains each.
    """


@main.command()
@_in_one_sentence
def run() -> None:
    """Run Murmur until Ctrl-C: connect to Slack, ask, close, deliver."""
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
    click.echo(json.dumps(app_manifest(), indent=2, ensure_ascii=False))


@main.command()
def doctor() -> None:
    """Check settings, database, key directory and Slack: one line each; exit status 1 if anything is wrong."""
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
def sandbox(port: int) -> None:
    """Start the stand-in Slack alone, to point a Murmur or another app at; Ctrl-C stops it."""
    from bot.sandbox.server import serve

    try:
        serve(port, ready=_tell_where)
    except OSError:
        raise click.ClickException(f"Port {port} is in use: choose another with --port.") from None


@main.command()
@_in_one_sentence
def demo() -> None:
    """Play sixteen weeks of Murmur in this terminal, against the stand-in Slack; no account needed."""
    from bot.demo import play

    configure("ERROR", "text")
    play(click.echo)


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
