"""Retention by [retention]: what was not flagged goes early, what a person needs stays, and nothing comes back for nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.item import Item, Media, Page, Rejected
from tests.sampling import IN_FULL
from tests.warehouse.conftest import rows
from tests.warehouse.sealed_history import damage
from tests.warehouse.sealed_history import flag as find
from warehouse.flags import decide
from warehouse.holds import hold, release
from warehouse.landing import land
from warehouse.outbox import FrozenMessage, FrozenReport, freeze, record_delivery, waiting
from warehouse.raw import read_page
from warehouse.rebuild import DONE
from warehouse.retention import Periods, Removed, apply_periods, apply_terms
from warehouse.runs import start_run
from warehouse.store import LIVE, Store, StoreError, open_store

NOW = datetime.now(UTC)
ALL = 1_000_000


def posted(own_id: str, text: str = "", **more: Any) -> Item:
    more = {"author_id": f"a{own_id}", "author_name": f"Name of {own_id}", "author_handle": f"handle{own_id}"} | more
    return Item("facebook", own_id, "comment", text or f"words of {own_id}", url=f"https://f.example/{own_id}", **more)


def show(store: Store, *items: Item, kind: str = "scan", **page: Any) -> str:
    run_id = start_run(store, kind, datetime.now(UTC))
    land(store, run_id, "page", Page(items=items, **page), None)
    return run_id


def flag(
    store: Store, own_id: str, flag_id: str, decision: str = "", days: int = 0, expires: int | None = None
) -> None:
    """A flag on the last version of an item; decided so many days from now."""
    with store.transaction() as connection:
        connection.execute(
            """INSERT INTO store.flag BY NAME
               SELECT $flag AS flag_id, item_key, max(revision_id) AS revision_id, max(revision) AS revision, 'c' AS check_id,
                   1 AS check_version, 'O1' AS clause, 'high' AS severity, 0.9 AS score, 'of' AS evidence, 6 AS start_char,
                   8 AS end_char, 'It asks for something.' AS reason, now() AS flagged_at
               FROM store.revision JOIN store.item USING (item_key) WHERE item_id = $item GROUP BY ALL""",
            {"flag": flag_id, "item": f"facebook:{own_id}"},
        )  # fmt: skip
    if decision:
        end = NOW + timedelta(days=expires) if expires else None
        decide(store, flag_id, decision, "so it is", "chair", NOW + timedelta(days=days), end)


def after(store: Store, days: float, *, judged: int = ALL, dry_run: bool = False) -> Removed:
    return apply_periods(store, "night", Periods(), judged, NOW + timedelta(days=days), dry_run=dry_run)


def left(store: Store) -> set[str]:
    """Whose words are there still."""
    found = rows(store, "SELECT DISTINCT item_id FROM revisions WHERE text <> ''")
    return {item_id.removeprefix("facebook:") for (item_id,) in found}


def on_disk(store: Store) -> str:
    return "".join(read_page(path, store.keys.raw).decode() for path in store.home.glob("raw/*/*/*"))


def test_what_was_not_flagged_goes_after_a_month_and_leaves_counters(store: Store) -> None:
    """Thousands of people who did nothing must not lie in a database for ever; what was there must still count."""
    seen = posted("1", media=[Media("image", "https://pictures.example/1", "a cat")], parent_text="a question")
    show(store, seen, rejected=[Rejected("It has no id.", b"private words")])
    show(store, replace(seen, text="words, edited"))
    with store.transaction() as connection:
        connection.execute("INSERT INTO store.near_miss SELECT revision_id, 0.7, 'r', now() FROM store.revision")
    assert after(store, 29) == Removed()
    told = after(store, 31, dry_run=True)
    assert left(store) == {"1"} and "words of 1" in on_disk(store), "a dry run changes nothing"
    done = after(store, 31)
    assert done == told and dict(done.items) == {"not flagged": 1} and done.entries == 1 and done.pages == 3
    assert rows(store, "SELECT author_id, author_name, author_handle, parent_text, url FROM store.item") == [
        (None,) * 5
    ]
    assert rows(store, "SELECT state, text, revision FROM items") == [("expired", "", 2)]
    assert rows(store, "SELECT count(DISTINCT content_hash), count(*) FROM revisions") == [(2, 2)]
    assert (
        rows(store, "SELECT count(*) FROM store.media") == rows(store, "SELECT count(*) FROM store.near_miss") == [(0,)]
    )
    assert rows(store, "SELECT raw FROM quarantine") == [(b"",)] and not list(store.home.glob("raw/*"))
    assert after(store, 32) == Removed(), "nothing is removed twice"


def test_what_landed_by_a_clock_that_was_ahead_is_not_kept_until_that_day(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One night with a wrong clock would keep the words of people who did nothing for ten years; nor does it go too early."""
    ahead = datetime(NOW.year + 10, 1, 1, tzinfo=UTC)

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return ahead

    with monkeypatch.context() as wrong:
        wrong.setattr("warehouse.store.datetime", Clock)
        wrong.setattr("warehouse.spool.datetime", Clock)
        run_id = start_run(store, "scan", store.now())
        seen = [posted("1"), replace(posted("1"), platform="linkedin")]
        land(store, run_id, "page", Page(items=seen, rejected=[Rejected("It has no id.", b"private words")]), None)
        with store.transaction() as connection:
            freeze(connection, FrozenReport("report", run_id, ahead, "Subject", "words", "words", [], [], []))
    for page in store.home.glob("raw/*/*/*"):
        os.utime(page, (ahead.timestamp(), ahead.timestamp()))
    store._latest = NOW
    unknown = after(store, 400, dry_run=True)
    assert (dict(unknown.items), unknown.entries, unknown.reports) == ({}, 0, 0), "nobody can tell yet how old it is"
    start_run(store, "scan", NOW)
    apply_terms(store, "night", {"page": "linkedin"}, NOW + timedelta(hours=47))
    assert left(store) == {"1", "linkedin:1"} and on_disk(store)
    apply_terms(store, "night", {"page": "linkedin"}, NOW + timedelta(hours=49))
    assert left(store) == {"1"}
    assert after(store, 29) == Removed()
    done = after(store, 31)
    assert (done.items["not flagged"], done.reports) == (2, 0) and left(store) == set()
    assert rows(store, "SELECT raw FROM quarantine") == [(b"",)] and not on_disk(store)
    assert after(store, 364).reports == 0 and after(store, 366).reports == 1


