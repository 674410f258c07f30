"""The days that a user asks for."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from flows.config import ConfigError
from flows.report_words import LONDON, day


def today() -> date:
    """The day in London."""
    return datetime.now(UTC).astimezone(LONDON).date()


def whole_days(since: date | None, until: date | None, now: datetime) -> tuple[datetime | None, datetime | None]:
    """The days from `since` to `until` in London as aware times: the first midnight, and the one after the last day.

    Raises ConfigError for days that have not come yet, and for a last day before the first.
    """
    day_now = now.astimezone(LONDON).date()
    for name, asked in (("--since", since), ("--until", until)):
        if asked and asked > day_now:
            raise ConfigError(f"{name} {asked} has not come yet: today is {day(now)}.")
    if since and until and since > until:
        raise ConfigError(f"--since {since} is after --until {until}.")
    start = datetime.combine(since, time(), LONDON) if since else None
    end = datetime.combine(until + timedelta(days=1), time(), LONDON) if until else None
    return start, end
