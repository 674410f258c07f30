"""How one comes in, and leaves: by the link that was printed on this computer, or by signing in from another one."""

from __future__ import annotations

import re

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from flows.review.desk import Desk
from flows.review.problems import no_session
from flows.review.rendering import bare_page
from flows.review.security import read_form
from flows.review.sessions import Session
from flows.review.signing_in import TooManyTries


def ways_in(desk: Desk) -> list[Route]:
    """The addresses at which one comes in; there is no link where anybody could try one."""
    if desk.site.public:
        return [Route("/sign-in", _sign_in_form, methods=["GET"]), Route("/sign-in", _sign_in, methods=["POST"])]
    return [Route("/enter", _entrance, methods=["GET"]), Route("/enter", _enter, methods=["POST"])]


def who(request: Request) -> tuple[Desk, Session]:
    """The desk, and the session that the request belongs to. Raises Problem where it belongs to none."""
    desk: Desk = request.app.state.desk
    # A page that looks again by itself does not say that somebody sits before it.
    session = desk.sessions.find(request.cookies.get(desk.site.cookie), used="watching" not in request.query_params)
    if session is None or (desk.site.public and not desk.signing_in.holds(session.by, session.salt)):
        raise no_session(public=desk.site.public, again=_place(request) if request.method == "GET" else "")
    return desk, session


def _place(request: Request) -> str:
    """Where a request has led to, on this page."""
    return f"{request.url.path}{'?' if request.url.query else ''}{request.url.query}"


def leave(desk: Desk, session: Session, request: Request, form: dict[str, str]) -> Response:
    """End the session."""
    desk.sessions.leave(request.cookies.get(desk.site.cookie))
    answer = bare_page("left", public=desk.site.public)
    answer.delete_cookie(desk.site.cookie, path="/", secure=desk.site.public, httponly=True, samesite="strict")
    # Not "cookies": those of all programs on this computer, or of all that is under acto-org.uk, would go with ours.
    answer.headers["clear-site-data"] = '"storage"'
    return answer


async def _entrance(request: Request) -> Response:
    """Where the link leads. Looking does not use it up: what fetches links ahead of their reader must not."""
    desk: Desk = request.app.state.desk
    token = request.query_params.get("link", "")
    if not desk.sessions.link_works(token):
        raise no_session(public=False)
    return bare_page("enter", link=token)


async def _enter(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    form = await read_form(request)
    cookie = desk.sessions.enter(form.get("link", ""), desk.by)
    if cookie is None:
        raise no_session(public=False)
    return _in(desk, cookie)


async def _sign_in_form(request: Request) -> Response:
    return bare_page("sign_in", name="", wrong="", to=_own_place(request.query_params.get("to", "")))


async def _sign_in(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    form = await read_form(request)
    name, password, code = (form.get(field, "") for field in ("name", "password", "code"))
    to = _own_place(form.get("to", ""))
    try:
        account = await run_in_threadpool(
            desk.signing_in.let_in, name.strip(), password, code.replace(" ", ""), _address(request)
        )
    except TooManyTries:
        wrong = "There were too many wrong tries. Wait a quarter of an hour, then try again."
        return bare_page("sign_in", status=429, name=name, wrong=wrong, to=to)
    if account is None:
        wrong = "The name, the password or the code is wrong. A code works once: wait for the next one."
        return bare_page("sign_in", status=403, name=name, wrong=wrong, to=to)
    return _in(desk, desk.sessions.begin(account.name, account.salt), to)


def _own_place(given: str) -> str:
    """Where a link has led to before one had to sign in: a place on this page, and nowhere else; "" for any other."""
    is_own = re.fullmatch(r"/(?![/\\])[!-\[\]-~]{0,500}", given)
    return given if is_own else ""


def _address(request: Request) -> str:
    """From where somebody tries: what our proxy says is the last one of the list, whatever they wrote before it, and on
    however many lines.
    """
    said = ",".join(request.headers.getlist("x-forwarded-for")).rpartition(",")[2].strip()
    return said or (request.client.host if request.client else "")


def _in(desk: Desk, cookie: str, to: str = "") -> Response:
    answer = RedirectResponse(to or "/", 303)
    answer.set_cookie(desk.site.cookie, cookie, path="/", httponly=True, samesite="strict", secure=desk.site.public)
    return answer
