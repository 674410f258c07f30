"""The chain: what is captured, found and decided is sealed in the transaction that writes it, link after link.

A seal is the digest of a piece of content with a salt of its own (store.seal); a link covers the seals of one transaction
and the link before it (store.link). Content that is lawfully changed or removed gets a new seal and loses its old salt.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

import duckdb

from warehouse.evidence.raw_page import SealedPage
from warehouse.statements import set_variables, statement

CONTENTS = Path(__file__).parent / "contents"
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
# What is sealed in the database, each with the SELECT of all there is; a file of `contents/` says what belongs to it.
KINDS = {
    "version": "SELECT revision_id FROM store.revision",
    "refused": "SELECT quarantine_id FROM store.quarantine",
    "flag": "SELECT flag_id FROM store.flag",
    "decision": "SELECT flag_id || '@' || epoch_us(decided_at) FROM store.decision",
    "answer": "SELECT revision_id || '@' || epoch_us(answered_at) FROM store.audit_answered",
    "report": "SELECT report_id FROM store.report",
}
# So many versions are taken into one link when an older history is taken into the chain.
TAKEN_AT_ONCE = 200_000


@cache
def contents(kind: str) -> str:
    """The SELECT of (subject, content) of a kind, for those that the temporary table `subjects` names."""
    return (CONTENTS / f"{kind}.sql").read_text(encoding="utf-8")


def seal_subjects(connection: duckdb.DuckDBPyConnection, **chosen: str) -> None:
    """Fill `subjects` (kind, subject): for each kind a SELECT of one column, run as it is."""
    each = " UNION ALL ".join(
        f"SELECT '{kind}', subject::VARCHAR FROM ({sql}) AS t(subject)" for kind, sql in chosen.items()
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE subjects AS SELECT * FROM ({each}) AS t(kind, subject)")


def seal(
    connection: duckdb.DuckDBPyConnection,
    event: str,
    about: str,
    at: datetime,
    kinds: Iterable[str],
    *,
    pages: Iterable[SealedPage] = (),
    with_media: bool = True,
) -> None:
    """Make the next link over the new content that `subjects` names, and over new raw pages; inside the caller's
    transaction. Without `with_media` none of the new versions may have any.
    """
    set_variables(connection, with_media=with_media)
    make_link(connection, event, about, at, "captured", {kind: contents(kind) for kind in kinds}, pages)


def seal_one(connection: duckdb.DuckDBPyConnection, event: str, kind: str, subject: str, at: datetime) -> None:
    """Make the next link over one new piece of content; inside the caller's transaction."""
    connection.execute("CREATE OR REPLACE TEMP TABLE subjects AS SELECT ? AS kind, ? AS subject", [kind, subject])
    seal(connection, event, subject, at, [kind])


def made_at(name: str | int, at: datetime) -> str:
    """The subject of what has no name of its own: what it is about, and the moment."""
    return f"{name}@{_microseconds(at)}"


def seal_changes(
    connection: duckdb.DuckDBPyConnection,
    event: str,
    about: str,
    at: datetime,
    *,
    pages: Iterable[SealedPage] = (),
    removed_pages: Iterable[str] = (),
) -> None:
    """Make the next link over what was lawfully changed (`event` "changed") or emptied or deleted ("removed") of the
    content that `subjects` names: what is left gets a new seal, and what was there cannot be told any longer. `about` says
    why, in words for `acto verify`. Nothing is written where nothing differs. Inside the transaction that changed it.

    `pages` are raw pages that are about to be written anew, `removed_pages` the names of those about to be deleted.
    """
    set_variables(connection, with_media=True)
    asked = connection.execute("SELECT DISTINCT kind FROM subjects").fetchall()
    differing: dict[str, str] = {}
    for kind in (kind for kind in KINDS if (kind,) in asked):
        set_variables(connection, kind=kind)
        connection.execute(_with_contents("differing", contents(kind)))
        if connection.execute("SELECT 1 FROM differing LIMIT 1").fetchone():
            connection.execute(f"CREATE OR REPLACE TEMP TABLE differing_{kind} AS FROM differing")
            _forget_salts(connection, kind, f"SELECT subject FROM differing_{kind}")
            differing[kind] = f"SELECT subject, content FROM differing_{kind}"
    changed = [*pages, *(SealedPage(name, None, None, None) for name in removed_pages)]
    if changed:
        set_variables(connection, names=[page.name for page in changed])
        _forget_salts(connection, "page", "SELECT unnest(getvariable('names')::VARCHAR[])")
    if differing or changed:
        make_link(connection, event, about, at, event, differing, changed)


def leave_out_altered(connection: duckdb.DuckDBPyConnection, kind: str) -> None:
    """Take out of `subjects` what is not as it was sealed: a lawful change of a part of it must not bless the rest."""
    set_variables(connection, kind=kind, with_media=True)
    connection.execute(_with_contents("differing", contents(kind)))
    connection.execute("DELETE FROM subjects WHERE kind = ? AND subject IN (SELECT subject FROM differing)", [kind])


