"""What was read of each source, night by night, and what was not and why."""

from __future__ import annotations

from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response

from flows.review.desk import Desk
from flows.review.rendering import page
from flows.review.sessions import Session

NIGHTS = 14


def show(desk: Desk, session: Session, request: Request) -> Response:
    """The last scans, source by source: what was not read in full in the last one comes first."""
    with desk.history.open() as reading:
        nights = reading.published("coverage", scans=NIGHTS)
        sources = [list(group) for _, group in groupby(nights, key=lambda row: row["source"])]
        sources.sort(key=lambda group: group[-1]["outcome"] == "complete" and not group[-1]["quarantined"])
        return page(
            "coverage",
            session=session,
            reading=reading,
            desk=desk,
            sources=sources,
            scans=reading.published("scans", scans=NIGHTS),
        )
