"""`acto doctor`: what is set up and what is not, one line each, with the way to mend it; and the terms that bind us."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from checks.roster import RosterError
from checks.scorer.scorer import ScorerError, default_scorer
from flows.backing_up import backup_finding
from flows.config import Config, ConfigError, default_home, load_config
from flows.days import today
from flows.encryption_finding import encryption_finding
from flows.exits import COMPLETE, FAILED
from flows.finding import Finding
from flows.people import people_files
from flows.reading import why_unreadable
from flows.remarks import about_token
from flows.report_words import count
from flows.retaining import standing_holds
from warehouse.terms import Rule, rules

ENOUGH_SPACE = 1_000_000_000
MARKS = {"ok": "ok     ", "warning": "warning", "broken": "BROKEN "}


def examine(*, as_json: bool) -> int:
    """Print what was found; 0 if nothing is broken, else 1."""
    home = default_home()
    findings = list(_findings(home))
    bound = [rule for rule in rules() if rule.platform in _platforms(home)]
    if as_json:
        terms = [{**asdict(rule), "read": rule.read.isoformat()} for rule in bound]
        print(json.dumps({"findings": [asdict(one) for one in findings], "terms": terms}, ensure_ascii=False, indent=2))
    else:
        _show(findings, bound)
    return FAILED if any(one.outcome == "broken" for one in findings) else COMPLETE


def _findings(home: Path) -> Iterator[Finding]:
    try:
        config = load_config(home)
    except ConfigError as error:
        yield Finding("configuration", "broken", str(error))
        return
    yield Finding("configuration", "ok", str(home / "acto.toml"))
    if not config.sources:
        yield Finding("sources", "broken", "No source is configured: add [sources.NAME] (docs/configuration.md).")
    for name in config.sources:
        yield _source(config, name)
    yield _roster(config)
    yield _scorer()
    yield encryption_finding(home)
    yield from _holds(home / "history.duckdb")
    yield from backup_finding(home)
    if config.smtp is None:
        yield Finding(
            "mail", "warning", f"No mail server: reports are left in {home / 'outbox'}. Add [smtp] to send them."
        )
    else:
        yield Finding("mail", "ok", f"{config.smtp.host}, to {', '.join(config.report.to)}")
    free = shutil.disk_usage(home).free
    yield Finding(
        "disk",
        "ok" if free > ENOUGH_SPACE else "warning",
        f"{free / 1e9:.1f} GB free" + ("" if free > ENOUGH_SPACE else ": make room before the next night."),
    )


def _source(config: Config, name: str) -> Finding:
    """Whether a source has all that it needs; nothing is called."""
    settings = config.sources[name]
    about = f"source {name}"
    try:
        source = config.source(name)
    except ConfigError as error:
        return Finding(about, "broken", str(error))
    if obstacle := why_unreadable(source):
        return Finding(about, "broken", str(obstacle))
    if ending := about_token(settings.platform, settings.token_expires, today()):
        return Finding(about, "broken" if "expired" in ending else "warning", ending)
    return Finding(about, "ok", f"{settings.platform}, with all that it needs to be read")


def _roster(config: Config) -> Finding:
    if config.roster is None:
        return Finding("roster", "warning", "No roster: members cannot be told from others. Set [people] roster.")
    try:
        roster, register = people_files(config)
    except RosterError as error:
        return Finding("roster", "broken", str(error))
    now = today()
    ended = sum(not one.holds(now) for one in register)
    said = f"{len(roster.members)} members, {count(len(register) - ended, 'permission')} in force"
    return Finding("roster", "ok", said + (f", {ended} ended" if ended else ""))


def _scorer() -> Finding:
    try:
        default_scorer()
    except ScorerError as error:
        return Finding("scorer", "broken", str(error))
    return Finding("scorer", "ok", "whole, and ready to read")


def _holds(history: Path) -> Iterator[Finding]:
    """What is held, if anything, and whether somebody was to have looked at it again."""
    holds = standing_holds(history) if history.exists() else None
    if holds is None or not holds.rows:
        return
    overdue = sum(row[holds.columns.index("review_by")] < today() for row in holds.rows)
    said = f"{count(len(holds.rows), 'item')} held against retention"
    if overdue:
        yield Finding("holds", "warning", f"{said}, {overdue} past the day of review: acto retain --list")
    else:
        yield Finding("holds", "ok", said)


def _platforms(home: Path) -> set[str]:
    try:
        return {source.platform for source in load_config(home).sources.values()}
    except ConfigError:
        return set()


def _show(findings: list[Finding], bound: list[Rule]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for one in findings:
        console.print(f"{MARKS[one.outcome]} {one.about}: {one.says}", markup=False)
    if bound:
        console.print("\nWhat the platforms' terms ask for, and what is done about it by itself:")
    for rule in bound:
        console.print(f"  {rule.platform}: {rule.says}", markup=False)
        console.print(f"      {rule.source}; read {rule.read:%-d %b %Y}, {rule.sure}", style="dim", markup=False)
