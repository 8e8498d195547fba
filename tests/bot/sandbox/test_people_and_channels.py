from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk import WebClient

from bot.sandbox.limits import Rates
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Channel, Installation, Person, Workspace, default_workspace
from tests.bot.sandbox.support import Json, error_of, web_client


def test_users_list_has_everybody_with_bots_and_the_deactivated_marked(web: WebClient) -> None:
    members = {member["id"]: member for member in web.users_list()["members"]}
    assert members["U0MURMUR"]["is_bot"] is True
    assert members["U0OTTO"]["deleted"] is True
    assert "tz" not in members["U0OTTO"]
    assert members["U0RUTH"]["is_admin"] is True
    assert members["U0DANA"]["is_admin"] is False
    # Slack's own trap: the oldest bot of all is not one.
    assert members["USLACKBOT"]["is_bot"] is False


def test_users_info_tells_the_time_zone_and_on_request_the_locale(web: WebClient) -> None:
    user = web.users_info(user="U0TOMAS")["user"]
    assert (user["real_name"], user["tz"], user["tz_offset"]) == ("Tomás Herrera", "America/Bogota", -18000)
    assert "locale" not in user
    assert web.users_info(user="U0TOMAS", include_locale=True)["user"]["locale"] == "es-LA"


def test_an_unknown_person_is_not_found(web: WebClient) -> None:
    assert error_of(web, "users.info", user="U0NOBODY")["error"] == "user_not_found"


def test_email_is_shown_only_with_its_scope(web: WebClient) -> None:
    assert web.users_info(user="U0DANA")["user"]["profile"]["email"] == "dana@lantern.example"
    workspace = replace(default_workspace(), installation=Installation(bot_scopes=("users:read",)))
    with Sandbox(workspace) as sandbox:
        assert "email" not in web_client(sandbox).users_info(user="U0DANA")["user"]["profile"]


def test_people_are_found_by_email_unless_they_left(web: WebClient) -> None:
    assert web.users_lookupByEmail(email="Dana@Lantern.example")["user"]["id"] == "U0DANA"
    told = error_of(web, "users.lookupByEmail", email="otto@lantern.example")
    assert told["error"] == "users_not_found"


def test_user_groups_tell_their_members_when_asked(web: WebClient) -> None:
    without = web.usergroups_list()["usergroups"][0]
    assert without["handle"] == "vision-team"
    assert "users" not in without
    members = web.usergroups_list(include_users=True)["usergroups"][0]["users"]
    assert members == web.usergroups_users_list(usergroup="S0VISION")["users"]
    assert len(members) == 9
    assert error_of(web, "usergroups.users.list", usergroup="S0NONE")["error"] == "no_such_subteam"


def test_private_channels_are_seen_only_from_inside(web: WebClient) -> None:
    listed = web.conversations_list(types="public_channel,private_channel")["channels"]
    assert "C0LEADS" not in {channel["id"] for channel in listed}
    assert error_of(web, "conversations.info", channel="C0LEADS")["error"] == "channel_not_found"
    assert error_of(web, "conversations.members", channel="C0LEADS")["error"] == "channel_not_found"


def test_archived_channels_can_be_left_out(web: WebClient) -> None:
    everything = {channel["id"] for channel in web.conversations_list()["channels"]}
    in_use = {channel["id"] for channel in web.conversations_list(exclude_archived=True)["channels"]}
    assert everything - in_use == {"C0OLD"}


def test_a_channel_says_whether_the_app_is_in_it(web: WebClient) -> None:
    assert web.conversations_info(channel="C0VISION")["channel"]["is_member"] is True
    platform = web.conversations_info(channel="C0PLATFORM", include_num_members=True)["channel"]
    assert platform["is_member"] is False
    assert platform["num_members"] == 4


def test_members_of_a_channel_can_be_asked_for_without_being_in_it(web: WebClient) -> None:
    assert "U0MEI" in web.conversations_members(channel="C0PLATFORM")["members"]


def test_unknown_types_of_conversations_are_refused(web: WebClient) -> None:
    assert error_of(web, "conversations.list", types="club")["error"] == "invalid_types"


@pytest.mark.parametrize(
    ("users", "error"),
    [
        ("", "users_list_not_supplied"),
        ("U0NOBODY", "user_not_found"),
        ("U0OTTO", "user_disabled"),
        ("U0MURMUR", "cannot_dm_bot"),
        ("U0DANA,U0SAM", "missing_scope"),
    ],
)
def test_a_direct_message_is_opened_with_one_person_who_is_there(web: WebClient, users: str, error: str) -> None:
    assert error_of(web, "conversations.open", users=users)["error"] == error


def test_opening_a_direct_message_gives_its_id(web: WebClient) -> None:
    assert web.conversations_open(users="U0DANA")["channel"] == {"id": "D0DANA"}
    told = web.conversations_open(users="U0DANA", return_im=True)["channel"]
    assert (told["id"], told["user"], told["is_im"]) == ("D0DANA", "U0DANA", True)


def crowd(count: int) -> Workspace:
    people = tuple(Person(id=f"U{n:04d}", name=f"p{n}", real_name=f"Person {n}") for n in range(count))
    club = Channel(id="C0CLUB", name="club", members=tuple(person.id for person in people))
    return Workspace(people=people, channels=(club,))


@settings(max_examples=15)
@given(count=st.integers(0, 40), limit=st.integers(1, 45))
def test_walking_the_pages_meets_everybody_once(count: int, limit: int) -> None:
    with Sandbox(crowd(count), rates=Rates.unlimited()) as sandbox:
        web = web_client(sandbox)
        met: list[str] = []
        for page in web.conversations_members(channel="C0CLUB", limit=limit):
            assert len(page["members"]) <= limit
            met += page["members"]
        assert met == [person.id for person in sandbox.workspace.people]
        listed = [member["id"] for page in web.users_list(limit=limit) for member in page["members"]]
        assert listed == ["USLACKBOT", *met, "U0MURMUR"]


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"cursor": "nonsense"}, "invalid_cursor"),
        ({"cursor": "Y2hhbm5lbDo1"}, "invalid_cursor"),  # a cursor of another method: "channel:5"
        ({"cursor": "dXNlcjo5OTk="}, "invalid_cursor"),  # beyond the end: "user:999"
        ({"limit": "many"}, "invalid_limit"),
        ({"limit": 1001}, "invalid_limit"),
        ({"limit": -1}, "invalid_limit"),
    ],
)
def test_a_wrong_cursor_or_limit_is_refused(web: WebClient, args: Json, error: str) -> None:
    assert error_of(web, "users.list", **args)["error"] == error
