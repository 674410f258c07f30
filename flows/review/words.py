"""How the page puts things: plain UK English for somebody who answers to members."""

from __future__ import annotations

STATUSES = {
    "open": "Open",
    "dismissed": "Dismissed",
    "removal_asked": "Removal asked for",
    "escalated": "Escalated",
    "resolved": "Resolved",
    "expired": "No longer found",
}
# What the log of decisions says was done.
DONE = STATUSES | {"undone": "Taken back", "reopened": "Open again"}
# What somebody is told who was overtaken by another, or by an edit.
CHANGED = "This has changed since you opened the page"
SEVERITIES = {"urgent": "Urgent", "high": "High", "normal": "Normal", "low": "Low"}
CLAUSES = {
    "O1": "Personal relationships online with clients",
    "O2": "Private information through unsuitable services",
    "O3": "Confidentiality and privacy of clients",
    "O4": "Personal information of colleagues",
    "O5": "ACTO’s data, and concerns about it",
    "R1": "Keeping personal and work apart",
    "R2": "Keeping oneself, family and friends safe",
    "R3": "Settings, and what is public and permanent",
    "S1": "Somebody at risk of harm",
    "S2": "Threats and abuse",
}
KINDS = {
    "post": "post",
    "comment": "comment",
    "reply": "reply",
    "mention": "mention",
    "review": "review",
    "review_reply": "reply to a review",
}
STATES = {
    "present": "It was there when we last looked.",
    "absent": "It was no longer there when we last looked.",
    "unknown": "We could not see whether it is still there.",
    "deleted": "The platform says that it has been removed.",
    "expired": "Its text has been removed from our records, as the platform’s terms or our own ask.",
}
# What the platform says beyond that something is gone.
WHY_GONE = {
    "author removed": "by whoever wrote it",
    "account gone": "the account is gone",
}
# What is stored as deleted for one of these reasons may still be read by others.
NOT_GONE = {
    "hidden": "Hidden on {platform}, not deleted.",
    "access lost": "We can no longer see it on {platform}.",
}
ROLES = {"official": "ACTO’s own account", "member": "a member of ACTO", "public": "a member of the public"}
# How far a scan under way is, and each of its sources.
STEPS = {
    "reading": "It reads",
    "checking": "It judges what is new",
    "reporting": "It writes the report",
    "ending": "It stores what it found",
}
READING = {
    "reading": "Being read",
    "read": "Read",
    "complete": "Read in full",
    "partial": "Partly read",
    "unread": "Not read",
    "skipped": "Not asked for",
}
ENDED = {
    "complete": "All of it was read and judged.",
    "partial": "Something was not read in full: see below.",
    "failed": "It could not be finished: see below.",
}
OUTCOMES = {"complete": "Read in full", "partial": "Partly read", "unread": "Not read", "skipped": "Not asked for"}


def clause(code: str) -> str:
    """`O1, personal relationships online with clients`."""
    said = CLAUSES.get(code)
    return f"{code}, {said[0].lower() if not said.startswith('ACTO') else said[0]}{said[1:]}" if said else code


def not_seen(state: str, why: str | None, platform: str) -> str:
    """`No longer on Facebook.`: of an item in such a state, `why` as the platform says, what to know before one looks for it
    there; empty where nothing is in the way. `platform` is as it writes itself.
    """
    if state not in ("absent", "deleted"):
        return ""
    return NOT_GONE.get(why or "", "No longer on {platform}.").format(platform=platform)


def share(value: float | None) -> str:
    """`83 %` of a number from 0 to 1."""
    return "not known" if value is None else f"{round(100 * value)} %"
