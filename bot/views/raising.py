"""The windows in which a manager raises something with a leader, and in which the leader says why not."""

from collections.abc import Iterable, Sequence

from bot.views.inputs import RADIO_OPTIONS, Choice, field, menu, radio, text_input
from bot.views.pages import paragraph_page
from bot.views.requests import answered, in_sentence, take_back_button_of
from bot.views.vocabulary import Block, Element, View, actions, clipped, context, modal, paragraphs, quoted
from bot.views.wording import Mrkdwn, Wording, joined
from surveys.promises import Problem
from surveys.questions import Driver
from surveys.requests import LONGEST, LONGEST_ANSWER, Outcome, Requested

FORM = "raising.form"
"""callback_id of the form in which something is raised."""

DECLINING = "raising.declining"
"""callback_id of the form in which a leader says why not."""

PAGE = "raising.page"
"""callback_id of the pages after them."""

# Every field's block_id and its element's action_id are the same.
LEADER = "request_leader"
WORDS = "request_words"
WHY = "request_why"

_MOST_UNIT = 60  # characters of a unit's name in the placeholder


def form(
    w: Wording,
    *,
    unit: str,
    driver: Driver,
    leaders: Sequence[Choice],
    flag: Mrkdwn | None,
    suggestion: str,
    private_metadata: str,
) -> View:
    """The form. `leaders` are those who can be asked, by name, one at least; `flag` is what the digest says of the
    driver, None if none stands; `suggestion` is what its owner could do.

    The field is empty: nobody but the manager knows what the team has said.
    """
    about = in_sentence(driver.name)
    blocks: list[Block] = []
    if len(leaders) == 1:
        who = w.say("*To {leader}, about {driver} in {unit}.*", leader=leaders[0].text, driver=about, unit=unit)
    else:
        who = w.say("*About {driver} in {unit}.*", driver=about, unit=unit)
    blocks += paragraphs([who, *([] if flag is None else [flag]), _who_reads(w, leaders, flagged=flag is not None)])
    blocks += paragraphs([w.say("*What could help:* {suggestion}", suggestion=suggestion)])
    if len(leaders) > 1:
        few = len(leaders) <= RADIO_OPTIONS
        element = radio(LEADER, leaders) if few else menu(LEADER, leaders)
        blocks.append(field(w.plain("With whom?"), element, block_id=LEADER))
    hint = w.plain("Read word for word, with your name. Speak for the whole team, and of nobody in it.")
    example = w.plain("What you see in {unit}, and the one thing you ask for.", unit=clipped(unit, _MOST_UNIT))
    typed = text_input(WORDS, max_length=LONGEST, multiline=True, placeholder=example)
    blocks.append(field(w.plain("In your own words"), typed, block_id=WORDS, hint=hint))
    blocks.append(context(_what_the_team_sees(w, leaders)))
    return modal(
        w.plain("Raise it"),
        blocks,
        callback_id=FORM,
        submit=w.plain("Raise it"),
        close=w.plain("Cancel"),
        private_metadata=private_metadata,
    )


def _who_reads(w: Wording, leaders: Sequence[Choice], *, flagged: bool) -> Mrkdwn:
    who = leaders[0].text if len(leaders) == 1 else w.plain("Whoever you choose")
    if not flagged:
        return w.say("{who} reads this now, or when their working day begins. No flag stands on it.", who=who)
    return w.say(
        "{who} reads this now, or when their working day begins, with the flag. Departments otherwise see a team's"
        " flag two working days after you.",
        who=who,
    )


def _what_the_team_sees(w: Wording, leaders: Sequence[Choice]) -> Mrkdwn:
    if len(leaders) == 1:
        leader = leaders[0].text
        return w.say("Your team does not see this request. It does see anything {leader} promises.", leader=leader)
    return w.say("Your team does not see this request. It does see anything that is promised to it.")


def errors(w: Wording, problem: Problem | None) -> dict[str, str]:
    """What is wrong in the form, beside its field; None when it is whom to ask."""
    match problem:
        case None:
            return {LEADER: w.plain("Choose whom to ask; who no longer leads there cannot be.")}
        case Problem.TOO_LONG:
            return {WORDS: w.plain("Please use at most {n} characters.", n=LONGEST)}
        case _:
            return {WORDS: w.plain("Write what you ask for.")}


