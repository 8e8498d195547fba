"""Who is let in: programs of this machine and the sandbox's own page, and nobody else by any address."""

import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import websocket
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.demo.company import installation, lantern_labs
from bot.demo.guide import Guide
from bot.demo.routes import Routes
from bot.demo.show import Show
from bot.sandbox import page_api
from bot.sandbox.limits import Rates
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Installation, with_own_tokens
from tests.bot.sandbox.support import PATIENCE, fetch, section

FOREIGN = {
    "a name that was bound to this machine": {"Host": "evil.example"},
    "such a name with the port": {"Host": "evil.example:{port}"},
    "a name that only begins like this machine": {"Host": "localhost.evil.example:{port}"},
    "a name that hides behind this machine": {"Host": "127.0.0.1:{port}@evil.example"},
    "another address of the network": {"Host": "192.168.0.7:{port}"},
    "no name": {"Host": ""},
    "another site": {"Origin": "https://evil.example"},
    "another server of this machine": {"Origin": "http://127.0.0.1:1"},
    "this machine by its other name": {"Origin": "http://localhost:{port}"},
    "the same place, encrypted": {"Origin": "https://127.0.0.1:{port}"},
    "a page without an origin": {"Origin": "null"},
    "an image or a link of another site": {"Sec-Fetch-Site": "cross-site"},
    "an image or a link of another server of this machine": {"Sec-Fetch-Site": "same-site"},
    "a name that was bound, whose page asks its own origin": {
        "Host": "evil.example:{port}",
        "Origin": "http://evil.example:{port}",
        "Sec-Fetch-Site": "same-origin",
    },
}


@dataclass(frozen=True)
class Address:
    """An address, and the status with which it answers whoever may ask."""

    path: str
    body: dict[str, Any] | None = None
    status: int = 200


