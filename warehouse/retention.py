"""Retention by the platforms' terms: content that may not be kept any longer is removed, here and from the raw pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import orjson

from warehouse.raw import read_page, write_page
from warehouse.spool import slug
from warehouse.statements import set_variables, statement
from warehouse.store import Store
from warehouse.terms import Terms, terms_of

LONG_AGO = timedelta(days=365 * 200)


def apply_terms(store: Store, run_id: str, sources: Mapping[str, str], now: datetime) -> dict[str, int]:
    """Remove what the terms of the sources' platforms no longer let us keep; how many items lost their content, by
    platform.

    `sources` gives the platform of each source that is read through an API; to them come those that were read in earlier
    runs, since the terms outlive the configuration. Counters, hashes, states and decisions stay.
    """
    removed: dict[str, int] = {}
    all_sources = {**_read_before(store), **sources}
    for platform in sorted(set(all_sources.values())):
        terms = terms_of(platform)
        if terms.keep is None and not terms.remove_what_is_gone:
            continue
        own = [source for source in all_sources if all_sources[source] == platform]
        gone = _expire(store, run_id, platform, own, terms, now)
        removed[platform] = len(gone)
        for source in own:
            if terms.keep is not None:
                _remove_raw_pages(store, source, now - terms.keep)
            if terms.remove_what_is_gone and gone:
                _remove_raw_lines(store, source, gone)
    return removed


def _read_before(store: Store) -> dict[str, str]:
    rows = store.connection().execute("SELECT DISTINCT source, platform FROM store.coverage WHERE platform <> 'import'")
    return dict(rows.fetchall())


def _expire(
    store: Store, run_id: str, platform: str, sources: Sequence[str], terms: Terms, now: datetime
) -> frozenset[str]:
    """Empty what has run out; the platform's own ids of it."""
    with store.transaction() as connection:
        set_variables(
            connection,
            platform=platform,
            sources=list(sources),
            read_before=(now - (terms.keep or LONG_AGO)).isoformat(),
            remove_gone=terms.remove_what_is_gone,
            run_id=run_id,
            now=now.isoformat(),
        )
        connection.execute(statement("expire"))
        found = connection.execute("SELECT id FROM expiring").fetchall()
    return frozenset(own_id for (own_id,) in found)


def _remove_raw_pages(store: Store, source: str, before: datetime) -> None:
    """Remove the pages of a source that were read before; what was read again since lies in younger ones."""
    for page in _raw_pages(store, source):
        if page.stat().st_mtime < before.timestamp():
            page.unlink()


def _remove_raw_lines(store: Store, source: str, ids: Collection[str]) -> None:
    """Remove these items from all raw pages of a source."""
    for page in _raw_pages(store, source):
        lines = read_page(page, store.keys.raw).splitlines(keepends=True)
        kept = [line for line in lines if orjson.loads(line).get("id") not in ids]
        if len(kept) < len(lines):
            write_page(page, b"".join(kept), store.keys.raw, read_at=page.stat().st_mtime)


def _raw_pages(store: Store, source: str) -> list[Path]:
    return list((store.home / "raw" / slug(source)).glob("*/*.ndjson"))
