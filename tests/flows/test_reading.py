"""One source in one run: what a reading leaves for the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from errno import ENOSPC
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from prefect.states import Failed

from connectors.errors import PassOver, Refused, SourceError, Transient, Unanswered
from connectors.item import Item, Listed, Page
from connectors.source import Source, Window
from flows import reading
from flows.config import load_config
from flows.reading import Reading
from flows.reading_sources import read_sources, worth_another_try
from warehouse.landing import land, position
from warehouse.runs import record_coverage, start_run
from warehouse.schedule import Schedule
from warehouse.store import Store

NOW = datetime.now(UTC)
Read = Callable[..., Window]
ENDS = "The token expires in 6 days: renew it."
FEED = Source("f", "feed", {"url": "u"})


@pytest.fixture
def night(store: Store, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Read these pages of a source `days` from now, to the end or until it `breaks`; what the connector was asked for.

    `anew` are the pages of a second pass in the same run. A `full` disk takes the first page only.
    """

    def read(
        *pages: Page,
        days: int = 0,
        breaks: bool = False,
        full: bool = False,
        since: datetime | None = None,
        source: Source = FEED,
        anew: Sequence[Page] = (),
    ) -> Window:
        asked: list[Window] = []

        def reader(_source: Any, window: Window, _http: Any) -> Iterator[Page]:
            asked.append(window)
            yield from pages if len(asked) == 1 else anew
            if breaks:
                raise Transient("It broke off.")

        monkeypatch.setattr(reading, "connect", lambda *_, **__: SimpleNamespace(requests=1, close=lambda: None))
        monkeypatch.setattr(reading, "reader", lambda _platform: reader)

        def landing(*asked_of: Any) -> Any:
            if full and one.pages:
                raise OSError(ENOSPC, "No space left on device")
            return land(*asked_of)

        monkeypatch.setattr(reading, "land", landing)
        now = datetime.now(UTC) + timedelta(days=days)
        run_id = start_run(store, "scan", now)
        one = Reading.begin(store, run_id, source, Schedule(), now, since, None, remarks=(ENDS,))
        error: SourceError | None = None
        try:
            one.read(store)
        except Transient as trouble:
            error = trouble
        except OSError:
            error = SourceError("The disk is full.")
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


def test_a_scan_of_some_days_says_so_of_itself(
    store: Store, night: Read, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken for a night's own it would be the all-clear for what it was never to read, also where it could read nothing."""
    night(Page(), days=-1)
    night(Page(), since=NOW - timedelta(days=2))
    (home / "acto.toml").write_text('[sources.x]\nplatform = "facebook"\npage_id = "1"\n', encoding="utf-8")
    # A key that cannot be had: the source is not even begun with.
    monkeypatch.setenv("ACTO_FACEBOOK_TOKEN_FILE", str(home / "not there"))
    progress = SimpleNamespace(settled=lambda _coverage: None)
    for since, until in ((None, None), (NOW, None), (None, NOW)):
        run_id = start_run(store, "scan", NOW)
        read_sources(store, run_id, load_config(home), [], NOW, since, until, progress)  # type: ignore[arg-type]
    told = store.connection().execute("SELECT outcome, of_days FROM store.coverage ORDER BY rowid").fetchall()
    unread = [("unread", False), ("unread", True), ("unread", True)]
    assert told == [("complete", False), ("complete", True), *unread]


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


def posts(*names: str, **said: Any) -> Page:
    return Page(items=[Item("feed", name, "post", f"Post {name}") for name in names], **said)


def last_coverage(store: Store) -> tuple[Any, ...]:
    (told,) = (
        store.connection()
        .execute("SELECT outcome, items_gone, until, reason FROM store.coverage ORDER BY rowid DESC LIMIT 1")
        .fetchall()
    )
    return tuple(told)


def gone(store: Store) -> list[str]:
    return [
        name for (name,) in store.connection().execute("SELECT item_id FROM items WHERE state = 'absent'").fetchall()
    ]


def test_a_page_that_could_not_be_landed_tells_of_no_deletion(store: Store, night: Read) -> None:
    """On the night on which the disk is full the report would call the rest of the list deleted."""
    whole = [Listed(("post",))]
    night(posts("1", "2", "3", "4", "5", listed=whole), days=-1)
    night(posts("1", resume={"at": 2}), posts("2", "3", "4", "5", listed=whole), full=True)
    outcome, items_gone, *_ = last_coverage(store)
    assert (outcome, items_gone, gone(store)) == ("partial", 0, [])
    assert (position(store, "f") or {})["resume"] == {"at": 2}


def test_the_night_that_ends_an_interrupted_pass_reads_what_came_since(store: Store, night: Read) -> None:
    """Said to be complete, it would have left out a complaint of yesterday, and nobody would look for it."""
    night(posts("1", "2", resume={"at": 2}), days=-1, breaks=True)
    new = posts("4", "3", "1", listed=[Listed(("post",))], bookmark={"newest": "4"})
    assert night(posts("3", listed=[Listed(("post",))], bookmark={"newest": "2"}), anew=[new]).resume == {"at": 2}
    ((landed,),) = store.connection().execute("SELECT count(*) FROM items WHERE item_id = 'feed:4'").fetchall()
    outcome, items_gone, until, _ = last_coverage(store)
    assert (landed, outcome, items_gone, gone(store)) == (1, "complete", 1, ["feed:2"])
    left = position(store, "f") or {}
    assert (left["resume"], left["bookmark"], left["started_at"]) == (
        None,
        {"newest": "4"},
        until.astimezone(UTC).isoformat(),
    )


def test_what_came_while_a_paid_reading_took_nights_is_told_to_be_missing(store: Store, night: Read) -> None:
    """X bills what is read: a second pass in the same night would go over the ceiling that the user has set."""
    account = Source("f", "x", {"user_id": "1", "username": "acto"})
    night(posts("1", resume={"at": 2}), days=-1, breaks=True, source=account)
    begun = last_coverage(store)[2]
    night(posts("2", bookmark={"newest": "2"}), source=account, anew=[posts("3")])
    outcome, _, until, reason = last_coverage(store)
    assert (outcome, until) == ("partial", begun) and "is read by the next scan" in reason
    window = night(posts("3"), source=account)
    assert (window.resume, dict(window.bookmark or {}), last_coverage(store)[0]) == (None, {"newest": "2"}, "complete")


def test_another_account_is_not_read_under_the_name_of_the_first(
    home: Path, store: Store, night: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All posts of the one would be told as deleted, and on X those of the other never be listed."""
    monkeypatch.setenv("ACTO_X_BEARER_TOKEN", "a-token-of-the-app")
    night(posts("1"), days=-1, source=Source("acto", "x", {"user_id": "1", "username": "acto"}))
    before = position(store, "acto")

    def reading_of(user_id: str) -> str:
        text = f'[sources.acto]\nplatform = "x"\nuser_id = "{user_id}"\nusername = "acto_org"\nbase_url = "http://127.0.0.1:9"\n'
        (home / "acto.toml").write_text(text, encoding="utf-8")
        run_id = start_run(store, "scan", store.now())
        progress: Any = SimpleNamespace(settled=lambda _: None)
        (told,) = read_sources(store, run_id, load_config(home), [], store.now(), None, None, progress)
        assert (told.outcome, told.requests, told.items_gone) == ("unread", 0, 0)
        return told.reason

    assert "has another user_id" in reading_of("2") and "[sources.acto_2]" in reading_of("2")
    assert position(store, "acto") == before
    renamed = Source("acto", "x", {"user_id": "1", "username": "acto_org"})
    assert reading.why_another_place(store, renamed) is None
