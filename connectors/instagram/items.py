"""Instagram's media and comments as items (Graph API: IG Media, IG Comment, and what the account is mentioned in)."""

from __future__ import annotations

from typing import Any, Literal

from connectors.item import Item, Media, Rejected
from connectors.json_values import entries, mapping_or_empty, read_item, text, text_or_none, time_or_none

# What Instagram shows of anybody's media, of what tags us beside that, and of our own.
NAMED_MEDIA = "id,caption,timestamp,permalink,media_type,comments_count,username,owner"
TAGGED_MEDIA = f"{NAMED_MEDIA},children{{id,media_type,permalink}}"
OUR_MEDIA = f"{NAMED_MEDIA},alt_text,children{{id,media_type,permalink,alt_text}}"
REPLY = "id,text,timestamp,username,from,hidden,like_count,parent_id"
REPLIES_ALONG = 50
COMMENT = f"{REPLY},replies.limit({REPLIES_ALONG}){{{REPLY}}}"
NAMED_COMMENT = "id,text,timestamp,username,from,media{id,caption,permalink}"


def media(entry: Any, kind: Literal["post", "mention"]) -> Item | Rejected:
    """One media as an item: the text is its caption, empty where it has none. It begins the thread of its comments.

    `kind` is "mention" for media of others that tag or name us. Instagram does not say whether a caption was edited.
    """

    def build() -> Item:
        name, handle = text(entry, "id"), text_or_none(entry, "username")
        return Item(
            platform="instagram",
            id=name,
            kind=kind,
            text=text_or_none(entry, "caption") or "",
            thread_id=name,
            author_id=text_or_none(mapping_or_empty(entry, "owner"), "id"),
            author_name=handle,
            author_handle=handle,
            url=text_or_none(entry, "permalink"),
            created_at=time_or_none(entry, "timestamp"),
            media=tuple(_picture(one) for one in entries(mapping_or_empty(entry, "children"), "data") or [entry]),
            raw=entry,
        )

    return read_item("An Instagram post", entry, build, id=text_or_none(entry, "id"))


def comment(entry: Any, *, media_id: str, parent_id: str | None = None, url: str | None = None) -> Item | Rejected:
    """One comment on the media `media_id`, or a reply to the comment `parent_id`; `url` is where the media is shown.

    The author is absent without the permission for comments, and where the account is gone. `raw` is without the
    replies that came along: each is an item.
    """

    def build() -> Item:
        answers = parent_id or text_or_none(entry, "parent_id")
        return Item(
            platform="instagram",
            id=text(entry, "id"),
            kind="reply" if answers else "comment",
            text=_said(entry),
            parent_id=answers or media_id,
            thread_id=media_id,
            **_author(entry),
            url=url,
            created_at=time_or_none(entry, "timestamp"),
            raw={key: value for key, value in entry.items() if key != "replies"},
            hidden=entry.get("hidden") is True,
        )

    return read_item("An Instagram comment", entry, build, id=text_or_none(entry, "id"))


def mentioned_comment(entry: Any) -> Item | Rejected:
    """A comment on somebody else's media that names us: a thread by itself, since the rest of it is not shown to us."""

    def build() -> Item:
        name, on = text(entry, "id"), mapping_or_empty(entry, "media")
        return Item(
            platform="instagram",
            id=name,
            kind="mention",
            text=_said(entry),
            parent_id=text_or_none(on, "id"),
            thread_id=name,
            **_author(entry),
            url=text_or_none(on, "permalink"),
            created_at=time_or_none(entry, "timestamp"),
            parent_text=text_or_none(on, "caption"),
            raw=entry,
        )

    return read_item("An Instagram comment that mentions us", entry, build, id=text_or_none(entry, "id"))


def _said(entry: Any) -> str:
    """What a comment says: a comment that is only a moving picture says nothing."""
    said = entry.get("text")
    if not isinstance(said, str):
        raise ValueError("it has no text")
    return said


def _author(entry: Any) -> dict[str, Any]:
    """Who wrote a comment; Instagram's accounts have no other name than their handle here."""
    who = mapping_or_empty(entry, "from") or mapping_or_empty(entry, "user")
    handle = text_or_none(who, "username") or text_or_none(entry, "username")
    return {"author_id": text_or_none(who, "id"), "author_name": handle, "author_handle": handle}


def _picture(entry: Any) -> Media:
    """The picture or video of a media, or one of several.

    It is named by where it is shown: `media_url` has another signature in each answer, and would look like an edit.
    """
    kind = "video" if text_or_none(entry, "media_type") == "VIDEO" else "image"
    return Media(kind, text_or_none(entry, "permalink"), text_or_none(entry, "alt_text"))
