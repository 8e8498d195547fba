"""The story of one day with an app made with Slack's own Bolt for JavaScript, told once for all tests here."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from bot.sandbox.client import Person, SandboxClient
from bot.sandbox.limits import Rates
from bot.sandbox.server import Sandbox
from tests.support import node

HERE = Path(__file__).parent

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Story:
    """What was seen on the way, and what went over the wire."""

    seen: list[str] = field(default_factory=list)  # what stood on the screen after each act
    errors: Json = field(default_factory=dict)  # beside the fields, after the form was sent with a mistake
    calls: list[Json] = field(default_factory=list)  # the Web API calls of the app
    envelopes: list[Json] = field(default_factory=list)  # the Socket Mode envelopes to it


@pytest.fixture(scope="session")
def node_project() -> Path:
    """A directory with Slack's JavaScript packages in `node_modules`."""
    return node.project(HERE)


@pytest.fixture(scope="session")
def story(node_project: Path) -> Story:
    """The whole journey of journey.mjs, once."""
    told = Story()
    with Sandbox(rates=Rates.unlimited()) as sandbox, app_running(node_project, sandbox) as client:
        live_through(client.person("Priya"), told)
        told.calls, told.envelopes = client.calls(), client.envelopes()
    return told


@contextmanager
def app_running(project: Path, sandbox: Sandbox) -> Iterator[SandboxClient]:
    """The JavaScript app as a process of its own, connected."""
    environment = {
        "PATH": os.environ["PATH"],
        "API_URL": sandbox.api_url,
        "BOT_TOKEN": sandbox.bot_token,
        "APP_TOKEN": sandbox.app_token,
    }
    with TemporaryDirectory(dir=project) as directory:
        script = shutil.copy(HERE / "journey.mjs", directory)  # from there it finds the packages
        process = subprocess.Popen([shutil.which("node") or "node", script], env=environment)
        try:
            client = sandbox.client()
            client.wait_for_connection()
            yield client
        finally:
            process.terminate()
            process.wait(timeout=30)


def live_through(priya: Person, told: Story) -> None:
    """What Priya does."""
    priya.open_home()
    told.seen.append(priya.home().text)

    priya.command("/pulse")
    told.seen.append(priya.wait_for_view("How many days?").text)
    priya.close_view()
    told.seen.append(priya.wait_for_message("Nothing was sent.").text)

    priya.command("/pulse")
    priya.wait_for_view("How many days?")
    priya.fill("How many days?", "a few")
    told.errors = dict(priya.submit().errors)
    priya.fill("How many days?", "3")
    priya.choose("How was the week?", "Good")
    priya.submit()
    told.seen.append(priya.wait_for_view("You asked for").text)
    priya.press("Explain")
    told.seen.append(priya.wait_for_view("Days off are days off.").text)
    priya.close_view()
    told.seen.append(priya.view.text)
    priya.submit()
    told.seen.append(priya.wait_for_message("are noted").text)
    told.seen.append(f"{len(priya.views)} windows")
    priya.press("Thank you")
    told.seen.append(priya.wait_for_message("You are welcome.").text)
