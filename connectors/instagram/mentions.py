"""What others say of us on Instagram: media that tag us, and media and comments that name us.

Tags are listed. Who names us in a caption or a comment is told by notifications alone, so the ids of those are given to
us (`mentions` in acto.toml). The comments under other people's media are not ours to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from connectors.errors import Refused, SourceError
from connectors.gathered import Gathered
from connectors.graph import GraphError, fetch, page_of
from connectors.graph.refusals import DEPRECATED, lacks_permission, may_be_gone
from connectors.instagram.items import NAMED_COMMENT, NAMED_MEDIA, TAGGED_MEDIA, media, mentioned_comment
from connectors.instagram.one_pass import Pass, is_over, newest_first
from connectors.instagram.trouble import IN_CIRCLES, in_part
from connectors.item import Item, Listed, Page, Rejected, ThreadRead
from connectors.json_values import mapping_or_empty

TAGS_A_CALL = 100
NO_TAGS = "Instagram does not list the posts that tag us for a token of this kind: look at them in the app."
# One or two tags may have been taken back; so many at once are a list that we have lost.
MANY = 3
NONE_SHOWN = (
    "Instagram shows none of the posts that tag us any more, although some are known: nothing was taken for deleted. Look "
    "at the tagged posts in the app; if they are there, the token may lack a permission (docs/access/instagram.md says "
    "which)."
)
NOT_READ = (
    "Instagram does not show the mention {id}: it may be gone, or not ours to read. If it is gone, take it out of "
    "mentions in acto.toml."
)
MEDIA, COMMENT = "media", "comment"


def tagged(run: Pass) -> Iterator[Page]:
    """Each page of the list of media that tag us. A refusal of the list is a gap, or a note where there is no such list.

    Raises SourceError or GraphError where no further call would go better.
    """
    moments = list[datetime | None]()
    empty = run.place.token is None
    gathered = Gathered()
    try:
        for listing in run.walk(page_of(run.api, run.user_id, "tags", fields=TAGGED_MEDIA, limit=TAGS_A_CALL)):
            for entry in listing.entries:
                found = media(entry, "mention")
                moments.append(found.created_at if isinstance(found, Item) else None)
                _take_tagged(run, found, moments[-1], gathered)
            empty = empty and not listing.entries
            run.tags = (run.tags or 0) + len(listing.entries)
            if listing.circular:
                run.place.whole = False
                gathered.gaps.append(IN_CIRCLES.format(what="posts that tag us"))
            if is_over(moments[-len(listing.entries) :], run.window) and newest_first(moments):
                break
            if listing.next_token is not None:
                yield gathered.page(run.place.resume())
                gathered = Gathered()
    except (SourceError, GraphError) as trouble:
        run.place.whole = False
        if isinstance(trouble, GraphError) and _no_such_list(trouble):
            gathered.notes.append(NO_TAGS)
        else:
            gathered.gaps.append(f"The posts that tag us on Instagram could not all be read: {in_part(trouble)}")
    if empty and run.tags == 0 and (run.window.bookmark or {}).get("tags", 0) >= MANY:
        gathered.gaps.append(NONE_SHOWN)
    # An empty list may as well be a permission that is missing.
    run.place.whole &= not empty
    yield gathered.page(run.place.resume())


def named(run: Pass, given: list[str]) -> Page:
    """The media and comments whose ids are `given`, on a page with the bookmark of the pass.

    Instagram does not say which of the two an id is: the bookmark remembers it. That all mentions were handed on is said
    only where every one that was ever read by its id was so again.
    Raises SourceError or GraphError where no further call would go better.
    """
    kinds: dict[str, str] = dict((run.window.bookmark or {}).get("mentions") or {})
    ever = set(kinds)
    gathered = Gathered()
    for name in given:
        if name in run.shown:
            continue
        try:
            kind, found = _look_up(run, name, kinds.get(name))
        except (SourceError, GraphError) as trouble:
            gathered.gaps.append(f"The Instagram mention {name} could not be read: {in_part(trouble)}")
            continue
        if found is None:
            gathered.notes.append(NOT_READ.format(id=name))
            continue
        kinds[name] = kind
        gathered.take([found])
        if found.id == name:
            run.shown.add(name)
            gathered.threads.append(ThreadRead(name))
    if run.place.whole and ever <= run.shown:
        gathered.listed.append(Listed(("mention",), run.window.since, run.window.until))
    tags = (run.window.bookmark or {}).get("tags", 0) if run.tags is None else run.tags
    gathered.bookmark = {"mentions": kinds, "tags": tags}
    return gathered.page(run.place.resume())


def ids(given: str) -> list[str]:
    """The ids in `mentions` of acto.toml. Raises Refused where one cannot be one."""
    names = [name.strip() for name in given.split(",") if name.strip()]
    if not all(re.fullmatch("[0-9]+", name) for name in names):
        raise Refused("mentions in acto.toml must hold Instagram's numbers of posts or comments, separated by commas.")
    return list(dict.fromkeys(names))


def _take_tagged(run: Pass, found: Item | Rejected, moment: datetime | None, gathered: Gathered) -> None:
    """Hand on what belongs to the window, or is known from before it and due. The rest counts as shown if it is known."""
    known = run.window.known
    if found.id is None:
        run.place.whole = False
        gathered.take([found])
        return
    standing, due = known.standing(found.id), known.is_due(found.id)
    if wanted := run.window.holds(moment) or bool(due and standing):
        gathered.take([found])
        if due:
            gathered.threads.append(ThreadRead(found.id))
    if wanted or standing:
        run.shown.add(found.id)


def _no_such_list(error: GraphError) -> bool:
    """Whether it is the list that does not exist: no such endpoint (12), path (2500) or field (100)."""
    return error.code in {DEPRECATED, 2500} or (error.code == 100 and not may_be_gone(error))


def _look_up(run: Pass, name: str, kind: str | None) -> tuple[str, Item | Rejected | None]:
    """What `name` is, and what it says; None where Instagram does not show it. Raises SourceError, GraphError."""
    for one in (kind,) if kind else (MEDIA, COMMENT):
        fields = NAMED_MEDIA if one == MEDIA else NAMED_COMMENT
        try:
            answer = fetch(run.api, run.user_id, fields=f"mentioned_{one}.{one}_id({name}){{{fields}}}")
        except GraphError as error:
            if error.code != 100 and not lacks_permission(error):
                raise
            continue
        if entry := mapping_or_empty(answer, f"mentioned_{one}"):
            return one, media(entry, "mention") if one == MEDIA else mentioned_comment(entry)
    return MEDIA, None
