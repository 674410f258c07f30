"""Encrypted at rest: what lies on the disk is readable to nobody without the key, whatever happened before."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from tests.conftest import opened
from tests.warehouse.conftest import Land, comment, raw_text
from tests.warehouse.encrypted_home import IN_THE_CLEAR, MARKER, keep_marked, readable, texts
from warehouse import database
from warehouse.encryption import EncryptionError
from warehouse.keys import SEALED, keys_for_writing
from warehouse.raw import pages, read_page, write_page
from warehouse.store import LIVE, Store, StoreError, open_store

SPILLS = f"""
import sys
from pathlib import Path
from warehouse.store import open_store
with open_store(Path(sys.argv[1])) as store:
    connection = store.connection()
    connection.execute("SET memory_limit = '90MB'")
    print("go", flush=True)
    connection.execute('''CREATE TEMP TABLE sorted AS
        SELECT range AS n, '{MARKER} ' || hash(range) || repeat(' words', 20) AS text FROM range(3000000) ORDER BY hash(range)''')
"""


def test_nothing_on_the_disk_can_be_read_without_a_key(home: Path) -> None:
    """A stolen laptop, a forgotten copy: no comment, no name and no rejected record may be in it."""
    keep_marked(home)
    with open_store(home) as store:
        assert raw_text(store).count(MARKER) > 1
        store.connection().execute("CREATE TABLE store.more AS SELECT ? AS text", [MARKER])
        assert (home / "warehouse" / f"{LIVE}.wal").exists(), "is the write-ahead log looked at?"
        assert readable(home) == []
    assert readable(home) == [] and texts(home) == [f"{MARKER} 1"]


def test_what_does_not_fit_into_memory_is_spilled_encrypted(home: Path) -> None:
    """DuckDB's own default leaves whole comments readable in its temporary files after a kill (measured)."""
    with subprocess.Popen([sys.executable, "-c", SPILLS, str(home)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout and child.stdout.readline() == "go\n"
        deadline = time.monotonic() + 60
        while spilled(home) < 20_000_000 and time.monotonic() < deadline and child.poll() is None:
            time.sleep(0.02)
        child.send_signal(signal.SIGKILL)
    assert spilled(home) >= 20_000_000, "nothing was spilled: does the test still provoke it?"
    assert readable(home) == []
    with open_store(home):
        assert spilled(home) == 0


def spilled(home: Path) -> int:
    """Bytes in DuckDB's temporary files."""
    return sum(path.stat().st_size for path in (home / "warehouse" / "spill").glob("*") if path.exists())


def test_another_key_opens_nothing_and_harms_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip in a unit file must end in a sentence, with the history as it was and no key in the words."""
    keep_marked(home)
    before = (home / "warehouse" / LIVE).read_bytes(), (home / SEALED).read_bytes()
    wrong = base64.b64encode(os.urandom(32)).decode()
    for variable in ("ACTO_KEY", "ACTO_READER_KEY"):
        monkeypatch.setenv(variable, wrong)
    with pytest.raises(EncryptionError, match="ACTO_KEY is not the key of the history") as caught, open_store(home):
        pass
    with pytest.raises(EncryptionError, match="not under the readers' key in the environment") as told:
        texts(home)
    assert wrong not in str(caught.value) + str(told.value)
    assert before == ((home / "warehouse" / LIVE).read_bytes(), (home / SEALED).read_bytes())


def test_no_key_is_made_where_a_history_needs_its_own(home: Path) -> None:
    """A new key beside an encrypted history would look like a repair and open nothing."""
    keep_marked(home)
    (home / "keys" / "history.key").unlink()
    with pytest.raises(EncryptionError, match=r"its key is not there.*history\.key"), open_store(home):
        pass
    assert not (home / "keys" / "history.key").exists()
    assert texts(home) == [f"{MARKER} 1"], "the readers need only their own key"


def test_without_its_sealed_key_a_history_is_left_alone(home: Path) -> None:
    """Whoever deletes that file by mistake must be able to put it back."""
    keep_marked(home)
    sealed = (home / SEALED).read_bytes()
    (home / SEALED).unlink()
    with pytest.raises(EncryptionError, match="Put the file back from a backup"), open_store(home):
        pass
    (home / SEALED).write_bytes(b"{}")
    with pytest.raises(EncryptionError, match="is damaged"), open_store(home):
        pass
    (home / SEALED).write_bytes(sealed)
    keep_marked(home, "2")
    assert texts(home) == [f"{MARKER} 1", f"{MARKER} 2"]


def test_the_readers_key_opens_the_published_copy_and_nothing_else(home: Path) -> None:
    """The Chair may read everywhere what is published, and never needs the key of the live file."""
    keep_marked(home)
    keys = keys_for_writing(home)
    with opened(home / "history.duckdb", keys.reader) as connection:
        assert connection.execute("SELECT text FROM items").fetchall() == [(f"{MARKER} 1",)]
    for file, key in ((home / "warehouse" / LIVE, keys.reader), (home / "history.duckdb", keys.data)):
        with pytest.raises(EncryptionError):
            opened(file, key)
    assert keys.reader and keys.data and keys.reader not in repr(keys) and keys.data not in repr(keys)


def test_an_error_of_duckdb_never_repeats_the_key(store: Store) -> None:
    """A key in a log has to be changed."""
    key = keys_for_writing(store.home).data
    connection = duckdb.connect()
    with pytest.raises(duckdb.Error) as caught:
        database.attach(connection, store.home / "a folder that is not there" / "a", [key], name="no such ' name")
    assert key and key not in str(caught.value)


def test_a_page_that_was_changed_or_renamed_is_not_taken_for_whole(store: Store, land_items: Land) -> None:
    """The raw pages are what the history can be built from again."""
    land_items(comment())
    (page,) = pages(store.home)
    content = bytearray(page.read_bytes())
    page.with_name("another.ndjson").write_bytes(content)
    content[-1] ^= 1
    page.write_bytes(content)
    for damaged in pages(store.home):
        with pytest.raises(EncryptionError, match="cannot be deciphered"):
            read_page(damaged, store.keys.raw)


def test_a_page_written_anew_keeps_the_time_at_which_it_was_read(home: Path) -> None:
    """The platforms' terms count from the reading; a new time would keep a page too long."""
    path = home / "a.ndjson"
    write_page(path, b"{}\n", os.urandom(32), read_at=1_700_000_000.0)
    assert path.stat().st_mtime == 1_700_000_000.0


def test_a_history_of_before_encryption_is_carried_over(home: Path) -> None:
    """After the update nothing may be lost, and nothing left readable: not the pages of last month either."""
    (home / "acto.toml").write_text(IN_THE_CLEAR)
    keep_marked(home)
    assert len(readable(home)) == 4, "live file, page, rejected records, published copy"
    times = {page.name: page.stat().st_mtime for page in pages(home)}
    (home / "raw" / "left.part").write_text(MARKER)
    (home / "acto.toml").unlink()
    assert texts(home) == [f"{MARKER} 1"], "readers wait for nothing"
    with open_store(home) as store:
        assert readable(home) == []
        assert raw_text(store).count(MARKER) > 1
    assert texts(home) == [f"{MARKER} 1"] and {page.name: page.stat().st_mtime for page in pages(home)} == times


def test_encryption_can_be_switched_off_again(home: Path) -> None:
    """By the configuration alone, and with the history whole."""
    keep_marked(home)
    (home / "acto.toml").write_text(IN_THE_CLEAR)
    keep_marked(home, "2")
    assert len(readable(home)) == 6 and not (home / SEALED).exists()
    with duckdb.connect(str(home / "history.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM items").fetchone() == (2,)


def test_a_damaged_page_is_left_and_said_when_keys_change(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    """One broken file must not keep the whole history from being opened."""
    keep_marked(home)
    damaged = next(iter(pages(home)))
    damaged.write_bytes(damaged.read_bytes()[:-1])
    (home / "acto.toml").write_text(IN_THE_CLEAR)
    keep_marked(home, "2")
    assert damaged.name in caplog.text and texts(home) == [f"{MARKER} 1", f"{MARKER} 2"]


def test_a_file_that_is_open_elsewhere_is_said_also_while_keys_change(home: Path) -> None:
    """The sentence that names the cause, not one about a wrong key."""
    keep_marked(home)
    held = (
        "import sys, time; from pathlib import Path; from tests.conftest import opened; "
        f"held = opened(Path(sys.argv[1]), '{keys_for_writing(home).data}'); print('open', flush=True); time.sleep(60)"
    )
    live = str(home / "warehouse" / LIVE)
    with subprocess.Popen([sys.executable, "-c", held, live], stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout and other.stdout.readline() == "open\n"
            (home / "acto.toml").write_text(IN_THE_CLEAR)
            with pytest.raises(StoreError, match="is open in another program"), open_store(home):
                pass
        finally:
            other.kill()
