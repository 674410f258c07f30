"""The list of an organization's posts on LinkedIn, and which threads of it are to be read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from connectors.gathered import Gathered
from connectors.item import Listed
from connectors.json_values import text_or_none
from connectors.linkedin.api import A_PAGE, Api, Elements
from connectors.linkedin.items import Ourselves, Post, post
from connectors.listing import walk
from connectors.source import Window

NONE_SHOWN = (
    "LinkedIn shows this token none of the page's posts, although there are some: its owner has probably lost the role of "
    "administrator of the page (docs/access/linkedin.md). Nothing was read."
)
NONE_YET = (
    "LinkedIn shows no posts of this page. If it has some, the owner of the token lacks the role of administrator of the "
    "page (docs/access/linkedin.md)."
)


class PostList:
    """Reads the list back to `window.since`, and further where that is the cheapest way to the threads in `wanted`.

    The order is that of the last change, not of creation: what was created or published since a moment was changed since
    then too, edits of older posts come along for nothing, and a post that was planned long ago and published today is not
    missed. `shown` are the posts on the pages read, `due` those of them whose thread is to be read, in that order.
    """

    def __init__(self, api: Api, us: Ourselves, window: Window, wanted: Collection[str]) -> None:
        self.shown: set[str] = set()
        self.due: list[str] = []
        self.shows_something = False
        self._api = api
        self._us = us
        self._window = window
        self._wanted = wanted

    def pages(self) -> Iterator[Gathered]:
        """What each page brings. The last says `listed`, where nothing can have been missed.

        An empty list proves nothing: a token of the wrong role gets just that.
        """
        elements = self._api.posts(self._us.urn)
        complete = True
        for listing in walk(elements, name_of=_name):
            posts = [post(entry, self._us) for entry in listing.entries]
            self.shows_something = self.shows_something or bool(posts)
            gathered = Gathered()
            for one in posts:
                if one.published:
                    self._take(one, gathered)
            gathered.expect(len(gathered.items) + len(gathered.rejected))
            complete = complete and not listing.circular and all(one.id for one in posts)
            if listing.circular:
                gathered.gaps.append(
                    "LinkedIn sent the same posts again and again, so we stopped: some may be missing."
                )
            if listing.next_token is None or (
                self._is_past(posts) and not self._is_cheaper(elements, listing.next_token)
            ):
                self._end(elements, complete, gathered)
                yield gathered
                return
            yield gathered

    def _take(self, one: Post, gathered: Gathered) -> None:
        """Add the post if it belongs to the window, its thread is wanted, or it is known and was changed since."""
        if one.id is None:
            gathered.take([one.item])
            return
        self.shown.add(one.id)
        within = self._window.holds(one.begun_at)
        due = one.id in self._wanted or (within and self._window.known.is_due(one.id))
        if due:
            self.due.append(one.id)
        if due or within or (not self._window.has_passed([one.changed_at]) and self._window.known.standing(one.id)):
            gathered.take([one.item])

    def _is_past(self, posts: Sequence[Post]) -> bool:
        """Whether the next pages lie before the window: those of a list in order do once its last post does."""
        times = [one.changed_at for one in posts if one.changed_at]
        in_order = times == sorted(times, reverse=True)
        return self._window.has_passed([*(times[-1:] if in_order else times)])

    def _is_cheaper(self, elements: Elements, next_token: str) -> bool:
        """Whether the rest of the list costs less calls than the wanted posts that were not shown yet, one by one."""
        if elements.total is None:
            return False
        pages_left = -(-(elements.total - int(next_token)) // A_PAGE)
        return len(set(self._wanted) - self.shown) > pages_left

    def _end(self, elements: Elements, complete: bool, gathered: Gathered) -> None:
        window = self._window
        if not self.shows_something:
            if elements.total or window.known.number_standing():
                gathered.gaps.append(NONE_SHOWN)
            else:
                gathered.notes.append(NONE_YET)
        elif elements.has_moved:
            gathered.gaps.append("LinkedIn's list of posts moved while we read it: some may be missing.")
        elif complete:
            gathered.listed.append(Listed(("post",), window.since, window.until))


def _name(entry: Any) -> str | None:
    return text_or_none(entry, "id")
