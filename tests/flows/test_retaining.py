"""`acto retain` as its user sees it, and what the report says of it."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from checks.catalogue import CheckError, load_checks
from connectors.item import Gone, Item, Page
from flows import retaining
from flows.command_line import app
from flows.config import ConfigError, load_config
from flows.exits import exit_in_words
from flows.outbox import deliver
from tests.flows.night import NOW, RUN, Night, a_night
from warehouse.landing import land
from warehouse.outbox import FrozenReport
from warehouse.query import run_query
from warehouse.retention import Periods, apply_periods
from warehouse.runs import Coverage, end_run, record_coverage, start_run
from warehouse.snapshot import publish
from warehouse.store import Store, open_store


def test_the_report_says_what_was_removed_and_which_reviews_are_due(night: Night) -> None:
    """Removal that nobody is told of cannot be trusted, and a hold that nobody looks at again stays for ever."""
    for what, rule, number in (("item", "not flagged", 2), ("item", "gone", 1), ("page", "not flagged", 3)):
        for _ in range(number):
            night.insert("removed", what=what, item_key=None, rule=rule, run_id=RUN, recorded_at=NOW)
    night.item("h", "held")
    night.insert(
        "hold",
        item_key=1,
        held=True,
        reason="A complaint",
        review_by=date(2026, 11, 20),
        said_by="chair",
        recorded_at=NOW,
    )
    report = night.compose()
    said = [line for line in report.plain.split("REMOVED FROM OUR RECORDS")[1].split("-- ")[0].splitlines() if line]
    assert said == [
        "- 2 posts that were not flagged",
        "- 1 post that its platform has removed",
        "- 3 files of raw answers",
        "- 1 post is held past 20 Nov 2026, the day set to look at it again. It goes on",
        "  being held.",
        "  To see: acto retain --list",
    ]
    assert "2 posts that were not flagged; 1 post" in report.html and "acto retain --list" in report.html
    assert "is held past" not in night.compose(now=NOW - timedelta(days=1)).plain


@pytest.mark.parametrize("level", ["full", "redacted"])
def test_a_report_loses_what_it_quotes_of_an_item_that_goes_and_no_more(night: Night, level: str) -> None:
    """A copy in the outbox would outlive the rule; and the Chair must not lose a report for one post."""
    a_night(night)
    night.edit("youtube:a1", "I have the tablets here", revision=3, at=NOW)
    night.freeze(level=level)
    written = deliver(night.store, None, night.store.home, NOW).files
    for page in (path for path in written if path.suffix == ".html"):
        page.with_suffix(".txt").write_bytes(b"")
    (goes,) = [key for name, key in night.keys.items() if name.endswith(":b2")]
    night.insert("hold", item_key=night.keys["youtube:a1"], held=True, said_by="chair", recorded_at=NOW)
    with night.store.transaction() as connection:
        connection.execute("DELETE FROM store.flag_standing")
        connection.execute(
            "INSERT INTO store.flag_standing SELECT flag_id, false, 1, 'r', now() FROM store.flag WHERE item_key = ?",
            [goes],
        )
    before = (
        night.store.connection().execute("SELECT html || plain FROM store.report WHERE run_id = ?", [RUN]).fetchall()
    )
    assert "private Insta" in before[0][0] and ("Rosalind Pryce" in before[0][0]) == (level == "full")
    removed = apply_periods(night.store, "later", Periods(), 1_000, NOW + timedelta(days=31))
    assert removed.items["not flagged"] >= 1 and removed.reports == 1
    answer = night.store.connection().execute("SELECT html, plain, body FROM store.report JOIN store.message USING (report_id)"
        " WHERE run_id = ?", [RUN])  # fmt: skip
    html, plain, body = answer.fetchall()[0]
    mail = message_from_bytes(body, policy=policy.default)
    parts = [str(part.get_content()).replace("\r\n", "\n") for part in mail.walk() if not part.is_multipart()]
    files = [path.read_text() for path in written if RUN in path.name]
    for told in (html, plain, *parts, files[1]):
        assert "Insta" not in told and "seeing you" not in told and not re.search(r"by\s+Rosalind", told)
        assert "The text is no longer kept." in told and re.search(r"I\s+have\s+the\s+tablets", told)
    assert [part.rstrip() for part in parts] == [plain.rstrip(), html.rstrip()] and mail["Message-ID"]
    assert written[-2].read_bytes() == body, "the file is the mail"


def test_retain_holds_removes_and_says_so(home: Path, monkeypatch: Any, capsys: Any) -> None:
    """The whole life of a hold from the terminal; what is asked wrongly changes nothing."""

    def acto(*arguments: str) -> tuple[int, str]:
        code = exit_in_words(app, arguments)
        return code, "".join(capsys.readouterr())

    monkeypatch.setenv("ACTO_HOME", str(home))
    assert acto("retain")[0] == 2
    (home / "acto.toml").write_text("[retention]\nunflagged = 10\n")
    with open_store(home) as store:
        run_id = start_run(store, "scan", datetime.now(UTC))
        land(
            store,
            run_id,
            "page",
            Page(items=[Item("linkedin", name, "comment", "private words") for name in "ab"]),
            None,
        )
        with store.transaction() as connection:
            connection.execute("UPDATE store.revision SET seen_at = seen_at - to_days(11)")
    assert "2 posts past their time, and kept until judged" in acto("retain", "--dry-run")[1]
    with open_store(home) as store, store.transaction() as connection:
        for check in load_checks():
            connection.execute(
                "INSERT INTO store.judged VALUES (?, ?, 0, 2, 'r', now())", [check.id, check.about.version]
            )
    for wrong in (
        ("--hold", "linkedin:a"), ("--hold", "linkedin:a", "--reason", "x", "--review-by", "2020-01-01"), ("--reason", "x"),
        ("--list", "--dry-run"), ("--release", "linkedin:a"), ("--hold", "linkedin:a", "--release", "linkedin:b"),
    ):  # fmt: skip
        assert acto("retain", *wrong)[0] == 2
    held = acto("retain", "--hold", "linkedin:a", "--reason", "A complaint", "--review-by", "2099-01-31")
    assert held[0] == 0 and "for 48 hours" in held[1]
    told = acto("retain", "--dry-run")[1]
    assert "1 post that was not flagged" in told and "1 post past its time, and kept because of a hold" in told
    done = json.loads(acto("retain", "--json")[1])
    assert done["items"] == {"not flagged": 1} and done["kept_over"] == {"held": 1}
    states = run_query(home / "history.duckdb", "SELECT item_id, state FROM items ORDER BY 1").rows
    assert states == [("linkedin:a", "present"), ("linkedin:b", "expired")]
    assert "A complaint" in acto("retain", "--list")[1]
    assert "1 item held against retention" in acto("doctor")[1]
    assert acto("retain", "--release", "linkedin:a", "--reason", "Settled")[0] == 0
    assert "Nothing is held" in acto("retain", "--list")[1]


def test_what_one_platform_fails_at_stops_neither_the_others_nor_the_periods(
    home: Path, monkeypatch: Any, capsys: Any
) -> None:
    """A file that cannot be removed must not keep for ever all that would have gone after it; and it is said."""
    monkeypatch.setenv("ACTO_HOME", str(home))
    with open_store(home) as store:
        run_id = start_run(store, "scan", datetime.now(UTC))
        for source in ("linkedin", "x", "facebook"):
            land(store, run_id, source, Page(items=[Item(source, "1", "comment", "private words")]), None)
            record_coverage(store, Coverage(run_id, source, source, "complete", ""))
        land(store, run_id, "x", Page(gone=[Gone("1")]), None)
        with store.transaction() as connection:
            connection.execute("UPDATE store.revision SET seen_at = seen_at - to_days(31)")
            for check in load_checks():
                connection.execute(
                    "INSERT INTO store.judged VALUES (?, ?, 0, 9, 'r', now())", [check.id, check.about.version]
                )
    at = datetime.now(UTC) - timedelta(days=3)
    (home / f"raw/linkedin/{at:%Y-%m-%d}/{at:%Y%m%dT%H%M%SZ}-a-folder").mkdir(parents=True)
    assert exit_in_words(app, ["retain"]) == 1 and "could not be removed" in capsys.readouterr().out
    with open_store(home) as store:
        states = store.connection().execute("SELECT item_id, rule FROM store.removed JOIN store.item USING (item_key)")
        assert dict(states.fetchall()) == {"x:1": "gone", "facebook:1": "not flagged", "linkedin:1": "not flagged"}


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_file_that_cannot_be_reached_leaves_no_run_behind_a_dry_run(
    dry_run: bool, home: Path, monkeypatch: Any, capsys: Any
) -> None:
    """The end of a run that never began would stand among the runs, and in the chain, for ever."""

    def fail(*_given: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied", "raw/x/page")

    monkeypatch.setenv("ACTO_HOME", str(home))
    with open_store(home) as store:
        end_run(store, start_run(store, "scan", datetime.now(UTC)), "complete", "", datetime.now(UTC))
    monkeypatch.setattr(retaining, "apply_periods", fail)
    assert exit_in_words(app, ["retain", *["--dry-run"] * dry_run]) == 1
    said = capsys.readouterr().out
    again = "read (Permission denied). Try again when it can be: acto retain --dry-run"
    assert said == (
        f"raw/x/page could not be {again if dry_run else 'removed (Permission denied). Try again when it can be: acto retain'}\n"
    )
    with open_store(home) as store:
        ended = store.connection().execute("SELECT run_id, outcome FROM store.run_ended ORDER BY rowid").fetchall()
    assert [outcome for _run_id, outcome in ended] == (["complete"] if dry_run else ["complete", "failed"])


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_check_that_cannot_be_loaded_keeps_what_is_old_and_is_said(
    dry_run: bool, home: Path, monkeypatch: Any, capsys: Any
) -> None:
    """What that check has not read nobody knows; a platform's terms bind us all the same, and the run ends."""
    monkeypatch.setenv("ACTO_HOME", str(home))
    checks = load_checks()
    fault = CheckError("r2_own_safety/check.toml: severity: Input should be 'urgent'")
    monkeypatch.setattr(retaining, "loadable_checks", lambda: (checks[1:], {"r2_own_safety": fault}))
    with open_store(home) as store:
        run_id = start_run(store, "scan", datetime.now(UTC))
        for source in ("x", "facebook"):
            land(store, run_id, source, Page(items=[Item(source, "1", "comment", "private words")]), None)
            record_coverage(store, Coverage(run_id, source, source, "complete", ""))
        land(store, run_id, "x", Page(gone=[Gone("1")]), None)
        end_run(store, run_id, "complete", "", datetime.now(UTC))
        with store.transaction() as connection:
            connection.execute("UPDATE store.revision SET seen_at = seen_at - to_days(31)")
            for check in checks:
                connection.execute(
                    "INSERT INTO store.judged VALUES (?, ?, 0, 9, 'r', now())", [check.id, check.about.version]
                )
        publish(store)
    assert exit_in_words(app, ["retain", *["--dry-run"] * dry_run]) == 3
    said = capsys.readouterr()
    why = f"The check r2_own_safety could not be run. {fault}."
    assert said.err.endswith(f"{why} Until that is mended nothing is removed for its age.\n")
    assert "1 post" in said.out and ("Nothing was changed." in said.out) is dry_run
    states = dict(run_query(home / "history.duckdb", "SELECT item_id, state FROM items").rows)
    assert states == {"x:1": "deleted" if dry_run else "expired", "facebook:1": "present"}
    runs = run_query(home / "history.duckdb", "SELECT outcome FROM runs WHERE kind = 'retention'").rows
    assert runs == ([] if dry_run else [("partial",)])


