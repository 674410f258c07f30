"""The data key on disk: `warehouse/keys.sealed`, encrypted (AES-256-GCM) with the key that a person keeps."""

from __future__ import annotations

import base64
import binascii
import os
from pathlib import Path

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from warehouse.encryption import EncryptionError
from warehouse.files import put_in_place
from warehouse.key_places import Place

SEALED = Path("warehouse") / "keys.sealed"
PURPOSE = b"ACTO data key, 1"
NONCE = 12


def seal(home: Path, with_keys: list[str], data: str | None, earlier: tuple[str | None, ...]) -> None:
    """Write the sealed file so that each of `with_keys` opens it."""
    content = orjson.dumps({"data": data, "earlier": list(earlier)})
    sealed = []
    for key in with_keys:
        nonce = os.urandom(NONCE)
        box = nonce + AESGCM(base64.b64decode(key)).encrypt(nonce, content, PURPOSE)
        sealed.append(base64.b64encode(box).decode())
    path = home / SEALED
    fresh = path.with_suffix(".part")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_bytes(orjson.dumps({"sealed": sealed}))
    put_in_place(fresh, path)


def unseal(home: Path, place: Place) -> tuple[str | None, tuple[str | None, ...]]:
    """The data key, and the earlier ones while a change is under way."""
    keys = place.keys()
    if not keys:
        raise EncryptionError(
            f"The history in {home} is encrypted, and its key is not there: it is looked for in {place.name}. Put the key "
            "back there, or set ACTO_KEY or ACTO_KEY_FILE (docs/encryption.md)."
        )
    path = home / SEALED
    try:
        boxes = [base64.b64decode(box, validate=True) for box in orjson.loads(path.read_bytes())["sealed"]]
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise EncryptionError(f"{path} is damaged. Put the file back from a backup.") from None
    for key in keys:
        for box in boxes:
            try:
                content = AESGCM(base64.b64decode(key)).decrypt(box[:NONCE], box[NONCE:], PURPOSE)
            except (InvalidTag, ValueError):
                continue
            held = orjson.loads(content)
            return held["data"], tuple(held["earlier"])
    raise EncryptionError(
        f"The key in {place.name} is not the key of the history in {home}. Put the right one there; to change keys, run "
        "`acto keys rotate` with the old one in place (docs/encryption.md)."
    )
