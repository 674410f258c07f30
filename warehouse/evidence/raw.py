"""Raw pages in step with the chain: removed, written anew, and put right after a kill."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from warehouse.encryption import EncryptionError
from warehouse.evidence.chain import seal_changes, seal_subjects, take_in
from warehouse.evidence.raw_page import SealedPage, seal_page
from warehouse.files import put_in_place
from warehouse.raw import read_page, without, write_aside
from warehouse.raw import remove_pages as remove_files

if TYPE_CHECKING:
    from warehouse.store import Store


def pages_on_disk(home: Path) -> set[str]:
    """The names (paths under the home) of all files among the raw pages."""
    return {str(path.relative_to(home)) for path in (home / "raw").rglob("*") if not path.is_dir()}


def sealed_pages(connection: duckdb.DuckDBPyConnection) -> Iterable[SealedPage]:
    """The raw pages that should be there, in the order of their names."""
    answer = connection.execute(
        """SELECT subject, salt, digest, marks FROM store.seal WHERE kind = 'page' AND salt IS NOT NULL ORDER BY subject"""
    )
    while rows := answer.fetchmany(200):
        yield from (SealedPage(*row) for row in rows)


def remove_pages(store: Store, pages: Sequence[Path], about: str, at: datetime) -> None:
    """Remove raw pages, and the folders that are empty without them; that and why they are gone goes into the chain first, so
    that a kill cannot leave it unsaid.
    """
    if not pages:
        return
    sealed = _sealed(store, [str(page.relative_to(store.home)) for page in pages])
    with store.transaction() as connection:
        seal_subjects(connection, page="SELECT 1 WHERE false")
        seal_changes(connection, "removed", about, at, removed_pages=sorted(sealed))
    remove_files(pages)


def remove_lines(store: Store, page: Path, ids: Collection[str], about: str, at: datetime) -> None:
    """Take the items with these ids of the platform out of a page."""
    _replace(store, page, lambda lines: without(lines, ids), about, at)


def keep_lines(store: Store, page: Path, wanted: Callable[[bytes], bool], about: str, at: datetime) -> None:
    """Take the lines that are not `wanted` out of a page. Raises EncryptionError where it cannot be deciphered."""
    _replace(
        store, page, lambda lines: b"".join(line for line in lines.splitlines(keepends=True) if wanted(line)), about, at
    )


def _replace(store: Store, page: Path, left_of: Callable[[bytes], bytes], about: str, at: datetime) -> None:
    """Replace the content of a raw page by what is left of it; the page keeps its age, and without lines it goes. A page
    that is not as it was sealed gets no new seal: the damage must go on showing.
    """
    lines = read_page(page, store.keys.raw)
    left = left_of(lines)
    if left == lines:
        return
    if not left:
        remove_pages(store, [page], about, at)
        return
    name = str(page.relative_to(store.home))
    fresh = write_aside(page, left, store.keys.raw, read_at=page.stat().st_mtime)
    before = _sealed(store, [name]).get(name)
    if before and before.holds(lines):
        with store.transaction() as connection:
            seal_subjects(connection, page="SELECT 1 WHERE false")
            seal_changes(connection, "removed", about, at, pages=[seal_page(name, left)])
    put_in_place(fresh, page)


def begin_chain(store: Store, at: datetime) -> None:
    """Begin the chain where there is none yet: what an earlier version of the program has kept is taken in as it is. A page
    that cannot be deciphered is not, and stays without a seal.
    """
    if store.connection().execute("SELECT 1 FROM store.link LIMIT 1").fetchone():
        return
    with store.transaction() as connection:
        take_in(connection, _seals_of_all(store), at)


def put_right(store: Store, stopped_runs: Collection[str]) -> None:
    """Finish what a kill has left half done among the raw pages: a page that was about to be replaced is, one whose removal
    is recorded goes, and so does one that a stopped run had written and not landed: its source is read again.
    """
    connection = store.connection()
    sealed = {page.name: page for page in sealed_pages(connection)}
    known = connection.execute("SELECT DISTINCT subject FROM store.seal WHERE kind = 'page'").fetchall()
    connection.close()
    removed = {name for (name,) in known} - sealed.keys()
    for name in sorted(pages_on_disk(store.home) - sealed.keys()):
        path = store.home / name
        target = path.with_suffix(".ndjson")
        if path.suffix == ".part":
            page = sealed.get(str(target.relative_to(store.home)))
            if page and _becomes(store, path, target, page):
                put_in_place(path, target)
            else:
                path.unlink()
        elif name in removed or path.name.startswith(tuple(f"{run}-" for run in stopped_runs)):
            remove_files([path])


def _becomes(store: Store, fresh: Path, target: Path, page: SealedPage) -> bool:
    """Whether a file made aside is what the page was sealed as."""
    return any(page.holds(lines) for lines in _readings(store, fresh, target.name))


def _seals_of_all(store: Store) -> Iterator[SealedPage]:
    for name in sorted(name for name in pages_on_disk(store.home) if name.endswith(".ndjson")):
        lines = next(_readings(store, store.home / name, None), None)
        if lines is not None:
            yield seal_page(name, lines)


def _readings(store: Store, path: Path, name: str | None) -> Iterator[bytes]:
    """What a file says, as each key that it may be under opens it."""
    for key in (store.keys.raw, *store.keys.earlier_raw):
        with suppress(EncryptionError):
            yield read_page(path, key, name=name)


def _sealed(store: Store, names: Sequence[str]) -> dict[str, SealedPage]:
    connection = store.connection()
    rows = connection.execute(
        """SELECT subject, salt, digest, marks FROM store.seal
           WHERE kind = 'page' AND salt IS NOT NULL AND subject IN (SELECT unnest(?::VARCHAR[]))""",
        [list(names)],
    ).fetchall()
    connection.close()
    return {row[0]: SealedPage(*row) for row in rows}
