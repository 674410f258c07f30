"""A night on which the report has something to say in every part."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.flows.night import BEFORE, NOW, RUN, Night
from warehouse.outbox import FrozenReport, freeze

NEXT_STEPS = {
    "o1_check": "Remind the member of the policy, and ask for the comment to be removed.",
    "o2_check": "Hide or remove the item, and offer the writer a secure way.",
    "o3_check": "Ask for the item to be hidden or removed at once, keep the evidence, and speak with the member. Do not "
    "answer in public.",
    "s1_check": "Look at it now, and answer as your safeguarding procedure says: if a life is in danger, 999.",
}
ENDING = [
    "The LinkedIn token expires in 6 days: renew it as docs/access/linkedin.md says.",
    "The permission of member M007 to share a photograph of them ends in 9 days, on 30 Nov 2026.",
]
PROBLEM = "The check r1_mixed_accounts could not run."
SOURCES = ("facebook", "instagram", "x", "linkedin", "youtube", "google", "yelp", "feed", "webpage")


def everything(night: Night) -> None:
    """Fill the warehouse: what was told before and has changed, what is new, what was read, drawn, removed and held."""
    night.insert(
        "handle", platform="google", handle="ACTO (owner)", role="official", member_id=None, imports_only=False
    )
    _scans(night)
    _told_before(night)
    danger = night.item("a1", "I can't go on. I have the tablets here, tell Oliver I'm sorry, 07700 900123")
    night.flag(danger, "I have the tablets here", "S1", "urgent", reason="Somebody may want to end their life.")
    reply = night.item(
        "b2", "So lovely to see you all! Add me on my private Insta @rosie.p, Rosalind Pryce x", role="member",
        author_name="Rosalind Pryce", kind="reply", parent_id=danger,
    )  # fmt: skip
    night.flag(reply, "Add me on my private Insta")
    review = night.item(
        "r1", "Dear Mx Quill, you were forty minutes late to the second session and never paid for the third.",
        platform="google", kind="review_reply", author_name="ACTO (owner)", author_handle=None,
    )  # fmt: skip
    night.flag(
        review, "you were forty minutes late to the second session", "O3",
        reason="The reply seems to confirm that the reviewer was a client.",
    )  # fmt: skip
    forms = night.item(
        "f1", "I'm forever losing client emails so I've had everyone send me their intake forms by Insta instead, is that "
        "alright with your code?", platform="instagram", at=NOW,
    )  # fmt: skip
    night.flag(forms, "send me their intake forms by Insta", "O2", "normal", reason="Private papers by an unsafe way.")
    _read(night)
    _drawn(night)
    for what, rule, number in (("item", "not flagged", 41), ("item", "gone", 2), ("entry", "", 3)):
        for _ in range(number):
            night.insert("removed", what=what, item_key=None, rule=rule, run_id=RUN, recorded_at=NOW)
    held = night.item("held", "kept for a complaint", at=BEFORE)
    night.insert(
        "hold", item_key=night.keys[held], held=True, reason="A complaint", review_by=date(2026, 11, 20),
        said_by="chair", recorded_at=BEFORE,
    )  # fmt: skip


def compose_everything(night: Night, **more: Any) -> FrozenReport:
    """The report of that night, as a scan with the default configuration composes it."""
    arguments: dict[str, Any] = {
        "problems": [PROBLEM], "ending": ENDING, "next_steps": NEXT_STEPS,
        "level_by_clause": {"O3": "notice", "S1": "notice"},
    }  # fmt: skip
    return night.compose(**arguments | more)


def _scans(night: Night) -> None:
    """Scans from 40 days ago; of the last fourteen LinkedIn could not be read in six, Yelp only partly in three."""
    night.insert("run_started", run_id="first", kind="scan", started_at=NOW - timedelta(days=40))
    for number in range(13, -1, -1):
        run_id = RUN if number == 0 else f"earlier{number:02d}"
        at = NOW - timedelta(days=number)
        night.insert("run_started", run_id=run_id, kind="scan", started_at=at)
        for source in SOURCES if number else ():
            outcome = "unread" if source == "linkedin" and number < 6 else "complete"
            if source == "yelp" and number in (4, 9):
                outcome = "partial"
            night.insert(
                "coverage", run_id=run_id, source=source, platform=source, outcome=outcome, reason=None, since=None,
                until=None, items_seen=40, items_new=2, items_edited=0, items_gone=0, expected=40, requests=1,
                quarantined=0, recorded_at=at,
            )  # fmt: skip


def _told_before(night: Night) -> None:
    """What earlier reports told: still open, dismissed for a time, edited away, deleted, restored; and more weeks ago."""
    told = {}
    for name, clause, severity, days in (
        ("open", "O1", "urgent", 9), ("open2", "O2", "normal", 12), ("reopened", "O2", "high", 30), ("away", "O1", "high", 9),
        ("removed", "O3", "high", 10), ("restored", "O1", "normal", 20), ("done1", "O3", "high", 27),
        ("done2", "O1", "high", 28), ("done3", "O1", "high", 29), ("done4", "S1", "high", 36),
    ):  # fmt: skip
        at = NOW - timedelta(days=days)
        item = night.item(name, "add me please, so that we can talk", at=at)
        told[name] = (item, night.flag(item, "add me please", clause, severity, at=at))
    freeze(night.store.connection(), night.compose(run_id="20261112T040000Z-aaaa", now=BEFORE))
    night.store.connection().execute(
        "INSERT INTO store.delivery SELECT report_id, recipient, 'sent', '', $1 FROM store.message", [BEFORE]
    )
    for name, decision in (
        ("reopened", "dismissed"), ("reopened", "reopened"), ("removed", "removal_asked"), ("done1", "resolved"),
        ("done2", "dismissed"), ("done3", "dismissed"), ("done4", "escalated"),
    ):  # fmt: skip
        at = NOW if decision == "reopened" else BEFORE
        night.insert(
            "decision", flag_id=told[name][1], decision=decision, reason="", decided_by="chair", decided_at=at,
            expires_at=at if name == "reopened" else None,
        )  # fmt: skip
    night.edit(told["away"][0], "Never mind", at=NOW)
    night.edit(night.item("plain", "Kind regads", at=BEFORE), "Kind regards", at=NOW)
    for name, states in (("removed", ["deleted"]), ("restored", ["absent", "present"])):
        for hour, state in enumerate(states):
            night.insert(
                "state", item_key=night.keys[told[name][0]], state=state, reason="", run_id=RUN,
                recorded_at=NOW - timedelta(hours=3 - hour),
            )  # fmt: skip
    gone = night.item("gone", "hello", at=BEFORE)
    night.insert("state", item_key=night.keys[gone], state="absent", reason="", run_id=RUN, recorded_at=NOW)


def _read(night: Night) -> None:
    """Nine sources in this run: one not read, with a token that ends, one only partly."""
    why = {
        "linkedin": ("unread", f"LinkedIn refused the token. {ENDING[0]}"),
        "yelp": ("partial", "Yelp shows us only the beginning of the newest 3 of 5 reviews."),
    }
    for source in SOURCES:
        outcome, reason = why.get(source, ("complete", None))
        seen = 0 if outcome == "unread" else 3 if source == "yelp" else 412
        night.read(source, outcome, platform=source, reason=reason, items_seen=seen, expected=5 if seen == 3 else seen,
                   quarantined=source == "webpage")  # fmt: skip
    night.insert(
        "quarantine",
        quarantine_id="q1",
        source="webpage",
        run_id=RUN,
        seen_at=NOW,
        reason="A review has no text",
        raw=b"",
    )


def _drawn(night: Night) -> None:
    """Seven unflagged texts drawn for the audit."""
    for number in range(7):
        night.draw(night.item(f"fine{number}", f"Lovely talk {number}", at=NOW), weight=9.0)
