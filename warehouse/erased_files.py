"""What is erased taken out of the files under the home: raw pages, what was written of reports, Prefect's records, logs."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import orjson

from warehouse.encryption import EncryptionError
from warehouse.erased import strings_in
from warehouse.evidence.raw import keep_lines
from warehouse.files import put_in_place
from warehouse.raw import read_small_file

if TYPE_CHECKING:
    from warehouse.store import Store

# The database and its copies are written anew, the request itself is removed last; the rest belongs to the user.
OWN_FILES = ("*.duckdb", "*.duckdb.*", "erasure.json", "erasure.part")
# Written of what the tables hold, and removed as a whole.
REPORTS = ("outbox", "reports", "subjects")
USERS_FILES = (
    "*.toml", "*.csv", "*.key", "keys.sealed", "lease", "waiting", "backing-up", "backups.json", "rebuilt", "rebuild.wanted",
    "published-whole", "backup.wanted", "review-accounts.json",
)  # fmt: skip


def erase_in_files(store: Store, item_ids: Sequence[str], words: Sequence[str], why: str) -> None:
    """Take all that holds one of these words out of the files under the home: raw lines, reports, lines of logs. `why` goes
    into the chain.

    A raw page that cannot be deciphered says nothing to anybody, and stays.
    """
    home = store.home
    exact, written = frozenset(words), _in_bytes(words)
    ids = {item_id.partition(":")[2] for item_id in item_ids}
    for page in list((home / "raw").glob("*/*/*")):
        with contextlib.suppress(EncryptionError):
            keep_lines(store, page, lambda line: not _line_holds(line, exact, written, ids), why, store.now())
    for folder in REPORTS:
        for path in (path for path in (home / folder).rglob("*") if path.is_file()):
            if _holds(path.read_bytes(), written) or _holds(_mail_text(path), written):
                path.unlink()
    for path in _others(home):
        if path.suffix not in (".db", ".db-wal", ".db-shm") and _holds(path.read_bytes(), written):
            _keep_lines(path, lambda line: not _holds(line, written))


def erase_in_desk(home: Path, about: Collection[str], words: Sequence[str], keys: Sequence[bytes | None]) -> None:
    """Remove what the Chair has said on the review page about one of these flags or items and is still a file of its own, and
    what could not be stored and holds one of the words; `keys` are those of small files.
    """
    written = _in_bytes(words)
    for path in (home / "desk").glob("*.*"):
        with contextlib.suppress(EncryptionError):
            said = read_small_file(path, keys)
            if _is_about(said, about) or (path.suffix == ".refused" and _holds(said, written)):
                path.unlink()


def erase_in_prefect(home: Path, words: Sequence[str]) -> None:
    """Blot the words out of Prefect's database, where they should never have been.

    Raises sqlite3.OperationalError where it is in use.
    """
    for path in home.rglob("*.db"):
        _erase_in_sqlite(path, words)


def find_in_files(home: Path, words: Sequence[str], *, leaving: Path) -> list[str]:
    """The files under `home` in which one of these words still stands, but `leaving`; the history's own are not looked at:
    somebody else may have written the same words.
    """
    written = _in_bytes(words)
    files = [
        path for path in sorted(home.rglob("*")) if path.is_file() and path != leaving and path.suffix != ".duckdb"
    ]
    return [str(path.relative_to(home)) for path in files if _holds(path.read_bytes(), written)]


def _others(home: Path) -> Iterator[Path]:
    for path in home.rglob("*"):
        inside = path.relative_to(home).parts[0]
        known = any(path.match(pattern) for pattern in (*OWN_FILES, *USERS_FILES))
        if path.is_file() and inside not in ("raw", *REPORTS) and not known:
            yield path


def as_written(words: Sequence[str]) -> list[str]:
    """The words as they may stand in a file: plain, in JSON, in HTML, in a link."""
    return sorted(
        {
            form
            for word in words
            for form in (
                word,
                json.dumps(word)[1:-1],
                json.dumps(word, ensure_ascii=False)[1:-1],
                escape(word),
                escape(word, False),
                quote(word, safe="", errors="backslashreplace"),
            )
        }
    )


def _in_bytes(words: Sequence[str]) -> list[bytes]:
    return [form.encode("utf-8", "backslashreplace") for form in as_written(words)]


def _holds(content: bytes, written: Sequence[bytes]) -> bool:
    return any(form in content for form in written)


def _line_holds(line: bytes, exact: frozenset[str], written: Sequence[bytes], ids: set[str]) -> bool:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return _holds(line, written)
    if "reason" in record and isinstance(record.get("raw"), str):
        return record.get("id") in ids or _holds(base64.b64decode(record["raw"]), written)
    return record.get("id") in ids or not exact.isdisjoint(strings_in(record)) or _holds(line, written)


def _is_about(entry: bytes, about: Collection[str]) -> bool:
    with contextlib.suppress(orjson.JSONDecodeError, AttributeError):
        content = orjson.loads(entry).get("content", {})
        return content.get("flag_id") in about or content.get("item_id") in about
    return False


def _keep_lines(path: Path, wanted: Callable[[bytes], bool]) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if wanted(line)]
    if len(kept) < len(lines):
        fresh = path.with_name(f"{path.name}.part")
        fresh.touch(mode=0o600)
        fresh.write_bytes(b"".join(kept))
        os.utime(fresh, (path.stat().st_atime, path.stat().st_mtime))
        put_in_place(fresh, path)


def _mail_text(path: Path) -> bytes:
    """The words of a mail, which are cut into lines and escaped in its file."""
    from email import message_from_bytes, policy

    if path.suffix != ".eml":
        return b""
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    return "\n".join(str(part.get_content()) for part in message.walk() if not part.is_multipart()).encode()


def _erase_in_sqlite(path: Path, words: Sequence[str]) -> None:
    """Blot the words out of every text in the database, and write it anew where they stood in it."""
    files = [path, path.with_name(f"{path.name}-wal")]
    if not any(_holds(one.read_bytes(), _in_bytes(words)) for one in files if one.exists()):
        return
    with contextlib.closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as database:
        database.execute("PRAGMA secure_delete = ON")
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        forms = as_written(words)
        database.execute("BEGIN IMMEDIATE")
        for (table,) in tables:
            columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
            for column in columns:
                for form in forms:
                    database.execute(
                        f"""UPDATE "{table}" SET "{column}" = replace("{column}", ?, '[erased]')
                            WHERE typeof("{column}") = 'text' AND instr("{column}", ?) > 0""",
                        [form, form],
                    )
        database.execute("COMMIT")
        database.execute("VACUUM")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
