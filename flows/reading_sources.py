"""Reading all sources of a scan side by side, each a task of Prefect's: one that fails costs the others nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from connectors.errors import PassOver, SourceError, Transient
from flows.config import Config, ConfigError
from flows.faults import kind_of, without_words
from flows.progress import logger
from flows.reading import Reading, why_another_place, why_unreadable
from flows.remarks import remarks_on
from flows.report_words import LONDON
from flows.scan_progress import Telling
from warehouse.runs import Coverage, record_coverage
from warehouse.space import is_full_disk
from warehouse.store import Store


def worth_another_try(_task: Any, _run: Any, state: State) -> bool:
    """Try again only what may pass by itself within the minute; everything else would fail the same way, more slowly."""
    try:
        state.result()
    except PassOver:
        # Nothing more can be had tonight; asked again all the same, a platform may lock us out for longer.
        return False
    except Transient:
        return True
    except Exception:
        return False
    return False


@task(
    task_run_name="read {name}",
    retries=2,
    retry_delay_seconds=[5, 20],
    retry_jitter_factor=0.3,
    retry_condition_fn=worth_another_try,
    cache_policy=NO_CACHE,
    persist_result=False,
)
def read_source(name: str, reading: Reading, store: Store) -> None:
    """Read one source to its end. Retries go on where the last attempt stopped."""
    with without_words():
        reading.read(store)


def read_sources(
    store: Store,
    run_id: str,
    config: Config,
    asked: list[str],
    now: datetime,
    since: datetime | None,
    until: datetime | None,
    progress: Telling,
) -> list[Coverage]:
    """Read the sources side by side; one that fails is recorded with its reason and the rest go on."""
    done: list[Coverage] = []
    readings: dict[str, tuple[Reading, Any]] = {}
    for name, about in config.sources.items():
        if asked and name not in asked:
            done.append(Coverage(run_id, name, about.platform, "skipped", "Not asked for in this run."))
            continue
        try:
            source = config.source(name)
        except ConfigError as unusable:
            of_days = bool(since or until)
            done.append(Coverage(run_id, name, about.platform, "unread", str(unusable), since, until, of_days))
            continue
        remarks = remarks_on(source.platform, about.token_expires, now.astimezone(LONDON).date())
        reading = Reading.begin(store, run_id, source, config.schedule, now, since, until, remarks)
        if error := why_unreadable(source) or why_another_place(store, source):
            done.append(_finished(reading, store, error))
        else:
            logger.info("%s: reading", name)
            future: Any = read_source.submit(name, reading, store)
            readings[name] = (reading, future)
            # Whether its thread has ended; Prefect's server would have to be asked, once a second for each source.
            progress.reads(reading, future.wrapped_future)
    # What one source no longer shows another may: all are read before any is settled.
    ended = [(reading, _error_of(future)) for reading, future in readings.values()]
    done += [_finished(reading, store, error) for reading, error in ended]
    for coverage in done:
        record_coverage(store, coverage)
        progress.settled(coverage)
    return done


def _finished(reading: Reading, store: Store, error: SourceError | None) -> Coverage:
    """What was read of a source; a fault in settling its states costs that, not the night."""
    try:
        return reading.finish(store, error)
    except Exception as fault:
        logger.exception("%s could not be settled", reading.source.name)
        reason = f"What is gone could not be told ({type(fault).__name__}). Tell whoever runs this."
        return replace(reading.coverage, outcome="partial", reason=reason)


def _error_of(future: Any) -> SourceError | None:
    """What ended a reading, in words for the report; an unexpected fault shows its kind only, as it may hold a secret."""
    try:
        future.result()
    except SourceError as error:
        return error
    except Exception as error:
        if is_full_disk(error):
            return SourceError(
                "The reading stopped because the disk is full. Make room; the next scan goes on from there."
            )
        return SourceError(f"The reading stopped on an unexpected fault ({kind_of(error)}). Tell whoever runs this.")
    return None
