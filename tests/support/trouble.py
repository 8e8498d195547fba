"""A database in trouble, code that is careless, and a word that must not be logged by either."""

from collections.abc import Callable
from io import StringIO
from typing import Any

from sqlalchemy.exc import IntegrityError

from storage.database import Busy

SECRET = "zhrq7secretwords"
Logged = Callable[..., StringIO]


def broken(*_arguments: Any, **_named: Any) -> Any:
    """Fail as a database does, with the row in its message."""
    raise IntegrityError(f"INSERT {SECRET}", {"text": SECRET}, ValueError(SECRET))


def busy(*_arguments: Any, **_named: Any) -> Any:
    """Fail as a database does that others keep busy."""
    raise Busy(SECRET)


def careless(*arguments: Any, **named: Any) -> Any:
    """Fail with everything that was passed in the message."""
    raise ValueError(f"{SECRET} {arguments} {named}")
