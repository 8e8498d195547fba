import json
import urllib.request
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from slack_sdk import WebClient

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Installation, default_workspace
from tests.bot.sandbox.support import Json, error_of, modal, plain, section, web_client


def post(sandbox: Sandbox, method: str, body: bytes, headers: dict[str, str]) -> Json:
    request = urllib.request.Request(sandbox.api_url + method, data=body, headers=headers)
    with urllib.request.urlopen(request) as answer:
        told: Json = json.loads(answer.read())
        return told


def test_auth_test_says_who_the_token_belongs_to(web: WebClient) -> None:
    answer = web.auth_test()
    assert answer["url"] == "https://lantern-labs.slack.com/"
    assert answer["team"] == "Lantern Labs"
    assert (answer["team_id"], answer["user_id"], answer["bot_id"]) == ("T0LANTERN", "U0MURMUR", "B0MURMUR")
    assert answer["user"] == "murmur"
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


def test_a_call_without_a_token_is_not_authed(sandbox: Sandbox) -> None:
    assert post(sandbox, "auth.test", b"", {})["error"] == "not_authed"


def test_an_unknown_token_is_invalid(sandbox: Sandbox) -> None:
    assert error_of(web_client(sandbox, "xoxb-somebody-else"), "auth.test")["error"] == "invalid_auth"


def test_a_token_may_come_in_a_form(sandbox: Sandbox) -> None:
    form = urlencode({"token": sandbox.bot_token, "user": "U0DANA"}).encode()
    answer = post(sandbox, "users.info", form, {"Content-Type": "application/x-www-form-urlencoded"})
    assert answer["user"]["real_name"] == "Dana Ito"


def test_a_token_inside_a_json_body_does_not_count(sandbox: Sandbox) -> None:
    body = json.dumps({"token": sandbox.bot_token}).encode()
    answer = post(sandbox, "auth.test", body, {"Content-Type": "application/json; charset=utf-8"})
    assert answer["error"] == "not_authed"


def test_blocks_may_come_as_a_string_in_a_form_or_as_json(sandbox: Sandbox, client: SandboxClient) -> None:
    blocks = [section("hello")]
    authorized = {"Authorization": f"Bearer {sandbox.bot_token}"}
    form = urlencode({"channel": "U0PRIYA", "text": "a", "blocks": json.dumps(blocks)}).encode()
    as_form = {**authorized, "Content-Type": "application/x-www-form-urlencoded"}
    assert post(sandbox, "chat.postMessage", form, as_form)["ok"]
    body = json.dumps({"channel": "U0PRIYA", "text": "a", "blocks": blocks}).encode()
    as_json = {**authorized, "Content-Type": "application/json"}
    assert post(sandbox, "chat.postMessage", body, as_json)["ok"]
    assert [message.text for message in client.person("Priya").dms()] == ["hello", "hello"]


def test_a_body_of_another_kind_is_refused(sandbox: Sandbox) -> None:
    answer = post(sandbox, "auth.test", b"<hello/>", {"Content-Type": "application/xml"})
    assert answer["error"] == "invalid_post_type"
    assert post(sandbox, "auth.test", b"{", {"Content-Type": "application/json"})["error"] == "invalid_json"


def test_a_method_there_is_not_says_so(web: WebClient) -> None:
    told = error_of(web, "chat.postMesage")
    assert (told["error"], told["req_method"]) == ("unknown_method", "chat.postMesage")


def test_the_app_token_is_for_connections_and_the_bot_token_for_everything_else(sandbox: Sandbox) -> None:
    app_token = web_client(sandbox, sandbox.app_token)
    assert error_of(app_token, "users.list")["error"] == "not_allowed_token_type"
    assert error_of(web_client(sandbox), "apps.connections.open")["error"] == "not_allowed_token_type"
    address = str(app_token.api_call("apps.connections.open")["url"])
    assert address.startswith(sandbox.url.replace("http", "ws"))


