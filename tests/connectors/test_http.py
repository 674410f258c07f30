"""HTTP manners: what a platform, the night's deadline and the secret can rely on."""

from __future__ import annotations

import gzip
import socket
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from threading import Thread
from typing import Any

import facebook
import pytest
import tweepy

from connectors.errors import PassOver, Refused, Transient
from connectors.http import Http
from connectors.sandbox import Answer, Sandbox
from tests.connectors.story import Pauses

HOST = "https://api.platform.example"
SECRET = "canary-secret-4711"


@pytest.fixture
def sandbox(serve: Any) -> Sandbox:
    return serve([])


def http_to(sandbox: Sandbox, **manners: Any) -> Http:
    manners = {"sleep": Pauses(), **manners}
    return Http({"Authorization": f"Bearer {SECRET}"}, host=HOST, base_url=sandbox.base_url, **manners)


def test_a_short_failure_is_waited_out(sandbox: Sandbox) -> None:
    """Two hiccups of a platform must not cost the night; the waits grow."""
    pauses = Pauses()
    sandbox.fault("/things", Answer(503), times=2)
    sandbox.fault("/things", Answer(429))
    sandbox.fault("/things", Answer(200, {"ok": True}))
    with http_to(sandbox, sleep=pauses) as http:
        assert http.request("GET", f"{HOST}/things").json() == {"ok": True}
        assert http.requests == len(sandbox.requests) == 4
    assert 0.5 <= pauses[0] <= 1.5 and 1 <= pauses[1] <= 3 and 2 <= pauses[2] <= 6


def test_a_lasting_failure_ends_in_a_sentence(sandbox: Sandbox) -> None:
    """The report must say what failed, and the platform must not be hammered."""
    sandbox.fault("/things", Answer(502, "<html>Bad gateway</html>"), times=None)
    with http_to(sandbox) as http, pytest.raises(Transient, match=r"^127\.0\.0\.1:\d+ answered 502, 4 times\.$"):
        http.request("GET", f"{HOST}/things")
    assert len(sandbox.requests) == 4


def test_three_calls_in_a_row_that_fail_end_the_pass(sandbox: Sandbox) -> None:
    """A platform that is down must not be called for every one of a thousand threads."""
    sandbox.fault("/things", Answer(500), times=None)
    with http_to(sandbox) as http:
        for _ in range(3):
            with pytest.raises(Transient):
                http.request("GET", f"{HOST}/things")
        with pytest.raises(PassOver, match="3 calls in a row"):
            http.request("GET", f"{HOST}/things")
    assert len(sandbox.requests) == 12


def test_a_success_between_failures_starts_the_count_again(sandbox: Sandbox) -> None:
    """Three bad threads spread over a night are no reason to stop."""
    sandbox.fault("/bad", Answer(500), times=None)
    sandbox.fault("/good", Answer(200), times=None)
    with http_to(sandbox) as http:
        for _ in range(4):
            with pytest.raises(Transient, match="answered 500"):
                http.request("GET", f"{HOST}/bad")
            http.request("GET", f"{HOST}/good")


@pytest.mark.parametrize("written", ["number", "date"])
def test_retry_after_is_honoured(sandbox: Sandbox, written: str) -> None:
    """A platform that names a time is not called before it; ignoring it gets a key blocked."""
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=31), usegmt=True)
    pauses = Pauses()
    sandbox.fault("/things", Answer(429, headers={"Retry-After": "30" if written == "number" else then}))
    sandbox.fault("/things", Answer(200))
    with http_to(sandbox, sleep=pauses) as http:
        http.request("GET", f"{HOST}/things")
    assert len(pauses) == 1 and 29 <= pauses[0] <= 31


