"""Which questions a pulse asks: a shipped set, and the questions its admins wrote."""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session, col, select

from storage.tables import OwnQuestion, Pulse, Round
from surveys.questions import Item, is_comment, items_of_files, load_question_sets
from surveys.questions import drivers as all_drivers
from surveys.rotation import Asked

_OWN = "own-"


def active_items(session: Session, pulse: Pulse) -> tuple[Item, ...]:
    """The items that rounds of the pulse choose from: its question set, then its own questions."""
    shipped = load_question_sets()[pulse.question_set].items
    return shipped + tuple(own_item(question) for question in own_questions(session, pulse.id))


def known_items(session: Session, pulse_id: int) -> Mapping[str, Item]:
    """Every item the pulse may ever have asked, by id, retired questions included."""
    items = dict(items_of_files())
    for question in session.exec(select(OwnQuestion).where(OwnQuestion.pulse_id == pulse_id)):
        items[_OWN + str(question.id)] = own_item(question)
    return items


def questions_of(session: Session, round_: Round) -> int:
    """How many questions a round asks; the one above the comment is none, because every form has a comment."""
    known = known_items(session, round_.pulse_id)
    return sum(1 for item_id in round_.item_ids if item_id not in known or not is_comment(known[item_id]))


def own_questions(session: Session, pulse_id: int) -> list[OwnQuestion]:
    """The questions that admins wrote for the pulse and have not retired, oldest first."""
    query = (
        select(OwnQuestion)
        .where(OwnQuestion.pulse_id == pulse_id, col(OwnQuestion.retired_on).is_(None))
        .order_by(col(OwnQuestion.id))
    )
    return list(session.exec(query))


def find_own_question(session: Session, pulse_id: int, item_id: str) -> OwnQuestion | None:
    """The active own question behind an item id of the pulse, if there is one."""
    number = item_id.removeprefix(_OWN)
    if number == item_id or not number.isdecimal():
        return None
    question = session.get(OwnQuestion, int(number))
    return question if question and question.pulse_id == pulse_id and question.retired_on is None else None


def add_question(session: Session, pulse_id: int, *, driver: str, text: str, reverse: bool, on: date) -> OwnQuestion:
    """Add a question of the pulse's own, asked from the next round on."""
    question = OwnQuestion(pulse_id=pulse_id, driver=driver, text=text, reverse=reverse, added_on=on)
    session.add(question)
    session.flush()
    return question


def edit_question(
    session: Session, question: OwnQuestion, *, driver: str, text: str, reverse: bool, on: date
) -> OwnQuestion:
    """Retire `question` and add its new version, so that results always belong to the words people saw."""
    retire_question(session, question, on)
    return add_question(session, question.pulse_id, driver=driver, text=text, reverse=reverse, on=on)


def retire_question(session: Session, question: OwnQuestion, on: date) -> None:
    """Ask `question` no more; what it showed so far stays."""
    question.retired_on = on
    session.add(question)
    session.flush()


def asked_before(session: Session, pulse_id: int) -> list[Asked]:
    """What rounds of the pulse asked and when, oldest first; a round that was thrown away was asked, too.

    A question rests by its words: retired and written again, it is still the question that was asked. Otherwise
    one could be asked week after week, and its results subtracted.
    """
    same_words: dict[str, list[str]] = {}
    known = known_items(session, pulse_id)
    for item in known.values():
        same_words.setdefault(_words(item), []).append(item.id)
    query = select(Round).where(Round.pulse_id == pulse_id).order_by(col(Round.opens_on), col(Round.id))
    return [
        Asked(item_id=alike, on=round_.opens_on)
        for round_ in session.exec(query)
        for item_id in round_.item_ids
        for alike in (same_words[_words(known[item_id])] if item_id in known else [item_id])
    ]


def _words(item: Item) -> str:
    return "".join(letter for letter in item.text.casefold() if letter.isalnum())


def own_item(question: OwnQuestion) -> Item:
    """The item that an own question is."""
    return Item(
        id=_OWN + str(question.id),
        driver=question.driver,
        text=question.text,
        scale="agreement",
        reverse=question.reverse,
        facet="own question",
        owner=all_drivers()[question.driver].owner,
        construct="own question",
        informed_by="written by an admin of this workspace",
        claim=None,
    )
