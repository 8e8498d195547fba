import signal
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest
import websocket
from slack_sdk import WebClient

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox
from tests.bot.sandbox.support import NO_ACK, Json, SocketApp, web_client

Connect = Callable[..., SocketApp]


def is_envelope(frame: Json) -> bool:
    return "envelope_id" in frame


def test_a_connection_begins_with_hello(connect: Connect, client: SandboxClient) -> None:
    app = connect()
    hello = app.frames[0]
    assert hello["type"] == "hello"
    assert hello["num_connections"] == 1
    assert hello["connection_info"] == {"app_id": "A0MURMUR"}
    assert hello["debug_info"]["approximate_connection_time"] > 0
    assert connect().frames[0]["num_connections"] == 2
    client.wait_for_connection(at_least=2)


def test_an_address_is_good_for_one_connection(sandbox: Sandbox) -> None:
    address = str(web_client(sandbox).apps_connections_open(app_token=sandbox.app_token)["url"])
    first = websocket.create_connection(address)
    with pytest.raises(websocket.WebSocketBadStatusException, match="401"):
        websocket.create_connection(address)
    first.close()


def test_an_eleventh_connection_is_one_too_many(sandbox: Sandbox, connect: Connect) -> None:
    for _ in range(10):
        connect()
    address = str(web_client(sandbox).apps_connections_open(app_token=sandbox.app_token)["url"])
    eleventh = websocket.create_connection(address)
    assert '"reason": "too_many_websockets"' in str(eleventh.recv())
    eleventh.close()


def test_each_envelope_goes_to_one_of_several_connections(client: SandboxClient, connect: Connect) -> None:
    apps = [connect(), connect()]
    for _ in range(4):
        assert client.person("Priya").command("/pulse", effect=False).acked
    assert [len(app.envelopes) for app in apps] == [2, 2]
    assert len({envelope["envelope_id"] for app in apps for envelope in app.envelopes}) == 4


def test_when_one_connection_dies_the_others_carry_on(client: SandboxClient, connect: Connect) -> None:
    dead, alive = connect(), connect()
    dead.close()
    for _ in range(3):
        assert client.person("Priya").command("/pulse", effect=False).acked
    assert len(alive.envelopes) == 3


def test_an_acknowledgement_of_something_else_is_ignored(client: SandboxClient, connect: Connect) -> None:
    app = connect(lambda _: NO_ACK)

    def acknowledge_something_else(_: Json) -> object:
        app.ack({"envelope_id": "of-nothing"})
        return NO_ACK

    app.answer = acknowledge_something_else
    assert not client.person("Priya").command("/pulse", effect=False).acked


def test_a_late_acknowledgement_is_noted_and_changes_nothing(client: SandboxClient, connect: Connect) -> None:
    app = connect(lambda _: NO_ACK)
    priya = client.person("Priya")
    assert "operation_timeout" in priya.command("/pulse", effect=False).trouble
    app.ack(app.envelopes[-1], {"text": "too late"})
    app.answer = lambda _: None
    priya.command("/pulse", effect=False)  # the socket is in order: the late one was read before this one
    record = client.envelopes("slash_commands")[0]
    assert (record["acked"], record["late"]) == (False, True)
    assert priya.ephemerals() == []


def test_a_payload_nobody_asked_for_is_not_used(client: SandboxClient, connect: Connect) -> None:
    connect(lambda _: {"text": "an answer to an event"})
    client.person("Priya").open_home(effect=False)
    assert client.envelopes("events_api")[0]["acked"]
    assert client.person("Priya").ephemerals() == []


def test_events_are_sent_again_until_acknowledged(client: SandboxClient, connect: Connect) -> None:
    app = connect(lambda envelope: NO_ACK if envelope["retry_attempt"] == 0 else None)
    assert not client.person("Priya").open_home(effect=False).acked
    app.wait_for(is_envelope, count=2)
    first, second = app.envelopes
    assert (first["retry_attempt"], first["retry_reason"]) == (0, "")
    assert (second["retry_attempt"], second["retry_reason"]) == (1, "timeout")
    assert first["envelope_id"] != second["envelope_id"]
    assert first["payload"]["event_id"] == second["payload"]["event_id"]
    client.person("Priya").open_home(effect=False)
    assert len([one for one in app.envelopes if one["retry_attempt"] == 2]) == 0


def test_presses_are_not_sent_again(client: SandboxClient, connect: Connect) -> None:
    app = connect(lambda _: NO_ACK)
    client.person("Priya").command("/pulse", effect=False)
    app.answer = lambda _: None
    client.person("Kofi").command("/pulse", effect=False)
    assert [one["payload"]["user_id"] for one in app.envelopes] == ["U0PRIYA", "U0KOFI"]


def test_a_refresh_warns_first_and_then_ends_the_connection(client: SandboxClient, connect: Connect) -> None:
    app = connect()
    client.refresh_sockets(notice=0.0)
    app.wait_for(lambda frame: frame.get("reason") == "warning")
    last = app.wait_for(lambda frame: frame.get("reason") == "refresh_requested")
    assert last["type"] == "disconnect"
    assert app.closed.wait(5)
    assert client.get("connections")["connections"] == []


def test_between_warning_and_end_the_old_connection_still_works(client: SandboxClient, connect: Connect) -> None:
    app = connect()
    refreshing = threading.Thread(target=client.refresh_sockets, args=(0.5,))
    refreshing.start()
    app.wait_for(lambda frame: frame.get("reason") == "warning")
    assert client.person("Priya").command("/pulse", effect=False).acked
    replacement = connect()
    refreshing.join()
    assert app.closed.wait(5)
    assert not replacement.closed.is_set()


def test_a_dropped_socket_ends_without_a_goodbye(client: SandboxClient, connect: Connect) -> None:
    app = connect()
    client.drop_sockets()
    assert app.closed.wait(5)
    assert [frame["type"] for frame in app.frames] == ["hello"]


def test_every_envelope_is_logged_with_its_acknowledgement(client: SandboxClient, connect: Connect) -> None:
    connect(lambda _: {"text": "hello"})
    client.person("Priya").command("/pulse status")
    (record,) = client.envelopes()
    assert (record["type"], record["acked"], record["ack"]) == ("slash_commands", True, {"text": "hello"})
    assert record["payload"]["text"] == "status"


def test_a_stopped_sandbox_lets_go_of_its_connections_and_port() -> None:
    with Sandbox() as sandbox:
        app = SocketApp(sandbox)
        port = int(sandbox.url.rpartition(":")[2])
    assert app.closed.wait(5)
    app.close()
    with Sandbox(port=port) as again:
        assert WebClient(token=again.bot_token, base_url=again.api_url).auth_test()["ok"]


def test_a_taken_port_is_an_error() -> None:
    with Sandbox() as sandbox:
        port = int(sandbox.url.rpartition(":")[2])
        with pytest.raises(OSError, match="address already in use"):
            Sandbox(port=port).start()


def test_served_from_a_shell_it_says_where_it_is_and_ends_with_ctrl_c() -> None:
    script = "from bot.sandbox.server import serve; serve(0, ready=lambda sandbox: print(sandbox.url, flush=True))"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        client = SandboxClient(process.stdout.readline().strip())
        assert client.get("clock")["running"] is True
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
