"""Google's reviews and the owner's replies as items (Google My Business API v4: Review and ReviewReply resources).

Google names no account of a reviewer, and no address of a review.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from connectors.item import Item, Media, Rejected
from connectors.json_values import entries, mapping_or_empty, read_item, text, text_or_none, time_or_none

# Only the owner of a profile can answer a review of it: the name by which our reports know ACTO.
OWNER = "ACTO (owner)"
STARS = {"ONE": 1.0, "TWO": 2.0, "THREE": 3.0, "FOUR": 4.0, "FIVE": 5.0}
NOT_PUBLIC = {"PENDING", "REJECTED"}
NAME = re.compile(r"accounts/[^/]+/(locations/[0-9]+/reviews/[\w=~-]+)", re.ASCII)
TRANSLATED, ORIGINAL = "(Translated by Google)", "(Original)"


def review_id(entry: Any) -> str | None:
    """`locations/L/reviews/R`: the account in front of it in `name` is not always the same one."""
    found = NAME.fullmatch(text_or_none(entry, "name") or "")
    return found[1] if found else None


def review(entry: Any) -> list[Item | Rejected]:
    """One Review resource as a review, and the reply to it if there is one. Nothing for null, which Google sends at times.

    A review of stars alone has the text "". The name of somebody who wants none is None.
    """
    if entry is None:
        return []
    name = review_id(entry)
    read = [read_item("A Google review", entry, lambda: _review(entry, name), id=name)]
    reply = entry.get("reviewReply") if isinstance(entry, Mapping) else None
    if reply and name is not None:
        reply_id = f"{name}/reply"
        read.append(read_item("A reply to a Google review", reply, lambda: _reply(reply, reply_id, name), id=reply_id))
    return read


def original(written: str) -> str:
    """What somebody wrote, without Google's translation of it, which stands before or after it."""
    if written.startswith(TRANSLATED):
        _, found, after = written.partition(f"\n{ORIGINAL}")
        return after.strip() if found else written
    before, _, _ = written.partition(f"\n\n{TRANSLATED}")
    return before.rstrip() if before else written


def _review(entry: Mapping[str, Any], name: str | None) -> Item:
    if name is None:
        raise ValueError("it has no name")
    reviewer = mapping_or_empty(entry, "reviewer")
    created_at, updated_at = time_or_none(entry, "createTime"), time_or_none(entry, "updateTime")
    return Item(
        platform="google",
        id=name,
        kind="review",
        text=original(text_or_none(entry, "comment") or ""),
        thread_id=name,
        author_name=None if reviewer.get("isAnonymous") is True else text_or_none(reviewer, "displayName"),
        rating=STARS.get(text_or_none(entry, "starRating") or ""),
        created_at=created_at,
        edited_at=updated_at if updated_at != created_at else None,
        media=[_media(one) for one in entries(entry, "reviewMediaItems") if isinstance(one, Mapping)],
        raw={key: value for key, value in entry.items() if key != "reviewReply"},
    )


def _reply(entry: Mapping[str, Any], reply_id: str, name: str) -> Item:
    """Of its times Google tells only the last change."""
    return Item(
        platform="google",
        id=reply_id,
        kind="review_reply",
        text=original(text(entry, "comment")),
        parent_id=name,
        thread_id=name,
        author_name=OWNER,
        created_at=time_or_none(entry, "updateTime"),
        raw=entry,
        hidden=entry.get("reviewReplyState") in NOT_PUBLIC,
    )


def _media(entry: Mapping[str, Any]) -> Media:
    video = text_or_none(entry, "videoUrl")
    return Media("video" if video else "image", video or text_or_none(entry, "thumbnailUrl"))
