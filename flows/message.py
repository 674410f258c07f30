"""The e-mail of a report: composed once and frozen, so that every attempt to send it sends the same bytes."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from warehouse.outbox import FrozenMessage


def freeze_message(
    run_id: str, recipient: str, *, sender: str, subject: str, plain: str, html: str, at: datetime
) -> FrozenMessage:
    """The message to one recipient, text with an HTML alternative; same arguments, same bytes.

    Message-ID comes from run and recipient, so that a mailbox can tell a repeat. `at` (aware) is its Date.
    Raises ValueError or email.errors.MessageError where an address or the subject would break a header; flows.mail_address
    lets no such address in.
    """
    key = sha256(f"{run_id}|{recipient}".encode()).hexdigest()[:32]
    domain = sender.rpartition("@")[2]
    message_id = f"<nightly.{key}@{domain}>"
    message = EmailMessage(policy=SMTP)
    message["From"] = Address("ACTO monitor", addr_spec=sender)
    message["To"] = Address(addr_spec=recipient)
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    message["List-Id"] = f"Nightly policy report <nightly.{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["Content-Language"] = "en-GB"
    # Quoted-printable keeps every line short and 7-bit: no server on the way may rewrite it.
    message.set_content(plain, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    # A random boundary would make every composition different; "=_" cannot occur in quoted-printable.
    message.set_boundary(f"=_{key}")
    return FrozenMessage(recipient, message_id, message.as_bytes())
