"""What is remembered of the traffic: the latest, under the numbers they always had."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, overload

import pytest

from bot.sandbox import socket_mode
from bot.sandbox.bell import Bell
from bot.sandbox.client import SandboxClient
from bot.sandbox.clock import VirtualClock
from bot.sandbox.journal import Journal, Seen
from bot.sandbox.records import MOST_KEPT, CallRecord, Records, numbered_after
from bot.sandbox.server import Sandbox
from tests.bot.sandbox.support import NO_ACK, SocketApp

Connect = Callable[..., SocketApp]

NOW = VirtualClock().now()


def call(records: Records) -> CallRecord:
    return records.call(method="auth.test", payload={}, verdict="ok", http_status=200, at=NOW, clock=0.0)


def envelope(records: Records) -> None:
    records.envelope(envelope_id="one", type="interactive", payload={}, connection=None, at=NOW)


def test_the_latest_calls_and_envelopes_are_remembered_and_their_numbers_go_on() -> None:
    records = Records(Bell(), most=3)
    for _ in range(5):
        call(records)
    for _ in range(4):
        envelope(records)
    assert [one.number for one in records.calls] == [3, 4, 5]
    assert [one.number for one in records.envelopes] == [2, 3, 4]
    assert records.calls_made == 5
    records.forget()
    assert call(records).number == 6


@pytest.mark.parametrize(
    ("after", "numbers"), [(0, [3, 4, 5]), (1, [3, 4, 5]), (3, [4, 5]), (4, [5]), (5, []), (9, [])]
)
def test_after_a_number_means_the_same_when_the_oldest_are_gone(after: int, numbers: list[int]) -> None:
    records = Records(Bell(), most=3)
    for _ in range(5):
        call(records)
    assert [one.number for one in numbered_after(records.calls, after)] == numbers


def test_what_was_before_a_number_is_not_looked_at() -> None:
    records = Records(Bell())
    for _ in range(1000):
        call(records)
    watched = Watched(records.calls)
    assert [one.number for one in numbered_after(watched, 998)] == [999, 1000]
    assert watched.looked_at <= 4


def test_the_latest_entries_of_the_journal_are_remembered_and_its_revisions_go_on() -> None:
    journal = Journal(Bell(), most=3)
    for number in range(5):
        journal.record(NOW, "U0PRIYA", Seen.MESSAGE, str(number))
    assert [(one.number, one.text) for one in journal.entries] == [(3, "2"), (4, "3"), (5, "4")]
    assert [one.number for one in journal.of("U0PRIYA")] == [3, 4, 5]
    assert journal.revision("U0PRIYA") == 5


def test_as_much_is_remembered_as_the_control_api_says(sandbox: Sandbox, client: SandboxClient) -> None:
    world = sandbox._world

    def fill() -> None:
        for _ in range(MOST_KEPT + 5):
            call(world.records)
            envelope(world.records)
            world.saw("U0PRIYA", Seen.MESSAGE, "x")

    sandbox._within(fill)
    assert MOST_KEPT == 10_000
    assert [len(log) for log in (world.records.calls, world.records.envelopes, world.journal.entries)] == [10_000] * 3
    numbers = [[one["number"] for one in client.call("GET", f"{log}?tail=2")] for log in ("calls", "envelopes")]
    assert numbers == [[10_004, 10_005]] * 2
    assert [one["number"] for one in client.calls(after=10_003)] == [10_004, 10_005]
    assert client.calls()[0]["number"] == 6


def test_the_oldest_envelopes_are_no_longer_waited_for(
    sandbox: Sandbox, client: SandboxClient, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_mode, "MOST_KEPT", 2)
    app = connect()
    for _ in range(5):
        assert client.person("Priya").command("/pulse", effect=False).acked
    assert len(sandbox._socket._records) == 2
    app.answer = lambda _: NO_ACK
    assert not client.person("Priya").command("/pulse", effect=False).acked
    app.ack(app.envelopes[0])  # long forgotten
    app.ack(app.envelopes[-1])
    app.answer = lambda _: None
    assert client.person("Priya").command("/pulse", effect=False).acked
    told = [(one["acked"], one["late"]) for one in client.envelopes()]
    assert told == [*[(True, False)] * 5, (False, True), (True, False)]


class Watched(Sequence[CallRecord]):
    """Records, and how many of them somebody has looked at."""

    def __init__(self, records: Sequence[CallRecord]) -> None:
        self._records = records
        self.looked_at = 0

    @overload
    def __getitem__(self, which: int) -> CallRecord: ...
    @overload
    def __getitem__(self, which: slice) -> Sequence[CallRecord]: ...
    def __getitem__(self, which: Any) -> Any:
        found = self._records[which]
        self.looked_at += len(found) if isinstance(which, slice) else 1
        return found

    def __iter__(self) -> Iterator[CallRecord]:
        for record in self._records:
            self.looked_at += 1
            yield record

    def __len__(self) -> int:
        return len(self._records)
