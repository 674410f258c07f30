"""Facebook's "Download your information" in JSON, of a profile or a Page.

Read: comments_and_reactions/comments.json, posts/your_posts….json and profile_posts….json, reviews/….json, and of
profile_information.json the user name and the name. Never read: messages, reactions, friends, advertising, and all else that
the download holds. Facebook gives no entry an id, so an item's id is made of its time, author and text (of its pictures,
where it has no text); one that was edited between two downloads becomes another item.

Also the table of a Page's posts that data connectors write from the API (Fivetran: post_history), which has ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.dates import read_date
from connectors.exports.meta_text import picture, readable
from connectors.exports.shapes import Export, Found, Owner, Shape, Table, id_of
from connectors.item import Item, Media
from connectors.json_values import entries, mapping_or_empty, text_or_none


def is_comment(entry: Any) -> bool:
    """Whether an entry is a comment."""
    return bool(_parts(entry, "comment"))


def comments(entry: Any, owner: Owner) -> Iterator[Found]:
    """The comment of an entry; what was only a picture or a sticker has no text."""
    pictures = _media(entry)
    if not is_comment(entry) and not pictures:
        raise ValueError("it has no comment")
    for comment in _parts(entry, "comment") or [{}]:
        moment = comment.get("timestamp") or entry.get("timestamp")
        author, written = readable(comment.get("author")), readable(comment.get("comment"))
        name = id_of(moment, author, written or _addresses(pictures))
        yield Item(
            platform="facebook",
            id=name,
            kind="reply" if " replied to " in readable(entry.get("title")) else "comment",
            text=written,
            thread_id=name,
            author_name=author or owner.name,
            author_handle=owner.handle if author in ("", owner.name) else None,
            created_at=_time(moment),
            media=pictures,
            raw=entry,
        )


def authors(entry: Any) -> list[str]:
    """The names of those who wrote the comments of an entry."""
    return [name for comment in _parts(entry, "comment") if (name := readable(comment.get("author")))]


def is_post(entry: Any) -> bool:
    """Whether an entry is a post: reactions stand in lists of the same kind."""
    return isinstance(entry, Mapping) and "timestamp" in entry and (_has_words(entry) or bool(_media(entry)))


def posts(entry: Any, owner: Owner) -> Iterator[Found]:
    """The post of an entry, with the words of its pictures; without any words, what Facebook says of it."""
    if not isinstance(entry, Mapping) or "timestamp" not in entry:
        raise ValueError("it has no time")
    written = "\n\n".join(readable(part["post"]) for part in entries(entry, "data") if _is_words(part))
    title = readable(entry.get("title"))
    pictures = _media(entry)
    if not (written or title or pictures):
        raise ValueError("it has neither words nor pictures")
    name = id_of(entry["timestamp"], title, written or _addresses(pictures))
    yield Item(
        platform="facebook",
        id=name,
        kind="post",
        text=written or title,
        thread_id=name,
        author_name=owner.name,
        author_handle=owner.handle,
        created_at=_time(entry["timestamp"]),
        media=pictures,
        raw=entry,
    )


def is_review(entry: Any) -> bool:
    """Whether an entry is a review or a recommendation."""
    return bool(_parts(entry, "review") or _parts(entry, "recommendation"))


def reviews(entry: Any, owner: Owner) -> Iterator[Found]:
    """The review of an entry. A recommendation has no stars: whether it is one for or against stays in the raw record."""
    found = _parts(entry, "review") or _parts(entry, "recommendation")
    if not found:
        raise ValueError("it has no review")
    for review in found:
        moment = review.get("timestamp") or entry.get("timestamp")
        author = readable(review.get("author") or review.get("reviewer"))
        written = next(
            filter(None, (readable(review.get(key)) for key in ("review", "text", "comment", "message"))), ""
        )
        name = id_of(moment, author, written)
        stars = review.get("rating")
        yield Item(
            platform="facebook",
            id=name,
            kind="review",
            text=written,
            thread_id=name,
            author_name=author or None,
            rating=float(stars) if isinstance(stars, int | float) and 1 <= stars <= 5 else None,
            created_at=_time(moment),
            raw=entry,
        )


def owner(entry: Any) -> Owner:
    """The profile or Page out of profile_information.json."""
    profile = mapping_or_empty(entry, "profile_v2")
    name = readable(mapping_or_empty(profile, "name").get("full_name"))
    return Owner(handle=readable(profile.get("username")) or None, name=name or None)


def post_row(cells: Mapping[str, str], row: Mapping[str, str], owner: Owner) -> Iterator[Found]:
    """A post out of a connector's table."""
    if not (name := cells["id"].strip()):
        raise ValueError("it has no id")
    yield Item(
        platform="facebook",
        id=name,
        kind="post",
        text=cells["message"],
        thread_id=name,
        author_id=cells["page_id"] or None,
        author_handle=owner.handle,
        created_at=read_date(cells["created_time"]),
        raw=row,
        hidden=cells.get("is_hidden", "").lower() == "true",
    )


def _parts(entry: Any, key: str) -> list[Mapping[str, Any]]:
    """What stands under `key` in the parts of an entry's data."""
    return [found for part in entries(entry, "data") if (found := mapping_or_empty(part, key))]


def _is_words(part: Any) -> bool:
    return text_or_none(part, "post") is not None


def _has_words(entry: Mapping[str, Any]) -> bool:
    return any(map(_is_words, entries(entry, "data")))


def _media(entry: Any) -> list[Media]:
    found = []
    for attachment in entries(entry, "attachments"):
        for part in entries(attachment, "data"):
            if media := picture(mapping_or_empty(part, "media")):
                found.append(media)
            elif address := text_or_none(mapping_or_empty(part, "external_context"), "url"):
                found.append(Media("link", address))
    return found


def _addresses(media: list[Media]) -> str:
    return " ".join(one.url or "" for one in media)


def _time(moment: Any) -> Any:
    return None if moment is None else read_date(moment)


EXPORT = Export(
    looked_for="a Facebook download in JSON (comments.json, your_posts….json, reviews)",
    files=re.compile(
        r"(?:^|/)(?:(?:comments_and_reactions|comments)/comments(?:_\d+)?"
        r"|posts/(?:your_posts|profile_posts|page_posts|posts_)[^/]*"
        r"|(?:page_)?(?:reviews|recommendations)/[^/]*)\.json$",
        re.IGNORECASE,
    ),
    shapes=(
        Shape(re.compile(r"comments(?:_v\d)?"), is_comment, comments),
        Shape(re.compile(r"|(?:your_|page_|profile_)?posts(?:_v\d)?|status_updates"), is_post, posts),
        Shape(re.compile(r"|(?:page_)?(?:reviews|ratings|recommendations)(?:_v\d)?"), is_review, reviews),
    ),
    owner_files=re.compile(r"(?:^|/)profile_information\.json$"),
    owner=owner,
    authors=authors,
    tables=(Table(frozenset({"id", "page_id", "created_time", "message", "status_type"}), post_row),),
)
