"""What Instagram's Graph API shows of an account, a media and a comment: their fields and the lists that hang on them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from connectors.sandbox.graph.answers import Edge, Lookup, Node
from connectors.sandbox.graph.refusals import Refusal, refusal
from connectors.sandbox.world import Presence, Shown

USER = "17841400000001042"
# What `/me` calls the account for the app that asks: not the number that lists hang on.
APP_SCOPED = "26460000000001042"
USERNAME = "acto_online"


def account(presence: Presence, name: str) -> Node:
    """The account as `name`, its own number or `me`."""
    posts = presence.by_kind["post"]
    return {
        "id": APP_SCOPED if name == "me" else USER,
        "user_id": USER,
        "username": USERNAME,
        "name": "ACTO",
        "media_count": len(posts),
        "media": Edge(lambda _: [media(presence, one) for one in posts]),
        "tags": Edge(lambda _: [media(presence, one) for one in tagged(presence)]),
        "mentioned_media": Lookup(lambda asked: _mentioned(presence, asked.get("media_id"), of_comment=False)),
        "mentioned_comment": Lookup(lambda asked: _mentioned(presence, asked.get("comment_id"), of_comment=True)),
    }


def media(presence: Presence, shown: Shown) -> Node:
    """One media; of other people's, less is shown."""
    ours = shown.kind == "post"
    parts = shown.row.get("media") or [{}]
    address = f"https://www.instagram.com/p/{_short(shown.id)}/"
    several = len(parts) > 1
    node: dict[str, object] = {
        "id": shown.id,
        "caption": shown.text or None,
        "timestamp": _time(shown.posted_at),
        "permalink": address,
        "shortcode": _short(shown.id),
        "media_type": "CAROUSEL_ALBUM" if several else parts[0].get("type", "IMAGE"),
        "media_product_type": "FEED",
        "media_url": _signed(presence, shown.id),
        "comments_count": _count(presence, shown.id),
        "like_count": shown.likes,
        "username": USERNAME if ours else shown.author_handle,
        "owner": {"id": USER} if ours else None,
        "alt_text": parts[0].get("alt_text") if not several else None,
        "children": Edge(lambda _: [_child(presence, shown, place) for place in range(len(parts))])
        if several
        else None,
    }
    if ours:
        node |= {"is_comment_enabled": True, "comments": Edge(lambda _: _comments(presence, shown), _SHOWN, 25, 50)}
    return node


def comment(presence: Presence, shown: Shown) -> Node:
    """A comment or a reply. An account that is gone has neither number nor name."""
    who = {"id": shown.author_id, "username": shown.author_handle} if shown.author_id else None
    on = presence.by_id.get(shown.parent or "")
    node: dict[str, object] = {
        "id": shown.id,
        "text": shown.text,
        "timestamp": _time(shown.posted_at),
        "username": shown.author_handle,
        "from": who,
        "hidden": shown.hidden,
        "like_count": shown.likes,
        "parent_id": shown.parent if shown.kind == "reply" else None,
        "media": {"id": (on.parent if on and shown.kind == "reply" else shown.parent)},
    }
    if shown.kind == "comment":
        node["replies"] = Edge(lambda _: [comment(presence, one) for one in shown_answers(presence, shown.id)], _SHOWN)
    return node


def tagged(presence: Presence) -> list[Shown]:
    """The media that tag the account, newest first."""
    return [one for one in presence.by_kind["mention"] if not one.row.get("named")]


def shown_answers(presence: Presence, name: str) -> list[Shown]:
    """What answers `name`, newest first, without what is withheld."""
    return [one for one in presence.answers.get(name, []) if not one.row.get("withheld")]


_SHOWN = ("id", "text", "timestamp")


def _comments(presence: Presence, shown: Shown) -> list[Node]:
    if shown.row.get("live"):
        raise Refusal(refusal("permission"))
    return [comment(presence, one) for one in shown_answers(presence, shown.id)]


def _count(presence: Presence, name: str) -> int:
    answers = presence.answers.get(name, [])
    return sum(1 + _count(presence, one.id) for one in answers)


def _child(presence: Presence, shown: Shown, place: int) -> Node:
    part = shown.row["media"][place]
    name = f"{shown.id}{place + 1}"
    return {
        "id": name,
        "media_type": part.get("type", "IMAGE"),
        "media_url": _signed(presence, name),
        "permalink": f"https://www.instagram.com/p/{_short(name)}/",
        "alt_text": part.get("alt_text"),
    }


def _mentioned(presence: Presence, name: str | None, *, of_comment: bool) -> Node:
    shown = presence.by_id.get(name or "")
    if shown is None or shown.kind != "mention" or bool(shown.row.get("on")) != of_comment:
        raise Refusal(refusal("gone"))
    if not of_comment:
        return media(presence, shown)
    on: Mapping[str, str] = shown.row["on"]
    of_others = {"id": on["id"], "caption": on.get("caption"), "permalink": f"https://www.instagram.com/p/{on['id']}/"}
    return {**comment(presence, shown), "parent_id": None, "media": of_others}


def _signed(presence: Presence, name: str) -> str:
    """The address of a picture has another signature each time."""
    return f"https://scontent.cdninstagram.example/{name}.jpg?oe={int(presence.now.timestamp()):X}"


def _short(name: str) -> str:
    return f"C{int(name):x}" if name.isdigit() else f"C{name}"


def _time(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S+0000")
