"""The data sheet that `/pulse privacy` sends: for a works council, a data protection officer, or anybody who asks.

Everything in it comes from this installation as it is at that moment. It is meant to be handed on, so it explains
itself and names no result.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.views.asking import every_words, reader_names
from bot.views.vocabulary import (
    MESSAGE_BLOCKS,
    MESSAGE_TEXT,
    Block,
    Post,
    clipped,
    context,
    divider,
    fitting,
    header,
    listed,
    paragraphs,
    post,
)
from bot.views.wording import Mrkdwn, Wording, joined
from surveys.cadence import Frequency
from surveys.noise import LEAST_ANSWERS, LEAST_UNITS

_MOST_UNITS = 60
_MOST_LINES = 60
_MOST_LINE = 400  # characters of one line of the check's report


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedUnit:
    """A unit that is asked, and who reads it."""

    name: str
    people: int  # on its roster
    readers: tuple[str, ...]  # by name
    scored: bool  # False when it is too small to have results


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPulse:
    """A pulse as it is set up now."""

    name: str
    admin: str  # who set it up
    question_set: str
    questions: int  # asked in a round
    frequency: Frequency
    threshold: int  # answers a result needs
    paused: bool
    units: tuple[AskedUnit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSheet:
    """What a works council wants to know of one installation."""

    workspace: str
    on: date
    pulses: tuple[AskedPulse, ...]
    admins: tuple[str, ...]
    contact: str  # reaches whoever runs the server; "" if unknown
    database: str  # "SQLite" or "PostgreSQL"
    keys_apart: bool
    scopes: tuple[str, ...]  # what Slack lets Murmur do
    as_promised: bool  # whether the check of the database found everything in order
    worth_knowing: int = 0  # how many things it noted that break no promise
    report: tuple[str, ...]  # its lines, findings indented under their headings; empty when it could not be made


def data_sheet(w: Wording, sheet: DataSheet) -> tuple[Post, ...]:
    """The sheet as messages: what is done and why, who is asked and who reads, and the check of the database."""
    parts = [_about(w, sheet), *_in_pages(_asked(w, sheet)), *_in_pages(_checked(w, sheet))]
    return tuple(
        post(w.say("Murmur's data sheet, {n} of {all}", n=number, all=len(parts)), blocks)
        for number, blocks in enumerate(parts, start=1)
    )


def sent(w: Wording) -> Post:
    """What whoever typed `/pulse privacy` reads at once."""
    said = w.say("The data sheet is in your messages from Murmur. It names no result, and is yours to hand on.")
    return post(said, paragraphs([said]))


def not_sent(w: Wording) -> Post:
    """When Slack did not take it."""
    said = w.say("Slack did not take the data sheet. Nothing is lost: please type `/pulse privacy` again in a minute.")
    return post(said, paragraphs([said]))


def _in_pages(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """The blocks in as few messages as hold them all."""
    rest = list(blocks)
    while rest:
        page = fitting(rest, MESSAGE_BLOCKS, MESSAGE_TEXT)
        yield page
        rest = rest[len(page) :]


def _about(w: Wording, sheet: DataSheet) -> list[Block]:
    return [
        header(w.plain("Data sheet: Murmur at {workspace}", workspace=sheet.workspace)),
        *paragraphs(
            [
                w.say(
                    "_Made on {day} from the settings and the database of this installation. For works councils,"
                    " data protection officers, and everybody who is asked._",
                    day=w.date(sheet.on),
                )
            ]
        ),
        *_part(w.say("*What it is for*"), _purposes(w)),
        *_part(w.say("*What is kept, and for how long*"), _kept(w, sheet)),
        *_part(w.say("*What nobody can find in it*"), _protected(w)),
        *_part(w.say("*What is not protected*"), _not_protected(w, sheet)),
        *_part(w.say("*What Slack lets Murmur do*"), _scopes(w, sheet.scopes)),
        *_part(w.say("*The law, in short*"), _law(w)),
    ]


def _part(title: Mrkdwn, lines: Sequence[Mrkdwn]) -> list[Block]:
    return paragraphs([title, *lines])


def _purposes(w: Wording) -> list[Mrkdwn]:
    return [
        w.say("• To see early when working conditions get worse for a team, so that somebody mends them."),
        w.say("• Not to appraise, compare or find anybody. Results are of groups only; there is no ranking of teams."),
        w.say("• Taking part is voluntary, every question can be skipped, and nobody is told who took part."),
    ]


def _kept(w: Wording, sheet: DataSheet) -> list[Mrkdwn]:
    key = (
        w.say("No backup holds them in readable form: their key is kept apart, and destroyed at the close.")
        if sheet.keys_apart
        else w.say("Their key lies beside them and is destroyed at the close; a copy made before that can be read.")
    )
    return [
        joined([w.say("• *Answers:* sealed until the round closes, then added up in memory and deleted."), key], " "),
        w.say(
            "• *Comments:* sealed like answers; only their tone and themes are counted, and the words are deleted at"
            " the close."
        ),
        w.say("• *Results:* for each group, question and round one word on a scale, or that nothing may be shown; how"
              " many stand behind it, only as 5, as 6 or 7, or as 8 or more; and how many took part, in three bands."
              " Of a round with {answers} answers of {groups} groups or more, also one rough figure over all groups"
              " together: how widely answers lay apart. It is shown to nobody, and tells how large a change has to be"
              " for a flag. Kept for as long as Murmur is used here.", answers=LEAST_ANSWERS, groups=LEAST_UNITS),
        w.say("• *Directory:* name, Slack id, time zone, language, team and role of those who are asked, read or"
              " administer, and of whoever opened Murmur's Home or typed `/pulse`. Kept for as long as Murmur is used"
              " here."),
        w.say("• *Rosters:* who is counted in which group in which four weeks. Not who answered. Deleted 13 weeks after"
              " these four weeks, but for the latest two of each pulse and that of the last results, with which the"
              " next is compared."),
        w.say("• *Wishes:* the day since which somebody is left out, on a pause, or gets no reminders. Kept like the"
              " directory, so that nobody is asked who does not want to be."),
        w.say("• *Messages:* that an invitation or reminder was due, the same for everybody; deleted at the close."
              " Digests and requests: to whom and when, without their text; deleted after 8 weeks, the latest digest"
              " about a group after 24 months at most. The first message: that it was sent, for as long as somebody"
              " is on a team, and 8 weeks at least."),
        w.say("• *Promises* of managers, *requests* to leaders with the answers, and *changes* by admins, with their"
              " day. Deleted 24 months after they were made, or have ended."),
        w.say("• *Copies:* what a backup holds stays in it. Whoever makes backups has to delete them in time."),
        w.say("All of it lies in a {database} database of yours. Nothing is sent anywhere but to Slack.",
              database=sheet.database),
    ]  # fmt: skip


def _protected(w: Wording) -> list[Mrkdwn]:
    return [
        w.say("• Who answered. No list exists, reminders go to everybody who wants them, answered or not, and the time"
              " of an answer is not kept."),
        w.say("• What one person answered. A result needs five answers or more, and no setting lowers that. Before a"
              " round opens, its plan is checked against everything that could be worked out from its results."),
        w.say("• Anything finer than what managers read. Flags, charts and departments are made of the same words."),
    ]  # fmt: skip


def _not_protected(w: Wording, sheet: DataSheet) -> list[Mrkdwn]:
    server = (
        w.say("• Whoever controls the server ({contact}) could record an open round.", contact=sheet.contact)
        if sheet.contact
        else w.say("• Whoever controls the server could record an open round.")
    )
    lines = [
        w.say("• Slack carries the answers and sees them on their way."),
        server,
        w.say("• Whoever copies the database and the keys together, while a round is open, can read that round."),
    ]
    if not sheet.keys_apart:
        lines.append(w.say("• :warning: Here the keys lie beside the database: one copied folder holds both."))
    lines += [
        w.say("• Style can betray a comment's author."),
        w.say("• Two members of a small group who put their own answers together may work out a third."),
    ]
    return lines


def _scopes(w: Wording, scopes: Sequence[str]) -> list[Mrkdwn]:
    reasons = {
        "channels:read": w.say("who is in a public channel that a team follows"),
        "chat:write": w.say("invitations, reminders and digests"),
        "commands": w.say("`/pulse`"),
        "groups:read": w.say("who is in a private channel that a team follows"),
        "users:read": w.say("names, time zones, languages, and who has left"),
    }
    lines = [
        w.say("• `{scope}`: {reason}", scope=scope, reason=reasons.get(scope, w.say("see the manifest")))
        for scope in scopes
    ]
    return [*lines, w.say("Not one of them reads messages, files or e-mail addresses.")]


def _law(w: Wording) -> list[Mrkdwn]:
    return [
        w.say("• While a round is open, its sealed answers are personal data; name your legal basis. A closed round is"
              " made to be anonymous (GDPR, recital 26)."),
        w.say("• In Germany a works council has a say in surveys that software could tie to people"
              " (§ 87 (1) no. 6 BetrVG; for a survey, Federal Labour Court, 1 ABR 13/17)."),
        w.say("• This is information and no legal advice."),
    ]  # fmt: skip


def _asked(w: Wording, sheet: DataSheet) -> list[Block]:
    blocks: list[Block] = [header(w.plain("Who is asked, and who reads"))]
    for pulse in sheet.pulses:
        blocks += [*paragraphs(_pulse_lines(w, pulse)), divider()]
    if not sheet.pulses:
        blocks += [*paragraphs([w.say("Nothing is being asked here yet.")]), divider()]
    admins = w.names(sheet.admins) if sheet.admins else w.plain("nobody yet")
    blocks += paragraphs(
        [
            w.say("*Admins* choose teams, readers, questions and times, and see no more results than others: {admins}.",
                  admins=admins),
            w.say("A team sees its own results two working days after its manager. No manager is counted in results"
                  " that they read."),
        ]
    )  # fmt: skip
    return blocks


def _pulse_lines(w: Wording, pulse: AskedPulse) -> list[Mrkdwn]:
    lines = [
        w.say(
            "*{pulse}*, set up by {admin}: {questions}, from “{question_set}”. A result needs {threshold} answers.",
            pulse=pulse.name,
            admin=pulse.admin,
            questions=every_words(w, pulse.questions, pulse.frequency),
            question_set=pulse.question_set,
            threshold=pulse.threshold,
        )
    ]
    lines += [w.say("It is paused.")] if pulse.paused else []
    shown, more = listed(pulse.units, _MOST_UNITS)
    lines += [_unit_line(w, unit) for unit in shown]
    lines += [w.say_many("And {n} more group.", "And {n} more groups.", more)] if more else []
    return lines


def _unit_line(w: Wording, unit: AskedUnit) -> Mrkdwn:
    if not unit.scored:
        return w.say_many(
            "• {unit}, {n} person: too small to have results, so nobody is asked.",
            "• {unit}, {n} people: too small to have results, so nobody is asked.",
            unit.people,
            unit=unit.name,
        )
    return w.say_many(
        "• {unit}, {n} person, read by {readers}.",
        "• {unit}, {n} people, read by {readers}.",
        unit.people,
        unit=unit.name,
        readers=reader_names(w, unit.readers),
    )


def _checked(w: Wording, sheet: DataSheet) -> list[Block]:
    title = header(w.plain("The check of the database"))
    how = w.say(
        "`murmur verify` reads the database, its files and the keys, and changes nothing. Whoever has a shell on the"
        " server can run it again, your own expert too."
    )
    if not sheet.report:
        lines = [w.say(":warning: It could not be made just now. Whoever runs the server can make it by hand.")]
    else:
        verdict = _verdict(w, sheet)
        shown, more = listed(sheet.report, _MOST_LINES)
        lines = [verdict, *(_report_line(w, clipped(line, _MOST_LINE)) for line in shown)]
        lines += [w.say_many("And {n} more line.", "And {n} more lines.", more)] if more else []
    return [title, *paragraphs(lines), context(how)]


def _verdict(w: Wording, sheet: DataSheet) -> Mrkdwn:
    if not sheet.as_promised:
        return w.say(":warning: *Something is not as promised.* What, and what to do, stands below.")
    if not sheet.worth_knowing:
        return w.say(":white_check_mark: *Everything is as promised.*")
    return w.say_many(
        ":white_check_mark: *Everything is as promised; {n} thing is worth knowing.* It says “note” below.",
        ":white_check_mark: *Everything is as promised; {n} things are worth knowing.* They say “note” below.",
        sheet.worth_knowing,
    )


def _report_line(w: Wording, line: str) -> Mrkdwn:
    return w.say("• {line}", line=line) if line.startswith(" ") else w.say("*{line}*", line=line)
