"""What has happened to an item, in order: seen, edited, gone, flagged, decided, noted."""

from __future__ import annotations

from flows.review.history import Reading, Row


def timeline(reading: Reading, item_id: str) -> list[Row]:
    """The events of an item, the first one first: at (aware), what, by (empty for the program), detail, waits."""
    return reading.rows("timeline", item_id=item_id)
