"""Whether the token is that of ACTO's account, and what it may do: two or three calls.

Only a token of Facebook's login can be asked about. For one of Instagram's login the permissions show by what is answered:
the account needs the first, comments the second.
"""

from __future__ import annotations

from typing import Any

from connectors.access import Access, missing_and_excess
from connectors.graph import GraphError, fetch, graph
from connectors.graph.doubt import WHOSE
from connectors.graph.refusals import INSTAGRAM, in_words
from connectors.graph.token import NOT_TOLD, Token, token_facts
from connectors.http import Http
from connectors.instagram import login_of, own_account
from connectors.source import Source

NEEDED = (
    "instagram_basic", "instagram_manage_comments", "pages_show_list", "pages_read_engagement", "pages_read_user_content",
)  # fmt: skip
# Meta grants it unasked.
HARMLESS = ("public_profile",)
NEVER_TOLD = "Instagram does not say which permissions a token of its own login has beyond those that were used."


def look(source: Source, http: Http, **_manners: Any) -> Access:
    """See `connectors.registry.look`. Another account's token is Refused."""
    by_page = login_of(source) == "facebook"
    api = graph(http, source)
    told: Token | None = None
    try:
        account = own_account(api, source)
        if by_page:
            told = token_facts(source, http)
        fields = "id,comments.limit(1){id,username}"
        fetch(api, source.keys["user_id"].strip(), "media", fields=fields, limit=1)
    except GraphError as error:
        raise in_words(error, INSTAGRAM) from None
    missing, excess = missing_and_excess(told.permissions, NEEDED, HARMLESS) if told else ((), ())
    name = account[1] if account else None
    return Access(
        seen=f"the account {name}" if name else "the account",
        missing=missing,
        excess=excess,
        expires=told.expires if told else None,
        warnings=() if account else (WHOSE.format_map(INSTAGRAM),),
        notes=() if told else (NOT_TOLD if by_page else NEVER_TOLD,),
    )
