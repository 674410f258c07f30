"""Instagram's download in JSON.

Read: comments (post_comments_1.json, reels_comments.json, the comments.json of old downloads), posts, reels and stories
(posts_1.json, reels.json, stories.json, the media.json of old ones), and of the profile the user name. Never read:
messages, likes, searches, contacts, advertising, and all else. The download holds what the account itself has written:
the name beside a comment is that of the account under whose post it stands. There are no ids, so a comment's id is made of
its time, that name and its text, a post's of its time and its first picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from connectors.dates import read_date
from connectors.exports.meta_text import picture, readable
from connectors.exports.shapes import Export, Found, Owner, Shape, id_of
from connectors.item import Item
from connectors.json_values import entries, mapping_or_empty


def is_comment(entry: Any) -> bool:
    """Whether an entry is a comment, of any of the three layouts."""
    return _comment(entry) is not None


def comments(entry: Any, owner: Owner) -> Iterator[Found]:
    """The comment of an entry: the account's own words."""
    found = _comment(entry)
    if found is None:
        raise ValueError("it has no comment")
    moment, whose, written = found
    name = id_of(moment, whose, written)
    yield Item(
        platform="instagram",
        id=name,
        kind="comment",
        text=written,
        thread_id=name,
        author_name=owner.name,
        author_handle=owner.handle,
        created_at=read_date(moment),
        raw=entry if isinstance(entry, Mapping) else {"comment": entry},
    )


def is_post(entry: Any) -> bool:
    """Whether an entry is a post, reel or story."""
    return isinstance(entry, Mapping) and bool(_pictures(entry)) and _moment(entry) is not None


def posts(entry: Any, owner: Owner) -> Iterator[Found]:
    """The post of an entry; that of a single picture has its words beside the picture."""
    if not is_post(entry):
        raise ValueError("it has no picture, or no time")
    moment, pictures = _moment(entry), _pictures(entry)
    written = readable(entry.get("title") or entry.get("caption"))
    if not written and len(pictures) == 1:
        written = readable(pictures[0].get("title"))
    # The name of the picture's file holds Instagram's own number; words can be edited.
    name = id_of(moment, PurePosixPath(str(pictures[0].get("uri"))).stem)
    yield Item(
        platform="instagram",
        id=name,
        kind="post",
        text=written,
        thread_id=name,
        author_name=owner.name,
        author_handle=owner.handle,
        created_at=read_date(moment),
        media=[media for one in pictures if (media := picture(one))],
        raw=entry,
    )


def owner(entry: Any) -> Owner:
    """The account out of personal_information.json, or out of the profile.json of old downloads."""
    told = mapping_or_empty(entry, "string_map_data")
    handle = mapping_or_empty(told, "Username").get("value") or (isinstance(entry, Mapping) and entry.get("username"))
    return Owner(handle=readable(handle) or None, name=readable(handle) or None)


def _comment(entry: Any) -> tuple[Any, str, str] | None:
    """Time, account under whose post it stands, and text of a comment; None for what is none."""
    if isinstance(entry, list):
        if len(entry) != 3 or not all(isinstance(part, str) for part in entry) or read_date(entry[0]) is None:
            return None
        return entry[0], readable(entry[2]), readable(entry[1])
    listed = entries(entry, "string_list_data")
    if listed and isinstance(listed[0], Mapping) and isinstance(listed[0].get("value"), str):
        return listed[0].get("timestamp"), readable(entry.get("title")), readable(listed[0]["value"])
    told = mapping_or_empty(entry, "string_map_data")
    # The names are in the account's language, their order is the same in all.
    words = [
        part["value"] for part in told.values() if isinstance(part, Mapping) and isinstance(part.get("value"), str)
    ]
    moments = [part["timestamp"] for part in told.values() if isinstance(part, Mapping) and part.get("timestamp")]
    if not moments or not words or not ("Comment" in told or "media_list_data" in entry):
        return None
    written = mapping_or_empty(told, "Comment").get("value", words[0])
    whose = mapping_or_empty(told, "Media Owner").get("value", words[1] if len(words) > 1 else "")
    return moments[0], readable(whose), readable(written)


def _pictures(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    listed = [one for one in entries(entry, "media") if isinstance(one, Mapping)]
    if "uri" in entry:
        return [entry]
    return [{"uri": entry["path"]}] if isinstance(entry.get("path"), str) and "caption" in entry else listed


def _moment(entry: Mapping[str, Any]) -> Any:
    pictures = _pictures(entry)
    first = pictures[0] if pictures else {}
    return entry.get("creation_timestamp") or entry.get("taken_at") or first.get("creation_timestamp")


EXPORT = Export(
    looked_for="an Instagram download in JSON (post_comments_1.json, posts_1.json)",
    files=re.compile(
        r"(?:^|/)(?:(?:post_comments|reels_comments)(?:_\d+)?|comments|media|(?:posts|reels|stories|igtv_videos)(?:_\d+)?)"
        r"\.json$"
    ),
    shapes=(
        Shape(re.compile(r"|comments_\w+_comments|\w+_comments"), is_comment, comments),
        Shape(re.compile(r"|ig_reels_media|ig_stories|ig_igtv_media|photos|videos|stories"), is_post, posts),
    ),
    owner_files=re.compile(r"(?:^|/)(?:personal_information|profile)\.json$"),
    owner=owner,
)
