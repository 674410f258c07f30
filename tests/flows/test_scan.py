"""The whole way of an item, as the nightly job does it: sandbox, connector, DuckDB, checks, report, mail, SQL."""

from __future__ import annotations

import json
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from checks import catalogue
from checks.validators import Validated, Validators
from flows.days import today
from flows.outbox import Delivered
from flows.report_facts import Counted
from flows.scan_result import ScanResult
from flows.timeline import read_timeline
from tests.conftest import Acto, acto_environment
from tests.flows.channel import KEY, PAPERS, sandbox_of_today, short_sandbox_of_today, watch
from tests.flows.mailbox import Mailbox
from tests.warm import WarmProcess
from warehouse.query import run_query
from warehouse.store import open_store


def ask(home: Path, sql: str) -> list[tuple[object, ...]]:
    return run_query(home / "history.duckdb", sql).rows


def test_a_night_is_read_judged_mailed_and_can_be_asked_about(acto: Acto, home: Path, prefect_server: str) -> None:
    """The promise of the product in one test: two nights on a channel, one mail each, edits and deletions kept."""
    with sandbox_of_today() as sandbox, Mailbox() as mail:
        watch(home, sandbox, smtp_port=mail.port)
        environment = {"PREFECT_API_URL": prefect_server, KEY: sandbox.key}
        sandbox.rewind(nights=1)
        first = acto("scan", "--json", **environment)
        sandbox.rewind(nights=0)
        second = acto("scan", "--json", **environment)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    before, after = json.loads(first.stdout), json.loads(second.stdout)
    assert before["sources"][0]["items_new"] > 150
    changed = after["sources"][0]
    assert changed["items_new"] >= 8 and changed["items_edited"] >= 1 and changed["items_gone"] >= 1
    assert len(mail.messages) == 2 and len({message["Message-ID"] for message in mail.messages}) == 2
    for found, message in ((before, mail.messages[0]), (after, mail.messages[1])):
        assert f"{found['told']['to_review']} posts to review" in message["Subject"]
    assert ask(home, "SELECT count(*) FROM reports WHERE status = 'sent'") == [(2,)]
    gone = dict(ask(home, "SELECT state, count(*) FROM items WHERE state IN ('deleted', 'absent') GROUP BY state"))
    # Replies below a comment that was deleted went with it.
    assert sum(gone.values()) == changed["items_gone"] and gone["deleted"] == 2 == gone["absent"]
    assert ask(home, "SELECT count(*) > 0 FROM revisions WHERE revision = 2")[0][0]
    clauses = {row[0] for row in ask(home, "SELECT DISTINCT clause FROM flags")}
    assert len(clauses) >= 6, f"only {clauses} were found in a month that breaks every clause"
    told = ask(home, "SELECT count(*), count(DISTINCT flag_id) FROM store.reported")[0]
    assert told[0] == told[1] == ask(home, "SELECT count(*) FROM flags")[0][0], "each flag is told once"
    texts = [str(text).encode() for (text,) in ask(home, "SELECT DISTINCT text FROM items WHERE length(text) > 30")]
    kept = [path for path in home.rglob("*") if path.is_file()]
    assert len(texts) > 100 and len(kept) > 5
    readable = [path.name for path in kept if any(text in path.read_bytes() for text in texts)]
    assert readable == [], "comments lie on the disk for everybody to read"
    keys = [path.read_bytes().strip() for path in (home / "keys").iterdir()]
    beside = [
        path.name for path in kept if path.parent != home / "keys" and any(key in path.read_bytes() for key in keys)
    ]
    assert beside == [] and not any(key.decode() in first.stdout + first.stderr for key in keys)