@pytest.mark.parametrize("nonsense", ["", "soon", "-5", "1e9", "²", "Fri, 99 Xxx 2026 00:00:00 GMT"])
def test_a_retry_after_that_says_nothing_is_passed_over(sandbox: Sandbox, nonsense: str) -> None:
    """A header of nonsense must not end the night or make it wait for ever."""
    pauses = Pauses()
    sandbox.fault("/things", Answer(503, headers={"Retry-After": nonsense.encode().decode("latin-1")}))
    sandbox.fault("/things", Answer(200))
    with http_to(sandbox, sleep=pauses) as http:
        http.request("GET", f"{HOST}/things")
    assert pauses[0] <= 1.5


@pytest.mark.parametrize("status", [429, 503])
def test_a_long_wait_is_left_to_another_night(sandbox: Sandbox, status: int) -> None:
    """A scan must not hang for an hour because a platform asks it to, nor ask again at once: that gets a key blocked."""
    sandbox.fault("/things", Answer(status, headers={"Retry-After": "3600"}), times=None)
    with http_to(sandbox) as http, pytest.raises(PassOver, match="come back in 60 minutes"):
        http.request("GET", f"{HOST}/things")
    assert len(sandbox.requests) == 1


def test_a_server_that_hangs_is_left(sandbox: Sandbox) -> None:
    """Without a time-out one silent server holds the whole night."""
    sandbox.fault("/things", delay=5, times=None)
    started = time.monotonic()
    with http_to(sandbox, timeout=(1, 0.1)) as http, pytest.raises(Transient, match="did not answer in time, 4 times"):
        http.request("GET", f"{HOST}/things")
    assert time.monotonic() - started < 5


def test_a_server_that_is_not_there_is_said_so() -> None:
    """The report must tell "not reachable" from "broken"."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with (
            Http({}, host=HOST, base_url=address, sleep=Pauses()) as http,
            pytest.raises(Transient, match="be reached"),
        ):
            http.request("GET", f"{HOST}/things")


@pytest.mark.parametrize("how", ["drop", "cut"])
def test_a_broken_connection_is_tried_again(sandbox: Sandbox, how: str) -> None:
    """Half an answer must never pass for a whole one."""
    whole = {"items": ["x" * 1000]}
    sandbox.fault("/things", Answer(200, whole), drop=how == "drop", cut=how == "cut")
    sandbox.fault("/things", Answer(200, whole))
    with http_to(sandbox) as http:
        assert http.request("GET", f"{HOST}/things").json() == whole
    assert len(sandbox.requests) == 2


@pytest.mark.parametrize("head", ["200 OK", "302 Found\r\nLocation: /elsewhere"])
def test_a_trickle_cannot_outlive_the_deadline(head: str) -> None:
    """A server that sends a byte now and then never times out: the deadline must hold all the same."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=_trickle, args=(server, head), daemon=True).start()
        started = time.monotonic()
        base_url = f"http://127.0.0.1:{server.getsockname()[1]}"
        http = Http({}, host=HOST, base_url=base_url, deadline=started + 0.5)
        with http, pytest.raises(PassOver, match="The time set aside for this source ran out"):
            http.request("GET", f"{HOST}/things")
        assert time.monotonic() - started < 5


def _trickle(server: socket.socket, head: str) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(f"HTTP/1.1 {head}\r\nContent-Length: 100000\r\n\r\n".encode())
        try:
            for _ in range(1000):
                connection.sendall(b"x")
                time.sleep(0.05)
        except OSError:
            pass


def test_no_call_is_made_after_the_deadline(sandbox: Sandbox) -> None:
    """The time of a source is kept between calls."""
    with http_to(sandbox, deadline=time.monotonic() - 1) as http, pytest.raises(PassOver):
        http.request("GET", f"{HOST}/things")
    assert sandbox.requests == []


def test_a_wait_beyond_the_deadline_is_not_begun(sandbox: Sandbox) -> None:
    """Sleeping past the deadline would only waste the night."""
    pauses = Pauses()
    sandbox.fault("/things", Answer(503, headers={"Retry-After": "60"}), times=None)
    with http_to(sandbox, sleep=pauses, deadline=time.monotonic() + 20) as http, pytest.raises(PassOver):
        http.request("GET", f"{HOST}/things")
    assert pauses == []


