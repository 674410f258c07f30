"""Values out of the JSON of a platform's answer, and an item's entry that turns out to be none."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from connectors.dates import in_utc
from connectors.item import Item, Rejected


def read_item(what: str, raw: Any, build: Callable[[], Item], *, id: str | None = None) -> Item | Rejected:
    """The item that `build` makes of `raw`; rejected where it raises ValueError, whose message ends the sentence.

    `what` begins the sentence ("A Facebook comment"), `id` is the entry's own id, where it has one.
    """
    try:
        check_storable(raw)
        return build()
    except ValueError as error:
        return rejected(f"{what} could not be read: {error}.", raw, id=id)


def rejected(reason: str, raw: Any, *, id: str | None = None) -> Rejected:
    """What could not be read, with its JSON (ASCII, so that half a character survives)."""
    return Rejected(reason, json.dumps(raw).encode(), id)


def check_storable(raw: Any) -> None:
    """Raises ValueError for JSON that cannot be kept: half a character, a NUL character."""
    try:
        written = json.dumps(raw, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError("it holds half a character") from None
    if b"\\u0000" in written.replace(rb"\\", b""):
        raise ValueError("it holds a NUL character")


def mapping(entry: Any, key: str) -> Mapping[str, Any]:
    """The object under `key`. Raises ValueError where there is none."""
    value = entry.get(key) if isinstance(entry, Mapping) else None
    if not isinstance(value, Mapping):
        raise ValueError(f"it has no {key}")
    return value


def mapping_or_empty(entry: Any, key: str) -> Mapping[str, Any]:
    """The object under `key`, empty where there is none."""
    value = entry.get(key) if isinstance(entry, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def entries(entry: Any, key: str) -> list[Any]:
    """The list under `key`, empty where there is none."""
    value = entry.get(key) if isinstance(entry, Mapping) else None
    return value if isinstance(value, list) else []


def text(entry: Any, key: str) -> str:
    """The text under `key`. Raises ValueError where there is none."""
    value = text_or_none(entry, key)
    if value is None:
        raise ValueError(f"it has no {key}")
    return value


def text_or_none(entry: Any, key: str) -> str | None:
    """The text under `key`; None where there is none, or an empty one."""
    value = entry.get(key) if isinstance(entry, Mapping) else None
    return value if isinstance(value, str) and value else None


def count_or_none(entry: Any, key: str) -> int | None:
    """The counter under `key`, a whole number of 0 or more."""
    value = entry.get(key) if isinstance(entry, Mapping) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def time_or_none(entry: Any, key: str) -> datetime | None:
    """The time under `key` in UTC (ISO 8601, also with an offset without colon; UTC where it names no zone).

    None where there is none. Raises ValueError where it is not a time.
    """
    value = entry.get(key) if isinstance(entry, Mapping) else None
    if value is None:
        return None
    try:
        return in_utc(datetime.fromisoformat(value))
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"its {key} is not a time") from None
