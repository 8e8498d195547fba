"""Promises as they are told: word for word, harmless, with what became of them and nothing that nobody knows yet."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.views import asking, promising
from bot.views.digest import digest_post
from bot.views.home import ManagerHome, MemberHome, home_page
from bot.views.promises import DONE, MAKE, TAKE_BACK, UNDO, Promises, home_blocks, quoted, team_lines
from bot.views.stored import stored_rows
from bot.views.vocabulary import View
from bot.views.wording import Wording
from surveys.actions import action_for
from surveys.promises import LONGEST, Fate, Followed, News, Problem, Promised
from surveys.questions import Owner
from tests.bot.views.samples import (
    CLOSES,
    HOSTILE,
    MONDAY,
    SAM,
    elements,
    flagged_digest,
    kept,
    mrkdwn,
    promised,
    promises,
    quiet_digest,
    read_aloud,
    refused,
    texts,
)

w = Wording(timezone="Europe/Berlin")
LONG = ("We drop one meeting a week and nobody writes at night. " * 5)[:LONGEST].strip()
TAKEN_BACK = kept(number=3, fate=Fate.TAKEN_BACK)


def invited(*news: News) -> str:
    return read_aloud(
        asking.invitation(w, team="Vision", questions=4, closes_at=CLOSES, readers=["Dana Ito"], round_id=10, news=news)
    )


def digested(shown: Promises | None, *, flagged: bool = True) -> str:
    value = flagged_digest() if flagged else quiet_digest()
    return read_aloud(digest_post(w, value, with_chart=False, promises=shown).blocks)


def pressed(value: object) -> list[tuple[str, str]]:
    return [(element["text"]["text"], element["action_id"]) for element in elements(value)]


def test_an_invitation_tells_what_was_promised_with_the_name_and_word_for_word() -> None:
    assert "Since last time: Dana Ito promised “No deploys after Thursday noon”." in invited(
        News(promise=promised(), new=True, fate=Fate.OPEN)
    )


def test_an_invitation_tells_what_became_of_a_promise() -> None:
    older = promised("Less mail.", number=2)
    told = {
        News(promise=promised(), new=True, fate=Fate.KEPT): (
            "Dana Ito promised “No deploys after Thursday noon”; it is marked as kept."
        ),
        News(promise=promised(), new=False, fate=Fate.KEPT): (
            "“No deploys after Thursday noon”, promised by Dana Ito, is marked as kept."
        ),
        News(promise=promised(), new=False, fate=Fate.TAKEN_BACK): (
            "“No deploys after Thursday noon”, promised by Dana Ito, was taken back."
        ),
        News(promise=promised(), new=True, fate=Fate.OPEN, instead_of=older): (
            "Dana Ito promised “No deploys after Thursday noon”, instead of “Less mail”."
        ),
        News(promise=promised(), new=True, fate=Fate.KEPT, instead_of=older): (
            "Dana Ito promised “No deploys after Thursday noon”, instead of “Less mail”. It is marked as kept."
        ),
    }
    for one, words in told.items():
        assert f"Since last time: {words}\n" in invited(one) + "\n"


def test_without_news_an_invitation_is_what_it_was() -> None:
    assert "Since last time" not in invited()


def test_an_invitation_stays_short_whatever_was_promised() -> None:
    one = News(promise=promised(LONG), new=True, fate=Fate.OPEN)
    assert invited(*[one] * 9).count("Dana Ito promised") == 3
    assert "More is in Murmur's Home." in invited(*[one] * 9)


def test_the_notification_of_an_invitation_tells_nothing_of_a_promise() -> None:
    post = asking.invitation(
        w,
        team="Vision",
        questions=4,
        closes_at=CLOSES,
        readers=[],
        round_id=10,
        news=[News(promise=promised(), new=True, fate=Fate.OPEN)],
    )
    assert post.text == "Murmur: 4 short questions"


def test_a_team_finds_every_promise_with_what_became_of_it() -> None:
    assert team_lines(w, [promised(), kept(), TAKEN_BACK, replace(TAKEN_BACK, fate=Fate.REPLACED)]) == [
        "*Dana Ito* promised on 23 February: “No deploys after Thursday noon”. Still to be done.",
        "*Dana Ito* promised on 23 February: “No deploys after Thursday noon”. Marked as kept on 27 February.",
        "*Dana Ito* promised on 23 February: “No deploys after Thursday noon”. Taken back on 27 February.",
        "*Dana Ito* promised on 23 February: “No deploys after Thursday noon”. Replaced by another on 27 February.",
    ]


def test_a_members_home_has_a_part_for_promises_only_when_there_are_any() -> None:
    home = MemberHome(asked=True, promises=(promised(),))
    said = read_aloud(home_page(w, member=home))
    assert "Promises\n*Dana Ito* promised on 23 February" in said
    assert not {DONE, TAKE_BACK, MAKE, UNDO} & {action for _, action in pressed(home_page(w, member=home))}
    assert "Promises" not in read_aloud(home_page(w, member=replace(home, promises=())))


@pytest.mark.parametrize(
    ("rounds", "words"),
    [
        (0, "“No deploys after Thursday noon”.\n"),
        (1, "One round since: too early to say; four to eight are usual."),
        (3, "3 rounds since: too early to say; four to eight are usual."),
        (5, "5 rounds since: what it changed could show by now."),
        (9, "9 rounds since. Is it done?"),
        (10, "10 rounds since.\n"),
        (12, "12 rounds since.\n"),
        (13, "13 rounds since. Is it done?"),
    ],
)
def test_a_digest_says_how_long_a_promise_stands_and_claims_nothing_too_early(rounds: int, words: str) -> None:
    said = digested(promises(promised(), rounds=rounds))
    assert "*Your promise* (23 February): “No deploys after Thursday noon”." in said
    assert words in said


def test_nobody_is_asked_whether_a_promise_is_done_that_only_somebody_else_can_end() -> None:
    said = digested(promises(promised(maker_id=3, maker="Ruth Meyer"), rounds=9))
    assert "*Ruth Meyer's promise* (23 February): “No deploys after Thursday noon”. 9 rounds since." in said
    assert "Is it done?" not in said
    theirs = replace(
        promises(promised(maker_id=3, maker="Ruth Meyer"), rounds=9), theirs_to_end=frozenset({promised().id})
    )
    assert "9 rounds since. Is it done?" in digested(theirs)  # whoever made it leads nobody there any more


def test_the_promise_form_gives_no_example_about_another_driver_and_says_when_words_are_needed() -> None:
    with_one, without = (str(form(suggestion)) for suggestion in ("Drop one approval.", ""))
    for said in (with_one, without):
        assert "One thing you will do, and by when." in said
        assert "Thursday" not in said
    assert "Needed unless you take the suggestion. Your team reads" in with_one
    assert "Needed unless" not in without


def test_a_digest_says_when_a_promise_was_done() -> None:
    assert (
        "*Your promise* (23 February): “No deploys after Thursday noon”. Done 27 February. One round since: too early"
        in digested(promises(kept()))
    )


def test_another_managers_promise_has_their_name_and_none_of_their_buttons() -> None:
    shown = promises(promised(), reader=SAM)
    assert "*Dana Ito's promise* (23 February): “No deploys after Thursday noon”." in digested(shown)
    post = digest_post(w, flagged_digest(), with_chart=False, promises=shown)
    assert [action for _, action in pressed(post)][-1] == MAKE
    assert not {DONE, TAKE_BACK} & {action for _, action in pressed(post)}


def test_a_digest_ends_with_its_buttons() -> None:
    without = digest_post(w, flagged_digest(), with_chart=False, promises=promises())
    assert pressed(without.blocks[-1]) == [("Promise something", MAKE)]
    assert without.blocks[-1]["elements"][0]["value"] == "10:1"
    standing = digest_post(w, flagged_digest(), with_chart=False, promises=promises(promised(number=77)))
    assert pressed(standing.blocks[-1]) == [
        ("Done", DONE),
        ("Take it back", TAKE_BACK),
        ("Promise something else", MAKE),
    ]
    assert [element["value"] for element in standing.blocks[-1]["elements"]] == ["77", "77", "10:1"]


def test_a_screen_reader_hears_which_promise_and_which_team_a_button_is_about() -> None:
    row = digest_post(w, quiet_digest(), with_chart=False, promises=promises(promised("Less mail."))).blocks[-1]
    assert [element["accessibility_label"] for element in row["elements"]] == [
        "Done: Less mail.",
        "Take it back: Less mail.",
        "Promise something else: Vision",
        "Full report: Vision",
    ]


@pytest.mark.parametrize("one", [promised(LONG), kept(LONG), promised("Words. " * 28), promised("w " * 100)])
def test_flag_promise_and_action_stand_within_a_hundred_words(one: Promised) -> None:
    others = Followed(promise=promised("Another.", number=2, maker_id=SAM, maker="Sam Okoye"), rounds=2)
    shown = promises(one, rounds=3)
    first = " ".join(digested(replace(shown, followed=(*shown.followed, others))).split()[:100])
    assert "Burnout: worse than before." in first
    assert "*Your promise* (23 February): “" in first
    assert "3 rounds since: too early to say" in first
    assert "*Try:*" in first
    assert "*Ask:*" in first
    assert first.index("worse than before") < first.index("Your promise") < first.index("*Try:*")
    assert "Sam Okoye's promise" in digested(replace(shown, followed=(*shown.followed, others)))


def test_the_longest_action_still_begins_within_a_hundred_words() -> None:
    week = max((date.fromordinal(MONDAY.toordinal() + 7 * n) for n in range(4)), key=_words_of_action)
    value = replace(flagged_digest(), action=action_for("burnout", Owner.TEAM_LEAD, week))
    said = read_aloud(digest_post(w, value, with_chart=False, promises=promises(promised(LONG))).blocks)
    assert "*Ask:*" in said.split()[:100]


def _words_of_action(on: date) -> int:
    return len(action_for("burnout", Owner.TEAM_LEAD, on).text.split())


def test_a_quiet_week_is_three_lines_and_one_for_the_promise() -> None:
    def body(shown: Promises | None) -> list[str]:
        blocks = digest_post(w, quiet_digest(), with_chart=True, promises=shown).blocks
        return [line for block in blocks if block["type"] == "section" for line in texts(block)[0].split("\n")]

    assert body(promises()) == body(None)
    assert len(body(None)) == 3
    told = body(promises(promised(LONG)))
    assert len(told) == 4
    assert LONG.rstrip(".") in told[2]
    assert told[3].startswith("*Ask this week:*")
    assert len(" ".join(told).split()) <= 100


def test_home_shows_a_manager_every_promise_in_full_with_its_buttons() -> None:
    orphan = promised("Fewer dashboards.", number=5, maker_id=9, maker="Mei Tanaka")
    shown = promises(promised(LONG), orphan)
    blocks = home_blocks(w, replace(shown, theirs_to_end=frozenset({1, 5})))
    said = read_aloud(blocks)
    assert LONG.rstrip(".") in said
    assert "*Mei Tanaka's promise* (23 February): “Fewer dashboards”." in said
    rows = [pressed(block) for block in blocks if block["type"] == "actions"]
    assert rows == [
        [("Done", DONE), ("Take it back", TAKE_BACK), ("Promise something else", MAKE)],
        [("Done", DONE), ("Take it back", TAKE_BACK)],
    ]


def test_home_offers_to_undo_what_was_just_ended() -> None:
    blocks = home_blocks(w, promises(theirs_to_undo=(TAKEN_BACK,)))
    assert "“No deploys after Thursday noon”. Taken back on 27 February." in read_aloud(blocks)
    assert pressed(blocks) == [("Undo", UNDO), ("Promise something", MAKE)]
    done = kept()
    assert read_aloud(home_blocks(w, promises(done, theirs_to_undo=(done,)))).count("No deploys") == 1


def test_a_managers_home_has_the_button_beside_every_unit() -> None:
    two = ManagerHome(
        digests=(quiet_digest(), quiet_digest(unit="Speech")), promises=(promises(), promises(unit="Speech"))
    )
    page = home_page(w, member=MemberHome(asked=False), manager=two)
    labels = [e["accessibility_label"] for e in elements(page) if e["action_id"] == MAKE]
    assert labels == ["Promise something: Vision", "Promise something: Speech"]


def form(suggestion: str = "Drop one approval.", replaces: Promised | None = None) -> View:
    return promising.form(w, unit="Vision", suggestion=suggestion, replaces=replaces, private_metadata="about")


def test_the_form_offers_the_suggestion_and_ones_own_words_and_begins_with_these() -> None:
    choice, words = (block for block in form()["blocks"] if block["type"] == "input")
    assert "*The digest suggests:* Drop one approval." in read_aloud(form())
    assert [option["value"] for option in choice["element"]["options"]] == [promising.SUGGESTED, promising.OWN]
    assert choice["element"]["initial_option"]["value"] == promising.OWN
    assert not choice["optional"]  # nothing in the form looks as if it could be sent without a choice
    assert words["element"]["max_length"] == LONGEST
    assert "initial_value" not in words["element"]
    assert words["hint"]["text"] == (
        "Needed unless you take the suggestion. Your team reads this word for word, with your name. Promise what you"
        " will do, not who asked for it."
    )


def test_without_a_suggestion_there_are_only_ones_own_words() -> None:
    (words,) = (block for block in form("")["blocks"] if block["type"] == "input")
    assert words["block_id"] == promising.WORDS
    assert not words["optional"]


def test_the_form_says_what_a_new_promise_takes_the_place_of() -> None:
    assert "It takes the place of what you promised on 23 February: “Less mail”." in read_aloud(
        form(replaces=promised("Less mail."))
    )
    assert "takes the place" not in read_aloud(form())


@pytest.mark.parametrize("problem", Problem)
@pytest.mark.parametrize("suggestion", ["", "Drop one approval."])
def test_every_problem_stands_beside_the_words(problem: Problem, suggestion: str) -> None:
    (block, said), *others = promising.errors(w, problem, suggestion=suggestion).items()
    assert block == promising.WORDS
    assert not others
    assert said.endswith(".")
    assert ("suggestion" in said) is ((bool(suggestion) and problem is Problem.NOTHING) or problem is Problem.BOTH)


def test_the_last_page_says_who_sees_it_and_when() -> None:
    page = promising.promised_page(
        w, promised(), unit="Vision", readers=["Sam Okoye"], asked_on=date(2026, 3, 10), again=False
    )
    said = read_aloud(page)
    assert "*Promised to Vision:* “No deploys after Thursday noon”." in said
    assert (
        "Everybody who is asked in Vision finds it on Murmur's Home now, and in its next invitation, on Tuesday" in said
    )
    assert "Sam Okoye finds it in the next digest." in said
    assert "You find it on Murmur's Home now and in your next digest; the digest before stays as it was posted." in said
    assert "counts once" not in said
    assert pressed(page) == [("Take it back", TAKE_BACK)]
    assert "submit" not in page
    resting = promising.promised_page(w, promised(), unit="Vision", readers=[], asked_on=None, again=True)
    assert "once the pulse goes on" in read_aloud(resting)
    assert "You had promised this before; it counts once." in read_aloud(resting)


def test_the_page_after_an_end_promises_only_what_the_team_will_read() -> None:
    def said(promise: Promised, *, undoable: bool) -> str:
        return read_aloud(promising.became_page(w, promise, unit="Vision", undoable=undoable))

    assert "Vision reads that on Murmur's Home, and in its next invitation." in said(kept(), undoable=True)
    assert "Vision reads" not in said(kept(), undoable=False)
    untold = replace(TAKEN_BACK, ended_after=8)
    assert "Vision reads that on Murmur's Home." in said(untold, undoable=True)
    slip = replace(untold, ended_on=untold.made_on)
    assert "so Vision sees nothing of it any more." in said(slip, undoable=True)
    assert "Vision finds it on Murmur's Home as before." in said(promised(), undoable=False)
    assert pressed(promising.became_page(w, kept(), unit="Vision", undoable=True)) == [("Undo", UNDO)]
    assert pressed(promising.became_page(w, kept(), unit="Vision", undoable=False)) == []


def test_everything_somebody_promised_is_listed_among_what_is_stored() -> None:
    many = [(promised(f"Promise {n}.", number=n), "Vision") for n in range(33, 1, -1)]
    rows = stored_rows(
        w,
        directory=["Dana"],
        no_reminders_since=None,
        opted_out_on=None,
        paused_until=None,
        team=None,
        managed=[],
        rosters=[],
        messages=[],
        changes=[],
        promises=[(kept(), "Vision"), *many],
    )
    made = [content for what, content in rows if what == "Promise you made"]
    assert made[0] == "“No deploys after Thursday noon”, to Vision on 23 February. Marked as kept on 27 February."
    assert made[1] == "“Promise 33”, to Vision on 23 February. Still to be done."
    assert made[-1] == "and 3 earlier ones"
    assert len(made) == 31


@settings(max_examples=25)
@given(st.text(max_size=LONGEST))
def test_no_words_can_end_their_quotation_mention_anybody_or_link_anywhere(text: str) -> None:
    hostile = f'{text}{HOSTILE} ” said Murmur “ " {text}'
    one = promised(hostile, maker=hostile)
    news = News(promise=one, new=True, fate=Fate.OPEN, instead_of=one)
    shown = promises(one)
    for surface in (
        asking.invitation(w, team="V", questions=4, closes_at=CLOSES, readers=[], round_id=1, news=[news]),
        digest_post(w, flagged_digest(), with_chart=False, promises=shown),
        digest_post(w, quiet_digest(), with_chart=False, promises=shown),
        home_page(
            w,
            member=MemberHome(asked=True, promises=(one,)),
            manager=ManagerHome(digests=(quiet_digest(),), promises=(shown,)),
        ),
        form(hostile, one),
        promising.promised_page(w, one, unit="V", readers=[hostile], asked_on=None, again=False),
        promising.became_page(w, one, unit="V", undoable=True),
    ):
        assert refused(surface) == []
        for said in mrkdwn(surface):
            assert not re.search(r"<|>|://", said)
    assert not set(quoted(hostile)) & set('“”"„«»')


def test_a_promise_is_one_line_whatever_was_typed() -> None:
    (line,) = team_lines(w, [promised("One.\n*Two.*\nFlagged now.")])
    assert "\n" not in line
    assert "*Two" not in line


def test_the_full_stop_of_a_promise_is_not_said_twice() -> None:
    assert quoted("No deploys.") == "No deploys"
    assert quoted("No deploys...") == "No deploys..."
    assert quoted("No deploys?") == "No deploys?"
