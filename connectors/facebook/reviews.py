"""The recommendations of a Facebook Page, and its reviews from before 2018."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import facebook

from connectors.errors import Transient
from connectors.facebook.items import OurPage, begun_at, review, review_id
from connectors.facebook.lists import listings
from connectors.facebook.trouble import IN_CIRCLES, Trouble, in_part
from connectors.gathered import Gathered
from connectors.graph import GraphError, page_of
from connectors.graph.fields import Fields
from connectors.graph.refusals import DEPRECATED, may_be_gone
from connectors.item import Item, Kind, Listed, Page, ThreadRead
from connectors.source import Window

KINDS: tuple[Kind, ...] = ("review",)
NO_LONGER = "Facebook no longer gives recommendations by API: import them instead (docs/access/facebook.md says how)."
# One or two may have been taken back; so many at once are a list that we have lost.
MANY = 3
NONE_SHOWN = (
    "Facebook shows none of the recommendations any more, although some are known: nothing was taken for deleted. Look at "
    "the Page itself; if they are there, the token may lack a permission (docs/access/facebook.md says which)."
)
FIELDS = (
    ["created_time", "review_text", "reviewer{id,name}"],
    ["recommendation_type", "rating", "has_rating", "has_review", "open_graph_story{id}"],
)


def reviews(api: facebook.GraphAPI, ours: OurPage, window: Window, resume: Mapping[str, Any]) -> Iterator[Page]:
    """All pages of the recommendations written within `window`, and of older ones that are due, newest first.

    The last page goes on nowhere: it is the last of the pass. A list that Facebook has given up is a note, one that fails,
    or shows nothing any more, a gap. Without the stories each row has another name than the history knows it by, so none
    is missing. Raises PassOver, and GraphError where the token is no good at all.
    """
    # A post's id has two halves.
    due = {thread.id: thread.begun_at for thread in window.known.due() if "_" not in thread.id}
    known = max(len(due), (window.bookmark or {}).get("recommendations", 0))
    number = resume.get("before", 0)
    gathered, seen, times, doubtful = Gathered(), set[str](), set[datetime | None](), resume.get("doubtful", False)
    token, fields = resume.get("token"), Fields(*FIELDS)
    try:
        pages = page_of(api, ours.id, "ratings", fields=fields, limit=100)
        for listing in listings(pages, token, name_of=review_id):
            number += len(listing.entries)
            doubtful = doubtful or "open_graph_story" in fields.refused
            for entry in listing.entries:
                name, begun = review_id(entry), begun_at(entry)
                times.add(begun)
                if window.holds(begun) or name in due:
                    one = review(entry)
                    gathered.take([one])
                    gathered.expect(1)
                    # It has no thread but itself.
                    gathered.threads += [ThreadRead(one.id)] if isinstance(one, Item) else []
                    seen |= {name} if name else set()
                    doubtful = doubtful or name is None
            if listing.circular:
                gathered.gaps.append(IN_CIRCLES.format(what="recommendations"))
                doubtful = True
            has_passed = window.has_passed([begun_at(entry) for entry in listing.entries])
            if listing.next_token is None or (has_passed and due.keys() <= seen):
                break
            yield gathered.page(
                {"part": "reviews", "token": listing.next_token, "before": number, "doubtful": doubtful}
            )
            gathered = Gathered()
        if not number and known:
            (gathered.gaps if known >= MANY else gathered.notes).append(NONE_SHOWN)
        if seen and not doubtful:
            missing = [begun for name, begun in due.items() if name not in seen and begun not in times]
            gathered.listed.append(Listed(KINDS, window.since, window.until))
            gathered.listed += [Listed(KINDS, begun, begun) for begun in missing if begun is not None]
    except (GraphError, Transient) as trouble:
        _failed(trouble, gathered)
    gathered.bookmark = {"recommendations": number}
    yield gathered.page(None)


def _failed(trouble: Trouble, gathered: Gathered) -> None:
    gave_up = isinstance(trouble, GraphError) and trouble.code in {DEPRECATED, 100} and not may_be_gone(trouble)
    if gave_up:
        gathered.notes.append(NO_LONGER)
    else:
        gathered.gaps.append(f"Facebook's recommendations could not all be read: {in_part(trouble)}")
