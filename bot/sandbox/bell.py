"""The bell that rings whenever anything in a sandbox has changed, for whoever waits to show it."""

import asyncio


class Bell:
    """Rung in the event loop of the sandbox, and heard there."""

    def __init__(self) -> None:
        self.rung = 0  # how often it rang, so that nobody misses a ring between two waits
        self._next = asyncio.Event()

    def ring(self) -> None:
        """Wake everybody who waits."""
        self.rung += 1
        self._next.set()
        self._next = asyncio.Event()

    async def wait_beyond(self, rung: int, seconds: float) -> bool:
        """Wait until it has rung more often than that, so many real seconds at most; whether it has."""
        if self.rung <= rung:
            try:
                await asyncio.wait_for(self._next.wait(), seconds)
            except TimeoutError:
                return False
        return True