def test_a_clock_that_is_years_ahead_removes_nothing_by_hand_either(home: Path, monkeypatch: Any, capsys: Any) -> None:
    """Whoever tidies up on a machine whose clock leapt would lose the whole history for its age; nothing brings it back."""
    monkeypatch.setenv("ACTO_HOME", str(home))
    years_ago = datetime.now(UTC) - timedelta(days=3000)
    with open_store(home) as store:
        for nights in (2, 1):
            run_id = scanned(store, years_ago - timedelta(days=nights))
        for source in ("linkedin", "facebook"):
            land(store, run_id, source, Page(items=[Item(source, "1", "comment", "private words")]), None)
            record_coverage(store, Coverage(run_id, source, source, "complete", ""))
        with store.transaction() as connection:
            for table, column in (("revision", "seen_at"), ("sighting", "seen_at"), ("item", "first_seen_at")):
                connection.execute(f"UPDATE store.{table} SET {column} = {column} - to_days(3000)")
            for check in load_checks():
                connection.execute(
                    "INSERT INTO store.judged VALUES (?, ?, 0, 9, 'r', now())", [check.id, check.about.version]
                )
        # Whatever else was done by this clock, it has told nobody what it says.
        start_run(store, "import", datetime.now(UTC))
    for arguments in (["retain", "--dry-run"], ["retain", "--dry-run"], ["retain"]):
        assert exit_in_words(app, arguments) == 0
        said = capsys.readouterr()
        assert "Nothing is past its time" in said.out and "set the clock" in said.err
    with open_store(home) as store:
        scanned(store, datetime.now(UTC))
    assert exit_in_words(app, ["retain"]) == 0 and "set the clock" in capsys.readouterr().err
    with open_store(home) as store:
        texts = store.connection().execute("SELECT text FROM revisions").fetchall()
        assert texts == [("private words",)] * 2
        scanned(store, datetime.now(UTC))
    assert exit_in_words(app, ["retain"]) == 0
    said = capsys.readouterr()
    assert "1 post that was not flagged" in said.out and "set the clock" not in said.err


