"""The chain: what was captured, found and decided can be trusted; what was changed is found, and named."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.item import Item, Media, Page
from tests.sampling import IN_FULL
from tests.warehouse.conftest import Land, comment, rows
from tests.warehouse.encrypted_home import IN_THE_CLEAR
from tests.warehouse.sealed_history import CONTENT, NOW, damage, damage_in, fill, flag, flipped
from warehouse.evidence.chain import find_head, head
from warehouse.evidence.verify import verify_pages
from warehouse.landing import land
from warehouse.raw import read_page, write_page
from warehouse.retention import apply_terms
from warehouse.runs import start_run
from warehouse.store import Store, StoreError, open_store

# Each in raw pages, content, decisions and the chain itself.
FLIPS = 1000 if IN_FULL else 6


def test_a_history_that_nobody_touched_is_whole(store: Store) -> None:
    """A false alarm would teach people to look away."""
    fill(store)
    assert damage(store) == []
    assert rows(store, "SELECT number FROM store.link ORDER BY number") == [
        (number,) for number in range(1, head(store.connection()).number + 1)
    ]
    kinds = rows(store, "SELECT kind, count(*) FROM store.seal WHERE change = 'captured' GROUP BY kind ORDER BY kind")
    assert dict(kinds) == {
        "answer": 1, "decision": 6, "flag": 3, "page": 4, "refused": 1, "report": 1, "version": 16,
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("tables", [CONTENT, ("decision",), ("seal", "link")], ids=["content", "decisions", "chain"])
def test_every_flip_in_the_database_is_found(store: Store, tables: tuple[str, ...]) -> None:
    """A text, a name or a decision that somebody, or a worn disk, has changed must not pass for what was captured."""
    fill(store)
    moments = random.Random(20261126)
    for _ in range(FLIPS):
        with flipped(store, moments, tables) as (where, connection):
            assert damage_in(connection, store), where
    assert damage(store) == []


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("encrypted", [False, True])
def test_every_flip_in_a_raw_page_is_found_and_its_line_named(home: Path, encrypted: bool) -> None:
    """The raw answer of the platform is what stands behind a text; which line was changed tells which item. Of a page that
    is encrypted only that it was changed can be told.
    """
    (home / "acto.toml").write_text("" if encrypted else IN_THE_CLEAR)
    with open_store(home) as store:
        fill(store)
        _flip_pages(store, encrypted=encrypted)


def _flip_pages(store: Store, *, encrypted: bool) -> None:
    moments = random.Random(20261126)
    pages = sorted((store.home / "raw").rglob("*.ndjson"))
    contents = [page.read_bytes() for page in pages]
    for _ in range(FLIPS):
        page, whole = moments.choice(list(zip(pages, contents, strict=True)))
        at = moments.randrange(len(whole))
        page.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << moments.randrange(8)]) + whole[at + 1 :])
        (found,) = verify_pages(store.connection(), store.home, store.keys.raw, str.strip).damage
        line = whole[:at].count(b"\n") + 1
        name = str(page.relative_to(store.home))
        # A flip in its first line makes an encrypted page look like one in the clear.
        assert found.where in ((name, f"{name}, line 1") if encrypted else (f"{name}, line {line}",))
        page.write_bytes(whole)


TAMPERING = (
    ("UPDATE store.revision SET text = 'nicer' WHERE text = 'edited'", "youtube:3, version 2", "not as it was sealed"),
    (
        "UPDATE store.item SET author_name = 'Other' WHERE item_id = 'youtube:4'",
        "youtube:4, version 1",
        "not as it was",
    ),
    ("DELETE FROM store.media", "youtube:m, version 1", "not as it was sealed"),
    ("DELETE FROM store.decision WHERE reason = 'reason 0'", "the decision about flag", "is not there any more"),
    ("INSERT INTO store.decision FROM store.decision LIMIT 1", "the decision about flag", "more than once"),
    (
        "INSERT INTO store.flag SELECT * REPLACE ('new' AS flag_id) FROM store.flag LIMIT 1",
        "flag new",
        "It has no seal",
    ),
    ("DELETE FROM store.link WHERE number = 3", "link 4", "are missing"),
    (
        "DELETE FROM store.report; UPDATE store.seal SET salt = NULL WHERE kind = 'report'",
        "report report-",
        "nothing says that it was removed",
    ),
)


def test_what_was_done_and_where_is_said(store: Store) -> None:
    """Whoever has to mend it, or to answer for it, must know which one it is."""
    fill(store)
    connection = store.connection()
    for tampering, where, says in TAMPERING:
        connection.execute("BEGIN")
        connection.execute(tampering)
        found = damage_in(connection, store)
        connection.execute("ROLLBACK")
        assert any(where in one.where and says in one.says for one in found), tampering


def test_a_missing_and_a_strange_file_are_named(store: Store) -> None:
    fill(store)
    gone = min((store.home / "raw").rglob("*.ndjson"))
    gone.unlink()
    (store.home / "raw" / "planted.ndjson").write_text("{}")
    assert [one.where for one in damage(store)] == [str(gone.relative_to(store.home)), "raw/planted.ndjson"]


def test_removal_is_no_damage_and_cannot_be_undone_from_the_digest(store: Store) -> None:
    """Erasure must leave the chain whole, and nothing by which a removed text could be guessed at."""
    fill(store)
    first = "SELECT salt, digest, link FROM store.seal JOIN store.revision ON kind = 'version' AND subject = revision_id::VARCHAR"
    kept = rows(store, f"{first} WHERE run_id IS NOT NULL AND text = '' ORDER BY link")
    assert [salt is None for salt, _, _ in kept] == [True, True, False, False] and len(
        {digest for _, digest, _ in kept}
    ) == 4
    reasons = rows(store, "SELECT DISTINCT about FROM store.link WHERE event = 'removed'")
    assert reasons == [("the terms of linkedin",)]
    assert damage(store) == []


def test_a_text_that_is_blanked_by_hand_does_not_pass_for_removed(store: Store) -> None:
    """Retention must be no cloak: a removal that the chain does not record is damage."""
    fill(store)
    store.connection().execute("UPDATE store.revision SET text = '' WHERE revision_id = 2")
    assert [one.where for one in damage(store)] == ["live, youtube:1, version 1"]


def test_what_is_removed_line_by_line_and_read_again_stays_whole(store: Store) -> None:
    """X asks for single posts to go; what shows again is filled in again."""
    posts = [Item("x", str(number), "post", f"post {number}") for number in range(3)]
    run_id = start_run(store, "scan", NOW)
    land(store, run_id, "x", Page(items=posts), None)
    (page,) = (store.home / "raw").rglob("*.ndjson")
    with store.transaction() as connection:
        connection.execute(
            "INSERT INTO store.state SELECT item_key, 'deleted', 'x', 'r', now() FROM store.item WHERE item_id = 'x:1'"
        )
    apply_terms(store, run_id, {"x": "x"}, datetime.now(UTC))
    assert len(read_page(page, store.keys.raw).splitlines()) == 2 and damage(store) == []
    land(store, start_run(store, "scan", NOW), "x", Page(items=posts), None)
    assert rows(store, "SELECT text FROM items WHERE item_id = 'x:1'") == [("post 1",)]
    assert damage(store) == []


def test_a_raw_page_that_was_altered_is_not_blessed_when_lines_are_removed(store: Store) -> None:
    """Or whoever alters one would only have to wait for the next removal."""
    posts = [Item("x", str(number), "post", f"post {number}") for number in range(3)]
    run_id = start_run(store, "scan", NOW)
    land(store, run_id, "x", Page(items=posts), None)
    (page,) = (store.home / "raw").rglob("*.ndjson")
    write_page(page, read_page(page, store.keys.raw).replace(b"post 2", b"past 2"), store.keys.raw)
    with store.transaction() as connection:
        connection.execute(
            "INSERT INTO store.state SELECT item_key, 'deleted', 'x', 'r', now() FROM store.item WHERE item_id = 'x:1'"
        )
    apply_terms(store, run_id, {"x": "x"}, datetime.now(UTC))
    assert b"post 1" not in read_page(page, store.keys.raw)
    assert [one.where.partition(",")[0] for one in damage(store)] == [str(page.relative_to(store.home))]


def test_what_was_altered_is_not_blessed_when_its_words_come_back(store: Store, land_items: Land) -> None:
    """Or whoever alters an emptied version, softens its flag, or rewrites a film's text would only have to wait for a page."""
    posts = [Item("x", name, "post", f"words of {name}") for name in ("altered", "flag", "whole")]
    run_id = start_run(store, "scan", NOW)
    land(store, run_id, "x", Page(items=posts), None)
    land_items(comment("film", "a film"))
    flag(store, run_id, "x:flag", 0)
    with store.transaction() as connection:
        connection.execute(
            "INSERT INTO store.state SELECT item_key, 'deleted', 'x', 'r', now() FROM store.item WHERE platform = 'x'"
        )
    apply_terms(store, run_id, {"x": "x"}, datetime.now(UTC))
    assert damage(store) == []
    with store.transaction() as connection:
        connection.execute("UPDATE store.revision SET rating = 1 WHERE revision_id = 1")
        connection.execute("UPDATE store.flag SET severity = 'low'")
        connection.execute("UPDATE store.revision SET text = 'another film' WHERE text = 'a film'")
    before = {one.where for one in damage(store)}
    land(store, start_run(store, "scan", NOW), "x", Page(items=posts), None)
    land_items(comment("film", "a film", media=[Media("caption", None, "what is said")]))
    shown = rows(store, "SELECT text FROM items WHERE platform = 'x' ORDER BY item_id")
    assert shown == [(f"words of {name}",) for name in ("altered", "flag", "whole")]
    assert rows(store, "SELECT text FROM store.media") == [("what is said",)]
    assert len(before) == 3 and {one.where for one in damage(store)} == before


