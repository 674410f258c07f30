"""DuckDB as this program uses it: its settings, a file attached with its key, and a whole database copied into another."""

from __future__ import annotations

import sysconfig
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
from fsspec.implementations.memory import MemoryFileSystem

from warehouse.encryption import EncryptionError

# The name under which the history is attached, in the program and in questions to the published copy.
HISTORY = "history"
# Files that never touch the disk; DuckDB reads them as memory://name.
MEMORY = MemoryFileSystem()


class StoreError(Exception):
    """The history cannot be opened for writing; the message says why and what to do."""


def connect_for_writing(spill: Path, *, encrypted: bool) -> duckdb.DuckDBPyConnection:
    """A connection to nothing yet, that may attach and write. With `encrypted` what it spills to disk is so too."""
    connection = duckdb.connect(
        config={
            "threads": 2,
            "memory_limit": "1GB",
            # A checkpoint after every 16 MB, DuckDB's own choice, is a fifth of the time of a long import (measured).
            "checkpoint_threshold": "128MB",
            "temp_directory": str(spill),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
            # To check the signature of the one that is loaded takes 0.13 s (measured); it comes, like DuckDB itself, as a
            # package whose hash uv.lock holds.
            "allow_unsigned_extensions": True,
            # Deciphered pages are read from memory once.
            "enable_external_file_cache": False,
        }
    )
    if encrypted:
        # DuckDB writes encrypted files with the OpenSSL that lies in this extension.
        site = sysconfig.get_paths()["purelib"]
        extension = f"duckdb_extension_httpfs/extensions/v{duckdb.__version__}/httpfs.duckdb_extension"
        connection.execute(f"LOAD {_quoted(f'{site}/{extension}')}")
        # Off by default, also for an encrypted file: what does not fit into memory would lie there readable (measured).
        connection.execute("SET temp_file_encryption = true")
    connection.register_filesystem(MEMORY)
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    return connection


def attach(
    connection: duckdb.DuckDBPyConnection,
    file: Path,
    keys: Sequence[str | None],
    *,
    name: str = HISTORY,
    read_only: bool = False,
) -> str | None:
    """Attach `file` as `name` with the first of `keys` (None: not encrypted) that opens it; the key that did.

    A file that is not there is made, unless `read_only`. Raises EncryptionError if none of the keys opens it,
    duckdb.IOException if it cannot be read, is no database, or is open elsewhere.
    """
    for key in keys:
        # As a variable, so that no error of DuckDB can repeat the key with the statement.
        connection.execute("SET VARIABLE key = $key", {"key": key})
        options = [*(["ENCRYPTION_KEY getvariable('key')"] if key else []), *(["READ_ONLY"] if read_only else [])]
        how = f" ({', '.join(options)})" if options else ""
        try:
            connection.execute(f"ATTACH {_quoted(str(file))} AS {name}{how}")
            return key
        except (duckdb.InvalidInputException, duckdb.CatalogException):
            # Wrong key; encrypted and no key given; a key given and not encrypted.
            continue
        finally:
            connection.execute("RESET VARIABLE key")
    raise EncryptionError(
        f"{file} is encrypted with another key than the one that was found (docs/encryption.md), or it is damaged."
    )


def is_damage(error: duckdb.Error) -> bool:
    """Whether DuckDB cannot read a file, rather than was asked for something that cannot be. Of an encrypted block that was
    changed it says that the input is invalid.
    """
    return not isinstance(error, duckdb.ProgrammingError) or "AES tag" in str(error)


def copy_database(connection: duckdb.DuckDBPyConnection, name: str, target: Path, key: str | None) -> None:
    """Copy the attached database `name` into a new file under `key` (None: not encrypted), read it back and compare.

    `target` and what a killed copy left there is replaced: put the copy in place with files.put_in_place. The copy holds
    what the tables hold now and nothing of what was deleted. Raises StoreError if it cannot be written or differs.
    """
    try:
        remove_leftover(target)
        attach(connection, target, [key], name="copy")
        try:
            target.chmod(0o600)
            connection.execute(f"COPY FROM DATABASE {name} TO copy")
        finally:
            connection.execute("DETACH copy")
        attach(connection, target, [key], name="copy", read_only=True)
        try:
            found, expected = _content(connection, "copy"), _content(connection, name)
        finally:
            connection.execute("DETACH copy")
    except (duckdb.Error, OSError) as error:
        with suppress(OSError):
            target.unlink(missing_ok=True)
        raise StoreError(f"The history could not be copied to {target}: is the disk full? ({error})") from None
    if found != expected:
        differing = sorted(table for table in found.keys() | expected.keys() if found.get(table) != expected.get(table))
        target.unlink(missing_ok=True)
        raise StoreError(f"The copy of the history differs in {', '.join(differing)}; the old one stays.")


def remove_leftover(file: Path) -> None:
    """Remove what a killed copy left at `file`, and the write-ahead log that belongs to it."""
    for leftover in (file, file.with_name(f"{file.name}.wal")):
        leftover.unlink(missing_ok=True)


def tables_of(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    """The tables of the attached database `name`, each as schema.table."""
    answer = connection.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = $name ORDER BY 1",
        {"name": name},
    )
    return [table for (table,) in answer.fetchall()]


def sums(connection: duckdb.DuckDBPyConnection, name: str, rows: Mapping[str, str]) -> dict[str, Any]:
    """By table, the number of those of its rows for which a condition holds, and a sum over all that they hold; {name} in a
    condition is the attached database.
    """
    return {
        table: connection.execute(
            f"SELECT count(*), sum(hash(one)) FROM {name}.{table} AS one WHERE {condition.format(name=name)}"
        ).fetchone()
        for table, condition in rows.items()
    }


def _content(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, Any]:
    """By table, its number of rows and a sum over all that they hold; which views there are."""
    views = connection.execute(
        "SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = $name AND NOT internal", {"name": name}
    ).fetchall()
    held = sums(connection, name, dict.fromkeys(tables_of(connection, name), "true"))
    return held | {f"{schema}.{view}": "a view" for schema, view in views}


def _quoted(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
