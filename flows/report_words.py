"""How the report puts things: plain UK English, the answer first (GOV.UK content design)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flows.masking import clean
from flows.report_course import Change, ChangedItem, StillOpen, WithoutReport
from flows.report_facts import Counted, Holds, Older, SourceRead, Undelivered
from flows.report_levels import Level
from flows.review.words import CLAUSES

LANGUAGE = "The checks read English: a text in another language is nearly always left unflagged."
# So many scans without a report are named one by one.
NAMED = 3
# A share whose interval is wider than this is not given.
WIDE = 0.4
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
# What has happened to one post, or to several.
CHANGES = {
    "reopened": ("is open again", "are open again"),
    "edited_away": (
        "was edited, and the flagged words are no longer in it",
        "were edited, and the flagged words are no longer in them",
    ),
    "hidden": ("is hidden, not deleted", "are hidden, not deleted"),
    "access lost": ("can no longer be seen by us", "can no longer be seen by us"),
    "deleted": ("has been deleted", "have been deleted"),
    "gone": ("is no longer to be found", "are no longer to be found"),
    "back": ("is there again", "are there again"),
    "edited": ("was edited", "were edited"),
}
# What had been decided about a post that has changed.
DECIDED = {"removal_asked": "its removal had been asked for", "escalated": "it had been escalated"}
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


def capitalised(words: str) -> str:
    """`The nightly scan` of `the nightly scan`: the words as they begin a sentence; what follows is left as it is written."""
    return words[:1].upper() + words[1:]


def platform(name: str) -> str:
    """The platform as it writes itself."""
    return PLATFORMS.get(name, clip(name, 30))


def kind(platform_name: str, kind_name: str) -> str:
    """`YouTube comment`, `Google review reply`."""
    if platform_name == "concern":
        return "Concern raised with the Chair"
    return f"{capitalised(platform(platform_name))} {clip(kind_name, 20).replace('_', ' ')}"


def clause(code: str) -> str:
    """`O3 Confidentiality and privacy of clients`."""
    return f"{code} {CLAUSES[code]}" if code in CLAUSES else code


def recall_in_words(recall: Mapping[str, Any]) -> str:
    """What a row of store.recall says of how much the checks miss; no share where it is not known, and none where its
    interval is so wide that it says little.
    """
    if not recall["looked_at"]:
        return "No text has been looked at yet, so nobody knows how much is missed."
    said = f"{count(recall['looked_at'], 'text')} looked at, {recall['found_missed']:,} should have been flagged."
    if not recall["upheld"]:
        return f"{said} No flag of those nights has been upheld yet: what share the checks find is not known."
    if recall["recall"] is None:
        return f"{said} Too few: what share the checks find is not known yet."
    if recall["recall_high"] - recall["recall_low"] > WIDE:
        more = "Look at more texts, and decide more flags" if recall["undecided"] else "Look at more texts"
        return f"{said} By that the checks find {recall_in_short(recall)} of what you want flagged. {more}, and this gets closer."
    return f"{said} By that the checks find {recall_in_short(recall)} of what you want flagged."


def recall_in_short(recall: Mapping[str, Any]) -> str:
    """`about 83 % (likely 62 to 95 %)`, `between 9 and 90 %`, `not known yet`."""
    if recall["recall"] is None:
        return "not known yet"
    low, share, high = (round(100 * recall[name]) for name in ("recall_low", "recall", "recall_high"))
    if recall["recall_high"] - recall["recall_low"] > WIDE:
        return f"between {low} and {high} %"
    return f"about {share} % (likely {low} to {high} %)"


def lately(source: SourceRead) -> str:
    """`13 of the last 14 scans in full.`; nothing of a source that was read for the first time."""
    if source.scans < 2:
        return ""
    return f"{source.in_full} of the last {source.scans} scans in full."


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


def change(changed: Change) -> str:
    """`2 posts have been deleted, 1 of them under review`: what has happened since the last report, without its full stop."""
    many = changed.total != 1
    posts, happened = count(changed.total, "post"), CHANGES[changed.change][many]
    if changed.change == "reopened":
        return f"{posts} {happened}"
    if not changed.flagged:
        return f"{posts} {'that are' if many else 'that is'} not under review {happened}"
    if changed.flagged == changed.total:
        return f"{posts} under review {happened}"
    return f"{posts} {happened}, {changed.flagged} of them under review"


def changed_item(item: ChangedItem) -> str:
    """`YouTube comment, 12 Nov 2026`, with what had been decided about it."""
    when = f", {day(item.created_at)}" if item.created_at else ""
    decided = f" ({DECIDED[item.status]})" if item.status in DECIDED else ""
    return f"{kind(item.platform, item.kind)}{when}{decided}"


def still(one: StillOpen, now: datetime) -> str:
    """`3 posts from earlier wait for a decision, 1 of them urgent; the oldest was flagged …`."""
    urgent = "" if not one.urgent else f", {one.urgent} of them urgent" if one.items > 1 else ", and is urgent"
    oldest = "the oldest" if one.items > 1 else "it"
    return (
        f"{count(one.items, 'post')} from earlier {STILL[one.standing][one.items != 1]}{urgent}; {oldest} was flagged on "
        f"{day(one.oldest)} ({age(one.oldest, now)})."
    )


def undelivered(report: Undelivered) -> str:
    """What has become of an earlier report: whom it did not reach is said apart from whom it did."""
    of, why = f"The report of {day(report.composed_at)}", clip(report.why, 300)
    if not report.reached and not report.waiting:
        return f"{of} could not be sent, and is not tried again. {why}".strip()
    said = []
    if report.refused:
        said += [f"{of} did not reach {and_list(report.refused)}, and is not tried again there.", why]
    if report.waiting:
        whom = f" to {and_list(report.waiting)}" if report.refused or report.reached else ""
        said.append(f"{'It' if said else of} is still waiting to be sent{whom}.")
    if report.reached:
        said.append(f"It reached {and_list(report.reached)}.")
    return " ".join(part for part in said if part)


def without_report(scans: Sequence[WithoutReport]) -> list[str]:
    """Sentences about the scans since the last report that made none; of many the last ones, and how many came before."""
    said = [f"The scan of {moment(one.started_at)} made no report. {clip(one.note, 200)}" for one in scans[-NAMED:]]
    if len(scans) > NAMED:
        earlier = count(len(scans) - NAMED, "earlier scan")
        said.append(f"{earlier} made none either, the first on {day(scans[0].started_at)}.")
    if scans:
        said[-1] += " What was found in the meantime, and is still to be decided, is in this one."
    return said


def masking(level: Level, unmasked: Sequence[str]) -> str:
    """What the mail says of its masks: the clauses `unmasked` are shown in full. At the level "full" it promises none."""
    if level == "full" or (level == "notice" and not unmasked):
        return ""
    return f"Names and contact details are masked{f', but not under {and_list(unmasked)}' if unmasked else ''}."


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


def counted(told: Counted) -> str:
    """The numbers of a report in a sentence, for who does not have it open: also of what was told before and has come back."""
    said = [f"{count(told.to_review, 'post')} to review" + (f", {told.urgent:,} urgent" if told.urgent else "")]
    if told.open_again:
        said.append(f"{count(told.open_again, 'earlier post is', 'earlier posts are')} open again")
    if told.undecided:
        said.append(f"{count(told.undecided, 'earlier post')} still to decide")
    return f"The report: {'; '.join(said)}."


def older_left(older: Older | None) -> str:
    """What the checks have still to read again, and how long that takes; nothing where they have read all."""
    if older is None:
        return ""
    left = count(older.versions, "older version is", "older versions are")
    left += " still to be read again with the changed checks"
    if older.nights is None:
        return f"{left}. Nothing does so by itself: ask whoever runs the monitor for “acto check --all-history”."
    return f"{left}; about {count(older.nights, 'night')}."


def age(oldest: datetime, now: datetime) -> str:
    """`today`, `1 day`, `12 days`: by London's calendar."""
    days = (now.astimezone(LONDON).date() - oldest.astimezone(LONDON).date()).days
    return count(days, "day") if days > 0 else "today"
