"""Logging in at the mail server by an app's consent, where there are no passwords any more."""

from __future__ import annotations

import json
import logging
from base64 import b64decode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
import trustme
from aiosmtpd.smtp import AuthResult

from flows.config import ConfigError, load_config
from flows.mail import MailError, ServerUnavailable, SmtpSettings, send
from flows.mail_oauth import access_token, read_consent
from tests.flows.mail_servers import Postbox, mail_server, tls_of

TOKEN, CANARY = "ya29.an-access-token", "canary-secret-4711"
BODY = b"Subject: Nothing to review\r\n\r\nHello\r\n"


class Issuer:
    """A token endpoint on this machine: what it was asked, and what it answers."""

    def __init__(self) -> None:
        self.asked: list[dict[str, list[str]]] = []
        self.answer: tuple[int, Any] = (200, {"access_token": TOKEN, "expires_in": 3599, "token_type": "Bearer"})


@pytest.fixture
def issuer() -> Iterator[tuple[Issuer, str]]:
    """The endpoint and its address."""
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            issuer.asked.append(parse_qs(form))
            status, told = issuer.answer
            body = told if isinstance(told, bytes) else json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield issuer, f"http://127.0.0.1:{server.server_port}/token"
    server.shutdown()
    server.server_close()


class TokenPostbox(Postbox):
    """A mailbox that lets in who brings the token, as Google's and Microsoft's servers do."""

    async def auth_XOAUTH2(self, server: Any, args: list[str]) -> AuthResult:
        """Called by aiosmtpd: the initial response comes with the command."""
        said = b64decode(args[1]).decode()
        self.logins.append(said.encode())
        if said == f"user=monitor@acto.example\x01auth=Bearer {TOKEN}\x01\x01":
            return AuthResult(success=True, auth_data=said)
        # A refusal begins with a challenge that holds the reasons; the client must answer it with nothing.
        answer = await server.challenge_auth(b'{"status":"400"}', encode_to_b64=True)
        assert answer == b""
        return AuthResult(success=False, handled=False)


def consent(address: str, **more: str) -> str:
    given = {"token_uri": address, "client_id": "monitor", "client_secret": CANARY, "refresh_token": f"{CANARY}-r"}
    return json.dumps(given | more)


def settings_of(home: Path, port: int, content: str, **environment: str) -> SmtpSettings:
    """What acto.toml and the environment come to."""
    (home / "acto.toml").write_text(
        f'[smtp]\nhost = "127.0.0.1"\nport = {port}\nusername = "monitor@acto.example"\n', encoding="utf-8"
    )
    settings = load_config(home).smtp_settings({"ACTO_SMTP_OAUTH": content} | environment)
    assert settings is not None
    return settings


def deliver(settings: SmtpSettings) -> str:
    return send(settings, BODY, sender="monitor@acto.example", recipient="chair@acto.example", record=lambda _: None)


def test_a_consent_lets_the_report_out_without_a_password(
    home: Path, authority: trustme.CA, issuer: tuple[Issuer, str]
) -> None:
    """Where passwords are switched off the Chair would get no report any more; one token serves all readers."""
    postbox = TokenPostbox()
    with mail_server(postbox, tls_context=tls_of(authority, "127.0.0.1"), require_starttls=True) as port:
        settings = settings_of(home, port, consent(issuer[1]))
        deliver(settings)
        deliver(settings)
    assert len(postbox.messages) == 2
    assert [sorted(form) for form in issuer[0].asked] == [["client_id", "client_secret", "grant_type", "refresh_token"]]
    assert issuer[0].asked[0]["grant_type"] == ["refresh_token"]


def test_an_app_may_send_in_its_own_name(issuer: tuple[Issuer, str]) -> None:
    """Microsoft's way for what no person sits before."""
    own = {"refresh_token": "", "scope": "https://outlook.office365.com/.default"}
    assert access_token(read_consent(consent(issuer[1], **own))) == TOKEN
    assert issuer[0].asked[0]["grant_type"] == ["client_credentials"]
    assert issuer[0].asked[0]["scope"] == [own["scope"]] and "refresh_token" not in issuer[0].asked[0]


@pytest.mark.parametrize(
    ("status", "told", "says"),
    [
        (400, {"error": "invalid_grant", "error_description": CANARY}, "consent has ended"),
        (401, {"error": "invalid_client"}, "the secret has expired"),
        (400, {"error": [CANARY]}, "no access token"),
        (200, {"access_token": "line\nbreak"}, "no access token"),
        (200, b"<html>" + CANARY.encode(), "no access token"),
        (302, {}, "no access token"),
        (500, {}, "answered 500"),
    ],
)
def test_without_a_token_the_report_waits_and_says_why(
    status: int, told: Any, says: str, home: Path, authority: trustme.CA, issuer: tuple[Issuer, str],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """The cause must be named, and none of the secrets."""
    caplog.set_level(logging.DEBUG)
    issuer[0].answer = (status, told)
    postbox = TokenPostbox()
    with (
        mail_server(postbox, tls_context=tls_of(authority, "127.0.0.1")) as port,
        pytest.raises(ServerUnavailable, match=says) as caught,
    ):
        deliver(settings_of(home, port, consent(issuer[1])))
    error: BaseException | None = caught.value
    heard = caplog.text
    while error:
        heard += repr(error) + repr(error.args)
        error = error.__context__ or error.__cause__
    assert CANARY not in heard and postbox.messages == []


def test_a_refused_token_is_told_from_a_refused_password(
    home: Path, authority: trustme.CA, issuer: tuple[Issuer, str]
) -> None:
    """The Chair's helper must not look for a password that there is not."""
    issuer[0].answer = (200, {"access_token": "another"})
    postbox = TokenPostbox()
    with mail_server(postbox, tls_context=tls_of(authority, "127.0.0.1")) as port:
        with pytest.raises(MailError, match="check ACTO_SMTP_OAUTH") as caught:
            deliver(settings_of(home, port, consent(issuer[1])))
        assert "another" not in str(caught.value)
    plain = Postbox()
    options = {"tls_context": tls_of(authority, "127.0.0.1"), "authenticator": plain.authenticate}
    with mail_server(plain, **options) as port, pytest.raises(MailError, match="XOAUTH2"):
        deliver(settings_of(home, port, consent(issuer[1])))


@pytest.mark.parametrize(
    "content",
    [
        "no json", "[]", "{}", "[" * 100_000,
        consent("http://issuer.example/token"), consent("https://a@issuer.example/"), consent("https://x:port/"),
        json.dumps({"token_uri": "https://issuer.example/token", "client_id": "monitor"}),
        json.dumps({"token_uri": "https://issuer.example/token", "client_id": 7, "refresh_token": CANARY}),
    ],
    ids=range(9),
)  # fmt: skip
def test_a_consent_that_cannot_be_used_is_refused_without_showing_it(content: str, home: Path) -> None:
    """Half a consent, or one that would travel in clear."""
    with pytest.raises(ConfigError, match="ACTO_SMTP_OAUTH is not the JSON") as caught:
        settings_of(home, 25, content)
    assert CANARY not in str(caught.value)


def test_password_and_consent_together_are_refused(home: Path) -> None:
    """Nobody could tell which of the two a server refused."""
    with pytest.raises(ConfigError, match="both set"):
        settings_of(home, 25, consent("https://issuer.example/token"), ACTO_SMTP_PASSWORD="x")
