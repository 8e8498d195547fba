"""A browser, the company in it, and somebody who looks."""

from collections.abc import Generator, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.support import browser as browsers
from tests.support.demo import history
from tests.support.started import Started, started
from tests.support.visitor import Visitor

__all__ = ["history"]

# Of the package, not of the session: while Playwright runs, no other test of the process could use asyncio.


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium; without it the tests of this folder are skipped, or fail where it is required."""
    if browsers.chromium() is None:
        browsers.unwatched()
    with browsers.browser() as running:
        yield running


@pytest.fixture(scope="package")
def demo(browser: Browser, history: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """A `murmur demo` for tests that leave its clock and its guide alone, each of which acts as people of its own."""
    temporary = tmp_path_factory.mktemp("demo") / "temporary"
    with started("demo", "--no-browser", "--port", "0", temporary=temporary) as running:
        yield running


@pytest.fixture
def visitor(browser: Browser, demo: Started) -> Iterator[Visitor]:
    """Somebody who has opened the page of that demo."""
    with browsers.page(browser) as window:
        visitor = Visitor(window, demo.url)
        visitor.open()
        visitor.newest.wait_for()
        yield visitor


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to a failure what the page showed."""
    report = yield
    if report.when == "call" and report.failed:
        fixtures: dict[str, Any] = getattr(item, "funcargs", {})
        pages = [one.page if isinstance(one, Visitor) else one for one in fixtures.values()]
        for page in pages:
            if isinstance(page, Page):
                report.sections.append(("what the page showed", page.locator("body").aria_snapshot()))
    return report
