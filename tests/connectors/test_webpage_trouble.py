"""The web page connector when things go wrong: what the report says, and that nothing is lost, followed or taken for gone."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from connectors.errors import Refused, Transient
from connectors.sandbox import Answer
from connectors.source import Window
from connectors.webpage.pages import MOST_PAGES
from tests.connectors.memory import Memory
from tests.connectors.web_story import REVIEWS, SITE, answered, html, names, node, only_page, reviews

WALL = "<!DOCTYPE html><html><body><h1>We value your privacy</h1><button>Accept all</button></body></html>"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (301, "put the address that it ends at into acto.toml"),
        (403, "does not let programs read"),
        (404, "look at the url of this source in acto.toml"),
        (202, "answered 202"),
    ],
)
def test_a_refusal_says_what_to_do(serve: Any, status: int, words: str) -> None:
    """A human must be able to mend it from the report alone; a redirect is never followed to who knows where."""
    sandbox = serve(reviews(1))
    with pytest.raises(Refused, match=words) as caught:
        answered(sandbox, REVIEWS, html(node()), status=status, Location="https://evil.example/")
    assert str(caught.value).startswith("acto.example ") and "evil" not in str(caught.value)
    assert len(sandbox.requests) == 1


def test_a_failure_that_may_pass_is_transient(serve: Any) -> None:
    """The flow tries such a source again later the same night."""
    with pytest.raises(Transient, match="answered 503, 4 times"):
        answered(serve([]), REVIEWS, "", status=503)


@pytest.mark.parametrize("body", [WALL, "", "  ", "null", b"\x89PNG\x00\x00", html({"@type": "WebPage"})])
def test_a_wall_in_front_of_the_reviews_is_a_gap(serve: Any, body: str | bytes) -> None:
    """A page for consent, or for robots, must never make last night's reviews look deleted."""
    sandbox, memory = serve(reviews(3)), Memory()
    memory.remember([only_page(sandbox, REVIEWS)])
    sandbox.fault("/reviews", Answer(200, body), times=None)
    page = only_page(sandbox, REVIEWS, Window(known=memory))
    assert [gap.split(":")[0] for gap in page.gaps] == ["The page showed reviews before and shows none now"]
    assert (page.items, page.listed, page.threads, page.gone, page.bookmark) == ((), (), (), (), {})


def test_a_page_that_never_showed_any_is_a_note(serve: Any) -> None:
    """Whoever sets up a page without descriptions must be told on the first night."""
    page = answered(serve([]), REVIEWS, "<p>Great! *****")
    assert page.notes == (
        "The page shows no reviews that are described for programs (schema.org), so none could be read.",
    )
    assert not page.gaps and not page.listed


GOOD = json.dumps(node())


@pytest.mark.parametrize(
    "script",
    [
        GOOD.replace("Kind", "Kind\n\tand\nclear"),
        f"//<![CDATA[\n{GOOD}\n//]]>",
        f"// <![CDATA[\n{GOOD}\n// ]]>",
        f"/*<![CDATA[*/{GOOD}/*]]>*/",
        f"<!--\n{GOOD}\n-->",
        f"<!--\n{GOOD}\n//-->",
        f"{GOOD};",
        f"//<![CDATA[\n{GOOD};\n//]]>\n",
        f"\ufeff{GOOD}",
        GOOD.replace('"Kind"', '"Kind", "score": NaN, "more": 1e999'),
    ],
)
def test_scripts_that_are_not_quite_json_are_read(serve: Any, script: str) -> None:
    """Of the scripts of real pages that break the rules, most are read all the same."""
    page = answered(serve([]), REVIEWS, html(script))
    assert [item.text.split()[0] for item in page.items] == ["Kind"] and not page.rejected and page.listed
    assert "NaN" not in json.dumps(page.items[0].raw) and "Infinity" not in json.dumps(page.items[0].raw)


@pytest.mark.parametrize("kind", ["Application/LD+JSON", "application/ld+json; charset=utf-8", " application/ld+json "])
def test_a_script_is_known_by_its_type_however_written(serve: Any, kind: str) -> None:
    """As browsers read it."""
    page = answered(
        serve([]), REVIEWS, f'<script type="{kind}">{GOOD}</script><script type="text/x">{GOOD[:9]}</script>'
    )
    assert len(page.items) == 1 and not page.rejected


