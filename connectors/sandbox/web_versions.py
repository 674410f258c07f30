"""Versions of what the sandbox's web server sends (RFC 9110): validators, and 304 for whoever has the same version."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from connectors.sandbox.answers import Answer, Request
from connectors.sandbox.world import Shown


def versioned(asked: Request, body: str, content_type: str, shown: Collection[Shown]) -> Answer:
    """`body` with its ETag and the time of the last change to anything `shown`; 304 without a body where it is the same.

    As the standard says, If-Modified-Since counts only without If-None-Match.
    """
    etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:20]}"'
    changed = max((one.edited_at or one.posted_at for one in shown), default=datetime(2026, 1, 1, tzinfo=UTC))
    headers = {"ETag": etag, "Last-Modified": format_datetime(changed.astimezone(UTC), usegmt=True)}
    known, since = asked.headers.get("if-none-match"), asked.headers.get("if-modified-since")
    if known is not None:
        unchanged = etag in {one.strip().removeprefix("W/") for one in known.split(",")} or known.strip() == "*"
    else:
        unchanged = since is not None and changed.replace(microsecond=0) <= parsedate_to_datetime(since)
    if unchanged:
        return Answer(304, "", headers)
    return Answer(200, body, {"Content-Type": content_type, **headers})
