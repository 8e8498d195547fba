"""Requests to leaders as they are told: whom to ask, what is asked, what came of it, and nothing to the team."""

from dataclasses import replace

import pytest

from bot.views import promising, raising
from bot.views.asked import ToLeader, asked_blocks, asked_post
from bot.views.digest import digest_post
from bot.views.home import ManagerHome, MemberHome, home_page
from bot.views.inputs import Choice
from bot.views.parent import parent_post
from bot.views.promises import DONE, Promises, foot, home_blocks, team_lines
from bot.views.requests import DECLINE, PROMISE, RAISE, TAKE_BACK, Raise, asker_line, in_sentence, raise_button
from bot.views.stored import stored_rows
from bot.views.vocabulary import View
from bot.views.wording import Wording
from surveys.notices import Notice
from surveys.promises import Fate, Problem
from surveys.questions import Driver, Owner, drivers
from surveys.requests import Followed, Outcome, Requested
from tests.bot.views import contents
from tests.bot.views.samples import (
    LONG,
    MONDAY,
    RUTH,
    answered,
    declined,
    elements,
    flagged_digest,
    kept,
    mrkdwn,
    promised,
    promises,
    quiet_digest,
    read_aloud,
    requested,
)

w = Wording(timezone="Europe/Berlin")
PURPOSE = drivers()["purpose"]
OF_RUTH = promised("I come on Thursday.", number=7, maker_id=RUTH, maker="Ruth Meyer")
TO_RAISE = Raise(driver=PURPOSE, unit="Vision", leaders=("Ruth Meyer",), place="10:1:purpose")
ABOVE = [driver for driver in drivers().values() if driver.owner is not Owner.TEAM_LEAD]


def line(request: Requested, *, rounds: int = 0, there: bool = True) -> str:
    return asker_line(w, Followed(request=request, rounds=rounds, leader_there=there))


def pressed(value: object) -> list[tuple[str, str]]:
    return [(element["text"]["text"], element["action_id"]) for element in elements(value)]


def digested(shown: Promises, *, flagged: bool = True) -> str:
    value = flagged_digest() if flagged else quiet_digest()
    return read_aloud(digest_post(w, value, with_chart=False, promises=shown).blocks)


def notice(driver: Driver = PURPOSE) -> Notice:
    (there,) = flagged_digest().notices
    return replace(there, driver=driver, raised_on=MONDAY)


def form(*leaders: str, flag: bool = True) -> View:
    return raising.form(
        w,
        unit="Vision",
        driver=PURPOSE,
        leaders=[Choice(text=name, value=str(number)) for number, name in enumerate(leaders)],
        flag=w.say("*Purpose is getting less clear.*") if flag else None,
        suggestion="Name the purpose.",
        private_metadata="",
    )


def test_whoever_asked_reads_whether_there_is_an_answer_and_after_two_rounds_for_how_long_there_is_none() -> None:
    assert line(requested()) == line(requested(), rounds=1)
    assert line(requested()) == "You raised purpose with Ruth Meyer on 2 March: no answer yet."
    assert line(requested(), rounds=2) == (
        "You raised purpose with Ruth Meyer on 2 March. 2 rounds since, and no answer yet."
    )


def test_whoever_asked_reads_what_was_answered() -> None:
    said = "You raised purpose with Ruth Meyer on 2 March."
    assert line(declined()) == f"{said} Not possible now: “The date is fixed until June”."
    promise = f"{said} Ruth Meyer promised Vision: “I come on Thursday”."
    assert line(answered(OF_RUTH)) == promise
    for fate, became in (
        (Fate.KEPT, "Marked as kept on 27 February."),
        (Fate.TAKEN_BACK, "Taken back on 27 February."),
        (Fate.REPLACED, "Replaced by another on 27 February."),
    ):
        ended = kept("I come on Thursday.", fate=fate, maker="Ruth Meyer")
        assert line(answered(ended)) == f"{promise} {became}"


def test_where_the_leader_is_not_there_any_more_somebody_else_is_to_be_asked() -> None:
    assert line(requested(), rounds=5, there=False) == (
        "You raised purpose with Ruth Meyer on 2 March. Ruth Meyer no longer leads there: raise it with somebody else."
    )


def test_a_digest_tells_of_requests_after_what_to_do_this_week() -> None:
    for flagged in (True, False):
        shown = promises(promised(), requests=(Followed(request=requested(), rounds=0),))
        said = digested(shown, flagged=flagged)
        assert said.index("Your promise") < said.index("*Ask") < said.index("You raised purpose with Ruth Meyer")
        assert "You raised" not in digested(promises(promised()), flagged=flagged)


def test_a_digest_offers_to_raise_it_beside_the_promise_and_nothing_where_nobody_is_above() -> None:
    with_button = digest_post(w, flagged_digest(), with_chart=False, promises=promises(to_raise=TO_RAISE))
    assert pressed(with_button)[-2:] == [
        ("Promise something", "promises.make"),
        ("Raise purpose with Ruth Meyer", RAISE),
    ]
    assert "Purpose is mostly in the leaders' hands." in read_aloud(with_button)
    without = digest_post(w, flagged_digest(), with_chart=False, promises=promises())
    assert RAISE not in str(without)
    assert "mostly" not in read_aloud(without)


