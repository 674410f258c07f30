"""The gate: the SQL that says of a raw text what could be in it. Every judgement rests on it (checks/lock.py)."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from warehouse.statements import set_variables

# SQL for a column `text`: many have blanks that do not break, and nothing that is disguised with them.
PLAIN_BLANKS = "CASE WHEN contains(text, chr(160)) THEN replace(text, chr(160), ' ') ELSE text END"


def gate(connection: duckdb.DuckDBPyConnection, patterns: Sequence[str]) -> str:
    """SQL over a column `text`: whether it matches one of the RE2 `patterns`, to which upper and lower case are the same and
    blanks that do not break are plain ones. The patterns travel as variables of `connection`.
    """
    variables = {f"gate_{number}": pattern for number, pattern in enumerate(patterns)}
    set_variables(connection, **variables)
    # In one pattern they would outgrow RE2's memory, and be many times as slow.
    return " OR ".join(f"regexp_matches({PLAIN_BLANKS}, getvariable('{name}'), 'i')" for name in variables) or "false"
