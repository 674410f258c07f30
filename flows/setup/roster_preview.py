"""What was understood of a roster, and what in it looks like a slip: handles given twice, addresses instead of handles."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from checks.roster import COLUMNS, CONSENT, PLATFORMS, Member, Roster
from flows.masking import clean
from flows.report_words import count, platform
from warehouse.query import run_query
from warehouse.terms import terms_of

# Rows that are shown.
SHOWN = 3
MATCHED = Path(__file__).parent / "matched_authors.sql"


def doubts(roster: Roster, official: Mapping[str, str]) -> Iterator[str]:
    """Sentences about what may be a slip, without names: members are called by their member_id."""
    owners: dict[tuple[str, str], list[str]] = defaultdict(list)
    for member in roster.members:
        for where, handle in member.handles.items():
            owners[where, handle.lstrip("@").lower()].append(member.member_id)
            if "/" in handle or " " in handle:
                yield f"{member.member_id} has no handle but something else under {where}: write what stands behind the @."
        if unknown := [name for name in member.matched_on if name not in PLATFORMS]:
            yield f"{member.member_id}: matched_on names {clean(unknown[0])!r}; it can be {', '.join(PLATFORMS)}."
    ours = {(where, handle.lstrip("@").lower()) for where, handle in official.items()}
    for (where, handle), ids in owners.items():
        if len(ids) > 1:
            yield f"{' and '.join(ids)} have the same handle on {platform(where)}."
        if (where, handle) in ours:
            yield f"{ids[0]} has ACTO's own handle on {platform(where)}."


def preview(roster: Roster, path: Path) -> Iterator[str]:
    """Lines for the screen of whoever holds the file: how many, with which handles and permissions, and the first few."""
    members = roster.members
    offices = sum(member.role.casefold() not in {"", "member"} for member in members)
    yield f"{count(len(members), 'member')}, {offices} with an office"
    handles = {where: sum(where in member.handles for member in members) for where in PLATFORMS}
    yield "Handles: " + ", ".join(f"{platform(where)} {number}" for where, number in handles.items())
    consented = sum("x" in member.matched_on for member in members)
    yield f"To be recognised on X: {consented} of {handles['x']} have agreed (column {CONSENT})"
    yield f"Something may be shared of: {count(sum(bool(member.permitted) for member in members), 'member')}"
    for member in members[:SHOWN]:
        yield f"  {clean(_row(member))}"
    if len(members) > SHOWN:
        yield f"  … and {len(members) - SHOWN:,} more"
    if unknown := _unknown_columns(path):
        yield f"Columns that are not read: {clean(', '.join(unknown))}"


def matched_authors(roster: Roster, history: Path) -> Iterator[str]:
    """Lines on how many of the stored authors the roster knows, platform by platform; none where nobody is stored.

    Raises warehouse.query.QueryError, warehouse.encryption.EncryptionError.
    """
    known = [
        f"{where} {handle.lstrip('@').lower()}"
        for where, handle, consented in _recognised(roster)
        if consented or not terms_of(where).match_by_consent
    ]
    found = run_query(history, MATCHED.read_text(encoding="utf-8"), parameters={"known": known})
    for where, authors, matched in found.rows:
        yield f"{platform(where)}: {matched:,} of {count(authors, 'stored author')} matched"


def _recognised(roster: Roster) -> Iterator[tuple[str, str, bool]]:
    for member in roster.members:
        for where, handle in member.handles.items():
            yield where, handle, where in member.matched_on


def _row(member: Member) -> str:
    known_as = f", known as {member.known_as}" if member.known_as else ""
    handles = ", ".join(f"{platform(where)} {handle}" for where, handle in member.handles.items()) or "no handles"
    return f"{member.member_id}: {member.name}{known_as} ({member.role or 'member'}); {handles}"


def _unknown_columns(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file), [])
    return [column for column in header if column not in (*COLUMNS, CONSENT)]
