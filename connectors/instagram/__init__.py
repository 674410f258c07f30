"""An Instagram professional account: its posts with all comments and replies, and what others say of it.

Two ways in (`login` in acto.toml): Instagram's own login (`instagram`, the default) or that of a Facebook Page
(`facebook`). Both speak the Graph API, each at its own host.

Calls of one pass: the account (1), its posts (1 for 100), the media that tag it (1 for 100), each mention that is given by
its id (1), and for each thread that is due its comments (1 for 50), and the replies of a comment that has more than 50 (1
for 50). A due post that the lists do not reach comes with its first comments, in 1.

What the counter of a post can show: Instagram's documents leave open which comments `comments_count` holds (replies,
hidden ones, those of restricted people), so it is compared with itself alone. If it has changed, the thread is read. If
it has not, one may have gone and one come, or something may have come that it does not count: that shows when the
schedule of threads wants the thread read. Comments cannot be edited on Instagram; captions can, and come with the list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.errors import Refused
from connectors.gathered import Gathered
from connectors.graph import LIBRARY_HOST, GraphError, connect_graph, fetch, graph
from connectors.graph.doubt import WHOSE, in_doubt, is_unanswered
from connectors.graph.refusals import INSTAGRAM, in_words
from connectors.http import Http
from connectors.instagram import mentions, posts
from connectors.instagram.one_pass import POSTS, REST, TAGS, Pass, Place
from connectors.item import Page
from connectors.json_values import entries, text_or_none
from connectors.source import Source, Window

HOSTS = {"instagram": "https://graph.instagram.com", "facebook": LIBRARY_HOST}
OTHER_ACCOUNT = (
    "The token belongs to another Instagram account than user_id in acto.toml: put the right user_id there, or make the "
    "token again while logged in as ACTO's account (docs/access/instagram.md)."
)
APP_ID = (
    "user_id in acto.toml is the number that the app gives the account, not the account's own: take the user_id of the "
    "two, as docs/access/instagram.md says."
)
NO_ACCOUNT = "Instagram did not say whose token this is: look at the token, as docs/access/instagram.md says."


def connect(source: Source, **manners: Any) -> Http:
    """The way to Instagram, with the source's token in a header; which host, says `login`.

    `manners` (deadline, timeout, sleep) are those of `Http`. Raises Refused if `login` or the token cannot be one.
    """
    return connect_graph(source, host(source), **manners)


def host(source: Source) -> str:
    """The host that the account is read at. Raises Refused if `login` cannot be one."""
    return HOSTS[login_of(source)]


def read(source: Source, window: Window, http: Http) -> Iterator[Page]:
    """Pages of the account `user_id`: each page of its posts, newest first, followed by the threads on it that are due;
    the media that tag it; the `mentions`; the due threads that no list has shown.

    A resume that Instagram no longer takes starts its list again. Raises Refused, Transient or PassOver.
    """
    given = mentions.ids(source.keys.get("mentions") or "")
    api = graph(http, source)
    try:
        account = own_account(api, source)
        if account is None:
            user_id = source.keys["user_id"].strip()
            yield from in_doubt(_pages(api, user_id, None, window, given), WHOSE.format_map(INSTAGRAM))
        else:
            yield from _pages(api, *account, window, given)
    except GraphError as error:
        raise in_words(error, INSTAGRAM) from None


def _pages(api: Any, user_id: str, username: str | None, window: Window, given: list[str]) -> Iterator[Page]:
    run = Pass(api, user_id, username, window, Place(**(window.resume or {})))
    if run.place.part == POSTS:
        yield from posts.listed(run)
        run.place = Place(TAGS)
    if run.place.part == TAGS:
        yield from mentions.tagged(run)
        run.place = Place(REST, whole=run.place.whole)
    named = mentions.named(run, given)
    yield named
    yield from posts.not_listed(run)
    last = Gathered(bookmark=named.bookmark)
    run.permission.conclude(api, last)
    yield last.page(None)


def login_of(source: Source) -> str:
    login = source.keys.get("login") or "instagram"
    if login not in HOSTS:
        raise Refused(f"login of [sources.{source.name}] in acto.toml must be instagram or facebook.")
    return login


def own_account(api: Any, source: Source) -> tuple[str, str | None] | None:
    """The account's id and name, once the token has turned out to be that account's; None where Instagram does not say.

    Raises Refused, GraphError.
    """
    user_id = source.keys["user_id"].strip()
    by_page = login_of(source) == "facebook"
    try:
        answer = fetch(api, user_id, fields="id,username") if by_page else fetch(api, "me", fields="user_id,username")
    except GraphError as error:
        if is_unanswered(error):
            return None
        raise
    # The documents show the account in a list of one, the API sends it bare.
    told = (entries(answer, "data") or [answer])[0]
    own = text_or_none(told, "id" if by_page else "user_id")
    if own is None:
        raise Refused(NO_ACCOUNT)
    if own != user_id:
        raise Refused(APP_ID if text_or_none(told, "id") == user_id else OTHER_ACCOUNT)
    return user_id, text_or_none(told, "username")
