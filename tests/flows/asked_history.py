"""A small history in which every ready question and every example of the documentation finds something."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.flows.night import BEFORE, NOW, RUN, Night, a_night
from warehouse.flags import decide

POSTED = datetime(2026, 11, 20, 10, tzinfo=UTC)


def a_history_to_ask(night: Night) -> None:
    """The night of `a_night`, its runs, and a review that ACTO answered, one that it did not, edits, decisions, an erasure."""
    a_night(night)
    for run_id, at in (("20261112T040000Z-aaaa", BEFORE), (RUN, NOW)):
        night.insert("run_started", run_id=run_id, kind="scan", started_at=at)
        night.insert("run_ended", run_id=run_id, ended_at=at + timedelta(minutes=9), outcome="complete", note=None)
    review = night.item("r1", "Kind and quick", platform="google", kind="review", created_at=POSTED)
    night.item("r2", "Slow to answer", platform="google", kind="review", created_at=POSTED)
    store = night.store.connection()
    store.execute("UPDATE store.revision SET rating = 4 WHERE text IN ('Kind and quick', 'Slow to answer')")
    night.item(
        "r3",
        "Thank you",
        platform="google",
        kind="review_reply",
        role="official",
        author_handle="@acto",
        parent_id=review,
        created_at=POSTED + timedelta(hours=30),
    )
    quick = night.item("e1", "See you at five", created_at=POSTED, at=POSTED + timedelta(minutes=5))
    night.edit(quick, "See you at six", at=POSTED + timedelta(minutes=40))
    slow = night.item("e2", "One of these", created_at=POSTED, at=POSTED + timedelta(minutes=5))
    night.edit(slow, "Two of these", at=POSTED + timedelta(minutes=90))
    night.flag("youtube:g1", "hello")
    decide(night.store, "f00001", "escalated", "To the board", "Ann", BEFORE + timedelta(days=3), None)
    decide(night.store, "f00003", "dismissed", "Her own client list", "Ann", NOW + timedelta(hours=12), None)
    night.insert(
        "erasure", erasure_id="x", asked_for="author", platforms=["youtube"], items=1, versions=1, flags=0, decisions=0,
        clauses=[], said_by="Ann", recorded_at=NOW,
    )  # fmt: skip
