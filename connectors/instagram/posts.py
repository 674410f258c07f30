"""The posts of an Instagram account, newest first, and the threads of those that are due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from connectors.errors import SourceError
from connectors.gathered import Gathered
from connectors.graph import GraphError, fetch, page_of, sent
from connectors.graph.refusals import lacks_permission, may_be_gone
from connectors.instagram import threads
from connectors.instagram.items import COMMENT, OUR_MEDIA, media
from connectors.instagram.one_pass import Pass, is_over
from connectors.instagram.threads import COMMENTS_A_CALL, Thread
from connectors.instagram.trouble import IN_CIRCLES, in_part
from connectors.item import Item, Listed, Page, Rejected
from connectors.json_values import count_or_none, entries, mapping_or_empty, text_or_none

POSTS_A_CALL = 100
NO_POSTS = "Instagram shows none of our posts, although some are known: none of them was taken for deleted."
NOT_SHOWN = (
    "Instagram does not show {count} of the older posts and mentions that were to be looked at again. It does not say "
    "whether they are gone or not ours to read, so they were not taken for deleted."
)


def listed(run: Pass) -> Iterator[Page]:
    """Each page of the list of posts, followed by the threads on it that are due.

    A post from before the window is handed on only with its thread, where that is known and due. Raises GraphError and
    what `Http.request` raises.
    """
    empty = run.place.token is None
    for listing in run.walk(page_of(run.api, run.user_id, "media", fields=OUR_MEDIA, limit=POSTS_A_CALL)):
        gathered, wanted = Gathered(), list[Thread]()
        moments = list[datetime | None]()
        for entry in listing.entries:
            found = media(entry, "post")
            moments.append(found.created_at if isinstance(found, Item) else None)
            within = run.window.holds(moments[-1])
            gathered.take([found] if within else [])
            if found.id is None:
                run.place.whole = False
            elif thread := _due(run, entry, found, within=within):
                wanted.append(thread)
        empty = empty and not listing.entries
        if listing.circular:
            run.place.whole = False
            gathered.gaps.append(IN_CIRCLES.format(what="posts"))
        over = listing.next_token is None or is_over(moments, run.window)
        if over and empty and run.window.known.number_standing():
            gathered.gaps.append(NO_POSTS)
        elif over and not empty and run.place.whole:
            gathered.listed.append(Listed(("post",), run.window.since, run.window.until))
            run.listed = True
        yield gathered.page(run.place.resume())
        for thread in wanted:
            yield from threads.pages(run.api, thread, run.permission, run.place.resume())
        if over:
            return


def not_listed(run: Pass) -> Iterator[Page]:
    """The threads that are due although no list has shown them: each post with its first comments, by its id.

    Raises SourceError or GraphError where no further call would go better.
    """
    missing = 0
    for due in run.window.known.due():
        # What others have posted has no comments for us to read, and is on the lists alone.
        if due.id in run.shown or due.kind == "mention":
            continue
        gathered = Gathered()
        try:
            thread = _by_id(run, due.id)
        except (SourceError, GraphError) as trouble:
            if isinstance(trouble, GraphError) and (lacks_permission(trouble) or may_be_gone(trouble)):
                # What the list should have shown is missing by the word of the list.
                on_list = due.kind == "post" and due.begun_at is not None and run.window.holds(due.begun_at)
                missing += not (run.listed and on_list)
                continue
            gathered.gaps.append(f"The Instagram post {due.id} could not be read: {in_part(trouble)}")
            yield gathered.page(run.place.resume())
            continue
        if thread is None:
            missing += 1
        else:
            yield from threads.pages(run.api, thread, run.permission, run.place.resume())
    if missing:
        yield Page(notes=(NOT_SHOWN.format(count=missing),), resume=run.place.resume())


def _due(run: Pass, entry: Any, found: Item | Rejected, *, within: bool) -> Thread | None:
    """The thread of a listed post, if it is to be read. One from before the window must be known already."""
    name, counted = str(found.id), count_or_none(entry, "comments_count")
    run.shown.add(name)
    standing = run.window.known.standing(name)
    if run.window.known.is_due(name, counted):
        if within or standing:
            return Thread(
                name,
                counted,
                text_or_none(entry, "permalink"),
                None if within else found,
                unasked=entries(mapping_or_empty(entry, "comments"), "data"),
                standing=standing - {name},
            )
    elif counted and len(standing) > 1:
        run.permission.witness = name
    return None


def _by_id(run: Pass, name: str) -> Thread | None:
    """A post of ours with its first comments; None where it turns out to be somebody else's."""
    first = f"comments.limit({COMMENTS_A_CALL}){{{COMMENT}}}"
    entry = fetch(run.api, name, fields=f"{OUR_MEDIA},{first}")
    if text_or_none(entry, "username") != run.username:
        return None
    along = mapping_or_empty(entry, "comments")
    opening = media({key: value for key, value in entry.items() if key != "comments"}, "post")
    return Thread(
        name,
        count_or_none(entry, "comments_count"),
        text_or_none(entry, "permalink"),
        opening,
        sent(along) if along else ([], None),
        standing=run.window.known.standing(name) - {name},
        whole=opening.id == name,
    )
