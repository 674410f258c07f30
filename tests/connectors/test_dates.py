"""Dates of exports: a wrong one would put a comment into the wrong night, or the wrong month."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.dates import read_date

MOMENTS = st.datetimes(min_value=datetime(2001, 9, 10), max_value=datetime(2099, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-10-31", "2026-10-31T00:00:00"),
        ("2026-10-31T14:05:06", "2026-10-31T14:05:06"),
        ("2026-10-31 14:05", "2026-10-31T14:05:00"),
        ("2026-10-31T14:05:06Z", "2026-10-31T14:05:06"),
        ("2026-10-31T14:05:06+0000", "2026-10-31T14:05:06"),
        ("2026-10-31T14:05:06.123456789Z", "2026-10-31T14:05:06.123456"),
        ("2026-10-31T14:05:06+05:30", "2026-10-31T08:35:06"),
        ("2026-10-31 14:05:06 UTC", "2026-10-31T14:05:06"),
        ("20261031", "2026-10-31T00:00:00"),
        ("2026/10/31", "2026-10-31T00:00:00"),
        ("2026/10/31 14:05:06", "2026-10-31T14:05:06"),
        ("31/10/2026", "2026-10-31T00:00:00"),
        ("  1/2/2026 9:05 ", "2026-02-01T09:05:00"),
        ("31/10/2026 14:05:06", "2026-10-31T14:05:06"),
        ("31 October 2026", "2026-10-31T00:00:00"),
        ("31 Oct 2026", "2026-10-31T00:00:00"),
        ("Sat Oct 31 14:05:06 +0000 2026", "2026-10-31T14:05:06"),
        ("Sat, 31 Oct 2026 14:05:06 +0100", "2026-10-31T13:05:06"),
        ("Sat, 31 Oct 2026 14:05:06 GMT", "2026-10-31T14:05:06"),
        ("Sat, 31 Oct 2026 14:05:06 -0000", "2026-10-31T14:05:06"),
        (1793455506, "2026-10-31T14:05:06"),
        (1793455506.25, "2026-10-31T14:05:06.250000"),
        ("1793455506", "2026-10-31T14:05:06"),
        ("1793455506123", "2026-10-31T14:05:06.123000"),
        ("29/02/2024", "2024-02-29T00:00:00"),
        ("2000-02-29", "2000-02-29T00:00:00"),
    ],
)
def test_a_date_is_the_moment_it_names(written: object, expected: str) -> None:
    """Each way in which exports write a date, in UTC."""
    found = read_date(written)
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert found.utcoffset() == timedelta(0)


def test_day_and_month_are_in_uk_order_where_both_could_be_meant() -> None:
    """A comment of 1 February must not turn up in January; 13 as a month can only be a day."""
    assert read_date("01/02/2026") == datetime(2026, 2, 1, tzinfo=UTC)
    assert read_date("1/13/2026") == datetime(2026, 1, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "", " ", "yesterday", "NA", "-", "None", "0", "5", "2026", "14:05", "29/02/2025", "2025-02-29", "31/04/2026",
        "32/01/2026", "31/10/26", "00/00/0000", "0000-00-00", "2026-13-01", "2026-10-31T25:00:00", "1.7e12", "-1793455506",
        # A date without separators is not some second of 1976.
        "202610311405", "123456789", "99999999999999999999", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
        "Sat, 31 Oct 2026 14:05:06 +9999", "\ud800", "\0", "9" * 5000, "1 Jan " + "9" * 5000, True, [], {}, float("nan"),
    ],
)  # fmt: skip
def test_what_is_no_date_is_none_and_no_guess(written: object) -> None:
    """A comment without a date is still checked; a wrong date would mislead, an exception would cost the file."""
    assert read_date(written) is None


def test_the_hour_that_comes_twice_keeps_its_order() -> None:
    """The night the clocks go back: a reply must not come before what it answers."""
    times = ["2026-10-25T01:30:00+01:00", "2026-10-25T01:30:00+00:00", "2026-10-25T02:00:00+00:00"]
    moments = [moment for moment in map(read_date, times) if moment]
    assert moments == sorted(moments) and moments[1] - moments[0] == timedelta(hours=1)


@pytest.fixture
def london(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine that is set to UK time."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Europe/London")
        time.tzset()
        assert time.tzname == ("GMT", "BST")
        yield
    time.tzset()


@pytest.mark.usefixtures("london")
@pytest.mark.parametrize("written", ["2026-03-29 01:30", "29/03/2026 01:30", "2026-10-25 01:30", "25/07/2026 01:30"])
def test_without_a_zone_it_is_utc_whatever_the_machine_is_set_to(written: str) -> None:
    """An hour that UK clocks skip or show twice must not move, nor a summer's night."""
    found = read_date(written)
    assert found and (found.hour, found.minute, found.tzinfo) == (1, 30, UTC)


@given(MOMENTS, st.integers(-14 * 60, 14 * 60))
def test_every_moment_is_read_back(moment: datetime, minutes: int) -> None:
    """ISO 8601 and mail dates of any zone, UK dates and epoch seconds name the moment that was written."""
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    in_utc = moment.replace(tzinfo=UTC)
    assert read_date(aware.isoformat()) == aware
    assert read_date(format_datetime(aware)) == aware.replace(microsecond=0)
    assert read_date(moment.strftime("%d/%m/%Y %H:%M:%S")) == in_utc.replace(microsecond=0)
    assert read_date(int(in_utc.timestamp())) == in_utc.replace(microsecond=0)


@given(st.text(max_size=40) | st.text("0123456789/-:+.TZ ,JanOctSat", max_size=40))
def test_nothing_written_raises(written: str) -> None:
    """One strange cell must not end the import."""
    found = read_date(written)
    assert found is None or found.utcoffset() == timedelta(0)


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00Z", "9999-12-31", "1899-12-30", "31/12/9999"])
def test_a_year_that_means_no_date_is_none(written: str) -> None:
    """Such a date once kept a report from being written, night after night."""
    assert read_date(written) is None
