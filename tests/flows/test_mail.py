"""What happens between us and a mail server: nothing in clear, nothing to a stranger, no hang, no secret told."""

from __future__ import annotations

import logging
import socket
import time
from base64 import b64encode
from collections.abc import Callable

import pytest
import trustme

from flows.mail import MailError, Rejected, ServerUnavailable, SmtpSettings, TryAgain, Unconfirmed, send
from tests.flows.mail_servers import Postbox, breaking_off, dawdling, mail_server, odd_server, silent, tls_of

BODY = b"Subject: Nothing to review\r\n\r\nHello\r\n.\r\n..two dots\r\nbye"


def send_to(port: int, *, steps: list[str] | None = None, body: bytes = BODY, **settings: object) -> str:
    """Send the body through the server on this port."""
    smtp = SmtpSettings("127.0.0.1", port, **{"security": "none", "patience": 5, "deadline": 10} | settings)  # type: ignore[arg-type]
    record: Callable[[str], None] = (steps if steps is not None else []).append
    return send(smtp, body, sender="monitor@acto.example", recipient="chair@acto.example", record=record)


def test_a_message_arrives_byte_for_byte_also_with_lines_that_begin_with_a_dot() -> None:
    """A dot alone on a line would end the report in its middle."""
    postbox, steps = Postbox(), list[str]()
    with mail_server(postbox) as port:
        reply = send_to(port, steps=steps)
    assert postbox.messages == [BODY + b"\r\n"]
    assert steps == ["sending", "dot"]
    assert reply == "250 Message accepted for delivery"


def test_starttls_with_a_trusted_certificate_and_a_log_in_delivers(authority: trustme.CA) -> None:
    postbox = Postbox()
    options = {"tls_context": tls_of(authority, "127.0.0.1"), "authenticator": postbox.authenticate}
    with mail_server(postbox, require_starttls=True, auth_required=True, **options) as port:
        send_to(port, security="starttls", username="monitor", password="right-password")
    assert len(postbox.messages) == 1
    assert postbox.logins == [b"right-password"]


def test_tls_from_the_start_with_a_trusted_certificate_delivers(authority: trustme.CA) -> None:
    postbox = Postbox()
    with mail_server(postbox, ssl_context=tls_of(authority, "127.0.0.1")) as port:
        send_to(port, security="tls")
    assert len(postbox.messages) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("fault", ["stranger", "wrong host"])
def test_a_server_that_cannot_prove_who_it_is_gets_nothing(authority: trustme.CA, security: str, fault: str) -> None:
    """Somebody in between would read the report and the password."""
    postbox = Postbox()
    context = tls_of(trustme.CA(), "127.0.0.1") if fault == "stranger" else tls_of(authority, "elsewhere.example")
    option = "ssl_context" if security == "tls" else "tls_context"
    with (
        mail_server(postbox, authenticator=postbox.authenticate, **{option: context}) as port,
        pytest.raises(ServerUnavailable, match="could not prove who it is"),
    ):
        send_to(port, security=security, username="monitor", password="right-password")
    assert postbox.messages == postbox.logins == []


def test_a_server_that_hides_starttls_gets_nothing() -> None:
    """Somebody in between can take the offer of STARTTLS away: the report must not go on in clear."""
    postbox = Postbox()
    options = {"authenticator": postbox.authenticate, "auth_require_tls": False}
    with mail_server(postbox, **options) as port, pytest.raises(ServerUnavailable, match="STARTTLS"):
        send_to(port, security="starttls", username="monitor", password="right-password")
    assert postbox.messages == postbox.logins == []


def test_without_tls_nobody_logs_in_even_where_the_server_asks() -> None:
    """The password would travel in clear."""
    postbox = Postbox()
    with mail_server(postbox, authenticator=postbox.authenticate, auth_require_tls=False) as port:
        send_to(port, username="monitor", password="right-password")
    assert postbox.logins == []


def test_no_clear_text_beyond_this_machine() -> None:
    with pytest.raises(ValueError, match="this machine only"):
        SmtpSettings("smtp.acto.example", 25, "none")


def test_a_refused_password_is_in_no_sentence_exception_or_log(
    authority: trustme.CA, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever reads the log could send mail as ACTO."""
    caplog.set_level(logging.DEBUG)
    postbox, password = Postbox(), "wrong-hunter2-password"
    options = {"tls_context": tls_of(authority, "127.0.0.1"), "authenticator": postbox.authenticate}
    with (
        mail_server(postbox, **options) as port,
        pytest.raises(ServerUnavailable, match="ACTO_SMTP_PASSWORD") as caught,
    ):
        send_to(port, security="starttls", username="monitor", password=password)
    error: BaseException | None = caught.value
    told = caplog.text + repr(SmtpSettings("127.0.0.1", 25, password=password))
    while error:
        told += repr(error) + repr(error.args)
        error = error.__context__ or error.__cause__
    assert password not in told
    assert b64encode(password.encode()).decode()[:20] not in told


@pytest.mark.parametrize(
    ("attribute", "answer", "error"),
    [
        ("recipient_answer", "450 mailbox busy", TryAgain),
        ("recipient_answer", "550 no such user", Rejected),
        ("data_answer", "451 try later", TryAgain),
        ("data_answer", "554 no, thank you", Rejected),
    ],
)
def test_a_refusal_says_what_the_server_said(attribute: str, answer: str, error: type[MailError]) -> None:
    """4xx waits for a better day, 5xx needs somebody to act: mixing them up loses the report or repeats it for ever."""
    postbox = Postbox()
    setattr(postbox, attribute, answer)
    with mail_server(postbox) as port, pytest.raises(error, match=answer):
        send_to(port)


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_a_server_that_wants_a_log_in_makes_the_mail_wait(authority: trustme.CA) -> None:
    """A password that was never set is mended in a minute: the report must not have failed for good by then."""
    with (
        mail_server(Postbox(), auth_required=True, auth_require_tls=False) as port,
        pytest.raises(ServerUnavailable, match="530"),
    ):
        send_to(port)
    postbox = Postbox()
    options = {"tls_context": tls_of(authority, "127.0.0.1"), "authenticator": postbox.authenticate}
    with mail_server(postbox, **options) as port, pytest.raises(ServerUnavailable, match="ACTO_SMTP_PASSWORD"):
        send_to(port, security="starttls", username="monitor")
    assert postbox.messages == []


@pytest.mark.parametrize("behave", [silent, dawdling])
def test_a_server_that_says_nothing_or_next_to_nothing_ends_at_the_deadline(
    behave: Callable[[socket.socket], None],
) -> None:
    """A night that hangs on the mail never ends, and the next one does not begin."""
    began = time.monotonic()
    with odd_server(behave) as port, pytest.raises(ServerUnavailable):
        send_to(port, patience=0.6, deadline=1)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("after", "error"), [("greeting", ServerUnavailable), ("body", MailError), ("dot", Unconfirmed)]
)
def test_a_dropped_connection_is_unconfirmed_only_after_the_dot(after: str, error: type[MailError]) -> None:
    """Only then may the message have arrived; before, a repeat mark would be wrong."""
    steps: list[str] = []
    with odd_server(breaking_off(after)) as port, pytest.raises(error) as caught:
        send_to(port, steps=steps, body=BODY + b"\r\n" + b"x" * 70 * 200_000 if after == "body" else BODY)
    assert ("dot" in steps) == isinstance(caught.value, Unconfirmed) == (after == "dot")


def test_no_server_at_all_is_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(ServerUnavailable, match="refuses connections"):
        send_to(port)
