"""Publishing the history, with a bar where somebody looks: of a long history it takes a minute."""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread

from flows.progress import Work, is_on_a_terminal, logger, working
from warehouse.snapshot import SNAPSHOT, publish
from warehouse.store import LIVE, Store

# Seconds between two looks at how large the copy is.
A_LOOK = 0.25


def publish_shown(store: Store) -> None:
    """Publish the history of `store`. Raises StoreError as warehouse.snapshot.publish does."""
    logger.info("Publishing the history")
    if not is_on_a_terminal():
        publish(store)
        return
    ended = Event()
    with working("Publishing") as work:
        watching = Thread(target=_watch, args=(store.home, work, ended), daemon=True)
        watching.start()
        try:
            publish(store)
        finally:
            ended.set()
            watching.join()


def _watch(home: Path, work: Work, ended: Event) -> None:
    """Tell how much of the copy there is. The live file also holds what was deleted, so the copy is the smaller of the two."""
    while not ended.wait(A_LOOK):
        try:
            written = (home / f".{SNAPSHOT}.new").stat().st_size
            size = (home / "warehouse" / LIVE).stat().st_size
        except OSError:
            continue
        work.at(min(written, size), f"{written / 1e6:,.0f} MB copied", of=size)
