"""Keys in the system's own store of passwords, through the package `keyring` (the extra `credential-store`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from warehouse.encryption import EncryptionError
from warehouse.key_kinds import Purpose, checked, new_key


@dataclass(frozen=True)
class CredentialStore:
    """A key in the system's credential store: Keychain, Secret Service, Windows Credential Locker. One per home."""

    home: Path
    purpose: Purpose
    SERVICE = "ACTO monitor"

    @property
    def name(self) -> str:
        """The entry, in words."""
        return f"the entry “{self.SERVICE}, {self._entry}” of the system's credential store"

    @property
    def _entry(self) -> str:
        return f"{self.purpose.file} {self.home}"

    def keys(self) -> list[str]:
        """The key, and the one that is to follow."""
        held = (self._call("get_password", entry) for entry in (self._entry, f"{self._entry} next"))
        return [checked(text, self.name) for text in held if text]

    def make(self) -> str:
        """Keep a new key in the store."""
        key = new_key()
        self._call("set_password", self._entry, key)
        return key

    def keep_next(self, key: str) -> None:
        """Keep it in an entry of its own."""
        self._call("set_password", f"{self._entry} next", key)

    def take_next(self) -> None:
        """Move it to the first entry; a kill between leaves it in both, which does no harm."""
        if key := self._call("get_password", f"{self._entry} next"):
            self._call("set_password", self._entry, key)
            self._call("delete_password", f"{self._entry} next")

    def _call(self, what: str, *arguments: str) -> str | None:
        try:
            import keyring
            from keyring.errors import KeyringError
        except ImportError:
            raise EncryptionError(
                'credential_store = true needs a package that is not here: pip install "acto-monitor[credential-store]"'
            ) from None
        try:
            answer: str | None = getattr(keyring, what)(self.SERVICE, *arguments)
        except KeyringError as error:
            raise EncryptionError(
                f"The system's credential store does not answer ({type(error).__name__}). Is it unlocked for this user? "
                f"docs/encryption.md says how keys are kept."
            ) from None
        return answer
