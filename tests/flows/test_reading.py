"""One source in one run: what a reading leaves for the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from prefect.states import Failed

from connectors.errors import PassOver, Refused, Transient, Unanswered
from connectors.item import Item, Page
from connectors.source import Source, Window
from flows import reading
from flows.reading import Reading
from flows.reading_sources import worth_another_try
from warehouse.landing import position
from warehouse.runs import record_coverage, start_run
from warehouse.schedule import Schedule
from warehouse.store import Store

NOW = datetime.now(UTC)
Read = Callable[..., Window]
ENDS = "The token expires in 6 days: renew it."


@pytest.fixture
def night(store: Store, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Read these pages of a feed `days` from now, to the end or until it `breaks`; what the connector was asked for."""

    def read(*pages: Page, days: int = 0, breaks: bool = False, since: datetime | None = None) -> Window:
        asked: list[Window] = []

        def reader(_source: Any, window: Window, _http: Any) -> Iterator[Page]:
            asked.append(window)
            yield from pages
            if breaks:
                raise Transient("It broke off.")

        monkeypatch.setattr(reading, "connect", lambda *_, **__: SimpleNamespace(requests=1, close=lambda: None))
        monkeypatch.setattr(reading, "reader", lambda _platform: reader)
        now = NOW + timedelta(days=days)
        run_id = start_run(store, "scan", now)
        feed = Source("f", "feed", {"url": "u"})
        one = Reading.begin(store, run_id, feed, Schedule(), now, since, None, remarks=(ENDS,))
        error = None
        try:
            one.read(store)
        except Transient as trouble:
            error = trouble
        record_coverage(store, one.finish(store, error))
        return asked[0]

    return read


def test_days_that_the_user_asked_for_change_nothing_for_the_nights(store: Store, night: Read) -> None:
    """On X the next night would list, and pay for, everything again, had it lost what was the newest."""
    post = Item("feed", "1", "post", "a")
    night(Page(items=[post], bookmark={"newest": "1"}))
    night(Page(items=[post], resume={"at": 2}), days=1, breaks=True)
    before = position(store, "f")
    night(Page(items=[post], resume={"at": 9}, bookmark={"newest": "9"}), days=1, since=NOW - timedelta(days=2))
    assert position(store, "f") == before
    window = night(Page(), days=2)
    assert (dict(window.resume or {}), dict(window.bookmark or {})) == ({"at": 2}, {"newest": "1"})


def test_a_pass_that_ended_with_a_gap_is_begun_anew(night: Read) -> None:
    """Gone on with in its middle, it would not read what is new."""
    night(Page(gaps=["a"], resume={"at": 2}), Page(gaps=["b"], resume={"at": 3}), Page(gaps=["c"]))
    assert night(Page(), days=1).resume is None


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (PassOver("No calls left."), False),
        (Transient("Busy."), True),
        (Unanswered("Silence."), True),
        (Refused("No."), False),
    ],
)
def test_a_source_that_gives_nothing_more_tonight_is_left_alone(error: Exception, again: bool) -> None:
    """A platform that has closed its door for the hour, asked again in five seconds, closes it for longer."""
    assert worth_another_try(None, None, Failed(data=error)) is again


def test_what_somebody_must_do_comes_before_what_is_only_missing(store: Store, night: Read) -> None:
    """A report shows the beginning of a long reason: that a token ends soon must be in it."""
    night(Page(gaps=[f"Thread {number} could not be read." for number in range(40)], resume={"at": 1}), breaks=True)
    ((reason,),) = store.connection().execute("SELECT reason FROM store.coverage").fetchall()
    assert reason.startswith(f"It broke off. {ENDS} Thread 0 could not be read. Thread 1")
