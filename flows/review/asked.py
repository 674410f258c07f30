"""What an address asks for after its question mark: filters and the number of a page. What makes no sense is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from flows.report_words import LONDON

A_PAGE = 25


def word(asked: Mapping[str, str], name: str) -> str | None:
    """What was asked for under `name`, if anything was."""
    return asked.get(name, "").replace("\0", "").strip()[:200] or None


def page_number(asked: Mapping[str, str]) -> int:
    """Which page, from 1."""
    given = asked.get("page", "")
    return max(1, int(given)) if given.isascii() and given.isdigit() and len(given) < 7 else 1


def first_moment(asked: Mapping[str, str], name: str) -> datetime | None:
    """The midnight in London with which the day under `name` begins."""
    try:
        return datetime.combine(date.fromisoformat(asked.get(name, "")), time(), LONDON)
    except ValueError:
        return None


def last_moment(asked: Mapping[str, str], name: str) -> datetime | None:
    """The midnight in London with which the day under `name` ends."""
    begun = first_moment(asked, name)
    if begun is None or begun.year > 9000:
        return None
    return datetime.combine(begun.date() + timedelta(days=1), time(), LONDON)


def pages(asked: Mapping[str, str], total: int) -> dict[str, str | int | None]:
    """Which page this is of how many, and the addresses of those beside it, with the same filters."""
    number, many = page_number(asked), max(1, -(-total // A_PAGE))
    kept = {name: value for name, value in asked.items() if value and name != "page"}

    def address(to: int) -> str | None:
        return "?" + urlencode({**kept, "page": to}, errors="replace") if 1 <= to <= many else None

    return {"number": number, "many": many, "before": address(min(number - 1, many)), "after": address(number + 1)}


def last_page(asked: Mapping[str, str], first: Sequence[Mapping[str, Any]]) -> str:
    """The address of the last page, for whoever asked for one after it: what stood there has been decided meanwhile, say.

    `first` is the first row of all, if there is any: it tells the `total`.
    """
    return str(pages(asked, first[0]["total"] if first else 0)["before"])
