"""`acto scan`: the scan flow run in this process, shown in the terminal."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.config import Config, ConfigError, config_or_default, default_home, load_config
from flows.days import whole_days
from flows.ending import ended_at_once
from flows.exits import COMPLETE
from flows.log_file import log_that_it_is_stopped
from flows.masking import clean
from flows.people import people_of_scan
from flows.prefect_settings import end_server, find_server, set_up_prefect, tell_server_that_it_is_stopped
from flows.privacy import require_papers
from flows.progress import logger, shown
from flows.report_words import count
from warehouse.files import private_folder
from warehouse.key_kinds import HISTORY, READER, new_key
from warehouse.keys import check_keys, keys_for_writing, reader_keys
from warehouse.rekeying import live_from_published
from warehouse.space import require_room

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

    from flows.scan_result import ScanResult


def scan_now(
    sources: list[str], since: date | None, until: date | None, *, email: bool, dry_run: bool, as_json: bool
) -> int:
    """Run the scan and print what came of it; the exit code of design section 4.

    Raises ConfigError where there is nothing to scan, RosterError for a roster that cannot be used.
    """
    home = default_home()
    # A mistake in the configuration is said at once, not after Prefect has started.
    config = config_or_default(home)
    if not (home / "warehouse").exists():
        # With nothing imported either there must be one.
        config = load_config(home)
    config.require(sources)
    require_papers(config, sources)
    whole_days(since, until, datetime.now(UTC))
    people_of_scan(config)
    require_room(home, "a scan")
    check_keys(home)
    published_keys = reader_keys(home)
    if dry_run:
        with (
            tempfile.TemporaryDirectory(prefix="acto-dry-run-") as folder,
            ended_at_once(lambda: shutil.rmtree(folder, ignore_errors=True)),
            _keys_that_nobody_keeps(),
        ):
            copy = _copy_for_trial(home, config, Path(folder), published_keys)
            result = run_flow(copy, home, sources, since, until, email=False, bars=not as_json)
    else:
        result = run_flow(home, home, sources, since, until, email=email, bars=not as_json)
    if as_json:
        print(json.dumps(result.as_record(kept=not dry_run), ensure_ascii=False, indent=2))
    else:
        show(result, home, kept=not dry_run, email=email)
    return result.exit_code


def run_flow(
    home: Path,
    prefect_home: Path,
    sources: list[str],
    since: date | None,
    until: date | None,
    *,
    email: bool,
    bars: bool = True,
) -> ScanResult:
    """Run the scan flow on the store under `home`, with Prefect's own files under `prefect_home`. SIGINT and SIGTERM end this
    process.
    """
    private_folder(home)
    set_up_prefect(prefect_home, quiet=True)
    with shown(bars=bars), ended_at_once(_put_down):
        if "flows.scan" not in sys.modules:
            logger.info("Starting Prefect (about 20 seconds; slower the first time)")
        find_server()
        from flows.forgetting import forget_old_runs
        from flows.scan import scan

        state = cast(
            "State[ScanResult]",
            scan(home=home, sources=sources, since=since, until=until, email=email, return_state=True),
        )
        outcome = state.result(raise_on_failure=False)
        try:
            forget_old_runs()
        except Exception as error:
            logger.warning("Prefect still remembers its old runs (%s)", type(error).__name__)
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


def _put_down() -> None:
    log_that_it_is_stopped()
    end_server()
    tell_server_that_it_is_stopped()


@contextmanager
def _keys_that_nobody_keeps() -> Iterator[None]:
    """Keys of its own for a trial, in this process alone: what a killed trial leaves behind can be read by nobody."""
    names = [name for purpose in (HISTORY, READER) for name in (purpose.variable, purpose.new_variable)]
    before = {name: os.environ.pop(name) for name in names if name in os.environ}
    os.environ.update({HISTORY.variable: new_key(), READER.variable: new_key()})
    try:
        yield
    finally:
        for name in names:
            os.environ.pop(name, None)
        os.environ.update(before)


def _copy_for_trial(home: Path, config: Config, folder: Path, published_keys: list[str | None]) -> Path:
    """A copy of the configuration and the published history inside `folder`, so that a trial knows what is new."""
    file = home / "acto.toml"
    if not file.exists():
        raise ConfigError(f"There is no configuration at {file}: a dry run has nothing to read.")
    # A roster above the home ("../members.csv") lies above the copy in the same way, and still inside `folder`.
    people = [path for path in (config.people.roster, config.people.permissions) if path and not path.is_absolute()]
    above = max((path.parts.count("..") for path in people), default=0)
    copy = folder.joinpath(*["above"] * above, "home")
    private_folder(copy)
    shutil.copy(file, copy)
    for path in people:
        target = Path(os.path.normpath(copy / path))
        private_folder(target.parent)
        shutil.copy(home / path, target)
    if (home / "history.duckdb").exists():
        live_from_published(home / "history.duckdb", published_keys, copy, keys_for_writing(copy))
    return copy


def show(result: ScanResult, home: Path, *, kept: bool, email: bool) -> None:
    """Print the result for a person."""
    console = Console(highlight=False)
    if result.joined:
        console.print(f"The {result.joined} that was under way has just finished; here is what it found.", markup=False)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("Source", "Read", "New", "Edited", "Gone", "What happened"):
        table.add_column(column, justify="left" if column in ("Source", "What happened") else "right")
    for source in result.coverage:
        numbers = (source.items_seen, source.items_new, source.items_edited, source.items_gone)
        words = {
            "complete": "Read completely.",
            "partial": "Partly read.",
            "unread": "NOT READ.",
            "skipped": "Skipped.",
        }
        said = f"{words[source.outcome]} {source.reason}".strip()
        if source.quarantined:
            said += f" {source.quarantined} went to quarantine."
        table.add_row(escape(source.source), *(f"{number:,}" for number in numbers), escape(clean(said)))
    if result.coverage:
        console.print(table)
    else:
        console.print("No source is configured: only what was imported has been checked.")
    console.print(result.found, style="bold")
    if result.judged_again:
        read = count(result.judged_again, "older version was", "older versions were")
        console.print(
            f"{read} judged again with the changed checks: {count(result.flags_later, 'more flag')}, for the next report."
        )
    for problem in result.problems:
        console.print(problem, style="yellow", markup=False)
    if not kept:
        console.print("This was a dry run: nothing was kept or sent.")
        return
    delivered = result.delivered
    if delivered.sent and not delivered.files:
        console.print(f"The report was sent ({delivered.sent}).")
    for path in delivered.files:
        console.print(f"Report: {path}", soft_wrap=True)
    if delivered.files:
        console.print("No mail server is configured, so the report was left as files.")
    if delivered.waiting:
        console.print(f"{delivered.waiting} mail(s) could not be sent yet and wait for the next run.", style="yellow")
    if not email:
        console.print("The report was not sent. To read it: acto report --open")
    if result.exit_code == COMPLETE:
        console.print(f"Run {result.run_id} is complete.")
