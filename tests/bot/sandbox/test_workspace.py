from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.workspace import default_workspace


def test_the_default_workspace_hangs_together() -> None:
    workspace = default_workspace()
    ids = [person.id for person in workspace.people]
    assert len(ids) == len(set(ids))
    known = {*ids, workspace.installation.bot_user_id}
    for channel in workspace.channels:
        assert set(channel.members) <= known
    for group in workspace.user_groups:
        assert set(group.members) <= known
    for person in workspace.people:
        ZoneInfo(person.tz)


def test_vision_has_nine_people_and_its_manager_is_not_counted_among_them() -> None:
    workspace = default_workspace()
    group = next(group for group in workspace.user_groups if group.handle == "vision-team")
    assert len(group.members) == 9
    assert workspace.find("Dana Ito").id not in group.members


def test_only_hr_is_an_admin() -> None:
    assert [person.real_name for person in default_workspace().people if person.is_admin] == ["Ruth Meyer"]


@pytest.mark.parametrize("who", ["U0PRIYA", "priya.raman", "@priya.raman", "Priya Raman", "priya", "PRIYA"])
def test_somebody_is_found_by_id_handle_or_name(who: str) -> None:
    assert default_workspace().find(who).id == "U0PRIYA"


def test_nobody_by_that_name_says_who_there_is() -> None:
    with pytest.raises(KeyError, match=r"no one person called 'Zoe'.*Priya Raman"):
        default_workspace().find("Zoe")
