"""The random audit: texts that were not flagged, drawn at random, and what the Chair's answers say of what is missed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from flows.review.desk import Desk
from flows.review.problems import stale
from flows.review.rendering import page
from flows.review.sessions import Session
from flows.review.words import CLAUSES
from warehouse.audit import forbidden_conclusions


def show(desk: Desk, session: Session, request: Request) -> Response:
    """What waits to be looked at, ten at a time, that first which a link of the report asks for; and what has been found."""
    return _page(desk, session, asked=request.query_params.get("item", ""))


def answer(desk: Desk, session: Session, request: Request, form: Mapping[str, str]) -> Response:
    """Keep whether a drawn text was rightly left alone, or under which clauses it should have been flagged."""
    with desk.deciding:
        with desk.history.open() as reading:
            drawn = reading.row("audit_waits", item_id=form.get("item", ""), revision=form.get("revision", ""))
        if drawn is None:
            raise stale(back=("/audit", "Go back to the audit"))
        clauses = sorted(set(form.get("clauses", "").split()) & set(CLAUSES))
        found = form.get("found", "")
        words = _problem(drawn["platform"], found, clauses)
        if words:
            given = drawn | {"found": found, "clauses": clauses}
            return _page(desk, session, asked=drawn["item_id"], given=given, words=words, status=422)
        desk.say(session, "audit", item_id=drawn["item_id"], revision=drawn["revision"], clauses=clauses)
    session.said = "Kept. " + ("It was rightly left alone." if not clauses else "It should have been flagged.")
    return RedirectResponse("/audit", 303)


def _problem(platform: str, found: str, clauses: list[str]) -> str | None:
    if found not in ("fine", "missed"):
        return "Choose one of the two answers"
    if found == "fine" and clauses:
        return "You have ticked a part of the policy: choose “It should have been flagged”, or take the tick away"
    if found == "missed" and not clauses:
        return "Tick the part of the policy under which it should have been flagged"
    if forbidden := forbidden_conclusions(platform, clauses):
        return f"The terms of this platform let nobody keep that conclusion ({', '.join(forbidden)})"
    return None


def _page(
    desk: Desk,
    session: Session,
    asked: str,
    given: Mapping[str, Any] | None = None,
    words: str = "",
    status: int = 200,
) -> Response:
    """`given` is the answer that could not be kept, with the item_id and revision that it is about, and `words` say why."""
    with desk.history.open() as reading:
        return page(
            "audit",
            session=session,
            reading=reading,
            desk=desk,
            status=status,
            items=reading.rows("audit_open", asked=asked),
            recall=reading.rows("recall"),
            given=given or {},
            errors={"audit": words} if words else {},
        )
