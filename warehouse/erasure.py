"""Erasure: an item, or all that somebody wrote, removed from every table and file, so that no byte of it is left.

What is asked for is written to a file first and that is removed last: an erasure that was stopped at any moment goes on from
there (`finish_erasure`), each step of it doing nothing where it has been done. Decisions go with the flags that they were
about; of all that a receipt stays, in numbers (docs/retention.md says why).

Backups and exports are removed as a whole: what is in an encrypted file cannot be taken out of it.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
import orjson

from warehouse.backups import remove_backups
from warehouse.erased import keep_erased, names_of
from warehouse.erased_files import as_written, erase_in_desk, erase_in_files, erase_in_prefect, find_in_files
from warehouse.evidence.chain import KINDS, leave_out_altered, seal_changes, seal_subjects
from warehouse.frozen import NOTES, remove_report_files
from warehouse.keys import change_data_key, small_file_keys
from warehouse.raw import read_small_file, write_page
from warehouse.rebuild import WANTED, want_rebuild
from warehouse.snapshot import publish
from warehouse.space import has_room_to_write_anew
from warehouse.statements import set_variables, statement
from warehouse.store import ERASURE_REQUEST, Store, StoreError, open_store

# Why something is gone, in the chain, which must not say whom it was about.
WHY = "erasure"
# How each private table is rid of what is erased; a table that is in none of these makes a test fail.
BY_ITEM = (
    "item",
    "revision",
    "media",
    "sighting",
    "also_in",
    "state",
    "flag",
    "audit_drawn",
    "removed",
    "hold",
    "quoted",
)
BY_VERSION = ("near_miss", "audit_answered")
BY_FLAG = ("flag_standing", "decision", "note", "reported")
BY_WORDS = ("quarantine", "source_position", "thread_read", "handle", "coverage", "run_ended", "report", "message")
NOTHING_PERSONAL = (
    "landed", "run_started", "check_version", "judged", "desk_taken", "person", "delivery", "schema_version", "erased_salt",
    "erased", "erasure",
    # Of what was erased the chain keeps digests without their salts, by which nobody can tell what it was.
    "link", "seal", "timestamp",
)  # fmt: skip
# Shorter words stand in too many places that are somebody else's.
SHORTEST_NAME, SHORTEST_TEXT = 5, 12


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be erased: `items` by item_id; `names` are the (platform, id or handle) that must not come back, and
    `words` what must not be found in any file: ids, names, and the texts themselves.
    """

    erasure_id: str
    asked_for: str
    said_by: str
    items: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Extent:
    """How much there is of what is to be erased."""

    items: int
    versions: int
    flags: int
    decisions: int
    reports: int


def plan(store: Store, item_ids: Sequence[str], asked_for: str, by: str) -> tuple[Request, Extent]:
    """What erasing these items would mean; `asked_for` is item or author, which takes the account with it.

    Raises StoreError for an item that is held: UK GDPR article 17(3) lets what a claim or a duty needs be kept.
    """
    connection = store.connection()
    set_variables(connection, item_ids=list(item_ids))
    held = connection.execute(
        "SELECT item_id FROM store.holds WHERE list_contains(getvariable('item_ids')::VARCHAR[], item_id) LIMIT 1"
    ).fetchone()
    if held:
        raise StoreError(
            f"{held[0]} is held. Release it first, if it may go: acto retain --release {held[0]} --reason …"
        )
    connection.execute(statement("doomed"))
    rows = connection.execute("SELECT platform, id, author_id, author_handle, author_name FROM doomed").fetchall()
    texts = [text for (text,) in connection.execute("SELECT text FROM doomed_words").fetchall()]
    extent = Extent(*connection.execute(statement("doomed_extent")).fetchall()[0])
    connection.close()
    whole = asked_for == "author"
    names = {(row[0], name) for row in rows for name in (names_of(*row[1:]) if whole else [row[1]])}
    known = {name.lstrip("@") for row in rows for name in (row[1:] if whole else row[1:2]) if name}
    words = {name for name in known if len(name) >= SHORTEST_NAME} | {
        text for text in texts if len(text) >= SHORTEST_TEXT
    }
    request = Request(
        secrets.token_hex(8),
        asked_for,
        by,
        tuple(item_ids),
        tuple(sorted(names)),
        tuple(sorted(words, key=len, reverse=True)),
    )
    return request, extent


def begin(home: Path, request: Request) -> None:
    """Write down what is to be erased: from now on it is finished, whatever happens."""
    target = home / "warehouse" / ERASURE_REQUEST
    write_page(target, orjson.dumps(asdict(request)), small_file_keys(home)[0])


