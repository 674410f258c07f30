"""What the page looks up in another way than the views do, because those would work out the whole history for each page."""

from __future__ import annotations

import asyncio
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.missed_nights import made_up_for, nights_missed_since
from flows.ready_questions import ready_question
from flows.report_words import moment
from flows.review.history import History
from flows.review.problems import Problem
from flows.review.serving import listen
from tests.conftest import Acto
from tests.flows.night import NOW, RUN, Night
from tests.flows.review.desk import serving
from warehouse.query import run_query
from warehouse.snapshot import publish
from warehouse.store import open_store


@pytest.fixture
def keys(home: Path) -> dict[str, int]:
    """A published history in which everything that an item can be occurs; the items' keys by their ids."""
    with open_store(home) as store:
        night = Night(store)
        night.insert("run_started", run_id=RUN, kind="scan", started_at=NOW)
        night.insert("run_started", run_id="imported", kind="import", started_at=NOW)
        start = night.item("start", "What begins a thread")
        member = night.item("member", "An answer", role="member", parent_id=start, thread_id=start)
        night.edit(member, "An answer that was edited")
        night.item("other", "Another answer", parent_id=start, thread_id=start, author_handle="@MEMBER")
        night.item("deep", "An answer to an answer", parent_id=member, thread_id=start)
        night.item("apart", "Neither answers nor is answered")
        night.insert("handle", platform="yelp", handle="only", role="member", member_id="7", imports_only=True)
        night.insert("handle", platform="yelp", handle="acto uk", role="official", member_id=None, imports_only=False)
        night.item("read", "By a handle for imports alone", platform="yelp", author_handle="@only")
        night.item("brought", "The same in an import", platform="yelp", author_handle="@only")
        night.item(
            "owner", "Thank you", platform="yelp", kind="review_reply", author_name="ACTO UK", author_handle=None
        )
        night.item("named", "A name proves nothing", platform="yelp", author_name="ACTO UK", author_handle=None)
        connection = store.connection()
        connection.execute(
            "UPDATE store.item SET run_id = 'imported', parent_text = 'Asked' WHERE item_id = 'yelp:brought'"
        )
        connection.execute("UPDATE store.revision SET rating = 4 WHERE item_key = ?", [night.keys["yelp:brought"]])
        for state, reason in (("absent", "missing"), ("deleted", None)):
            night.insert("state", item_key=night.keys[member], state=state, reason=reason, run_id=RUN, recorded_at=NOW)
        publish(store)
    return night.keys


def test_an_item_is_as_in_the_view_of_items(home: Path, keys: dict[str, int]) -> None:
    """Otherwise the flag page would call a member a member of the public, or show a text that is no longer the newest."""
    history = History(home)
    with history.open() as reading:
        connection = reading._connection
        for item_id, key in keys.items():
            shown = reading.rows("item", item_key=key)
            assert len(shown) == 1, item_id
            parent_text = shown[0].pop("parent_text")
            assert parent_text == ("Asked" if item_id == "yelp:brought" else None)
            columns = ", ".join(shown[0])
            [row] = connection.execute(f"SELECT {columns} FROM items WHERE item_id = ?", [item_id]).fetchall()
            assert tuple(shown[0].values()) == row
        roles = {item_id: reading.rows("item", item_key=key)[0]["author_role"] for item_id, key in keys.items()}
    history.close()
    assert {name: role for name, role in roles.items() if role != "public"} == {
        "youtube:member": "member", "youtube:other": "member", "yelp:brought": "member", "yelp:owner": "official",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("native", "near"),
    [
        ("member", ["start", "deep", "member", "other"]),
        ("start", ["member", "other", "start"]),
        ("deep", ["start", "member", "deep"]),
        # What answers nothing does not belong to everything else that answers nothing.
        ("apart", ["apart"]),
    ],
)
def test_a_thread_is_what_belongs_together(home: Path, keys: dict[str, int], native: str, near: list[str]) -> None:
    """Otherwise the Chair would judge a remark without what it answers, or beside what has nothing to do with it."""
    history = History(home)
    with history.open() as reading:
        item = reading.rows("item", item_key=keys[f"youtube:{native}"])[0]
        asked = {name: item[name] for name in ("item_id", "parent_id", "thread_id", "created_at")}
        thread = reading.rows("thread", **asked)
    history.close()
    assert sorted(row["item_id"] for row in thread) == sorted(f"youtube:{name}" for name in near)
    assert [row["item_id"] for row in thread if row["is_parent"]] == ([item["parent_id"]] if item["parent_id"] else [])


