"""Text as the downloads of Facebook and Instagram write it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from connectors.item import Media

VIDEOS = {".mp4", ".mov", ".webm"}
IMAGES = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic"}


def readable(written: Any) -> str:
    """A text whose UTF-8 bytes were each written as a character: "cafÃ©" is "café". One that is right stays as it is."""
    if not isinstance(written, str):
        return ""
    try:
        return written.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return written


def picture(entry: Any) -> Media | None:
    """A picture or video of a post; its address is the path within the download."""
    uri = entry.get("uri") if isinstance(entry, Mapping) else None
    if not isinstance(uri, str) or not uri:
        return None
    ending = PurePosixPath(uri).suffix.lower()
    kind = "video" if ending in VIDEOS else "image" if ending in IMAGES else "file"
    return Media(kind, uri, readable(entry.get("description")) or None)
