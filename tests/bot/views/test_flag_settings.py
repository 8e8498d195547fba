"""How often chance may raise a flag, what it costs to lose somebody, and where both are said."""

from dataclasses import replace

import pytest

from bot.views import flag_settings, home
from bot.views.digest import digest_post
from bot.views.home import brief, home_page
from bot.views.parent import parent_post
from bot.views.results import result_lines
from bot.views.standing import standing_post
from bot.views.wording import Wording
from surveys.costs import CURRENCIES, Salary
from surveys.flagging import MONTHS, FlagSettings
from tests.bot.views import samples
from tests.bot.views.contents import manager, member, parent, standing
from tests.bot.views.samples import elements, read_aloud
from tests.bot.views.surfaces import RARE

w = Wording(timezone="Europe/Berlin")
OFTEN = FlagSettings(months=3)
COST = (
    "*Replacing one person* costs 1.5 to 2 times a year's salary, by the usual estimate, so about 127,500 to 170,000"
    " EUR here."
)


def test_the_window_says_what_each_choice_costs_and_shows_what_holds() -> None:
    view = flag_settings.flags_form(w, RARE)
    often, salary, currency = elements(view)
    assert [one["value"] for one in often["options"]] == ["3", "6", "12"]
    weeks = [one["description"]["text"] for one in often["options"]]
    assert weeks == [f"A clear fall in a team of nine is flagged after about {n} weeks" for n in (4, 5, 6)]
    assert often["initial_option"]["value"] == "12"
    assert salary["initial_value"] == "85,000"
    assert currency["initial_option"]["value"] == "EUR"
    assert "Flags already told stay as they are." in read_aloud(view)


def test_a_window_without_a_salary_suggests_no_currency() -> None:
    often, salary, currency = elements(flag_settings.flags_form(w, FlagSettings()))
    assert often["initial_option"]["value"] == "6"
    assert "initial_value" not in salary
    assert "initial_option" not in currency
    assert [one["value"] for one in currency["options"]] == list(CURRENCIES)


def test_no_choice_is_longer_than_slack_shows() -> None:
    (often, *_) = elements(flag_settings.flags_form(w, FlagSettings()))
    for one in often["options"]:
        assert not one["text"]["text"].endswith("…")
        assert not one["description"]["text"].endswith("…")


@pytest.mark.parametrize("months", MONTHS)
def test_standing_tells_the_promise_and_who_may_change_it_how(months: int) -> None:
    said = read_aloud(standing_post(w, [standing("Vision")], keys_apart=True, flags=FlagSettings(months=months)))
    assert f"at most one flag for a manager in {months} months, on average: `/pulse flags`" in said


def test_only_what_has_changed_is_said_with_a_way_back() -> None:
    said = read_aloud(flag_settings.flags_set(w, before=FlagSettings(), after=OFTEN, undo="{}"))
    assert "in 3 months*, on average, from the next round on; it was 6 months." in said
    assert "salary" not in said
    assert "Undo" in said
    kept = flag_settings.flags_set(w, before=RARE, after=RARE)
    assert "Nothing was changed." in read_aloud(kept)
    assert elements(kept) == []


def test_a_large_unit_in_which_most_mean_to_leave_costs_so_much_a_person() -> None:
    for digest in (samples.leaving_digest(1), samples.leaving_digest(2), samples.leaving_digest(1, flagged=True)):
        said = read_aloud(digest_post(w, digest, with_chart=False))
        assert (
            f"{COST} _An estimate: from the salary that Ruth Meyer entered, times 1.5 to 2. The team does not see"
            in said
        )
        assert said.count("EUR") == 1
        assert said.index("Intent to stay: six in ten or more answered") < said.index(COST)


@pytest.mark.parametrize("answer", [3, 4, 0, None])
def test_nothing_is_reckoned_where_most_mean_to_stay_nothing_stands_out_or_nothing_is_shown(answer: int | None) -> None:
    said = read_aloud(digest_post(w, samples.leaving_digest(answer), with_chart=False))
    assert "Intent to stay" in said
    assert "Replacing" not in said
    assert "EUR" not in said


def test_without_a_salary_nothing_is_reckoned() -> None:
    digest = samples.leaving_digest(1, salary=None)
    assert digest.replacing is None
    assert "Replacing" not in read_aloud(digest_post(w, digest, with_chart=False))


def test_a_salary_of_unknown_origin_is_an_admins() -> None:
    said = read_aloud(digest_post(w, samples.leaving_digest(1, entered_by=""), with_chart=False))
    assert "_An estimate: from the salary that an admin entered, times 1.5 to 2. The team does not see this" in said


def test_the_team_never_reads_what_it_costs_to_replace_one_of_them() -> None:
    digest = samples.leaving_digest(1)
    assert digest.replacing is not None
    said = "\n".join(result_lines(w, digest)) + brief(w, digest, with_chance=True)
    said += read_aloud(home_page(w, member=home.MemberHome(asked=True, seen=(digest,))))
    assert "Intent to stay: six in ten or more answered “Less than six months”" in said
    assert "Replacing" not in said
    assert "EUR" not in said


def test_amounts_are_written_as_the_reader_writes_them() -> None:
    german = Wording("de-DE")
    assert german.number(127_500) == "127.500"
    assert german.currency("GBP") == "Britisches Pfund"
    assert w.number(1_250_000) == "1,250,000"
    yen = samples.leaving_digest(1, salary=Salary(amount=10_123_456, currency="JPY"))
    assert "about 15,190,000 to 20,250,000 JPY here" in read_aloud(digest_post(w, yen, with_chart=False))


def test_a_department_reads_the_promise_once_beside_its_flags_and_not_without() -> None:
    chance = (
        "For each team's manager, chance alone raises at most one flag in half a year, on average. Over 4 teams that"
        " can be up to 4."
    )
    said = read_aloud(parent_post(w, parent("Vision", 3)))
    assert said.count(chance) == 1
    assert said.index("Burnout: flagged on 16 February") < said.index(chance)
    yearly = read_aloud(parent_post(w, replace(parent("Vision", 1), false_flag_months=12)))
    assert "at most one flag in 12 months, on average. Over 2 teams that can be up to 2." in yearly
    (alone, _) = (lone := parent("Vision", 1)).rows
    assert "Over " not in read_aloud(parent_post(w, replace(lone, rows=(alone,))))
    calm = read_aloud(parent_post(w, parent("Vision", 3, visible=False)))
    assert "none is told here yet" in calm
    assert "hance alone" not in calm


def test_a_managers_home_says_the_promise_once_for_all_flags_and_not_without_one() -> None:
    chance = "Chance alone raises at most one flag for you in half a year, on average."
    flagged = home_page(w, member=home.MemberHome(asked=False), manager=manager("Vision", 3))
    assert read_aloud(flagged).count(chance) == 1
    quiet = home.ManagerHome(digests=(samples.quiet_digest(),), promises=())
    assert "hance alone" not in read_aloud(home_page(w, member=home.MemberHome(asked=False), manager=quiet))
    yearly = replace(samples.flagged_digest(), false_flag_months=12)
    said = read_aloud(
        home_page(w, member=home.MemberHome(asked=False), manager=home.ManagerHome(digests=(yearly,), promises=()))
    )
    assert "Chance alone raises at most one flag for you in 12 months, on average." in said


def test_a_teams_home_says_what_its_managers_were_promised() -> None:
    said = read_aloud(home_page(w, member=member("Vision")))
    assert said.count("Chance alone raises at most one flag for a manager in half a year, on average.") == 1
