"""A directory's page of reviews at /reviews.html, ten a page, newest first, each described for programs twice: in JSON-LD
and in microdata (schema.org), as directories do. Days without times, as nearly everywhere.

Rows: kind `review`, with `rating` (1 to 5) and `text`; the extra key `title` is the headline. `id` shows nowhere.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from html import escape
from math import ceil
from typing import Any

from connectors.sandbox.answers import Answer, Request, Route
from connectors.sandbox.web_versions import versioned
from connectors.sandbox.world import Presence, Shown, World

REVIEWS_A_PAGE = 10
NAME = "ACTO: Association for Counselling and Therapy Online"


def least_calls(presence: Presence, since: datetime | None, due: Collection[str]) -> int:
    """The pages that can hold what is wanted: those up to the last review of `since`'s day or after it, or in `due`; at
    least one. A reader sees that a page was the last to be wanted only on a review from before that day, which may be
    the first of the next page.
    """
    shown = _shown(presence)
    wanted = [
        place
        for place, one in enumerate(shown)
        if since is None or one.posted_at.date() >= since.date() or one.id in due
    ]
    if not wanted:
        return 1
    return ceil(min(wanted[-1] + 2, len(shown)) / REVIEWS_A_PAGE)


def _shown(presence: Presence) -> list[Shown]:
    return [one for one in presence.by_kind["review"] if not one.hidden]


def _reviews(world: World, asked: Request) -> Answer:
    shown = _shown(world.presence("webpage"))
    number = asked.query.get("page", "1")
    last = max(1, ceil(len(shown) / REVIEWS_A_PAGE))
    if not number.isdigit() or not 1 <= int(number) <= last:
        return Answer(404, "<!DOCTYPE html><title>Not Found</title>")
    page = int(number)
    here = shown[(page - 1) * REVIEWS_A_PAGE : page * REVIEWS_A_PAGE]
    following = f'<link rel="next" href="?page={page + 1}">' if page < last else ""
    body = (
        f'<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>{NAME}</title>{following}'
        f'<script type="application/ld+json">{_json_ld(here, shown)}</script></head>\n'
        f'<body itemscope itemtype="https://schema.org/Organization"><h1 itemprop="name">{NAME}</h1>'
        f"{''.join(_microdata(one) for one in here)}</body></html>\n"
    )
    return versioned(asked, body, "text/html; charset=utf-8", shown)


def _json_ld(here: Sequence[Shown], shown: Sequence[Shown]) -> str:
    ratings = [one.rating for one in shown if one.rating is not None]
    node: dict[str, Any] = {"@context": "https://schema.org", "@type": "Organization", "name": NAME}
    if ratings:
        mean = f"{sum(ratings) / len(ratings):.1f}"
        node["aggregateRating"] = {"@type": "AggregateRating", "ratingValue": mean, "reviewCount": str(len(shown))}
    node["review"] = [_node(one) for one in here]
    # As a template would: HTML within the JSON, and nothing that ends the script.
    return json.dumps(node).replace("</", "<\\/")


def _node(one: Shown) -> dict[str, Any]:
    node: dict[str, Any] = {
        "@type": "Review",
        "author": {"@type": "Person", "name": one.author_name},
        "datePublished": one.posted_at.date().isoformat(),
        "reviewBody": escape(one.text, quote=False),
    }
    if one.row.get("title"):
        node["headline"] = one.row["title"]
    if one.rating is not None:
        node["reviewRating"] = {"@type": "Rating", "ratingValue": f"{one.rating:g}"}
    return node


def _microdata(one: Shown) -> str:
    title = f'<h2 itemprop="headline">{escape(one.row["title"])}</h2>' if one.row.get("title") else ""
    rating = (
        '<p itemprop="reviewRating" itemscope itemtype="https://schema.org/Rating">'
        f'<meta itemprop="ratingValue" content="{one.rating:g}"><span>{"★" * round(one.rating)}</span></p>'
        if one.rating is not None
        else ""
    )
    lines = "<br>".join(escape(line) for line in one.text.splitlines())
    return (
        f'\n<article itemprop="review" itemscope itemtype="https://schema.org/Review">{title}{rating}'
        '<p>by <span itemprop="author" itemscope itemtype="https://schema.org/Person">'
        f'<span itemprop="name">{escape(one.author_name)}</span></span> on '
        f'<time itemprop="datePublished" datetime="{one.posted_at.date()}">{one.posted_at:%d %B %Y}</time></p>'
        f'<div itemprop="reviewBody">{lines}</div></article>'
    )


ROUTES = [Route("webpage", "/reviews[.]html", _reviews)]
