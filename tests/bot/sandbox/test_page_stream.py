"""The stream of the page in the browser: word of every change, and an end without disturbance."""

import asyncio
import threading
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp.web import StreamResponse
from slack_sdk import WebClient

from bot.demo.company import installation
from bot.sandbox import page_api
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Person, default_workspace
from tests.bot.sandbox.support import (
    Connect,
    Stream,
    fetch,
    modal,
    radio,
    trigger_from,
)


def test_a_stream_tells_the_scene_at_once_and_again_when_something_changes(
    sandbox: Sandbox, web: WebClient, connect: Connect
) -> None:
    with Stream(sandbox) as stream:
        assert stream.content_type == "text/event-stream"
        first = stream.scene()
        assert first == {
            "now": "2026-03-02T08:00:00+00:00",
            "running": False,
            "seen": 0,
            "unread": {},
            "calls": 0,
            "connections": 0,
            "faults": 0,
            "demo": None,
        }
        connect()
        assert stream.until(lambda scene: scene["connections"] == 1)["calls"] == 1
        web.chat_postMessage(channel="U0PRIYA", text="hello")
        scene = stream.scene()
        assert (scene["calls"], scene["seen"], scene["unread"]) == (2, 1, {"U0PRIYA": 1})


def test_a_stream_tells_what_another_sees_only_as_far_as_it_is_an_unread_direct_message(
    sandbox: Sandbox, web: WebClient, client: SandboxClient
) -> None:
    with Stream(sandbox) as stream:
        seen = stream.scene()["seen"]
        client.person("Dana").say("hello", "leads")
        web.chat_postMessage(channel="U0SAM", text="for Sam alone")
        scene = stream.until(lambda scene: bool(scene["unread"]))
        assert scene["unread"] == {"U0SAM": 1}
        assert scene["seen"] == seen


def test_an_app_without_a_line_to_write_in_keeps_those_of_the_channels(sandbox: Sandbox) -> None:
    def writable(where: Sandbox) -> list[tuple[str, bool]]:
        _, screen = fetch(where, "/page/people/U0TOMAS/screen")
        return [(place["name"], place["writable"]) for place in screen["places"]]

    assert writable(sandbox) == [("general", True), ("vision", True), ("Murmur", True)]  # no manifest says otherwise
    with Sandbox(replace(default_workspace(), installation=installation())) as murmurs:
        assert writable(murmurs) == [("general", True), ("vision", True), ("Murmur", False)]


def test_a_stream_tells_when_the_clock_is_moved_in_whatever_thread(sandbox: Sandbox) -> None:
    with Stream(sandbox) as stream:
        stream.scene()
        sandbox.clock.advance(timedelta(days=1))
        assert stream.scene()["now"] == "2026-03-03T08:00:00+00:00"
        sandbox.clock.run()
        assert stream.scene()["running"]
        sandbox.clock.run(False)
        assert not stream.scene()["running"]


def test_a_stream_tells_of_faults_armed_used_up_and_cleared(
    sandbox: Sandbox, web: WebClient, client: SandboxClient
) -> None:
    with Stream(sandbox) as stream:
        stream.scene()
        client.fault("slow", method="auth.test")
        assert stream.scene()["faults"] == 1
        web.auth_test()
        assert stream.until(lambda scene: scene["calls"] == 1)["faults"] == 0
        client.fault("500")
        assert stream.scene()["faults"] == 1
        client.clear_faults()
        assert stream.scene()["faults"] == 0


def test_a_stream_grows_with_what_people_enter_themselves(
    sandbox: Sandbox, web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    web.views_open(trigger_id=trigger_from(connect(), client), view=modal(radio("Drained?", "q1")))
    priya = client.person("Priya")
    with Stream(sandbox) as stream:
        seen = stream.scene()["seen"]
        revision = client.get("people/U0PRIYA")["revision"]
        priya.choose("Drained?", "Yes")
        assert stream.scene()["seen"] > seen
        assert client.get("people/U0PRIYA")["revision"] == revision


def test_all_that_changes_in_a_pause_is_one_event(
    sandbox: Sandbox, web: WebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()

    async def pause(seconds: float) -> None:
        assert seconds == page_api.PAUSE_SECONDS
        while not over.is_set():
            await asyncio.sleep(0.01)

    monkeypatch.setattr(page_api, "asyncio", SimpleNamespace(sleep=pause))
    with Stream(sandbox) as stream:
        stream.scene()
        for number in range(100):
            sandbox.clock.advance(timedelta(seconds=number))
        web.chat_postMessage(channel="U0PRIYA", text="the last")
        over.set()
        scene = stream.scene()
        assert (scene["now"], scene["unread"]) == (sandbox.clock.now().isoformat(), {"U0PRIYA": 1})


def test_a_silent_stream_says_that_it_is_still_there(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_api, "HEARTBEAT_SECONDS", 0.05)
    with Stream(sandbox) as stream:
        stream.scene()
        assert [stream.line(), stream.line()] == ["", ": still here"]


def test_a_stream_for_nobody_is_refused(sandbox: Sandbox) -> None:
    status, said = fetch(sandbox, "/page/stream?person=U0NOBODY")
    assert status == 404
    assert "there is no one person called 'U0NOBODY'" in said["error"]


def test_a_page_that_goes_away_disturbs_nobody(sandbox: Sandbox, web: WebClient) -> None:
    gone = Stream(sandbox)
    gone.scene()
    with Stream(sandbox) as stream:
        stream.scene()
        gone.close()
        for number in range(3):
            web.chat_postMessage(channel="U0PRIYA", text=str(number))
        assert stream.until(lambda scene: scene["calls"] == 3)["unread"] == {"U0PRIYA": 3}


def test_stopping_lets_open_pages_end_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []

    async def noted(
        self: page_api.PageApi, stream: StreamResponse, person: Person, tell: Any = page_api.PageApi._tell_of_scenes
    ) -> None:
        await tell(self, stream, person)
        ended.append(person.id)  # not when it was cut off

    monkeypatch.setattr(page_api.PageApi, "_tell_of_scenes", noted)
    with Sandbox() as sandbox:
        streams = [Stream(sandbox, who) for who in ("U0PRIYA", "U0DANA", "U0SAM")]
        for stream in streams:
            stream.scene()
    assert sorted(ended) == ["U0DANA", "U0PRIYA", "U0SAM"]
    for stream in streams:
        with pytest.raises(EOFError):
            stream.scene()
        stream.close()
    assert not [one for one in threading.enumerate() if one.name == "sandbox"]
