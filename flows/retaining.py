"""`acto retain`: what is past its time removed now, and holds on what nobody may lose."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path

from rich.console import Console

from checks.catalogue import Check, loadable_checks
from checks.due import judged_up_to
from flows.config import Config, ConfigError, config_or_default, default_home
from flows.days import today
from flows.desk import QUERIES, published_history
from flows.exits import COMPLETE, FAILED, INCOMPLETE
from flows.log_file import logged
from flows.masking import clean
from flows.progress import shown
from flows.report_words import count, day, platform, removal
from flows.unloaded import why_not_loaded
from flows.waiting import tell_who_holds_it
from warehouse.clock import believed
from warehouse.formats import to_json
from warehouse.holds import Held, hold, release
from warehouse.query import QueryError, QueryResult, run_query
from warehouse.retention import Removed, apply_periods, apply_terms
from warehouse.runs import end_run, start_run
from warehouse.snapshot import publish
from warehouse.store import Store, open_store
from warehouse.terms import terms_of


def retain(
    *,
    hold_item: str | None,
    release_item: str | None,
    reason: str | None,
    review_by: date | None,
    list_holds: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Do what the options of `acto retain` ask for; without any, remove what is past its time. The exit code.

    Raises ConfigError for options that do not go together, warehouse.store.StoreError for an item that cannot be held.
    """
    asked = [
        name for name, given in (("--hold", hold_item), ("--release", release_item), ("--list", list_holds)) if given
    ]
    if len(asked) > 1:
        raise ConfigError(f"Say one thing at a time: {' or '.join(asked)}.")
    if dry_run and asked:
        raise ConfigError(f"--dry-run shows what would be removed; it does not go with {asked[0]}.")
    if (reason is not None or review_by is not None) and asked not in (["--hold"], ["--release"]):
        raise ConfigError("--reason and --review-by belong to --hold, and --reason to --release.")
    if hold_item:
        return _hold(hold_item, reason, review_by)
    if release_item:
        return _release(release_item, reason, review_by)
    return _list(as_json=as_json) if list_holds else _remove_now(dry_run=dry_run, as_json=as_json)


def remove_what_is_due(
    store: Store, run_id: str, config: Config, now: datetime, checks: Sequence[Check] | None, *, dry_run: bool = False
) -> Removed:
    """Remove what the platforms' terms and [retention] ask for; what that was. With `dry_run` nothing is changed.

    What one of `checks` has not judged yet stays, or it would never be read. `checks` is None while one cannot be loaded: what
    that has not judged nobody knows, and nothing is removed for its age, as by a clock that is not believed (warehouse.clock).
    Where the terms of a platform could not be applied, that is raised when all else has been removed.
    """
    platforms = {name: source.platform for name, source in config.sources.items()}
    now = believed(store, run_id, now)
    removed, failed = Removed(), None
    try:
        removed = sum(apply_terms(store, run_id, platforms, now, dry_run=dry_run).values(), removed)
    except Exception as error:
        failed = error
    if checks is not None:
        up_to = judged_up_to(store, checks)
        removed += apply_periods(store, run_id, config.periods, up_to, now, dry_run=dry_run)
    if failed:
        raise failed
    return removed


def in_words(removed: Removed) -> list[str]:
    """A line for each kind of thing that was removed."""
    numbers = [
        ("item", rule, number) for rule, number in sorted(removed.items.items(), key=lambda one: (-one[1], one[0]))
    ]
    numbers += [("entry", "", removed.entries), ("report", "", removed.reports), ("page", "", removed.pages)]
    return [removal(what, rule, number) for what, rule, number in numbers if number]


def standing_holds(history: Path) -> QueryResult | None:
    """The holds in the published history; None where that was written before there were holds."""
    try:
        return run_query(history, (QUERIES / "holds.sql").read_text(encoding="utf-8"))
    except QueryError:
        return None


