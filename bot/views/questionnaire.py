"""The form in which a member answers, its last page, and the pages that say kindly why there is no form.

A form is a window, not a message: nothing of it stays in the history. It opens empty for everybody, and
neither `value` nor `private_metadata` ever holds what anybody answered.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from bot.views.asking import open_form_button, reader_names
from bot.views.inputs import Choice, field, radio, text_input
from bot.views.vocabulary import Block, View, actions, context, modal, section
from bot.views.wording import Mrkdwn, Wording, joined
from surveys.questions import Item, Scale
from surveys.sealing import COMMENT_LENGTH
from surveys.translations import item_in, scale_in

FORM = "questionnaire"
"""callback_id of the form; its private_metadata is the round's id."""

THANKS = "questionnaire.thanks"
"""callback_id of the last page, on which nothing can be pressed."""

SORRY = "questionnaire.sorry"
"""callback_id of the pages that say why there is no form."""

QUESTION_PREFIX = "question:"
"""A question's block_id is this and its item id."""

ANSWER = "answer"
"""action_id of the radio buttons of every question; the values are "1", "2", ... and SKIP."""

SKIP = "skip"

COMMENT_BLOCK = "comment"
"""block_id of the comment; errors of the whole form are shown beside it, next to the button that sends."""

COMMENT = "comment"
"""action_id of the comment."""


class Ended(StrEnum):
    """How a round ended."""

    CLOSED = "closed"
    CALLED_OFF = "called off"


def questionnaire(
    w: Wording,
    *,
    round_id: int,
    items: Sequence[Item],
    scales: Mapping[str, Scale],
    closes_at: datetime,
    readers: Sequence[str],
    threshold: int,
    instead_of: Ended | None = None,
) -> View:
    """The form of a round: its questions on one page, nothing preselected, and an optional comment.

    `instead_of`: the button was that of another round, which has ended; said above the form.
    """
    blocks: list[Block] = [
        *([_instead(w, instead_of)] if instead_of is not None else []),
        section(
            w.say("Sending again replaces everything you sent before in this round, questions left blank included.")
        ),
        context(
            w.say(
                "Read as a group by {readers}, only if {threshold} or more answer. Until {closes}, your time.",
                readers=reader_names(w, readers),
                threshold=threshold,
                closes=w.long_moment(closes_at),
            )
        ),
    ]
    items = [item_in(item, w.locale) for item in items]
    blocks += [_question(w, item, scales[item.scale]) for item in items if scales[item.scale].kind != "comment"]
    blocks.append(
        field(
            next(
                (item.text for item in items if scales[item.scale].kind == "comment"), w.plain("A comment, if you like")
            ),
            text_input(COMMENT, max_length=COMMENT_LENGTH, multiline=True),
            block_id=COMMENT_BLOCK,
            hint=w.plain(
                "Only its tone and themes are counted, with everybody else's. Nobody reads it, and the words are"
                " deleted at the close. Leave out names and details: they, and your style, could give a"
                " person away."
            ),
            optional=True,
        )
    )
    return modal(
        w.plain("Your pulse"),
        blocks,
        callback_id=FORM,
        submit=w.plain("Send"),
        close=w.plain("Cancel"),
        private_metadata=str(round_id),
    )


def _question(w: Wording, item: Item, scale: Scale) -> Block:
    labels = item.options or scale_in(scale, w.locale).labels
    choices = [Choice(text=label, value=str(number)) for number, label in enumerate(labels, start=1)]
    return field(
        item.text,
        radio(ANSWER, [*choices, Choice(text=w.plain("Skip"), value=SKIP)]),
        block_id=QUESTION_PREFIX + item.id,
        hint=None if scale.kind == "agreement" else _named_only(w, len(labels)),
        optional=True,
    )


def _named_only(w: Wording, answers: int) -> str:
    """What becomes of a choice, which is told otherwise than a statement."""
    if answers == 2:
        return w.plain(
            "An answer is only told if three fifths or more of the group give it. Both answers stay possible for"
            " everybody; with two to choose from, more cannot be promised."
        )
    return w.plain("An answer is only told if three fifths or more of the group give it.")


