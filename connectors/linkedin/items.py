"""LinkedIn's posts, comments and mentions as items (Posts API, Comments API; older `/v2` comments too).

Authors are URNs alone: LinkedIn's terms forbid us to store members' names, so `author_name` is always None.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from connectors.dates import in_utc
from connectors.item import Item, Rejected
from connectors.json_values import count_or_none, entries, mapping, mapping_or_empty, read_item, rejected, text_or_none
from connectors.linkedin.media import media_of_comment, media_of_post
from connectors.linkedin.text import plain
from connectors.linkedin.urns import comment_urn, is_post, link

# PUBLISHED_EDITED is what older versions say of a post that was changed.
PUBLISHED = {"PUBLISHED", "PUBLISHED_EDITED"}


@dataclass(frozen=True, slots=True)
class Ourselves:
    """Our organization: its number, and the handle by which it is known as official."""

    number: str
    handle: str

    @property
    def urn(self) -> str:
        """Its URN."""
        return f"urn:li:organization:{self.number}"

    def handle_of(self, author: str | None) -> str | None:
        """The handle of what our organization wrote; None for everybody else. `company` is the older word."""
        return self.handle if author in {self.urn, f"urn:li:company:{self.number}"} else None


@dataclass(frozen=True, slots=True)
class Post:
    """One post as listed. `changed_at` is when LinkedIn last touched it, in UTC, by which its list is ordered.

    One without an id is rejected whole.
    """

    item: Item | Rejected
    id: str | None
    published: bool = True
    changed_at: datetime | None = None

    @property
    def begun_at(self) -> datetime | None:
        """When it was published, in UTC; None where that could not be read."""
        return self.item.created_at if isinstance(self.item, Item) else None


def post(entry: Any, us: Ourselves) -> Post:
    """Read one post; never raises.

    `createdAt` may be weeks before `publishedAt`, for a draft or a planned post: what counts is when people could see it.
    `lastModifiedAt` also moves when a post is published or processed, so it is an edit only where LinkedIn says so.
    """
    name = text_or_none(entry, "id")
    if name is None or not is_post(name):
        return Post(rejected("A LinkedIn post could not be read: it has no id.", entry), None)

    def build() -> Item:
        commentary = entry.get("commentary")
        if commentary is not None and not isinstance(commentary, str):
            raise ValueError("its commentary is not a text")
        author = text_or_none(entry, "author")
        edited = mapping_or_empty(entry, "lifecycleStateInfo").get("isEditedByAuthor") is True
        return Item(
            platform="linkedin",
            id=name,
            kind="post",
            text=plain(commentary or ""),
            thread_id=name,
            author_id=author,
            author_handle=us.handle_of(author),
            url=link(name),
            created_at=_moment(entry, "publishedAt") or _moment(entry, "createdAt"),
            edited_at=_moment(entry, "lastModifiedAt") if edited else None,
            media=media_of_post(entry),
            raw=entry,
        )

    item = read_item("A LinkedIn post", entry, build, id=name)
    state = text_or_none(entry, "lifecycleState")
    return Post(item, name, state is None or state in PUBLISHED, _latest(entry))


def comment(entry: Any, us: Ourselves, *, thread_id: str, parent_id: str | None = None) -> Item | Rejected:
    """Read one comment on the post `thread_id`, or one reply to the comment `parent_id`; never raises."""
    name = comment_key(entry)

    def build() -> Item:
        if name is None:
            raise ValueError("it has no URN")
        message = mapping_or_empty(entry, "message")
        pictures = media_of_comment(entry)
        written = message.get("text", "" if pictures else None)
        if not isinstance(written, str):
            raise ValueError("it has no text")
        author = text_or_none(entry, "actor")
        parent = comment_urn(entry.get("parentComment")) or parent_id
        created_at = _moment(mapping(entry, "created"), "time")
        changed_at = _moment(mapping_or_empty(entry, "lastModified"), "time")
        return Item(
            platform="linkedin",
            id=name,
            kind="reply" if parent else "comment",
            text=written,
            parent_id=parent or thread_id,
            thread_id=thread_id,
            author_id=author,
            author_handle=us.handle_of(author),
            url=link(thread_id, name),
            created_at=created_at,
            edited_at=changed_at if changed_at and created_at and changed_at > created_at else None,
            media=pictures,
            raw=entry,
        )

    return read_item("A LinkedIn comment", entry, build, id=name)


def as_mention(read: Post) -> Item | Rejected:
    """The post of somebody else, which mentions our page."""
    return replace(read.item, kind="mention") if isinstance(read.item, Item) else read.item


def mention(entry: Any, name: str, text: str, author: str | None) -> Item | Rejected:
    """The post `name` by somebody else, which mentions our page, as its notification `entry` shows it; never raises.

    Its text there is plain already.
    """

    def build() -> Item:
        return Item(
            platform="linkedin",
            id=name,
            kind="mention",
            text=text,
            thread_id=name,
            author_id=author,
            url=link(name),
            created_at=_moment(entry, "lastModifiedAt"),
            raw=entry,
        )

    return read_item("A LinkedIn mention", entry, build, id=name)


def comment_key(entry: Any) -> str | None:
    """A comment's URN: `commentUrn`, in older answers `$URN`; where there is neither, made of what it stands under and
    its `id`, which is unique only there. None for what cannot be told apart.
    """
    told = text_or_none(entry, "commentUrn") or text_or_none(entry, "$URN")
    number = text_or_none(entry, "id") or count_or_none(entry, "id")
    return comment_urn(told or (f"urn:li:comment:({text_or_none(entry, 'object')},{number})" if number else None))


def reply_count(entry: Any) -> int:
    """How many replies a comment has at least, as LinkedIn counts them or names a few of them."""
    summary = mapping_or_empty(entry, "commentsSummary")
    counts = (count_or_none(summary, key) or 0 for key in ("totalFirstLevelComments", "aggregatedTotalComments"))
    return max(*counts, len(entries(summary, "selectedComments")))


def _moment(entry: Any, key: str) -> datetime | None:
    """The time under `key`, which LinkedIn gives in milliseconds since 1970. Raises ValueError where it is none."""
    value = entry.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"its {key} is not a time")
    try:
        return in_utc(datetime.fromtimestamp(value / 1000, UTC))
    except (ValueError, OverflowError, OSError):
        raise ValueError(f"its {key} is not a time") from None


def _latest(entry: Any) -> datetime | None:
    try:
        times = [_moment(entry, key) for key in ("lastModifiedAt", "publishedAt", "createdAt")]
    except ValueError:
        return None
    return max((time for time in times if time), default=None)
