"""The two keys that a person keeps, and what a key looks like: 256 bits in base64."""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import dataclass

from warehouse.encryption import EncryptionError

MAKE_ONE = "One is made with: openssl rand -base64 32"


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a key is for, and by which names it goes in each place."""

    words: str
    variable: str
    credential: str
    file: str

    @property
    def new_variable(self) -> str:
        """The variable that brings the new key where this program cannot keep one: ACTO_NEW_KEY."""
        return self.variable.replace("ACTO_", "ACTO_NEW_")


HISTORY = Purpose("the history's key", "ACTO_KEY", "acto-key", "history.key")
READER = Purpose("the readers' key", "ACTO_READER_KEY", "acto-reader-key", "reader.key")


def new_key() -> str:
    """A new key, in base64."""
    return base64.b64encode(os.urandom(32)).decode()


def checked(text: str, where: str) -> str:
    """The key as DuckDB takes it. Raises EncryptionError for anything but 256 bits in base64."""
    try:
        raw = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != 32:
        raise EncryptionError(f"What {where} holds is no key of 256 bits in base64. {MAKE_ONE}")
    return base64.b64encode(raw).decode()
