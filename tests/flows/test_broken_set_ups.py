"""Set-ups that are broken in one way each: the doctor names that cause, in one line, with what mends it."""

from __future__ import annotations

import json
import os
import shutil
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme

from connectors.sandbox import KEY, ROSTER, Answer, Sandbox
from connectors.sandbox.facebook import USER_TOKEN
from connectors.sandbox.graph.refusals import refusal as graph_refusal
from connectors.sandbox.linkedin import CLIENT
from connectors.sandbox.presences import as_environment, as_toml
from connectors.sandbox.x import PERSONS_TOKEN
from connectors.sandbox.x.refusals import refusal as x_refusal
from connectors.sandbox.youtube.refusals import refusal as youtube_refusal
from flows.doctor import examine
from flows.review.accounts import keep_account
from flows.review.one_time_code import new_secret
from flows.review.site import public_site
from tests.flows.channel import PAPERS
from tests.flows.mail_servers import Postbox, free_port, mail_server, odd_server, tls_of
from tests.flows.night import Night
from tests.flows.review.desk import serving
from warehouse.holds import hold
from warehouse.runs import Coverage, end_run, record_coverage, start_run
from warehouse.snapshot import publish
from warehouse.store import Store, open_store

NOW = datetime.now(UTC)
CONSENT = json.dumps({"client_id": "a-client-id", "client_secret": "a-client-secret", "refresh_token": KEY})
CANARY = "canary-secret-4711"


@dataclass
class SetUp:
    """A set-up that works: a home with a roster, and secrets for all platforms of the sandbox. Tests break it."""

    home: Path
    sandbox: Sandbox
    patch: pytest.MonkeyPatch
    postbox: Postbox
    authority: trustme.CA
    scanned: Path
    stack: ExitStack

    def watch(self, *platforms: str, more: str = "", top: str = "") -> None:
        """Write acto.toml with these sources; `more` goes behind the last of them."""
        sources = as_toml(self.sandbox.base_url, platforms)
        text = f'{top}[people]\nroster = "roster.csv"\n{sources}{more}'
        (self.home / "acto.toml").write_text(text, encoding="utf-8")

    def mail(self, *, host: str = "127.0.0.1", readers: str = '"chair@acto.example"', **options: object) -> None:
        """Write acto.toml with a mail server that takes the password "right-password" over TLS."""
        context = options.pop("tls_context", None) or tls_of(self.authority, "127.0.0.1")
        given = {"tls_context": context, "authenticator": self.postbox.authenticate, "require_starttls": True} | options
        port = self.stack.enter_context(mail_server(self.postbox, **given))
        self.mail_at(port, host=host, readers=readers)

    def mail_at(self, port: int, *, host: str = "127.0.0.1", readers: str = '"chair@acto.example"') -> None:
        """Write acto.toml with the mail server at this port."""
        self.watch(
            "youtube",
            top=f'[report]\nto = [{readers}]\n[smtp]\nhost = "{host}"\nport = {port}\nusername = "monitor@acto.example"\n',
        )
        if "ACTO_SMTP_PASSWORD_FILE" not in os.environ:
            self.patch.setenv("ACTO_SMTP_PASSWORD", "right-password")

    def secret(self, variable: str, content: str | None, mode: int = 0o600) -> Path:
        """Have `variable` come from a file; None: from one that is not there."""
        path = self.home / f"{variable}.txt"
        if content is not None:
            path.write_text(content, encoding="utf-8")
            path.chmod(mode)
        self.patch.delenv(variable, raising=False)
        self.patch.setenv(f"{variable}_FILE", str(path))
        return path

    def scanned_last_night(self) -> None:
        """Have what a complete scan of last night has left."""
        shutil.copytree(self.scanned, self.home, dirs_exist_ok=True)
        self.watch("youtube")

    def stored(self, change: Callable[[Store], None]) -> None:
        """The same with a change to what is stored, and published."""
        self.scanned_last_night()
        with open_store(self.home) as store:
            change(store)
            publish(store)


