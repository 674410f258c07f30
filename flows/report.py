"""Compose the Chair's report of a run: the text, the page and one frozen message for each recipient."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from textwrap import wrap
from types import MappingProxyType
from typing import Any

import css_inline
import duckdb

from flows import report_words
from flows.message import freeze_message
from flows.missed_nights import about_missed_nights
from flows.report_answer import answer, not_read, part_asked_for, preheader, subject
from flows.report_facts import SEVERITIES, Facts, Older, read_facts
from flows.report_items import Showing, ShownItem
from flows.report_levels import Level
from flows.report_words import clip, count
from flows.review_links import ReviewLinks
from flows.templating import TEMPLATES
from warehouse.outbox import FrozenReport

# Gmail cuts a mail off near 102 kB of HTML.
LARGEST_HTML = 90_000
SHOWN = (25, 15, 8, 3, 1)

_INLINER = css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


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
    to_mend: Sequence[str] = (),
    older: Older | None = None,
    level_by_clause: Mapping[str, Level] = MappingProxyType({}),
    ending: Sequence[str] = (),
    links: ReviewLinks | None = None,
) -> FrozenReport:
    """The report of `run_id` as of `now` (aware): the same warehouse and arguments give the same bytes.

    `level` is how much of an item is shown: "notice" counts and links, "redacted" masked excerpts, "full" everything;
    `level_by_clause` is the same for clauses that have their own. `next_steps` says by check id what the policy suggests
    next; `problems` are sentences about what went wrong, `to_mend` about what is amiss though nothing was left out for it,
    `ending` about what ends soon; `older` is what has still to be judged again; `links` is where the review page is, on this
    machine if not said.
    The connection sees the public views and `store`; nothing is written.
    """
    links = links or ReviewLinks()
    facts = read_facts(connection, run_id, now)
    missed = about_missed_nights(
        connection,
        run_id,
        now,
        all_read=not not_read(facts) and not problems,
        all_asked_for=not part_asked_for(facts),
    )
    showing = Showing(level, level_by_clause, list(roster_names), next_steps, links)
    items = [showing.item(item) for item in facts.items[: SHOWN[0]]]
    title = subject(facts, problems, now)
    for shown in SHOWN:
        words = _words(facts, items[:shown], level, run_id, recipients, now, problems, to_mend, missed, ending)
        words |= {"older": report_words.older_left(older), "links": links}
        html = _INLINER.inline(TEMPLATES.get_template("report.html.j2").render(words, subject=title))
        if len(html.encode()) <= LARGEST_HTML:
            break
    plain = TEMPLATES.get_template("report.txt.j2").render(words, subject=title)
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
    to_mend: Sequence[str],
    missed: str,
    ending: Sequence[str],
) -> dict[str, Any]:
    """What the templates need."""
    headline, detail = answer(facts, problems)
    soon = f"{count(len(ending), 'thing ends', 'things end')} soon: see below." if ending else ""
    return {
        "headline": headline,
        "detail": " ".join(part for part in (detail, missed, soon) if part),
        "preheader": preheader(facts),
        "now": now,
        "run_id": run_id,
        "level": level,
        "recipients": recipients,
        "problems": [clip(problem, 500) for problem in problems],
        "to_mend": [clip(said, 500) for said in to_mend],
        "ending": [clip(said, 300) for said in ending],
        "facts": facts,
        "reasons": {source.source: _beside(source.reason or "", ending) for source in facts.sources},
        "week_days": [f"{week:%-d %b}" for week in facts.course.weeks[0].weeks] if facts.course.weeks else [],
        "groups": [
            (severity, of_this)
            for severity in SEVERITIES
            if (of_this := [item for item in items if item.severity == severity])
        ],
        "unmasked": sorted({one.clause for item in items if item.level == "full" for one in item.findings}),
        "more": len(facts.items) - len(items),
        "clauses": _by_clause(facts),
        "highest_week": max((flags for clause in facts.course.weeks for flags in clause.flags), default=0),
        "words": report_words,
        "fill": _fill,
    }


def _beside(reason: str, ending: Sequence[str]) -> str:
    """What is said of a source beside what is said under "Ends soon" already: that its token ends."""
    for said in ending:
        reason = reason.replace(said, "")
    return " ".join(reason.split())


def _by_clause(facts: Facts) -> list[tuple[str, int]]:
    """How many posts there are to look at under each clause, the most first."""
    posts = Counter(clause for item in facts.items for clause in {finding.clause for finding in item.findings})
    return sorted(posts.items(), key=lambda row: (-row[1], row[0]))


def _fill(text: str, indent: int = 0, width: int = 78) -> str:
    """The text in lines of at most `width` characters (a longer link stays whole), all but the first indented."""
    lines = wrap(text, width - indent, break_long_words=False, break_on_hyphens=False)
    return ("\n" + " " * indent).join(lines)
