"""How the report puts things: plain UK English, the answer first (GOV.UK content design)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flows.masking import clean
from flows.report_facts import Facts, Holds, Older, SourceRead

LONDON = ZoneInfo("Europe/London")
PLATFORMS = {
    "facebook": "Facebook",
    "instagram": "Instagram",
    "x": "X",
    "linkedin": "LinkedIn",
    "youtube": "YouTube",
    "google": "Google",
    "trustpilot": "Trustpilot",
    "yelp": "Yelp",
    "feed": "web feed",
    "webpage": "web page",
    "concern": "what was told to the Chair",
}
ROLES = {"official": "ACTO’s own account", "member": "an ACTO member", "public": "a member of the public"}
STILL = {
    "open": ("waits for a decision", "wait for a decision"),
    "reopened": ("was dismissed for a time that is over", "were dismissed for a time that is over"),
    "removal_asked": ("has been asked to be removed", "have been asked to be removed"),
    "escalated": ("has been escalated", "have been escalated"),
}
REMOVED = {
    ("item", ""): ("post", "posts"),
    ("item", "not flagged"): ("post that was not flagged", "posts that were not flagged"),
    ("item", "dismissed"): ("post whose flags had been dismissed", "posts whose flags had been dismissed"),
    ("item", "closed"): ("post whose flags had been closed", "posts whose flags had been closed"),
    ("item", "not read again"): (
        "post that could not be read again within the time that its platform sets",
        "posts that could not be read again within the time that their platform sets",
    ),
    ("item", "gone"): ("post that its platform has removed", "posts that their platform has removed"),
    ("entry", ""): ("entry that could not be read", "entries that could not be read"),
    ("report", ""): ("earlier report, of what it quoted", "earlier reports, of what they quoted"),
    ("page", ""): ("file of raw answers", "files of raw answers"),
}
OUTCOMES = {"complete": "Read in full", "partial": "Partly read", "unread": "NOT READ", "skipped": "Not asked for"}


def day(at: datetime) -> str:
    """`21 Nov 2026`, in London."""
    return f"{at.astimezone(LONDON):%-d %b %Y}"


def short_day(at: datetime) -> str:
    """`21 Nov`, in London."""
    return f"{at.astimezone(LONDON):%-d %b}"


def moment(at: datetime | None) -> str:
    """`21 Nov 2026 at 09:12`, in London."""
    return f"{at.astimezone(LONDON):%-d %b %Y at %H:%M}" if at else "at an unknown time"


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 post`, `12 posts`, `1,204 posts`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def platform(name: str) -> str:
    """The platform as it writes itself."""
    return PLATFORMS.get(name, clip(name, 30))


def kind(platform_name: str, kind_name: str) -> str:
    """`YouTube comment`, `Google review reply`."""
    if platform_name == "concern":
        return "Concern raised with the Chair"
    name = platform(platform_name)
    return f"{name[0].upper()}{name[1:]} {clip(kind_name, 20).replace('_', ' ')}"


def clip(text: str | None, longest: int) -> str:
    """Outside text on one line, at most `longest` characters."""
    line = clean(text or "").strip()
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def https(url: str | None) -> str | None:
    """The link, if it is a plain https address; anything else is not shown as a link."""
    try:
        parts = urlsplit(url or "")
        plain = parts.scheme == "https" and parts.hostname and "@" not in parts.netloc and len(url or "") <= 500
    except ValueError:
        return None
    return url if plain and url and url.isprintable() and not set(url) & set(" \"'<>\\`") else None


def and_list(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def removal(what: str, rule: str, number: int) -> str:
    """`412 posts that were not flagged`: what retention has removed, and why."""
    return count(number, *REMOVED.get((what, rule)) or REMOVED[what, ""])


def review_due(holds: Holds) -> str:
    """What is said of holds that somebody was to have looked at again by now."""
    since = f"{holds.since:%-d %b %Y}" if holds.since else ""
    if holds.overdue == 1:
        return f"1 post is held past {since}, the day set to look at it again. It goes on being held."
    late = f"{holds.overdue:,} posts are held past the day set to look at them again, the oldest of these {since}."
    return f"{late} They go on being held."


def not_read(facts: Facts) -> list[SourceRead]:
    """Sources that were to be read and were not, or not in full."""
    return [source for source in facts.sources if source.outcome in ("partial", "unread")]


def subject(facts: Facts, problems: Sequence[str], now: datetime) -> str:
    """Facts first and no names of people: a subject shows on locked telephones."""
    urgent = sum(item.severity == "urgent" for item in facts.items)
    found = f"{count(len(facts.items), 'post')} to review" if facts.items else "Nothing to review"
    missing = _missing(facts, problems)
    words = [f"INCOMPLETE: {missing}"] if missing else []
    return " - ".join([*words, found + (f", {urgent} urgent" if urgent else ""), short_day(now)])


def _missing(facts: Facts, problems: Sequence[str]) -> str:
    """The first reason why silence does not mean that all is well; empty where there is none."""
    sources = not_read(facts)
    quarantined = sum(source.quarantined for source in facts.sources)
    if len(sources) > 2:
        return f"{len(sources)} sources not fully read"
    if sources:
        whole = all(source.outcome == "unread" for source in sources)
        return f"{and_list([clip(source.source, 40) for source in sources])} not {'read' if whole else 'fully read'}"
    if not any(source.outcome == "complete" for source in facts.sources):
        return "nothing was read"
    if problems:
        return count(len(problems), "problem")
    return f"{count(quarantined, 'entry', 'entries')} could not be read" if quarantined else ""


def answer(facts: Facts, problems: Sequence[str]) -> tuple[str, str]:
    """Do I need to do anything? A headline, and one sentence more."""
    urgent = sum(item.severity == "urgent" for item in facts.items)
    seen = count(sum(source.items_seen for source in facts.sources), "post")
    missing = _missing(facts, problems)
    read = f"{seen} read, all sources in full."
    if facts.items:
        again = sum(all(finding.found_again for finding in item.findings) for item in facts.items)
        found_again = f" {_found_again(again, len(facts.items))}" if again else ""
        these = "all of them urgent" if urgent == len(facts.items) else f"{urgent} of them urgent"
        headline = f"Yes: please look at {count(len(facts.items), 'post')}{f', {these}' if urgent else ''}."
        return headline, f"There may be more: {missing}.{found_again}" if missing else read + found_again
    if missing:
        return "Perhaps: this is not an all-clear.", f"Nothing was found in the {seen} read, but: {missing}."
    return "No: nothing to review.", read


def _found_again(number: int, all_items: int) -> str:
    if number == all_items:
        these = "The one to look at was" if number == 1 else f"All {number:,} to look at were"
    else:
        these = f"{number:,} of the {all_items:,} to look at {'was' if number == 1 else 'were'}"
    return f"{these} found when older items were read again with the changed checks."


def older_left(older: Older | None) -> str:
    """What the checks have still to read again, and how long that takes; nothing where they have read all."""
    if older is None:
        return ""
    left = count(older.versions, "older version is", "older versions are")
    left += " still to be read again with the changed checks"
    if older.nights is None:
        return f"{left}. Nothing does so by itself: ask whoever runs the monitor for “acto check --all-history”."
    return f"{left}; about {count(older.nights, 'night')}."


def preheader(facts: Facts) -> str:
    """The second most important fact, for the line that mailboxes show below the subject."""
    full = sum(source.outcome == "complete" for source in facts.sources)
    waiting = sum(still.items for still in facts.still_open if still.standing in ("open", "reopened"))
    read = f"{full} of {count(len(facts.sources), 'source')} read in full."
    return f"{read} {count(waiting, 'earlier post')} still open." if waiting else read


def age(oldest: datetime, now: datetime) -> str:
    """`today`, `1 day`, `12 days`: by London's calendar."""
    days = (now.astimezone(LONDON).date() - oldest.astimezone(LONDON).date()).days
    return count(days, "day") if days > 0 else "today"
