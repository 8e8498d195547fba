"""What Slack answers when it refuses a call, and what there is when it does not answer at all."""

from http.client import HTTPException

from slack_sdk.errors import SlackApiError

UNREACHABLE = (OSError, HTTPException)
"""What a call raises when Slack cannot be reached, hangs up, or speaks something other than HTTP."""


def reason(error: SlackApiError) -> str:
    """Slack's word for why, such as "invalid_auth"; "unreadable" for an answer that is not Slack's JSON."""
    try:
        return str(error.response["error"])
    except (KeyError, TypeError, ValueError):
        return "unreadable"
