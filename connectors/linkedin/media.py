"""The pictures, videos, links and polls of LinkedIn's posts and comments, with the words in them."""

from __future__ import annotations

from typing import Any

from connectors.item import Media
from connectors.json_values import entries, mapping_or_empty, text_or_none


def media_of_post(entry: Any) -> tuple[Media, ...]:
    """What the `content` of a post holds. Pictures have no address that lasts, so only their words are kept."""
    content = mapping_or_empty(entry, "content")
    found = []
    if article := mapping_or_empty(content, "article"):
        found.append(Media("article", text_or_none(article, "source"), text_or_none(article, "title")))
    pictures = [*entries(mapping_or_empty(content, "multiImage"), "images")]
    if single := mapping_or_empty(content, "media"):
        pictures.append(single)
    for one in pictures:
        words = text_or_none(one, "altText") or text_or_none(one, "title")
        found.append(Media(_type(text_or_none(one, "id")), text=words))
    if poll := mapping_or_empty(content, "poll"):
        lines = [text_or_none(poll, "question"), *(text_or_none(one, "text") for one in entries(poll, "options"))]
        found.append(Media("poll", text="\n".join(line for line in lines if line) or None))
    return tuple(found)


def media_of_comment(entry: Any) -> tuple[Media, ...]:
    """The pictures of a comment."""
    shown = entries(entry, "content")
    return tuple(Media((text_or_none(one, "type") or "image").lower(), text_or_none(one, "url")) for one in shown)


def _type(urn: str | None) -> str:
    """The word in `urn:li:image:…`, `urn:li:video:…`, `urn:li:document:…`."""
    parts = (urn or "").split(":")
    return parts[2] if len(parts) == 4 and parts[2].isalpha() else "image"
