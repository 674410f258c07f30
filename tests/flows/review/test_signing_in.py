"""The page behind a proxy that speaks TLS: who signs in, who is kept out, and that nothing of it works in clear.

The proxy itself is not here; what it sends is: the public Host, X-Forwarded-Proto and X-Forwarded-For, over real HTTP.
"""

from __future__ import annotations

import os
import pty
import re
import sys
import time
from base64 import b32encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Route, expect
from starlette.requests import Request

from flows.review.accounts import FILE, accounts, keep_account, remove_account
from flows.review.entering import _address
from flows.review.one_time_code import SECONDS, code, count_of, new_secret
from flows.review.sessions import IDLE_SECONDS_ABROAD, LONGEST_SECONDS
from flows.review.signing_in import WRONG_FROM_ALL, WRONG_FROM_ONE, SigningIn, TooManyTries
from flows.review.site import public_site
from tests.conftest import Acto, acto_environment
from tests.flows.review.desk import FROM_HERE, Review, serving
from tests.flows.review.test_security import ask
from tests.flows.test_report_page import LOWEST_CONTRAST

HOST, PASSWORD = "review.example.org", "correct horse battery"
COOKIE = "__Host-acto_review"


@pytest.fixture
def secret(home: Path, flags: dict[str, str]) -> str:
    """The secret of Orla's authenticator app; she may sign in."""
    secret = new_secret()
    keep_account(home, "Orla", PASSWORD, secret)
    return secret


@pytest.fixture
def public(home: Path, secret: str) -> Iterator[Review]:
    """The page as https://review.example.org."""
    with serving(home, public_site(f"https://{HOST}")) as review:
        yield review


def through(review: Review, method: str, path: str, cookie: str = "", **more: str) -> tuple[int, dict[str, str], str]:
    """A request as the proxy hands it on."""
    headers = {"X_Forwarded_Proto": "https", "X_Forwarded_For": "1.2.3.4, 203.0.113.7"}
    if cookie:
        headers["Cookie"] = f"{COOKIE}={cookie}"
    if "body" in more:
        headers |= {"Origin": f"https://{HOST}"}
    status, told, text = ask(review, method, path, host=HOST, **(headers | more))
    return status, told, text


def sign_in(
    review: Review, given: str, name: str = "Orla", password: str = PASSWORD, to: str = "", **more: str
) -> tuple[int, dict[str, str], str]:
    body = urlencode({"name": name, "password": password, "code": given, "to": to})
    return through(review, "POST", "/sign-in", body=body, **more)


def cookie_of(told: dict[str, str]) -> str:
    return told["set-cookie"].split(";")[0].removeprefix(f"{COOKIE}=")


