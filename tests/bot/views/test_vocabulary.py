"""Blocks are clipped to Slack's limits, and what the SDK lets pass is refused here."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views import inputs
from bot.views import vocabulary as v
from bot.views.wording import Mrkdwn, Wording, escaped

w = Wording()


@given(st.text(alphabet="ab&<> ", max_size=60), st.integers(min_value=8, max_value=40))
def test_clipping_never_leaves_half_an_escaped_character(text: str, limit: int) -> None:
    clipped = v.clipped_mrkdwn(escaped(text), limit)
    assert len(clipped) <= limit
    assert all(e in {"&amp;", "&lt;", "&gt;"} for e in re.findall("&[a-z]*;?", clipped))


def test_a_long_text_ends_in_an_ellipsis_and_a_short_one_as_it_is() -> None:
    assert v.clipped("a" * 30, 24) == "a" * 23 + "…"
    assert v.clipped("Vision", 24) == "Vision"


def test_a_section_makes_no_links_of_what_was_typed() -> None:
    block = v.section(escaped("see https://example.org <!here>"))
    assert block["text"]["verbatim"] is True
    assert "<" not in block["text"]["text"]


def test_text_that_was_never_escaped_is_escaped_on_its_way_in() -> None:
    careless: Mrkdwn = "<!channel>"  # type: ignore[assignment]
    assert v.section(careless)["text"]["text"] == "&lt;!channel&gt;"


def test_lines_share_sections_and_none_is_lost() -> None:
    lines = [Mrkdwn(f"line {n} " + "x" * 90) for n in range(100)]
    blocks = v.paragraphs(lines)
    assert len(blocks) == 4
    assert "\n".join(block["text"]["text"] for block in blocks) == "\n".join(lines)


def test_titles_buttons_and_options_are_clipped() -> None:
    long = "Verylongname" * 30
    page = v.modal(long, [v.section(Mrkdwn("x"))], callback_id="page", close=long)
    assert len(page["title"]["text"]) == 24
    assert len(v.button(long, "press", label=long)["text"]["text"]) == 75
    options = inputs.radio("pick", [inputs.Choice(text=long, value="1", description=long)])["options"]
    assert len(options[0]["text"]["text"]) == 75
    assert len(options[0]["description"]["text"]) == 75
    assert len(v.header(long)["text"]["text"]) == 150


def test_a_message_that_is_too_long_loses_its_end_and_is_still_sent() -> None:
    many = v.post(Mrkdwn("x"), [v.divider()] * 51)
    assert len(many.blocks) == 50
    long = v.post(Mrkdwn("x" * 4000), [v.section(Mrkdwn("x" * 2900))] * 6)
    assert len(long.blocks) == 4
    assert len(long.text) == 3000


def test_a_name_of_nothing_visible_still_makes_a_valid_label() -> None:
    assert v.header("\u200e \n")["text"]["text"] == "–"


def test_plain_text_refuses_escaped_text() -> None:
    with pytest.raises(TypeError):
        v.header(escaped("R&D"))


def test_what_slack_would_refuse_is_refused_here() -> None:
    form = inputs.field("Name", inputs.text_input("name", max_length=80), block_id="name")
    eleven = [inputs.Choice(text=str(n), value=str(n)) for n in range(11)]
    with pytest.raises(ValueError, match="a form needs a button"):
        v.modal("Form", [form], callback_id="form", close="Close")
    with pytest.raises(ValueError, match="block_id is given twice"):
        v.modal("Form", [form, form], callback_id="form", close="Close", submit="Send")
    with pytest.raises(ValueError, match="action_id is given twice"):
        v.post(Mrkdwn("x"), [v.actions(v.button("a", "same"), v.button("b", "same"))])
    with pytest.raises(ValueError, match="between 1 and 10 options"):
        inputs.radio("pick", eleven)
    with pytest.raises(ValueError, match="different values"):
        inputs.menu("pick", [eleven[0], eleven[0]])
    with pytest.raises(ValueError, match="between 1 and 50 blocks"):
        v.post(Mrkdwn("x"), [])
    with pytest.raises(ValueError, match="private_metadata holds"):
        v.modal("Form", [v.divider()], callback_id="form", close="Close", private_metadata="x" * 3001)
    with pytest.raises(ValueError, match="between 1 and 100 blocks"):
        v.home([], callback_id="home")
    with pytest.raises(ValueError, match="needs a button"):
        v.actions()
    with pytest.raises(KeyError):
        inputs.radio("pick", eleven[:3], initial="absent")


def test_a_form_opens_with_nothing_selected_unless_told() -> None:
    choices = [inputs.Choice(text="One", value="1"), inputs.Choice(text="Two", value="2")]
    assert "initial_option" not in inputs.radio("pick", choices)
    assert inputs.radio("pick", choices, initial="2")["initial_option"]["value"] == "2"
    assert "initial_value" not in inputs.text_input("say", max_length=10)
    assert "initial_users" not in inputs.people("who", placeholder="Pick")
    assert inputs.channel("where", placeholder="Pick")["filter"]["include"] == ["public", "private"]
