"""The report as a mail message."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from tests.flows.night import NOW, Night, a_night


def test_the_message_has_the_headers_that_mailboxes_need(night: Night) -> None:
    """Without them: answered by out-of-office robots, doubled by retries, filed as spam."""
    a_night(night)
    report = night.compose(recipients=["chair@acto.example", "deputy@acto.example"])
    first, second = (message_from_bytes(message.body, policy=policy.default) for message in report.messages)
    assert isinstance(first, EmailMessage)
    assert first["To"] == "chair@acto.example" and second["To"] == "deputy@acto.example"
    assert first["From"] == "ACTO monitor <monitor@acto.example>"
    assert first["Date"].datetime == NOW
    assert re.fullmatch(r"<nightly\.[0-9a-f]{32}@acto\.example>", first["Message-ID"])
    assert first["Message-ID"] != second["Message-ID"]
    assert first["Message-ID"] == report.messages[0].message_id
    assert (first["Auto-Submitted"], first["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    assert first["List-Id"] == "Nightly policy report <nightly.acto.example>"
    assert first.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in first.iter_parts()] == ["text/plain", "text/html"]
    assert max(len(line) for line in report.messages[0].body.split(b"\r\n")) <= 78
    page = first.get_body(("html",))
    assert isinstance(page, EmailMessage)
    assert page.get_content().split() == report.html.split()


@pytest.mark.parametrize(
    "address", ["chair@acto.example\r\nBcc: all@acto.example", "chair@acto.example, all@acto.example"]
)
def test_an_address_cannot_smuggle_in_another(night: Night, address: str) -> None:
    night.read()
    with pytest.raises(ValueError, match=r".+"):
        night.compose(recipients=[address])
