"""A night to report about: rows as a scan leaves them in a real warehouse."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flows.report import compose
from warehouse.outbox import FrozenReport, freeze
from warehouse.store import Store

NOW = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)
BEFORE = NOW - timedelta(days=9)
RUN = "20261121T040000Z-3f9a"
TITLES = {
    "O1": "A personal online relationship with a client",
    "O2": "Private information through an unsuitable service",
    "O3": "Something about a client that should stay confidential",
    "S1": "Somebody seems to be at risk of harm now",
}


@dataclass
class Night:
    """Fills a warehouse with items, flags and coverage, and composes the report about them."""

    store: Store
    keys: dict[str, int] = field(default_factory=dict)

    def insert(self, table: str, **values: Any) -> None:
        """One row into a private table."""
        columns, marks = ", ".join(f'"{name}"' for name in values), ", ".join("?" * len(values))
        self.store.connection().execute(
            f"INSERT INTO store.{table} ({columns}) VALUES ({marks})", list(values.values())
        )

    def item(self, native: str, text: str, *, role: str = "public", at: datetime = NOW, **more: Any) -> str:
        """An item first seen at `at`; returns its item_id."""
        platform = more.pop("platform", "youtube")
        item_id = f"{platform}:{native}"
        self.keys[item_id] = len(self.keys) + 1
        row = {
            "source": platform, "kind": "comment", "parent_id": None, "thread_id": None, "author_name": "Pat Quill",
            "author_handle": f"@{native}", "url": f"https://www.youtube.example/watch?v={native}",
            "created_at": at - timedelta(hours=3),
        } | more  # fmt: skip
        key = self.keys[item_id]
        self.insert("item", item_key=key, item_id=item_id, platform=platform, first_seen_at=at, run_id=RUN, **row)
        if role != "public":
            self.insert(
                "handle", platform=platform, handle=row["author_handle"], role=role, member_id=None, imports_only=False
            )
        self.edit(item_id, text, revision=1, at=at)
        return item_id

    def edit(self, item_id: str, text: str, *, revision: int = 2, at: datetime = NOW) -> None:
        """The next revision of an item."""
        known = self.store.connection().execute("SELECT count(*) FROM store.revision").fetchall()[0][0]
        self.insert(
            "revision", revision_id=known + 1, item_key=self.keys[item_id], revision=revision, text=text, rating=None,
            content_hash=str(hash(text)), seen_at=at, run_id=RUN,
        )  # fmt: skip

    def flag(
        self,
        item_id: str,
        evidence: str,
        clause: str = "O1",
        severity: str = "high",
        *,
        revision: int = 1,
        at: datetime = NOW,
        reason: str = "A client is asked to become a personal contact.",
    ) -> str:
        """An open flag on a revision; returns its flag_id."""
        rows = self.store.connection().execute(
            "SELECT revision_id, text FROM store.revision WHERE item_key = ? AND revision = ?",
            [self.keys[item_id], revision],
        ).fetchall()  # fmt: skip
        revision_id, text = rows[0]
        start = text.index(evidence)
        known = self.store.connection().execute("SELECT count(*) FROM store.flag").fetchall()[0][0]
        flag_id = f"f{known + 1:05d}"
        check = f"{clause.lower()}_check"
        self.insert(
            "flag", flag_id=flag_id, item_key=self.keys[item_id], revision_id=revision_id, revision=revision,
            check_id=check, check_version=1, clause=clause, severity=severity, score=0.9, evidence=evidence,
            start_char=start, end_char=start + len(evidence), reason=reason, run_id=RUN, flagged_at=at,
        )  # fmt: skip
        seen = self.store.connection().execute("SELECT 1 FROM store.check_version WHERE check_id = ?", [check])
        if not seen.fetchall():
            self.insert(
                "check_version", check_id=check, version=1, clause=clause, severity=severity, title=TITLES[clause],
                run_id=RUN, recorded_at=at,
            )  # fmt: skip
        return flag_id

    def draw(self, item_id: str, *, weight: float = 1.0) -> None:
        """Its first revision was drawn for the audit, in the night in which it came, far from any flag."""
        self.store.connection().execute(
            """INSERT INTO store.audit_drawn SELECT revision_id, item_key, revision, 'far', ?, run_id, seen_at
               FROM store.revision WHERE item_key = ? AND revision = 1""",
            [weight, self.keys[item_id]],
        )

    def read(self, source: str = "youtube", outcome: str = "complete", **more: Any) -> None:
        """What was read of a source."""
        row = {
            "platform": "youtube", "reason": None, "since": None, "until": None, "of_days": False, "items_seen": 412,
            "items_new": 35, "items_edited": 2, "items_gone": 1, "expected": 420, "requests": 9, "quarantined": 0,
        } | more  # fmt: skip
        self.insert("coverage", run_id=RUN, source=source, outcome=outcome, recorded_at=NOW, **row)

    def compose(self, **more: Any) -> FrozenReport:
        """The report of this night."""
        arguments: dict[str, Any] = {
            "run_id": RUN, "level": "redacted", "recipients": ["chair@acto.example"], "sender": "monitor@acto.example",
            "now": NOW, "roster_names": ["Rosalind Pryce"], "problems": [],
            "next_steps": {"o1_check": "Remind the member of the policy, and ask for the comment to be removed."},
        }  # fmt: skip
        return compose(self.store.connection(), **arguments | more)

    def freeze(self, **more: Any) -> FrozenReport:
        """The report of this night, frozen in the outbox."""
        report = self.compose(**more)
        freeze(self.store.connection(), report)
        return report


def a_night(night: Night) -> None:
    """A flagged member's reply, an urgent comment, an older open flag, edits, and what could not be read."""
    old = night.item("old1", "An older comment by somebody", at=BEFORE)
    night.flag(old, "older comment", "O3", "normal", at=BEFORE)
    night.freeze(run_id="20261112T040000Z-aaaa", now=BEFORE)
    night.store.connection().execute(
        "INSERT INTO store.delivery SELECT report_id, recipient, 'sent', '', $1 FROM store.message", [BEFORE]
    )
    night.edit(old, "An edited comment", at=NOW - timedelta(hours=1))
    danger = night.item("a1", "I can't go on. I have the tablets here, tell Oliver I'm sorry, 07700 900123")
    night.flag(
        danger, "I have the tablets here", "S1", "urgent", reason="Somebody says that they will harm themselves."
    )
    reply = night.item(
        "b2",
        "So lovely seeing you on Tuesday! Add me on my private Insta @rosie.p, Rosalind Pryce x",
        role="member",
        author_name="Rosalind Pryce",
        kind="reply",
        parent_id=danger,
    )
    night.flag(reply, "Add me on my private Insta")
    night.flag(reply, "seeing you on Tuesday", "O3", "normal", reason="Rosalind Pryce confirms a session.")
    gone = night.item("g1", "hello", at=BEFORE)
    night.insert("state", item_key=night.keys[gone], state="absent", reason="missing", run_id=RUN, recorded_at=NOW)
    night.insert(
        "quarantine",
        quarantine_id="q1",
        source="reviews",
        run_id=RUN,
        seen_at=NOW,
        reason="line 12 is not JSON",
        raw=b"x",
    )
    night.read()
    night.read(
        "reviews",
        "partial",
        platform="trustpilot",
        items_seen=40,
        expected=55,
        quarantined=1,
        reason="Page 3 was cut off twice.",
    )
