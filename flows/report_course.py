"""What has become of things since earlier reports: changed, still open, waiting for the audit, and flags week by week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from flows.report_queries import rows

WEEKS = 6
MONTHS = 6


@dataclass(frozen=True, slots=True)
class ChangedItem:
    """A changed item with the worst of its flags that were told before; `status` is open, removal_asked or escalated."""

    platform: str
    kind: str
    created_at: datetime | None
    flag_id: str
    status: str


@dataclass(frozen=True, slots=True)
class Change:
    """What has happened to `total` items: reopened, edited_away, hidden, access lost, deleted, gone, back or edited.

    `flagged` of them have a flag that was told before and is still under way; `examples` are at most five of these.
    """

    change: str
    total: int
    flagged: int
    examples: list[ChangedItem]


@dataclass(frozen=True, slots=True)
class StillOpen:
    """How many items told in earlier reports stand so (open, reopened, escalated, removal_asked), and since when."""

    standing: str
    items: int
    urgent: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class AuditItem:
    """One of the `total` texts that were not flagged, and were drawn for the Chair to look at."""

    item_id: str
    platform: str
    kind: str
    created_at: datetime | None
    total: int


@dataclass(frozen=True, slots=True)
class ClauseWeeks:
    """How many flags a clause had in each of the last weeks, the latest last; `weeks` are the Mondays that they begin on."""

    clause: str
    weeks: list[date]
    flags: list[int]


@dataclass(frozen=True, slots=True)
class WithoutReport:
    """A scan that made no report: when it began, and why (`note`)."""

    started_at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Course:
    """What has become of things from the report before (`since`) to this one (`until`).

    `recall` holds the rows of store.recall: what the audit says in all, then month by month.
    """

    changes: list[Change]
    still_open: list[StillOpen]
    audit: list[AuditItem]
    recall: Sequence[Mapping[str, Any]]
    weeks: list[ClauseWeeks]
    without_report: list[WithoutReport]

    @property
    def audit_waiting(self) -> int:
        """How many texts wait to be looked at for the audit."""
        return self.audit[0].total if self.audit else 0

    @property
    def recall_by_month(self) -> Sequence[Mapping[str, Any]]:
        """The last months of `recall`; none where there is only one, which says what the whole says."""
        return self.recall[1:][-MONTHS:] if len(self.recall) > 2 else []


def read_course(
    connection: duckdb.DuckDBPyConnection, run_id: str, since: datetime, until: datetime, new: Sequence[str]
) -> Course:
    """The course of things after `since` up to `until` (aware), for the report of `run_id`; `new` are the flags that this tells
    first.
    """
    changes = rows(connection, "report_changes", since=since, until=until, new=new)
    return Course(
        changes=[_change(row) for row in changes],
        still_open=[StillOpen(**row) for row in rows(connection, "report_open", run_id=run_id, new=new)],
        audit=[AuditItem(**row) for row in rows(connection, "report_audit", until=until)],
        recall=rows(connection, "recall"),
        weeks=[ClauseWeeks(**row) for row in rows(connection, "report_weeks", until=until, weeks=WEEKS)],
        without_report=[WithoutReport(**row) for row in rows(connection, "report_without", run_id=run_id, since=since)],
    )


def _change(row: dict[str, Any]) -> Change:
    return Change(**{**row, "examples": [ChangedItem(**one) for one in row["examples"] or []]})
