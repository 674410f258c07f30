"""The page of an organization on LinkedIn: its posts, all comments and replies, and the posts of others that mention it
(Community Management API, with the token of an administrator).

Calls of one pass, of 500 a day in the Development tier: the notifications (1 for 100), the posts (1 for 100), and for
each thread that is due 1 for 100 comments and 1 for 100 replies to each comment that has any. A due post too old for the
pages that were read costs 1 more. LinkedIn's own client is not used: docs/access/linkedin.md says why.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from connectors.errors import PassOver, Refused, SourceError, Transient
from connectors.gathered import Gathered
from connectors.http import Http
from connectors.item import Gone, Page
from connectors.json_values import count_or_none, entries, text_or_none
from connectors.linkedin.api import HOST, Api
from connectors.linkedin.items import Ourselves
from connectors.linkedin.notifications import News, read_news
from connectors.linkedin.posts import PostList
from connectors.linkedin.refusals import SIGNALS, LinkedInError, in_words
from connectors.linkedin.threads import Threads
from connectors.linkedin.urns import is_post, organization_number
from connectors.source import Source, Window

VERSION = "202610"
# ACTO's own, which flows takes for official unless acto.toml says otherwise.
HANDLE = "acto-uk"
NOT_OURS = "LinkedIn does not let us read the post {} again, which mentions us: it stays as we first saw it."


def connect(source: Source, **manners: Any) -> Http:
    """The way to LinkedIn, with the source's token. `manners` (deadline, timeout, sleep) are those of `Http`."""
    return Http(
        {"Authorization": f"Bearer {source.secret or ''}"},
        host=HOST,
        base_url=source.base_url,
        signals=SIGNALS,
        **manners,
    )


def read(source: Source, window: Window, http: Http) -> Iterator[Page]:
    """Pages of the organization `organization_id`: mentions, then posts, the last changed first, then thread by thread.

    A thread is a post with its comments. Which are read: what `window.known` holds for due, and those of which LinkedIn
    has told since the last pass that something changed. The list of posts has no counters to go by.
    A resumed pass reads notifications and posts again (2 calls as a rule), since both lists move while they are read in
    parts; the threads landed before are no longer due.
    Raises Refused or Transient.
    """
    version = source.keys.get("version") or VERSION
    if not re.fullmatch(r"20[0-9]{4}", version):
        raise Refused('version in acto.toml is not a version of LinkedIn\'s interface: write a month like "202610".')
    api = Api(http, version)
    try:
        yield from _pass(api, organization_number(source.keys["organization_id"]), window)
    except LinkedInError as error:
        raise in_words(error) from None


def _pass(api: Api, number: str, window: Window) -> Iterator[Page]:
    before, known = window.bookmark or {}, window.known
    told_until = count_or_none(before, "notified_until")
    unreadable = {urn for urn in entries(before, "unreadable") if isinstance(urn, str)}
    read_already = {urn for urn in entries(window.resume, "read") if isinstance(urn, str)}
    handle, remembered = _handle(api, number, text_or_none(before, "handle"))
    us = Ourselves(number, handle)

    gathered = Gathered()
    news = read_news(api, us, window, told_until, gathered)
    yield gathered.page({"read": sorted(read_already)})
    # Without a bookmark, all of the last 60 days is news: then the threads are read in the order of the schedule.
    changed = set[str]() if told_until is None else news.changed - read_already
    wanted = (changed | {one.id for one in known.due()}) - read_already - unreadable

    posts = PostList(api, us, window, wanted)
    for gathered in posts.pages():
        yield gathered.page({"read": sorted(read_already)} if posts.shows_something else None)
    if not posts.shows_something:
        return
    threads = Threads(api, us, known, news.deleted)
    to_read = [*posts.due, *_behind(news.activities, posts, window), *sorted(wanted - posts.shown, reverse=True)]
    for urn in filter(is_post, dict.fromkeys(to_read)):
        gathered = Gathered()
        try:
            if urn in posts.shown or threads.take_post(urn, gathered):
                threads.take(urn, gathered)
        except SourceError:
            # No gap: that the reading ended is said by the error, and whoever goes on reads this thread again.
            yield gathered.page({"read": sorted(read_already)})
            raise
        except LinkedInError:
            gathered.notes.append(NOT_OURS.format(urn))
            unreadable.add(urn)
        if urn in changed:
            read_already.add(urn)
        yield gathered.page({"read": sorted(read_already)})

    yield _last_page(news, threads, told_until, remembered, unreadable)


def _handle(api: Api, number: str, remembered: str | None) -> tuple[str, str | None]:
    """The page's own handle, and what to remember of it: asked once, since only its change would change the answer.

    Nothing else shows it: authors are URNs. Where the token may not ask, it is ACTO's.
    """
    if remembered:
        return remembered, remembered
    try:
        found = text_or_none(api.organization(number), "vanityName") or HANDLE
        return found, found
    except PassOver:
        raise
    except LinkedInError:
        return HANDLE, HANDLE
    except Transient:
        return HANDLE, None


def _behind(activities: Collection[str], posts: PostList, window: Window) -> list[str]:
    """The listed posts whose known comments stand at one of these places in the feed."""
    if not activities:
        return []
    places = tuple(f"urn:li:comment:({urn}," for urn in activities)
    return [urn for urn in sorted(posts.shown) if any(name.startswith(places) for name in window.known.standing(urn))]


def _last_page(
    news: News, threads: Threads, told_until: int | None, handle: str | None, unreadable: Collection[str]
) -> Page:
    """What remains to be said when all threads have been read, and what the next pass needs to know."""
    gathered = Gathered()
    if told_until is not None:
        gathered.gone.extend(Gone(urn) for urn in sorted(news.deleted - threads.seen - threads.told))
        if news.activities - threads.places:
            gathered.gaps.append(
                f"LinkedIn says that comments came or went on {len(news.activities - threads.places)} older posts, but not "
                "on which: they are read when their turn comes."
            )
    gathered.bookmark = {"notified_until": news.told_until, "handle": handle, "unreadable": sorted(unreadable)}
    return gathered.page(None)
