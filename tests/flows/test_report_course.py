"""What has become of earlier flags, as the Chair reads it: found at once, with the way to decide, and nothing twice."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from itertools import takewhile

import pytest

from flows import report_words
from flows.joining import result_of_another
from flows.report_course import read_course
from flows.report_facts import count_told, read_facts
from flows.review_links import ReviewLinks
from flows.scanning import show
from tests.flows.everything import compose_everything, everything
from tests.flows.night import BEFORE, NOW, RUN, Night
from warehouse.audit import answer_audit
from warehouse.flags import decide
from warehouse.lease import Holder
from warehouse.outbox import FrozenReport
from warehouse.runs import end_run, start_run

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def part(report: FrozenReport, heading: str) -> str:
    """A part of the plain text, on one line; empty where it is not there."""
    lines = report.plain.partition(f"\n{heading}\n")[2].splitlines()
    return " ".join(" ".join(takewhile(lambda line: line == "" or not line.isupper(), lines)).split())


def test_what_has_changed_is_told_with_the_way_to_decide(night: Night) -> None:
    """Edited away, deleted after we asked, restored, open again: each changes what the Chair does next."""
    everything(night)
    report = compose_everything(night)
    said = part(report, "CHANGED SINCE THE LAST REPORT")
    told = [
        ("1 post is open again:", "f00003"),
        ("1 post under review was edited, and the flagged words are no longer in it:", "f00004"),
        ("1 post under review has been deleted:", "f00005"),
        ("1 post under review is there again:", "f00006"),
    ]
    for words, flag in told:
        assert words in said and ReviewLinks().to_flag(flag) in said.partition(words)[2].partition(" - 1 post")[0]
        assert words in report.html and f'href="{ReviewLinks().to_flag(flag)}"' in report.html
    assert "(its removal had been asked for)" in said
    assert "1 post that is not under review was edited." in said, "unflagged posts are counted, not listed"
    assert "plain" not in report.html + report.plain


def test_words_that_are_still_there_are_not_edited_away_and_closed_flags_are_not_under_review(night: Night) -> None:
    """Otherwise the Chair closes what is still posted, or looks at what was settled long ago."""
    stays, closed, away = (night.item(name, "add me please", at=BEFORE) for name in ("stays", "closed", "away"))
    for item in (stays, closed, away):
        night.flag(item, "add me", at=BEFORE)
    night.flag(stays, "please", at=BEFORE)
    night.insert(
        "decision", flag_id="f00002", decision="resolved", reason="", decided_by="chair", decided_at=BEFORE,
        expires_at=None,
    )  # fmt: skip
    night.freeze(run_id="20261112T040000Z-aaaa", now=BEFORE)
    for item, text in ((stays, "add me"), (closed, "gone"), (away, "gone")):
        night.edit(item, text)
    said = part(night.compose(), "CHANGED SINCE THE LAST REPORT")
    assert "1 post under review was edited, and the flagged words are no longer in it: - YouTube" in said
    assert ReviewLinks().to_flag("f00003") in said
    assert "2 posts were edited, 1 of them under review:" in said and ReviewLinks().to_flag("f00001") in said


def open_again(night: Night) -> tuple[str, str]:
    """An item and its flag, which the last report told and whose dismissal has come to its end since."""
    item = night.item("one", "add me please", at=BEFORE)
    flag = night.flag(item, "add me", at=BEFORE)
    night.freeze(run_id="20261112T040000Z-aaaa", now=BEFORE)
    night.insert(
        "decision", flag_id=flag, decision="reopened", reason="", decided_by="ACTO monitor",
        decided_at=NOW - timedelta(hours=1), expires_at=None,
    )  # fmt: skip
    return item, flag


def test_a_dismissal_whose_time_is_over_is_told_once(night: Night) -> None:
    """What was put off until a day must come back on that day, and not every night after it."""
    _, flag = open_again(night)
    night.read()
    report = night.freeze(run_id=RUN)
    assert f"- 1 post is open again: - YouTube comment, 12 Nov 2026 {ReviewLinks().to_flag(flag)}" in part(
        report, "CHANGED SINCE THE LAST REPORT"
    )
    assert report.subject == "Nothing new, 1 post still to decide - 21 Nov"
    later = night.compose(run_id="20261122T040000Z-bbbb", now=NOW + timedelta(days=1))
    assert "open again" not in later.plain and "dismissed for a time that is over" in part(later, "STILL OPEN")


def test_a_post_that_is_told_for_its_new_words_is_not_told_again_for_the_old_ones(night: Night) -> None:
    """One post that stands in three places of a mail is three posts to whoever reads it."""
    item, _ = open_again(night)
    night.edit(item, "add me tonight")
    night.flag(item, "add me", revision=2)
    night.read()
    report = night.freeze()
    assert report.subject == "1 post to review - 21 Nov"
    assert "open again" not in report.plain and part(report, "STILL OPEN") == ""
    told = count_told(night.store.connection(), RUN, NOW)
    assert told is not None and (told.to_review, told.open_again, told.undecided) == (1, 0, 0)


def test_the_terminal_counts_what_has_come_back_as_the_report_does(
    night: Night, capsys: pytest.CaptureFixture[str]
) -> None:
    """After a night without one new flag, its last line would be taken for an all-clear that the report is not."""

    def shown() -> str:
        holder = Holder("nightly scan", job="all", run_id=RUN, pid=1, started="1")
        result = result_of_another(night.store, [holder], ["all"], night.store.home)
        assert result is not None and result.as_record(kept=True)["told"] == (result.told and asdict(result.told))
        show(result, night.store.home, kept=True, email=True)
        return " ".join(capsys.readouterr().out.split())

    told = [night.flag(night.item(name, "add me please", at=BEFORE), "add me", at=BEFORE) for name in ("one", "two")]
    night.freeze(run_id="20261112T040000Z-aaaa", now=BEFORE)
    never_told = night.flag(night.item("three", "I have the tablets", at=BEFORE), "tablets", "S1", "urgent", at=BEFORE)
    night.store.connection().execute("UPDATE store.flag SET run_id = 'an earlier one'")
    end_run(night.store, RUN, "complete", "", NOW)
    assert "0 new flags." in shown() and "The report" not in shown()
    for flag in (told[0], never_told):
        for found in (False, True):
            night.insert(
                "flag_standing", flag_id=flag, found=found, check_version=1, run_id=RUN,
                recorded_at=NOW - timedelta(hours=1),
            )  # fmt: skip
    night.read()
    report = night.freeze(run_id=RUN)
    assert report.subject == "1 post to review, 1 urgent - 21 Nov"
    assert "- 1 post is open again:" in part(report, "CHANGED SINCE THE LAST REPORT")
    assert (
        "0 new flags. The report: 1 post to review, 1 urgent; 1 earlier post is open again; 2 earlier posts still to decide."
        in shown()
    )


@pytest.mark.parametrize("sent", [True, False])
def test_a_joined_scan_counts_nothing_that_came_after_the_report(night: Night, sent: bool) -> None:
    """What older posts were judged to be after the report is in the next one; here it would be said to be in this one."""

    def counted() -> str:
        told = count_told(night.store.connection(), run_id, datetime.now(UTC))
        assert told is not None
        return report_words.counted(told)

    def flag(name: str, at: datetime, run: str, severity: str = "high") -> str:
        flag_id = night.flag(night.item(name, "add me please", at=at), "add me", severity=severity, at=at)
        night.store.connection().execute("UPDATE store.flag SET run_id = ? WHERE flag_id = ?", [run, flag_id])
        return flag_id

    earlier = start_run(night.store, "scan", BEFORE)
    flag("earlier", BEFORE, earlier)
    night.freeze(run_id=earlier, now=BEFORE)
    run_id = start_run(night.store, "scan", NOW)
    nothing_new = replace(night.compose(run_id=run_id), flag_ids=[], quoted=[])
    if not sent:
        one, other = (flag(name, NOW, run_id) for name in ("one", "other"))
        nothing_new = replace(night.compose(run_id=run_id), flag_ids=[], messages=[])
    end_run(night.store, run_id, "complete", "", NOW, report=nothing_new)
    said = "The report: 0 posts to review; 1 earlier post still to decide."
    assert counted() == (said if sent else said.replace("0 posts", "2 posts"))
    later = start_run(night.store, "recheck", NOW)
    back = flag("later", NOW, later, "urgent")
    for found in (False, True):
        night.insert("flag_standing", flag_id=back, found=found, check_version=1, run_id=later, recorded_at=NOW + HOUR)
    if not sent:
        night.store.connection().execute(
            "INSERT INTO store.flag SELECT * REPLACE ('f9' AS flag_id, 'urgent' AS severity, $1 AS run_id) FROM store.flag "
            "WHERE flag_id = $2",
            [later, one],
        )
        decide(night.store, other, "resolved", "Done", "Chair", NOW + HOUR, None)
        night.insert("flag_standing", flag_id=one, found=False, check_version=2, run_id=later, recorded_at=NOW + HOUR)
    assert counted() == (said if sent else said.replace("0 posts", "2 posts"))
    night.freeze(run_id=start_run(night.store, "scan", NOW), now=NOW + 2 * HOUR)
    assert counted() == (said if sent else said.replace("0 posts", "2 posts"))


def test_texts_for_the_audit_are_offered_without_a_word_of_them(night: Night) -> None:
    """They were not flagged: nothing of what their writers said belongs into a mail."""
    everything(night)
    report = compose_everything(night, level="full", level_by_clause={})
    said = part(report, "WHAT DO WE MISS?")
    assert said.startswith("7 posts that we did not flag wait for you to look at") and said.count("/audit?item=") == 5
    assert f'href="{ReviewLinks().to_audit("youtube:fine0")}"' in report.html
    assert "Lovely talk" not in report.plain + report.html


def test_what_the_audit_says_is_told_month_by_month(night: Night) -> None:
    """The one number that says whether a quiet report can be trusted must come to whom reads nothing but the mail."""
    assert "WHAT DO WE MISS?" not in night.compose().plain, "nothing was drawn"
    for month, missed in ((10, 0), (11, 2)):
        at = datetime(2026, month, 20, 4, tzinfo=UTC)
        flags = [
            night.flag(night.item(f"found{month}-{number}", "add me", at=at), "add me", at=at) for number in range(10)
        ]
        fine = [night.item(f"fine{month}-{number}", "Lovely talk", at=at) for number in range(10)]
        night.store.connection().execute("UPDATE store.revision SET run_id = $1::VARCHAR WHERE seen_at = $1", [at])
        for number in range(10):
            night.draw(fine[number])
            decide(night.store, flags[number], "resolved", "Done", "Chair", at, None)
            answer_audit(night.store, fine[number], ["O3"] if number < missed else [], "Chair", at)
    report = night.compose()
    assert part(report, "WHAT DO WE MISS?") == (
        "20 texts looked at, 2 should have been flagged. By that the checks find about 91 % (likely 77 to 97 %) of what you "
        "want flagged. - Texts of Oct 2026: about 100 % (likely 78 to 100 %) - Texts of Nov 2026: about 83 % (likely 66 to 95 %)"
    )
    assert "Texts of Nov 2026: about 83 % (likely 66 to 95 %)" in report.html


def test_flags_are_counted_by_londons_weeks(night: Night) -> None:
    """A flag of Sunday night at half past eleven UTC belongs, in summer, to Monday's week in London."""
    until = datetime(2026, 7, 8, 4, tzinfo=UTC)
    for name, at in (
        ("sunday", datetime(2026, 7, 5, 22, 30, tzinfo=UTC)),
        ("monday", datetime(2026, 7, 5, 23, 30, tzinfo=UTC)),
        ("first", datetime(2026, 5, 31, 23, 30, tzinfo=UTC)),
        ("too old", datetime(2026, 5, 31, 22, 30, tzinfo=UTC)),
    ):
        night.flag(night.item(name, "add me", at=at), "add me", at=at)
    old = datetime(2026, 2, 1, tzinfo=UTC)
    night.flag(night.item("other", "add me", at=old), "add me", "O2", at=old)
    night.insert("run_started", run_id="first", kind="import", started_at=old)
    [weeks] = read_course(night.store.connection(), RUN, EPOCH, until, []).weeks
    assert (weeks.clause, weeks.flags) == ("O1", [1, 0, 0, 0, 1, 1])
    night.store.connection().execute("UPDATE store.run_started SET started_at = '2026-06-21 22:30:00+00'")
    [begun] = read_course(night.store.connection(), RUN, EPOCH, until, []).weeks
    assert begun.flags == [0, 0, 1, 1], "nobody looked before, which is not the same as finding nothing"
    assert [f"{week:%d.%m.}" for week in weeks.weeks] == ["01.06.", "08.06.", "15.06.", "22.06.", "29.06.", "06.07."]


