"""Exports made for the tests, and all that is read out of one."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from connectors.files import read_file
from connectors.item import Item, Rejected
from connectors.mapping import FieldMap


@dataclass
class Read:
    """What a file held."""

    items: list[Item] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def by_id(self) -> dict[str, Item]:
        """The items by id; fails where two have the same."""
        found = {item.id: item for item in self.items}
        assert len(found) == len(self.items), "two items have the same id"
        return found


def read_all(path: Path) -> Read:
    """All that an import of the file hands on."""
    read = Read()
    for page in read_file(path, FieldMap()):
        read.items += page.items
        read.rejected += page.rejected
        read.gaps += page.gaps
        read.notes += page.notes
        assert not page.listed and not page.threads and not page.gone, "an import must never tell of deletions"
    return read


def zipped(path: Path, files: Mapping[str, bytes | str | list[Any] | dict[str, Any]]) -> Path:
    """A zip file as a platform packs it; what is no text is written as JSON."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, str | bytes) else json.dumps(content, indent=2))
    return path


def script(part: str, entries: list[Any]) -> str:
    """A file of an X archive."""
    return f"window.YTD.{part} = {json.dumps(entries, indent=2)}"


def as_meta_writes(text: str) -> str:
    """A text as Facebook's and Instagram's downloads have it: each byte of its UTF-8 a character."""
    return text.encode().decode("latin-1")
