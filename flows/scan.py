"""The scan: read every source, judge what is new, tell the Chair, publish the history. The nightly job and the ad-hoc one.

Prefect runs and shows it; what was scanned is recorded in the warehouse, never only in Prefect's database.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.runtime import deployment, flow_run
from prefect.settings import PREFECT_API_URL
from prefect.states import Completed, Failed
from prefect.task_runners import ThreadPoolTaskRunner
from pydantic import Field

from checks.catalogue import Check, loadable_checks
from checks.due import count_new
from checks.roster import Roster
from checks.runner import Judged, run_checks
from flows.artifacts import progress_in_prefect, show_in_prefect
from flows.backing_up import back_up_as_configured
from flows.config import Config, ConfigError, config_or_default, default_home
from flows.days import today, whole_days
from flows.ending import end_if_asked, hear_again
from flows.ending_soon import ending_soon
from flows.erasing import finish_in_scan
from flows.exits import COMPLETE, is_for_a_person
from flows.faults import kind_of, without_words
from flows.joining import job_of, jobs_that_do, result_of_another
from flows.log_file import logged, name_run
from flows.missed_nights import made_up_for, nights_missed_before
from flows.outbox import Delivered, deliver, hold_back
from flows.people import people_of_scan
from flows.privacy import require_papers
from flows.progress import logger, working
from flows.publishing import publish_shown
from flows.reading_sources import read_sources
from flows.recheck import Rechecked, older_left, recheck
from flows.report import compose
from flows.report_facts import Older, count_told
from flows.report_words import count
from flows.retaining import in_words, remove_what_is_due
from flows.review_links import ReviewLinks
from flows.scan_progress import telling
from flows.scan_result import ScanResult
from flows.timestamps import stamp
from flows.unloaded import count_missed, what_is_missed
from flows.waiting import tell_that_it_is_joined, tell_who_holds_it
from flows.watchdog import watched
from warehouse.audit import draw_audit
from warehouse.backups import is_backup_wanted
from warehouse.export import export_if_due
from warehouse.flags import reopen_lapsed, replace_handles
from warehouse.lease import Holder
from warehouse.runs import Coverage, end_run, start_run
from warehouse.space import is_full_disk, require_room
from warehouse.store import Store, open_store

# Reading waits for the network nearly all of its time, so more threads than cores.
RUNNER: Any = ThreadPoolTaskRunner(max_workers=16)
Result = TypeVar("Result")


@task(task_run_name="judge", cache_policy=NO_CACHE, persist_result=False)
def judge(store: Store, run_id: str, roster: Roster, checks: Sequence[Check]) -> Judged:
    """Run each of `checks` over the revisions that it has not judged yet."""
    with without_words(), working("Judging", of=count_new(store, checks)) as work:
        return run_checks(
            store,
            run_id,
            roster=roster,
            checks=checks,
            at=store.now(),
            on_slice=lambda judged: work.at(judged, f"{judged:,} judged"),
        )


@task(task_run_name="judge older versions again", cache_policy=NO_CACHE, persist_result=False)
def judge_older(home: Path, config: Config, roster: Roster, checks: Sequence[Check]) -> Rechecked:
    """Judge again what the checks have judged before they were changed, for as long as the night allows."""
    with without_words():
        return recheck(home, roster, checks, seconds=60 * config.checks.background_minutes)


@flow(
    name="scan",
    flow_run_name="scan",
    task_runner=RUNNER,
    persist_result=False,
    validate_parameters=True,
)
def scan(
    sources: Annotated[list[str], Field(title="Sources", description="Which to read; none named means all.")] = [],  # noqa: B006
    since: Annotated[
        date | None, Field(title="Since", description="Only threads begun on or after this day (London).")
    ] = None,
    until: Annotated[
        date | None, Field(title="Until", description="Only threads begun on or before this day (London).")
    ] = None,
    email: Annotated[bool, Field(title="Send the report", description="Off: the report is composed, not sent.")] = True,
    home: Annotated[
        Path | None, Field(title="Folder", description="Where everything lies; empty means $ACTO_HOME.")
    ] = None,
) -> State:
    """Read the sources, judge what is new, write and send the report, publish the history.

    Args:
        sources: names of sources in acto.toml; an empty list reads all of them.
        since: first day, in London, of the threads to read; empty lets the program decide.
        until: last day, in London, of the threads to read; empty means now.
        email: whether the report is sent.
        home: the folder of acto.toml and the history; empty means $ACTO_HOME.
    """
    hear_again()
    home = home or default_home()
    is_whole_night = email and not sources and since is None and until is None
    history = home / "history.duckdb"
    if is_whole_night and deployment.name and (why := made_up_for(history, flow_run.scheduled_start_time)):
        return Completed(name="MadeUpFor", message=why)
    with logged(home, _what()), without_words(is_for_a_person):
        config = config_or_default(home)

        def work() -> ScanResult:
            return run_scan(home, config, sources=sources, since=since, until=until, email=email)

        result = watched(config, work) if is_whole_night else work()
        for source in result.coverage:
            logger.info("%s: %s, %s read", source.source, source.outcome, count(source.items_seen, "item"))
        logger.info("The scan is %s: %s", result.outcome, result.found)
    if not PREFECT_API_URL.value():
        # A server of our own was asked to end with us, and Prefect would wait for it for minutes.
        end_if_asked()
    try:
        show_in_prefect(result, history)
    except Exception as error:
        logger.warning("Prefect's page does not show what this run read and found (%s)", type(error).__name__)
    words = f"{result.outcome}: {result.found}"
    if result.outcome == "failed":
        return Failed(message=words, data=result)
    name = "Completed" if result.exit_code == COMPLETE else "CompletedWithGaps"
    return Completed(name=name, message=words, data=result)


def run_scan(
    home: Path,
    config: Config,
    *,
    sources: list[str],
    since: date | None,
    until: date | None,
    email: bool,
) -> ScanResult:
    """One scan inside a flow run, from the lease to the published snapshot, and what is judged again after it. Each step
    has its own guard, so that the report goes out whatever failed before it, and says so.

    Raises ConfigError for a source that is not configured, for a real one while no privacy papers are recorded and for days
    that cannot be, warehouse.store.StoreError where
    the store cannot be opened.
    """
    config.require(sources)
    require_papers(config, sources)
    bounds = whole_days(since, until, datetime.now(UTC))
    roster, strangers = people_of_scan(config)
    require_room(home, "a scan")
    if email and (why := config.why_no_mail()):
        # Said now, and not after hours of reading: until the report is ready it can still be mended.
        logger.warning("The report will have to wait. %s", why)
    problems: list[str] = []
    problems += _guarded(problems, "Finishing an erasure that was stopped", lambda: finish_in_scan(home)) or []
    asks_for_all = not sources and bounds == (None, None)
    enough = jobs_that_do(config, email=email) if asks_for_all else ()

    def tell(holder: Holder) -> None:
        (tell_that_it_is_joined if holder.job in enough else tell_who_holds_it)(holder)

    job = job_of(config, email=email) if asks_for_all else ""
    what = _what()
    with (
        open_store(home, what=what, job=job, on_wait=tell) as store,
        telling(home, what, progress_in_prefect()) as progress,
    ):
        if found := result_of_another(store, store.lease.waited_for, enough, home):
            return found
        started_at = store.now()
        run_id = start_run(store, "scan", started_at)
        progress.begin(run_id)
        name_run(run_id)
        if asks_for_all and (missed := nights_missed_before(store.connection(), run_id, started_at)):
            logger.warning(missed)
        reopen_lapsed(store, started_at)
        replace_handles(store, roster.handles(config.official))
        coverage = read_sources(store, run_id, config, sources, started_at, *bounds, progress)
        logger.info("Running the checks")
        progress.step("checking")
        checks, faults = loadable_checks()
        unread_by = _guarded(
            problems, "Counting what was missed", lambda: count_missed(store, run_id, faults, store.now())
        )
        unable = what_is_missed(faults, unread_by or {})
        for said in unable:
            logger.warning("%s", said)
        judged = _guarded(problems, "Checking", lambda: judge(store, run_id, roster, checks))
        unjudged = unable + (judged.problems if judged else [])
        # Where a check could not be run at all, what it would have flagged is no miss.
        if judged and not unable and not judged.failed:
            wanted = config.audit.a_night
            _guarded(problems, "Drawing for the audit", lambda: draw_audit(store, run_id, wanted, started_at))
        _guarded(
            problems,
            "Removing what is past its time",
            lambda: _retain(store, run_id, config, None if faults else checks),
        )
        unstamped = stamp(store, config)
        outcome = _outcome(coverage, problems, unjudged)
        logger.info("Writing the report")
        progress.step("reporting")
        minutes = config.checks.background_minutes
        older = _guarded(problems, "Counting what is older", lambda: older_left(store, checks, minutes))
        ending = _guarded(problems, "Looking what ends soon", lambda: ending_soon(config, today())) or []
        told = problems + unjudged + unstamped
        _guarded(
            problems,
            "The report",
            lambda: _end(store, run_id, config, roster, checks, outcome, told, strangers, older, ending, email),
        )
        counted = _guarded(
            problems, "Counting what is told", lambda: count_told(store.connection(), run_id, store.now())
        )
        delivered = _guarded(problems, "Sending", lambda: _deliver(store, home, config, email)) or Delivered()
        progress.step("ending")
        _guarded(problems, "Publishing the history", lambda: publish_shown(store))
    # What comes of it is in the next report; without one it can wait for the next night.
    again = Rechecked()
    later: list[str] = []
    # A check that could not be run tonight could not later either.
    able = [check for check in checks if judged and check.id not in judged.failed]
    if older and minutes and email and able:
        logger.info("The report is out. Now judging again: %s (Ctrl-C ends it)", count(older.versions, "older version"))
        again = (
            _guarded(later, "Judging older versions again", lambda: judge_older(home, config, roster, able)) or again
        )
    if is_backup_wanted(home):
        # Those of before held what was erased, and are gone.
        _guarded(later, "Backing up after an erasure", lambda: back_up_as_configured(home, config))
    if email and config.backup.weekly_export:
        _guarded(later, "The weekly export", lambda: export_if_due(home, started_at))
    return ScanResult(
        run_id=run_id,
        outcome=_outcome(coverage, problems, unjudged + later + again.problems),
        coverage=coverage,
        flags_new=judged.flags_new if judged else 0,
        delivered=delivered,
        judged_again=again.judged,
        flags_later=again.flags_new,
        problems=problems + unjudged + unstamped + strangers + delivered.problems + later + again.problems,
        told=counted,
    )


def _what() -> str:
    """The run as others are told of it: "nightly scan" where the deployment of that name has started it."""
    name = deployment.name
    return f"{name} scan" if name else "scan"


def _retain(store: Store, run_id: str, config: Config, checks: Sequence[Check] | None) -> None:
    for line in in_words(remove_what_is_due(store, run_id, config, store.now(), checks)):
        logger.info("Removed: %s", line)


def _end(
    store: Store,
    run_id: str,
    config: Config,
    roster: Roster,
    checks: Sequence[Check],
    outcome: str,
    problems: list[str],
    to_mend: list[str],
    older: Older | None,
    ending: list[str],
    email: bool,
) -> None:
    """Freeze the report and end the run in one transaction; a run whose report cannot be composed ends all the same.

    Without `email` nobody gets it, so its flags are told again by the next report that is sent.
    """
    at = store.now()
    try:
        report = compose(
            store.connection(),
            run_id=run_id,
            level=config.report.level,
            level_by_clause=config.report.level_by_clause,
            recipients=config.report.to,
            sender=config.sender,
            now=at,
            roster_names=roster.names,
            next_steps={check.id: check.next_step for check in checks},
            problems=problems,
            to_mend=to_mend,
            older=older,
            ending=ending,
            links=ReviewLinks(config.review.origin),
        )
    except Exception:
        end_run(store, run_id, "failed", "The report could not be composed.", at)
        raise
    if not email:
        report = replace(report, messages=[], flag_ids=[])
    end_run(store, run_id, outcome, " ".join(problems), at, report=report)


def _deliver(store: Store, home: Path, config: Config, email: bool) -> Delivered:
    """Send what is waiting, also from earlier runs. Without `email` it stays waiting for the next run that sends."""
    if not email:
        return Delivered()
    logger.info("Sending the report" if config.smtp else f"Writing the report to {home / 'outbox'}")
    try:
        smtp = config.smtp_settings()
    except ConfigError as error:
        return hold_back(store, str(error))
    return deliver(store, smtp, home, store.now())


def _guarded(problems: list[str], what: str, step: Callable[[], Result]) -> Result | None:
    """The step's result, or None and a problem sentence if it raised: the steps after it still run."""
    try:
        return step()
    except Exception as error:
        logger.exception("%s failed", what)
        why = "the disk is full" if is_full_disk(error) else kind_of(error)
        problems.append(f"{what} failed ({why}). Tell whoever runs this.")
        return None


def _outcome(coverage: list[Coverage], problems: list[str], unjudged: list[str]) -> str:
    """failed: a step of the scan itself failed; partial: a source or a check is missing; else complete."""
    if problems:
        return "failed"
    unread = [source for source in coverage if source.outcome not in ("complete", "skipped")]
    return "partial" if unread or unjudged else "complete"
