"""Clocks that jump, nights when they change, 29 February, weeks off: nothing is left out, taken twice, or taken for gone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from prefect.server.schemas.schedules import CronSchedule

from connectors.item import Item, Listed, Page, ThreadRead
from connectors.sandbox import Sandbox
from connectors.sandbox.presences import as_environment
from connectors.source import Source
from flows.days import whole_days
from flows.missed_nights import (
    about_missed_nights,
    made_up_for,
    nights_missed_before,
    nights_missed_since,
)
from flows.passes import next_pass
from flows.reading import Reading
from flows.ready_questions import ready_questions
from flows.serving import deployments_file
from tests.conftest import Acto
from tests.flows.channel import sandbox_of_today
from tests.flows.review.desk import serving
from tests.flows.test_passes import MONDAY, kept
from warehouse.clock import LONGEST_BREAK, believed
from warehouse.known import History
from warehouse.landing import keep_position, land, position
from warehouse.outbox import FrozenMessage, FrozenReport, record_delivery
from warehouse.query import run_query
from warehouse.runs import Coverage, end_run, record_coverage, start_run
from warehouse.schedule import Schedule
from warehouse.snapshot import publish
from warehouse.states import Settled, settle
from warehouse.store import Store, open_store

LONDON = ZoneInfo("Europe/London")
YEAR = timedelta(days=365)
TODAY = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)
SetClock = Callable[[datetime], None]


@pytest.fixture
def set_clock(store: Store, monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Set this machine's clock, as the open history sees it; as after a restart, so it may go back."""

    class Clock(datetime):
        moment = TODAY

        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return cls.moment

    monkeypatch.setattr("warehouse.store.datetime", Clock)

    def set_to(moment: datetime) -> None:
        Clock.moment = moment
        store._latest = datetime.min.replace(tzinfo=UTC)

    return set_to


def comment(own_id: str, text: str = "hello", **more: Any) -> Item:
    return Item(platform="youtube", id=own_id, kind="comment", text=text, created_at=TODAY - timedelta(days=3), **more)


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    return store.connection().execute(sql).fetchall()


def a_pass(store: Store, *seen: str, read_whole: bool = True) -> Settled:
    """A whole night of the channel that shows these comments."""
    begun = store.now()
    run_id = start_run(store, "scan", begun)
    threads = [ThreadRead(one, 0) for one in ("a", "b", "c")] if read_whole else []
    land(store, run_id, "channel", Page(items=[comment(one) for one in seen], threads=threads), None)
    return settle(
        store, run_id, "channel", pass_started_at=begun, listed=[Listed(("comment",))], due=(), since=None, until=None,
        complete=True, at=store.now(),
    )  # fmt: skip


@pytest.mark.parametrize("wrong", [timedelta(hours=1), timedelta(days=1), YEAR, -YEAR])
def test_a_night_with_a_wrong_clock_neither_hides_nor_invents_what_is_gone(
    wrong: timedelta, store: Store, set_clock: SetClock
) -> None:
    """What the wrong night saw is not what tonight sees; and what tonight sees again is there again."""
    set_clock(TODAY)
    a_pass(store, "a", "b", "c")
    set_clock(TODAY + wrong)
    assert a_pass(store, "a", "b").absent == 1
    set_clock(TODAY + timedelta(hours=8))
    assert a_pass(store, "a", "c").absent == 1
    assert rows(store, "SELECT item_id, state FROM items ORDER BY ALL") == [
        ("youtube:a", "present"), ("youtube:b", "absent"), ("youtube:c", "present"),
    ]  # fmt: skip
    assert rows(store, "SELECT count(*) FROM revisions") == [(3,)]


