"""The web page connector over real HTTP: every review once, in as few calls as can be, and the same one every night."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.sandbox import Answer
from connectors.sandbox.webpage import least_calls
from connectors.source import Window
from tests.connectors.memory import Memory
from tests.connectors.story import BEGIN
from tests.connectors.web_story import (
    REVIEWS,
    a_review,
    answered,
    html,
    may_be_gone,
    names,
    node,
    only_page,
    reviews,
)


def test_every_review_of_every_page_is_read_once(serve: Any) -> None:
    """Each is there twice, for machines of two kinds: it must be one item; and a page behind the first must be read."""
    sandbox = serve(reviews(25))
    page = only_page(sandbox, REVIEWS)
    assert names(page) == [f"r{n}" for n in reversed(range(25))] and page.expected == 25
    assert [call.path for call in sandbox.requests] == ["/reviews.html", "/reviews.html?page=2", "/reviews.html?page=3"]
    assert least_calls(sandbox.world.presence("webpage"), None, ()) == 3
    assert (page.resume, page.gaps, page.rejected, page.notes) == (None, (), (), ())
    assert {thread.id for thread in page.threads} == {item.id for item in page.items}


def test_an_item_says_what_the_checks_need(serve: Any) -> None:
    """Who wrote what, when, how many stars, and where to see it."""
    one = a_review("r0", 3, title="Found them", text='She\'s "great" & <3\nagain &amp; again', rating=5)
    (item,) = only_page(serve([one]), REVIEWS).items
    assert (item.platform, item.kind, item.thread_id, item.parent_id) == ("webpage", "review", item.id, None)
    assert item.text == 'Found them\n\nShe\'s "great" & <3\nagain &amp; again'
    assert (item.author_name, item.rating, item.url) == ("Author of r0", 5, REVIEWS)
    assert item.created_at == datetime(2026, 10, 4, tzinfo=UTC)
    assert item.raw["author"]["name"] == "Author of r0"


def test_an_unchanged_page_costs_one_call_and_tells_nothing(serve: Any) -> None:
    """A "not modified" must not read as "all gone"."""
    sandbox, memory = serve(reviews(3)), Memory()
    memory.remember([only_page(sandbox, REVIEWS)])
    again = only_page(sandbox, REVIEWS, Window(bookmark=memory.bookmark, known=memory))
    assert sandbox.requests[-1].headers["if-none-match"] and len(sandbox.requests) == 2
    assert (again.items, again.gaps, again.listed, again.threads) == ((), (), (), ())
    assert again.notes == ("The page says that nothing on it has changed since it was last read.",)


def test_of_several_pages_all_are_asked(serve: Any) -> None:
    """An unchanged first page says nothing of the second."""
    sandbox = serve(reviews(11))
    assert only_page(sandbox, REVIEWS).bookmark == {}


def test_what_was_left_out_is_not_kept_from_the_next_pass(serve: Any) -> None:
    """After `--until`, an unchanged page still holds what was not asked for then."""
    sandbox = serve(reviews(3))
    assert only_page(sandbox, REVIEWS, Window(until=BEGIN)).bookmark == {}
    assert only_page(sandbox, REVIEWS).bookmark != {}


def test_reviews_that_are_not_in_order_are_read_to_the_end(serve: Any) -> None:
    """The most helpful review is first, of years ago: the new ones are behind it."""
    sandbox = serve([])
    following = '<link rel="next" href="?page=2">'
    sandbox.fault("page=2", Answer(200, html(node(author="New"))), times=None)
    sandbox.fault("/reviews", Answer(200, html(node(), node(datePublished="2020-01-01"), head=following)))
    shuffled = [node(datePublished="2020-05-01"), node(author="Mo"), node(datePublished="2020-01-01")]
    sandbox.fault("/reviews", Answer(200, html(*shuffled, head=following)))
    window = Window(since=datetime(2026, 10, 1, tzinfo=UTC))
    assert [item.author_name for item in only_page(sandbox, REVIEWS, window).items] == ["Jo"]
    assert [item.author_name for item in only_page(sandbox, REVIEWS, window).items] == ["Mo", "New"]


def test_reading_stops_at_what_is_older_than_the_window(serve: Any) -> None:
    """A nightly pass must not walk through years of reviews; but a review that is due again is read where it is."""
    sandbox, memory = serve(reviews(45)), Memory()
    window = Window(since=BEGIN + timedelta(days=32), known=memory)
    page = only_page(sandbox, REVIEWS, window)
    assert names(page) == [f"r{n}" for n in reversed(range(32, 45))], "also the one of the window's first day"
    assert len(sandbox.requests) == least_calls(sandbox.world.presence("webpage"), window.since, ()) == 2
    assert [str(one.since) for one in page.listed] == ["2026-11-02 00:00:00+00:00"] and page.expected is None
    old = next(item for item in memory.remember([only_page(sandbox, REVIEWS)])[0].items if item.text.endswith("r12"))
    sandbox.requests.clear()
    memory.scheduled = {old.id}
    assert old.id in {item.id for item in only_page(sandbox, REVIEWS, window).items}
    assert len(sandbox.requests) == least_calls(sandbox.world.presence("webpage"), window.since, {"r12"}) == 4


def test_an_edit_is_an_edit_of_the_same_review(serve: Any) -> None:
    """A changed text must not look like one review gone and another come."""
    edits = [{"at": "2026-10-05T12:00:00Z", "text": "Changed to r1"}]
    rows = reviews(3)
    rows[1]["edits"] = edits
    sandbox = serve(rows)
    sandbox.at(BEGIN.date().replace(day=4))
    before = only_page(sandbox, REVIEWS)
    sandbox.at(BEGIN.date().replace(day=6))
    after = only_page(sandbox, REVIEWS)
    assert [item.id for item in after.items] == [item.id for item in before.items]
    assert [item.text for item in after.items if item.text.startswith("Changed")] == ["Changed to r1"]


def test_a_review_that_was_taken_away_is_told(serve: Any) -> None:
    """A page that shows as many reviews as it counts shows all: what is missing is gone."""
    rows = reviews(12)
    rows[0]["deleted"] = "2026-10-20T12:00:00Z"
    sandbox = serve(rows)
    sandbox.at(BEGIN.date().replace(day=19))
    gone = only_page(sandbox, REVIEWS).items[-1]
    sandbox.at(BEGIN.date().replace(day=21))
    page = only_page(sandbox, REVIEWS)
    assert gone.id not in {item.id for item in page.items} and may_be_gone(page, gone)


@pytest.mark.parametrize(
    ("counted", "told"),
    [(2, True), ("2", True), ("1,204", False), (None, True)],
)
def test_a_page_that_shows_fewer_than_it_counts_tells_of_no_deletion(serve: Any, counted: Any, told: bool) -> None:
    """A page that shows a choice of its reviews shows others tomorrow."""
    place = {"@type": "LocalBusiness", "review": [node(datePublished="2026-11-09"), node()]}
    if counted:
        place["aggregateRating"] = {"reviewCount": counted}
    page = answered(serve([]), REVIEWS, html(place))
    assert bool(page.listed) is told
    assert page.expected == (int(str(counted).replace(",", "")) if counted else None)
    assert page.notes == (() if told else ("The page counts 1,204 reviews and shows 2 of them.",))


def test_a_page_that_does_not_count_tells_back_to_its_oldest_review(serve: Any) -> None:
    """It may show only the newest: what is older than those it shows has merely moved off it."""
    shown = [node(datePublished="2026-11-09"), node(datePublished="2026-11-03"), node()]
    sandbox = serve([])
    page = answered(sandbox, REVIEWS, html(shown))
    assert [str(one.since) for one in page.listed] == ["2026-11-01 00:00:00.000001+00:00"]
    assert not answered(sandbox, REVIEWS, html(shown[::-1])).listed, "what is not in order may be a choice"
    assert not answered(sandbox, REVIEWS, html([*shown, node(datePublished="")])).listed


@pytest.mark.parametrize(
    "document",
    [
        node(),
        [node()],
        {"@graph": [{"@type": "WebPage"}, node()]},
        {"@type": "Product", "review": node()},
        {"@type": ["Product", "Thing"], "review": [node()]},
        {"@type": "Review", "itemReviewed": {"@type": "Product", "review": node()}, "@id": "#only-a-name"} | node(),
        {"@type": "ItemList", "itemListElement": [{"item": {"subjectOf": {"reviews": [node()]}}}]},
        node(**{"@type": "https://schema.org/Review"}),
        node(**{"@type": "schema:UserReview"}),
        node(**{"@type": ["CriticReview", "CreativeWork"]}),
        {"@graph": [{"review": {"@id": "#r"}}, {"@id": "#r"} | node(), {"@type": "Review", "@id": "#r"}]},
    ],
)
def test_reviews_are_found_wherever_they_are(serve: Any, document: Any) -> None:
    """Every site has its own idea of where reviews go."""
    page = answered(serve([]), REVIEWS, html(document))
    assert [item.text for item in page.items] == ["Kind"] and not page.rejected


@pytest.mark.parametrize(
    "document",
    [
        {"@type": "ClaimReview", "reviewBody": "x"},
        {"@type": "Reviewer"},
        {"review": "x"},
        {"@type": 7},
        None,
        False,
        '"x"',
    ],
)
def test_what_is_no_review_is_none(serve: Any, document: Any) -> None:
    """Fact checks and menus are nobody's opinion of ACTO."""
    page = answered(serve([]), REVIEWS, html(document))
    assert not page.items and not page.rejected
    assert page.notes == (
        "The page shows no reviews that are described for programs (schema.org), so none could be read.",
    )


