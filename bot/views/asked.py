"""What managers ask of a leader, as the leader finds it: in a message, in the department's digest and on Home."""

from dataclasses import dataclass
from datetime import date

from bot.views.flags import notice_sentence, promise_to_managers
from bot.views.promises import Promises, ending_buttons, own_line, undo_button, what_became
from bot.views.requests import DECLINE, PROMISE, in_sentence, waiting
from bot.views.vocabulary import Block, Element, Post, actions, button, context, listed, post, quoted, section
from bot.views.wording import Mrkdwn, Wording, escaped, joined
from surveys.notices import Notice
from surveys.requests import Followed, Requested

_MOST_WAITING = 5
_MOST_PROMISED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ToLeader:
    """What was asked of a leader, and what they promised the units that asked."""

    waiting: tuple[Followed, ...] = ()  # newest first
    promised: tuple[Promises, ...] = ()  # the leader's own alone, a unit each

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to find."""
        ending = any(promises.followed or promises.theirs_to_undo for promises in self.promised)
        return not self.waiting and not ending


def asked_post(w: Wording, request: Requested, notice: Notice | None, *, on: date, false_flag_months: int) -> Post:
    """The message to a leader: who asks, for whom, the flag, the words, and two ways to answer. The notification names
    nobody and nothing, because it shows on locked screens. `notice` is the unit's flag by its digest of `on`, which
    comes with what was promised about flags that chance raises.
    """
    driver = in_sentence(request.driver_name)
    blocks = [
        section(w.say("*{name} asks for your help with {driver} in {unit}.*", name=request.asker, unit=request.unit,
                      driver=driver)),
    ]  # fmt: skip
    if notice is not None:
        blocks.append(section(notice_sentence(w, notice, on)))
    blocks.append(section(w.say("“{text}”", text=quoted(request.text))))
    blocks.append(actions(*answer_buttons(w, request)))
    small = [w.say("Whatever you promise, {unit} reads with your name. The team sees nothing of this message.",
                   unit=request.unit)]  # fmt: skip
    if notice is not None:
        small.append(promise_to_managers(w, false_flag_months))
        small.append(
            w.say(
                "{name} shows you this flag; departments otherwise see it two working days later. Please do not guess"
                " who said what.",
                name=request.asker,
            )
        )
    blocks.append(context(joined(small, " ")))
    return post(w.say("A manager asks for your help"), blocks)


def asked_blocks(w: Wording, asked: ToLeader) -> list[Block]:
    """What waits for an answer of the leader's, and what the leader promised, with the buttons that end each."""
    shown, more = listed(asked.waiting, _MOST_WAITING)
    blocks: list[Block] = []
    for one in shown:
        blocks += [section(_line(w, one)), actions(*answer_buttons(w, one.request))]
    if more:
        blocks.append(section(w.say_many("And {n} more request.", "And {n} more requests.", more)))
    for promises in asked.promised[:_MOST_PROMISED]:
        blocks += _own(w, promises)
    return blocks


def answer_buttons(w: Wording, request: Requested) -> list[Element]:
    """The two ways to answer a request."""
    return [
        button(
            w.plain("Promise something to {unit}", unit=request.unit),
            PROMISE,
            value=str(request.id),
            label=w.plain("Promise something to {unit}: {text}", unit=request.unit, text=request.text),
        ),
        button(
            w.plain("Not possible now"),
            DECLINE,
            value=str(request.id),
            label=w.plain("Not possible now: {text}", text=request.text),
        ),
    ]


def _line(w: Wording, one: Followed) -> Mrkdwn:
    request = one.request
    said = w.say(
        "*{name} asked you on {day}, about {driver} in {unit}:* “{text}”.",
        name=request.asker,
        day=w.date(request.made_on),
        driver=in_sentence(request.driver_name),
        unit=request.unit,
        text=quoted(request.text),
    )
    return joined([said, waiting(w, one.rounds)], " ") if one.is_overdue else said


def _own(w: Wording, promises: Promises) -> list[Block]:
    blocks: list[Block] = []
    for one in promises.followed:
        blocks.append(section(own_line(w, promises, one)))
        if one.promise.id in promises.theirs_to_end:
            blocks.append(actions(*ending_buttons(w, one.promise)))
    for promise in promises.theirs_to_undo[:1]:
        said = w.say("*{unit}.* “{text}”.", unit=promises.unit, text=quoted(promise.text))
        line = joined([said, escaped(what_became(w, promise))], " ")
        blocks.append(section(line, accessory=undo_button(w, promise)))
    return blocks
