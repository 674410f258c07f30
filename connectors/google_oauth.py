"""The consent of an account's owner (OAuth 2.0) turned into a header for one pass, by google-auth on our own manners.

What the owner's consent leaves behind is a JSON as google-auth writes it ("authorized user": `client_id`,
`client_secret`, `refresh_token`). Google gives an access token for it, good for an hour.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from google.auth.exceptions import GoogleAuthError
from google.oauth2.credentials import Credentials

from connectors.access import permissions
from connectors.errors import Refused, SourceError, Transient
from connectors.http import Http
from connectors.registry import PLATFORMS
from connectors.source import Source

HOST = "https://oauth2.googleapis.com"
NEEDED = ("client_id", "client_secret", "refresh_token")

NOT_A_CONSENT = "{variable} is not the JSON that giving consent leaves behind: make it again as {page} says."
# RFC 6749, 5.2, and Google's "Using OAuth 2.0 to Access Google APIs", "Refresh token expiration".
SENTENCES = {
    "invalid_grant": (
        "Google no longer takes the owner's consent: it was withdrawn, was not used for six months, or the app is still "
        'in "Testing", where it ends after 7 days. Publish the app, give consent again and set {variable} ({page}).'
    ),
    "invalid_client": (
        "Google does not know the app that the owner gave consent to: look at its client in the Google Cloud console "
        "and set {variable} again ({page})."
    ),
}
SENTENCES |= dict.fromkeys(("deleted_client", "unauthorized_client"), SENTENCES["invalid_client"])
NOT_TAKEN = "Google does not take the owner's consent: give it again and set {variable} ({page})."
NOT_OURS = "Google answered with something that is not an access token."


def authorization(source: Source, **manners: Any) -> dict[str, str]:
    """The header that lets `Http` act for the owner who gave `source.oauth`, good for an hour.

    `manners` (deadline, timeout, sleep) are those of `Http`. Where `source.base_url` is set, its /token is asked.
    Raises Refused where the owner must give consent again, Transient or PassOver where Google could not be asked.
    """
    words = {
        "variable": PLATFORMS[source.platform].oauth_variable or "",
        "page": f"docs/access/{source.platform}.md",
    }
    consent = _consent(source.oauth or "")
    if consent is None:
        raise Refused(NOT_A_CONSENT.format(**words))
    with Http({}, host=HOST, base_url=source.base_url, **manners) as http:
        transport = _Transport(http)
        credentials = Credentials(token=None, token_uri=f"{HOST}/token", **consent)
        # What the library raises may quote the answer: none of it may be the context of our own errors.
        with suppress(GoogleAuthError, _NotGiven, ValueError, TypeError, LookupError, AttributeError, RecursionError):
            credentials.refresh(transport)
    if isinstance(credentials.token, str) and credentials.token:
        return {"Authorization": f"Bearer {credentials.token}"}
    raise _in_words(transport.refusal, words)


def granted(header: Mapping[str, str], source: Source, **manners: Any) -> list[str] | None:
    """The permissions of the access token in the Authorization `header`; None where Google does not say. The token goes in the
    body of the call. `manners` and `source.base_url` as in `authorization`.
    """
    token = header["Authorization"].removeprefix("Bearer ")
    told: Any = None
    with (
        Http({}, host=HOST, base_url=source.base_url, **manners) as http,
        suppress(Transient, ValueError, RecursionError),
    ):
        answer = http.request("POST", f"{HOST}/tokeninfo", data={"access_token": token})
        told = json.loads(answer.content) if answer.status_code == 200 else None
    scope = told.get("scope") if isinstance(told, dict) else None
    return permissions(scope.split()) if isinstance(scope, str) else None


class _NotGiven(Exception):
    """Ends the library's call, which would otherwise try again by itself."""


@dataclass(frozen=True, slots=True)
class _Response:
    """An answer as google-auth wants it."""

    status: int
    headers: Mapping[str, str]
    data: bytes


class _Transport:
    """What google-auth takes for a transport; `refusal` is the `error` of the answer where Google gives no token."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self.refusal: str | None = None

    def __call__(
        self, url: str, method: str = "GET", body: Any = None, headers: Any = None, **_ignored: Any
    ) -> _Response:
        answer = self._http.request(method, url, data=body, headers=headers)
        if answer.status_code != 200:
            self.refusal = _error_of(answer.content)
            raise _NotGiven
        return _Response(answer.status_code, answer.headers, answer.content)


def _consent(content: str) -> dict[str, str] | None:
    """The parts of the JSON that are needed; its own `token_uri` is not: secrets go to Google's host alone."""
    info: Any = None
    with suppress(ValueError, RecursionError):
        info = json.loads(content)
    if not isinstance(info, dict) or not all(isinstance(info.get(name), str) and info[name] for name in NEEDED):
        return None
    return {name: info[name] for name in NEEDED}


def _error_of(content: bytes) -> str:
    error: Any = None
    with suppress(ValueError, RecursionError):
        answer = json.loads(content)
        error = answer.get("error") if isinstance(answer, dict) else None
    return error if isinstance(error, str) else ""


def _in_words(refusal: str | None, words: Mapping[str, str]) -> SourceError:
    """What it means for the pass that there is no token; `refusal` is None where Google refused nothing."""
    if not refusal:
        return Transient(NOT_OURS)
    return Refused(SENTENCES.get(refusal, NOT_TAKEN).format(**words))