def test_redirects_are_not_followed(sandbox: Sandbox, serve: Any) -> None:
    """A redirect would carry the secret to whoever it names."""
    other = serve([])
    sandbox.fault("/things", Answer(302, headers={"Location": f"{other.base_url}/things"}))
    with http_to(sandbox) as http:
        assert http.request("GET", f"{HOST}/things").status_code == 302
    assert other.requests == []


@pytest.mark.parametrize("nonsense", ["http://[x/", "/caf\xe9", "http://127.0.0.1:x/", ""])
def test_a_redirect_to_nowhere_is_an_answer(sandbox: Sandbox, nonsense: str) -> None:
    """A host that sends us on to what is no address must be told so in words, not as a fault of ours."""
    sandbox.fault("/things", Answer(302, headers={"Location": nonsense}))
    with http_to(sandbox) as http:
        assert http.request("GET", f"{HOST}/things").status_code == 302


@pytest.mark.parametrize("status", [200, 302])
@pytest.mark.parametrize("packed", [False, True])
def test_an_endless_answer_is_refused(sandbox: Sandbox, packed: bool, status: int) -> None:
    """A broken or hostile server must not fill the memory, not even with a body that unpacks to a thousand times."""
    body = b"x" * (21 * 1024 * 1024)
    headers = {"Location": "/elsewhere"} if status == 302 else {}
    packing = {"Content-Encoding": "gzip"} if packed else {}
    answer = Answer(status, gzip.compress(body) if packed else body, headers | packing)
    sandbox.fault("/things", answer)
    with http_to(sandbox) as http, pytest.raises(Refused, match="more than 20 MB"):
        http.request("GET", f"{HOST}/things")


@pytest.mark.parametrize(
    "base_url",
    [
        "http://api.platform.example",
        "http://127.0.0.1.evil.example",
        "http://localhost@evil.example",
        "http://192.0.2.7",
        "http://[::ffff:192.0.2.7]",
        "http://[oops",
        "ftp://127.0.0.1",
        "127.0.0.1:9000",
        "https://",
    ],
)
def test_the_secret_never_travels_in_clear(base_url: str) -> None:
    """One wrong letter in acto.toml must not send the token readable through the world."""
    with pytest.raises(Refused, match="base_url"):
        Http({"X-Key": SECRET}, host=HOST, base_url=base_url)


@pytest.mark.parametrize(
    "base_url",
    [
        "http://proxyuser:hunter2secret@127.0.0.1:9",
        "https://proxyuser:hunter2secret@proxy.example",
        "https://hunter2secret@proxy.example/platform/",
        "https://proxyuser:1/hunter2secret@proxy.example",
        "https://proxyuser:1?hunter2secret@proxy.example",
    ],
)
def test_a_password_in_base_url_is_refused_without_showing_it(base_url: str) -> None:
    """The doctor, Prefect's database and `coverage` name the host that did not answer."""
    with pytest.raises(Refused, match=r"base_url .* without a user name or a password in it") as caught:
        Http({"X-Key": SECRET}, host=HOST, base_url=base_url)
    assert "hunter2secret" not in str(caught.value)


@pytest.mark.parametrize(
    "base_url", ["https://proxy.example/platform/", "http://127.0.0.1:9", "http://localhost", "http://[::1]:9"]
)
def test_https_and_this_machine_are_accepted(base_url: str) -> None:
    """The sandbox and a forwarding https host must work."""
    Http({"X-Key": SECRET}, host=HOST, base_url=base_url).close()


