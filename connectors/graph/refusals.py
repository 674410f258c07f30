"""The Graph API's refusals, of Facebook and Instagram, in sentences that say what to do.

Codes: Graph API, "Handle Errors" (codes 1, 2, 4, 10, 17, 100, 190, 200-299, 368; subcodes 458 to 492), "Rate Limits",
and the Page node's reference for code 12.
"""

from __future__ import annotations

from collections.abc import Mapping

from connectors.errors import Refused, SourceError, Transient
from connectors.graph import GraphError

GONE_OR_NOT_ALLOWED = 33
DEPRECATED = 12
# "A Page access token is required for this call for the new Pages experience."
PAGE_TOKEN_NEEDED = 2069032
NEW_TOKEN = "make a new one as docs/access/{platform}.md says, and set {variable}."  # noqa: S105
TOKENS = {
    458: "The app was taken off the account that made the token: give it its permissions again, then " + NEW_TOKEN,
    459: (
        "{name} wants the owner of the token to log in on its website and confirm who they are; the token works again "
        "after that. If it does not, " + NEW_TOKEN
    ),
    460: "The password of the account that made the token was changed, which ends the token: " + NEW_TOKEN,
    463: "The token has run out: " + NEW_TOKEN,
    464: (
        "The account that made the token is not confirmed: its owner must log in on {name}'s website and confirm it. "
        "If that does not help, " + NEW_TOKEN
    ),
    467: "The token is not valid any more: " + NEW_TOKEN,
    492: (
        "The person who made the token has no role on our Page any more, so a new token of theirs would not help: give "
        "them the role again, or let somebody who has it make a token, as docs/access/{platform}.md says."
    ),
}
NO_TOKEN = "{name} does not accept the token: " + NEW_TOKEN
NOT_THE_PAGES = (
    "The token is a person's, not our Page's: take the Page token, as docs/access/{platform}.md says, and set it as "
    "{variable}."
)
NOT_ALLOWED = (
    "{name} says that the token lacks a permission ({permissions}). A permission that was not used for 90 days lapses by "
    "itself: " + NEW_TOKEN
)
NOT_FOUND = (
    "{name} shows us no such account: it is gone, or the token may not see it. Look at {key} in acto.toml, and at the "
    "token's permissions in docs/access/{platform}.md."
)
BLOCKED = (
    "{name} has blocked this account or app for now: its owner must look at the messages on {name}'s website and in the "
    "app's dashboard (docs/access/{platform}.md says where)."
)
NO_LONGER = "{name} does not offer this by its API any more: docs/access/{platform}.md says what to do instead."
FACEBOOK = {
    "platform": "facebook",
    "name": "Facebook",
    "key": "page_id",
    "variable": "ACTO_FACEBOOK_TOKEN",
    "permissions": "pages_read_engagement or pages_read_user_content",
}
INSTAGRAM = {
    "platform": "instagram",
    "name": "Instagram",
    "key": "user_id",
    "variable": "ACTO_INSTAGRAM_TOKEN",
    "permissions": "instagram_basic and instagram_manage_comments, or their instagram_business_ namesakes",
}


def in_words(error: GraphError, platform: Mapping[str, str] = FACEBOOK) -> SourceError:
    """What a refusal of the whole source means for the pass: Refused where a human must act, else Transient.

    `platform` is FACEBOOK or INSTAGRAM: the words that differ. Meta's own words stay out of the sentence.
    """
    sentence = _sentence(error)
    if sentence is not None:
        return Refused(sentence.format_map(platform))
    code = f" (code {error.code})" if error.code is not None else ""
    return Transient(f"{platform['name']} could not process our call: {error.status}{code}.")


def _sentence(error: GraphError) -> str | None:
    code, subcode = error.code, error.subcode
    if code in {210, 1705} or (code, subcode) == (190, PAGE_TOKEN_NEEDED):
        return NOT_THE_PAGES
    if code in {102, 190, 2500} or (code is None and error.status == 401):
        return TOKENS.get(subcode or 0, NO_TOKEN)
    if lacks_permission(error):
        return NOT_ALLOWED
    if may_be_gone(error) or code == 803:
        return NOT_FOUND
    return {368: BLOCKED, DEPRECATED: NO_LONGER}.get(code or 0)


def lacks_permission(error: GraphError) -> bool:
    """Whether the token may not see what was asked for (codes 10 and 200 to 299; 3 for the app as a whole)."""
    return error.code in {3, 10} or (error.code is not None and 200 <= error.code <= 299)


def may_be_gone(error: GraphError) -> bool:
    """Whether what was asked for is gone *or* not ours to see (100/33): never alone a sign that it was deleted."""
    return error.code == 100 and error.subcode == GONE_OR_NOT_ALLOWED
