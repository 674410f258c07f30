"""`acto doctor`: what is set up and what is not, one line each, with the way to mend it; and the terms that bind us."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from flows.backing_up import backup_finding
from flows.config import Config, ConfigError, default_home, load_config
from flows.doctor.desk import review_finding
from flows.doctor.disk import disk_finding
from flows.doctor.history import hold_findings, outbox_findings, published_findings
from flows.doctor.mail_server import mail_finding
from flows.doctor.members import roster_finding
from flows.doctor.network import clock_findings, look_up, network_findings
from flows.doctor.schedule import schedule_findings
from flows.doctor.scorer import scorer_finding
from flows.doctor.showing import show, show_json
from flows.doctor.sources import look_at_sources
from flows.encryption_finding import encryption_finding
from flows.exits import COMPLETE, FAILED
from flows.finding import Finding
from flows.privacy import missing_papers, real_sources
from flows.report_words import capitalised
from flows.watchdog import watchdog_finding
from warehouse.terms import rules


def examine(*, as_json: bool, home: Path | None = None) -> int:
    """Print what was found in `home` (None: $ACTO_HOME); 0 if nothing is broken, else 1."""
    home = home or default_home()
    platforms: set[str] = set()
    try:
        config = load_config(home)
    except ConfigError as error:
        findings = [_unusable(home, str(error))]
    else:
        findings = list(_findings(config))
        platforms = {source.platform for source in config.sources.values()}
    bound = [rule for rule in rules() if rule.platform in platforms]
    (show_json if as_json else show)(findings, bound)
    return FAILED if any(one.outcome == "broken" for one in findings) else COMPLETE


def _unusable(home: Path, why: str) -> Finding:
    mend = f"nano {home / 'acto.toml'}" if (home / "acto.toml").exists() else "acto init"
    return Finding("configuration", "broken", why, mend)


def _findings(config: Config) -> Iterator[Finding]:
    home = config.home
    yield Finding("configuration", "ok", str(home / "acto.toml"))
    yield _privacy(config)
    names = look_up(config)
    yield from network_findings(names)
    if not config.sources:
        yield Finding(
            "sources",
            "broken",
            "No source is configured: add [sources.NAME] to acto.toml (docs/configuration.md).",
            f"nano {home / 'acto.toml'}",
        )
    looks = look_at_sources(config, names)
    yield from (look.finding for look in looks)
    yield from clock_findings([look.clock_ahead for look in looks if look.clock_ahead is not None])
    parts: dict[str, Callable[[], Iterable[Finding]]] = {
        "mail": lambda: [mail_finding(config, names)],
        "outbox": lambda: outbox_findings(home),
        "roster": lambda: [roster_finding(config)],
        "scorer": lambda: [scorer_finding()],
        "encryption": lambda: [encryption_finding(home)],
        "schedule": lambda: schedule_findings(config),
        "history": lambda: published_findings(home),
        "review page": lambda: [review_finding(config)],
        "holds": lambda: hold_findings(home),
        "backup": lambda: backup_finding(home),
        "watchdog": lambda: [watchdog_finding(config)],
        "disk": lambda: [disk_finding(home)],
    }
    for about, part in parts.items():
        yield from _guarded(about, part, home)


def _guarded(about: str, part: Callable[[], Iterable[Finding]], home: Path) -> list[Finding]:
    """What a part finds; a fault in it is a line, and the others are still looked at."""
    try:
        return list(part())
    except Exception as fault:
        says = f"This could not be looked at ({type(fault).__name__}). Tell whoever looks after this program."
        return [Finding(about, "broken", says, f"ls -la {home}")]


def _privacy(config: Config) -> Finding:
    missing, real = missing_papers(config), real_sources(config)
    if not missing:
        papers = config.privacy
        return Finding("privacy", "ok", f"papers recorded on {papers.recorded_on:%-d %B %Y}")
    said = f"{capitalised(missing)}: fill in the templates in docs/privacy/, and record them under [privacy]."
    mend = f"nano {config.home / 'acto.toml'}"
    if real:
        return Finding("privacy", "broken", f"{said} Until then acto scan is refused ({', '.join(real)}).", mend)
    return Finding("privacy", "warning", f"{said} Until then no source beyond this machine is read.", mend)
