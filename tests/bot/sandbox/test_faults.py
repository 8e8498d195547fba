import json
import threading
from collections.abc import Callable
from urllib.error import URLError

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.client import SandboxClient, SandboxError
from bot.sandbox.server import Sandbox
from tests.bot.sandbox.support import (
    Json,
    SocketApp,
    actions,
    button,
    error_of,
    home,
    modal,
    section,
    text_field,
    trigger_from,
)

Connect = Callable[..., SocketApp]

CHART: Json = {
    "type": "data_visualization",
    "title": "Burnout",
    "chart": {
        "type": "line",
        "series": [{"name": "level", "data": [{"label": "1", "value": 2}, {"label": "2", "value": 3}]}],
        "axis_config": {"categories": ["1", "2"]},
    },
}


def texts(client: SandboxClient) -> list[str]:
    return [message.text for message in client.person("Priya").dms()]


def test_a_server_error_has_no_effect_and_strikes_once(web: WebClient, client: SandboxClient) -> None:
    client.fault("500", method="chat.postMessage")
    with pytest.raises(SlackApiError) as refused:
        web.chat_postMessage(channel="U0PRIYA", text="one")
    assert refused.value.response.status_code == 500
    web.chat_postMessage(channel="U0PRIYA", text="two")
    assert texts(client) == ["two"]
    assert client.calls("chat.postMessage")[0]["fault"] == "500"


def test_a_rate_limit_on_demand_says_how_long_to_wait(web: WebClient, client: SandboxClient) -> None:
    client.fault("429", method="chat.*", seconds=30)
    with pytest.raises(SlackApiError) as refused:
        web.chat_postMessage(channel="U0PRIYA", text="one")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "30"
    assert texts(client) == []


def test_any_error_can_be_had(web: WebClient, client: SandboxClient) -> None:
    client.fault("error", error="account_inactive", times=2)
    assert error_of(web, "auth.test")["error"] == "account_inactive"
    assert error_of(web, "users.list")["error"] == "account_inactive"
    assert web.auth_test()["ok"]


def test_a_fault_meets_only_the_methods_it_is_for(web: WebClient, client: SandboxClient) -> None:
    client.fault("error", method="views.*", error="fatal_error", times=None)
    assert web.auth_test()["ok"]
    assert error_of(web, "views.publish", user_id="U0DANA", view=home(section("x")))["error"] == "fatal_error"
    assert error_of(web, "views.publish", user_id="U0DANA", view=home(section("x")))["error"] == "fatal_error"
    client.clear_faults()
    assert web.views_publish(user_id="U0DANA", view=home(section("x")))["ok"]


def test_a_slow_answer_still_comes_and_holds_up_nobody_else(web: WebClient, client: SandboxClient) -> None:
    client.fault("slow", method="chat.postMessage", seconds=0.5)
    slow = threading.Thread(target=lambda: web.chat_postMessage(channel="U0PRIYA", text="one"))
    slow.start()
    while json.loads(client.text("GET", "faults")):
        continue  # until the fault has struck
    web.auth_test()
    slow.join()
    assert [(call["method"], call["fault"]) for call in client.calls()] == [
        ("auth.test", ""),
        ("chat.postMessage", "slow"),
    ]
    assert texts(client) == ["one"]


def test_a_call_that_times_out_has_had_its_effect(sandbox: Sandbox, client: SandboxClient) -> None:
    client.fault("time out after acting", method="chat.postMessage")
    impatient = WebClient(token=sandbox.bot_token, base_url=sandbox.api_url, timeout=1, retry_handlers=[])
    with pytest.raises((TimeoutError, URLError)):
        impatient.chat_postMessage(channel="U0PRIYA", text="one")
    assert texts(client) == ["one"]
    assert client.calls("chat.postMessage")[0]["http_status"] == 0


