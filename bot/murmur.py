"""What listeners, jobs and commands work with, put together once in app.py."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from slack_sdk import WebClient

from bot.settings import Settings
from storage.database import Database
from storage.keys import KeyDirectory

Clock = Callable[[], datetime]
"""Tells the time in UTC. Rounds go by it; leases, pacing and Slack's deadlines go by real time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Murmur:
    """One running Murmur."""

    settings: Settings
    database: Database
    keys: KeyDirectory
    client: WebClient
    clock: Clock

    @property
    def keys_apart(self) -> bool:
        """Whether round keys lie apart from the database, as they should."""
        return not self.settings.weaker_key_mode
