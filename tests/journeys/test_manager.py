"""A manager's Mondays: the first digest, a quiet week, what is withheld, a flag, and what the department sees."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.journeys.steps import answer_all, cast_quietly, close, invite, said, set_up, week, with_newcomers
from tests.support.running_murmur import FRIDAY, TUESDAY, VISION, Stage, running_murmur

HOW_TO_READ = "How to read this.* Each word stands for the whole group, never for a person."
REFUSAL = "Not shown, to protect people. This says nothing about the answers."
WITH_CHART = "data_visualization"


def weeks_without_slack(stage: Stage, levels: list[int], *, first: int = 0) -> None:
    """Rounds in which seven of Vision find everything as good as this, a little apart from each other."""
    ids = [stage.person(who).id for who in VISION]
    for number, level in enumerate(levels, start=first):
        stage.at(week(number, TUESDAY))
        apart = (0, 0, 1, 0, -1, 0, 0, 1, 0)
        present = [place for place in range(len(ids)) if (place + number) % 5]  # seven or eight of nine
        cast_quietly(stage, {ids[n]: min(5, max(1, level + apart[n])) for n in present})
        stage.at(week(number, FRIDAY) + timedelta(minutes=1))


def test_a_digest_comes_at_nine_on_mondays_wherever_its_reader_is(stage: Stage) -> None:
    stage.set_up_team()
    dana, sam = stage.person("Dana"), stage.person("Sam")
    invite(stage)
    answer_all(stage, VISION[:8])
    stage.at(FRIDAY)
    stage.at(datetime(2026, 3, 9, 8, 59, tzinfo=UTC))
    assert sam.dms() == []
    stage.at(datetime(2026, 3, 9, 9, 0, tzinfo=UTC))  # nine in London
    (first,) = sam.dms()
    stage.at(datetime(2026, 3, 9, 15, 59, tzinfo=UTC))
    assert dana.dms() == []
    stage.at(datetime(2026, 3, 9, 16, 0, tzinfo=UTC))  # nine in Los Angeles
    assert [message.text for message in dana.dms()] == [first.text]
    assert first.notification == "Your Murmur digest is ready"  # which names no driver, flag or result
    assert HOW_TO_READ in first.text
    assert "More than four fifths answered." in first.text
    assert "*Vision, 6 March: first results.*" in first.text
    assert "*This round:* Burnout: very high · Autonomy: strong" in first.text
    assert "The team sees these words on Wednesday." in first.text
    assert not any(who in first.text for who in VISION)
    assert not any(character.isdigit() for character in first.text.replace("6 March", ""))

    invite(stage, 1)
    answer_all(stage, VISION[:4], "Disagree")
    close(stage, 1)
    withheld = dana.dms()[-1]
    assert HOW_TO_READ not in withheld.text
    assert REFUSAL in withheld.text
    assert "Burnout: " not in withheld.text
    assert "Under half answered." in withheld.text
    dana.press("Why?", withheld)
    why = dana.wait_for_view("A result needs five answers").text
    assert "Which of these was missing is not said" in why
    dana.close_view()
    dana.open_home()
    assert REFUSAL in dana.home().text
    dana.press("Why?", where="home")
    assert dana.wait_for_view("A result needs five answers").text == why
    dana.close_view()

    invite(stage, 2)
    answer_all(stage, VISION[:5])
    close(stage, 2)
    quiet = dana.dms()[-1].text
    assert quiet.startswith("*Vision, 20 March: no clear change.* Half to four fifths answered.")
    assert "*Ask this week:* “" in quiet
    assert len([line for line in quiet.split("*Ask this week:*")[0].splitlines() if line.strip()]) == 2
    assert "How to read this" not in quiet
    assert "Words often move" not in quiet
    assert "worse" not in quiet
    assert ":triangular_flag_on_post:" not in quiet


@pytest.mark.parametrize("refused", [False, True])
def test_a_lasting_drift_raises_a_flag_with_its_evidence(stage: Stage, refused: bool) -> None:
    stage.set_up_team()
    dana = stage.person("Dana")
    if refused:
        stage.client.fault("refuse block type", method="chat.postMessage", block_type=WITH_CHART)
    weeks_without_slack(stage, [4] * 9)
    weeks_without_slack(stage, [3, 3, 2, 2, 2], first=9)
    stage.at(week(13, TUESDAY) + timedelta(days=6, hours=2))
    digest = next(message for message in dana.dms() if ":triangular_flag_on_post:" in message.text)
    assert not any(":triangular_flag_on_post:" in m.text for m in dana.dms() if "March: " in m.text)  # calm weeks
    for words in (
        ":triangular_flag_on_post: *Burnout is getting worse.*",
        "Flagged now; began probably around ",
        "Evidence: ",
        "Chance alone raises at most one flag for you in half a year, on average.",
        "Try:* ",
        "Ask:* “",
        "Burnout, higher is worse. 8 rounds one by one, ",
        "Burnout: ",
        ", worse than before",
        "No clear change:* ",
        "Words often move a step by chance; a flag means more.",
    ):
        assert words in digest.text
    assert len(digest.text.split("*Ask:*")[0].split()) < 100  # flag and action come first
    kinds = [block["type"] for block in digest.raw["blocks"]]
    assert (WITH_CHART in kinds) is not refused
    posted = [c for c in stage.client.calls("chat.postMessage") if WITH_CHART in json.dumps(c["payload"])]
    assert {call["verdict"] for call in posted} == ({"invalid_blocks"} if refused else {"ok"})
    assert digest.notification == "Your Murmur digest is ready"

    later = dana.dms()[-1]
    if later != digest:
        assert "ago, still standing; began probably around" in later.text or "Flagged now" in later.text
    dana.open_home()
    assert ":triangular_flag_on_post: *Burnout" in dana.home().text
    priya = stage.person("Priya")
    stage.at(week(14, TUESDAY) + timedelta(hours=20))
    priya.open_home()
    assert ":triangular_flag_on_post: *Burnout" in priya.home().text


def test_the_head_of_a_department_reads_its_teams_side_by_side(database_url: str, tmp_path: Path) -> None:
    with running_murmur(database_url, tmp_path, workspace=with_newcomers(8)) as stage:
        side_by_side(stage)


def side_by_side(stage: Stage) -> None:
    ruth, sam, dana, kofi = (stage.person(who) for who in ("Ruth", "Sam", "Dana", "Kofi"))
    people = [stage.person(who).name for who in VISION]
    extras = [f"Extra {number}" for number in range(1, 9)]
    set_up(ruth, "Vision", people=people, part_of="Research", leaders=["Sam Okoye"])
    set_up(ruth, "Speech", people=[*extras, "Sam Okoye"], managers=["Mei Tanaka"], part_of="Research")
    status = said(ruth, "/pulse")
    assert (
        "• Speech, read by Mei Tanaka and Sam Okoye: With 8 people, results in about nine of ten rounds.\n"
        "• Vision, read by Dana Ito and Sam Okoye: With 9 people"
    ) in status
    sam.open_home()
    assert "No results yet: Research." in sam.home().text

    invite(stage)
    assert sam.dms() == []  # who reads is not asked
    answer_all(stage, VISION[:7], "Strongly agree")
    answer_all(stage, [f"U0EXTRA{number}" for number in range(1, 9)], "Disagree")
    close(stage)
    (digest,) = sam.dms()
    assert HOW_TO_READ in digest.text
    assert "*Research, 6 March*\n*This round, all teams together:* Burnout: " in digest.text
    assert "*Flags:* none is told here yet. Each team's own manager hears first." in digest.text
    assert "*Flags as of 6 March:* none." not in digest.text
    speech, vision = (line for line in digest.text.splitlines() if line.startswith(("*Speech*", "*Vision*")))
    assert "Burnout: very low · Autonomy: poor" in speech  # first in the order of the organisation
    assert "Burnout: very high · Autonomy: strong" in vision  # seven answered: fewer words
    assert "answered" not in digest.text
    sam.open_home()
    assert "*Research, 6 March*" in sam.home().text
    assert "*Vision* · Burnout: very high" in sam.home().text
    assert "Vision, 6 March" in dana.dms()[-1].text
    assert "Speech" not in dana.dms()[-1].text
    dana.open_home()
    assert "Speech" not in dana.home().text
    assert "Only Murmur's admins" in said(dana, "/pulse close Research")
    assert "Only Murmur's admins" in said(kofi, "/pulse close Research")


def test_the_head_of_a_department_hears_that_a_flag_was_raised_and_that_it_ended_a_week_after_its_manager(
    stage: Stage,
) -> None:
    stage.set_up_team(managers=["Dana Ito"], part_of="Research", leaders=["Sam Okoye"])
    dana, sam = stage.person("Dana"), stage.person("Sam")
    weeks_without_slack(stage, [4] * 9)
    weeks_without_slack(stage, [2] * 4, first=9)
    weeks_without_slack(stage, [5] * 6, first=13)
    stage.at(week(19, TUESDAY))

    def when(messages: list[str], words: str) -> list[int]:
        return [number for number, text in enumerate(messages) if words in text]

    read_by_dana, read_by_sam = ([message.text for message in who.dms()] for who in (dana, sam))
    assert len(read_by_dana) == len(read_by_sam) == 19
    flag, end = ":triangular_flag_on_post: *Burnout", "Burnout is easing"
    (ended,) = when(read_by_dana, end)
    stood = when(read_by_dana, flag)
    assert stood == list(range(stood[0], ended))
    assert when(read_by_dana, "*Burnout is getting worse.*") == stood[:1]
    assert when(read_by_sam, flag) == [number + 1 for number in stood]
    assert when(read_by_sam, end) == [ended + 1]
    assert "*Vision.* :seedling: *Burnout is easing.*" in read_by_sam[ended + 1]
    for text in read_by_sam:  # nothing that may be over by then is told as if it were of that day
        assert "*Flags as of " in text or "*Flags:* none is told here yet." in text
        for today in ("No flag stands", "still flagged", "still standing", "worse than before", "weeks old"):
            assert today not in text
    title = read_by_sam[ended - 1].split("\n")[0].removeprefix("*Research, ").removesuffix("*")
    assert f"*Flags as of {title}.*" in read_by_sam[ended]  # the day of the digest before


def test_teams_that_are_read_together_say_so_to_their_people_and_their_managers(
    database_url: str, tmp_path: Path
) -> None:
    with running_murmur(database_url, tmp_path, workspace=with_newcomers(6)) as stage:
        read_together(stage)


def read_together(stage: Stage) -> None:
    ruth, dana, mei = (stage.person(who) for who in ("Ruth", "Dana", "Mei"))
    speech, vision = [f"Extra {number}" for number in range(1, 7)], [stage.person(who).name for who in VISION[:6]]
    set_up(ruth, "Speech", people=speech, managers=["Mei Tanaka"], part_of="Research", leaders=["Sam Okoye"])
    set_up(ruth, "Vision", people=vision, managers=["Dana Ito"], part_of="Research", leaders=["Sam Okoye"])
    dana.open_home()
    assert "*Reads the results of:* Speech + Vision, as a manager of Vision" in dana.home().text
    assert "No results yet: Speech + Vision." in dana.home().text
    invite(stage)
    hello = stage.person("Priya").dms()[0].text
    assert "Speech + Vision (12 people) is read as a group by Dana Ito, Mei Tanaka and Sam Okoye" in hello
    assert "A team under eight is read together with another, so that nobody can be picked out" in hello
    close(stage)
    mei.open_home()
    assert "*Reads the results of:* Speech + Vision, as a manager of Speech" in mei.home().text
    assert "*Speech + Vision, 6 March.*" in mei.home().text
    stage.person("Sam").open_home()
    assert "*Reads the results of:* Research" in stage.person("Sam").home().text