def test_a_source_that_cannot_be_read_is_said_and_the_others_go_on(acto: Acto, home: Path, prefect_server: str) -> None:
    """Silence must never look like success: the mail and the exit code say what was not read."""
    more = (
        PAPERS
        + f'[sources.page]\nplatform = "facebook"\npage_id = "1"\ntoken_expires = {today() + timedelta(days=6)}\n'
    )
    with short_sandbox_of_today() as sandbox, Mailbox() as mail:
        watch(home, sandbox, smtp_port=mail.port, more=more)
        done = acto("scan", PREFECT_API_URL=prefect_server, **{KEY: sandbox.key})
    assert done.returncode == 3, done.stderr
    assert "ACTO_FACEBOOK_TOKEN" in done.stdout
    assert mail.messages[0]["Subject"].startswith("INCOMPLETE: page not read")
    body = mail.messages[0].get_body(("plain",))
    assert body is not None and "ACTO_FACEBOOK_TOKEN" in body.get_content()
    words = " ".join(body.get_content().split())
    assert words.count("The Facebook token expires in 6 days") == 1 and "ENDS SOON" in words
    assert "Its words stay out of this mail" in words, (
        "what may expose a client is in it though nobody has asked for that"
    )
    outcomes = dict(ask(home, "SELECT source, outcome FROM coverage"))
    assert outcomes == {"channel": "complete", "page": "unread"}


def test_a_permission_of_a_colleague_who_has_left_does_not_stop_the_night(
    acto: Acto, home: Path, prefect_server: str
) -> None:
    """One row taken out of the roster would mean no scan and no mail, night after night; silence about it a typing slip."""
    with short_sandbox_of_today() as sandbox, Mailbox() as mail:
        watch(home, sandbox, smtp_port=mail.port)
        file = home / "acto.toml"
        with_register = file.read_text(encoding="utf-8").replace(
            "[people]", '[people]\npermissions = "permissions.csv"'
        )
        file.write_text(with_register, encoding="utf-8")
        (home / "permissions.csv").write_text("member_id,what,until\nACTO-2001,photo,\nA-1,home_address,\n")
        done = acto("scan", PREFECT_API_URL=prefect_server, **{KEY: sandbox.key})
        refused = acto("check", "--text", "Lovely webinar, thank you all.")
    assert done.returncode == 0, done.stderr
    body = mail.messages[0].get_body(("plain",))
    assert body is not None
    subject = mail.messages[0]["Subject"]
    assert "INCOMPLETE" not in subject and "problem" not in subject, "all was read: the row makes the checks flag more"
    assert "There may be more" not in body.get_content()
    assert "WHAT WENT WRONG" in body.get_content() and "ENDS SOON" not in body.get_content()
    for told in (done.stdout, body.get_content()):
        assert "permissions.csv, line 3 (member_id 'A-1'): not in the roster" in " ".join(told.split())
    assert refused.returncode == 2 and "line 3: member_id 'A-1' is not in the roster" in refused.stderr


def test_a_wrong_key_marks_nothing_gone_and_is_never_shown(acto: Acto, home: Path, prefect_server: str) -> None:
    """A refused key must not make every comment look deleted, and must not turn up in any file."""
    with short_sandbox_of_today() as sandbox:
        watch(home, sandbox)
        assert acto("scan", PREFECT_API_URL=prefect_server, **{KEY: sandbox.key}).returncode == 0
        done = acto("scan", PREFECT_API_URL=prefect_server, **{KEY: "wrong-key-canary-4711"})
    assert done.returncode == 3
    assert ask(home, "SELECT DISTINCT state FROM items") == [("present",)]
    for secret in (sandbox.key, "wrong-key-canary-4711"):
        assert secret not in done.stdout + done.stderr
        holding = [path for path in home.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]
        assert holding == []


def test_without_a_mail_server_the_report_is_left_as_files(acto: Acto, home: Path, prefect_server: str) -> None:
    """The Chair can be shown a report before anybody has set up mail."""
    with short_sandbox_of_today() as sandbox:
        watch(home, sandbox)
        done = acto("scan", "--json", PREFECT_API_URL=prefect_server, **{KEY: sandbox.key})
    files = [Path(name) for name in json.loads(done.stdout)["files"]]
    assert sorted(path.suffix for path in files) == [".eml", ".html"]
    assert all(path.parent == home / "outbox" and path.stat().st_size > 1000 for path in files)


def test_a_dry_run_keeps_nothing_and_sends_nothing(acto: Acto, home: Path, prefect_server: str) -> None:
    """Whoever tries a new configuration must not cause a mail to the Chair."""
    with short_sandbox_of_today() as sandbox, Mailbox() as mail:
        watch(home, sandbox, smtp_port=mail.port)
        done = acto("scan", "--dry-run", PREFECT_API_URL=prefect_server, **{KEY: sandbox.key})
    assert done.returncode == 0, done.stderr
    assert "nothing was kept" in done.stdout
    assert mail.messages == [] and not (home / "history.duckdb").exists()


