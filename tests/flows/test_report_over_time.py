"""What the Chair reads on later nights: nothing told twice, nothing dropped, and what has become of things."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flows.mail import SmtpSettings
from flows.outbox import deliver
from tests.flows.mail_servers import Postbox, mail_server
from tests.flows.night import BEFORE, NOW, RUN, Night


def test_a_flag_is_told_once_then_counted_as_still_open(night: Night) -> None:
    night.flag(night.item("one", "add me please", at=BEFORE), "add me", at=BEFORE)
    night.freeze(run_id="20261112T040000Z-aaaa", now=BEFORE)
    night.read()
    report = night.compose()
    assert report.flag_ids == []
    assert "1 post from earlier waits for a decision; it was flagged on 12 Nov 2026 (9\n  days)." in report.plain
    assert report.subject == "Nothing new, 1 post still to decide - 21 Nov"
    assert "Nothing new, but 1 earlier post waits for you." in report.plain


def test_a_report_that_reached_nobody_leaves_its_flags_for_the_next(night: Night) -> None:
    """A scan without e-mail must not swallow what it found."""
    flag = night.flag(night.item("one", "add me please"), "add me")
    night.freeze(run_id="20261120T040000Z-aaaa", recipients=[], now=NOW - timedelta(hours=1))
    night.store.connection().execute("DELETE FROM store.reported")
    assert night.compose().flag_ids == [flag]


def test_flags_of_a_report_that_the_mail_server_refused_are_told_by_the_next(night: Night) -> None:
    """Refused for good, as by a server that wants a log-in: the next report must not say that there is nothing."""
    flag = night.flag(night.item("one", "add me please", at=BEFORE), "add me", at=BEFORE)
    night.freeze(run_id="20261112T040000Z-aaaa", now=BEFORE)
    night.store.connection().execute(
        "INSERT INTO store.delivery SELECT report_id, recipient, 'failed', '', now() FROM store.message"
    )
    assert night.compose().flag_ids == [flag]


def test_changes_that_only_a_refused_report_told_are_told_by_the_next(night: Night) -> None:
    """What was deleted on the day of a report that no server took would never be told."""
    night.item("one", "hello", at=BEFORE - timedelta(days=2))
    night.freeze(run_id="20261111T040000Z-aaaa", now=BEFORE - timedelta(days=1))
    that_day = {"run_id": RUN, "recorded_at": BEFORE - timedelta(hours=1)}
    night.insert("state", item_key=1, state="deleted", reason="removed", **that_day)
    night.insert("removed", what="item", item_key=1, rule="unflagged", **that_day)
    night.freeze(run_id="20261112T040000Z-aaaa", now=BEFORE)
    told = "1 post that is not under review has been deleted."
    assert told not in night.compose().plain and "REMOVED FROM OUR RECORDS" not in night.compose().plain
    night.insert(
        "delivery", report_id="report-20261112T040000Z-aaaa", recipient="chair@acto.example", state="failed", note="",
        recorded_at=BEFORE,
    )  # fmt: skip
    later = night.freeze().plain
    assert told in later and "REMOVED FROM OUR RECORDS" in later
    assert told in night.compose(run_id="20261112T040000Z-aaaa", now=BEFORE).plain, "its own window stays as it was"


def test_composing_an_old_report_again_tells_the_same_flags(night: Night) -> None:
    first = night.flag(night.item("one", "add me please", at=BEFORE), "add me", at=BEFORE)
    night.freeze(run_id="20261112T040000Z-aaaa", now=BEFORE)
    night.flag(night.item("two", "add me too"), "add me")
    night.freeze()
    assert night.compose(run_id="20261112T040000Z-aaaa").flag_ids == [first]


def test_a_flag_on_changed_text_says_so(night: Night) -> None:
    item = night.item("one", "add me please", at=BEFORE)
    night.flag(item, "add me", at=BEFORE)
    night.freeze(run_id="20261112T040000Z-aaaa", now=BEFORE)
    night.edit(item, "add me pretty please")
    night.flag(item, "add me", revision=2)
    night.read()
    assert "First flagged on 12 Nov 2026; its text has changed since." in night.compose().plain


def test_a_deleted_item_and_an_expired_text_are_said(night: Night) -> None:
    """The Chair would look for the post in vain."""
    item = night.item("one", "add me please")
    night.flag(item, "add me")
    night.insert("state", item_key=1, state="deleted", reason="removed", run_id=RUN, recorded_at=NOW)
    night.store.connection().execute("UPDATE store.revision SET text = NULL")
    night.read()
    report = night.compose()
    assert "No longer on YouTube." in report.plain and "No longer on YouTube." in report.html
    assert "The text is no longer kept." in report.plain


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("hidden", "Hidden on YouTube, not deleted."),
        ("access lost", "We can no longer see it on YouTube."),
        ("account gone", "No longer on YouTube."),
    ],
)
def test_what_is_hidden_or_out_of_our_sight_is_not_said_to_be_gone(night: Night, why: str, said: str) -> None:
    """Nobody would look after a threat that others still read."""
    night.flag(night.item("one", "add me please"), "add me", "S1", "urgent")
    night.insert("state", item_key=1, state="deleted", reason=why, run_id=RUN, recorded_at=NOW)
    night.read()
    report = night.compose()
    for text in (report.plain, report.html):
        assert said in text
        assert said.startswith("No longer") or "No longer on" not in text


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("hidden", "is hidden, not deleted"),
        ("access lost", "can no longer be seen by us"),
        ("removed", "has been deleted"),
    ],
)
def test_what_was_hidden_since_the_last_report_is_not_said_to_be_deleted(night: Night, why: str, said: str) -> None:
    night.flag(night.item("one", "add me please", at=BEFORE), "add me", "S1", "urgent", at=BEFORE)
    night.freeze(run_id="20261112T040000Z-aaaa", now=BEFORE)
    night.insert("state", item_key=1, state="deleted", reason=why, run_id=RUN, recorded_at=NOW)
    night.read()
    assert f"1 post under review {said}:" in night.compose().plain


def test_an_item_that_came_back_is_said(night: Night) -> None:
    night.item("one", "hello", at=BEFORE)
    for hours, state in ((3, "absent"), (1, "present")):
        at = NOW - timedelta(hours=hours)
        night.insert("state", item_key=1, state=state, reason="", run_id=RUN, recorded_at=at)
    night.read()
    assert "1 post that is not under review is there again." in night.compose().plain


def test_what_could_not_be_read_for_a_night_has_not_come_back(night: Night) -> None:
    """After a night that broke off half the channel would be called back."""
    night.item("one", "hello", at=BEFORE)
    for hours, state in ((3, "unknown"), (1, "present")):
        at = NOW - timedelta(hours=hours)
        night.insert("state", item_key=1, state=state, reason="", run_id=RUN, recorded_at=at)
    night.read()
    assert "there again" not in night.compose().plain


def test_earlier_reports_that_did_not_arrive_are_said(night: Night) -> None:
    """A broken mail server would go unnoticed by the only person who can tell."""
    night.read()
    night.freeze(run_id="20261112T040000Z-aaaa", now=BEFORE)
    assert "The report of 12 Nov 2026 is still waiting to be sent." in night.compose().plain


def test_a_report_that_one_address_refused_says_whom_it_reached(night: Night) -> None:
    """Told for two weeks that it "could not be sent", the Chair who has it looks for what is wrong with her own mail."""
    run = "20261120T040000Z-bbbb"
    night.freeze(
        run_id=run,
        now=NOW - timedelta(days=1),
        recipients=["chair@acto.example", "deputy@acto.example", "lead@acto.example"],
    )
    for recipient, state, note in (("chair", "sent", "250 ok"), ("deputy", "failed", "550 no such user")):
        night.insert(
            "delivery", report_id=f"report-{run}", recipient=f"{recipient}@acto.example", state=state, note=note,
            recorded_at=NOW - timedelta(hours=23),
        )  # fmt: skip
    night.read()
    report = night.compose()
    said = (
        "The report of 20 Nov 2026 did not reach deputy@acto.example, and is not tried again there. 550 no such user "
        "It is still waiting to be sent to lead@acto.example. It reached chair@acto.example."
    )
    assert said in " ".join(report.plain.split()) and said in report.html
    assert "could not be sent" not in report.plain and f"--run {run} --open" in report.plain


def test_a_report_that_was_refused_only_after_it_had_waited_is_said(night: Night) -> None:
    """The report after it said that it waits; that it never came, what was in it and where it lies, nobody would learn."""
    yesterday = NOW - timedelta(days=1)
    night.freeze(run_id="20261101T040000Z-aaaa", now=NOW - timedelta(days=20))
    assert (
        "The report of 1 Nov 2026 is still waiting" in night.freeze(run_id="20261120T040000Z-bbbb", now=yesterday).plain
    )
    night.insert(
        "delivery", report_id="report-20261120T040000Z-bbbb", recipient="chair@acto.example", state="sent", note="",
        recorded_at=yesterday,
    )  # fmt: skip
    postbox = Postbox()
    postbox.recipient_answer = "550 no such user"
    with mail_server(postbox) as port:
        deliver(night.store, SmtpSettings("127.0.0.1", port, "none"), night.store.home, yesterday)
    night.read()
    report = night.compose()
    for said in (
        "The report of 1 Nov 2026 could not be sent",
        "550 no such user",
        "--run 20261101T040000Z-aaaa --open",
    ):
        assert said in " ".join(report.plain.split()) and said in report.html
    assert "20261120T040000Z-bbbb" not in report.plain
    in_three_weeks = night.compose(run_id="20261213T040000Z-cccc", now=NOW + timedelta(days=22))
    assert "1 Nov 2026 could not be sent" not in in_three_weeks.plain, "it is said for two weeks"


def test_scans_that_made_no_report_are_said_by_the_next(night: Night) -> None:
    """Of a night whose report failed no mail comes, and the Chair would believe that nothing was to be done."""
    night.item("one", "hello", at=BEFORE)
    failed = "The report could not be composed."
    ended = [
        ("before", "scan", 9, "failed", failed),
        ("reported", "scan", 8, "complete", ""),
        ("composed", "scan", 4, "failed", failed),
        ("import", "import", 3, "failed", failed),
        ("whole", "scan", 3, "complete", ""),
        ("stopped", "scan", 1, "failed", "It stopped."),
        (RUN, "scan", 0, "complete", ""),
    ]
    for run_id, kind, days, outcome, note in ended:
        at = NOW - timedelta(days=days, minutes=30)
        night.insert("run_started", run_id=run_id, kind=kind, started_at=at)
        if run_id == "reported":
            night.freeze(run_id=run_id, now=at)
        if run_id == "whole":
            night.freeze(run_id=run_id, now=at, recipients=[])
        night.insert("run_ended", run_id=run_id, ended_at=at, outcome=outcome, note=note)
    night.read()
    report = night.compose()
    said = (
        "The scan of 17 Nov 2026 at 04:00 made no report. The report could not be composed.",
        "The scan of 20 Nov 2026 at 04:00 made no report. It stopped. What was found in the meantime, and is still to be "
        "decided, is in this one.",
        "The last scan of all sources that did not fail was 3 days ago.",
    )
    plain = " ".join(report.plain.split())
    assert "WHAT WENT WRONG - The scan of 17 Nov" in plain and plain.count("made no report") == 2
    for sentence in said:
        assert sentence in plain and sentence in report.html
    assert report.subject == "Nothing to review - 21 Nov", "this night was read in full"
    for number in range(5):
        night.insert("run_started", run_id=f"more{number}", kind="scan", started_at=NOW + timedelta(minutes=number))
        night.insert("run_ended", run_id=f"more{number}", ended_at=NOW, outcome="failed", note=failed)
    night.insert("run_started", run_id="later", kind="scan", started_at=NOW + timedelta(hours=1))
    plain = " ".join(night.compose(run_id="later", now=NOW + timedelta(hours=1)).plain.split())
    assert "4 earlier scans made none either, the first on 17 Nov 2026." in plain
    assert plain.count("made no report") == 3
    assert report.plain == night.compose().plain, "what came later is told by later reports"