def now(ahead: int = 0) -> int:
    return int(time.time() // SECONDS) + ahead


def test_the_code_is_the_one_that_every_app_shows() -> None:
    """The test values of RFC 6238 (appendix B), in six figures; a code of another time is none."""
    secret = b32encode(b"12345678901234567890").decode()
    for at, expected in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        assert code(secret, at // SECONDS) == expected
        assert count_of(secret, expected, at) == count_of(secret, expected, at + SECONDS) == at // SECONDS
        assert count_of(secret, expected, at + 3 * SECONDS) is None
    assert count_of(secret, "", 59) is None and count_of(secret, "é", 59) is None


def test_a_password_is_set_in_the_terminal_and_signs_in(home: Path, flags: dict[str, str]) -> None:
    """As the Chair's assistant does it once; of the password nothing is kept that gives it away."""
    # getpass asks the terminal itself, so there must be one.
    child, terminal = pty.fork()
    if not child:
        os.environ.update(acto_environment(home))
        acto = str(Path(sys.executable).parent / "acto")
        os.execv(acto, [acto, "review", "--set-password", "Orla"])  # noqa: S606

    def told(until: str) -> str:
        said = ""
        while until not in said:
            said += os.read(terminal, 4096).decode()
        return said

    for question in ("New password", "The same again"):
        told(question)
        os.write(terminal, f"{PASSWORD}\n".encode())
    said = told("shows now:")
    found = re.search(r"otpauth://totp/ACTO%20review:Orla\?secret=([A-Z2-7]{32})&", said)
    assert found and PASSWORD not in said
    os.write(terminal, f"{code(found[1], now())}\n".encode())
    told("Orla can sign in now")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    kept = home / FILE
    assert kept.stat().st_mode & 0o777 == 0o600 and PASSWORD not in kept.read_text(encoding="utf-8")
    with serving(home, public_site(f"https://{HOST}")) as review:
        status, told_back, _ = through(review, "GET", "/")
        assert (status, told_back["location"]) == (303, "/sign-in")
        status, told_back, _ = sign_in(review, code(found[1], now(1)))
        assert (status, told_back["location"]) == (303, "/")
        parts = told_back["set-cookie"].split("; ")
        assert parts[0].startswith(f"{COOKIE}=") and {"Secure", "HttpOnly", "Path=/", "SameSite=strict"} <= set(parts)
        assert not any(part.lower().startswith("domain") for part in parts)
        status, told_back, page = through(review, "GET", f"/flags/{flags['danger']}", cookie_of(told_back))
        assert status == 200 and "signed in as Orla" in page and told_back["strict-transport-security"]


def test_a_password_that_is_not_typed_changes_nothing(acto: Acto, home: Path) -> None:
    """Without a terminal, or with Ctrl+D, it ends in a sentence."""
    ended = acto("review", "--set-password", "Orla")
    assert ended.returncode == 2 and "Nothing was changed" in ended.stderr and "Traceback" not in ended.stderr
    assert not (home / FILE).exists()


def test_a_decision_carries_the_name_of_who_signed_in(public: Review, secret: str, flags: dict[str, str]) -> None:
    """Two who share the page must not decide in one another's name, nor in that of the server's user."""
    cookie = cookie_of(sign_in(public, code(secret, now()))[1])
    page = through(public, "GET", f"/flags/{flags['danger']}", cookie)[2]
    hidden = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf", "version")}
    body = urlencode(hidden | {"decision": "escalated", "reason": "To the board"})
    path = f"/flags/{flags['danger']}/decide"
    assert through(public, "POST", path, cookie, body=body, Origin="https://evil.example")[0] == 403
    assert through(public, "POST", path, cookie, body=body, Origin=f"http://{HOST}")[0] == 403, "not what is in clear"
    assert through(public, "POST", path, cookie, body=body)[0] == 303
    assert public.stored("SELECT decided_by, decision FROM decisions") == [("Orla", "escalated")]
    left = through(public, "POST", "/leave", cookie, body=urlencode({"csrf": hidden["csrf"]}))
    assert left[0] == 200 and through(public, "GET", "/", cookie)[0] == 303


def test_a_link_in_the_mail_leads_to_its_flag_by_way_of_signing_in(
    public: Review, secret: str, flags: dict[str, str]
) -> None:
    """The report says "To decide:" and a link: who has to sign in first must not search for the flag then."""
    flag = f"/flags/{flags['danger']}"
    form = through(public, "GET", flag)[1]["location"]
    page = through(public, "GET", form)[2]
    # A browser hides the session from links on other pages, such as a mailbox.
    assert f'<a href="{flag}">open what the link leads to</a>' in page and f'name="to" value="{flag}"' in page
    assert sign_in(public, "x", to=flag)[0] == 403
    assert f'name="to" value="{flag}"' in sign_in(public, "x", to=flag)[2], "a slip does not lose it"
    told = sign_in(public, code(secret, now()), to=flag)[1]
    assert told["location"] == flag and through(public, "GET", flag, cookie_of(told))[0] == 200


@pytest.mark.parametrize(
    "to", ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "/a b", "x"]
)
def test_signing_in_leads_nowhere_else(public: Review, secret: str, to: str) -> None:
    """A link of a stranger must not lead who has just signed in to a page that looks like ours."""
    assert "evil" not in through(public, "GET", f"/sign-in?{urlencode({'to': to})}")[2]
    assert sign_in(public, code(secret, now()), to=to)[1]["location"] == "/"


def test_who_is_wrong_in_anything_stays_out(public: Review, secret: str) -> None:
    """One sentence for all that can be wrong, so that nobody learns which names there are; a code that was seen is worthless."""
    right = code(secret, now())
    wrong = [
        sign_in(public, right, password="correct horse"),
        sign_in(public, "000000" if right != "000000" else "111111"),
        sign_in(public, right, name="Rosalind"),
        sign_in(public, right, name="", password=""),
    ]
    assert {status for status, _, _ in wrong} == {403} and all("set-cookie" not in told for _, told, _ in wrong)
    assert len({re.sub('value="[^"]*"', "", page) for _, _, page in wrong}) == 1
    assert sign_in(public, right)[0] == 303
    assert sign_in(public, right)[0] == 403, "the same code once more"
    assert through(public, "GET", "/sign-in")[0] == 200 and through(public, "GET", "/enter")[0] == 404, "no link here"


def test_who_tries_too_often_must_wait_and_nobody_else(public: Review, secret: str) -> None:
    """A million codes are tried in an hour, where nothing counts; and a stranger's tries must not lock the Chair out."""
    for _ in range(WRONG_FROM_ONE):
        assert sign_in(public, "x", X_Forwarded_For="203.0.113.7, 198.51.100.9")[0] == 403
    # What somebody writes of themselves before the proxy's own word changes nothing.
    status, _, page = sign_in(public, code(secret, now()), X_Forwarded_For="192.0.2.1, 198.51.100.9")
    assert status == 429 and "Wait a quarter of an hour" in page
    assert sign_in(public, code(secret, now()))[0] == 303, "from another address"


def test_the_proxys_word_is_the_last_also_on_a_line_of_its_own() -> None:
    """HAProxy adds a line behind what the visitor wrote: believed of itself, it has as many tries as it likes."""
    lines = [(b"x-forwarded-for", b"192.0.2.1"), (b"x-forwarded-for", b"198.51.100.9")]
    request = Request({"type": "http", "headers": lines, "client": ("127.0.0.1", 1)})
    assert _address(request) == "198.51.100.9"


def test_many_addresses_together_are_stopped_too(home: Path) -> None:
    keep_account(home, "Orla", PASSWORD, new_secret())
    clock = [1e9]
    signing_in = SigningIn(home, lambda: clock[0])
    # What is looked at each time takes a fifth of a second: here without it.
    signing_in._wrong.extend((clock[0], f"2001:db8::{number}") for number in range(WRONG_FROM_ALL))
    with pytest.raises(TooManyTries):
        signing_in.let_in("Orla", PASSWORD, "000000", "192.0.2.1")
    clock[0] += 15 * 60
    assert signing_in.let_in("Orla", PASSWORD, "", "192.0.2.1") is None


def test_a_session_ends_by_itself_and_with_its_password(
    public: Review, secret: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A browser left open in a library; a deputy who is deputy no longer."""
    later = [0.0]
    monkeypatch.setattr(public.desk.sessions, "_clock", lambda: time.monotonic() + later[0])
    cookie = cookie_of(sign_in(public, code(secret, now()))[1])
    for _ in range(3):
        later[0] += IDLE_SECONDS_ABROAD / 2
        assert through(public, "GET", "/scan?watching=1", cookie)[0] == (200 if later[0] < IDLE_SECONDS_ABROAD else 303)
    cookie = cookie_of(sign_in(public, code(secret, now(1)))[1])
    begun = later[0]
    while later[0] - begun < LONGEST_SECONDS - 60:
        assert through(public, "GET", "/style.css", cookie)[0] == 200
        assert public.desk.sessions.find(cookie)
        later[0] += IDLE_SECONDS_ABROAD - 60
    later[0] = begun + LONGEST_SECONDS + 60
    assert through(public, "GET", "/", cookie)[0] == 303
    for change in (lambda: keep_account(home, "Orla", PASSWORD + "!", secret), lambda: remove_account(home, "Orla")):
        cookie = public.desk.sessions.begin("Orla", accounts(home)["Orla"].salt)
        assert through(public, "GET", "/", cookie)[0] == 200
        change()
        assert through(public, "GET", "/", cookie)[0] == 303


@pytest.mark.parametrize(
    ("host", "headers"),
    [
        ("127.0.0.1", {}),
        (f"{HOST}:8733", {}),
        ("evil.example", {"X_Forwarded_Host": HOST}),
        (HOST, {"X_Forwarded_Proto": "http"}),
    ],
)
def test_another_name_and_what_came_in_clear_are_refused(public: Review, host: str, headers: dict[str, str]) -> None:
    """Whoever reaches the port past the proxy, or the proxy without TLS, gets nothing to type a password into."""
    status, _, body = ask(public, "GET", "/sign-in", host=host, **headers)
    assert (status, body) == (400, "")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ('listen = "0.0.0.0"', "put a proxy with TLS before the page"),
        ('listen = "somewhere"', "review.listen"),
        ('origin = "http://review.example.org"', "review.origin"),
        ('origin = "https://review.example.org/page"', "review.origin"),
        ('origin = "https://review.example.org"', "Nobody can sign in yet"),
    ],
)
def test_it_is_never_served_to_others_in_clear(
    acto: Acto, home: Path, flags: dict[str, str], settings: str, words: str
) -> None:
    """One line in acto.toml must not lay open what people wrote."""
    (home / "acto.toml").write_text(f"[review]\n{settings}\n", encoding="utf-8")
    refused = acto("review", "--no-browser", "--port", "0")
    assert refused.returncode == 2 and words in refused.stderr


@pytest.mark.slow
def test_signing_in_can_be_read_and_done_by_everybody(public: Review, secret: str, chromium: Browser) -> None:
    """In a browser, under the public address: no fault that axe knows of, and a session whose cookie the browser takes."""

    def proxy(route: Route) -> None:
        # Where it comes from the browser adds only after this.
        sent = {name: value for name, value in route.request.all_headers().items() if not name.startswith(":")}
        answer = requests.request(
            route.request.method, public.address + urlsplit(route.request.url).path, data=route.request.post_data_buffer,
            headers=sent | FROM_HERE | {"Host": HOST, "X-Forwarded-Proto": "https"}, allow_redirects=False, timeout=20,
        )  # fmt: skip
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.content)

    context = chromium.new_context(viewport={"width": 320, "height": 800}, color_scheme="dark")
    context.route("**/*", proxy)
    page = context.new_page()
    page.goto(f"https://{HOST}/sign-in")
    for _ in range(2):
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert page.evaluate(LOWEST_CONTRAST) >= 4.5
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.get_by_label("Name").fill("Orla")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_label("The six figures").fill("x")
        # The alert of the page before must not be taken for that of the next.
        with page.expect_navigation():
            page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("is wrong")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("The six figures").fill(code(secret, now()))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("You are signed in as Orla.")).to_be_visible()
    assert [(one["name"], one["secure"], one["httpOnly"]) for one in context.cookies()] == [(COOKIE, True, True)]
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in again")).to_be_visible()
    context.close()
