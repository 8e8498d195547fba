"""auth.test and apps.connections.open."""

from bot.sandbox.web_api.calls import Call, Json, Method


def auth_test(call: Call) -> Json:
    """Who the token belongs to."""
    workspace, app = call.world.workspace, call.world.installation
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": app.name.lower(),
        "team_id": workspace.team_id,
        "user_id": app.bot_user_id,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(call: Call) -> Json:
    """A WebSocket address, good for one connection."""
    ticket = call.world.tickets.socket()
    address = call.world.url.replace("http://", "ws://", 1)
    return {"url": f"{address}/link/?ticket={ticket}&app_id={call.world.installation.app_id}"}


METHODS = (
    Method(name="auth.test", handler=auth_test),
    Method(
        name="apps.connections.open",
        handler=connections_open,
        scopes=("connections:write",),
        token="app",  # noqa: S106
    ),
)
