"""Text out of the HTML that exports wrap it in."""

from __future__ import annotations

import html
import re

BREAK = re.compile(r"<br\s{0,5}/?>", re.IGNORECASE)
# Only the tags that comment exports use: anything else in angle brackets is somebody's words.
TAG = re.compile(r"</?(?:a|b|i|u|s|em|strong|span|p)(?:\s[^<>]{0,2000})?>", re.IGNORECASE)


def plain_text(written: str) -> str:
    """`written` without its formatting tags and with its entities resolved: "&amp;lt;3" gives "&lt;3"."""
    if "<" not in written and "&" not in written:
        return written
    return html.unescape(TAG.sub("", BREAK.sub("\n", written)))