def test_who_wrote_a_flagged_post_is_told_as_the_history_tells_it(night: Night) -> None:
    """The report looks people up by itself, for speed: it must not call a member a stranger, or a stranger ACTO."""
    night.insert("run_started", run_id="imported", kind="import", started_at=BEFORE)
    for handle, role, imports_only in (
        ("Rosie", "member", False),
        ("quiet", "member", True),
        ("ACTO (owner)", "official", False),
    ):
        night.insert(
            "handle", platform="youtube", handle=handle, role=role, member_id=None, imports_only=imports_only
        )  # fmt: skip
    for number, more in enumerate((
        {"author_handle": "@ROSIE"}, {"author_handle": "@quiet"}, {"author_handle": "@nobody"}, {"author_handle": None},
        {"author_handle": None, "author_name": "ACTO (owner)", "kind": "review_reply"},
        {"author_handle": None, "author_name": "ACTO (owner)", "kind": "comment"},
        {"author_handle": None, "author_name": "Rosie", "kind": "review_reply"},
    )):  # fmt: skip
        night.flag(night.item(f"a{number}", "add me please", **more), "add me")
    imported = night.item("imported", "add me please", author_handle="quiet")
    night.flag(imported, "add me")
    connection = night.store.connection()
    connection.execute("UPDATE store.item SET run_id = 'imported' WHERE item_id = ?", [imported])
    told = {item.item_id: item.author_role for item in read_facts(connection, RUN, NOW).items}
    known = dict(connection.execute("SELECT item_id, author_role FROM items").fetchall())
    assert told == known
    assert sorted(known.values()) == ["member"] * 2 + ["official"] + ["public"] * 5
