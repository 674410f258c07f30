"""A small history with everything in it that the chain covers, and ways to damage it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pandas as pd

from connectors.item import Item, Media, Page, Rejected
from tests.warehouse.conftest import comment
from warehouse.audit import answer_audit, draw_audit
from warehouse.evidence.verify import Damage, verify_database, verify_pages
from warehouse.flags import decide
from warehouse.judged import last_revision, to_judge
from warehouse.landing import land
from warehouse.outbox import FrozenReport
from warehouse.retention import apply_terms
from warehouse.runs import end_run, start_run
from warehouse.store import Store

NOW = datetime.now(UTC)
CONTENT = ("item", "revision", "media", "quarantine", "flag", "audit_answered", "report")


def fill(store: Store) -> None:
    """A night: versions, media, an entry in quarantine, flags, decisions, an audit answer, a report; and two items of
    LinkedIn whose content has been removed since.
    """
    run_id = start_run(store, "scan", NOW)
    picture = [
        Media("image", "https://pictures.example/1", "a cat"),
        Media("video", "https://pictures.example/2", None),
    ]
    first = [comment(str(number), f"words of {number}", author_name=f"Name {number}") for number in range(12)]
    land(store, run_id, "channel", Page(items=[*first, comment("m", "with pictures", media=picture, rating=4.5)]), None)
    land(store, run_id, "channel", Page(items=[comment("3", "edited")], rejected=[Rejected("no JSON", b"\xff{")]), None)
    expiring = [Item("linkedin", str(number), "comment", f"soon gone {number}") for number in range(2)]
    land(store, run_id, "linked", Page(items=expiring), None)
    for number, item_id in enumerate(("youtube:0", "youtube:1", "linkedin:0")):
        flag(store, run_id, item_id, number)
    for number, (flag_id,) in enumerate(store.connection().execute("SELECT flag_id FROM store.flag").fetchall()):
        decide(store, flag_id, "dismissed", f"reason {number}", "Chair", NOW, NOW + timedelta(days=3))
        decide(store, flag_id, "escalated", f"second thoughts {number}", "Chair", NOW + timedelta(hours=1), None)
    draw_audit(store, run_id, 3, NOW)
    # Which are drawn is chance: of an item that was edited that night perhaps both versions, each with an answer of its own.
    drawn = (
        "SELECT item_id FROM store.audit_drawn JOIN store.item USING (item_key) GROUP BY 1 HAVING count(*) = 1 LIMIT 1"
    )
    answer_audit(store, store.connection().execute(drawn).fetchall()[0][0], ["O1"], "Chair", NOW)
    report = FrozenReport(f"report-{run_id}", run_id, NOW, "Nothing", "<p>Nothing</p>", "Nothing", [], [])
    end_run(store, run_id, "complete", "", NOW, report=report)
    apply_terms(store, run_id, {"linked": "linkedin"}, NOW + timedelta(days=3))


def flag(store: Store, run_id: str, item_id: str, number: int) -> None:
    """Flag the first version of an item."""
    found = {
        "item_id": item_id, "revision": 1, "check_id": f"check_{number}", "check_version": 1, "clause": "O1",
        "severity": "high", "score": 0.9, "evidence": "words", "start_char": 0, "end_char": 5, "reason": "because",
    }  # fmt: skip
    with to_judge(store) as judged:
        judged.want([(0, last_revision(store))], [item_id], "row")
        (revision_id,) = min(store.connection().execute(
            "SELECT revision_id FROM store.revision JOIN store.item USING (item_key) WHERE item_id = ?", [item_id]
        ).fetchall())  # fmt: skip
        rows = pd.DataFrame([{"revision_id": revision_id, **found}])
        judged.keep(run_id, {(f"check_{number}", 1): rows}, [], NOW, withdraws=False)


def damage(store: Store) -> list[Damage]:
    """All damage that there is."""
    return damage_in(store.connection(), store)


def damage_in(connection: duckdb.DuckDBPyConnection, store: Store) -> list[Damage]:
    """All damage that is seen on this connection."""
    quiet = str.strip
    database = verify_database(connection, "live", quiet).damage
    return [*database, *verify_pages(connection, store.home, store.keys.raw, quiet).damage]


@contextmanager
def flipped(
    store: Store, moments: random.Random, tables: tuple[str, ...]
) -> Iterator[tuple[str, duckdb.DuckDBPyConnection]]:
    """Have one random value of these tables changed in one bit (of a moment or number: by the smallest step) for the block;
    gives where that was, and a connection that sees it.
    """
    connection = store.connection()
    connection.execute("BEGIN")
    try:
        while True:
            table = moments.choice(tables)
            cells = connection.execute(f"SELECT rowid, * FROM store.{table}").fetchdf()
            names = [
                column[0] for column in connection.execute(f"SELECT * FROM store.{table} LIMIT 0").description or []
            ]
            rowid, column = int(moments.choice(list(cells.rowid))), moments.choice(names)
            ((value,),) = connection.execute(f"SELECT {column} FROM store.{table} WHERE rowid = ?", [rowid]).fetchall()
            changed = _flip(value, moments)
            if changed is not None:
                break
        connection.execute(f"UPDATE store.{table} SET {column} = ? WHERE rowid = ?", [changed, rowid])
        yield f"store.{table}.{column}, row {rowid}: {value!r} became {changed!r}", connection
    finally:
        connection.execute("ROLLBACK")
        connection.close()


def _flip(value: Any, moments: random.Random) -> Any:
    """The value with one bit changed; None for what has no bits."""
    match value:
        case str() if value:
            place = moments.randrange(len(value))
            return f"{value[:place]}{chr(ord(value[place]) ^ 1)}{value[place + 1 :]}"
        case bytes() if value:
            place = moments.randrange(len(value))
            return value[:place] + bytes([value[place] ^ 1 << moments.randrange(8)]) + value[place + 1 :]
        case int():
            return value ^ 1
        case float():
            return value + 0.5
        case datetime():
            return value + timedelta(microseconds=1)
        case list() if value:
            return [_flip(value[0], moments), *value[1:]]
        case _:
            return None
