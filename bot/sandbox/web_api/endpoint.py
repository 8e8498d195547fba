"""POST and GET /api/<method>: arguments, token, scopes, limits, faults, answer, log."""

import asyncio
import itertools
import json
from dataclasses import asdict
from typing import Any, Final

from aiohttp import web

from bot.sandbox.faults import Fault, Kind
from bot.sandbox.limits import Verdict
from bot.sandbox.web_api import METHODS
from bot.sandbox.web_api.calls import JSON_ARGUMENTS, ApiError, Call, Json, Method, need_scope
from bot.sandbox.web_api.chat import rate_key
from bot.sandbox.world import World

_FORM_TYPES: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
_BEFORE: Final = (Kind.SERVER_ERROR, Kind.RATE_LIMITED, Kind.ERROR)
_AFTER: Final = (Kind.TIME_OUT, Kind.HANG_UP)
LONG_SILENCE: Final = 60.0  # seconds, longer than a client waits


class WebApi:
    """Answers Web API calls about one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._request_numbers = itertools.count(1)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call; every call is logged, whatever becomes of it."""
        name = request.match_info["method"]
        world = self._world
        try:
            args, token = await _arguments(request)
        except ApiError as refused:
            return self._respond(name, {}, refused.answer, (), None, None)
        if slow := world.faults.strike(name, [Kind.SLOW]):
            await asyncio.sleep(slow.seconds)
        scopes: tuple[str, ...] = ()
        limit: Verdict | None = None
        fault = world.faults.strike(name, _BEFORE)
        try:
            method, scopes = self._admit(name, token)
            call = Call(world=world, method=name, args=args, scopes=scopes)
            limit = world.limits.take(name, rate_key(call))
            if not limit.allowed or fault:
                return self._refuse(name, args, scopes, limit, fault)
            answer = {"ok": True, **method.handler(call)}
        except ApiError as refused:
            answer = refused.answer
        after = world.faults.strike(name, _AFTER)
        if after is not None:
            return await self._vanish(request, name, args, answer, limit, after)
        return self._respond(name, args, answer, scopes, limit, slow)

    def _admit(self, name: str, token: str | None) -> tuple[Method, tuple[str, ...]]:
        """The method and the scopes of the token, if it may be called with it. Raises ApiError."""
        method, app = METHODS.get(name), self._world.installation
        if method is None:
            raise ApiError("unknown_method", req_method=name)
        if not token:
            raise ApiError("not_authed")
        kinds = {app.bot_token: ("bot", app.bot_scopes), app.app_token: ("app", app.app_scopes)}
        if token not in kinds:
            raise ApiError("invalid_auth")
        kind, scopes = kinds[token]
        if self._world.revoked and kind == "bot":
            raise ApiError("token_revoked")
        if kind != method.token:
            raise ApiError("not_allowed_token_type")
        for scope in method.scopes:
            need_scope(scopes, scope)
        return method, scopes

    def _refuse(
        self, name: str, args: Json, scopes: tuple[str, ...], limit: Verdict, fault: Fault | None
    ) -> web.Response:
        """What a limit, or a fault that strikes before the call has any effect, answers."""
        if not limit.allowed:
            return self._too_many(name, args, limit, limit.retry_after, None)
        assert fault is not None
        if fault.kind is Kind.RATE_LIMITED:
            return self._too_many(name, args, limit, max(1, round(fault.seconds)), fault)
        if fault.kind is Kind.SERVER_ERROR:
            self._log(name, args, "500", 500, limit, fault, {})
            return web.Response(status=500, text="Internal Server Error")
        return self._respond(name, args, ApiError(fault.error).answer, scopes, limit, fault)

    def _too_many(self, name: str, args: Json, limit: Verdict, seconds: int, fault: Fault | None) -> web.Response:
        answer = {"ok": False, "error": "ratelimited"}
        self._log(name, args, "ratelimited", 429, limit, fault, answer)
        return web.json_response(answer, status=429, headers={"Retry-After": str(seconds)})

    async def _vanish(
        self,
        request: web.Request,
        name: str,
        args: Json,
        answer: Json,
        limit: Verdict | None,
        fault: Fault,
    ) -> web.Response:
        """The call had its effect, and the app never hears of it."""
        self._log(name, args, str(answer.get("error", "ok")), 0, limit, fault, answer)
        if fault.kind is Kind.TIME_OUT:
            await asyncio.sleep(fault.seconds or LONG_SILENCE)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _respond(
        self,
        name: str,
        args: Json,
        answer: Json,
        scopes: tuple[str, ...],
        limit: Verdict | None,
        fault: Fault | None,
    ) -> web.Response:
        method = METHODS.get(name)
        headers = {"x-slack-req-id": f"sandbox-{next(self._request_numbers)}"}
        if scopes:
            headers["x-oauth-scopes"] = ",".join(scopes)
            headers["x-accepted-oauth-scopes"] = ",".join(method.scopes) if method else ""
        self._log(name, args, str(answer.get("error", "ok")), 200, limit, fault, answer)
        return web.json_response(answer, headers=headers)

    def _log(
        self,
        name: str,
        args: Json,
        verdict: str,
        status: int,
        limit: Verdict | None,
        fault: Fault | None,
        answer: Json,
    ) -> None:
        self._world.records.call(
            method=name,
            payload=_readable(args),
            verdict=verdict,
            http_status=status,
            at=self._world.now,
            clock=self._world.monotonic(),
            limit=asdict(limit) if limit else {},
            fault=fault.kind.value if fault else "",
            answer=json.loads(json.dumps(answer)),  # as it was sent, whatever happens to the view since
        )


async def _arguments(request: web.Request) -> tuple[Json, str | None]:
    """The arguments and the token, from the query, a form or JSON, and the Authorization header.

    Raises ApiError: invalid_post_type or invalid_json. A token inside a JSON body does not count, as with
    Slack.
    """
    args: Json = dict(request.query)
    if request.method == "POST" and request.can_read_body:
        if request.content_type == "application/json":
            try:
                body = await request.json()
            except ValueError:
                raise ApiError("invalid_json") from None
            if not isinstance(body, dict):
                raise ApiError("json_not_object")
            body.pop("token", None)
            args |= body
        elif request.content_type in _FORM_TYPES:
            args |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
        else:
            raise ApiError("invalid_post_type")
    token = args.pop("token", None)
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and credentials.strip():
        token = credentials.strip()
    return args, token if isinstance(token, str) else None


def _readable(args: Json) -> Json:
    """The arguments for the log: JSON strings parsed, so that tests need not."""
    told: dict[str, Any] = {}
    for name, value in args.items():
        told[name] = value
        if name in JSON_ARGUMENTS and isinstance(value, str):
            try:
                told[name] = json.loads(value)
            except ValueError:
                continue
    return told
