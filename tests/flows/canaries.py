"""Canary words in every kind of place under ACTO_HOME, a word of its own for each, and a look for them everywhere: in the bytes
of all files, and in what the keys of the home decipher of them.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import duckdb

from connectors.item import Item, Media, Page, Rejected, ThreadRead
from flows.backing_up import new_backup
from warehouse import desk
from warehouse.archive import reading
from warehouse.backup import database_key, members
from warehouse.backups import backup_folder, backups_in
from warehouse.database import attach, connect_for_writing
from warehouse.encryption import EncryptionError
from warehouse.evidence.chain import seal_one
from warehouse.export import export_views
from warehouse.flags import decide
from warehouse.holds import hold, release
from warehouse.key_kinds import HISTORY
from warehouse.key_places import place_of
from warehouse.keys import keys_for_writing, reader_keys
from warehouse.landing import land
from warehouse.outbox import FrozenMessage, FrozenReport, freeze
from warehouse.raw import read_page
from warehouse.runs import Coverage, record_coverage, start_run
from warehouse.snapshot import publish
from warehouse.store import open_store

NOW = datetime.now(UTC) - timedelta(days=1)
PLACES = (
    "id", "account", "name", "handle", "link", "text", "edited text", "text asked", "picture", "alt text", "raw record",
    "refused record", "evidence", "decision", "note", "hold", "report", "mail", "mail text", "desk entry", "refused desk entry",
    "coverage", "position", "log", "Prefect", "spill", "killed backup", "subject",
)  # fmt: skip


def canary(place: str) -> str:
    """The word that is planted in this place."""
    return f"canary-{PLACES.index(place):02d}-of-the-cage"


WORDS = {place: canary(place) for place in PLACES}
THEIRS = Item(
    "facebook", WORDS["id"], "comment", f"the {WORDS['text']} sings", parent_id="post", thread_id="post",
    author_id=WORDS["account"], author_name=WORDS["name"], author_handle=f"@{WORDS['handle']}",
    url=f"https://f.example/{WORDS['link']}", parent_text=f"asked {WORDS['text asked']}",
    media=[Media("image", f"https://pictures.example/{WORDS['picture']}", f"alt {WORDS['alt text']}")],
    raw={"id": WORDS["id"], "deep": [{"place": WORDS["raw record"]}]},
)  # fmt: skip


def plant(home: Path) -> None:
    """Put every word where it belongs, as the program itself writes it where it does, and back all of it up."""
    edited = Item(
        "facebook", WORDS["id"], "comment", f'"{WORDS["edited text"]}" é {WORDS["evidence"]}', thread_id="post"
    )
    other = Item("facebook", "post", "post", "a post of ACTO", thread_id="post", author_handle="ACTO-online")
    refused = f'{{"from": "{WORDS["account"]}", "text": "{WORDS["refused record"]}"}}'
    mail = EmailMessage()
    mail.set_content(f"{'long ' * 12}{WORDS['mail text']} by {WORDS['name']}", cte="quoted-printable")
    mail.add_attachment(WORDS["mail"].encode(), maintype="text", subtype="plain", cte="7bit")
    with open_store(home) as store:
        store.connection().execute("PRAGMA force_compression = 'uncompressed'")
        run_id = start_run(store, "scan", NOW)
        page = Page(
            items=[other, THEIRS], rejected=[Rejected("No id.", refused.encode())], threads=[ThreadRead("post")]
        )
        land(store, run_id, "page", page, None)
        second = Item("facebook", "second", "comment", WORDS["Prefect"], thread_id="post", author_id=WORDS["account"])
        land(store, run_id, "page", Page(items=[second]), None)
        land(store, run_id, "page", Page(items=[edited]), {"newest": f"{WORDS['id']} {WORDS['position']}"})
        with store.transaction() as connection:
            connection.execute(
                """INSERT INTO store.flag BY NAME
                   SELECT 'f' AS flag_id, item_key, revision_id, revision, 'c' AS check_id, 1 AS check_version, 'O1' AS clause,
                       'high' AS severity, $evidence AS evidence, 0 AS start_char, 3 AS end_char, 'It asks.' AS reason,
                       $run_id AS run_id, now() AS flagged_at
                   FROM store.revision WHERE revision = 2""",
                {"evidence": WORDS["evidence"], "run_id": run_id},
            )
            seal_one(connection, "flagged", "flag", "f", NOW)
            report = FrozenReport(
                "report-r", run_id, NOW, "Subject", f"<p>{WORDS['report']} by {WORDS['name']}", WORDS["report"], ["f"],
                [FrozenMessage("chair@acto.example", "<1>", mail.as_bytes())], [f"facebook:{WORDS['id']}"],
            )  # fmt: skip
            freeze(connection, report)
            seal_one(connection, "reported", "report", "report-r", NOW)
        decide(store, "f", "dismissed", f"{WORDS['decision']} is right", "chair", NOW, None)
        hold(store, f"facebook:{WORDS['id']}", WORDS["hold"], date(2099, 1, 1), "chair", NOW)
        release(store, f"facebook:{WORDS['id']}", f"settled {WORDS['hold']}", "chair", NOW)
        record_coverage(
            store, Coverage(run_id, "page", "facebook", "partial", f"{WORDS['id']}: {WORDS['coverage']} was not read")
        )
        desk.keep(home, "note", "chair", NOW, flag_id="f", text=WORDS["note"])
        desk.take_over(store)
        publish(store)
    desk.keep(
        home,
        "decision",
        "chair",
        NOW,
        flag_id="gone",
        decision="resolved",
        text=f"{WORDS['refused desk entry']} by {WORDS['name']}",
        expires_at=None,
    )
    with open_store(home):
        pass
    desk.keep(home, "note", "chair", NOW, flag_id="f", text=WORDS["desk entry"])
    for name, content in {
        "outbox/report-r.eml": mail.as_bytes(),
        "outbox/report-r.html": f"{WORDS['report']} by {WORDS['name']}".encode(),
        "reports/r.html": f"{WORDS['report']} by {WORDS['name']}".encode(),
        "subjects/somebody/subject.json": f"{WORDS['subject']} by {WORDS['name']}".encode(),
        "logs/acto.log": f"fine\nread {WORDS['id']} {WORDS['log']}\nfine too\n".encode(),
        "warehouse/spill/block.tmp": WORDS["spill"].encode(),
    }.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(content)
    (home / "prefect").mkdir()
    with sqlite3.connect(home / "prefect" / "prefect.db") as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE log (message TEXT)")
        database.execute("INSERT INTO log VALUES (?)", [f"read {WORDS['id']}: {WORDS['Prefect']}"])
    database.close()
    new_backup(home)
    export_views(home, None)
    # What a backup leaves that is killed.
    (home / "warehouse" / "backup.duckdb").write_bytes(WORDS["killed backup"].encode())


def found(home: Path) -> set[str]:
    """The places whose words still stand somewhere, in any byte or behind any key of the home."""
    held = b"\n".join([*_bytes(home), *_pages(home), *(repr(row).encode() for row in _rows(home)), *_backups(home)])
    return {place for place, word in WORDS.items() if word.encode() in held}


def _bytes(home: Path) -> list[bytes]:
    held = [path.read_bytes() for path in home.rglob("*") if path.is_file()]
    # Words are cut into lines in a mail.
    return [*held, *(one.replace(b"=\n", b"") for one in held)]


def _pages(home: Path) -> list[bytes]:
    keys, said = keys_for_writing(home), []
    for path in [*(home / "raw").rglob("*"), *(home / "desk").glob("*"), *(home / "warehouse").glob("*.json")]:
        with suppress(EncryptionError, IsADirectoryError):
            said.append(read_page(path, keys.raw))
    return said


def _rows(home: Path) -> list[object]:
    keys = keys_for_writing(home)
    rows: list[object] = []
    for file, known in ((home / "warehouse/live.duckdb", [keys.data]), (home / "history.duckdb", reader_keys(home))):
        rows += _tables(file, known)
    for file in home.glob("exports/*/*.parquet"):
        with duckdb.connect() as connection:
            reader = reader_keys(home)[0]
            options = ""
            if reader:
                connection.execute(f"PRAGMA add_parquet_key('k', '{reader}')")
                options = ", encryption_config = {footer_key: 'k'}"
            rows += connection.execute(f"FROM read_parquet('{file}'{options})").fetchall()
    return rows


def _tables(file: Path, keys: list[str | None]) -> list[object]:
    rows: list[object] = []
    with connect_for_writing(file.parent / "look", encrypted=True) as connection:
        attach(connection, file, keys, name="looked_at", read_only=True)
        tables = connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'store' AND database_name = 'looked_at'"
        ).fetchall()
        for (table,) in tables:
            rows += connection.execute(f"FROM looked_at.store.{table}").fetchall()
    return rows


def _backups(home: Path) -> list[bytes]:
    said: list[bytes] = []
    for backup in backups_in(backup_folder(home)):
        with backup.open("rb") as file, reading(file, place_of(home, HISTORY).keys()) as (tar, key, salt):
            for name, content, _ in members(tar):
                said.append(content.read())
                if name.endswith(".duckdb"):
                    copy = home.parent / "unpacked.duckdb"
                    copy.write_bytes(said[-1])
                    said += [repr(row).encode() for row in _tables(copy, [database_key(key, salt)])]
                    copy.unlink()
    return said
