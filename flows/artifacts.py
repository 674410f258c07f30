"""What Prefect's page shows of a scan: numbers, clauses and names of sources. No text of any item goes to Prefect."""

from __future__ import annotations

from pathlib import Path

from prefect.artifacts import create_table_artifact

from flows.scan_result import ScanResult
from warehouse.query import run_query

QUERY = Path(__file__).parent / "queries" / "flags_of_run.sql"


def show_in_prefect(result: ScanResult, history: Path) -> None:
    """Keep the coverage of the run and its new flags, by clause and severity, as Prefect artifacts."""
    coverage = [
        {
            "source": source.source,
            "outcome": source.outcome,
            "read": source.items_seen,
            "new": source.items_new,
            "edited": source.items_edited,
            "gone": source.items_gone,
            "why": source.reason,
        }
        for source in result.coverage
    ]
    create_table_artifact(key="coverage", table=coverage, description=f"What run {result.run_id} read")
    answer = run_query(history, QUERY.read_text(encoding="utf-8"))
    flags = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows if row[0] == result.run_id]
    create_table_artifact(
        key="flags",
        table=[{name: value for name, value in row.items() if name != "run_id"} for row in flags],
        description=f"New flags of run {result.run_id}",
    )
