"""Everything Murmur says passes through here: translated, escaped, and in the reader's own time zone.

Messages are `str.format` templates with named fields, written in English at the place where they are said.
Babel collects them into `bot/locales/murmur.pot`; `make pot` runs it. Translations stand in
`bot/locales/<language>/LC_MESSAGES/murmur.po`; `make mo` compiles them, and both files are kept.
"""

import gettext
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, negotiate_locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_decimal, get_currency_name
from babel.support import Translations

LOCALES = Path(__file__).parent.parent / "locales"
"""Where the catalogues are: `<locale>/LC_MESSAGES/murmur.mo`, and the template `murmur.pot`."""

DOMAIN = "murmur"
SOURCE_LOCALE = "en"

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_FORMATTING = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})
"""Typed characters that would format the sentence around them, and look-alikes that do not."""

_WORD_JOINER = "\u2060"


class Mrkdwn(str):
    """Text in Slack's mrkdwn that is safe to send: whatever came from outside is escaped in it."""

    __slots__ = ()


def cleaned(text: str) -> str:
    """`text` on one line, without control characters and characters that reverse or hide what follows."""
    kept = "".join(c for c in text if c.isspace() or not _hides(c))
    return " ".join(kept.split())


def _hides(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs"} or character in _REORDERING


_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff")


def escaped(text: str) -> Mrkdwn:
    """`text` from a person or from Slack as mrkdwn that shows it and can do nothing else.

    It cannot mention anybody, link anywhere, format its surroundings or begin a line.
    """
    shown = cleaned(text).translate(_ENTITIES).translate(_FORMATTING)
    # An underscore inside a word (ml_infra) is left alone by Slack; at its edge it would start italics.
    shown = re.sub(r"(?<![^\W_])_|_(?![^\W_])", "\uff3f", shown)
    # Slack makes links of bare addresses; a joiner after the colon keeps them words.
    return Mrkdwn(shown.replace("://", f":{_WORD_JOINER}//"))


def joined(parts: Sequence[Mrkdwn], separator: str = "\n") -> Mrkdwn:
    """Safe texts put together, by default as lines."""
    return Mrkdwn(separator.join(parts))


@dataclass(frozen=True, slots=True)
class Wording:
    """How Murmur speaks to one person: their language, and their clock."""

    locale: str = SOURCE_LOCALE  # as Slack gives it ("en-GB"); English when there is no catalogue
    timezone: str = "UTC"  # IANA name, as Slack gives it; UTC when unknown

    @property
    def english(self) -> "Wording":
        """The same clock in English, for what is not translated yet: else its dates and lists would be."""
        return Wording(SOURCE_LOCALE, self.timezone)

    def say(self, message: str, **values: str | int) -> Mrkdwn:
        """`message` translated, as mrkdwn, every value escaped unless it is `Mrkdwn` already."""
        return _as_mrkdwn(_catalogue(self.locale).gettext(message), values)

    def say_many(self, singular: str, plural: str, n: int, **values: str | int) -> Mrkdwn:
        """Like `say`, in the form that `n` asks for; the template may use {n}."""
        return _as_mrkdwn(_catalogue(self.locale).ngettext(singular, plural, n), {"n": n, **values})

    def plain(self, message: str, **values: str | int) -> str:
        """`message` translated, for Slack's plain_text, which shows everything as it stands."""
        return _as_plain(_catalogue(self.locale).gettext(message), values)

    def plain_many(self, singular: str, plural: str, n: int, **values: str | int) -> str:
        """Like `plain`, in the form that `n` asks for; the template may use {n}."""
        return _as_plain(_catalogue(self.locale).ngettext(singular, plural, n), {"n": n, **values})

    def day(self, day: date) -> str:
        """The day of the week: "Tuesday"."""
        return str(format_date(day, "EEEE", locale=_language(self.locale)))

    def date(self, day: date) -> str:
        """The day of the year: "9 March"."""
        language = _language(self.locale)
        return str(format_date(day, _day_pattern(language), locale=language))

    def moment(self, instant: datetime) -> str:
        """A moment of this week on the person's own clock: "Friday 17:00"."""
        return self._clock(instant, "EEEE HH:mm")

    def long_moment(self, instant: datetime) -> str:
        """A moment further away on the person's own clock: "Friday 13 March, 17:00"."""
        language = _language(self.locale)
        between = ", " if language.language == "de" else " "
        return self._clock(instant, f"EEEE{between}{_day_pattern(language)}, HH:mm")

    def time(self, instant: datetime) -> str:
        """The time of day on the person's own clock: "17:00"."""
        return self._clock(instant, "HH:mm")

    def day_of(self, instant: datetime) -> str:
        """The day of the week on which `instant` falls for the person."""
        return self._clock(instant, "EEEE")

    def names(self, names: Sequence[str]) -> str:
        """Names as a sentence has them, "Dana Ito and Sam Okoye"; still to be escaped, as `say` does."""
        return str(format_list([cleaned(name) for name in names], locale=_language(self.locale)))

    def number(self, number: int) -> str:
        """A large number with its thousands apart: "127,500"."""
        return str(format_decimal(number, locale=_language(self.locale)))

    def currency(self, code: str) -> str:
        """The name of a currency: "British Pound"."""
        return str(get_currency_name(code, locale=_language(self.locale)))

    def _clock(self, instant: datetime, pattern: str) -> str:
        language = _language(self.locale)
        return str(format_datetime(instant, pattern, tzinfo=_zone(self.timezone), locale=language))


def _as_mrkdwn(template: str, values: dict[str, str | int]) -> Mrkdwn:
    safe = {k: v if isinstance(v, Mrkdwn) else escaped(str(v)) for k, v in values.items()}
    return Mrkdwn(template.format(**safe))


def _as_plain(template: str, values: dict[str, str | int]) -> str:
    if any(isinstance(value, Mrkdwn) for value in values.values()):
        raise TypeError("plain text shows escaped characters as they stand: give it the text itself")
    return template.format(**{k: cleaned(str(v)) for k, v in values.items()})


def _day_pattern(language: Locale) -> str:
    """A day without its year, which the languages write differently: "9 March", "9. März", "9 de marzo"."""
    return {"de": "d. MMMM", "es": "d 'de' MMMM"}.get(language.language, "d MMMM")


@cache
def _available() -> list[str]:
    return [SOURCE_LOCALE, *sorted(path.parts[-3] for path in LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))]


@cache
def _language(locale: str) -> Locale:
    # Dates are written in the language of the sentence around them, so the catalogue decides both.
    wanted = locale.replace("-", "_")
    chosen = negotiate_locale([wanted, wanted.split("_")[0]], _available()) or SOURCE_LOCALE
    return Locale("en", "GB") if chosen == SOURCE_LOCALE else Locale.parse(chosen)


@cache
def _catalogue(locale: str) -> gettext.NullTranslations:
    return Translations.load(LOCALES, [str(_language(locale))], DOMAIN)


@cache
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
