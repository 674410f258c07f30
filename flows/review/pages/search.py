"""Search: over everything that was ever said and stored, every version of it, and over who said it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from flows.review.asked import A_PAGE, page_number, pages, word
from flows.review.desk import Desk
from flows.review.rendering import page
from flows.review.sessions import Session


def show(desk: Desk, session: Session, request: Request) -> Response:
    """The form, and what holds the words that were asked for, the newest first."""
    asked = request.query_params
    words = word(asked, "words")
    with desk.history.open() as reading:
        found = (
            reading.rows("search", words=words, skip=A_PAGE * (page_number(asked) - 1), take=A_PAGE) if words else []
        )
        total = found[0]["total"] if found else 0
        return page(
            "search", session=session, reading=reading, home=desk.home, asked_words=words or "", found=found,
            total=total, pages=pages(asked, total),
        )  # fmt: skip
