"""The report's questions to the warehouse, each in a file of flows/queries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

_QUERIES = Path(__file__).parent / "queries"


def rows(connection: duckdb.DuckDBPyConnection, query: str, **parameters: Any) -> list[dict[str, Any]]:
    """The answer to queries/`query`.sql, whose $names are `parameters`, a dictionary for each row."""
    sql = (_QUERIES / f"{query}.sql").read_text(encoding="utf-8")
    result = connection.execute(sql, parameters)
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
