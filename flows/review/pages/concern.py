"""Raise a concern: the policy asks members to tell the Chair (O5), and what was told is kept like a flag."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from flows.review.desk import Desk
from flows.review.rendering import page
from flows.review.sessions import Session
from flows.review.words import CLAUSES

LONGEST = {"text": 6_000, "who": 200, "place": 1_000}


def show(desk: Desk, session: Session, request: Request) -> Response:
    """The empty form."""
    return _page(desk, session, {}, {}, 200)


def raise_it(desk: Desk, session: Session, request: Request, form: Mapping[str, str]) -> Response:
    """Keep the concern; it comes into the inbox once it is stored."""
    given = {name: form.get(name, "").strip() for name in (*LONGEST, "clause")}
    errors = {
        name: f"Write at most {longest:,} characters" for name, longest in LONGEST.items() if len(given[name]) > longest
    }
    if not given["text"]:
        errors["text"] = "Say what the concern is"
    if given["clause"] and given["clause"] not in CLAUSES:
        errors["clause"] = "Choose a part of the policy from the list"
    if errors:
        return _page(desk, session, given, errors, 422)
    desk.say(
        session, "concern", text=given["text"], who=given["who"], place=given["place"], clause=given["clause"] or "O5"
    )
    session.said = (
        "The concern is kept. It comes into the inbox as soon as it is stored, within a minute if no scan is under way."
    )
    return RedirectResponse("/", 303)


def _page(desk: Desk, session: Session, given: Mapping[str, str], errors: Mapping[str, str], status: int) -> Response:
    with desk.history.open() as reading:
        return page("concern", session=session, reading=reading, desk=desk, given=given, errors=errors, status=status)
