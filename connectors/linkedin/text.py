"""LinkedIn's "little text" (the `commentary` of posts) as a person reads it. Comments are plain text already.

Source: Posts API, "little text format": reserved characters come with a backslash, hashtags as templates, mentions as
links.
"""

from __future__ import annotations

import re

# One piece at a time, so that an escaped @ or { begins nothing. Within a piece its own opening sign is always escaped: a
# text of nothing but beginnings costs no more than one look at each.
PIECE = re.compile(
    r"""\\(?P<escaped>[|{}@\[\]()<>\#\\*_~])
    | \{hashtag\|(?P<sign>(?:\\.|[^{|\\])*)\|(?P<tag>(?:\\.|[^{}\\])*)\}
    | @\[(?P<name>(?:\\.|[^\[\]\\])*)\]\((?:\\.|[^()\\])+\)""",
    re.VERBOSE | re.DOTALL,
)


def plain(commentary: str) -> str:
    r"""`commentary` without escapes and templates: `\(` gives (, `{hashtag|\#|AI}` gives #AI, `@[Ann](urn:…)` gives Ann."""
    return PIECE.sub(_shown, commentary)


def _shown(piece: re.Match[str]) -> str:
    if piece["escaped"]:
        return piece["escaped"]
    if piece["tag"] is not None:
        return plain(piece["sign"]) + plain(piece["tag"])
    return plain(piece["name"])
