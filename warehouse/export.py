"""The views as Parquet files, which other programs read without DuckDB's file format."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from warehouse.backups import EXPORTS, SPILL, alone
from warehouse.database import HISTORY, StoreError, attach, connect_for_writing
from warehouse.encryption import encryption_of
from warehouse.files import private_folder
from warehouse.key_kinds import READER
from warehouse.key_places import place_of
from warehouse.keys import reader_keys
from warehouse.rekeying import sweep_spills
from warehouse.snapshot import SNAPSHOT

VIEWS = ("items", "revisions", "media", "flags", "decisions", "runs", "coverage", "quarantine", "checks", "reports")
# The name by which a reader gives DuckDB the readers' key.
KEY = "acto"
KEEP = 4
WEEK = timedelta(days=7)
NAMED = "%Y%m%dT%H%M%SZ"


def export_views(home: Path, folder: Path | None) -> Path:
    """Write each public view of the published history as VIEW.parquet into `folder` (made, or empty; None: a new one under
    exports/, of which the newest KEEP stay), read them back, and give the folder.

    Encrypted with Parquet's own encryption under the readers' key where the home is. Raises StoreError, EncryptionError.
    """
    if not (home / SNAPSHOT).exists():
        raise StoreError(f"There is no history in {home} yet, so there is nothing to export.")
    own = home / EXPORTS
    target = (folder or own / f"{datetime.now(UTC):{NAMED}}").absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise StoreError(f"{target} is not empty. Name a folder that is new or empty.")
    private_folder(target.parent)
    fresh = target.with_name(f".{target.name}.part")
    encrypted = encryption_of(home).at_rest
    spill = home / SPILL
    with alone(home, wait=True):
        try:
            shutil.rmtree(fresh, ignore_errors=True)
            private_folder(fresh)
            with connect_for_writing(spill, encrypted=encrypted) as connection:
                attach(connection, home / SNAPSHOT, reader_keys(home), read_only=True)
                connection.execute(f"USE {HISTORY}")
                if encrypted:
                    connection.execute("SET VARIABLE key = $key", {"key": place_of(home, READER).keys()[0]})
                    connection.execute(f"PRAGMA add_parquet_key('{KEY}', getvariable('key'))")
                for view in VIEWS:
                    _export(connection, view, fresh / f"{view}.parquet", encrypted)
            fresh.replace(target)
        except duckdb.Error as error:
            raise StoreError(f"The views could not be written to {target}: is the disk full? ({error})") from None
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
            sweep_spills(spill)
        if target.parent == own.absolute():
            for old in sorted(own.iterdir())[:-KEEP]:
                shutil.rmtree(old)
    return target


def export_if_due(home: Path, now: datetime) -> Path | None:
    """Export the views if the last export under exports/ is a week old, or there is none; its folder if so. Raises as above."""
    names = [path.name for path in (home / EXPORTS).glob("*Z")]
    if names and now - datetime.strptime(max(names), NAMED).replace(tzinfo=UTC) < WEEK:
        return None
    return export_views(home, None)


def _export(connection: duckdb.DuckDBPyConnection, view: str, file: Path, encrypted: bool) -> None:
    quoted = str(file).replace("'", "''")
    how = f", ENCRYPTION_CONFIG {{footer_key: '{KEY}'}}" if encrypted else ""
    connection.execute(f"COPY (FROM {view}) TO '{quoted}' (FORMAT parquet, COMPRESSION zstd{how})")
    file.chmod(0o600)
    reading = f", encryption_config={{footer_key: '{KEY}'}}" if encrypted else ""
    if _content(connection, f"read_parquet('{quoted}'{reading})") != _content(connection, view):
        raise StoreError(f"{file.name} does not hold what the view holds; nothing was exported.")


def _content(connection: duckdb.DuckDBPyConnection, relation: str) -> Any:
    """The number of rows and a sum over all that they hold."""
    return connection.execute(f"SELECT count(*), sum(hash(one)) FROM {relation} AS one").fetchone()