def test_a_clock_that_is_put_back_in_the_middle_of_a_night_makes_nothing_look_gone(
    store: Store, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time server corrects the clock while a source is read."""
    set_clock(TODAY)
    begun = store.now()
    run_id = start_run(store, "scan", begun)
    monkeypatch.setattr("warehouse.store.datetime.moment", TODAY - timedelta(hours=1))
    assert store.now() == begun
    land(store, run_id, "channel", Page(items=[comment("a"), comment("b")], threads=[ThreadRead("a", 0)]), None)
    settled = settle(
        store, run_id, "channel", pass_started_at=begun, listed=[Listed(("comment",))], due=(), since=None, until=None,
        complete=True, at=store.now(),
    )  # fmt: skip
    assert settled == Settled()


@pytest.mark.parametrize("wrong", [timedelta(hours=2), timedelta(days=1), YEAR])
def test_where_a_source_stands_is_what_was_kept_last(wrong: timedelta, store: Store, set_clock: SetClock) -> None:
    """A position from a night with a wrong clock would stand for a year, and every night begin at the same place."""
    for moment, page in ((TODAY + wrong, 1), (TODAY, 2)):
        set_clock(moment)
        keep_position(store, start_run(store, "scan", moment), "channel", {"page": page})
    assert position(store, "channel") == {"page": 2}


@pytest.mark.parametrize("wrong", [timedelta(hours=1), timedelta(days=1), YEAR])
def test_after_a_night_in_the_future_everything_is_listed_again(wrong: timedelta) -> None:
    """Nobody knows what such a night has read; and what it broke off must not be gone on with."""
    finished = kept(next_pass(None, MONDAY + wrong).finished())
    assert next_pass(finished, MONDAY).since is None
    broken = kept(next_pass(None, MONDAY + wrong).after_page(Page(resume={"page_token": "p2"})))
    assert next_pass(broken, MONDAY).resume is None


def test_a_thread_that_was_read_in_the_future_is_due_today(store: Store, set_clock: SetClock) -> None:
    """Else its replies would not be read until that day has come."""
    old = Item(platform="youtube", id="a", kind="comment", text="hello", created_at=TODAY - YEAR)
    page = Page(items=[old], threads=[ThreadRead("a", 0)])
    set_clock(TODAY)
    land(store, start_run(store, "scan", TODAY), "channel", page, None)
    assert not History(store, "channel", TODAY + timedelta(days=1), Schedule()).is_due("a")
    set_clock(TODAY + YEAR)
    land(store, start_run(store, "scan", TODAY + YEAR), "channel", page, None)
    assert not History(store, "channel", TODAY + timedelta(days=1), Schedule()).is_due("a")
    assert History(store, "channel", TODAY + timedelta(days=40), Schedule()).is_due("a")


def test_nothing_is_removed_for_its_age_by_a_clock_that_leaps(store: Store) -> None:
    """A clock a year ahead would empty all comments that may be kept for 30 days; that cannot be undone."""
    tell(store, start_run(store, "scan", TODAY))
    leapt = start_run(store, "scan", TODAY + YEAR)
    assert believed(store, leapt, TODAY + YEAR) == TODAY, "by 45 days more, what may be kept for 30 would all go"
    assert believed(store, leapt, TODAY + LONGEST_BREAK) == TODAY + LONGEST_BREAK
    tell(store, leapt)
    # A true break of a year is believed by the night after.
    after = start_run(store, "scan", TODAY + YEAR + timedelta(days=1))
    assert believed(store, after, TODAY + YEAR + timedelta(days=1)) == TODAY + YEAR + timedelta(days=1)


def test_a_scan_that_was_cut_off_makes_no_leap_believed(tmp_path: Path) -> None:
    """It is started again a minute later, and the whole history would go before any report has told that the clock leapt."""
    leap = TODAY + YEAR
    with open_store(tmp_path) as store:
        for nights in (2, 1):
            tell(store, start_run(store, "scan", TODAY - timedelta(days=nights)))
        start_run(store, "scan", leap)
    with open_store(tmp_path) as store:
        end_run(store, start_run(store, "scan", leap), "failed", "The report could not be composed.", leap)
        again = start_run(store, "scan", leap)
        assert believed(store, again, leap) == TODAY - timedelta(days=1)
        tell(store, again)
        assert believed(store, start_run(store, "scan", leap), leap) == leap


def tell(store: Store, run_id: str) -> None:
    """End a scan with its report, even with one that says what failed."""
    end_run(store, run_id, "failed", "", TODAY, report=FrozenReport(run_id, run_id, TODAY, "Subject", "", "", [], []))


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (1, ""),
        (2, "The last scan of all sources that did not fail was 2 days ago. Everything since has been read."),
        (7, "The last scan of all sources that did not fail was 7 days ago. Everything since has been read."),
        (40, "The last scan of all sources that did not fail was 40 days ago. Everything since has been read."),
        (400, "By this machine’s clock the last scan of all sources that did not fail was 400 days ago."),
        (-30, "This machine’s clock says 21 Nov 2026, but its last scan 21 Dec 2026: one of the two is wrong."),
    ],
)
def test_the_report_says_when_nights_were_missed(days: int, said: str, store: Store) -> None:
    """A Chair who had no mail for a week must know whether that week has been looked at."""
    for days_ago, outcome in ((days, "complete"), (1, "failed")):
        at = TODAY - timedelta(days=days_ago)
        run_id = start_run(store, "scan", at)
        record_coverage(store, Coverage(run_id, "channel", "youtube", outcome, ""))
        end_run(store, run_id, outcome, "", at)
    tonight = start_run(store, "scan", TODAY)
    told = about_missed_nights(store.connection(), tonight, TODAY, all_read=True)
    assert told.startswith(said) and bool(told) == bool(said)
    if said and days in (2, 7):
        assert "is listed below" in about_missed_nights(store.connection(), tonight, TODAY, all_read=False)


def test_missed_nights_are_said_where_somebody_looks_meanwhile(acto: Acto, home: Path, store: Store) -> None:
    """While no scan runs no report comes that could say so; and whoever starts the next one by hand sees it at once."""
    (home / "acto.toml").write_text("", encoding="utf-8")
    now = datetime.now(UTC)

    def scan_of(days_ago: int) -> str:
        at = now - timedelta(days=days_ago)
        end_run(store, run_id := start_run(store, "scan", at), "complete", "", at)
        publish(store)
        return run_id

    scan_of(5)
    assert "The last scan of all sources was 5 days ago, so nights were missed" in acto("flags").stderr
    assert "BROKEN  last scan: The last scan of all sources was 5 days ago" in acto("doctor").stdout
    tonight = scan_of(0)
    assert nights_missed_before(store.connection(), tonight, now).startswith("The last scan was 5 days ago")
    assert nights_missed_before(store.connection(), scan_of(0), now) == ""
    history = home / "history.duckdb"
    assert nights_missed_since(history, now) == ""


def test_a_night_that_was_made_up_for_is_not_scanned_again(asked: Path, tmp_path: Path) -> None:
    """After three days without power the Chair would get three reports in a row; a night whose report never left is done."""
    history = asked / "history.duckdb"
    sent, unsent = (datetime(2026, 11, day, 4, 30, tzinfo=UTC) for day in (12, 21))
    assert "was made up for by the scan of 12 Nov 2026" in made_up_for(history, sent - timedelta(days=1))
    assert made_up_for(history, sent) == made_up_for(history, unsent - timedelta(days=1)) == ""
    assert made_up_for(tmp_path / "history.duckdb", sent) == ""


@pytest.mark.slow
@pytest.mark.parametrize("part", ["some sources", "some days", "since a day", "up to a day"])
def test_a_scan_of_a_part_makes_up_for_no_night(part: str, home: Path, store: Store) -> None:
    """After a power cut somebody reads a week of November with mail: the late night would be dropped, and nobody told."""
    now = datetime.now(UTC)
    days = {"some days": (5, 2), "since a day": (5, None), "up to a day": (None, 2)}.get(part, (None, None))
    since, until = whole_days(*(now.date() - timedelta(days=ago) if ago else None for ago in days), now)

    def scan_of(at: datetime, *coverage: Coverage) -> str:
        run_id = start_run(store, "scan", at)
        for one in coverage:
            record_coverage(store, replace(one, run_id=run_id))
        message = FrozenMessage("chair@acto.example", run_id, b"")
        end_run(store, run_id, "complete", "", at, report=FrozenReport(run_id, run_id, at, "", "", "", [], [message]))
        record_delivery(store, run_id, "chair@acto.example", "sent", "", at)
        publish(store)
        return run_id

    # Where a night's own reading happens to begin at midnight, it is a night all the same.
    midnight, _ = whole_days(now.date() - timedelta(days=35), None, now)
    whole = Coverage("", "channel", "youtube", "complete", "", midnight, now)
    scan_of(now - timedelta(days=5), whole)
    late, history = now - timedelta(days=1), home / "history.duckdb"
    asked = [replace(whole, since=since or whole.since, until=until or now, of_days=bool(since or until))]
    scan_of(now, *asked, *([replace(whole, source="page", outcome="skipped")] if part == "some sources" else []))
    assert made_up_for(history, late) == ""
    assert "5 days ago" in nights_missed_since(history, now)
    missed = next(one.sql for one in ready_questions() if one.name == "nights-without-a-scan")
    assert run_query(history, missed).rows == []
    with serving(home) as review:
        assert "The last nightly scan is missing" in review.visitor().get("/")
    tonight = scan_of(now, whole)
    missed_before = nights_missed_before(store.connection(), tonight, now)
    assert missed_before.startswith("The last scan of all sources that did not fail was 5 days ago")
    assert "was made up for" in made_up_for(history, late) and nights_missed_since(history, now) == ""
    assert [days for _, _, days in run_query(history, missed).rows] == [5.0]


@pytest.mark.parametrize(
    ("day", "hours", "utc"),
    [
        (date(2026, 10, 25), 25, "02:30"),  # 01:30 comes twice
        (date(2027, 3, 28), 23, "01:30"),  # 01:30 does not come
        (date(2028, 2, 29), 24, "02:30"),
    ],
)
def test_each_night_has_one_scan_and_each_day_all_its_hours(day: date, hours: int, utc: str) -> None:
    """On the nights when the clocks change a scan must come once, and `--since` and `--until` bound the whole day."""
    start, end = whole_days(day, day, datetime(2028, 3, 1, tzinfo=UTC))
    assert start and end and (end - start.astimezone(UTC)) == timedelta(hours=hours)
    assert '"30 2 * * *"' in deployments_file().read_text() and "Europe/London" in deployments_file().read_text()
    schedule = CronSchedule(cron="30 2 * * *", timezone="Europe/London")
    before = datetime(day.year, day.month, day.day, 12, tzinfo=LONDON) - timedelta(days=1)
    planned = [one.astimezone(UTC) for one in asyncio.run(schedule.get_dates(3, start=before))]
    assert [f"{one.astimezone(LONDON):%d}" for one in planned] == [
        f"{day + timedelta(days=number):%d}" for number in range(3)
    ]
    assert f"{planned[0]:%H:%M}" == utc


@pytest.mark.slow
@pytest.mark.parametrize("missed", [6, 20])
def test_nights_off_are_caught_up_without_gap_or_double(
    missed: int,
    store: Store,
    set_clock: SetClock,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A machine that was off for days must end with each comment that a machine which was on would show."""
    monkeypatch.setenv("ACTO_YOUTUBE_API_KEY", as_environment()["ACTO_YOUTUBE_API_KEY"])
    with sandbox_of_today() as sandbox:
        source = Source("channel", "youtube", {"channel_id": sandbox.channel}, sandbox.key, sandbox.base_url)
        today = datetime.now(UTC)
        for nights_ago in (missed + 1, 0):
            scan(store, source, sandbox, set_clock, today, nights_ago)
        shown = rows(store, "SELECT item_id, text FROM items WHERE state = 'present' ORDER BY ALL")
        times = rows(store, "SELECT count(*), count(DISTINCT item_id) FROM items")[0]
        assert times[0] == times[1]
        # As a machine sees it that has never been there before.
        with open_store(tmp_path_factory.mktemp("fresh")) as fresh:
            scan(fresh, source, sandbox, lambda _: None, today, 0)
            assert shown == rows(fresh, "SELECT item_id, text FROM items WHERE state = 'present' ORDER BY ALL")
    assert len(shown) > 150


def scan(store: Store, source: Source, sandbox: Sandbox, set_clock: SetClock, today: datetime, nights_ago: int) -> None:
    """Read the channel as it was so many nights ago, on that night."""
    sandbox.rewind(nights=nights_ago)
    set_clock(today - timedelta(days=nights_ago))
    now = store.now()
    reading = Reading.begin(store, start_run(store, "scan", now), source, Schedule(), now, None, None)
    reading.read(store)
    assert reading.finish(store, None).outcome == "complete", reading.coverage.reason
