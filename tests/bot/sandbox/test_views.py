from collections.abc import Callable
from dataclasses import replace

import pytest
from slack_sdk import WebClient

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Installation, default_workspace
from tests.bot.sandbox.support import (
    NO_ACK,
    Json,
    SocketApp,
    Stopwatch,
    actions,
    button,
    error_of,
    home,
    modal,
    radio,
    section,
    text_field,
    trigger_from,
    web_client,
)

Connect = Callable[..., SocketApp]


def test_a_trigger_opens_a_modal_for_the_person_who_caused_it(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    trigger = trigger_from(connect(), client, "Priya")
    view = web.views_open(trigger_id=trigger, view=modal(section("hello"), private_metadata="m"))["view"]
    assert (view["type"], view["callback_id"], view["private_metadata"]) == ("modal", "form", "m")
    assert view["root_view_id"] == view["id"]
    assert view["previous_view_id"] is None
    assert view["state"] == {"values": {}}
    assert view["app_id"] == "A0MURMUR"
    assert view["hash"]
    assert client.person("Priya").view.title == "Pulse"
    assert client.person("Kofi").views == []


def test_a_trigger_is_spent_once(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    trigger = trigger_from(connect(), client)
    web.views_open(trigger_id=trigger, view=modal(section("hello")))
    again = error_of(web, "views.open", trigger_id=trigger, view=modal(section("hello")))
    assert again["error"] == "exchanged_trigger_id"


def test_a_trigger_lives_three_seconds_of_real_time(
    sandbox: Sandbox, web: WebClient, client: SandboxClient, connect: Connect, stopwatch: Stopwatch
) -> None:
    app = connect()
    in_time, too_late = trigger_from(app, client), trigger_from(app, client)
    sandbox.clock.move_to(sandbox.clock.now().replace(year=2027))  # virtual time does not matter
    stopwatch.seconds += 3.0
    web.views_open(trigger_id=in_time, view=modal(section("hello")))
    stopwatch.seconds += 0.001
    told = error_of(web, "views.open", trigger_id=too_late, view=modal(section("hello")))
    assert told["error"] == "expired_trigger_id"


def test_a_trigger_nobody_issued_is_an_invalid_argument(web: WebClient) -> None:
    told = error_of(web, "views.open", trigger_id="1.2.3", view=modal(section("hello")))
    assert told["error"] == "invalid_arguments"
    assert told["response_metadata"]["messages"] == ["invalid `trigger_id`"]


def test_a_refused_view_does_not_spend_the_trigger(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    trigger = trigger_from(connect(), client)
    told = error_of(web, "views.open", trigger_id=trigger, view=modal(section("hello"), title="x" * 25))
    assert told["error"] == "invalid_arguments"
    assert any("[json-pointer:/view/title/text]" in line for line in told["response_metadata"]["messages"])
    web.views_open(trigger_id=trigger, view=modal(section("hello")))


@pytest.mark.parametrize(
    "view",
    [
        {"type": "modal", "blocks": []},
        {"type": "home", "blocks": []},
        modal(section("x")) | {"blocks": "nonsense"},
        {key: value for key, value in modal(radio("Q", "q")).items() if key != "submit"},
        modal(section("x", accessory={"type": "static_select", "action_id": "a", "options": []})),
        modal({"type": "markdown", "text": "x"}),
        None,
    ],
)
def test_views_slack_would_refuse_are_refused(
    web: WebClient, client: SandboxClient, connect: Connect, view: Json | None
) -> None:
    trigger = trigger_from(connect(), client)
    assert error_of(web, "views.open", trigger_id=trigger, view=view)["error"] == "invalid_arguments"
    assert client.person("Priya").views == []


def test_a_view_over_250_kilobytes_is_refused(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    trigger = trigger_from(connect(), client)
    big = modal(*[section("ü" * 3000) for _ in range(60)])
    told = error_of(web, "views.open", trigger_id=trigger, view=big)
    assert told["error"] == "view_too_large"
    assert client.person("Priya").views == []


def press_in_view(app: SocketApp, client: SandboxClient) -> str:
    """A trigger out of the window in front."""
    before = len(app.envelopes)
    client.person("Priya").press("Deeper", effect=False)
    app.wait_for(lambda frame: "envelope_id" in frame, before + 1)
    return str(app.envelopes[-1]["payload"]["trigger_id"])


def test_three_views_can_be_stacked_and_no_more(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    app = connect()
    deeper = actions(button("Deeper", "deeper"))
    first = web.views_open(trigger_id=trigger_from(app, client), view=modal(deeper, title="One"))["view"]
    second = web.views_push(trigger_id=press_in_view(app, client), view=modal(deeper, title="Two"))["view"]
    web.views_push(trigger_id=press_in_view(app, client), view=modal(deeper, title="Three"))
    told = error_of(web, "views.push", trigger_id=press_in_view(app, client), view=modal(deeper, title="Four"))
    assert told["error"] == "push_limit_reached"
    priya = client.person("Priya")
    assert [view.title for view in priya.views] == ["One", "Two", "Three"]
    assert (second["root_view_id"], second["previous_view_id"]) == (first["id"], first["id"])
    priya.close_view()
    assert priya.view.title == "Two"


def test_pushing_needs_a_trigger_out_of_a_window(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    app = connect()
    web.views_open(trigger_id=trigger_from(app, client), view=modal(section("x")))
    told = error_of(web, "views.push", trigger_id=trigger_from(app, client), view=modal(section("y")))
    assert told["error"] == "not_found"


def test_a_view_is_updated_by_its_id_and_changes_its_hash(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    view = web.views_open(trigger_id=trigger_from(connect(), client), view=modal(section("wait")))["view"]
    updated = web.views_update(view_id=view["id"], hash=view["hash"], view=modal(section("ready")))["view"]
    assert updated["id"] == view["id"]
    assert updated["hash"] != view["hash"]
    assert "ready" in client.person("Priya").view.text


def test_an_old_hash_conflicts(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    view = web.views_open(trigger_id=trigger_from(connect(), client), view=modal(section("1")))["view"]
    web.views_update(view_id=view["id"], view=modal(section("2")))
    told = error_of(web, "views.update", view_id=view["id"], hash=view["hash"], view=modal(section("3")))
    assert told["error"] == "hash_conflict"
    assert "2" in client.person("Priya").view.text


def test_a_closed_view_cannot_be_updated(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    view = web.views_open(trigger_id=trigger_from(connect(), client), view=modal(section("1")))["view"]
    client.person("Priya").close_view()
    assert error_of(web, "views.update", view_id=view["id"], view=modal(section("2")))["error"] == "not_found"
    told = error_of(web, "views.update", view=modal(section("2")))
    assert told["error"] == "invalid_arguments"


def test_an_external_id_names_one_open_view(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    app = connect()
    web.views_open(trigger_id=trigger_from(app, client, "Priya"), view=modal(section("1"), external_id="mine"))
    for_kofi = trigger_from(app, client, "Kofi")
    told = error_of(web, "views.open", trigger_id=for_kofi, view=modal(section("1"), external_id="mine"))
    assert told["error"] == "duplicate_external_id"
    web.views_update(external_id="mine", view=modal(section("2"), external_id="mine"))
    assert "2" in client.person("Priya").view.text
    assert error_of(web, "views.update", external_id="other", view=modal(section("2")))["error"] == "not_found"


def test_what_was_entered_stays_when_a_view_is_updated_with_the_same_input(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    view = web.views_open(
        trigger_id=trigger_from(connect(), client), view=modal(radio("Q", "q"), text_field("Why", "why"))
    )["view"]
    priya = client.person("Priya")
    priya.choose("Q", "Yes")
    priya.fill("Why", "because")
    updated = web.views_update(view_id=view["id"], view=modal(radio("Q", "q"), text_field("Why", "why-2")))["view"]
    values = updated["state"]["values"]
    assert values["q"]["answer"]["selected_option"]["value"] == "2"
    assert values["why-2"]["text"] == {"type": "plain_text_input", "value": None}
    assert "why" not in values


def test_initial_options_are_in_the_state(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    question = radio("Q", "q")
    question["element"]["initial_option"] = question["element"]["options"][1]
    view = web.views_open(trigger_id=trigger_from(connect(), client), view=modal(question))["view"]
    assert view["state"]["values"]["q"]["answer"]["selected_option"]["value"] == "1"
    assert "(x) Perhaps" in client.person("Priya").view.text


def test_a_home_is_published_for_one_person_and_replaced_in_place(web: WebClient, client: SandboxClient) -> None:
    first = web.views_publish(user_id="U0PRIYA", view=home(section("first")))["view"]
    second = web.views_publish(user_id="U0PRIYA", hash=first["hash"], view=home(section("second")))["view"]
    assert first["id"] == second["id"]
    told = error_of(web, "views.publish", user_id="U0PRIYA", hash=first["hash"], view=home(section("third")))
    assert told["error"] == "hash_conflict"
    assert client.person("Priya").home().text == "second"
    assert client.person("Priya").views == []


def test_a_home_needs_somebody_to_show_it_to(web: WebClient) -> None:
    for user_id in ("U0NOBODY", "U0OTTO", "U0MURMUR"):
        told = error_of(web, "views.publish", user_id=user_id, view=home(section("x")))
        assert told["error"] == "invalid_arguments"
        assert told["response_metadata"]["messages"] == ["invalid `user_id`"]
    assert error_of(web, "views.publish", user_id="U0DANA", view=modal(section("x")))["error"] == "invalid_arguments"


def test_without_a_home_tab_none_can_be_published() -> None:
    with Sandbox(replace(default_workspace(), installation=Installation(home_tab=False))) as sandbox:
        told = error_of(web_client(sandbox), "views.publish", user_id="U0DANA", view=home(section("x")))
        assert told["error"] == "not_enabled"


def test_ephemerals_views_and_homes_are_in_no_history(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    web.views_open(trigger_id=trigger_from(connect(), client), view=modal(section("x")))
    web.views_publish(user_id="U0PRIYA", view=home(section("y")))
    web.chat_postEphemeral(channel="D0PRIYA", user="U0PRIYA", text="z")
    assert client.person("Priya").dms() == []


def test_closing_tells_the_app_only_when_it_asked(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    app = connect()
    web.views_open(trigger_id=trigger_from(app, client), view=modal(section("x")))
    assert not client.person("Priya").close_view().sent
    web.views_open(trigger_id=trigger_from(app, client), view=modal(section("x"), notify_on_close=True))
    assert client.person("Priya").close_view().acked
    payload = app.envelopes[-1]["payload"]
    assert (payload["type"], payload["is_cleared"]) == ("view_closed", False)


def test_a_view_with_clear_on_close_takes_the_whole_stack_with_it(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    app = connect()
    deeper = actions(button("Deeper", "deeper"))
    web.views_open(trigger_id=trigger_from(app, client), view=modal(deeper, notify_on_close=True))
    pushed = modal(section("x"), clear_on_close=True, notify_on_close=True)
    web.views_push(trigger_id=press_in_view(app, client), view=pushed)
    client.person("Priya").close_view()
    assert client.person("Priya").views == []
    assert [one["payload"]["is_cleared"] for one in app.envelopes[-2:]] == [True, True]


def test_an_app_that_does_not_hear_of_the_closing_does_not_keep_the_window_open(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    app = connect()
    web.views_open(trigger_id=trigger_from(app, client), view=modal(section("x"), notify_on_close=True))
    app.answer = lambda _: NO_ACK
    assert not client.person("Priya").close_view().acked
    assert client.person("Priya").views == []
