"""A page written to disk as NDJSON before it is landed: the record that the history can be built again from."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from connectors.item import Item, Page, Rejected
from warehouse.files import private_folder
from warehouse.raw import slug, write_page


@dataclass(frozen=True, slots=True)
class Spooled:
    """A page for the disk: the files for the lines of items and of rejected records, those lines as they are, and a digest of
    the page, the run and the source.
    """

    items: Path
    rejected: Path
    item_lines: bytes = field(repr=False)
    rejected_lines: bytes = field(repr=False)
    sha256: str
    item_count: int
    rejected_count: int

    @property
    def files(self) -> dict[Path, bytes]:
        """The files that there are to write, with their lines; none for what there are no lines of."""
        both = {self.items: self.item_lines, self.rejected: self.rejected_lines}
        return {path: lines for path, lines in both.items() if lines}


def spool(home: Path, run_id: str, source: str, page: Page) -> Spooled:
    """Make the lines of a page, for files under `home`/raw/<source>/<day>. An item that is no valid JSON text becomes a
    rejected record.
    """
    lines: list[bytes] = []
    rejected = list(page.rejected)
    for item in page.items:
        try:
            lines.append(orjson.dumps(_as_row(item), option=orjson.OPT_APPEND_NEWLINE))
        except orjson.JSONEncodeError as error:
            raw = repr(item).encode("utf-8", "backslashreplace")
            rejected.append(Rejected(f"What came for {item.id!r} cannot be kept: {error}.", raw, item.id))
    refused = [_as_refused(record) for record in rejected]
    body, rest = b"".join(lines), b"".join(refused)
    told = repr((page.threads, page.gone)).encode("utf-8", "backslashreplace")
    sha256 = hashlib.sha256(b"\x1f".join((run_id.encode(), source.encode(), body, rest, told))).hexdigest()
    folder = home / "raw" / slug(source) / datetime.now(UTC).strftime("%Y-%m-%d")
    items, bad = folder / f"{run_id}-{sha256[:12]}.ndjson", folder / f"{run_id}-{sha256[:12]}.rejected.ndjson"
    return Spooled(items, bad, body, rest, sha256, len(lines), len(refused))


def write_spooled(spooled: Spooled, key: bytes | None) -> None:
    """Write a page to disk, encrypted with `key` unless that is None."""
    for path, lines in spooled.files.items():
        private_folder(path.parent)
        write_page(path, lines, key)


def _as_row(item: Item) -> dict[str, Any]:
    return {
        "platform": item.platform,
        "id": item.id,
        "kind": item.kind,
        "parent_id": item.parent_id,
        "thread_id": item.thread_id or item.parent_id or item.id,
        "author_id": item.author_id,
        "author_name": item.author_name,
        "author_handle": item.author_handle,
        "text": item.text,
        "rating": item.rating,
        "url": item.url,
        "created_at": item.created_at,
        "edited_at": item.edited_at,
        "parent_text": item.parent_text,
        "media": [{"type": media.type, "url": media.url, "text": media.text} for media in item.media],
        "hidden": item.hidden,
        "raw": item.raw,
    }


def _as_refused(record: Rejected) -> bytes:
    reason = record.reason.encode("utf-8", "backslashreplace").decode()
    own_id = record.id.encode("utf-8", "replace").decode() if record.id else None
    kept = {"reason": reason, "raw": base64.b64encode(record.raw).decode(), "id": own_id}
    return orjson.dumps(kept, option=orjson.OPT_APPEND_NEWLINE)
