"""Logging in at the mail server without a password: an app's consent (OAuth 2.0, RFC 6749) turned into an access token.

Google asks for it where there are no app passwords, Microsoft 365 more and more (docs/mail.md). The consent is a JSON with
`token_uri` and `client_id`, and either `refresh_token` (an owner has agreed; RFC 6749, section 6) or `client_secret` and
`scope` (the app sends in its own name; section 4.4).
"""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from connectors.errors import SourceError
from connectors.http import Http
from flows.mail import ServerUnavailable
from flows.safe_address import safe_address

VARIABLE = "ACTO_SMTP_OAUTH"
NOT_A_CONSENT = (
    f"{VARIABLE} is not the JSON that it should be: it needs token_uri (https), client_id, and either refresh_token or "
    "client_secret and scope (docs/mail.md)."
)
# RFC 6749, section 5.2.
SENTENCES = {
    "invalid_grant": f"the owner's consent has ended or was withdrawn: give it again, and set {VARIABLE} (docs/mail.md)",
    "invalid_client": f"the app or its secret is not known there, or the secret has expired: set {VARIABLE} again",
    "invalid_scope": f"the app may not ask for this scope: look at it in {VARIABLE} (docs/mail.md)",
}
SENTENCES["unauthorized_client"] = SENTENCES["invalid_client"]
# Seconds for the whole of it, of the minute that a delivery may take.
PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class MailConsent:
    """What lets an app send mail; `client_secret` and `refresh_token` are secrets."""

    token_uri: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    scope: str = ""

    @property
    def form(self) -> dict[str, str]:
        """What is asked at `token_uri`."""
        kind = "refresh_token" if self.refresh_token else "client_credentials"
        given = {"grant_type": kind, "client_id": self.client_id, "client_secret": self.client_secret}
        given |= {"refresh_token": self.refresh_token, "scope": self.scope}
        return {name: value for name, value in given.items() if value}


def read_consent(content: str) -> MailConsent:
    """The consent that the JSON holds. Raises ValueError, without any of it, where it cannot be used."""
    given: Any = None
    with suppress(ValueError, RecursionError):
        given = json.loads(content)
    if not isinstance(given, dict):
        raise ValueError(NOT_A_CONSENT)
    known = {name: given[name] for name in MailConsent.__slots__ if isinstance(given.get(name), str)}
    consent = MailConsent(**{"token_uri": "", "client_id": ""} | known)
    try:
        safe_address(consent.token_uri)
    except ValueError:
        raise ValueError(NOT_A_CONSENT) from None
    if not consent.client_id:
        raise ValueError(NOT_A_CONSENT)
    if not (consent.refresh_token or (consent.client_secret and consent.scope)):
        raise ValueError(NOT_A_CONSENT)
    return consent


def access_token(consent: MailConsent, patience: float = PATIENCE) -> str:
    """A token that is good for an hour or so; it takes `patience` seconds at most. Raises flows.mail.ServerUnavailable."""
    address = urlsplit(consent.token_uri)
    host, sentence = f"{address.scheme}://{address.netloc}", ""
    told: Any = None
    with Http({}, host=host, deadline=time.monotonic() + patience, timeout=(5.0, 10.0), tries=2) as http:
        try:
            answer = http.request("POST", consent.token_uri, data=consent.form)
        except SourceError as error:
            sentence = str(error).rstrip(".")
        else:
            with suppress(ValueError, RecursionError):
                told = json.loads(answer.content)
    if isinstance(told, dict):
        token, refusal = told.get("access_token"), told.get("error")
        if isinstance(token, str) and token.isascii() and token.isprintable() and token:
            return token
        sentence = SENTENCES.get(refusal, "") if isinstance(refusal, str) else ""
    # Raised outside the handler: what is in the background may hold the consent.
    why = sentence or "it answered with something that is no access token"
    raise ServerUnavailable(f"No access token for the mail server from {address.hostname}: {why}.")
