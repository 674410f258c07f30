"""`acto verify` as its user sees it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Acto
from tests.warehouse.sealed_history import fill
from warehouse.evidence.chain import head
from warehouse.snapshot import publish
from warehouse.store import open_store


def test_a_whole_history_and_a_damaged_one(home: Path, acto: Acto) -> None:
    """The exit code is what a cron job looks at, the place what a person needs."""
    # In the clear, since of a page that cannot be deciphered nobody can say which line was altered.
    (home / "acto.toml").write_text("[encryption]\nat_rest = false\n")
    assert acto("verify").returncode == 2, "there is nothing yet, which must not look like a whole history"
    with open_store(home) as store:
        fill(store)
        publish(store)
        seal = head(store.connection()).code
    whole = acto("verify", "--head", seal)
    assert whole.returncode == 0 and "Everything is as it was captured" in whole.stdout
    assert (
        f"The seal {seal} of " in whole.stdout
        and "2 versions of items removed or emptied by the terms of linkedin" in whole.stdout
    )
    assert acto("verify", "--head", "what?").returncode == 2
    assert acto("verify", "--head", f"{seal[:-1]}{'A' if seal[-1] != 'A' else 'B'}").returncode == 1
    with open_store(home) as store:
        store.connection().execute("UPDATE store.decision SET reason = 'another' WHERE reason = 'reason 1'")
        store.connection().execute("CHECKPOINT")
    [page] = [one for one in (home / "raw" / "channel").rglob("*.ndjson") if b"words of 3" in one.read_bytes()]
    page.write_bytes(page.read_bytes().replace(b"words of 3", b"words of 4"))
    damaged = acto("verify", "--json")
    told = json.loads(damaged.stdout)
    assert damaged.returncode == 1 and told["whole"] is False
    assert [one["where"].startswith(start) for one, start in zip(
        told["damage"], ("warehouse/live.duckdb, the decision about flag", f"{page.relative_to(home)}, line 4"), strict=True
    )] == [True, True]  # fmt: skip


# What somebody who can write to the file may forge without breaking a seal.
FORGED = """
UPDATE store.state SET state = 'present';
INSERT INTO store.removed VALUES ('item', 1, 'the terms', 'run', now());
INSERT INTO store.hold
    SELECT item_key, true, 'a claim', DATE '2030-01-01', 'somebody', now() FROM store.item LIMIT 1;
INSERT INTO store.delivery VALUES ('report', 'somebody@else.example', 'sent', '', now());
INSERT INTO store.handle (platform, handle, role) VALUES ('x', '@stranger', 'official')
"""


def test_what_the_chain_does_not_cover_is_said(home: Path, acto: Acto) -> None:
    """Or "everything" would vouch for what nobody has sealed."""
    with open_store(home) as store:
        fill(store)
        for statement in FORGED.split(";"):
            store.connection().execute(statement)
        publish(store)
    whole = acto("verify")
    assert whole.returncode == 0 and "Everything is as it was captured, found and decided." in whole.stdout
    left_out = ("whether items are still there", "removals", "holds", "to whom reports went", "roles of accounts")
    told = next(line for line in whole.stdout.splitlines() if line.startswith("Not part of the chain: "))
    assert all(what in told for what in left_out) and "docs/evidence.md" in told
    assert told in json.loads(acto("verify", "--json").stdout)["notes"]


def test_a_damaged_copy_is_told_apart_from_the_history(home: Path, acto: Acto) -> None:
    """It is made anew each night: nothing is lost."""
    with open_store(home) as store:
        fill(store)
        copy = publish(store)
    content = bytearray(copy.read_bytes())
    content[100] ^= 1
    copy.write_bytes(content)
    said = acto("verify")
    assert said.returncode == 1
    assert "history.duckdb" in said.stdout and "The next scan publishes it anew" in said.stdout
    live = home / "warehouse" / "live.duckdb"
    live.write_bytes(content)
    said = acto("verify")
    assert said.returncode == 1 and "restore it from a backup" in said.stderr and "Traceback" not in said.stderr
