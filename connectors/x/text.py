"""The text of a post as a person reads it, from X's API or from its archive."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from connectors.json_values import text_or_none

SHORT = re.compile(r"https?://t\.co/\w{1,40}", re.ASCII)
LONGEST_ADDRESS = 2_000
# X's longest posts have 25,000 characters.
LONGEST_TEXT = 200_000


def readable(written: str, addresses: Iterable[Any]) -> str:
    """`written` with the `expanded_url` of `addresses` in place of X's own short ones. X escapes &, < and > and nothing
    else.

    Addresses are replaced in one go, and bounded: those made to be replaced by one another would grow without end.
    """
    long = {text_or_none(address, "url"): text_or_none(address, "expanded_url") for address in addresses}
    written_out = SHORT.sub(lambda short: (long.get(short[0]) or short[0])[:LONGEST_ADDRESS], written)
    whole = written_out if len(written_out) <= LONGEST_TEXT else written
    return whole.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
