"""What Slack sends, parsed once into types. What Murmur does not use is not kept."""

from collections.abc import Mapping
from html import unescape
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

_SLACK_ID = Annotated[str, Field(min_length=2, max_length=32)]


class _Silent(BaseModel):
    """Frozen, and silent: what is inside must not reach a log, neither by its errors nor by itself."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    def __repr__(self) -> str:
        """Say nothing of what is inside."""
        return type(self).__name__

    __str__ = __repr__


class Payload(_Silent):
    """Who did something, and where."""

    workspace: _SLACK_ID
    person: _SLACK_ID
    trigger_id: str = ""

    @model_validator(mode="before")
    @classmethod
    def _who(cls, body: Any) -> Any:
        if not isinstance(body, dict) or "workspace" in body:
            return body
        team, person = body.get("team") or {}, body.get("user") or {}
        return body | {
            "workspace": team.get("id") or body.get("team_id") or person.get("team_id"),
            "person": person.get("id") or body.get("user_id"),
        }


class Command(Payload):
    """A slash command."""

    text: str = ""
    channel_id: str = ""

    @property
    def words(self) -> list[str]:
        """What was typed after the command, word by word, without Slack's escapes."""
        return unescape(self.text).split()


class Press(Payload):
    """A button that was pressed, or a choice that was made outside a form."""

    action_id: str
    value: str = ""  # of the button, or of the chosen option
    response_url: str = ""  # "" where the button is not in a message
    view_id: str = ""  # of the view it was pressed in
    view_hash: str = ""
    in_modal: bool = False
    private_metadata: str = ""

    @model_validator(mode="before")
    @classmethod
    def _action(cls, body: Any) -> Any:
        if not isinstance(body, dict) or not body.get("actions"):
            return body
        action, view = body["actions"][0], body.get("view") or {}
        chosen = action.get("selected_option") or {}
        return body | {
            "action_id": action.get("action_id", ""),
            "value": action.get("value") or chosen.get("value") or "",
            "view_id": view.get("id", ""),
            "view_hash": view.get("hash", ""),
            "in_modal": view.get("type") == "modal",
            "private_metadata": view.get("private_metadata", ""),
        }


class Entry(_Silent):
    """What one field of a form holds."""

    value: str | None = None
    selected_option: Mapping[str, Any] | None = None
    selected_options: list[Mapping[str, Any]] = []
    selected_users: list[str] = []
    selected_conversation: str | None = None

    @property
    def text(self) -> str:
        """What was typed or chosen, without blanks around it; "" for nothing."""
        if self.selected_option is not None:
            return str(self.selected_option.get("value", ""))
        return (self.value or "").strip()


class Submission(Payload):
    """A form that was sent."""

    view_id: str
    callback_id: str
    private_metadata: str = ""
    fields: Mapping[str, Entry] = {}  # by block id

    @model_validator(mode="before")
    @classmethod
    def _view(cls, body: Any) -> Any:
        if not isinstance(body, dict) or "view" not in body:
            return body
        view = body["view"]
        values: Mapping[str, Mapping[str, Any]] = (view.get("state") or {}).get("values") or {}
        return body | {
            "view_id": view.get("id", ""),
            "callback_id": view.get("callback_id", ""),
            "private_metadata": view.get("private_metadata", ""),
            "fields": {block: next(iter(actions.values()), {}) for block, actions in values.items()},
        }

    def field(self, block_id: str) -> Entry:
        """A field by its block, empty when it was not sent."""
        return self.fields.get(block_id, Entry())


class HomeOpened(Payload):
    """Somebody opened Murmur's Home."""

    tab: str = "home"

    @classmethod
    def from_event(cls, body: Mapping[str, Any]) -> Self:
        """Parse the envelope of an app_home_opened event."""
        event = body["event"]
        return cls.model_validate(
            {"workspace": body["team_id"], "person": event["user"], "tab": event.get("tab", "home")}
        )
