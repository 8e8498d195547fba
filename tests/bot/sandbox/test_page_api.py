"""What the page in the browser gets: itself, and what a person sees."""

import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot.sandbox import page_api
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox
from tests.bot.sandbox.support import (
    NO_ACK,
    Connect,
    Stream,
    actions,
    button,
    fetch,
    home,
    modal,
    options,
    radio,
    section,
    trigger_from,
)


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page that has been built."""
    monkeypatch.setattr(page_api, "PAGE", tmp_path)
    (tmp_path / "dist").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>Stand-in</title>")
    (tmp_path / "dist" / "page.js").write_text("export {};")
    (tmp_path / "dist" / "page.css").write_text("body {}")
    (tmp_path / "secret.txt").write_text("nobody's business")
    return tmp_path


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    ("path", "content_type", "begins"),
    [
        ("/", "text/html; charset=utf-8", "<!doctype html>"),
        ("/page/page.js", "text/javascript; charset=utf-8", "export"),
        ("/page/page.css", "text/css; charset=utf-8", "body"),
    ],
)
def test_the_page_is_served_fresh_and_may_load_nothing_from_elsewhere(
    sandbox: Sandbox, path: str, content_type: str, begins: str
) -> None:
    with urllib.request.urlopen(sandbox.url + path, timeout=5) as answer:
        assert answer.headers["Content-Type"] == content_type
        assert answer.headers["Cache-Control"] == "no-cache"
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.read().decode().startswith(begins)


def test_a_page_built_anew_is_served_without_a_restart(sandbox: Sandbox, built: Path) -> None:
    assert fetch(sandbox, "/page/page.js") == (200, "export {};")
    (built / "dist" / "page.js").write_text("export default 2;")
    assert fetch(sandbox, "/page/page.js") == (200, "export default 2;")


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    "path", ["/page/absent.js", "/page/..%2Fsecret.txt", "/page/%2e%2e%2fsecret.txt", "/page/dist"]
)
def test_nothing_but_the_built_files_is_served(sandbox: Sandbox, path: str) -> None:
    status, said = fetch(sandbox, path)
    assert status == 404
    assert "nobody's business" not in str(said)


def test_a_page_that_was_never_built_says_so_in_a_sentence(sandbox: Sandbox, built: Path) -> None:
    (built / "dist" / "page.js").unlink()
    status, said = fetch(sandbox, "/")
    assert status == 503
    assert "has not been built: run `make page`" in said
    (built / "dist" / "page.css").unlink()
    (built / "dist").rmdir()
    assert fetch(sandbox, "/page/page.js")[0] == 404


def test_a_page_of_another_site_cannot_mark_anything_read(sandbox: Sandbox) -> None:
    status, _ = fetch(sandbox, "/page/people/U0PRIYA/read", {"channel": ""}, **{"Content-Type": "text/plain"})
    assert status == 415


def test_the_screen_shows_the_places_of_a_person_and_what_is_unread_there(sandbox: Sandbox, web: WebClient) -> None:
    web.chat_postMessage(channel="U0DANA", text="one")
    web.chat_postMessage(channel="U0DANA", text="two")
    web.chat_postMessage(channel="vision", text="for all")
    _, screen = fetch(sandbox, "/page/people/U0DANA/screen")
    assert [(one["id"], one["name"], one["kind"], one["unread"]) for one in screen["places"]] == [
        ("C0GENERAL", "general", "channel", 0),
        ("C0LEADS", "leads", "private", 0),
        ("C0VISION", "vision", "channel", 1),
        ("D0DANA", "Murmur", "app", 2),
    ]
    assert screen["places"][2]["topic"] == "Seeing machines"
    assert screen["person"]["real_name"] == "Dana Ito"
    assert (screen["channel"], [one["text"] for one in screen["messages"]]) == ("D0DANA", ["one", "two"])
    assert (screen["home"], screen["views"], screen["trouble"]) == (None, [], "")
    _, there = fetch(sandbox, "/page/people/U0DANA/screen?channel=C0VISION")
    assert (there["channel"], [one["text"] for one in there["messages"]]) == ("C0VISION", ["for all"])


@pytest.mark.parametrize("channel", ["C0PLATFORM", "C0OLD", "D0DANA", "C0NOWHERE"])
def test_a_place_a_person_is_not_in_is_not_shown(sandbox: Sandbox, channel: str) -> None:
    status, said = fetch(sandbox, f"/page/people/U0PRIYA/screen?channel={channel}")
    assert (status, said["error"]) == (
        404,
        f"Priya Raman has no place {channel!r}; there are: general, vision, Murmur",
    )


def test_ephemeral_messages_stand_among_the_others_in_their_place(sandbox: Sandbox, web: WebClient) -> None:
    web.chat_postMessage(channel="vision", text="first")
    sandbox.clock.advance(timedelta(minutes=1))
    web.chat_postEphemeral(channel="C0VISION", user="U0PRIYA", text="only for Priya")
    sandbox.clock.advance(timedelta(minutes=1))
    web.chat_postMessage(channel="vision", text="last")
    _, screen = fetch(sandbox, "/page/people/U0PRIYA/screen?channel=C0VISION")
    shown = [(one["text"], one["ephemeral"]) for one in screen["messages"]]
    assert shown == [("first", False), ("only for Priya", True), ("last", False)]
    assert fetch(sandbox, "/page/people/U0PRIYA/screen")[1]["messages"] == []
    _, other = fetch(sandbox, "/page/people/U0TOMAS/screen?channel=C0VISION")
    assert [one["text"] for one in other["messages"]] == ["first", "last"]


def test_what_was_chosen_in_a_message_is_shown_to_whoever_chose_it(
    sandbox: Sandbox, web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    connect()
    select = {"type": "static_select", "action_id": "pick", "options": options("Red", "Blue")}
    web.chat_postMessage(
        channel="vision", text="x", blocks=[{"type": "actions", "block_id": "b", "elements": [select]}]
    )
    client.patience = 0.05  # the app does nothing about it
    client.person("Priya").pick("pick", "Blue")

    def chosen(who: str) -> object:
        _, screen = fetch(sandbox, f"/page/people/{who}/screen?channel=C0VISION")
        option = screen["messages"][0]["values"]["b"]["pick"]["selected_option"]
        return option and option["text"]["text"]

    assert (chosen("U0PRIYA"), chosen("U0TOMAS")) == ("Blue", None)


def test_home_windows_and_errors_by_block_are_on_the_screen(
    sandbox: Sandbox, web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    app = connect()
    web.views_publish(user_id="U0PRIYA", view=home(section("At home")))
    web.views_open(trigger_id=trigger_from(app, client), view=modal(radio("Drained?", "q1")))
    client.person("Priya").submit()
    _, screen = fetch(sandbox, "/page/people/U0PRIYA/screen")
    assert (screen["home"]["type"], screen["home"]["errors_by_block"]) == ("home", {})
    (view,) = screen["views"]
    assert view["errors_by_block"] == {"q1": "Please complete this required field."}
    assert (view["title"], view["submit"], view["values"]["q1"]["answer"]["selected_option"]) == ("Pulse", "Send", None)


def test_trouble_is_that_of_the_last_act_only(sandbox: Sandbox, web: WebClient, connect: Connect) -> None:
    app = connect(lambda _: NO_ACK)
    web.chat_postMessage(channel="U0PRIYA", text="x", blocks=[actions(button("Answer", "a"))])
    priya = sandbox.client().person("Priya")

    def trouble() -> str:
        return str(fetch(sandbox, "/page/people/U0PRIYA/screen")[1]["trouble"])

    priya.press("Answer", effect=False)
    assert trouble() == "Murmur did not answer that press. Try again."
    priya.command("/nothing", effect=False)
    assert trouble() == "/nothing is not a valid command."
    assert fetch(sandbox, "/page/people/U0DANA/screen")[1]["trouble"] == ""
    app.answer = lambda _: None
    priya.press("Answer", effect=False)
    assert trouble() == ""
    assert len(priya.trouble()) == 2  # the control API still tells of all


def test_reading_a_place_takes_its_mark_away(sandbox: Sandbox, web: WebClient) -> None:
    web.chat_postMessage(channel="U0DANA", text="one")
    web.chat_postMessage(channel="vision", text="for all")
    with Stream(sandbox, "U0DANA") as stream:
        before = stream.scene()
        assert before["unread"] == {"U0DANA": 1}  # what is said to everybody in a channel is not counted
        assert fetch(sandbox, "/page/people/U0DANA/read", {"channel": "C0VISION"}) == (200, {"channel": "C0VISION"})
        after = stream.scene()
        assert after["unread"] == {"U0DANA": 1}
        assert after["seen"] > before["seen"]
        fetch(sandbox, "/page/people/U0DANA/read", {"channel": "D0DANA"})
        assert "U0DANA" not in stream.scene()["unread"]
    web.chat_postMessage(channel="U0DANA", text="two")
    _, screen = fetch(sandbox, "/page/people/U0DANA/screen")
    assert [one["unread"] for one in screen["places"]] == [0, 0, 0, 1]


def test_a_message_that_was_taken_back_is_not_unread(sandbox: Sandbox, web: WebClient) -> None:
    posted = web.chat_postMessage(channel="U0DANA", text="one")
    with Stream(sandbox) as stream:
        assert stream.scene()["unread"] == {"U0DANA": 1}
        web.chat_delete(channel="D0DANA", ts=posted["ts"])
        assert stream.until(lambda scene: scene["calls"] == 2)["unread"] == {}


def test_what_was_written_before_somebody_joined_is_not_new_to_them(
    sandbox: Sandbox, web: WebClient, client: SandboxClient
) -> None:
    web.chat_postMessage(channel="vision", text="old")
    client.change("joins", person="Sam", channel="vision")
    _, screen = fetch(sandbox, "/page/people/U0SAM/screen?channel=C0VISION")
    assert [(one["id"], one["unread"]) for one in screen["places"]][-2:] == [("C0VISION", 0), ("D0SAM", 0)]
    assert [one["text"] for one in screen["messages"]] == ["old"]
