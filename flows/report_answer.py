"""Do I need to do anything? The report's subject, headline and first line, each of which may be all that is read of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flows.report_facts import Facts, SourceRead
from flows.report_words import and_list, clip, count, day, short_day


def not_read(facts: Facts) -> list[SourceRead]:
    """Sources that were to be read and were not, or not in full."""
    return [source for source in facts.sources if source.outcome in ("partial", "unread")]


def part_asked_for(facts: Facts) -> str:
    """`page, begun from 1 Nov 2026 to 7 Nov 2026`: what was to be read where that was not everything; "" where it was."""
    asked = [source for source in facts.sources if source.outcome != "skipped"]
    if not asked:
        return ""
    names = and_list([clip(source.source, 40) for source in asked])
    which = names if len(asked) < 3 else f"{len(asked)} of {len(facts.sources)} sources"
    sources = which if len(asked) < len(facts.sources) else ""
    begun = _begun(asked[0])
    if not begun:
        return sources
    return f"{sources}, {begun}" if sources else f"what was {begun}"


def _begun(source: SourceRead) -> str:
    """Between which days the threads were begun that the user asked for; "" where no days were given."""
    if not source.of_days:
        return ""
    if not source.until:
        return f"begun since {day(source.since)}" if source.since else ""
    if not source.since:
        return f"begun up to {day(source.until)}"
    first, last = day(source.since), day(source.until)
    return f"begun on {first}" if first == last else f"begun from {first} to {last}"


def subject(facts: Facts, problems: Sequence[str], now: datetime) -> str:
    """Facts first and no names of people: a subject shows on locked telephones."""
    urgent = sum(item.severity == "urgent" for item in facts.items)
    open_still = _waiting(facts)
    found = (
        f"{count(len(facts.items), 'post')} to review"
        if facts.items
        else f"Nothing new, {count(open_still, 'post')} still to decide"
        if open_still
        else "Nothing to review"
    )
    missing = _missing(facts, problems)
    part = part_asked_for(facts)
    words = [f"INCOMPLETE: {missing}"] if missing else []
    words += [f"Only {part}"] if part else []
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
    part = part_asked_for(facts)
    headline, detail = _answer(facts, problems, part)
    return (f"{headline} This scan was only of {part}." if part else headline), detail


def _answer(facts: Facts, problems: Sequence[str], part: str) -> tuple[str, str]:
    urgent = sum(item.severity == "urgent" for item in facts.items)
    seen = count(sum(source.items_seen for source in facts.sources), "post")
    missing = _missing(facts, problems)
    read = f"{seen} read, {'all that was asked for' if part else 'all sources'} in full."
    if facts.items:
        again = sum(all(finding.found_again for finding in item.findings) for item in facts.items)
        found_again = f" {_found_again(again, len(facts.items))}" if again else ""
        headline = f"Yes: please look at {count(len(facts.items), 'post')}{_of_them(urgent, len(facts.items))}."
        return headline, f"There may be more: {missing}.{found_again}" if missing else read + found_again
    open_still = _waiting(facts)
    if missing:
        earlier = f" {count(open_still, 'post')} from earlier still to decide." if open_still else ""
        return "Perhaps: this is not an all-clear.", f"Nothing was found in the {seen} read, but: {missing}.{earlier}"
    if open_still:
        waits = "waits" if open_still == 1 else "wait"
        return f"Nothing new, but {count(open_still, 'earlier post')} {waits} for you.", read
    return ("Nothing to review in this part." if part else "No: nothing to review."), read


def _of_them(urgent: int, posts: int) -> str:
    if not urgent:
        return ""
    if urgent == posts:
        return ", which is urgent" if posts == 1 else ", all of them urgent"
    return f", {urgent} of them urgent"


def _waiting(facts: Facts) -> int:
    """How many posts of earlier reports wait for a decision."""
    return sum(one.items for one in facts.course.still_open if one.standing in ("open", "reopened"))


def _found_again(number: int, all_items: int) -> str:
    if number == all_items:
        these = "The one to look at was" if number == 1 else f"All {number:,} to look at were"
    else:
        these = f"{number:,} of the {all_items:,} to look at {'was' if number == 1 else 'were'}"
    return f"{these} found when older items were read again with the changed checks."


def preheader(facts: Facts) -> str:
    """The second most important fact, for the line that mailboxes show below the subject."""
    full = sum(source.outcome == "complete" for source in facts.sources)
    asked = sum(source.outcome != "skipped" for source in facts.sources)
    part = part_asked_for(facts)
    waiting = _waiting(facts)
    read = f"{f'Only {part}: ' if part else ''}{full} of {count(asked, 'source')} read in full."
    return f"{read} {count(waiting, 'earlier post')} still open." if waiting else read
