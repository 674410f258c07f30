"""Erasure: what a person asks to be removed is gone from every byte, and stays gone."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path

import duckdb
import pytest

from connectors.item import Item, Media, Page, Rejected, ThreadRead
from flows.review_links import ReviewLinks
from tests.warehouse.conftest import rows
from tests.warehouse.sealed_history import damage
from warehouse import erasure
from warehouse.erasure import Extent, begin, finish_erasure, plan
from warehouse.evidence.chain import seal_one
from warehouse.flags import decide
from warehouse.holds import hold
from warehouse.landing import Landed, land
from warehouse.outbox import FrozenMessage, FrozenReport, freeze
from warehouse.runs import Coverage, record_coverage, start_run
from warehouse.snapshot import publish
from warehouse.store import Store, StoreError, open_store

NOW = datetime.now(UTC)
MARK = "canary"


def canary(number: int) -> str:
    """A word of its own for each kind of place, long enough to be looked for."""
    return f"{MARK}{number:02d}-of-the-cage"


SONG = f"the {canary(2)} sings"
THEIRS = Item(
    "facebook", canary(1), "comment", SONG, parent_id="post", thread_id="post", author_id=canary(3),
    author_name=canary(4), author_handle=f"@{canary(5)}", url=f"https://f.example/{canary(1)}",
    parent_text=f"asked {canary(6)}", media=[Media("image", f"https://pictures.example/{canary(7)}", f"alt {canary(8)}")],
    raw={"from": canary(3), "deep": [{"message": SONG}], "id": canary(1)},
)  # fmt: skip
EDITED = replace(THEIRS, text=f'an "edited"\n{canary(9)} é')
OTHER = Item(
    "facebook", "post", "post", "a post of ACTO", thread_id="post", author_handle="ACTO-online", raw={"id": "post"}
)
ANSWER = Item(
    "facebook", "answer", "reply", "an answer by another", parent_id=canary(1), thread_id="post", author_id="another-person",
    parent_text=SONG, raw={"id": "answer", "parent": {"from": {"id": canary(3)}}},
)  # fmt: skip


@pytest.fixture
def home(home: Path) -> Path:
    """A home in the clear: in an encrypted one nobody could see whether a byte is left."""
    (home / "acto.toml").write_text("[encryption]\nat_rest = false\n")
    return home


def show(store: Store, *items: Item, **page: object) -> Landed:
    run_id = start_run(store, "scan", NOW)
    return land(store, run_id, "page", Page(items=items, **page), {"newest": canary(1)})  # type: ignore[arg-type]


def plant(home: Path) -> None:
    """The canaries in every kind of place that there is."""
    with open_store(home) as store:
        store.connection().execute("PRAGMA force_compression = 'uncompressed'")
        rejected = [Rejected("It has no id.", f'{{"from": "{canary(3)}", "text": "{SONG}"}}'.encode())]
        show(store, OTHER, THEIRS, rejected=rejected, threads=[ThreadRead(canary(1))])
        show(store, EDITED, ANSWER)
        with store.transaction() as connection:
            connection.execute(
                """INSERT INTO store.flag BY NAME
                   SELECT 'f' AS flag_id, item_key, revision_id, revision, 'c' AS check_id, 1 AS check_version, 'O1' AS clause,
                       'high' AS severity, text AS evidence, 0 AS start_char, 3 AS end_char, 'It asks.' AS reason,
                       now() AS flagged_at
                   FROM store.revision WHERE text LIKE '%edited%'"""
            )
            connection.execute("INSERT INTO store.near_miss SELECT revision_id, 0.5, 'r', now() FROM store.revision")
            connection.execute("INSERT INTO store.judged VALUES ('c', 1, 0, 4, 'r', now())")
            connection.execute("INSERT INTO store.handle VALUES ('facebook', ?, 'member', 'M1', false)", [canary(5)])
            mail = EmailMessage()
            mail.set_content(f"{'long ' * 12}{SONG}, says {canary(4)}", cte="quoted-printable")
            message = FrozenMessage("chair@acto.example", "<1>", mail.as_bytes())
            freeze(
                connection,
                FrozenReport(
                    "report-r",
                    "r",
                    NOW,
                    "Subject",
                    f"<p>{SONG}",
                    canary(2),
                    ["f"],
                    [message],
                    [f"facebook:{canary(1)}"],
                ),
            )
            seal_one(connection, "reported", "report", "report-r", NOW)
        decide(store, "f", "dismissed", f"{canary(4)} is right", "chair", NOW, None)
        record_coverage(store, Coverage("r", "page", "facebook", "partial", f"{canary(1)} could not be read again"))
        publish(store)
    for name, content in {
        "outbox/report-r.eml": mail.as_bytes(), "outbox/report-r.html": SONG.encode(),
        "reports/r.html": SONG.encode(), "reports/r.txt": canary(4).encode(),
        "subjects/somebody/subject.json": SONG.encode(), "warehouse/spill/block.tmp": SONG.encode(),
        "logs/acto.log": f"fine\nread {canary(1)}\nfine too\n".encode(), "prefect/storage/result": canary(3).encode(),
        ".history.duckdb.new": SONG.encode(),
    }.items():  # fmt: skip
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(content)
    with sqlite3.connect(home / "prefect/prefect.db") as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE log (message TEXT)")
        database.execute("INSERT INTO log VALUES (?)", [f"read {canary(1)} by {canary(5)}"])
    database.close()


def found(home: Path) -> list[str]:
    """Files under the home with a byte of a canary in them."""
    return [str(path) for path in home.rglob("*") if path.is_file() and MARK.encode() in path.read_bytes()]


def erase(home: Path, *, author: bool = True) -> Extent:
    with open_store(home) as store:
        request, extent = plan(store, [f"facebook:{canary(1)}"], "author" if author else "item", "clerk")
    begin(home, request)
    assert finish_erasure(home) == []
    return extent


def cells(home: Path) -> str:
    """Every cell of every table, of the live file and of the published one."""
    written = ""
    for file in (home / "warehouse/live.duckdb", home / "history.duckdb"):
        with duckdb.connect(str(file), read_only=True) as connection:
            tables = connection.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'store'").fetchall()
            for (table,) in tables:
                written += repr(connection.execute(f"FROM store.{table}").fetchall())
    return written


def test_every_table_is_covered(store: Store) -> None:
    """A table that somebody adds and erasure does not know would keep what a person asked to be removed."""
    tables = {name for (name,) in rows(store, "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'store'")}
    covered = [*erasure.BY_ITEM, *erasure.BY_VERSION, *erasure.BY_FLAG, *erasure.BY_WORDS, *erasure.NOTHING_PERSONAL]
    assert sorted(covered) == sorted(tables)
    for names, column in (
        (erasure.BY_ITEM, "item_key"),
        (erasure.BY_VERSION, "revision_id"),
        (erasure.BY_FLAG, "flag_id"),
    ):
        having = rows(
            store, f"SELECT table_name FROM duckdb_columns() WHERE column_name = '{column}' AND schema_name = 'store'"
        )
        assert {(name,) for name in names} <= set(having)


def test_canaries_in_every_kind_of_place_are_gone_from_every_byte(home: Path) -> None:
    """The promise itself: nothing of it under ACTO_HOME, in any file, and what others wrote is all there."""
    plant(home)
    places = {Path(path).relative_to(home).parts[0] for path in found(home)}
    assert places >= {"warehouse", "history.duckdb", "raw", "outbox", "reports", "subjects", "logs", "prefect"}
    extent = erase(home)
    assert found(home) == [] and MARK not in cells(home)
    assert (extent.items, extent.versions, extent.flags, extent.decisions, extent.reports) == (1, 2, 1, 1, 1)
    with open_store(home) as store:
        assert rows(store, "SELECT item_id, text, parent_id FROM items ORDER BY 1") == [
            ("facebook:answer", "an answer by another", None), ("facebook:post", "a post of ACTO", None)
        ]  # fmt: skip
        receipt = rows(
            store, "SELECT asked_for, platforms, items, versions, flags, decisions, clauses, said_by FROM store.erasure"
        )
        assert receipt == [("author", ["facebook"], 1, 2, 1, 1, ["O1"], "clerk")]
        assert rows(
            store, "SELECT status, html LIKE '%may not be kept%' FROM reports JOIN store.report USING (report_id)"
        ) == [("failed", True)]
        assert damage(store) == [], "nor does it look like tampering"
    raw = "".join(path.read_text() for path in home.glob("raw/*/*/*"))
    assert "a post of ACTO" in raw and (home / "logs/acto.log").read_text() == "fine\nfine too\n"


def test_what_was_erased_does_not_come_back(home: Path) -> None:
    """The next pull shows it again each night; and the number of an erased version is not taken for one that was judged."""
    plant(home)
    erase(home)
    with open_store(home) as store:
        later = replace(THEIRS, id="new-one", text="Anew")
        landed = show(store, OTHER, THEIRS, later, ANSWER, rejected=[Rejected("No id.", canary(3).encode())])
        assert (landed.seen, landed.left_out, landed.new) == (2, 3, 0)
        store.connection().execute("DELETE FROM store.source_position")
        publish(store)
        show(store, replace(OTHER, id="fresh"))
        assert rows(store, "SELECT max(revision_id) FROM store.revision") == [(5,)], "above what was judged"
        store.connection().execute("DELETE FROM store.source_position")
        publish(store)
    assert MARK not in cells(home)
    assert MARK not in "".join(path.read_text() for path in home.glob("raw/*/*/*"))


def test_an_id_in_a_link_is_found_as_the_link_writes_it(home: Path) -> None:
    """A report's link to the review page must not go on naming what was erased."""
    theirs = replace(THEIRS, id="page/1=2 of it")
    link = f"see {ReviewLinks().to_audit('facebook:page/1=2 of it')}"
    assert theirs.id not in link
    with open_store(home) as store:
        show(store, theirs)
        with store.transaction() as connection:
            message = FrozenMessage("chair@acto.example", "<1>", link.encode())
            freeze(connection, FrozenReport("report-r", "r", NOW, "Subject", link, link, [], [message], []))
        request, _ = plan(store, ["facebook:page/1=2 of it"], "item", "clerk")
    (home / "reports").mkdir(exist_ok=True)
    (home / "reports/other.txt").write_text(link)
    begin(home, request)
    assert finish_erasure(home) == []
    assert not (home / "reports/other.txt").exists() and "audit?item=" not in cells(home)


