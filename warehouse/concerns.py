"""A concern that somebody has raised with the Chair (policy O5): an item of a source of its own, with a flag of its own."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from connectors.item import Item, Page
from warehouse.evidence.chain import seal, seal_subjects
from warehouse.statements import set_variables, statement

if TYPE_CHECKING:
    from warehouse.store import Store

PLATFORM, SOURCE, CHECK = "concern", "concerns", "raised_concern"


def keep_concern(
    store: Store, concern_id: str, at: datetime, by: str, *, text: str, who: str, place: str, clause: str
) -> str:
    """Land a concern as an item and flag it under `clause`, each once however often it is called; gives the run's id.

    `text` is what was told, `who` told it (may be empty), `place` where it can be seen: a link or words (may be empty).
    The flag reaches from the first character of the item's text to the last.
    """
    from warehouse.landing import land
    from warehouse.runs import start_run

    run_id = start_run(store, "concern", at)
    link = place if place.startswith("https://") else None
    whole = text if link or not place else f"{text}\n\nWhere: {place}"
    item = Item(PLATFORM, concern_id, "mention", whole, author_name=who or None, url=link, created_at=at)
    land(store, run_id, SOURCE, Page(items=[item]), None)
    with store.transaction() as connection:
        set_variables(
            connection, run_id=run_id, check_id=CHECK, concern_id=concern_id, clause=clause, told_to=by, now=at.isoformat(),
            severity="urgent" if clause == "S1" else "high",
        )  # fmt: skip
        own = "SELECT flag_id FROM store.flag WHERE check_id = getvariable('check_id')"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE flagged_before AS {own}")
        connection.execute(statement("flag_concern"))
        seal_subjects(connection, flag=f"{own} EXCEPT FROM flagged_before")
        if connection.execute("SELECT 1 FROM subjects LIMIT 1").fetchone():
            seal(connection, "flagged", run_id, at, ["flag"])
    return run_id
