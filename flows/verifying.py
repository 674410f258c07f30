"""`acto verify`: whether everything is as it was captured, found and decided; and if not, where."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime

import duckdb
from rich.console import Console

from flows.config import Config, ConfigError, config_or_default, default_home
from flows.exits import COMPLETE, FAILED
from flows.masking import clean
from flows.progress import logger, shown
from flows.report_words import count, day, moment
from flows.timestamps import verify_timestamps
from flows.waiting import tell_who_holds_it
from warehouse.database import HISTORY, attach, connect_for_writing, is_damage
from warehouse.encryption import EncryptionError
from warehouse.evidence.chain import find_head, head
from warehouse.evidence.raw import put_right
from warehouse.evidence.verify import Damage, verify_database, verify_pages
from warehouse.files import private_folder
from warehouse.keys import reader_keys
from warehouse.snapshot import SNAPSHOT
from warehouse.statements import statement
from warehouse.store import LIVE, Store, open_store

FILE = f"warehouse/{LIVE}"
# How people call what is sealed, one and many.
KINDS = {
    "version": ("version of an item", "versions of items"),
    "page": ("raw page", "raw pages"),
    "refused": ("entry in quarantine", "entries in quarantine"),
    "flag": ("flag", "flags"),
    "decision": ("decision", "decisions"),
    "answer": ("audit answer", "audit answers"),
    "report": ("report", "reports"),
}


DAMAGED = "It is damaged ({}): restore it from a backup."
# Which tables have no seals: docs/evidence.md, "What it does not prove".
NOT_COVERED = (
    "Not part of the chain: whether items are still there, removals, holds, notes, to whom reports went, and roles of accounts "
    "(docs/evidence.md)."
)


@dataclass(slots=True)
class Verification:
    """What `acto verify` has to say: what was looked at, by kind, what is damaged, what was lawfully changed or removed,
    and what else there is to know.
    """

    head: str = ""
    begun: datetime | None = None
    looked_at: dict[str, int] = field(default_factory=dict)
    damage: list[Damage] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=lambda: [NOT_COVERED])


def verify_history(code: str | None, *, as_json: bool) -> int:
    """Look at everything and print what was found; 0 if all is whole, else 1.

    Raises ConfigError where there is nothing to look at, or for a code that cannot be one; warehouse.store.StoreError where
    the history cannot be opened.
    """
    home = default_home()
    if not (home / "warehouse" / LIVE).exists():
        raise ConfigError(f"There is no history under {home} yet. Try: acto demo, acto scan or acto import FILE")
    config = config_or_default(home)
    found = Verification()
    with shown(), open_store(home, what="verification", on_wait=tell_who_holds_it) as store:
        for step in (_look_at_everything, _tell):
            try:
                step(store, config, code, found)
            except duckdb.Error as error:
                if not is_damage(error):
                    raise
                found.damage.append(Damage(FILE, DAMAGED.format(type(error).__name__)))
    if as_json:
        record = {**asdict(found), "begun": found.begun and found.begun.isoformat(), "whole": not found.damage}
        print(json.dumps(record, ensure_ascii=False, indent=2))
    else:
        _show(found)
    return FAILED if found.damage else COMPLETE


def _look_at_everything(store: Store, config: Config, code: str | None, found: Verification) -> None:
    connection = store.connection()
    put_right(store, [])
    logger.info("Looking at the history")
    history = verify_database(connection, FILE, logger.info)
    found.looked_at |= history.looked_at
    found.damage += history.damage
    logger.info("Looking at the raw pages")
    pages = verify_pages(connection, store.home, store.keys.raw, logger.info)
    found.looked_at |= pages.looked_at
    found.damage += pages.damage
    logger.info("Looking at the published history")
    found.damage += _published(store)


def _published(store: Store) -> Iterator[Damage]:
    """What is wrong with the published copy: in itself, or beside the history that it is a copy of."""
    path = store.home / SNAPSHOT
    mend = "The next scan publishes it anew: acto scan"
    if not path.exists():
        yield Damage(SNAPSHOT, f"It is missing. {mend}")
        return
    try:
        # A folder of its own, since two databases must not spill into the same files.
        spill = store.home / "warehouse" / "spill" / "published"
        private_folder(spill)
        with connect_for_writing(spill, encrypted=store.keys.reader is not None) as copy:
            attach(copy, path, reader_keys(store.home), read_only=True)
            copy.execute(f"USE {HISTORY}")
            damage = verify_database(copy, SNAPSHOT, logger.info).damage
            last = head(copy)
    except EncryptionError:
        yield Damage(SNAPSHOT, f"It is damaged, or under a key that is not there. {mend}")
        return
    except duckdb.Error as error:
        if not is_damage(error):
            yield Damage(SNAPSHOT, f"It comes from an earlier version of this program. {mend}")
            return
        yield Damage(SNAPSHOT, f"It cannot be read ({type(error).__name__}). {mend}")
        return
    yield from (Damage(one.where, f"{one.says} {mend}") for one in damage)
    if not find_head(store.connection(), last.code):
        yield Damage(SNAPSHOT, f"It is not a copy of this history. {mend}")


def _tell(store: Store, config: Config, code: str | None, found: Verification) -> None:
    """What else there is to say: the seal, the one that was asked for, the timestamps, what was removed and why."""
    connection = store.connection()
    found.head = head(connection).code
    row = connection.execute("SELECT min(recorded_at) FROM store.link WHERE event = 'begun' AND seals > 0").fetchone()
    found.begun = row[0] if row else None
    for change, about, when, kind, pieces in connection.execute(statement("chain_removed")).fetchall():
        done = "removed or emptied" if change == "removed" else "filled in again"
        why = f" by {clean(about)}" if change == "removed" else ""
        found.changes.append(f"{day(when)}: {count(pieces, *KINDS[kind])} {done}{why}")
    if code:
        _look_for(connection, code, found)
    notes, wrong = verify_timestamps(connection, config.timestamp_certificate)
    found.notes += notes
    found.damage += wrong


def _look_for(connection: duckdb.DuckDBPyConnection, code: str, found: Verification) -> None:
    try:
        link = find_head(connection, code)
    except ValueError:
        example = head(connection).code
        raise ConfigError(f"{clean(code)!r} is no seal. A report ends with one like {example}.") from None
    if link is None:
        says = (
            "It is not in the chain: the history was changed since that report, or this is another or an older history."
        )
        found.damage.append(Damage(f"seal {clean(code)}", says))
    else:
        found.notes.append(
            f"The seal {link[0].code} of {moment(link[1])} is in the chain: nothing before it was changed."
        )


def _show(found: Verification) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for one in found.damage:
        console.print(f"DAMAGED  {clean(one.where)}", style="bold red", markup=False)
        console.print(f"    {clean(one.says)}", markup=False)
    looked_at = [count(found.looked_at[kind], *words) for kind, words in KINDS.items() if found.looked_at.get(kind)]
    if found.damage:
        console.print(f"{count(len(found.damage), 'place is', 'places are')} not as they should be.", style="bold")
    else:
        console.print("Everything is as it was captured, found and decided.", style="bold")
    console.print(
        f"Looked at: {', '.join(looked_at) or 'nothing'}, in {count(found.looked_at.get('link', 0), 'link')}."
    )
    for line in found.changes:
        console.print(line, markup=False)
    if found.begun:
        console.print(f"What was captured before {moment(found.begun)} was taken into the chain then, as it was.")
    for line in found.notes:
        console.print(line, markup=False)
    if found.head:
        console.print(f"Seal of the history now: {found.head}")
