"""YouTube's refusals in sentences that say what to do.

Reasons: YouTube Data API v3, "Errors" and the error tables of commentThreads.list, comments.list, channels.list and
playlistItems.list.
"""

from __future__ import annotations

from connectors.errors import Refused, SourceError, Transient
from connectors.google_http import GoogleError

QUOTA_USED_UP = (
    "YouTube's daily quota is used up; it resets at midnight Pacific time (about 8 in the morning in the UK)."
)
NO_CHANNEL = "YouTube knows no such channel: look at channel_id in acto.toml (it begins with UC; a handle will not do)."
COMMENTS_OFF = "commentsDisabled"
QUOTA_REASONS = {"quotaExceeded", "dailyLimitExceeded"}
KEY_REASONS = {"API_KEY_INVALID", "keyInvalid", "API_KEY_EXPIRED", "keyExpired"}
SENTENCES = {
    **dict.fromkeys(QUOTA_REASONS, QUOTA_USED_UP),
    "accessNotConfigured": (
        "The key's Google Cloud project has not enabled the YouTube Data API v3: enable it in the Google Cloud console."
    ),
    COMMENTS_OFF: (
        "YouTube says that comments are turned off for this channel: if they are meant to be, take the source out of "
        "acto.toml."
    ),
    "channelNotFound": NO_CHANNEL,
}
BAD_KEY = "YouTube does not accept the key: make a new one in the Google Cloud console and set ACTO_YOUTUBE_API_KEY."
BAD_CONSENT = (
    "YouTube does not take the owner's consent for it: give consent again as docs/access/youtube.md says, from the account "
    "that owns the channel, and set ACTO_YOUTUBE_OAUTH."
)
NOT_ALLOWED = (
    "YouTube refuses the key: look at its restrictions in the Google Cloud console (it must allow the YouTube Data API "
    "v3 and this machine's address)."
)


def in_words_to_owner(error: GoogleError) -> SourceError:
    """The same for what is asked with the owner's consent: another refusal than that of the quota is one of the consent."""
    if error.status in (401, 403) and not error.reasons & QUOTA_REASONS:
        return Refused(BAD_CONSENT)
    return in_words(error)


def in_words(error: GoogleError) -> SourceError:
    """What a refusal of the whole source means for the pass: Refused where a human must act, else Transient.

    Google's own words stay out of the sentence: they may hold addresses and mark-up, and change without notice.
    """
    for reason, sentence in SENTENCES.items():
        if reason in error.reasons:
            return Refused(sentence)
    if error.reasons & KEY_REASONS or error.status == 401 or "API key" in error.message:
        return Refused(BAD_KEY)
    if error.status == 403:
        return Refused(NOT_ALLOWED)
    if error.status == 404:
        return Refused(NO_CHANNEL)
    told = f" ({', '.join(sorted(error.reasons))})" if error.reasons else ""
    return Transient(f"YouTube could not process our call: {error.status}{told}.")
