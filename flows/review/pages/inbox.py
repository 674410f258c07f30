"""The inbox: the flags that wait for a decision, the most severe first, and of those the oldest."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from flows.review.asked import A_PAGE, first_moment, last_moment, last_page, page_number, pages, word
from flows.review.desk import Desk
from flows.review.rendering import page
from flows.review.sessions import Session

FILTERS = ("severity", "clause", "platform", "source", "check", "run")


def show(desk: Desk, session: Session, request: Request) -> Response:
    """The flags that the filters of the address ask for; without any, those that are open."""
    asked = request.query_params
    chosen = {name: word(asked, name) for name in FILTERS}
    status = asked.get("status", "open")
    with desk.history.open() as reading:
        found = partial(
            reading.rows,
            "inbox",
            **chosen,
            status=None if status == "all" else status,
            since=first_moment(asked, "since"),
            until=last_moment(asked, "until"),
        )
        flags = found(skip=A_PAGE * (page_number(asked) - 1), take=A_PAGE)
        if not flags and page_number(asked) > 1:
            return RedirectResponse(last_page(asked, found(skip=0, take=1)), 303)
        total = flags[0]["total"] if flags else 0
        return page(
            "inbox",
            session=session,
            reading=reading,
            desk=desk,
            flags=flags,
            total=total,
            filtered=any(chosen.values()) or status != "open" or bool(word(asked, "since") or word(asked, "until")),
            asked={**chosen, "status": status, "since": asked.get("since", ""), "until": asked.get("until", "")},
            choices=reading.published("inbox_choices")[0],
            last_scan=reading.published("last_scan"),
            pages=pages(asked, total),
        )
