"""Whether a home is encrypted, as the section [encryption] of its acto.toml says; without a word it is."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError


class EncryptionError(Exception):
    """Something is encrypted and cannot be opened, or cannot be encrypted; the message says what to do, never a key."""


class Encryption(BaseModel):
    """The section [encryption] of acto.toml. Relative paths are relative to the home.

    With `at_rest` off everything lies readable in the folder. `credential_store` asks the system's own store of passwords.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    at_rest: bool = True
    key_file: Path | None = None
    reader_key_file: Path | None = None
    credential_store: bool = False


def encryption_of(home: Path) -> Encryption:
    """The section [encryption] of the home's acto.toml, or what holds without it. Raises EncryptionError."""
    path = home / "acto.toml"
    try:
        section = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("encryption", {})
        return Encryption.model_validate(section)
    except FileNotFoundError:
        return Encryption()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(["encryption", *(str(part) for part in first["loc"])])
        raise EncryptionError(f"{path}: {where}: {first['msg']}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise EncryptionError(f"{path} cannot be read: {error}") from None
