"""Contacts that may be passed on: helplines, ACTO's own, and what members permit of their practice."""

from __future__ import annotations

from dataclasses import dataclass

from checks.telephone import digits_in

# Helplines, and ACTO's own contacts, which are there to be passed on.
PUBLIC_NUMBERS = frozenset(
    ["116123", "08001111", "85258", "111", "999", "101", "112", "03001233393", "08000684141", "03003305488",
     "08088002222", "08082000247", "03003309030", "08456348080", "03300430043"]
)  # fmt: skip
PUBLIC_ADDRESSES = frozenset(["info@acto-org.uk", "chair@acto-org.uk", "jo@samaritans.org"])


@dataclass(frozen=True, slots=True)
class Published:
    """Contacts that may be passed on: helplines, ACTO's own, and what members permit of their practice."""

    numbers: frozenset[str] = PUBLIC_NUMBERS
    addresses: frozenset[str] = PUBLIC_ADDRESSES

    def with_contacts(self, phones: list[str], addresses: list[str]) -> Published:
        """These and the given practice contacts."""
        return Published(
            self.numbers | {digits_in(phone) for phone in phones}, self.addresses | {one.lower() for one in addresses}
        )


# Those that stand without any roster.
PUBLIC = Published()
