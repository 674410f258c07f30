"""What has happened to one item, in its order: posted, edited, hidden, deleted, flagged, told, decided. Facts, no wording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.standing import Standing
from flows.unjudged import Unjudged, still_in_use
from warehouse.query import run_query

_QUERIES = Path(__file__).parent / "queries"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an item's content. `seen_at` is when we first saw it, `edited_at` when the platform says that it was
    made (None: it does not say). `text` is "" where retention has removed it; `media` are dicts of type, url and text.
    """

    revision: int
    text: str
    rating: float | None
    seen_at: datetime
    edited_at: datetime | None
    imported: bool
    media: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Change:
    """The item's state changed: `what` is hidden, shown (again after it was hidden), absent, unknown, deleted, restored
    (after it was absent or deleted), read_again (after it was unknown or expired) or expired.
    """

    what: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about a flag, and why; `expires_at` is when a dismissal ends."""

    flag_id: str
    decision: str
    reason: str
    decided_by: str
    decided_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """A report that told of flags of the item; `sent_at` is when its first recipient had it, None: nobody yet."""

    report_id: str
    run_id: str
    composed_at: datetime
    sent_at: datetime | None
    flag_ids: list[str]


@dataclass(frozen=True, slots=True)
class Raised:
    """One flag, on one version. `told_at` is when a report had first told somebody (None: nobody yet). `edited_away_at` is
    when we first saw a version without the words that were found, where the newest has none of them (None: they stand
    there, or are not kept). `found_again`: it was found when older items were judged again with a changed check.
    """

    flag_id: str
    revision: int
    check_id: str
    check_version: int
    clause: str
    title: str
    severity: str
    score: float
    evidence: str
    start_char: int
    end_char: int
    reason: str
    flagged_at: datetime
    status: str
    found_again: bool
    told_at: datetime | None
    edited_away_at: datetime | None

    @property
    def edited_away_before_told(self) -> bool:
        """Whether it was taken out of the text before anybody was told of it."""
        return self.edited_away_at is not None and (self.told_at is None or self.edited_away_at < self.told_at)


@dataclass(frozen=True, slots=True)
class Around:
    """An item near this one: what it answers, or what began the thread. "" for what is not known."""

    item_id: str
    kind: str
    author_name: str
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened `at` a moment; `what` is posted (the platform's time), seen (the first version), edited,
    state, flagged, standing, told or decided, `of` the fact that says more (None for posted).
    """

    at: datetime
    what: str
    of: Version | Change | Raised | Standing | Told | Decided | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything that is known of one item. Times are aware, in UTC; every list is in the order of time, but for `unjudged`:
    the checks that have not judged the newest text.
    """

    item_id: str
    platform: str
    kind: str
    url: str
    author_name: str
    author_handle: str
    author_role: str
    created_at: datetime | None
    first_seen_at: datetime
    last_seen_at: datetime | None
    state: str
    state_reason: str
    sources: list[str]
    parent: Around | None
    thread: Around | None
    versions: list[Version]
    changes: list[Change]
    flags: list[Raised]
    standings: list[Standing]
    decisions: list[Decided]
    reports: list[Told]
    unjudged: list[Unjudged]
    events: list[Event] = field(init=False)

    def __post_init__(self) -> None:
        """Put all of it in one order; what happened in the same moment in the order of cause and effect."""
        events = [Event(self.created_at, "posted", None)] if self.created_at else []
        events += [Event(one.seen_at, "edited" if one.revision > 1 else "seen", one) for one in self.versions]
        events += [Event(one.at, "state", one) for one in self.changes]
        events += [Event(one.flagged_at, "flagged", one) for one in self.flags]
        events += [Event(one.at, "standing", one) for one in self.standings]
        events += [Event(one.sent_at or one.composed_at, "told", one) for one in self.reports]
        events += [Event(one.decided_at, "decided", one) for one in self.decisions]
        object.__setattr__(self, "events", sorted(events, key=lambda event: event.at))


def read_timeline(history: Path, item_id: str) -> Timeline | None:
    """The timeline of an item (platform:id) in the published history; None where there is no such item."""
    result = run_query(history, _sql("timeline"), parameters={"item_id": item_id})
    if not result.rows:
        return None
    row = dict(zip(result.columns, result.rows[0], strict=True))
    versions = [Version(**{**one, "text": one["text"] or "", "media": one["media"] or []}) for one in row["versions"]]
    reports = [Told(**one) for one in row["reports"] or []]
    around = {one.pop("is_parent"): one for one in row["around"] or []}
    return Timeline(
        item_id=row["item_id"],
        platform=row["platform"],
        kind=row["kind"],
        url=row["url"] or "",
        author_name=row["author_name"] or "",
        author_handle=row["author_handle"] or "",
        author_role=row["author_role"],
        created_at=row["created_at"],
        first_seen_at=row["first_seen_at"],
        last_seen_at=row["last_seen_at"],
        state=row["state"],
        state_reason=row["state_reason"] or "",
        sources=row["sources"],
        parent=_around(around.get(True)) or _told_by_a_file(row["parent_id"], row["parent_text"]),
        thread=_around(around.get(False)),
        versions=versions,
        changes=_changes(row["changes"] or []),
        flags=[_raised(one, versions, reports) for one in row["flags"] or []],
        standings=_standings(history, row["item_key"]),
        decisions=[Decided(**one) for one in row["decisions"] or []],
        reports=reports,
        unjudged=_unjudged(history, row["item_key"]),
    )


def near_items(history: Path, given: str) -> list[tuple[str, str]]:
    """Items that somebody may have meant by an id that is none, at most five: item_id and what it has to do with it."""
    return [
        (str(item_id), str(why))
        for item_id, why in run_query(history, _sql("timeline_near"), parameters={"given": given}).rows
    ]


def _sql(name: str) -> str:
    return (_QUERIES / f"{name}.sql").read_text(encoding="utf-8")


def _standings(history: Path, item_key: int) -> list[Standing]:
    return [Standing(**row) for row in _rows(history, "standings", item_key)]


def _unjudged(history: Path, item_key: int) -> list[Unjudged]:
    return still_in_use(_rows(history, "unjudged", item_key))


def _rows(history: Path, query: str, item_key: int) -> list[dict[str, Any]]:
    result = run_query(history, _sql(query), parameters={"item_key": item_key})
    return [dict(zip(result.columns, row, strict=True)) for row in result.rows]


def _around(one: Mapping[str, Any] | None) -> Around | None:
    return (
        Around(one["item_id"], one["kind"], one["author_name"] or one["author_handle"] or "", one["text"] or "")
        if one
        else None
    )


def _told_by_a_file(item_id: str | None, text: str | None) -> Around | None:
    """What the item answers, where only the import of the item itself tells of it."""
    return Around(item_id or "", "", "", text) if text else None


def _changes(states: Sequence[Mapping[str, Any]]) -> list[Change]:
    """What each new state means after the one before it."""
    changes, before = [], "present"
    for one in states:
        state = "hidden" if (one["state"], one["reason"]) == ("deleted", "hidden") else one["state"]
        if state == "present":
            what = {"hidden": "shown", "absent": "restored", "deleted": "restored"}.get(before, "read_again")
        else:
            what = state
        changes.append(Change(what, one["reason"] or "", one["at"]))
        before = state
    return changes


def _raised(flag: Mapping[str, Any], versions: Sequence[Version], reports: Sequence[Told]) -> Raised:
    told = [one.sent_at for one in reports if one.sent_at and flag["flag_id"] in one.flag_ids]
    later = [one for one in versions if one.revision > flag["revision"]]
    evidence, gone_at = flag["evidence"], None
    if evidence and later and evidence not in later[-1].text:
        gone_at = next(one.seen_at for one in later if evidence not in one.text)
    return Raised(
        **{**flag, "title": flag["title"] or flag["check_id"]}, told_at=min(told, default=None), edited_away_at=gone_at
    )
