"""users.* and usergroups.*"""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.sandbox.web_api.calls import ApiError, Call, Json, Method, page
from bot.sandbox.workspace import Person, UserGroup

SLACKBOT: Final = Person(id="USLACKBOT", name="slackbot", real_name="Slackbot", tz="America/Los_Angeles")
"""Every workspace has it, and users.list says of it that it is no bot."""


def users_list(call: Call) -> Json:
    """Everybody, deactivated people and bots included."""
    everybody = [SLACKBOT, *call.world.people.values()]
    people, metadata = page(call, everybody, kind="user", default=1000)
    members = [_user(call, person) for person in people]
    return {"members": members, "cache_ts": int(call.world.now.timestamp()), "response_metadata": metadata}


def users_info(call: Call) -> Json:
    """One person."""
    user = call.required("user")
    person = SLACKBOT if user == SLACKBOT.id else call.world.people.get(user)
    if person is None:
        raise ApiError("user_not_found")
    return {"user": _user(call, person)}


def users_lookup_by_email(call: Call) -> Json:
    """One active person by e-mail address."""
    email = call.required("email").casefold()
    for person in call.world.people.values():
        if person.email.casefold() == email and not person.deleted:
            return {"user": _user(call, person)}
    raise ApiError("users_not_found")


def usergroups_list(call: Call) -> Json:
    """User groups; disabled ones and members only when asked for."""
    groups = [
        _group(call, group)
        for group in call.world.user_groups.values()
        if call.flag("include_disabled") or not group.disabled
    ]
    return {"usergroups": groups}


def usergroups_users_list(call: Call) -> Json:
    """The members of one user group."""
    group = call.world.user_groups.get(call.required("usergroup"))
    if group is None or (group.disabled and not call.flag("include_disabled")):
        raise ApiError("no_such_subteam")
    return {"users": _active(call, group)}


def user_object(person: Person, team_id: str, now: datetime, *, with_email: bool, with_locale: bool) -> Json:
    """A person in the shape of users.info. Deactivated people carry no time zone and no roles, as in Slack."""
    profile: Json = {
        "title": person.title,
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.real_name,
        "display_name_normalized": person.real_name,
        "status_text": "",
        "status_emoji": "",
        "team": team_id,
    }
    if with_email and person.email:
        profile["email"] = person.email
    user: Json = {
        "id": person.id,
        "team_id": team_id,
        "name": person.name,
        "deleted": person.deleted,
        "profile": profile,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": int(now.timestamp()),
    }
    if person.deleted:
        return user
    offset = now.astimezone(ZoneInfo(person.tz)).utcoffset()
    user |= {
        "real_name": person.real_name,
        "tz": person.tz,
        "tz_label": now.astimezone(ZoneInfo(person.tz)).tzname() or person.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "is_admin": person.is_admin or person.is_owner,
        "is_owner": person.is_owner,
        "is_primary_owner": person.is_owner,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": False,
    }
    if with_locale:
        user["locale"] = person.locale
    return user


def group_object(group: UserGroup, team_id: str, now: datetime) -> Json:
    """A user group in the shape of usergroups.list, without its members."""
    stamp = int(now.astimezone(UTC).timestamp())
    return {
        "id": group.id,
        "team_id": team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": stamp,
        "date_update": stamp,
        "date_delete": stamp if group.disabled else 0,
        "auto_type": None,
        "prefs": {"channels": [], "groups": []},
        "user_count": len(group.members),
    }


def _user(call: Call, person: Person) -> Json:
    return user_object(
        person,
        call.world.workspace.team_id,
        call.world.now,
        with_email="users:read.email" in call.scopes,
        with_locale=call.flag("include_locale"),
    )


def _group(call: Call, group: UserGroup) -> Json:
    told = group_object(group, call.world.workspace.team_id, call.world.now)
    if call.flag("include_users"):
        told["users"] = _active(call, group)
    if not call.flag("include_count"):
        del told["user_count"]
    return told


def _active(call: Call, group: UserGroup) -> list[str]:
    """Slack takes deactivated people out of user groups."""
    return [who for who in group.members if not call.world.people[who].deleted]


METHODS = (
    Method(name="users.list", handler=users_list, scopes=("users:read",)),
    Method(name="users.info", handler=users_info, scopes=("users:read",)),
    Method(name="users.lookupByEmail", handler=users_lookup_by_email, scopes=("users:read.email",)),
    Method(name="usergroups.list", handler=usergroups_list, scopes=("usergroups:read",)),
    Method(name="usergroups.users.list", handler=usergroups_users_list, scopes=("usergroups:read",)),
)
