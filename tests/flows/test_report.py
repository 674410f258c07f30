"""What the Chair reads: the answer first, everything that was found, and never silence that looks like success."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

import pytest

from flows.review_links import ReviewLinks
from tests.flows.everything import compose_everything, everything
from tests.flows.night import NOW, RUN, TITLES, Night, a_night
from warehouse.evidence.chain import head

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\r\nBcc: all@acto.example\u202e {{ 7*7 }} </td></table>"


class Markup(HTMLParser):
    """Collects the tags, attributes and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_text_reads_as_it_should(night: Night) -> None:
    """The whole plain text of a night with everything in it, word for word: tests/flows/report.txt."""
    everything(night)
    seal = head(night.store.connection()).code
    expected = Path(__file__).with_name("report.txt").read_text(encoding="utf-8").replace("SEAL", seal)
    assert compose_everything(night).plain == expected


def test_the_same_night_gives_the_same_bytes(night: Night) -> None:
    """A report composed again must be the report that was sent."""
    a_night(night)
    assert night.compose() == night.compose()


def test_no_line_of_the_text_is_wider_than_78_columns_except_links(night: Night) -> None:
    a_night(night)
    lines = night.compose(problems=["It went wrong " * 30], recipients=["somebody@acto.example"] * 5).plain.splitlines()
    assert [line for line in lines if len(line) > 78 and "https://" not in line] == []


def test_names_numbers_and_handles_are_masked_in_every_part(night: Night) -> None:
    """Also in the reason, in the headers and in the page."""
    a_night(night)
    report = night.compose(recipients=["chair@acto.example"])
    whole = message_from_bytes(report.messages[0].body, policy=policy.default)
    assert isinstance(whole, EmailMessage)
    parts = [str(part.get_content()) for part in whole.walk() if not part.is_multipart()]
    for text in (report.subject, report.html, report.plain, *parts, str(whole.items())):
        assert not re.search(r"Rosalind|Pryce|Oliver|900123|rosie|Pat Quill", text)
    assert "R- P- confirms a session." in report.plain
    assert "an ACTO member" in report.plain


def test_full_shows_who_and_what(night: Night) -> None:
    a_night(night)
    report = night.compose(level="full")
    assert "Rosalind Pryce @b2 (an ACTO member)" in report.plain
    assert "07700 900123" in re.sub(r"[\s>]+", " ", report.plain) and "07700 900123" in report.html


def test_notice_shows_counts_and_links_only(night: Night) -> None:
    """For those who may not have a word of it in their mailbox; what to do is the policy's own word."""
    a_night(night)
    report = night.compose(level="notice")
    for text in (report.plain, report.html):
        assert "tablets" not in text and "confirms a session" not in text and "A client is asked" not in text
        assert "Remind the member of the policy" in text
        assert "https://www.youtube.example/watch?v=a1" in text and "f00002" in text
        assert "Somebody seems to be at risk of harm now" in text


def test_an_item_with_two_flags_is_one_post_shown_once_and_urgent_comes_first(night: Night) -> None:
    a_night(night)
    report = night.compose()
    assert report.subject == "INCOMPLETE: reviews not fully read - 2 posts to review, 1 urgent - 21 Nov"
    assert report.plain.count("watch?v=b2") == 1
    assert report.plain.index("watch?v=a1") < report.plain.index("watch?v=b2")
    assert sorted(report.flag_ids) == ["f00002", "f00003", "f00004"]


def test_how_many_are_urgent_is_said_as_one_says_it(night: Night) -> None:
    """The headline is all that many read: "1 post, all of them urgent" makes them look for the others."""
    night.read()
    said = ["1 post, which is urgent.", "2 posts, all of them urgent.", "3 posts, 2 of them urgent."]
    for words, severity in zip(said, ("urgent", "urgent", "high"), strict=True):
        night.flag(night.item(words[0], "add me please"), "add me", severity=severity)
        assert f"Yes: please look at {words}" in night.compose().plain


def test_an_empty_night_is_reported_too(night: Night) -> None:
    """The mail is the sign of life."""
    night.read(items_edited=0, items_gone=0)
    report = night.compose()
    assert report.subject == "Nothing to review - 21 Nov"
    assert "No: nothing to review." in report.plain and "412 posts read, all sources in full." in report.plain
    assert [line for line in report.plain.splitlines() if line.isupper()] == ["WAS EVERYTHING CHECKED?"]
    assert re.findall("<h2[^>]*>(.*?)</h2>", report.html) == ["Was everything checked?"]
    assert report.messages[0].recipient == "chair@acto.example"


