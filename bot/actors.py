"""Who did something, and what they may do: looked up for every command, action and form, whatever it claims."""

from dataclasses import dataclass

from sqlmodel import Session, select

from bot.directory import find_people
from bot.murmur import Murmur
from bot.payloads import Payload
from bot.views.wording import Wording
from storage.people import find_member, is_manager, save_people
from storage.tables import Member, Workspace


class UnknownPerson(Exception):
    """Slack does not know this person, or they are a bot, or belong to a workspace Murmur is not installed in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody at the other end."""

    member: Member
    is_admin: bool
    is_manager: bool

    @property
    def wording(self) -> Wording:
        """How Murmur speaks to them as a manager or an admin: in English, until those pages are translated."""
        return self.own_wording.english

    @property
    def own_wording(self) -> Wording:
        """How Murmur speaks to them as a member: in their language."""
        return Wording(self.member.locale, self.member.timezone)


def find_actor(murmur: Murmur, payload: Payload) -> Actor:
    """The person behind a payload, with their roles as they are now. Raises UnknownPerson."""
    with murmur.database.reading() as session:
        member = find_member(session, payload.workspace, payload.person)
        workspace = session.exec(select(Workspace).where(Workspace.slack_id == payload.workspace)).one_or_none()
    if workspace is None:
        raise UnknownPerson("Murmur is not installed in this workspace")
    if member is None:
        member = _meet(murmur, workspace.id, payload.person)
    with murmur.database.reading() as session:
        return _actor(murmur, session, member)


def admins_of(murmur: Murmur, session: Session, workspace_id: int) -> list[Member]:
    """The admins of a workspace that the directory knows, in name order."""
    query = select(Member).where(Member.workspace_id == workspace_id, Member.active).order_by(Member.name)
    return [member for member in session.exec(query) if _is_admin(murmur, member)]


def _meet(murmur: Murmur, workspace_id: int, slack_id: str) -> Member:
    people = find_people(murmur.client, [slack_id])
    if not people:
        raise UnknownPerson("Slack does not know this person")
    with murmur.database.transaction() as session:
        return save_people(session, workspace_id, people)[0]


def _actor(murmur: Murmur, session: Session, member: Member) -> Actor:
    return Actor(
        member=member,
        is_admin=member.active and _is_admin(murmur, member),
        is_manager=member.active and is_manager(session, member.id),
    )


def _is_admin(murmur: Murmur, member: Member) -> bool:
    return member.is_slack_admin or member.slack_id in murmur.settings.admins
