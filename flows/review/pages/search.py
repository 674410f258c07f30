"""Search: over everything that was ever said and stored, every version of it, and over who said it."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from flows.review.asked import A_PAGE, last_page, page_number, pages, word
from flows.review.desk import Desk
from flows.review.history import Reading, Row
from flows.review.rendering import page
from flows.review.sessions import Session


def show(desk: Desk, session: Session, request: Request) -> Response:
    """The form, and what holds the words that were asked for, the newest first; the number of a flag leads to that flag."""
    asked = request.query_params
    words = word(asked, "words")
    with desk.history.open() as reading:
        if words and reading.row("flag", flag_id=(number := _number(words))):
            return RedirectResponse(f"/flags/{quote(number, safe='')}", 303)
        found = _found(reading, words, A_PAGE * (page_number(asked) - 1)) if words else []
        if words and not found and page_number(asked) > 1:
            return RedirectResponse(last_page(asked, reading.rows("search", words=words, skip=0, take=1)), 303)
        total = found[0]["total"] if found else 0
        return page(
            "search", session=session, reading=reading, desk=desk, asked_words=words or "", found=found,
            total=total, pages=pages(asked, total),
        )  # fmt: skip


def _number(words: str) -> str:
    """The words as the number of a flag, which a mail prints as `Flag 463517eb13b3`."""
    return words.casefold().removeprefix("flag ").strip(" .")


def _found(reading: Reading, words: str, skip: int) -> list[Row]:
    """A page of what holds the words; of each the newest version that does, or the newest of all where only its author does."""
    found = reading.rows("search", words=words, skip=skip, take=A_PAGE)
    texts = {
        row["item_key"]: row
        for row in reading.rows("search_texts", words=words, keys=[one["item_key"] for one in found])
    }
    for one in found:
        versions, flags = texts[one["item_key"]]["versions"], texts[one["item_key"]]["flags"]
        shown = next((version for version in versions if version["revision"] == one["holds"]), versions[-1])
        one |= shown | {"newest": versions[-1]["revision"], "flags": flags}
    return found
