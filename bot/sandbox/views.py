"""Modals and Home: the stack of views a person has open, their hashes, ids and what was entered in them."""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from bot.sandbox.inputs import BlockIds, Values, initial_values

Json = dict[str, Any]

STACK_LIMIT: Final = 3  # docs.slack.dev/surfaces/modals: at most three views at a time
VIEW_BYTES: Final = 250_000  # view_too_large beyond


class ViewRefusedError(Exception):
    """A view that cannot be shown; the text is Slack's error name."""


@dataclass(slots=True, kw_only=True)
class View:
    """A view as it stands now."""

    id: str
    person: str
    content: Json  # what the app sent, with block and action ids
    root_id: str
    previous_id: str | None
    hash: str = ""
    values: Values = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)  # block_id -> what stands beside the field
    open: bool = True

    @property
    def external_id(self) -> str:
        """The id the app gave it, or ""."""
        return str(self.content.get("external_id") or "")

    @property
    def is_home(self) -> bool:
        """Whether it is an App Home, not a modal."""
        return self.content.get("type") == "home"

    @property
    def blocks(self) -> list[Json]:
        """Its blocks."""
        return list(self.content.get("blocks") or [])


class Views:
    """Every view of a workspace."""

    def __init__(self, block_ids: BlockIds) -> None:
        self._block_ids = block_ids
        self.next_number = 1
        self._views: dict[str, View] = {}
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}

    def stack(self, person: str) -> list[View]:
        """The open modals of a person, the one in front last."""
        return list(self._stacks.get(person, ()))

    def top(self, person: str) -> View | None:
        """The modal in front, if any is open."""
        stack = self._stacks.get(person)
        return stack[-1] if stack else None

    def home(self, person: str) -> View | None:
        """The person's Home, once the app has published one."""
        return self._homes.get(person)

    def homes(self) -> list[View]:
        """Every Home."""
        return list(self._homes.values())

    def restore_homes(self, homes: Iterable[View]) -> None:
        """Show these Homes and nothing else."""
        self._stacks.clear()
        self._homes = {view.person: view for view in homes}
        self._views = {view.id: view for view in self._homes.values()}

    def get(self, view_id: str) -> View | None:
        """A view by id, open or not."""
        return self._views.get(view_id)

    def open(self, person: str, content: Json, now: datetime) -> View:
        """Open a modal. One that was open before makes room for it.

        Raises ViewRefusedError: duplicate_external_id or view_too_large.
        """
        self._refuse_unfit(content)
        self.close_all(person)
        view = self._new(person, content, now, below=None)
        self._stacks[person] = [view]
        return view

    def push(self, person: str, content: Json, now: datetime) -> View:
        """Put a view on top of the open ones.

        Raises ViewRefusedError: push_limit_reached with three open, not_found with none open, or as open().
        """
        stack = self._stacks.get(person)
        if not stack:
            raise ViewRefusedError("not_found")
        if len(stack) >= STACK_LIMIT:
            raise ViewRefusedError("push_limit_reached")
        self._refuse_unfit(content)
        view = self._new(person, content, now, below=stack[-1])
        stack.append(view)
        return view

    def find(self, view_id: str | None, external_id: str | None) -> View:
        """The open view (or Home) with one of these ids. Raises ViewRefusedError: not_found."""
        view = self._views.get(view_id) if view_id else self._by_external_id(external_id or "")
        if view is None or not view.open:
            raise ViewRefusedError("not_found")
        return view

    def update(self, view: View, content: Json, now: datetime, expected_hash: str | None = None) -> View:
        """Replace what a view shows; entries in unchanged inputs stay.

        Raises ViewRefusedError: hash_conflict, or as open().
        """
        if expected_hash and expected_hash != view.hash:
            raise ViewRefusedError("hash_conflict")
        self._refuse_unfit(content, besides=view)
        self._show(view, content, now)
        return view

    def publish(self, person: str, content: Json, now: datetime, expected_hash: str | None = None) -> View:
        """Show a Home. Raises ViewRefusedError: hash_conflict, or as open()."""
        home = self._homes.get(person)
        if home is not None:
            return self.update(home, content, now, expected_hash)
        if expected_hash:
            raise ViewRefusedError("hash_conflict")
        self._refuse_unfit(content)
        self._homes[person] = self._new(person, content, now, below=None)
        return self._homes[person]

    def close_top(self, person: str) -> View | None:
        """Close the view in front, which shows the one below again."""
        stack = self._stacks.get(person)
        if not stack:
            return None
        view = stack.pop()
        view.open = False
        return view

    def close_all(self, person: str) -> list[View]:
        """Close every modal of a person, front first."""
        closed = []
        while view := self.close_top(person):
            closed.append(view)
        return closed

    def _new(self, person: str, content: Json, now: datetime, below: View | None) -> View:
        view_id = f"V0{self.next_number:06d}"
        self.next_number += 1
        view = View(
            id=view_id,
            person=person,
            content={},
            root_id=below.root_id if below else view_id,
            previous_id=below.id if below else None,
        )
        self._show(view, content, now)
        self._views[view_id] = view
        return view

    def _show(self, view: View, content: Json, now: datetime) -> None:
        view.content = {**content, "blocks": self._block_ids.complete(list(content.get("blocks") or []))}
        view.values = initial_values(view.blocks, view.values)
        view.errors = {}
        view.hash = f"{int(now.timestamp())}.{secrets.token_urlsafe(6)}"

    def _by_external_id(self, external_id: str) -> View | None:
        matches = (view for view in self._views.values() if view.open and view.external_id == external_id)
        return next(matches, None) if external_id else None

    def _refuse_unfit(self, content: Json, besides: View | None = None) -> None:
        if len(json.dumps(content, ensure_ascii=False).encode()) > VIEW_BYTES:
            raise ViewRefusedError("view_too_large")
        taken = self._by_external_id(str(content.get("external_id") or ""))
        if taken is not None and taken is not besides:
            raise ViewRefusedError("duplicate_external_id")