@pytest.mark.parametrize("scans", [0, 1, 3])
def test_where_nothing_is_scanned_a_second_removal_believes_the_clock(
    scans: int, home: Path, monkeypatch: Any, capsys: Any
) -> None:
    """Imported records would else be kept for ever, against the periods; no less where something was scanned long ago."""
    monkeypatch.setenv("ACTO_HOME", str(home))
    with open_store(home) as store:
        start_run(store, "import", datetime.now(UTC) - timedelta(days=100))
        for days in range(scans):
            scanned(store, datetime.now(UTC) - timedelta(days=90 - days))
        # One that was cut off has told nobody what the clock says.
        start_run(store, "retention", datetime.now(UTC))
    for leapt in (True, False):
        assert exit_in_words(app, ["retain"]) == 0
        assert ("set the clock" in capsys.readouterr().err) is leapt


def scanned(store: Store, at: datetime) -> str:
    """A scan that ended with its report."""
    run_id = start_run(store, "scan", at)
    end_run(store, run_id, "complete", "", at, report=FrozenReport(run_id, run_id, at, "Subject", "", "", [], []))
    return run_id


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("unflagged = 0", "retention.unflagged"),
        ('closed = "a year"', "retention.closed"),
        ("flagged = 3", "retention.flagged"),
    ],
)
def test_a_period_that_cannot_be_is_said(home: Path, written: str, said: str) -> None:
    """A slip in the file must not remove everything, nor nothing, in silence."""
    (home / "acto.toml").write_text(f"[retention]\n{written}\n")
    with pytest.raises(ConfigError, match=said):
        load_config(home)
