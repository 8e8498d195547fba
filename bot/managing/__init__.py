"""What admins do: `/pulse` and everything it opens."""

from slack_bolt import App

from bot.managing import closing, command, flags, questions, schedule, setup, threshold
from bot.murmur import Murmur


def register(app: App, murmur: Murmur) -> None:
    """Connect the listeners."""
    for part in (command, setup, questions, threshold, schedule, closing, flags):
        part.register(app, murmur)
