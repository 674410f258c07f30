"""How a flagged item is shown in the report: as much of it as its level allows, everything else masked or left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flows import report_words
from flows.excerpt import Excerpt, excerpt
from flows.masking import Mask
from flows.report_facts import Finding, FlaggedItem
from flows.report_levels import Level, quietest
from flows.report_words import clip
from flows.review.words import not_seen
from flows.review_links import ReviewLinks
from warehouse.concerns import PLATFORM as CONCERN


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
    """One item as the report shows it, with where it is on the review page (`review`) and on its platform (`link`).

    `author` is empty for a concern: it says nothing of who has told it but, perhaps, a name. `not_seen` says that it is no longer
    there, or hidden; empty where it is there.
    """

    severity: str
    level: Level
    kind: str
    platform: str
    author: str
    created_at: datetime | None
    link: str | None
    review: str
    not_seen: str
    findings: list[ShownFinding]


@dataclass(frozen=True, slots=True)
class Showing:
    """What is the same for every item: the level of the report, the clauses that have their own, names to be masked, by check
    id what the policy suggests to do next, and where the review page is.
    """

    level: Level
    level_by_clause: Mapping[str, Level]
    roster_names: list[str]
    next_steps: Mapping[str, str]
    links: ReviewLinks

    def item(self, item: FlaggedItem) -> ShownItem:
        """The item as it is shown. Its flags quote the same text, so the one that may show least decides for all."""
        levels = [self.level_by_clause.get(finding.clause, self.level) for finding in item.findings]
        # What somebody has told the Chair was told in confidence.
        level = "notice" if item.platform == CONCERN else quietest(levels)
        mask = Mask([*self.roster_names, *item.people], everything_shown=level == "full")
        role = "" if item.platform == CONCERN else report_words.ROLES.get(item.author_role, "somebody")
        who = [clip(name, 60) for name in (item.author_name, item.author_handle) if name] if level == "full" else []
        platform = report_words.platform(item.platform)
        return ShownItem(
            severity=item.severity,
            level=level,
            kind=report_words.kind(item.platform, item.kind),
            platform=platform,
            author=f"{' '.join(who)} ({role})" if who else role,
            created_at=item.created_at,
            link=report_words.https(item.url),
            review=self.links.to_flag(item.findings[0].flag_id),
            not_seen=not_seen(item.state, item.state_reason, platform),
            findings=[self._finding(finding, level, mask) for finding in item.findings],
        )

    def _finding(self, finding: Finding, level: Level, mask: Mask) -> ShownFinding:
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
            next_step=clip(self.next_steps.get(finding.check_id), 400),
            flagged_before=finding.flagged_before,
            edited_since=finding.edited_since,
            edited_away=finding.edited_away,
            found_again=finding.found_again,
        )
