"""The nodes of Facebook's Graph API: a Page, its posts, their comments, its recommendations, as mappings of fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors.sandbox.graph.answers import Edge, Node
from connectors.sandbox.world import Presence, Shown

PAGE = "104882613795120"
NAME = "ACTO"
USERNAME = "ACTO-online"
POSTS = ("post", "mention")
COMMENTS = ("comment", "reply")


def page(presence: Presence) -> Node:
    """The one Page of the sandbox."""

    def wall(*kinds: str, by_us: bool | None = None) -> Edge:
        return Edge(
            lambda asked: [
                post(presence, shown)
                for shown in on_the_wall(presence, asked)
                if shown.kind in kinds and by_us in (None, shown.author_id == PAGE)
            ],
            shown=("created_time", "message", "story"),
        )

    return {
        "id": PAGE,
        "name": NAME,
        "username": USERNAME,
        "link": f"https://www.facebook.com/{USERNAME}",
        "category": "Non-profit organisation",
        "feed": wall(*POSTS),
        "published_posts": wall("post", by_us=True),
        "posts": wall("post", by_us=True),
        "visitor_posts": wall("mention"),
        "tagged": wall("mention"),
        "ratings": Edge(
            lambda asked: [rating(shown) for shown in presence.by_kind["review"]],
            shown=("created_time", "recommendation_type", "review_text"),
        ),
    }


def on_the_wall(presence: Presence, asked: Mapping[str, str]) -> Sequence[Shown]:
    """Posts of all kinds, newest first, between `since` and `until` (seconds since 1970); hidden ones where asked for."""
    since, until = (_moment(asked.get(bound)) for bound in ("since", "until"))
    found = [shown for kind in POSTS for shown in presence.by_kind[kind]]
    return sorted(
        (
            shown
            for shown in found
            if (since is None or shown.posted_at.timestamp() >= since)
            and (until is None or shown.posted_at.timestamp() <= until)
            and (not shown.hidden or asked.get("include_hidden") == "true")
        ),
        key=lambda shown: (shown.posted_at, shown.id),
        reverse=True,
    )


def post(presence: Presence, shown: Shown) -> Node:
    """One post. `updated_time` moves with each comment."""
    below = comments_below(presence, shown)
    return {
        "id": shown.id,
        "message": shown.text or None,
        "story": shown.row.get("story"),
        "created_time": _time(shown.posted_at),
        "updated_time": _time(max([shown.posted_at, *(one.posted_at for one in below)])),
        "from": _by(shown),
        "to": None,
        "permalink_url": f"https://www.facebook.com/{USERNAME}/posts/{_last(shown.id)}",
        "is_hidden": shown.hidden,
        "is_published": True,
        "is_expired": False,
        "status_type": "added_photos" if shown.row.get("media") else "mobile_status_update",
        "attachments": {"data": attachments} if (attachments := _attachments(shown)) else None,
        "message_tags": None,
        "comments": Edge(_in_order(presence, shown), shown=("created_time", "from", "message")),
    }


def comment(presence: Presence, shown: Shown) -> Node:
    """One comment or reply. `from` is absent where the row has `anonymous`, as for some private profiles."""
    root, answered = root_of(presence, shown), presence.by_id.get(shown.parent or "")
    is_reply = shown.kind == "reply" and answered is not None
    attachments = _attachments(shown)
    return {
        "id": long_id(presence, shown),
        "message": shown.text,
        "created_time": _time(shown.posted_at),
        "from": _by(shown),
        "parent": {"id": long_id(presence, answered), "created_time": _time(answered.posted_at)}
        if is_reply and answered
        else None,
        "object": None,
        "attachment": attachments[0] if attachments else None,
        "message_tags": None,
        "permalink_url": f"https://www.facebook.com/{USERNAME}/posts/{_last(root.id)}?comment_id={shown.id}",
        "is_hidden": shown.hidden,
        "is_private": False,
        "can_comment": True,
        "comment_count": len(presence.answers[shown.id]),
        "like_count": shown.likes,
        "user_likes": False,
        "comments": Edge(_in_order(presence, shown), shown=("created_time", "from", "message")),
    }


def rating(shown: Shown) -> Node:
    """A recommendation (`recommends` true or false in the row), or a review with stars. The real rows have no id: it is
    here for the cursors, and taken out of the answer.
    """
    stars, recommends = shown.rating, shown.row.get("recommends")
    return {
        "id": shown.id,
        "created_time": _time(shown.posted_at),
        "has_rating": stars is not None,
        "has_review": bool(shown.text),
        "rating": None if stars is None else int(stars),
        "recommendation_type": None if recommends is None else "positive" if recommends else "negative",
        "review_text": shown.text or None,
        "reviewer": _by(shown),
        "open_graph_story": None if shown.row.get("no_story") else {"id": shown.id, "type": "sellers.rates"},
    }


def comments_below(presence: Presence, shown: Shown) -> list[Shown]:
    """All levels of comments, oldest first."""
    found = [one for direct in presence.answers[shown.id] for one in (direct, *comments_below(presence, direct))]
    return sorted(found, key=lambda one: (one.posted_at, one.id))


def root_of(presence: Presence, shown: Shown) -> Shown:
    """The post that a comment is on."""
    while shown.parent in presence.by_id:
        shown = presence.by_id[shown.parent]
    return shown


def long_id(presence: Presence, shown: Shown) -> str:
    """A comment's id as it is answered: the post's own part, then the comment's."""
    return f"{_last(root_of(presence, shown).id)}_{shown.id}"


def _in_order(presence: Presence, shown: Shown) -> Callable[[Mapping[str, str]], list[Node]]:
    """The comments below `shown`: the first level, or all with `filter=stream`."""

    def nodes(asked: Mapping[str, str]) -> list[Node]:
        below = comments_below(presence, shown)
        if asked.get("filter") != "stream":
            below = [one for one in below if one.parent == shown.id]
        if asked.get("order") == "reverse_chronological":
            below.reverse()
        return [comment(presence, one) for one in below]

    return nodes


def _by(shown: Shown) -> dict[str, Any] | None:
    """Id and name; Facebook gives no handle of anybody."""
    if shown.row.get("anonymous") or not shown.author_id:
        return None
    return {"id": shown.author_id, "name": shown.author_name}


def _attachments(shown: Shown) -> list[dict[str, Any]]:
    return [
        {
            "media": {"image": {"height": 720, "width": 720, "src": one["url"]}},
            "type": one.get("type", "photo"),
            "url": f"https://www.facebook.com/photo/?fbid={_last(shown.id)}",
            **({"description": one["text"]} if one.get("text") else {}),
        }
        for one in shown.row.get("media") or ()
    ]


def _last(name: str) -> str:
    return name.rpartition("_")[2]


def _time(time: datetime) -> str:
    """Without a colon in the offset, as Facebook writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S+0000")


def _moment(bound: str | None) -> float | None:
    return float(bound) if bound and bound.isdigit() else None
