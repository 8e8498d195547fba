"""What became of teams that are counted with others than before."""

import pytest

from surveys.regrouping import Move, move_of


@pytest.mark.parametrize(
    ("teams", "before", "move"),
    [
        ([1, 2], [[1], [2]], Move.TOGETHER),
        ([1, 2], [[1]], Move.TOGETHER),  # the other was not counted at all
        ([1, 2, 3], [[1, 2], [3]], Move.TOGETHER),
        ([1, 3], [[1, 2], [3, 4]], Move.TOGETHER),
        ([1], [[1, 2]], Move.ALONE),
        ([1, 2], [[1, 2, 3]], Move.WITHOUT),
    ],
)
def test_a_move_is_told_by_who_was_counted_with_whom(teams: list[int], before: list[list[int]], move: Move) -> None:
    assert move_of(teams, before) is move