@pytest.mark.parametrize(
    ("author", "read", "link"),
    [
        ("Jo", "Jo", None),
        ({"@type": "Person", "name": " Jo &amp; Mo "}, "Jo & Mo", None),
        ({"name": "Jo", "url": "https://x.example/jo"}, "Jo", "https://x.example/jo"),
        ({"name": "Jo", "url": "javascript:alert(1)"}, "Jo", None),
        ([{"name": "Jo"}, "Mo"], "Jo, Mo", None),
        ({"name": ["Jo", "Joanna"]}, "Jo", None),
        ({"name": {"@value": "Jo"}}, "Jo", None),
        ({"@id": "#jo"}, "Joan", None),
        (None, None, None),
        ({"name": 7}, None, None),
        ([], None, None),
    ],
)
def test_the_author_is_read_in_every_shape(serve: Any, author: Any, read: str | None, link: str | None) -> None:
    """Whether the author is a member decides what a check says."""
    document = [node(author=author), {"@id": "#jo", "@type": "Person", "name": "Joan"}]
    (item,) = answered(serve([]), REVIEWS, html(document)).items
    assert (item.author_name, item.author_id) == (read, link)


@pytest.mark.parametrize(
    ("rating", "read"),
    [
        ({"ratingValue": "4"}, 4),
        ({"ratingValue": 4, "bestRating": None}, 4),
        ({"ratingValue": "4,5"}, 4.5),
        ({"ratingValue": "8", "bestRating": "10"}, 4.11),
        ({"ratingValue": 50, "bestRating": 100, "worstRating": 0}, 3),
        ({"ratingValue": "1", "bestRating": "5", "worstRating": "1"}, 1),
        ("3", 3),
        ([{"ratingValue": 2}], 2),
        ({"@id": "#stars"}, 5),
        # Not on its scale, or no number.
        ({"ratingValue": 9}, None),
        ({"ratingValue": 0}, None),
        ({"ratingValue": "4", "bestRating": "many"}, None),
        ({"ratingValue": 1, "bestRating": 1}, None),
        ({"ratingValue": True}, None),
        ({"ratingValue": "nan"}, None),
        ({"ratingValue": "good"}, None),
        ({"ratingValue": 10**400}, None),
        ({"ratingValue": []}, None),
        ({}, None),
        (None, None),
    ],
)
def test_ratings_are_mapped_to_one_to_five(serve: Any, rating: Any, read: float | None) -> None:
    """Eight of ten is no eight stars, and a rating that makes no sense is none."""
    document = [node(reviewRating=rating), {"@id": "#stars", "@type": "Rating", "ratingValue": 5}]
    (item,) = answered(serve([]), REVIEWS, html(document)).items
    assert item.rating == read


