"""What the warehouse has to say in one report, read through the public views; nothing here decides how it is worded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

import duckdb

from flows.report_course import Course, read_course
from flows.report_queries import rows
from warehouse.evidence.chain import head_before_report

SEVERITIES = ("urgent", "high", "normal", "low")


@dataclass(frozen=True, slots=True)
class Finding:
    """One flag: what a check found in `text` from `start_char` to `end_char`; `text` is None where no longer kept.

    `flagged_before` is when an earlier version of the text was first flagged by the same check; `edited_away`: there is a
    later version, and what was found is no longer in it; `found_again`: found when older items were judged again.
    """

    flag_id: str
    check_id: str
    clause: str
    title: str
    severity: str
    reason: str
    evidence: str
    start_char: int
    end_char: int
    text: str | None
    flagged_before: datetime | None
    edited_since: bool
    edited_away: bool
    found_again: bool


@dataclass(frozen=True, slots=True)
class FlaggedItem:
    """One item with all its new flags, the most severe first. `people` are the names in its thread, to be masked."""

    item_id: str
    platform: str
    kind: str
    url: str | None
    author_name: str | None
    author_handle: str | None
    author_role: str
    created_at: datetime | None
    state: str
    state_reason: str | None
    people: list[str]
    findings: list[Finding]

    @property
    def severity(self) -> str:
        """The severity of the worst finding."""
        return self.findings[0].severity


@dataclass(frozen=True, slots=True)
class SourceRead:
    """What was read of one source in this run; `unreadable` are the reasons why entries went to quarantine.

    `of_days`: the user asked only for threads begun from `since` to `until`, the last moment of the last day (None: no bound).
    Of the last `scans` scans that were to read it, none of them of some days, `in_full` did so in full.
    """

    source: str
    platform: str
    outcome: str
    reason: str | None
    since: datetime | None
    of_days: bool
    until: datetime | None
    items_seen: int
    items_new: int
    items_edited: int
    items_gone: int
    expected: int | None
    quarantined: int
    unreadable: list[str]
    scans: int
    in_full: int


@dataclass(frozen=True, slots=True)
class Undelivered:
    """An earlier report that has not reached everybody: the addresses that were `refused` for good and `why`, those for which
    it is `waiting`, and those that it has `reached`.
    """

    run_id: str
    composed_at: datetime
    refused: list[str]
    waiting: list[str]
    reached: list[str]
    why: str


@dataclass(frozen=True, slots=True)
class Older:
    """How many versions of items are still to be judged again because checks have changed, and in about how many nights
    that is done (None: not by itself).
    """

    versions: int
    nights: int | None


@dataclass(frozen=True, slots=True)
class Removal:
    """How much retention has removed: `what` is item, entry, report or page, `rule` why."""

    what: str
    rule: str
    number: int


@dataclass(frozen=True, slots=True)
class Holds:
    """How many items are held, and of how many the review is overdue; the oldest of these since a day in London."""

    held: int
    overdue: int
    since: date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that one report tells. `since` is the report before; None where this is the first.

    `seal` is the code of the chain's last link before the report.
    """

    since: datetime | None
    items: list[FlaggedItem]
    sources: list[SourceRead]
    course: Course
    undelivered: list[Undelivered]
    removed: list[Removal]
    holds: Holds
    checks: int
    seal: str


@dataclass(frozen=True, slots=True)
class Counted:
    """How many posts a report is about: those `to_review`, `urgent` of them so; and of those that were told before, how many are
    `open_again` since the last report, and how many wait for a decision (`undecided`, these among them).
    """

    to_review: int
    urgent: int
    open_again: int
    undecided: int


def count_told(connection: duckdb.DuckDBPyConnection, run_id: str, now: datetime) -> Counted | None:
    """The numbers of the report of `run_id`, as it counts them itself; None where there is no report. `now` is aware."""
    if not connection.execute("SELECT 1 FROM store.report WHERE run_id = ?", [run_id]).fetchone():
        return None
    window = rows(connection, "report_window", run_id=run_id, now=now)[0]
    flags = rows(connection, "report_flags", run_id=run_id)
    new = [row["flag_id"] for row in flags]
    changes = rows(connection, "report_changes", **window, new=new)
    still_open = rows(connection, "report_open", run_id=run_id, new=new)
    return Counted(
        to_review=len({row["item_id"] for row in flags}),
        urgent=len({row["item_id"] for row in flags if row["severity"] == "urgent"}),
        open_again=sum(row["total"] for row in changes if row["change"] == "reopened"),
        undecided=sum(row["items"] for row in still_open if row["standing"] in ("open", "reopened")),
    )


def read_facts(connection: duckdb.DuckDBPyConnection, run_id: str, now: datetime) -> Facts:
    """The facts of the report of `run_id`, composed at `now` (aware); for a frozen report, those that it told."""
    window = rows(connection, "report_window", run_id=run_id, now=now)[0]
    flags = rows(connection, "report_flags", run_id=run_id)
    return Facts(
        since=window["since"] if window["since"].year > 1970 else None,
        items=_items(flags),
        sources=[
            SourceRead(**{**row, "unreadable": row["unreadable"] or []})
            for row in rows(connection, "report_coverage", run_id=run_id)
        ],
        course=read_course(connection, run_id, **window, new=[row["flag_id"] for row in flags]),
        undelivered=[
            Undelivered(**row) for row in rows(connection, "report_undelivered", run_id=run_id, until=window["until"])
        ],
        removed=[Removal(**row) for row in rows(connection, "report_removed", **window)],
        holds=Holds(**rows(connection, "report_holds", until=window["until"])[0]),
        checks=connection.execute(
            "SELECT count(DISTINCT check_id) FROM store.check_version WHERE check_id <> 'raised_concern'"
        ).fetchall()[0][0],
        seal=head_before_report(connection, f"report-{run_id}").code,
    )


def _items(flags: Iterable[dict[str, Any]]) -> list[FlaggedItem]:
    """The flags by item, the item with the most severe flag first, then the newest."""
    items = []
    for _, group in groupby(flags, key=lambda row: row["item_id"]):
        of_item = list(group)
        findings = [_pick(Finding, row, title=row["title"] or row["check_id"]) for row in of_item]
        findings.sort(key=lambda finding: SEVERITIES.index(finding.severity))
        items.append(_pick(FlaggedItem, of_item[0], people=of_item[0]["people"] or [], findings=findings))
    return sorted(items, key=lambda item: SEVERITIES.index(item.severity))


def _pick(kind: Any, row: dict[str, Any], **more: Any) -> Any:
    """A `kind` from those columns of the row that it has."""
    known = {name: row[name] for name in kind.__dataclass_fields__ if name in row}
    return kind(**{**known, **more})
