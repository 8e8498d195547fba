"""The picture of a flag: small in every digest, large on demand, and told in words beside both."""

from typing import Any

from bot.views.digest import digest_post
from bot.views.vocabulary import Post
from bot.views.wording import Wording
from tests.bot.views.samples import (
    codes,
    digest,
    flag,
    flagged_digest,
    flagged_history,
    flagged_readings,
    read_aloud,
    reading,
    refused,
    texts,
)

w = Wording(timezone="Europe/Berlin")


def test_a_picture_of_anything_but_harm_says_that_higher_is_better() -> None:
    history = [one for number, band in enumerate((4, 3, 1), start=8) for one in codes(number, {"autonomy": band})]
    readings = {"autonomy": (reading(8, 4.0), reading(9, 4.0), reading(10, 2.4, flag=flag(raised=10, since=10)))}
    words = "Autonomy, higher is better. 3 rounds one by one, 23 February to 9 March: strong, good, weak"
    small, large = (digest_post(w, digest(history, readings), with_chart=one) for one in (False, True))
    assert f"`▇▅▂` {words}" in read_aloud(small)
    assert f"\n{words}" in read_aloud(large)
    (chart,) = charts(large)
    assert chart["title"] == "Autonomy, higher is better"
    assert [point["value"] for point in chart["chart"]["series"][0]["data"]] == [5, 4, 2]
    assert chart["chart"]["axis_config"]["y_label"] == "1 is poor, 6 is very strong"  # whatever is in it


def charts(post: Post) -> list[dict[str, Any]]:
    return [block for block in post.blocks if block["type"] == "data_visualization"]


def test_a_round_that_was_withheld_stands_in_no_picture() -> None:
    history = [one for one in flagged_history() if one.round_id != 8] + codes(8, {"burnout": None})
    history.sort(key=lambda one: one.round_id)
    small, large = (digest_post(w, digest(history, flagged_readings()), with_chart=one) for one in (False, True))
    assert "`▅▅▅▇▇▇▇` Burnout, higher is worse. 7 rounds one by one, 19 January to 9 March:" in read_aloud(small.blocks)
    (chart,) = charts(large)
    assert len(chart["chart"]["series"][0]["data"]) == 7
    assert "23 February" not in chart["chart"]["axis_config"]["categories"]


def test_the_chart_is_sent_only_on_demand_and_instead_of_the_small_picture() -> None:
    with_chart = digest_post(w, flagged_digest(), with_chart=True)
    (chart,) = charts(with_chart)
    assert refused(with_chart) == []
    bars = chart["chart"]
    assert bars["type"] == "bar"  # which begin at zero, as the small picture does
    assert [point["value"] for point in bars["series"][0]["data"]] == [4, 4, 4, 5, 5, 5, 5, 5]
    assert bars["axis_config"]["y_label"] == "1 is hardly any, 6 is very high"
    assert chart["title"] == "Burnout, higher is worse"
    without = digest_post(w, flagged_digest(), with_chart=False)
    assert charts(without) == []
    rounds = "8 rounds one by one, 19 January to 9 March: some for 3 rounds, high for 5 rounds"
    words = f"Burnout, higher is worse. {rounds}"
    assert f"`▅▅▅▇▇▇▇▇` {words}" in texts(without)
    assert words in texts(with_chart)
    assert "▅" not in read_aloud(with_chart)
    assert len(with_chart.blocks) == len(without.blocks) + 1


def test_a_single_point_makes_no_chart() -> None:
    readings = {"burnout": (reading(10, 2.4, flag=flag(raised=10, since=10)),)}
    post = digest_post(w, digest(codes(10, {"burnout": 1}), readings), with_chart=True)
    assert charts(post) == []
    assert "`▇` Burnout, higher is worse. 9 March: high" in read_aloud(post)
    assert refused(post) == []


def test_two_flags_are_told_and_the_newest_comes_first() -> None:
    readings = flagged_readings()
    readings["autonomy"] = (reading(9, 3.6), reading(10, 2.6, flag=flag(raised=10, since=9, evidence=3.0)))
    post = digest_post(w, digest(flagged_history(), readings), with_chart=True)
    text = read_aloud(post.blocks)
    assert text.index("Autonomy is getting worse") < text.index("Try:") < text.index("Burnout: worse than before")
    assert text.count("Chance alone raises") == 1
    assert text.count("higher is") == 1  # one picture
    assert len(charts(post)) == 1
    assert refused(post) == []
