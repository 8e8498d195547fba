"""The sandbox as a stage: what plays on it, leaps in time, and looks on at what is sent."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web as http
from slack_sdk import WebClient

from bot.sandbox.client import SandboxClient
from bot.sandbox.guarding import guarded
from bot.sandbox.limits import Rate, Rates
from bot.sandbox.records import CallRecord
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import default_workspace
from tests.bot.sandbox.support import (
    NO_ACK,
    Json,
    SocketApp,
    Stopwatch,
    Stream,
    error_of,
    fetch,
    modal,
    radio,
    section,
    trigger_from,
    web_client,
)

Connect = Callable[..., SocketApp]


class Play:
    """An extension with one address and something to show."""

    def __init__(self) -> None:
        self.act = 1

    def add_routes(self, router: http.UrlDispatcher) -> None:
        router.add_get("/demo/act", guarded(self.tell))

    async def tell(self, _: http.Request) -> http.StreamResponse:
        return http.json_response(self.state())

    def state(self) -> Any:
        return {"act": self.act}


@pytest.fixture
def play() -> Play:
    return Play()


@pytest.fixture
def staged(play: Play) -> Iterator[Sandbox]:
    with Sandbox(extension=play) as sandbox:
        yield sandbox


def test_an_extension_has_addresses_of_its_own_that_are_guarded_alike(staged: Sandbox) -> None:
    assert fetch(staged, "/demo/act") == (200, {"act": 1})
    assert fetch(staged, "/demo/act", Host="evil.example")[0] == 403


def test_what_an_extension_shows_is_told_when_it_says_that_it_changed(staged: Sandbox, play: Play) -> None:
    with Stream(staged) as stream:
        assert stream.scene()["demo"] == {"act": 1}
        play.act = 2
        staged.notify()
        assert stream.scene()["demo"] == {"act": 2}


def test_notifying_a_sandbox_that_has_stopped_is_nothing() -> None:
    with Sandbox() as sandbox:
        pass
    sandbox.notify()
    sandbox.clock.advance(timedelta(1))


def test_limits_are_lifted_meanwhile_and_no_longer(stopwatch: Stopwatch) -> None:
    rates = Rates(methods={"auth.test": Rate(per_minute=1, burst=1)})
    with Sandbox(rates=rates, monotonic=stopwatch) as sandbox:
        web = web_client(sandbox)
        with sandbox.limits_lifted():
            with sandbox.limits_lifted():
                web.auth_test()
            web.auth_test()
        assert sandbox.client().calls()[0]["limit"]["limit"] == "lifted"
        web.auth_test()
        assert error_of(web, "auth.test")["error"] == "ratelimited"
        told = [one["limit"] for one in sandbox.client().calls()[-2:]]
    assert told == [
        {"allowed": True, "limit": "auth.test", "remaining": 0, "retry_after": 0},
        {"allowed": False, "limit": "auth.test", "remaining": 0, "retry_after": 60},
    ]


def test_limits_come_back_though_the_leap_failed(stopwatch: Stopwatch) -> None:
    rates = Rates(methods={"auth.test": Rate(per_minute=1, burst=1)})
    with Sandbox(rates=rates, monotonic=stopwatch) as sandbox:
        with pytest.raises(ZeroDivisionError), sandbox.limits_lifted():
            raise ZeroDivisionError
        web_client(sandbox).auth_test()
        assert error_of(web_client(sandbox), "auth.test")["error"] == "ratelimited"


def test_traffic_is_forgotten_and_its_numbers_go_on(
    sandbox: Sandbox, web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    connect()
    for _ in range(3):
        web.chat_postMessage(channel="U0PRIYA", text="before")
    client.person("Priya").command("/pulse", effect=False)
    revision = client.get("people/U0PRIYA")["revision"]
    sandbox.forget_traffic()
    assert (client.calls(), client.envelopes(), client.transcript()) == ([], [], "")
    web.chat_postMessage(channel="U0PRIYA", text="after")
    web.auth_test()
    assert [one["number"] for one in client.calls()] == [5, 6]
    assert [one["number"] for one in client.calls(after=4)] == [5, 6]
    assert [one["number"] for one in client.calls(after=5)] == [6]
    assert client.calls(after=6) == []
    client.person("Priya").command("/pulse", effect=False)
    assert [one["number"] for one in client.envelopes()] == [2]
    assert client.get("people/U0PRIYA")["revision"] == revision + 1
    assert len(client.person("Priya").dms()) == 4
    with Stream(sandbox) as stream:
        assert stream.scene()["calls"] == 6


def test_an_acknowledgement_under_way_survives_the_forgetting(
    sandbox: Sandbox, client: SandboxClient, connect: Connect
) -> None:
    app = connect(lambda _: NO_ACK)
    came: list[bool] = []
    typing = threading.Thread(target=lambda: came.append(client.person("Priya").command("/pulse", effect=False).acked))
    typing.start()
    envelope = app.wait_for(lambda frame: "envelope_id" in frame)
    sandbox.forget_traffic()
    app.ack(envelope)
    typing.join()
    assert came == [True]


def test_everything_before_a_moment_can_be_read_by_everybody(sandbox: Sandbox, web: WebClient) -> None:
    web.chat_postMessage(channel="U0PRIYA", text="last week")
    web.chat_postMessage(channel="vision", text="last week")
    sandbox.clock.advance(timedelta(days=7))
    web.chat_postMessage(channel="U0PRIYA", text="now")
    with Stream(sandbox) as stream:
        assert stream.scene()["unread"]["U0PRIYA"] == 2  # direct messages alone
        sandbox.mark_all_read(sandbox.clock.now())
        assert stream.scene()["unread"] == {"U0PRIYA": 1}
        sandbox.mark_all_read(sandbox.clock.now() - timedelta(days=3))  # nothing becomes unread again
        sandbox.mark_all_read(sandbox.clock.now() + timedelta(seconds=1))
        assert stream.until(lambda scene: not scene["unread"])


def test_who_looks_on_is_told_of_every_form_the_app_has_acknowledged_without_errors(
    sandbox: Sandbox, web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    sent: list[tuple[str, Json, Json | None]] = []
    sandbox.submissions(lambda who, view, ack: sent.append((who, view, ack)))
    answers: list[object] = [{"response_action": "errors", "errors": {"q": "Not today."}}, NO_ACK, None]

    def answer(frame: Json) -> object:
        return answers.pop(0) if frame["payload"].get("type") == "view_submission" else None

    app = connect(answer)
    form = modal(radio("Q", "q"), private_metadata="round 7")
    web.views_open(trigger_id=trigger_from(app, client), view=form)
    priya = client.person("Priya")
    priya.submit()  # a required field is empty: not sent
    priya.choose("Q", "Yes")
    assert priya.submit().errors == {"Q": "Not today."}
    assert priya.submit().trouble
    assert sent == []
    assert priya.submit().acked
    ((who, view, ack),) = sent
    assert (who, view["callback_id"], view["private_metadata"], ack) == ("U0PRIYA", "form", "round 7", None)
    assert view["state"]["values"]["q"]["answer"]["selected_option"]["value"] == "2"


def test_who_looks_on_is_told_what_the_app_answered_a_form_with_once_it_has(
    sandbox: Sandbox, web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    closed = {"response_action": "update", "view": modal(section("This round has closed."))}
    told: list[Json | None] = []
    acknowledged: list[bool] = []

    def look(_: str, __: Json, ack: Json | None) -> None:
        told.append(ack)
        acknowledged.extend(one.acked for one in sandbox._world.records.envelopes if one.type == "interactive")

    sandbox.submissions(look)
    app = connect(lambda frame: closed if frame["payload"].get("type") == "view_submission" else None)
    web.views_open(trigger_id=trigger_from(app, client), view=modal(section("x")))
    priya = client.person("Priya")
    assert priya.submit().acked
    assert (told, acknowledged) == ([closed], [True])
    assert "This round has closed." in priya.view.text


def test_who_looks_on_and_stumbles_holds_nobody_up(
    sandbox: Sandbox,
    web: WebClient,
    client: SandboxClient,
    connect: Connect,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def stumble(_: str, view: Json, __: Json | None) -> None:
        raise ValueError(view["title"]["text"])

    sandbox.submissions(stumble)
    web.views_open(trigger_id=trigger_from(connect(), client), view=modal(section("x"), title="Secret"))
    assert client.person("Priya").submit().acked
    assert [one.getMessage() for one in caplog.records if one.name.startswith("bot.")] == [
        "a listener to submissions failed: ValueError"
    ]
    assert "Secret" not in caplog.text


def test_the_workspace_tells_the_commands_of_the_app_and_what_they_do() -> None:
    seed = default_workspace()
    app = replace(
        seed.installation,
        commands=("/pulse", "/other"),
        hints=(("/pulse", "where things stand"), ("/pulse setup", "adds a team"), ("/pulses", "no such command")),
    )
    with Sandbox(replace(seed, installation=app)) as sandbox:
        _, told = fetch(sandbox, "/control/workspace")
    assert told["app"] == {
        "name": "Murmur",
        "bot_user_id": "U0MURMUR",
        "commands": [
            {"line": "/pulse", "hint": "where things stand"},
            {"line": "/pulse setup", "hint": "adds a team"},
            {"line": "/other", "hint": ""},
        ],
    }


def test_a_command_may_be_typed_into_the_direct_message_by_its_id(client: SandboxClient, connect: Connect) -> None:
    app = connect()
    client.person("Priya").command("/pulse help", "D0PRIYA", effect=False)
    assert app.envelopes[-1]["payload"]["channel_id"] == "D0PRIYA"


def test_of_thousands_of_calls_only_those_asked_for_are_written_out(
    sandbox: Sandbox, client: SandboxClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    call: dict[str, Any] = {"payload": {}, "verdict": "ok", "http_status": 200, "clock": 0.0, "at": sandbox.clock.now()}

    def fill() -> None:
        for number in range(9_000):
            sandbox._world.records.call(method="users.info" if number % 1000 == 0 else "auth.test", **call)

    written: list[int] = []

    def noted(record: CallRecord, as_json: Callable[[CallRecord], Json] = CallRecord.as_json) -> Json:
        written.append(record.number)
        return as_json(record)

    def told(query: str) -> list[int]:
        written.clear()
        numbers = [one["number"] for one in client.call("GET", f"calls?{query}")]
        assert written == numbers
        return numbers

    sandbox._within(fill)
    monkeypatch.setattr(CallRecord, "as_json", noted)
    assert told("tail=200") == list(range(8_801, 9_001))
    assert told("after=8998&tail=200") == [8_999, 9_000]
    assert told("method=users.info&tail=3") == [6_001, 7_001, 8_001]
    assert told("after=9000&tail=0") == []
