"""The SQL that the warehouse runs, one file a purpose; values come in as DuckDB variables, never as text."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import duckdb

FOLDER = Path(__file__).parent


@cache
def statement(name: str) -> str:
    """The text of `name`.sql."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def set_variables(connection: duckdb.DuckDBPyConnection, **values: Any) -> None:
    """Make `values` readable as getvariable('name') in the statements that `connection` runs next."""
    for name, value in values.items():
        connection.execute(f"SET VARIABLE {name} = $value", {"value": value})
