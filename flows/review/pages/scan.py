"""Scan now: the nightly job, started from the page for the sources and days that are ticked, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from flows.config import Config, ConfigError, load_config
from flows.days import whole_days
from flows.review.desk import Desk
from flows.review.problems import Problem
from flows.review.rendering import page
from flows.review.scans import Asked, ScanUnderWay, last_started, start_scan
from flows.review.sessions import Session
from flows.scan_progress import scan_under_way

SECONDS_BETWEEN_LOOKS = 4
Form = Mapping[str, str]


def show(desk: Desk, session: Session, request: Request) -> Response:
    """How far the scan is, or what the last one found, and the form for another; it looks again by itself while one runs."""
    return _page(desk, session, still="still" in request.query_params)


def start(desk: Desk, session: Session, request: Request, form: Form) -> Response:
    """Start a scan for what is ticked."""
    try:
        config = load_config(desk.home)
    except ConfigError as error:
        raise Problem(503, "No scan can be started", str(error)) from None
    with desk.deciding:
        before = last_started(desk.home)
        if form.get("version", "") != (before.version if before else ""):
            raise _another_came_first()
        asked, errors = _asked(form, config)
        if errors:
            return _page(desk, session, given=form, errors=errors, status=422)
        try:
            start_scan(desk.home, asked, session.by)
        except ScanUnderWay:
            raise _another_came_first() from None
    return RedirectResponse("/scan", 303)


def _another_came_first() -> Problem:
    return Problem(
        409,
        "A scan was started here in the meantime",
        "Yours was not started. Open the page Scan again: it shows how that one stands.",
    )


def _asked(form: Form, config: Config) -> tuple[Asked, dict[str, str]]:
    """What the form asks for, and what is wrong with it, by field."""
    errors: dict[str, str] = {}
    days: dict[str, date | None] = {"since": None, "until": None}
    for name in days:
        if given := form.get(name, "").strip():
            try:
                days[name] = date.fromisoformat(given)
                whole_days(days[name], None, datetime.now(UTC))
            except ConfigError:
                errors[name] = "That day has not come yet"
            except (ValueError, OverflowError):
                errors[name] = "Write the day as 31/01/2027, or leave it empty"
    if not errors and days["since"] and days["until"] and days["since"] > days["until"]:
        errors["until"] = "The last day must not lie before the first"
    ticked = tuple(name for name in config.sources if name in form.get("sources", "").split())
    if config.sources and not ticked:
        errors["sources"] = "Tick what is to be read"
    every = len(ticked) == len(config.sources)
    return Asked(() if every else ticked, days["since"], days["until"], form.get("email") == "yes"), errors


def _page(
    desk: Desk,
    session: Session,
    *,
    still: bool = False,
    given: Form | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    started, under_way = last_started(desk.home), scan_under_way(desk.home)
    try:
        sources, trouble = load_config(desk.home).sources, ""
    except ConfigError as error:
        sources, trouble = {}, str(error)
    ticked = set(given.get("sources", "").split()) if given is not None else set(sources)
    with desk.history.open() as reading:
        answer = page(
            "scan",
            session=session,
            reading=reading,
            desk=desk,
            status=status,
            started=started,
            under_way=under_way,
            is_ours=bool(started and under_way and started.running and started.pid == under_way.pid),
            sources={name: source.platform for name, source in sources.items()},
            ticked=ticked,
            trouble=trouble,
            still=still,
            given=given or {},
            errors=errors or {},
        )
    if started and started.running and not still:
        answer.headers["refresh"] = f"{SECONDS_BETWEEN_LOOKS};url=/scan?watching=1"
    return answer
