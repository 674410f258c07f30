"""Import files made for the tests, and all that is read out of one."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from connectors.item import Item, Page, Rejected

Read = Callable[..., "tuple[list[Item], list[Rejected]]"]
HEADER = b"platform,id,text\n"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def all_of(pages: Iterator[Page]) -> tuple[list[Item], list[Rejected]]:
    items: list[Item] = []
    rejected: list[Rejected] = []
    for page in pages:
        items += page.items
        rejected += page.rejected
    return items, rejected


def line(**fields: Any) -> bytes:
    """A line of JSON with what an item needs, and these fields besides."""
    return orjson.dumps({"platform": "facebook", "id": "1", "text": "Lovely talk"} | fields) + b"\n"


def as_csv(rows: Sequence[Sequence[str]], path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path
