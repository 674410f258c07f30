"""Where keys come from: the environment, a systemd credential, the system's credential store, or a file.

Two keys are looked for, each 256 bits written in base64: the history's, which opens what this program keeps, and the
readers', which opens the published copy. A key is never part of a message.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from warehouse.credential_store import CredentialStore
from warehouse.encryption import EncryptionError, encryption_of
from warehouse.files import private_folder, put_in_place
from warehouse.key_kinds import HISTORY, MAKE_ONE, Purpose, checked, new_key


class Place(Protocol):
    """Somewhere that one key is looked for. While a change of keys is under way it holds two: the next one as well."""

    @property
    def name(self) -> str:
        """Where it is, in words."""

    @property
    def purpose(self) -> Purpose:
        """Which key it is."""

    def keys(self) -> list[str]:
        """The key that holds and, while keys are being changed, the one that will; none if there is no key here."""

    def make(self) -> str:
        """Keep a new key here and give it. Raises EncryptionError where a person has to do that."""

    def keep_next(self, key: str) -> None:
        """Keep `key` as the next one. Raises EncryptionError where nothing can be kept."""

    def take_next(self) -> None:
        """Let the next key be the key; nothing happens where there is none."""


def place_of(home: Path, purpose: Purpose, environment: Mapping[str, str] = os.environ) -> Place:
    """The first place in the documented order that is set up for this key; without any a file under the home."""
    settings = encryption_of(home)
    following = _from_environment(purpose.new_variable, environment)
    if value := environment.get(purpose.variable, "").strip():
        return Given(f"the environment variable {purpose.variable}", purpose, value, following)
    if name := environment.get(f"{purpose.variable}_FILE", "").strip():
        return KeyFile(Path(name), purpose)
    credential = Path(environment.get("CREDENTIALS_DIRECTORY") or "/nonexistent") / purpose.credential
    if credential.is_file():
        where = f"the systemd credential {purpose.credential}"
        return Given(where, purpose, _read(credential, where) or "", following)
    if settings.credential_store:
        return CredentialStore(home, purpose)
    named = settings.key_file if purpose is HISTORY else settings.reader_key_file
    if named:
        return KeyFile(home / named, purpose)
    return KeyFile(home / "keys" / purpose.file, purpose, beside_the_data=True)


def key_for(purpose: Purpose, environment: Mapping[str, str] = os.environ) -> str:
    """The key to change to: the one that a person gave in ACTO_NEW_KEY or its like, or a new one."""
    given = _from_environment(purpose.new_variable, environment)
    return checked(given, f"the environment variable {purpose.new_variable}") if given else new_key()


@dataclass(frozen=True)
class Given:
    """A key that was handed to this program, which can neither keep nor change it."""

    name: str
    purpose: Purpose
    value: str = field(repr=False)
    following: str | None = field(repr=False)

    def keys(self) -> list[str]:
        """The key, and the one in ACTO_NEW_KEY or its like."""
        also = (
            [checked(self.following, f"the environment variable {self.purpose.new_variable}")] if self.following else []
        )
        return [checked(self.value, self.name), *also]

    def make(self) -> str:
        """A handed key is always there, or it would be another place."""
        return self.keys()[0]

    def keep_next(self, key: str) -> None:
        """Nothing is kept: the person who gave the next key keeps it."""
        if not self.following:
            raise EncryptionError(
                f"{self.purpose.words.capitalize()} comes from {self.name}, which this program cannot change: put the new "
                f"key into {self.purpose.new_variable}, or the name of its file into {self.purpose.new_variable}_FILE, "
                f"and say the command again. {MAKE_ONE}"
            )

    def take_next(self) -> None:
        """Nothing is kept."""


@dataclass(frozen=True)
class KeyFile:
    """A key in a file for its owner alone. Only under the home is one made where there is none: elsewhere a file that is
    not there may be a disk that is not mounted.
    """

    path: Path
    purpose: Purpose
    beside_the_data: bool = False

    @property
    def name(self) -> str:
        """The file, in words."""
        return f"the file {self.path}"

    @property
    def _next(self) -> Path:
        return self.path.with_name(f"{self.path.name}.next")

    def keys(self) -> list[str]:
        """The key in the file, and the one in the file beside it that is to follow."""
        held = ((path, _read(path, f"the file {path}")) for path in (self.path, self._next))
        return [checked(text, f"the file {path}") for path, text in held if text is not None]

    def make(self) -> str:
        """Make the file with a new key."""
        if not self.beside_the_data:
            raise EncryptionError(
                f"{self.purpose.words.capitalize()} is to be in {self.name}, but there is no such file. {MAKE_ONE}"
            )
        key = new_key()
        self._write(self.path, key)
        return key

    def keep_next(self, key: str) -> None:
        """Write it into a file of its own beside this one."""
        try:
            self._write(self._next, key)
        except OSError as error:
            raise EncryptionError(
                f"A new key cannot be kept beside {self.path} ({error.strerror}). Make the folder writable, or put the new "
                f"key into {self.purpose.variable}, see docs/encryption.md."
            ) from None

    def take_next(self) -> None:
        """Rename the next file over this one."""
        if self._next.exists():
            put_in_place(self._next, self.path)

    def _write(self, path: Path, key: str) -> None:
        private_folder(path.parent)
        fresh = path.with_name(f"{path.name}.part")
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        fresh.write_text(key + "\n", encoding="ascii")
        put_in_place(fresh, path)


def _from_environment(variable: str, environment: Mapping[str, str]) -> str | None:
    if value := environment.get(variable, "").strip():
        return value
    if name := environment.get(f"{variable}_FILE", "").strip():
        text = _read(Path(name), f"the file that {variable}_FILE names")
        if text is None:
            raise EncryptionError(f"The file that {variable}_FILE names is not there: {name}.")
        return text
    return None


def _read(path: Path, where: str) -> str | None:
    """The text of a file of a key; None where there is no file."""
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise EncryptionError(f"The key in {where} cannot be read ({type(error).__name__}).") from None
