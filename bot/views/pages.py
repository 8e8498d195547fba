"""Windows of one paragraph: what stands in the way, or what was done."""

from bot.views.vocabulary import Post, View, modal, section
from bot.views.wording import Mrkdwn, Wording

PAGE = "page"
"""callback_id of all of them; nothing can be sent from one."""


def post_page(w: Wording, post: Post) -> View:
    """What `/pulse` would answer, in a window, for whoever did not type a command."""
    blocks = [block for block in post.blocks if block["type"] != "actions"]
    return modal(w.plain("Murmur"), blocks, callback_id=PAGE, close=w.plain("Close"))


def nothing_here(w: Wording) -> Mrkdwn:
    """For a button or a form that does nothing any more."""
    return w.say(
        "This is from an earlier version of Murmur and does nothing any more. Nothing was changed. What you"
        " can do now is in Murmur's Home, under Apps in Slack."
    )


def trouble(w: Wording) -> Mrkdwn:
    """When something broke, perhaps after it was done."""
    return w.say(
        "Something went wrong. Nothing that Murmur has confirmed is lost. Type /pulse to see where things stand; if it"
        " was not done, try again in a minute."
    )


def paragraph_page(w: Wording, text: Mrkdwn) -> View:
    """A paragraph in a window."""
    return modal(w.plain("Murmur"), [section(text)], callback_id=PAGE, close=w.plain("Close"))


def channel_not_readable(w: Wording) -> View:
    """When Murmur cannot see who is in a channel."""
    return paragraph_page(
        w,
        w.say(
            "Murmur cannot see who is in this channel. If it is private, type `/invite @Murmur` in it, then"
            " press Preview again. Nothing was changed, and nobody was told."
        ),
    )


def slack_in_trouble(w: Wording) -> View:
    """When Slack does not answer while people are looked up."""
    return paragraph_page(
        w,
        w.say(
            "Slack did not say who is on the team. Go back and press Preview again in a minute. Nothing was"
            " changed, and nobody was told."
        ),
    )


def name_taken(w: Wording, *, name: str) -> View:
    """When a department has the name of a team, or the other way round."""
    return paragraph_page(
        w,
        w.say(
            "A team and a department cannot share a name, and “{name}” is taken. Go back and choose another"
            " name. Nothing was changed, and nobody was told.",
            name=name,
        ),
    )


def team_there(w: Wording, *, team: str) -> View:
    """When somebody else has set up a team of the same name between a preview and its start."""
    return paragraph_page(
        w,
        w.say(
            "There is a team of this name already: “{team}” has just been set up by somebody else. Go back and choose"
            " another name, or press Preview again to change that team. Nothing was changed, and nobody was told.",
            team=team,
        ),
    )


def question_retired(w: Wording) -> View:
    """After an own question was retired."""
    return paragraph_page(
        w,
        w.say("The question is retired and will not be asked again. What it has shown so far is kept."),
    )