def test_what_could_not_be_checked_is_said_on_the_page_of_a_flag_of_the_item(home: Path) -> None:
    """The edit that took the words away may have put something worse in their place."""
    with open_store(home) as store:
        night = Night(store)
        edited = night.item("edited", "Add me on my private Insta", at=NOW)
        flag = night.flag(edited, "Add me on my private Insta", at=NOW)
        night.edit(edited, "07700 900123", at=NOW)
        fine = night.flag(night.item("fine", "Add me on my private Insta", at=NOW), "Add me", at=NOW)
        connection = store.connection()
        connection.execute("UPDATE store.check_version SET check_id = 'o1_online_relationship'")
        for version, (after, up_to) in ((1, (0, 1)), (None, (1, 2)), (1, (2, 3))):
            night.insert(
                "judged", check_id="o1_online_relationship", version=version, after_id=after, up_to=up_to, run_id=RUN,
                recorded_at=NOW,
            )  # fmt: skip
        publish(store)
    with serving(home) as review:
        visitor = review.visitor()
        said = "Could not be checked: 1 check could not judge its newest text whole"
        assert said in visitor.get(f"/flags/{flag}") and "The next run tries again." in visitor.get(f"/flags/{flag}")
        assert "hecked" not in visitor.get(f"/flags/{fine}").split('id="found"')[1].split("<dl")[0]


def test_what_is_hidden_is_not_said_to_be_removed(home: Path) -> None:
    """The page and the mail say the same of it."""
    with open_store(home) as store:
        night = Night(store)
        reasons = ("hidden", "access lost", "author removed")
        flags = [night.flag(night.item(why, "Add me", at=NOW), "Add me", at=NOW) for why in reasons]
        for key, why in enumerate(reasons, start=1):
            night.insert("state", item_key=key, state="deleted", reason=why, run_id=RUN, recorded_at=NOW)
        publish(store)
    with serving(home) as review:
        hidden, lost, removed = map(review.visitor().get, (f"/flags/{flag}" for flag in flags))
    assert "<dd>Hidden on YouTube, not deleted.</dd>" in hidden
    assert "<dd>We can no longer see it on YouTube.</dd>" in lost
    assert "has been removed. More exactly: by whoever wrote it." in removed


def test_why_a_flag_is_no_longer_found_is_said_as_in_the_terminal(home: Path, acto: Acto) -> None:
    """Who is told that a check has changed, and has only entered a permission, looks for a fault where there is none."""
    with open_store(home) as store:
        night = Night(store)
        permitted = night.flag(night.item("one", "Add me on my private Insta"), "Add me")
        changed = night.flag(night.item("two", "Add me on my private Insta"), "Add me")
        for flag, found, version, run in (
            (permitted, False, 1, "allowed"), (permitted, True, 1, "taken back"), (permitted, False, 1, "allowed again"),
            (changed, False, 2, "later"),
        ):  # fmt: skip
            night.insert("flag_standing", flag_id=flag, found=found, check_version=version, run_id=run, recorded_at=NOW)
        for run in ("allowed", "taken back"):
            night.insert("person", check_id="o1_check", member_id="M1", run_id=run, recorded_at=NOW)
        publish(store)
    register = "the register of permissions or the roster has changed"
    with serving(home) as review:
        visitor = review.visitor()
        first, second = (" ".join(visitor.get(f"/flags/{flag}").split()) for flag in (permitted, changed))
    events = first.split('id="happened"')[1]
    for flag, item, said in (
        (permitted, "one", f"o longer found: {register}, and clears it"),
        (permitted, "one", f"ound again: {register}, and clears it no longer"),
        (permitted, "one", "o longer found when its text was judged again"),
        (changed, "two", "o longer found by version 2 of its check"),
    ):
        assert f"{said}</strong>" in (events if flag == permitted else second)
        assert said in " ".join(acto("item", f"youtube:{item}").stdout.split())
    assert "<p>No longer found when its text was judged again. Nothing needs to be decided.</p>" in first
    assert "<p>No longer found by version 2 of its check. Nothing needs to be decided.</p>" in second
    assert "Judged by version" not in first + second


def test_what_is_known_of_a_published_history_ends_with_it(home: Path, keys: dict[str, int]) -> None:
    """Otherwise the page would go on telling of the scan before the last one."""
    history, seen = History(home), []

    def last_scan() -> list[dict[str, Any]]:
        with history.open() as reading:
            return reading.published("last_scan")

    assert last_scan() == []
    for number in (1, 2):
        with open_store(home) as store:
            at = datetime.now(UTC) + timedelta(minutes=number)
            night = Night(store)
            night.insert("run_started", run_id=f"scan{number}", kind="scan", started_at=at)
            night.insert("run_ended", run_id=f"scan{number}", ended_at=at, outcome="complete", note="")
            night.insert("coverage", run_id=f"scan{number}", source="page", outcome="complete", items_seen=number)
            publish(store)
        seen.append([row["items_seen"] for row in last_scan()])
    history.close()
    assert seen == [[1], [2]]


def test_a_scan_of_one_source_is_not_told_as_one_of_all(home: Path) -> None:
    """What was not asked for is not checked, and the night that is missing still is."""
    now = datetime.now(UTC)
    with open_store(home) as store:
        night = Night(store)
        for run_id, at, other in (("all", now - timedelta(days=3), "complete"), ("one", now, "skipped")):
            night.insert("run_started", run_id=run_id, kind="scan", started_at=at)
            night.insert("run_ended", run_id=run_id, ended_at=at, outcome="complete", note="")
            night.insert("coverage", run_id=run_id, source="page", outcome="complete", items_seen=12)
            night.insert("coverage", run_id=run_id, source="reviews", outcome=other, items_seen=0)
        publish(store)
    with serving(home) as review:
        page = " ".join(review.visitor().get("/").split())
    assert "It saw 12 posts from 1 source, and read it in full. It was not asked to read reviews." in page
    assert "The last nightly scan is missing" in page


