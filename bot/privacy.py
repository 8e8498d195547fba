"""`/pulse privacy`: the data sheet of this installation for an admin, what concerns them for everybody else."""

import logging
from collections.abc import Sequence

from slack_sdk.errors import SlackClientError
from sqlmodel import Session

from bot.actors import Actor, admins_of
from bot.logs import class_and_place
from bot.manifest import BOT_SCOPES
from bot.messages import reader_names_of
from bot.murmur import Murmur
from bot.refusals import UNREACHABLE
from bot.verifying import as_promised, look, report, worth_knowing
from bot.views.member import privacy_for_members
from bot.views.privacy import AskedPulse, AskedUnit, DataSheet, data_sheet, not_sent, sent
from bot.views.vocabulary import Post
from storage.people import local_date, pulse_of_member
from storage.pulses import pulses_of_workspace
from storage.roster_plans import plan_rosters, teams_of_pulse
from storage.rosters import current_period, team_ids_of, unit_name, units_in_period
from storage.rounds import unfinished_round
from storage.tables import Member, Pulse, Workspace
from surveys.cadence import Frequency
from surveys.questions import load_question_sets
from surveys.release import FLOOR

log = logging.getLogger(__name__)


def send_data_sheet(murmur: Murmur, actor: Actor) -> Post:
    """Post the data sheet to the admin; what to answer to the command."""
    try:
        for post in data_sheet(actor.wording, describe(murmur, actor.member)):
            murmur.client.chat_postMessage(
                channel=actor.member.slack_id,
                text=post.text,
                blocks=list(post.blocks),
                parse="none",
                unfurl_links=False,
                unfurl_media=False,
            )
    except (SlackClientError, *UNREACHABLE) as error:
        log.warning("the data sheet was not posted", extra={"error": class_and_place(error)})
        return not_sent(actor.wording)
    return sent(actor.wording)


def tell(murmur: Murmur, actor: Actor) -> Post:
    """What becomes of answers, for whoever is no admin; the same whether or not they have answered."""
    with murmur.database.reading() as session:
        pulse = pulse_of_member(session, actor.member.id)
        admins = [admin.name for admin in admins_of(murmur, session, actor.member.workspace_id)]
    return privacy_for_members(
        actor.wording,
        threshold=pulse.threshold if pulse else FLOOR,
        contact=murmur.settings.operator_contact,
        keys_apart=murmur.keys_apart,
        admins=admins,
    )


def describe(murmur: Murmur, admin: Member) -> DataSheet:
    """This installation as it is now, for a works council."""
    as_it_should_be, known, lines = _check(murmur)
    settings = murmur.settings
    with murmur.database.reading() as session:
        pulses = pulses_of_workspace(session, admin.workspace_id)
        return DataSheet(
            workspace=session.get_one(Workspace, admin.workspace_id).name,
            on=local_date(admin, murmur.clock()),
            pulses=tuple(_pulse(session, pulse) for pulse in pulses),
            admins=tuple(member.name for member in admins_of(murmur, session, admin.workspace_id)),
            contact=settings.operator_contact,
            database="SQLite" if settings.database_url.startswith("sqlite") else "PostgreSQL",
            keys_apart=murmur.keys_apart,
            scopes=BOT_SCOPES,
            as_promised=as_it_should_be,
            worth_knowing=known,
            report=tuple(lines),
        )


def _check(murmur: Murmur) -> tuple[bool, int, Sequence[str]]:
    """What `murmur verify` finds: whether all is as promised, how many things are worth knowing, and its report; no
    lines when it cannot look.
    """
    try:
        findings = look(murmur.settings)
    except Exception as error:  # noqa: BLE001 - the rest of the sheet is true whatever keeps the check from being made
        log.warning("the database could not be checked", extra={"error": class_and_place(error)})
        return False, 0, ()
    return as_promised(findings), worth_knowing(findings), [line for line in report(findings) if line]


def _pulse(session: Session, pulse: Pulse) -> AskedPulse:
    question_set = load_question_sets()[pulse.question_set]
    return AskedPulse(
        name=pulse.name,
        admin=session.get_one(Member, pulse.admin_id).name,
        question_set=question_set.name,
        questions=question_set.per_round,
        frequency=Frequency(pulse.frequency),
        threshold=pulse.threshold,
        paused=pulse.paused_on is not None,
        units=tuple(sorted(_units(session, pulse), key=lambda unit: unit.name)),
    )


def _units(session: Session, pulse: Pulse) -> list[AskedUnit]:
    """The units of the period that runs, else as they would be."""
    round_ = unfinished_round(session, pulse.id)
    period = current_period(session, pulse.id, round_.opens_on) if round_ else None
    if period is not None:
        return [
            AskedUnit(
                name=unit.name,
                people=size.roster,
                readers=tuple(reader_names_of(session, team_ids_of(unit))),
                scored=size.scored,
            )
            for unit, size in units_in_period(session, period.id)
        ]
    return [
        AskedUnit(
            name=unit_name(session, planned.unit.team_ids),
            people=len(planned.members),
            readers=tuple(reader_names_of(session, planned.unit.team_ids)),
            scored=planned.unit.scored,
        )
        for planned in plan_rosters(teams_of_pulse(session, pulse.id))
        if planned.members
    ]
