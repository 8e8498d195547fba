"""A strict check of Block Kit payloads, run on every call the sandbox takes and in tests on every view.

Slack's SDK checks little (`slack_sdk.models`) or nothing (dicts given to WebClient), and Slack itself is not
at hand in tests. The rules are Slack's reference, written down as data: `texts`, `elements` and `blocks` say
what each object is, `rules` what holds between its fields, `check` what holds across a message or view.
"""

from bot.sandbox.blockkit.check import check_blocks, check_message, check_view
from bot.sandbox.blockkit.problems import Problem

__all__ = ["Problem", "check_blocks", "check_message", "check_view"]