def test_why_a_button_raises_something_is_said_right_before_it() -> None:
    company = replace(TO_RAISE, driver=next(one for one in ABOVE if one.owner is Owner.COMPANY))
    name = company.driver.name
    for one, words in (
        (TO_RAISE, "Purpose is mostly in the leaders' hands."),
        (company, f"{name} is mostly up to the company; Ruth Meyer can take it further."),
        (
            replace(company, leaders=("Ruth Meyer", "Mei Tanaka")),
            f"{name} is mostly up to the company; a leader can take it further.",
        ),
    ):
        why, row = foot(w, promises(to_raise=one))
        assert read_aloud([why]).strip() == words
        assert RAISE in str(row)
    assert len(foot(w, promises())) == 1
    home = home_blocks(w, promises(to_raise=TO_RAISE))
    assert [RAISE in str(block) for block in home] == [False, True]
    assert "Purpose is mostly in the leaders' hands." in read_aloud(home[:1])


def test_the_button_names_the_driver_and_the_one_leader() -> None:
    several = replace(TO_RAISE, leaders=("Ruth Meyer", "Mei Tanaka"))
    for one, text in (
        (TO_RAISE, "Raise purpose with Ruth Meyer"),
        (several, "Raise purpose with a leader"),
    ):
        element = raise_button(w, one)
        assert element["text"]["text"] == text
        assert element["accessibility_label"] == "Raise purpose with a leader: Vision"
        assert element["value"] == "10:1:purpose"


def test_home_has_a_button_that_takes_back_what_waits_and_none_for_what_was_answered() -> None:
    def buttons(request: Requested) -> list[tuple[str, str]]:
        shown = promises(requests=(Followed(request=request, rounds=0),))
        manager = ManagerHome(digests=(flagged_digest(),), promises=(shown,))
        return pressed(home_page(w, member=MemberHome(asked=False), manager=manager))

    assert ("Take it back", TAKE_BACK) in buttons(requested())
    assert ("Take it back", TAKE_BACK) not in buttons(declined())


def test_the_form_says_who_reads_the_words_and_when_others_would() -> None:
    said = read_aloud(form("Ruth Meyer"))
    assert "*To Ruth Meyer, about purpose in Vision.*" in said
    assert (
        "Ruth Meyer reads this now, or when their working day begins, with the flag. Departments otherwise see a team's"
        " flag two working days after you."
    ) in said
    assert "Your team does not see this request. It does see anything Ruth Meyer promises." in said
    assert "With whom?" not in said
    without = read_aloud(form("Ruth Meyer", flag=False))
    assert "No flag stands on it." in without
    assert "with the flag" not in without


def test_with_several_leaders_the_form_asks_with_whom() -> None:
    said = read_aloud(form("Ruth Meyer", "Mei Tanaka"))
    for words in ("*About purpose in Vision.*", "With whom?", "Ruth Meyer", "Mei Tanaka", "Whoever you choose reads",
                  "It does see anything that is promised to it."):  # fmt: skip
        assert words in said


@pytest.mark.parametrize("unit", ["Vision", LONG])
def test_the_form_puts_no_words_into_the_teams_mouth(unit: str) -> None:
    made = raising.form(
        w,
        unit=unit,
        driver=PURPOSE,
        leaders=[Choice(text="Ruth Meyer", value="1")],
        flag=None,
        suggestion="Name the purpose.",
        private_metadata="",
    )
    (typed,) = (one for one in elements(made) if one["action_id"] == raising.WORDS)
    assert "initial_value" not in typed
    assert len(typed["placeholder"]["text"]) <= 150
    assert typed["placeholder"]["text"].startswith("What you see in ")
    assert typed["placeholder"]["text"].endswith(", and the one thing you ask for.")
    said = read_aloud(made)
    assert "*What could help:* Name the purpose." in said
    assert "would like" not in said


def test_names_of_drivers_read_well_in_a_sentence() -> None:
    assert [in_sentence(name) for name in ("Purpose", "Intent to stay", "AI leadership", "")] == [
        "purpose", "intent to stay", "AI leadership", "",
    ]  # fmt: skip


def test_what_is_wrong_stands_beside_its_field() -> None:
    assert raising.errors(w, Problem.NOTHING) == {raising.WORDS: "Write what you ask for."}
    assert raising.errors(w, Problem.TOO_LONG) == {raising.WORDS: "Please use at most 300 characters."}
    assert set(raising.errors(w, None)) == {raising.LEADER}
    assert raising.declining_errors(w, Problem.NOTHING) == {raising.WHY: "Write why not, in a sentence."}
    assert raising.declining_errors(w, Problem.TOO_LONG) == {raising.WHY: "Please use at most 200 characters."}


