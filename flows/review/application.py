"""The page as a web application: which address leads where, and what must hold before anything is shown or done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from flows.review.desk import Desk
from flows.review.entering import leave, ways_in, who
from flows.review.pages import audit, checks, concern, coverage, decisions, flag, inbox, scan, search
from flows.review.problems import Problem
from flows.review.rendering import bare_page
from flows.review.security import Guard, check_token, read_form
from flows.review.sessions import Session

Form = dict[str, str]
Shown = Callable[[Desk, Session, Request], Response]
Done = Callable[[Desk, Session, Request, Form], Response]
Endpoint = Callable[[Request], Awaitable[Response]]
FOLDER = Path(__file__).parent


def application(desk: Desk) -> Guard:
    """The whole page over `desk`, for requests to the hosts of its site alone."""
    routes = [
        *ways_in(desk),
        Route("/leave", _doing(leave), methods=["POST"]),
        Route("/style.css", _still("style.css", "text/css"), methods=["GET"]),
        Route("/icon.svg", _still("icon.svg", "image/svg+xml"), methods=["GET"]),
        Route("/", _showing(inbox.show), methods=["GET"]),
        Route("/flags/{flag_id}", _showing(flag.show), methods=["GET"]),
        Route("/flags/{flag_id}/decide", _doing(flag.decide), methods=["POST"]),
        Route("/flags/{flag_id}/removal", _doing(flag.ask_for_removal), methods=["POST"]),
        Route("/flags/{flag_id}/undo", _doing(flag.undo), methods=["POST"]),
        Route("/flags/{flag_id}/note", _doing(flag.note), methods=["POST"]),
        Route("/concern", _showing(concern.show), methods=["GET"]),
        Route("/concern", _doing(concern.raise_it), methods=["POST"]),
        Route("/audit", _showing(audit.show), methods=["GET"]),
        Route("/audit", _doing(audit.answer), methods=["POST"]),
        Route("/scan", _showing(scan.show), methods=["GET"]),
        Route("/scan", _doing(scan.start), methods=["POST"]),
        Route("/coverage", _showing(coverage.show), methods=["GET"]),
        Route("/search", _showing(search.show), methods=["GET"]),
        Route("/decisions", _showing(decisions.show), methods=["GET"]),
        Route("/decisions.csv", _showing(decisions.download), methods=["GET"]),
        Route("/checks", _showing(checks.show), methods=["GET"]),
    ]
    app = Starlette(routes=routes, exception_handlers={Problem: _told, 404: _no_page, 405: _no_page, 500: _fault})
    app.state.desk = desk
    return Guard(app, desk.site)


def _showing(shown: Shown) -> Endpoint:
    """A page for somebody who has a session."""

    async def endpoint(request: Request) -> Response:
        desk, session = who(request)
        return await run_in_threadpool(shown, desk, session, request)

    return endpoint


def _doing(done: Done) -> Endpoint:
    """What a form of ours does for somebody who has a session."""

    async def endpoint(request: Request) -> Response:
        desk, session = who(request)
        form = await read_form(request)
        check_token(session, form)
        return await run_in_threadpool(done, desk, session, request, form)

    return endpoint


def _still(name: str, kind: str) -> Endpoint:
    """A file of the page's own, the same for everybody."""

    async def endpoint(request: Request) -> Response:
        return Response(_content(name), media_type=kind, headers={"cache-control": "max-age=3600"})

    return endpoint


@cache
def _content(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


async def _told(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101
    if error.status == 401 and request.app.state.desk.site.public and request.method == "GET":
        to = "" if error.again == "/" else f"?{urlencode({'to': error.again})}"
        return RedirectResponse(f"/sign-in{to}", 303)
    return bare_page(
        "problem", status=error.status, heading=error.heading, words=error.words, again=error.again, back=error.back
    )


async def _no_page(request: Request, error: Exception) -> Response:
    return bare_page(
        "problem", status=404, heading="Page not found", words="There is nothing at this address. Go to the inbox."
    )


async def _fault(request: Request, error: Exception) -> Response:
    return bare_page(
        "problem", status=500, heading="Something went wrong",
        words="Nothing was lost. Try again; if it happens again, tell whoever runs the monitor what you did.",
    )  # fmt: skip
