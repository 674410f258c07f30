"""An export as the zip file that the platform sends.

Only files with the names of an export's comments, posts and reviews are opened, and the first lines of CSV files, whose
names are in the account's language. What each of them is, its shape says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from io import BytesIO
from typing import BinaryIO, NoReturn

from connectors.errors import Refused
from connectors.exports.json_lists import CutOff, Entry, read_lists
from connectors.exports.parts import Part, pages, parsed
from connectors.exports.recognise import EXPORTS, LOOKED_FOR, Seen, recognise_lists, recognise_table
from connectors.exports.shapes import Export, Owner
from connectors.exports.zip_safely import SafeZip, open_zip, printable
from connectors.item import Page

# Folders of conversations, and what macOS adds to zip files.
NEVER = {"messages", "inbox", "message_requests", "archived_threads", "filtered_threads", "__MACOSX"}
LONGEST_PROFILE = 512 * 1024
AS_HTML = re.compile(r"(?:^|/)(?:comments|post_comments|posts|your_posts|profile_posts|reviews)[^/]*\.html$")


def read_zip(file: BinaryIO, where: str, given: Owner) -> Iterator[Page]:
    """The pages of the export in a zip file, called `where` in messages; `given` is its owner, where it does not say that.

    What an export calls comments, posts or reviews and cannot be recognised is a gap. Raises Refused where there is
    nothing to read, and for a zip file that is damaged, or made to do harm.
    """
    with open_zip(file, where) as archive:
        names = [name for name in archive.names if not _is_left_alone(name)]
        lists = [name for name in names if any(export.files and export.files.search(name) for export in EXPORTS)]
        archive.check(lists)
        parts: list[Part] = []
        gaps: list[str] = []
        notes: list[str] = []
        owners: dict[str, Owner] = {}
        for name in lists:
            shown = f"{printable(name)} in {where}"
            with archive.open(name) as content:
                seen = recognise_lists(content)
            if seen.export and seen.shape:
                if seen.export.looked_for not in owners:
                    owners[seen.export.looked_for] = _owner(archive, seen.export, names) or given
                owner = owners[seen.export.looked_for]
                parts.append(Part(shown, partial(archive.open, name), seen.export, seen.shape, owner))
            elif seen.wrong:
                notes.append(f"{shown} was left aside: it {seen.wrong}")
            elif _is_strange(seen):
                gaps.append(f"{shown} holds nothing that we can read: its layout is new, or it is broken.")
        tables = _tables(archive, names, where, given, gaps)
        if not parts and not tables:
            _refuse(where, archive.names, [*gaps, *notes])
        yield from pages([*parts, *tables], gaps, notes)


def _tables(archive: SafeZip, names: Sequence[str], where: str, owner: Owner, gaps: list[str]) -> list[Part]:
    """The CSV files that are tables of exports; adds to `gaps` those of which that cannot be told."""
    found = []
    for name in names:
        if not name.lower().endswith(".csv"):
            continue
        try:
            with archive.open(name) as content:
                table = recognise_table(content)
        except Refused as error:
            gaps.append(str(error))
            continue
        if table:
            archive.check([name])
            found.append(Part(f"{printable(name)} in {where}", partial(archive.open, name), *table, owner))
    return found


def _owner(archive: SafeZip, export: Export, names: Sequence[str]) -> Owner | None:
    """The account's owner; None where the export does not say it."""
    if not export.owner or not export.owner_files:
        return None
    for name in filter(export.owner_files.search, names):
        with archive.open(name) as content:
            document = content.read(LONGEST_PROFILE)
        for raw in [document, *_entries(document)]:
            try:
                owner = export.owner(parsed(raw))
            except ValueError:
                continue
            # A name alone says whose it is, too: whoever imports it must not say otherwise.
            if owner != Owner():
                return owner
    return None


def _entries(document: bytes) -> list[bytes]:
    try:
        return [entry.raw for entry in read_lists(BytesIO(document)) if isinstance(entry, Entry)]
    except CutOff:
        return []


def _refuse(where: str, names: Sequence[str], told: Sequence[str]) -> NoReturn:
    if told:
        raise Refused(" ".join(told))
    if "[Content_Types].xml" in names:
        raise Refused(f"{where} is a spreadsheet or a document. Save it as CSV (UTF-8).")
    if any(map(AS_HTML.search, names)):
        raise Refused(f"{where} was made for looking at (HTML). Ask for the download again, in the format JSON.")
    words = f"{where} holds nothing that we know. Looked for: {LOOKED_FOR}."
    if any(name.lower().endswith(".zip") for name in names):
        words += " It holds other zip files, which are not opened: unpack it and import them one by one."
    raise Refused(words)


def _is_left_alone(name: str) -> bool:
    return any(folder in NEVER or folder.startswith("._") for folder in name.split("/"))


def _is_strange(seen: Seen) -> bool:
    """Whether there is something in a file that could be what its name says, and is not."""
    return bool(seen.entries or seen.broken) or not seen.lists
