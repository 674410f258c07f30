"""Send one frozen message by SMTP: verified TLS or not at all, an end within a minute, and no lost or silent double.

A message is lost or doubled only around the final dot of DATA, for only then the server decides. So each step is
recorded before it is taken: "sending", then "dot", then "sent". A message found in "dot" after a crash may have
arrived: it is sent again, with the same Message-ID and a header that says so.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

from flows.masking import clean
from flows.safe_address import LOOPBACK

POSSIBLE_REPEAT = b"X-ACTO-Possible-Repeat: yes\r\n"


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """The mail server. Password or access token travel over TLS only; with security "none" nobody logs in.

    `token` gives an access token for a log-in without a password (XOAUTH2); it may raise ServerUnavailable. `patience` is for
    one answer and `deadline` for one message, in seconds.
    Raises ValueError for security "none" beyond this machine.
    """

    host: str
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    token: Callable[[], str] | None = field(default=None, repr=False)
    patience: float = 30
    deadline: float = 60

    def __post_init__(self) -> None:
        if self.security == "none" and self.host not in LOOPBACK:
            raise ValueError('security = "none" is for this machine only: use "starttls" or "tls"')

    @property
    def lacking(self) -> str:
        """What is missing to log in, as a sentence; "" where nothing is."""
        if not self.username or self.security == "none" or self.token or self.password:
            return ""
        return f"There is no password for the mail server {self.host}: set ACTO_SMTP_PASSWORD."


class MailError(Exception):
    """The message was not delivered; the sentence says why, without any secret."""


class ServerUnavailable(MailError):
    """Nothing can be sent through this server now; the message waits."""


class TryAgain(MailError):
    """The server does not take this message now; it waits."""


class Rejected(MailError):
    """The server refuses this message for good."""


class Unconfirmed(MailError):
    """The connection broke after the final dot: it may have arrived. It is sent again, marked."""


def send(
    settings: SmtpSettings,
    message: bytes,
    *,
    sender: str,
    recipient: str,
    record: Callable[[str], None],
    possible_repeat: bool = False,
) -> str:
    """Send the bytes; `record` is called with "sending" and with "dot" before these steps. Returns the server's reply.

    Raises a MailError.
    """
    record("sending")
    after_dot = False
    with session(settings) as smtp:
        try:
            _expect(smtp.mail(sender), 250, refusal=ServerUnavailable)
            _expect(smtp.rcpt(recipient), 250, 251)
            _expect(smtp.docmd("DATA"), 354)
            smtp.send(_stuffed(POSSIBLE_REPEAT + message if possible_repeat else message))
            record("dot")
            after_dot = True
            smtp.send(b".\r\n")
            return _expect(smtp.getreply(), 250)
        except UnicodeError:
            raise Rejected(f"The address {clean(recipient)} has letters that this mail server cannot take.") from None
        except (OSError, smtplib.SMTPException) as error:
            if after_dot:
                raise Unconfirmed(
                    f"The mail server {settings.host} broke off without saying whether it took the message."
                ) from None
            raise ServerUnavailable(f"The mail server {settings.host} {_why(error)}.") from None


@contextmanager
def session(settings: SmtpSettings) -> Iterator[smtplib.SMTP]:
    """An open, secured and logged-in session that ends at the deadline, however slowly the server answers.

    Raises ServerUnavailable.
    """
    ends_at = time.monotonic() + settings.deadline
    smtp = smtplib.SMTP(timeout=settings.patience, local_hostname="[127.0.0.1]")
    try:
        smtp.sock = plain = _connect(settings, ends_at)
        line = plain.dup()
    except OSError as error:
        raise ServerUnavailable(f"The mail server {settings.host} {_why(error)}.") from None
    # A server that sends a byte now and then never runs into a time-out: cut the line instead.
    cut = threading.Timer(max(0.1, ends_at - time.monotonic()), _cut, [line])
    cut.daemon = True
    cut.start()
    try:
        _greet(settings, smtp, plain)
        yield smtp
    finally:
        cut.cancel()
        line.close()
        with suppress(OSError, smtplib.SMTPException):
            smtp.putcmd("QUIT")
        smtp.close()


def _connect(settings: SmtpSettings, ends_at: float) -> socket.socket:
    """The first of the server's addresses that answers in time."""
    error: OSError = OSError("has no address")
    for family, kind, protocol, _, address in socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM):
        left = min(settings.patience, ends_at - time.monotonic())
        if left <= 0:
            break
        connection = socket.socket(family, kind, protocol)
        connection.settimeout(left)
        try:
            connection.connect(address)
        except OSError as failed:
            connection.close()
            error = failed
        else:
            connection.settimeout(settings.patience)
            return connection
    raise error


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _greet(settings: SmtpSettings, smtp: smtplib.SMTP, plain: socket.socket) -> None:
    """Greet, secure the line and log in; refuses to go on in clear."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    host, sentence = settings.host, ""
    try:
        if settings.security == "tls":
            smtp.sock = context.wrap_socket(plain, server_hostname=host)
        code, reply = smtp.getreply()
        if code != 220:
            raise ServerUnavailable(f"The mail server {host} does not greet us: {_said(code, reply)}.")
        smtp.ehlo_or_helo_if_needed()
        if settings.security == "starttls":
            smtp._host = host  # type: ignore[attr-defined]  # the name that the certificate must carry
            smtp.starttls(context=context)
            smtp.ehlo_or_helo_if_needed()
        if settings.username and settings.security != "none":
            _log_in(settings, settings.username, smtp)
        return
    except ssl.SSLCertVerificationError as error:
        sentence = f"could not prove who it is ({error.verify_message}), so nothing was sent"
    except smtplib.SMTPNotSupportedError:
        sentence = "does not offer what we need to log in safely (STARTTLS, AUTH or XOAUTH2), so nothing was sent"
    except smtplib.SMTPAuthenticationError as error:
        # What the server says here may repeat what we sent.
        check = "the access token" if settings.token else "the password"
        variable = "ACTO_SMTP_OAUTH" if settings.token else "ACTO_SMTP_PASSWORD"
        sentence = f"refused the user name or {check} ({error.smtp_code}): check {variable}"
    except UnicodeError:
        sentence = "cannot be told this password: it has letters beyond ASCII"
    except (OSError, smtplib.SMTPException) as error:
        sentence = _why(error)
    # Raised outside the handlers: an exception in the background may hold the password.
    raise ServerUnavailable(f"The mail server {host} {sentence}.")


def _log_in(settings: SmtpSettings, username: str, smtp: smtplib.SMTP) -> None:
    """By access token (https://developers.google.com/workspace/gmail/imap/xoauth2-protocol), or by password."""
    if settings.token:
        if "XOAUTH2" not in smtp.esmtp_features.get("auth", "").upper().split():
            raise smtplib.SMTPNotSupportedError
        said = f"user={username}\x01auth=Bearer {settings.token()}\x01\x01"
        # To the server's reasons the answer is empty, upon which it refuses.
        smtp.auth("XOAUTH2", lambda challenge=None: said if challenge is None else "")
        return
    if not settings.password:
        raise ServerUnavailable(settings.lacking)
    smtp.login(username, settings.password)


def _expect(answer: tuple[int, bytes], *good: int, refusal: type[MailError] = Rejected) -> str:
    """The server's words, where it says what is wanted; else a MailError, for a refusal for good of this type."""
    code, reply = answer
    if code in good:
        return _said(code, reply)
    if code == -1:
        raise smtplib.SMTPServerDisconnected
    if 500 <= code < 600:
        raise refusal(f"The mail server refused the message: {_said(code, reply)}.")
    raise TryAgain(f"The mail server does not take the message now: {_said(code, reply)}.")


def _said(code: int, reply: bytes) -> str:
    return clean(f"{code} {reply.decode(errors='replace')}"[:200]).strip().rstrip(".")


def _why(error: Exception) -> str:
    """Why a connection failed, in words for a person."""
    if isinstance(error, TimeoutError):
        return "did not answer in time"
    if isinstance(error, ConnectionRefusedError):
        return "refuses connections"
    if isinstance(error, socket.gaierror):
        return "is not known by that name"
    if isinstance(error, ssl.SSLError):
        return "does not speak TLS as it should, so nothing was sent"
    if isinstance(error, smtplib.SMTPServerDisconnected | ConnectionError):
        return "broke off, or did not answer in time"
    return f"cannot be used ({type(error).__name__})"


def _stuffed(message: bytes) -> bytes:
    """The bytes as DATA wants them: lines end in CRLF, a dot that begins a line is doubled (RFC 5321, 4.5.2)."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", message)
    stuffed = re.sub(rb"(?m)^\.", b"..", lines)
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"
