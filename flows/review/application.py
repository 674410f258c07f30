"""The page as a web application: which address leads where, and what must hold before anything is shown or done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from flows.review.desk import Desk
from flows.review.pages import audit, checks, concern, coverage, decisions, flag, inbox, search
from flows.review.problems import Problem, no_session
from flows.review.rendering import bare_page
from flows.review.security import Guard, check_token, read_form
from flows.review.sessions import COOKIE, Session

Form = dict[str, str]
Shown = Callable[[Desk, Session, Request], Response]
Done = Callable[[Desk, Session, Request, Form], Response]
Endpoint = Callable[[Request], Awaitable[Response]]
FOLDER = Path(__file__).parent


def application(desk: Desk, hosts: frozenset[str]) -> Guard:
    """The whole page over `desk`, for requests to `hosts` (name and port) alone."""
    routes = [
        Route("/enter", _entrance, methods=["GET"]),
        Route("/enter", _enter, methods=["POST"]),
        Route("/leave", _doing(_leave), methods=["POST"]),
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
        Route("/coverage", _showing(coverage.show), methods=["GET"]),
        Route("/search", _showing(search.show), methods=["GET"]),
        Route("/decisions", _showing(decisions.show), methods=["GET"]),
        Route("/decisions.csv", _showing(decisions.download), methods=["GET"]),
        Route("/checks", _showing(checks.show), methods=["GET"]),
    ]
    app = Starlette(routes=routes, exception_handlers={Problem: _told, 404: _no_page, 405: _no_page, 500: _fault})
    app.state.desk = desk
    return Guard(app, hosts)


def _showing(shown: Shown) -> Endpoint:
    """A page for somebody who has a session."""

    async def endpoint(request: Request) -> Response:
        desk, session = _who(request)
        return await run_in_threadpool(shown, desk, session, request)

    return endpoint


def _doing(done: Done) -> Endpoint:
    """What a form of ours does for somebody who has a session."""

    async def endpoint(request: Request) -> Response:
        desk, session = _who(request)
        form = await read_form(request)
        check_token(session, form)
        return await run_in_threadpool(done, desk, session, request, form)

    return endpoint


def _who(request: Request) -> tuple[Desk, Session]:
    desk: Desk = request.app.state.desk
    session = desk.sessions.find(request.cookies.get(COOKIE))
    if session is None:
        raise no_session(_place(request) if request.method == "GET" else "")
    return desk, session


def _place(request: Request) -> str:
    """Where a request has led to, on this page."""
    return f"{request.url.path}{'?' if request.url.query else ''}{request.url.query}"


async def _entrance(request: Request) -> Response:
    """Where the link leads. Looking does not use it up: what fetches links ahead of their reader must not."""
    desk: Desk = request.app.state.desk
    token = request.query_params.get("link", "")
    if not desk.sessions.link_works(token):
        raise no_session()
    return bare_page("enter", link=token)


async def _enter(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    form = await read_form(request)
    cookie = desk.sessions.enter(form.get("link", ""))
    if cookie is None:
        raise no_session()
    answer = RedirectResponse("/", 303)
    answer.set_cookie(COOKIE, cookie, path="/", httponly=True, samesite="strict", secure=request.url.scheme == "https")
    return answer


def _leave(desk: Desk, session: Session, request: Request, form: Form) -> Response:
    desk.sessions.leave(request.cookies.get(COOKIE))
    answer = bare_page("left")
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    answer.headers["clear-site-data"] = '"cookies", "storage"'
    return answer


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
    return bare_page("problem", status=error.status, heading=error.heading, words=error.words, again=error.again)


async def _no_page(request: Request, error: Exception) -> Response:
    return bare_page(
        "problem", status=404, heading="Page not found", words="There is nothing at this address. Go to the inbox."
    )


async def _fault(request: Request, error: Exception) -> Response:
    return bare_page(
        "problem", status=500, heading="Something went wrong",
        words="Nothing was lost. Try again; if it happens again, tell whoever runs the monitor what you did.",
    )  # fmt: skip