def store_scan(home: Path, ended: datetime) -> None:
    with open_store(home) as store:
        run_id = start_run(store, "scan", ended)
        Night(store).item("a1", "A comment", at=ended)
        end_run(store, run_id, "complete", "", ended)
        publish(store)


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a complete scan of last night."""
    folder = tmp_path_factory.mktemp("scanned")
    store_scan(folder, NOW - timedelta(hours=3))
    return folder


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One for all."""
    with Sandbox() as serving:
        yield serving


@pytest.fixture
def set_up(
    home: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, authority: trustme.CA, scanned: Path
) -> Iterator[SetUp]:
    """A set-up in which all is well."""
    permissions = dict(sandbox.permissions)
    shutil.copy(ROSTER, home / "roster.csv")
    for name in [name for name in os.environ if name.startswith(("ACTO_", "PREFECT_"))]:
        monkeypatch.delenv(name)
    # Nobody serves Prefect there.
    monkeypatch.setenv("PREFECT_API_URL", f"http://127.0.0.1:{free_port()}/api")
    for name, value in as_environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("ACTO_GOOGLE_TOKEN")
    monkeypatch.setenv("ACTO_GOOGLE_OAUTH", CONSENT)
    with ExitStack() as stack:
        yield SetUp(home, sandbox, monkeypatch, Postbox(), authority, scanned, stack)
    sandbox.faults.clear()
    sandbox.expires.clear()
    sandbox.permissions.clear()
    sandbox.permissions.update(permissions)
    sandbox.clock_ahead = timedelta(0)


def findings(set_up: SetUp, capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, str]]:
    """What `acto doctor --json` finds, by what it is about."""
    capsys.readouterr()
    code = examine(as_json=True, home=set_up.home)
    found = json.loads(capsys.readouterr().out)["findings"]
    assert len({one["about"] for one in found}) == len(found)
    assert code == (1 if any(one["outcome"] == "broken" for one in found) else 0)
    return {one["about"]: one for one in found}


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def roster_with(set_up: SetUp, before: str, after: str) -> None:
    set_up.watch("feed")
    file = set_up.home / "roster.csv"
    text = file.read_text(encoding="utf-8")
    assert before in text
    write(file, text.replace(before, after, 1))


def no_configuration(set_up: SetUp) -> None:
    """Nothing is written."""


def google_without_its_permission(set_up: SetUp) -> None:
    set_up.sandbox.permissions["google_oauth"] = ("openid",)
    set_up.watch("google")


def linkedin_that_says_what_it_may(set_up: SetUp) -> None:
    set_up.patch.setenv(
        "ACTO_LINKEDIN_OAUTH", json.dumps(dict(zip(("client_id", "client_secret"), CLIENT, strict=True)))
    )
    set_up.watch("linkedin")


def linkedin_with_too_much(set_up: SetUp) -> None:
    linkedin_that_says_what_it_may(set_up)
    set_up.sandbox.permissions["linkedin"] += ("w_organization_social",)


def linkedin_that_ends(set_up: SetUp) -> None:
    linkedin_that_says_what_it_may(set_up)
    set_up.sandbox.expires["linkedin"] = NOW + timedelta(days=5)


def linkedin_without_notifications(set_up: SetUp) -> None:
    set_up.sandbox.permissions["linkedin"] = ("r_organization_social_feed",)
    set_up.watch("linkedin")


def facebook_with(*permissions: str) -> Callable[[SetUp], None]:
    def arrange(set_up: SetUp) -> None:
        set_up.sandbox.permissions["facebook"] = permissions
        set_up.watch("facebook")

    return arrange


def answered(platform: str, pattern: str, answer: Answer) -> Callable[[SetUp], None]:
    def arrange(set_up: SetUp) -> None:
        set_up.sandbox.fault(pattern, answer, times=None)
        set_up.watch(platform)

    return arrange


def token(platform: str, variable: str, value: str) -> Callable[[SetUp], None]:
    def arrange(set_up: SetUp) -> None:
        set_up.patch.setenv(variable, value)
        set_up.watch(platform)

    return arrange


