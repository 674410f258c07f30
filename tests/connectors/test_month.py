"""The sandbox's story holds together: what cannot happen on a platform must not happen in its month."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import orjson
import pytest

from connectors.sandbox.server import STORIES
from connectors.sandbox.world import END

CLAUSES = {"O1", "O2", "O3", "O4", "O5", "R1", "R2", "R3", "S1", "S2"}
SHAPES = {
    "post": re.compile(r"[\w-]{11}"),
    "comment": re.compile(r"Ug[\w-]{24}"),
    "reply": re.compile(r"Ug[\w-]{24}\.[\w-]{22}"),
}
LAST_NIGHT = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)


def at(written: str) -> datetime:
    return datetime.fromisoformat(written)


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in (STORIES / "youtube.jsonl").read_bytes().splitlines()]


def labels(row: dict[str, Any]) -> set[str]:
    """Clauses that a careful Chair would want flagged in any version of the row's text."""
    return set(row.get("labels", [])).union(*(edit.get("labels", []) for edit in row["edits"]))


def test_every_answer_has_its_parent_and_an_id_as_youtube_writes_them(rows: list[dict[str, Any]]) -> None:
    by_id = {row["id"]: row for row in rows}
    assert len(by_id) == len(rows)
    for row in rows:
        assert SHAPES[row["kind"]].fullmatch(row["id"]), row["id"]
        if row["kind"] == "post":
            assert row["parent"] is None
            continue
        parent = by_id[row["parent"]]
        assert parent["kind"] == ("post" if row["kind"] == "comment" else "comment")
        assert not parent.get("comments_disabled")
        assert at(parent["posted"]) < at(row["posted"])
        if parent["deleted"] and not parent["restored"]:
            assert at(row["posted"]) < at(parent["deleted"]), f"{row['id']} answers what was deleted"


def test_times_go_forward_and_stay_within_the_month(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        times = [row["posted"], *(edit["at"] for edit in row["edits"])]
        gone = [time for time in (row["deleted"], row["restored"]) if time]
        for one, next_one in [*pairwise(times), *pairwise([row["posted"], *gone])]:
            assert at(one) < at(next_one), row["id"]
        assert all(datetime(2026, 10, 23, tzinfo=UTC) < at(time) <= END for time in times + gone)
    assert [row["posted"] for row in rows] == sorted(row["posted"] for row in rows)


def test_each_clause_is_broken_and_the_last_night_has_news(rows: list[dict[str, Any]]) -> None:
    """The demo shows what the monitor is for: breaches of all clauses, and a night with new, changed and gone ones."""
    found = Counter(clause for row in rows for clause in labels(row))
    assert set(found) == CLAUSES and min(found.values()) >= 2
    assert sum(bool(labels(row)) for row in rows) < len(rows) / 4, "most of life is no breach"
    new = [row for row in rows if at(row["posted"]) > LAST_NIGHT]
    assert len(new) >= 10 and sum(bool(labels(row)) for row in new) == 2
    assert sum(any(at(edit["at"]) > LAST_NIGHT for edit in row["edits"]) for row in rows) >= 2
    assert sum(bool(row["deleted"]) and at(row["deleted"]) > LAST_NIGHT for row in rows) == 2
