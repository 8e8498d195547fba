"""What Slack answers when it refuses a call, and what there is when it does not answer at all."""

import re
from http.client import HTTPException

from slack_sdk.errors import SlackApiError

UNREACHABLE = (OSError, HTTPException)
"""What a call raises when Slack cannot be reached, hangs up, or speaks something other than HTTP."""


def reason(error: SlackApiError) -> str:
    """Slack's word for why, such as "invalid_auth"; "unreadable" for an answer that is not Slack's JSON.

    The SDK then puts the whole answer in place of the word: a page of a proxy, say, which belongs in no log.
    """
    try:
        word = error.response["error"]
    except (KeyError, TypeError, ValueError):
        return "unreadable"
    return word if isinstance(word, str) and re.fullmatch(r"[a-z0-9_]+", word) else "unreadable"
