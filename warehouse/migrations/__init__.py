"""The schema's history: numbered .sql files, each applied once, in one transaction; and the public views.

An applied file must never be edited: write the next one. Never ADD COLUMN ... DEFAULT now() and never ALTER to an ENUM:
both make a file that cannot be opened after a kill (measured).
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb

FOLDER = Path(__file__).parent
VIEWS = FOLDER.parent / "views"
# In this order: some are built on those before them.
PUBLIC_VIEWS = (
    "items",
    "revisions",
    "media",
    "flags",
    "decisions",
    "runs",
    "coverage",
    "quarantine",
    "checks",
    "reports",
)
# Of the program's own: they lie in the schema `store`.
OWN_VIEWS = ("audit", "holds", "overtaken", "recall", "scanned_in_part")


class MigrationError(Exception):
    """The file does not fit this version of the program; the message says which way."""


def migrate(connection: duckdb.DuckDBPyConnection, folder: Path = FOLDER, views: Path = VIEWS) -> None:
    """Bring the open file to the newest schema and views.

    Raises MigrationError for a file that a newer program has written, or where an applied step has been edited.
    """
    connection.execute(
        """CREATE SCHEMA IF NOT EXISTS store;
           CREATE TABLE IF NOT EXISTS store.schema_version
               (version INTEGER, name VARCHAR, sha256 VARCHAR, applied_at TIMESTAMPTZ)"""
    )
    for name in pending(connection, folder):
        sql = (folder / name).read_text(encoding="utf-8")
        _apply(connection, int(name[:4]), name, hashlib.sha256(sql.encode()).hexdigest(), sql)
    _apply_views(connection, views)


def pending(connection: duckdb.DuckDBPyConnection, folder: Path = FOLDER) -> list[str]:
    """The names of the steps that the open file still lacks, in their order. Raises MigrationError as `migrate` does."""
    done = dict(connection.execute("SELECT version, sha256 FROM store.schema_version WHERE version > 0").fetchall())
    steps = sorted(folder.glob("*.sql"))
    if max(done, default=0) > len(steps):
        raise MigrationError("The history was written by a newer version of this program: update the program.")
    lacking = []
    for version, path in enumerate(steps, 1):
        if int(path.name[:4]) != version:
            raise MigrationError(f"The migrations have a gap before {path.name}.")
        if version not in done:
            lacking.append(path.name)
        elif done[version] != hashlib.sha256(path.read_text(encoding="utf-8").encode()).hexdigest():
            raise MigrationError(f"The migration {path.name} was edited after it was applied: write a new one instead.")
    return lacking


def _apply(connection: duckdb.DuckDBPyConnection, version: int, name: str, digest: str, sql: str) -> None:
    connection.begin()
    try:
        connection.execute(sql)
        connection.execute("INSERT INTO store.schema_version VALUES (?, ?, ?, now())", [version, name, digest])
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    # DDL that is still in the write-ahead log at a kill can keep the file from opening (measured).
    connection.execute("CHECKPOINT")


def _apply_views(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Make the public views anew if their text has changed; version 0 remembers which text stands."""
    sql = "\n".join((folder / f"{name}.sql").read_text(encoding="utf-8") for name in (*PUBLIC_VIEWS, *OWN_VIEWS))
    digest = hashlib.sha256(sql.encode()).hexdigest()
    # All of the answer is taken: one that is left open keeps its transaction, and so every later checkpoint, waiting.
    standing = connection.execute("SELECT sha256 FROM store.schema_version WHERE version = 0").fetchall()
    if standing != [(digest,)]:
        connection.execute("DELETE FROM store.schema_version WHERE version = 0")
        _apply(connection, 0, "views", digest, sql)
