"""The schema of question files says what the loader checks, no more and no less; the loader speaks its words."""

import json
import re
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from surveys.items import Item, Owner, drivers, scales
from surveys.questions import MOST_WORDS, QuestionFileError, _SetFile, load_question_sets, parse_question_set

FILE = "question_sets/question-set.schema.json"
USUAL = {"scale", "facet", "construct", "informed_by", "owner"}
"""Fields of an item that the loader fills in."""

START = "id: ours\nversion: 1\nname: Ours\ndescription: Ours.\nlocale: en\nper_round: 4\nitems:\n"


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(resources.files("surveys").joinpath(FILE).read_text(encoding="utf-8"))
    return loaded


def rules(field: dict[str, Any]) -> dict[str, Any]:
    """A field's rules without the words about it."""
    kept = {name: value for name, value in field.items() if name not in {"title", "description", "default"}}
    if "anyOf" in kept and all(set(one) == {"type"} for one in kept["anyOf"]):
        return {"type": [one["type"] for one in kept["anyOf"]]}
    return {name: rules(value) if isinstance(value, dict) else value for name, value in kept.items()}


def test_a_set_has_the_fields_and_limits_that_the_loader_checks(schema: dict[str, Any]) -> None:
    checked = TypeAdapter(_SetFile).json_schema()
    assert schema["required"] == checked["required"]
    assert schema["additionalProperties"] is checked["additionalProperties"] is False
    ours = {name: rules(field) for name, field in schema["properties"].items()}
    assert ours["items"].pop("items") == {"anyOf": [{"$ref": "#/$defs/id"}, {"$ref": "#/$defs/item"}]}
    theirs = {name: rules(field) for name, field in checked["properties"].items()}
    theirs["items"].pop("items")  # read one by one
    assert ours == theirs


def test_an_item_has_the_fields_and_limits_that_the_loader_checks(schema: dict[str, Any]) -> None:
    item, checked = schema["$defs"]["item"], TypeAdapter(Item).json_schema()
    assert item["required"] == [name for name in checked["required"] if name not in USUAL]
    assert item["additionalProperties"] is checked["additionalProperties"] is False
    theirs = {name: rules(field) for name, field in checked["properties"].items()}
    theirs["driver"] = {"type": "string", "enum": list(drivers())}
    theirs["scale"] = {"type": "string", "enum": list(scales())}
    theirs["owner"] = {"type": "string", "enum": list(Owner)}
    assert {name: rules(field) for name, field in item["properties"].items()} == theirs
    assert rules(schema["$defs"]["id"]) == theirs["id"]


def test_every_field_says_what_belongs_there(schema: dict[str, Any]) -> None:
    item = schema["$defs"]["item"]
    for field in (*schema["properties"].values(), *item["properties"].values(), schema["$defs"]["id"], item):
        assert field["description"]
        assert not field["description"].endswith(".")
    assert f"at most {MOST_WORDS} words" in item["properties"]["text"]["description"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            START + "  - {id: own.one, text: We learn., reverse: false}\n",
            (
                'line 8, "own.one", field "driver": is missing. '
                'Here belongs what the question measures: the id of a driver, such as "growth".'
            ),
        ),
        (
            START.replace("version: 1", "version: new") + "  - burnout.drained\n",
            (
                'line 2, field "version": must be a whole number. '
                "Here belongs a whole number from 1, raised whenever the questions change."
            ),
        ),
        (
            START.replace("name: Ours", "nmae: Ours") + "  - burnout.drained\n",
            'line 3, field "nmae": is not a field here; did you mean "name"?',
        ),
    ],
)
def test_an_error_says_what_belongs_there_in_the_words_of_the_schema(text: str, said: str) -> None:
    with pytest.raises(QuestionFileError) as caught:
        parse_question_set(text, "ours.yaml")
    assert str(caught.value) == f"ours.yaml, {said}"


def test_the_file_in_the_documentation_is_a_set_with_every_kind_of_question_one_can_write() -> None:
    page = (Path(__file__).parents[2] / "docs/questions.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    items = parse_question_set(example, "our-questions.yaml").items
    assert [item.scale for item in items] == ["agreement", "agreement", "agreement", "choice", "comment"]
    for question_set in load_question_sets().values():
        assert f"| {question_set.name.partition(', for')[0]} |" in page
