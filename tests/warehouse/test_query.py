"""Questions in SQL: any question, and nothing but questions."""

from __future__ import annotations

import shutil
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from connectors.item import Page
from tests.warehouse.conftest import NOW, comment
from warehouse.formats import csv_parts, json_parts, to_csv, to_json
from warehouse.landing import land
from warehouse.query import QueryError, open_query, published, run_query
from warehouse.runs import start_run
from warehouse.snapshot import publish
from warehouse.store import open_store


@pytest.fixture(scope="module")
def one_comment(empty_history: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one comment, published, only to be copied."""
    home = shutil.copytree(empty_history, tmp_path_factory.mktemp("one_comment"), dirs_exist_ok=True)
    with open_store(home) as store:
        item = comment(created_at=datetime(2026, 6, 1, 12, tzinfo=UTC))
        land(store, start_run(store, "scan", NOW), "channel", Page(items=[item]), None)
        publish(store)
    return home


@pytest.fixture
def snapshot(one_comment: Path, home: Path) -> Path:
    """A published history with one comment."""
    return shutil.copytree(one_comment, home, dirs_exist_ok=True) / "history.duckdb"


@pytest.mark.parametrize(
    "sql",
    ["SELECT text FROM items", "WITH a AS (FROM items) SELECT text FROM a", "FROM items SELECT text;",
     "-- a remark\nSELECT text /* ; */ FROM items", "SELECT text FROM (VALUES ('Lovely talk')) AS given(text)"],
)  # fmt: skip
def test_a_question_is_answered(sql: str, snapshot: Path) -> None:
    """The ways in which people write one question."""
    answer = run_query(snapshot, sql)
    assert (answer.columns, answer.rows) == (["text"], [("Lovely talk",)])


@pytest.mark.parametrize("sql", ["DESCRIBE items", "SHOW TABLES", "SUMMARIZE items", "EXPLAIN SELECT 1"])
def test_the_history_can_be_looked_over(sql: str, snapshot: Path) -> None:
    """Whoever does not know the columns can ask for them."""
    assert run_query(snapshot, sql).rows


def test_times_are_aware_and_in_utc(snapshot: Path) -> None:
    """A comment of noon must not move by an hour with the machine's clock."""
    assert run_query(snapshot, "SELECT created_at FROM items").rows == [(datetime(2026, 6, 1, 12, tzinfo=UTC),)]
    assert run_query(snapshot, "SELECT created_at::VARCHAR FROM items").rows == [("2026-06-01 12:00:00+00",)]


FORBIDDEN = [
    "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM '/etc/passwd'", "SELECT * FROM read_text('/etc/hostname')",
    "SELECT * FROM glob('/*')", "COPY items TO '/tmp/stolen.csv'", "COPY (SELECT 1) TO '/tmp/stolen.csv'",
    "EXPORT DATABASE '/tmp/stolen'", "ATTACH '/tmp/other.duckdb'", "INSTALL httpfs", "LOAD httpfs",
    "SELECT * FROM 'https://example.com/a.csv'", "SET enable_external_access = true", "RESET lock_configuration",
    "PRAGMA enable_profiling", "SET memory_limit = '100GB'", "CREATE TABLE a (n INTEGER)", "CREATE TEMP TABLE a AS SELECT 1",
    "DROP VIEW items", "DELETE FROM store.item", "INSERT INTO store.item SELECT * FROM store.item",
    "UPDATE store.revision SET text = ''", "CREATE MACRO a() AS 1", "CALL pragma_version()", "CHECKPOINT", "VACUUM",
    "SELECT 1; DROP VIEW items", "SELECT 1; SELECT 2", "", ";", "-- nothing", "BEGIN", "PREPARE a AS SELECT 1",
    "SELECT getenv('HOME')", "SELECT * FROM sqlite_scan('/tmp/a', 'b')", "EXPLAIN ANALYZE COPY items TO '/tmp/stolen.csv'",
    "SELECT * FROM items WHERE", "nonsense",
]  # fmt: skip


@pytest.mark.parametrize("sql", FORBIDDEN, ids=range(len(FORBIDDEN)))
def test_nothing_but_a_question_about_the_history_is_run(sql: str, snapshot: Path) -> None:
    """A question pasted from a mail must not read other files, write, or reach the net."""
    before = snapshot.read_bytes()
    with pytest.raises(QueryError):
        run_query(snapshot, sql)
    assert snapshot.read_bytes() == before
    assert not Path("/tmp/stolen.csv").exists() and not Path("/tmp/stolen").exists()  # noqa: S108


def test_variables_of_the_program_cannot_be_read(snapshot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """DuckDB in Python can read tables in variables by their names: a roster might be among them."""
    monkeypatch.setattr("warehouse.query.members", pd.DataFrame({"name": ["Ruth Example"]}), raising=False)
    with pytest.raises(QueryError, match="members"):
        run_query(snapshot, "SELECT * FROM members")


def test_a_question_without_end_is_stopped(snapshot: Path) -> None:
    """A slip in a join must not run until somebody finds it in the morning."""
    start = time.monotonic()
    with pytest.raises(QueryError, match="took longer than 1 second"):
        run_query(
            snapshot, "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range * b.range = 7", seconds=1
        )
    assert time.monotonic() - start < 20


def test_a_question_too_large_is_a_sentence(snapshot: Path) -> None:
    """Nor may it take the memory of the whole machine."""
    with pytest.raises(QueryError, match="Ask for less at once"):
        run_query(snapshot, "SELECT list(range) FROM range(100000000)", memory="64MB")


# More words than fit into the memory that these questions get.
TOO_LARGE = "SELECT * FROM (SELECT md5(range::VARCHAR) || repeat('w', 40) AS words FROM range(2000000)) ORDER BY words"


def _ask(snapshot: Path) -> None:
    run_query(snapshot, TOO_LARGE, memory="64MB")


def _recheck(snapshot: Path) -> None:
    with published(snapshot, memory="64MB") as store:
        store.connection().execute(TOO_LARGE).fetchone()


@pytest.mark.parametrize("reads", [_ask, _recheck])
def test_what_does_not_fit_into_memory_is_written_nowhere(
    reads: Callable[[Path], None], snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People's words out of an encrypted history must not lie readable in whatever folder somebody asks from."""
    elsewhere, before = tmp_path / "elsewhere", sorted(snapshot.parent.rglob("*"))
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    with pytest.raises(QueryError, match="needs more than 64MB of memory"):
        reads(snapshot)
    assert list(elsewhere.iterdir()) == [] and sorted(snapshot.parent.rglob("*")) == before


@pytest.mark.parametrize("parts", [csv_parts, json_parts])
def test_an_answer_of_many_rows_is_written_as_it_comes(parts: Callable[..., Iterator[str]], snapshot: Path) -> None:
    """A history of millions of rows, asked for as a whole, would take all memory of the machine that scans."""
    tracemalloc.start()
    try:
        with open_query(snapshot, "SELECT range AS n, repeat('words ', 30) AS text FROM range(50000)") as (
            columns,
            rows,
        ):
            written = sum(len(part) for part in parts(columns, rows))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert written > 9_000_000 and most < 3_000_000


def test_a_slow_reader_does_not_use_up_the_questions_time(snapshot: Path) -> None:
    """A spreadsheet of a million rows takes minutes to write."""
    with open_query(snapshot, "SELECT range FROM range(3000)", seconds=1) as (_, rows):
        next(rows)
        time.sleep(1.5)
        assert sum(1 for _ in rows) == 2999


def test_a_question_that_fails_half_way_says_why(snapshot: Path) -> None:
    """Not that it took too long, nor what DuckDB calls its own state."""
    sql = "SELECT (CASE WHEN range = 900000 THEN 'x' ELSE range::VARCHAR END)::INT AS n FROM range(1000000)"
    with (
        pytest.raises(QueryError, match=r"^(Conversion Error: Could not convert|The question failed half-way)"),
        open_query(snapshot, sql) as (_, rows),
    ):
        assert next(rows) == (0,)
        list(rows)


def test_a_mistake_is_told_as_duckdb_tells_it(snapshot: Path) -> None:
    """DuckDB names the column that was meant."""
    with pytest.raises(QueryError, match=r'"txt".*\n*.*"text"'):
        run_query(snapshot, "SELECT txt FROM items")


def test_columns_of_one_name_are_told_apart(snapshot: Path) -> None:
    """As DuckDB names them where it must: a join of two views has two of most, and JSON would keep the last alone."""
    sql = "SELECT 1 AS a, 2 AS a, 3 AS a_1, 4 AS a, items.text, again.text FROM items, items AS again"
    answer = run_query(snapshot, sql)
    assert answer.columns == ["a", "a_2", "a_1", "a_3", "text", "text_1"]
    assert to_json(answer).count('"') == 2 * 6 + 4 and to_csv(answer).startswith("a,a_2,a_1,a_3,text,text_1\r\n")


def test_a_history_that_is_not_there_is_said(tmp_path: Path) -> None:
    """Asked before the first scan."""
    with pytest.raises(QueryError, match=r"history\.duckdb cannot be opened"):
        run_query(tmp_path / "history.duckdb", "SELECT 1")
