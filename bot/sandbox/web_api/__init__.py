"""The Web API methods the stand-in knows, one module a family."""

from collections.abc import Mapping
from typing import Final

from bot.sandbox.web_api import auth, blocks, chat, conversations, people, views
from bot.sandbox.web_api.calls import Method

METHODS: Final[Mapping[str, Method]] = {
    method.name: method for family in (auth, blocks, chat, conversations, people, views) for method in family.METHODS
}
