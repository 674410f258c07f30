"""The owner's consent turned into a header: what the report says when it ends, and that no secret shows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connectors import google_oauth
from connectors.errors import Refused, SourceError, Transient
from connectors.sandbox import Answer, Sandbox
from connectors.sandbox.google_oauth import REFUSALS, refusal
from connectors.sandbox.keys import ACCESS_TOKEN, KEY
from connectors.source import Source
from tests.connectors.story import Pauses, all_words_of

SECRETS = {"client_secret": "canary-client-secret-4711", "refresh_token": "canary-refresh-token-4711"}
CONSENT = {"client_id": "acto.apps.googleusercontent.com", "type": "authorized_user"} | SECRETS


def owned(sandbox: Sandbox, **consent: Any) -> Source:
    """A source whose owner gave consent."""
    info = json.dumps(CONSENT | {"refresh_token": KEY} | consent)
    return Source("channel", "youtube", {}, "some-key", sandbox.base_url, info)


@pytest.fixture
def sandbox(serve: Any) -> Sandbox:
    return serve([])


def test_consent_becomes_a_header(sandbox: Sandbox) -> None:
    """The refresh token travels in the body of one call to the token host, and nowhere else."""
    assert google_oauth.authorization(owned(sandbox)) == {"Authorization": f"Bearer {ACCESS_TOKEN}"}
    (call,) = sandbox.requests
    assert (call.method, call.path) == ("POST", "/token")
    assert KEY.encode() in call.body and KEY not in str(call.headers)


def test_the_address_in_the_file_is_not_followed(sandbox: Sandbox) -> None:
    """A file from elsewhere must not be able to send the refresh token to somebody else."""
    google_oauth.authorization(owned(sandbox, token_uri="https://elsewhere.example/token"))
    assert [call.path for call in sandbox.requests] == ["/token"]


@pytest.mark.parametrize("name", sorted(REFUSALS))
def test_a_refusal_says_what_to_do(sandbox: Sandbox, name: str) -> None:
    """Consent that ended must name the variable and the page, at once: it is not asked again in vain."""
    sandbox.fault("/token", refusal(name), times=None)
    with pytest.raises(Refused, match=r"ACTO_YOUTUBE_OAUTH.*docs/access/youtube\.md"):
        google_oauth.authorization(owned(sandbox), sleep=Pauses())
    assert len(sandbox.requests) == 1


def test_consent_that_ended_after_7_days_is_explained(sandbox: Sandbox) -> None:
    """The usual mistake is an app left in "Testing": the sentence says so."""
    with pytest.raises(Refused, match=r"\"Testing\", where it ends after 7 days\. Publish the app"):
        google_oauth.authorization(owned(sandbox, refresh_token="some-other-token"))


@pytest.mark.parametrize("content", ["", "{", "[]", '"x"', "[" * 100_000, "{}", '{"installed": {"client_id": "x"}}'])
def test_another_file_is_refused_before_any_call(sandbox: Sandbox, content: str) -> None:
    """The client's own JSON is easily taken for the one that giving consent leaves behind."""
    source = Source("channel", "youtube", {}, "some-key", sandbox.base_url, content)
    with pytest.raises(Refused, match="make it again as"):
        google_oauth.authorization(source)
    assert not sandbox.requests


@pytest.mark.parametrize(
    "body",
    ["<html>", "", b"\xff", "[" * 100_000, [], {}, {"access_token": 7}, {"access_token": "t", "expires_in": "x"}],
)
def test_an_answer_without_a_token_may_pass(sandbox: Sandbox, body: Any) -> None:
    """A page of HTML with status 200 must not end consent, nor the night."""
    sandbox.fault("/token", Answer(200, body), times=None)
    with pytest.raises(Transient, match="not an access token"):
        google_oauth.authorization(owned(sandbox), sleep=Pauses())


def test_a_hiccup_is_waited_out_by_our_own_manners(sandbox: Sandbox) -> None:
    """google-auth would sleep by itself, past any deadline."""
    sandbox.fault("/token", Answer(503), times=2)
    pauses = Pauses()
    assert google_oauth.authorization(owned(sandbox), sleep=pauses)
    assert len(pauses) == 2


@pytest.mark.parametrize("status", [200, 400, 401, 503])
def test_no_secret_is_ever_shown(sandbox: Sandbox, status: int, caplog: pytest.LogCaptureFixture) -> None:
    """Not even where Google echoes what it was sent."""
    sandbox.fault("/token", Answer(status, {"error": CONSENT, "error_description": str(CONSENT)}), times=None)
    source = owned(sandbox, **SECRETS)
    with caplog.at_level("DEBUG"), pytest.raises(SourceError) as caught:
        google_oauth.authorization(source, sleep=Pauses())
    shown = all_words_of(caught.value) + caplog.text + repr(source) + "".join(call.path for call in sandbox.requests)
    assert "/token" in caplog.text
    assert not [secret for secret in SECRETS.values() if secret in shown]