def break_checks() -> None:
    """Run in the child before the command: the checks named in `ACTO_TEST_BROKEN` have a severity that there is not."""
    plain = catalogue.load_check

    def load(folder: Path) -> catalogue.Check:
        if os.environ["ACTO_TEST_BROKEN"] not in (folder.name, "all"):
            return plain(folder)
        broken = Path(os.environ["ACTO_HOME"]) / "broken" / folder.name
        shutil.copytree(folder, broken, dirs_exist_ok=True)
        about = (folder / "check.toml").read_text(encoding="utf-8").splitlines()
        mild = ['severity = "mild"' if line.startswith("severity = ") else line for line in about]
        (broken / "check.toml").write_text("\n".join(mild), encoding="utf-8")
        return plain(broken)

    catalogue.load_check = load


@pytest.mark.parametrize("broken", ["r1_mixed_accounts", "all"])
def test_a_check_that_cannot_be_loaded_is_named_and_the_others_judge(
    broken: str, warm: WarmProcess, home: Path, tmp_path: Path, prefect_server: str
) -> None:
    """A slip in one check's file must cost its own answer only, and is mended by whoever reads where it is."""
    output, errors = tmp_path / "out", tmp_path / "err"
    with short_sandbox_of_today() as sandbox, Mailbox() as mail:
        watch(home, sandbox, smtp_port=mail.port)
        environment = {"PREFECT_API_URL": prefect_server, KEY: sandbox.key, "ACTO_TEST_BROKEN": broken}
        prepare = "tests.flows.test_scan:break_checks"
        warm.start(["scan"], acto_environment(home, **environment), tmp_path, output, errors, prepare)
        assert warm.wait() == 3, errors.read_text(encoding="utf-8")
    body = mail.messages[0].get_body(("plain",))
    log = (home / "logs" / "acto.log").read_text(encoding="utf-8")
    assert body is not None
    for told in (output.read_text(encoding="utf-8"), body.get_content(), log):
        words = "".join(told.split())
        assert "Thecheckr1_mixed_accountscouldnotberun" in words and "r1_mixed_accounts/check.toml:severity:" in words
    assert mail.messages[0]["Subject"].startswith(f"INCOMPLETE: {'1 problem' if broken != 'all' else '10 problems'}")
    assert ask(home, "SELECT status FROM reports") == [("sent",)]
    judged = dict(ask(home, "SELECT check_id, count(*) FROM store.judged GROUP BY ALL"))
    assert len(judged) == (9 if broken != "all" else 0) and "r1_mixed_accounts" not in judged
    assert (ask(home, "SELECT count(*) FROM flags")[0][0] == 0) is (broken == "all")
    [(missed, item_id)] = ask(home, "SELECT count(*), min(item_id) FROM revisions WHERE text <> ''")
    assert f"{missed} versions of items could not be checked by it." in " ".join(body.get_content().split())
    timeline = read_timeline(home / "history.duckdb", str(item_id))
    assert timeline is not None
    unjudged = {one.check_id: one for one in timeline.unjudged}
    assert len(unjudged) == (1 if broken != "all" else 10)
    assert unjudged["r1_mixed_accounts"].clause == "R1" and unjudged["r1_mixed_accounts"].tried


def break_validators() -> None:
    """Run in the child before the command: what could hold a number, an address or a name cannot be looked into."""

    def fail(*_: object, **__: object) -> Validated:
        raise RecursionError

    Validators.validate = fail  # type: ignore[method-assign]


