"""Bounds, pages and tokens of the X API's lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from connectors.sandbox.world import Shown
from connectors.sandbox.x.posts import Posts, given_out_at
from connectors.sandbox.x.refusals import invalid

SEARCHED = timedelta(days=7)
# What is searched ends half a minute ago.
NOT_YET = timedelta(seconds=30)
TOKENS = ("pagination_token", "next_token")


def within(posts: Posts, found: Sequence[Shown], query: Mapping[str, str], *, searched: bool = False) -> list[Shown]:
    """What of `found` lies within since_id, until_id, start_time and end_time, and within what is searched."""
    since_id, until_id = query.get("since_id"), query.get("until_id")
    times = {name: _time(query, name) for name in ("start_time", "end_time") if query.get(name)}
    for name in (since_id, until_id):
        if name is not None and not (name.isdigit() and len(name) <= 19):
            raise invalid("since_id", name, f"The query parameter value [{name}] does not match ^[0-9]{{1,19}}$")
    if since_id and times:
        raise invalid("since_id", since_id, "Invalid use of 'since_id' in conjunction with 'start_time' or 'end_time'.")
    if searched:
        first = posts.now - SEARCHED
        if since_id and given_out_at(since_id) < first:
            raise invalid(
                "since_id",
                since_id,
                f"'since_id' must be a tweet id created after [{first:%Y-%m-%dT%H:%MZ}]. Please use a 'since_id' that is "
                "larger than that.",
            )
        if "start_time" in times and times["start_time"] < first:
            raise invalid("start_time", query["start_time"], "'start_time' must be within the last 7 days.")
        found = [shown for shown in found if first <= shown.posted_at <= posts.now - NOT_YET]
    return [
        shown
        for shown in found
        if (not since_id or int(posts.versions(shown)[-1]) > int(since_id))
        and (not until_id or int(posts.versions(shown)[-1]) < int(until_id))
        and ("start_time" not in times or shown.posted_at >= times["start_time"])
        and ("end_time" not in times or shown.posted_at < times["end_time"])
    ]


def page_of(
    found: Sequence[Shown], path: str, query: Mapping[str, str], *, least: int, default: int
) -> tuple[Sequence[Shown], str | None]:
    """The page that max_results and the token ask for, and the token of the next one."""
    asked = query.get("max_results", str(default))
    if not asked.isdigit() or not least <= int(asked) <= 100:
        raise invalid(
            "max_results", asked, f"The `max_results` query parameter value [{asked}] is not between {least} and 100"
        )
    start = _start(path, query)
    end = start + int(asked)
    return found[start:end], _token(path, query, end) if end < len(found) else None


def _list_asked_for(path: str, query: Mapping[str, str]) -> str:
    """A token is good for the list that it came with only."""
    rest = sorted((name, value) for name, value in query.items() if name not in (*TOKENS, "max_results"))
    return sha256(repr((path, rest)).encode()).hexdigest()[:20]


def _token(path: str, query: Mapping[str, str], start: int) -> str:
    return f"7140{start:05d}{_list_asked_for(path, query)}"


def _start(path: str, query: Mapping[str, str]) -> int:
    name = next((name for name in TOKENS if query.get(name)), None)
    if name is None:
        return 0
    token = query[name]
    if not token[4:9].isdigit() or token != _token(path, query, int(token[4:9])):
        raise invalid(name, token, f"The query parameter value [{token}] for `{name}` is not valid")
    return int(token[4:9])


def _time(query: Mapping[str, str], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(query[name])
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or moment.year < 2010:
        raise invalid(name, query[name], f"Invalid '{name}': must be in ISO 8601, on or after 2010-11-06.")
    return moment
