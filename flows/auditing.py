"""`acto audit`: unflagged texts, drawn at random each night, for the Chair to look at; and what they say of what is missed."""

from __future__ import annotations

import getpass
import json
import shlex
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from flows.config import ConfigError, default_home
from flows.desk import QUERIES, published_history
from flows.exits import COMPLETE
from flows.masking import clean
from flows.progress import shown
from flows.report_words import count, recall_in_short, recall_in_words
from flows.waiting import tell_who_holds_it
from warehouse.audit import answer_audit
from warehouse.formats import to_json
from warehouse.query import QueryError, QueryResult, run_query
from warehouse.snapshot import publish
from warehouse.store import open_store

WHO = {"member": "a member", "official": "ACTO", "public": "somebody else"}


def answer(item: str, missed: Sequence[str], *, fine: bool, revision: int | None) -> int:
    """Keep what the Chair found in the drawn version `revision` of an item, or else in its newest that waits, and publish it.

    Raises ConfigError where nothing is said of it, or two things; warehouse.store.StoreError for an item not drawn.
    """
    if fine == bool(missed):
        raise ConfigError("Say either --fine, or --missed with the clause that should have been flagged.")
    clauses = sorted(set(missed))
    with shown(), open_store(default_home(), what="audit answer", on_wait=tell_who_holds_it) as store:
        answer_audit(store, item, clauses, getpass.getuser(), datetime.now(UTC), revision)
        publish(store)
    if fine:
        print(f"{item}: rightly left alone.")
    else:
        print(f"{item}: should have been flagged: {', '.join(clauses)}.")
        print(
            "That is counted, and gives it no flag. To act on it, raise it as a concern on the Chair's page: acto review"
        )
    return COMPLETE


def show_audit(*, as_json: bool) -> int:
    """Print what waits to be looked at, and what the audit has found so far."""
    waiting, recall = _ask("audit_open"), _ask("recall")
    whole, *months = (dict(zip(recall.columns, row, strict=True)) for row in recall.rows)
    if as_json:
        result, *by_month = json.loads(to_json(recall))
        print(json.dumps({"waiting": json.loads(to_json(waiting)), "result": result, "months": by_month}, indent=2))
        return COMPLETE
    console = Console(highlight=False)
    for row in waiting.rows:
        _show(console, dict(zip(waiting.columns, row, strict=True)))
    if waiting.rows:
        [[of_all]] = _ask("audit_waiting").rows
        if of_all > len(waiting.rows):
            console.print(f"These are the oldest {len(waiting.rows)} of {of_all:,} that wait.")
        console.print("Would you have wanted one flagged? For each:", style="bold")
        console.print("  acto audit ITEM --revision 1 --fine      or, in its place,      --missed O3", markup=False)
    else:
        console.print("Nothing waits to be looked at.")
    console.print(recall_in_words(whole))
    if len(months) > 1:
        console.print("By the month in which the texts came:")
        for month in months:
            looked_at = f"{month['looked_at']:,} looked at, {month['found_missed']:,} should have been flagged"
            undecided = f", {count(month['undecided'], 'flag')} not decided" if month["undecided"] else ""
            console.print(f"  {month['month']:%b %Y}: {recall_in_short(month)}; {looked_at}{undecided}")
    return COMPLETE


def _show(console: Console, item: dict[str, Any]) -> None:
    what = f"{item['platform']} {item['kind'].replace('_', ' ')}, by {WHO[item['author_role']]}"
    # As it is typed in the answer, and on one line, so that it can be copied: the answer holds for the version that is shown.
    shown = f"{shlex.quote(clean(item['item']))} --revision {item['revision']}"
    console.print(f"{shown}  {what}", style="bold", markup=False, soft_wrap=True)
    if item["answers"]:
        console.print(Padding(Text(f"Answers: {clean(item['answers'])}", style="dim"), (0, 0, 0, 4)))
    console.print(Padding(Text(clean(item["text"])), (0, 0, 0, 4)))
    if item["url"]:
        console.print(f"    {clean(item['url'])}", markup=False, soft_wrap=True)


def _ask(name: str) -> QueryResult:
    try:
        return run_query(published_history(), (QUERIES / f"{name}.sql").read_text(encoding="utf-8"))
    except QueryError:
        raise ConfigError(
            "The published history is older than this program; the next scan brings it up to date. Try: acto scan"
        ) from None