@pytest.mark.parametrize(
    ("dates", "created", "edited"),
    [
        ({"datePublished": "2026-11-01"}, "2026-11-01 00:00:00+00:00", "None"),
        ({"datePublished": "2026-11-01T09:00:00+01:00"}, "2026-11-01 08:00:00+00:00", "None"),
        ({"datePublished": "", "dateCreated": "2026-11-02"}, "2026-11-02 00:00:00+00:00", "None"),
        (
            {"datePublished": "2026-11-01", "dateModified": "2026-11-03"},
            "2026-11-01 00:00:00+00:00",
            "2026-11-03 00:00:00+00:00",
        ),
        ({"datePublished": "last week"}, "None", "None"),
        ({"datePublished": 20261101}, "None", "None"),
        ({"datePublished": None}, "None", "None"),
    ],
)
def test_dates_are_read_in_utc_or_not_at_all(serve: Any, dates: Any, created: str, edited: str) -> None:
    """A review without a date, or with one that is none, is still a review."""
    (item,) = answered(serve([]), REVIEWS, html(node(**dates))).items
    assert (str(item.created_at), str(item.edited_at)) == (created, edited)


def test_entities_are_resolved_once(serve: Any) -> None:
    """Checks judge words, not mark-up; what somebody wrote about mark-up stays."""
    body = "It&#039;s &quot;fine&quot;<br>&amp;lt;3 & <b>bold</b> &lt;i&gt;"
    (item,) = answered(serve([]), REVIEWS, html(node(reviewBody=body))).items
    assert item.text == 'It\'s "fine"\n&lt;3 & bold <i>'