def watched_with(platform: str, more: str) -> Callable[[SetUp], None]:
    return lambda set_up: set_up.watch(platform, more=more)


def secret_file(content: str | None, mode: int = 0o600) -> Callable[[SetUp], None]:
    def arrange(set_up: SetUp) -> None:
        set_up.watch("youtube")
        set_up.secret("ACTO_YOUTUBE_API_KEY", content, mode)

    return arrange


def clock(ahead: timedelta) -> Callable[[SetUp], None]:
    def arrange(set_up: SetUp) -> None:
        set_up.sandbox.clock_ahead = ahead
        set_up.watch("youtube", "yelp")

    return arrange


def no_variable(set_up: SetUp) -> None:
    set_up.patch.delenv("ACTO_YOUTUBE_API_KEY")
    set_up.watch("youtube")


def other_account(set_up: SetUp) -> None:
    set_up.watch("instagram")
    file = set_up.home / "acto.toml"
    write(file, file.read_text().replace('user_id = "1784', 'user_id = "1999'))


def other_name(set_up: SetUp) -> None:
    set_up.watch("x")
    file = set_up.home / "acto.toml"
    write(file, file.read_text().replace('username = "acto_org"', 'username = "acto-uk"'))


def nobody_there(set_up: SetUp) -> None:
    set_up.watch(more=f'[sources.blog]\nplatform = "feed"\nurl = "http://127.0.0.1:{free_port()}/feed.xml"\n')


def without_papers(set_up: SetUp) -> None:
    unknown_name(set_up)
    file = set_up.home / "acto.toml"
    write(file, file.read_text().replace(PAPERS, ""))


def unknown_name(set_up: SetUp) -> None:
    names = "".join(
        f'[sources.{one}]\nplatform = "feed"\nurl = "https://nowhere.invalid/{one}"\n' for one in ("a", "b")
    )
    set_up.watch("feed", more=names + PAPERS)


def mail_refused(set_up: SetUp) -> None:
    set_up.mail_at(free_port())


def mail_stranger(set_up: SetUp) -> None:
    set_up.mail(tls_context=tls_of(trustme.CA(), "127.0.0.1"))


def mail_other_name(set_up: SetUp) -> None:
    set_up.mail(tls_context=tls_of(set_up.authority, "elsewhere.example"))


def mail_wrong_password(set_up: SetUp) -> None:
    set_up.secret("ACTO_SMTP_PASSWORD", CANARY)
    set_up.mail()


def mail_without_password(set_up: SetUp) -> None:
    set_up.mail()
    set_up.patch.delenv("ACTO_SMTP_PASSWORD")


def mail_without_password_or_server(set_up: SetUp) -> None:
    mail_refused(set_up)
    set_up.patch.delenv("ACTO_SMTP_PASSWORD")


def mail_without_its_file(set_up: SetUp) -> None:
    set_up.secret("ACTO_SMTP_PASSWORD", None)
    set_up.mail()


def mail_without_consent(set_up: SetUp) -> None:
    set_up.mail()
    set_up.patch.delenv("ACTO_SMTP_PASSWORD")
    set_up.secret("ACTO_SMTP_OAUTH", '{"client_id": "monitor"}')


def mail_reader_refused(set_up: SetUp) -> None:
    set_up.postbox.recipient_answer = "550 5.1.1 No such user"
    set_up.mail()


def mail_reader_later(set_up: SetUp) -> None:
    set_up.postbox.recipient_answer = "450 Greylisted"
    set_up.mail()


def mail_certificate_ends(set_up: SetUp) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    set_up.authority.issue_cert("127.0.0.1", not_after=NOW + timedelta(days=3, hours=1)).configure_cert(context)
    set_up.mail(tls_context=context)


def roster_below_a_file(set_up: SetUp) -> None:
    set_up.watch("feed")
    file = set_up.home / "acto.toml"
    write(file, file.read_text().replace('"roster.csv"', '"roster.csv/members.csv"'))