def test_of_what_the_terms_have_emptied_ids_and_links_go_too(store: Store) -> None:
    """Who did nothing must not be kept by the id of an account for ever, because the platform's terms were faster."""
    shown = [replace(posted(own_id), platform="linkedin") for own_id in ("1", "2")]
    find(store, show(store, *shown), "linkedin:2", 0)
    apply_terms(store, "night", {"page": "linkedin"}, NOW + timedelta(days=3))
    links = "SELECT item_id, author_id, url FROM store.item ORDER BY 1"
    flagged = ("linkedin:2", "a2", "https://f.example/2")
    assert rows(store, links) == [("linkedin:1", "a1", "https://f.example/1"), flagged]
    assert dict(after(store, 29).items) == {} and dict(after(store, 31).items) == {"not flagged": 1}
    assert rows(store, links) == [("linkedin:1", None, None), flagged]
    assert rows(store, "SELECT count(*) FROM store.state WHERE state = 'expired'") == [(2,)], "it was emptied once"
    assert after(store, 32) == Removed() and damage(store) == []
    show(store, shown[0])
    assert left(store) == set(), "its time is over"
    assert rows(store, links) == [("linkedin:1", None, None), flagged]


@pytest.mark.parametrize("rule", ["period", "terms"])
def test_what_somebody_has_altered_is_damage_still_when_it_has_been_emptied(store: Store, rule: str) -> None:
    """Else whoever puts words into a client's mouth, or softens a flag, would only have to wait for the next removal."""
    run_id = show(store, *[replace(posted(own_id), platform="linkedin") for own_id in ("altered", "flag", "whole")])
    show(store, rejected=[Rejected("It has no id.", b"private words")])
    find(store, run_id, "linkedin:flag", 0)
    with store.transaction() as connection:
        (withdrawn,) = connection.execute("SELECT flag_id FROM store.flag").fetchall()[0]
        connection.execute("INSERT INTO store.flag_standing VALUES (?, false, 1, 'r', now())", [withdrawn])
        connection.execute("UPDATE store.revision SET text = 'put in' WHERE text = 'words of altered'")
        connection.execute("UPDATE store.flag SET severity = 'low'")
        connection.execute("UPDATE store.quarantine SET raw = 'public words'::BLOB")
    before = {one.where for one in damage(store)}
    if rule == "period":
        assert dict(after(store, 31).items) == {"not flagged": 3}
    else:
        removed = apply_terms(store, "night", {"page": "linkedin"}, NOW + timedelta(days=3))["linkedin"]
        assert removed.items.total() == 3
    assert left(store) == set() and rows(store, "SELECT DISTINCT raw FROM quarantine") == [(b"",)]
    assert len(before) == 3 and {one.where for one in damage(store)} == before