@pytest.mark.parametrize("url", [f"{HOST}.evil.example/x", "http://api.platform.example/x", "https://evil.example/"])
def test_the_secret_goes_to_its_host_alone(sandbox: Sandbox, url: str) -> None:
    """A "next page" that points elsewhere must not be handed the token."""
    with http_to(sandbox) as http, pytest.raises(Refused, match="another address"):
        http.request("GET", url)
    assert sandbox.requests == []


def test_a_secret_in_a_url_is_never_sent(sandbox: Sandbox) -> None:
    """URLs end up in logs: a connector that puts the token there fails its tests at once."""
    with http_to(sandbox) as http, pytest.raises(RuntimeError, match="header only") as caught:
        http.request("GET", f"{HOST}/things", params={"access_token": SECRET})
    assert SECRET not in str(caught.value) and sandbox.requests == []


@pytest.mark.parametrize("secret", ["with\nnewline", "Bearer with-newline\r\nX: y", "short", "", "key–with–dash"])
def test_a_damaged_secret_is_refused_without_showing_it(secret: str) -> None:
    """A key copied with a line break must give a sentence, not a traceback that shows it."""
    with pytest.raises(Refused, match="copy it again") as caught:
        Http({"X-Key": secret}, host=HOST)
    assert not secret or secret not in str(caught.value)


def test_a_secret_that_the_platform_echoes_is_cleared(sandbox: Sandbox) -> None:
    """Some error pages repeat the request: the token must not reach the warehouse or a log through them."""
    sandbox.fault("/things", Answer(400, {"error": f"bad token {SECRET}"}, {"X-Echo": f"Bearer {SECRET}"}))
    with http_to(sandbox) as http:
        answer = http.request("GET", f"{HOST}/things")
    assert answer.json() == {"error": "bad token [secret]"} and answer.headers["X-Echo"] == "Bearer [secret]"


def test_nothing_is_logged_that_opens_a_door(sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever turns on DEBUG to find a fault must be able to send us the log."""
    sandbox.fault("/things", Answer(503, SECRET), times=2)
    sandbox.fault("/things", drop=True, times=None)
    with caplog.at_level("DEBUG"), http_to(sandbox) as http, pytest.raises(Transient):
        http.request("GET", f"{HOST}/things")
    assert "answered 503" in caplog.text and SECRET not in caplog.text


def test_the_environment_does_not_change_the_way(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A proxy variable or a .netrc of the machine must not get, or replace, the token."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login someone password netrc-canary\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    sandbox.fault("/things", Answer(200))
    with http_to(sandbox) as http:
        http.request("GET", f"{HOST}/things")
    headers = sandbox.requests[0].headers
    assert headers["authorization"] == f"Bearer {SECRET}"
    assert headers["user-agent"].startswith("acto-monitor/0.") or headers["user-agent"].startswith("acto-monitor/1.")


def test_tweepy_and_facebook_sdk_ride_on_it(sandbox: Sandbox) -> None:
    """The two libraries that the connectors must use take the same time-outs, retries and header."""
    sandbox.fault("/2/tweets", Answer(503))
    sandbox.fault("/2/tweets", Answer(200, {"data": [{"id": "1", "text": "Hello"}]}))
    sandbox.fault("/v2.8/1234", Answer(200, {"id": "1234", "name": "ACTO"}))
    manners = {"base_url": sandbox.base_url, "sleep": Pauses()}
    with Http({"Authorization": f"Bearer {SECRET}"}, host="https://api.twitter.com", **manners) as http:
        client = tweepy.Client("of no use", return_type=dict)
        client.session = http
        assert client.get_tweets(["1"])["data"][0]["text"] == "Hello"
    with Http({"Authorization": f"Bearer {SECRET}"}, host="https://graph.facebook.com", **manners) as http:
        assert facebook.GraphAPI(session=http).get_object("1234")["name"] == "ACTO"
    assert {call.headers["authorization"] for call in sandbox.requests} == {f"Bearer {SECRET}"}
    assert not [call for call in sandbox.requests if SECRET in call.path]
