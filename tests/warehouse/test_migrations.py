"""The schema's history: applied once, in order, and never behind anybody's back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from warehouse.migrations import FOLDER, MigrationError, migrate


@pytest.fixture
def steps(tmp_path: Path) -> Path:
    """A folder with two migrations."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_init.sql").write_text("CREATE TABLE store.a (n INTEGER);")
    (folder / "0002_more.sql").write_text(
        "ALTER TABLE store.a ADD COLUMN m INTEGER; INSERT INTO store.a VALUES (1, 2);"
    )
    return folder


@pytest.fixture
def views(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one view."""
    monkeypatch.setattr("warehouse.migrations.PUBLIC_VIEWS", ("b",))
    monkeypatch.setattr("warehouse.migrations.OWN_VIEWS", ())
    folder = tmp_path / "views"
    folder.mkdir()
    (folder / "b.sql").write_text("CREATE OR REPLACE VIEW b AS SELECT n FROM store.a;")
    return folder


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "live.duckdb"


def test_steps_are_applied_once_however_often_it_is_opened(steps: Path, views: Path, file: Path) -> None:
    """Each start runs the migrations; only new ones may do anything."""
    for _ in range(3):
        with duckdb.connect(str(file)) as connection:
            migrate(connection, steps, views)
            assert connection.execute("SELECT n, m FROM store.a").fetchall() == [(1, 2)]
            assert connection.execute("FROM b").fetchall() == [(1,)]
            assert connection.execute("SELECT version FROM store.schema_version ORDER BY ALL").fetchall() == [
                (0,),
                (1,),
                (2,),
            ]


def test_a_new_step_is_applied_to_an_old_file(steps: Path, views: Path, file: Path) -> None:
    """An update of the program must not need a new history."""
    with duckdb.connect(str(file)) as connection:
        migrate(connection, steps, views)
        (steps / "0003_again.sql").write_text("UPDATE store.a SET n = 7;")
        (views / "b.sql").write_text("CREATE OR REPLACE VIEW b AS SELECT n, m FROM store.a;")
        migrate(connection, steps, views)
        assert connection.execute("FROM b").fetchall() == [(7, 2)]


def test_a_step_that_fails_leaves_the_file_as_it_was(steps: Path, views: Path, file: Path) -> None:
    """A failed update can be undone by going back to the old program."""
    with duckdb.connect(str(file)) as connection:
        migrate(connection, steps, views)
        (steps / "0003_bad.sql").write_text("UPDATE store.a SET n = 7; SELECT nothing FROM nowhere;")
        with pytest.raises(duckdb.Error):
            migrate(connection, steps, views)
        assert connection.execute("FROM store.a").fetchall() == [(1, 2)]
        (steps / "0003_bad.sql").unlink()
        migrate(connection, steps, views)


def test_an_edited_step_a_gap_and_a_newer_file_are_refused(steps: Path, views: Path, file: Path) -> None:
    """Each would give a history of which nobody knows the shape."""
    with duckdb.connect(str(file)) as connection:
        migrate(connection, steps, views)
        init = (steps / "0001_init.sql").read_text()
        (steps / "0001_init.sql").write_text(init + " -- edited")
        with pytest.raises(MigrationError, match=r"0001_init\.sql was edited"):
            migrate(connection, steps, views)
        (steps / "0001_init.sql").write_text(init)
        (steps / "0004_gap.sql").write_text("SELECT 1;")
        with pytest.raises(MigrationError, match=r"gap before 0004_gap\.sql"):
            migrate(connection, steps, views)
        (steps / "0004_gap.sql").unlink()
        (steps / "0002_more.sql").unlink()
        with pytest.raises(MigrationError, match="newer version of this program"):
            migrate(connection, steps, views)


def history_of(steps: str, tmp_path: Path, file: Path, insert: str, rows: Sequence[Sequence[object]]) -> None:
    """Make `file` a history with these steps alone, without views, and `insert` the rows."""
    old, none = tmp_path / "old", tmp_path / "none"
    old.mkdir()
    none.mkdir()
    for step in sorted(FOLDER.glob(steps)):
        (old / step.name).write_text(step.read_text(encoding="utf-8"), encoding="utf-8")
    with duckdb.connect(str(file)) as connection, pytest.MonkeyPatch.context() as patch:
        patch.setattr("warehouse.migrations.PUBLIC_VIEWS", ())
        patch.setattr("warehouse.migrations.OWN_VIEWS", ())
        migrate(connection, old, none)
        connection.executemany(insert, rows)


def test_what_was_judged_before_the_watermark_was_replaced_is_not_judged_again(file: Path, tmp_path: Path) -> None:
    """An update of the program must not send a million texts through the checks once more."""
    judged = "INSERT INTO store.watermark VALUES ('o1', 2, ?, 'run', now())"
    history_of("000[123]_*.sql", tmp_path, file, judged, [[10], [25]])
    with duckdb.connect(str(file)) as connection:
        migrate(connection)
        assert connection.execute("SELECT check_id, version, after_id, up_to FROM store.judged").fetchall() == [
            ("o1", 2, 0, 25)
        ]


def test_scans_of_some_days_from_before_that_was_kept_are_told_by_their_days(file: Path, tmp_path: Path) -> None:
    """Taken for nights they would be counted as read in full after an update; nights taken for them, as missed."""
    windows = {
        "night": ("2026-10-22 02:30:01.5+00", "2026-11-21 02:30:01.5+00", False),
        "everything": (None, "2026-11-21 02:30:01.5+00", False),
        "skipped": (None, None, False),
        "since a day": ("2026-11-01 00:00:00+00", "2026-11-21 02:30:01.5+00", True),
        "up to a day": (None, "2026-11-08 00:00:00+00", True),
        "days of summer": ("2026-06-30 23:00:00+00", "2026-07-07 23:00:00+00", True),
        "midnight in UTC": ("2026-07-01 00:00:00+00", "2026-08-01 02:30:00+00", False),
    }
    read = "INSERT INTO store.coverage (run_id, since, until) VALUES (?, ?, ?)"
    rows = [(name, since, until) for name, (since, until, _) in windows.items()]
    history_of("000[1-7]_*.sql", tmp_path, file, read, rows)
    with duckdb.connect(str(file)) as connection:
        migrate(connection)
        told = connection.execute("SELECT run_id, of_days FROM store.coverage").fetchall()
    assert told == [(name, of_days) for name, (_, _, of_days) in windows.items()]
