"""What becomes of a report after it was frozen: nothing lost, no silent double, also when the power goes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from flows.mail import SmtpSettings
from flows.outbox import deliver
from tests.flows.mail_servers import Postbox, breaking_off, mail_server, odd_server
from tests.flows.night import NOW, Night
from warehouse.store import Store, open_store

LATER = NOW + timedelta(days=1)
# Each place where a process may die on the way of one message, in order. Only after the final dot does the server
# decide, so only there may a repeat be needed, and it says so.
KILL_POINTS = [
    "before sending", "after sending", "after MAIL", "after RCPT", "after DATA", "amid the body", "before dot",
    "after dot", "after the final dot", "after the reply", "after sent",
]  # fmt: skip
MAY_REPEAT = {"after the final dot", "after the reply"}

CHILD = """
import os, smtplib, socket, sys
from datetime import datetime
from pathlib import Path
import flows.outbox
from flows.mail import SmtpSettings
from tests.flows.night import NOW
from warehouse.store import open_store
home, port, point = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
def die(here):
    if here == point:
        os.kill(os.getpid(), 9)
def dying(name, function):
    def call(*arguments):
        result = function(*arguments)
        die(f"after {name}")
        return result
    return call
record = flows.outbox.record_delivery
def recording(store, report, recipient, state, *rest):
    die(f"before {state}")
    record(store, report, recipient, state, *rest)
    die(f"after {state}")
flows.outbox.record_delivery = recording
smtplib.SMTP.mail = dying("MAIL", smtplib.SMTP.mail)
smtplib.SMTP.rcpt = dying("RCPT", smtplib.SMTP.rcpt)
smtplib.SMTP.docmd = dying("DATA", smtplib.SMTP.docmd)
class Line(socket.socket):
    def sendall(self, data):
        if len(data) > 1000 and point == "amid the body":
            super().sendall(data[:500])
            die(point)
        super().sendall(data)
        if data == b".\\r\\n":
            die("after the final dot")
            self.dot = True
flows.mail.socket.socket = Line
reply = smtplib.SMTP.getreply
def replying(self):
    answer = reply(self)
    if getattr(self.sock, "dot", False):
        die("after the reply")
    return answer
smtplib.SMTP.getreply = replying
with open_store(home) as store:
    flows.outbox.deliver(store, SmtpSettings("127.0.0.1", port, "none"), home, NOW)
