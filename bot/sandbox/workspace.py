"""What a stand-in workspace starts with: people, channels, user groups and the installed app."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

DEFAULT_BOT_SCOPES: Final = (
    "chat:write",
    "commands",
    "channels:read",
    "groups:read",
    "im:write",
    "usergroups:read",
    "users:read",
    "users:read.email",
)

DEFAULT_EVENTS: Final = (
    "app_home_opened",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "member_joined_channel",
    "member_left_channel",
    "subteam_created",
    "subteam_members_changed",
    "subteam_updated",
    "team_join",
    "tokens_revoked",
    "user_change",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in the workspace, as `users.info` tells of them."""

    id: str  # "U0PRIYA"
    name: str  # the handle, "priya.raman"
    real_name: str  # "Priya Raman"
    tz: str = "UTC"  # IANA name
    locale: str = "en-US"
    email: str = ""  # shown only to tokens with users:read.email
    title: str = ""
    team: str = ""  # that they are on or lead, and what they are there ("manager"), where the company says so;
    role: str = ""  # for the page alone: Slack knows neither
    is_admin: bool = False  # Slack's workspace admin flag
    is_owner: bool = False
    is_bot: bool = False
    is_restricted: bool = False  # a guest
    deleted: bool = False  # deactivated


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A public or private channel."""

    id: str  # "C0VISION"
    name: str  # without "#"
    members: tuple[str, ...]  # ids of people, and of the app's bot where it was invited
    is_private: bool = False
    is_general: bool = False
    is_archived: bool = False
    topic: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserGroup:
    """A user group, Slack's "subteam"."""

    id: str  # "S0VISION"
    handle: str  # without "@"
    name: str
    members: tuple[str, ...]
    disabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """The app as it is installed in the workspace."""

    app_id: str = "A0MURMUR"
    name: str = "Murmur"
    bot_id: str = "B0MURMUR"
    bot_user_id: str = "U0MURMUR"
    bot_token: str = "xoxb-sandbox-murmur"  # noqa: S105 - a made-up token of a made-up workspace
    app_token: str = "xapp-sandbox-murmur"  # noqa: S105
    bot_scopes: tuple[str, ...] = DEFAULT_BOT_SCOPES
    app_scopes: tuple[str, ...] = ("connections:write",)
    verification_token: str = "sandbox-verification"  # noqa: S105
    commands: tuple[str, ...] = ("/pulse",)
    hints: tuple[tuple[str, str], ...] = ()  # lines worth typing and what they do: ("/pulse setup", "adds a team")
    events: tuple[str, ...] = DEFAULT_EVENTS  # what the app subscribed to; nothing else is sent
    home_tab: bool = True
    messages_tab: bool = True  # without it, direct messages answer messages_tab_disabled
    messages_tab_read_only: bool = False  # nobody can write to the app in its direct message


def with_own_tokens(installation: Installation) -> Installation:
    """The same app with tokens that nobody can know: the constant ones are for tests, which nobody visits."""
    return replace(
        installation,
        bot_token=f"xoxb-sandbox-{secrets.token_hex(16)}",
        app_token=f"xapp-sandbox-{secrets.token_hex(16)}",
        verification_token=secrets.token_hex(16),
    )