@pytest.mark.parametrize(
    ("outcome", "note", "coverage", "said"),
    [
        ("complete", "", {}, "and read it in full."),
        ("partial", "", {}, "It could not judge all of it:</strong> a check could not run."),
        (
            "failed",
            "Checking failed (MemoryError).",
            {},
            "It could not be finished.</strong> Checking failed (MemoryError).",
        ),
        ("complete", "", {"quarantined": 3}, "3 entries could not be read</strong> and went to quarantine"),
        (
            "complete",
            "",
            {"since": datetime(2026, 11, 1, tzinfo=UTC), "of_days": True},
            "It was asked only for what was begun on certain days.",
        ),
    ],
)
def test_a_night_that_the_mail_calls_incomplete_is_not_told_as_read_in_full(
    home: Path, outcome: str, note: str, coverage: dict[str, Any], said: str
) -> None:
    """Under "There is no open flag" it would be the all-clear that the mail of that night refuses."""
    now = datetime.now(UTC)
    with open_store(home) as store:
        night = Night(store)
        night.insert("run_started", run_id="night", kind="scan", started_at=now)
        night.insert("run_ended", run_id="night", ended_at=now, outcome=outcome, note=note)
        night.insert(
            "coverage", run_id="night", source="page", outcome="complete", items_seen=412, until=now, **coverage
        )
        publish(store)
    with serving(home) as review:
        page = " ".join(review.visitor().get("/").split())
    assert "It saw 412 posts from 1 source" in page and said in page
    assert ("and read it in full" in page) == (outcome == "complete" and not coverage.get("quarantined"))


def test_a_scan_of_some_days_is_told_as_no_night(home: Path) -> None:
    """Somebody reads a week of November again: a full square for it would hide that the source has failed since May."""
    now = datetime.now(UTC)
    with open_store(home) as store:
        night = Night(store)
        for run_id, days_ago, outcome in (("whole", 200, "complete"), ("broken", 1, "unread"), ("days", 0, "complete")):
            at = now - timedelta(days=days_ago)
            night.insert("run_started", run_id=run_id, kind="scan", started_at=at)
            night.insert("run_ended", run_id=run_id, ended_at=at, outcome="complete", note="")
            night.insert(
                "coverage", run_id=run_id, source="page", platform="facebook", outcome=outcome, items_seen=12, items_new=0,
                items_edited=0, items_gone=0, quarantined=0, of_days=run_id == "days",
            )  # fmt: skip
        publish(store)
    with serving(home) as review:
        page = " ".join(review.visitor().get("/coverage").split())
    assert (
        "The last 2 scans, the newest on the right; those that were asked for certain days only are left out." in page
    )
    assert f"It was last read in full {moment(now - timedelta(days=200))}." in page
    asked = run_query(home / "history.duckdb", ready_question("coverage-by-source").sql)
    told = dict(zip(asked.columns, asked.rows[0], strict=True))
    assert (told["reads"], told["complete"], told["last_complete"]) == (2, 1, now - timedelta(days=200))


def test_a_history_from_before_scans_said_whether_they_were_of_some_days_is_published_anew(
    home: Path, acto: Acto
) -> None:
    """After an update the page and the terminal must say so, or tell what they can, until the next run: not break."""
    with open_store(home) as store:
        publish(store)
        store.connection().execute("ALTER TABLE store.coverage DROP COLUMN of_days")
        publish(store)
        store.connection().execute("ALTER TABLE store.coverage ADD COLUMN of_days BOOLEAN")
    history = History(home)
    assert not history.is_current()
    with pytest.raises(Problem, match="older than this page"), history.open():
        pass
    assert nights_missed_since(home / "history.duckdb", datetime.now(UTC)) == ""
    assert made_up_for(home / "history.duckdb", datetime.now(UTC)) == ""
    asked = acto("query", "coverage-by-source")
    assert asked.returncode == 2 and asked.stderr == (
        "The history is older than the question 'coverage-by-source'. Any run brings it up to date, as `acto check` does.\n"
    )
    assert acto("check").returncode == 0 and acto("query", "coverage-by-source").returncode == 0


def test_the_end_of_an_answer_waits_for_nothing() -> None:
    """Otherwise each page would come 40 milliseconds later: its body would wait until the browser confirms its head."""

    async def at_once() -> int:
        told = asyncio.get_running_loop().create_future()

        def came(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            told.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        listening = listen(0)
        async with await asyncio.start_server(came, sock=listening):
            _, writer = await asyncio.open_connection(*listening.getsockname())
            answer = await told
            writer.close()
        return int(answer)

    assert asyncio.run(at_once())
