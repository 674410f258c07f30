"""Retention by the platforms' terms: content that may not be kept any longer is removed, here and from the raw pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from warehouse.spool import slug
from warehouse.statements import set_variables, statement
from warehouse.store import Store
from warehouse.terms import Terms, terms_of

LONG_AGO = timedelta(days=365 * 200)


def apply_terms(store: Store, run_id: str, sources: Mapping[str, str], now: datetime) -> dict[str, int]:
    """Remove what the terms of the sources' platforms no longer let us keep; how many items lost their content, by
    platform.

    `sources` gives the platform of each source that is read through an API. Counters, hashes, states and decisions stay.
    """
    removed: dict[str, int] = {}
    for platform in sorted(set(sources.values())):
        terms = terms_of(platform)
        if terms.keep is None and not terms.remove_what_is_gone:
            continue
        removed[platform] = _expire(store, run_id, platform, terms, now)
    for source, platform in sources.items():
        keep = terms_of(platform).keep
        if keep is not None:
            _remove_raw_pages(store, source, now - keep)
    return removed


def _expire(store: Store, run_id: str, platform: str, terms: Terms, now: datetime) -> int:
    with store.transaction() as connection:
        set_variables(
            connection,
            platform=platform,
            read_before=(now - (terms.keep or LONG_AGO)).isoformat(),
            remove_gone=terms.remove_what_is_gone,
            run_id=run_id,
            now=now.isoformat(),
        )
        connection.execute(statement("expire"))
        row = connection.execute("SELECT count(*) FROM expiring").fetchone()
    return int(row[0]) if row else 0


def _remove_raw_pages(store: Store, source: str, before: datetime) -> None:
    """Remove the pages of a source that were read before; what was read again since lies in younger ones."""
    for page in (store.home / "raw" / slug(source)).glob("*/*.ndjson"):
        if page.stat().st_mtime < before.timestamp():
            page.unlink()
