"""X's posts as items (X API v2: the post object, called tweet until August 2026; both sets of names are read)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.item import Item, Kind, Media, Rejected
from connectors.json_values import entries, mapping_or_empty, read_item, text, text_or_none, time_or_none
from connectors.x.client import Answer
from connectors.x.ids import chain, first_id, given_out_at, is_id
from connectors.x.text import readable


@dataclass(frozen=True, slots=True)
class Account:
    """The account that is watched: its numeric id and its handle, without @."""

    id: str
    handle: str


def post(entry: Any, answer: Answer, account: Account) -> Item | Rejected | None:
    """One post as an item; None for a repost, which is nobody's own words.

    What `account` writes is a `post` or a `reply`; what others write is a `reply` where it answers the account, else a
    `mention`. An edited post keeps the id and the time of its first version. `answer` holds the authors and the media.
    Never raises.
    """
    if references(entry).get("retweeted"):
        return None
    return read_item("A post on X", entry, lambda: _item(entry, answer, account), id=first_id(entry))


def references(entry: Any) -> dict[str, str]:
    """The posts that a post refers to: `replied_to`, `quoted` or `retweeted`, each with an id."""
    told = entries(entry, "referenced_tweets") or entries(entry, "referenced_posts")
    return {str(one.get("type")): one["id"] for one in told if isinstance(one, Mapping) and is_id(one.get("id"))}


def newer_version(entry: Any) -> str | None:
    """The id of the newest version, where `entry` is an older one."""
    versions = chain(entry)
    return versions[-1] if versions and versions[-1] != entry["id"] else None


def _item(entry: Any, answer: Answer, account: Account) -> Item:
    versions = chain(entry)
    if not versions:
        raise ValueError("it has no id")
    author_id = text_or_none(entry, "author_id")
    author = answer.users.get(author_id or "", {})
    ours = author_id == account.id
    handle = text_or_none(author, "username") or (account.handle if ours else None)
    parent_id = references(entry).get("replied_to")
    edited_at = given_out_at(versions[-1]) if len(versions) > 1 else None
    return Item(
        platform="x",
        id=versions[0],
        kind=_kind(entry, parent_id, account, ours=ours),
        text=_text(entry),
        parent_id=parent_id,
        thread_id=_thread(entry, versions, parent_id),
        author_id=author_id,
        author_name=text_or_none(author, "name"),
        author_handle=handle,
        # "i" leads there whoever wrote it.
        url=f"https://x.com/{handle if _is_handle(handle) else 'i'}/status/{versions[0]}",
        created_at=(given_out_at(versions[0]) if edited_at else None) or time_or_none(entry, "created_at"),
        edited_at=edited_at,
        media=_media(entry, answer),
        raw=entry,
    )


def _kind(entry: Mapping[str, Any], parent_id: str | None, account: Account, *, ours: bool) -> Kind:
    if ours:
        return "reply" if parent_id else "post"
    return "reply" if parent_id and entry.get("in_reply_to_user_id") == account.id else "mention"


def _thread(entry: Mapping[str, Any], versions: list[str], parent_id: str | None) -> str:
    """The conversation; one that begins with an edited post has the id of its first version."""
    conversation = entry.get("conversation_id")
    if conversation is None:
        return parent_id or versions[0]
    if not is_id(conversation):
        raise ValueError("its conversation_id is no id")
    return versions[0] if conversation in versions else str(conversation)


def _text(entry: Mapping[str, Any]) -> str:
    """What a person reads: the long form where there is one. Raises ValueError where there is no text."""
    long_form = mapping_or_empty(entry, "note_tweet") or mapping_or_empty(entry, "note_post")
    written = text(long_form, "text") if long_form else entry.get("text")
    if not isinstance(written, str):
        raise ValueError("it has no text")
    holders = (mapping_or_empty(holder, "entities") for holder in (entry, long_form))
    return readable(written, [address for holder in holders for address in entries(holder, "urls")])


def _media(entry: Mapping[str, Any], answer: Answer) -> tuple[Media, ...]:
    keys = entries(mapping_or_empty(entry, "attachments"), "media_keys")
    found = (answer.media[key] for key in keys if isinstance(key, str) and key in answer.media)
    return tuple(
        Media(
            type=text_or_none(one, "type") or "media",
            url=text_or_none(one, "url") or text_or_none(one, "preview_image_url"),
            text=text_or_none(one, "alt_text"),
        )
        for one in found
    )


def _is_handle(handle: str | None) -> bool:
    return bool(handle) and handle.isascii() and handle.replace("_", "").isalnum()  # type: ignore[union-attr]
