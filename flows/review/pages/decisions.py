"""The log of decisions: everything that was decided, by whom, when and why; also as a file for a spreadsheet."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from flows.review.asked import A_PAGE, last_page, page_number, pages
from flows.review.desk import Desk
from flows.review.rendering import page
from flows.review.sessions import Session
from warehouse.formats import to_csv
from warehouse.query import QueryResult

COLUMNS = ["decided_at", "decision", "reason", "decided_by", "expires_at", "flag_id", "clause", "severity", "item_id"]


def show(desk: Desk, session: Session, request: Request) -> Response:
    """One page of the log, the newest first."""
    asked = request.query_params
    with desk.history.open() as reading:
        log = reading.rows("decisions", skip=A_PAGE * (page_number(asked) - 1), take=A_PAGE)
        if not log and page_number(asked) > 1:
            return RedirectResponse(last_page(asked, reading.rows("decisions", skip=0, take=1)), 303)
        total = log[0]["total"] if log else 0
        return page(
            "decisions",
            session=session,
            reading=reading,
            desk=desk,
            log=log,
            total=total,
            pages=pages(asked, total),
        )


def download(desk: Desk, session: Session, request: Request) -> Response:
    """The whole log as CSV, in which nothing is run as a formula. Times are in UTC."""
    with desk.history.open() as reading:
        log = reading.rows("decisions", skip=0, take=2**31)
    table = QueryResult(COLUMNS, [tuple(row[name] for name in COLUMNS) for row in log])
    return Response(
        to_csv(table),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="decisions.csv"'},
    )
