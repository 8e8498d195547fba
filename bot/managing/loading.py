"""A window that is filled later than Slack wants to be answered."""

import logging
import time

from slack_sdk.errors import SlackApiError

from bot.murmur import Murmur
from bot.refusals import reason
from bot.views.vocabulary import View

log = logging.getLogger(__name__)

_PATIENCE = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds between attempts to fill a window that Slack has not shown yet."""


def fill(murmur: Murmur, external_id: str, page: View) -> None:
    """Put `page` where the loading page is. It may not be there yet, for Slack shows it when the answer to the form
    has arrived, which goes another way; or no more, when it was closed meanwhile.
    """
    for wait in (*_PATIENCE, None):
        try:
            murmur.client.views_update(external_id=external_id, view={**page, "external_id": external_id})
        except SlackApiError as error:
            if reason(error) != "not_found":
                raise
            if wait is None:
                log.info("a window was closed before it was filled")
                return
            time.sleep(wait)
        else:
            return