def take_in(connection: duckdb.DuckDBPyConnection, pages: Iterable[SealedPage], at: datetime) -> None:
    """Begin the chain: take in what the history holds already; inside the caller's transaction."""
    row = connection.execute("SELECT coalesce(max(revision_id), 0) FROM store.revision").fetchone()
    last = row[0] if row else 0
    small = {kind: select for kind, select in KINDS.items() if kind != "version"}
    seal_subjects(connection, **small)
    seal(connection, "begun", "", at, small, pages=pages)
    for after in range(0, last, TAKEN_AT_ONCE):
        seal_subjects(connection, version=f"SELECT unnest(range({after + 1}, {min(last, after + TAKEN_AT_ONCE) + 1}))")
        seal(connection, "begun", "", at, ["version"])


@dataclass(frozen=True, slots=True)
class Head:
    """A link of the chain; `code` is what people copy: its number and the first 80 bits of its hash."""

    number: int
    hash: str

    @property
    def code(self) -> str:
        """For instance `512-K7QF-2MZA-5TRB-XW4C`."""
        letters = base64.b32encode(bytes.fromhex(self.hash)[:10]).decode()
        return "-".join([str(self.number), *re.findall("....", letters)])


NO_HEAD = Head(0, "00" * 32)


def head(connection: duckdb.DuckDBPyConnection) -> Head:
    """The last link of the chain."""
    row = connection.execute("SELECT number, hash FROM store.link ORDER BY number DESC LIMIT 1").fetchone()
    return Head(*row) if row else NO_HEAD


def head_before_report(connection: duckdb.DuckDBPyConnection, report_id: str) -> Head:
    """The last link before a report was frozen, which the report tells; of one that is being composed, the last there is."""
    row = connection.execute(
        """SELECT number, hash FROM store.link
           WHERE number < coalesce((SELECT min(number) FROM store.link WHERE event = 'reported' AND about = ?), number + 1)
           ORDER BY number DESC LIMIT 1""",
        [report_id],
    ).fetchone()
    return Head(*row) if row else NO_HEAD


def find_head(connection: duckdb.DuckDBPyConnection, code: str) -> tuple[Head, datetime] | None:
    """The link that has this code, and when it was made; None where the chain has none.

    Raises ValueError for what cannot be a code.
    """
    number, _, letters = re.sub(r"\s", "", code).upper().partition("-")
    if not number.isdecimal() or not re.fullmatch("[A-Z2-7]{16}", letters := letters.replace("-", "")):
        raise ValueError(code)
    rows = connection.execute(
        "SELECT number, hash, recorded_at FROM store.link WHERE number = ?", [int(number)]
    ).fetchall()
    heads = [(Head(*row[:2]), row[2]) for row in rows]
    return next((one for one in heads if one[0].code.replace("-", "") == number + letters), None)


def make_link(
    connection: duckdb.DuckDBPyConnection,
    event: str,
    about: str,
    at: datetime,
    change: str,
    selects: Mapping[str, str],
    pages: Iterable[SealedPage],
) -> None:
    """Seal what `selects` give (subject, content) for each kind, and raw pages, as one link; in the caller's transaction."""
    row = connection.execute(
        "SELECT coalesce(max(number), 0) + 1, coalesce(arg_max(hash, number), '') FROM store.link"
    ).fetchone()
    number, previous = row or (1, "")
    seals: list[tuple[str, ...]] = []
    for kind, select in selects.items():
        seals += _seal_rows(connection, number, kind, change, select)
    for page in pages:
        connection.execute(
            "INSERT INTO store.seal VALUES (?, 'page', ?, ?, ?, ?, ?)",
            [number, page.name, change, page.salt, page.digest, page.marks],
        )
        seals.append(_folded("page", page.name, change, page.digest))
    # As chain_links.sql folds them to compare.
    digest = sha256("\x1e".join("\x1f".join(seal) for seal in sorted(seals)).encode()).hexdigest()
    told = (number, event, about, len(seals), digest, previous)
    said = "\x1f".join(str(one) for one in (*told, _microseconds(at)))
    connection.execute(
        "INSERT INTO store.link VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [*told, sha256(said.encode()).hexdigest(), at]
    )


def _seal_rows(
    connection: duckdb.DuckDBPyConnection, number: int, kind: str, change: str, select: str
) -> list[tuple[str, ...]]:
    sealed = connection.execute(
        _with_contents("seal", select), {"link": number, "kind": kind, "change": change, "seed": secrets.token_hex(32)}
    ).fetchall()
    return [_folded(kind, subject, change, digest) for subject, digest in sealed]


def _folded(kind: str, subject: str, change: str, digest: bytes | None) -> tuple[str, ...]:
    return kind, subject, change, digest.hex().upper() if digest else "-"


def _microseconds(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND


def _with_contents(name: str, select: str) -> str:
    return statement(name).replace("FROM contents", f"FROM ({select})")


def _forget_salts(connection: duckdb.DuckDBPyConnection, kind: str, select: str) -> None:
    connection.execute(
        f"UPDATE store.seal SET salt = NULL, marks = NULL WHERE kind = ? AND salt IS NOT NULL AND subject IN ({select})",
        [kind],
    )