def test_captions_that_come_later_are_sealed_too(store: Store, land_items: Land) -> None:
    land_items(comment("1", "a film"))
    land_items(comment("1", "a film", media=[Media("caption", None, "what is said")]))
    assert rows(store, "SELECT text FROM store.media") == [("what is said",)]
    assert damage(store) == []


def test_a_history_of_an_earlier_version_is_taken_in(home: Path) -> None:
    """From the day of the update on it is protected too, and it is said that it was not before."""
    with open_store(home) as store:
        fill(store)
        for table in ("link", "seal"):
            store.connection().execute(f"DELETE FROM store.{table}")
    with open_store(home) as store:
        assert damage(store) == []
        begun = rows(
            store, "SELECT kind, count(*) FROM store.seal JOIN store.link ON number = link GROUP BY kind ORDER BY kind"
        )
        assert dict(begun)["version"] == 16 and dict(begun)["page"] == 3
        store.connection().execute("UPDATE store.revision SET text = 'x' WHERE revision_id = 2")
        assert [one.where for one in damage(store)] == ["live, youtube:1, version 1"]


def test_a_seal_is_found_again_until_the_history_is_rewritten(store: Store, land_items: Land) -> None:
    """The seal in an old e-mail is the one copy that nobody with access to this machine can change."""
    land_items(comment("1"))
    old = head(store.connection())
    land_items(comment("2"))
    found = find_head(store.connection(), f" {old.code.lower()} ")
    assert found is not None and found[0] == old
    other = old.code[:-1] + ("A" if old.code[-1] != "A" else "B")
    assert find_head(store.connection(), other) is None
    with pytest.raises(ValueError, match="nonsense"):
        find_head(store.connection(), "nonsense")


