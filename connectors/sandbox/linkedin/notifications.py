"""LinkedIn's notifications to the administrators of a page, told from the story."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from connectors.sandbox.linkedin.resources import OWN, little_text, milliseconds, place, place_and_number
from connectors.sandbox.world import Presence, Shown

KEPT = timedelta(days=60)


def notifications(presence: Presence) -> list[dict[str, Any]]:
    """All of the last 60 days, newest first."""
    places = {place(post): post for post in presence.by_kind["post"]}
    told = [*_of_those_that_stand(presence, places), *_of_those_that_are_gone(presence, places)]
    now, first = milliseconds(presence.now), milliseconds(presence.now - KEPT)
    kept = [one for one in told if first <= one["lastModifiedAt"] <= now]
    return sorted(kept, key=lambda one: (one["lastModifiedAt"], one["notificationId"]), reverse=True)


def _of_those_that_stand(presence: Presence, places: Mapping[str, Shown]) -> Iterator[dict[str, Any]]:
    for shown in presence.by_id.values():
        if shown.kind == "mention":
            yield _mention(shown)
        elif shown.kind in {"comment", "reply"}:
            for action, at, text in _happenings(shown.row, presence.now):
                yield _comment(shown.row, action, at, text, places)


def _of_those_that_are_gone(presence: Presence, places: Mapping[str, Shown]) -> Iterator[dict[str, Any]]:
    """A deleted comment leaves its notifications, without what it said."""
    for row in presence.gone.values():
        if row["kind"] in {"comment", "reply"}:
            for action, at, _ in _happenings(row, presence.now):
                yield _comment(row, action, at, None, places)
            yield _comment(row, "COMMENT_DELETE", datetime.fromisoformat(row["deleted"]), None, places)


def _happenings(row: Mapping[str, Any], now: datetime) -> Iterator[tuple[str, datetime, str]]:
    ours = (row.get("author") or {}).get("id") == OWN
    yield "ADMIN_COMMENT" if ours else "COMMENT", datetime.fromisoformat(row["posted"]), row["text"]
    for edit in row.get("edits") or ():
        if datetime.fromisoformat(edit["at"]) <= now:
            yield "COMMENT_EDIT", datetime.fromisoformat(edit["at"]), edit["text"]


def _comment(
    row: Mapping[str, Any], action: str, at: datetime, text: str | None, places: Mapping[str, Shown]
) -> dict[str, Any]:
    under, number = place_and_number(row["id"])
    told = {
        **_head(row["id"], action, at),
        "sourcePost": under,
        # As LinkedIn writes it here: without the urn:li: of the inner URN.
        "generatedActivity": f"urn:li:comment:({under.removeprefix('urn:li:')},{number})",
    }
    if under in places:
        post = places[under]
        text_of_post = little_text(post.text, {})
        told["decoratedSourcePost"] = {"owner": OWN, "mediaCategory": "NONE", "text": text_of_post, "entity": post.id}
    if text is not None:
        decorated = {"owner": (row.get("author") or {}).get("id"), "text": text, "entity": row["id"], "object": under}
        told["decoratedGeneratedActivity"] = {"comment": decorated}
    return told


def _mention(shown: Shown) -> dict[str, Any]:
    """`undecorated` mentions come without their text."""
    told = {**_head(shown.id, "SHARE_MENTION", shown.posted_at), "sourcePost": shown.id, "generatedActivity": shown.id}
    if not shown.row.get("undecorated"):
        share = {"owner": shown.author_id, "text": shown.text, "entity": shown.id}
        told["decoratedGeneratedActivity"] = {"share": share}
    return told


def _head(name: str, action: str, at: datetime) -> dict[str, Any]:
    return {
        "notificationId": crc32(f"{name} {action} {at.isoformat()}".encode()),
        "organizationalEntity": OWN,
        "subscriber": "urn:li:person:sandboxAdmin",
        "action": action,
        "lastModifiedAt": milliseconds(at),
    }