"""


def here(port: int) -> SmtpSettings:
    """A mail server on this machine."""
    return SmtpSettings("127.0.0.1", port, "none", patience=5, deadline=10)


def status(store: Store) -> list[str]:
    """What the public view says of each report."""
    return [row[0] for row in store.connection().execute("SELECT status FROM reports ORDER BY composed_at").fetchall()]


def message_ids(messages: list[bytes]) -> list[str]:
    """The Message-ID of each message."""
    return [str(message_from_bytes(message, policy=policy.default)["Message-ID"]) for message in messages]


def test_every_recipient_gets_one_message_and_a_second_delivery_sends_nothing(store: Store, night: Night) -> None:
    postbox = Postbox()
    night.read()
    report = night.freeze(recipients=["chair@acto.example", "deputy@acto.example"])
    with mail_server(postbox) as port:
        first = deliver(store, here(port), store.home, NOW)
        second = deliver(store, here(port), store.home, LATER)
    assert (first.sent, first.waiting, first.failed, first.problems) == (2, 0, 0, [])
    assert (second.sent, second.files) == (0, [])
    assert [message.rstrip() for message in postbox.messages] == [message.body.rstrip() for message in report.messages]
    assert status(store) == ["sent"]


def test_without_a_mail_server_the_report_lies_in_the_outbox_as_files(store: Store, night: Night) -> None:
    night.read()
    report = night.freeze(recipients=["chair@acto.example", "deputy@acto.example"])
    delivered = deliver(store, None, store.home, NOW)
    again = deliver(store, None, store.home, LATER)
    names = [f"{report.report_id}.eml", f"{report.report_id}.html", f"{report.report_id}-2.eml"]
    assert sorted(path.name for path in (store.home / "outbox").iterdir()) == sorted(names)
    assert [path.name for path in delivered.files] == names
    assert (delivered.sent, delivered.waiting, again.sent, again.files) == (2, 0, 0, [])
    assert delivered.files[0].read_bytes() == report.messages[0].body
    assert delivered.files[1].read_text(encoding="utf-8").strip() == report.html.strip()
    assert {path.stat().st_mode & 0o777 for path in delivered.files} == {0o600}
    assert status(store) == ["sent"]


def test_writing_again_after_a_crash_makes_no_second_file(store: Store, night: Night) -> None:
    """A file was written and the process died before it was recorded."""
    night.read()
    report = night.freeze()
    folder = store.home / "outbox"
    folder.mkdir()
    (folder / f"{report.report_id}.eml").write_bytes(report.messages[0].body)
    (folder / f".{report.report_id}.html.tmp").write_text("half a pa")
    deliver(store, None, store.home, NOW)
    assert len(list(folder.iterdir())) == 2


def test_a_busy_mailbox_waits_and_is_served_the_next_night(store: Store, night: Night) -> None:
    postbox = Postbox()
    postbox.recipient_answer = "450 mailbox busy"
    night.read()
    night.freeze()
    with mail_server(postbox) as port:
        busy = deliver(store, here(port), store.home, NOW)
        assert status(store) == ["waiting"]
        postbox.recipient_answer = "250 OK"
        served = deliver(store, here(port), store.home, LATER)
    assert (busy.sent, busy.waiting, served.sent, served.waiting) == (0, 1, 1, 0)
    assert "450 mailbox busy" in busy.problems[0]
    assert b"X-ACTO-Possible-Repeat" not in postbox.messages[0]


def test_a_refused_message_has_failed_and_says_why(store: Store, night: Night) -> None:
    """Otherwise the Chair waits for mails that never come."""
    postbox = Postbox()
    postbox.recipient_answer = "550 no such user"
    night.read()
    night.freeze()
    with mail_server(postbox) as port:
        refused = deliver(store, here(port), store.home, NOW)
    assert (refused.sent, refused.waiting, refused.failed) == (0, 0, 1)
    assert "chair@acto.example" in refused.problems[0] and "550 no such user" in refused.problems[0]
    assert status(store) == ["failed"]


def test_a_server_that_is_down_is_tried_once_for_all_that_waits(store: Store, night: Night) -> None:
    """Ten waiting reports must not cost ten minutes."""
    night.read()
    night.freeze(recipients=[f"person{number}@acto.example" for number in range(10)])
    with odd_server(breaking_off("greeting")) as port:
        down = deliver(store, here(port), store.home, NOW)
    assert (down.sent, down.waiting, len(down.problems)) == (0, 10, 1)
    assert status(store) == ["waiting"]


def test_what_may_have_arrived_is_repeated_with_a_mark_and_the_same_message_id(store: Store, night: Night) -> None:
    """Without the repeat a report is lost; without the mark it looks like a second one."""
    postbox = Postbox()
    night.read()
    report = night.freeze()
    with odd_server(breaking_off("dot")) as port:
        broken = deliver(store, here(port), store.home, NOW)
    with odd_server(breaking_off("greeting")) as port:
        deliver(store, here(port), store.home, NOW + timedelta(hours=1))
    with mail_server(postbox) as port:
        repeated = deliver(store, here(port), store.home, LATER)
    assert (broken.sent, broken.waiting, repeated.sent) == (0, 1, 1)
    assert postbox.messages[0].startswith(b"X-ACTO-Possible-Repeat: yes\r\n")
    assert postbox.messages[0].split(b"\r\n", 1)[1].rstrip() == report.messages[0].body.rstrip()


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a report that waits to be sent, only to be copied."""
    folder = tmp_path_factory.mktemp("frozen") / "home"
    with open_store(folder) as store:
        night = Night(store)
        night.read()
        night.freeze()
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("point", KILL_POINTS)
def test_a_kill_loses_no_report_and_doubles_none_without_saying_so(point: str, frozen: Path, tmp_path: Path) -> None:
    postbox = Postbox()
    home = shutil.copytree(frozen, tmp_path / "home")
    root = Path(__file__).parents[2]
    with mail_server(postbox) as port:
        killed = subprocess.run(
            [sys.executable, "-c", CHILD, str(home), str(port), point],
            cwd=root,
            env=os.environ,
            check=False,
            timeout=60,
        )
        assert killed.returncode == -9, "the point was never reached"
        with open_store(home) as store:
            deliver(store, here(port), home, LATER)
            assert status(store) == ["sent"]
    assert len(set(message_ids(postbox.messages))) == 1
    assert len(postbox.messages) <= (2 if point in MAY_REPEAT else 1)
    repeats = [bool(re.match(rb"X-ACTO-Possible-Repeat", message)) for message in postbox.messages]
    assert repeats in ([False], [True], [False, True])
