"""Dates as exports write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# UK order; X's archive; YYYY/MM/DD.
FORMATS = (
    "%d/%m/%Y",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    # Only where the day cannot be a month: 5/31/2022.
    "%m/%d/%Y",
    "%a %b %d %H:%M:%S %z %Y",
    "%Y/%m/%d",
    "%Y/%m/%d %H:%M:%S",
    "%d %B %Y",
    "%d %b %Y",
)
# Other years mean "no date" to the program that wrote them: 0001-01-01, 9999-12-31.
YEARS = range(1970, 2200)
# Seconds or milliseconds since 2001; other lengths are dates without separators (202610311405), or anything.
EPOCH = re.compile(r"[0-9]{10}(?:[0-9]{3})?(?:\.[0-9]{1,6})?")


def read_date(written: object) -> datetime | None:
    """The moment that `written` names, aware and in UTC; None where it is not understood.

    Takes ISO 8601, day/month/year, mail dates, X's dates, and seconds or milliseconds since 1970. Without a zone, or
    with "UTC" behind it as Google writes it, it is taken as UTC. A year outside YEARS is no date.
    """
    text = str(written).strip().removesuffix(" UTC")
    try:
        moment = _parse(text)
        return None if moment is None else in_utc(moment)
    except (ValueError, OverflowError, OSError):
        return None


def in_utc(moment: datetime) -> datetime:
    """The moment in UTC; without a zone it is taken as UTC. Raises ValueError for a year outside YEARS."""
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    if aware.year not in YEARS:
        raise ValueError(f"{aware.year} means that there is no date")
    return aware


def _parse(text: str) -> datetime | None:
    if EPOCH.fullmatch(text):
        number = float(text)
        return datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for layout in FORMATS:
        try:
            return datetime.strptime(text, layout)  # noqa: DTZ007
        except ValueError:
            continue
    try:
        return parsedate_to_datetime(text)
    except (TypeError, IndexError):
        return None
