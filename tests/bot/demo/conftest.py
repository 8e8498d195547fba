"""Fixtures of the demonstration."""

from tests.support.demo import history
from tests.support.guided import play
from tests.support.heist import beginning, scene, three_weeks

__all__ = ["beginning", "history", "play", "scene", "three_weeks"]
