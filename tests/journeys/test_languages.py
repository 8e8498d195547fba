"""A team whose members read Slack in different languages: each is asked in theirs, and all are counted as one."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.sandbox.workspace import default_workspace
from bot.views.results import WHY
from tests.journeys.steps import cast_quietly, close, invite
from tests.journeys.test_roles import give_button
from tests.support.running_murmur import NEXT_MONDAY, VISION, running_murmur

SEEN_BY_ALL = NEXT_MONDAY + timedelta(days=3)
"""When the team sees what its manager saw two working days before."""


def test_a_member_is_asked_and_told_in_the_language_of_their_slack(database_url: str, tmp_path: Path) -> None:
    with running_murmur(database_url, tmp_path, workspace=default_workspace()) as stage:
        stage.put_team()
        invite(stage)
        tomas, priya = stage.person("Tomás"), stage.person("Priya")  # es-LA and en-GB
        asked = tomas.dms()[-1]
        assert asked.notification == "Murmur: 4 preguntas cortas"
        assert "Hasta el viernes 6 de marzo, 11:00, tu hora." in asked.text
        assert asked.buttons == ("Responder o cambiar",)
        assert priya.dms()[-1].notification == "Murmur: 4 short questions"

        tomas.press("Responder o cambiar")
        form = tomas.wait_for_view("Leído como grupo")
        questions = [field for field in form.fields if field.type == "radio_buttons"]
        assert questions[0].label == "En las últimas dos semanas, el trabajo me agotó casi todos los días."
        assert questions[0].options == (
            "Muy en desacuerdo",
            "En desacuerdo",
            "Ni de acuerdo ni en desacuerdo",
            "De acuerdo",
            "Muy de acuerdo",
            "Saltar",
        )
        for field in questions:
            tomas.choose(field.label, "De acuerdo")
        assert not tomas.submit().errors
        assert tomas.wait_for_view("Gracias").text
        tomas.close_view()
        for who in VISION[2:8]:
            stage.answer(who, "Agree")
        close(stage)
        digest = stage.person("Dana").dms()[-1].text
        assert "Burnout: very high" in digest

        stage.at(SEEN_BY_ALL)
        tomas.open_home()
        assert "Lo último que dijo tu equipo" in tomas.home().text
        assert "Agotamiento: muy alto" in tomas.home().text
        assert "Burnout" not in tomas.home().text


def test_home_speaks_one_language_to_each_member_and_to_each_admin(database_url: str, tmp_path: Path) -> None:
    usual = default_workspace()
    german = [replace(one, locale="de-DE") if one.real_name.startswith("Priya") else one for one in usual.people]
    with running_murmur(database_url, tmp_path, workspace=replace(usual, people=tuple(german))) as stage:
        stage.put_team(people=[*VISION, "Ruth"])
        invite(stage)
        cast_quietly(stage, {stage.person(who).id: 2 for who in VISION[2:]})
        close(stage)
        stage.at(SEEN_BY_ALL)
        priya, ruth = stage.person("Priya"), stage.person("Ruth")  # both de-DE; Ruth is an admin as well
        priya.open_home()
        ruth.open_home()

        for words in (
            "What your team last said",
            "Burnout: very high",
            "*Directory:*",
            "*Messages to you:* invitation",
        ):
            assert words in ruth.home().text
        german_words = r"Autonomie|hoch|März|Verzeichnis|Gezählt|Listen|Nachrichten|Einladung|Begrüßung| und "
        assert not re.search(german_words, ruth.home().text)
        for words in ("Was dein Team zuletzt gesagt hat", "Burnout: sehr hoch", "*Verzeichnis:*", "Einladung"):
            assert words in priya.home().text
        english_words = r"Autonomy|high|March|Directory|Counted|rosters|Messages|invitation|welcome|reminder| and "
        assert not re.search(english_words, priya.home().text)

        for person, why in ((ruth, "A result needs five answers"), (priya, "Ein Ergebnis braucht fünf Antworten")):
            give_button(stage, person.name, WHY)
            person.press("Forged")
            assert why in person.wait_for_view(why).text
