"""Whether the Page's token is the Page's, and what it may do: two or three calls."""

from __future__ import annotations

from typing import Any

from connectors.access import Access, missing_and_excess
from connectors.facebook import our_page
from connectors.graph import GraphError, fetch, graph
from connectors.graph.doubt import WHOSE
from connectors.graph.refusals import FACEBOOK, in_words
from connectors.graph.token import NOT_TOLD, token_facts
from connectors.http import Http
from connectors.source import Source

NEEDED = ("pages_show_list", "pages_read_engagement", "pages_read_user_content")
# Meta grants the first unasked; with the others the Page's token serves for Instagram too (docs/access/instagram.md).
HARMLESS = ("public_profile", "instagram_basic", "instagram_manage_comments")


def look(source: Source, http: Http, **_manners: Any) -> Access:
    """See `connectors.registry.look`. A person's token, or another Page's, is Refused."""
    api = graph(http, source)
    try:
        ours = our_page(api, source.keys["page_id"].strip())
        told = token_facts(source, http)
        # The first thing that a scan asks for.
        fetch(api, "me", "feed", fields="id", limit=1)
    except GraphError as error:
        raise in_words(error) from None
    missing, excess = missing_and_excess(told.permissions, NEEDED, HARMLESS) if told else ((), ())
    return Access(
        seen=f"the Page {ours.handle}" if ours and ours.handle else "a Page",
        missing=missing,
        excess=excess,
        expires=told.expires if told else None,
        warnings=() if ours else (WHOSE.format_map(FACEBOOK),),
        notes=() if told else (NOT_TOLD,),
    )