@pytest.mark.parametrize(
    "script",
    [
        GOOD[:-1],
        "{'@type': 'Review'}",
        "[" * 200_000,
        "[" * 900 + "]" * 900,
        '{"review":' * 150 + GOOD + "}" * 150,
        "9" * 10_000,
        f"<!--{GOOD}" * 5,
        ";" * 100_000,
    ],
    ids=["cut off", "quotes", "open", "deep", "deep review", "number", "comments", "semicolons"],
)
def test_a_hopeless_script_is_kept_and_counted(serve: Any, script: str) -> None:
    """What cannot be read goes to quarantine with its bytes; the rest is read, and nothing is told to be gone."""
    page = answered(serve([]), REVIEWS, html(script, node(author="Mo")))
    assert [item.author_name for item in page.items] == ["Mo"]
    assert [one.raw for one in page.rejected] == [script.strip().encode()]
    assert not page.listed and page.bookmark == {}
    assert not answered(serve([]), REVIEWS, html(script)).notes, "whether there are none is not known"


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (node(reviewBody="half an emoji \ud83d"), "half a character"),
        (node(reviewBody="cut\0here"), "a NUL character"),
        ({"@type": "Review", "author": "Jo"}, "neither a text nor a rating"),
    ],
)
def test_one_broken_review_costs_only_itself(serve: Any, broken: Any, words: str) -> None:
    """Quarantine as data: what cannot be read is kept with its bytes, and the rest goes on."""
    page = answered(serve([]), REVIEWS, html([node(author="A"), broken, node(author="B")]))
    assert [item.author_name for item in page.items] == ["A", "B"]
    assert [words in one.reason for one in page.rejected] == [True] and b"Review" in page.rejected[0].raw
    assert not page.listed


@pytest.mark.parametrize(
    "body",
    [
        "<p>\0</p>" + html(node()),
        html(node()).replace("Kind", "Zoë").replace("utf-8", "iso-8859-1").encode("iso-8859-1"),
        '<?xml version="1.0" encoding="iso-8859-1"?>' + html(node()),
        html(node()).encode("utf-16"),
        html(node(), body="<b>" * 1500),
        "<!-- <p> -->" + html(node(), body="<p>" * 200_000),
        # Some put their scripts behind the end of the page.
        f"<html><head></head><body></body></HTML >\n<script type='application/ld+json'>{json.dumps(node())}</script>",
        html(node(), head="<base href='http://['>", body="<div itemscope><a itemprop=y href='http://['>"),
        html(node(), body="<p itemscope itemtype='http://schema.org/Review' itemprop='review'>"),
    ],
)
def test_no_mark_up_hides_the_reviews(serve: Any, body: str | bytes) -> None:
    """Whatever else is wrong with a page."""
    begin = time.thread_time()
    page = answered(serve([]), REVIEWS, body, Content_Type="text/html")
    assert [item.text for item in page.items] in (["Kind"], ["Zoë"]) and not page.gaps
    assert time.thread_time() - begin < 5


def test_a_page_too_deep_to_be_read_is_a_gap(serve: Any) -> None:
    """What lies behind ten thousand open tags is not read: that must not look like a page without it."""
    page = answered(serve([]), REVIEWS, html(node(), body="<div>" * 10_000 + MORE))
    assert [gap.split(":")[0] for gap in page.gaps] == ["The page is nested too deeply to be read to its end"]
    assert len(page.items) == 1 and not page.listed and page.bookmark == {}


MORE = f'<script type="application/ld+json">{json.dumps(node(author="Mo"))}</script>'


def paged(sandbox: Any, *links: str | None) -> None:
    """Let the sandbox serve pages with these links to the next, each with one review of its own."""
    for n, link in enumerate(links):
        head = f'<link rel="next" href="{link}">' if link else ""
        pattern = "/reviews.html$" if n == 0 else rf"page={n}(?!\d)"
        sandbox.fault(pattern, Answer(200, html(node(author=f"Author {n}"), head=head)), times=None)


