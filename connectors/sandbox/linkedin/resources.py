"""LinkedIn's resources: what a post, a comment and the page look like in JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors.sandbox.world import Presence, Shown

ORGANIZATION = "18273645"
OWN = f"urn:li:organization:{ORGANIZATION}"
VANITY_NAME = "acto-uk"
RESERVED = re.compile(r"[|{}@\[\]()<>#\\*_~]")
HASHTAG = re.compile(r"#(\w+)")
SHARE = re.compile(r"urn:li:(?:share|ugcPost):")


def organization() -> dict[str, Any]:
    """The one page of the sandbox, as its administrator sees it."""
    return {
        "id": int(ORGANIZATION),
        "vanityName": VANITY_NAME,
        "localizedName": "ACTO",
        "name": {"localized": {"en_GB": "ACTO"}, "preferredLocale": {"country": "GB", "language": "en"}},
    }


def post(shown: Shown) -> dict[str, Any]:
    """A post; `lifecycle`, `created`, `content` and `mentions` of its row say what is special about it."""
    row = shown.row
    published = milliseconds(shown.posted_at)
    created = milliseconds(datetime.fromisoformat(row["created"])) if row.get("created") else published
    return {
        "id": shown.id,
        "author": shown.author_id,
        "commentary": little_text(shown.text, row.get("mentions") or {}),
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "thirdPartyDistributionChannels": []},
        "lifecycleState": row.get("lifecycle", "PUBLISHED"),
        "lifecycleStateInfo": {"isEditedByAuthor": shown.edited_at is not None},
        "isReshareDisabledByAuthor": False,
        "createdAt": created,
        "publishedAt": published,
        # A little later than publishedAt even where nobody has changed anything.
        "lastModifiedAt": changed_at(shown),
        **({"content": row["content"]} if row.get("content") else {}),
    }


def comment(shown: Shown, presence: Presence, *, old: bool) -> dict[str, Any]:
    """A comment or a reply; `old` versions name it `$URN`."""
    replies = presence.answers.get(shown.id, [])
    parent = presence.by_id.get(shown.parent or "")
    answered = parent is not None and parent.kind != "post"
    place, number = place_and_number(shown.id)
    stamp = {"actor": shown.author_id}
    if shown.author_id == OWN:
        stamp["impersonator"] = "urn:li:person:sandboxAdmin"
    return {
        "actor": shown.author_id,
        "$URN" if old else "commentUrn": shown.id,
        "id": number,
        "object": place,
        "message": {"attributes": shown.row.get("attributes") or [], "text": shown.text},
        "created": {**stamp, "time": milliseconds(shown.posted_at)},
        "lastModified": {**stamp, "time": milliseconds(shown.edited_at or shown.posted_at)},
        "likesSummary": {"selectedLikes": [], "aggregatedTotalLikes": shown.likes, "totalLikes": shown.likes},
        "commentsSummary": summary(replies),
        **({"parentComment": shown.parent} if answered else {}),
        **({"content": shown.row["content"]} if shown.row.get("content") else {}),
    }


def summary(answers: Sequence[Shown]) -> dict[str, Any]:
    """What stands under a post or a comment: a few of the answers, and how many there are."""
    return {
        "selectedComments": [one.id for one in answers[:2]],
        "totalFirstLevelComments": len(answers),
        "aggregatedTotalComments": len(answers),
    }


def little_text(text: str, mentions: Mapping[str, str]) -> str:
    r"""`text` as LinkedIn keeps it: reserved characters behind a backslash, hashtags and `mentions` (name: URN) as
    templates.
    """
    names = "|".join(re.escape(f"@{name}") for name in mentions)
    written, end = "", 0
    for found in re.finditer(rf"{HASHTAG.pattern}{'|' + names if names else ''}", text):
        written += _escaped(text[end : found.start()])
        name = found[0][1:]
        if found[1]:
            written += rf"{{hashtag|\#|{_escaped(name)}}}"
        else:
            written += f"@[{_escaped(name)}]({_escaped(mentions[name])})"
        end = found.end()
    return written + _escaped(text[end:])


def changed_at(shown: Shown) -> int:
    """When a post was last touched, in milliseconds since 1970."""
    return milliseconds(shown.edited_at) if shown.edited_at else milliseconds(shown.posted_at) + 245


def milliseconds(time: datetime) -> int:
    """The time as LinkedIn gives it."""
    return round(time.timestamp() * 1000)


def place(shown: Shown) -> str:
    """A post's place in the feed, which is another number than its own."""
    return str(shown.row.get("activity") or SHARE.sub("urn:li:activity:", shown.id))


def place_and_number(comment_urn: str) -> tuple[str, str]:
    """The parts of urn:li:comment:(PLACE,NUMBER)."""
    under, _, number = comment_urn.removeprefix("urn:li:comment:(").removesuffix(")").rpartition(",")
    return under, number


def _escaped(text: str) -> str:
    return RESERVED.sub(lambda found: f"\\{found[0]}", text)
