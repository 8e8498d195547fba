"""Texts and the small objects made of them: options, confirm dialogs, filters, rich text.

Limits: https://docs.slack.dev/reference/block-kit/composition-objects and
https://docs.slack.dev/reference/block-kit/blocks/rich-text-block.
"""

import re

from bot.sandbox.blockkit import rules
from bot.sandbox.blockkit.grammar import Flag, Items, Number, OneOf, Record, Text, Typed, record, typed

TEXT = 3000  # characters of a text object where nothing stricter is said

IDENTIFIER = Text(most=255)  # block_id and action_id
WORDS = Text()  # an id or a name that only Slack can judge
URL = Text(most=3000, form=re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+"), called="a URL")
IMAGE_URL = Text(most=3000, form=re.compile(r"https?://\S+"), called="a URL")


def plain_text(most: int = TEXT) -> Typed:
    """A plain_text object of at most `most` characters."""
    return Typed(kinds={"plain_text": _plain(most)})


def any_text(most: int = TEXT) -> Typed:
    """A plain_text or mrkdwn object of at most `most` characters."""
    return Typed(kinds={"plain_text": _plain(most), "mrkdwn": _mrkdwn(most)})


def _plain(most: int) -> Record:
    return typed("plain_text", "text", text=Text(most=most), emoji=Flag())


def _mrkdwn(most: int) -> Record:
    return typed("mrkdwn", "text", text=Text(most=most), verbatim=Flag())


STYLE = OneOf(words=("primary", "danger"))

CONFIRM = record(
    "title text confirm deny",
    title=plain_text(100),
    text=any_text(300),
    confirm=plain_text(30),
    deny=plain_text(30),
    style=STYLE,
)


def option(text: Typed, **more: Typed | Text) -> Record:
    """An option whose text and description are of the kind that its menu takes."""
    return record("text value", text=text, value=Text(most=150), description=text, **more)


MENU_OPTION = option(plain_text(75))
OVERFLOW_OPTION = option(plain_text(75), url=URL)
CHOICE_OPTION = option(any_text(75))  # radio buttons and checkboxes also take mrkdwn

OPTION_GROUP = record(
    "label options",
    label=plain_text(75),
    options=Items(of=MENU_OPTION, most=100),
)

CONVERSATION_FILTER = record(
    "",
    (rules.one_or_more_of("include", "exclude_external_shared_channels", "exclude_bot_users"),),
    include=Items(of=OneOf(words=("im", "mpim", "private", "public"))),
    exclude_external_shared_channels=Flag(),
    exclude_bot_users=Flag(),
)

DISPATCH = record(
    trigger_actions_on=Items(of=OneOf(words=("on_enter_pressed", "on_character_entered"))),
)

SLACK_FILE = record("", (rules.exactly_one_of("id", "url"),), id=WORDS, url=IMAGE_URL)

# Rich text: inline things, then the four kinds of paragraph that hold them

INK = record(bold=Flag(), italic=Flag(), strike=Flag(), code=Flag(), underline=Flag())
BORDER = Number(least=0, most=1)

_TEXT_RUN = typed("text", "text", text=WORDS, style=INK)
_LINK = typed("link", "url", url=URL, text=WORDS, unsafe=Flag(), style=INK)

INLINE = Typed(
    kinds={
        "text": _TEXT_RUN,
        "link": _LINK,
        "emoji": typed("emoji", "name", name=WORDS, unicode=WORDS, url=IMAGE_URL, style=INK),
        "user": typed("user", "user_id", user_id=WORDS, style=INK),
        "usergroup": typed("usergroup", "usergroup_id", usergroup_id=WORDS, style=INK),
        "channel": typed("channel", "channel_id", channel_id=WORDS, style=INK),
        "team": typed("team", "team_id", team_id=WORDS, style=INK),
        "broadcast": typed("broadcast", "range", range=OneOf(words=("here", "channel", "everyone")), style=INK),
        "color": typed("color", "value", value=WORDS, style=INK),
        "date": typed("date", "timestamp format", timestamp=Number(), format=WORDS, url=URL, fallback=WORDS, style=INK),
    }
)

_RICH_SECTION = typed("rich_text_section", "elements", elements=Items(of=INLINE, least=0))

PARAGRAPH = Typed(
    kinds={
        "rich_text_section": _RICH_SECTION,
        "rich_text_list": typed(
            "rich_text_list",
            "elements style",
            elements=Items(of=Typed(kinds={"rich_text_section": _RICH_SECTION})),
            style=OneOf(words=("bullet", "ordered")),
            indent=Number(least=0, most=8),
            offset=Number(least=0),
            border=BORDER,
        ),
        "rich_text_quote": typed("rich_text_quote", "elements", elements=Items(of=INLINE, least=0), border=BORDER),
        "rich_text_preformatted": typed(
            "rich_text_preformatted",
            "elements",
            elements=Items(of=Typed(kinds={"text": _TEXT_RUN, "link": _LINK}), least=0),
            border=BORDER,
        ),
    }
)

RICH_TEXT = typed("rich_text", "elements", elements=Items(of=PARAGRAPH), block_id=IDENTIFIER)
