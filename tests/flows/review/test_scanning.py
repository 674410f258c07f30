"""A scan from the page: the same as each night, beside the page, and it needs neither page nor browser to go on."""

from __future__ import annotations

import os
import signal
from concurrent.futures import Future
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import orjson
import pytest
from playwright.sync_api import Browser, expect

from flows.days import today
from flows.outbox import Delivered
from flows.report_facts import Counted
from flows.review.scans import FOLDER, Asked, ScanUnderWay, StartedScan, last_started, start_scan
from flows.scan_progress import FILE, LOCK, scan_under_way, telling
from flows.scan_result import ScanResult
from flows.scanning import show
from tests.flows.channel import KEY, short_sandbox_of_today, watch
from tests.flows.review.desk import Review, serving
from tests.flows.review.test_pages import come_in
from tests.waiting import until
from warehouse.runs import Coverage, end_run, start_run
from warehouse.store import open_store


def ended(home: Path) -> StartedScan:
    """The scan that was started last, once it has ended."""

    def found() -> StartedScan | None:
        started = last_started(home)
        return started if started and not started.running else None

    return until(found)


@pytest.mark.slow
def test_a_scan_from_the_page_waits_for_the_night_and_goes_on_without_browser_and_page(
    home: Path, flags: dict[str, str], chromium: Browser, prefect_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Amid the nightly scan it neither fails nor reads beside it; and what it found is there when somebody comes back."""
    first_day = today() - timedelta(days=9)
    with short_sandbox_of_today() as sandbox:
        watch(home, sandbox)
        monkeypatch.setenv(KEY, sandbox.key)
        monkeypatch.setenv("PREFECT_API_URL", prefect_server)
        with open_store(home, what="nightly scan") as store, telling(home, "nightly scan") as night:
            run_id = start_run(store, "scan", store.now())
            night.begin(run_id)
            night.settled(Coverage("", "channel", "youtube", "complete", "", items_seen=4711))
            with serving(home) as review:
                page = come_in(review, chromium, java_script_enabled=False)
                other_tab = page.context.new_page()
                for tab in (page, other_tab):
                    tab.goto(f"{review.address}/scan")
                expect(page.get_by_role("heading", name="A nightly scan is under way")).to_be_visible()
                page.get_by_text("Only what was begun on certain days").click()
                page.get_by_label("Begun on or after").fill(first_day.isoformat())
                page.get_by_role("button", name="Scan now").click()
                # It looks again by itself: nobody presses anything here.
                expect(page.get_by_text("has been under way since")).to_be_visible(timeout=60_000)
                expect(page.get_by_text("4,711")).to_be_visible()
                expect(page.get_by_text(f"begun on or after {first_day:%-d %B %Y}")).to_be_visible()
                other_tab.get_by_role("button", name="Scan now").click()
                expect(other_tab.get_by_role("heading", name="A scan was started here in the meantime")).to_be_visible()
                page.context.close()
            end_run(store, run_id, "complete", "", store.now())
        with serving(home) as review:
            page = come_in(review, chromium, java_script_enabled=False)
            page.goto(f"{review.address}/scan")
            assert last_started(home), "a page that was started anew finds it"
            expect(page.get_by_text("All of it was read and judged.")).to_be_visible(timeout=60_000)
            expect(page.get_by_role("listitem").filter(has_text="channel")).to_contain_text("read in full")
            page.get_by_role("link", name="new flag").click()
            expect(page.get_by_role("heading", level=1)).to_contain_text("flag")
            assert page.locator(".cards li").count() == ended(home).result["flags_new"]  # type: ignore[index]
            page.context.close()


def test_what_is_wrong_with_the_form_is_said_beside_its_field(review: Review, home: Path) -> None:
    """A scan for nothing, or for days to come, would end without a word of why."""
    visitor = review.visitor()
    assert "There is no configuration" in visitor.get("/scan"), "imports alone: there is nothing to read"
    (home / "acto.toml").write_text('[sources.page]\nplatform = "facebook"\npage_id = "1"\n', encoding="utf-8")
    page = visitor.get("/scan")
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date()
    for fields, words in (
        ({}, "Tick what is to be read"),
        ({"sources": "another"}, "Tick what is to be read"),
        ({"sources": "page", "since": tomorrow}, "That day has not come yet"),
        ({"sources": "page", "until": "yesterday"}, "Write the day as 31/01/2027"),
        ({"sources": "page", "since": "2026-02-02", "until": "2026-02-01"}, "must not lie before the first"),
    ):
        answer = visitor.send(page, "/scan", **fields)
        assert answer.status_code == 422 and words in answer.text
    assert last_started(home) is None, "nothing was started"


def test_only_one_at_a_time_and_why_it_failed_is_a_sentence(home: Path) -> None:
    """A scan that fails behind the page must not look like one that found nothing, nor hide in a traceback."""
    start_scan(home, Asked(("nobody",), since=date(2026, 11, 1), email=True), "Orla")
    with pytest.raises(ScanUnderWay):
        start_scan(home, Asked(), "Orla")
    failed = ended(home)
    assert failed.by == "Orla" and failed.result is None
    assert "There is no configuration" in failed.trouble
    (home / "acto.toml").write_text("", encoding="utf-8")
    start_scan(home, Asked(), "Orla")
    running = until(lambda: one if (one := last_started(home)) and one.said else None)
    assert running.running and "Starting Prefect" in running.said and running.version != failed.version
    os.killpg(running.pid, signal.SIGKILL)
    assert "ended from outside" in ended(home).trouble


@pytest.mark.parametrize(
    ("delivered", "said"),
    [
        (
            Delivered(sent=1, files=[Path("report.eml")]),
            "No mail server is set up, so the report was written to a file.",
        ),
        (Delivered(sent=1), "The report was sent."),
        (Delivered(failed=1), "The mail server refused 1 message, and it is not tried again."),
    ],
)
def test_a_report_that_reached_nobody_is_not_said_to_be_sent(review: Review, delivered: Delivered, said: str) -> None:
    """Who ticks that it be sent, where no mail server is set up, would wait for ever for others to answer it."""
    leave(review.home, ScanResult("run", "complete", [], flags_new=0, delivered=delivered).as_record(kept=True))
    page = " ".join(review.visitor().get("/scan").split())
    assert said in page and ("The report was sent." in page) == (said == "The report was sent.")


def leave(home: Path, result: dict[str, object]) -> None:
    """A scan that was started on the page has ended, and gave `result`."""
    folder = home / FOLDER
    folder.mkdir(exist_ok=True)
    asked = {"sources": [], "days": (None, None), "email": True, "at": datetime.now(UTC), "by": "Orla", "pid": 1}
    (folder / "asked.json").write_bytes(orjson.dumps(asked))
    (folder / "said.txt").write_text("", encoding="utf-8")
    (folder / "answer.json").write_bytes(orjson.dumps(result))


def test_what_has_come_back_is_counted_as_in_the_terminal(
    review: Review, chromium: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    """After a scan without one new flag, its line would be taken for an all-clear that the report is not."""
    result = ScanResult(
        "run", "complete", [], flags_new=0, delivered=Delivered(sent=1),
        told=Counted(to_review=1, urgent=1, open_again=1, undecided=2),
    )  # fmt: skip
    said = "0 new flags. The report: 1 post to review, 1 urgent; 1 earlier post is open again; 2 earlier posts still to decide."
    assert result.found == said
    show(result, review.home, kept=True, email=True)
    assert said in " ".join(capsys.readouterr().out.split())
    leave(review.home, result.as_record(kept=True))
    page = come_in(review, chromium, java_script_enabled=False)
    page.goto(f"{review.address}/scan")
    expect(page.get_by_role("region", name="The last scan started here")).to_contain_text(
        f"{said} The report was sent."
    )
    page.context.close()
    # One that an earlier version of the program has left.
    leave(review.home, {name: value for name, value in result.as_record(kept=True).items() if name != "told"})
    assert "0 new flags. The report was sent." in " ".join(review.visitor().get("/scan").split())


def test_how_far_it_is_needs_no_answer_of_prefect(home: Path) -> None:
    """A server that is busy or gone would stop the page, and put a traceback where the Chair reads what the scan says."""
    (home / "warehouse").mkdir()
    future: Future[None] = Future()
    source = SimpleNamespace(name="page")
    coverage = Coverage("", "page", "facebook", "complete", "", items_seen=3)
    with telling(home, "scan") as told:
        told.begin("20261121T040000Z-3f9a")
        told.reads(SimpleNamespace(source=source, coverage=coverage), future)  # type: ignore[arg-type]
        shown = until(lambda: one if (one := scan_under_way(home)) and one.sources else None)
        assert (shown.sources[0].state, shown.sources[0].items_seen, shown.done) == ("reading", 3, 0)
        future.set_result(None)
        shown = until(lambda: one if (one := scan_under_way(home)) and one.done else None)
        assert shown.sources[0].state == "read"


def test_a_killed_scan_is_not_shown_as_under_way(home: Path) -> None:
    """A night that was killed would be said to read for ever."""
    (home / "warehouse").mkdir()
    assert scan_under_way(home) is None
    with telling(home, "nightly scan") as told:
        assert scan_under_way(home) is None
        told.begin("20261121T040000Z-3f9a")
        told.settled(Coverage("", "page", "facebook", "partial", "", items_seen=3))
        shown = until(lambda: one if (one := scan_under_way(home)) and one.sources else None)
        assert (shown.what, shown.step, shown.done, shown.sources[0].items_seen) == ("nightly scan", "reading", 1, 3)
        left = (home / "warehouse" / FILE).read_bytes()
    (home / "warehouse" / FILE).write_bytes(left)
    assert (home / "warehouse" / LOCK).exists() and scan_under_way(home) is None
