"""Recognising answers: by question and number or label, in columns and in JSON; and comments, by their words."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.demo.stolen import Row, Value
from surveys.questions import Item, answers_of

Beside = Mapping[str, Value]
"""What stands beside answers in the same JSON, and around them: an id, perhaps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Something that reads as answers, or as the comment, of one person."""

    answers: frozenset[tuple[str, int]] = frozenset()  # question id and number pressed
    comment: str = ""


class Reader:
    """Knows every question, by its id and by its words, what can be pressed, and every comment by its words."""

    def __init__(self, questions: Mapping[str, Item], comments: Collection[str] = ()) -> None:
        self._ids = {item.text: item_id for item_id, item in questions.items()} | {one: one for one in questions}
        self._labels = {
            item_id: {label.lower(): number for number, label in enumerate(answers_of(item), 1)}
            for item_id, item in questions.items()
        }
        self.comments = frozenset(comments) - {""}

    def question(self, value: object) -> str | None:
        """The id of the question that a value names."""
        return self._ids.get(value) if isinstance(value, str) else None

    def number(self, question: str, value: object) -> int | None:
        """What a value says was pressed: 4, 4.0, "4" or "Agree"."""
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            return None
        labels, text = self._labels[question], str(value).strip().removesuffix(".0").lower()
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 3 else labels.get(text)
        return number if number is not None and 1 <= number <= len(labels) else None

    def row(
        self, row: Row, columns: Sequence[str], plain: Mapping[bytes, bytes] | None = None
    ) -> list[tuple[Sheet, Beside]]:
        """Everything that reads as answers in a row: in the JSON of one value, or in a column for each question.

        `plain` is what is in values that were sealed.
        """
        words = self._comment(dict(zip(columns, row, strict=True)))
        found = [
            (Sheet(answers=sheet.answers, comment=sheet.comment or words), beside)
            for value in row
            for sheet, beside in self.text((plain or {}).get(value, value) if isinstance(value, bytes) else value)
        ]
        across = self._pressed(dict(zip(columns, row, strict=True)))
        if not found and (across or words in self.comments):
            found = [(Sheet(answers=across, comment=words), {})]
        return found

    def text(self, value: Value) -> list[tuple[Sheet, Beside]]:
        """Everything that reads as answers in a value that is JSON."""
        text = value.decode(errors="replace") if isinstance(value, bytes) else value
        if not isinstance(text, str) or not text.startswith(("{", "[")):
            return []
        try:
            found, _ = json.JSONDecoder().raw_decode(text)  # which lets anything follow
            return list(self._inside(found, {}))
        except (ValueError, RecursionError):
            return []

    def _inside(self, found: object, around: Beside) -> Iterator[tuple[Sheet, Beside]]:
        """Answers in what JSON held, however many and however deep."""
        if isinstance(found, list):
            for part in found:
                yield from self._inside(part, around)
        elif isinstance(found, dict):
            answers = self._pressed(found) or self._one(found)
            own = {key: value for key, value in found.items() if isinstance(value, int | float | str)}
            near = {**around, **{key: value for key, value in own.items() if self.question(key) is None}}
            words = self._comment(near)
            inner = [
                one
                for key, part in found.items()
                if isinstance(part, dict | list)
                for one in self._inside(part, {**near, "key": key})
            ]
            yield from inner
            if answers or (words in self.comments and not inner):
                rest = {key: value for key, value in near.items() if value != words}
                yield Sheet(answers=answers, comment=words), rest

    def _pressed(self, named: Mapping[str, Any]) -> frozenset[tuple[str, int]]:
        """Answers where the questions are names of columns, or keys."""
        pairs = ((self.question(name), value) for name, value in named.items())
        asked = ((question, self.number(question, value)) for question, value in pairs if question)
        return frozenset((question, number) for question, number in asked if number is not None)

    def _one(self, named: Mapping[str, Any]) -> frozenset[tuple[str, int]]:
        """One answer, where question and number are values side by side."""
        question = next((one for value in named.values() if (one := self.question(value))), None)
        numbers = (self.number(question, value) for name, value in named.items() if question and name[-2:] != "id")
        number = next((one for one in numbers if one is not None), None)
        return frozenset({(question, number)}) if question and number else frozenset()

    def _comment(self, named: Mapping[str, Any]) -> str:
        """The comment: known by its words, or by its name."""
        texts = {name: value.strip() for name, value in named.items() if isinstance(value, str)}
        known = next((text for text in texts.values() if text in self.comments), None)
        return known or next((text for name, text in texts.items() if "comment" in name), "")