def fault_of_ours(set_up: SetUp) -> None:
    set_up.watch("feed")
    set_up.patch.setattr("flows.doctor.scorer.default_scorer", lambda: 1 / 0)


def permission_unknown(set_up: SetUp) -> None:
    set_up.watch("feed")
    file = set_up.home / "acto.toml"
    write(file, file.read_text().replace("[people]\n", '[people]\npermissions = "permissions.csv"\n'))
    write(set_up.home / "permissions.csv", "member_id,what,until\nACTO-2001,horoscope,\n")


def permission_of_nobody(set_up: SetUp) -> None:
    permission_unknown(set_up)
    write(set_up.home / "permissions.csv", "member_id,what,until\nA-1,home_address,\n")


def report_waits(set_up: SetUp) -> None:
    set_up.stored(lambda store: Night(store).freeze(now=NOW) and None)


def hold_overdue(set_up: SetUp) -> None:
    day = NOW.date() - timedelta(days=1)
    set_up.stored(lambda store: hold(store, "youtube:a1", "A complaint", day, "chair", NOW) and None)


def scan_failed(set_up: SetUp) -> None:
    set_up.stored(lambda store: end_run(store, start_run(store, "scan", NOW), "failed", "", NOW))


def nights_missed(set_up: SetUp) -> None:
    set_up.watch("youtube")
    store_scan(set_up.home, NOW - timedelta(days=3))


def only_one_source_read_since(set_up: SetUp) -> None:
    nights_missed(set_up)
    with open_store(set_up.home) as store:
        run_id = start_run(store, "scan", NOW)
        record_coverage(store, Coverage(run_id, "other", "feed", "skipped", "Not asked for in this run."))
        end_run(store, run_id, "complete", "", NOW)
        publish(store)


def served_to_nobody(set_up: SetUp) -> None:
    set_up.scanned_last_night()
    set_up.watch("youtube", top='[review]\norigin = "https://review.example.org"\n')


def key_for_all(set_up: SetUp) -> None:
    set_up.scanned_last_night()
    for key in (set_up.home / "keys").iterdir():
        key.chmod(0o644)


def key_gone(set_up: SetUp) -> None:
    set_up.scanned_last_night()
    shutil.rmtree(set_up.home / "keys")


def published_copy_left_behind(set_up: SetUp) -> None:
    set_up.scanned_last_night()
    old = (NOW - timedelta(hours=30)).timestamp()
    os.utime(set_up.home / "history.duckdb", (old, old))


