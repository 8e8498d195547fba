"""What is wrong in an admin's form, in words that stand beside the field."""

from bot.views import flag_settings, questions, schedule, setup, threshold
from bot.views.wording import Wording
from surveys.release import FLOOR

MOST_PEOPLE = 130
"""People who can be picked one by one, with all readers as many as a preview can carry; a larger team is a channel."""


def of_set_up(
    w: Wording,
    *,
    team: str,
    has_channel: bool,
    people: int,
    managers: int,
    part_of: str,
    leaders: int,
    question_set_known: bool,
) -> dict[str, str]:
    """Problems of the set-up form by field; empty when there are none."""
    errors: dict[str, str] = {}
    if not team:
        errors[setup.TEAM] = w.plain("The team needs a name.")
    if has_channel and people:
        errors[setup.PEOPLE] = w.plain("Choose either a channel or people, not both.")
    elif not has_channel and not people:
        errors[setup.CHANNEL] = w.plain("Choose a channel, or people below.")
    elif people > MOST_PEOPLE:
        errors[setup.PEOPLE] = w.plain("For more than {most} people, choose a channel.", most=MOST_PEOPLE)
    if not managers:
        errors[setup.MANAGERS] = w.plain("Somebody has to read the results.")
    elif managers > setup.MOST_READERS:
        errors[setup.MANAGERS] = w.plain("Choose at most {most} people.", most=setup.MOST_READERS)
    if part_of and part_of.casefold() == team.casefold():
        errors[setup.PART_OF] = w.plain("A team cannot be part of itself.")
    if leaders and not part_of:
        errors[setup.LEADERS] = w.plain("Name the department above, or leave this empty.")
    elif leaders > setup.MOST_READERS:
        errors[setup.LEADERS] = w.plain("Choose at most {most} people.", most=setup.MOST_READERS)
    if not question_set_known:
        errors[setup.QUESTIONS] = w.plain("Choose one of the question sets.")
    return errors


def key_missing(w: Wording, *, called: str = "") -> str:
    """When the key of an open round is not in the key directory. `called`: the name to type, "" with one pulse."""
    return w.plain(
        "The key of the open round is not where this Murmur looks for it, so nobody can answer, and nobody"
        " can read what was sent. Whoever runs Murmur finds out more with murmur doctor. If the key stays lost,"
        " {command} calls the round off.",
        command=f"/pulse close {called}".rstrip(),
    )


def secret_changed(w: Wording, *, called: str = "") -> str:
    """When the key of an open round is there and does not fit. `called` as for `key_missing`."""
    return w.plain(
        "The key of the open round does not fit it any more, so nobody can answer, and nobody can read what was sent:"
        " APP_SECRET was changed since the round opened, or the key was replaced. Whoever runs Murmur can bring the old"
        " one back until the round is closed. If it stays lost, {command} calls the round off.",
        command=f"/pulse close {called}".rstrip(),
    )


def being_closed(w: Wording) -> str:
    """When a round is past its close and not published; usually for seconds, longer when something is wrong."""
    return w.plain(
        "The last round is being closed. If this still stands here in an hour, whoever runs Murmur finds out why with"
        " murmur doctor."
    )


def of_question_set(w: Wording) -> dict[str, str]:
    """When the set that was chosen does not exist."""
    return {questions.QUESTION_SET: w.plain("Choose one of the question sets.")}


def of_schedule(w: Wording) -> dict[str, str]:
    """When there is no time zone of the name that was typed."""
    return {
        schedule.TIMEZONE: w.plain("There is no time zone of this name. They look like Europe/Berlin or Asia/Tokyo.")
    }


def of_salary(w: Wording) -> dict[str, str]:
    """When a salary is no number, or one that nobody means."""
    return {flag_settings.SALARY: w.plain("Write a year's salary as a number, such as 85,000 or 85k, or nothing.")}


def of_currency(w: Wording) -> dict[str, str]:
    """When a salary has no currency."""
    return {flag_settings.CURRENCY: w.plain("Choose the currency of the salary.")}


def of_threshold(w: Wording) -> dict[str, str]:
    """When the number is too low, or none."""
    return {threshold.THRESHOLD: w.plain("Never fewer than {floor}, to protect people.", floor=FLOOR)}