def test_the_same_words_do_not_come_back_and_an_edit_does(store: Store) -> None:
    """What stands on the page is read again each night: it must not be kept again for that, nor an edit be missed."""
    seen = posted("1")
    show(store, seen, posted("2"))
    after(store, 31)
    show(store, seen, posted("2"), posted("3"))
    assert left(store) == {"3"} and rows(store, "SELECT state FROM items ORDER BY item_id LIMIT 1") == [("expired",)]
    assert damage(store) == [], "nor does it look like tampering"
    assert "words of 1" not in on_disk(store) and "words of 3" in on_disk(store), "not in the raw pages either"
    names = "SELECT DISTINCT author_id, author_name, author_handle, url FROM store.item WHERE item_id <> 'facebook:3'"
    assert rows(store, names) == [(None,) * 4], "nor do the names of who did nothing"
    show(store, replace(seen, text="now something else", hidden=True), posted("2", hidden=True))
    assert rows(store, "SELECT text, author_name, revision FROM items WHERE item_id = 'facebook:1'") == [
        ("now something else", "Name of 1", 2)
    ]
    assert left(store) == {"1", "3"}
    assert dict(after(store, 62).items) == {"not flagged": 2}


def test_an_answer_brings_back_what_it_answers_and_keeps_it(store: Store) -> None:
    """Nobody can judge "yes, please do" without what it answers."""
    show(store, posted("1"), posted("2"), posted("4"))
    with store.transaction() as connection:
        connection.execute("UPDATE store.revision SET seen_at = seen_at - to_days(35)")
    show(store, posted("5", "Yes", parent_id="4"))
    after(store, 0)
    assert left(store) == {"4", "5"}, "what has been answered lately stays"
    show(store, posted("1"), posted("2"), posted("3", "Yes", parent_id="1"))
    assert left(store) == {"1", "3", "4", "5"}
    assert rows(store, "SELECT state FROM items WHERE item_id IN ('facebook:1', 'facebook:2') ORDER BY item_id") == [
        ("present",), ("expired",)
    ]  # fmt: skip


def test_what_is_flagged_stays_with_what_it_answers_until_its_time_is_over(store: Store) -> None:
    """The Chair must find what is to be decided, and for a year what was; a dismissal is over sooner."""
    show(
        store,
        posted("question"),
        posted("open", parent_id="question"),
        *map(posted, ("asked", "resolved", "dismissed")),
    )
    show(store, *map(posted, ("withdrawn", "reopens", "nothing")))
    flag(store, "open", "f1")
    flag(store, "asked", "f2", "removal_asked")
    flag(store, "resolved", "f3", "resolved", days=2)
    flag(store, "dismissed", "f4", "dismissed", days=2)
    flag(store, "reopens", "f5", "dismissed", expires=200)
    flag(store, "withdrawn", "f6")
    with store.transaction() as connection:
        connection.execute("INSERT INTO store.flag_standing VALUES ('f6', false, 1, 'r', now())")
    kept = {"question", "open", "asked", "resolved", "dismissed", "reopens"}
    assert dict(after(store, 31).items) == {"not flagged": 2} and left(store) == kept
    assert dict(after(store, 91).items) == {} and dict(after(store, 93).items) == {"dismissed": 1}
    assert dict(after(store, 366).items) == {"dismissed": 1}, "kept until the dismissal ends, for it opens again"
    assert dict(after(store, 368).items) == {"closed": 1} and left(store) == {"question", "open", "asked"}
    assert rows(store, "SELECT evidence, reason FROM flags WHERE flag_id = 'f3'") == [("", "It asks for something.")]
    assert rows(store, "SELECT reason FROM decisions WHERE flag_id = 'f3'") == [("so it is",)]


def test_nothing_goes_before_it_was_judged(store: Store) -> None:
    """A scorer that is broken for a month must not cost the month."""
    show(store, posted("1"))
    show(store, posted("2"))
    done = after(store, 31, judged=1)
    assert left(store) == {"2"} and dict(done.kept_over) == {"not judged": 1}


def test_a_hold_keeps_an_item_until_it_is_released(store: Store) -> None:
    """What a complaint or a court asks for must not be swept away, also when nobody has looked at the hold in time."""
    show(store, posted("question"), posted("1", parent_id="question"), posted("2"))
    flag(store, "1", "f1")
    with store.transaction() as connection:
        connection.execute("INSERT INTO store.flag_standing VALUES ('f1', false, 1, 'r', now())")
    assert hold(store, "f1", "A complaint", date(2020, 1, 1), "chair", NOW).item_id == "facebook:1"
    done = after(store, 400)
    assert left(store) == {"question", "1"} and dict(done.kept_over) == {"held": 2}
    assert rows(store, "SELECT item_id, reason, held_by FROM store.holds") == [("facebook:1", "A complaint", "chair")]
    release(store, "facebook:1", "It is settled", "chair", NOW)
    assert rows(store, "FROM store.holds") == [] and dict(after(store, 400).items) == {"not flagged": 2}
    for item in ("facebook:1", "facebook:none"):
        with pytest.raises(StoreError):
            hold(store, item, "A complaint", date(2027, 1, 1), "chair", NOW)
    with pytest.raises(StoreError, match="is not held"):
        release(store, "facebook:2", "why", "chair", NOW)


