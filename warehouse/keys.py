"""The keys of a home: which open its files now, and which did before a change that is still under way.

The live file and the raw pages are encrypted with a data key that this program makes itself. It lies in
`warehouse/keys.sealed`, sealed (AES-256-GCM) with the history's key that a person keeps: so that the data key can change
whenever bytes must become unreadable, and a change can be killed at any moment: until it has ended the sealed file holds
the earlier key too. The published copy is encrypted with the readers' key itself, since any DuckDB client must open it.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from warehouse.encryption import EncryptionError, encryption_of
from warehouse.files import private_folder
from warehouse.key_kinds import HISTORY, READER, new_key
from warehouse.key_places import key_for, place_of
from warehouse.sealed import SEALED, seal, unseal


@dataclass(frozen=True, slots=True)
class Keys:
    """`data` opens the live file and the raw pages, `reader` the published copy, in base64; None: not encrypted.

    Files may still be under one of `earlier`, until a change of keys has ended.
    """

    data: str | None = field(repr=False)
    reader: str | None = field(repr=False)
    earlier: tuple[str | None, ...] = field(repr=False, default=())

    @property
    def raw(self) -> bytes | None:
        """The key of the raw pages."""
        return raw_key(self.data)

    @property
    def earlier_raw(self) -> list[bytes | None]:
        """The keys that raw pages may still be under."""
        return [raw_key(key) for key in self.earlier]


def raw_key(data_key: str | None) -> bytes | None:
    """The key of the raw pages that belongs to a data key; None for None."""
    if data_key is None:
        return None
    return HKDF(SHA256(), length=32, salt=None, info=b"ACTO raw pages").derive(base64.b64decode(data_key))


def keys_for_writing(home: Path) -> Keys:
    """The keys under which everything is to be from now on; makes them for a home that has none.

    Call it under the lease only. Where the home is under other keys, or under none, `earlier` says so, and stays so until
    `forget_earlier`. Raises EncryptionError where the history is encrypted and its key is not there, or another.
    """
    private_folder(home / SEALED.parent)
    if not encryption_of(home).at_rest:
        return _keys_in_the_clear(home)
    place = place_of(home, HISTORY)
    if (home / SEALED).exists():
        data, earlier = unseal(home, place)
        if data is None:
            data, earlier = new_key(), (None, *earlier)
            seal(home, place.keys(), data, earlier)
    else:
        _refuse_if_encrypted(home)
        data, earlier = new_key(), (None,) if _holds_anything(home) else ()
        seal(home, place.keys() or [place.make()], data, earlier)
    reader = place_of(home, READER)
    return Keys(data, (reader.keys() or [reader.make()])[0], earlier)


def reader_keys(home: Path) -> list[str | None]:
    """The keys under which the published copy may be, the likeliest first: it may be of before a change of keys."""
    held: list[str | None] = list(place_of(home, READER).keys())
    return [*held, None] if encryption_of(home).at_rest else [None, *held]


def small_file_keys(home: Path) -> list[bytes | None]:
    """The keys of small files beside the raw pages, for who does not hold the lease: the one to write with, and those that they
    may be under until a change of keys has ended. [None] where nothing is encrypted. Raises EncryptionError.
    """
    if not (home / SEALED).exists():
        return [None]
    data, earlier = unseal(home, place_of(home, HISTORY))
    return [raw_key(data), *(raw_key(key) for key in earlier)]


def check_keys(home: Path) -> None:
    """Raise EncryptionError if an encrypted history cannot be opened with the keys that are found; nothing is made."""
    settings = encryption_of(home)
    if (home / SEALED).exists():
        unseal(home, place_of(home, HISTORY))
    elif settings.at_rest:
        _refuse_if_encrypted(home)
    if settings.at_rest:
        place_of(home, READER).keys()


def is_changing(home: Path) -> bool:
    """Whether a change of keys has begun that the next run will end."""
    return (home / SEALED).exists() and bool(unseal(home, place_of(home, HISTORY))[1])


def begin_change(home: Path) -> None:
    """Make new keys and note that everything is to be brought under them: the next opening of the store does that.

    Call it under the lease, when no other change is under way. Raises EncryptionError, before anything is changed, where
    there is nothing encrypted or a place can keep no new key and was given none.
    """
    if not encryption_of(home).at_rest:
        raise EncryptionError(
            "Nothing here is encrypted, so there is no key to change: acto.toml says at_rest = false."
        )
    places = {purpose: place_of(home, purpose) for purpose in (HISTORY, READER)}
    following = {purpose: key_for(purpose) for purpose in places}
    data, _ = unseal(home, places[HISTORY])
    for purpose, place in places.items():
        place.keep_next(following[purpose])
    seal(home, [places[HISTORY].keys()[0], following[HISTORY]], new_key(), (data,))


def change_data_key(home: Path) -> None:
    """Note that everything is to be brought under a new data key, with the keys that people hold as they are.

    For erasure: what an old copy of a file still holds becomes unreadable to whoever gets the sealed file of later. Call it
    as `begin_change`; nothing happens where nothing is encrypted.
    """
    if encryption_of(home).at_rest:
        place = place_of(home, HISTORY)
        data, earlier = unseal(home, place)
        seal(home, place.keys(), new_key(), (data, *earlier))


def newest_reader_key(home: Path) -> str | None:
    """The readers' key that will hold when the change that is under way has ended."""
    return place_of(home, READER).keys()[-1] if encryption_of(home).at_rest else None


def forget_earlier(home: Path) -> None:
    """End a change of keys: everything is under the newest. What only an earlier key opens is lost from here on."""
    sealed = home / SEALED
    if not encryption_of(home).at_rest:
        sealed.unlink(missing_ok=True)
        return
    place, reader = place_of(home, HISTORY), place_of(home, READER)
    data, earlier = unseal(home, place)
    # Under both keys first: a kill between the next steps leaves one of them in its place.
    seal(home, place.keys(), data, earlier)
    reader.take_next()
    place.take_next()
    seal(home, place.keys()[-1:], data, ())


def _keys_in_the_clear(home: Path) -> Keys:
    if not (home / SEALED).exists():
        _refuse_if_encrypted(home)
        return Keys(None, None)
    place = place_of(home, HISTORY)
    data, earlier = unseal(home, place)
    if data is not None:
        data, earlier = None, (data, *earlier)
        seal(home, place.keys(), data, earlier)
    return Keys(None, None, earlier)


def _holds_anything(home: Path) -> bool:
    return (home / "warehouse" / "live.duckdb").exists() or any((home / "raw").rglob("*.ndjson"))


def _refuse_if_encrypted(home: Path) -> None:
    """An encrypted history without its sealed key can be opened by nobody: nothing may be written over it."""
    live = home / "warehouse" / "live.duckdb"
    if live.exists() and _is_encrypted(live):
        raise EncryptionError(
            f"{live} is encrypted, but {home / SEALED}, which holds its key, is not there. Put the file back from a backup."
        )


def _is_encrypted(file: Path) -> bool:
    """Whether a DuckDB file says of itself that it is encrypted."""
    with file.open("rb") as opened:
        start = opened.read(21)
    # Checksum (8 bytes), the letters DUCK, version (8), flags (8): the lowest bit of the first flag.
    return start[8:12] == b"DUCK" and start[20:21] == b"\x01"
