"""What a platform shows at a moment: the story's rows with edits made, deletions done, nothing of the future."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

# The night on which the story of month.jsonl ends; every night is looked at at this hour, as the nightly scan does.
END = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shown:
    """One item as a platform shows it; `edited_at` is the last edit made so far. Times are in UTC."""

    id: str
    kind: str
    parent: str | None
    author_id: str | None
    author_name: str
    author_handle: str | None
    text: str
    posted_at: datetime
    edited_at: datetime | None
    likes: int
    rating: float | None
    comments_disabled: bool


class Presence:
    """All that one platform shows: by id, and newest first by kind and by what is answered."""

    def __init__(self, shown: Iterable[Shown]) -> None:
        newest_first = sorted(shown, key=lambda item: (item.posted_at, item.id), reverse=True)
        self.by_id = {item.id: item for item in newest_first}
        self.by_kind: dict[str, list[Shown]] = defaultdict(list)
        self.answers: dict[str, list[Shown]] = defaultdict(list)
        for item in newest_first:
            # What is deleted takes its answers with it.
            if item.parent is None or self._stands(item.parent):
                self.by_kind[item.kind].append(item)
                if item.parent is not None:
                    self.answers[item.parent].append(item)
            else:
                del self.by_id[item.id]

    def _stands(self, name: str | None) -> bool:
        while name is not None:
            if name not in self.by_id:
                return False
            name = self.by_id[name].parent
        return True


class World:
    """The story as of `now`: a time, or a day, whose nightly scan is meant.

    A row: `{"platform", "id", "kind", "parent", "author": {"id", "name", "handle"}, "text", "posted",
    "edits": [{"at", "text"}], "deleted", "restored", "rating", "likes"}`, and for a video `"comments_disabled"`.
    """

    def __init__(self, rows: Iterable[Mapping[str, Any]], now: date = END) -> None:
        self.now = now if isinstance(now, datetime) else datetime.combine(now, END.timetz())
        by_platform = defaultdict(list)
        for row in rows:
            if shown := _shown(row, self.now):
                by_platform[row["platform"]].append(shown)
        self._presences = {platform: Presence(shown) for platform, shown in by_platform.items()}

    def presence(self, platform: str) -> Presence:
        """What `platform` shows; nothing where the story does not touch it."""
        return self._presences.get(platform) or Presence(())


def moved(row: Mapping[str, Any], by: timedelta) -> Mapping[str, Any]:
    """The row with all its times moved."""

    def later(time: str | None) -> str | None:
        return (moment + by).isoformat() if (moment := _time(time)) else None

    edits = [{**edit, "at": later(edit["at"])} for edit in row.get("edits", [])]
    return {**row, **{name: later(row.get(name)) for name in ("posted", "deleted", "restored")}, "edits": edits}


def last_night(now: datetime) -> date:
    """The day of the last 02:30 UTC before `now`: the night that a demo or a test of today ends on."""
    return (now.astimezone(UTC) - timedelta(hours=END.hour, minutes=END.minute)).date()


def _shown(row: Mapping[str, Any], now: datetime) -> Shown | None:
    """The row as of `now`, None before it is posted and while it is deleted."""
    posted, deleted, restored = (_time(row.get(name)) for name in ("posted", "deleted", "restored"))
    if posted is None or posted > now:
        return None
    if deleted and deleted <= now and not (restored and restored <= now):
        return None
    edits = [edit for edit in row.get("edits") or () if datetime.fromisoformat(edit["at"]) <= now]
    author = row.get("author") or {}
    return Shown(
        id=row["id"],
        kind=row["kind"],
        parent=row.get("parent"),
        author_id=author.get("id"),
        author_name=author.get("name") or "",
        author_handle=author.get("handle"),
        text=edits[-1]["text"] if edits else row["text"],
        posted_at=posted,
        edited_at=_time(edits[-1]["at"]) if edits else None,
        likes=row.get("likes") or 0,
        rating=row.get("rating"),
        comments_disabled=bool(row.get("comments_disabled")),
    )


def _time(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value).astimezone(UTC) if value else None
