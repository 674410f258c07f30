"""The public views are a contract: others have written SQL against these names and types."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.item import Item
from tests.warehouse.conftest import NOW, Land, comment, rows
from warehouse.flags import decide
from warehouse.outbox import FrozenMessage, FrozenReport, record_delivery
from warehouse.runs import Coverage, end_run, record_coverage, start_run
from warehouse.store import Store, StoreError

VIEWS = {
    "items": "item_id source platform kind parent_id thread_id author_id author_name author_handle author_role text rating "
    "url created_at edited_at first_seen_at last_seen_at state state_reason revision",
    "revisions": "item_id revision text rating seen_at run_id content_hash",
    "media": "item_id revision position type url text found",
    "flags": "flag_id item_id revision check_id check_version clause severity score evidence start_char end_char reason "
    "run_id flagged_at status decided_at",
    "decisions": "flag_id decision reason decided_by decided_at expires_at",
    "runs": "run_id kind started_at ended_at outcome items_new items_edited items_gone flags_new",
    "coverage": "run_id source platform outcome reason since until items_seen items_new items_edited items_gone expected "
    "requests quarantined",
    "quarantine": "quarantine_id source run_id seen_at reason raw",
    "checks": "check_id version clause severity title flags_total open dismissed precision precision_n",
    "reports": "report_id run_id composed_at sent_at recipients subject status",
}


def test_there_are_exactly_the_views_that_were_promised(store: Store) -> None:
    """A view more is a promise that nobody wanted to keep."""
    found = rows(store, "SELECT view_name FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal")
    assert {name for (name,) in found} == VIEWS.keys()


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_has_its_columns_in_their_order(view: str, store: Store) -> None:
    """Spreadsheets and scripts go by names and places."""
    columns = rows(store, f"SELECT column_name, column_type FROM (DESCRIBE {view})")
    assert [name for name, _ in columns] == VIEWS[view].split()
    for name, kind in columns:
        if name.endswith("_at") or name in ("since", "until"):
            assert kind == "TIMESTAMP WITH TIME ZONE", name
        assert "HUGEINT" not in kind, f"{name}: pandas and spreadsheets make a float of it"


FLAG = """INSERT INTO store.flag
    SELECT $flag_id, item_key, revision_id, revision, 'r2_own_safety', 1, 'R2', 'high', 0.9, 'talk', 7, 11, 'Because.', 'run', $at
    FROM store.revision WHERE revision_id = 1"""


@pytest.fixture
def flagged(store: Store, land_items: Land) -> Store:
    """A comment with one flag, f1."""
    land_items(comment())
    with store.transaction() as connection:
        connection.execute(FLAG, {"flag_id": "f1", "at": NOW})
    return store


def status(store: Store) -> str:
    return str(rows(store, "SELECT status FROM flags")[0][0])


def test_a_flag_is_open_until_it_is_decided_and_the_last_decision_counts(flagged: Store) -> None:
    """The Chair may change her mind; what she thought before stays in the log."""
    assert status(flagged) == "open"
    for decision in ("escalated", "dismissed"):
        decide(flagged, "f1", decision, "Because.", "Chair", NOW, None)
        assert status(flagged) == decision
    assert rows(flagged, "SELECT decision, decided_by FROM decisions") == [
        ("escalated", "Chair"),
        ("dismissed", "Chair"),
    ]


def test_a_dismissal_that_has_run_out_is_open_again(flagged: Store) -> None:
    """Dismissed for a month is not dismissed for ever."""
    decide(flagged, "f1", "dismissed", "", "Chair", NOW, NOW + timedelta(days=30))
    assert status(flagged) == "open"


def test_a_flag_that_a_newer_check_no_longer_finds_has_expired_unless_it_was_decided(flagged: Store) -> None:
    """A judgement of a person outweighs that of a check."""
    with flagged.transaction() as connection:
        connection.execute("INSERT INTO store.flag_standing VALUES ('f1', false, 2, 'run', now())")
    assert status(flagged) == "expired"
    decide(flagged, "f1", "dismissed", "", "Chair", NOW, NOW + timedelta(days=30))
    assert status(flagged) == "expired", "a dismissal that has run out brings back only what still stands"
    decide(flagged, "f1", "resolved", "", "Chair", NOW, None)
    assert status(flagged) == "resolved"


def test_a_decision_needs_a_flag_and_a_word_that_is_known(flagged: Store) -> None:
    """A typing error must not be taken for a decision."""
    with pytest.raises(StoreError, match="There is no flag 'f2'"):
        decide(flagged, "f2", "dismissed", "", "Chair", NOW, None)
    with pytest.raises(ValueError, match="binned"):
        decide(flagged, "f1", "binned", "", "Chair", NOW, None)
    assert rows(flagged, "FROM decisions") == []


def test_who_wrote_is_known_by_handle_and_nobody_by_a_display_name(store: Store, land_items: Land) -> None:
    """A stranger who calls himself ACTO must not be judged as ACTO; only the owner can answer a review as the owner."""
    with store.transaction() as connection:
        connection.execute(
            """INSERT INTO store.handle VALUES ('youtube', '@HywelProsser', 'member', 'M1', false),
               ('youtube', 'Mair', 'member', 'M2', false), ('google', 'ACTO (owner)', 'official', NULL, false)"""
        )
    review = Item(platform="google", id="1", kind="review", text="One star", author_name="ACTO (owner)")
    land_items(
        comment("1", author_handle="hywelprosser"), comment("2", author_handle="@HYWELPROSSER"),
        comment("3", author_name="Mair"), comment("4"),
        review, replace(review, id="2", kind="review_reply"), replace(review, id="3", kind="review_reply", author_handle="x"),
    )  # fmt: skip
    found = dict(rows(store, "SELECT item_id, author_role FROM items"))
    assert found == {
        "youtube:1": "member", "youtube:2": "member", "youtube:3": "public", "youtube:4": "public",
        "google:1": "public", "google:2": "official", "google:3": "public",
    }  # fmt: skip


def test_runs_and_checks_count_what_belongs_to_them(flagged: Store) -> None:
    """Figures that the Chair reports on: they must add up."""
    run_id = start_run(flagged, "scan", NOW)
    for source, new in (("a", 2), ("b", 3)):
        record_coverage(flagged, Coverage(run_id, source, "youtube", "complete", "", items_new=new, items_gone=1))
    end_run(flagged, run_id, "complete", "", NOW + timedelta(minutes=1))
    counted = rows(
        flagged, f"SELECT outcome, items_new, items_edited, items_gone, flags_new FROM runs WHERE run_id = '{run_id}'"
    )
    assert counted == [("complete", 5, 0, 2, 0)]
    with flagged.transaction() as connection:
        for number in (2, 3, 4):
            connection.execute(FLAG, {"flag_id": f"f{number}", "at": NOW})
        connection.execute(
            """INSERT INTO store.check_version VALUES
               ('r2_own_safety', 1, 'R2', 'normal', 'Old', 'run', now()),
               ('r2_own_safety', 2, 'R2', 'high', 'New', 'run', now())"""
        )
    for flag_id, decision in (("f1", "dismissed"), ("f2", "resolved"), ("f3", "escalated")):
        decide(flagged, flag_id, decision, "", "Chair", NOW, None)
    assert rows(flagged, "FROM checks") == [("r2_own_safety", 2, "R2", "high", "New", 4, 1, 1, 2 / 3, 3)]


def test_a_scan_of_some_sources_or_some_days_looked_at_a_part(store: Store) -> None:
    """Taken for a night, it would hide that everything else was not looked at."""
    whole = Coverage("whole", "page", "facebook", "complete", "")
    for one in (
        whole,
        replace(whole, source="channel", outcome="unread"),
        replace(whole, run_id="page"),
        replace(whole, run_id="page", source="channel", outcome="skipped"),
        replace(whole, run_id="days", of_days=True),
        replace(whole, run_id="days", source="channel", of_days=True),
    ):
        record_coverage(store, one)
    assert rows(store, "FROM store.scanned_in_part ORDER BY ALL") == [("days",), ("page",)]


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ({}, "sent"),
        ({"a@x.example": "ready"}, "waiting"),
        ({"a@x.example": "sent", "b@x.example": "dot"}, "waiting"),
        ({"a@x.example": "sent", "b@x.example": "sent"}, "sent"),
        ({"a@x.example": "sent", "b@x.example": "failed"}, "failed"),
    ],
)
def test_a_report_is_sent_when_everybody_has_it(states: dict[str, str], expected: str, store: Store) -> None:
    """Sent to one of two is not sent."""
    run_id = start_run(store, "scan", NOW)
    messages = [FrozenMessage(recipient, f"<{recipient}>", b"") for recipient in states]
    end_run(store, run_id, "complete", "", NOW, report=FrozenReport("r", run_id, NOW, "Subject", "", "", [], messages))
    for recipient, state in states.items():
        record_delivery(store, "r", recipient, state, "", NOW + timedelta(minutes=1))
    assert rows(store, "SELECT recipients, status, sent_at IS NOT NULL FROM reports") == [
        (", ".join(states), expected, expected == "sent" and bool(states))
    ]
