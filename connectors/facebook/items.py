"""Facebook's posts, comments and recommendations as items (Graph API: Page Post, Comment and Recommendation)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from connectors.item import Item, Media, Rejected
from connectors.json_values import count_or_none, entries, mapping_or_empty, read_item, text, text_or_none, time_or_none

FACEBOOK = "https://www.facebook.com/"


@dataclass(frozen=True, slots=True)
class OurPage:
    """The Page that the token belongs to; `handle` is its user name, or its name where it has none."""

    id: str
    handle: str | None = None


def post(entry: Any, ours: OurPage) -> Item | Rejected:
    """One post: our own as `post`, one of somebody else on our Page, or about it, as `mention`.

    Its text is its message, or the story that Facebook tells of it ("ACTO updated their cover photo."); a picture alone
    has none. Facebook does not say when a post was edited: `updated_time` moves with each comment.
    """

    def build() -> Item:
        name = text(entry, "id")
        by = _author(entry, ours)
        return Item(
            platform="facebook",
            id=name,
            kind="post" if by["author_id"] == ours.id else "mention",
            text=text_or_none(entry, "message") or text_or_none(entry, "story") or "",
            thread_id=name,
            url=_address(entry, name),
            created_at=time_or_none(entry, "created_time"),
            media=tuple(_media(entries(entry.get("attachments"), "data"))),
            raw=entry,
            hidden=entry.get("is_hidden") is True,
            **by,
        )

    return read_item("A Facebook post", entry, build, id=text_or_none(entry, "id"))


def comments(listed: list[Any], post_id: str, ours: OurPage, parent_id: str | None = None) -> Iterator[Item | Rejected]:
    """The comments on the post `post_id`, each followed by those that came along inside of it, which answer it."""
    for entry in listed:
        one = comment(entry, post_id, ours, parent_id)
        yield one
        yield from comments(along(entry), post_id, ours, one.id)


def along(entry: Any) -> list[Any]:
    """The comments that came along inside of a post or a comment, without having been asked for."""
    return entries(mapping_or_empty(entry, "comments"), "data")


def comment(entry: Any, post_id: str, ours: OurPage, parent_id: str | None = None) -> Item | Rejected:
    """One comment on the post `post_id`, or the reply to one: to `parent_id`, where it does not say to which.

    `from` is absent for some private profiles. A sticker or a picture needs no words: the text is empty then. There is
    no time of an edit: that shows in the changed text only.
    """
    written = text_or_none(entry, "id")
    name = comment_id(written) if written else None

    def build() -> Item:
        identity = comment_id(text(entry, "id"))
        answered = text_or_none(mapping_or_empty(entry, "parent"), "id") or parent_id
        attachment = mapping_or_empty(entry, "attachment")
        message = entry.get("message")
        if not isinstance(message, str) and not attachment:
            raise ValueError("it has neither words nor a picture")
        return Item(
            platform="facebook",
            id=identity,
            kind="reply" if answered else "comment",
            text=message if isinstance(message, str) else "",
            parent_id=comment_id(answered) if answered else post_id,
            thread_id=post_id,
            url=_address(entry, text(entry, "id")),
            created_at=time_or_none(entry, "created_time"),
            media=tuple(_media([attachment])) if attachment else (),
            raw=entry,
            hidden=entry.get("is_hidden") is True,
            **_author(entry, ours),
        )

    return read_item("A Facebook comment", entry, build, id=name)


def review(entry: Any) -> Item | Rejected:
    """One recommendation of our Page, or a review from before 2018.

    Those had 1 to 5 stars; a recommendation is yes or no (`recommendation_type`, in `raw`), which is no point on that
    scale, so it has no rating. A row has no id of its own: it is known by the story that it is kept as, else by who
    wrote it when. Our replies to it are not given by the API.
    """

    def build() -> Item:
        name = review_id(entry)
        if name is None:
            raise ValueError("it says neither who wrote it nor when")
        author = mapping_or_empty(entry, "reviewer")
        stars = count_or_none(entry, "rating")
        is_rated = stars is not None and 1 <= stars <= 5 and entry.get("has_rating") is not False
        return Item(
            platform="facebook",
            id=name,
            kind="review",
            text=text_or_none(entry, "review_text") or "",
            thread_id=name,
            author_id=text_or_none(author, "id"),
            author_name=text_or_none(author, "name"),
            rating=float(stars or 0) if is_rated else None,
            created_at=time_or_none(entry, "created_time"),
            raw=entry,
        )

    return read_item("A Facebook recommendation", entry, build, id=review_id(entry))


def review_id(entry: Any) -> str | None:
    """By what a row of the ratings is known; None where it says too little to be known again."""
    story = text_or_none(mapping_or_empty(entry, "open_graph_story"), "id")
    if story:
        return story
    by, when = text_or_none(mapping_or_empty(entry, "reviewer"), "id"), text_or_none(entry, "created_time")
    return f"review-{sha256(f'{by} {when}'.encode()).hexdigest()[:24]}" if when else None


def comment_id(written: str) -> str:
    """The id of a comment, which Facebook writes both as `98765` and as `POST_98765`: its last part, which stays."""
    return written.rpartition("_")[2] or written


def begun_at(entry: Any) -> datetime | None:
    """When an entry was created, in UTC; None where it does not say so that it can be read."""
    try:
        return time_or_none(entry, "created_time") if isinstance(entry, Mapping) else None
    except ValueError:
        return None


def counted(entry: Any) -> int | None:
    """How many comments and replies Facebook counts, from an answer or a post that was asked for their `summary`."""
    return count_or_none(mapping_or_empty(entry, "summary"), "total_count")


def _address(entry: Any, name: str) -> str:
    """Where to see it. Nothing but Facebook's own address is taken from an answer."""
    told = text_or_none(entry, "permalink_url") or ""
    return told if told.startswith(FACEBOOK) else f"{FACEBOOK}{quote(name, safe='')}"


def _author(entry: Any, ours: OurPage) -> dict[str, Any]:
    """Who wrote it. The API gives no user names but our own Page's."""
    author = mapping_or_empty(entry, "from")
    name = text_or_none(author, "id")
    return {
        "author_id": name,
        "author_name": text_or_none(author, "name"),
        "author_handle": ours.handle if name == ours.id else None,
    }


def _media(attachments: list[Any]) -> Iterator[Media]:
    """Each picture, video, sticker or link, with what it says of itself; an album's pictures are its subattachments."""
    for whole in attachments:
        for one in entries(mapping_or_empty(whole, "subattachments"), "data") or [whole]:
            image = mapping_or_empty(mapping_or_empty(one, "media"), "image")
            said = [words for words in (text_or_none(one, "title"), text_or_none(one, "description")) if words]
            yield Media(
                type=text_or_none(one, "type") or text_or_none(one, "media_type") or "attachment",
                url=text_or_none(image, "src") or text_or_none(one, "url"),
                text="\n".join(said) or None,
            )
