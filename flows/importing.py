"""`acto import`: files of items landed in the warehouse, to be checked on the next scan."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from connectors.errors import SourceError
from connectors.files import read_file
from connectors.mapping import FieldMap, parse_mapping
from flows.config import ConfigError, default_home
from flows.exits import COMPLETE, FAILED, INCOMPLETE, worst
from flows.log_file import logged, name_run
from flows.masking import clean
from flows.progress import logger, shown, working
from flows.publishing import publish_shown
from flows.report_words import count
from flows.waiting import tell_who_holds_it
from warehouse.landing import land
from warehouse.runs import Coverage, end_run, record_coverage, start_run
from warehouse.space import require_room
from warehouse.store import Store, open_store

OUTCOME_CODES = {"complete": COMPLETE, "partial": INCOMPLETE, "unread": FAILED}


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """What came of one file; `notes` say what the reader should know although nothing is missing."""

    path: Path
    coverage: Coverage
    notes: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 if every entry landed, 3 if some went to quarantine or times could not be read, 1 if the file could not be."""
        return worst(OUTCOME_CODES[self.coverage.outcome], INCOMPLETE if self.coverage.quarantined else COMPLETE)


def import_files(files: list[Path], source: str, mapping: list[str], *, scanned_next: bool, as_json: bool) -> int:
    """Land `files` under the name `source` and print what came of it; the gravest exit code of all files.

    Raises ConfigError for files that are not there, connectors.errors.SourceError for a mapping that cannot be used.
    """
    if not files:
        raise ConfigError("Say which file to import: acto import FILE...")
    if missing := [path for path in files if not path.is_file()]:
        raise ConfigError(f"There is no file {missing[0]}.")
    fields = parse_mapping(mapping)
    home = default_home()
    require_room(home, "this import", files=sum(path.stat().st_size for path in files))
    with (
        logged(home, "import"),
        shown(bars=not as_json),
        open_store(home, what="import", on_wait=tell_who_holds_it) as store,
    ):
        run_id = start_run(store, "import", datetime.now(UTC))
        name_run(run_id)
        imported = [_import_file(store, run_id, source, path, fields) for path in files]
        outcome = "complete" if all(file.exit_code == COMPLETE for file in imported) else "partial"
        end_run(store, run_id, outcome, "", datetime.now(UTC))
        for file in imported:
            counted = file.coverage
            read, new = count(counted.items_seen, "item"), f"{counted.items_new:,}"
            logger.info(
                "A file is %s: %s read, %s new, %s in quarantine", counted.outcome, read, new, counted.quarantined
            )
        publish_shown(store)
    if as_json:
        print(json.dumps([_as_record(file) for file in imported], ensure_ascii=False, indent=2))
    else:
        _show(imported, scanned_next=scanned_next)
    return worst(*(file.exit_code for file in imported))


def _import_file(store: Store, run_id: str, source: str, path: Path, fields: FieldMap) -> ImportedFile:
    """Land one file page by page; a file that turns out unreadable keeps what has landed, and says why."""
    counted = Coverage(run_id=run_id, source=source, platform="import", outcome="complete", reason="")
    notes: list[str] = []
    up_to, found = 0, 0

    def read_up_to(byte: int) -> None:
        nonlocal up_to
        up_to = max(up_to, byte)

    try:
        with working(path.name, of=path.stat().st_size) as work:
            for page in read_file(path, fields, read_up_to):
                landed = land(store, run_id, source, page, None)
                counted = replace(
                    counted,
                    items_seen=counted.items_seen + landed.seen,
                    items_new=counted.items_new + landed.new,
                    items_edited=counted.items_edited + landed.edited,
                    quarantined=counted.quarantined + landed.quarantined,
                    outcome="partial" if page.gaps else counted.outcome,
                    reason=" ".join([counted.reason, *page.gaps]).strip(),
                )
                # Items that were erased are left out, and read all the same.
                found += len(page.items)
                notes += page.notes
                if landed.left_out:
                    notes.append(f"{count(landed.left_out, 'entry', 'entries')} left out because erased.")
                work.at(up_to, count(counted.items_seen, "item"))
        if counted.quarantined and not found:
            nothing = (
                f"Nothing of {clean(path.name)} could be read. If its columns have other names, say with --map which."
            )
            counted = replace(counted, outcome="partial", reason=f"{counted.reason} {nothing}".strip())
    except SourceError as error:
        outcome = "partial" if counted.items_seen else "unread"
        counted = replace(counted, outcome=outcome, reason=" ".join([counted.reason, str(error)]).strip())
    record_coverage(store, counted)
    return ImportedFile(path, counted, tuple(notes))


def _as_record(file: ImportedFile) -> dict[str, object]:
    counted = file.coverage
    return {
        "file": str(file.path),
        "outcome": counted.outcome,
        "reason": counted.reason,
        "notes": list(file.notes),
        "items_seen": counted.items_seen,
        "items_new": counted.items_new,
        "items_edited": counted.items_edited,
        "quarantined": counted.quarantined,
    }


def _show(imported: list[ImportedFile], *, scanned_next: bool) -> None:
    console = Console(highlight=False)
    for file in imported:
        counted = file.coverage
        console.print(
            f"{clean(file.path.name)}: {count(counted.items_seen, 'item')} read, {counted.items_new:,} new, "
            f"{counted.items_edited:,} edited, {counted.quarantined:,} in quarantine.",
            markup=False,
        )
        if counted.reason:
            console.print(counted.reason, style="yellow", markup=False)
        for note in file.notes:
            console.print(note, markup=False)
        if counted.quarantined:
            console.print('  To see why: acto query "SELECT reason, raw FROM quarantine ORDER BY seen_at DESC"')
    if not scanned_next and any(file.coverage.items_new or file.coverage.items_edited for file in imported):
        console.print("What is new is judged on the next scan, or now: acto check")
