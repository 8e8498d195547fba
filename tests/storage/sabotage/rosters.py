"""Sabotage of rosters."""

from tests.storage.sabotage.cases import Cases
from tests.support.organisation import TUESDAY, WEEK
from tests.support.vandal import Scene

cases = Cases()


@cases.found_as("frozen")
def somebody_put_on_a_frozen_roster(scene: Scene) -> None:
    scene.run("INSERT INTO rosterentry (period_id, member_id, unit_id) VALUES (1, :guest, 1)", guest=scene.guest)


@cases.found_as("frozen", "messages alike", "owners")
def somebody_taken_off_a_frozen_roster(scene: Scene) -> None:
    scene.run("DELETE FROM rosterentry WHERE member_id = :member", member=scene.vision.members[0])


@cases.found_as("messages alike", "owners")
def somebody_put_in_another_ones_place(scene: Scene) -> None:
    scene.run(
        "UPDATE rosterentry SET member_id = :guest WHERE member_id = :member",
        guest=scene.guest,
        member=scene.vision.members[0],
    )


@cases.found_as("periods")
def rosters_worked_out_again_after_a_week(scene: Scene) -> None:
    scene.run("INSERT INTO rosterperiod (id, pulse_id, starts_on) VALUES (9, 1, '2026-03-10')")


@cases.found_as("units apart", "frozen")
def a_second_unit_of_the_same_team(scene: Scene) -> None:
    scene.run(
        "INSERT INTO unit (id, pulse_id, team_key, name) VALUES (9, 1, '1,2', 'Vision and Platform')",
        "INSERT INTO periodunit (period_id, unit_id, roster, replaced, scored) VALUES (1, 9, 43, 0, TRUE)",
    )


@cases.found_as("large enough")
def a_unit_of_four_that_is_counted(scene: Scene) -> None:
    scene.run(
        "INSERT INTO unit (id, pulse_id, team_key, name) VALUES (9, 1, '9', 'Four')",
        "INSERT INTO periodunit (period_id, unit_id, roster, replaced, scored) VALUES (1, 9, 0, 0, TRUE)",
    )


@cases.found_as("readers")
def a_digest_for_somebody_who_is_counted_in_it(scene: Scene) -> None:
    member = scene.vision.members[0]
    scene.run(
        "INSERT INTO outboxmessage (workspace_id, kind, natural_key, member_id, round_id, unit_id, due_at, state,"
        f" attempts) VALUES (1, 'digest', 'digest:{member}::{scene.closed}:1:', :member, :round, 1,"
        " '2026-03-09 10:00:00.000000', 'sent', 1)",
        member=member,
        round=scene.closed,
    )


@cases.found_as("units apart", "owners")
def somebody_asked_in_two_surveys_at_once(scene: Scene) -> None:
    other = scene.acme.pulse("Another pulse")
    team = scene.acme.team("Elsewhere", 9, pulse_id=other)
    scene.acme.open(TUESDAY + WEEK, other)
    scene.run(
        "UPDATE rosterentry SET member_id = :twice WHERE member_id = :theirs",
        twice=scene.vision.members[0],
        theirs=team.members[0],
    )
