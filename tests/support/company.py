"""Members and teams of Lantern Labs, found by their names."""

from sqlmodel import Session, select

from storage.tables import Member, Team


def member(session: Session, who: str) -> Member:
    """Somebody of Lantern Labs."""
    return session.exec(select(Member).where(Member.slack_id == f"U0{who.upper()}")).one()


def team(session: Session, name: str) -> Team:
    """A team or department."""
    return session.exec(select(Team).where(Team.name == name)).one()
