"""What the Chair does on the page, as a browser without JavaScript does it: decide, take back, note, tell, answer."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, time, timedelta
from html import unescape
from pathlib import Path
from time import monotonic, sleep

import pytest

from flows.report_words import LONDON
from flows.review import carrier
from flows.review.asked import A_PAGE
from tests.flows.night import NOW, RUN, Night
from tests.flows.review.desk import Review, Visitor, serving
from warehouse import desk
from warehouse.snapshot import publish
from warehouse.store import open_store

DECISIONS = "SELECT flag_id, decision, reason, decided_by IS NOT NULL FROM decisions ORDER BY decided_at"


def test_a_decision_is_kept_with_its_reason_and_can_be_taken_back(review: Review, flags: dict[str, str]) -> None:
    """Shown at once, stored once, and the log says everything that was ever decided."""
    visitor, flag = review.visitor(), flags["danger"]
    decided = visitor.decide(flag, "resolved", "Spoken with her; she is safe.")
    assert decided.status_code == 200 and "Your reason is kept with it" in decided.text
    assert flag not in visitor.get("/") and "4 flags to decide" in visitor.get("/")
    taken_back = visitor.send(visitor.get(f"/flags/{flag}"), f"/flags/{flag}/undo")
    assert "Taken back" in taken_back.text and f"/flags/{flag}" in visitor.get("/")
    assert review.stored(DECISIONS) == [
        (flag, "resolved", "Spoken with her; she is safe.", True),
        (flag, "undone", "Taken back.", True),
    ]
    assert review.stored(f"SELECT status, decided_at FROM flags WHERE flag_id = '{flag}'") == [("open", None)]
    log = visitor.get("/decisions")
    assert "only an erasure removes from it" in log
    assert "Spoken with her; she is safe." in log and "Decision taken back" in visitor.get(f"/flags/{flag}")


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_lost(review: Review, flags: dict[str, str]) -> None:
    """A form that forgets what was written, or does not say what is wrong, is filled in twice by nobody."""
    visitor, flag = review.visitor(), flags["danger"]
    nothing = visitor.decide(flag, "", "  ")
    assert nothing.status_code == 422
    assert "Choose what you decide" in nothing.text and "Say why, in a sentence" in nothing.text
    kept = visitor.decide(flag, "escalated", "To the board & <b>now</b>", until="2030-01-01")
    assert kept.status_code == 422 and "Only a dismissal can end on a day" in kept.text
    assert "To the board &amp; &lt;b&gt;now&lt;/b&gt;</textarea>" in kept.text
    for day, words in (
        ("2020-01-01", "must not be over"),
        ("31 January", "Write the day as"),
        ("9999-12-31", "Write the day as"),
    ):
        answer = visitor.decide(flag, until=day)
        assert answer.status_code == 422 and words in answer.text
    assert "Write at most 2,000 characters" in visitor.decide(flag, reason="x" * 2_001).text
    assert review.stored("SELECT count(*) FROM decisions") == [(0,)]


def test_a_dismissal_ends_on_its_day_and_the_log_says_so(review: Review, flags: dict[str, str]) -> None:
    """To the end of the day in London; a flag that came back silently would look like one that nobody ever saw."""
    visitor, flag = review.visitor(), flags["danger"]
    day = (datetime.now(LONDON) + timedelta(days=30)).date()
    assert "It holds until" in visitor.decide(flag, until=day.isoformat()).text
    [(status, at)] = review.stored(
        f"SELECT status, expires_at FROM decisions JOIN flags USING (flag_id) WHERE flag_id = '{flag}'"
    )
    assert status == "dismissed" and isinstance(at, datetime)
    assert at == datetime.combine(day + timedelta(days=1), time(), LONDON), "the day itself still counts, and no other"


def test_a_page_that_has_been_decided_away_leads_to_the_last_one(home: Path) -> None:
    """The Chair decides the only flag of page 2 and goes back: told that nothing is open, she would leave the rest undone."""
    with open_store(home) as store:
        night = Night(store)
        night.insert("run_started", run_id=RUN, kind="scan", started_at=NOW)
        ids = [night.flag(night.item(f"v{number}", "Add me"), "Add me") for number in range(A_PAGE + 1)]
        publish(store)
    with serving(home) as review:
        visitor = review.visitor()
        for path in ("/?page=3", "/?severity=high&page=3", "/search?words=add+me&page=3"):
            assert "Page 2 of 2" in visitor.get(path)
        assert ids[-1] in visitor.get("/?page=2") and visitor.decide(ids[-1]).status_code == 200
        inbox = visitor.http.get(f"{review.address}/?page=2")
        assert inbox.url == f"{review.address}/?page=1" and f"{A_PAGE} flags to decide" in inbox.text
        assert "1 entry, the newest first" in visitor.get("/decisions?page=2")
        assert "No flag is as you asked for" in visitor.get("/?severity=normal&page=2")


def test_the_number_of_a_flag_leads_to_it(review: Review, flags: dict[str, str]) -> None:
    """Each mail prints it, and nothing else in the mail can be read out over the telephone."""
    visitor, flag = review.visitor(), flags["session"]
    for words in (flag, f" {flag.upper()} ", f"Flag {flag}", f"flag%20{flag}."):
        found = visitor.http.get(f"{review.address}/search?words={words}")
        assert found.status_code == 200 and found.url == f"{review.address}/flags/{flag}"
    for words in (flag[:-1], f"{flag}0", "flag", "flag "):
        assert visitor.http.get(f"{review.address}/search?words={words}").url.startswith(f"{review.address}/search")
    assert "the number of a flag" in visitor.get("/search")


def test_a_second_tab_that_is_out_of_date_decides_nothing(review: Review, flags: dict[str, str]) -> None:
    """Two people, or one with two tabs: the later must see what the earlier has said, not overrule it unseen."""
    visitor, flag = review.visitor(), flags["danger"]
    stale = visitor.get(f"/flags/{flag}")
    assert visitor.decide(flag, "escalated", "To the board").status_code == 200
    late = visitor.send(stale, f"/flags/{flag}/decide", decision="dismissed", reason="Nothing")
    assert late.status_code == 409 and "This has changed since you opened the page" in late.text
    undone = visitor.get(f"/flags/{flag}")
    assert visitor.send(undone, f"/flags/{flag}/undo").status_code == 200
    assert visitor.send(undone, f"/flags/{flag}/undo").status_code == 409
    assert [row[1] for row in review.stored(DECISIONS)] == ["escalated", "undone"]


def test_who_was_overtaken_sees_what_has_been_decided_and_loses_nothing(review: Review, flags: dict[str, str]) -> None:
    """Two people at once: what the later has written may be the very reason why the earlier was wrong."""
    first, second, flag = review.visitor(), review.visitor(), flags["danger"]
    page = second.get(f"/flags/{flag}")
    assert first.decide(flag, "dismissed", "A <known> joke", until="2099-01-31").status_code == 200
    late = second.send(page, f"/flags/{flag}/decide", decision="escalated", reason="To the board & <b>now</b>")
    told = unescape(late.text)
    assert late.status_code == 409 and "This has changed since you opened the page" in told
    assert "Nothing was saved." in told and "the text was edited" not in told.split("<h1>")[0].lower()
    assert re.search(r"Dismissed by \S.*, \d{1,2} \w+ \d{4} at \d\d:\d\d: “A <known> joke”", told.split("<h1>")[0])
    assert "To the board &amp; &lt;b&gt;now&lt;/b&gt;</textarea>" in late.text
    assert re.search(r'value="escalated" checked', late.text), "what was chosen is chosen still"
    again = second.send(late.text, f"/flags/{flag}/decide", decision="escalated", reason="To the board")
    assert again.status_code == 200 and [row[1] for row in review.stored(DECISIONS)] == ["dismissed", "escalated"]
    # The text that asks for removal is written on a page of its own, and taking back writes nothing.
    text = second.decide(flags["session"], "removal_asked", "She agreed").text
    first.decide(flags["session"], "resolved", "Rang her")
    late = second.send(text, f"/flags/{flags['session']}/removal", message="Dear colleague", reason="She agreed")
    assert late.status_code == 409 and "Dear colleague</textarea>" in late.text and "She agreed</textarea>" in late.text
    assert "Resolved by" in late.text and "“Rang her”" in late.text
    done = second.send(late.text, f"/flags/{flags['session']}/removal", message="Dear colleague", reason="She agreed")
    assert done.status_code == 200 and "Dear colleague" in done.text
    undone = first.get(f"/flags/{flag}")
    assert second.send(second.get(f"/flags/{flag}"), f"/flags/{flag}/undo").status_code == 200
    late = first.send(undone, f"/flags/{flag}/undo")
    assert late.status_code == 409 and "Taken back by" in late.text and "What do you decide?" in late.text


def test_who_decides_about_a_text_that_was_edited_meanwhile_sees_the_edit(
    review: Review, flags: dict[str, str]
) -> None:
    """What was flagged may have been taken out, or have been made worse, while the reason was being written."""
    visitor, flag = review.visitor(), flags["danger"]
    page = visitor.get(f"/flags/{flag}")
    with open_store(review.home) as store:
        night = Night(store)
        night.keys["youtube:a1"] = 1
        night.edit("youtube:a1", "I am safe, thank you")
        publish(store)
    late = visitor.send(page, f"/flags/{flag}/decide", decision="escalated", reason="To the board")
    assert late.status_code == 409 and "The text was edited." in late.text and "I am safe, thank you" in late.text
    assert "To the board</textarea>" in late.text and "ismissed by" not in late.text
    assert visitor.send(late.text, f"/flags/{flag}/decide", decision="escalated", reason="x").status_code == 200


def test_asking_for_removal_gives_a_text_that_repeats_nothing(review: Review, flags: dict[str, str]) -> None:
    """It can be changed, is kept as it was changed, and opens in an e-mail; the program itself sends nothing."""
    visitor, flag = review.visitor(), flags["session"]
    text = visitor.decide(flag, "removal_asked", "She agreed to take it down").text
    assert "This program sends nothing" in text and "respect confidentiality and privacy" in text
    assert re.search(r"Please take down your YouTube reply of \d{1,2} \w+ \d{4}\.\n", text)
    assert "Tuesday" not in text and "lovely" not in text.lower(), "nothing of what was written"
    assert "She agreed to take it down</textarea>" in text
    assert review.stored("SELECT count(*) FROM decisions") == [(0,)], "the next page decides, not this one"
    empty = visitor.send(text, f"/flags/{flag}/removal", message=" ", reason="x")
    assert empty.status_code == 422 and "Write the text that you send" in empty.text
    done = visitor.send(
        text, f"/flags/{flag}/removal", message="Dear colleague,\nplease & thanks", reason="Agreed"
    ).text
    assert "mailto:?subject=" in done and "body=Dear%20colleague%2C%0D%0Aplease%20%26%20thanks" in done
    assert review.stored(DECISIONS) == [(flag, "removal_asked", "Agreed", True)]
    assert "Dear colleague,\nplease & thanks" in str(review.stored("SELECT text FROM store.note")[0][0])


def test_notes_stay_beside_the_flag(review: Review, flags: dict[str, str]) -> None:
    visitor, flag = review.visitor(), flags["hostile"]
    page = visitor.get(f"/flags/{flag}")
    assert visitor.send(page, f"/flags/{flag}/note", note=" ").status_code == 422
    assert "Rang the &lt;member&gt;" in visitor.send(page, f"/flags/{flag}/note", note="Rang the <member>").text
    assert review.stored("SELECT flag_id, text FROM store.note") == [(flag, "Rang the <member>")]
    assert visitor.get(f"/flags/{flag}").count("Rang the &lt;member&gt;") == 2, "under Notes, and in what has happened"


def test_a_concern_is_kept_like_a_flag(review: Review) -> None:
    """Policy O5: what a member tells the Chair must have a place, an answer and a number, as what the checks find has."""
    visitor = review.visitor()
    page = visitor.get("/concern")
    assert visitor.send(page, "/concern", text=" ").status_code == 422
    answer = visitor.send(
        page,
        "/concern",
        text="The list of members lies on a <public> drive",
        who="Orla",
        place="members’ WhatsApp group",
        clause="",
    )
    assert "The concern is kept" in answer.text
    [row] = review.stored(
        """SELECT flags.flag_id, clause, severity, status, check_id, items.source, author_name, evidence,
               length(evidence) = end_char
           FROM flags JOIN items USING (item_id) WHERE platform = 'concern'"""
    )
    assert row[1:7] == ("O5", "high", "open", "raised_concern", "concerns", "Orla")
    assert row[7] == "The list of members lies on a <public> drive\n\nWhere: members’ WhatsApp group" and row[8]
    assert review.stored("SELECT kind, outcome FROM runs ORDER BY started_at DESC LIMIT 1") == [("concern", "complete")]
    inbox = visitor.get("/?platform=concern")
    assert (
        "1 flag" in inbox and "lies on a &lt;public&gt; drive" in inbox and "A concern raised with the Chair" in inbox
    )
    page = visitor.get(f"/flags/{row[0]}")
    assert "Concern raised with the Chair by <bdi>Orla</bdi>" in page
    assert "a member of the public" not in page, "nobody has said so"
    # Neither what was posted nor when is known: the day is the one on which the Chair was told.
    asked = visitor.decide(str(row[0]), "removal_asked", "It lies open").text
    assert "Please take down what you posted.\n\nIt holds data or information" in asked
    assert visitor.decide(str(row[0]), "resolved", "The drive is closed").status_code == 200
    assert review.stored("SELECT precision, precision_n FROM checks WHERE check_id = 'raised_concern'") == [(1.0, 1)]


def test_the_audit_is_answered_and_counted(review: Review, flags: dict[str, str]) -> None:
    """The one number that says what is missed comes from here."""
    visitor = review.visitor()
    page = visitor.get("/audit")
    assert "Lovely talk 0" in page and "nobody knows how much is missed" in page
    for fields, words in (
        ({}, "Choose one of the two answers"),
        ({"found": "missed"}, "Tick the part of the policy"),
        ({"found": "fine", "clauses": "O1"}, "choose “It should have been flagged”"),
    ):
        answer = visitor.send(page, "/audit", **fields)
        assert answer.status_code == 422 and words in answer.text
        # What was chosen is chosen still.
        checked = re.findall(r'name="(?:found|clauses)" value="(\w+)" checked', answer.text)
        assert checked == list(fields.values())
    assert "should have been flagged" in visitor.send(page, "/audit", found="missed", clauses=["O3", "O1"]).text
    late = visitor.send(page, "/audit", found="fine")
    assert late.status_code == 409 and '<a href="/audit">Go back to the audit</a>' in late.text, "answered already"
    assert visitor.send(visitor.get("/audit"), "/audit", found="fine").status_code == 200
    page = visitor.get("/audit")
    assert "Nothing waits to be looked at" in page and "2 texts looked at, 1 should have been flagged" in page
    assert "No flag of those nights has been upheld yet" in page and "not decided yet" in page
    # Half of the 6 that were not flagged are missed, by 2 that were looked at.
    upheld = visitor.decide(flags["danger"], "resolved", "Dealt with")
    assert upheld.status_code == 200
    assert "About 3 have been missed in all (likely between 1 and 5)" in visitor.get("/checks"), "before it is stored"
    assert review.stored("SELECT item_id, missed FROM store.audit ORDER BY item_id") == [
        ("youtube:fine0", ["O1", "O3"]),
        ("youtube:fine1", []),
    ]


def test_an_audit_answer_holds_for_the_version_that_was_shown(home: Path) -> None:
    """What was a breach before the edit stays missed, and what nobody has read stays unanswered."""
    with open_store(home) as store:
        night = Night(store)
        night.insert("run_started", run_id=RUN, kind="scan", started_at=NOW)
        item = night.item("v", "She cried all session")
        night.draw(item)
        publish(store)
    with serving(home) as review:
        visitor = review.visitor()
        page = visitor.get("/audit")
        with open_store(home) as store:
            again = Night(store)
            again.keys = night.keys
            again.edit(item, "She was kind")
            store.connection().execute(
                """INSERT INTO store.audit_drawn SELECT revision_id, item_key, revision, 'far', 1, run_id, seen_at
                   FROM store.revision WHERE revision = 2"""
            )
            publish(store)
        newer = visitor.get("/audit")
        assert "She was kind" in newer and "She cried" not in newer and newer.count("Keep the answer") == 1
        assert visitor.send(page, "/audit", found="missed", clauses="O3").status_code == 200
        assert "She was kind" in visitor.get("/audit"), "it was not shown"
        assert visitor.send(page, "/audit", found="fine").status_code == 409
        assert visitor.send(newer, "/audit", found="fine").status_code == 200
        assert "Nothing waits" in visitor.get("/audit"), "before it is stored"
        assert review.stored("SELECT revision, missed FROM store.audit ORDER BY revision") == [(1, ["O3"]), (2, [])]


def test_while_a_scan_holds_the_history_nothing_waits_and_nothing_is_lost(home: Path, flags: dict[str, str]) -> None:
    """A night reads for an hour: the page answers at once, shows what was decided, and stores it once, afterwards."""
    flag = flags["danger"]
    with open_store(home), serving(home) as review:
        visitor = review.visitor()
        answer = visitor.decide(flag, "escalated", "To the board")
        assert answer.status_code == 200 and answer.elapsed.total_seconds() < 20
        assert "will be stored" in answer.text and "To the board" in answer.text
        assert visitor.send(visitor.get("/concern"), "/concern", text="A leak").status_code == 200
        assert flag not in visitor.get("/") and "2 things that you said are kept" in visitor.get("/")
        assert review.stored("SELECT count(*) FROM decisions", wait=False) == [(0,)]
    # The page was closed meanwhile: whoever opens the history next stores it.
    with serving(home) as review:
        assert review.stored(DECISIONS) == [(flag, "escalated", "To the board", True)]
        assert review.stored("SELECT count(*) FROM flags WHERE check_id = 'raised_concern'") == [(1,)]
        assert "are kept on this computer" not in review.visitor().get("/")


def test_a_page_says_that_a_scan_is_waited_for_only_while_something_holds_the_history(
    home: Path, flags: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told of a scan that does not run, the Chair waits for its end before she switches the computer off."""
    monkeypatch.setattr(carrier, "SECONDS_BETWEEN_TRIES", 0.1)
    waits, another = "1 thing that you said is kept on this computer and will be stored ", "has ended"

    def fails(*_: object) -> None:
        raise OSError

    def comes(visitor: Visitor, words: str) -> None:
        deadline = monotonic() + 20
        while f"{waits}{words}" not in " ".join(visitor.get("/").split()):
            assert monotonic() < deadline, words
            sleep(0.05)

    page = f"/flags/{flags['danger']}"
    with serving(home) as review:
        visitor = review.visitor()
        with monkeypatch.context() as still:
            still.setattr(review.desk.carrier, "wake", lambda: None)
            answer = visitor.decide(flags["danger"], "escalated", "To the board").text
            assert f"{waits}in a moment" in " ".join(answer.split()) and another not in answer
        review.desk.carrier.wake()
        assert len(review.stored(DECISIONS)) == 1 and waits not in visitor.get("/")
        for module, name in ((carrier, "publish"), (desk, "_store")):
            with monkeypatch.context() as broken:
                broken.setattr(module, name, fails)
                visitor.send(visitor.get(page), f"{page}/note", note="Rang her")
                comes(visitor, "as soon as that can be")
                assert another not in visitor.get("/")
            review.stored(DECISIONS)
        with open_store(home):
            visitor.send(visitor.get(page), f"{page}/note", note="Rang her")
            comes(visitor, "as soon as the scan or command under way has ended")


def test_what_cannot_be_stored_is_tried_less_and_less_often(
    home: Path, flags: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each try opens and publishes the whole history, for as long as the page is open."""
    monkeypatch.setattr(carrier, "SECONDS_BETWEEN_TRIES", 0.05)
    tries: list[float] = []

    def fails(*_: object) -> None:
        tries.append(monotonic())
        raise OSError

    with serving(home) as review:
        monkeypatch.setattr(carrier, "publish", fails)
        visitor = review.visitor()
        visitor.decide(flags["danger"], "escalated", "To the board")
        deadline = monotonic() + 30
        while len(tries) < 6:
            assert monotonic() < deadline
            sleep(0.05)
    assert tries[5] - tries[4] > 0.8, "the pause doubles"


def test_the_log_can_be_downloaded_and_runs_nothing_in_a_spreadsheet(review: Review, flags: dict[str, str]) -> None:
    visitor = review.visitor()
    visitor.decide(flags["danger"], "escalated", "=HYPERLINK(“http://evil.example”)")
    answer = visitor.http.get(review.address + "/decisions.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    [row] = csv.DictReader(io.StringIO(answer.text))
    assert row["reason"].startswith("'=HYPERLINK") and row["flag_id"] == flags["danger"]
