"""Whether the token may read comments at all, told from what a pass has been shown.

Without the permission for comments Instagram may refuse them, send an empty list, or (since 27 August 2024) comments
without an author, all of which may also be true of one post: live videos and age-gated posts have no comments by API,
and those of restricted people are counted but withheld. So what a thread seems to hold is believed only once a comment
with its author was seen in the same pass.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

import facebook

from connectors.errors import SourceError, Transient
from connectors.gathered import Gathered
from connectors.graph import GraphError, fetch, sent
from connectors.graph.refusals import may_be_gone
from connectors.instagram.items import comment
from connectors.instagram.trouble import in_part
from connectors.item import Item, Rejected, ThreadRead

NOT_PROVED = (
    "Instagram showed us no comment with its author, although it counts some: the token may lack the permission for "
    "comments (docs/access/instagram.md says which). Nothing was taken for deleted."
)
NONE_SHOWN = (
    "Instagram shows programs no comments under {count} of our posts; it does so for live videos and posts with an age "
    "limit. Look at them in the app."
)

LEFT_OUT = "Instagram left out comments under the post {id} that are still there."


@dataclass(slots=True)
class Permission:
    """What speaks for the permission in one pass.

    `doubtful` are threads that were read to their end without a comment that has an author, with the known comments that
    they did not show and that Instagram may count; `refused` is how many posts' comments were refused, `witness` a post
    under which comments are known to be, to be asked where nothing else is.
    """

    proved: bool = False
    doubtful: list[tuple[ThreadRead, Collection[str]]] = field(default_factory=list)
    refused: int = 0
    witness: str | None = None

    def see(self, found: Iterable[Item | Rejected]) -> None:
        """A comment that names its author proves the permission."""
        self.proved = self.proved or any(isinstance(one, Item) and bool(one.author_handle) for one in found)

    def conclude(self, api: facebook.GraphAPI, gathered: Gathered) -> None:
        """Say at the end of a pass what became of the doubtful threads and of those refused.

        Raises SourceError or GraphError where no further call would go better.
        """
        if not (self.doubtful or self.refused):
            return
        if not self.proved and self.witness:
            with suppress(GraphError, Transient):
                known, _ = sent(fetch(api, self.witness, "comments", fields="id,text,username,from", limit=50))
                self.see(comment(entry, media_id=self.witness) for entry in known)
        if not self.proved:
            gathered.gaps.append(NOT_PROVED)
            return
        for read, missing in self.doubtful:
            believe(api, read, missing, gathered)
        if self.refused:
            gathered.notes.append(NONE_SHOWN.format(count=self.refused))


def believe(api: facebook.GraphAPI, read: ThreadRead, missing: Collection[str], gathered: Gathered) -> None:
    """Say that a thread was read whole, unless one of the comments `missing` from it is there when asked for by its id.

    Raises SourceError or GraphError where no further call would go better.
    """
    if any(_is_there(api, name) for name in sorted(missing)):
        gathered.gaps.append(LEFT_OUT.format(id=read.id))
    else:
        gathered.threads.append(read)


def _is_there(api: facebook.GraphAPI, name: str) -> bool:
    """Whether Instagram shows this comment by itself; where it does not say, it may be there."""
    try:
        return bool(fetch(api, name, fields="id"))
    except (SourceError, GraphError) as trouble:
        in_part(trouble)
        return not (isinstance(trouble, GraphError) and may_be_gone(trouble))
