"""The outbox: reports frozen byte by byte with the end of their run, and how far the delivery of each message is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from warehouse.statements import statement
from warehouse.store import Store


@dataclass(frozen=True, slots=True)
class FrozenMessage:
    """The bytes of one mail to one recipient; they are sent as they are, however often sending is tried."""

    recipient: str
    message_id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class FrozenReport:
    """A composed report; `flag_ids` are the flags that it tells for the first time, `quoted` the items (item_id) of which
    it holds words or a link.
    """

    report_id: str
    run_id: str
    composed_at: datetime
    subject: str
    html: str
    plain: str
    flag_ids: Sequence[str]
    messages: Sequence[FrozenMessage]
    quoted: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message that is not delivered yet; `state` is ready, sending or dot (its end may have reached the server)."""

    report_id: str
    recipient: str
    message_id: str
    body: bytes
    state: str


def freeze(connection: duckdb.DuckDBPyConnection, report: FrozenReport) -> None:
    """Write a report and its messages, inside the caller's transaction."""
    connection.execute(
        "INSERT INTO store.report VALUES (?, ?, ?, ?, ?, ?)",
        [report.report_id, report.run_id, report.composed_at, report.subject, report.html, report.plain],
    )
    connection.execute(
        "INSERT INTO store.reported SELECT ?, unnest(?::VARCHAR[])", [report.report_id, list(report.flag_ids)]
    )
    connection.execute(
        "INSERT INTO store.quoted SELECT ?, item_key FROM store.item WHERE item_id IN (SELECT unnest(?::VARCHAR[]))",
        [report.report_id, list(report.quoted)],
    )
    for message in report.messages:
        connection.execute(
            "INSERT INTO store.message VALUES (?, ?, ?, ?)",
            [report.report_id, message.recipient, message.message_id, message.body],
        )
        connection.execute(
            "INSERT INTO store.delivery VALUES (?, ?, 'ready', '', ?)",
            [report.report_id, message.recipient, report.composed_at],
        )


def waiting(store: Store) -> list[OutgoingMessage]:
    """The messages that are neither sent nor refused for good, the oldest first."""
    rows = store.connection().execute(statement("waiting")).fetchall()
    return [OutgoingMessage(*row) for row in rows]


def record_delivery(store: Store, report_id: str, recipient: str, state: str, note: str, at: datetime) -> None:
    """Keep that the delivery of a message has reached `state`: ready, sending, dot, sent or failed."""
    with store.transaction() as connection:
        connection.execute("INSERT INTO store.delivery VALUES (?, ?, ?, ?, ?)", [report_id, recipient, state, note, at])