# What is broken: outcome, the line, what must be in it, what mends it.
BROKEN: dict[str, tuple[Callable[[SetUp], None], str, str, list[str], str]] = {
    "no acto.toml": (no_configuration, "broken", "configuration", ["no configuration at", "acto init"], "acto init"),
    "not TOML": (
        lambda s: write(s.home / "acto.toml", "[report\n"), "broken", "configuration", ["not valid TOML"], "nano ",
    ),
    "a key that does not exist": (
        lambda s: write(s.home / "acto.toml", "[report]\nreceiver = 1\n"), "broken", "configuration",
        ["report.receiver"], "nano ",
    ),
    "no source": (lambda s: s.watch(), "broken", "sources", ["No source is configured"], "nano "),
    "a real source without privacy papers": (
        without_papers, "broken", "privacy", ["No privacy papers", "docs/privacy/", "refused (a, b)"], "nano ",
    ),
    "no secret": (no_variable, "broken", "source youtube", ["set ACTO_YOUTUBE_API_KEY"], "export ACTO_YOUTUBE_API_KEY_FILE="),
    "the secret's file is not there": (
        secret_file(None), "broken", "source youtube", ["ACTO_YOUTUBE_API_KEY_FILE names is not there"],
        "export ACTO_YOUTUBE_API_KEY_FILE=",
    ),
    "the secret's file is empty": (secret_file(" \n"), "broken", "source youtube", ["is empty"], "nano "),
    "the secret's file is for all": (
        secret_file(KEY, 0o644), "warning", "source youtube", ["Other users of this machine can read"], "chmod 600 ",
    ),
    "a key that was cut off": (
        token("youtube", "ACTO_YOUTUBE_API_KEY", "AIza"), "broken", "source youtube", ["is cut off"], "export ACTO_YOUTUBE",
    ),
    "a wrong key": (
        token("youtube", "ACTO_YOUTUBE_API_KEY", CANARY), "broken", "source youtube", ["does not accept the key"],
        "export ACTO_YOUTUBE_API_KEY_FILE=",
    ),
    "no such channel": (
        lambda s: s.watch(more='[sources.youtube]\nplatform = "youtube"\nchannel_id = "@ACTOvideo"\n'
                          f'base_url = "{s.sandbox.base_url}"\n'),
        "broken", "source youtube", ["knows no such channel", "channel_id"], "nano ",
    ),
    "the quota is used up": (
        answered("youtube", "/channels", youtube_refusal("quotaExceeded")), "broken", "source youtube",
        ["daily quota is used up"], "acto doctor, later",
    ),
    "the token has run out": (
        answered("facebook", "/me", graph_refusal("token_expired")), "broken", "source facebook", ["has run out"],
        "export ACTO_FACEBOOK_TOKEN_FILE=",
    ),
    "a person's token": (
        token("facebook", "ACTO_FACEBOOK_TOKEN", USER_TOKEN), "broken", "source facebook", ["not that of the Page"],
        "export ACTO_FACEBOOK_TOKEN_FILE=",
    ),
    "a permission is missing": (
        facebook_with("pages_show_list", "pages_read_engagement"), "broken", "source facebook",
        ["lacks pages_read_user_content", "docs/access/facebook.md"], "export ACTO_FACEBOOK_TOKEN_FILE=",
    ),
    "a permission too many": (
        facebook_with("pages_show_list", "pages_read_engagement", "pages_read_user_content", "pages_manage_posts"),
        "warning", "source facebook", ["may do more than reading needs: pages_manage_posts"],
        "export ACTO_FACEBOOK_TOKEN_FILE=",
    ),
    "the calls are used up": (
        answered("facebook", "/me", graph_refusal("app_limit")), "warning", "source facebook", ["used up"], "later",
    ),
    "another account": (other_account, "broken", "source instagram", ["another Instagram account"], "nano "),
    "another name on X": (
        other_name, "warning", "source x", ["another name than @acto-uk", "acto.toml"], "nano ",
    ),
    "a token that acts for somebody": (
        token("x", "ACTO_X_BEARER_TOKEN", PERSONS_TOKEN), "warning", "source x", ["acts for an account"],
        "export ACTO_X_BEARER_TOKEN_FILE=",
    ),
    "no credits": (
        answered("x", "/2/users", x_refusal("creditsDepleted")), "broken", "source x", ["buy credits"], "less docs/access/x.md",
    ),
    "no notifications": (
        linkedin_without_notifications, "broken", "source linkedin", ["lacks rw_organization_admin"],
        "export ACTO_LINKEDIN_TOKEN_FILE=",
    ),
    "LinkedIn, a permission too many": (
        linkedin_with_too_much, "warning", "source linkedin", ["more than reading needs: w_organization_social"],
        "export ACTO_LINKEDIN_TOKEN_FILE=",
    ),
    "a token that ends": (linkedin_that_ends, "warning", "source linkedin", ["expires in 5 days"], "export ACTO_LINKEDIN"),
    "a token that has ended": (
        watched_with("feed", "token_expires = 2026-01-05\n"), "broken", "source feed", ["expired", "days ago"],
        "less docs/access/feed.md",
    ),
    "Google without the permission": (
        google_without_its_permission, "broken", "source google", ["lacks https://www.googleapis.com/auth/business.manage"],
        "export ACTO_GOOGLE_OAUTH_FILE=",
    ),
    "no such host": (unknown_name, "broken", "network", ["nowhere.invalid"], "getent hosts nowhere.invalid"),
    "nobody answers": (nobody_there, "broken", "source blog", ["could not be reached"], "curl "),
    "a platform that is down": (
        answered("yelp", "/v3", Answer(503, "")), "warning", "source yelp", ["answered 503"], "later",
    ),
    "a clock that is slow": (clock(timedelta(minutes=7)), "broken", "clock", ["7 minutes slow"], "timedatectl"),
    "a clock that is a little fast": (clock(timedelta(minutes=-2)), "warning", "clock", ["2 minutes fast"], "timedatectl"),
    "mail refuses connections": (mail_refused, "broken", "mail", ["refuses connections"], "nano "),
    "mail from a stranger": (mail_stranger, "broken", "mail", ["could not prove who it is"], "nano "),
    "mail under another name": (mail_other_name, "broken", "mail", ["could not prove who it is"], "nano "),
    "mail without a password": (mail_without_password, "broken", "mail", ["no password"], "export ACTO_SMTP_PASSWORD_FILE="),
    "mail without a password, and a server that is down": (
        mail_without_password_or_server, "broken", "mail", ["no password"], "export ACTO_SMTP_PASSWORD_FILE=",
    ),
    "the mail password's file is not there": (
        mail_without_its_file, "broken", "mail", ["ACTO_SMTP_PASSWORD_FILE names is not there"],
        "export ACTO_SMTP_PASSWORD_FILE=",
    ),
    "mail with half a consent": (
        mail_without_consent, "broken", "mail", ["needs token_uri (https), client_id"], "export ACTO_SMTP_OAUTH_FILE=",
    ),
    "mail with a wrong password": (
        mail_wrong_password, "broken", "mail", ["refused the user name or the password"], "export ACTO_SMTP_PASSWORD_FILE=",
    ),
    "a reader that does not exist": (
        mail_reader_refused, "broken", "mail", ["refuses the reader c…@acto.example (550)"], "nano ",
    ),
    "a reader for later": (mail_reader_later, "warning", "mail", ["does not take mail for c…@acto.example now (450)"], "later"),
    "a certificate that ends": (mail_certificate_ends, "warning", "mail", ["certificate ends in 3 days"], "later"),
    "no roster there": (
        lambda s: (s.watch("feed"), (s.home / "roster.csv").unlink())[0], "broken", "roster", ["There is no roster at"],
        "nano ",
    ),
    "a roster that cannot be there": (
        roster_below_a_file, "broken", "roster", ["cannot be read", "Not a directory"], "nano ",
    ),
    "a fault of ours": (fault_of_ours, "broken", "scorer", ["could not be looked at (ZeroDivisionError)"], "ls -la "),
    "a roster without a column": (
        lambda s: roster_with(s, "member_id,", "number,"), "broken", "roster", ["no column member_id"], "nano ",
    ),
    "a handle given twice": (
        lambda s: roster_with(s, "desmond.okafor,", "rosalind.pryce,"), "warning", "roster",
        ["ACTO-2001 and ACTO-2008 have the same handle on Facebook"], "nano ",
    ),
    "a permission that does not exist": (permission_unknown, "broken", "roster", ["permissions.csv", "horoscope"], "nano "),
    "a permission of nobody": (
        permission_of_nobody, "broken", "roster", ["permissions.csv, line 2", "'A-1' is not in the roster"], "nano ",
    ),
    "a key that others can read": (key_for_all, "warning", "encryption", ["can read the key"], "chmod 600 "),
    "a report that waits": (
        report_waits, "warning", "outbox", ["1 report not sent yet"],
        "acto scan",
    ),
    "nights that were missed": (
        nights_missed, "broken", "last scan", ["3 days ago", "missed"], "acto scan",
    ),
    "nights that were missed but for a scan of some sources": (
        only_one_source_read_since, "broken", "last scan", ["3 days ago", "missed"], "acto scan",
    ),
    "a page that nobody can sign in to": (
        served_to_nobody, "broken", "review page", ["Nobody can sign in"], "acto review --set-password",
    ),
    "a scan that failed": (
        scan_failed, "broken", "last scan", ["failed"],
        "acto report --run ",
    ),
    "a hold that is overdue": (
        hold_overdue, "warning", "holds", ["1 past the day of review"],
        "acto retain --list",
    ),
    "a copy left behind": (published_copy_left_behind, "warning", "history", ["30 hours older"], "acto check"),
    "no backup": (SetUp.scanned_last_night, "warning", "backup", ["no backup"], "acto backup"),
}  # fmt: skip
# What is said of every set-up of these tests: they have no schedule, keys beside the data, and most no scan or papers yet.
ALWAYS = {"schedule", "last scan", "encryption", "mail", "privacy", "backup", "watchdog"}
# No test can have a real host that answers.
BESIDE = {"a real source without privacy papers": {"network"}}