def test_texts_that_can_never_be_judged_keep_no_older_ones_from_being_judged_again(
    warm: WarmProcess, home: Path, tmp_path: Path, prefect_server: str
) -> None:
    """They are tried each night, and each night failed: a changed check would never have read the older history."""
    output, errors = tmp_path / "out", tmp_path / "err"
    with short_sandbox_of_today() as sandbox, Mailbox() as mail:
        watch(home, sandbox, smtp_port=mail.port)
        environment = acto_environment(home, PREFECT_API_URL=prefect_server, **{KEY: sandbox.key})
        for _ in range(2):
            with open_store(home) as store:
                store.connection().execute("UPDATE store.judged SET version = 0 WHERE version IS NOT NULL")
            warm.start(["scan"], environment, tmp_path, output, errors, "tests.flows.test_scan:break_validators")
            assert warm.wait() == 3, errors.read_text(encoding="utf-8")
    assert "could not be looked for in" in output.read_text(encoding="utf-8")
    assert ask(home, "SELECT kind, outcome FROM runs WHERE kind = 'recheck'") == [("recheck", "complete")]
    left = "version = 0 AND up_to NOT IN (SELECT up_to FROM store.judged WHERE version > 0)"
    assert ask(home, f"SELECT count(*) FROM store.judged WHERE {left}") == [(0,)]


@pytest.mark.slow
def test_a_report_that_was_not_to_be_sent_leaves_its_flags_for_the_next_one(
    acto: Acto, home: Path, prefect_server: str
) -> None:
    """A trial with --no-email must not swallow flags that the Chair has never seen."""
    with short_sandbox_of_today() as sandbox, Mailbox() as mail:
        watch(home, sandbox, smtp_port=mail.port)
        environment = {"PREFECT_API_URL": prefect_server, KEY: sandbox.key}
        assert acto("scan", "--no-email", **environment).returncode == 0
        assert mail.messages == []
        assert acto("report").returncode == 0
        assert acto("scan", **environment).returncode == 0
    assert len(mail.messages) == 1
    assert "to review" in mail.messages[0]["Subject"]


@pytest.mark.slow
def test_a_mail_server_that_is_down_makes_the_mail_wait_for_the_next_run(
    acto: Acto, home: Path, prefect_server: str
) -> None:
    """A report must not be lost because the mail server was down for a night."""
    with short_sandbox_of_today() as sandbox:
        with Mailbox() as mail:
            port = mail.port
        watch(home, sandbox, smtp_port=port)
        environment = {"PREFECT_API_URL": prefect_server, KEY: sandbox.key}
        assert acto("scan", **environment).returncode == 3
        assert ask(home, "SELECT status FROM reports") == [("waiting",)]
        with Mailbox() as mail:
            watch(home, sandbox, smtp_port=mail.port)
            assert acto("scan", **environment).returncode == 0
    assert len(mail.messages) == 2


@pytest.mark.slow
def test_a_mail_secret_that_cannot_be_read_is_said_at_once_and_costs_no_reading(
    acto: Acto, home: Path, prefect_server: str
) -> None:
    """Said only after hours of reading, nobody is there any more to mend it; and the posts of that night are still to be read."""
    with short_sandbox_of_today() as sandbox, Mailbox() as mail:
        watch(home, sandbox, smtp_port=mail.port)
        environment = {"PREFECT_API_URL": prefect_server, KEY: sandbox.key}
        done = acto("scan", ACTO_SMTP_PASSWORD_FILE=str(home / "nowhere"), **environment)
        assert (done.returncode, mail.messages) == (3, []), done.stderr
        told = "The report will have to wait. ACTO_SMTP_PASSWORD_FILE names a file that cannot be read"
        log = (home / "logs" / "acto.log").read_text(encoding="utf-8")
        for said in (" ".join(done.stderr.split()), log):
            assert 0 <= said.find(told) < said.find("Running the checks")
        assert "will be tried again. ACTO_SMTP_PASSWORD_FILE" in done.stdout
        assert ask(home, "SELECT outcome FROM coverage") == [("complete",)]
        assert ask(home, "SELECT status FROM reports") == [("waiting",)]
        assert acto("scan", **environment).returncode == 0
    assert len(mail.messages) == 2


