"""What every connector hands on: items, what could not be parsed, what is gone, and the page they came on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Kind = Literal["post", "comment", "reply", "mention", "review", "review_reply"]
# Why something is not there for everybody any more: `removed` where the platform does not say by whom.
WhyGone = Literal["removed", "author removed", "hidden", "account gone", "access lost"]


@dataclass(frozen=True, slots=True)
class Media:
    """One picture, video, poll or file of an item; `text` is what it says (alt text, caption). It is kept, and not judged."""

    type: str
    url: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One post, comment, reply, mention, review or review reply as a platform shows it now.

    All ids are the platform's own. Times are aware and in UTC; `edited_at` only where the platform says so.
    `thread_id` is the id of what began the thread: a post's comments and replies have the post's.
    `rating` is on the scale 1 to 5. `raw` is the item's part of the answer, untouched.
    `parent_text` is for imports whose file does not hold the parent.
    `hidden` items are shown to us alone: the page has hidden them, or holds them back.
    """

    platform: str
    id: str
    kind: Kind
    text: str
    parent_id: str | None = None
    thread_id: str | None = None
    author_id: str | None = None
    author_name: str | None = None
    author_handle: str | None = None
    rating: float | None = None
    url: str | None = None
    created_at: datetime | None = None
    edited_at: datetime | None = None
    parent_text: str | None = None
    media: Sequence[Media] = ()
    raw: Mapping[str, Any] = field(default_factory=dict)
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something that could not be read as an item: it goes to quarantine with its raw bytes, and is counted.

    `id` is the platform's id of it, where that much could be read: it is there, so it is not gone.
    """

    reason: str
    raw: bytes
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """The platform, asked for this very id, says that it is not there for everybody any more, and why."""

    id: str
    why: WhyGone = "removed"


@dataclass(frozen=True, slots=True)
class ThreadRead:
    """A thread of which everything that the platform shows inside it has been handed on, on this page or before it in the
    pass. What began the thread need not be among it: whether that is gone is told by `Listed` and `Gone` alone.

    `counted` is the platform's own counter of it, by which the next pass can tell that something has changed.
    """

    id: str
    counted: int | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """All that the platform shows of these kinds that begins a thread, and was created from `since` to `until` (None:
    no bound), has been handed on, on this page or before it in the pass.
    """

    kinds: tuple[Kind, ...]
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a platform, or one slice of a file.

    `gaps` say in plain words what belonged here and could not be read; one gap makes the pass partial. `notes` say what
    the reader of the report should know although nothing is missing.
    `expected` is the number of items that the platform's own counters promise for this page, where it has them.
    `resume` is where to go on if the pass is interrupted after this page; None on the last page.
    `threads`, `listed` and `gone` are all that a deletion may be told from.
    `bookmark` is what the next pass needs to know, once this one has been finished (an ETag, the newest id seen).
    """

    items: Sequence[Item] = ()
    rejected: Sequence[Rejected] = ()
    gaps: Sequence[str] = ()
    expected: int | None = None
    resume: Mapping[str, Any] | None = None
    notes: Sequence[str] = ()
    threads: Sequence[ThreadRead] = ()
    listed: Sequence[Listed] = ()
    gone: Sequence[Gone] = ()
    bookmark: Mapping[str, Any] | None = None
