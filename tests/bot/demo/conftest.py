"""Fixtures of the demonstration."""

from tests.support.demo import history

__all__ = ["history"]
