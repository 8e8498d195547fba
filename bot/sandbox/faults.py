"""Trouble on demand: what Slack does on its bad days, switched on for the next calls or envelopes."""

import fnmatch
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """The faults there are."""

    SLOW = "slow"  # answer after `seconds`
    SERVER_ERROR = "500"  # HTTP 500 and no JSON; the call had no effect
    RATE_LIMITED = "429"  # HTTP 429 with Retry-After: `seconds`
    ERROR = "error"  # {"ok": false, "error": `error`}
    TIME_OUT = "time out after acting"  # the call takes effect, then nothing answers for `seconds`
    HANG_UP = "hang up after acting"  # the call takes effect, then the connection is closed
    REFUSE_BLOCK = "refuse block type"  # invalid_blocks for `block_type`, as in a phased rollout
    LOSE_ACK = "lose ack"  # an acknowledgement of the app never arrives
    DUPLICATE = "duplicate envelope"  # the next envelopes are sent twice
    REORDER = "reorder envelopes"  # the next envelope waits until another has gone ahead, or `seconds`


PERSISTENT = {Kind.REFUSE_BLOCK}  # not used up by a call, unless `times` is given


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong, for as long as it has `times` left."""

    kind: Kind
    method: str = "*"  # Web API methods it meets, with wildcards; envelope types for envelope faults
    times: int | None = 1  # how often it strikes; None: until it is cleared
    seconds: float = 0.0  # see Kind
    error: str = "internal_error"  # for Kind.ERROR
    block_type: str = ""  # for Kind.REFUSE_BLOCK

    @classmethod
    def parse(cls, given: dict[str, Any]) -> "Fault":
        """A fault out of JSON. Raises ValueError with the kinds there are."""
        try:
            kind = Kind(str(given.get("kind")))
        except ValueError:
            kinds = ", ".join(repr(kind.value) for kind in Kind)
            raise ValueError(f"there is no fault {given.get('kind')!r}; there are: {kinds}") from None
        known = {name: given[name] for name in ("method", "times", "seconds", "error", "block_type") if name in given}
        if unknown := set(given) - set(known) - {"kind"}:
            raise ValueError(f"a fault has no {', '.join(sorted(unknown))}")
        if kind is Kind.REFUSE_BLOCK and not known.get("block_type"):
            raise ValueError("to refuse a block type, say which: block_type")
        if known.get("times") is not None:
            known["times"] = int(known["times"])
        known["seconds"] = float(known.get("seconds", 0.0))
        if kind in PERSISTENT:
            known.setdefault("times", None)
        return cls(kind=kind, **known)


class Faults:
    """The faults that are armed.

    changed: called whenever there are more or fewer of them.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self.armed: list[Fault] = []
        self._changed = changed

    def arm(self, fault: Fault) -> None:
        """Let this happen from now on, after the faults already armed."""
        self.armed.append(fault)
        self._changed()

    def clear(self) -> None:
        """Everything works again."""
        self.armed.clear()
        self._changed()

    def strike(self, name: str, kinds: Iterable[Kind]) -> Fault | None:
        """The first armed fault of these kinds for a method or envelope type; it is used up by one."""
        wanted = set(kinds)
        for place, fault in enumerate(self.armed):
            if fault.kind in wanted and fnmatch.fnmatch(name, fault.method):
                self._use_up(place)
                return fault
        return None

    def refused_block_types(self, name: str) -> dict[str, int]:
        """The block types refused for a method now, each with its place among the armed faults."""
        return {
            fault.block_type: place
            for place, fault in enumerate(self.armed)
            if fault.kind is Kind.REFUSE_BLOCK and fnmatch.fnmatch(name, fault.method)
        }

    def use_up_refusal(self, name: str, block_type: str) -> None:
        """Count one refusal of a block type, for refusals that strike a number of times only."""
        place = self.refused_block_types(name).get(block_type)
        if place is not None:
            self._use_up(place)

    def as_json(self) -> list[dict[str, Any]]:
        """The armed faults, for the control API."""
        return [asdict(fault) for fault in self.armed]

    def _use_up(self, place: int) -> None:
        fault = self.armed[place]
        if fault.times is None:
            return
        if fault.times <= 1:
            del self.armed[place]
        else:
            self.armed[place] = replace(fault, times=fault.times - 1)
        self._changed()
