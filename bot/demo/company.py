"""Lantern Labs, the made-up company of the demonstration: who is there, and how Murmur is set up in it."""

from datetime import UTC, date, datetime
from importlib import resources
from typing import Final

from bot.manifest import BOT_EVENTS, BOT_SCOPES, MESSAGES_TAB_READ_ONLY
from bot.sandbox.people_file import Organisation, read_people_text
from bot.sandbox.workspace import Installation, with_own_tokens

NAME: Final = "Lantern Labs"
SECRET: Final = "only ever used in demonstrations and rehearsals"  # noqa: S105
"""The operator's secret. With it, and the keys, rounds that were kept can be taken up again."""

CONTACT: Final = "it@lantern.example"
"""Whom members can ask about the server."""

BEGINS: Final = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""The Monday morning on which Murmur is set up. The first round opens on Tuesday."""

FIRST_WEEK: Final[date] = BEGINS.date()
WEEKS: Final = 16
"""Rounds that are over when the page starts; the next one is open."""

STARTS: Final = datetime(2026, 6, 23, 8, 5, tzinfo=UTC)
"""When the page starts: five minutes after Priya was invited at ten in Berlin."""

READ_UNTIL: Final = datetime(2026, 6, 23, 7, 0, tzinfo=UTC)
"""Everybody has read what was written before, so Priya's invitation is new."""

PRIYA: Final = "U0PRIYA"
DANA: Final = "U0DANA"
RUTH: Final = "U0RUTH"

HINTS: Final = (
    ("/pulse", "where things stand, and the next step"),
    ("/pulse setup", "adds a team: people, managers, schedule, questions, and a preview"),
    ("/pulse questions", "shows the questions; add, change or retire your own"),
    ("/pulse open", "opens a round now"),
    ("/pulse close", "closes the open round, after a question"),
    ("/pulse pause", "stops asking"),
    ("/pulse resume", "goes on asking"),
    ("/pulse schedule", "changes the day, the time and how often people are asked"),
    ("/pulse threshold", "how many answers a result needs; never fewer than five"),
    ("/pulse privacy", "sends the data sheet, for a works council, say"),
    ("/pulse help", "what /pulse can do"),
)
"""Lines worth typing, for the page."""


def installation() -> Installation:
    """Murmur as its manifest installs it, with tokens of its own each time."""
    app = Installation(
        bot_scopes=BOT_SCOPES, events=BOT_EVENTS, hints=HINTS, messages_tab_read_only=MESSAGES_TAB_READ_ONLY
    )
    return with_own_tokens(app)


def lantern_labs() -> Organisation:
    """The company: sixty people in eight teams of two departments, and those who lead them."""
    text = resources.files("bot.demo").joinpath("people.csv").read_text(encoding="utf-8")
    return read_people_text(text, company=NAME, installation=installation())
