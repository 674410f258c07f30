"""The report as the Chair sees it, in Chromium, on a telephone and on a desk, light and dark."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.flows.everything import compose_everything, everything
from tests.flows.night import Night
from warehouse.store import open_store

# The lowest contrast of any text on what lies behind it, by WCAG 2.2's formula.
LOWEST_CONTRAST = """() => {
  const colour = text => { const m = text.match(/[\\d.]+/g).map(Number); return {rgb: m.slice(0, 3), a: m[3] ?? 1} }
  const light = rgb => rgb.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0)
  let lowest = 21
  for (const element of document.querySelectorAll('body *')) {
    const says = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim().length > 0)
    if (!says || element.offsetParent === null || element.className === 'bar') continue
    let behind = element
    while (behind && colour(getComputedStyle(behind).backgroundColor).a === 0) behind = behind.parentElement
    const [one, other] = [element, behind].map((e, i) =>
      light(colour(getComputedStyle(e)[i ? 'backgroundColor' : 'color']).rgb)).sort((a, b) => b - a)
    lowest = Math.min(lowest, (one + 0.05) / (other + 0.05))
  }
  return lowest
}"""


@pytest.fixture(scope="module")
def page_of_everything(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of a night that has something to say in every part, and words as long as a book."""
    with open_store(tmp_path_factory.mktemp("everything")) as store:
        night = Night(store)
        everything(night)
        night.flag(night.item("long", f"add me {'x' * 150} please"), f"add me {'x' * 150}")
        return compose_everything(night, problems=["It broke at " + "y" * 400]).html


def shown(chromium: Browser, html: str, width: int, scheme: Literal["light", "dark"]) -> Page:
    """The page at this width; it may ask for nothing from anywhere."""
    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(html)
    assert asked == []
    return page


@pytest.mark.slow
@pytest.mark.parametrize("styled", [True, False])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [380, 700])
def test_everything_can_be_read_without_scrolling_sideways(
    page_of_everything: str, chromium: Browser, width: int, scheme: Literal["light", "dark"], styled: bool
) -> None:
    """Also where a mailbox drops the style block, as Gmail may, and with a word as long as a book."""
    html = page_of_everything
    if not styled:
        html = html[: html.index("<style>")] + html[html.index("</style>") + 8 :]
    page = shown(chromium, html, width, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    evidence = page.get_by_text("Add me on my private Insta", exact=True)
    assert evidence.is_visible()
    assert page.get_by_role("heading", name="Was everything checked?").is_visible()
    assert page.evaluate(LOWEST_CONTRAST) >= 4.5
    page.close()


def test_the_page_is_sound(page_of_everything: str, chromium: Browser) -> None:
    """Screen readers need the language, headings in order, and the numbers behind the bars; axe finds no other fault."""
    page = shown(chromium, page_of_everything, 380, "light")
    levels = page.eval_on_selector_all("h1, h2, h3", "found => found.map(heading => Number(heading.tagName[1]))")
    assert page.locator("html").get_attribute("lang") == "en-GB"
    assert levels[0] == 1 and all(after - before <= 1 for before, after in pairwise(levels))
    # A mail has no landmarks.
    found = Axe().run(page, options={"rules": {"landmark-one-main": {"enabled": False}, "region": {"enabled": False}}})
    assert [violation["id"] for violation in found.response["violations"]] == []
    of_o1 = page.get_by_role("row", name="O1 Personal relationships online with clients")
    assert of_o1.get_by_role("cell").all_inner_texts() == ["0", "2", "1", "0", "2", "2"]
    heights = of_o1.locator(".bar").evaluate_all("bars => bars.map(bar => bar.getBoundingClientRect().height)")
    assert heights == [32, 16, 32, 32], "bars are as high as their numbers"
    lately = page.locator("tr", has_text="8 of the last 14 scans in full.").last
    full, rest = (
        lately.locator(part).evaluate("bar => bar.getBoundingClientRect().width") for part in (".bar", ".rest")
    )
    assert full / (full + rest) == pytest.approx(8 / 14, abs=0.03)
    page.close()