MICRODATA = """
<div itemscope itemtype="http://schema.org/Product"><meta itemprop="name" content="Talk">
<div itemprop="aggregateRating" itemscope itemtype="http://schema.org/AggregateRating"><b itemprop="reviewCount">1</b></div>
<div itemprop="review" itemscope itemtype="http://schema.org/Review">
<p itemprop="reviewBody">Kind &amp;amp; <i>clear</i><br>to me<script>x</script></p>
<div itemprop="reviewRating" itemscope itemtype="http://schema.org/Rating"><meta itemprop="worstRating" content="1">
<span itemprop="ratingValue">8</span>/<span itemprop="bestRating">10</span></div>
<span itemprop="author" itemscope itemtype="http://schema.org/Person"><span itemprop="name">Jo</span>
<a itemprop="url" href="/people/jo">x</a></span>
<time itemprop="datePublished" datetime="2026-11-01">1 November</time></div></div>
"""


def test_microdata_is_read_like_json_ld(serve: Any) -> None:
    """Older directories describe reviews in their mark-up only."""
    page = answered(serve([]), REVIEWS, html(body=MICRODATA))
    (item,) = page.items
    assert item.text == "Kind &amp; clear\nto me"
    assert (item.author_name, item.author_id, item.rating) == ("Jo", "https://acto.example/people/jo", 4.11)
    assert (str(item.created_at), page.expected) == ("2026-11-01 00:00:00+00:00", 1) and page.listed


