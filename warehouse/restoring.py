"""A backup made a home again: read to its end first, unpacked aside, and the history put in its place last of all.

Until that moment the folder holds no history for any command, so a restore that was killed is begun again from the start.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from warehouse.archive import ArchiveError, reading
from warehouse.backup import DATABASE, MANIFEST, Contents, database_key, examine, members
from warehouse.database import StoreError
from warehouse.encryption import EncryptionError
from warehouse.files import private_folder, put_in_place
from warehouse.key_kinds import HISTORY as HISTORY_KEY
from warehouse.key_places import place_of
from warehouse.keys import keys_for_writing
from warehouse.lease import LeaseError, take_lease
from warehouse.raw import write_page
from warehouse.rekeying import live_from_published, sweep_spills
from warehouse.snapshot import SNAPSHOT, publish
from warehouse.store import LIVE, open_store

ASIDE = ".restoring"
CIPHERED = ("raw", "desk")
FOLDERS = (*CIPHERED, "outbox", "reports")


def restore(backup: Path, home: Path) -> Contents:
    """Make `home`, which may hold acto.toml and keys but no history, what it was when `backup` was made; what that held.

    An acto.toml that is there stays. Everything is under the keys of `home` afterwards. Raises StoreError for a home that holds a
    history, and for a file that is damaged, cut off or no backup; EncryptionError without its key.
    """
    _refuse_a_history(home)
    contents = _examined(backup, home)
    private_folder(home / "warehouse")
    try:
        with take_lease(home / "warehouse", what="restore", job="", wait_seconds=0, on_wait=None):
            _refuse_a_history(home)
            _unpack(backup, home, contents)
    except LeaseError as error:
        raise StoreError(str(error)) from None
    except ArchiveError as error:
        raise StoreError(f"{backup} changed while it was read: {error}.") from None
    with open_store(home, what="restore") as store:
        publish(store)
    return contents


def _refuse_a_history(home: Path) -> None:
    held = [home / "warehouse" / LIVE, home / SNAPSHOT]
    if not (home / ASIDE).exists():
        held += [home / folder for folder in FOLDERS]
    if found := [path for path in held if path.exists()]:
        raise StoreError(
            f"{home} already holds a history ({found[0].name}), which a restore would replace. "
            "Name an empty folder: --into FOLDER"
        )


def _examined(backup: Path, home: Path) -> Contents:
    """What the backup holds, read to its end. Raises StoreError, and EncryptionError where it is a question of the key."""
    keys = place_of(home, HISTORY_KEY).keys()
    try:
        return examine(backup, keys)
    except OSError as error:
        raise StoreError(f"{backup} cannot be read: {error.strerror}.") from None
    except ArchiveError as error:
        if "another key" in str(error):
            where = "was found" if keys else "is there"
            raise EncryptionError(
                f"{backup} cannot be opened: {error}. The history's key of when it was made is needed, and "
                f"{'another' if keys else 'none'} {where}: set ACTO_KEY, or ACTO_KEY_FILE, to it (docs/encryption.md)."
            ) from None
        raise StoreError(f"{backup} cannot be restored: {error}. Nothing was changed. Try an earlier backup.") from None


def _unpack(backup: Path, home: Path, contents: Contents) -> None:
    aside = home / ASIDE
    shutil.rmtree(aside, ignore_errors=True)
    private_folder(aside)
    spill = home / "warehouse" / "spill"
    sweep_spills(spill)
    private_folder(spill)
    # First, since it says whether and under which key the rest is to lie.
    if contents.configuration is not None and not (home / "acto.toml").exists():
        _put(aside / "acto.toml", contents.configuration)
        put_in_place(aside / "acto.toml", home / "acto.toml")
    keys = keys_for_writing(home)
    with backup.open("rb") as file, reading(file, [contents.key] if contents.key else []) as (tar, _, _):
        for name, content, at in members(tar):
            target = spill / DATABASE if name == DATABASE else aside / name
            private_folder(target.parent)
            if name.partition("/")[0] in CIPHERED:
                write_page(target, content.read(), keys.raw, read_at=at)
            elif name not in (MANIFEST, "acto.toml"):
                target.touch(mode=0o600)
                with target.open("wb") as written:
                    shutil.copyfileobj(content, written)
    for path in sorted(aside.iterdir()):
        place = home / path.name
        if path.is_dir() and path.name in FOLDERS:
            shutil.rmtree(place, ignore_errors=True)
            path.replace(place)
        else:
            _move_beside(path, place)
    live_from_published(spill / DATABASE, [database_key(contents.key, contents.salt)], home, keys)
    shutil.rmtree(aside)
    sweep_spills(spill)


def _move_beside(path: Path, place: Path) -> None:
    """A file of the user's, or a folder of such; one that is there already stays."""
    for file in [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]:
        target = place if file == path else place / file.relative_to(path)
        private_folder(target.parent)
        if not target.exists():
            put_in_place(file, target)


def _put(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)
