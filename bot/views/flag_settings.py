"""How often chance may raise a flag, and a typical salary: the window, what is said after it, and the way back."""

from bot.views.commands import typed
from bot.views.inputs import Choice, field, menu, radio, text_input
from bot.views.vocabulary import Element, View, actions, button, context, modal, section
from bot.views.wording import Mrkdwn, Wording, joined
from surveys.costs import CURRENCIES, Salary, replacing_one
from surveys.flagging import MONTHS, SHIPPED, FlagSettings
from surveys.questions import INTENT_ROSTER

FLAGS_FORM = "flags.form"
"""callback_id of the window."""

FLAGS_PAGE = "flags.page"
"""callback_id of the page after it; nothing can be sent from it."""

UNDO = "flags.undo"
"""Button on that page."""

# Block_id and action_id of the fields.
FALSE_FLAGS = "false_flags"
SALARY = "salary"
CURRENCY = "currency"

LONGEST_SALARY = 20  # characters

WEEKS = dict(zip(MONTHS, (4, 5, 6), strict=True))
"""Weeks from a fall by half an SD of an answer to its flag, in a team of nine that is asked every week, seen through
codes: the means of simulated teams in docs/detector.md, rounded.
"""


def flags_form(w: Wording, settings: FlagSettings, *, private_metadata: str = "") -> View:
    """The window, filled with what holds."""
    salary = settings.salary
    return modal(
        w.plain("How soon to flag"),
        [
            section(
                w.say(
                    "*A flag says that something in a team has probably got worse.* Chance alone looks like that now"
                    " and then. The fewer of such false flags you allow, the later a real change is flagged."
                )
            ),
            field(
                w.plain("How often chance alone may raise a flag for a manager, on average"),
                radio(
                    FALSE_FLAGS,
                    [_choice(w, months) for months in MONTHS],
                    initial=str(settings.months) if settings.months in MONTHS else None,
                ),
                block_id=FALSE_FLAGS,
                hint=w.plain("It counts from the next round on. Flags already told stay as they are."),
            ),
            context(
                w.say(
                    "The weeks are averages over simulated teams, for burnout and autonomy, asked every week; a clear"
                    " fall is half a step on the scale of five answers. Smaller teams and slower changes are flagged"
                    " some weeks later, and what is asked only in turn, months later."
                )
            ),
            field(
                w.plain("A typical salary, for a year"),
                text_input(
                    SALARY,
                    max_length=LONGEST_SALARY,
                    initial=w.number(salary.amount) if salary else None,
                    placeholder=w.number(85_000),
                ),
                block_id=SALARY,
                hint=w.plain(
                    "Digests of groups of {n} people or more then say what it costs to replace one person (the usual"
                    " estimate is 1.5 to 2 times a year's salary), whenever six in ten give the same answer: that they"
                    " mean to leave within half a year, or within a year. Only managers read that, and it names who"
                    " entered the salary.",
                    n=INTENT_ROSTER,
                ),
                optional=True,
            ),
            field(
                w.plain("Its currency, if you enter a salary"),
                menu(
                    CURRENCY,
                    [Choice(text=f"{code} · {w.currency(code)}", value=code) for code in CURRENCIES],
                    placeholder=w.plain("Choose a currency"),
                    initial=salary.currency if salary and salary.currency in CURRENCIES else None,
                ),
                block_id=CURRENCY,
                optional=True,
            ),
        ],
        callback_id=FLAGS_FORM,
        submit=w.plain("Save"),
        close=w.plain("Cancel"),
        private_metadata=private_metadata,
    )


def _choice(w: Wording, months: int) -> Choice:
    text = w.plain("At most once in {months} months", months=months)
    return Choice(
        text=w.plain("{choice} (as shipped)", choice=text) if months == SHIPPED else text,
        value=str(months),
        description=w.plain("A clear fall in a team of nine is flagged after about {n} weeks", n=WEEKS[months]),
    )


def flags_set(w: Wording, *, before: FlagSettings, after: FlagSettings, undo: str = "") -> View:
    """After the window was sent. `undo` is what the button carries that takes the change back."""
    changed = _changed(w, before, after)
    if not changed:
        return _page(w, w.say("This holds already. Nothing was changed."))
    return _page(w, joined(changed), button(w.plain("Undo"), UNDO, value=undo))


def flags_undone(w: Wording, *, before: FlagSettings, after: FlagSettings) -> View:
    """After the button was pressed; `before` and `after` as for the press: `after` is what held at first."""
    return _page(w, joined([w.say("*Changed back.*"), *_changed(w, before, after)]))


def changed_since(w: Wording) -> View:
    """When something else was settled before the button was pressed."""
    return _page(w, w.say("This has been changed again since. Nothing was changed back."))


def standing_line(w: Wording, settings: FlagSettings) -> Mrkdwn:
    """What holds, for `/pulse status`."""
    return w.say(
        "Chance alone raises at most one flag for a manager in {months} months, on average: {command}",
        months=settings.months,
        command=typed(w, "flags"),
    )


def _changed(w: Wording, before: FlagSettings, after: FlagSettings) -> list[Mrkdwn]:
    lines = []
    if after.months != before.months:
        lines.append(
            w.say(
                "*Chance alone may raise at most one flag for a manager in {months} months*, on average, from the next"
                " round on; it was {before} months. Flags already told stay as they are.",
                months=after.months,
                before=before.months,
            )
        )
    if after.salary != before.salary:
        lines.append(_salary(w, after.salary) if after.salary else w.say("*No salary is kept any more.*"))
    return lines


def _salary(w: Wording, salary: Salary) -> Mrkdwn:
    cost = replacing_one(salary)
    return w.say(
        "*A typical salary is {amount} {currency} a year.* Where most of a large group mean to leave, digests"
        " say that replacing one person costs about {least} to {most} {currency}: 1.5 to 2 times that, the usual"
        " estimate of what replacing somebody costs.",
        amount=w.number(salary.amount),
        currency=salary.currency,
        least=w.number(cost.least),
        most=w.number(cost.most),
    )


def _page(w: Wording, text: Mrkdwn, *buttons: Element) -> View:
    again = w.say("To change it again: {command}.", command=typed(w, "flags"))
    blocks = [section(text), *([actions(*buttons)] if buttons else []), context(again)]
    return modal(w.plain("Murmur"), blocks, callback_id=FLAGS_PAGE, close=w.plain("Close"))
