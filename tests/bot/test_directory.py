"""People and channels as Slack has them."""

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.directory import ChannelNotReadable, channel_members, find_people, person_of
from bot.sandbox.client import SandboxClient
from bot.sandbox.limits import Rates
from bot.sandbox.server import Sandbox
from tests.support.lantern import with_teams


def client_of(sandbox: Sandbox) -> WebClient:
    """Murmur's client: it tries nothing again by itself."""
    return WebClient(token=sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])


def methods(client: SandboxClient) -> list[str]:
    """The calls that were made, in order."""
    return [call["method"] for call in client.calls()]


def test_a_person_is_known_by_the_name_they_chose() -> None:
    profile = {"id": "U1", "name": "p.raman", "real_name": "Raman", "profile": {"real_name": "Priya Raman"}}
    assert person_of(profile).name == "Priya Raman"
    assert person_of({"id": "U1", "name": "p.raman", "real_name": "Raman"}).name == "Raman"
    assert person_of({"id": "U1", "name": "p.raman"}).name == "p.raman"
    assert person_of({"id": "U1"}).name == "U1"


@pytest.mark.parametrize("timezone", [None, "", "Mars/Olympus_Mons", "../../etc/passwd"])
def test_a_time_zone_that_nobody_knows_counts_as_utc(timezone: str | None) -> None:
    assert person_of({"id": "U1", "tz": timezone}).timezone == "UTC"


def test_what_slack_leaves_out_has_a_plain_default() -> None:
    person = person_of({"id": "U1"})
    assert (person.locale, person.timezone, person.is_slack_admin, person.active) == ("en-US", "UTC", False, True)


@pytest.mark.parametrize("flag", ["is_admin", "is_owner"])
def test_admins_and_owners_of_the_workspace_count_as_admins(flag: str) -> None:
    assert person_of({"id": "U1", flag: True}).is_slack_admin


def test_people_come_back_once_each_in_the_order_asked_for() -> None:
    with Sandbox() as sandbox:
        found = find_people(client_of(sandbox), ["U0WILL", "U0PRIYA", "U0WILL"])
        assert [person.slack_id for person in found] == ["U0WILL", "U0PRIYA"]
        assert (found[0].name, found[0].timezone, found[0].locale) == ("Will Whetu", "Pacific/Auckland", "en-NZ")


def test_bots_and_unknown_people_are_left_out_and_who_left_is_marked() -> None:
    with Sandbox() as sandbox:
        found = find_people(client_of(sandbox), ["U0MURMUR", "USLACKBOT", "U0NOBODY", "U0OTTO"])
        assert [(person.slack_id, person.active) for person in found] == [("U0OTTO", False)]


def test_nobody_is_asked_for_nobody() -> None:
    with Sandbox() as sandbox:
        assert find_people(client_of(sandbox), []) == []
        assert methods(sandbox.client()) == []


def test_many_people_come_from_one_list_page_by_page() -> None:
    with Sandbox(with_teams({"crowd": 450})) as sandbox:
        ids = channel_members(client_of(sandbox), "C1CROWD")
        found = find_people(client_of(sandbox), ids)
        assert [person.slack_id for person in found] == [slack_id for slack_id in ids if slack_id != "U0MURMUR"]
        assert len(found) == 450
        assert methods(sandbox.client()) == ["conversations.members"] * 3 + ["users.list"] * 3


def test_both_ways_of_looking_people_up_say_the_same() -> None:
    with Sandbox(with_teams({"crowd": 30})) as sandbox:
        few = ["U0PRIYA", "U0RUTH", "U0OTTO", "U0WILL"]
        many = find_people(client_of(sandbox), [*few, *channel_members(client_of(sandbox), "C1CROWD")])
        assert many[:4] == find_people(client_of(sandbox), few)


@pytest.mark.parametrize("channel", ["C0LEADS", "C0NOWHERE"])
def test_a_channel_that_cannot_be_seen_says_so(channel: str) -> None:
    with Sandbox() as sandbox, pytest.raises(ChannelNotReadable):
        channel_members(client_of(sandbox), channel)


def test_a_public_channel_can_be_read_without_being_in_it() -> None:
    with Sandbox() as sandbox:
        assert "U0MEI" in channel_members(client_of(sandbox), "C0PLATFORM")


def test_a_private_channel_can_be_read_once_murmur_is_in_it() -> None:
    with Sandbox() as sandbox:
        sandbox.client().change("joins", person="U0MURMUR", channel="leads")
        assert set(channel_members(client_of(sandbox), "C0LEADS")) == {"U0DANA", "U0SAM", "U0RUTH", "U0MURMUR"}


def test_a_break_that_slack_asks_for_is_waited_out() -> None:
    with Sandbox() as sandbox:
        slack = sandbox.client()
        slack.fault("429", method="conversations.members", seconds=1)
        slack.fault("429", method="users.info", seconds=1)
        ids = channel_members(client_of(sandbox), "C0PLATFORM")
        assert len(find_people(client_of(sandbox), ids)) == 4


def test_other_trouble_is_trouble() -> None:
    with Sandbox(rates=Rates.unlimited()) as sandbox:
        slack = sandbox.client()
        for kind in ("500", "error"):
            slack.fault(kind, method="*", times=2)
            with pytest.raises(SlackApiError):
                channel_members(client_of(sandbox), "C0PLATFORM")
            with pytest.raises(SlackApiError):
                find_people(client_of(sandbox), ["U0PRIYA"])