def test_a_file_that_no_longer_opens_is_said_to_be_damaged(home: Path) -> None:
    """Not a traceback: it says what to do."""
    with open_store(home) as store:
        fill(store)
    live = home / "warehouse" / "live.duckdb"
    content = bytearray(live.read_bytes())
    content[100] ^= 1
    live.write_bytes(content)
    with pytest.raises(StoreError, match="restore it from a backup"), open_store(home):
        pass


CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from connectors.item import Page
from tests.warehouse.conftest import comment
from warehouse.landing import land
from warehouse.runs import start_run
from warehouse.store import open_store
with open_store(Path(sys.argv[1])) as store:
    run_id = start_run(store, "scan", datetime.now(UTC))
    for page in range(10_000):
        land(store, run_id, "channel", Page(items=[comment(f"{run_id}.{page}")]), {"at": page})
        if page == 0:
            print("go", flush=True)
"""


@pytest.mark.slow
def test_a_kill_leaves_no_gap_no_double_and_no_stray_page(home: Path) -> None:
    """A power cut must not look like tampering."""
    moments = random.Random(1)
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", CHILD, str(home)], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout and child.stdout.readline() == "go\n"
            with pytest.raises(subprocess.TimeoutExpired):
                child.wait(moments.uniform(0.05, 0.3))
            child.kill()
    with open_store(home) as store:
        assert damage(store) == []
        assert rows(store, "SELECT count(*) > 0 FROM store.revision") == [(True,)]
