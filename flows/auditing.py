"""`acto audit`: unflagged texts, drawn at random each night, for the Chair to look at; and what they say of what is missed."""

from __future__ import annotations

import getpass
import json
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
from flows.report_words import count
from flows.waiting import tell_who_holds_it
from warehouse.audit import answer_audit
from warehouse.formats import to_json
from warehouse.query import QueryError, QueryResult, run_query
from warehouse.snapshot import publish
from warehouse.store import open_store

# The review page asks the same with what was said a moment ago laid over it.
AS_PUBLISHED = "WITH audit_now AS (FROM store.audit), flag_now AS (FROM flags) FROM ({})"
WHO = {"member": "a member", "official": "ACTO", "public": "somebody else"}


def answer(item: str, missed: Sequence[str], *, fine: bool) -> int:
    """Keep what the Chair found in a drawn item, and publish it.

    Raises ConfigError where nothing is said of it, or two things; warehouse.store.StoreError for an item not drawn.
    """
    if fine == bool(missed):
        raise ConfigError("Say either --fine, or --missed with the clause that should have been flagged.")
    with shown(), open_store(default_home(), what="audit answer", on_wait=tell_who_holds_it) as store:
        answer_audit(store, item, sorted(set(missed)), getpass.getuser(), datetime.now(UTC))
        publish(store)
    if fine:
        print(f"{item}: rightly left alone.")
    else:
        print(f"{item}: should have been flagged: {', '.join(missed)}.")
        print(
            "That is counted, and gives it no flag. To act on it, raise it as a concern on the Chair's page: acto review"
        )
    return COMPLETE


def show_audit(*, as_json: bool) -> int:
    """Print what waits to be looked at, and what the audit has found so far."""
    waiting, result = (_ask(name) for name in ("audit_open", "audit_result"))
    if as_json:
        print(json.dumps({"waiting": json.loads(to_json(waiting)), "result": json.loads(to_json(result))[0]}, indent=2))
        return COMPLETE
    console = Console(highlight=False)
    for row in waiting.rows:
        _show(console, dict(zip(waiting.columns, row, strict=True)))
    if waiting.rows:
        [[of_all]] = _ask("audit_waiting").rows
        if of_all > len(waiting.rows):
            console.print(f"These are the oldest {len(waiting.rows)} of {of_all:,} that wait.")
        console.print("Would you have wanted one flagged? For each:", style="bold")
        console.print("  acto audit ITEM --fine      or      acto audit ITEM --missed O3", markup=False)
    else:
        console.print("Nothing waits to be looked at.")
    console.print(_in_words(dict(zip(result.columns, result.rows[0], strict=True))), markup=False)
    return COMPLETE


def _show(console: Console, item: dict[str, Any]) -> None:
    what = f"{item['platform']} {item['kind'].replace('_', ' ')}, by {WHO[item['author_role']]}"
    console.print(f"{clean(item['item'])}  {what}", style="bold", markup=False)
    if item["answers"]:
        console.print(Padding(Text(f"Answers: {clean(item['answers'])}", style="dim"), (0, 0, 0, 4)))
    console.print(Padding(Text(clean(item["text"])), (0, 0, 0, 4)))
    if item["url"]:
        console.print(f"    {clean(item['url'])}", markup=False, soft_wrap=True)


def _in_words(result: dict[str, Any]) -> str:
    looked_at = result["looked_at"]
    if not looked_at:
        return "No audit item has been looked at yet: how much the checks miss is not known."
    said = f"{count(looked_at, 'audit item')} looked at, {result['found_missed']:,} should have been flagged."
    if not result["flagged"]:
        return f"{said} No flag has been upheld yet: what share the checks find is not known."
    if result["recall"] is None:
        return f"{said} Too few: what share the checks find is not known yet."
    low, share, high = (round(100 * result[name]) for name in ("recall_low", "recall", "recall_high"))
    return f"{said} By that the checks find about {share} % of what you want flagged (between {low} and {high} %)."


def _ask(name: str) -> QueryResult:
    sql = AS_PUBLISHED.format((QUERIES / f"{name}.sql").read_text(encoding="utf-8"))
    try:
        return run_query(published_history(), sql)
    except QueryError:
        raise ConfigError(
            "The published history is older than this program; the next scan brings it up to date. Try: acto scan"
        ) from None