def test_an_erased_item_leaves_the_rest_of_its_writer(home: Path) -> None:
    """Who asks for one comment to go has not asked for all; the same id on another platform is another's."""
    with open_store(home) as store:
        show(
            store, THEIRS, replace(THEIRS, id="second", text="It stays", raw={}), replace(THEIRS, platform="instagram")
        )
    erase(home, author=False)
    with open_store(home) as store:
        show(store, THEIRS, replace(THEIRS, id="third", text="And so does this", raw={}))
        assert rows(store, "SELECT item_id FROM items ORDER BY 1") == [
            ("facebook:second",), ("facebook:third",), (f"instagram:{canary(1)}",)
        ]  # fmt: skip


def test_answers_in_a_thread_that_an_erased_item_began_are_not_taken_for_gone(home: Path) -> None:
    """They are read by the thread's name: without it the next night would tell the Chair that others had deleted theirs."""
    reply = replace(ANSWER, thread_id=canary(1), raw={})
    with open_store(home) as store:
        show(store, THEIRS, reply, threads=[ThreadRead(canary(1), 1)])
    with open_store(home) as store:
        request, _ = plan(store, [f"facebook:{canary(1)}"], "author", "clerk")
    begin(home, request)
    finish_erasure(home)
    with open_store(home) as store:
        show(store, THEIRS, reply, threads=[ThreadRead(canary(1), 1)])
        assert rows(store, "SELECT item_id, thread_id, parent_id, state FROM items") == [
            ("facebook:answer", f"facebook:{canary(1)}", None, "present")
        ]
        assert rows(store, "SELECT count(*) FROM store.thread_read") == [(2,)]


