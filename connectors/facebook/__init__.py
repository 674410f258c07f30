"""A Facebook Page: its posts and those about it, all comments on them, and its recommendations (Graph API, facebook-sdk).

Which lists: `/{page}/feed` alone gives the Page's own posts, those of visitors, and public posts that tag the Page, 100
a call, each with the counter of its comments; `published_posts`, `visitor_posts` and `tagged` would give the same again
in three calls. `/{post}/comments?filter=stream` gives all levels of a thread, 100 a call; `/{page}/ratings` the
recommendations. Not on any list: comments on adverts that are not on the Page, and on single pictures of an album.

Calls of one pass: whose token it is (1), the posts of the window (1 for 100), each thread that is due and not known to
be empty (1 for 100 comments), the recommendations (1 for 100). Each permission is used by each pass, so none lapses by
90 days without use.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import facebook

from connectors.errors import Refused
from connectors.facebook.items import OurPage
from connectors.facebook.posts import Post, Posts
from connectors.facebook.reviews import reviews
from connectors.facebook.threads import SOMEBODY_ELSES, Threads
from connectors.gathered import Gathered
from connectors.graph import LIBRARY_HOST, GraphError, connect_graph, fetch, graph
from connectors.graph.doubt import WHOSE, in_doubt, is_unanswered
from connectors.graph.fields import Fields
from connectors.graph.refusals import FACEBOOK, in_words
from connectors.http import Http
from connectors.item import Page, ThreadRead
from connectors.json_values import text_or_none
from connectors.source import Source, Window

HOST = LIBRARY_HOST
NOT_OUR_PAGES = (
    "The token is not that of the Page whose page_id is in acto.toml: it is a person's, or another Page's. Take the Page "
    "token, as docs/access/facebook.md says, and set ACTO_FACEBOOK_TOKEN."
)


def connect(source: Source, **manners: Any) -> Http:
    """The way to Facebook, with the Page's token in a header (the library would put it into each URL).

    `manners` (deadline, timeout, sleep) are those of `Http`.
    """
    return connect_graph(source, **manners)


def read(source: Source, window: Window, http: Http) -> Iterator[Page]:
    """Pages of the Page `page_id`: its posts begun within `window`, newest first, each page of them followed by the
    threads on it that are due; then the due threads of older posts; then the recommendations.

    Nothing is read with a token that is not the Page's own: Facebook gives a person's an empty list for the comments, as
    if all were deleted. A resume that Facebook no longer takes starts its list again.
    Raises Refused or Transient.
    """
    api = graph(http, source)
    try:
        ours = our_page(api, source.keys["page_id"].strip())
        if ours is None:
            unsure = OurPage(source.keys["page_id"].strip(), None)
            yield from in_doubt(_pages(api, unsure, window), WHOSE.format_map(FACEBOOK))
        else:
            yield from _pages(api, ours, window)
    except GraphError as error:
        raise in_words(error) from None


def our_page(api: facebook.GraphAPI, page_id: str) -> OurPage | None:
    """The Page that the token belongs to; None where Facebook does not say. Raises Refused where that is not `page_id`."""
    # A person has no `username`, and is told apart by the id.
    try:
        me = fetch(api, "me", fields=Fields(["id", "name"], ["username"]))
    except GraphError as error:
        if is_unanswered(error):
            return None
        raise
    if me.get("id") != page_id:
        raise Refused(NOT_OUR_PAGES)
    return OurPage(page_id, text_or_none(me, "username") or text_or_none(me, "name"))


def _pages(api: facebook.GraphAPI, ours: OurPage, window: Window) -> Iterator[Page]:
    resume = window.resume or {}
    part, token = resume.get("part", "posts"), resume.get("token")
    posts = Posts(
        api,
        ours,
        window,
        shown=set(resume.get("shown", ())),
        whole=resume.get("whole", False),
        before=resume.get("before", 0),
        doubtful=resume.get("doubtful", False),
    )
    threads = Threads(api, posts)
    if part == "posts":
        yield from _posts(posts, threads, token)
    if part in {"posts", "older"}:
        yield from _older(posts, threads)
    yield from reviews(api, ours, window, resume if part == "reviews" else {})


def _posts(posts: Posts, threads: Threads, token: str | None) -> Iterator[Page]:
    """The list of posts, and the threads that are due on each page of it. Interrupted, the page is asked for again:
    threads that have landed are not due any more.
    """
    for listing in posts.listings(token):
        gathered, here = Gathered(), posts.resume(token)
        found = [post for post in posts.take(listing, gathered) if threads.is_due(post)]
        quiet = {post.id for post in found if threads.is_quiet(post)}
        gathered.threads += [ThreadRead(name, 0) for name in quiet]
        yield gathered.page(here)
        for post in found:
            if post.id not in quiet:
                yield from threads.read(post, here)
        token = listing.next_token


def _older(posts: Posts, threads: Threads) -> Iterator[Page]:
    """The threads that are due and that no list of this pass has shown; then what may be said of the list as a whole.

    A post that is there and that the list should have shown speaks against the list.
    """
    gathered = Gathered()
    for due in posts.window.known.due():
        # A recommendation's id has one part only.
        if due.id in posts.shown or "_" not in due.id:
            continue
        here = {"part": "older", "whole": posts.whole, **posts.kept()}
        yield from threads.read(Post(due.id, due.begun_at, None), here)
        if due.id in threads.answered and due.begun_at is not None and posts.window.holds(due.begun_at) and posts.whole:
            posts.whole = False
            gathered.gaps.append(f"Facebook's list of posts left out the post {due.id}, which is still there.")
    if posts.whole:
        gathered.listed.append(posts.listed())
    if threads.hides_others:
        gathered.notes.append(SOMEBODY_ELSES)
    refused = sorted({*posts.fields.refused, *threads.fields.refused})
    if refused:
        gathered.notes.append(
            f"Facebook does not give some details any more ({', '.join(refused)}): the rest was read."
        )
    yield gathered.page({"part": "reviews"})
