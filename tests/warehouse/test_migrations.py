"""The schema's history: applied once, in order, and never behind anybody's back."""

from __future__ import annotations

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


def test_what_was_judged_before_the_watermark_was_replaced_is_not_judged_again(file: Path, tmp_path: Path) -> None:
    """An update of the program must not send a million texts through the checks once more."""
    old = tmp_path / "old"
    old.mkdir()
    for step in sorted(FOLDER.glob("000[123]_*.sql")):
        (old / step.name).write_text(step.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "none").mkdir()
    with duckdb.connect(str(file)) as connection, pytest.MonkeyPatch.context() as patch:
        patch.setattr("warehouse.migrations.PUBLIC_VIEWS", ())
        patch.setattr("warehouse.migrations.OWN_VIEWS", ())
        migrate(connection, old, tmp_path / "none")
        for up_to in (10, 25):
            connection.execute("INSERT INTO store.watermark VALUES ('o1', 2, ?, 'run', now())", [up_to])
    with duckdb.connect(str(file)) as connection:
        migrate(connection)
        assert connection.execute("SELECT check_id, version, after_id, up_to FROM store.judged").fetchall() == [
            ("o1", 2, 0, 25)
        ]
