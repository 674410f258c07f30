"""X's ids: numbers that tell when they were given out, and the chain of ids that an edited post has.

A post's id counts the milliseconds since 4 November 2010 in its upper bits ("Snowflake"). Each edit is a new post; all
versions carry the ids of all versions, the first one first (X API, "Edit posts").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.json_values import entries

ID = re.compile(r"[0-9]{1,19}")
BEGIN = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=1_288_834_974_657)
# Ids given out before that day were counted one by one, and tell no time.
FIRST_WITH_TIME = 29_700_859_247


def is_id(value: object) -> bool:
    """Whether `value` is an id as X writes them: text of up to 19 digits."""
    return isinstance(value, str) and ID.fullmatch(value) is not None


def given_out_at(name: str) -> datetime | None:
    """When an id was given out, in UTC to the second as X tells its times; None where it does not tell."""
    if not is_id(name) or int(name) < FIRST_WITH_TIME:
        return None
    return (BEGIN + timedelta(milliseconds=int(name) >> 22)).replace(microsecond=0)


def chain(entry: Any) -> list[str]:
    """The ids of all versions of a post, the first one first; empty where it has no id itself.

    `edit_history_tweet_ids`, or `edit_history_post_ids` in the names of August 2026.
    """
    name = entry.get("id") if isinstance(entry, Mapping) else None
    if not isinstance(name, str) or not is_id(name):
        return []
    told = entries(entry, "edit_history_tweet_ids") or entries(entry, "edit_history_post_ids")
    return told if name in told and all(is_id(one) for one in told) else [name]


def first_id(entry: Any) -> str | None:
    """The id by which a post is known, whatever its version; None where it has none."""
    return next(iter(chain(entry)), None)
