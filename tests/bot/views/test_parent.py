"""The digest of a manager of managers: tree order, one refusal, flags only once they may be seen."""

from dataclasses import replace
from datetime import timedelta

from bot.views.asked import ToLeader
from bot.views.parent import parent_post
from bot.views.results import WHY
from bot.views.wording import Wording
from surveys.departments import TeamRow
from surveys.notices import Ending
from surveys.questions import drivers
from surveys.requests import LONGEST, Followed
from tests.bot.views.contents import parent
from tests.bot.views.samples import MONDAY, elements, read_aloud, refused, requested

w = Wording()
EARLIER = MONDAY - timedelta(weeks=1)


def test_units_stand_in_the_order_they_are_given_not_of_their_results() -> None:
    said = read_aloud(parent_post(w, parent("Vision", 3)).blocks)
    assert said.index("*Vision 0* ·") < said.index("*Vision 1* ·") < said.index("*Vision 2* ·")


def test_a_flag_is_told_once_it_may_be_seen_and_leaves_no_trace_before() -> None:
    seen = read_aloud(parent_post(w, parent("Vision")))
    assert "*Vision 0.* :triangular_flag_on_post: *Burnout: flagged on 16 February.* It began probably" in seen
    assert "Burnout: high (flagged on 16 February)" in seen
    hidden = read_aloud(parent_post(w, parent("Vision", visible=False)))
    assert "worse" not in hidden
    assert "flagged" not in hidden
    assert "*Flags:* none is told here yet. Each team's own manager hears first." in hidden
    assert "Burnout: high" in hidden


def test_flags_are_told_as_of_a_day_and_never_as_if_that_were_today() -> None:
    flagged = parent("Vision")
    calm = replace(flagged, rows=tuple(replace(row, notices=()) for row in flagged.rows))
    eased = replace(
        flagged,
        rows=tuple(
            replace(row, notices=tuple(replace(one, worse=False) for one in row.notices)) for row in flagged.rows
        ),
    )
    first = "Each team's own manager hears first; news since then, if there is any, is told here later."
    said = [read_aloud(parent_post(w, replace(one, flags_on=EARLIER))) for one in (flagged, calm, eased)]
    assert f"*Flags as of 2 March.* {first}" in said[0]
    assert f"*Flags as of 2 March:* none. {first}" in said[1]
    assert "By 2 March it looked better." in said[2]
    assert "looked better" not in said[0] + said[1]
    for one in said:
        for today in ("flag stands", "standing", "still", "weeks ago", "getting", "worse than"):
            assert today not in one


def test_a_parent_with_one_unit_that_has_results_has_none_itself() -> None:
    one = read_aloud(parent_post(w, parent("Vision", 1)))
    assert "All teams together, Vision 0 (Experimentation) and Vision: Not shown, to protect people." in one
    assert "all teams together:" not in one
    two = read_aloud(parent_post(w, parent("Vision", 2)))
    assert "*This round, all teams together:* Burnout: high · Autonomy: good · Growth: mixed\n" in two


def test_what_is_withheld_in_a_row_or_of_all_units_together_is_named_in_the_one_refusal() -> None:
    said = read_aloud(parent_post(w, parent("Vision", 2)))
    together, first = "All teams together (Experimentation)", "Vision 0 (Experimentation)"
    assert f"{together}, {first}, Vision 1 (Experimentation) and Vision: Not shown, to protect people." in said
    assert said.count("Experimentation") == 3


def test_units_without_results_share_one_refusal() -> None:
    post = parent_post(w, parent("Vision", 2))
    assert read_aloud(post).count("Not shown, to protect people. This says nothing about the answers.") == 1
    assert [element["action_id"] for element in elements(post)] == [WHY]


def test_the_notification_says_nothing_of_the_results() -> None:
    assert parent_post(w, parent("Vision")).text == "Your Murmur digest is ready"


def test_many_units_are_cut_and_counted() -> None:
    post = parent_post(w, parent("Vision", 60))
    assert refused(post) == []
    assert "And 21 more teams." in read_aloud(post)
    assert "And 50 more flags." in read_aloud(post)


def test_what_managers_ask_leaves_room_for_fewer_units_and_all_are_counted_still() -> None:
    digest = parent("Vision and everything that belongs to it", 60)
    asked = ToLeader(waiting=(Followed(request=requested("x" * LONGEST), rounds=3),) * 5)
    alone, crowded = (parent_post(w, digest, keys_apart=False, asked=one) for one in (None, asked))
    assert "And 21 more teams." in read_aloud(alone)
    assert "And 41 more teams." in read_aloud(crowded)
    assert "Protection is weaker here" in read_aloud(crowded)


def ended(*, recovered: bool) -> str:
    """The digest of a department whose team's flag has ended."""
    team = TeamRow(
        name="Vision",
        depth=0,
        levels=(),
        notices=(),
        endings=(
            Ending(
                driver=drivers()["burnout"],
                raised_on=MONDAY - timedelta(weeks=13),
                recovered=recovered,
                band=1,
                now="high",
                then=1,
                rounds=5,
            ),
        ),
    )
    value = replace(parent("Research"), rows=(team,), first=False)
    return read_aloud(parent_post(w, value))


def test_the_end_of_a_flag_is_told_with_its_team_and_why() -> None:
    assert "*Vision.* :seedling: *Burnout is easing.* The flag of 8 December no longer stands." in ended(recovered=True)
    assert (
        "*Vision.* *Burnout: the flag is put down.* Flagged 13 weeks ago and no longer shown: by now acted on, or the"
        " new normal. The last 5 times asked: still high."
    ) in ended(recovered=False)


def test_what_never_changes_is_told_in_the_first_digest_only() -> None:
    first = parent("Research")
    words = "Of a team's flag, and of its end, you hear two working days after its own manager: on Murmur's Home,"
    assert words in read_aloud(parent_post(w, first))
    later = read_aloud(parent_post(w, replace(first, first=False)))
    assert words not in later
    assert "How to read this." not in later
    assert "alphabetical" not in later