def test_reports_go_at_the_latest_with_what_was_closed_and_one_that_waits_tells_again(store: Store) -> None:
    """A copy in the outbox would outlive the rule; a report that nobody got must not swallow its flags."""
    show(store, posted("1"))
    flag(store, "1", "f1")
    for number in range(2):
        with store.transaction() as connection:
            message = FrozenMessage("chair@acto.example", f"<{number}>", b"words of 1")
            report = FrozenReport(
                f"report-{number}", f"run-{number}", NOW, "Subject", "words of 1", "words of 1", ["f1"], [message], []
            )
            freeze(connection, report)
    record_delivery(store, "report-0", "chair@acto.example", "sent", "", NOW)
    files = [
        "outbox/report-0.eml",
        "outbox/report-0-2.eml",
        "outbox/report-0.html",
        "reports/run-0.html",
        "reports/run-0.txt",
    ]
    for name in [*files, "outbox/report-2.html"]:
        (store.home / name).parent.mkdir(exist_ok=True)
        (store.home / name).write_text("words of 1")
    assert after(store, 364).reports == 0 and after(store, 366).reports == 2
    assert (
        not [name for name in files if (store.home / name).exists()] and (store.home / "outbox/report-2.html").exists()
    )
    assert waiting(store) == []
    assert rows(store, "SELECT count(*) FROM store.message WHERE body <> ''::BLOB") == [(0,)]
    bodies = rows(
        store, "SELECT DISTINCT html LIKE '%may not be kept%' AND plain LIKE '%may not be kept%' FROM store.report"
    )
    assert bodies == [(True,)]
    assert rows(store, "SELECT report_id, status FROM reports ORDER BY 1") == [
        ("report-0", "sent"),
        ("report-1", "failed"),
    ]


@pytest.mark.parametrize("what", ["an item", "an entry of the quarantine"])
def test_the_bytes_of_what_was_removed_go_when_a_week_is_over(home: Path, what: str) -> None:
    """A quiet month after a removal must not leave the words that are said to be gone to whoever finds the disk."""
    words = "private words that nobody else would write"
    (home / "acto.toml").write_text("[encryption]\nat_rest = false\n")
    live, rebuilt = home / "warehouse" / LIVE, home / "warehouse" / DONE
    with open_store(home) as store:
        store.connection().execute("PRAGMA force_compression = 'uncompressed'")
        if what == "an item":
            show(store, posted("1", words))
        else:
            show(store, rejected=[Rejected("It has no id.", words.encode())])
        store.checkpoint()
        rebuilt.touch()
        os.utime(rebuilt, ((NOW + timedelta(days=30)).timestamp(),) * 2)
        assert after(store, 31).pages == 1
    os.utime(rebuilt, ((NOW - timedelta(days=6)).timestamp(),) * 2)
    with open_store(home):
        assert words.encode() in live.read_bytes(), "it is not written anew each night"
    os.utime(rebuilt, ((NOW - timedelta(days=8)).timestamp(),) * 2)
    for _ in range(2):
        with open_store(home):
            assert words.encode() not in live.read_bytes()
    assert not list(home.glob("warehouse/rebuild.*")), "once"


# Stops dead at the n-th step of removing: each file, each statement.
CHILD = """
import os, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from warehouse import retention, raw, frozen
from warehouse.store import open_store
steps = int(sys.argv[2])
def stopping(function):
    def step(*arguments, **more):
        global steps
        steps -= 1
        if steps < 0:
            os.kill(os.getpid(), 9)
        return function(*arguments, **more)
    return step
retention.statement = stopping(retention.statement)
Path.unlink = stopping(Path.unlink)
with open_store(Path(sys.argv[1])) as store:
    retention.apply_periods(store, "night", retention.Periods(), 9, datetime.now(UTC) + timedelta(days=31))
print(steps)
"""


@pytest.mark.slow
def test_killed_at_any_step_it_is_finished_the_next_time(home: Path) -> None:
    """A power cut must leave neither words in a file that no table knows, nor a count of what was not removed."""
    with open_store(home) as store:
        show(store, posted("1"), rejected=[Rejected("It has no id.", b"private words")])
        show(store, posted("2"))
    every = range(0, 12) if IN_FULL else (1, 4, 5)
    for step in every:
        child = subprocess.run([sys.executable, "-c", CHILD, str(home), str(step)], check=False, capture_output=True)
        if step in (1, 4, 5):
            assert child.returncode == -9, child.stderr
    with open_store(home) as store:
        after(store, 31)
        assert left(store) == set() and on_disk(store) == ""
        assert rows(store, "SELECT count(*) FROM store.removed WHERE what = 'item'") == [(2,)]
        assert rows(store, "SELECT raw FROM quarantine") == [(b"",)]
