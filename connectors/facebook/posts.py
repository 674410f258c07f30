"""The list of a Facebook Page's posts: its own, those of visitors, and public ones that tag it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import facebook

from connectors.errors import Transient
from connectors.facebook.items import OurPage, along, begun_at, counted, post
from connectors.facebook.lists import listings
from connectors.facebook.trouble import IN_CIRCLES, in_part
from connectors.gathered import Gathered
from connectors.graph import GraphError, fetch, page_of, sent
from connectors.graph.fields import Fields
from connectors.item import Kind, Listed
from connectors.json_values import mapping_or_empty
from connectors.known import DueThread
from connectors.listing import Listing, id_of
from connectors.source import Window

KINDS: tuple[Kind, ...] = ("post", "mention")
# Facebook lists no more than about 600 posts of a year: a list as long as that may have left some out.
MOST_LISTED = 600
# Whether Facebook counts the bounds in is not said, nor which second a post of two belongs to.
A_MINUTE = timedelta(minutes=1)
NONE_SHOWN = (
    "Facebook shows none of the posts of these days, although some are known: nothing was taken for deleted. Look at the "
    "Page itself; if they are there, the token may lack a permission (docs/access/facebook.md says which)."
)
ALL: dict[str, Any] = {"include_hidden": "true", "show_expired": "true", "limit": 100}


@dataclass(frozen=True, slots=True)
class Post:
    """A post as the list shows it: when it was begun (in UTC), how many comments are counted, where it says so, and the
    comments that came along with it.
    """

    id: str
    begun_at: datetime | None
    counted: int | None
    along: Sequence[Any] = ()


@dataclass(slots=True)
class Posts:
    """The list of one pass. `shown` are the ids on it so far, `before` is how many more were shown before an interruption,
    and `doubtful` says that one of them may be any; `whole` says that the list was read to its end, and that it may be
    believed: a list without a single post on it is what a token without rights is given as well.
    """

    api: facebook.GraphAPI
    ours: OurPage
    window: Window
    shown: set[str] = field(default_factory=set)
    whole: bool = False
    before: int = 0
    doubtful: bool = False
    fields: Fields = field(
        default_factory=lambda: Fields(
            ["id", "message", "created_time", "from{id,name}"],
            [
                "story",
                "permalink_url",
                "is_hidden",
                "status_type",
                "attachments",
                "comments.filter(stream).limit(0).summary(true)",
            ],
        )
    )

    def listings(self, token: str | None) -> Iterator[Listing]:
        """The pages of the list within the window, newest first, from `token` on."""
        bounds = _between(self.window.since, self.window.until)
        pages = page_of(self.api, self.ours.id, "feed", fields=self.fields, **ALL, **bounds)
        for listing in listings(pages, token):
            begun = [begun_at(entry) for entry in listing.entries]
            # Whether the bounds are kept is Facebook's word only.
            over = bool(begun) and self.window.has_passed(begun)
            yield Listing(listing.entries, None if over else listing.next_token, listing.circular)
            if over:
                return

    def take(self, listing: Listing, gathered: Gathered) -> list[Post]:
        """Add the posts of one page of the list, and give those whose thread may be asked for."""
        found = []
        for entry in listing.entries:
            name, begun = id_of(entry), begun_at(entry)
            if not self.window.holds(begun):
                continue
            gathered.take([post(entry, self.ours)])
            gathered.expect(1)
            if name:
                self.shown.add(name)
                found.append(Post(name, begun, counted(mapping_or_empty(entry, "comments")), along(entry)))
            else:
                self.doubtful = True
        if listing.circular:
            gathered.gaps.append(IN_CIRCLES.format(what="posts"))
            self.doubtful = True
        if listing.next_token is None:
            number = self.before + len(self.shown)
            self.whole = bool(number) and not self.doubtful and number < MOST_LISTED
            if not (number or self.doubtful) and any(self._misses(due) for due in self.window.known.due()):
                self._explain(gathered)
        return found

    def resume(self, token: str | None) -> Mapping[str, Any]:
        """Where an interrupted pass goes on in this list: at the page `token`, of which nothing is in `shown` yet."""
        return {"part": "posts", "token": token, "doubtful": self.doubtful, **self.kept()}

    def kept(self) -> Mapping[str, Any]:
        """What an interrupted pass must know of the list so far: what was shown, or that may seem left out. Of a list too long
        to be believed the number will do.
        """
        number = self.before + len(self.shown)
        return {"before": number} if number >= MOST_LISTED else {"before": self.before, "shown": sorted(self.shown)}

    def listed(self) -> Listed:
        """What may be said once `whole`."""
        return Listed(KINDS, self.window.since, self.window.until)

    def look_for(self, post_id: str, begun: datetime) -> list[Any]:
        """What the list shows of the minutes around `begun`, to see whether `post_id` is on it. Raises what `fetch` does."""
        around = _between(begun, begun)
        return list(sent(fetch(self.api, self.ours.id, "feed", fields="id,created_time", **ALL, **around))[0])

    def _misses(self, due: DueThread) -> bool:
        """Whether it is a post that belongs on the list."""
        return due.kind in KINDS and due.begun_at is not None and self.window.holds(due.begun_at)

    def _explain(self, gathered: Gathered) -> None:
        """A list without a post that is known may be believed where it shows others of another time, else it is a gap."""
        try:
            others = self.window.since is not None and fetch(self.api, self.ours.id, "feed", fields="id", limit=1)
            self.whole = bool(others and sent(others)[0])
        except (GraphError, Transient) as trouble:
            in_part(trouble)
        if not self.whole:
            gathered.gaps.append(NONE_SHOWN)


def _between(since: datetime | None, until: datetime | None) -> dict[str, Any]:
    bounds = {}
    if since is not None:
        bounds["since"] = int((since - A_MINUTE).timestamp())
    if until is not None:
        bounds["until"] = int((until + A_MINUTE).timestamp())
    return bounds
