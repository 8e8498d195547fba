"""What an app's acknowledgement or response_url call does: errors beside fields, other views, replies."""

from typing import Any

from bot.sandbox import posting, showing
from bot.sandbox.journal import Seen
from bot.sandbox.messages import Message
from bot.sandbox.tickets import ResponseUrl, SpentTicketError
from bot.sandbox.views import View, ViewRefusedError
from bot.sandbox.web_api.calls import ApiError
from bot.sandbox.web_api.checks import refuse_bad_message, refuse_bad_view
from bot.sandbox.world import World

Json = dict[str, Any]


class Answers:
    """Applies answers to one world. What Slack would not accept is logged as a call that failed."""

    def __init__(self, world: World) -> None:
        self._world = world

    def to_submission(self, view: View, payload: Json | None) -> bool:
        """Do what the acknowledgement of a view_submission asks for; False when Slack would not accept it."""
        action = (payload or {}).get("response_action")
        try:
            if not payload:
                self._close(view)
            elif action == "errors":
                self._show_given_errors(view, payload.get("errors"))
            elif action in ("update", "push"):
                self._show_view(view, action, payload.get("view"))
            elif action == "clear":
                self._world.views.close_all(view.person)
                self._world.saw(view.person, Seen.VIEW_CLOSED, "every window closed", view.id)
            else:
                raise ApiError("invalid_arguments", [f"[ERROR] unknown response_action {action!r}"])
        except (ApiError, ViewRefusedError) as refused:
            self._log("ack view_submission", payload or {}, refused)
            return False
        return True

    def to_command(self, person: str, channel: str, payload: Json | None) -> str:
        """Show the reply an acknowledged slash command carries; returns Slack's error when it cannot be shown."""
        if not payload or not (payload.get("text") or payload.get("blocks")):
            return ""
        try:
            self._reply(payload, channel, person)
        except ApiError as refused:
            self._log("ack slash_commands", payload, refused)
            return refused.error
        return ""

    def at_response_url(self, secret: str, body: Json) -> None:
        """Do what a call to a response URL asks for.

        Raises ApiError: used_url, expired_url, or what chat.postMessage would say.
        """
        try:
            ticket = self._world.tickets.answer_at(secret)
        except SpentTicketError as spent:
            raise ApiError(str(spent)) from spent
        original = self._original(ticket)
        if body.get("delete_original") in (True, "true"):
            if original is not None:
                posting.delete(self._world, original)
            return
        if body.get("replace_original") in (True, "true") and original is not None:
            text = body.get("text")
            blocks = refuse_bad_message("response_url", self._world.faults, body.get("blocks"), text)
            posting.edit(self._world, original, text=text or "", blocks=blocks or None)
            return
        self._reply(body, ticket.channel, ticket.person)

    def show_errors(self, view: View) -> None:
        """Let the person see what stands beside the fields."""
        labels = {str(block.get("block_id")): block for block in view.blocks}
        read = self._world.renderer(view.person).object
        lines = [f"{read(labels[block].get('label'))}: {wrong}" for block, wrong in view.errors.items()]
        self._world.saw(view.person, Seen.FIELD_ERRORS, "\n".join(lines), view.id)

    def _show_given_errors(self, view: View, errors: Any) -> None:
        inputs = {str(block.get("block_id")) for block in view.blocks if block.get("type") == "input"}
        if not isinstance(errors, dict) or not errors:
            raise ApiError("invalid_arguments", ["[ERROR] missing required field: errors"])
        if unknown := sorted(set(errors) - inputs):
            raise ApiError("invalid_arguments", [f"[ERROR] no input block {unknown[0]!r} [json-pointer:/errors]"])
        view.errors = {block: str(wrong) for block, wrong in errors.items()}
        self.show_errors(view)

    def _show_view(self, view: View, action: str, content: Any) -> None:
        content = refuse_bad_view(f"ack {action}", self._world.faults, content, kind="modal")
        if action == "update":
            showing.update_view(self._world, view, content)
        else:
            showing.push_view(self._world, view.person, content)

    def _close(self, view: View) -> None:
        if self._world.views.top(view.person) is view:
            self._world.views.close_top(view.person)
            self._world.saw(view.person, Seen.VIEW_CLOSED, "the window closed", view.id)

    def _reply(self, body: Json, channel: str, person: str) -> None:
        text = body.get("text")
        blocks = refuse_bad_message("response_url", self._world.faults, body.get("blocks"), text)
        only_for = None if body.get("response_type") == "in_channel" else person
        posting.post(self._world, channel, text=text or "", blocks=blocks, only_for=only_for)

    def _original(self, ticket: ResponseUrl) -> Message | None:
        if ticket.message_ts is None:
            return None
        return self._world.messages.find_seen_by(ticket.person, ticket.channel, ticket.message_ts)

    def _log(self, what: str, payload: Json, refused: Exception) -> None:
        answer = refused.answer if isinstance(refused, ApiError) else {"ok": False, "error": str(refused)}
        self._world.records.call(
            method=what,
            payload=payload,
            verdict=str(refused),
            http_status=200,
            at=self._world.now,
            clock=self._world.monotonic(),
            answer=answer,
        )
