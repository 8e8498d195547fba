"""The headline of a digest: flags first, nothing praised beside them, nothing compared that cannot be."""

import pytest

from bot.views.digest import digest_post
from bot.views.headline import headline as sentence
from bot.views.wording import Wording
from surveys.digests import Digest
from surveys.questions import Driver, drivers
from tests.bot.views.samples import (
    codes,
    digest,
    flag,
    flagged_digest,
    flagged_history,
    flagged_readings,
    read_aloud,
    reading,
    texts,
)

w = Wording(timezone="Europe/Berlin")


def headline(value: Digest) -> str:
    return str(texts(digest_post(w, value, with_chart=False).blocks)[0])


def test_the_headline_leads_with_the_flag_and_praises_nothing() -> None:
    assert headline(flagged_digest()) == "*Vision, 9 March: tired.*"
    bands: dict[str, int | None] = {
        "burnout": 3,
        "autonomy": 5,
        "purpose": 0,
    }  # of a single item each
    assert headline(digest([*flagged_history()[:-6], *codes(10, bands)], flagged_readings())) == (
        "*Vision, 9 March: tired.*"
    )


def test_the_headline_leads_with_a_flagged_driver_that_was_not_asked_this_week() -> None:
    growth = (reading(8, 3.4), reading(9, 2.0, flag=flag(raised=9, since=9)))
    value = digest(codes(10, {"burnout": 4, "autonomy": 5}), {"growth": growth})
    assert headline(value) == "*Vision, 9 March: short of room to grow.*"
    mild = (reading(8, 4.4), reading(9, 3.4, flag=flag(raised=9, since=9)))
    value = digest(codes(10, {"burnout": 4, "autonomy": 5}), {"growth": mild})
    assert headline(value) == "*Vision, 9 March: Growth needs a look.*"


def test_the_headline_names_two_flagged_drivers() -> None:
    readings = flagged_readings()
    readings["autonomy"] = (reading(9, 3.6), reading(10, 2.0, flag=flag(raised=10, since=9)))
    assert headline(digest(flagged_history(), readings)) == "*Vision, 9 March: with little say in its work, and tired.*"


def test_first_results_are_compared_with_nothing() -> None:
    alone = read_aloud(digest_post(w, digest(codes(10, {"burnout": 2})), with_chart=True))
    assert "*Vision, 9 March: first results.*" in alone
    assert "change" not in alone
    after_nothing = codes(9, {"burnout": None}) + codes(10, {"burnout": 2})
    assert headline(digest(after_nothing)).startswith("*Vision, 9 March: first results.*")
    assert headline(digest(codes(9, {"burnout": 1}) + codes(10, {"burnout": 2}))).startswith(
        "*Vision, 9 March: no clear change.*"
    )


@pytest.mark.parametrize("driver", [driver for driver in drivers().values() if driver.id != "intent-to-stay"])
def test_every_driver_has_a_sentence_for_the_headline(driver: Driver) -> None:
    def headline(band: int) -> str:
        return str(sentence(w, digest(codes(10, {driver.id: band}))))

    assert driver.name not in headline(0)
    assert driver.name not in headline(5)
    assert headline(0) != headline(5)
    assert "nothing stands out" in headline(2)
