"""What Prefect's page shows of a scan: numbers, clauses and names of sources. No text of any item goes to Prefect."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import copy_context
from pathlib import Path

from prefect.artifacts import create_progress_artifact, create_table_artifact, update_progress_artifact

from flows.progress import logger
from flows.report_words import count
from flows.scan_progress import Progress
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


def progress_in_prefect() -> Callable[[Progress], None]:
    """What shows, as a bar on Prefect's page, how many of the sources of this flow run have been read.

    It may be called in another thread. Where Prefect does not take it, that is said once and the scan goes on.
    """
    context = copy_context()
    shown: dict[str, object] = {}

    def show(progress: Progress) -> None:
        done = f"{progress.done} of {count(len(progress.sources), 'source')} read"
        if not progress.sources or shown.get("given_up") or shown.get("done") == done:
            return
        shown["done"] = done
        share = 100 * progress.done / len(progress.sources)
        try:
            if "id" in shown:
                context.run(lambda: update_progress_artifact(shown["id"], progress=share, description=done))  # type: ignore[arg-type]
            else:
                shown["id"] = context.run(
                    lambda: create_progress_artifact(progress=share, key="progress", description=done)
                )
        except Exception as error:
            shown["given_up"] = True
            logger.warning("Prefect's page does not show how far this run is (%s)", type(error).__name__)

    return show
