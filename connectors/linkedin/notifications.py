"""What LinkedIn tells the administrators of a page: mentions by others, and which threads have changed.

Organization Social Action Notifications, kept for 60 days. It is the only sign of an edit, a deletion or a comment on an
old post, and the only list of mentions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.errors import PassOver, Transient
from connectors.gathered import Gathered
from connectors.item import Item, Rejected, ThreadRead
from connectors.json_values import count_or_none, mapping_or_empty, rejected, text_or_none
from connectors.linkedin.api import Api, Elements
from connectors.linkedin.items import Ourselves, as_mention, mention, post
from connectors.linkedin.refusals import LinkedInError, in_words
from connectors.linkedin.urns import comment_urn, is_post
from connectors.listing import walk
from connectors.source import Window

ACTIONS = ("SHARE_MENTION", "COMMENT", "COMMENT_EDIT", "COMMENT_DELETE", "ADMIN_COMMENT")
NOT_AN_ADMINISTRATOR = (
    "LinkedIn does not show this token the page's notifications (that takes rw_organization_admin, given by an "
    "administrator): mentions by others are not seen, and comments on old posts, edits and deletions are noticed only when "
    "their post is next read. See docs/access/linkedin.md."
)


@dataclass(slots=True)
class News:
    """What was told since the last pass: the posts whose comments `changed`, and the comments `deleted`, by URN.

    `activities` are changed threads of which only the place in the feed was told. `told_until` is the time of the newest
    notification in milliseconds since 1970, 0 where there was none, None where they could never be read.
    """

    changed: set[str] = field(default_factory=set)
    activities: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    told_until: int | None = None


def read_news(api: Api, us: Ourselves, window: Window, told_until: int | None, gathered: Gathered) -> News:
    """The notifications later than `told_until` (None: all that are kept); mentions and troubles go onto the page.

    Raises PassOver or Refused where no further call would succeed.
    """
    news = News(told_until=told_until)
    mentions: dict[str, Any] = {}
    listed = api.notifications(us.urn, ACTIONS)
    try:
        for entry in _later_than(told_until, listed):
            at = count_or_none(entry, "lastModifiedAt")
            if at is None or not text_or_none(entry, "action"):
                gathered.rejected.append(rejected("A LinkedIn notification could not be read.", entry))
                continue
            if told_until is None or at > told_until:
                news.told_until = max(at, news.told_until or 0)
                if entry["action"] == "SHARE_MENTION":
                    _sort_mention(entry, us, mentions, gathered)
                else:
                    _sort_comment(entry, us, news)
        news.told_until = news.told_until or 0
    except PassOver:
        raise
    except (LinkedInError, Transient) as trouble:
        # What was not read to its end is read again from the same point by the next pass.
        news.told_until = told_until
        if isinstance(trouble, LinkedInError) and trouble.status == 403:
            gathered.notes.append(NOT_AN_ADMINISTRATOR)
        else:
            why = in_words(trouble) if isinstance(trouble, LinkedInError) else trouble
            gathered.gaps.append(f"LinkedIn's notifications could not be read: {why}")
    for name, entry in mentions.items():
        _take_mention(api, us, name, entry, window, gathered)
    return news


def _later_than(told_until: int | None, listed: Elements) -> Iterator[Any]:
    """The entries of all pages, until a page, newest first, reaches back to `told_until`. Raises Transient in circles."""
    for listing in walk(listed, name_of=_number):
        yield from listing.entries
        if listing.circular:
            raise Transient("they came again and again, so we stopped.")
        times = [count_or_none(entry, "lastModifiedAt") or 0 for entry in listing.entries]
        newest_first = times == sorted(times, reverse=True)
        if told_until is not None and times and newest_first and times[-1] <= told_until:
            return


def _number(entry: Any) -> str | None:
    number = entry.get("notificationId") if isinstance(entry, Mapping) else None
    return str(number) if isinstance(number, int | str) else None


def _sort_mention(entry: Any, us: Ourselves, mentions: dict[str, Any], gathered: Gathered) -> None:
    """Keep the newest notification of each post by somebody else."""
    shared, source = _shared(entry), mapping_or_empty(entry, "decoratedSourcePost")
    told = (shared.get("entity"), entry.get("generatedActivity"), source.get("entity"), entry.get("sourcePost"))
    name = next((urn for urn in told if is_post(urn)), None)
    if name is None:
        what = "A LinkedIn mention could not be read: it does not say which post it is."
        gathered.rejected.append(rejected(what, entry))
    elif us.handle_of(_owner(entry)) is None:
        mentions.setdefault(name, entry)


def _sort_comment(entry: Any, us: Ourselves, news: News) -> None:
    """Note which post it is about: its own URN is in the decoration only, which may be missing."""
    source = mapping_or_empty(entry, "decoratedSourcePost")
    owner = text_or_none(source, "owner")
    if owner is not None and us.handle_of(owner) is None:
        return
    told = [urn for urn in (source.get("entity"), entry.get("sourcePost")) if isinstance(urn, str)]
    known = next((urn for urn in told if is_post(urn)), None)
    if known:
        news.changed.add(known)
    else:
        news.activities.update(told)
    if entry["action"] == "COMMENT_DELETE" and (gone := comment_urn(entry.get("generatedActivity"))):
        news.deleted.add(gone)


def _take_mention(api: Api, us: Ourselves, name: str, entry: Any, window: Window, gathered: Gathered) -> None:
    """The mention with its text: the notification's own, where it holds one, else that of the post."""
    text = text_or_none(_shared(entry), "text")
    found = _fetch(api, us, name, gathered) if text is None else mention(entry, name, text, _owner(entry))
    if isinstance(found, Rejected):
        gathered.take([found])
    elif found and window.holds(found.created_at):
        gathered.take([found])
        # The comments on other people's posts are not ours to read, so this is all of it.
        gathered.threads.append(ThreadRead(name))


def _fetch(api: Api, us: Ourselves, name: str, gathered: Gathered) -> Item | Rejected | None:
    """The mention from its post, None where that may not be read (a gap) or is gone since."""
    try:
        return as_mention(post(api.post(name), us))
    except PassOver:
        raise
    except Transient as trouble:
        gathered.gaps.append(f"The LinkedIn post {name}, which mentions us, could not be read: {trouble}")
    except LinkedInError as error:
        if error.status != 404:
            gathered.gaps.append(f"LinkedIn tells of the post {name}, which mentions us, but does not let us read it.")
    return None


def _shared(entry: Any) -> Mapping[str, Any]:
    """The post that mentions us, as far as its notification shows it."""
    shared = mapping_or_empty(mapping_or_empty(entry, "decoratedGeneratedActivity"), "share")
    return shared or mapping_or_empty(entry, "decoratedSourcePost")


def _owner(entry: Any) -> str | None:
    return text_or_none(_shared(entry), "owner")
