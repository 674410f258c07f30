"""Compose the Chair's report of a run: the text, the page and one frozen message for each recipient."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from textwrap import wrap
from typing import Any, Literal

import css_inline
import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from flows import report_words
from flows.excerpt import Excerpt, excerpt
from flows.masking import Mask
from flows.message import freeze_message
from flows.missed_nights import about_missed_nights
from flows.report_facts import SEVERITIES, Facts, Finding, FlaggedItem, Older, read_facts
from flows.report_words import answer, clip, not_read, preheader, subject
from warehouse.outbox import FrozenReport

Level = Literal["notice", "redacted", "full"]
# Gmail cuts a mail off near 102 kB of HTML.
LARGEST_HTML = 90_000
SHOWN = (25, 15, 8, 3, 1)

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html.j2"], default=False),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_INLINER = css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One flag as the report shows it; `excerpt` is None where the text is not kept or the level is "notice"."""

    flag_id: str
    clause: str
    title: str
    severity: str
    reason: str
    excerpt: Excerpt | None
    next_step: str
    flagged_before: datetime | None
    edited_since: bool
    edited_away: bool
    found_again: bool


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One item as the report shows it."""

    severity: str
    kind: str
    platform: str
    author: str
    created_at: datetime | None
    link: str | None
    gone: bool
    findings: list[ShownFinding]


def compose(
    connection: duckdb.DuckDBPyConnection,
    *,
    run_id: str,
    level: Level,
    recipients: Sequence[str],
    sender: str,
    now: datetime,
    roster_names: Sequence[str],
    next_steps: Mapping[str, str],
    problems: Sequence[str],
    older: Older | None = None,
) -> FrozenReport:
    """The report of `run_id` as of `now` (aware): the same warehouse and arguments give the same bytes.

    `level` is how much of an item is shown: "notice" counts and links, "redacted" masked excerpts, "full" everything.
    `next_steps` says by check id what the policy suggests next; `problems` are sentences about what went wrong; `older` is
    what has still to be judged again.
    The connection sees the public views and `store`; nothing is written.
    """
    facts = read_facts(connection, run_id, now)
    missed = about_missed_nights(connection, run_id, now, all_read=not not_read(facts) and not problems)
    items = [_shown(item, level, roster_names, next_steps) for item in facts.items[: SHOWN[0]]]
    title = subject(facts, problems, now)
    for shown in SHOWN:
        words = _words(facts, items[:shown], level, run_id, recipients, now, problems, missed)
        words["older"] = report_words.older_left(older)
        html = _INLINER.inline(_TEMPLATES.get_template("report.html.j2").render(words, subject=title))
        if len(html.encode()) <= LARGEST_HTML:
            break
    plain = _TEMPLATES.get_template("report.txt.j2").render(words, subject=title)
    return FrozenReport(
        report_id=f"report-{run_id}",
        run_id=run_id,
        composed_at=now,
        subject=title,
        html=html,
        plain=plain,
        flag_ids=[finding.flag_id for item in facts.items for finding in item.findings],
        messages=[
            freeze_message(run_id, recipient, sender=sender, subject=title, plain=plain, html=html, at=now)
            for recipient in recipients
        ],
        quoted=[item.item_id for item in facts.items],
    )


def _words(
    facts: Facts,
    items: list[ShownItem],
    level: Level,
    run_id: str,
    recipients: Sequence[str],
    now: datetime,
    problems: Sequence[str],
    missed: str,
) -> dict[str, Any]:
    """What the templates need."""
    headline, detail = answer(facts, problems)
    clauses = Counter((finding.clause, clip(finding.title, 120)) for item in facts.items for finding in item.findings)
    return {
        "headline": headline,
        "detail": f"{detail} {missed}".strip(),
        "preheader": preheader(facts),
        "now": now,
        "run_id": run_id,
        "level": level,
        "recipients": recipients,
        "problems": [clip(problem, 500) for problem in problems],
        "facts": facts,
        "groups": [
            (severity, of_this)
            for severity in SEVERITIES
            if (of_this := [item for item in items if item.severity == severity])
        ],
        "more": len(facts.items) - len(items),
        "clauses": sorted(((number, *clause) for clause, number in clauses.items()), key=lambda row: (-row[0], row[1])),
        "changes": {
            change: [row for row in facts.changes if row.change == change] for change in ("edited", "gone", "back")
        },
        "words": report_words,
        "fill": _fill,
    }


def _shown(item: FlaggedItem, level: Level, roster_names: Sequence[str], next_steps: Mapping[str, str]) -> ShownItem:
    mask = Mask([*roster_names, *item.people], everything_shown=level == "full")
    role = report_words.ROLES.get(item.author_role, "somebody")
    who = [clip(name, 60) for name in (item.author_name, item.author_handle) if name] if level == "full" else []
    return ShownItem(
        severity=item.severity,
        kind=report_words.kind(item.platform, item.kind),
        platform=report_words.platform(item.platform),
        author=f"{' '.join(who)} ({role})" if who else role,
        created_at=item.created_at,
        link=report_words.https(item.url),
        gone=item.state in ("absent", "deleted"),
        findings=[_shown_finding(finding, level, mask, next_steps) for finding in item.findings],
    )


def _shown_finding(finding: Finding, level: Level, mask: Mask, next_steps: Mapping[str, str]) -> ShownFinding:
    quiet = level == "notice"
    return ShownFinding(
        flag_id=finding.flag_id,
        clause=finding.clause,
        title=clip(finding.title, 120),
        severity=finding.severity,
        reason="" if quiet else clip(mask.text(finding.reason or ""), 300),
        excerpt=None
        if quiet or finding.text is None
        else excerpt(finding.text, finding.start_char, finding.end_char, mask),
        next_step="" if quiet else clip(next_steps.get(finding.check_id), 400),
        flagged_before=finding.flagged_before,
        edited_since=finding.edited_since,
        edited_away=finding.edited_away,
        found_again=finding.found_again,
    )


def _fill(text: str, indent: int = 0, width: int = 78) -> str:
    """The text in lines of at most `width` characters (a longer link stays whole), all but the first indented."""
    lines = wrap(text, width - indent, break_long_words=False, break_on_hyphens=False)
    return ("\n" + " " * indent).join(lines)