@pytest.mark.parametrize(
    ("sources", "problems", "subject"),
    [
        ([("youtube", "unread", 0)], [], "INCOMPLETE: youtube not read"),
        ([("youtube", "partial", 0)], [], "INCOMPLETE: youtube not fully read"),
        ([("a", "unread", 0), ("b", "unread", 0)], [], "INCOMPLETE: a and b not read"),
        ([("a", "unread", 0), ("b", "partial", 0), ("c", "unread", 0)], [], "INCOMPLETE: 3 sources not fully read"),
        ([("youtube", "complete", 0)], ["The check o1 could not run."], "INCOMPLETE: 1 problem"),
        ([("youtube", "complete", 2)], [], "INCOMPLETE: 2 entries could not be read"),
        ([("youtube", "skipped", 0)], [], "INCOMPLETE: nothing was read"),
        ([], [], "INCOMPLETE: nothing was read"),
    ],
)
def test_what_was_not_checked_is_in_the_subject_and_is_no_all_clear(
    night: Night, sources: list[tuple[str, str, int]], problems: list[str], subject: str
) -> None:
    for name, outcome, quarantined in sources:
        night.read(name, outcome, quarantined=quarantined, reason="The key was refused.")
    report = night.compose(problems=problems)
    assert report.subject == f"{subject} - Nothing to review - 21 Nov"
    assert "not an all-clear" in report.plain and "not an all-clear" in report.html
    for problem in [*problems, *(["The key was refused."] if sources else [])]:
        assert problem in report.plain and problem in report.html


@pytest.mark.parametrize(
    ("sources", "days", "part", "read"),
    [
        (["channel", "page"], (None, None), "", ""),
        (["page"], (None, None), "page", ""),
        (["page"], (datetime(2026, 11, 1, tzinfo=UTC), None), "page, begun since 1 Nov 2026", "Threads since 1 Nov 2026."),
        (["channel", "page"], (None, datetime(2026, 11, 8, tzinfo=UTC)), "what was begun up to 7 Nov 2026",
         "Threads up to 7 Nov 2026."),
        (["channel", "page"], (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 8, tzinfo=UTC)),
         "what was begun from 1 Nov 2026 to 7 Nov 2026", "Threads since 1 Nov 2026 up to 7 Nov 2026."),
    ],
)  # fmt: skip
def test_a_scan_of_a_part_gives_no_all_clear_for_the_rest(
    night: Night, sources: list[str], days: tuple[datetime | None, datetime | None], part: str, read: str
) -> None:
    """Somebody reads one source, or a week of November, with mail: the Chair would take all else for looked at."""
    for run_id, at in (("before", NOW - timedelta(days=4)), (RUN, NOW)):
        night.insert("run_started", run_id=run_id, kind="scan", started_at=at)
    night.insert("run_ended", run_id="before", ended_at=NOW - timedelta(days=4), outcome="complete", note="")
    for name in ("channel", "page"):
        if name in sources:
            night.read(
                name, since=days[0], until=days[1] or NOW, of_days=days != (None, None), items_seen=12, expected=12
            )
        else:
            night.read(name, "skipped", reason="Not asked for in this run.", items_seen=0, expected=None)
    report = night.compose()
    plain, seen = " ".join(report.plain.split()), "12 posts" if sources == ["page"] else "24 posts"
    if not part:
        assert f"No: nothing to review. {seen} read, all sources in full. The last scan was 4 days ago." in plain
        assert "Everything since has been read." in plain and "Threads" not in plain
        return
    assert report.subject == f"Only {part} - Nothing to review - 21 Nov"
    assert f"This scan was only of {part}. {seen} read, all that was asked for in full." in plain
    assert f"Only {part}: {len(sources)} of {len(sources)} source" in report.html
    assert read in plain and read in report.html
    for claim in ("No: nothing", "all sources", "Everything since has been read"):
        assert claim not in plain and claim not in report.html


def test_a_scan_of_some_days_is_no_night_in_full(night: Night) -> None:
    """Somebody reads a week of November again each day: a source that fails every other night would look sound."""
    for number, (outcome, of_days) in enumerate([("partial", False), ("complete", True), ("complete", True)], 1):
        at = NOW - timedelta(days=4 - number)
        night.insert("run_started", run_id=f"earlier{number}", kind="scan", started_at=at)
        night.insert("coverage", run_id=f"earlier{number}", source="channel", outcome=outcome, of_days=of_days)
    night.insert("run_started", run_id=RUN, kind="scan", started_at=NOW)
    night.read("channel")
    assert "1 of the last 2 scans in full." in night.compose().plain


