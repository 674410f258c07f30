"""`acto erase`: an item, or all that somebody wrote, removed for good, down to the bytes (UK GDPR article 17)."""

from __future__ import annotations

import getpass
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

from flows.backing_up import new_backup
from flows.config import ConfigError, default_home
from flows.exits import COMPLETE, FAILED, INCOMPLETE, worst
from flows.log_file import logged
from flows.masking import clean
from flows.progress import shown
from flows.report_words import count
from flows.subject import the_author
from flows.waiting import tell_who_holds_it
from warehouse.backups import EXPORTS, backup_folder, is_backup_wanted, made
from warehouse.erasure import Extent, finish_erasure, plan
from warehouse.erasure_request import Request, begin
from warehouse.store import StoreError, open_store

AGAIN = "Run it again to finish: acto erase --finish"
# What is found beside the tables, one and many.
ELSEWHERE = {
    "raw line": "raw lines",
    "entry of the quarantine": "entries of the quarantine",
    "report file": "report files",
    "log line": "log lines",
    "line of another file": "lines of other files",
    "desk entry": "desk entries",
    "record of Prefect": "records of Prefect",
}


def erase(author: str | None, items: Sequence[str], platform: str | None, *, finish: bool, yes: bool) -> int:
    """Show what is to be erased, ask, and erase it; with `finish` go on with what was begun. The exit code: 3 where
    something of it is left in files that only the user may change.

    Raises ConfigError where it is not clear what is meant, warehouse.store.StoreError for an item that is not there or held.
    """
    home = default_home()
    if [author is not None, bool(items), finish].count(True) != 1:
        raise ConfigError("Say either --author or --item (or --finish, for an erasure that was stopped).")
    if not (home / "warehouse").exists():
        raise ConfigError(f"There is no history at {home}.")
    with shown():
        code = _finish(home)
        if finish and code is None:
            print("No erasure was left unfinished.")
        if finish or code == FAILED:
            return code or COMPLETE
        if code is not None:
            print("That was an earlier erasure, which had been stopped. Now to what you ask for:")
        with open_store(home, what="erasure", on_wait=tell_who_holds_it) as store:
            ids = list(the_author(store, author, platform).items) if author else list(items)
            request, extent = plan(store, ids, "author" if author else "item", getpass.getuser())
    if extent.items < len(set(ids)):
        raise StoreError("There is no such item. An item is named as in the view items: platform:id.")
    _show(request, extent)
    if not yes and not _agreed():
        print("Nothing was erased.")
        return COMPLETE
    begin(home, request)
    with logged(home, "erase"), shown():
        return worst(code or COMPLETE, _finish(home) or COMPLETE)


def _finish(home: Path) -> int | None:
    """Finish what was begun, and say so; None where nothing was."""
    try:
        left = finish_erasure(home)
    except (sqlite3.OperationalError, OSError) as error:
        print(f"Not finished: Prefect's own records or a file are in use ({error}). Stop acto serve. {AGAIN}")
        return FAILED
    if left is None:
        return None
    if any(one.startswith("warehouse/") for one in left):
        print(f"Not finished: {', '.join(left)}. {AGAIN}")
        return FAILED
    print("Erased: from the tables, their published copy, the raw pages, the reports and the records beside them.")
    print(
        f"No backup of before is left in {clean(str(backup_folder(home)))}, and no export in {clean(str(home / EXPORTS))}."
    )
    print("Mails that were sent, and copies that somebody made, are out of reach: delete those yourself.")
    if is_backup_wanted(home):
        print("A new backup:")
        new_backup(home)
    if elsewhere := [file for file, _ in made(home) if file.parent != backup_folder(home)]:
        print("Backups made before that lie elsewhere still hold it. Delete them yourself, then back up again:")
        print("\n".join(f"  {clean(str(file))}" for file in elsewhere))
    if left:
        print(
            "These files and folders of yours, or of others, still name it, or could not be looked into; see to them yourself:"
        )
        print("\n".join(f"  {clean(one)}" for one in left))
        return INCOMPLETE
    return COMPLETE


def finish_in_scan(home: Path) -> list[str]:
    """Finish an erasure that was stopped, if there is one: gives what the report must say of it, without the names of
    files, which may say whom it was about.
    """
    left = finish_erasure(home) or []
    if own := [one for one in left if one.startswith("warehouse/")]:
        return [f"An erasure has not ended yet: {', '.join(own)}. {AGAIN}"]
    if not left:
        return []
    number = count(len(left), "file or folder", "files or folders")
    return [
        f"An erasure was finished, but whom it was about may still be told by {number} in the home folder (what could not be "
        "looked into is among them). This report names none, for its name may say who it is: whoever ran the erasure "
        "should look through acto.toml, roster.csv, subjects/, and the spreadsheets and packed files that people have put there."
    ]


def _show(request: Request, extent: Extent) -> None:
    print(
        f"To be erased for good: {count(extent.items, 'item')} in {count(extent.versions, 'version')}, with "
        f"{count(extent.flags, 'flag')} and {count(extent.decisions, 'decision')} about them; "
        f"{count(extent.reports, 'report telling of them loses its words', 'reports telling of them lose their words')}."
    )
    elsewhere: dict[str, int] = {"entry of the quarantine": extent.refused, **extent.files}
    told = [count(elsewhere.get(one, 0), one, many) for one, many in ELSEWHERE.items() if elsewhere.get(one)]
    print(f"Elsewhere, what tells of them goes too: {', '.join(told) or 'nothing'}.")
    copies = [count(number, one) for number, one in ((extent.backups, "backup"), (extent.exports, "export")) if number]
    if copies:
        then = " A new backup is made afterwards." if extent.backups else ""
        print(f"All copies of the history here go as a whole, whatever they hold: {' and '.join(copies)}.{then}")
    what = "What this account writes" if request.asked_for == "author" else "These items"
    print(f"{what} will not be kept again when a platform shows them: each report says how many were left out.")


def _agreed() -> bool:
    if not sys.stdin.isatty():
        raise ConfigError("This cannot be undone. Say --yes to erase without being asked.")
    return input("This cannot be undone. Type ERASE to go on: ").strip() == "ERASE"
