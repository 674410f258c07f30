"""Retention: content that may not, or need not, be kept any longer is removed, here and from the files beside it.

Two rules say what: the platforms' terms, and the periods of [retention] in acto.toml. docs/retention.md has the table of
what is kept where and for how long.

Of everything the files go first and the rows last, in one transaction: what a kill leaves undone is due again next time.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import orjson

from warehouse.encryption import EncryptionError
from warehouse.evidence.chain import leave_out_altered, seal_changes, seal_subjects
from warehouse.evidence.raw import remove_lines, remove_pages
from warehouse.frozen import NOTES, blot_out_of_files, blot_out_of_tables, due_quotes, remove_report_files
from warehouse.raw import pages_before, pages_of
from warehouse.rebuild import want_rebuild_in_time
from warehouse.statements import set_variables, statement
from warehouse.store import Store
from warehouse.terms import Terms, terms_of

LONG_AGO = timedelta(days=365 * 200)
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Periods:
    """For how long content is kept that the platforms' terms leave to us: if it was not flagged, since it was last new; if
    its flags were dismissed, or closed, since that decision.
    """

    unflagged: timedelta = timedelta(days=30)
    dismissed: timedelta = timedelta(days=90)
    closed: timedelta = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Removed:
    """What was removed, or is due: items by rule, and entries of the quarantine, raw pages and reports.

    `kept_over` counts the items that are past their time and stay, by why: held, not judged.
    """

    items: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    pages: int = 0
    reports: int = 0
    kept_over: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: Removed) -> Removed:
        return Removed(
            self.items + other.items,
            self.entries + other.entries,
            self.pages + other.pages,
            self.reports + other.reports,
            self.kept_over + other.kept_over,
        )

    def as_record(self) -> dict[str, object]:
        """The same for machines."""
        return {
            "items": dict(self.items),
            "entries": self.entries,
            "pages": self.pages,
            "reports": self.reports,
            "kept_over": dict(self.kept_over),
        }


def apply_terms(
    store: Store, run_id: str, sources: Mapping[str, str], now: datetime, *, dry_run: bool = False
) -> dict[str, Removed]:
    """Remove what the terms of the sources' platforms no longer let us keep; what that was, by platform.

    `sources` gives the platform of each source that is read through an API; to them come those that were read in earlier
    runs, since the terms outlive the configuration. Counters, hashes, states and decisions stay. With `dry_run` nothing is
    changed.

    Where it fails for a platform the others have their turn all the same; then the first error is raised.
    """
    removed: dict[str, Removed] = {}
    failed: Exception | None = None
    all_sources = {**_read_before(store), **sources}
    for platform in sorted(set(all_sources.values())):
        terms = terms_of(platform)
        if terms.keep is not None or terms.remove_what_is_gone:
            own = [source for source in all_sources if all_sources[source] == platform]
            try:
                removed[platform] = _by_terms(store, run_id, platform, own, terms, now, dry_run)
            except Exception as error:
                logger.exception("Removing what goes by %s failed", _terms_of(platform))
                failed = failed or error
    if failed:
        raise failed
    return removed


def _read_before(store: Store) -> dict[str, str]:
    rows = store.connection().execute("SELECT DISTINCT source, platform FROM store.coverage WHERE platform <> 'import'")
    return dict(rows.fetchall())


def _by_terms(
    store: Store, run_id: str, platform: str, sources: Sequence[str], terms: Terms, now: datetime, dry_run: bool
) -> Removed:
    connection = store.connection()
    set_variables(
        connection,
        platform=platform,
        sources=list(sources),
        read_before=(now - (terms.keep or LONG_AGO)).isoformat(),
        reports_before=(now - LONG_AGO).isoformat(),
        remove_gone=terms.remove_what_is_gone,
        rule="not read again",
        now=now.isoformat(),
    )
    connection.execute(statement("due_by_terms"))
    pages = (
        [page for source in sources for page in pages_before(store.home, source, now - terms.keep)]
        if terms.keep
        else []
    )
    if terms.remove_what_is_gone and not dry_run:
        # Of what is gone nothing may lie in younger pages either.
        gone = {own_id for (own_id,) in connection.execute(
            "SELECT substr(item_id, length(getvariable('platform')) + 2) FROM expiring"
        ).fetchall()}  # fmt: skip
        for page in [page for source in sources for page in pages_of(store.home, source)] if gone else []:
            try:
                remove_lines(store, page, gone, _terms_of(platform), now)
            except (EncryptionError, orjson.JSONDecodeError):
                # It may hold their words, and nobody can take them out of it: it goes as a whole.
                logger.warning("%s is damaged and may hold what is gone, so it is removed", page)
                pages.append(page)
    removed = _remove(store, connection, run_id, pages, _terms_of(platform), now, dry_run)
    connection.close()
    return removed


def apply_periods(
    store: Store, run_id: str, periods: Periods, judged_up_to: int, now: datetime, *, dry_run: bool = False
) -> Removed:
    """Remove what is past the periods; what that was. With `dry_run` nothing is changed.

    `judged_up_to` is the revision_id up to which every check has judged: what comes after it stays, so that nothing goes
    unread. What is held stays; so does what is under a flag, and what either answers.
    """
    connection = store.connection()
    before = now - periods.unflagged
    set_variables(
        connection,
        sources=None,
        read_before=before.isoformat(),
        unflagged_before=before.isoformat(),
        reports_before=(now - periods.closed).isoformat(),
        dismissed=periods.dismissed.total_seconds(),
        closed=periods.closed.total_seconds(),
        judged_up_to=judged_up_to,
        rule="not flagged",
        now=now.isoformat(),
    )
    connection.execute(statement("due_by_period"))
    pages = pages_before(store.home, None, before)
    removed = _remove(store, connection, run_id, pages, "the periods of acto.toml", now, dry_run)
    kept = connection.execute("SELECT kept_for, count(*) FROM kept_over GROUP BY ALL").fetchall()
    connection.close()
    return removed + Removed(kept_over=Counter(dict(kept)))


def _remove(
    store: Store,
    connection: duckdb.DuckDBPyConnection,
    run_id: str,
    pages: Sequence[Path],
    why: str,
    now: datetime,
    dry_run: bool,
) -> Removed:
    """Remove the items in `expiring`, the reports that quote them, these raw pages, and entries of the quarantine. `why` goes
    into the chain, in words for `acto verify`.
    """
    set_variables(connection, run_id=run_id, now=now.isoformat(), **NOTES)
    connection.execute(statement("due_reports"))
    reports = connection.execute("SELECT report_id, run_id FROM due_reports").fetchall()
    quotes = due_quotes(connection)
    if not dry_run:
        remove_report_files(store.home, reports)
        blot_out_of_files(store.home, quotes)
        remove_pages(store, pages, why, now)
    with store.lock:
        connection.execute("BEGIN")
        try:
            connection.execute(statement("due_entries"))
            entries = connection.execute("SELECT count(*) FROM entries").fetchone()
            if not dry_run:
                _name_what_changes(connection)
                for name in ("expire_entries", "expire", "expire_reports"):
                    connection.execute(statement(name))
                blot_out_of_tables(connection, quotes)
                seal_changes(connection, "removed", why, now)
            if pages:
                connection.execute(
                    "INSERT INTO store.removed SELECT 'page', NULL, getvariable('rule'), $run_id, $now FROM range($pages)",
                    {"run_id": run_id, "now": now, "pages": len(pages)},
                )
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("ROLLBACK" if dry_run else "COMMIT")
    rules = connection.execute("SELECT rule, count(*) FROM expiring GROUP BY ALL").fetchall()
    removed = Removed(Counter(dict(rules)), entries[0] if entries else 0, len(pages), len(reports) + len(quotes))
    if (removed.items or removed.entries or removed.reports) and not dry_run:
        want_rebuild_in_time(store.home / "warehouse")
    return removed


def _name_what_changes(connection: duckdb.DuckDBPyConnection) -> None:
    """Name, before it is done, what is to lose words, for the chain. What somebody has altered is not among it: a new seal
    would bless that, so it gets none and goes on showing as damage.
    """
    seal_subjects(
        connection,
        version="SELECT revision_id FROM store.revision SEMI JOIN expiring USING (item_key)",
        flag="SELECT flag_id FROM store.flag SEMI JOIN expiring USING (item_key)",
        refused="SELECT quarantine_id FROM entries",
        report="SELECT report_id FROM due_reports UNION ALL SELECT report_id FROM due_quotes",
    )
    for kind in ("version", "flag", "refused", "report"):
        leave_out_altered(connection, kind)


def _terms_of(platform: str) -> str:
    return f"the terms of {platform}"