def test_an_unknown_source_is_wrong_usage(acto: Acto, home: Path, prefect_server: str) -> None:
    with short_sandbox_of_today() as sandbox:
        watch(home, sandbox)
        done = acto("scan", "--source", "chanel", PREFECT_API_URL=prefect_server, **{KEY: sandbox.key})
    assert (done.returncode, "chanel" in done.stderr and "channel" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--since", "2026-11-02", "--until", "2026-11-01"], "--since 2026-11-02 is after --until 2026-11-01."),
        (["--since", "2126-01-01"], "--since 2126-01-01 has not come yet"),
        (["--until", "9999-12-31"], "--until 9999-12-31 has not come yet"),
    ],
)
def test_days_that_cannot_be_are_wrong_usage(arguments: list[str], said: str, acto: Acto, home: Path) -> None:
    """Swapped days would read nothing, and report that there is nothing to review."""
    (home / "acto.toml").write_text("", encoding="utf-8")
    done = acto("scan", *arguments)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


@pytest.mark.slow
def test_a_secret_that_cannot_be_read_costs_its_source_only(acto: Acto, home: Path, prefect_server: str) -> None:
    """One wrong path must not keep the Chair from the report about everything else."""
    with short_sandbox_of_today() as sandbox, Mailbox() as mail:
        watch(
            home, sandbox, smtp_port=mail.port, more=PAPERS + '[sources.page]\nplatform = "facebook"\npage_id = "1"\n'
        )
        secrets = {KEY: sandbox.key, "ACTO_FACEBOOK_TOKEN_FILE": str(home / "nowhere")}
        done = acto("scan", PREFECT_API_URL=prefect_server, **secrets)
    assert done.returncode == 3, done.stderr
    assert dict(ask(home, "SELECT source, outcome FROM coverage")) == {"channel": "complete", "page": "unread"}
    assert ask(home, "SELECT reason FROM coverage WHERE source = 'page'")[0][0].startswith("ACTO_FACEBOOK_TOKEN_FILE")
    assert len(mail.messages) == 1


@pytest.mark.slow
def test_what_was_not_asked_for_is_not_said_to_be_unread(acto: Acto, home: Path, prefect_server: str) -> None:
    """A scan of one source would come as "INCOMPLETE" for the secret of another."""
    with short_sandbox_of_today() as sandbox:
        watch(home, sandbox, more=PAPERS + '[sources.page]\nplatform = "facebook"\npage_id = "1"\n')
        secrets = {KEY: sandbox.key, "ACTO_FACEBOOK_TOKEN_FILE": str(home / "nowhere")}
        done = acto("scan", "--source", "channel", "--no-email", PREFECT_API_URL=prefect_server, **secrets)
    assert done.returncode == 0, done.stderr
    assert dict(ask(home, "SELECT source, outcome FROM coverage")) == {"channel": "complete", "page": "skipped"}


@pytest.mark.slow
def test_a_dry_run_leaves_nothing_behind_wherever_the_roster_lies(
    acto: Acto, home: Path, prefect_server: str, tmp_path: Path
) -> None:
    """The members' names must not end up in a public folder of the machine."""
    with short_sandbox_of_today() as sandbox:
        watch(home, sandbox)
        (home / "roster.csv").rename(home.parent / "members.csv")
        config = (home / "acto.toml").read_text(encoding="utf-8")
        (home / "acto.toml").write_text(config.replace('"roster.csv"', '"../members.csv"'), encoding="utf-8")
        before = sorted(tmp_path.rglob("*.csv"))
        temporary = tmp_path / "temporary"
        temporary.mkdir()
        done = acto("scan", "--dry-run", PREFECT_API_URL=prefect_server, TMPDIR=str(temporary), **{KEY: sandbox.key})
    assert done.returncode == 0, done.stderr
    assert " new flag" in done.stdout
    assert sorted(tmp_path.rglob("*.csv")) == before and list(temporary.iterdir()) == []


def test_prefect_and_the_log_count_what_has_come_back(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a night without one new flag, both would be taken for an all-clear that the report is not."""
    from flows import scan

    result = ScanResult("run", "complete", [], 0, Delivered(), told=Counted(1, 0, 1, 2))
    monkeypatch.setattr(scan, "run_scan", lambda *_given, **_more: result)
    monkeypatch.setattr(scan, "show_in_prefect", lambda *_given: None)
    said = "0 new flags. The report: 1 post to review; 1 earlier post is open again; 2 earlier posts still to decide."
    assert scan.scan.fn(home=home, email=False).message == f"complete: {said}"
    assert f"The scan is complete: {said}" in (home / "logs" / "acto.log").read_text(encoding="utf-8")
