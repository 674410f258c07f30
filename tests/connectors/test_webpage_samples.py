"""The web page connector over pages as they really are (the test suite of scrapinghub/extruct, beside the checkout)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests
from lxml import html

from connectors.webpage.page import ShownPage, shown_page
from connectors.webpage.reviews import as_items
from tests.connectors.web_story import REVIEWS

SAMPLES = "samples/web"
SCRIPT = re.compile(r'<script[^>]*type=["\']?application/ld\+json[^>]*>(.*?)</script>', re.DOTALL | re.IGNORECASE)


def shown(path: Path) -> ShownPage:
    answer = requests.Response()
    answer.status_code, answer._content = 200, path.read_bytes()
    return shown_page(answer, REVIEWS, REVIEWS)


def reviews_within(value: Any) -> Iterator[dict[str, Any]]:
    """Every Review object of a JSON document."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, dict) and re.search(r"(^|/)Review$", str(value.get("@type"))):
        yield value
    for one in inner:
        yield from reviews_within(one)


def counted_by_hand(path: Path) -> tuple[int, int]:
    """The Review entries of a page (JSON-LD and microdata), and its scripts of data that hold no JSON."""
    text = path.read_text(encoding="utf-8", errors="replace")
    reviews, broken = 0, 0
    for script in SCRIPT.findall(text):
        try:
            reviews += len(list(reviews_within(json.loads(script, strict=False))))
        except ValueError:
            broken += 1
    tree = html.fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    marked = tree.xpath(
        "//*[@itemscope and (@itemtype='http://schema.org/Review' or @itemtype='https://schema.org/Review')]"
    )
    return reviews + len(marked), broken


def test_every_review_of_every_page_is_found(shared: Path) -> None:
    """As many reviews as an independent count finds, as many broken scripts, and never a crash."""
    pages = sorted((shared / SAMPLES).rglob("*.html"))
    found = {path: shown(path) for path in pages}
    read = {path: (len(page.reviews), len(page.rejected)) for path, page in found.items()}
    by_hand = {path: counted_by_hand(path) for path in pages}
    (twice,) = [path for path in pages if path.name.startswith("Years & Years")]
    assert by_hand[twice] == (2, 0) and read[twice] == (1, 0), "one review, in JSON-LD and in microdata"
    assert read | {twice: (2, 0)} == by_hand
    assert len(pages) > 40 and [sum(numbers) for numbers in zip(*read.values(), strict=True)] == [4, 5]
    assert not [path for path, page in found.items() if page.gaps]


def test_a_recorded_page_gives_whole_items(shared: Path) -> None:
    """schema.org's own example: text with its headline, author, day and stars of each, and how many more there are."""
    page = shown(shared / SAMPLES / "scrapinghub__extruct/tests/samples/schema.org/CreativeWork.001.html")
    items = as_items(page.reviews, REVIEWS, lambda _: False)
    told = [(item.author_name, item.rating, str(item.created_at)[:10], item.text.split("\n")[0]) for item in items]
    assert told == [
        ("John Doe", 5, "2006-05-04", "A masterpiece of literature"),
        ("Bob Smith", 4, "2006-06-15", "A good read."),
    ]
    assert page.counted == 3077 and len({item.id for item in items}) == 2


def test_what_is_no_page_is_read_without_a_crash(shared: Path) -> None:
    """Every other file of the collection, fed in as if a server had sent it."""
    others = [path for path in (shared / SAMPLES).rglob("*") if path.is_file() and path.suffix != ".html"]
    assert others and all(isinstance(shown(path), ShownPage) for path in others)
