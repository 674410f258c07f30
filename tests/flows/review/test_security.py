"""The page tells nobody anything who did not come in by its link, and does nothing that one of its own forms did not ask."""

from __future__ import annotations

import http.client
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import requests
from playwright.sync_api import Browser, expect

from flows.review.sessions import IDLE_SECONDS, LINK_SECONDS, LONGEST_SECONDS, Sessions
from tests.conftest import Acto, acto_environment
from tests.flows.review.desk import FROM_HERE, Review, Visitor

PAGES = (
    "/",
    "/flags/f00001",
    "/concern",
    "/audit",
    "/coverage",
    "/search?words=a",
    "/decisions",
    "/decisions.csv",
    "/checks",
    "/scan",
)


def ask(review: Review, method: str, path: str, *, host: str | None = None, body: str = "", **headers: str) -> Any:
    """One request over a bare connection, with any headers."""
    own = urlsplit(review.address).netloc
    connection = http.client.HTTPConnection(own, timeout=20)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", own if host is None else host)
    if body:
        connection.putheader("Content-Type", "application/x-www-form-urlencoded")
        connection.putheader("Content-Length", str(len(body)))
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders(body.encode() or None)
    answer = connection.getresponse()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()


@pytest.mark.parametrize("path", PAGES)
def test_without_a_session_nothing_is_shown(quiet: Review, path: str) -> None:
    """Another user of this machine can reach the port: he must learn nothing, not even whether a flag exists."""
    status, _, body = ask(quiet, "GET", path)
    assert status == 401 and "tablets" not in body and "Rosalind" not in body


def test_the_link_survives_being_looked_at_and_lets_one_browser_in(quiet: Review) -> None:
    """A program that fetches links ahead must not use it up; a second person who finds it must not come in."""
    link = quiet.link()
    for _ in range(3):
        assert requests.get(link, timeout=20).status_code == 200
    token = {"link": link.split("link=")[1]}
    first, second = requests.Session(), requests.Session()
    assert first.post(f"{quiet.address}/enter", data=token, headers=FROM_HERE).status_code == 200
    assert second.post(f"{quiet.address}/enter", data=token, headers=FROM_HERE).status_code == 401
    assert requests.get(link, timeout=20).status_code == 401
    assert second.get(quiet.address + "/").status_code == 401


def test_the_cookie_is_kept_from_scripts_and_other_sites(quiet: Review) -> None:
    token = quiet.link().split("link=")[1]
    _, headers, _ = ask(quiet, "POST", "/enter", body=urlencode({"link": token}), Sec_Fetch_Site="same-origin")
    assert headers["set-cookie"].startswith(f"{quiet.cookie}=")
    assert {"HttpOnly", "Path=/", "SameSite=strict"} <= set(headers["set-cookie"].split("; "))


def test_another_page_of_this_machine_can_at_most_log_the_chair_out(quiet: Review) -> None:
    """Cookies belong to 127.0.0.1 with all its ports: another local page may set ours. It must gain nothing by it: no
    session that it chose itself, and no form sent in a session that the Chair does not see.
    """
    visitor, path = quiet.visitor(), "/flags/f00001"
    own = f"{quiet.cookie}={visitor.http.cookies[quiet.cookie]}"
    page = visitor.get(path)
    planted = f"{quiet.cookie}=chosen-by-another-page"
    for cookies in (planted, f"{own}; {planted}", f"{planted}; {own}"):
        status, told, body = ask(quiet, "GET", path, Cookie=cookies)
        assert status == 401 or (status == 200 and cookies.endswith(own)), "the planted one is never taken up"
        assert "set-cookie" not in told and ("tablets" in body) == (status == 200)
    fields = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf", "version")}
    body = urlencode(fields | {"decision": "dismissed", "reason": "x"})
    assert ask(quiet, "POST", f"{path}/decide", body=body, Cookie=planted, Origin=quiet.address)[0] == 401
    # Coming in does not take up a value that lay there before, and the earlier session goes on.
    token = quiet.link().split("link=")[1]
    _, told, _ = ask(quiet, "POST", "/enter", body=urlencode({"link": token}), Cookie=planted, Origin=quiet.address)
    assert "chosen-by-another-page" not in told["set-cookie"]
    assert ask(quiet, "GET", path, Cookie=own)[0] == 200 and not list((quiet.home / "desk").glob("*"))
    assert quiet.cookie.endswith(quiet.address.rpartition(":")[2]), "two pages of ours, two names"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "", "localhost.evil.example:80"])
