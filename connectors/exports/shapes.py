"""What an export says of itself: which files it keeps what in, how these are recognised, and how an entry becomes items.

The builders of items raise ValueError for what is none; its message ends the sentence of the quarantine.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.item import Item, Rejected

Found = Item | Rejected


@dataclass(frozen=True, slots=True)
class Owner:
    """The account that an export is of, where it or whoever imports it says so."""

    id: str | None = None
    handle: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """Entries of JSON lists called `lists`. A file is of this shape if one of its first entries `fits`."""

    lists: re.Pattern[str]
    fits: Callable[[Any], bool]
    items: Callable[[Any, Owner], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a CSV file that has `columns`, given in lower case; `items` takes the cells by those names, the row, and whose
    export it is.

    Columns with a name in which `private` is found are not in that row, and never kept.
    """

    columns: frozenset[str]
    items: Callable[[Mapping[str, str], Mapping[str, str], Owner], Iterator[Found]]
    private: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """A platform's download. `files` are the names of the files that are read; `looked_for` says them in words.

    `owner_files` hold an entry of which `owner` makes the account's owner. `version` gives id and version of an entry
    that may stand in the download more than once: the one of the greatest version is taken.
    `authors` gives the names that an entry gives to whoever wrote what it holds, where that may be others than the owner.
    `is_repost` recognises an entry that only shows again what somebody has written: it is left out, and counted.
    `wrong` recognises a file of the platform that people take for the right one: the sentence says which is.
    """

    looked_for: str
    files: re.Pattern[str] | None = None
    shapes: tuple[Shape, ...] = ()
    tables: tuple[Table, ...] = ()
    owner_files: re.Pattern[str] | None = None
    owner: Callable[[Any], Owner] | None = None
    version: Callable[[Any], tuple[str, str] | None] | None = None
    authors: Callable[[Any], list[str]] | None = None
    is_repost: Callable[[Any], bool] | None = None
    wrong: Callable[[Any], str | None] | None = None


def id_of(*parts: object) -> str:
    """An id for what the platform gives none: the same for the same entry in each download."""
    return "hash-" + hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()[:32]
