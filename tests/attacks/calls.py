"""A9: compare every call to Slack of two rounds in which other people took part, and look for echoes.

The same answers are given in both, so that all results are the same; whoever's calls differ is told apart.
"""

import json
from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import delete
from sqlmodel import col, select

from bot.messages import REMINDER
from bot.views.questionnaire import FORM
from storage.tables import Member, OutboxMessage
from tests.attacks.attack import Attack, Figure, Figures
from tests.attacks.crowd import unlike_any_other
from tests.attacks.ground import Ground
from tests.journeys.steps import Json, invite
from tests.support.running_murmur import FRIDAY, NEXT_MONDAY, THURSDAY, VISION, Stage, running_murmur

Hook = Callable[[Stage, str], None]
"""What a bot does besides when somebody has answered."""

NEW_EVERY_TIME = {"trigger_id", "view_id", "hash", "token"}
"""Parts of calls that Slack makes up."""


def silence(_stage: Stage, _who: str) -> None:
    """Nothing, as it should be."""


def remind_the_others_only(stage: Stage, who: str) -> None:
    """Naive: take away the reminder of whoever has answered."""
    with stage.murmur.database.transaction() as session:
        member = session.exec(select(Member).where(Member.slack_id == stage.person(who).id)).one()
        session.execute(
            delete(OutboxMessage).where(col(OutboxMessage.member_id) == member.id, col(OutboxMessage.kind) == REMINDER)
        )


def echo(stage: Stage, who: str) -> None:
    """Naive: confirm what was answered."""
    sent = _submissions(stage)[-1]["payload"]["view"]["state"]["values"]
    stage.murmur.client.chat_postMessage(channel=stage.person(who).id, text=f"You said: {json.dumps(sent)}")


def a_round(stage: Stage, taking_part: Sequence[str], words: str, hook: Hook) -> None:
    """A round in which everybody looks at everything, and these people answer twice, all alike."""

    def everybody_opens_the_form() -> None:
        for who in VISION:
            if who in taking_part:
                stage.answer(who, "Agree", words)
                hook(stage, who)
            else:
                stage.open_form(who).close_view(everything=True)

    stage.put_team()
    invite(stage)
    everybody_opens_the_form()
    for instant in (THURSDAY, FRIDAY, NEXT_MONDAY):
        for who in VISION:
            stage.person(who).open_home()
        stage.at(instant)
        if instant is THURSDAY:
            everybody_opens_the_form()


def outbound(stage: Stage) -> Iterator[tuple[str, str]]:
    """Every call: the id of whom it is for, and all that is in it but for what Slack made up."""
    opened = {one["payload"].get("trigger_id"): one["payload"] for one in stage.client.envelopes("interactive")}
    for call in stage.client.calls():
        payload = call["payload"]
        presser = opened.get(payload.get("trigger_id"), {}).get("user", {}).get("id", "")
        kept = {name: value for name, value in payload.items() if name not in NEW_EVERY_TIME}
        receiver = payload.get("user_id") or payload.get("channel") or presser
        yield receiver, json.dumps([call["method"], call["at"], kept], sort_keys=True)


def told_apart(ground: Ground, hook: Hook) -> Figure:
    """A9: people for whom anything is different when others take part."""
    words = unlike_any_other("a good week")
    runs = []
    for taking_part in (VISION[:6], VISION[3:]):
        with running_murmur(ground.url(), ground.folder()) as stage:
            a_round(stage, taking_part, words, hook)
            runs.append(sorted(outbound(stage)))
    first, second = runs
    people = {receiver for receiver, _ in set(first) ^ set(second)}
    return Figure(hits=len(people), of=len(VISION), what="told apart")


def echoes(ground: Ground, hook: Hook) -> Figure:
    """A9: submissions of which anything comes back, in any call or acknowledgement, metadata included; or to which
    the answer is another than to a blank form.
    """
    words = [unlike_any_other("a good week") for _ in range(3)]
    with running_murmur(ground.url(), ground.folder()) as stage:
        stage.put_team()
        invite(stage)
        for choice, comment in (({}, ""), ("Agree", words[0]), ("Strongly disagree", words[1]), ({}, words[2])):
            stage.answer("Priya", choice, comment)
            hook(stage, "Priya")
        stage.person("Priya").open_home()
        for instant in (THURSDAY, FRIDAY, NEXT_MONDAY):
            stage.at(instant)
        said = [json.dumps(call["payload"]) for call in stage.client.calls()]
        answered = [_acknowledgement(one) for one in _submissions(stage)]
    assert len(answered) == 4
    found = sum(any(comment in one for one in (*said, *answered)) for comment in words)
    return Figure(hits=found + sum(one != answered[0] for one in answered), what="echoes")


def _submissions(stage: Stage) -> list[Json]:
    sent = [one for one in stage.client.envelopes("interactive") if one["payload"]["type"] == "view_submission"]
    return [one for one in sent if one["payload"]["view"]["callback_id"] == FORM]


def _acknowledgement(envelope: Json) -> str:
    return json.dumps(envelope["ack"], sort_keys=True)


def naive_bot(ground: Ground) -> Figures:
    """A bot that reminds those alone who did not answer, and confirms what was answered."""
    return [told_apart(ground, remind_the_others_only), echoes(ground, echo)]


def murmur(ground: Ground) -> Figures:
    """Murmur."""
    return [told_apart(ground, silence), echoes(ground, silence)]


A9 = Attack(
    number=9,
    what="every outbound Slack call of two rounds, compared",
    passes_when="0 told apart, 0 echoes",
    naive=naive_bot,
    murmur=murmur,
)