@pytest.mark.parametrize("name", ["comment", "Al"])
def test_who_is_called_as_any_word_takes_nothing_of_others_along(home: Path, name: str) -> None:
    """Others' raw lines, refused records, reports and the log would go with a person called "comment", and nobody be told."""
    theirs = Item(
        "facebook", "501-ann", "comment", f"Signed, {name} of the hills", author_name=name, raw={"from": {"name": name}}
    )
    other = Item(
        "facebook", "502-bea", "comment", f"Always reading a comment of {name}", author_name="Always", author_id="another-one",
        raw={"type": "comment", name: 1, "from": {"name": "Always"}},
    )  # fmt: skip
    answer = Item(
        "facebook", "503-cat", "comment", "I see", author_id="third-one", raw={"parent": {"from": {"name": name}}}
    )
    refused = [
        Rejected("It has no id.", b'{"kind": "comment", "text": "Already a comment by Bea"}'),
        Rejected("It has no id.", f'{{"author": "{name}", "text": "cut'.encode()),
    ]
    with open_store(home) as store:
        show(store, theirs, other, answer, rejected=refused)
        with store.transaction() as connection:
            for report_id, said in (
                ("report-a", "comment by Bea: Also all of it"),
                ("report-b", f"comment by {name}, 1 May"),
            ):
                freeze(connection, FrozenReport(report_id, report_id, NOW, "Subject", f"<p>{said}", said, [], []))
        publish(store)
    for file, content in {
        "reports/report-a.html": "comment by Bea: Also all of it", "reports/old.txt": f"comment\nby {name}, 1 May",
        "logs/acto.log": f'{{"comment": 2, "said": "Also 1 comment"}}\n{{"said": "by {name}"}}\n',
    }.items():  # fmt: skip
        (home / file).parent.mkdir(exist_ok=True)
        (home / file).write_text(content)
    (home / "prefect").mkdir()
    with sqlite3.connect(home / "prefect/prefect.db") as database:
        database.execute("CREATE TABLE log (message TEXT)")
        records = [f'{{"{name}": "a {name} that waits"}}', f"{name}s", f"read https://f.example/{name}?page=%20"]
        database.executemany("INSERT INTO log VALUES (?)", [(one,) for one in records])
    database.close()
    with open_store(home) as store:
        request, extent = plan(store, ["facebook:501-ann"], "author", "clerk")
        assert (extent.items, extent.reports, extent.refused) == (1, 1, 1)
        # Their own line, the one that says whom it answers, and their refused record.
        assert extent.files == {"raw line": 3, "report file": 1, "log line": 1, "record of Prefect": 1}
    begin(home, request)
    assert finish_erasure(home) == []
    with open_store(home) as store:
        assert rows(store, "SELECT item_id FROM items ORDER BY 1") == [("facebook:502-bea",), ("facebook:503-cat",)]
        assert rows(store, "SELECT report_id FROM store.report WHERE html LIKE '%Bea%'") == [("report-a",)]
        assert rows(store, "SELECT count(*) FROM store.quarantine") == [(1,)]
    kept = "".join(path.read_text() for path in home.glob("raw/*/*/*.ndjson"))
    assert kept.count("\n") == 2 and "502-bea" in kept
    assert (home / "reports/report-a.html").exists() and not (home / "reports/old.txt").exists()
    assert (home / "logs/acto.log").read_text() == '{"comment": 2, "said": "Also 1 comment"}\n'
    with sqlite3.connect(home / "prefect/prefect.db") as database:
        left = [said for (said,) in database.execute("SELECT message FROM log")]
    database.close()
    assert left == [*records[:2], "read https://f.example/[erased]?page=%20"]


