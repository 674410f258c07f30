"""Addresses that mail can go to, as a mail header can hold them."""

from __future__ import annotations

from email.errors import MessageError
from email.headerregistry import Address as HeaderAddress
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def as_in_a_header(address: str) -> str:
    """The address as a mail header can hold it, in ASCII: one that it cannot hold would cost every reader the report.

    Raises ValueError.
    """
    name, _, domain = address.rpartition("@")
    try:
        return HeaderAddress(addr_spec=f"{name}@{domain.encode('idna').decode()}").addr_spec
    except (MessageError, ValueError):
        raise ValueError("no mail can go to this address: look at its dots and its letters.") from None


Address = Annotated[
    str,
    StringConstraints(pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+$"),
    AfterValidator(as_in_a_header),
]
