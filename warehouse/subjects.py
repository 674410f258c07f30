"""Persons as the history knows them: who wrote under which name, and all that is held about one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from warehouse.statements import set_variables, statement
from warehouse.store import Store


@dataclass(frozen=True, slots=True)
class Author:
    """One account on one platform: its id (or what stands for it), names and handles that it has had, and its items."""

    platform: str
    account: str
    names: tuple[str, ...]
    handles: tuple[str, ...]
    items: tuple[str, ...]


def find_authors(store: Store, who: str, platform: str | None = None) -> list[Author]:
    """The accounts whose id, handle or name is `who` (however it is written), or that wrote the item of that item_id, on all
    platforms or one.
    """
    connection = store.connection()
    set_variables(connection, who=who.strip().lstrip("@"), platform=platform)
    rows = connection.execute(statement("authors")).fetchall()
    connection.close()
    return [Author(row[0], row[1], *(tuple(part) for part in row[2:])) for row in rows]


def held_about(store: Store, author: Author) -> dict[str, list[dict[str, Any]]]:
    """All that the tables hold about an account, by what it is; what others wrote that names it, without who they are."""
    connection = store.connection()
    known = [*author.names, *author.handles, author.account]
    set_variables(
        connection,
        item_ids=list(author.items),
        platform=author.platform,
        known=sorted({name for name in known if len(name) >= 4}),
        handles=[handle.casefold().lstrip("@") for handle in author.handles],
    )
    connection.execute(statement("doomed"))
    held = {section: _rows(connection.execute(sql)) for section, sql in _sections(statement("subject"))}
    connection.close()
    return held


def _sections(sql: str) -> Sequence[tuple[str, str]]:
    """The questions of subject.sql, each under its heading "-- section: NAME"."""
    parts = sql.split("-- section: ")[1:]
    return [(part.partition("\n")[0], part.partition("\n")[2]) for part in parts]


def _rows(answer: Any) -> list[dict[str, Any]]:
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
