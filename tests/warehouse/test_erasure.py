"""Erasure: what a person asks to be removed is gone from every byte, and stays gone."""

from __future__ import annotations

import gzip
import sqlite3
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path

import duckdb
import pytest

from connectors.item import Item, Media, Page, Rejected, ThreadRead
from flows.review_links import ReviewLinks
from tests.sampling import IN_FULL
from tests.warehouse.conftest import rows
from tests.warehouse.sealed_history import damage
from warehouse import erasure, packed_files
from warehouse.erasure import Extent, finish_erasure, plan
from warehouse.erasure_request import begin
from warehouse.evidence.chain import seal_one
from warehouse.flags import decide
from warehouse.holds import hold, release
from warehouse.landing import Landed, land
from warehouse.outbox import FrozenMessage, FrozenReport, freeze
from warehouse.runs import Coverage, record_coverage, start_run
from warehouse.snapshot import publish
from warehouse.spreadsheet import write_xlsx
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


def test_what_a_shared_link_shows_takes_nothing_of_others_along(home: Path) -> None:
    """Everybody's raw lines with the preview of ACTO's own page would go with the one person who asks."""
    address, title, described = "https://acto.example/find", "Find an online therapist", "May be an image of text"
    shows = [Media("link", address, title), Media("image", "https://pictures.example/601", described)]
    raw = {"attachment": {"url": address, "title": title, "description": described}}
    theirs = Item("facebook", "801-ann", "comment", "I found mine here", author_id="one-ann", media=shows, raw=raw)
    other = replace(theirs, id="802-bea", text="So did I", author_id="two-bea")
    page = Item(
        "facebook", "803-acto", "post", "Our directory", url=f"{address}?again", raw={"link": f"{address}?again"}
    )
    own = Item(
        "facebook", "804-cat", "comment", "Look", author_id="three", raw={"image": "https://pictures.example/601"}
    )
    with open_store(home) as store:
        show(store, theirs, other, page, own)
        publish(store)
    with open_store(home) as store:
        request, extent = plan(store, ["facebook:801-ann"], "author", "clerk")
    assert extent.files == {"raw line": 1} and request.texts == ("I found mine here",)
    begin(home, request)
    assert finish_erasure(home) == []
    kept = "".join(path.read_text() for path in home.glob("raw/*/*/*.ndjson"))
    assert kept.count("\n") == 3 and "801-ann" not in kept


def test_what_others_answer_too_stays_with_their_answers(home: Path) -> None:
    """Fifty imported comments under one post would be judged without it because one of their writers asks to go."""
    theirs = Item("facebook", "901", "comment", "Yes", author_id="ann", parent_text="Do you work online?")
    yes, own = replace(theirs, id="902", author_id="bea"), "Nobody ever rang me back"
    answers = [
        Item("facebook", "904", "reply", "Good to hear", author_id="cat", parent_id="902", parent_text="Yes"),
        Item("facebook", "905", "reply", "How so?", author_id="dea", parent_id="901", parent_text="Yes"),
        Item("facebook", "906", "reply", "Sorry to hear", author_id="eva", parent_text=own),
    ]
    with open_store(home) as store:
        show(store, theirs, yes, replace(theirs, id="903", text=own), *answers)
    with open_store(home) as store:
        request, _ = plan(store, ["facebook:901", "facebook:903"], "author", "clerk")
    begin(home, request)
    assert finish_erasure(home) == []
    with open_store(home) as store:
        assert rows(store, "SELECT item_id, parent_text FROM store.item ORDER BY 1") == [
            ("facebook:902", "Do you work online?"), ("facebook:904", "Yes"), ("facebook:905", None), ("facebook:906", None)
        ]  # fmt: skip
        assert damage(store) == []


