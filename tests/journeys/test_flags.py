"""How often chance may raise a flag, and what it costs to lose somebody: settled in a window, undone, and told."""

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox.person import Person
from storage.pulses import changes
from storage.workspaces import flag_settings
from surveys.cadence import Frequency
from surveys.costs import Salary
from surveys.flagging import FlagSettings
from tests.journeys.steps import cast_quietly, close, invite, page_after, replay, said, with_newcomers
from tests.support.running_murmur import Stage, running_murmur

OFTEN = "How often chance alone may raise a flag for a manager, on average"
YEARLY = FlagSettings(months=12, salary=Salary(amount=85_000, currency="EUR"))
COST = (
    "*Replacing one person* costs 1.5 to 2 times a year's salary, by the usual estimate, so about 127,500 to"
    " 170,000 EUR here. _An estimate: from the salary that Ruth Meyer entered, times 1.5 to 2. The team does not see"
    " this line._"
)


def held(stage: Stage) -> FlagSettings:
    """What holds now."""
    with stage.murmur.database.reading() as session:
        return flag_settings(session, 1)


def log_of(stage: Stage) -> list[str]:
    """The audit log, oldest first."""
    with stage.murmur.database.reading() as session:
        return [change.what for change in changes(session, 1)]


def settle(ruth: Person, *, salary: str = "", currency: str = "", often: str = "At most once in 12 months") -> str:
    """Open the window, fill it in and send it; the page that comes."""
    ruth.command("/pulse flags")
    ruth.wait_for_view("How often chance alone")
    ruth.choose(OFTEN, often)
    if salary:
        ruth.fill("A typical salary, for a year", salary)
        ruth.choose("Its currency, if you enter a salary", currency)
    return page_after(ruth).text


def test_an_admin_makes_false_flags_rarer_enters_a_salary_and_takes_both_back(stage: Stage) -> None:
    ruth = stage.person("Ruth")
    stage.put_team()
    assert "at most one flag for a manager in 6 months, on average: `/pulse flags`" in said(ruth, "/pulse")
    ruth.command("/pulse flags")
    window = ruth.wait_for_view("How often chance alone").text
    assert "the later a real change is flagged" in window
    assert "A clear fall in a team of nine is flagged after about 6 weeks" in window
    ruth.choose(OFTEN, "At most once in 12 months")
    ruth.fill("A typical salary, for a year", "a lot")
    assert list(ruth.submit().errors.values()) == [
        "Write a year's salary as a number, such as 85,000 or 85k, or nothing."
    ]
    ruth.fill("A typical salary, for a year", "85k")
    assert list(ruth.submit().errors.values()) == ["Choose the currency of the salary."]
    assert held(stage) == FlagSettings()
    ruth.choose("Its currency, if you enter a salary", "EUR · Euro")
    done = page_after(ruth).text
    assert "at most one flag for a manager in 12 months*, on average, from the next round on; it was 6 months." in done
    assert "Flags already told stay as they are." in done
    assert "A typical salary is 85,000 EUR a year." in done
    assert held(stage) == YEARLY
    assert "at most one flag for a manager in 12 months" in said(ruth, "/pulse status")
    ruth.press("Undo")
    undone = ruth.wait_for_view("Changed back.").text
    assert "in 6 months*, on average, from the next round on; it was 12 months." in undone
    assert "No salary is kept any more." in undone
    assert held(stage) == FlagSettings()
    assert log_of(stage)[1:] == [
        "let chance raise at most one flag for a manager in 12 months and set the typical salary to 85,000 EUR a year",
        "let chance raise at most one flag for a manager in 6 months and removed the typical salary",
    ]


def test_the_window_shows_what_holds_and_a_salary_that_is_emptied_is_gone(stage: Stage) -> None:
    ruth = stage.person("Ruth")
    settle(ruth, salary="85.000", currency="EUR · Euro")
    ruth.close_view(everything=True)
    assert "This holds already. Nothing was changed." in settle(ruth)
    ruth.close_view(everything=True)
    assert held(stage) == YEARLY
    assert len(log_of(stage)) == 1
    ruth.command("/pulse flags")
    ruth.wait_for_view("How often chance alone")
    ruth.clear("A typical salary, for a year")
    assert "No salary is kept any more." in page_after(ruth).text
    assert held(stage) == FlagSettings(months=12)