ADDRESSES = (
    Address("/"),
    Address("/page/page.js"),
    Address("/page/stream?person=U0PRIYA"),
    Address("/page/people/U0PRIYA/screen"),
    Address("/page/people/U0PRIYA/read", {"channel": ""}),
    Address("/control/workspace"),
    Address("/control/transcript"),
    Address("/control/clock", {"advance": 1}),
    Address("/control/people/U0PRIYA/say", {"text": "hello"}),
    Address("/demo/theft"),
    Address("/demo/steps/answer/skip", {}),
    Address("/api/users.list?token=TOKEN"),
    Address("/api/chat.postMessage?token=TOKEN&channel=U0PRIYA&text=x", {}),
    Address("/link/?ticket=none", status=401),
    Address("/actions/T0LANTERN/none", {}, status=404),
    Address("/commands/T0LANTERN/none", {}, status=404),
    Address("/nowhere", status=404),
)


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox with a built page and a demonstration on it."""
    page = tmp_path_factory.mktemp("page")
    (page / "dist").mkdir()
    (page / "index.html").write_text("<!doctype html>")
    (page / "dist" / "page.js").write_text("export {};")
    routes = Routes(Show(Guide.read()))
    routes.thief = lambda _: {"found": "everything"}
    with pytest.MonkeyPatch.context() as patch, Sandbox(rates=Rates.unlimited(), extension=routes) as sandbox:
        patch.setattr(page_api, "PAGE", page)
        yield sandbox


def ask(sandbox: Sandbox, address: Address, headers: dict[str, str]) -> tuple[int, str]:
    """The status of an answer and its first line, which is all that a stream has at once."""
    port = sandbox.url.rpartition(":")[2]
    request = urllib.request.Request(
        sandbox.url + address.path.replace("TOKEN", sandbox.bot_token),
        None if address.body is None else json.dumps(address.body).encode(),
        {"Content-Type": "application/json"} | {name: one.format(port=port) for name, one in headers.items()},
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, answer.readline().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize("address", ADDRESSES, ids=lambda one: one.path.partition("?")[0])
def test_nobody_else_is_let_in_by_any_address(visited: Sandbox, address: Address, headers: dict[str, str]) -> None:
    before = visited.client().transcript(), visited.client().calls(), visited.client().now()
    status, said = ask(visited, address, headers)
    assert status == 403
    assert said.startswith('{"ok": false, "error": "')
    assert "Priya" not in said
    assert (visited.client().transcript(), visited.client().calls(), visited.client().now()) == before


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Host": "localhost:{port}"},
        {"Host": "[::1]:{port}"},
        {"Host": "LOCALHOST:9000", "Origin": "http://localhost:9000"},  # a port that was forwarded
        {"Host": "127.0.0.1"},
        {"Origin": "http://127.0.0.1:{port}", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
    ids=[
        "a program",
        "by name",
        "by its newer number",
        "through a tunnel",
        "without a port",
        "the page itself",
        "an address that was typed in",
    ],
)
@pytest.mark.parametrize("address", ADDRESSES, ids=lambda one: one.path.partition("?")[0])
def test_this_machine_is_let_in_by_every_address(visited: Sandbox, address: Address, headers: dict[str, str]) -> None:
    assert ask(visited, address, headers)[0] == address.status


def test_another_site_cannot_ask_whether_it_might(visited: Sandbox) -> None:
    request = urllib.request.Request(f"{visited.url}/control/clock", method="OPTIONS")
    request.add_header("Origin", "https://evil.example")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=PATIENCE)
    with refused.value as answer:
        assert answer.code == 403
        assert not [name for name in answer.headers if name.startswith("Access-Control")]


def test_a_refusal_says_what_to_do(visited: Sandbox) -> None:
    _, far = fetch(visited, "/", Host="evil.example")
    assert far["error"] == "this address answers on the local machine only, as 127.0.0.1 or localhost"
    _, across = fetch(visited, "/", None, **{"Sec-Fetch-Site": "cross-site"})
    assert across["error"] == "pages of other sites may not ask here; to come here yourself, type this address in"


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"host": "evil.example", "origin": "http://evil.example"}], ids=str
)
def test_another_site_cannot_use_a_ticket_for_socket_mode_and_does_not_spend_it(
    sandbox: Sandbox, web: WebClient, headers: dict[str, Any]
) -> None:
    address = str(web.apps_connections_open(app_token=sandbox.app_token)["url"])
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        websocket.create_connection(address, **headers)
    own = websocket.create_connection(address)  # this client says where it comes from: from here
    assert '"type": "hello"' in str(own.recv())
    own.close()


def test_a_client_that_does_not_say_where_it_comes_from_connects(sandbox: Sandbox, web: WebClient) -> None:
    address = str(web.apps_connections_open(app_token=sandbox.app_token)["url"])
    silent = websocket.create_connection(address, suppress_origin=True)
    assert '"type": "hello"' in str(silent.recv())
    silent.close()


def test_another_site_cannot_post_as_the_app_though_it_knows_the_token(sandbox: Sandbox, web: WebClient) -> None:
    stranger = WebClient(sandbox.bot_token, base_url=sandbox.api_url, headers={"Origin": "https://evil.example"})
    with pytest.raises(SlackApiError, match="pages of other sites may not ask here"):
        stranger.chat_postMessage(channel="U0PRIYA", text="x", blocks=[section("x")])
    assert sandbox.client().person("Priya").dms() == []
    assert web.chat_postMessage(channel="U0PRIYA", text="x")["ok"]


def tokens(app: Installation) -> tuple[str, str, str]:
    return app.bot_token, app.app_token, app.verification_token


def test_every_demonstration_and_every_rehearsal_has_tokens_of_its_own() -> None:
    made = [installation(), installation(), lantern_labs().workspace.installation, with_own_tokens(Installation())]
    every = [token for app in (*made, Installation()) for token in tokens(app)]
    assert len(set(every)) == len(every)
    for app in made:
        assert re.fullmatch(r"xoxb-sandbox-[0-9a-f]{32}", app.bot_token)
        assert re.fullmatch(r"xapp-sandbox-[0-9a-f]{32}", app.app_token)


def test_a_sandbox_that_is_served_has_tokens_of_its_own_and_tells_them(tmp_path: Path) -> None:
    script = (
        "from bot.sandbox.server import serve\n"
        "serve(0, ready=lambda it: print(it.api_url, it.bot_token, it.app_token, flush=True))"
    )
    told = []
    for _ in range(2):
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            api_url, bot_token, app_token = process.stdout.readline().split()
            told += [bot_token, app_token]
            assert WebClient(bot_token, base_url=api_url).auth_test()["ok"]
            assert WebClient(base_url=api_url).apps_connections_open(app_token=app_token)["ok"]
            with pytest.raises(SlackApiError, match="invalid_auth"):
                WebClient(Installation().bot_token, base_url=api_url).auth_test()
            process.terminate()
    assert len({*told, *tokens(Installation())}) == 4 + 3