def _instead(w: Wording, ended: Ended) -> Block:
    """What stands above the form that opens in place of one of a round that has ended."""
    match ended:
        case Ended.CLOSED:
            return section(w.say("That round is closed and counts; this is the form of the one that is open now."))
        case Ended.CALLED_OFF:
            return section(
                w.say("That round was called off and deleted, unread; this is the form of the one that is open now.")
            )


def _over(w: Wording, ended: Ended) -> Mrkdwn:
    match ended:
        case Ended.CLOSED:
            return w.say("That round is closed; whatever was sent in it before it closed counts.")
        case Ended.CALLED_OFF:
            return w.say("That round was called off; whatever was sent in it is deleted, and nobody has read it.")


def thanks(w: Wording, *, closes_at: datetime) -> View:
    """The last page: the same whatever was sent, a form left blank included, so that it echoes nothing."""
    lines = w.say(
        "What you sent is sealed; what you left out is not counted. It is opened once, together with"
        " everybody else's, when the round closes on {closes}, your time. Until then you can send the form again.",
        closes=w.long_moment(closes_at),
    )
    after = w.say("Your team sees the results two working days after your manager, on Murmur's Home.")
    quiet = w.say("No message is sent about this, so nothing in your history says that you answered.")
    return modal(
        w.plain("Thank you"),
        [section(lines), section(after), context(quiet)],
        callback_id=THANKS,
        close=w.plain("Close"),
    )


def busy(w: Wording) -> dict[str, str]:
    """Errors for the form when too many people send at once: it stays open, with everything in it."""
    return {
        COMMENT_BLOCK: w.plain(
            "Many people are sending just now. Your answers are still in this window: press Send again in a"
            " few seconds."
        )
    }


def could_not_be_kept(w: Wording) -> dict[str, str]:
    """Errors for the form when a ballot could not be stored: it stays open, with everything in it."""
    return {
        COMMENT_BLOCK: w.plain(
            "Your answers could not be kept. They are still in this window: press Send again in a minute."
        )
    }


def comment_too_long(w: Wording) -> dict[str, str]:
    """Errors for the form when a comment is longer than a ballot holds."""
    return {COMMENT_BLOCK: w.plain("Please keep it to {limit} characters.", limit=COMMENT_LENGTH)}


def round_closed(w: Wording) -> View:
    """For whoever opens or sends a form after the close."""
    return _sorry(
        w,
        w.say(
            "This round has closed, so nothing can be sent or changed any more. What you sent before the"
            " close counts. When a round next asks you, Murmur writes to you."
        ),
    )


def round_is_over(w: Wording, ended: Ended, *, round_id: int, team: str) -> View:
    """For whoever sends a form of a round that has ended while another one, with this id, asks them."""
    nothing = w.say("This form is of a round that is over, so nothing in it was sent.")
    page = _sorry(w, joined([nothing, _over(w, ended)], " "))
    return {**page, "blocks": [*page["blocks"], actions(open_form_button(w, round_id, team=team))]}


def round_not_held(w: Wording) -> View:
    """For whoever opens or sends a form of a round that was called off."""
    return _sorry(w, w.say("This round was called off. Whatever was sent in it has been deleted; nobody has read it."))


def not_in_this_round(w: Wording) -> View:
    """For whoever is not on the roster of the round."""
    return _sorry(
        w,
        w.say(
            "You are not part of this round. Who is asked is settled before a round opens; whoever joins a"
            " team later, or reads its results, is not asked in it."
        ),
    )


def you_opted_out(w: Wording) -> View:
    """For whoever opted out and presses the button of an older invitation."""
    return _sorry(
        w,
        w.say(
            "You asked Murmur to leave you out, so there is nothing to answer here. To be asked again,"
            " press *Ask me again* in Murmur's Home."
        ),
    )


def cannot_open(w: Wording) -> View:
    """For whoever wants to answer while Murmur cannot take ballots."""
    return _sorry(
        w,
        w.say("Murmur cannot take answers at the moment. Please press the button again in a minute."),
        title=w.plain("One moment, please"),
    )


def _sorry(w: Wording, text: Mrkdwn, *, title: str = "") -> View:
    shown = title or w.plain("Nothing to fill in")
    return modal(shown, [section(text)], callback_id=SORRY, close=w.plain("Close"))