def test_the_message_to_a_leader_has_the_flag_the_words_and_two_answers_and_a_notification_that_tells_nothing() -> None:
    message = asked_post(w, requested("<@U1> *loud*"), notice(), on=MONDAY, false_flag_months=6)
    said = read_aloud(message)
    assert message.text == "A manager asks for your help"
    assert "*Dana Ito asks for your help with purpose in Vision.*" in said
    assert ":triangular_flag_on_post: *Purpose is getting less clear.*" in said
    assert "Dana Ito shows you this flag; departments otherwise see it two working days later." in said
    assert pressed(message) == [("Promise something to Vision", PROMISE), ("Not possible now", DECLINE)]
    assert "<@U1>" not in "".join(mrkdwn(message))
    assert "*loud*" not in "".join(mrkdwn(message))
    assert "Chance alone raises at most one flag for a manager in half a year, on average." in said
    without = read_aloud(asked_post(w, requested(), None, on=MONDAY, false_flag_months=6))
    assert "flag" not in without


def test_a_leader_finds_what_waits_before_what_they_promised_themselves() -> None:
    own = promises(OF_RUTH, reader=RUTH)
    asked = ToLeader(waiting=(Followed(request=requested(), rounds=2),), promised=(own,))
    said = read_aloud(asked_blocks(w, asked))
    assert said.startswith(
        "*Dana Ito asked you on 2 March, about purpose in Vision:* “Please come by”. 2 rounds since, and no answer yet."
    )
    assert "*Vision.* *Your promise* (23 February): “I come on Thursday”. One round since" in said
    assert [action for _, action in pressed(asked_blocks(w, asked))][:3] == [PROMISE, DECLINE, DONE]


def test_a_department_digest_tells_of_requests_only_where_there_are_any() -> None:
    parent = contents.parent("Research", 2)
    asked = ToLeader(waiting=(Followed(request=requested(), rounds=0),))
    assert "asked you" not in read_aloud(parent_post(w, parent, asked=ToLeader()))
    said = read_aloud(parent_post(w, parent, asked=asked))
    assert "*Dana Ito asked you on 2 March" in said
    assert "no answer yet" not in said


def test_home_has_a_part_for_a_leader_only_when_something_was_asked() -> None:
    def home(asked: ToLeader) -> str:
        return read_aloud(home_page(w, member=MemberHome(asked=False), manager=ManagerHome(asked=asked)))

    assert "Requests\n" not in home(ToLeader())
    assert "Requests\n" not in home(ToLeader(promised=(promises(reader=RUTH),)))
    assert "No pulse is open for you.\nRequests\n*Dana Ito asked you" in home(
        ToLeader(waiting=(Followed(request=requested(), rounds=0),))
    )


def test_the_promise_form_shows_a_leader_what_was_asked() -> None:
    said = read_aloud(
        promising.form(w, unit="Vision", suggestion="Come by.", replaces=None, private_metadata="", request=requested())
    )
    assert "*Dana Ito asks, for Vision:* “Please come by”." in said
    assert "*What could help:* Come by." in said
    assert "The digest suggests" not in said
    assert "Your team" not in said


def test_a_team_reads_a_leaders_promise_like_any_other() -> None:
    assert team_lines(w, [OF_RUTH]) == ["*Ruth Meyer* promised on 23 February: “I come on Thursday”. Still to be done."]


def test_the_last_pages_say_who_is_told() -> None:
    heard, unheard = (read_aloud(raising.declined_page(w, declined(), heard=heard)) for heard in (True, False))
    assert "Dana Ito finds it on Murmur's Home now and in the next digest. The team does not see it." in heard
    assert "Dana Ito does not get Vision's digest any more, so nobody is told." in unheard
    assert "You find the answer on Murmur's Home and in your next digest." in read_aloud(
        raising.raised_page(w, requested(), again=False)
    )
    assert "it counts once" in read_aloud(raising.raised_page(w, requested(), again=True))


def test_what_is_stored_lists_every_request_with_what_became_of_it() -> None:
    taken_back = requested(outcome=Outcome.TAKEN_BACK, ended_on=MONDAY)
    rows = stored_rows(
        w,
        directory=("Dana Ito",),
        no_reminders_since=None,
        opted_out_on=None,
        paused_until=None,
        team=None,
        managed=(),
        rosters=(),
        messages=("request",),
        changes=(),
        asked=(requested(), declined(), answered(OF_RUTH), taken_back),
        received=(requested(),) * 35,
    )
    said = "“Please come by”, about Purpose, to Ruth Meyer for Vision on 2 March."
    found = [content for what, content in rows if what == "Request to a leader"]
    assert found[:4] == [
        f"{said} No answer yet.",
        f"{said} Not possible now: “The date is fixed until June”.",
        f"{said} Answered with a promise: “I come on Thursday”.",
        f"{said} Taken back on 9 March.",
    ]
    assert found[4] == "“Please come by”, about Purpose, by Dana Ito for Vision on 2 March. No answer yet."
    assert found[-1] == "and 5 earlier ones"
    assert ("Messages to you", "request from a manager") in rows
