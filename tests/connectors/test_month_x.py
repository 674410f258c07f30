"""The demo's month on X holds together, and the connector reads it night by night."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from connectors.item import Gone
from connectors.sandbox import END, ROSTER, Sandbox, last_night
from connectors.sandbox.server import STORIES
from connectors.sandbox.x.endpoints import ACCOUNT
from connectors.sandbox.x.posts import given_out_at
from connectors.source import Window
from tests.connectors.memory import Memory
from tests.connectors.story import Row, items
from tests.connectors.x_story import pages

STORY = STORIES / "x.jsonl"


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return [json.loads(line) for line in STORY.read_text(encoding="utf-8").splitlines()]


def at(written: str) -> datetime:
    return datetime.fromisoformat(written)


def test_what_cannot_happen_on_x_does_not_happen(rows: list[Row]) -> None:
    """Ids that tell their time, answers after what they answer, edits within half an hour, none of answers to others."""
    by_id = {one["id"]: one for one in rows}
    assert len(by_id) == len(rows) >= 45 and [one["posted"] for one in rows] == sorted(one["posted"] for one in rows)
    for one in rows:
        assert given_out_at(one["id"]).replace(microsecond=0) == at(one["posted"]), one["id"]
        assert datetime(2026, 10, 23, tzinfo=UTC) < at(one["posted"]) <= END and len(one["text"]) <= 280
        times = [at(one["posted"]), *(at(edit["at"]) for edit in one["edits"])]
        assert all(earlier < later for earlier, later in pairwise(times)) and len(times) <= 6
        assert times[-1] - times[0] <= timedelta(minutes=30) and (len(times) == 1 or "replied_to" not in one)
        for key in ("replied_to", "quotes"):
            assert key not in one or at(by_id[one[key]]["posted"]) < at(one["posted"])
        ours = one["author"]["handle"] == ACCOUNT["handle"]
        assert ours == (one["author"]["id"] == ACCOUNT["id"])
        assert ours or "@acto_org" in one["text"] or "quotes" in one


def test_members_write_under_the_handles_of_the_roster(rows: list[Row]) -> None:
    """Else the demo would not know them as members."""
    handles = {line.split(",")[5] for line in ROSTER.read_text(encoding="utf-8").splitlines()[1:]}
    assert len({one["author"]["handle"] for one in rows} & handles) >= 6
    assert sum(bool(one.get("labels")) for one in rows) < len(rows) / 6, "most of life is no breach"


def test_every_night_of_the_month_is_read_and_the_last_has_news(rows: list[Row]) -> None:
    """The last evening: an edit, a deletion, and a reply to a post of weeks before."""
    memory = Memory()
    told: dict[str, Any] = {}
    gone: list[Gone] = []
    with Sandbox(rows, ending=last_night(datetime.now(UTC))) as sandbox:
        for nights in (20, 9, 5, 1, 0):
            sandbox.rewind(nights=nights)
            memory.scheduled = {item.thread_id or item.id for item in memory.items.values()}
            before = dict(memory.items)
            window = Window(known=memory, bookmark=memory.bookmark)
            read = memory.remember(pages(sandbox, window))
            assert not [gap for page in read for gap in page.gaps] and not [
                one for page in read for one in page.rejected
            ]
            told, gone = items(read), gone + [one for page in read for one in page.gone]
        assert set(told) == set(memory.items) and len(told) == len(rows) - 2
        assert [one.why for one in gone] == ["account gone", "removed"]
        assert {item.kind for item in told.values()} == {"post", "reply", "mention"}
        changed = [name for name in before.keys() & told.keys() if before[name].text != told[name].text]
        assert len(changed) == 1 and "Go to bed, Janet" in told[changed[0]].text
        late = next(item for item in told.values() if "pizza box. think" in item.text)
        root = told[str(late.thread_id)]
        assert late.created_at and root.created_at and late.created_at - root.created_at > timedelta(days=20)
        edited = next(item for item in told.values() if "Monday's peer group" in item.text)
        assert edited.edited_at and edited.created_at and edited.edited_at - edited.created_at < timedelta(minutes=30)