def test_a_change_is_not_taken_back_after_another_one_nor_made_twice(stage: Stage) -> None:
    ruth = stage.person("Ruth")
    settle(ruth)
    form = stage.client.envelopes("interactive")[-1]
    ruth.press("Undo")
    ruth.wait_for_view("Changed back.")
    press = stage.client.envelopes("interactive")[-1]
    ruth.close_view(everything=True)
    replay(stage, form)  # Slack may deliver anything twice
    assert held(stage) == FlagSettings()
    settle(ruth, often="At most once in 3 months")
    replay(stage, press)
    assert held(stage) == FlagSettings(months=3)
    assert len(log_of(stage)) == 3


def test_a_round_that_is_open_keeps_its_promise_and_the_next_one_has_the_new(stage: Stage) -> None:
    stage.put_team()
    invite(stage)
    settle(stage.person("Ruth"))
    assert stage.rounds()[0].false_flag_months == 6
    close(stage)
    invite(stage, 1)
    assert [one.false_flag_months for one in stage.rounds()[:2]] == [6, 12]


def test_nobody_else_settles_anything_and_what_was_not_offered_is_not_taken(stage: Stage) -> None:
    ruth, dana = stage.person("Ruth"), stage.person("Dana")
    settle(ruth)
    assert "Only Murmur's admins can do this: Ruth Meyer." in said(dana, "/pulse flags")
    assert dana.views == []
    form = stage.client.envelopes("interactive")[-1]
    by_dana = {"user": {"id": "U0DANA", "team_id": "T0LANTERN"}}
    assert "Only Murmur's admins can do this" in json.dumps(replay(stage, form, **by_dana))
    view = json.dumps(form["payload"]["view"])
    key = json.loads(form["payload"]["view"]["private_metadata"])["form_key"]
    anew = view.replace(key, "another key")
    for months in ("1", "0", "-6", "6.5", "x"):
        forged = anew.replace('"value": "12"', f'"value": "{months}"')
        assert forged != anew
        replay(stage, form, view=json.loads(forged))
    ruth.press("Undo")
    ruth.wait_for_view("Changed back.")
    press = stage.client.envelopes("interactive")[-1]
    settle(ruth)
    replay(stage, press, **by_dana)
    assert held(stage) == FlagSettings(months=12)
    assert len(log_of(stage)) == 3


def answer_round(stage: Stage, people: Sequence[str], level: int) -> tuple[str, str]:
    """Let the next round open, everybody answer alike, the round close, and its results be read: Dana's newest message,
    and the Home of the first who answered, three days later.
    """
    round_ = stage.rounds()[-1]
    stage.at(round_.opens_at + timedelta(hours=1))
    cast_quietly(stage, dict.fromkeys(people, level))
    stage.at(round_.closes_at)
    stage.at(round_.closes_at + timedelta(days=3, hours=1))
    digest = stage.person("Dana").dms()[-1].text
    stage.at(round_.closes_at + timedelta(days=6))
    member = stage.person(people[0])
    member.open_home()
    return digest, member.home().text


@pytest.mark.parametrize("people", [30, 29])
def test_a_large_unit_hears_what_most_mean_to_do_and_its_manager_alone_what_that_costs(
    people: int, database_url: str, tmp_path: Path
) -> None:
    ids = [f"U0EXTRA{number}" for number in range(1, people + 1)]
    with running_murmur(database_url, tmp_path, workspace=with_newcomers(people)) as stage:
        settle(stage.person("Ruth"), salary="85k", currency="EUR · Euro")
        stage.put_team(
            "Core",
            people=[f"Extra {number}" for number in range(1, people + 1)],
            managers=["Dana Ito"],
            frequency=Frequency.MONTHLY,
            question_set="full-quarterly",
        )
        stage.tick()
        leaving = [answer_round(stage, ids, 1) for _ in range(2)]
        staying = [answer_round(stage, ids, 4) for _ in range(2 if people == 30 else 0)]
    texts = [text for told in leaving + staying for text in told]
    assert all("*Core" in text for text in texts)
    if people < 30:
        assert not [text for text in texts if "Intent to stay" in text or "Replacing" in text or "EUR" in text]
        return
    digests, homes = [one[0] for one in leaving], [one[1] for one in leaving]
    assert [COST in one for one in digests] == ["answered “Less than six months”" in one for one in digests]
    assert any(COST in one for one in digests)
    assert any("answered “Less than six months”" in one for one in homes)
    assert any("answered “More than two years”" in digest for digest, _ in staying)
    assert not [text for text in homes + [t for told in staying for t in told] if "Replacing" in text or "EUR" in text]
