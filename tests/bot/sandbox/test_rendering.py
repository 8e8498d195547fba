import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.rendering import Renderer
from tests.bot.sandbox.support import Json, actions, button, options, plain, radio, section

NAMES = {"U0DANA": "@Dana Ito", "C0VISION": "#vision", "S0VISION": "@vision-team"}
RENDERER = Renderer(lambda thing: NAMES.get(thing, thing), "Asia/Tokyo")


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        ("&amp;lt;", "&lt;"),
        ("<@U0DANA> in <#C0VISION>", "@Dana Ito in #vision"),
        ("<#C0VISION|seeing>", "#seeing"),
        ("<!subteam^S0VISION> <!subteam^S0VISION|@vt>", "@vision-team @vt"),
        ("<!here> <!channel>", "@here @channel"),
        ("<https://a.example|here> and <https://b.example>", "here and https://b.example"),
        ("<mailto:a@b.example|write>, <mailto:a@b.example>", "write, a@b.example"),
        ("*bold* :wave:", "*bold* :wave:"),
        ("&lt;@U0DANA&gt;", "<@U0DANA>"),
        ("<!date^1773046800^{date_num} {time}|then>", "2026-03-09 18:00"),
        ("<!date^1773046800^{date_short_pretty} at {time}|then>", "Mar 9, 2026 at 18:00"),
        ("<!date^never^{time}|then>", "then"),
    ],
)
def test_markup_reads_as_in_slack(raw: str, read: str) -> None:
    assert RENDERER.text(raw) == read


@given(st.text())
def test_escaped_text_reads_as_it_was_typed(typed: str) -> None:
    escaped = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert RENDERER.text(escaped) == typed


@given(st.text())
def test_no_text_breaks_the_renderer(raw: str) -> None:
    assert isinstance(RENDERER.text(raw), str)


def test_plain_text_has_no_markup() -> None:
    assert RENDERER.object(plain("<@U0DANA> &amp; *co*")) == "<@U0DANA> & *co*"


@pytest.mark.parametrize(
    ("block", "read"),
    [
        ({"type": "header", "text": plain("Vision")}, "## Vision"),
        ({"type": "divider"}, "-" * 24),
        (section("a", accessory=button("Why?", "w")), "a\n[Why?]"),
        ({"type": "section", "fields": [plain("a"), plain("b")]}, "a\nb"),
        ({"type": "context", "elements": [plain("a"), {"type": "image", "alt_text": "dot"}]}, "  a · (image: dot)"),
        (actions(button("A", "a"), button("B", "b")), "[A] [B]"),
        ({"type": "image", "alt_text": "a curve", "title": plain("Trend")}, "Trend\n(image: a curve)"),
        ({"type": "markdown", "text": "# x &amp; y"}, "# x & y"),
        (
            {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": "b"}]]},
            "a | b",
        ),
        (section("x", accessory={"type": "overflow", "options": options("Edit", "Undo")}), "x\n[...: Edit, Undo]"),
        (
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {"type": "text", "text": "ask "},
                            {"type": "user", "user_id": "U0DANA"},
                            {"type": "emoji", "name": "wave"},
                        ],
                    }
                ],
            },
            "ask @Dana Ito:wave:",
        ),
        (
            {
                "type": "data_visualization",
                "title": "Share",
                "chart": {"type": "pie", "segments": [{"label": "a", "value": 1}]},
            },
            "(chart: Share)\n  a 1",
        ),
        ({"type": "video"}, "(video)"),
    ],
)
def test_every_block_reads_as_text(block: Json, read: str) -> None:
    assert RENDERER.blocks([block]) == read


def test_a_form_shows_what_was_chosen_and_what_is_wrong() -> None:
    view = {
        "type": "modal",
        "title": plain("Pulse"),
        "submit": plain("Send"),
        "close": plain("Cancel"),
        "blocks": [radio("Q", "q", optional=True, hint=plain("One tap"))],
    }
    values = {"q": {"answer": {"type": "radio_buttons", "selected_option": options("No", "Perhaps", "Yes")[2]}}}
    assert RENDERER.view(view, values, {"q": "Too late"}) == "\n".join(
        [
            "== Pulse ==",
            "Q (optional)",
            "( ) No",
            "( ) Perhaps",
            "(x) Yes",
            "  One tap",
            "  ! Too late",
            "[Send] [Cancel]",
        ]
    )


def test_what_was_entered_stands_in_the_field() -> None:
    block = {
        "type": "input",
        "block_id": "b",
        "label": plain("Who"),
        "element": {"type": "multi_users_select", "action_id": "a"},
    }
    states = {"b": {"a": {"type": "multi_users_select", "selected_users": ["U0DANA", "U1"]}}}
    assert RENDERER.blocks([block], states) == "Who\n<@Dana Ito, U1>"
    assert RENDERER.blocks([block]) == "Who\n< >"


def test_a_message_without_blocks_reads_as_its_text() -> None:
    assert RENDERER.message("a &amp; b", []) == "a & b"
    assert RENDERER.message("fallback", [section("real")]) == "real"
