"""The text that asks somebody to take something down. It says nothing of what was written: only where, and why."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flows.report_words import LONDON, https, kind

FILE = Path(__file__).parent / "removal.toml"
# How a note begins that keeps such a text.
NOTE = "The text that asks for removal:"


def message(flag: Mapping[str, Any], item: Mapping[str, Any]) -> str:
    """A text to begin with, for the flag's clause and for whoever wrote the item."""
    texts = _texts()
    why = texts["members" if item.get("author_role") in ("member", "official") else "others"][flag["clause"]]
    what = kind(item.get("platform") or "", item.get("kind") or "post").removeprefix("Concern raised with the Chair")
    created = item.get("created_at")
    when = f" of {created.astimezone(LONDON):%-d %B %Y}" if created else ""
    link = https(item.get("url"))
    return (
        texts["frame"]
        .format(what=f"{what or 'what you posted'}{when}", link=f"\n{link}\n" if link else "", why=why.strip())
        .strip()
    )


def as_mail(note: str) -> str | None:
    """An address that opens the text in an e-mail program, where the note keeps such a text."""
    if not note.startswith(NOTE):
        return None
    text = note.removeprefix(NOTE).strip().replace("\n", "\r\n")
    return f"mailto:?subject={quote(_texts()['subject'])}&body={quote(text, errors='replace')}"


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
