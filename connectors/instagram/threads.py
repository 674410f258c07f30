"""The thread of one Instagram post: the comments under it, the newest first, and all replies to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

import facebook

from connectors.errors import SourceError
from connectors.gathered import Gathered
from connectors.graph import GraphError, page_of, sent
from connectors.graph.refusals import lacks_permission, may_be_gone
from connectors.instagram.items import COMMENT, REPLIES_ALONG, REPLY, comment
from connectors.instagram.permission import Permission, believe
from connectors.instagram.trouble import IN_CIRCLES, Trouble, ends_the_pass, in_part
from connectors.item import Item, Page, Rejected, ThreadRead
from connectors.json_values import mapping_or_empty, text_or_none
from connectors.listing import PageOf, Sent, walk

COMMENTS_A_CALL = 50
IN_PART = "The comments under the Instagram post {id} could not all be read: {trouble}"


@dataclass(slots=True)
class Thread:
    """A post whose comments are to be read; `counted` is `comments_count`, `url` where the post is shown.

    `opening` is the post, where no list of this pass has handed it on. `along` are the first comments, where they came
    along with it. `unasked` are comments that came along without having been asked for: they are handed on where the list
    does not show them. `standing` are the comments that the history knows. `seen` are the ids handed on so far, `below`
    those of them that answer another comment, `whole` says that nothing is missing so far.
    """

    id: str
    counted: int | None
    url: str | None = None
    opening: Item | Rejected | None = None
    along: Sent | None = None
    unasked: Sequence[Any] = ()
    standing: AbstractSet[str] = frozenset()
    seen: set[str] = field(default_factory=set)
    below: set[str] = field(default_factory=set)
    whole: bool = True


def pages(
    api: facebook.GraphAPI, thread: Thread, permission: Permission, resume: Mapping[str, Any] | None
) -> Iterator[Page]:
    """All comments of `thread`, 50 and their replies a page, each page with `resume`; the last says that it is whole.

    What cannot be read is a gap. Raises SourceError or GraphError where no further call would go better, after what is here.
    """
    gathered = Gathered()
    gathered.take([thread.opening])
    try:
        for listing in walk(_comments(api, thread)):
            _take_all(api, thread, listing.entries, gathered, permission)
            if listing.circular:
                _miss(thread, gathered, IN_CIRCLES.format(what=f"comments under the post {thread.id}"))
            if listing.next_token is not None:
                yield gathered.page(resume)
                gathered = Gathered()
        _take_all(api, thread, thread.unasked, gathered, permission)
        if thread.whole:
            _complete(api, thread, gathered, permission)
    except (SourceError, GraphError) as trouble:
        if ends_the_pass(trouble):
            # No gap: the pass goes on with this thread from its beginning.
            yield gathered.page(resume)
            raise
        _not_shown(thread, trouble, gathered, permission)
        _take_all(api, thread, thread.unasked, gathered, permission)
    yield gathered.page(resume)


def _comments(api: facebook.GraphAPI, thread: Thread) -> PageOf:
    asked = page_of(api, thread.id, "comments", fields=COMMENT, limit=COMMENTS_A_CALL)
    return lambda token: thread.along if thread.along and token is None else asked(token)


def _take_all(
    api: facebook.GraphAPI, thread: Thread, entries: Sequence[Any], gathered: Gathered, permission: Permission
) -> None:
    for entry in entries:
        _take(thread, entry, None, gathered, permission)
        _take_replies(api, thread, entry, gathered, permission)


def _take(thread: Thread, entry: Any, parent_id: str | None, gathered: Gathered, permission: Permission) -> None:
    found = comment(entry, media_id=thread.id, parent_id=parent_id, url=thread.url)
    if found.id is None:
        thread.whole = False
    elif found.id in thread.seen:
        return
    else:
        thread.seen.add(found.id)
        if isinstance(found, Item) and found.kind == "reply":
            thread.below.add(found.id)
    gathered.take([found])
    permission.see([found])


def _take_replies(
    api: facebook.GraphAPI, thread: Thread, entry: Any, gathered: Gathered, permission: Permission
) -> None:
    """The replies that came along with a comment, and the rest of them where not all did; a failure is a gap.

    Raises SourceError or GraphError where no further call would go better.
    """
    along, parent_id = mapping_or_empty(entry, "replies"), text_or_none(entry, "id")
    if not along:
        return
    try:
        replies, token = sent(along)
        for reply in replies:
            _take(thread, reply, parent_id, gathered, permission)
        if parent_id is None or (token is None and len(replies) < REPLIES_ALONG):
            return
        for listing in walk(page_of(api, parent_id, "replies", fields=REPLY, limit=REPLIES_ALONG), token):
            for reply in listing.entries:
                _take(thread, reply, parent_id, gathered, permission)
            if listing.circular:
                _miss(thread, gathered, IN_CIRCLES.format(what=f"replies to the comment {parent_id}"))
    except (SourceError, GraphError) as trouble:
        _miss(
            thread,
            gathered,
            f"The replies to the Instagram comment {parent_id} could not all be read: {in_part(trouble)}",
        )


def _miss(thread: Thread, gathered: Gathered, gap: str) -> None:
    thread.whole = False
    gathered.gaps.append(gap)


def _not_shown(thread: Thread, trouble: Trouble, gathered: Gathered, permission: Permission) -> None:
    """A refusal may be a matter of the permission, or of this post alone: the end of the pass will tell."""
    if isinstance(trouble, GraphError) and (lacks_permission(trouble) or may_be_gone(trouble)):
        thread.whole = False
        permission.refused += 1
    else:
        _miss(thread, gathered, IN_PART.format(id=thread.id, trouble=in_part(trouble)))


def _complete(api: facebook.GraphAPI, thread: Thread, gathered: Gathered, permission: Permission) -> None:
    """The thread was read to its end: it is whole if what it held may be believed.

    Known comments that it did not show are looked for, unless what it showed is as many as Instagram counts, with the
    replies or without.
    """
    read, seen = ThreadRead(thread.id, thread.counted), len(thread.seen)
    missing = set() if thread.counted in {seen, seen - len(thread.below)} else thread.standing - thread.seen
    if permission.proved or (thread.counted == 0 and not thread.seen):
        believe(api, read, missing, gathered)
    else:
        permission.doubtful.append((read, missing))
