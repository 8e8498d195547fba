"""The tone of comments. Their words are never shown; only a band over all of a unit's comments is."""

from collections.abc import Sequence

from textblob import TextBlob

COMMENTS_FLOOR = 5
"""Fewest comments whose tone is told."""

NEGATIVE, MIXED, POSITIVE = 0, 1, 2
"""Bands of tone, worst first."""

_CLEAR = 0.1  # TextBlob's polarity runs from -1 to 1; nearer to zero than this is no tone at all


def tone(text: str) -> int:
    """-1, 0 or 1: whether one comment sounds negative, neither, or positive."""
    polarity = TextBlob(text).sentiment.polarity
    return int(polarity > _CLEAR) - int(polarity < -_CLEAR)


def tone_band(texts: Sequence[str]) -> int | None:
    """More negative than positive, mixed, or more positive than negative; None under COMMENTS_FLOOR comments."""
    if len(texts) < COMMENTS_FLOOR:
        return None
    balance = sum(tone(text) for text in texts)
    clear_majority = len(texts) / 5  # one comment more or less must not turn the whole band
    if balance < -clear_majority:
        return NEGATIVE
    return POSITIVE if balance > clear_majority else MIXED