def test_a_name_that_is_made_to_lead_here_is_refused(quiet: Review, host: str) -> None:
    """DNS rebinding: a page of another name would otherwise read this one as its own."""
    status, _, body = ask(quiet, "GET", quiet.link().removeprefix(quiet.address), host=host)
    assert (status, body) == (400, "")


@pytest.mark.parametrize("path", [*PAGES, "/enter", "/style.css", "/nowhere"])
def test_every_answer_forbids_scripts_frames_and_copies(quiet: Review, visitor: Visitor, path: str) -> None:
    status, headers, body = ask(quiet, "GET", path, Cookie=f"{quiet.cookie}={visitor.http.cookies[quiet.cookie]}")
    assert status == (404 if path == "/nowhere" else 401 if path == "/enter" else 200)
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self';")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer" and headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == ("max-age=3600" if path == "/style.css" else "no-store")
    assert "server" not in headers and "<script" not in body and " style=" not in body


FOREIGN = [
    {"Sec_Fetch_Site": "cross-site"},
    {"Sec_Fetch_Site": "same-site"},  # another port of this machine: its cookies are ours, its page is not
    {"Sec_Fetch_Site": "none"},
    {"Sec_Fetch_Site": "same-origin", "Origin": "http://evil.example"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "null"},
    {},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_form_of_another_page_changes_nothing(quiet: Review, visitor: Visitor, headers: dict[str, str]) -> None:
    """Not even where the browser sends our cookie with it."""
    page = visitor.get("/flags/f00001")
    fields = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf", "version")}
    body = urlencode(fields | {"decision": "dismissed", "reason": "x"})
    cookie = f"{quiet.cookie}={visitor.http.cookies[quiet.cookie]}"
    path = "/flags/f00001/decide"
    assert ask(quiet, "POST", path, body=body, Cookie=cookie, **headers)[0] == 403
    assert not list((quiet.home / "desk").glob("*"))
    right = body.replace("reason=x", "reason=")
    assert ask(quiet, "POST", path, body=right, Cookie=cookie, Origin=quiet.address)[0] == 422, "of our own it is read"


@pytest.mark.parametrize(
    "path",
    ["/leave", "/concern", "/audit", "/scan", "/flags/f00001/undo", "/flags/f00001/note", "/flags/f00001/removal"],
)
def test_a_form_needs_the_sessions_own_token(quiet: Review, visitor: Visitor, path: str) -> None:
    other = quiet.desk.sessions.enter(quiet.desk.sessions.new_link(), "somebody")
    stolen = quiet.desk.sessions.find(other)
    assert stolen
    for token in ("", "x", stolen.csrf):
        fields = {"csrf": token, "text": "x", "note": "x", "item": "youtube:fine0", "found": "fine"}
        answer = visitor.http.post(quiet.address + path, data=fields, headers=FROM_HERE)
        assert answer.status_code == 403
    assert not list((quiet.home / "desk").glob("*"))


def test_what_is_no_form_of_ours_is_refused(quiet: Review, visitor: Visitor) -> None:
    """Too long, of another kind, or with an address that nobody offers."""
    address = quiet.address + "/concern"
    assert visitor.http.post(address, data={"text": "x" * 70_000}, headers=FROM_HERE).status_code == 413
    assert visitor.http.post(address, json={"text": "x"}, headers=FROM_HERE).status_code == 415
    assert visitor.http.get(quiet.address + "/leave").status_code == 404
    assert visitor.http.delete(address).status_code == 404


def test_after_leaving_the_cookie_is_worth_nothing(quiet: Review) -> None:
    visitor = quiet.visitor()
    cookie = visitor.http.cookies[quiet.cookie]
    left = visitor.send(visitor.get("/"), "/leave")
    assert left.status_code == 200
    # "cookies" would end the sessions of every other page of this computer, and of all of acto-org.uk.
    assert left.headers["clear-site-data"] == '"storage"' and quiet.cookie not in visitor.http.cookies
    assert ask(quiet, "GET", "/", Cookie=f"{quiet.cookie}={cookie}")[0] == 401


def test_links_and_sessions_end_by_themselves() -> None:
    """A telephone that is left on a table must not stay open for ever."""
    clock = [0.0]
    sessions = Sessions(clock=lambda: clock[0])
    old = sessions.new_link()
    link = sessions.new_link()
    assert sessions.enter(old, "chair") is None, "a new link takes the place of the one before"
    clock[0] = LINK_SECONDS + 1
    assert sessions.enter(link, "chair") is None
    cookie = sessions.enter(sessions.new_link(), "chair")
    assert cookie and sessions.find(cookie)
    clock[0] += IDLE_SECONDS - 1
    assert sessions.find(cookie)
    clock[0] += IDLE_SECONDS + 1
    assert sessions.find(cookie) is None
    cookie = sessions.enter(sessions.new_link(), "chair")
    begun = clock[0]
    while clock[0] - begun <= LONGEST_SECONDS:
        assert sessions.find(cookie)
        clock[0] += IDLE_SECONDS / 2
    assert sessions.find(cookie) is None


@pytest.mark.parametrize("on_linux", [True, False])
def test_a_session_ends_while_the_computer_sleeps(monkeypatch: pytest.MonkeyPatch, on_linux: bool) -> None:
    """Shut for the night and opened by somebody else in the morning, a laptop must not show the page of the evening before."""
    passed = [1e6]
    clocks = SimpleNamespace(monotonic=lambda: 1e6, time=lambda: passed[0])
    if on_linux:
        clocks = SimpleNamespace(CLOCK_BOOTTIME=7, clock_gettime=lambda which: passed[0] if which == 7 else 1e6)
    monkeypatch.setattr("flows.review.sessions.time", clocks)
    sessions = Sessions()
    cookie = sessions.begin("chair")
    assert sessions.find(cookie)
    passed[0] += IDLE_SECONDS + 1
    assert sessions.find(cookie) is None


def test_the_command_serves_the_page_and_leaves_nothing_open(home: Path, flags: dict[str, str]) -> None:
    """As a user starts it: an address on standard output, the page behind it, and Ctrl+C ends it well."""
    command = [str(Path(sys.executable).parent / "acto"), "review", "--port", "0", "--no-browser"]
    with subprocess.Popen(
        command, env=acto_environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        link = process.stdout.readline().strip()
        try:
            assert urlsplit(link).hostname == "127.0.0.1"
            assert "Open the review page" in requests.get(link, timeout=20).text
        finally:
            process.send_signal(2)
        out, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, ""), out


def test_starting_needs_a_history_and_a_free_port(acto: Acto, home: Path, flags: dict[str, str], quiet: Review) -> None:
    port = urlsplit(quiet.address).port
    taken = acto("review", "--port", str(port), "--no-browser")
    assert (taken.returncode, f"--port {port + 1}" in taken.stderr) == (2, True)
    (home / "history.duckdb").unlink()
    nothing = acto("review", "--no-browser")
    assert nothing.returncode == 2 and "Try: acto demo" in nothing.stderr


def test_a_link_from_a_mailbox_leads_to_the_flag_for_whoever_has_come_in(quiet: Review, chromium: Browser) -> None:
    """A browser hides the session from links on other pages, a mailbox among them: the Chair would think that all is locked.
    The link itself opens nothing to anybody.
    """
    context = chromium.new_context()
    stranger, page = chromium.new_page(), context.new_page()
    page.goto(quiet.link())
    page.get_by_role("button", name="Open").click()
    for visitor in (stranger, page):
        visitor.route(
            "http://mailbox.example/",
            lambda route: route.fulfill(
                content_type="text/html", body=f'<a href="{quiet.address}/audit?item=youtube:fine1">Read and answer</a>'
            ),
        )
        visitor.goto("http://mailbox.example/")
        visitor.get_by_role("link", name="Read and answer").click()
        expect(visitor.get_by_role("heading", name="This page is not open for you")).to_be_visible()
        visitor.get_by_role("link", name="open what the link leads to").click()
    expect(stranger.get_by_role("heading", name="This page is not open for you")).to_be_visible()
    assert "Lovely talk" not in stranger.content()
    expect(page.locator("article").first).to_contain_text("Lovely talk 1")
    context.close()
    stranger.close()