def test_what_a_scan_brings_while_the_clerk_reads_goes_too(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ "Erased" would be said of an account whose newest comment stays; stopped in between, it must be known still."""
    second = replace(
        THEIRS, id="second-of-the-night", text="Just written, at night", parent_text=None, media=[], raw={}
    )
    other = replace(second, id="third-of-the-night", text="Not mine", author_id="another", author_handle="another")
    with open_store(home) as store:
        show(store, OTHER, THEIRS)
        request, _ = plan(store, [f"facebook:{canary(1)}"], "author", "clerk")
        show(store, second, other)
        publish(store)
    begin(home, request)
    (home / "prefect").mkdir()
    with sqlite3.connect(home / "prefect/prefect.db") as database:
        database.execute("CREATE TABLE log (message TEXT)")
        database.execute("INSERT INTO log VALUES ('read second-of-the-night')")
    database.close()

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(erasure, "publish", stopped)
        finish_erasure(home)
    assert finish_erasure(home) == []
    with open_store(home) as store:
        assert rows(store, "SELECT item_id FROM items ORDER BY 1") == [
            ("facebook:post",),
            ("facebook:third-of-the-night",),
        ]
        assert rows(store, "SELECT items, versions FROM store.erasure") == [(2, 2)]
    assert "second-of" not in "".join(path.read_text() for path in home.glob("raw/*/*/*.ndjson"))
    assert b"second-of" not in (home / "prefect/prefect.db").read_bytes()


def test_a_hold_that_is_placed_while_the_clerk_reads_is_heeded(home: Path) -> None:
    """What a claim needs would be gone for good; and nobody else could be erased for as long as the hold lasts."""
    with open_store(home) as store:
        show(store, THEIRS)
        request, _ = plan(store, [f"facebook:{canary(1)}"], "author", "clerk")
        second = replace(THEIRS, id="second", text="Anew")
        show(store, second)
        hold(store, "facebook:second", "A claim", date(2099, 1, 1), "chair", NOW)
    begin(home, request)
    with pytest.raises(StoreError, match=r"facebook:second is held.*called off"):
        finish_erasure(home)
    assert finish_erasure(home) is None
    with open_store(home) as store:
        assert rows(store, "SELECT count(*) FROM items") == [(2,)]


def test_what_is_held_is_not_erased(store: Store) -> None:
    """A claim may need it (UK GDPR article 17(3)(e)): somebody must release it first."""
    show(store, THEIRS)
    hold(store, f"facebook:{canary(1)}", "A claim", date(2099, 1, 1), "chair", NOW)
    with pytest.raises(StoreError, match="is held"):
        plan(store, [f"facebook:{canary(1)}"], "item", "clerk")


def test_what_a_held_item_answers_is_not_erased(store: Store) -> None:
    """A claim about "Yes, come to me" rests on what was asked: the clerk must hear of it before that is gone."""
    show(store, THEIRS, ANSWER)
    hold(store, "facebook:answer", "A claim", date(2099, 1, 1), "chair", NOW)
    with pytest.raises(StoreError, match=f"facebook:answer is held, and facebook:{canary(1)} is what it answers"):
        plan(store, [f"facebook:{canary(1)}"], "author", "clerk")
    release(store, "facebook:answer", "It is settled", "chair", NOW)
    assert plan(store, [f"facebook:{canary(1)}"], "author", "clerk")[1].items == 1


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
    for step in range(40) if IN_FULL else (3, 11, 14):
        child = subprocess.run([sys.executable, "-c", CHILD, str(home), str(step)], check=False, capture_output=True)
        assert child.returncode in (-9, 0), child.stderr
    assert finish_erasure(home) in (None, [])
    assert found(home) == [] and MARK not in cells(home) and finish_erasure(home) is None
    with open_store(home) as store:
        assert rows(store, "SELECT items, flags FROM store.erasure") == [(1, 1)], (
            "one receipt, however often it was begun"
        )


def put(home: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(content)


def asked(home: Path, theirs: Item, *, author: bool = True) -> tuple[Extent, list[str] | None]:
    """What erasing it was said to mean, and the files in which something of it is left."""
    with open_store(home) as store:
        request, extent = plan(store, [f"facebook:{theirs.id}"], "author" if author else "item", "clerk")
    begin(home, request)
    return extent, finish_erasure(home)


def test_the_page_beside_a_subjects_record_goes_with_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a short id nothing is found: the record alone says whom its page is about, and was removed before the page."""
    theirs = replace(THEIRS, id="17", text="I can't recommend them", raw={})
    with open_store(home) as store:
        show(store, theirs)
        publish(store)
    record = '{"items": [{"item_id": "facebook:17"}]}'
    for folder in map(str, range(8)):
        put(home, {f"subjects/{folder}/{name}": "<p>17" for name in ("subject.html", "a.txt")})
        put(home, {f"subjects/{folder}/subject.json": record, f"subjects/{folder}/z.txt": "17"})
    put(home, {"reports/old.html": "<p>I can&#39;t recommend them", "reports/other.html": "<p>I can recommend them"})
    unlink = Path.unlink

    def stopped(path: Path, missing_ok: bool = False) -> None:
        if path.name == "subject.html":
            raise KeyboardInterrupt
        unlink(path, missing_ok=missing_ok)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Path, "unlink", stopped)
        asked(home, theirs, author=False)
    assert finish_erasure(home) == []
    assert list(home.glob("subjects/*/*")) == []
    assert [path.name for path in home.glob("reports/*")] == ["other.html"]


