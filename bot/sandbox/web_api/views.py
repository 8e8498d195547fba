"""views.open, push, update and publish."""

from bot.sandbox import showing
from bot.sandbox.tickets import SpentTicketError, Trigger
from bot.sandbox.views import ViewRefusedError
from bot.sandbox.web_api.calls import ApiError, Call, Json, Method
from bot.sandbox.web_api.checks import refuse_bad_view


def open_(call: Call) -> Json:
    """Open a modal for whoever caused the trigger."""
    view = refuse_bad_view(call.method, call.world.faults, call.parsed("view"), kind="modal")
    trigger = _exchange(call)
    try:
        shown = showing.open_view(call.world, trigger.person, view)
    except ViewRefusedError as refused:
        raise ApiError(str(refused)) from refused
    return {"view": showing.view_object(call.world, shown)}


def push(call: Call) -> Json:
    """Put a view on top of the one the trigger came out of."""
    view = refuse_bad_view(call.method, call.world.faults, call.parsed("view"), kind="modal")
    trigger = _exchange(call)
    if trigger.view_id is None:
        # Slack wants a trigger "generated from an interaction within the existing modal".
        raise ApiError("not_found")
    try:
        shown = showing.push_view(call.world, trigger.person, view)
    except ViewRefusedError as refused:
        raise ApiError(str(refused)) from refused
    return {"view": showing.view_object(call.world, shown)}


def update(call: Call) -> Json:
    """Replace an open view, found by view_id or external_id."""
    world = call.world
    view_id, external_id = call.text("view_id"), call.text("external_id")
    if view_id is None and external_id is None:
        raise ApiError("invalid_arguments", ["[ERROR] missing required field: view_id or external_id"])
    try:
        shown = world.views.find(view_id, external_id)
        kind = "home" if shown.is_home else "modal"
        content = refuse_bad_view(call.method, world.faults, call.parsed("view"), kind=kind)
        showing.update_view(world, shown, content, call.text("hash"))
    except ViewRefusedError as refused:
        raise ApiError(str(refused)) from refused
    return {"view": showing.view_object(world, shown)}


def publish(call: Call) -> Json:
    """Show a person's Home."""
    world = call.world
    user_id = call.required("user_id")
    content = refuse_bad_view(call.method, world.faults, call.parsed("view"), kind="home")
    person = world.people.get(user_id)
    if person is None or person.is_bot or person.deleted:
        raise ApiError("invalid_arguments", ["invalid `user_id`"])
    if not world.installation.home_tab:
        raise ApiError("not_enabled")
    try:
        shown = showing.publish_home(world, person.id, content, call.text("hash"))
    except ViewRefusedError as refused:
        raise ApiError(str(refused)) from refused
    return {"view": showing.view_object(world, shown)}


def _exchange(call: Call) -> Trigger:
    try:
        return call.world.tickets.exchange(call.required("trigger_id"))
    except SpentTicketError as spent:
        if str(spent) == "invalid_trigger_id":
            # The one error of these that Slack's reference shows as an example, in this form.
            raise ApiError("invalid_arguments", ["invalid `trigger_id`"]) from spent
        raise ApiError(str(spent)) from spent


METHODS = (
    Method(name="views.open", handler=open_),
    Method(name="views.push", handler=push),
    Method(name="views.update", handler=update),
    Method(name="views.publish", handler=publish),
)
