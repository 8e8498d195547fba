"""What a visitor does without the guide's buttons: the guide ticks it all the same."""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session, select

from bot.demo.company import DANA, PRIYA, STARTS
from bot.demo.guide import ANSWER, DIGEST, PROMISE, Direction
from bot.demo.naive import Sent
from bot.demo.promised import standing
from bot.demo.show import Show
from bot.views.promising import FORM
from storage.tables import Member


class ByHand:
    """Watches the people of the story. All but `settle` and `guided` is called in the sandbox's event loop.

    promised: says whether Dana's promise, whose form was just sent, has been taken.
    """

    def __init__(self, show: Show, promised: Callable[[], bool]) -> None:
        self._show = show
        self._promised = promised
        self._guided_until = STARTS.timestamp()  # what came before this, the guide itself has led to
        self._read: Direction | None = None  # the newest that Dana has read

    def answered(self, person: str, _: Sent) -> None:
        """Murmur has taken a questionnaire of somebody."""
        if person == PRIYA:
            self._show.done_by_hand(ANSWER)

    def sent(self, person: str, view: Any, _: Any) -> None:
        """Somebody has sent a form, whichever."""
        if person == DANA and view.get("callback_id") == FORM and self._promised():
            self._show.done_by_hand(PROMISE)

    def read(self, person: str, place: str, message: str) -> None:
        """Somebody has read a place up to a message. Murmur writes nothing but digests to Dana."""
        if person == DANA and place.startswith("D"):
            self._read = Direction(person=DANA, place=place, message=message, phone=True)
            if self._show.idle:
                self.settle()

    def settle(self) -> None:
        """Tick what was read while the clock was taken on."""
        read = self._read
        if read is not None and float(read.message) > self._guided_until:
            self._show.done_by_hand(DIGEST, read)

    def guided(self, until: float) -> None:
        """A step was done by its button: what came by then is not the visitor's own find."""
        self._guided_until = until


def has_promised(session: Session) -> bool:
    """Whether something stands that Dana has promised."""
    return bool(standing(session, session.exec(select(Member).where(Member.slack_id == DANA)).one()))
