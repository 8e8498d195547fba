"""What it costs to lose somebody, in the digest of a manager."""

from bot.views.wording import Mrkdwn, Wording, joined
from surveys.costs import Replacement


def replacing_line(w: Wording, replacing: Replacement) -> Mrkdwn:
    """What replacing one person costs, and where the figure comes from; of how many will leave it says nothing."""
    cost = w.say(
        "*Replacing one person* costs 1.5 to 2 times a year's salary, by the usual estimate, so about {least} to {most}"
        " {currency} here.",
        least=w.number(replacing.least),
        most=w.number(replacing.most),
        currency=replacing.salary.currency,
    )
    who = replacing.salary.entered_by
    estimate = (
        w.say("An estimate: from the salary that {admin} entered, times 1.5 to 2.", admin=who)
        if who
        else w.say("An estimate: from the salary that an admin entered, times 1.5 to 2.")
    )
    alone = w.say("The team does not see this line.")
    return joined([cost, w.say("_{estimate}_", estimate=joined([estimate, alone], " "))], " ")
