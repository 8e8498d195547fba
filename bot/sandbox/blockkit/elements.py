"""Block elements: buttons, menus, choices, pickers and inputs, and where each may stand.

Limits and surfaces: https://docs.slack.dev/reference/block-kit/block-elements.
"""

import re
from collections.abc import Mapping

from bot.sandbox.blockkit import rules
from bot.sandbox.blockkit.grammar import (
    Flag,
    Items,
    Number,
    OneOf,
    Record,
    Shape,
    Text,
    Typed,
    only,
    record,
    typed,
)
from bot.sandbox.blockkit.texts import (
    CHOICE_OPTION,
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH,
    IDENTIFIER,
    IMAGE_URL,
    MENU_OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    RICH_TEXT,
    SLACK_FILE,
    STYLE,
    URL,
    WORDS,
    plain_text,
)

ANY_ID = Items(of=WORDS)

# What many elements have in common
ACTION: Mapping[str, Shape] = {"action_id": IDENTIFIER}
CONFIRMED: Mapping[str, Shape] = {**ACTION, "confirm": CONFIRM}
FOCUSED: Mapping[str, Shape] = {**CONFIRMED, "focus_on_load": Flag()}
MENU: Mapping[str, Shape] = {**FOCUSED, "placeholder": plain_text(150)}
MULTI: Mapping[str, Shape] = {**MENU, "max_selected_items": Number(least=1)}
TYPED_IN: Mapping[str, Shape] = {
    **ACTION,
    "focus_on_load": Flag(),
    "placeholder": plain_text(150),
    "dispatch_action_config": DISPATCH,
}
STATIC: Mapping[str, Shape] = {
    "options": Items(of=MENU_OPTION, most=100),
    "option_groups": Items(of=OPTION_GROUP, most=100),
}
CONVERSATIONS: Mapping[str, Shape] = {
    "default_to_current_conversation": Flag(),
    "filter": CONVERSATION_FILTER,
}

FROM_STATIC = (
    rules.exactly_one_of("options", "option_groups"),
    rules.distinct_options,
    rules.known_initial_options,
)
RESPONSE_URL = (rules.only_in_a_modal("response_url_enabled"),)
LABEL = Text(most=75)
DECIMAL = Text(form=re.compile(r"-?[0-9]+(\.[0-9]+)?"), called="a number")
TIME = Text(form=re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]"), called="a time like 09:30")
DATE = Text(form=re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), called="a date like 2026-11-22")

_FEEDBACK = record(
    "text value",
    text=plain_text(75),
    value=Text(most=2000),
    accessibility_label=LABEL,
)

BUTTONS = {
    "button": typed(
        "button",
        "text",
        text=plain_text(75),
        url=URL,
        value=Text(least=0, most=2000),
        style=STYLE,
        accessibility_label=LABEL,
        **CONFIRMED,
    ),
    "overflow": typed(
        "overflow",
        "options",
        (rules.distinct_options,),
        options=Items(of=OVERFLOW_OPTION, most=5),
        **CONFIRMED,
    ),
}

CONTEXT_BUTTONS = {
    "feedback_buttons": typed(
        "feedback_buttons",
        "positive_button negative_button",
        positive_button=_FEEDBACK,
        negative_button=_FEEDBACK,
        **ACTION,
    ),
    "icon_button": typed(
        "icon_button",
        "icon text",
        icon=OneOf(words=("trash",)),
        text=plain_text(75),
        value=Text(most=2000),
        accessibility_label=LABEL,
        visible_to_user_ids=Items(of=WORDS, most=10),
        **CONFIRMED,
    ),
}

MENUS = {
    "static_select": typed("static_select", "", FROM_STATIC, initial_option=MENU_OPTION, **STATIC, **MENU),
    "external_select": typed("external_select", initial_option=MENU_OPTION, min_query_length=Number(least=0), **MENU),
    "users_select": typed("users_select", initial_user=WORDS, **MENU),
    "conversations_select": typed(
        "conversations_select",
        "",
        RESPONSE_URL,
        initial_conversation=WORDS,
        response_url_enabled=Flag(),
        **CONVERSATIONS,
        **MENU,
    ),
    "channels_select": typed(
        "channels_select", "", RESPONSE_URL, initial_channel=WORDS, response_url_enabled=Flag(), **MENU
    ),
    "multi_static_select": typed(
        "multi_static_select",
        "",
        (*FROM_STATIC, rules.not_too_many_chosen),
        initial_options=Items(of=MENU_OPTION),
        **STATIC,
        **MULTI,
    ),
    "multi_external_select": typed(
        "multi_external_select",
        "",
        (rules.not_too_many_chosen,),
        initial_options=Items(of=MENU_OPTION),
        min_query_length=Number(least=0),
        **MULTI,
    ),
    "multi_users_select": typed("multi_users_select", "", (rules.not_too_many_chosen,), initial_users=ANY_ID, **MULTI),
    "multi_conversations_select": typed(
        "multi_conversations_select",
        "",
        (rules.not_too_many_chosen,),
        initial_conversations=ANY_ID,
        **CONVERSATIONS,
        **MULTI,
    ),
    "multi_channels_select": typed(
        "multi_channels_select", "", (rules.not_too_many_chosen,), initial_channels=ANY_ID, **MULTI
    ),
}