@pytest.mark.parametrize(
    ("method", "args", "scope"),
    [
        ("users.list", {}, "users:read"),
        ("users.info", {"user": "U0DANA"}, "users:read"),
        ("users.lookupByEmail", {"email": "dana@lantern.example"}, "users:read.email"),
        ("conversations.list", {}, "channels:read"),
        ("conversations.list", {"types": "private_channel"}, "groups:read"),
        ("conversations.info", {"channel": "C0VISION"}, "channels:read"),
        ("conversations.members", {"channel": "C0LEADS"}, "groups:read"),
        ("conversations.open", {"users": "U0DANA"}, "im:write"),
        ("usergroups.list", {}, "usergroups:read"),
        ("usergroups.users.list", {"usergroup": "S0VISION"}, "usergroups:read"),
        ("chat.postMessage", {"channel": "U0DANA", "text": "hello"}, "chat:write"),
        ("chat.postEphemeral", {"channel": "D0DANA", "user": "U0DANA", "text": "hello"}, "chat:write"),
        ("chat.update", {"channel": "D0DANA", "ts": "1.0", "text": "hello"}, "chat:write"),
        ("chat.delete", {"channel": "D0DANA", "ts": "1.0"}, "chat:write"),
    ],
)
def test_a_missing_scope_says_what_is_needed_and_what_there_is(method: str, args: Json, scope: str) -> None:
    workspace = replace(default_workspace(), installation=Installation(bot_scopes=("commands", "team:read")))
    with Sandbox(workspace) as sandbox:
        told = error_of(web_client(sandbox), method, **args)
    assert told["error"] == "missing_scope"
    assert told["needed"] == scope
    assert told["provided"] == "commands,team:read"


def test_views_and_checks_need_no_scope() -> None:
    workspace = replace(default_workspace(), installation=Installation(bot_scopes=()))
    with Sandbox(workspace) as sandbox:
        web = web_client(sandbox)
        web.views_publish(user_id="U0DANA", view={"type": "home", "blocks": [section("hello")]})
        assert web.api_call("blocks.validate", json={"blocks": [section("hello")]})["ok"]


def test_a_removed_app_has_a_revoked_token(web: WebClient, client: SandboxClient) -> None:
    client.change("app_is_removed")
    assert error_of(web, "auth.test")["error"] == "token_revoked"


def test_a_missing_argument_is_named(web: WebClient) -> None:
    told = error_of(web, "users.info")
    assert told["error"] == "invalid_arguments"
    assert told["response_metadata"]["messages"] == ["[ERROR] missing required field: user"]


def test_blocks_validate_points_at_what_is_wrong(web: WebClient) -> None:
    told = error_of(web, "blocks.validate", blocks=[{"type": "header", "text": plain("x" * 151)}])
    assert told["error"] == "invalid_blocks"
    assert told["errors"][0]["pointer"] == "/0/text/text"
    assert set(told["errors"][0]) >= {"pointer", "code", "message", "constraint"}


def test_blocks_validate_takes_exactly_one_thing(web: WebClient) -> None:
    assert error_of(web, "blocks.validate")["error"] == "invalid_arguments"
    both = {"blocks": [section("a")], "view": modal(section("a"))}
    assert error_of(web, "blocks.validate", **both)["error"] == "invalid_arguments"
    assert error_of(web, "blocks.validate", view={"type": "modal", "blocks": []})["error"] == "invalid_view"
    assert error_of(web, "blocks.validate", message={"blocks": [section("")]})["error"] == "invalid_message"


def test_every_call_is_logged_with_what_became_of_it_and_without_the_token(
    sandbox: Sandbox, web: WebClient, client: SandboxClient
) -> None:
    web.chat_postMessage(channel="U0PRIYA", text="hello", blocks=json.dumps([section("hello")]))
    error_of(web, "chat.postMessage", channel="C0NOWHERE", text="hello")
    good, bad = client.calls("chat.postMessage")
    assert (good["verdict"], good["http_status"]) == ("ok", 200)
    assert good["payload"]["blocks"] == [section("hello")]
    assert good["limit"]["limit"] == "chat.postMessage into D0PRIYA"
    assert good["at"] == "2026-03-02T08:00:00+00:00"
    assert bad["verdict"] == "channel_not_found"
    assert sandbox.bot_token not in json.dumps(client.calls())
