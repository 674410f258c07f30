"""The published history: whole, current, and open to readers while the next night is written."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.conftest import opened
from tests.warehouse.conftest import Land, comment
from warehouse import database
from warehouse.query import run_query
from warehouse.snapshot import COPIED, SNAPSHOT, publish
from warehouse.store import Store, StoreError


def test_a_snapshot_is_a_file_that_any_duckdb_opens(store: Store, land_items: Land) -> None:
    """The Chair's data are hers: with her key no program of ours is needed to read them."""
    land_items(comment())
    path = publish(store)
    assert path == store.home / SNAPSHOT and stat.S_IMODE(path.stat().st_mode) == 0o600
    with opened(path, store.keys.reader) as connection:
        assert connection.execute("SELECT item_id, text FROM items").fetchall() == [("youtube:1", "Lovely talk")]


def test_readers_keep_what_they_opened_and_new_ones_get_the_new(store: Store, land_items: Land) -> None:
    """A long look at the history must neither be torn apart by the night nor hold it up."""
    land_items(comment("1"))
    with opened(publish(store), store.keys.reader) as early:
        land_items(comment("2"))
        publish(store)
        assert early.execute("SELECT count(*) FROM items").fetchone() == (1,)
    assert run_query(store.home / SNAPSHOT, "SELECT count(*) FROM items").rows == [(2,)]


def test_publishing_keeps_the_lock_on_the_live_file(store: Store, home: Path) -> None:
    """A copy made in the writer's own process would drop DuckDB's lock, and another program could write."""
    publish(store)
    with pytest.raises(duckdb.IOException):
        _in_another_process(
            f"import duckdb; duckdb.connect().execute(\"ATTACH '{home}/warehouse/live.duckdb' AS a "
            f"(ENCRYPTION_KEY '{store.keys.data}')\")"
        )


def _in_another_process(code: str) -> None:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if "IOException" in done.stderr:
        raise duckdb.IOException(done.stderr)


def test_a_copy_that_lacks_something_does_not_replace_the_old_one(
    store: Store, land_items: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk must leave yesterday's history, not half of today's."""
    land_items(comment("1"))
    old = publish(store).read_bytes()
    land_items(comment("2"))

    real = database.attach

    def losing(connection: duckdb.DuckDBPyConnection, file: Path, keys: Any, **more: Any) -> Any:
        """Attach, and lose a row of the copy before it is read back."""
        if more.get("read_only"):
            real(connection, file, keys, name="copy")
            connection.execute("DELETE FROM copy.store.revision WHERE revision_id = 1")
            connection.execute("DETACH copy")
        return real(connection, file, keys, **more)

    (store.home / "warehouse" / COPIED).unlink()
    monkeypatch.setattr("warehouse.database.attach", losing)
    with pytest.raises(StoreError, match=r"store\.revision; the old one stays"):
        publish(store)
    assert (store.home / SNAPSHOT).read_bytes() == old


def test_a_copy_that_fails_says_what_may_be_the_matter(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence, not a stack of calls."""
    (store.home / f".{SNAPSHOT}.new").mkdir()
    with pytest.raises(StoreError, match="is the disk full"):
        publish(store)
    assert not (store.home / SNAPSHOT).exists()


def test_a_leftover_of_a_killed_publication_is_no_obstacle(store: Store, land_items: Land, home: Any) -> None:
    """The night after a power cut publishes as ever."""
    (home / f".{SNAPSHOT}.new").write_bytes(b"half a copy")
    land_items(comment())
    assert run_query(publish(store), "SELECT count(*) FROM items").rows == [(1,)]