def not_stored(w: Wording) -> dict[str, str]:
    """When the database cannot take it now."""
    return {WORDS: w.plain("This could not be kept. It is still in this window: press Raise it again in a minute.")}


def raised_page(w: Wording, request: Requested, *, again: bool) -> View:
    """The last page: who reads it, and where the answer is found. `again`: it had been stored before, or something else
    about it waits for an answer.
    """
    lines = [
        w.say("*Raised with {leader}:* “{text}”.", leader=request.leader, text=quoted(request.text)),
        w.say(
            "{leader} gets a direct message from Murmur in working hours, and can promise {unit} something or say why"
            " it is not possible now. You find the answer on Murmur's Home and in your next digest.",
            leader=request.leader,
            unit=request.unit,
        ),
    ]
    if again:
        driver = in_sentence(request.driver_name)
        lines.append(w.say("You raised {driver} on {day}; it counts once.", driver=driver, day=w.date(request.made_on)))
    return _page(w, lines, take_back_button_of(w, request))


def became_page(w: Wording, request: Requested) -> View:
    """What became of a request, for either of the two."""
    said = w.say(
        "*{asker} asked {leader}, for {unit}:* “{text}”.",
        asker=request.asker,
        leader=request.leader,
        unit=request.unit,
        text=quoted(request.text),
    )
    lines = [said, joined(answered(w, request), " ")] if request.outcome is not Outcome.OPEN else [said]
    return _page(w, lines)


def leaders_changed(w: Wording) -> View:
    """When whoever could be asked does not lead there any more."""
    return paragraph_page(
        w,
        w.say(
            "Who leads there has changed meanwhile. Nothing was sent: press the button of your newest digest, or raise"
            " it in person."
        ),
    )


def declining_form(w: Wording, request: Requested, *, private_metadata: str) -> View:
    """The form in which a leader says why something is not possible now."""
    lines = [
        w.say("*{asker} asked, for {unit}:* “{text}”.", asker=request.asker, unit=request.unit,
              text=quoted(request.text)),
        w.say("{asker} reads your reason word for word. The team does not see it.", asker=request.asker),
    ]  # fmt: skip
    why = text_input(WHY, max_length=LONGEST_ANSWER, placeholder=w.plain("The date is fixed until June; ask me then."))
    hint = w.plain("A short reason is worth more than none.")
    return modal(
        w.plain("Not possible now"),
        [*paragraphs(lines), field(w.plain("Why not?"), why, block_id=WHY, hint=hint)],
        callback_id=DECLINING,
        submit=w.plain("Send"),
        close=w.plain("Cancel"),
        private_metadata=private_metadata,
    )


def declining_errors(w: Wording, problem: Problem) -> dict[str, str]:
    """What is wrong in that form."""
    if problem is Problem.TOO_LONG:
        return {WHY: w.plain("Please use at most {n} characters.", n=LONGEST_ANSWER)}
    return {WHY: w.plain("Write why not, in a sentence.")}


def decline_not_stored(w: Wording) -> dict[str, str]:
    """When the database cannot take it now."""
    return {WHY: w.plain("This could not be kept. It is still in this window: press Send again in a minute.")}


def declined_page(w: Wording, request: Requested, *, heard: bool) -> View:
    """The last page of it. `heard`: whether whoever asked still gets the unit's digest."""
    lines = [w.say("*Not possible now:* “{text}”.", text=quoted(request.reply or ""))]
    if heard:
        lines.append(
            w.say(
                "{asker} finds it on Murmur's Home now and in the next digest. The team does not see it.",
                asker=request.asker,
            )
        )
    else:
        lines.append(
            w.say(
                "{asker} does not get {unit}'s digest any more, so nobody is told.",
                asker=request.asker,
                unit=request.unit,
            )
        )
    return _page(w, lines)


def not_yours(w: Wording) -> View:
    """For whoever neither asked nor was asked, or does not get the digest."""
    return paragraph_page(
        w,
        w.say(
            "Only those who get a team's digest can raise something for it, and only the leader who was asked can"
            " answer. Nothing was changed."
        ),
    )


def _page(w: Wording, lines: Iterable[Mrkdwn], *buttons: Element) -> View:
    blocks = [*paragraphs(lines), *([actions(*buttons)] if buttons else [])]
    return modal(w.plain("A request"), blocks, callback_id=PAGE, close=w.plain("Close"))
