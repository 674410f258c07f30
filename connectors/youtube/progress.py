"""What one pass over a YouTube channel has come to know, and what it leaves to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from connectors.item import Item
from connectors.source import Window


@dataclass(slots=True)
class Progress:
    """One pass. Videos and threads are named by their ids.

    `before` are the counters of the channel's videos (comments and replies; None where YouTube does not tell) at the end
    of the last finished pass, None where no such pass is gone on from. `counted` are the counters now, `explained` is by
    how much each should have changed by what the threads read so far have shown, `begun` when each video was published.
    `seen` are the threads handed on. `held` are the comments that were ever seen held back, and not in public since.
    `captions_left` are videos whose captions an earlier pass had no units for, `captions_read` those that this one asked
    for, `captions_left_now` those that it leaves to the next.
    `handles` has the handle of the channel by its id, where YouTube names one.
    `page_token` is where the list of threads goes on, `listed` whether it has been read, `whole` whether nothing on it was
    nameless.
    """

    window: Window
    before: Mapping[str, int | None] | None
    held: set[str]
    captions_left: frozenset[str]
    captions_read: list[str]
    explained: Counter[str]
    page_token: str | None
    listed: bool
    whole: bool
    counted: dict[str, int | None] = field(default_factory=dict)
    begun: dict[str, datetime | None] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    captions_left_now: list[str] = field(default_factory=list)
    handles: dict[str, str] = field(default_factory=dict)

    @classmethod
    def begin(cls, window: Window) -> Self:
        """From what the last finished pass, and an interrupted one, have left."""
        left, resume = window.bookmark or {}, window.resume or {}
        return cls(
            window=window,
            before=left.get("counted"),
            held=set(left.get("held", ())),
            captions_left=frozenset(left.get("captions_left", ())),
            captions_read=list(resume.get("captions_read", ())),
            explained=Counter(resume.get("explained", {})),
            page_token=resume.get("page_token"),
            listed=resume.get("listed", False),
            whole=resume.get("whole", True),
        )

    def resume(self) -> dict[str, Any]:
        """Where to go on if the pass is interrupted now."""
        return {
            "page_token": self.page_token,
            "listed": self.listed,
            "whole": self.whole,
            "explained": dict(self.explained),
            "captions_read": self.captions_read,
        }

    def bookmark(self) -> dict[str, Any]:
        """What the next pass needs to know."""
        return {"counted": self.counted, "held": sorted(self.held), "captions_left": self.captions_left_now}

    @property
    def is_bounded(self) -> bool:
        """Whether the user gave its bounds: then it is no pass that the next one goes on from."""
        return self.window.until is not None or (self.window.since is not None and self.before is None)

    @property
    def is_first(self) -> bool:
        """Whether nothing at all is known of the channel: then an empty list may be believed."""
        return self.window.known.number_standing() == 0

    @property
    def counts_none(self) -> bool:
        """Whether YouTube says of each video of the channel that there are no comments on it."""
        return bool(self.counted) and all(count == 0 for count in self.counted.values())

    @property
    def knows_comments(self) -> bool:
        """Whether the history holds threads that are there, beside the videos."""
        return self.before is not None and self.window.known.number_standing() > len(self.before)

    def wants(self, begun: datetime | None) -> bool:
        """Whether a thread that came with a page is handed on. Where a pass is gone on from, older ones are as well: they
        are here already, and need not be asked for if they are due.
        """
        until = self.window.until
        if self.before is not None and (begun is None or until is None or begun <= until):
            return True
        return self.window.holds(begun)

    def has_shown(self, opening: Item) -> None:
        """The comment that begins a thread has been handed on."""
        self.seen.add(opening.id)
        (self.held.add if opening.hidden else self.held.discard)(opening.id)

    def _was_listed_whole(self, video_id: str) -> bool:
        """Whether the list of threads, as far as it was read, holds all threads of a video."""
        since, begun = self.window.since, self.begun.get(video_id)
        return self.listed and self.whole and (since is None or (begun is not None and begun >= since))

    def has_changed(self, video_id: str) -> bool:
        """Whether the counter of a video has changed by other than what has been read so far."""
        now = self.counted[video_id]
        if self.before is None or now is None or self._was_listed_whole(video_id):
            return False
        return now - (self.before.get(video_id) or 0) != self.explained[video_id]
