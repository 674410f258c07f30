"""kill -9 amid landing: whatever the moment, the history is what a plain list of all pages would hold."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from connectors.item import Item
from tests.sampling import IN_FULL
from tests.warehouse.conftest import comment, rows
from warehouse.landing import position
from warehouse.store import open_store

KILLS, PAGES = (12, 180) if IN_FULL else (3, 45)
# Lands pages from where the last run stopped; text n of an item shows on every third page, edits among them.
CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from connectors.item import Page, Rejected
from tests.warehouse.test_kills import PAGES, items_of
from warehouse.landing import land, position
from warehouse.runs import end_run, start_run
from warehouse.snapshot import publish
from warehouse.store import open_store
with open_store(Path(sys.argv[1])) as store:
    run_id = start_run(store, "scan", datetime.now(UTC))
    print("go", flush=True)
    for page in range((position(store, "channel") or {"next": 0})["next"], PAGES):
        bad = [Rejected(f"page {page}", b"%d" % page)]
        land(store, run_id, "channel", Page(items=items_of(page), rejected=bad), {"next": page + 1})
        if page % 10 == 9:
            publish(store)
    end_run(store, run_id, "complete", "", datetime.now(UTC))
"""


def items_of(page: int) -> list[Item]:
    """Items of a page: two new ones, and an older one whose text has changed."""
    fresh = [comment(f"{page}.{number}", f"text of {page}") for number in range(2)]
    return [*fresh, comment(f"{page // 3}.0", f"changed on {page}")] if page else fresh


def expected_versions() -> dict[str, list[str]]:
    """Texts by item id, in their order."""
    versions: dict[str, list[str]] = {}
    for page in range(PAGES):
        for item in items_of(page):
            texts = versions.setdefault(f"youtube:{item.id}", [])
            if not texts or texts[-1] != item.text:
                texts.append(item.text)
    return versions


@pytest.mark.slow
def test_killed_landings_lose_nothing_and_double_nothing(home: Path) -> None:
    """A power cut at night must cost time only."""
    moments = random.Random(4711)
    for _ in range(KILLS):
        with subprocess.Popen([sys.executable, "-c", CHILD, str(home)], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout and child.stdout.readline() == "go\n", "the history could not be opened after a kill"
            time.sleep(moments.uniform(0.0, 0.2))
            child.kill()
    assert subprocess.run([sys.executable, "-c", CHILD, str(home)], check=False, capture_output=True).returncode == 0
    with open_store(home) as store:
        found: dict[str, list[str]] = {}
        for item_id, text in rows(store, "SELECT item_id, text FROM revisions ORDER BY item_id, revision"):
            found.setdefault(item_id, []).append(text)
        assert found == expected_versions()
        assert position(store, "channel") == {"next": PAGES}
        assert rows(store, "SELECT count(*), count(DISTINCT item_id) FROM items") == [(2 * PAGES, 2 * PAGES)]
        assert rows(store, "SELECT count(*), count(DISTINCT reason) FROM quarantine") == [(PAGES, PAGES)]
        assert rows(store, "SELECT max(revision_id) = count(*) FROM store.revision") == [(True,)]
        outcomes = rows(store, "SELECT outcome, count(*) FROM runs GROUP BY ALL ORDER BY ALL")
        assert outcomes == [("complete", 1), ("failed", KILLS)], "a kill came after the end: are there enough pages?"
