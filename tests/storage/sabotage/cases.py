"""Ways of breaking the promise, each with the checks by which it is found."""

from collections.abc import Callable, Iterator

from tests.support.vandal import Scene

Sabotage = Callable[[Scene], object]

BOTH, SQLITE, POSTGRESQL = ("sqlite", "postgresql"), ("sqlite",), ("postgresql",)


class Cases:
    """The sabotages of one kind."""

    def __init__(self) -> None:
        self._known: list[tuple[Sabotage, frozenset[str], tuple[str, ...]]] = []

    def found_as(self, *checks: str, on: tuple[str, ...] = BOTH) -> Callable[[Sabotage], Sabotage]:
        """Say by which checks a sabotage is found, all of them and no other."""

        def remember(sabotage: Sabotage) -> Sabotage:
            self._known.append((sabotage, frozenset(checks), on))
            return sabotage

        return remember

    def __iter__(self) -> Iterator[tuple[Sabotage, frozenset[str], tuple[str, ...]]]:
        """Each sabotage, the checks, and the databases that it can be done to."""
        return iter(self._known)
