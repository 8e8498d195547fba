"""Messages and views as a whole, and how a problem reads."""

import json

import pytest

from bot.sandbox.blockkit import check_blocks, check_message, check_view
from tests.bot.sandbox.blockkit.payloads import Json, divider, home, mrkdwn, section


def test_a_message_holds_twelve_thousand_characters_in_all() -> None:
    blocks = [section(text=mrkdwn(3000))] * 4
    assert check_message(blocks, "hello") == []
    [problem] = check_message([*blocks, section()], "hello")
    assert (problem.pointer, problem.constraint["got"]) == ("/blocks", "12001")


def test_a_message_says_something_in_its_notification() -> None:
    assert check_message([section()], "hello") == []
    assert check_message(None, "hello") == []
    for silent in ("", None):
        assert [problem.pointer for problem in check_message([section()], silent)] == ["/text"]


def test_a_view_holds_a_quarter_of_a_megabyte() -> None:
    def size(view: Json) -> int:
        return len(json.dumps(view, ensure_ascii=False).encode())

    full = home(*[section(text=mrkdwn(2515))] * 96, section(text=mrkdwn(1)))
    full["blocks"][-1]["text"]["text"] += "x" * (250_000 - size(full))
    assert size(full) == 250_000
    assert check_view(full) == []
    full["blocks"][-1]["text"]["text"] += "x"
    [problem] = check_view(full)
    assert problem.message == "view_too_large"


def test_the_text_of_a_view_is_counted_in_bytes() -> None:
    # 84 sections of 3,000 euro signs are 252,000 characters, three quarters of a megabyte
    euros = [section(text={"type": "mrkdwn", "text": "\N{EURO SIGN}" * 3000})] * 30
    assert [problem.message for problem in check_view(home(*euros))] == ["view_too_large"]
    assert check_view(home(*[section(text=mrkdwn(3000))] * 30)) == []


def test_pointers_start_at_the_payload_that_was_checked() -> None:
    wrong = {"type": "section", "text": {"type": "invalid", "text": "x"}}
    assert check_blocks([wrong])[0].pointer == "/0/text/type"
    assert check_message([wrong], "hello")[0].pointer == "/blocks/0/text/type"
    assert check_view(home(wrong))[0].pointer == "/blocks/0/text/type"
    assert check_blocks([{"a/b~": {"focus_on_load": True}}] * 2)[-1].pointer == "/1/a~1b~0/focus_on_load"


def test_a_problem_reads_like_one_of_slack() -> None:
    # The example of https://docs.slack.dev/reference/methods/blocks.validate
    [problem] = check_blocks([{"type": "section", "text": {"type": "invalid", "text": "x"}}])
    assert problem.payload() == {
        "code": "failed_constraint",
        "message": "unsupported type: invalid",
        "pointer": "/0/text/type",
        "constraint": {"type": "enum", "expected": ["plain_text", "mrkdwn"], "got": "invalid"},
    }
    assert str(problem) == "[ERROR] unsupported type: invalid [json-pointer:/0/text/type]"


@pytest.mark.parametrize("payload", [None, 5, "blocks", {}, {"blocks": []}])
def test_blocks_are_a_list_and_nothing_else(payload: object) -> None:
    assert [problem.constraint["type"] for problem in check_blocks(payload)] == ["type"]


def test_a_tuple_of_blocks_is_as_good_as_a_list() -> None:
    assert check_message((section(), divider()), "hello") == []
    assert [problem.pointer for problem in check_message((divider(block_id="a"),) * 2, "hello")] == [
        "/blocks/1/block_id"
    ]


@pytest.mark.parametrize(("surface", "most"), [("message", 50), ("modal", 100), ("home", 100)])
def test_a_surface_holds_so_many_blocks(surface: str, most: int) -> None:
    assert check_blocks([divider()] * most, surface) == []
    [problem] = check_blocks([divider()] * (most + 1), surface)
    assert problem.message == f"no more than {most} items allowed"


def test_a_message_without_blocks_is_its_text() -> None:
    assert check_message([], "hello") == []
