"""What the landing of a page seals: its raw files, the versions that it brought, what went to quarantine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import duckdb

from warehouse.evidence.chain import contents, leave_out_altered, make_link, seal_changes, seal_subjects
from warehouse.evidence.raw_page import SealedPage
from warehouse.statements import statement

# The temporary table of quarantine.sql.
REFUSED = """SELECT quarantine_id FROM store.quarantine
             WHERE seen_at = getvariable('seen_at')::TIMESTAMPTZ AND run_id = getvariable('run_id')"""


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


def name_filled_in(connection: duckdb.DuckDBPyConnection, items: str) -> None:
    """Name in `filled_in`, before it is done, what a page is about to fill in of what retention had emptied (`items`:
    "refilled") or of what was not known of an item ("completed"), or to add a caption to ("captioned"). What somebody has
    altered is not among it: a new seal would bless that, so it gets none and goes on showing as damage.
    """
    if not connection.execute(f"SELECT 1 FROM {items} LIMIT 1").fetchone():
        return
    # The version that is filled in, and the first, with which the author stands.
    versions = f"SELECT item_key, unnest([1, revision]) AS revision FROM {items}"
    seal_subjects(
        connection,
        version=f"SELECT revision_id FROM store.revision SEMI JOIN ({versions}) USING (item_key, revision)",
        flag=f"SELECT flag_id FROM store.flag SEMI JOIN {items} USING (item_key)",
    )
    for kind in ("version", "flag"):
        leave_out_altered(connection, kind)
    connection.execute("INSERT INTO filled_in FROM subjects")


def seal_filled_in(connection: duckdb.DuckDBPyConnection, page: str, at: datetime) -> None:
    """Seal anew what `name_filled_in` has named, if it has, now that the page has filled it in."""
    connection.execute("CREATE OR REPLACE TEMP TABLE subjects AS FROM filled_in")
    seal_changes(connection, "changed", page, at)
