"""The gate: the SQL that says of a raw text what could be in it. Every judgement rests on it (checks/lock.py)."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from warehouse.statements import set_variables

# SQL for a column `text`: many have blanks that do not break, and nothing that is disguised with them.
PLAIN_BLANKS = "CASE WHEN contains(text, chr(160)) THEN replace(text, chr(160), ' ') ELSE text END"


def gate(connection: duckdb.DuckDBPyConnection, validators: Sequence[str], rules: Sequence[str]) -> str:
    """SQL over a column `text`: true where it matches one of the RE2 `validators`, otherwise false where it matches one of
    `rules`, otherwise NULL; blanks that do not break are plain ones to them. The patterns travel as variables of `connection`.
    """
    to_validate = _matches_any(connection, "validators", validators)
    return f"CASE WHEN {to_validate} THEN true WHEN {_matches_any(connection, 'rules', rules)} THEN false END"


def _matches_any(connection: duckdb.DuckDBPyConnection, whose: str, patterns: Sequence[str]) -> str:
    """SQL over a column `text`. In one pattern they would outgrow RE2's memory, and be many times as slow (checks.gate)."""
    variables = {f"gate_{whose}_{number}": pattern for number, pattern in enumerate(patterns)}
    set_variables(connection, **variables)
    return " OR ".join(f"regexp_matches({PLAIN_BLANKS}, getvariable('{name}'), 'i')" for name in variables) or "false"
