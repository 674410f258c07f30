"""What the Chair reads and decides from the terminal: open flags, decisions, reports."""

from __future__ import annotations

import getpass
import webbrowser
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from flows.config import ConfigError, default_home
from flows.days import today
from flows.exits import COMPLETE
from flows.masking import clean
from flows.missed_nights import nights_missed_since
from flows.progress import shown
from flows.report_words import LONDON, count, day
from flows.waiting import tell_who_holds_it
from warehouse.files import private_folder
from warehouse.flags import DECISIONS as STATUSES
from warehouse.flags import UNDONE, decide
from warehouse.formats import to_json
from warehouse.query import QueryResult, run_query
from warehouse.snapshot import publish
from warehouse.store import open_store

# What is typed, and the status that it gives; the status itself may be typed too.
DECISIONS = {
    "dismiss": "dismissed",
    "ask-removal": "removal_asked",
    "escalate": "escalated",
    "resolve": "resolved",
    "undo": UNDONE,
} | {status: status for status in STATUSES}
QUERIES = Path(__file__).parent / "queries"


def list_flags(*, also_decided: bool, as_json: bool) -> int:
    """Print the flags that are open, or all of them."""
    sql = (QUERIES / "flags.sql").read_text(encoding="utf-8")
    result = run_query(published_history(), sql if also_decided else f"SELECT * FROM ({sql}) WHERE status = 'open'")
    if as_json:
        print(to_json(result))
    elif result.rows:
        _print_flags(result)
    else:
        print("There are no flags yet." if also_decided else "There are no open flags.")
    if missed := nights_missed_since(published_history(), datetime.now(UTC)):
        Console(stderr=True).print(missed, style="yellow", markup=False, soft_wrap=True)
    return COMPLETE


def decide_flag(flag: str, decision: str, reason: str, expires: date | None) -> int:
    """Keep a decision about a flag, and publish it.

    Raises ConfigError without a reason, with an expiry for anything but a dismissal, or with one that cannot be.
    """
    if not reason.strip():
        raise ConfigError("Say why: --reason must not be empty.")
    status = DECISIONS[decision]
    if expires and status != "dismissed":
        raise ConfigError("Only a dismissal can expire.")
    try:
        end = end_of_dismissal(expires) if expires else None
    except OverflowError:
        raise ConfigError(
            "--expires must be an earlier day; leave it out where the dismissal is to hold for good."
        ) from None
    with shown(), open_store(default_home(), what="decision", on_wait=tell_who_holds_it) as store:
        decide(store, flag, status, reason.strip(), getpass.getuser(), datetime.now(UTC), end)
        publish(store)
    print(f"Flag {flag}: {status.replace('_', ' ')}.")
    return COMPLETE


def end_of_dismissal(last: date) -> datetime:
    """The midnight in London with which `last`, the last day of a dismissal, ends; in UTC.

    Raises ConfigError for a day that is over, OverflowError for the one with which the calendar ends.
    """
    if last < today():
        raise ConfigError(f"{last} is over: a dismissal can end today, or on a later day.")
    return datetime.combine(last + timedelta(days=1), time(), LONDON).astimezone(UTC)


def write_report_again(run: str | None, *, open_it: bool) -> int:
    """Write the report of a run (the last one by default) to a page under the home and say where it is.

    Raises ConfigError where there is none.
    """
    history = published_history()
    rows = run_query(history, (QUERIES / "report.sql").read_text(encoding="utf-8")).rows
    found = [row for row in rows if run is None or row[0] == run]
    if not found:
        raise ConfigError(f"Run {run} has no report." if run else "No report has been written yet. Try: acto scan")
    run_id, html, plain = found[0]
    folder = history.parent / "reports"
    private_folder(folder)
    page = folder / f"{run_id}.html"
    page.write_text(html, encoding="utf-8")
    page.with_suffix(".txt").write_text(plain, encoding="utf-8")
    print(page)
    if open_it:
        webbrowser.open(page.as_uri())
    return COMPLETE


def published_history() -> Path:
    """The published history. Raises ConfigError where there is none yet."""
    path = default_home() / "history.duckdb"
    if not path.exists():
        raise ConfigError(f"There is no history at {path} yet. Try: acto demo, acto scan or acto import FILE")
    return path


def _print_flags(result: QueryResult) -> None:
    """Each flag as a few lines that fit any terminal."""
    console = Console(highlight=False)
    for row in result.rows:
        flag = dict(zip(result.columns, row, strict=True))
        console.print(f"{flag['severity'].upper()}  {flag['clause']}  {flag['title']}", style="bold", markup=False)
        console.print(Padding(Text(f"“{clean(flag['evidence'])}”"), (0, 0, 0, 4)))
        console.print(Padding(Text(flag["reason"]), (0, 0, 0, 4)))
        console.print(
            f"    {clean(flag['item_id'])}  {clean(flag['url'] or '')}".rstrip(), markup=False, soft_wrap=True
        )
        standing = flag["status"].replace("_", " ")
        console.print(
            f"    Flag {flag['flag']}, {standing}, found {day(flag['flagged_at'])}\n", style="dim", markup=False
        )
    console.print(f'{count(len(result.rows), "flag")}. To decide: acto decide FLAG dismiss --reason "…"', markup=False)
