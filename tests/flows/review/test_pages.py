"""The page as the Chair sees it, in Chromium: on a telephone, by keyboard, in the dark, without JavaScript, by screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from flows.scan_progress import telling
from tests.flows.review.desk import FOUND, Review
from tests.flows.test_report_page import LOWEST_CONTRAST
from warehouse.runs import Coverage

PAGES = [
    "/", "/?status=all&severity=high", "/?status=dismissed", "/flags/f00001", "/flags/f00004", "/flags/f00005", "/concern",
    "/audit", "/coverage", "/search", "/search?words=add", "/decisions", "/checks", "/scan",
]  # fmt: skip


# The form to start a scan, filled in wrongly while another one is under way.
SCANNING = "/scan, filled in wrongly"


def come_in(review: Review, browser: Browser, **settings: object) -> Page:
    """A page on which somebody has come in by the link, as it is printed."""
    context: BrowserContext = browser.new_context(**settings)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(review.link())
    page.get_by_role("button", name="Open").click()
    expect(page).to_have_url(f"{review.address}/")
    return page


@pytest.fixture
def night(quiet: Review) -> Iterator[None]:
    """A nightly scan is under way."""
    with telling(quiet.home, "nightly scan") as night:
        night.begin("20261121T040000Z-3f9a")
        night.settled(Coverage("", "page", "facebook", "partial", "", items_seen=4711, expected=5000))
        yield


@pytest.mark.slow
@pytest.mark.usefixtures("night")
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_every_page_can_be_read_by_everybody(
    quiet: Review, chromium: Browser, width: int, scheme: Literal["light", "dark"]
) -> None:
    """No fault that axe knows of (WCAG 2.2 A and AA among them), no scrolling sideways, enough contrast."""
    page = come_in(quiet, chromium, viewport={"width": width, "height": 800}, color_scheme=scheme)
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    for path in (*PAGES, SCANNING):
        if path == SCANNING:
            page.get_by_role("checkbox", name="page (Facebook)").uncheck()
            page.get_by_role("button", name="Scan now").click()
            expect(page.get_by_role("alert")).to_contain_text("Tick what is to be read")
        else:
            page.goto(quiet.address + path)
        if width == 320:
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.evaluate(LOWEST_CONTRAST) >= 4.5, path
        found = Axe().run(page)
        assert found.violations_count == 0, (path, found.generate_report())
    assert [one for one in faults if "status of 422" not in one] == [], (
        "the page's own rules (CSP) refuse nothing that it needs"
    )
    page.context.close()


def test_a_flag_is_decided_by_keyboard_without_javascript(
    review: Review, chromium: Browser, flags: dict[str, str]
) -> None:
    """From the inbox to the decision and back, with Tab, arrows, Space and Enter alone."""
    page = come_in(review, chromium, java_script_enabled=False)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the main part")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="Somebody seems to be at risk of harm now"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Somebody seems to be at risk of harm now")
    tab_to(page, page.get_by_label("Dismiss", exact=True))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Escalate")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("To the safeguarding lead")
    tab_to(page, page.get_by_role("button", name="Decide"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Escalated")
    page.reload()
    assert page.get_by_role("status").count() == 0, "said once; and reloading decides nothing again"
    assert review.stored("SELECT flag_id, decision, reason FROM decisions") == [
        (flags["danger"], "escalated", "To the safeguarding lead")
    ]
    page.context.close()


def tab_to(page: Page, target: object) -> None:
    """Press Tab until `target` has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):  # type: ignore[attr-defined]
            return
    raise AssertionError(f"{target} cannot be reached by keyboard")