def test_what_others_share_with_them_stays(home: Path) -> None:
    """ "Thank you so much", and a namesake's name, are written by many: their records must not go with one of them."""
    theirs = Item(
        "facebook", "601-ann", "comment", "Thank you so much", author_id="one-of-two", author_name="Ann Other"
    )
    same = replace(theirs, id="602-ann", text="Thank you so much, all", author_id="two-of-two")
    naming = Item("facebook", "603-bea", "comment", "Thank you, Ann O'Dea", author_id="third-one")
    with open_store(home) as store:
        show(
            store,
            theirs,
            same,
            naming,
            replace(theirs, id="604-dea", text="Dear all", author_id="dea", author_name="Ann O'Dea"),
        )
        publish(store)
    (home / "logs").mkdir()
    (home / "logs/acto.log").write_text("by Ann Other\n\"\\nAnn O'Dea\"\nJoann O'Deane, ann o'dea-lee\n")
    with open_store(home) as store:
        request, extent = plan(store, ["facebook:601-ann"], "author", "clerk")
        assert extent.files == {"raw line": 1}
        begin(home, request)
    assert finish_erasure(home) == []
    with open_store(home) as store:
        request, extent = plan(store, ["facebook:604-dea"], "author", "clerk")
        assert extent.files == {"raw line": 1, "log line": 1}, "what another wrote about them is not theirs"
        begin(home, request)
    assert finish_erasure(home) == []
    assert (home / "logs/acto.log").read_text() == "by Ann Other\nJoann O'Deane, ann o'dea-lee\n"
    kept = "".join(path.read_text() for path in home.glob("raw/*/*/*.ndjson"))
    assert kept.count("\n") == 2 and "602-ann" in kept and "603-bea" in kept


