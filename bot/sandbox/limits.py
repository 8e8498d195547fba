"""How often each Web API method may be called, and what Slack says to the call that was one too many.

Slack publishes tiers, not exact numbers: docs.slack.dev/apis/web-api/rate-limits. A bucket holds a
minute's worth of calls and refills evenly, which allows the bursts that page promises.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A limit: so many calls a minute, of which `burst` may come at once."""

    per_minute: float
    burst: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a limit said to one call."""

    allowed: bool
    limit: str  # which bucket decided: "tier 4 views.open", "channel D0PRIYA"
    remaining: int  # whole calls left in that bucket afterwards
    retry_after: int = 0  # seconds to wait before a call would pass; 0 when allowed


TIER_2: Final = Rate(per_minute=20, burst=20)
TIER_3: Final = Rate(per_minute=50, burst=50)
TIER_4: Final = Rate(per_minute=100, burst=100)

SLACK_RATES: Final[Mapping[str, Rate]] = {
    "users.list": TIER_2,
    "usergroups.list": TIER_2,
    "usergroups.users.list": TIER_2,
    "conversations.list": TIER_2,
    "chat.update": TIER_3,
    "chat.delete": TIER_3,
    "conversations.open": TIER_3,
    "conversations.info": TIER_3,
    "users.lookupByEmail": TIER_3,
    # Slack's own sources give tier 1 and tier 3; reconnecting replicas would not survive tier 1.
    "apps.connections.open": TIER_3,
    "views.open": TIER_4,
    "views.update": TIER_4,
    "views.push": TIER_4,
    "views.publish": TIER_4,
    "users.info": TIER_4,
    "conversations.members": TIER_4,
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": Rate(per_minute=300, burst=100),  # "several hundred a minute" a workspace
    "auth.test": Rate(per_minute=600, burst=200),  # "special": hundreds a minute
    "blocks.validate": TIER_4,  # "special rate limits apply", with no figure
}

SLACK_CHANNEL_RATE: Final = Rate(per_minute=60, burst=4)
"""chat.postMessage: about one a second into one channel, short bursts allowed."""


@dataclass(slots=True)
class _Bucket:
    rate: Rate
    tokens: float
    at: float  # the monotonic second `tokens` was true


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """The limits a sandbox applies. `Rates()` is Slack's; `Rates.unlimited()` lets everything pass."""

    methods: Mapping[str, Rate] = field(default_factory=lambda: SLACK_RATES)
    channel: Rate | None = SLACK_CHANNEL_RATE  # for chat.postMessage

    @classmethod
    def unlimited(cls) -> "Rates":
        """No limit at all, for tests that are about something else."""
        return cls(methods={}, channel=None)


class Limits:
    """Token buckets by method, and by channel for chat.postMessage.

    monotonic: real seconds, never the virtual clock; tests pass their own.
    """

    def __init__(self, rates: Rates, monotonic: Callable[[], float]) -> None:
        self.rates = rates
        self.lifted = 0  # how many want no limits for now
        self._monotonic = monotonic
        self._buckets: dict[str, _Bucket] = {}

    def take(self, method: str, channel: str | None = None) -> Verdict:
        """Count one call. A refused call costs nothing, as with Slack."""
        if self.lifted:
            return Verdict(allowed=True, limit="lifted", remaining=-1)
        wanted: list[tuple[str, Rate]] = []
        if rate := self.rates.methods.get(method):
            wanted.append((method, rate))
        if method == "chat.postMessage" and channel and self.rates.channel:
            wanted.append((f"{method} into {channel}", self.rates.channel))
        buckets = [(name, self._bucket(name, rate)) for name, rate in wanted]
        for name, bucket in buckets:
            if bucket.tokens < 1:
                seconds = (1 - bucket.tokens) * 60 / bucket.rate.per_minute
                return Verdict(allowed=False, limit=name, remaining=0, retry_after=max(1, math.ceil(seconds)))
        for _, bucket in buckets:
            bucket.tokens -= 1
        if not buckets:
            return Verdict(allowed=True, limit="none", remaining=-1)
        name, bucket = min(buckets, key=lambda pair: pair[1].tokens)
        return Verdict(allowed=True, limit=name, remaining=int(bucket.tokens))

    def _bucket(self, name: str, rate: Rate) -> _Bucket:
        now = self._monotonic()
        bucket = self._buckets.setdefault(name, _Bucket(rate=rate, tokens=rate.burst, at=now))
        refill = max(0.0, now - bucket.at) * rate.per_minute / 60
        bucket.tokens = min(float(rate.burst), bucket.tokens + refill)
        bucket.at = now
        return bucket
