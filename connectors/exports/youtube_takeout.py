"""Google Takeout's "YouTube and YouTube Music": comments.csv, what the channel itself has written under videos.

The order of the columns has changed, and so has the text: it was plain, then `{"takeoutSegments":[{"text":"…"}]}`, and is
`{"text":"…"},{"text":"…"}` now. The file's name is in the account's language; so it is known by its columns. Never read:
what was watched or searched for, subscriptions, and all else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import orjson

from connectors.dates import read_date
from connectors.exports.shapes import Export, Found, Owner, Table
from connectors.item import Item
from connectors.json_values import entries
from connectors.youtube.items import WATCH


def row(cells: Mapping[str, str], raw: Mapping[str, str], owner: Owner) -> Iterator[Found]:
    """A comment or a reply, with the ids that the API has; the table names the channel by its id alone."""
    name, parent = cells["comment id"].strip(), cells.get("parent comment id", "").strip()
    if not name:
        raise ValueError("it has no id")
    # Comments under a channel's posts have no video.
    video, post = cells["video id"].strip(), cells.get("post id", "").strip()
    thread = cells.get("top-level comment id", "").strip() or parent.partition(".")[0] or name
    yield Item(
        platform="youtube",
        id=name,
        kind="reply" if parent else "comment",
        text=plain(cells["comment text"]),
        parent_id=thread if parent else video or post or None,
        thread_id=thread if parent else name,
        author_id=cells.get("channel id") or None,
        author_handle=owner.handle,
        url=f"{WATCH}{quote(video, safe='')}&lc={quote(name, safe='')}" if video else None,
        created_at=read_date(cells.get("comment create timestamp", "")),
        raw=raw,
    )


def plain(written: str) -> str:
    """The words of a comment out of their pieces of JSON; what is no such piece is the text itself."""
    try:
        pieces = orjson.loads(f"[{written}]")
    except orjson.JSONDecodeError:
        return written
    words = [word for piece in pieces for word in _words(piece)]
    return written if not words or None in words else "".join(word for word in words if word is not None)


def _words(piece: Any) -> list[str | None]:
    segments = entries(piece, "takeoutSegments") or [piece]
    texts = [one.get("text") if isinstance(one, Mapping) else None for one in segments]
    return [text if isinstance(text, str) else None for text in texts]


EXPORT = Export(
    looked_for="YouTube comments of Google Takeout (comments.csv)",
    tables=(Table(frozenset({"comment id", "video id", "comment text"}), row),),
)
