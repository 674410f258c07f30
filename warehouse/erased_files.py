"""What is erased taken out of the files under the home: raw pages, what was written of reports, Prefect's records, logs."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import orjson

from warehouse.backups import ENDING, EXPORTS
from warehouse.desk import FOLDER as DESK
from warehouse.encryption import EncryptionError
from warehouse.erased import strings_in
from warehouse.evidence.raw import keep_lines
from warehouse.files import put_in_place
from warehouse.frozen import files_of
from warehouse.packed_files import NotLookedIntoError, is_packed, names_in, pieces_of, words_in_xml
from warehouse.raw import read_page, read_small_file
from warehouse.traces import Traces

if TYPE_CHECKING:
    from warehouse.store import Store

# The database and its copies are written anew, backups are removed as a whole, the request itself is removed last; the rest
# belongs to the user.
OWN_FILES = ("*.duckdb", "*.duckdb.*", "erasure.json", "erasure.part", f"*{ENDING}", f"*{ENDING}.part")
# Written of what the tables hold, and removed as a whole.
REPORTS = ("outbox", "reports", "subjects")
DATABASES = (".db", ".db-wal", ".db-shm")
USERS_FILES = (
    "*.toml", "*.csv", "*.key", "keys.sealed", "lease", "waiting", "backing-up", "backups.json", "rebuilt", "rebuild.wanted",
    "rebuild.wanted-in-time", "published-whole", "backup.wanted", "review-accounts.json",
)  # fmt: skip


LOGS = "logs"
# What stands in these folders the program names, after sources and moments and nobody.
NOT_NAMED_AFTER = ("raw", "warehouse")

Kind = Literal["raw line", "report file", "log line", "line of another file", "desk entry", "record of Prefect"]


@dataclass(frozen=True, slots=True)
class Touched:
    """Something in a file that is to go: what it is, how many of it, and the act that removes it."""

    kind: Kind
    number: int
    remove: Callable[[], None]


def touched_in_files(
    store: Store, traces: Traces, reports: Iterable[tuple[str, str]], about: Collection[str], why: str
) -> Iterator[Touched]:
    """All that tells of what is to be erased in the files under the home: raw lines, reports, lines of logs, and what the
    Chair has said on the review page. `reports` (report_id, run_id) are those whose words go, `about` the flags and items
    that go; `why` goes into the chain.

    A file that cannot be deciphered says nothing to anybody, and stays.
    """
    home = store.home
    for page in list((home / "raw").glob("*/*/*")):
        with contextlib.suppress(EncryptionError):
            number = sum(map(traces.in_line, read_page(page, store.keys.raw).splitlines()))
            keep = partial(keep_lines, store, page, lambda line: not traces.in_line(line), why, store.now())
            yield from _some("raw line", number, keep)
    written = {path for report in reports for path in files_of(home, *report)}
    files = [path for folder in REPORTS for path in (home / folder).rglob("*") if path.is_file()]
    # A subject.json goes last: were it gone when this is stopped, nothing would tell whom the page beside it is about.
    for path in sorted(files, key=lambda path: path.name == "subject.json"):
        tells = path in written or _report_tells(path, traces) or _is_exported_with(path, about)
        yield from _some("report file", int(tells), partial(path.unlink, missing_ok=True))
    for path in (home / DESK).glob("*.*"):
        with contextlib.suppress(EncryptionError):
            said = read_small_file(path, [store.keys.raw, *store.keys.earlier_raw])
            tells = _is_about(said, about) or (path.suffix == ".refused" and traces.in_words(said))
            yield from _some("desk entry", int(tells), partial(path.unlink, missing_ok=True))
    for path in list(_others(home)):
        if path.suffix in DATABASES or not path.exists() or is_packed(path):
            continue
        if traces.may_stand_in(path.read_bytes()):
            number = sum(map(traces.in_words, path.read_bytes().splitlines()))
            keep = partial(_keep_lines, path, lambda line: not traces.in_words(line))
            yield from _some("log line" if path.is_relative_to(home / LOGS) else "line of another file", number, keep)


def remove_emptied_folders(home: Path) -> None:
    """Remove the folders of what `acto subject` wrote that are empty: each is named after whom it was about."""
    for path in sorted((home / "subjects").rglob("*/"), reverse=True):
        # What a person has put there stays.
        with contextlib.suppress(OSError):
            path.rmdir()


def touched_in_prefect(home: Path, traces: Traces) -> Iterator[Touched]:
    """Prefect's records that tell of it, where it should never have been.

    Raises sqlite3.OperationalError where its database is in use.
    """
    for path in home.rglob("*.db"):
        yield from _some("record of Prefect", _cells_that_tell(path, traces), partial(_erase_in_sqlite, path, traces))


def _some(kind: Kind, number: int, remove: Callable[[], None]) -> Iterator[Touched]:
    if number:
        yield Touched(kind, number, remove)


def find_in_files(home: Path, traces: Traces, *, leaving: Path) -> list[str]:
    """The files under `home` that still tell of it, but `leaving`, what is named after them, and the packed files that could
    not be looked into; the history's own and the raw pages are not looked at: somebody else may have written the same words.
    """
    ours = set(_others(home))
    found = []
    for path in sorted(path for path in home.rglob("*") if path != leaving):
        named = path.relative_to(home).parts[0] not in NOT_NAMED_AFTER and _is_named_after(path, traces)
        if named or not path.is_file():
            tells = named
        elif path.suffix in (".duckdb", *DATABASES) or path.is_relative_to(home / "raw"):
            tells = path.suffix == ".db" and _cells_that_tell(path, traces) > 0
        elif is_packed(path):
            try:
                tells = _packed_tells(path, traces)
            except NotLookedIntoError as error:
                found.append(f"{path.relative_to(home)} ({error})")
                continue
        elif path.relative_to(home).parts[0] in REPORTS:
            tells = _report_tells(path, traces)
        elif path in ours or path.is_relative_to(home / DESK):
            tells = traces.in_lines(path.read_bytes())
        else:
            tells = traces.in_users_file(path.read_bytes())
        if tells:
            found.append(f"{path.relative_to(home)}{'/' if path.is_dir() else ''}")
    return found


def _others(home: Path) -> Iterator[Path]:
    for path in home.rglob("*"):
        inside = path.relative_to(home).parts[0]
        known = any(path.match(pattern) for pattern in (*OWN_FILES, *USERS_FILES))
        if path.is_file() and inside not in ("raw", DESK, EXPORTS, *REPORTS) and not known:
            yield path


def _is_named_after(path: Path, traces: Traces) -> bool:
    """Whether the name of a file or folder tells of them, whatever a platform, a moment or an ending beside it makes of it."""
    parts = re.split(r"([\W_]+)", path.name)
    runs = {
        "".join(parts[first:last]) for first in range(0, len(parts), 2) for last in range(first + 1, len(parts) + 1, 2)
    }
    written = runs | {re.sub(r"[\W_]+", between, run) for run in runs for between in (" ", ".")}
    return any(map(traces.in_text, written))


def _packed_tells(path: Path, traces: Traces) -> bool:
    """Whether what is packed in a file, or the name of some of it, tells of them. Raises NotLookedIntoError."""
    if any(_is_named_after(Path(name), traces) for name in names_in(path)):
        return True
    return any(traces.in_text(piece) or traces.in_users_file(words_in_xml(piece)) for piece in pieces_of(path))


def _report_tells(path: Path, traces: Traces) -> bool:
    return traces.in_words(path.read_bytes()) or traces.in_text(_mail_text(path))


def _is_exported_with(path: Path, about: Collection[str]) -> bool:
    """Whether a file stands beside a subject.json that holds one of these items."""
    record = path.with_name("subject.json")
    if not record.exists():
        return False
    with contextlib.suppress(orjson.JSONDecodeError):
        return not set(about).isdisjoint(strings_in(orjson.loads(record.read_bytes())))
    return False


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


def _cells_that_tell(path: Path, traces: Traces) -> int:
    """How many texts in a database tell of it. Most hold none of its words at all, and are not opened."""
    files = [path, path.with_name(f"{path.name}-wal")]
    if not any(traces.may_stand_in(one.read_bytes()) for one in files if one.exists()):
        return 0
    with contextlib.closing(_opened(path, traces)) as database:
        return sum(
            database.execute(f'SELECT count(*) FROM "{table}" WHERE {_TELLS.format(column)}').fetchone()[0]
            for table, column in _columns(database)
        )


def _erase_in_sqlite(path: Path, traces: Traces) -> None:
    """Blot it out of every text in the database, and write that anew."""
    with contextlib.closing(_opened(path, traces)) as database:
        database.execute("PRAGMA secure_delete = ON")
        database.execute("BEGIN IMMEDIATE")
        for table, column in _columns(database):
            database.execute(f'UPDATE "{table}" SET "{column}" = blotted("{column}") WHERE {_TELLS.format(column)}')
        database.execute("COMMIT")
        database.execute("VACUUM")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


_TELLS = """typeof("{0}") = 'text' AND tells("{0}")"""


def _opened(path: Path, traces: Traces) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=30, isolation_level=None)
    database.create_function("tells", 1, traces.in_words, deterministic=True)
    database.create_function("blotted", 1, traces.blotted, deterministic=True)
    return database


def _columns(database: sqlite3.Connection) -> list[tuple[str, str]]:
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return [(table, row[1]) for (table,) in tables for row in database.execute(f'PRAGMA table_info("{table}")')]
