"""`acto item`: what has happened to one item, on the terminal. What strangers wrote is cleaned, never obeyed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from flows.config import ConfigError
from flows.desk import published_history
from flows.exits import COMPLETE
from flows.masking import clean
from flows.report_words import ROLES, capitalised, clip, day, kind, moment
from flows.standing import Standing
from flows.standing import in_words as standing_in_words
from flows.timeline import Change, Decided, Event, Raised, Timeline, Told, Version, near_items, read_timeline
from flows.unjudged import in_words
from flows.word_changes import word_changes
from warehouse.concerns import PLATFORM as CONCERN

INDENT = (0, 0, 0, 4)
# Words that are shown on each side of a change; what else is the same on both sides is left out.
NEAR_A_CHANGE = 12
STATES = {
    "hidden": "Hidden: only the page itself still sees it",
    "shown": "Shown again",
    "absent": "Missing",
    "unknown": "Not known whether it is still there",
    "deleted": "Deleted",
    "restored": "There again",
    "read_again": "Read again",
    "expired": "Content removed by retention",
}


def show_item(item_id: str, *, as_json: bool) -> int:
    """Print the timeline of an item (platform:id). Raises ConfigError for an id that is none, with what may be meant."""
    history = published_history()
    timeline = read_timeline(history, item_id.strip())
    if timeline is None:
        raise ConfigError(unknown_item(history, item_id.strip()))
    if as_json:
        print(orjson.dumps(_as_record(timeline), option=orjson.OPT_INDENT_2).decode())
    else:
        _show(timeline, Console(highlight=False))
    return COMPLETE


def unknown_item(history: Path, given: str, *, command: str = "item") -> str:
    """That there is no such item, and what may be meant, as one would give it to `acto` and the command."""
    said, near = f"There is no item {clip(given, 200)!r}.", near_items(history, given)
    if not near:
        return f"{said} Ids look like youtube:UgxKREWx; `acto flags` and the view items have them."
    meant = (f"  acto {command} {clip(item_id, 300)}   (the item {why})" for item_id, why in near)
    return "\n".join([f"{said} Did you mean:", *meant])


def _as_record(timeline: Timeline) -> dict[str, Any]:
    """The timeline for machines: times in ISO 8601 UTC, each event with what it is about by number."""
    record = asdict(timeline)
    for flag, raised in zip(record["flags"], timeline.flags, strict=True):
        flag["edited_away_before_told"] = raised.edited_away_before_told
    record["events"] = [{"at": event.at, "what": event.what} | _reference(event) for event in timeline.events]
    plain: dict[str, Any] = _plain(record)
    return plain


def _reference(event: Event) -> dict[str, Any]:
    match event.of:
        case Version(revision=revision):
            return {"revision": revision}
        case Change(what=what, reason=reason):
            return {"state": what, "reason": reason}
        case Raised(flag_id=flag_id, revision=revision):
            return {"flag_id": flag_id, "revision": revision}
        case Standing(flag_id=flag_id, found=found):
            return {"flag_id": flag_id, "found": found}
        case Decided(flag_id=flag_id, decision=decision):
            return {"flag_id": flag_id, "decision": decision}
        case Told(report_id=report_id):
            return {"report_id": report_id}
        case _:
            return {}


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case dict():
            return {name: _plain(part) for name, part in value.items()}
        case list():
            return [_plain(part) for part in value]
        case _:
            return value


def _show(timeline: Timeline, console: Console) -> None:
    console.print(
        f"{kind(timeline.platform, timeline.kind)} {clean(timeline.item_id)}",
        style="bold",
        markup=False,
        soft_wrap=True,
    )
    names = list(dict.fromkeys(clip(name, 60) for name in (timeline.author_name, timeline.author_handle) if name))
    # A concern says nothing of who has told it but, perhaps, a name.
    role = "" if timeline.platform == CONCERN else ROLES.get(timeline.author_role, "somebody")
    if names or role:
        console.print(f"By {' '.join(names) or role}{f' ({role})' if names and role else ''}", markup=False)
    if timeline.url:
        console.print(clean(timeline.url), markup=False, soft_wrap=True)
    for words, near in (("Answers", timeline.parent), ("In the thread of", timeline.thread)):
        if near:
            who = f" by {clip(near.author_name, 60)}" if near.author_name else ""
            text = f"“{clip(near.text, 300)}”" if near.text else "(its text is not kept)"
            console.print(Text(f"{words} {clip(near.item_id, 120)}{who}: {text}", style="dim"))
    for event in timeline.events:
        console.print()
        _show_event(event, timeline, console)
    console.print()
    for sentence in in_words(timeline.unjudged):
        console.print(sentence, style="bold", markup=False)
    last = f"Last seen {moment(timeline.last_seen_at)}. " if timeline.last_seen_at else ""
    sources = ", ".join(clip(source, 64) for source in timeline.sources)
    console.print(f"{last}Read from: {sources}. Times are London's.", style="dim", markup=False)


def _show_event(event: Event, timeline: Timeline, console: Console) -> None:
    head, lines = _words(event, timeline)
    console.print(Text.assemble((moment(event.at), "dim"), "  ", (head, "bold")))
    for line in lines:
        console.print(Padding(line, INDENT, expand=False))


def _words(event: Event, timeline: Timeline) -> tuple[str, list[Text]]:
    """What happened in a few words, and the lines that say more."""
    match event.of:
        case Version() as version:
            return _version(version, timeline)
        case Change() as change:
            said = "" if change.what in ("hidden", "shown") else clip(change.reason, 300)
            return STATES[change.what], [Text(capitalised(said))] if said else []
        case Raised() as flag:
            return _raised(flag, timeline)
        case Standing() as standing:
            return f"Flag {standing.flag_id} {standing_in_words(standing)}", []
        case Decided() as decision:
            until = f", until {day(decision.expires_at)}" if decision.expires_at else ""
            head = f"Flag {decision.flag_id} {decision.decision.replace('_', ' ')} by {clip(decision.decided_by, 60)}{until}"
            return head, [Text(f"“{clip(decision.reason, 1000)}”")]
        case Told() as report:
            flags = ", ".join(sorted(report.flag_ids))
            sent = "sent" if report.sent_at else "written, but sent to nobody yet"
            return f"Report {clip(report.run_id, 60)} {sent}", [Text(f"It told of {flags}.")]
        case _:
            return "Posted, by the platform’s time", []


def _version(version: Version, timeline: Timeline) -> tuple[str, list[Text]]:
    place = timeline.versions.index(version)
    lines = []
    if version.edited_at:
        lines.append(Text(f"The platform says: edited {moment(version.edited_at)}.", style="dim"))
    head = "First seen" + (", in an import" if version.imported else "")
    if not version.text:
        lines.append(Text("It has no text, or its text is no longer kept."))
    elif place == 0 or not timeline.versions[place - 1].text:
        lines.append(Text(clean(version.text).strip()))
    else:
        lines.append(_changes(timeline.versions[place - 1].text, version.text))
    if place:
        head = f"Edited: version {version.revision}"
        before = timeline.versions[place - 1]
        if version.rating != before.rating:
            lines.append(Text(f"Rating: {_stars(before.rating)}, now {_stars(version.rating)}"))
        if [part["url"] for part in version.media] != [part["url"] for part in before.media]:
            lines.append(Text("Its pictures or files have changed."))
    elif version.rating is not None:
        lines.append(Text(f"Rating: {_stars(version.rating)}"))
    return head, lines


def _changes(before: str, after: str) -> Text:
    """The changed words with some of those around them: [-removed-] and {+added+}, by signs and not by colour alone."""
    parts = word_changes(clean(before), clean(after))
    if all(part.how == "same" for part in parts):
        return Text("Its words are the same.")
    shown = Text()
    for place, part in enumerate(parts):
        if place:
            shown.append(" ")
        if part.how == "removed":
            shown.append(f"[-{part.text}-]", style="red strike")
        elif part.how == "added":
            shown.append(f"{{+{part.text}+}}", style="green")
        else:
            shown.append(_shortened(part.text, first=place == 0, last=place == len(parts) - 1))
    return shown.append("   ([-removed-] {+added+})", style="dim")


def _shortened(text: str, *, first: bool, last: bool) -> str:
    """Words that have not changed: those beside a change, and … for what is left out."""
    words = text.split()
    left = [] if first else words[:NEAR_A_CHANGE]
    right = [] if last else words[-NEAR_A_CHANGE:]
    if len(words) <= len(left) + len(right):
        return text
    return " ".join([*left, "…", *right])


def _stars(rating: float | None) -> str:
    return "none" if rating is None else f"{rating:g} of 5"


def _raised(flag: Raised, timeline: Timeline) -> tuple[str, list[Text]]:
    status = flag.status.replace("_", " ")
    head = f"Flagged, {flag.severity}: {clip(flag.title, 120)} ({flag.clause}), on version {flag.revision}"
    lines = [Text(f"“{clean(flag.evidence).strip()}”")] if flag.evidence else []
    lines.append(Text(clip(flag.reason, 500)))
    if flag.found_again:
        lines.append(Text("Found when older items were read again with the changed check."))
    if flag.edited_away_at:
        before = ", before anybody was told" if flag.edited_away_before_told else ""
        lines.append(Text(f"Edited away since: seen without these words {moment(flag.edited_away_at)}{before}."))
    elif flag.revision < timeline.versions[-1].revision:
        lines.append(Text("The text has been edited since this version."))
    told = f"told {moment(flag.told_at)}" if flag.told_at else "nobody was told yet"
    lines.append(Text(f"Flag {flag.flag_id}, {status}; {told}.", style="dim"))
    return head, lines
