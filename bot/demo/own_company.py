"""What the guide of a rehearsal does: the set-up of each team filled in from the people file, and the first round."""

from collections.abc import Callable, Mapping
from typing import Final

from sqlmodel import select

from bot.demo.guide import SET_UP, Direction, Standing
from bot.demo.show import NotPossible, Order, Show
from bot.demo.stage import Stage
from bot.demo.travel import Travel
from bot.sandbox.people_file import Organisation, TeamPlan
from bot.sandbox.person import Person
from bot.sandbox.shown import Message
from bot.views.setup import CHANNEL, LEADERS, MANAGERS, PART_OF, TEAM
from storage.tables import Team

GENERAL: Final = "C0GENERAL"
"""The channel that every company has."""

_INVITATION: Final = "short question"
_DIGEST: Final = "digest"
_DAYS: Final = 25  # working days in which a round that is set up opens
_MONDAYS: Final = 6  # until a digest of it comes
_NO_TEAM: Final = "No team is set up yet: fill in the form, press Preview, and then Start asking."


class OwnCompany:
    """The steps, by the ids of rehearsal.yaml."""

    def __init__(self, stage: Stage, show: Show, travel: Travel, company: Organisation) -> None:
        self._stage = stage
        self._show = show
        self._travel = travel
        self._company = company
        self._admin = next(person for person in company.workspace.people if person.is_admin)
        self._there: frozenset[str] = frozenset()  # teams that Murmur knew when they were last counted
        self._filled_in: TeamPlan | None = None
        self.steps: Mapping[str, Callable[[Order], None]] = {
            SET_UP: self.fill_in,
            "asked": self.asked,
            "digest": self.digest,
        }

    def begin(self) -> Direction:
        """Where a rehearsal begins: as an admin, in a channel."""
        return Direction(person=self._admin.id, place=GENERAL)

    def fill_in(self, order: Order) -> None:
        """Open the form as the admin, filled in for the next team of the file; sending it is left to the visitor."""
        self.count()
        self._filled_in = team = next(iter(self._missing()), None)
        if team is not None:
            self._show.look(self.begin())
            _fill_in(self._person(self._admin.id), team)
        self._say_how_far()
        self._show.look(self.begin(), ends=order)

    def count(self) -> None:
        """Whenever the page looks: say how many teams of the file are set up, and tick the step once all are."""
        there = frozenset(self._set_up())
        if there != self._there:
            self._there = there
            self._say_how_far()

    def asked(self, order: Order) -> None:
        """Somebody on the first team that is set up gets an invitation."""
        member = self._first_team(order).member_ids[0]
        self.count()
        self._show.skip(SET_UP)  # whoever goes on has done enough of it
        for _ in range(_DAYS):
            if self._newest(member, _INVITATION):
                break
            self._travel.jump("next-working-day")
        self._show.look(self._at(member, _INVITATION, phone=False), ends=order)

    def digest(self, order: Order) -> None:
        """A manager of that team reads what came of it."""
        manager = self._first_team(order).manager_ids[0]
        for _ in range(_MONDAYS):
            if self._newest(manager, _DIGEST):
                break
            self._travel.jump("next-monday")
        self._show.look(self._at(manager, _DIGEST, phone=True), ends=order)

    def _first_team(self, order: Order) -> TeamPlan:
        """The first team of the file that is set up, and has people and managers in the file. Raises NotPossible."""
        there = self._set_up()
        for team in self._company.teams:
            if team.name.casefold() in there and team.member_ids and team.manager_ids:
                step = self._show.guide.step(order.id)
                step.text, step.after = (self._words(order.id, key).format(team=team.name) for key in ("text", "after"))
                return team
        raise NotPossible(_NO_TEAM)

    def _missing(self) -> list[TeamPlan]:
        """Teams of the file that were not set up when they were last counted, in its order."""
        return [team for team in self._company.teams if team.name.casefold() not in self._there]

    def _say_how_far(self) -> None:
        """How many teams are set up, and what to do next."""
        teams, missing = len(self._company.teams), self._missing()
        there = teams - len(missing)
        with self._show.changing(SET_UP) as step:
            step.begun, step.unfinished = there > 0, bool(missing)
            if missing:
                words = "filled_in" if missing[0] == self._filled_in else "next"
                one = 1 in {there, teams}
                count = f"{there} of {teams} {'team' if teams == 1 else 'teams'} {'is' if one else 'are'} set up."
                step.text = step.after = self._words(SET_UP, words).format(team=missing[0].name, count=count)
                step.again = self._words(SET_UP, "again")
                step.button = step.again if there else self._words(SET_UP, "button")
                return
            step.after, step.again = self._words(SET_UP, "after"), ""
            if step.standing is not Standing.BUSY:
                step.standing = Standing.DONE

    def _set_up(self) -> set[str]:
        """Names of the teams that Murmur knows."""
        with self._stage.murmur.database.reading() as session:
            return {name.casefold() for name in session.exec(select(Team.name))}

    def _at(self, who: str, notification: str, *, phone: bool) -> Direction:
        message = self._newest(who, notification)
        if message is None:
            raise NotPossible(
                "Nothing has come yet. If the pulse is paused, type /pulse resume, or jump further ahead."
            )
        return Direction(person=who, place=message.channel, message=message.ts, phone=phone)

    def _newest(self, who: str, notification: str) -> Message | None:
        found = [one for one in self._person(who).dms() if notification in one.notification]
        return found[-1] if found else None

    def _person(self, who: str) -> Person:
        """Somebody to act as, with no window open."""
        person = self._stage.slack.person(who)
        if person.views:
            person.close_view(everything=True)
        return person

    def _words(self, step: str, key: str) -> str:
        return self._show.guide.written[step][key]


def _fill_in(admin: Person, team: TeamPlan) -> None:
    """Type /pulse setup, and fill in what the file says of a team, from the last field to the first: what was filled in
    last is what the page shows.
    """
    admin.command("/pulse setup", GENERAL, effect=False)
    admin.wait_until(lambda: any(field.block_id == TEAM for view in admin.views for field in view.fields), "the form")
    if team.leader_ids:
        admin.check(LEADERS, *team.leader_ids)
    if team.department:
        admin.fill(PART_OF, team.department)
    if team.manager_ids:
        admin.check(MANAGERS, *team.manager_ids)
    admin.pick(CHANNEL, team.channel_id)
    admin.fill(TEAM, team.name)
