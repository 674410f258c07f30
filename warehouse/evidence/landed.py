"""What the landing of a page seals: its raw files, the versions that it brought, what went to quarantine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import duckdb

from warehouse.evidence.chain import contents, make_link, seal_changes, seal_subjects
from warehouse.evidence.raw_page import SealedPage
from warehouse.statements import statement

# The temporary table of quarantine.sql.
REFUSED = """SELECT quarantine_id FROM store.quarantine
             WHERE seen_at = getvariable('seen_at')::TIMESTAMPTZ AND run_id = getvariable('run_id')"""
# Those of refill.sql and land_captions.sql: the version that was filled in, and the first, with which the author stands.
FILLED_IN = "(SELECT item_key, revision FROM refilled UNION ALL SELECT item_key, revision FROM captioned)"


def seal_landed(
    connection: duckdb.DuckDBPyConnection, versions: int, refused: int, seals: Sequence[SealedPage], at: datetime
) -> None:
    """Make the link of a page that has just been landed: of its new `versions` (how many), of what was `refused`, and with
    the seals of its files; none for a page that brought nothing to read.
    """
    brought = {}
    if versions:
        brought["version"] = statement("landed_contents")
    if refused:
        seal_subjects(connection, refused=REFUSED)
        brought["refused"] = contents("refused")
    if brought or seals:
        make_link(connection, "captured", seals[0].name if seals else "", at, "captured", brought, seals)


def seal_filled_in(connection: duckdb.DuckDBPyConnection, page: str, at: datetime) -> None:
    """Seal anew what a page has filled in that retention had emptied, or where it has added a caption, if it has."""
    if not connection.execute(f"SELECT 1 FROM {FILLED_IN} LIMIT 1").fetchone():
        return
    seal_subjects(
        connection,
        version=f"""SELECT revision_id FROM store.revision
                    SEMI JOIN (SELECT item_key, unnest([1, revision]) AS revision FROM {FILLED_IN})
                        USING (item_key, revision)""",
        flag="SELECT flag_id FROM store.flag SEMI JOIN refilled USING (item_key)",
    )
    seal_changes(connection, "changed", page, at)
