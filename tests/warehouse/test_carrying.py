"""What is new is carried over into the published history, which then is what a whole copy would be."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from connectors.item import Item, Media, Rejected
from tests.warehouse import sealed_history
from tests.warehouse.conftest import rows
from tests.warehouse.test_retention import after, flag, posted, show
from warehouse import carrying, erasure, erasure_request, snapshot
from warehouse.database import HISTORY, attach, copy_database
from warehouse.flags import decide, replace_handles
from warehouse.outbox import FrozenMessage, FrozenReport, freeze
from warehouse.raw import pages
from warehouse.rebuild import DONE
from warehouse.retention import apply_terms
from warehouse.runs import Coverage, record_coverage
from warehouse.snapshot import COPIED, SNAPSHOT, publish
from warehouse.statements import FOLDER
from warehouse.store import Store, open_store

NOW = datetime.now(UTC)
Step = Callable[[Store], object]


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Each publication that copies the whole history adds to this."""
    made: list[Path] = []

    def counting(connection: duckdb.DuckDBPyConnection, name: str, target: Path, key: str | None) -> None:
        made.append(target)
        copy_database(connection, name, target, key)

    monkeypatch.setattr(snapshot, "copy_database", counting)
    return made


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a history in which there is something of everything, published."""
    home = tmp_path_factory.mktemp("prepared")
    with open_store(home) as store:
        _fill(store)
    # What was removed has it written anew, and then all is copied.
    with open_store(home) as store:
        publish(store)
    return home


@pytest.fixture
def published(prepared: Path, tmp_path: Path) -> Iterator[Store]:
    """The same, open, for one test alone."""
    with open_store(Path(shutil.copytree(prepared, tmp_path / "home"))) as store:
        yield store


def _fill(store: Store) -> None:
    sealed_history.fill(store)
    picture = [Media("image", "https://pictures.example/1", "a cat")]
    show(store, posted("picture", media=picture, parent_text="a question"), posted("1", media=picture))
    show(store, *(posted(str(number)) for number in range(2, 40)))
    show(store, rejected=[Rejected("It has no id.", b"private words")])
    flag(store, "1", "f1")
    flag(store, "2", "f2", "dismissed", -80)
    with store.transaction() as connection:
        connection.execute("INSERT INTO store.near_miss SELECT revision_id, 0.7, 'r', now() FROM store.revision")
        page = '<p class="quote">words of 1</p>Flag f1</p>'
        message = FrozenMessage("chair@acto.example", "m1", b"Subject: One\r\n\r\nwords of 1")
        freeze(connection, FrozenReport("report", "r", NOW, "One", page, "words of 1", ["f1"], [message], []))


def differences(store: Store) -> list[str]:
    """The tables in which the published history is not the live one; where rows are told apart by their order, that counts."""
    connection = store.connection()
    attach(connection, store.home / SNAPSHOT, [store.keys.reader], name="seen", read_only=True)
    tables = [name for (name,) in rows(store, "SELECT table_name FROM duckdb_tables() WHERE database_name = 'history'")]
    unordered = (*carrying.BY_ITEM, carrying.SEALS)

    def held(name: str) -> dict[str, object]:
        each = (
            f"SELECT '{table}', list(hash(one) ORDER BY {'hash(one)' if table in unordered else 'rowid'}) "
            f"FROM {name}.store.{table} AS one"
            for table in tables
        )
        return dict(connection.execute(" UNION ALL ".join(each)).fetchall())

    ours, seen = held(HISTORY), held("seen")
    connection.execute("DETACH seen")
    return [table for table in tables if ours[table] != seen[table]]


def _captions(store: Store, own_id: str) -> None:
    show(store, posted(own_id, media=[Media("caption", "https://video.example/1", "what was said")]))


def _handles(store: Store) -> None:
    columns = {"platform": ["x"], "handle": ["a"], "role": ["member"], "member_id": ["M1"], "consented": [True]}
    replace_handles(store, pd.DataFrame(columns))


STEPS: dict[str, Step] = {
    "nothing": lambda store: None,
    "a new item": lambda store: show(store, posted("new", media=[Media("image", "https://pictures.example/2", None)])),
    "an item without its author": lambda store: show(
        store, posted("bare", author_id=None, author_name=None, author_handle=None)
    ),
    "its author": lambda store: show(store, posted("bare")),
    "an edit": lambda store: show(store, replace(posted("5"), text="edited")),
    "hidden": lambda store: show(store, replace(posted("6"), hidden=True)),
    "seen again": lambda store: show(store, posted("7")),
    "captions that came late": lambda store: _captions(store, "3"),
    "an entry of the quarantine": lambda store: show(store, rejected=[Rejected("It has no id.", b"other words")]),
    "a flag on an old version": lambda store: flag(store, "8", "f8"),
    "a scan of some days": lambda store: record_coverage(
        store, Coverage("r", "page", "x", "complete", "", of_days=True)
    ),
    "a decision": lambda store: decide(store, "f1", "escalated", "so it is", "chair", NOW, None),
    "who is a member": _handles,
    "retention of what was not flagged": lambda store: after(store, 31),
    "an item after that": lambda store: show(store, posted("after")),
    "captions after that": lambda store: _captions(store, "after"),
    "retention of what was dismissed": lambda store: after(store, 20),
    "retention of what is closed": lambda store: after(store, 800),
    "the terms of a platform": lambda store: apply_terms(store, "r", {"page": "facebook"}, NOW + timedelta(days=91)),
    "an item that terms bind": lambda store: show(store, replace(posted("short"), platform="linkedin")),
    "its terms": lambda store: apply_terms(store, "r", {"page": "linkedin"}, NOW + timedelta(days=3)),
    "its period after that": lambda store: after(store, 31),
}


@pytest.mark.slow
def test_what_is_carried_over_is_what_a_copy_would_hold(published: Store, copied: list[Path]) -> None:
    """The Chair decides by what is published: a row that was left behind is a flag that nobody sees, night after night."""
    for name, step in STEPS.items():
        step(published)
        publish(published)
        assert (name, differences(published)) == (name, [])
    emptied = "SELECT author_id, url FROM store.item WHERE item_id = 'linkedin:short'"
    assert rows(published, emptied) == [(None, None)], "there was something to carry over"
    show(published, *(posted(str(number), "said anew") for number in range(40)))
    publish(published)
    assert (differences(published), copied) == ([], []), "what was emptied is filled in again"


def test_every_table_of_which_rows_change_is_known_as_such() -> None:
    """Whoever writes the next statement that changes older rows need not know of this: here it is said."""
    sources = [*FOLDER.glob("*.sql"), *FOLDER.parent.rglob("*.py")]
    of_erasure = {"erase_words.sql", "erasure.py", "erased_files.py"}
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources if path.name not in of_erasure)
    changed = set(re.findall(r"(?:UPDATE|DELETE FROM)\s+store\.(\w+)", text)) - {"schema_version"}
    known = {*carrying.BY_ITEM, carrying.SEALS, *carrying.BY_RETENTION, *carrying.REWRITTEN}
    assert changed >= {"revision", "seal", "handle"}, "it looks where they are"
    assert changed - known == set()
    assert re.findall(r"UPDATE\s+store\.(?!\w)|DELETE FROM\s+store\.(?!\w)", text) == [], "none is named at run time"


@pytest.mark.slow
@pytest.mark.parametrize(
    "why",
    ["another history", "another key", "damaged", "a view has changed", "a week ago", "the clock", "rebuilt", "lost"],
)
def test_where_nothing_can_be_carried_over_all_is_copied(
    published: Store, copied: list[Path], tmp_path: Path, why: str
) -> None:
    """A copy that is not ours, or not whole, is no ground to build on; and in time every byte of what was removed goes."""
    file, mark = published.home / SNAPSHOT, published.home / "warehouse" / COPIED
    ago = {"a week ago": timedelta(days=-8), "the clock": timedelta(days=1)}.get(why)
    if why == "another history":
        with open_store(tmp_path / "other") as other:
            show(other, Item("x", "1", "post", "words"))
            shutil.move(publish(other), file)
        copied.clear()
    elif why == "another key":
        published.connection().execute(f"ATTACH '{file}.x' AS other (ENCRYPTION_KEY 'another')")
        published.connection().execute("COPY FROM DATABASE history TO other")
        published.connection().execute("DETACH other")
        shutil.move(f"{file}.x", file)
    elif why == "damaged":
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    elif why == "a view has changed":
        published.connection().execute("CREATE OR REPLACE VIEW history.store.holds AS SELECT 1 AS item_id")
    elif why == "rebuilt":
        (published.home / "warehouse" / DONE).touch()
    elif why == "lost":
        file.unlink()
    elif ago:
        at = (NOW + ago).timestamp()
        os.utime(mark, (at, at))
    show(published, posted("new"))
    publish(published)
    assert (differences(published), len(copied)) == ([], 1)
    publish(published)
    assert len(copied) == 1, "once"


def test_a_history_that_was_put_back_is_published_as_it_is(
    published: Store, copied: list[Path], tmp_path: Path
) -> None:
    """After a restore nothing of what came later may stay in what the Chair sees."""
    before = Path(shutil.copytree(published.home, tmp_path / "before"))
    show(published, posted("7"), posted("new"))
    publish(published)
    assert not copied
    shutil.copyfile(published.home / SNAPSHOT, before / SNAPSHOT)
    with open_store(before) as restored:
        show(restored, posted("7"), posted("other"))
        publish(restored)
        assert (differences(restored), len(copied)) == ([], 1)


def test_an_erasure_copies_the_whole_history(home: Path) -> None:
    """What is carried over leaves the bytes of what was removed: erased means that they are gone."""
    words = "a line that nobody else would ever write"
    home.mkdir(exist_ok=True)
    (home / "acto.toml").write_text("[encryption]\nat_rest = false\n")
    with open_store(home) as store:
        show(store, posted("1", words), posted("2"))
        publish(store)
        assert words.encode() in (home / SNAPSHOT).read_bytes()
        request, _ = erasure.plan(store, ["facebook:1"], "item", "chair")
    erasure_request.begin(home, request)
    assert erasure.finish_erasure(home) == []
    assert words.encode() not in (home / SNAPSHOT).read_bytes()


def test_it_reads_back_what_it_has_carried_over(
    published: Store, copied: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that lies must not put a history in place whose newest rows are others."""
    real = carrying.attach

    def changing(connection: duckdb.DuckDBPyConnection, file: Path, *given: object, **more: object) -> object:
        """Attach, and change a word of the copy before it is read back."""
        if more.get("read_only"):
            real(connection, file, *given, name="copy")  # type: ignore[arg-type]
            connection.execute("UPDATE copy.store.revision SET text = 'other' WHERE text = 'words of new'")
            connection.execute("DETACH copy")
        return real(connection, file, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(carrying, "attach", changing)
    show(published, posted("new"))
    publish(published)
    assert (differences(published), len(copied)) == ([], 1)
    assert not list(published.home.glob(f".{SNAPSHOT}*")) and list(pages(published.home))
