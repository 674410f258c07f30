"""What `acto doctor` says of the encryption: whether there is any, where the keys are, and whether they open the history."""

from __future__ import annotations

import stat
from pathlib import Path

import duckdb

from flows.finding import Finding
from warehouse.encryption import EncryptionError, encryption_of
from warehouse.key_kinds import HISTORY, READER
from warehouse.key_places import KeyFile, place_of
from warehouse.keys import check_keys, is_changing
from warehouse.query import QueryError, attach_published

ABOUT = "encryption"


def encryption_finding(home: Path) -> Finding:
    """The gravest thing to say; nothing is made and nothing is written."""
    try:
        if not encryption_of(home).at_rest:
            return Finding(
                ABOUT,
                "warning",
                "The history is NOT encrypted: acto.toml says at_rest = false, so whoever can read this folder or a copy of "
                "it can read every comment. Take that line out, and the next run encrypts everything.",
                f"nano {home / 'acto.toml'}",
            )
        places = [place_of(home, purpose) for purpose in (HISTORY, READER)]
        check_keys(home)
        _open_published(home)
        changing = is_changing(home)
    except (EncryptionError, QueryError) as error:
        return Finding(ABOUT, "broken", str(error), f"ls -l {home / 'keys'}; nano {home / 'acto.toml'}")
    if changing:
        return Finding(
            ABOUT, "warning", "A change of keys has not ended: the next scan, or acto check, ends it.", "acto check"
        )
    files = [place for place in places if isinstance(place, KeyFile)]
    if open_to_others := [one for one in files if one.path.exists() and stat.S_IMODE(one.path.stat().st_mode) & 0o077]:
        path = open_to_others[0].path
        says = f"Other users of this machine can read the key in {path}: chmod 600 {path}"
        return Finding(ABOUT, "warning", says, f"chmod 600 {path}")
    if any(one.beside_the_data for one in files):
        return Finding(
            ABOUT,
            "warning",
            f"Encrypted (AES-256-GCM), but a key lies beside what it opens, in {home / 'keys'}: whoever gets a copy of this "
            "folder gets both. Move it elsewhere and name it under [encryption] (docs/encryption.md).",
            f"mv {home / 'keys'} ELSEWHERE; nano {home / 'acto.toml'}",
        )
    return Finding(ABOUT, "ok", f"AES-256-GCM; {places[0].purpose.words} from {places[0].name}, "
                   f"{places[1].purpose.words} from {places[1].name}")  # fmt: skip


def _open_published(home: Path) -> None:
    """Raise EncryptionError or QueryError if the keys that are found do not open the published history."""
    published = home / "history.duckdb"
    if not published.exists():
        return
    with duckdb.connect() as connection:
        attach_published(connection, published)