def test_no_folder_is_left_that_is_named_after_whom_it_was_about(home: Path) -> None:
    """ "Erased" would be said while the name of a folder still tells that somebody of this account asked, and when."""
    theirs = replace(THEIRS, author_id="77001122", author_handle="ann.other", raw={})
    with open_store(home) as store:
        show(store, theirs)
        publish(store)
    written = "subjects/facebook_77001122-20261127T203055Z"
    put(home, {f"{written}/{name}": '{"account": "77001122"}' for name in ("subject.json", "subject.html")})
    put(home, {"subjects/facebook_77001123-20261127T203055Z/subject.json": "another"})
    put(home, {"letters/To ann-other/draft.txt": "Dear member", "letters/x77001122.txt": "of another id"})
    put(home, {"subjects/facebook_77001122-20261128T101500Z/consent.txt": "Yes"})
    # As a kill between the last file and its folder leaves it.
    (home / "subjects/facebook_77001122-20261129T101500Z").mkdir()
    assert asked(home, theirs)[1] == ["letters/To ann-other/", "subjects/facebook_77001122-20261128T101500Z/"]
    assert sorted(path.name for path in home.glob("subjects/*")) == [
        "facebook_77001122-20261128T101500Z", "facebook_77001123-20261127T203055Z"
    ]  # fmt: skip


def test_packed_files_of_ones_own_are_looked_into(home: Path) -> None:
    """A spreadsheet of the items is the copy that people make, and its bytes tell of nobody."""
    theirs = replace(THEIRS, text='Ann & Bob said "no"\r\n<b>to me</b>', author_name="Grace", raw={})
    with open_store(home) as store:
        show(store, theirs)
        publish(store)
    write_xlsx(["text"], [["Another's"], [theirs.text]], home / "words.xlsx")
    write_xlsx(["id"], [[number] for number in range(200_000)] + [[canary(3)]], home / "long.xlsx")
    write_xlsx(["author_name"], [["Grace"]], home / "called.xlsx")
    write_xlsx(["text"], [["By the grace of Another"]], home / "others.xlsx")
    (home / "log.gz").write_bytes(gzip.compress(f"read {canary(1)}".encode()))
    with zipfile.ZipFile(home / "plain.zip", "w") as packed:
        packed.writestr("a.txt", f"\nread {canary(1)}\n")
    whole = {path: path.read_bytes() for path in home.glob("*.*z*")}
    assert asked(home, theirs)[1] == ["called.xlsx", "log.gz", "long.xlsx", "plain.zip", "words.xlsx"]
    assert whole == {path: path.read_bytes() for path in whole}, "a line taken out of one would damage it"


