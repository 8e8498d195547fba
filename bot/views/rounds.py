"""A round that did not go as planned: what admins are told of it, and everybody whom it asked."""

from collections.abc import Sequence

from bot.views.vocabulary import Post, context, paragraphs, post, section
from bot.views.wording import Mrkdwn, Wording
from surveys.audit_plans import Cause
from surveys.release import FLOOR
from surveys.units import SMALLEST

_MOST_REASONS = 10  # told in full


def called_off(w: Wording, *, pulse: str) -> Post:
    """To everybody whom a round asked and who was invited: the same words for all, whether they answered or not."""
    return post(
        w.say("Murmur: a round was called off"),
        [
            section(
                w.say(
                    "*This round of {pulse} was called off.* Whatever was sent in it has been deleted; nobody has read"
                    " it, and nobody can. There is nothing for you to do.",
                    pulse=pulse,
                )
            ),
            context(w.say("Everybody who was asked gets this. You hear from me again when the next round opens.")),
        ],
    )


def not_opened(w: Wording, *, pulse: str, refused: Sequence[Sequence[str]]) -> Post:
    """To admins, when the auditor refused the plan of a round. `refused` holds causes, each with the names of units."""
    lines = [
        w.say(
            "*The round of {pulse} was not opened.* Before a round opens, I check that nothing it could show would let"
            " anybody be worked out, whatever people answer. This time something would:",
            pulse=pulse,
        ),
        *_reasons(w, refused),
    ]
    after = w.say(
        "Nobody was asked anything. Mend it with `/pulse setup` or `/pulse questions`; I check again before the next"
        " round. If you cannot tell what to mend, ask whoever runs Murmur."
    )
    return post(w.say("Murmur: a round was not opened"), [*paragraphs(lines), context(after)])


def kept_back(w: Wording, *, pulse: str, refused: Sequence[Sequence[str]]) -> Post:
    """To admins, when a round closed with something that its plan had not foreseen."""
    lines = [
        w.say(
            "*Results of the last round of {pulse} are kept back.* When a round closes, I compare what came out with"
            " what I checked before it opened. Something did not agree:",
            pulse=pulse,
        ),
        *_reasons(w, refused),
    ]
    after = w.say("Readers see only that it is not shown. Please tell whoever runs Murmur: this should not happen.")
    return post(w.say("Murmur: results are kept back"), [*paragraphs(lines), context(after)])


def _reasons(w: Wording, refused: Sequence[Sequence[str]]) -> list[Mrkdwn]:
    shown = [_reason(w, cause, names) for cause, *names in refused[:_MOST_REASONS]]
    more = len(refused) - len(shown)
    return shown + ([w.say_many("and {n} more.", "and {n} more.", more)] if more > 0 else [])


def _reason(w: Wording, cause: str, names: Sequence[str]) -> Mrkdwn:
    units = ", ".join(names)
    match cause:
        case Cause.OVERLAP:
            return w.say("• {units}: the same people are in both, so their results could be subtracted.", units=units)
        case Cause.TOO_SMALL:
            return w.say("• {units}: fewer than {smallest} people.", units=units, smallest=SMALLEST)
        case Cause.TWICE:
            return w.say("• {units}: counted twice.", units=units)
        case Cause.TOO_LITTLE:
            return w.say("• {units}: a result would leave somebody too few possible answers.", units=units)
        case Cause.QUESTION:
            return w.say("• One of the questions may not be asked like this; see `/pulse questions`.")
        case Cause.UNFORESEEN:
            return w.say("• {units}: other results than were checked.", units=units)
        case _:
            return w.say(
                "• The settings would show more than the rules allow, such as results from fewer than {floor} answers.",
                floor=FLOOR,
            )
