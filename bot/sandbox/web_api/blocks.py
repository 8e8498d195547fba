"""blocks.validate"""

from bot.sandbox.web_api.calls import Call, Json, Method
from bot.sandbox.web_api.checks import validation


def blocks_validate(call: Call) -> Json:
    """Check blocks, a message or a view without sending it."""
    return validation(call.parsed("blocks"), call.parsed("message"), call.parsed("view"))


METHODS = (Method(name="blocks.validate", handler=blocks_validate),)
