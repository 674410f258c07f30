"""The Chair's desk: what is decided on the review page is kept on disk at once, and stored when the history is next opened.

A run holds the history for as long as it reads, which may be an hour; a decision must neither wait for that nor be
lost. An entry is a file of its own, encrypted where the history is, there whole or not at all. Whoever opens the
history next stores it, once, and it is removed only when it stands in the published history: until then the page shows
it from here.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import orjson

from warehouse.audit import keep_answer
from warehouse.concerns import keep_concern
from warehouse.encryption import EncryptionError
from warehouse.files import private_folder
from warehouse.flags import keep_decision, require_flag
from warehouse.keys import small_file_keys
from warehouse.raw import read_small_file, write_page

if TYPE_CHECKING:
    import duckdb

    from warehouse.store import Store

FOLDER = "desk"
logger = logging.getLogger("acto")
Kind = Literal["decision", "note", "audit", "concern"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that the Chair said: `by` whom, when (`at`, aware, UTC), and its `content` by its kind:

    decision: flag_id, decision, text (the reason), expires_at (aware, or None) · note: flag_id, text
    audit: item_id, revision (that was shown), clauses · concern: text, who, place, clause
    """

    id: str
    kind: Kind
    by: str
    at: datetime
    content: dict[str, Any] = field(default_factory=dict)


def keep(home: Path, kind: Kind, by: str, at: datetime, **content: Any) -> Entry:
    """Write an entry under `home` so that not even a power cut loses it."""
    # Entries are stored in the order of their names.
    entry = Entry(f"{time.time_ns():020d}-{secrets.token_hex(4)}", kind, by, at, content)
    private_folder(home / FOLDER)
    said = orjson.dumps({"kind": kind, "by": by, "at": at, "content": content})
    write_page(_path(home, entry.id), said, small_file_keys(home)[0])
    return entry


def waiting(home: Path) -> list[Entry]:
    """The entries that are on disk, in the order in which they were made; what cannot be read is left out."""
    paths = sorted((home / FOLDER).glob("*.json"))
    keys = small_file_keys(home) if paths else []
    entries = (_read(path, keys) for path in paths)
    return [entry for entry in entries if entry]


def not_stored(home: Path) -> list[Path]:
    """Entries that could not be stored: they are kept, for a person to look at."""
    return sorted((home / FOLDER).glob("*.refused"))


def take_over(store: Store) -> None:
    """Store every entry that waits, each once and in its order.

    One that can never be stored (its flag was erased, the file is damaged) is put aside. Where storing fails for another
    reason (a full disk), it and those after it go on waiting. Neither stops the run that opened the history.
    """
    paths = sorted((store.home / FOLDER).glob("*.json"))
    taken = _taken(store) if paths else set()
    keys = [store.keys.raw, *store.keys.earlier_raw]
    for path in paths:
        if path.stem in taken:
            continue
        entry = _read(path, keys)
        try:
            if entry is None:
                raise ValueError(path.name)
            _store(store, entry)
        except (ValueError, TypeError, LookupError):
            _put_aside(path, keys)
        except Exception as error:
            logger.warning(
                "What was said on the review page waits on: it could not be stored (%s)", type(error).__name__
            )
            return


def _put_aside(path: Path, keys: Sequence[bytes | None]) -> None:
    """Give an entry the name of what could not be stored; what is enciphered opens under its own name alone."""
    refused = path.with_suffix(".refused")
    try:
        write_page(refused, read_small_file(path, keys), keys[0])
    except EncryptionError:
        path.replace(refused)
    else:
        path.unlink()


def forget_published(store: Store) -> None:
    """Remove the entries that are stored; call it once the history has been published."""
    taken = _taken(store) if (store.home / FOLDER).exists() else set()
    for entry_id in taken:
        _path(store.home, entry_id).unlink(missing_ok=True)


def _store(store: Store, entry: Entry) -> None:
    """Store one entry in one transaction with the note that it is stored. Raises LookupError for a flag or item that is gone."""
    now, content = datetime.now(UTC), entry.content
    run_id = keep_concern(store, entry.id, entry.at, entry.by, **content) if entry.kind == "concern" else None
    with store.transaction() as connection:
        match entry.kind:
            case "decision":
                end = content["expires_at"]
                keep_decision(
                    connection, content["flag_id"], content["decision"], content["text"], entry.by, entry.at,
                    datetime.fromisoformat(end) if end else None,
                )  # fmt: skip
            case "note":
                _keep_note(connection, entry)
            case "audit":
                keep_answer(
                    connection, content["item_id"], content["clauses"], entry.by, entry.at, content.get("revision")
                )
            case "concern" if run_id:
                connection.execute("INSERT INTO store.run_ended VALUES (?, ?, 'complete', '')", [run_id, now])
            case _:
                raise ValueError(entry.kind)
        connection.execute("INSERT INTO store.desk_taken VALUES (?, ?)", [entry.id, now])


def _keep_note(connection: duckdb.DuckDBPyConnection, entry: Entry) -> None:
    require_flag(connection, entry.content["flag_id"])
    connection.execute(
        "INSERT INTO store.note VALUES (?, ?, ?, ?, ?)",
        [entry.id, entry.content["flag_id"], entry.content["text"], entry.by, entry.at],
    )


def _taken(store: Store) -> set[str]:
    rows: Iterable[tuple[str]] = store.connection().execute("SELECT entry_id FROM store.desk_taken").fetchall()
    return {entry_id for (entry_id,) in rows}


def _path(home: Path, entry_id: str) -> Path:
    return home / FOLDER / f"{entry_id}.json"


def _read(path: Path, keys: Sequence[bytes | None]) -> Entry | None:
    try:
        kept = orjson.loads(read_small_file(path, keys))
        return Entry(path.stem, kept["kind"], kept["by"], datetime.fromisoformat(kept["at"]), kept["content"])
    except (OSError, EncryptionError, ValueError, KeyError, TypeError):
        return None