def _remove_now(*, dry_run: bool, as_json: bool) -> int:
    home = default_home()
    config = config_or_default(home)
    if not (home / "warehouse").exists():
        raise ConfigError(f"There is no history at {home} yet. Try: acto demo, acto scan or acto import FILE")
    checks, faults = loadable_checks()
    unable = why_not_loaded(faults)
    log = nullcontext() if dry_run else logged(home, "retain")
    with log, shown(bars=not as_json), open_store(home, what="retention", on_wait=tell_who_holds_it) as store:
        now = datetime.now(UTC)
        run_id = "dry run" if dry_run else start_run(store, "retention", now)
        try:
            removed = remove_what_is_due(store, run_id, config, now, None if faults else checks, dry_run=dry_run)
        except OSError as error:
            if not dry_run:
                end_run(store, run_id, "failed", "A file could not be removed.", datetime.now(UTC))
            what, again = ("read", "acto retain --dry-run") if dry_run else ("removed", "acto retain")
            print(f"{error.filename} could not be {what} ({error.strerror}). Try again when it can be: {again}")
            return FAILED
        leapt = believed(store, run_id, now) < now
        if not dry_run:
            end_run(store, run_id, "partial" if unable else "complete", " ".join(unable), datetime.now(UTC))
            publish(store)
    if leapt:
        print(
            f"By this machine's clock, {day(now)}, the runs before were long ago, so nothing is removed for its age. If that is "
            "right, the second scan by this clock removes it; where nothing is scanned, acto retain once more. If it is wrong, "
            "set the clock.",
            file=sys.stderr,
        )
    for why in unable:
        print(f"{why} Until that is mended nothing is removed for its age.", file=sys.stderr)
    if as_json:
        print(json.dumps({"dry_run": dry_run, **removed.as_record()}, indent=2))
    else:
        _show(removed, dry_run=dry_run, by_age=not unable)
    return INCOMPLETE if unable else COMPLETE


def _show(removed: Removed, *, dry_run: bool, by_age: bool) -> None:
    lines = in_words(removed)
    if lines:
        print("This would be removed:" if dry_run else "Removed:")
        print("\n".join(f"  {line}" for line in lines))
    else:
        print("Nothing is past its time." if by_age else "By the platforms’ terms nothing is past its time.")
    if number := removed.kept_over["held"]:
        print(f"{count(number, 'post')} past {'its' if number == 1 else 'their'} time, and kept because of a hold.")
    if number := removed.kept_over["not judged"]:
        print(
            f"{count(number, 'post')} past {'its' if number == 1 else 'their'} time, and kept until judged: acto check"
        )
    if dry_run:
        print("Nothing was changed.")


def _hold(item: str, reason: str | None, review_by: date | None) -> int:
    if not (reason or "").strip() or review_by is None:
        raise ConfigError('Say why, and when to look at it again: --reason "…" --review-by 2027-01-31')
    if review_by <= today():
        raise ConfigError(f"--review-by {review_by} is no day to come.")
    with shown(), open_store(default_home(), what="retention", on_wait=tell_who_holds_it) as store:
        held = hold(store, item, (reason or "").strip(), review_by, getpass.getuser(), datetime.now(UTC))
        publish(store)
    print(f"{clean(held.item_id)} is held. To be looked at again by {review_by:%-d %b %Y}.")
    if warning := _bound(held):
        print(warning)
    return COMPLETE


def _bound(held: Held) -> str:
    """What the platform's terms ask for whatever is held."""
    terms = terms_of(held.platform)
    if not held.by_api or (terms.keep is None and not terms.remove_what_is_gone):
        return ""
    name = platform(held.platform)
    when = (
        f"once it could not be read again for {terms.keep.total_seconds() / 3600:g} hours"
        if terms.keep
        else f"once {name} says that it is gone"
    )
    return (
        f"The terms of {name} bind us all the same: its content goes {when}. If you need it beyond that, keep a copy "
        "of your own now (docs/retention.md)."
    )


def _release(item: str, reason: str | None, review_by: date | None) -> int:
    if not (reason or "").strip() or review_by is not None:
        raise ConfigError('Say why it need not be held any longer: --reason "…"')
    with shown(), open_store(default_home(), what="retention", on_wait=tell_who_holds_it) as store:
        held = release(store, item, (reason or "").strip(), getpass.getuser(), datetime.now(UTC))
        publish(store)
    print(f"{clean(held.item_id)} is held no longer. What is past its time goes tonight, or now: acto retain")
    return COMPLETE


def _list(*, as_json: bool) -> int:
    found = standing_holds(published_history())
    if found is None:
        raise ConfigError("The published history is older than this program. Bring it up to date: acto retain")
    if as_json:
        print(to_json(found))
        return COMPLETE
    if not found.rows:
        print("Nothing is held.")
    console = Console(highlight=False, soft_wrap=True)
    for item, reason, review_by, held_by, held_at in found.rows:
        due = " REVIEW OVERDUE" if review_by < today() else ""
        console.print(f"{clean(item)}{due}", style="bold", markup=False)
        console.print(
            f"    {clean(reason)}\n    Held by {clean(held_by)} on {held_at:%-d %b %Y}; look at it again by "
            f"{review_by:%-d %b %Y}.",
            markup=False,
        )
    return COMPLETE
