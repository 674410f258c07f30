"""Erasure: an item, or all that somebody wrote, removed from every table and file, so that no byte of it is left.

What is asked for is written to a file first (warehouse.erasure_request) and that is removed last: an erasure that was stopped
at any moment goes on from there (`finish_erasure`), each step of it doing nothing where it has been done. Decisions go with the
flags that they were about; of all that a receipt stays, in numbers (docs/retention.md says why).

Backups and exports are removed as a whole: what is in an encrypted file cannot be taken out of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.backups import EXPORTS, backup_folder, backups_in, remove_backups
from warehouse.erased import keep_erased
from warehouse.erased_files import Touched, find_in_files, remove_emptied_folders, touched_in_files, touched_in_prefect
from warehouse.erasure_request import (
    HeldError,
    Request,
    begin,
    begun,
    path_of_request,
    request_for,
    with_what_came_since,
)
from warehouse.evidence.chain import KINDS, leave_out_altered, seal_changes, seal_subjects
from warehouse.frozen import NOTES
from warehouse.keys import change_data_key
from warehouse.rebuild import WANTED, want_rebuild
from warehouse.snapshot import publish
from warehouse.space import has_room_to_write_anew
from warehouse.statements import set_variables, statement
from warehouse.store import Store, open_store
from warehouse.traces import Traces

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
# What the program itself says in the tables: variable of the statement erase_words, table and column.
OWN_WORDS = (
    ("kept", "source_position", "kept"),
    ("reasons", "coverage", "reason"),
    ("notes", "run_ended", "note"),
)


@dataclass(frozen=True, slots=True)
class Extent:
    """How much there is of what is to be erased; from `reports` on what tells of it elsewhere, and goes or loses its words
    with it: `refused` entries of the quarantine, `files` by their kind (warehouse.erased_files). All `backups` and `exports`
    go as a whole, whatever they hold.
    """

    items: int
    versions: int
    flags: int
    decisions: int
    reports: int
    refused: int
    files: dict[str, int]
    backups: int
    exports: int


def plan(store: Store, item_ids: Sequence[str], asked_for: str, by: str) -> tuple[Request, Extent]:
    """What erasing these items would mean; `asked_for` is item or author, which takes the account with it.

    Raises HeldError for an item that is held, or that a held one answers: UK GDPR article 17(3) lets what a claim or a duty
    needs be kept.
    """
    connection = store.connection()
    request = request_for(connection, item_ids, asked_for, by)
    traces = request.traces()
    _find_in_tables(connection, traces)
    items, versions, flags, decisions = connection.execute(statement("doomed_extent")).fetchall()[0]
    reports, refused = (
        connection.execute(f"SELECT count(*) FROM {found}").fetchall()[0][0]
        for found in ("due_reports", "doomed_entries")
    )
    files: Counter[str] = Counter()
    for one in (*_touched(store, connection, request, traces), *touched_in_prefect(store.home, traces)):
        files[one.kind] += one.number
    connection.close()
    backups = len(backups_in(backup_folder(store.home)))
    exports = len({path.parent for path in (store.home / EXPORTS).glob("*/*") if path.is_file()})
    return request, Extent(items, versions, flags, decisions, reports, refused, dict(files), backups, exports)


def finish_erasure(home: Path) -> list[str] | None:
    """Finish the erasure that was begun, if any (None: there was none): gives the files in which something of it is left,
    which are the user's own, or could not be written anew or looked into; with none the request itself is gone too.

    Raises HeldError, and calls the erasure off, where an item of it has been held since.
    """
    path, request = path_of_request(home), begun(home)
    if request is None:
        return None
    with open_store(home) as store:
        try:
            request = with_what_came_since(store, request)
        except HeldError as error:
            # Left standing it would keep every other erasure waiting for as long as the hold lasts.
            path.unlink()
            raise HeldError(f"{error} The erasure was called off: ask for it again after that.") from None
        begin(home, request)
        traces = request.traces()
        _erase_files(store, request, traces)
        want_rebuild(home / "warehouse")
        _erase_rows(store, request, traces)
        # What the disk still holds of the old files becomes unreadable with their key. A change of keys that the disk has no
        # room for would keep the history shut until it has; without one only the mark is left.
        if has_room_to_write_anew(home):
            change_data_key(home)
    # Opening it again writes it anew.
    with open_store(home) as store:
        publish(store)
    # Last, since a scan that is under way, or acto serve, may have it in use.
    for one in touched_in_prefect(home, traces):
        one.remove()
    left = find_in_files(home, traces, leaving=path)
    if (home / "warehouse" / WANTED).exists():
        left.append("warehouse/live.duckdb (there is no room to write it anew)")
    else:
        path.unlink()
    return left


def _erase_files(store: Store, request: Request, traces: Traces) -> None:
    remove_backups(store.home)
    connection = store.connection()
    set_variables(connection, item_ids=list(request.items))
    connection.execute(statement("doomed"))
    _find_in_tables(connection, traces)
    # The whole list first: what has been removed can no longer tell what else is of it.
    for one in list(_touched(store, connection, request, traces)):
        one.remove()
    connection.close()
    remove_emptied_folders(store.home)
    for leftover in ("spill/*", "live.before-*.part"):
        for path in (store.home / "warehouse").glob(leftover):
            path.unlink(missing_ok=True)


def _find_in_tables(connection: duckdb.DuckDBPyConnection, traces: Traces) -> None:
    """Name the reports that quote what is in `doomed` or tell of it (`due_reports`), and the entries of the quarantine that
    do (`doomed_entries`).
    """
    reports = connection.execute("SELECT report_id, html, plain FROM store.report").fetchall()
    entries = connection.execute("SELECT quarantine_id, reason, raw FROM store.quarantine").fetchall()
    set_variables(
        connection,
        telling=[report_id for report_id, *said in reports if any(traces.in_text(one) for one in said)],
        refused=[one for one, reason, raw in entries if traces.in_refused(reason or "", raw or b"")],
        **NOTES,
    )
    connection.execute(statement("doomed_reports"))
    connection.execute(statement("doomed_entries"))


def _touched(
    store: Store, connection: duckdb.DuckDBPyConnection, request: Request, traces: Traces
) -> Iterator[Touched]:
    """What is to go from the files, after `_find_in_tables`."""
    reports = connection.execute("SELECT report_id, run_id FROM due_reports").fetchall()
    flags = connection.execute("SELECT flag_id FROM store.flag SEMI JOIN doomed USING (item_key)").fetchall()
    about = {*request.items, *(flag_id for (flag_id,) in flags)}
    yield from touched_in_files(store, traces, reports, about, WHY)


def _erase_rows(store: Store, request: Request, traces: Traces) -> None:
    connection = store.connection()
    set_variables(connection, item_ids=list(request.items))
    connection.execute(statement("doomed"))
    _find_in_tables(connection, traces)
    connection.execute("CREATE OR REPLACE TEMP TABLE due_quotes (report_id VARCHAR)")
    set_variables(
        connection,
        known_to_roster=[name.lower() for name in request.called],
        **{name: _that_tell(connection, table, column, traces) for name, table, column in OWN_WORDS},
    )
    with store.transaction(connection):
        _receipt(connection, request)
        keep_erased(connection, request.names)
        now = store.now()
        set_variables(connection, run_id=None, now=now.isoformat())
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


def _that_tell(connection: duckdb.DuckDBPyConnection, table: str, column: str, traces: Traces) -> list[str]:
    """What stands in a column and tells of what is to be erased."""
    said = connection.execute(f"SELECT DISTINCT {column} FROM store.{table} WHERE {column} <> ''").fetchall()
    return [one for (one,) in said if traces.in_words(one)]


def _name_what_changes(connection: duckdb.DuckDBPyConnection) -> None:
    """Name, before it is done, all that is to be deleted or loses some of its words, for the chain."""
    connection.execute(statement("doomed_texts"))
    connection.execute(statement("doomed_answers"))
    seal_subjects(
        connection, version="SELECT revision_id FROM store.revision SEMI JOIN doomed_answers USING (item_key)"
    )
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
    numbers = connection.execute(statement("doomed_extent")).fetchall()[0]
    clauses = connection.execute(
        "SELECT coalesce(list(DISTINCT clause ORDER BY clause), []) FROM store.flag SEMI JOIN doomed USING (item_key)"
    ).fetchall()[0][0]
    platforms = sorted({platform for platform, _ in request.names})
    connection.execute(
        "INSERT INTO store.erasure VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, now())",
        [
            request.erasure_id, request.asked_for, platforms, *numbers, clauses, request.said_by,
        ],
    )  # fmt: skip
