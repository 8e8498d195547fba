import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.client import SandboxClient
from bot.sandbox.limits import SLACK_RATES, Limits, Rate, Rates
from bot.sandbox.server import Sandbox
from tests.bot.sandbox.support import Stopwatch, web_client


def only(rate: Rate) -> Rates:
    return Rates(methods={"m": rate}, channel=None)


@given(st.floats(1, 600), st.integers(1, 50), st.lists(st.floats(0, 120), max_size=60))
def test_no_method_passes_more_than_its_burst_and_rate(per_minute: float, burst: int, waits: list[float]) -> None:
    stopwatch = Stopwatch()
    started = stopwatch.seconds
    limits = Limits(only(Rate(per_minute=per_minute, burst=burst)), stopwatch)
    passed = 0
    for wait in waits:
        stopwatch.seconds += wait
        passed += limits.take("m").allowed
        assert passed <= burst + (stopwatch.seconds - started) * per_minute / 60 + 1e-6


@given(st.floats(1, 600), st.integers(1, 20))
def test_after_the_seconds_it_was_told_to_wait_a_call_passes(per_minute: float, burst: int) -> None:
    stopwatch = Stopwatch()
    limits = Limits(only(Rate(per_minute=per_minute, burst=burst)), stopwatch)
    for _ in range(burst):
        assert limits.take("m").allowed
    refused = limits.take("m")
    assert not refused.allowed
    stopwatch.seconds += refused.retry_after
    assert limits.take("m").allowed


def test_a_refused_call_costs_nothing() -> None:
    stopwatch = Stopwatch()
    limits = Limits(only(Rate(per_minute=60, burst=1)), stopwatch)
    limits.take("m")
    for _ in range(10):
        assert limits.take("m").retry_after == 1
    stopwatch.seconds += 1
    assert limits.take("m").allowed


def test_methods_that_murmur_calls_have_the_tiers_slack_gives_them() -> None:
    per_minute = {method: rate.per_minute for method, rate in SLACK_RATES.items()}
    assert per_minute["users.list"] == per_minute["conversations.list"] == 20
    assert per_minute["chat.update"] == per_minute["conversations.open"] == 50
    assert per_minute["views.open"] == per_minute["users.info"] == per_minute["chat.postEphemeral"] == 100


def test_one_channel_takes_a_short_burst_and_then_a_message_a_second(web: WebClient, stopwatch: Stopwatch) -> None:
    for _ in range(4):
        web.chat_postMessage(channel="U0PRIYA", text="hello")
    refused = refusal(web, channel="U0PRIYA")
    assert refused.response.status_code == 429
    assert refused.response["error"] == "ratelimited"
    assert refused.response.headers["Retry-After"] == "1"
    stopwatch.seconds += 1
    web.chat_postMessage(channel="U0PRIYA", text="hello")


def test_a_person_and_their_direct_message_are_one_channel_to_the_limit(web: WebClient) -> None:
    for _ in range(2):
        web.chat_postMessage(channel="U0PRIYA", text="hello")
        web.chat_postMessage(channel="D0PRIYA", text="hello")
    assert refusal(web, channel="D0PRIYA").response["error"] == "ratelimited"


def test_other_channels_are_not_held_up(web: WebClient) -> None:
    for _ in range(4):
        web.chat_postMessage(channel="U0PRIYA", text="hello")
    web.chat_postMessage(channel="U0KOFI", text="hello")


def test_the_workspace_as_a_whole_has_a_limit_too(stopwatch: Stopwatch) -> None:
    rates = Rates(methods={"chat.postMessage": Rate(per_minute=60, burst=3)}, channel=None)
    with Sandbox(rates=rates, monotonic=stopwatch) as sandbox:
        web = web_client(sandbox)
        for who in ("U0PRIYA", "U0KOFI", "U0ELIF"):
            web.chat_postMessage(channel=who, text="hello")
        assert refusal(web, channel="U0LINH").response["error"] == "ratelimited"


def test_a_tier_2_method_answers_429_after_twenty_calls(web: WebClient, client: SandboxClient) -> None:
    for _ in range(20):
        web.usergroups_list()
    with pytest.raises(SlackApiError) as refused:
        web.usergroups_list()
    assert refused.value.response.headers["Retry-After"] == "3"
    last = client.calls("usergroups.list")[-1]
    assert (last["verdict"], last["http_status"], last["limit"]["remaining"]) == ("ratelimited", 429, 0)


def test_a_message_over_the_limit_is_not_delivered(web: WebClient, client: SandboxClient) -> None:
    for _ in range(4):
        web.chat_postMessage(channel="U0PRIYA", text="hello")
    refusal(web, channel="U0PRIYA")
    assert len(client.person("Priya").dms()) == 4


def test_without_limits_everything_passes() -> None:
    with Sandbox(rates=Rates.unlimited()) as sandbox:
        web = web_client(sandbox)
        for _ in range(30):
            web.chat_postMessage(channel="U0PRIYA", text="hello")
        assert len(sandbox.client().person("Priya").dms()) == 30


def refusal(web: WebClient, channel: str) -> SlackApiError:
    with pytest.raises(SlackApiError) as refused:
        web.chat_postMessage(channel=channel, text="one too many")
    return refused.value
