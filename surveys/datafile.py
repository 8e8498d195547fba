"""A data file read from YAML: plain values, the line each stands on, and errors a person can act on."""

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

T = TypeVar("T")
Path = tuple[str | int, ...]
"""Where a value stands: ("items", 3, "text")."""

MOST_CHARACTERS = 200_000  # fifty times the longest set shipped
_MOST_LEVELS = 8  # the shipped files use three


class DataFileError(ValueError):
    """Something is wrong in a data file. The message names the file, the line and the field."""

    def __init__(self, *, source: str, line: int, problem: str, field: str = "", entry: str = "") -> None:
        self.source = source  # the file's name, as it was given
        self.line = line  # 1-based
        self.entry = entry  # what the field belongs to, e.g. the id of a question; may be empty
        self.field = field  # may be empty
        self.problem = problem  # reads on from the field: "is missing"
        place = [f"{source}, line {line}"]
        if entry:
            place.append(f'"{entry}"')
        if field:
            place.append(f'field "{field}"')
        super().__init__(f"{', '.join(place)}: {problem}{'' if problem.endswith('?') else '.'}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """The content of one file."""

    source: str  # its name, for error messages
    data: object  # dicts, lists, text, numbers, true, false and null only
    lines: Mapping[Path, int]  # the 1-based line on which each value begins

    def line(self, path: Path) -> int:
        """The line of the value at `path`, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines[path]

    def error(self, path: Path, problem: str, entry: str = "") -> DataFileError:
        """An error about the value at `path`, whose last text part is the field's name."""
        field = next((part for part in reversed(path) if isinstance(part, str)), "")
        return DataFileError(source=self.source, line=self.line(path), field=field, problem=problem, entry=entry)


def read(text: str, source: str) -> DataFile:
    """Read one YAML document made of plain values.

    Anchors, aliases and tags are refused: nobody needs them in a list of questions, and a few lines of aliases
    can unfold into gigabytes. Raises DataFileError.
    """
    if len(text) > MOST_CHARACTERS:
        raise DataFileError(source=source, line=1, problem=f"the file is longer than {MOST_CHARACTERS} characters")
    try:
        _refuse_surprises(text, source)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        hint = "text that contains a colon or begins with a sign must stand in quotes"
        problem = f"this is not valid YAML ({error.problem or error.context}); {hint}"
        raise DataFileError(source=source, line=mark.line + 1 if mark else 1, problem=problem) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise DataFileError(
            source=source, line=line, problem="this line holds a character that cannot be read"
        ) from error
    except (ValueError, OverflowError) as error:
        if isinstance(error, DataFileError):
            raise
        # An escape in quotes such as "\Uffffffff", on which PyYAML stumbles without saying where.
        line = text.count("\n", 0, text.find("\\U")) + 1
        raise DataFileError(source=source, line=line, problem="this escape stands for no character") from error
    if node is None:
        raise DataFileError(source=source, line=1, problem="the file is empty")
    lines: dict[Path, int] = {}
    return DataFile(source=source, data=_plain(node, (), lines, source), lines=lines)


def build(shape: type[T], file: DataFile, data: object, path: Path = (), entry: str = "") -> T:
    """Turn `data`, found at `path` in `file`, into a `shape`, a dataclass whose annotations say what is allowed.

    Raises DataFileError for the first thing that is wrong.
    """
    hashable: Any = shape  # mypy takes a type[T] for something that cannot be a key
    adapter: TypeAdapter[T] = _adapter(hashable)
    try:
        # By way of JSON, where strict types still accept a list for a tuple and a word for an enum.
        return adapter.validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        # A misspelt name comes before the field that is missing because of it.
        details = min(
            error.errors(), key=lambda detail: (detail["type"] == "missing", file.line((*path, *detail["loc"])))
        )
        raise file.error((*path, *details["loc"]), _in_words(details, shape), entry) from error


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def _refuse_surprises(text: str, source: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        problem = ""
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _MOST_LEVELS:
            problem = "lists are nested too deeply here"
        elif isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            problem = "references (& and *) are not used here; text that begins with & or * must stand in quotes"
        elif getattr(event, "tag", None):
            problem = "tags are not used here; text that begins with ! must stand in quotes"
        if problem:
            raise DataFileError(source=source, line=_line(event), problem=problem)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _plain(node: yaml.Node, path: Path, lines: dict[Path, int], source: str) -> object:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*path, index), lines, source) for index, child in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        result: dict[str, object] = {}
        for name, child in _entries(node, source):
            result[name] = _plain(child, (*path, name), lines, source)
        return result
    return _scalar(node, source)


def _entries(node: yaml.MappingNode, source: str) -> Iterator[tuple[str, yaml.Node]]:
    seen: set[str] = set()
    for key, child in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise DataFileError(source=source, line=line, problem="the name of a field must be a word")
        name = _words(key, source)
        if name in seen:
            raise DataFileError(source=source, line=line, field=name, problem="stands here twice")
        seen.add(name)
        yield name, child


def _words(node: yaml.Node, source: str) -> str:
    value: str = node.value
    if any("\ud800" <= character <= "\udfff" for character in value):
        line = node.start_mark.line + 1
        raise DataFileError(source=source, line=line, problem="an escape here stands for half a character")
    return value


def _scalar(node: yaml.Node, source: str) -> object:
    value = _words(node, source)
    kind = node.tag.rpartition(":")[2]
    if kind == "null":
        return None
    if kind == "bool":
        return value.lower() in {"yes", "true", "on"}
    if kind == "int" and len(value) < 19 and value.lstrip("+-").isdecimal():
        return int(value)
    if kind == "float" and value.replace(".", "", 1).lstrip("+-").isdecimal():
        return float(value)
    return value  # text, and what YAML would make a date, a time of day or an octal number of


def _in_words(details: ErrorDetails, shape: type[Any]) -> str:
    context = details.get("ctx", {})
    match details["type"]:
        case "missing":
            return "is missing"
        case "unexpected_keyword_argument":
            return _unknown_field(str(details["loc"][-1]), shape)
        case "string_type":
            return "must be text; put it in quotes"
        case "string_too_short":
            return "must not be empty"
        case "string_too_long":
            return f"is longer than {context['max_length']} characters"
        case "string_pattern_mismatch":
            return "may hold small letters, digits, dots and hyphens only, and begins with a letter"
        case "int_type" | "int_from_float":
            return "must be a whole number"
        case "greater_than_equal":
            return f"must be {context['ge']} or more"
        case "less_than_equal":
            return f"must be {context['le']} or less"
        case "bool_type":
            return "must be true or false"
        case "enum" | "literal_error":
            return f"must be {context['expected']}"
        case "tuple_type" | "list_type":
            return "must be a list"
        case "too_short":
            return f"needs {context['min_length']} or more entries"
        case "too_long":
            return f"has more than {context['max_length']} entries"
        case "dataclass_type" | "dict_type":
            return "must be a group of fields, such as 'name: ...'"
        case _:
            return details["msg"].lower()


def _unknown_field(name: str, shape: type[Any]) -> str:
    known = [field.name for field in fields(shape)] if is_dataclass(shape) else []
    near = difflib.get_close_matches(name, known, n=1)
    return "is not a field here" + (f'; did you mean "{near[0]}"?' if near else "")
