"""What LinkedIn gives a page's admins: the posts of "Analytics, Content, Export", saved as CSV; it holds no comments.

Lines that explain the table stand above its column names; older exports say "Update" for "Post". The post's number in the
link is its id: urn:li:share and urn:li:ugcPost are those of the API, urn:li:activity is not. Who pressed the button
("Posted by") is nobody's business: LinkedIn's terms let nobody keep members' names.

Also the table of a page's posts that data connectors write from the API (Fivetran: ugc_post_history).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from connectors.dates import read_date
from connectors.exports.shapes import Export, Found, Owner, Table, id_of
from connectors.item import Item
from connectors.linkedin.items import PUBLISHED
from connectors.linkedin.text import plain
from connectors.linkedin.urns import is_post, link

URN = re.compile(r"urn:li:(?:activity|share|ugcPost):\d+")
# .../posts/acto-uk_a-few-words-activity-7118649787851124736-AbCd, which begins with the name of the page
IN_A_LINK = re.compile(r"-(activity|share|ugcPost)-(\d+)")
PAGE_IN_A_LINK = re.compile(r"https://www\.linkedin\.com/posts/([\w-]+?)_")
PRIVATE = re.compile("posted by")
MONTH_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def content_row(cells: Mapping[str, str], raw: Mapping[str, str], owner: Owner) -> Iterator[Found]:
    """A post out of the page's own export."""
    address = cells.get("post link", cells.get("update link", "")).strip()
    written = cells.get("post title", cells.get("update title", ""))
    day = cells["created date"].strip()
    if not address and not written.strip():
        raise ValueError("it has neither a link nor a text")
    name = _urn(address) or id_of(address, day, written)
    page = PAGE_IN_A_LINK.match(address)
    yield Item(
        platform="linkedin",
        id=name,
        kind="post",
        text=written,
        thread_id=name,
        author_handle=page[1] if page else owner.handle,
        url=address if address.startswith("https://www.linkedin.com/") else None,
        created_at=_day(day),
        raw=raw,
    )


def api_row(cells: Mapping[str, str], raw: Mapping[str, str], owner: Owner) -> Iterator[Found]:
    """A post out of a connector's table; one that is not published is hidden."""
    name = cells["id"].strip()
    if not is_post(name):
        raise ValueError("it has no id of a post")
    yield Item(
        platform="linkedin",
        id=name,
        kind="post",
        text=plain(cells["commentary"]),
        thread_id=name,
        author_id=cells["author"] or None,
        author_handle=owner.handle,
        url=link(name),
        created_at=read_date(cells.get("first_published_at") or cells["created_time"]),
        raw=raw,
        hidden=cells["lifecycle_state"] not in PUBLISHED,
    )


def _urn(address: str) -> str | None:
    if found := URN.search(address.replace("%3A", ":")):
        return found[0]
    found = IN_A_LINK.search(address)
    return f"urn:li:{found[1]}:{found[2]}" if found else None


def _day(written: str) -> datetime | None:
    """LinkedIn writes the month first, whatever the language of the page."""
    if found := MONTH_FIRST.fullmatch(written):
        try:
            return datetime(int(found[3]), int(found[1]), int(found[2]), tzinfo=UTC)
        except ValueError:
            pass
    return read_date(written)


EXPORT = Export(
    looked_for="the posts of a LinkedIn page (Analytics, Content, Export; saved as CSV)",
    tables=(
        Table(frozenset({"post title", "post link", "created date"}), content_row, PRIVATE),
        Table(frozenset({"update title", "update link", "created date"}), content_row, PRIVATE),
        Table(frozenset({"id", "author", "commentary", "created_time", "lifecycle_state"}), api_row),
    ),
)
