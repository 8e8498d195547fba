"""Chromium for the tests: the page of the stand-in Slack as people see it, clicked and typed into."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NoReturn

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

UNWATCHED: Final = "THE PAGE IS NOT TRIED IN A BROWSER: install the package chromium"

DESKTOP: Final = {"width": 1360, "height": 900}
PHONE: Final = {"width": 390, "height": 844}

# Chromium's own housekeeping goes to the internet, which nothing of ours does; as root it needs --no-sandbox.
_QUIET: Final = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
_PATIENCE: Final = 20_000  # milliseconds after which something that is waited for does not come
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Where Chromium is on this machine, if it is."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def unwatched() -> NoReturn:
    """Skip with one loud line; fail instead where REQUIRE_BROWSER says that these tests must run."""
    if os.environ.get("REQUIRE_BROWSER"):
        pytest.fail(UNWATCHED, pytrace=False)
    pytest.skip(UNWATCHED, allow_module_level=True)


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=list(_QUIET))
        try:
            yield running
        finally:
            running.close()


@contextmanager
def page(running: Browser, *, dark: bool = False, phone: bool = False, scale: int = 1) -> Iterator[Page]:
    """A fresh window without motion. Whatever it asks of another machine than this one fails the test; so does
    an error in its own scripts.

    scale: pixels of a picture to a pixel of the page.
    """
    context = running.new_context(
        viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        device_scale_factor=scale,
        locale="en-GB",
    )
    context.set_default_timeout(_PATIENCE)
    window, wrong = context.new_page(), list[str]()
    window.on("pageerror", lambda error: wrong.append(str(error)))
    window.on("request", lambda request: wrong.append(request.url) if not _local(request.url) else None)
    try:
        yield window
    finally:
        context.close()
    assert wrong == []


def _local(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "data:", "blob:"))
