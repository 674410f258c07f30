"""One page of reviews as it was sent: what it shows, what it counts, and where it goes on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

import requests
from lxml import etree

from connectors.item import Rejected
from connectors.plain_text import plain_text
from connectors.web.text import text_of, tree_of
from connectors.webpage.microdata import items_in
from connectors.webpage.reviews import Review, each_once, review
from connectors.webpage.scripts import is_a, nodes_in, scripts_in

# The types of schema.org that are somebody's opinion of something; ClaimReview and MediaReview check facts.
REVIEWS = ("Review", "UserReview", "CriticReview", "EmployerReview", "Recommendation")
CUT_OFF = "The page is nested too deeply to be read to its end: reviews may be missing."
ELSEWHERE = "The page names a next one that is no part of it, which we did not read."


@dataclass(frozen=True, slots=True)
class ShownPage:
    """What one page shows: its reviews, each once; `counted` is the number that it says there are, None where it does not.

    `following` is the address of the page that it goes on with. `gaps` and `notes` as in `Page`.
    """

    reviews: tuple[Review, ...]
    rejected: tuple[Rejected, ...] = ()
    counted: int | None = None
    following: str | None = None
    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def shown_page(answer: requests.Response, address: str, home: str) -> ShownPage:
    """Read the page at `address`; the reviews begin at `home`. Never raises."""
    tree, to_its_end = tree_of(text_of(answer))
    gaps = () if to_its_end else (CUT_OFF,)
    if tree is None:
        return ShownPage((), gaps=gaps)
    documents, broken = scripts_in(tree)
    structured = [node for document in documents for node in nodes_in(document)]
    microdata = [node for item in items_in(tree, address) for node in nodes_in(item)]
    nodes_by_id = {node["@id"]: node for node in structured if isinstance(node.get("@id"), str) and len(node) > 2}
    read = [
        [review(node, nodes_by_id, address, plain) for node in nodes if is_a(node, *REVIEWS) and not _points(node)]
        for nodes, plain in ((structured, plain_text), (microdata, str))
    ]
    found, found_too = ([one for one in part if isinstance(one, Review)] for part in read)
    following = _following(tree, address)
    goes_on = following is not None and _is_part_of(following, home)
    return ShownPage(
        reviews=tuple(each_once(found, found_too)),
        rejected=(*broken, *(one for part in read for one in part if isinstance(one, Rejected))),
        counted=_counted([*structured, *microdata], nodes_by_id),
        following=following if goes_on else None,
        gaps=gaps,
        notes=(ELSEWHERE,) if following and not goes_on else (),
    )


def _points(node: Mapping[str, Any]) -> bool:
    """Whether a node only names another that is described elsewhere."""
    return "@id" in node and all(key.startswith("@") for key in node)


def _counted(nodes: list[dict[str, Any]], nodes_by_id: Mapping[str, Any]) -> int | None:
    """The number of reviews in the AggregateRating of what is reviewed, or in the only one of the page."""
    reviewed = [node for node in nodes if "aggregateRating" in node and ("review" in node or "reviews" in node)]
    of_it = [node["aggregateRating"] for node in reviewed]
    for ratings in (of_it, [node for node in nodes if is_a(node, "AggregateRating")]):
        flat = [one for rating in ratings for one in (rating if isinstance(rating, list) else [rating])]
        named = [nodes_by_id.get(str(one.get("@id")), one) for one in flat if isinstance(one, dict)]
        counts = {count for one in named if (count := _whole_number(one.get("reviewCount"))) is not None}
        if counts:
            return counts.pop() if len(counts) == 1 else None
    return None


def _whole_number(value: Any) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value if 0 <= value < 10**9 else None
    written = value.strip().replace(",", "") if isinstance(value, str) else ""
    return int(written) if re.fullmatch(r"[0-9]{1,9}", written) else None


def _following(tree: etree._Element, address: str) -> str | None:
    """The address under rel=next, without a fragment; on the same host by the same scheme."""
    base = next((one.get("href") for one in tree.iter("base") if one.get("href")), "")
    for link in tree.iter("link", "a"):
        if "next" in (link.get("rel") or "").lower().split() and (written := (link.get("href") or "").strip()):
            try:
                here, there = urlsplit(address), urlsplit(urljoin(urljoin(address, base), written))
            except ValueError:
                return None
            host = here if here.netloc.lower() == there.netloc.lower() else there
            return urlunsplit((host.scheme, host.netloc, there.path, there.query, ""))
    return None


def _is_part_of(following: str, home: str) -> bool:
    """Whether a next page continues the one at `home`: on its host, and at its path or beneath (`/reviews.html?page=2`,
    `/reviews/page/2`). Blogs put rel=next on the article that was written next.
    """
    here, there = urlsplit(home), urlsplit(following)
    stem = re.sub(r"/?(?:\.[a-z]{2,5})?$", "", here.path, flags=re.IGNORECASE)
    return (here.scheme, here.netloc) == (there.scheme, there.netloc) and there.path.startswith(stem)
