"""People, channels and user groups as Slack has them."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.refusals import reason
from storage.people import Person

_PAGE = 200  # Slack recommends no more than 200 a page
_FEW = 20
"""Up to this many people are looked up one by one; more come from the list of the whole workspace."""

SLACKBOT = "USLACKBOT"


class ChannelNotReadable(Exception):
    """Murmur cannot see who is in this channel: it is private and Murmur has not been invited, or it is gone."""


def person_of(profile: dict[str, Any]) -> Person:
    """A person from Slack's description of them."""
    names = profile.get("profile") or {}
    name = names.get("real_name") or profile.get("real_name") or profile.get("name") or profile["id"]
    timezone = profile.get("tz") or "UTC"
    return Person(
        slack_id=profile["id"],
        name=name,
        timezone=timezone if timezone in _known_timezones() else "UTC",
        locale=profile.get("locale") or "en-US",
        is_slack_admin=bool(profile.get("is_admin") or profile.get("is_owner")),
        active=not profile.get("deleted", False),
    )


def find_people(client: WebClient, slack_ids: Iterable[str]) -> list[Person]:
    """These people, without bots and without ids that Slack does not know, in the order given."""
    client = _patient(client)
    wanted = list(dict.fromkeys(slack_ids))
    if len(wanted) <= _FEW:
        found = [profile for slack_id in wanted if (profile := _profile(client, slack_id)) is not None]
    else:
        everybody = {profile["id"]: profile for profile in all_profiles(client)}
        found = [everybody[slack_id] for slack_id in wanted if slack_id in everybody]
    return [person_of(profile) for profile in found if not _is_bot(profile)]


def channel_members(client: WebClient, channel_id: str) -> list[str]:
    """Slack ids of everybody in a channel, bots included. Raises ChannelNotReadable."""
    try:
        pages = _patient(client).conversations_members(channel=channel_id, limit=_PAGE)
        return [slack_id for page in pages for slack_id in page["members"]]
    except SlackApiError as error:
        if reason(error) in {"channel_not_found", "not_in_channel", "fetch_members_failed"}:
            raise ChannelNotReadable(channel_id) from None
        raise


def all_profiles(client: WebClient) -> Iterator[dict[str, Any]]:
    """Slack's description of everybody in the workspace, bots included."""
    for page in client.users_list(limit=_PAGE, include_locale=True):
        yield from page["members"]


def _patient(client: WebClient) -> WebClient:
    """The same client, but it waits when Slack asks for a break: looking people up is many calls in a row."""
    handler = RateLimitErrorRetryHandler(max_retry_count=3)
    return WebClient(token=client.token, base_url=client.base_url, timeout=client.timeout, retry_handlers=[handler])


def _profile(client: WebClient, slack_id: str) -> dict[str, Any] | None:
    try:
        profile: dict[str, Any] = client.users_info(user=slack_id, include_locale=True)["user"]
    except SlackApiError as error:
        if reason(error) in {"user_not_found", "user_not_visible"}:
            return None
        raise
    return profile


def _is_bot(profile: dict[str, Any]) -> bool:
    return bool(profile.get("is_bot")) or profile["id"] == SLACKBOT


@cache
def _known_timezones() -> frozenset[str]:
    return frozenset(available_timezones())
