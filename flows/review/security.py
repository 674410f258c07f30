"""What every request must be, and every answer says: own host, own origin, no framing, no script, no copy kept."""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flows.review.problems import Problem
from flows.review.sessions import Session
from flows.review.site import Site

logger = logging.getLogger("acto")
LARGEST_FORM = 64 * 1024
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex",
}


class Guard:
    """Answers only requests to the site's hosts (name and port), and puts the headers above on every answer.

    A page of another name that is made to lead here (DNS rebinding) is refused by its Host.
    """

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self.app, self.site = app, site
        self.headers = HEADERS | ({"strict-transport-security": "max-age=31536000"} if site.public else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; anything but HTTP is left unanswered."""
        if scope["type"] != "http":
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [(name.encode(), value.encode()) for name, value in self.headers.items()]
                if not any(name.lower() == b"cache-control" for name, _ in message["headers"]):
                    headers.append((b"cache-control", b"no-store"))
                message = {**message, "headers": [*message["headers"], *headers]}
            await send(message)

        if not self._is_for_us(scope):
            await send_guarded({"type": "http.response.start", "status": 400, "headers": [(b"content-length", b"0")]})
            await send_guarded({"type": "http.response.body", "body": b""})
            return
        if self.site.public:
            scope = {**scope, "scheme": "https"}
        try:
            await self.app(scope, receive, send_guarded)
        except Exception as error:
            # Only where and what: the message of an error may quote what somebody wrote.
            *_, last = traceback.extract_tb(error.__traceback__)
            logger.error(
                "The page met a fault: %s at %s:%s", type(error).__name__, Path(last.filename).name, last.lineno
            )

    def _is_for_us(self, scope: Scope) -> bool:
        """Whether the request names one of our hosts; and, behind the proxy, did not come to that in clear."""
        said: dict[bytes, list[str]] = {name: [] for name in (b"host", b"x-forwarded-proto")}
        for name, value in scope["headers"]:
            if name in said:
                said[name].append(value.decode("latin-1").lower())
        in_clear = self.site.public and any(value != "https" for value in said[b"x-forwarded-proto"])
        return len(said[b"host"]) == 1 and said[b"host"][0] in self.site.hosts and not in_clear


def comes_from_here(request: Request) -> bool:
    """Whether a page of ours sent this form. Another port of this machine is another page, whatever its cookies say."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    own = f"{request.url.scheme}://{request.headers['host'].lower()}"
    # Under "no-referrer" a browser sends a form of our own with the origin null; where it comes from it says beside that.
    return site == "same-origin" and origin in (None, "null", own) if site is not None else origin == own


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form that was sent; of a field that came twice the values joined by a space (check boxes).

    Raises Problem for a form of a foreign page, one that is too long, or none.
    """
    if not comes_from_here(request):
        raise Problem(403, "This form was refused", "It did not come from the review page. Nothing was saved.")
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/x-www-form-urlencoded":
        raise Problem(415, "This form was refused", "It was not sent as a form of the review page sends it.")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_FORM:
            raise Problem(413, "That is too long", "Write less than 60,000 characters. Nothing was saved.")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=50, errors="replace")
    except ValueError:
        raise Problem(400, "This form was refused", "It could not be read. Nothing was saved.") from None
    form: dict[str, str] = {}
    for name, value in pairs:
        form[name] = f"{form[name]} {value}" if name in form else value.replace("\r\n", "\n").replace("\0", "")
    return form


def check_token(session: Session, form: Mapping[str, str]) -> None:
    """Raises Problem for a form without this session's own token."""
    if not secrets.compare_digest(session.csrf.encode(), form.get("csrf", "").encode()):
        raise Problem(
            403, "This form was refused", "It is from an earlier session. Open the page again. Nothing was saved."
        )
