"""The checks: what each looks for, how often its flags were upheld, and how many there were week by week."""

from __future__ import annotations

from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response

from flows.review.advice import advice_on
from flows.review.desk import Desk
from flows.review.rendering import page
from flows.review.sessions import Session

WEEKS = 12


def show(desk: Desk, session: Session, request: Request) -> Response:
    """Every check, with its precision and its flags of the last twelve weeks."""
    with desk.history.open() as reading:
        weeks = {
            clause: list(rows)
            for clause, rows in groupby(reading.rows("flags_by_week", weeks=WEEKS), key=lambda row: row["clause"])
        }
        return page(
            "checks",
            session=session,
            reading=reading,
            desk=desk,
            checks=[row | {"advice": advice_on(row["check_id"])} for row in reading.rows("checks")],
            weeks=weeks,
            highest=max((row["flags"] for rows in weeks.values() for row in rows), default=0),
            recall=reading.rows("recall"),
        )
