"""What the page asks of the demonstration, over HTTP, in front of a show that nobody carries out."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from bot.demo.guide import Guide
from bot.demo.routes import Routes
from bot.demo.show import Show
from bot.sandbox.server import Sandbox


@pytest.fixture
def show() -> Show:
    """A show that is ready."""
    show = Show(Guide.read())
    show.ready()
    return show


@pytest.fixture
def routes(show: Show) -> Routes:
    """Its addresses."""
    return Routes(show)


@pytest.fixture
def url(routes: Routes) -> Iterator[str]:
    """Where they are."""
    with Sandbox(extension=routes) as sandbox:
        yield sandbox.url


def ask(url: str, verb: str = "POST", kind: str = "application/json") -> tuple[int, Any]:
    """Status and answer."""
    body = b"{}" if verb == "POST" else None
    try:
        with urlopen(Request(url, body, {"Content-Type": kind}, method=verb), timeout=10) as answer:
            return answer.status, json.loads(answer.read())
    except HTTPError as refused:
        with refused:
            return refused.code, json.loads(refused.read())


def test_a_step_is_taken_at_once(url: str, show: Show) -> None:
    status, told = ask(f"{url}/demo/steps/answer")
    assert (status, told["steps"][0]["state"]) == (200, "busy")
    assert show.next_order().id == "answer"


def test_another_has_to_wait_and_is_told_why(url: str) -> None:
    ask(f"{url}/demo/steps/answer")
    assert ask(f"{url}/demo/steps/answer")[0] == 200
    status, told = ask(f"{url}/demo/jumps/next-monday")
    assert status == 409
    assert told == {"error": "One thing at a time: this waits until what is under way has ended."}


def test_a_step_can_be_skipped(url: str) -> None:
    status, told = ask(f"{url}/demo/steps/promise/skip")
    assert (status, told["steps"][3]["state"]) == (200, "skipped")


def test_a_jump_is_taken(url: str, show: Show) -> None:
    assert ask(f"{url}/demo/jumps/two-months")[0] == 200
    assert show.next_order().id == "two-months"


@pytest.mark.parametrize("path", ["steps/dance", "steps/dance/skip", "jumps/yesterday"])
def test_what_there_is_not_is_named(url: str, path: str) -> None:
    status, told = ask(f"{url}/demo/{path}")
    assert status == 404
    assert "there are:" in told["error"]


def test_other_sites_cannot_give_orders(url: str) -> None:
    assert ask(f"{url}/demo/steps/answer", kind="text/plain")[0] == 415


def test_there_is_nothing_to_steal_before_the_history(url: str) -> None:
    assert ask(f"{url}/demo/theft", "GET") == (409, {"error": "There is nothing to steal yet."})


def test_the_loot_is_shown(url: str, routes: Routes) -> None:
    routes.thief = lambda keys: {"attack": "Everything", "keys": keys}
    assert ask(f"{url}/demo/theft", "GET") == (200, {"attack": "Everything", "keys": False})
    assert ask(f"{url}/demo/theft?keys", "GET") == (200, {"attack": "Everything", "keys": True})


def test_a_theft_that_fails_is_said_in_a_sentence(url: str, routes: Routes) -> None:
    def stumble(_: bool) -> Any:
        raise RuntimeError("with a secret in it")

    routes.thief = stumble
    assert ask(f"{url}/demo/theft", "GET") == (500, {"error": "The theft failed this time. Try again."})


def test_the_stream_tells_of_the_demonstration(url: str, show: Show) -> None:
    with urlopen(f"{url}/page/stream?person=U0PRIYA", timeout=10) as stream:
        scene = json.loads(stream.readline().decode().removeprefix("data:"))
    assert scene["demo"] == show.state()
