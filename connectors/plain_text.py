"""Text out of the HTML that exports wrap it in."""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5

BREAK = re.compile(r"<br\s{0,5}/?>|</p>\s{0,5}(?=<p[\s>])", re.IGNORECASE)
# Only the tags that comment exports use: anything else in angle brackets is somebody's words.
TAG = re.compile(r"</?(?:a|b|i|u|s|em|strong|span|p)(?:\s{1,5}[a-z-]{1,30}\s{0,5}=[^<>]{0,2000})?>", re.IGNORECASE)
# With its semicolon: the &copy=1 of an address is no copyright sign.
ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)


def plain_text(written: str) -> str:
    """`written` without its formatting tags and with its entities resolved: "&amp;lt;3" gives "&lt;3"."""
    if "<" not in written and "&" not in written:
        return written
    return ENTITY.sub(_character, TAG.sub("", BREAK.sub("\n", written)))


def _character(found: re.Match[str]) -> str:
    entity = found[0]
    return unescape(entity) if entity[1] == "#" or entity[1:] in html5 else entity