CHOICES = {
    "radio_buttons": typed(
        "radio_buttons",
        "options",
        (rules.distinct_options, rules.known_initial_options),
        options=Items(of=CHOICE_OPTION, most=10),
        initial_option=CHOICE_OPTION,
        **FOCUSED,
    ),
    "checkboxes": typed(
        "checkboxes",
        "options",
        (rules.distinct_options, rules.known_initial_options),
        options=Items(of=CHOICE_OPTION, most=10),
        initial_options=Items(of=CHOICE_OPTION),
        **FOCUSED,
    ),
}

PICKERS = {
    "datepicker": typed("datepicker", "", (rules.a_real_date,), initial_date=DATE, **MENU),
    "timepicker": typed("timepicker", initial_time=TIME, timezone=WORDS, **MENU),
}
DATETIME_PICKER = {
    # Ten digits, as Slack asks; on Home there is none
    "datetimepicker": only(
        "modal message",
        typed("datetimepicker", initial_date_time=Number(least=1_000_000_000, most=9_999_999_999), **FOCUSED),
    ),
}

RICH_INPUT = {
    "rich_text_input": only(
        "modal home",
        typed(
            "rich_text_input",
            initial_value=Typed(kinds={"rich_text": RICH_TEXT}),
            min_lines=Number(least=1, most=100),
            max_lines=Number(least=1, most=100),
            **TYPED_IN,
        ),
    ),
}

INPUTS = {
    "plain_text_input": typed(
        "plain_text_input",
        "",
        (rules.at_most("min_length", "max_length"), rules.fits_its_own_lengths),
        initial_value=Text(least=0, most=3000),
        multiline=Flag(),
        min_length=Number(least=0, most=3000),
        max_length=Number(least=1, most=3000),
        **TYPED_IN,
    ),
    "number_input": only(
        "modal",
        typed(
            "number_input",
            "is_decimal_allowed",
            (
                rules.whole_unless_decimal,
                rules.at_most("min_value", "max_value"),
                rules.at_most("min_value", "initial_value"),
                rules.at_most("initial_value", "max_value"),
            ),
            is_decimal_allowed=Flag(),
            initial_value=DECIMAL,
            min_value=DECIMAL,
            max_value=DECIMAL,
            **TYPED_IN,
        ),
    ),
    "email_text_input": only("modal", typed("email_text_input", initial_value=Text(least=0), **TYPED_IN)),
    "url_text_input": only("modal", typed("url_text_input", initial_value=Text(least=0), **TYPED_IN)),
    "file_input": only(
        "modal", typed("file_input", filetypes=Items(of=WORDS), max_files=Number(least=1, most=10), **ACTION)
    ),
}


def picture(**more: Shape) -> Record:
    """An image, as an element or, with what else that has, as a block."""
    return typed(
        "image",
        "alt_text",
        (rules.exactly_one_of("image_url", "slack_file"),),
        alt_text=Text(most=2000),
        image_url=IMAGE_URL,
        slack_file=SLACK_FILE,
        **more,
    )


IMAGE = {"image": picture()}

IN_SECTIONS = Typed(kinds={**BUTTONS, **MENUS, **CHOICES, **PICKERS, **IMAGE})
IN_ACTIONS = Typed(kinds={**BUTTONS, **MENUS, **CHOICES, **PICKERS, **DATETIME_PICKER, **RICH_INPUT})
IN_INPUTS = Typed(kinds={**MENUS, **CHOICES, **PICKERS, **DATETIME_PICKER, **INPUTS, **RICH_INPUT})
IN_CONTEXT_ACTIONS = Typed(kinds=CONTEXT_BUTTONS)