@pytest.mark.slow
@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_named_in_one_line(name: str, set_up: SetUp, capsys: pytest.CaptureFixture[str]) -> None:
    """A volunteer who is told the wrong cause, or five, looks in the wrong place for an evening."""
    arrange, outcome, about, words, mend = BROKEN[name]
    arrange(set_up)
    found = findings(set_up, capsys)
    said = found[about]
    assert said["outcome"] == outcome, said
    assert [word for word in words if word not in said["says"]] == [], said["says"]
    assert mend in said["mend"] and (said["mend"] or not mend), said["mend"]
    expected = {about, *BESIDE.get(name, ())}
    wrong = [one for one in found.values() if one["outcome"] != "ok" and not one["because"]]
    assert [one for one in wrong if one["about"] not in expected | ALWAYS] == [], "what is well is called in question"
    broken = {one["about"] for one in wrong if one["outcome"] == "broken"}
    assert broken == (expected if outcome == "broken" else set())
    assert CANARY not in json.dumps(found) and set_up.postbox.messages == []


def test_the_page_that_is_served_to_others_is_known(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answers to its public name alone: taken for another program, it would be moved to where its proxy finds nothing."""
    served_to_nobody(set_up)
    keep_account(set_up.home, "Orla", "correct horse battery", new_secret())
    with serving(set_up.home, public_site("https://review.example.org")) as review:
        monkeypatch.setattr("flows.doctor.desk.PORT", urlsplit(review.address).port)
        assert findings(set_up, capsys)["review page"]["says"] == "open now at https://review.example.org/"


def test_what_depends_on_the_network_is_not_called_broken(set_up: SetUp, capsys: pytest.CaptureFixture[str]) -> None:
    """One cable that is out must not look like ten tokens that have run out."""
    unknown_name(set_up)
    found = findings(set_up, capsys)
    for name in ("source a", "source b"):
        assert found[name]["because"] == "network" and "not asked, because" in found[name]["says"]
    assert found["source feed"]["outcome"] == "ok", "what can be asked is asked"


def test_a_history_under_another_key_is_one_cause(set_up: SetUp, capsys: pytest.CaptureFixture[str]) -> None:
    """Without its key nothing can be read: that is about the key, not about a damaged file or missed nights."""
    key_gone(set_up)
    found = findings(set_up, capsys)
    assert found["encryption"]["outcome"] == "broken"


@pytest.mark.parametrize("platform", ["youtube", "feed"])
def test_a_host_that_says_nothing_does_not_hold_the_doctor_up(
    platform: str, set_up: SetUp, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody waits in front of the screen: each call ends by itself."""
    monkeypatch.setattr("flows.doctor.sources.TIMEOUT", (0.3, 0.3))
    with odd_server(lambda _line: time.sleep(2)) as port:
        set_up.watch(platform)
        file = set_up.home / "acto.toml"
        write(file, file.read_text().replace(set_up.sandbox.base_url, f"http://127.0.0.1:{port}"))
        found = findings(set_up, capsys)
    assert found[f"source {platform}"]["outcome"] == "broken"
    assert "did not answer in time" in found[f"source {platform}"]["says"]
