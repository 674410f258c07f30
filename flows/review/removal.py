"""The text that asks somebody to take something down. It says nothing of what was written: only where, and why."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flows.report_words import LONDON, https, kind
from warehouse.concerns import PLATFORM

FILE = Path(__file__).parent / "removal.toml"
# How a note begins that keeps such a text.
NOTE = "The text that asks for removal:"


def message(flag: Mapping[str, Any], item: Mapping[str, Any]) -> str:
    """A text to begin with, for the flag's clause and for whoever wrote the item."""
    texts = _texts()
    why = texts["members" if item.get("author_role") in ("member", "official") else "others"][flag["clause"]]
    link = https(item.get("url"))
    frame = texts["frame"].format(what=_what(item), link=f"\n{link}\n" if link else "", why=why.strip())
    return str(frame.strip())


def as_mail(note: str) -> str | None:
    """An address that opens the text in an e-mail program, where the note keeps such a text."""
    if not note.startswith(NOTE):
        return None
    text = note.removeprefix(NOTE).strip().replace("\n", "\r\n")
    return f"mailto:?subject={quote(_texts()['subject'])}&body={quote(text, errors='replace')}"


def _what(item: Mapping[str, Any]) -> str:
    """What is to be taken down; of a concern we know only when the Chair was told, not what was posted, nor when."""
    if item.get("platform", PLATFORM) == PLATFORM:
        return str(_texts()["concern"])
    created = item.get("created_at")
    when = f" of {created.astimezone(LONDON):%-d %B %Y}" if created else ""
    return f"your {kind(item['platform'], item.get('kind') or 'post')}{when}"


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