@pytest.mark.slow
def test_every_form_works_without_javascript(review: Review, chromium: Browser) -> None:
    """Filters, a wrong form, a request for removal, a concern, an answer to the audit, leaving."""
    page = come_in(review, chromium, java_script_enabled=False, viewport={"width": 320, "height": 800})
    page.get_by_text("Show only some of them").click()
    page.get_by_label("Severity").select_option("Normal")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 flag")
    page.locator(".cards a").click()
    page.get_by_role("button", name="Decide").click()
    page.get_by_role("link", name="Say why, in a sentence").click()
    expect(page.get_by_label("Why?")).to_be_focused()
    page.get_by_label("Why?").fill("She agreed")
    page.get_by_label("Ask for removal").check()
    page.get_by_role("button", name="Decide").click()
    page.get_by_label("The text").fill("Dear colleague")
    page.get_by_role("button", name="Keep that removal is asked for").click()
    expect(page.get_by_role("heading", name="Removal asked for")).to_be_visible()
    assert (page.get_by_role("link", name="Open this text in an e-mail").get_attribute("href") or "").startswith(
        "mailto:?"
    )
    page.get_by_role("button", name="Take this decision back").click()
    expect(page.get_by_role("heading", name="Decide", exact=True)).to_be_visible()
    page.get_by_role("link", name="ACTO review").click()
    page.get_by_role("link", name="Raise a concern").click()
    page.get_by_label("What is the concern?").fill("A member’s list lies open")
    page.get_by_label("Part of the policy").select_option(label="O5 ACTO’s data, and concerns about it")
    page.get_by_role("button", name="Keep this concern").click()
    expect(page.get_by_role("status")).to_contain_text("The concern is kept")
    page.get_by_role("link", name="Audit").click()
    page.get_by_label("No, it is fine").first.check()
    page.get_by_role("button", name="Keep the answer").first.click()
    expect(page.get_by_role("status")).to_contain_text("rightly left alone")
    page.get_by_role("button", name="Leave the page").click()
    expect(page.get_by_role("heading", name="You have left the review page")).to_be_visible()
    page.goto(review.address)
    expect(page.get_by_role("heading", name="This page is not open for you")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_who_was_overtaken_reads_what_has_happened_and_goes_on(
    review: Review, chromium: Browser, flags: dict[str, str], scheme: Literal["light", "dark"]
) -> None:
    """On a telephone, with what was typed still in the form."""
    page = come_in(review, chromium, viewport={"width": 320, "height": 800}, color_scheme=scheme)
    page.goto(f"{review.address}/flags/{flags['danger']}")
    page.get_by_label("Escalate").check()
    page.get_by_label("Why?").fill("To the safeguarding lead")
    assert review.visitor().decide(flags["danger"], "dismissed", "A known joke").status_code == 200
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("alert")).to_contain_text("This has changed since you opened the page")
    expect(page.get_by_role("alert")).to_contain_text("“A known joke”")
    expect(page.get_by_label("Escalate")).to_be_checked()
    expect(page.get_by_label("Why?")).to_have_value("To the safeguarding lead")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(LOWEST_CONTRAST) >= 4.5
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.get_by_role("button", name="Decide", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Escalated")
    page.get_by_role("link", name="Search").click()
    page.get_by_label("Words, a name, an id or the number of a flag").fill(f"Flag {flags['danger']}")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(f"{review.address}/flags/{flags['danger']}")
    page.context.close()


def test_what_strangers_wrote_is_shown_and_never_runs(quiet: Review, chromium: Browser) -> None:
    """Mark-up stays text, hidden characters are shown, what was found is marked to the character, a script link is no link."""
    page = come_in(quiet, chromium)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    page.goto(f"{quiet.address}/flags/f00004")
    expect(page.locator("mark")).to_have_text(FOUND.replace("\u200b", "[U+200B]"))
    expect(page.locator(".quote").first).to_contain_text(
        "[U+202E]evil[U+202C] <img src=x onerror=alert(1)> שלום e\u0301 add me"
    )
    expect(page.get_by_text("<b>Eve</b>").first).to_be_visible()
    assert page.locator("main img, main script, main b").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0 and page.get_by_text("javascript:alert(3)").is_visible()
    assert all(url.startswith(quiet.address) for url in asked), "nothing is fetched from anywhere"
    page.context.close()


def test_an_edited_text_and_its_thread_are_shown(quiet: Review, chromium: Browser) -> None:
    """The Chair decides about what was flagged, and must see what stands there now and what it answered."""
    page = come_in(quiet, chromium)
    page.goto(f"{quiet.address}/flags/f00005")
    expect(page.get_by_text("The text has been edited since.")).to_be_visible()
    expect(page.get_by_text("Found edited: version 2")).to_be_visible()
    page.goto(f"{quiet.address}/flags/f00002")
    expect(page.get_by_text("What it answers")).to_be_visible()
    expect(page.locator(".thread")).to_contain_text("I have the tablets here")
    expect(page.get_by_role("link", name="O3: seeing you on Tuesday")).to_be_visible()
    page.context.close()