def finish_erasure(home: Path) -> list[str] | None:
    """Finish the erasure that was begun, if any (None: there was none): gives the files in which something of it is left,
    which are the user's own, or could not be written anew; with none the request itself is gone too.
    """
    path = home / "warehouse" / ERASURE_REQUEST
    path.with_suffix(".part").unlink(missing_ok=True)
    if not path.exists():
        return None
    kept = orjson.loads(read_small_file(path, small_file_keys(home)))
    request = Request(
        **{**kept, **{name: tuple(kept[name]) for name in ("items", "words")}}
        | {"names": tuple((platform, name) for platform, name in kept["names"])}
    )
    with open_store(home) as store:
        _erase_files(store, request)
        want_rebuild(home / "warehouse")
        _erase_rows(store, request)
        # What the disk still holds of the old files becomes unreadable with their key. A change of keys that the disk has no
        # room for would keep the history shut until it has; without one only the mark is left.
        if has_room_to_write_anew(home):
            change_data_key(home)
    # Opening it again writes it anew.
    with open_store(home) as store:
        publish(store)
    # Last, since a scan that is under way, or acto serve, may have it in use.
    erase_in_prefect(home, request.words)
    left = find_in_files(home, request.words, leaving=path)
    if (home / "warehouse" / WANTED).exists():
        left.append("warehouse/live.duckdb (there is no room to write it anew)")
    else:
        path.unlink()
    return left


def _erase_files(store: Store, request: Request) -> None:
    remove_backups(store.home)
    erase_in_files(store, request.items, request.words, WHY)
    set_variables(connection := store.connection(), item_ids=list(request.items))
    flags = connection.execute(
        """SELECT flag_id FROM store.flag JOIN store.item USING (item_key)
           WHERE item_id IN (SELECT unnest(getvariable('item_ids')::VARCHAR[]))"""
    ).fetchall()
    connection.close()
    about = {*request.items, *(flag_id for (flag_id,) in flags)}
    erase_in_desk(store.home, about, request.words, [store.keys.raw, *store.keys.earlier_raw])
    for leftover in ("spill/*", "live.before-*.part"):
        for path in (store.home / "warehouse").glob(leftover):
            path.unlink(missing_ok=True)


def _erase_rows(store: Store, request: Request) -> None:
    connection = store.connection()
    set_variables(connection, item_ids=list(request.items), words=as_written(request.words), **NOTES)
    connection.execute(statement("doomed"))
    connection.execute(statement("doomed_reports"))
    connection.execute("CREATE OR REPLACE TEMP TABLE due_quotes (report_id VARCHAR)")
    reports = connection.execute("SELECT report_id, run_id FROM due_reports").fetchall()
    remove_report_files(store.home, reports)
    with store.transaction(connection):
        _receipt(connection, request)
        keep_erased(connection, request.names)
        now = store.now()
        set_variables(connection, run_id=None, now=now.isoformat())
        connection.execute(statement("doomed_entries"))
        _name_what_changes(connection)
        connection.execute(statement("expire_reports"))
        connection.execute(statement("erase_words"))
        for table in BY_FLAG:
            connection.execute(
                f"""DELETE FROM store.{table} WHERE flag_id IN (
                        SELECT flag_id FROM store.flag WHERE item_key IN (SELECT item_key FROM doomed))"""
            )
        for table in BY_VERSION:
            connection.execute(
                f"""DELETE FROM store.{table} WHERE revision_id IN (
                        SELECT revision_id FROM store.revision WHERE item_key IN (SELECT item_key FROM doomed))"""
            )
        for table in BY_ITEM:
            connection.execute(f"DELETE FROM store.{table} WHERE item_key IN (SELECT item_key FROM doomed)")
        seal_changes(connection, "removed", WHY, now)
    connection.close()


def _name_what_changes(connection: duckdb.DuckDBPyConnection) -> None:
    """Name, before it is done, all that is to be deleted or loses some of its words, for the chain."""
    answers = """SELECT item_key FROM store.item WHERE item_key NOT IN (SELECT item_key FROM doomed)
                     AND (parent_id IN (SELECT item_id FROM doomed) OR parent_text IN (SELECT text FROM doomed_words))"""
    seal_subjects(connection, version=f"SELECT revision_id FROM store.revision WHERE item_key IN ({answers})")
    leave_out_altered(connection, "version")
    connection.execute("CREATE OR REPLACE TEMP TABLE whole_answers AS SELECT subject FROM subjects")
    flags = "SELECT flag_id FROM store.flag SEMI JOIN doomed USING (item_key)"
    versions = "SELECT revision_id FROM store.revision SEMI JOIN doomed USING (item_key)"
    seal_subjects(
        connection,
        version=f"SELECT subject FROM whole_answers UNION ALL SELECT revision_id::VARCHAR FROM ({versions})",
        flag=flags,
        decision=f"{KINDS['decision']} WHERE flag_id IN ({flags})",
        answer=f"{KINDS['answer']} WHERE revision_id IN ({versions})",
        refused="SELECT quarantine_id FROM doomed_entries",
        report="SELECT report_id FROM due_reports",
    )


def _receipt(connection: duckdb.DuckDBPyConnection, request: Request) -> None:
    """Keep what is erased, in numbers, once."""
    if connection.execute("SELECT 1 FROM store.erasure WHERE erasure_id = ?", [request.erasure_id]).fetchone():
        return
    extent = Extent(*connection.execute(statement("doomed_extent")).fetchall()[0])
    clauses = connection.execute(
        "SELECT coalesce(list(DISTINCT clause ORDER BY clause), []) FROM store.flag SEMI JOIN doomed USING (item_key)"
    ).fetchall()[0][0]
    platforms = sorted({platform for platform, _ in request.names})
    connection.execute(
        "INSERT INTO store.erasure VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, now())",
        [
            request.erasure_id, request.asked_for, platforms, extent.items, extent.versions, extent.flags, extent.decisions,
            clauses, request.said_by,
        ],
    )  # fmt: skip