def test_a_call_that_is_hung_up_on_has_had_its_effect(sandbox: Sandbox, client: SandboxClient) -> None:
    client.fault("hang up after acting", method="chat.postMessage")
    without_retries = WebClient(token=sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
    with pytest.raises((OSError, URLError)):
        without_retries.chat_postMessage(channel="U0PRIYA", text="one")
    assert texts(client) == ["one"]


def test_the_sdk_sends_again_what_was_hung_up_on_so_that_it_arrives_twice(
    web: WebClient, client: SandboxClient
) -> None:
    client.fault("hang up after acting", method="chat.postMessage")
    web.chat_postMessage(channel="U0PRIYA", text="one")
    assert texts(client) == ["one", "one"]


def test_a_refused_block_type_stays_refused_until_cleared(web: WebClient, client: SandboxClient) -> None:
    client.fault("refuse block type", block_type="data_visualization")
    blocks = [section("Burnout"), CHART]
    for _ in range(2):
        told = error_of(web, "chat.postMessage", channel="U0PRIYA", text="x", blocks=blocks)
        assert told["error"] == "invalid_blocks"
        assert told["response_metadata"]["messages"] == [
            "[ERROR] unsupported type: data_visualization [json-pointer:/blocks/1/type]"
        ]
    web.chat_postMessage(channel="U0PRIYA", text="x", blocks=blocks[:1])
    client.clear_faults()
    web.chat_postMessage(channel="U0PRIYA", text="x", blocks=blocks)
    assert texts(client) == ["Burnout", "Burnout\n(chart: Burnout)\n  level: 1 2, 2 3"]


def test_a_refusal_of_a_block_type_can_be_for_one_time_only(web: WebClient, client: SandboxClient) -> None:
    client.fault("refuse block type", block_type="section", times=1)
    assert error_of(web, "chat.postMessage", channel="U0PRIYA", text="x", blocks=[section("a")])["ok"] is False
    assert web.chat_postMessage(channel="U0PRIYA", text="x", blocks=[section("a")])["ok"]


def test_a_refused_element_type_is_refused_in_views_too(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    client.fault("refuse block type", block_type="plain_text_input")
    trigger = trigger_from(connect(), client)
    told = error_of(web, "views.open", trigger_id=trigger, view=modal(text_field("Why", "why")))
    assert told["error"] == "invalid_arguments"


def test_a_lost_acknowledgement_looks_like_none(client: SandboxClient, connect: Connect) -> None:
    app = connect()
    client.fault("lose ack", method="slash_commands")
    assert "operation_timeout" in client.person("Priya").command("/pulse", effect=False).trouble
    assert len(app.envelopes) == 1
    assert client.person("Priya").command("/pulse", effect=False).acked


def test_a_duplicated_envelope_arrives_twice_under_one_id(client: SandboxClient, connect: Connect) -> None:
    app = connect(lambda _: {"text": "hello"})
    client.fault("duplicate envelope")
    priya = client.person("Priya")
    priya.command("/pulse")
    app.wait_for(lambda frame: "envelope_id" in frame, count=2)
    first, second = app.envelopes
    assert first == second
    assert len(priya.ephemerals()) == 1
    (record,) = client.envelopes()
    assert record["times_sent"] == 2


def test_a_duplicate_may_arrive_over_another_connection(client: SandboxClient, connect: Connect) -> None:
    apps = [connect(), connect()]
    client.fault("duplicate envelope")
    client.person("Priya").command("/pulse", effect=False)
    for app in apps:
        app.wait_for(lambda frame: "envelope_id" in frame)
    assert apps[0].envelopes == apps[1].envelopes


def test_a_reordered_envelope_comes_after_the_next(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    app = connect()
    web.chat_postMessage(channel="U0PRIYA", text="x", blocks=[actions(button("Answer", "a"))])
    client.fault("reorder envelopes", seconds=5)
    held = threading.Thread(target=lambda: client.person("Priya").command("/pulse", effect=False))
    held.start()
    while not client.envelopes("slash_commands"):
        continue  # until the command waits to be overtaken
    client.person("Priya").press("Answer", effect=False)
    held.join()
    assert [one["type"] for one in app.envelopes] == ["interactive", "slash_commands"]


def test_a_reordered_envelope_with_nothing_to_overtake_it_comes_in_the_end(
    client: SandboxClient, connect: Connect
) -> None:
    connect()
    client.fault("reorder envelopes", seconds=0.05)
    assert client.person("Priya").command("/pulse", effect=False).acked


@pytest.mark.parametrize(
    ("kind", "details", "complaint"),
    [
        ("gremlins", {}, "there is no fault 'gremlins'; there are: 'slow'"),
        ("slow", {"second": 3}, "a fault has no second"),
        ("refuse block type", {}, "say which"),
    ],
)
def test_a_fault_there_is_not_is_refused(client: SandboxClient, kind: str, details: Json, complaint: str) -> None:
    with pytest.raises(SandboxError, match=complaint):
        client.fault(kind, **details)


def test_armed_faults_can_be_looked_at(client: SandboxClient) -> None:
    client.fault("500", method="chat.*", times=3)
    armed = json.loads(client.text("GET", "faults"))
    assert [(one["kind"], one["method"], one["times"]) for one in armed] == [("500", "chat.*", 3)]