def test_hostile_text_stays_text(night: Night) -> None:
    """A comment must not run, style or forge anything in the Chair's mailbox."""
    item = night.item("h", f"look {HOSTILE} here", author_name=HOSTILE, url="javascript:alert(1)")
    night.flag(item, HOSTILE, reason=HOSTILE)
    night.read(f"source {HOSTILE}", "unread", reason=HOSTILE)
    night.insert(
        "quarantine", quarantine_id="q", source=f"source {HOSTILE}", run_id=RUN, seen_at=NOW, reason=HOSTILE, raw=b""
    )
    for level in ("notice", "redacted", "full"):
        report = night.compose(level=level, problems=[HOSTILE])
        page = Markup(report.html)
        assert not page.tags & {"script", "img", "iframe", "form", "link", "object"}
        assert not [name for name in page.attributes if name.startswith("on")]
        assert not [link for link in page.links if not link.startswith(("https://", f"{ReviewLinks().start}flags/"))]
        assert "\u202e" not in report.html + report.plain + report.subject
        assert "\n" not in report.subject
        message = message_from_bytes(report.messages[0].body, policy=policy.default)
        assert message["Bcc"] is None
    assert "<script>alert(1)</script>" in Markup(night.compose(level="full").html).words


@pytest.mark.parametrize(
    "url",
    ["http://x.example/", "https://a@evil.example/", "https://x.example/\u202e", 'https://x.example/"><b>', "", None],
)
def test_only_plain_https_links_are_shown(night: Night, url: str | None) -> None:
    night.flag(night.item("u", "add me please", url=url), "add me")
    night.read()
    report = night.compose()
    assert Markup(report.html).links == [ReviewLinks().to_flag("f00001")]
    assert report.plain.count("://") == 1


def test_five_hundred_flags_stay_small_and_are_counted(night: Night) -> None:
    """Gmail cuts a mail off at 102 kB, and with it what was not read. On a night that has something to say in every part."""
    everything(night)
    told = len(night.compose().flag_ids)
    text = f"{'word ' * 300}add me {'<&> ' * 300}"
    for clause in TITLES:
        night.flag(night.item(f"n{clause}", text), "add me", clause, reason="It is long. " * 60)
    for table, renamed in {
        "item": "item_key + n AS item_key, item_id || n AS item_id",
        "revision": "item_key + n AS item_key, revision_id + n AS revision_id",
        "flag": "item_key + n AS item_key, revision_id + n AS revision_id, flag_id || n AS flag_id",
    }.items():
        night.store.connection().execute(
            f"""INSERT INTO store.{table} SELECT * EXCLUDE (n) REPLACE ({renamed})
                FROM store.{table}, (SELECT 1000 * range AS n FROM range(1, 125))
                WHERE item_key IN (SELECT item_key FROM store.item WHERE item_id LIKE 'youtube:nO_' OR item_id = 'youtube:nS1')"""
        )
    for level in ("notice", "redacted", "full"):
        report = compose_everything(night, level=level, level_by_clause={}, problems=["It went wrong " * 40] * 3)
        assert len(report.html.encode()) <= 90_000
        assert len(report.messages[0].body) < 130_000
        assert "Was everything checked?" in report.html
        assert report.subject.endswith("504 posts to review, 1 urgent - 21 Nov")
        assert len(report.flag_ids) == told + 500
        shown = report.plain.count("  To decide: ")
        assert 8 <= shown <= 25
        assert f"AND {504 - shown} MORE POSTS" in report.plain
        assert "   126  O1 Personal relationships online with clients" in report.plain
        assert ReviewLinks().to_clause("O1") in report.html
        assert report.plain.index("URGENT") < report.plain.index("HIGH") < report.plain.index("MORE POSTS")


def test_the_day_is_londons(night: Night) -> None:
    """Half past eleven at night UTC in July is the next day in London."""
    night.read()
    assert night.compose(now=datetime(2026, 7, 1, 23, 30, tzinfo=UTC)).subject.endswith("2 Jul")


def test_links_lead_to_where_the_page_is_reached(night: Night) -> None:
    """Where a proxy serves the review page to others, a link to this machine would open nothing on the Chair's telephone."""
    a_night(night)
    report = night.compose(links=ReviewLinks("https://review.acto.example/"))
    assert "127.0.0.1" not in report.html + report.plain
    assert "https://review.acto.example/flags/" in report.html and "you sign in" in report.plain
