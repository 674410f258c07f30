"""What a platform shows at a moment: the story's rows with edits made, deletions done, nothing of the future."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

# The night on which the story of month.jsonl ends; every night is looked at at this hour, as the nightly scan does.
END = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
TIMES = ("posted", "deleted", "restored", "hidden", "unhidden")


@dataclass(frozen=True, slots=True)
class Shown:
    """One item as a platform shows it; `edited_at` is the last edit made so far. Times are in UTC.

    `hidden` items are shown to the owner of the page alone. `row` is the row of the story, for what only one platform has.
    """

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
    hidden: bool
    row: Mapping[str, Any]


class Presence:
    """All that one platform shows: by id, and newest first by kind and by what is answered.

    `gone` are the rows, by id, of what was posted and is deleted now. `now` is the moment that is shown.
    """

    def __init__(self, shown: Iterable[Shown], gone: Mapping[str, Mapping[str, Any]], now: datetime) -> None:
        self.now = now
        self.gone = gone
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
    "edits": [{"at", "text"}], "deleted", "restored", "hidden", "unhidden", "rating", "likes"}`, and what else one
    platform has.
    """

    def __init__(self, rows: Iterable[Mapping[str, Any]], now: date = END) -> None:
        self.now = now if isinstance(now, datetime) else datetime.combine(now, END.timetz())
        by_platform: dict[str, list[Shown]] = defaultdict(list)
        gone: dict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
        for row in rows:
            if shown := _shown(row, self.now):
                by_platform[row["platform"]].append(shown)
            elif (posted := _time(row.get("posted"))) and posted <= self.now:
                gone[row["platform"]][row["id"]] = row
        self._presences = {
            platform: Presence(by_platform[platform], gone[platform], self.now) for platform in by_platform | gone
        }

    def presence(self, platform: str) -> Presence:
        """What `platform` shows; nothing where the story does not touch it."""
        return self._presences.get(platform) or Presence((), {}, self.now)


def moved(row: Mapping[str, Any], by: timedelta) -> Mapping[str, Any]:
    """The row with all its times moved."""

    def later(time: str | None) -> str | None:
        return (moment + by).isoformat() if (moment := _time(time)) else None

    edits = [{**edit, "at": later(edit["at"])} for edit in row.get("edits", [])]
    return {**row, **{name: later(row.get(name)) for name in TIMES}, "edits": edits}


def last_night(now: datetime) -> date:
    """The day of the last 02:30 UTC before `now`: the night that a demo or a test of today ends on."""
    return (now.astimezone(UTC) - timedelta(hours=END.hour, minutes=END.minute)).date()


def _shown(row: Mapping[str, Any], now: datetime) -> Shown | None:
    """The row as of `now`, None before it is posted and while it is deleted."""
    posted = _time(row.get("posted"))
    if posted is None or posted > now or _under_way(row, now, "deleted", "restored"):
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
        hidden=_under_way(row, now, "hidden", "unhidden"),
        row=row,
    )


def _under_way(row: Mapping[str, Any], now: datetime, begun: str, ended: str) -> bool:
    start, end = _time(row.get(begun)), _time(row.get(ended))
    return bool(start and start <= now and not (end and end <= now))


def _time(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value).astimezone(UTC) if value else None