def test_the_names_of_what_is_packed_are_looked_at(home: Path) -> None:
    """Whoever packs a folder that is named after somebody keeps the name."""
    theirs = replace(THEIRS, author_id="77001122", author_handle="jane.smith", raw={})
    with open_store(home) as store:
        show(store, theirs)
        publish(store)
    names = {
        "folder": "jane.smith/a.txt",
        "platform": "comments/facebook_77001122.txt",
        "picture": "77001122.png",
        "empty": "letters/To jane-smith/",
        "others": "letters/x77001122.txt",
    }
    for name, inside in names.items():
        with zipfile.ZipFile(home / f"{name}.zip", "w") as packed:
            packed.writestr(inside, "")
    assert asked(home, theirs)[1] == ["empty.zip", "folder.zip", "picture.zip", "platform.zip"]


def test_packed_files_that_cannot_be_looked_into_are_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody may read "Erased" of a file into which nobody looked; and one that unpacks to terabytes must not stop it all."""
    with open_store(home) as store:
        show(store, THEIRS)
        publish(store)
    monkeypatch.setattr(packed_files, "MOST", 1 << 22)
    with zipfile.ZipFile(home / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(3):
            packed.writestr(f"{number}.txt", b"0" * (1 << 21))
    with zipfile.ZipFile(home / "nested.zip", "w") as packed:
        packed.write(home / "bomb.zip", "inner.xlsx")
    with zipfile.ZipFile(home / "names.zip", "w") as packed:
        packed.writestr("a-" * 30_000, "")
    (home / "bomb.gz").write_bytes(gzip.compress(b"0" * (1 << 23)))
    (home / "cut.xlsx").write_bytes((home / "bomb.zip").read_bytes()[:-60])
    duckdb.sql("SELECT 1 AS one").write_parquet(str(home / "items.parquet"))
    left = asked(home, THEIRS)[1]
    assert left is not None and all("could not be looked into" in one for one in left)
    assert [one.split(" ")[0] for one in left] == [
        "bomb.gz", "bomb.zip", "cut.xlsx", "items.parquet", "names.zip", "nested.zip"
    ]  # fmt: skip


def test_copies_that_go_as_a_whole_are_not_told_as_lines_of_logs(home: Path) -> None:
    """The clerk would look for seventeen lines in a log that loses none, and not hear that every backup goes."""
    with open_store(home) as store:
        show(store, THEIRS)
        publish(store)
    put(home, {f"exports/{week}/{view}.parquet": f"{canary(1)}\n" * 9 for week in "ab" for view in ("items", "media")})
    put(home, {f"backups/{day}.acto-backup": f"{canary(1)}\n" * 9 for day in "abc"})
    put(home, {"logs/acto.log": f"fine\nread {canary(1)}\n", "sent/notes.md": f"{canary(1)}\n\n{canary(4)}\n"})
    put(home, {"stick.acto-backup": f"{canary(1)}\n"})
    extent, left = asked(home, THEIRS)
    assert extent.files == {"raw line": 1, "log line": 1, "line of another file": 2}
    assert (extent.backups, extent.exports, left) == (3, 2, ["stick.acto-backup"])
    assert not [*home.glob("backups/*"), *home.glob("exports/*")]
    assert (home / "logs/acto.log").read_text() == "fine\n" and (home / "sent/notes.md").read_text() == "\n"


def test_what_the_desk_keeps_is_told_once(home: Path) -> None:
    """Two numbers for one file would have the clerk look for a line in the logs that never was."""
    with open_store(home) as store:
        show(store, THEIRS)
        publish(store)
    put(home, {"desk/1.refused": f'{{"kind": "note", "content": {{"flag_id": "gone", "text": "{canary(4)}"}}}}'})
    extent, left = asked(home, THEIRS)
    assert (extent.files, left) == ({"raw line": 1, "desk entry": 1}, [])
    assert list((home / "desk").iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("depth", [700, 1020, 3000])
def test_what_is_nested_deeply_does_not_end_an_erasure(home: Path, depth: int) -> None:
    """It waits in the quarantine for just that reason, and nobody could be erased any more."""
    refused = [
        Rejected("It is nested too deeply.", b"[" * depth + f'{{"from": "{said}"}}'.encode() + b"]" * depth)
        for said in (canary(3), "another-person")
    ]
    with open_store(home) as store:
        show(store, OTHER, THEIRS, rejected=refused)
        publish(store)
    extent, left = asked(home, THEIRS)
    assert (extent.refused, left) == (1, [])
    with open_store(home) as store:
        assert rows(
            store, "SELECT raw LIKE '%another-person%' FROM (SELECT raw::VARCHAR AS raw FROM store.quarantine)"
        ) == [(True,)]


def test_a_text_of_two_lines_in_a_plain_file_is_named(home: Path) -> None:
    """No line of it tells of anybody, so it stays: who reads "Erased" must be told where it still stands."""
    theirs = replace(THEIRS, text="They made me wait\nand never rang back", raw={})
    with open_store(home) as store:
        show(store, theirs)
        publish(store)
    put(
        home,
        {"prefect/storage/out": f"begun\n{theirs.text}\nended", "logs/acto.log": "They made me wait\n{}\nall day\n"},
    )
    assert asked(home, theirs)[1] == ["prefect/storage/out"]


def test_names_are_found_as_the_downloads_of_facebook_write_them(home: Path) -> None:
    """The quarantine keeps the bytes of a download: who is called Zoë would stay in it for good."""
    theirs = Item(
        "facebook", "701-zoe", "comment", "Très bien, mais là, trop cher", author_name="Zoë Martin", author_handle="Noël"
    )  # fmt: skip
    naming = Item(
        "facebook", "702-bea", "comment", "Zoë Martin", author_id="another-one", raw={"comment": "Zo\u00c3\u00ab Martin"}
    )  # fmt: skip
    refused = [
        Rejected("It has no id.", said)
        for said in (
            rb'{"title": "Zo\u00c3\u00ab Martin"}',
            rb'{"author": "No\u00c3\u00abl"}',
            rb'{"comment": "Tr\u00c3\u00a8s bien, mais l\u00c3\u00a0, trop cher"}',
            rb'{"comment": "So: Tr\u00c3\u00a8s bien, mais l\u00c3\u00a0, trop',
            rb'{"user": "Zo\u00c3\u00ab Martin", "comment": "cut',
            rb'{"title": "No\u00c3\u00abl"}',
        )
    ]
    with open_store(home) as store:
        show(store, theirs, naming, rejected=refused)
        publish(store)
    extent, left = asked(home, theirs)
    # Their own line and the four that tell of them; what is cut off within their words, and a word of others', stay.
    assert (extent.refused, extent.files, left) == (4, {"raw line": 5}, [])


def test_who_is_called_as_a_key_of_our_own_files_is_erased_at_once(home: Path) -> None:
    """ "Not finished: warehouse/lease. Run it again" would come again each time."""
    theirs = replace(THEIRS, author_name="Beat", author_handle="job", raw={})
    with open_store(home) as store:
        show(store, theirs)
        publish(store)
    assert b'"beat"' in (home / "warehouse/lease").read_bytes()
    put(home, {"review-accounts.json": '[{"name": "Ann", "job": "beat"}]', "logs/acto.log": '{"user": {"job": 1}}\n'})
    assert asked(home, theirs)[1] == []
    with open_store(home) as store:
        show(store, replace(theirs, id="another", author_id="fresh", author_name="Ann", author_handle="Ann"))
        publish(store)
    assert asked(home, replace(theirs, id="another"))[1] == ["review-accounts.json"], "a value still names somebody"


def test_a_profiles_address_names_whom_it_is_of(home: Path) -> None:
    """A handle of letters alone may be any word, but not there."""
    theirs = replace(THEIRS, author_handle="gracemiller", raw={})
    with open_store(home) as store:
        show(store, theirs)
        publish(store)
    kept = "gracemiller and/or gracemiller\nread out/in/gracemiller\n"
    addresses = (
        "https://www.linkedin.com/in/gracemiller",
        "linkedin.com/in/gracemiller/",
        "https://r.example/user/gracemiller?a",
    )
    put(home, {"logs/acto.log": kept + "".join(f"read {one}\n" for one in addresses)})
    extent, left = asked(home, theirs)
    assert (extent.files, left) == ({"raw line": 1, "log line": 3}, [])
    assert (home / "logs/acto.log").read_text() == kept
