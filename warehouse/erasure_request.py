"""The request for an erasure: what is to be erased, by what it is found, and the file in which it stands until that is done."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import orjson

from warehouse.erased import names_of
from warehouse.keys import small_file_keys
from warehouse.raw import read_small_file, write_page
from warehouse.statements import set_variables, statement
from warehouse.store import ERASURE_REQUEST, Store, StoreError
from warehouse.subjects import find_authors
from warehouse.traces import Traces

# A shorter text stands in too many places that are somebody else's.
SHORTEST_TEXT = 12


class HeldError(StoreError):
    """Something that is to be erased is held."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be erased: `items` by item_id; `names` are the (platform, id or handle) that must not come back; `ids`,
    `called` (handles and names) and `texts` are by what it is found elsewhere (warehouse.traces).
    """

    erasure_id: str
    asked_for: str
    said_by: str
    items: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    ids: tuple[str, ...]
    called: tuple[str, ...]
    texts: tuple[str, ...]

    def traces(self) -> Traces:
        """By what it is found in what is written."""
        return Traces(self.names, self.ids, self.called, self.texts)


def request_for(connection: duckdb.DuckDBPyConnection, item_ids: Sequence[str], asked_for: str, by: str) -> Request:
    """The request for these items as the tables are now; leaves them in `doomed`. Raises HeldError for one that is held, or
    that a held one answers: nobody can judge an answer alone.
    """
    set_variables(connection, item_ids=list(item_ids))
    held = connection.execute(
        """WITH asked AS (SELECT unnest(getvariable('item_ids')::VARCHAR[]) AS asked_id)
           SELECT item_id, if(item_id IN (FROM asked), NULL, parent_id)
           FROM store.holds JOIN store.item USING (item_id)
           WHERE item_id IN (FROM asked) OR parent_id IN (FROM asked)
           LIMIT 1"""
    ).fetchone()
    if held:
        item_id, answered = held
        what = f"held, and {answered} is what it answers" if answered else "held"
        raise HeldError(
            f"{item_id} is {what}. Release it first, if it may go: acto retain --release {item_id} --reason …"
        )
    connection.execute(statement("doomed"))
    rows = connection.execute("SELECT platform, id, author_id, author_handle, author_name FROM doomed").fetchall()
    whole = asked_for == "author"
    names = {(row[0], name) for row in rows for name in (names_of(*row[1:]) if whole else [row[1]])}
    # A handle that another account has too would keep that one away; the ids keep away what is erased.
    names -= set(connection.execute(statement("doomed_shared")).fetchall())
    ids = {own for row in rows for own in (row[1:3] if whole else row[1:2]) if own}
    called = {name for (name,) in connection.execute(statement("doomed_names")).fetchall()} if whole else set()
    connection.execute(statement("doomed_texts"))
    texts = {text for (text,) in connection.execute("SELECT text FROM doomed_texts").fetchall()}
    long = {text for text in texts if len(" ".join(text.split())) >= SHORTEST_TEXT}
    return Request(
        secrets.token_hex(8), asked_for, by, tuple(item_ids), tuple(sorted(names)), tuple(sorted(ids)),
        tuple(sorted(called)), tuple(sorted(long)),
    )  # fmt: skip


def with_what_came_since(store: Store, request: Request) -> Request:
    """The request with what a scan may have landed since it was made: new versions and, where all of an account goes, its new
    items. Raises HeldError for what has been held since.
    """
    connection = store.connection()
    set_variables(connection, item_ids=list(request.items))
    connection.execute(statement("doomed"))
    items = set(request.items)
    by_account = connection.execute(
        "SELECT item_id FROM doomed WHERE coalesce(author_id, author_handle, author_name) IS NOT NULL LIMIT 1"
    ).fetchone()
    if by_account and request.asked_for == "author":
        items.update(*(one.items for one in find_authors(store, by_account[0]) if by_account[0] in one.items))
    now = request_for(connection, sorted(items), request.asked_for, request.said_by)
    connection.close()
    # What was erased already can tell no more by what it is found: that stays as it was.
    both: dict[str, Any] = {
        each: tuple(sorted({*getattr(request, each), *getattr(now, each)}))
        for each in ("items", "names", "ids", "called", "texts")
    }
    return replace(request, **both)


def path_of_request(home: Path) -> Path:
    """The file in which the request stands, from when the erasure has begun until nothing is left to do."""
    return home / "warehouse" / ERASURE_REQUEST


def begin(home: Path, request: Request) -> None:
    """Write down what is to be erased: from now on it is finished, whatever happens."""
    write_page(path_of_request(home), orjson.dumps(asdict(request)), small_file_keys(home)[0])


def begun(home: Path) -> Request | None:
    """The request of an erasure that is not finished, if there is one."""
    path = path_of_request(home)
    path.with_suffix(".part").unlink(missing_ok=True)
    return _as_asked(orjson.loads(read_small_file(path, small_file_keys(home)))) if path.exists() else None


def _as_asked(kept: dict[str, Any]) -> Request:
    """A request as it was written down; one of an earlier version does not say which of its words are names."""
    words = kept.pop("words", [])
    kept = {"ids": words, "called": words, "texts": [word for word in words if len(word) >= SHORTEST_TEXT], **kept}
    lists = {name: tuple(kept[name]) for name in ("items", "ids", "called", "texts")}
    return Request(**{**kept, **lists, "names": tuple((platform, name) for platform, name in kept["names"])})
