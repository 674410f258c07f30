"""Whether the report would reach its readers: all of a delivery but the message itself."""

from __future__ import annotations

import smtplib
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from flows.config import Config
from flows.doctor.network import not_asked
from flows.doctor.secret_files import about_secret
from flows.finding import Finding, Trouble, together
from flows.mail import MailError, SmtpSettings, session
from flows.mail_oauth import VARIABLE
from flows.report_words import count

PATIENCE, DEADLINE = 5.0, 10.0
CERTIFICATE_WARNS = 21
PASSWORD = "ACTO_SMTP_PASSWORD"  # noqa: S105


def mail_finding(config: Config, names: Mapping[str, bool]) -> Finding:
    """Name, line, TLS and its certificate, log-in, sender and each recipient; then RSET, so that nothing is sent."""
    toml = f"nano {config.home / 'acto.toml'}"
    if config.smtp is None:
        left = f"No mail server: reports are left in {config.home / 'outbox'}. Add [smtp] to send them."
        return Finding("mail", "warning", left, toml)
    secrets = [*about_secret(PASSWORD), *about_secret(VARIABLE)] if config.smtp.username else []
    if broken := [one for one in secrets if one.outcome == "broken"]:
        return together("mail", "", broken)
    # Before the network: what is missing here is said also while the server does not answer.
    if why := config.why_no_mail():
        return Finding("mail", "broken", why, _mend(why, toml))
    if not names.get(config.smtp.host, True):
        return not_asked("mail", config.smtp.host)
    settings = config.smtp_settings()
    if settings is None:
        raise AssertionError("there is a mail server, as was looked at above")
    try:
        troubles = list(_delivery(replace(settings, patience=PATIENCE, deadline=DEADLINE), config))
    except MailError as error:
        return Finding("mail", "broken", str(error), _mend(str(error), toml))
    except (OSError, smtplib.SMTPException):
        return Finding("mail", "broken", f"The mail server {settings.host} broke off, or did not answer in time.", toml)
    readers = count(len(config.report.to), "reader")
    return together(
        "mail", f"{settings.host} would take the report for {readers}; nothing was sent", [*troubles, *secrets]
    )


def _mend(says: str, toml: str) -> str:
    """What mends the cause: the secret that it names, or the configuration."""
    return next((f"export {one}_FILE=FILE" for one in (VARIABLE, PASSWORD) if one in says), toml)


def _delivery(settings: SmtpSettings, config: Config) -> Iterator[Trouble]:
    with session(settings) as smtp:
        if isinstance(smtp.sock, ssl.SSLSocket):
            yield from _certificate(smtp.sock, settings.host)
        if not _taken(smtp.mail(config.sender)):
            yield Trouble("broken", f"The mail server refuses the sender {_short(config.sender)}.", _edit(config))
            return
        for reader in config.report.to:
            code, _ = smtp.rcpt(reader)
            if 400 <= code < 500:
                says = f"The mail server does not take mail for {_short(reader)} now ({code}); it may later."
                yield Trouble("warning", says, "acto doctor, later")
            elif not _taken((code, b"")):
                says = f"The mail server refuses the reader {_short(reader)} ({code}): look at `to` under [report]."
                yield Trouble("broken", says, _edit(config))
        smtp.rset()


def _certificate(line: ssl.SSLSocket, host: str) -> Iterator[Trouble]:
    """The certificate has been proved by now; what remains is how long it lasts."""
    ends = str((line.getpeercert() or {}).get("notAfter", ""))
    if not ends:
        return
    days = int((ssl.cert_time_to_seconds(ends) - time.time()) // 86400)
    if days < CERTIFICATE_WARNS:
        on = datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC)
        says = (
            f"The mail server's certificate ends in {count(days, 'day')}, on {on:%-d %B %Y}: tell whoever runs {host}."
        )
        yield Trouble("warning", says, "acto doctor, later")


def _taken(answer: tuple[int, bytes]) -> bool:
    return answer[0] in (250, 251)


def _short(address: str) -> str:
    """`c…@acto-org.uk`: enough to know which, too little to write to."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}…@{domain}"


def _edit(config: Config) -> str:
    return f"nano {config.home / 'acto.toml'}"