@pytest.mark.parametrize(
    ("other", "count"),
    [
        (node(reviewBody="Kind & clear to me", description="x"), 1),
        # Cut short in one of the two: the same author on the same day.
        (node(reviewBody="Kind…"), 1),
        # Nothing but the text in one of the two.
        (node(reviewBody="KIND &amp;amp; clear to me", author=None, datePublished=None), 1),
        (node(reviewBody="Kind &amp;amp; clear to me", author="Mo"), 2),
        (node(reviewBody="Kind &amp;amp; clear to me", datePublished="2026-11-02"), 2),
        (node(reviewBody="Other", author="Mo"), 2),
    ],
)
def test_a_review_described_twice_is_one(serve: Any, other: Any, count: int) -> None:
    """The same words in two formats must not be flagged twice; and two people's words must not become one's."""
    assert len(answered(serve([]), REVIEWS, html(other, other, body=MICRODATA)).items) == count


def test_a_review_with_a_tail_is_the_same_review(serve: Any) -> None:
    """As on a real page: no date, and in the mark-up the words of a button behind the text."""
    long = "They listened for an hour and then said one thing, which was the right thing."
    marked = (
        f"<div itemscope itemtype='http://schema.org/Review'><p itemprop='reviewBody'>{long}<b>Read more</b></p></div>"
    )
    other = node(reviewBody=long, author="Mo", datePublished=None)
    assert len(answered(serve([]), REVIEWS, html(other, body=marked)).items) == 1
    assert len(answered(serve([]), REVIEWS, html(other | {"reviewBody": long[:30]}, body=marked)).items) == 2


def test_the_id_stays_while_author_and_day_tell_a_review(serve: Any) -> None:
    """Sorting, paging, https or www in the address, stars and words may change: it is the same review."""
    sandbox = serve([])

    def identity(**more: Any) -> str:
        return answered(sandbox, REVIEWS, html(node(**more))).items[0].id

    one = identity()
    assert identity(reviewBody="Changed", reviewRating="1", datePublished="2026-11-01T10:00:00Z") == one
    assert identity(author=" JO ") == one
    for url in (f"{REVIEWS}?sort=new", "http://www.acto.example/reviews.html"):
        sandbox.fault("", Answer(200, html(node())))
        assert only_page(sandbox, url).items[0].id == one
    assert len({one, identity(author="Mo"), identity(datePublished="2026-11-02")}) == 3
    assert identity(author=None) != identity(author=None, reviewBody="Changed")


def test_two_reviews_by_one_author_on_one_day_are_two(serve: Any) -> None:
    """They are told apart by their words, whatever their order."""
    sandbox, pair = serve([]), [node(), node(reviewBody="More")]
    first, second = (answered(sandbox, REVIEWS, html(shown)).items for shown in (pair, pair[::-1]))
    assert len({item.id for item in first}) == 2 and {item.id for item in first} == {item.id for item in second}


def test_a_second_anonymous_review_of_a_day_takes_nothing_from_the_first(serve: Any) -> None:
    """On health sites half of the authors are "Anonymous": a new one must not make an older one look deleted."""
    nobody = {"id": None, "name": "Anonymous", "handle": None}
    first = a_review("r0", 0, author=nobody)
    memory = Memory()
    (known,) = memory.remember([only_page(serve([first]), REVIEWS)])[0].items
    page = only_page(serve([first, a_review("r1", 0, author=nobody)]), REVIEWS, Window(known=memory))
    assert {item.text: item.id == known.id for item in page.items} == {"This is r0": True, "This is r1": False}


def test_only_addresses_of_the_web_become_links(serve: Any) -> None:
    """The report must not hand the Chair a link that runs a script."""
    sandbox = serve([])
    for written, read in (
        ("javascript:alert(1)", REVIEWS),
        ("https://x.example/1", "https://x.example/1"),
        (7, REVIEWS),
    ):
        (item,) = answered(sandbox, REVIEWS, html(node(url=written))).items
        assert item.url == read
