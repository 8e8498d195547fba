"""A fresh sandbox for each test."""

from collections.abc import Callable, Iterator

import pytest
from slack_sdk import WebClient

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox
from tests.bot.sandbox.support import SocketApp, Stopwatch, web_client


@pytest.fixture
def stopwatch() -> Stopwatch:
    """The real seconds of the sandbox, which stand still until a test moves them."""
    return Stopwatch()


@pytest.fixture
def sandbox(stopwatch: Stopwatch) -> Iterator[Sandbox]:
    """A sandbox with the default workspace and Slack's own limits."""
    with Sandbox(monotonic=stopwatch, ack_seconds=0.3, event_retries=(0.0, 0.0)) as sandbox:
        yield sandbox


@pytest.fixture
def web(sandbox: Sandbox) -> WebClient:
    """Slack's own client with the bot's token."""
    return web_client(sandbox)


@pytest.fixture
def client(sandbox: Sandbox) -> SandboxClient:
    """A client of the control API that does not wait long for what will not come."""
    return SandboxClient(sandbox.url, patience=2.0)


@pytest.fixture
def connect(sandbox: Sandbox) -> Iterator[Callable[..., SocketApp]]:
    """Connects apps, and says goodbye to them in the end."""
    apps = []

    def connected(answer: Callable[..., object] = lambda _: None) -> SocketApp:
        apps.append(SocketApp(sandbox, answer))
        return apps[-1]

    yield connected
    for app in apps:
        app.close()
