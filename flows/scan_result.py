"""What came of a scan."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from flows.exits import COMPLETE, FAILED, INCOMPLETE
from flows.outbox import Delivered
from flows.report_facts import Counted
from flows.report_words import count, counted
from warehouse.runs import Coverage


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a scan did: `outcome` is complete, partial or failed; `problems` are sentences for a person.

    `joined` is what the other run was ("nightly scan") whose result this is, where that did what was asked for here.
    `judged_again` counts the older versions of items that changed checks have judged again after the report, `flags_later`
    the flags that they found there: the next report tells them. `told` is what the report counts, which is also what has come
    back; None without a report.
    """

    run_id: str
    outcome: str
    coverage: list[Coverage]
    flags_new: int
    delivered: Delivered
    judged_again: int = 0
    flags_later: int = 0
    problems: list[str] = field(default_factory=list)
    joined: str = ""
    told: Counted | None = None

    @property
    def exit_code(self) -> int:
        """0 complete, 3 a source not fully read or lines in quarantine or a mail still waiting, 1 failed."""
        if self.outcome == "failed":
            return FAILED
        incomplete = self.outcome != "complete" or self.delivered.waiting or self.delivered.failed
        return INCOMPLETE if incomplete or any(source.quarantined for source in self.coverage) else COMPLETE

    @property
    def found(self) -> str:
        """`12 new flags. The report: 12 posts to review; …`: what it found, and what its report counts, in sentences."""
        new = f"{count(self.flags_new, 'new flag')}."
        return f"{new} {counted(self.told)}" if self.told else new

    def as_record(self, *, kept: bool) -> dict[str, object]:
        """The result for machines; a run that was not `kept` has no id that anything could be asked about."""
        return {
            "run_id": self.run_id if kept else None,
            "outcome": self.outcome,
            "joined": bool(self.joined),
            "flags_new": self.flags_new,
            "told": asdict(self.told) if self.told else None,
            "judged_again": self.judged_again,
            "flags_later": self.flags_later,
            "sources": [
                {
                    "source": source.source,
                    "platform": source.platform,
                    "outcome": source.outcome,
                    "reason": source.reason,
                    "items_seen": source.items_seen,
                    "items_new": source.items_new,
                    "items_edited": source.items_edited,
                    "items_gone": source.items_gone,
                    "quarantined": source.quarantined,
                }
                for source in self.coverage
            ],
            "mails_sent": self.delivered.sent,
            "mails_waiting": self.delivered.waiting,
            "mails_failed": self.delivered.failed,
            "files": [str(path) for path in self.delivered.files],
            "problems": self.problems,
        }