class Said(NamedTuple):
    """What somebody wrote before the sandbox began, and everybody has read."""

    channel: str  # id or name
    author: str  # id, handle or name
    text: str  # mrkdwn, as Slack keeps it
    minutes_before: float  # the beginning


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The seed of a sandbox. It is never changed; the sandbox copies it and changes the copy."""

    people: tuple[Person, ...]
    channels: tuple[Channel, ...] = ()
    user_groups: tuple[UserGroup, ...] = ()
    messages: tuple[Said | tuple[str, str, str, float], ...] = ()
    installation: Installation = Installation()
    team_id: str = "T0LANTERN"
    name: str = "Lantern Labs"
    domain: str = "lantern-labs"

    def find(self, who: str) -> Person:
        """The person with this id, handle, full name or unique first name.

        Raises KeyError with the names there are.
        """
        return find_person(self.people, who)


def find_person(people: Iterable[Person], who: str) -> Person:
    """The one person meant by an id, handle, full name or first name, whatever its case.

    Raises KeyError, naming everybody there is, when nobody or more than one is meant.
    """
    everybody = list(people)
    wanted = who.casefold().lstrip("@")
    for exact in (_ids, _full_names, _first_names):
        found = [person for person in everybody if wanted in exact(person)]
        if len(found) == 1:
            return found[0]
    names = ", ".join(sorted(person.real_name for person in everybody if not person.is_bot))
    raise KeyError(f"there is no one person called {who!r} here; there are: {names}")


def _ids(person: Person) -> tuple[str, ...]:
    return (person.id.casefold(), person.name.casefold())


def _full_names(person: Person) -> tuple[str, ...]:
    return (person.real_name.casefold(),)


def _first_names(person: Person) -> tuple[str, ...]:
    return (person.real_name.split()[0].casefold(),)


def _person(key: str, name: str, tz: str, title: str, *, locale: str = "en-US", admin: bool = False) -> Person:
    handle = ".".join(name.casefold().split())
    return Person(
        id=f"U0{key}",
        name=handle,
        real_name=name,
        tz=tz,
        locale=locale,
        email=f"{key.lower()}@lantern.example",
        title=title,
        is_admin=admin,
    )


_VISION: Final = (
    _person("PRIYA", "Priya Raman", "Europe/Berlin", "Research engineer", locale="en-GB"),
    _person("TOMAS", "Tomás Herrera", "America/Bogota", "Research engineer", locale="es-LA"),
    _person("AMARA", "Amara Diallo", "Africa/Dakar", "Data engineer", locale="fr-FR"),
    _person("LINH", "Linh Nguyễn", "Asia/Ho_Chi_Minh", "Applied scientist"),
    _person("JONAS", "Jonas Lindqvist", "Europe/Stockholm", "Machine learning engineer"),
    _person("FATIMA", "Fatima Benali", "Europe/Paris", "Applied scientist", locale="fr-FR"),
    _person("KOFI", "Kofi Mensah", "Africa/Accra", "Machine learning engineer", locale="en-GB"),
    _person("ELIF", "Elif Yılmaz", "Europe/Istanbul", "Research engineer", locale="tr-TR"),
    _person("WILL", "Will Whetu", "Pacific/Auckland", "Infrastructure engineer", locale="en-NZ"),
)

_LEADERS: Final = (
    _person("DANA", "Dana Ito", "America/Los_Angeles", "Engineering manager, Vision"),
    _person("SAM", "Sam Okoye", "Europe/London", "Director of AI", locale="en-GB"),
    _person("RUTH", "Ruth Meyer", "Europe/Berlin", "HR", locale="de-DE", admin=True),
)

_PLATFORM: Final = (
    _person("MEI", "Mei Tanaka", "Asia/Tokyo", "Platform engineer", locale="ja-JP"),
    _person("RAFAEL", "Rafael Costa", "America/Sao_Paulo", "Platform engineer", locale="pt-BR"),
    _person("INGRID", "Ingrid Solberg", "Europe/Oslo", "Site reliability engineer"),
)

_FORMER: Final = Person(
    id="U0OTTO",
    name="otto.former",
    real_name="Otto Former",
    tz="Europe/Berlin",
    email="otto@lantern.example",
    deleted=True,
)


def default_workspace() -> Workspace:
    """Lantern Labs: Vision (nine people, led by Dana Ito under Sam Okoye), a small Platform team, Ruth Meyer
    in HR as the workspace's admin, and one person who has left.
    """
    installation = Installation()
    vision = tuple(person.id for person in _VISION)
    platform = tuple(person.id for person in _PLATFORM)
    leaders = tuple(person.id for person in _LEADERS)
    return Workspace(
        people=(*_VISION, *_LEADERS, *_PLATFORM, _FORMER),
        channels=(
            Channel(id="C0GENERAL", name="general", members=(*vision, *leaders, *platform), is_general=True),
            Channel(
                id="C0VISION",
                name="vision",
                members=(*vision, "U0DANA", installation.bot_user_id),
                topic="Seeing machines",
            ),
            Channel(id="C0PLATFORM", name="platform", members=(*platform, "U0SAM")),
            Channel(id="C0LEADS", name="leads", members=leaders, is_private=True),
            Channel(id="C0OLD", name="old-project", members=vision[:2], is_archived=True),
        ),
        user_groups=(
            UserGroup(id="S0VISION", handle="vision-team", name="Vision team", members=vision),
            UserGroup(id="S0PLATFORM", handle="platform-team", name="Platform team", members=platform),
        ),
        installation=installation,
    )
