"""What every connector hands on: items, what could not be parsed, and the page they came on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Kind = Literal["post", "comment", "reply", "mention", "review", "review_reply"]


@dataclass(frozen=True, slots=True)
class Media:
    """One picture, video or file of an item; `text` is what it says (alt text, caption, OCR)."""

    type: str
    url: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One post, comment, reply, mention, review or review reply as a platform shows it now.

    All ids are the platform's own. Times are aware and in UTC; `edited_at` only where the platform says so.
    `rating` is on the scale 1 to 5. `raw` is the item's part of the answer, untouched.
    `parent_text` is for imports whose file does not hold the parent.
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


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something that could not be read as an item: it goes to quarantine with its raw bytes, and is counted."""

    reason: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a platform, or one slice of a file.

    `gaps` say in plain words what belonged here and could not be read; one gap makes the pass partial.
    `expected` is the number of items that the platform's own counters promise for this page, where it has them.
    `resume` is where to go on if the pass is interrupted after this page; None on the last page.
    """

    items: Sequence[Item] = ()
    rejected: Sequence[Rejected] = ()
    gaps: Sequence[str] = ()
    expected: int | None = None
    resume: Mapping[str, Any] | None = None
