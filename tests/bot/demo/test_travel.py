"""Travelling in time, and what people find when they are there."""

import json
from urllib.request import urlopen

from bot.demo.company import DANA, PRIYA
from tests.support.demo import Play
from tests.support.guided import newest


def unread(play: Play, who: str) -> int:
    """How many direct messages of the app somebody has not read, as the page shows it."""
    with urlopen(f"{play.stage.sandbox.url}/page/people/{who}/screen", timeout=5) as answer:
        (place,) = [one for one in json.load(answer)["places"] if one["kind"] == "app"]
    return int(place["unread"])


def test_of_what_came_on_a_long_way_only_the_last_day_is_unread(play: Play) -> None:
    before = {who: len(play.stage.slack.person(who).dms()) for who in (DANA, PRIYA)}
    play.travel.jump("two-months")
    for who in (DANA, PRIYA):
        assert len(play.stage.slack.person(who).dms()) > before[who] + 5
    assert "Vision, " in newest(play, DANA)
    assert (unread(play, DANA), unread(play, PRIYA)) == (1, 0)
