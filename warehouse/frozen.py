"""Frozen reports whose words may not be kept: single flags blotted out of them, or all of a report removed.

A report is found by the flags that it names: each stands below what was quoted for it (flows/templates).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from glob import escape as glob_escape
from html import escape
from pathlib import Path

import duckdb

from warehouse.files import put_in_place

_NOTE = (
    "The words of this report were removed: some of what it quoted may not be kept any longer (docs/retention.md). "
    "The flags and decisions are still there: acto flags --all"
)
# Values for the statements due_reports and expire_reports.
NOTES = {
    "note_plain": _NOTE,
    "note_html": '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>Report removed</title></head>\n'
    f"<body><p>{_NOTE}</p></body></html>\n",
    "note_waiting": "It waited to be sent for longer than what it quotes may be kept.",
}
_GONE = "The text is no longer kept."


@dataclass(frozen=True, slots=True)
class Quotes:
    """What is to be blotted out of one report: what it quotes for these flags, and these names beside it."""

    report_id: str
    run_id: str
    flag_ids: Sequence[str]
    names: Sequence[str]

    def out_of_page(self, html: str) -> str:
        """The page without them."""
        for flag_id in self.flag_ids:
            end = html.find(f"Flag {flag_id}</p>")
            start = html.rfind("<table", 0, max(end, 0))
            finding = html.rfind("<h3", 0, max(end, 0))
            if end >= 0:
                quoted = re.sub(r'<p [^>]*class="quote".*?</p>', f"<p>{_GONE}</p>", html[finding:end], flags=re.DOTALL)
                head = html[start:finding]
                head = re.sub(r">[^<]*<", lambda text: self._without_names(text[0], escape), head)
                html = html[:start] + head + quoted + html[end:]
        return html

    def out_of_text(self, plain: str) -> str:
        """The plain text without them."""
        lines = plain.split("\n")
        for flag_id in self.flag_ids:
            if (mark := f"  Flag {flag_id}") not in lines:
                continue
            end = lines.index(mark)
            start = max((at for at in range(end) if not lines[at]), default=-1) + 1
            told = lines[start:end]
            kept = [line for line in told if not line.startswith("  > ")]
            if len(kept) < len(told):
                kept.insert(next(at for at, line in enumerate(told) if line.startswith("  > ")), f"  {_GONE}")
            lines[start:end] = kept
            # The item's own line, above its first flag.
            while start > 0 and lines[start].startswith("  ") and lines[start - 1] == "":
                start = max((at for at in range(start - 1) if not lines[at]), default=-1) + 1
            end = next(at for at in range(start, len(lines)) if lines[at].startswith("  "))
            lines[start:end] = self._without_names("\n".join(lines[start:end]), str).split("\n")
        return "\n".join(lines)

    def _without_names(self, words: str, written: Callable[[str], str]) -> str:
        for name in sorted(self.names, key=len, reverse=True):
            # A line may end within a name.
            words = re.sub(r"\s+".join(re.escape(written(part)) for part in name.split()), "somebody", words)
        return words

    def out_of_mail(self, body: bytes) -> bytes:
        """The mail without them; its headers stay as they are."""
        message = message_from_bytes(body, policy=policy.SMTP)
        for part in message.walk():
            if isinstance(part, EmailMessage) and part.get_content_maintype() == "text":
                page = part.get_content_subtype() == "html"
                told = str(part.get_content()).replace("\r\n", "\n")
                left = self.out_of_page(told) if page else self.out_of_text(told)
                if left != told:
                    part.set_content(left, subtype="html" if page else "plain", cte="quoted-printable")
        return message.as_bytes()


def due_quotes(connection: duckdb.DuckDBPyConnection) -> list[Quotes]:
    """What the statement due_reports has found."""
    return [Quotes(*row) for row in connection.execute("FROM due_quotes ORDER BY report_id").fetchall()]


def blot_out_of_files(home: Path, quotes: Iterable[Quotes]) -> None:
    """Blot the quotes out of what was written of their reports to the folders outbox and reports."""
    for one in quotes:
        for path in files_of(home, one.report_id, one.run_id):
            kinds: dict[str, Callable[[bytes], bytes]] = {
                ".eml": one.out_of_mail,
                ".html": lambda content, one=one: one.out_of_page(content.decode()).encode(),  # type: ignore[misc]
                ".txt": lambda content, one=one: one.out_of_text(content.decode()).encode(),  # type: ignore[misc]
            }
            told = path.read_bytes()
            left = kinds[path.suffix](told) if path.suffix in kinds else told
            if left != told:
                fresh = path.with_name(f".{path.name}.tmp")
                fresh.touch(mode=0o600)
                fresh.write_bytes(left)
                put_in_place(fresh, path)


def blot_out_of_tables(connection: duckdb.DuckDBPyConnection, quotes: Iterable[Quotes]) -> None:
    """The same in the tables, inside the caller's transaction."""
    for one in quotes:
        html, plain = connection.execute(
            "SELECT html, plain FROM store.report WHERE report_id = ?", [one.report_id]
        ).fetchall()[0]
        connection.execute(
            "UPDATE store.report SET html = ?, plain = ? WHERE report_id = ?",
            [one.out_of_page(html), one.out_of_text(plain), one.report_id],
        )
        messages = connection.execute("SELECT recipient, body FROM store.message WHERE report_id = ?", [one.report_id])
        for recipient, body in messages.fetchall():
            connection.execute(
                "UPDATE store.message SET body = ? WHERE report_id = ? AND recipient = ?",
                [one.out_of_mail(body), one.report_id, recipient],
            )


def remove_report_files(home: Path, reports: Iterable[tuple[str, str]]) -> None:
    """Remove what was written of these reports (report_id, run_id) to the folders outbox and reports."""
    for report_id, run_id in reports:
        for path in files_of(home, report_id, run_id):
            path.unlink(missing_ok=True)


def files_of(home: Path, report_id: str, run_id: str) -> list[Path]:
    """What was written of a report to the folders outbox and reports."""
    return [
        path
        for folder, name in (("outbox", glob_escape(report_id)), ("reports", glob_escape(run_id)))
        for pattern in (f"{name}.*", f"{name}-[0-9]*.eml", f".{name}*.tmp")
        for path in (home / folder).glob(pattern)
    ]
