"""The comments on a Facebook post, all levels of them, and what may be said of those that are missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import facebook

from connectors.errors import PassOver, Transient
from connectors.facebook.items import comments, counted
from connectors.facebook.lists import listings
from connectors.facebook.posts import KINDS, Post, Posts
from connectors.facebook.trouble import IN_CIRCLES, Trouble, in_part
from connectors.gathered import Gathered
from connectors.graph import GraphError, fetch, page_of
from connectors.graph.fields import Fields
from connectors.graph.refusals import in_words, lacks_permission, may_be_gone
from connectors.item import Listed, Page, ThreadRead
from connectors.listing import Listing, id_of

# One post that may not be read is an oddity; two in a row are a permission that has lapsed.
REFUSED_IN_A_ROW = 2
SOMEBODY_ELSES = (
    "Facebook does not let us read the comments on posts of others that tag our Page: look at them on its website."
)


@dataclass(slots=True)
class Thread:
    """One thread while it is read: what has been seen of it, and what Facebook counts by the last answer."""

    post: Post
    seen: set[str] = field(default_factory=set)
    has_nameless: bool = False
    total: int | None = None

    def tell(self, answer: Mapping[str, Any]) -> None:
        """Take the counter out of an answer."""
        total = counted(answer)
        self.total = self.total if total is None else total


@dataclass(slots=True)
class Threads:
    """Reads the threads of one pass. `answered` are the posts whose comments Facebook has shown, `hides_others` says that
    it did not show those on a post of somebody else.
    """

    api: facebook.GraphAPI
    posts: Posts
    answered: set[str] = field(default_factory=set)
    hides_others: bool = False
    fields: Fields = field(
        default_factory=lambda: Fields(
            ["id", "message", "created_time", "from{id,name}", "parent{id}"],
            ["attachment", "permalink_url", "is_hidden"],
        )
    )
    _refused_in_a_row: int = 0

    def is_due(self, post: Post) -> bool:
        """Whether the comments on a post are to be read: the history says so, or one that it does not know came along."""
        came = {one.id for one in comments(list(post.along), post.id, self.posts.ours)}
        return self.posts.window.known.is_due(post.id, post.counted) or not came <= self._known_comments(post.id)

    def is_quiet(self, post: Post) -> bool:
        """Whether a post has no comments, and none that we know of: there is nothing to ask."""
        return post.counted == 0 and not post.along and not self._known_comments(post.id)

    def read(self, post: Post, resume: Mapping[str, Any]) -> Iterator[Page]:
        """The comments on `post`, oldest first; the pass goes on at `resume` after each page.

        The last page says whether the thread was read whole; a failure is a gap that names the post.
        Raises PassOver, and Refused or GraphError where every other post would fail like this one.
        """
        thread, gathered = Thread(post), Gathered()
        try:
            for listing in self._listings(thread):
                self._take(listing.entries, thread, gathered)
                if listing.circular:
                    gathered.gaps.append(IN_CIRCLES.format(what=f"comments on the post {post.id}"))
                if listing.next_token is not None:
                    yield gathered.page(resume)
                    gathered = Gathered()
            self._refused_in_a_row = 0
            self.answered.add(post.id)
            self._take(post.along, thread, gathered)
            self._conclude(thread, gathered)
        except PassOver:
            # No gap: the pass goes on with this thread from its beginning. What came along is left to that, as it may be all
            # that makes the thread due.
            if gathered.items:
                yield gathered.page(resume)
            raise
        except (GraphError, Transient) as trouble:
            self._take(post.along, thread, gathered)
            self._failed(trouble, post, gathered)
        yield gathered.page(resume)

    def _listings(self, thread: Thread) -> Iterator[Listing]:
        pages = page_of(
            self.api,
            thread.post.id,
            "comments",
            fields=self.fields,
            told=thread.tell,
            filter="stream",
            order="chronological",
            live_filter="no_filter",
            summary="true",
            limit=100,
        )
        return listings(pages)

    def _take(self, entries: Sequence[Any], thread: Thread, gathered: Gathered) -> None:
        for one in comments(list(entries), thread.post.id, self.posts.ours):
            if one.id is None:
                thread.has_nameless = True
            elif one.id in thread.seen:
                continue
            else:
                thread.seen.add(one.id)
            gathered.take([one])
            gathered.expect(1)

    def _conclude(self, thread: Thread, gathered: Gathered) -> None:
        """Say that the thread was read whole, unless known comments are missing from it that may still be there.

        An answer of 100/33 may also mean that they are not ours to see, so it makes none of them `gone`, and does not
        speak for an empty list that no counter speaks for. A list that shows fewer than Facebook counts may have left out
        any of them, so each is looked for; else one speaks for the others.
        """
        if gathered.gaps or thread.has_nameless:
            return
        name = thread.post.id
        missing = self._known_comments(name) - thread.seen
        total = thread.post.counted if thread.total is None else thread.total
        looked_for = sorted(missing, reverse=True)
        if total is not None and total <= len(thread.seen):
            looked_for = [] if thread.seen else looked_for[:1]
        if missing and not thread.seen and total != 0:
            counts = "does not count the" if total is None else f"counts {total}"
            gathered.gaps.append(
                f"Facebook {counts} comments on the post {name} and showed none, although we know some: nothing was "
                "taken for deleted."
            )
        elif any(self._exists(name, one) for one in looked_for):
            gathered.gaps.append(f"Facebook left out comments on the post {name} that are still there.")
        else:
            gathered.threads.append(ThreadRead(name, total if thread.post.counted is None else thread.post.counted))

    def _exists(self, post_id: str, name: str) -> bool:
        """Whether Facebook shows this comment when asked for it alone; where it does not say, it may be there."""
        try:
            return bool(fetch(self.api, f"{post_id.rpartition('_')[2]}_{name}", fields="id"))
        except GraphError as error:
            in_part(error)
            return not may_be_gone(error)

    def _failed(self, trouble: Trouble, post: Post, gathered: Gathered) -> None:
        """Make a gap of it; a post that is gone, or never was ours to read, leaves none."""
        sentence = f"The comments on the Facebook post {post.id} could not all be read: {in_part(trouble)}"
        may_not = isinstance(trouble, GraphError) and lacks_permission(trouble)
        not_there = isinstance(trouble, GraphError) and may_be_gone(trouble)
        others = not post.id.startswith(f"{self.posts.ours.id}_")
        if others and (may_not or not_there) and not self._known_comments(post.id):
            # All that there is for us has been read.
            gathered.threads.append(ThreadRead(post.id, post.counted))
            self.hides_others = True
        elif not_there and post.begun_at is not None:
            self._look_for(post.id, post.begun_at, sentence, gathered)
        else:
            gathered.gaps.append(sentence)
            self._refused_in_a_row += may_not
            if self._refused_in_a_row >= REFUSED_IN_A_ROW and isinstance(trouble, GraphError):
                raise in_words(trouble)

    def _look_for(self, post_id: str, begun_at: datetime, sentence: str, gathered: Gathered) -> None:
        """A post that answers 100/33 is missing from the night only if the list still shows it.

        Where the list shows nothing at all of that time, and has shown other posts in this pass, it is gone from it, and
        there is no more to be read of it.
        """
        try:
            around = self.posts.look_for(post_id, begun_at)
        except (GraphError, Transient) as trouble:
            gathered.gaps.append(f"{sentence} {in_part(trouble)}")
            return
        if any(id_of(entry) == post_id for entry in around):
            gathered.gaps.append(sentence)
        elif not around and self.posts.whole:
            gathered.listed.append(Listed(KINDS, begun_at, begun_at))
            gathered.threads.append(ThreadRead(post_id))

    def _known_comments(self, post_id: str) -> set[str]:
        return set(self.posts.window.known.standing(post_id)) - {post_id}
