"""What a pass costs: X bills each post, account and picture that an answer holds, the same one once a day.

Prices: X API, "Pricing", 20 April 2026. A post is $0.005, an account $0.010, a picture or video $0.005 (whether those that
come with a post are billed is not said: they are counted), all free when read again on the same UTC day. The lower price
for one's own account ($0.001) is left aside: it holds for some kinds of token only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.errors import PassOver
from connectors.json_values import count_or_none, mapping_or_empty

DOLLARS = {"posts": 0.005, "accounts": 0.010, "pictures": 0.005}


class Meter:
    """Counts the reads that X bills, up to `ceiling`: the different posts, accounts and pictures in its answers.

    `resume` is what an earlier `as_resume` of the pass gave: what was read on the same UTC day counts too, so that a pass
    that is tried again keeps to the ceiling.
    """

    def __init__(self, ceiling: int, resume: Mapping[str, Any]) -> None:
        self._ceiling = ceiling
        self._day = datetime.now(UTC).date().isoformat()
        before = mapping_or_empty(resume, "reads") if resume.get("day") == self._day else {}
        self._before = {kind: count_or_none(before, kind) or 0 for kind in DOLLARS}
        self._ids: dict[str, set[str]] = {kind: set() for kind in DOLLARS}

    @property
    def counts(self) -> dict[str, int]:
        """What has been read today, by kind."""
        return {kind: self._before[kind] + len(self._ids[kind]) for kind in DOLLARS}

    @property
    def reads(self) -> int:
        """What has been read today, and counts towards the ceiling."""
        return sum(self.counts.values())

    @property
    def dollars(self) -> float:
        """The most that today's reads cost."""
        return sum(DOLLARS[kind] * count for kind, count in self.counts.items())

    @property
    def left(self) -> int:
        """Reads to the ceiling. Raises PassOver where there are none: the pass goes on tomorrow."""
        if self.reads >= self._ceiling:
            raise PassOver(
                f"The ceiling of {self._ceiling:,} paid reads a night was reached (${self.dollars:.2f} at most): the rest "
                "is read tomorrow, or raise reads_a_night in acto.toml."
            )
        return self._ceiling - self.reads

    def count(self, **ids: Iterable[str]) -> None:
        """Count what an answer held: ids by kind."""
        for kind, some in ids.items():
            self._ids[kind].update(some)

    def in_words(self) -> str:
        """The sentence for the report."""
        kinds = ", ".join(
            f"{count:,} {kind if count > 1 else kind.removesuffix('s')}" for kind, count in self.counts.items() if count
        )
        return f"X counts {self.reads:,} paid reads ({kinds}): ${self.dollars:.2f} at most."

    def as_resume(self) -> dict[str, Any]:
        """What has been counted, for the pass to go on with."""
        return {"day": self._day, "reads": self.counts}
