"""Pages that came quickly one after the other, put together to be landed in one transaction.

To land a page costs about as much for 10 items as for 1,000, and the more the longer the history is. What waits here for a
moment is lost if the program is killed, and its position with it: the next attempt reads it again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from connectors.item import Page

# Items, and seconds since the last landing: a source that is slower than that waits for nothing.
AT_ONCE, FOR_SECONDS = 5_000, 5.0


def gathered(pages: Iterable[Page], clock: Callable[[], float] = time.monotonic) -> Iterator[Page]:
    """The pages, some of them put together; the first comes at once. What came before an error
    comes before it."""
    waiting: list[Page] = []
    handed_on = float("-inf")
    try:
        for page in pages:
            waiting.append(page)
            if (
                clock() - handed_on >= FOR_SECONDS
                or sum(len(one.items) for one in waiting) >= AT_ONCE
                or _order_counts(page)
            ):
                together, waiting = _together(waiting), []
                yield together
                handed_on = clock()
    except Exception:
        if waiting:
            yield _together(waiting)
        raise
    if waiting:
        yield _together(waiting)


def _order_counts(page: Page) -> bool:
    """Whether it matters what a later page says of the same items: within a page it would come before this."""
    return bool(page.gone) or any(
        item.hidden or any(media.type == "caption" for media in item.media) for item in page.items
    )


def _together(pages: Sequence[Page]) -> Page:
    """One page with all that these say; where to go on from, and what the next pass needs, as the last of them say it."""
    if len(pages) == 1:
        return pages[0]
    expected = [page.expected for page in pages if page.expected is not None]
    return Page(
        items=list(chain.from_iterable(page.items for page in pages)),
        rejected=list(chain.from_iterable(page.rejected for page in pages)),
        gaps=list(chain.from_iterable(page.gaps for page in pages)),
        expected=sum(expected) if expected else None,
        resume=pages[-1].resume,
        notes=list(chain.from_iterable(page.notes for page in pages)),
        threads=list(chain.from_iterable(page.threads for page in pages)),
        listed=list(chain.from_iterable(page.listed for page in pages)),
        gone=list(chain.from_iterable(page.gone for page in pages)),
        bookmark=next((page.bookmark for page in reversed(pages) if page.bookmark is not None), None),
    )
