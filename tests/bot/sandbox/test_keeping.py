"""A world that is saved and restored: before everybody's eyes it is the same, and it goes on where it stood."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk import WebClient

from bot.sandbox import keeping, posting, showing
from bot.sandbox.clock import VirtualClock
from bot.sandbox.entering import entered
from bot.sandbox.inputs import placed_elements
from bot.sandbox.messages import Message
from bot.sandbox.places import places, read
from bot.sandbox.seen import Eyes
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Workspace, default_workspace
from bot.sandbox.world import World
from tests.bot.sandbox.support import (
    Json,
    SocketApp,
    Stream,
    actions,
    button,
    fetch,
    home,
    modal,
    options,
    plain,
    section,
    trigger_from,
    web_client,
)

Connect = Callable[..., SocketApp]
PEOPLE = ("U0PRIYA", "U0TOMAS", "U0DANA", "U0RUTH")
CHANNELS = ("C0VISION", "C0GENERAL", "D0PRIYA", "D0DANA")
SELECT: Json = {"type": "static_select", "action_id": "pick", "options": options("Red", "Blue", "Green")}
BLOCKS: list[Json] = [
    section("Choose, <@U0DANA> & co"),
    {"type": "actions", "elements": [SELECT, button("Go", "go")]},
]

people = st.sampled_from(PEOPLE)
channels = st.sampled_from(CHANNELS)
texts = st.text(max_size=20)
steps = st.one_of(
    st.tuples(st.just("post"), channels, texts, st.booleans()),
    st.tuples(st.just("whisper"), people, texts),
    st.tuples(st.just("say"), people, texts),
    st.tuples(st.just("edit"), texts),
    st.tuples(st.just("delete")),
    st.tuples(st.just("choose"), people, st.sampled_from(["Red", "Blue", "Green"])),
    st.tuples(st.just("publish"), people, texts),
    st.tuples(st.just("open"), people),
    st.tuples(st.just("read"), people, channels),
    st.tuples(st.just("rename"), people, texts),
    st.tuples(st.just("archive")),
    st.tuples(st.just("wait"), st.integers(-3600, 10**6)),
)


def fresh() -> World:
    return World(default_workspace(), VirtualClock())


def take(world: World, name: str, *what: Any) -> None:
    """One thing that happens in a world."""
    latest = max(world.messages.everything(), key=lambda one: one.ts, default=None)
    if name == "post":
        posting.post(world, what[0], text=what[1], blocks=BLOCKS if what[2] else [], metadata={"event_type": "x"})
    elif name == "whisper":
        posting.post(world, "C0VISION", text=what[1], blocks=BLOCKS, only_for=what[0])
    elif name == "say":
        posting.say(world, what[0], "C0VISION", what[1])
    elif name == "edit" and latest:
        posting.edit(world, latest, text=what[0], blocks=BLOCKS)
    elif name == "delete" and latest:
        posting.delete(world, latest)
    elif name == "choose" and latest:
        choose(world, latest, *what)
    elif name == "publish":
        showing.publish_home(world, what[0], home(section(what[1] or "x"), actions(SELECT)))
    elif name == "open":
        showing.open_view(world, what[0], modal(section("x")))
    elif name == "read":
        read(world, *what)
    elif name == "rename":
        world.change_person(world.people[what[0]], title=what[1], deleted=not world.people[what[0]].deleted)
    elif name == "archive":
        world.channels["C0GENERAL"] = replace(world.channels["C0GENERAL"], is_archived=True)
    elif name == "wait":
        world.clock.advance(timedelta(seconds=what[0]))


def choose(world: World, message: Message, person: str, label: str) -> None:
    for placed in placed_elements(message.blocks):
        if placed.type == "static_select":
            message.choose(person, placed, entered(world, placed, label))


def looks(world: World) -> Json:
    """All that anybody sees, but for open windows."""
    return {
        person.id: {
            "places": places(world, person),
            "messages": [Eyes(world, person).place(channel) for channel in (*CHANNELS, "C0PLATFORM")],
            "home": (shown := world.views.home(person.id)) and Eyes(world, person).view(shown),
            "facts": (person, world.audience(world.dm_of(person.id))),
        }
        for person in world.people.values()
    }


@settings(max_examples=150)
@given(st.lists(steps, max_size=25), st.lists(steps, max_size=6))
def test_a_restored_world_looks_the_same_and_lives_on_the_same(before: list[Any], after: list[Any]) -> None:
    world, other = fresh(), fresh()
    for step in before:
        take(world, *step)
    kept = keeping.save(world)
    keeping.restore(other, json.loads(json.dumps(kept)))
    assert looks(other) == looks(world)
    assert other.channels == world.channels
    assert keeping.save(other) == kept

    # What happens next happens to both alike: no id and no timestamp is given twice, none differs.
    other.clock.move_to(world.clock.now())
    for step in after:
        take(world, *step)
        take(other, *step)
    stamps = [one.ts for one in other.messages.everything()]
    assert len(stamps) == len(set(stamps))
    assert without_hashes(looks(other)) == without_hashes(looks(world))
    assert world.next_event_id() == other.next_event_id()


def without_hashes(seen: Json) -> Json:
    """Hashes of views are random."""
    for one in seen.values():
        if one["home"]:
            one["home"]["hash"] = ""
    return seen


def test_nothing_of_what_was_saved_changes_afterwards() -> None:
    world = fresh()
    posting.post(world, "D0PRIYA", text="x", blocks=BLOCKS)
    kept = keeping.save(world)
    as_it_was = json.dumps(kept)
    other = fresh()
    keeping.restore(other, kept)
    for one in (world, other):
        (message,) = one.messages.history("D0PRIYA")
        choose(one, message, "U0PRIYA", "Blue")
        message.blocks[0]["text"]["text"] = "changed"
        read(one, "U0PRIYA", "D0PRIYA")
    assert json.dumps(kept) == as_it_was


@pytest.mark.parametrize(
    "broken",
    [
        None,
        {},
        {"format": 2},
        {"messages": [{"channel": "C0VISION"}]},
        {"messages": "many"},
        {"people": None},
        {"team": "T0ELSEWHERE"},
        {"marks": {"U0PRIYA": 7}},
    ],
)
def test_what_was_not_saved_here_is_refused_and_changes_nothing(broken: Json | None) -> None:
    with Sandbox() as sandbox:
        web_client(sandbox).chat_postMessage(channel="U0PRIYA", text="still here")
        before = sandbox.save()
        with pytest.raises(ValueError, match=r".+"):
            sandbox.restore({**before, **broken} if broken else broken)  # type: ignore[arg-type]
        assert sandbox.save() == before


def test_a_saved_sandbox_goes_on_in_another_process_as_if_nothing_had_been(
    sandbox: Sandbox, web: WebClient, connect: Connect
) -> None:
    app, client = connect(), sandbox.client()
    posted = web.chat_postMessage(channel="U0PRIYA", text="x", blocks=BLOCKS)
    web.views_publish(user_id="U0PRIYA", view=home(section("At home")))
    web.views_open(trigger_id=trigger_from(app, client), view=modal(section("open")))
    client.patience = 0.05
    client.person("Priya").pick("pick", "Blue", where=posted["ts"])
    client.person("Tomás").say("hello", "vision")
    client.change("person_changes", person="Kofi", deleted=True)
    client.change("person_joins", id="U0NEW", name="new", real_name="New Person")
    client.change("joins", person="U0NEW", channel="vision")
    fetch(sandbox, "/page/people/U0PRIYA/read", {"channel": "D0PRIYA"})
    kept = json.loads(json.dumps(sandbox.save()))

    with Sandbox(clock=VirtualClock(sandbox.clock.now())) as other, Stream(other) as stream:
        assert stream.scene()["seen"] == 0
        other.restore(kept)
        scene = stream.scene()
        assert scene["seen"] > 0
        with Stream(sandbox) as first:
            assert scene["unread"] == first.scene()["unread"]
        _, before = fetch(sandbox, "/page/people/U0PRIYA/screen")
        _, after = fetch(other, "/page/people/U0PRIYA/screen")
        assert (len(before["views"]), after["views"]) == (1, [])  # a window passes
        assert {**after, "views": before["views"]} == before
        assert "values" in after["messages"][0]
        again = web_client(other).chat_postMessage(channel="U0NEW", text="welcome")
        assert float(again["ts"]) > float(posted["ts"])
        assert web_client(other).views_publish(user_id="U0DANA", view=home(section("x")))["view"]["id"] == "V0000003"
        kofi = next(one for one in fetch(other, "/control/workspace")[1]["people"] if one["id"] == "U0KOFI")
        assert kofi["deleted"]


def test_a_restored_app_may_change_what_it_wrote_before(sandbox: Sandbox, web: WebClient) -> None:
    posted = web.chat_postMessage(channel="U0PRIYA", text="x", blocks=BLOCKS)
    with Sandbox() as other:
        other.restore(sandbox.save())
        web_client(other).chat_update(channel="D0PRIYA", ts=posted["ts"], text="changed")
        assert [one.text for one in other.client().person("Priya").dms()] == ["changed"]


def test_it_may_be_saved_and_restored_while_it_does_not_run() -> None:
    seed: Workspace = replace(default_workspace(), messages=(("vision", "Priya", "seed", 1),))
    sandbox = Sandbox(seed)
    kept = sandbox.save()
    other = Sandbox()
    other.restore(kept)
    with other:
        assert [one.text for one in other.client().person("Priya").messages("vision")] == ["seed"]
    assert other.save() == kept
    sandbox.start()
    sandbox.stop()


def test_entries_on_home_are_kept() -> None:
    world, other = fresh(), fresh()
    field = {
        "type": "input",
        "block_id": "b",
        "label": plain("Name"),
        "element": {"type": "plain_text_input", "action_id": "t"},
    }
    view = showing.publish_home(world, "U0PRIYA", home(field))
    view.values["b"]["t"] = {"type": "plain_text_input", "value": "Vision"}
    keeping.restore(other, keeping.save(world))
    restored = other.views.home("U0PRIYA")
    assert restored == view
    assert other.views.find(view.id, None) is restored
