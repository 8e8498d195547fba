"""Views coming before a person's eyes: for views.* and for what an acknowledgement asks for."""

from bot.sandbox.journal import Seen
from bot.sandbox.views import Json, View
from bot.sandbox.world import World


def open_view(world: World, person: str, content: Json) -> View:
    """Open a modal. Raises ViewRefusedError."""
    view = world.views.open(person, content, world.now)
    world.saw(person, Seen.VIEW, world.read_view(view), view.id)
    return view


def push_view(world: World, person: str, content: Json) -> View:
    """Put a view on top of the open ones. Raises ViewRefusedError."""
    view = world.views.push(person, content, world.now)
    world.saw(person, Seen.VIEW, world.read_view(view), view.id)
    return view


def update_view(world: World, view: View, content: Json, expected_hash: str | None = None) -> View:
    """Replace what a view shows. Raises ViewRefusedError."""
    world.views.update(view, content, world.now, expected_hash)
    world.saw(view.person, Seen.HOME if view.is_home else Seen.VIEW_UPDATED, world.read_view(view), view.id)
    return view


def publish_home(world: World, person: str, content: Json, expected_hash: str | None = None) -> View:
    """Show a Home. Raises ViewRefusedError."""
    view = world.views.publish(person, content, world.now, expected_hash)
    world.saw(person, Seen.HOME, world.read_view(view), view.id)
    return view


def view_object(world: World, view: View) -> Json:
    """A view in the shape in which Slack returns it and puts it into payloads."""
    app, content = world.installation, view.content
    return {
        "id": view.id,
        "team_id": world.workspace.team_id,
        "type": content.get("type"),
        "blocks": view.blocks,
        "private_metadata": content.get("private_metadata") or "",
        "callback_id": content.get("callback_id") or "",
        "state": {"values": view.values},
        "hash": view.hash,
        "title": content.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": bool(content.get("clear_on_close")),
        "notify_on_close": bool(content.get("notify_on_close")),
        "close": content.get("close"),
        "submit": content.get("submit"),
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": app.app_id,
        "external_id": view.external_id,
        "app_installed_team_id": world.workspace.team_id,
        "bot_id": app.bot_id,
    }
