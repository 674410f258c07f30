"""The comments on one LinkedIn post, with all their replies, and what has become of those that are missing."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from connectors.errors import PassOver, Transient
from connectors.gathered import Gathered
from connectors.item import Gone, Item, ThreadRead
from connectors.known import Known
from connectors.linkedin.api import Api
from connectors.linkedin.items import Ourselves, as_mention, comment, comment_key, post, reply_count
from connectors.linkedin.refusals import LinkedInError, in_words
from connectors.linkedin.urns import comment_parts
from connectors.listing import walk

# Missing comments are rare; where a whole thread went, its list tells as much as a hundred calls would.
LOOK_UPS_A_THREAD = 10
REFUSED_IN_A_ROW = 3


class Threads:
    """Reads threads, each in 1 call for 100 comments, and 1 for 100 replies to each comment that has any.

    `deleted` are the comments that notifications say were deleted. `seen` are the comments handed on so far, `told` those
    said to be gone.
    """

    def __init__(self, api: Api, us: Ourselves, known: Known, deleted: Collection[str]) -> None:
        self.seen: set[str] = set()
        self.told: set[str] = set()
        self._api = api
        self._us = us
        self._known = known
        self._deleted = deleted
        self._refused_in_a_row = 0

    @property
    def places(self) -> set[str]:
        """The places in the feed that the comments stand at which were seen, or said to be gone."""
        return {parts[0] for parts in map(comment_parts, self.seen | self.told) if parts}

    def take(self, urn: str, gathered: Gathered) -> None:
        """Add the comments on the post `urn`, which must be there; where that fails, a gap names the post.

        Raises PassOver or Refused where no further call would succeed: after a few refusals in a row, too.
        """
        try:
            self._take(urn, gathered)
            self._refused_in_a_row = 0
        except PassOver:
            raise
        except Transient as trouble:
            gathered.gaps.append(f"The comments on the LinkedIn post {urn} could not all be read: {trouble}")
        except LinkedInError as error:
            refused = in_words(error)
            gathered.gaps.append(f"The comments on the LinkedIn post {urn} could not all be read: {refused}")
            self._refused_in_a_row += 1
            if self._refused_in_a_row >= REFUSED_IN_A_ROW:
                raise refused from None

    def take_post(self, urn: str, gathered: Gathered) -> bool:
        """Add the post `urn`, which no list has shown; whether its comments are to be read, too.

        They are not where it is gone or could not be read, which is said, or is somebody else's.

        Raises LinkedInError (403) for the post of somebody else, PassOver or Refused where no further call would succeed.
        """
        try:
            read = post(self._api.post(urn), self._us)
        except PassOver:
            raise
        except Transient as trouble:
            gathered.gaps.append(f"The LinkedIn post {urn} could not be read: {trouble}")
            return False
        except LinkedInError as error:
            if error.status == 403:
                raise
            if error.status != 404:
                gathered.gaps.append(f"The LinkedIn post {urn} could not be read: {in_words(error)}")
                return False
            read = None
        if read is None or not read.published:
            # Its comments went with it: there is nothing more of the thread to read.
            gathered.gone.append(Gone(urn))
            gathered.threads.append(ThreadRead(urn, 0))
            return False
        if isinstance(read.item, Item) and self._us.handle_of(read.item.author_id) is None:
            gathered.take([as_mention(read)])
            gathered.threads.append(ThreadRead(urn))
            return False
        gathered.take([read.item])
        return read.id == urn

    def _take(self, urn: str, gathered: Gathered) -> None:
        before = len(gathered.items) + len(gathered.rejected)
        comments, whole, total = self._list(urn, urn, None, gathered)
        for entry in comments:
            parent = comment_key(entry)
            if parent and reply_count(entry):
                replies, all_there, _ = self._list(parent, urn, parent, gathered)
                # None where some were counted: they went while we read, and the next pass will see.
                whole = whole and all_there and bool(replies)
        here = {item.id for item in gathered.items} | {one.id for one in gathered.rejected if one.id}
        missing = set(self._known.standing(urn)) - here - {urn}
        self._tell_gone(missing & set(self._deleted), gathered)
        unexplained = self._look_up(missing - set(self._deleted), urn, gathered)
        if unexplained and len(gathered.items) + len(gathered.rejected) == before:
            whole = False
            gathered.gaps.append(
                f"LinkedIn showed none of the comments on the post {urn}, although some were there: we take them as unread."
            )
        if whole:
            gathered.threads.append(ThreadRead(urn, total))

    def _list(
        self, under: str, thread_id: str, parent_id: str | None, gathered: Gathered
    ) -> tuple[list[Any], bool, int | None]:
        """The comments or replies under a URN: their entries, whether they are all, and how many LinkedIn counts."""
        elements = self._api.comments(under)
        found: list[Any] = []
        whole = True
        try:
            for listing in walk(elements, name_of=comment_key):
                found += listing.entries
                read = [comment(one, self._us, thread_id=thread_id, parent_id=parent_id) for one in listing.entries]
                gathered.take(one for one in read if one.id not in self.seen)
                self.seen |= {one.id for one in read if one.id}
                whole = whole and all(one.id for one in read)
                if listing.circular:
                    whole = False
                    gathered.gaps.append(
                        f"LinkedIn sent the same comments on {under} again and again: some may be missing."
                    )
        except LinkedInError as error:
            # What nobody ever answered is not found.
            if error.status != 404 or found:
                raise
            return [], True, 0
        if elements.has_moved:
            whole = False
            gathered.gaps.append(f"The comments on {under} came or went while we read them: some may be missing.")
        gathered.expect(len(found) if elements.total is None else elements.total)
        return found, whole, elements.total

    def _look_up(self, missing: set[str], thread_id: str, gathered: Gathered) -> set[str]:
        """Ask for missing comments by their URN; gives back those of which nothing is known still."""
        unexplained = set(missing)
        for name in sorted(missing)[:LOOK_UPS_A_THREAD]:
            parts = comment_parts(name)
            if parts is None:
                continue
            try:
                found = comment(self._api.comment(*parts), self._us, thread_id=thread_id)
            except LinkedInError as error:
                if error.status != 404:
                    break
                self._tell_gone({name}, gathered)
                unexplained.discard(name)
                continue
            if isinstance(found, Item) and found.id == name:
                gathered.take([found])
                self.seen.add(name)
                unexplained.discard(name)
        return unexplained

    def _tell_gone(self, names: Collection[str], gathered: Gathered) -> None:
        gathered.gone.extend(Gone(name) for name in sorted(names))
        self.told |= set(names)