def test_pages_that_lead_in_a_circle_end(serve: Any) -> None:
    """Two pages that name each other must not hold the night."""
    sandbox = serve([])
    paged(sandbox, "?page=1", "?page=2#top", f"{SITE}/reviews.html?page=1")
    page = only_page(sandbox, REVIEWS)
    assert len(page.items) == 3 and page.gaps == (
        "The pages of reviews lead in a circle, so we stopped: some may be missing.",
    )
    assert len(sandbox.requests) == 3 and not page.listed


def test_the_same_reviews_behind_ever_new_addresses_end(serve: Any) -> None:
    """A calendar of empty months goes on for ever."""
    sandbox = serve([])
    for n in range(100):
        sandbox.fault("/reviews", Answer(200, html(node(), head=f'<link rel="next" href="?page={n}">')))
    page = only_page(sandbox, REVIEWS)
    assert len(page.items) == 1 and page.gaps and len(sandbox.requests) < 10


def test_ever_more_pages_end(serve: Any) -> None:
    """Some dozens of pages a night are enough; the report says that there are more."""
    sandbox = serve([])
    paged(sandbox, *(f"?page={n}" for n in range(1, 61)))
    page = only_page(sandbox, REVIEWS)
    assert len(page.items) == len(sandbox.requests) == MOST_PAGES
    assert page.gaps == (f"The reviews run over more than {MOST_PAGES} pages: those behind were not read.",)


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/reviews.html?page=1",
        "https://acto.example:8443/reviews.html?page=1",
        "https://acto.example@evil.example/reviews.html?page=1",
        "//evil.example/reviews.html?page=1",
        "javascript:alert(1)",
        # A blog's next article.
        "/2026/11/something-else.html",
    ],
)
def test_no_next_page_elsewhere_is_followed(serve: Any, link: str) -> None:
    """Another host, or the article written next, holds no reviews of this page."""
    sandbox = serve([])
    paged(sandbox, link)
    page = only_page(sandbox, REVIEWS)
    assert len(sandbox.requests) == len(page.items) == 1 and not page.gaps
    assert page.notes == ("The page names a next one that is no part of it, which we did not read.",)


@pytest.mark.parametrize(
    "link", ["?page=1", "/reviews/page=1", "reviews.html?page=1", "http://ACTO.example/reviews.html?page=1#x"]
)
def test_next_pages_of_the_same_list_are_followed(serve: Any, link: str) -> None:
    """However the site writes its links."""
    sandbox = serve([])
    paged(sandbox, link, None)
    assert [item.author_name for item in only_page(sandbox, REVIEWS).items] == ["Author 0", "Author 1"]


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (Answer(503), "answered 503"),
        (Answer(404), "has nothing at this address"),
        (Answer(302, "", {"Location": "/login"}), "sends us on"),
    ],
)
def test_what_is_here_is_kept_when_a_later_page_fails(serve: Any, trouble: Answer, words: str) -> None:
    """Two pages read and one not are worth landing; and nothing on the third may be taken for gone."""
    sandbox = serve(reviews(25))
    sandbox.fault("page=3", trouble, times=None)
    page = only_page(sandbox, REVIEWS)
    assert names(page) == [f"r{n}" for n in reversed(range(5, 25))]
    assert [gap for gap in page.gaps if gap.startswith("Page 3 of the reviews could not be read: ") and words in gap]
    assert len(page.gaps) == 1 and not page.listed and page.bookmark == {}


def test_reviews_within_reviews_are_read(serve: Any) -> None:
    """A thousand of them, each a property of the one before: what is kept of one must still be kept whole."""
    opened = "".join(
        f"<div itemscope itemtype='https://schema.org/Review' itemprop='review'><meta itemprop='name' content='n{n}'>"
        for n in range(1000)
    )
    page = answered(serve([]), REVIEWS, html(body=opened))
    assert len(page.items) == 1000 and not page.rejected and not page.gaps


def test_a_huge_page_does_not_hold_the_night(serve: Any) -> None:
    """Megabytes of mark-up, all of it properties of something."""
    begin = time.thread_time()
    page = answered(serve([]), REVIEWS, html(node(), body="<p itemscope itemprop=a><i itemprop=b>x</i>" * 30_000))
    assert len(page.items) == 1 and time.thread_time() - begin < 5
