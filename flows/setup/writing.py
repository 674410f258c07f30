"""The answers as an acto.toml with comments, so that whoever opens it later knows what it can say."""

from __future__ import annotations

from collections.abc import Iterator

from flows.setup.answers import Answers

SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def as_toml(answers: Answers) -> str:
    """The text of acto.toml."""
    return "\n".join(_lines(answers)) + "\n"


def string(text: str) -> str:
    """A TOML basic string (TOML 1.0, "String")."""
    return '"' + "".join(SHORT.get(char) or (char if _plain(char) else f"\\u{ord(char):04x}") for char in text) + '"'


def _plain(char: str) -> bool:
    return char >= " " and char != "\x7f"


def _lines(answers: Answers) -> Iterator[str]:
    yield "# Written by `acto init`. All keys: docs/configuration.md. Secrets do not belong here, but into the environment."
    yield ""
    yield "[report]"
    yield f"to = [{', '.join(string(one) for one in answers.report.to)}]"
    yield 'level = "redacted"   # notice: counts only; redacted: masked excerpts; full: everything'
    yield ""
    if answers.smtp:
        yield "[smtp]"
        yield f"host = {string(answers.smtp.host)}"
        yield f"port = {answers.smtp.port}"
        yield f"security = {string(answers.smtp.security)}"
        if answers.smtp.username:
            yield f"username = {string(answers.smtp.username)}   # its password: ACTO_SMTP_PASSWORD_FILE"
    else:
        yield "# Without a mail server reports are left in the folder outbox."
        yield "# [smtp]"
        yield '# host = "smtp.example.org"'
        yield "# port = 587"
        yield '# username = "monitor@acto-org.uk"   # its password: ACTO_SMTP_PASSWORD_FILE'
    yield ""
    if answers.roster:
        yield "[people]"
        yield f"roster = {string(str(answers.roster))}"
    else:
        yield "# Without a roster members cannot be told from others."
        yield "# [people]"
        yield '# roster = "roster.csv"'
    yield ""
    papers = answers.privacy
    if papers.recorded_on and papers.recorded_by:
        yield "[privacy]   # the papers of docs/privacy/ are filled in and agreed"
        yield f"recorded_on = {papers.recorded_on.isoformat()}"
        yield f"recorded_by = {string(papers.recorded_by)}"
    else:
        yield "# No real source is read before the papers of docs/privacy/ are filled in, agreed and recorded here."
        yield "# [privacy]"
        yield "# recorded_on = 2026-11-26"
        yield '# recorded_by = "Name, role"'
    if not answers.sources:
        yield ""
        yield "# What to watch, one section each, under any name: docs/access/ says how."
        yield "# [sources.channel]"
        yield '# platform = "youtube"'
        yield '# channel_id = "UC…"'
    for name, keys in answers.sources.items():
        yield ""
        yield f"[sources.{name}]"
        yield from (f"{key} = {string(value)}" for key, value in keys.items())
