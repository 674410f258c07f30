"""Deliver what waits in the outbox: by mail, or as files where no mail server is configured."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flows.mail import MailError, Rejected, ServerUnavailable, SmtpSettings, Unconfirmed, send
from warehouse.files import private_folder
from warehouse.outbox import OutgoingMessage, record_delivery, waiting
from warehouse.store import Store


@dataclass(slots=True)
class Delivered:
    """How many messages were sent (or written), still wait or failed; the files written; what went wrong."""

    sent: int = 0
    waiting: int = 0
    failed: int = 0
    files: list[Path] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def deliver(store: Store, smtp: SmtpSettings | None, home: Path, now: datetime) -> Delivered:
    """Send every waiting message, or write it to `home`/outbox without `smtp`; what cannot be sent yet goes on waiting.

    A written file counts as sent: it is all that was asked for. `now` is aware. Raises OSError if a file cannot be
    written.
    """
    delivered = Delivered()
    begun = time.monotonic()

    def record(message: OutgoingMessage, state: str, note: str = "") -> None:
        at = now + timedelta(seconds=time.monotonic() - begun)
        record_delivery(store, message.report_id, message.recipient, state, note, at)

    messages = waiting(store)
    for position, message in enumerate(messages):
        if smtp is None:
            eml, page = _write(home / "outbox", message)
            record(message, "sent", f"written to outbox/{eml.name}")
            delivered.sent += 1
            delivered.files += [path for path in (eml, page) if path not in delivered.files]
            continue
        try:
            _send(smtp, message, record)
            delivered.sent += 1
        except Rejected as error:
            delivered.failed += 1
            delivered.problems.append(refused(message.recipient, str(error)))
        except (ServerUnavailable, Unconfirmed) as error:
            left = len(messages) - position
            delivered.waiting += left
            delivered.problems.append(_waits(left, str(error)))
            break
        except MailError as error:
            delivered.waiting += 1
            delivered.problems.append(f"The report for {message.recipient} will be sent again. {error}")
    return delivered


def hold_back(store: Store, why: str) -> Delivered:
    """Leave all that waits for the next run, because of `why`: a sentence about what must be mended first."""
    left = len(waiting(store))
    return Delivered(waiting=left, problems=[_waits(left, why)] if left else [])


def refused(recipient: str, why: str) -> str:
    """What is said of a message that the mail server refuses for good."""
    return f"The report for {recipient} could not be sent. {why}"


def _waits(left: int, why: str) -> str:
    return f"{left} report{'s' * (left > 1)} could not be sent yet and will be tried again. {why}"


def _send(smtp: SmtpSettings, message: OutgoingMessage, record: Callable[..., None]) -> None:
    """Send one message and record how it went."""
    may_have_arrived = message.state == "dot"

    def step(state: str) -> None:
        # What may have arrived stays marked as such until a server says otherwise.
        if not may_have_arrived:
            record(message, state)

    try:
        reply = send(
            smtp,
            message.body,
            sender=_sender(message.body),
            recipient=message.recipient,
            record=step,
            possible_repeat=may_have_arrived,
        )
    except Rejected as error:
        record(message, "failed", str(error))
        raise
    except Unconfirmed as error:
        record(message, "dot", str(error))
        raise
    except MailError as error:
        record(message, "dot" if may_have_arrived else "ready", str(error))
        raise
    record(message, "sent", reply)


def _sender(body: bytes) -> str:
    return str(_parsed(body)["From"].addresses[0].addr_spec)


def _write(folder: Path, message: OutgoingMessage) -> tuple[Path, Path]:
    """Write the message and its page; the same message again gives the same files, another one the next number."""
    private_folder(folder)
    number = 1
    while True:
        eml = folder / f"{message.report_id}{f'-{number}' if number > 1 else ''}.eml"
        if not eml.exists() or eml.read_bytes() == message.body:
            break
        number += 1
    page = folder / f"{message.report_id}.html"
    part = _parsed(message.body).get_body(("html",))
    _write_whole(page, str(part.get_content() if part else "").encode())
    _write_whole(eml, message.body)
    return eml, page


def _write_whole(path: Path, content: bytes) -> None:
    """All of it or nothing, readable by its owner only, also after a power cut."""
    unfinished = path.with_name(f".{path.name}.tmp")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    unfinished.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _parsed(body: bytes) -> EmailMessage:
    return message_from_bytes(body, policy=policy.default)
