"""What slackblocks, a library by other people, thinks of a Block Kit payload.

slackblocks (https://pypi.org/project/slackblocks) checks while it builds, against a list of limits of its own
(its spec/limits.json). It cannot read whole payloads back, so they are built again here piece by piece: an
object becomes the class that its `type` names, or, where it has none, the class of the field it stands in.
"""

from collections.abc import Mapping
from typing import Any

import slackblocks as sb  # type: ignore[import-not-found, unused-ignore]

BLOCKS: Mapping[str, Any] = {
    "actions": sb.ActionsBlock,
    "alert": sb.AlertBlock,
    "context": sb.ContextBlock,
    "context_actions": sb.ContextActionsBlock,
    "data_table": sb.DataTableBlock,
    "data_visualization": sb.DataVisualizationBlock,
    "divider": sb.DividerBlock,
    "header": sb.HeaderBlock,
    "image": sb.ImageBlock,
    "input": sb.InputBlock,
    "markdown": sb.MarkdownBlock,
    "rich_text": sb.RichTextBlock,
    "section": sb.SectionBlock,
    "table": sb.TableBlock,
}
INSIDE: Mapping[str, Any] = {
    "area": sb.AreaChart,
    "bar": sb.BarChart,
    "button": sb.Button,
    "channels_select": sb.ChannelSelectMenu,
    "checkboxes": sb.CheckboxGroup,
    "conversations_select": sb.ConversationSelectMenu,
    "datepicker": sb.DatePicker,
    "datetimepicker": sb.DateTimePicker,
    "email_text_input": sb.EmailInput,
    "emoji": sb.RichTextEmoji,
    "external_select": sb.ExternalSelectMenu,
    "feedback_buttons": sb.FeedbackButtons,
    "file_input": sb.FileInput,
    "icon_button": sb.IconButton,
    "image": sb.Image,
    "line": sb.LineChart,
    "link": sb.RichTextLink,
    "mrkdwn": sb.Markdown,
    "multi_channels_select": sb.ChannelMultiSelectMenu,
    "multi_conversations_select": sb.ConversationMultiSelectMenu,
    "multi_external_select": sb.ExternalMultiSelectMenu,
    "multi_static_select": sb.StaticMultiSelectMenu,
    "multi_users_select": sb.UserMultiSelectMenu,
    "number_input": sb.NumberInput,
    "overflow": sb.OverflowMenu,
    "pie": sb.PieChart,
    "plain_text": sb.PlainText,
    "plain_text_input": sb.PlainTextInput,
    "radio_buttons": sb.RadioButtonGroup,
    "raw_number": sb.RawNumber,
    "raw_text": sb.RawText,
    "rich_text": sb.RichTextBlock,
    "rich_text_input": sb.RichTextInput,
    "rich_text_list": sb.RichTextList,
    "rich_text_preformatted": sb.RichTextCodeBlock,
    "rich_text_quote": sb.RichTextQuote,
    "rich_text_section": sb.RichTextSection,
    "static_select": sb.StaticSelectMenu,
    "text": sb.RichText,
    "timepicker": sb.TimePicker,
    "url_text_input": sb.URLInput,
    "user": sb.RichTextUser,
    "users_select": sb.UserSelectMenu,
}
BY_FIELD: Mapping[str, Any] = {
    "axis_config": sb.AxisConfig,
    "column_settings": sb.ColumnSettings,
    "confirm": sb.ConfirmationDialogue,
    "data": sb.DataPoint,
    "dispatch_action_config": sb.DispatchActionConfiguration,
    "filter": sb.ConversationFilter,
    "initial_option": sb.Option,
    "initial_options": sb.Option,
    "negative_button": sb.FeedbackButton,
    "option_groups": sb.OptionGroup,
    "options": sb.Option,
    "positive_button": sb.FeedbackButton,
    "segments": sb.ChartSegment,
    "series": sb.DataSeries,
    "slack_file": sb.SlackFile,
}
VIEWS: Mapping[str, Any] = {"modal": sb.ModalView, "home": sb.HomeTabView}
RENAMED = {"initial_date_time": "initial_datetime"}  # where slackblocks says it otherwise than Slack
NEEDED: Mapping[Any, Mapping[str, Any]] = {  # what slackblocks wants named though Slack does not
    sb.CheckboxGroup: {"action_id": None},
    sb.OverflowMenu: {"action_id": None},
    sb.RadioButtonGroup: {"action_id": None},
    sb.StaticMultiSelectMenu: {"action_id": None, "options": None},
    sb.RichTextInput: {"action_id": "any"},
    sb.SlackFile: {"id": None, "url": None},
}


def objection(payload: Any) -> str | None:
    """Why slackblocks would not build `payload`, a list of a message's blocks or a view; None when it would."""
    try:
        if isinstance(payload, dict):
            _built(payload, VIEWS[payload["type"]])
        else:
            sb.Message(channel="C1", text="any", blocks=[_block(one) for one in payload])
    except (sb.InvalidUsageError, TypeError, KeyError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    return None


def _block(value: Mapping[str, Any]) -> Any:
    return _built(value, BLOCKS[value["type"]])


def _built(value: Mapping[str, Any], maker: Any) -> Any:
    given = {RENAMED.get(name, name): _part(inner, name) for name, inner in value.items() if name != "type"}
    given.update(given.pop("style", {}) if isinstance(given.get("style"), dict) else {})
    return maker(**{**NEEDED.get(maker, {}), **given})


def _part(value: Any, field: str) -> Any:
    if field == "blocks":
        return [_block(one) for one in value]
    if isinstance(value, list):
        return [_part(one, field) for one in value]
    if isinstance(value, dict) and field != "style":
        return _built(value, INSIDE[value["type"]] if "type" in value else BY_FIELD[field])
    return value