def test_what_is_held_is_not_erased(store: Store) -> None:
    """A claim may need it (UK GDPR article 17(3)(e)): somebody must release it first."""
    show(store, THEIRS)
    hold(store, f"facebook:{canary(1)}", "A claim", date(2099, 1, 1), "chair", NOW)
    with pytest.raises(StoreError, match="is held"):
        plan(store, [f"facebook:{canary(1)}"], "item", "clerk")


CHILD = """
import os, sys
from pathlib import Path
from warehouse import erasure, erased_files, rebuild
steps = int(sys.argv[2])
def stopping(module, name):
    function = getattr(module, name)
    def step(*arguments, **more):
        global steps
        steps -= 1
        if steps < 0:
            os.kill(os.getpid(), 9)
        return function(*arguments, **more)
    setattr(module, name, step)
for module, names in ((erased_files, ("put_in_place", "_keep_lines", "_erase_in_sqlite")),
                      (erasure, ("statement", "want_rebuild", "publish", "find_in_files", "keep_erased")),
                      (rebuild, ("copy_database", "put_in_place"))):
    for name in names:
        stopping(module, name)
erasure.finish_erasure(Path(sys.argv[1]))
print(steps)
"""


@pytest.mark.slow
def test_killed_at_any_step_it_is_finished_by_whoever_comes_next(home: Path) -> None:
    """A power cut in the middle must neither bring anything back nor leave half of it."""
    plant(home)
    with open_store(home) as store:
        request, _ = plan(store, [f"facebook:{canary(1)}"], "author", "clerk")
    begin(home, request)
    for step in range(40) if os.environ.get("ACTO_SLOW") else (3, 11, 14):
        child = subprocess.run([sys.executable, "-c", CHILD, str(home), str(step)], check=False, capture_output=True)
        assert child.returncode in (-9, 0), child.stderr
    assert finish_erasure(home) in (None, [])
    assert found(home) == [] and MARK not in cells(home) and finish_erasure(home) is None
    with open_store(home) as store:
        assert rows(store, "SELECT items, flags FROM store.erasure") == [(1, 1)], (
            "one receipt, however often it was begun"
        )
