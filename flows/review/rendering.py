"""From what a page has to say to HTML; what strangers wrote is escaped wherever it stands."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from flows import report_words
from flows.review import words
from flows.review.desk import Desk
from flows.review.highlighting import marked, visible
from flows.review.history import Reading
from flows.review.sessions import Session
from warehouse.desk import not_stored, waiting

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.globals.update(
    say=report_words,
    words=words,
    marked=marked,
    CLAUSES=words.CLAUSES,
    SEVERITIES=words.SEVERITIES,
    STATUSES=words.STATUSES,
)
TEMPLATES.filters["visible"] = visible


def page(
    template: str, *, desk: Desk, session: Session, reading: Reading, status: int = 200, **given: Any
) -> HTMLResponse:
    """The page `template` with what it shows (`given`), and around it what every page says."""
    said, session.said = session.said, ""
    around = reading.rows("around")[0]
    waits = len(waiting(desk.home))
    html = TEMPLATES.get_template(f"{template}.html.j2").render(
        given,
        csrf=session.csrf,
        said=said,
        around=around,
        waits=waits,
        last_try=desk.carrier.last_try,
        refused=[path.name for path in not_stored(desk.home)],
        public=desk.site.public,
        signed_in_as=session.by,
        now=datetime.now(UTC),
        errors=given.get("errors", {}),
    )
    return HTMLResponse(html, status)


def bare_page(template: str, *, status: int = 200, **given: Any) -> HTMLResponse:
    """A page for somebody who is not let in, or where no history can be read."""
    return HTMLResponse(TEMPLATES.get_template(f"{template}.html.j2").render(given), status)
