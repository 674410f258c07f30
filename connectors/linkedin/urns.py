"""LinkedIn's names for things (URNs), and how they travel in addresses (Rest.li protocol 2.0.0)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from connectors.errors import Refused

PLAIN = r"urn:li:[A-Za-z]{1,40}:[A-Za-z0-9_-]{1,100}"
POST = re.compile(r"urn:li:(?:share|ugcPost):[A-Za-z0-9_-]{1,100}")
COMMENT = re.compile(rf"urn:li:comment:\(({PLAIN}),([A-Za-z0-9_-]{{1,100}})\)")
# Notifications leave the inner `urn:li:` out: urn:li:comment:(activity:1,2).
SHORT_COMMENT = re.compile(r"urn:li:comment:\((?=(?:activity|share|ugcPost|groupPost):)")
ORGANIZATION = re.compile(r"(?:urn:li:(?:organization|company):)?([0-9]{1,20})")


def organization_number(key: str) -> str:
    """The number in `organization_id`, which may be the whole URN. Raises Refused where it is neither."""
    found = ORGANIZATION.fullmatch(key.strip())
    if not found:
        raise Refused(
            "organization_id in acto.toml is not the number of a LinkedIn page: docs/access/linkedin.md says where to "
            "find it."
        )
    return found[1]


def encoded(urn: str) -> str:
    """`urn` as a part of an address: colons, commas and parentheses percent-encoded, as Rest.li 2.0 wants them."""
    return quote(urn, safe="")


def is_post(urn: Any) -> bool:
    """Whether it names a post by itself; `urn:li:activity:…`, the post's place in the feed, does not."""
    return isinstance(urn, str) and bool(POST.fullmatch(urn))


def comment_urn(urn: Any) -> str | None:
    """A comment's URN in its full form; None where it is none."""
    full = SHORT_COMMENT.sub("urn:li:comment:(urn:li:", urn) if isinstance(urn, str) else ""
    return full if COMMENT.fullmatch(full) else None


def comment_parts(urn: str) -> tuple[str, str] | None:
    """What a comment stands under, and its number there (good only there); None where `urn` is no comment's."""
    found = COMMENT.fullmatch(urn)
    return (found[1], found[2]) if found else None


def link(post: str, comment: str | None = None) -> str:
    """Where a person sees the post, or one comment on it."""
    address = f"https://www.linkedin.com/feed/update/{quote(post, safe=':')}"
    return f"{address}?commentUrn={encoded(comment)}" if comment else address
