"""The LinkedIn connector when things go wrong: what the report says, and that nothing is lost, leaked or wrongly gone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

import pytest

from connectors import linkedin
from connectors.errors import PassOver, Refused, SourceError, Transient
from connectors.item import Gone, Page, ThreadRead
from connectors.sandbox import Answer, Sandbox
from connectors.sandbox.linkedin.refusals import REFUSALS, nothing, refusal
from connectors.sandbox.linkedin.resources import OWN
from connectors.source import Window
from tests.connectors.linkedin_story import (
    MENTION,
    calls,
    comment_row,
    comment_urn,
    connect,
    linkedin_source,
    mention_row,
    page_rows,
    pages,
    place_urn,
    post_row,
    post_urn,
    reply_urn,
)
from tests.connectors.memory import Memory
from tests.connectors.story import Pauses, all_words_of, items

TOKEN = "canary-token-of-nobody-4711"
OCTOBER, NEXT = date(2026, 10, 20), date(2026, 10, 21)
SINCE = datetime(2026, 10, 19, tzinfo=UTC)
FEED = "/organizationalEntityNotifications"


def of(read: list[Page], part: str) -> list[Any]:
    """All entries of one part of the pages."""
    return [one for page in read for one in getattr(page, part)]


def known_page(serve: Any, rows: list[dict[str, Any]]) -> tuple[Any, Memory]:
    """A sandbox whose state of OCTOBER is known, shown as of NEXT."""
    sandbox, known = serve(rows), Memory()
    sandbox.at(OCTOBER)
    known.remember(pages(sandbox, Window(known=known)))
    sandbox.at(NEXT)
    sandbox.requests.clear()
    return sandbox, known


def next_night(sandbox: Any, known: Memory) -> list[Page]:
    """The pass of the night after."""
    return list(pages(sandbox, Window(since=SINCE, known=known, bookmark=known.bookmark)))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("expiredToken", "has run out, as each does after 60 days: renew it .docs/access/linkedin.md."),
        ("revokedToken", "has withdrawn it.*ACTO_LINKEDIN_TOKEN"),
        ("invalidToken", "does not accept the token.*ACTO_LINKEDIN_TOKEN"),
        ("emptyToken", "does not accept the token.*ACTO_LINKEDIN_TOKEN"),
        ("accessDenied", "needs the permission r_organization_social_feed"),
        ("notFound", "look at organization_id in acto.toml"),
        ("illegalArgument", "look at organization_id and version"),
        ("versionGone", "version 202610 of its interface any more: set version in this source's part of acto.toml"),
        ("versionMissing", "set version in this source's part of acto.toml"),
        ("dayLimit", "begins anew at midnight UTC"),
    ],
)
def test_a_refusal_says_what_to_do(serve: Any, name: str, words: str) -> None:
    """A human must be able to mend it from the report alone; and it is not tried again in vain."""
    sandbox = serve(page_rows(comments={0: 1}))
    sandbox.fault(r"/rest/posts\?", refusal(name), times=None)
    with pytest.raises(Refused, match=words):
        list(pages(sandbox))
    assert calls(sandbox) == ["organization", "notifications", "posts"]


def test_the_limit_of_the_day_ends_the_pass_wherever_it_strikes(serve: Any) -> None:
    """A 429 for the day is no 429 for a moment: four tries of each of 50 threads would all be in vain."""
    sandbox = serve(page_rows(posts=50))
    sandbox.fault("/comments", refusal("dayLimit"), times=None, after=2)
    read: list[Page] = []
    with pytest.raises(Refused, match="midnight UTC"):
        for page in pages(sandbox):
            read.append(page)
    assert calls(sandbox).count("comments") == 3 and len(of(read, "threads")) == 2
    assert read[-1].resume is not None
    assert not of(read, "gaps"), "the next night reads it, and must not say that it was not read"


@pytest.mark.parametrize("name", ["tooFast", "internalError"])
def test_a_hiccup_is_waited_out(serve: Any, name: str) -> None:
    """Too many calls at a time or a short failure must not cost the night."""
    sandbox = serve(page_rows(comments={0: 1}))
    sandbox.fault("/comments", refusal(name), times=2)
    assert set(items(list(pages(sandbox)))) == {post_urn(0), comment_urn(0, 0)}


def test_a_lasting_failure_is_transient(serve: Any) -> None:
    """The flow tries such a source again later the same night."""
    sandbox = serve(page_rows())
    sandbox.fault(r"/rest/posts\?", refusal("internalError"), times=None)
    with pytest.raises(Transient, match="answered 500, 4 times"):
        list(pages(sandbox))


@pytest.mark.parametrize("name", sorted(REFUSALS))
@pytest.mark.parametrize("path", ["/organizations", FEED, r"/posts\?", "/posts/", "/comments", "/comments/"])
def test_no_refusal_escapes_as_something_else(serve: Any, name: str, path: str) -> None:
    """Whatever LinkedIn answers wherever, the flow gets a sentence or a page, and nothing is gone unless it was asked for."""
    sandbox, known = known_page(
        serve, [*page_rows(posts=3, comments={0: 1, 1: 2, 2: 3}), mention_row(undecorated=True)]
    )
    sandbox.fault(path, refusal(name), times=None)
    known.scheduled = {post_urn(n) for n in range(3)}
    known.bookmark = None
    read: list[Page] = []
    try:
        for page in pages(sandbox, Window(since=SINCE, known=known)):
            read.append(page)
    except SourceError as error:
        assert str(error).endswith((".", ")"))
    assert not of(read, "gone") or name == "notFound"
    assert all(sentence.endswith((".", ")")) for sentence in of(read, "gaps") + of(read, "notes"))


def test_a_wrong_token_is_refused_and_never_shown(serve: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The token must not turn up in a URL, an error or a log, right or wrong."""
    sandbox = serve(page_rows())
    wrong = linkedin_source(sandbox, secret=TOKEN)
    sandbox.fault("/organizations", Answer(403, f"token {TOKEN} may not"))
    with caplog.at_level("DEBUG"), linkedin.connect(wrong) as http, pytest.raises(Refused) as caught:
        list(linkedin.read(wrong, Window(), http))
    assert "rest" in caplog.text and TOKEN not in caplog.text + all_words_of(caught.value)
    assert not [call for call in sandbox.requests if TOKEN in call.path]


def test_a_token_of_the_wrong_role_deletes_nothing(serve: Any) -> None:
    """A RECRUITING_POSTER gets every list with status 200, and empty: all posts and comments would look deleted."""
    sandbox, known = known_page(serve, page_rows(posts=3, comments={0: 2}))
    known.scheduled = {post_urn(0), post_urn(1)}
    sandbox.fault("/rest/", nothing(), times=None)
    read = next_night(sandbox, known)
    assert "lost the role of administrator" in of(read, "gaps")[0] and "docs/access/linkedin.md" in of(read, "gaps")[0]
    assert not of(read, "listed") and not of(read, "threads") and not of(read, "gone")
    assert read[-1].resume is None and read[-1].bookmark is None
    assert calls(sandbox) == ["notifications", "posts"], "what such a token says of threads is worth no call"


def test_a_page_without_posts_is_told_as_what_it_may_be(serve: Any) -> None:
    """On the first night nobody knows better: the note says where to look."""
    read = list(pages(serve([])))
    assert not of(read, "gaps") and "lacks the role of administrator" in of(read, "notes")[0] and not of(read, "listed")


def test_no_comments_where_there_were_some_is_a_gap(serve: Any) -> None:
    """A thread shown as empty is not a thread that was emptied, as long as its comments answer by themselves or at all."""
    for path, answer, kept in (
        ("/comments\\?", nothing(), {comment_urn(0, 1), comment_urn(0, 0)}),
        ("/comments", nothing(), set()),
    ):
        sandbox, known = known_page(serve, page_rows(comments={0: 2}))
        known.scheduled = {post_urn(0)}
        sandbox.fault(path, answer, times=None)
        read = list(pages(sandbox, Window(known=known, bookmark=known.bookmark)))
        assert set(items(read)) - {post_urn(0)} == kept and not of(read, "gone")
        assert bool(of(read, "threads")) == bool(kept) and bool(of(read, "gaps")) != bool(kept)


def test_missing_comments_are_asked_for_by_their_urn(serve: Any) -> None:
    """Without notifications, an empty thread and a deleted comment can be told apart only so."""
    deleted = comment_row(0, 0, deleted="2026-10-20T12:00:00Z")
    sandbox, known = known_page(serve, [post_row(0), deleted])
    known.scheduled = {post_urn(0)}
    sandbox.fault(FEED, refusal("accessDenied"), times=None)
    read = list(pages(sandbox, Window(known=known, bookmark=known.bookmark)))
    assert of(read, "gone") == [Gone(comment_urn(0, 0), "removed")] and not of(read, "gaps")
    assert of(read, "threads") == [ThreadRead(post_urn(0), 0)]
    place = place_urn(0).replace(":", "%3A")
    assert sandbox.requests[-1].path == f"/rest/socialActions/{place}/comments/7300000000000000000"


def test_not_being_an_administrator_is_a_note_that_says_what_is_lost(serve: Any) -> None:
    """The schedule alone decides then; that is no failure each night anew."""
    sandbox, known = known_page(serve, [*page_rows(posts=2, comments={0: 1}), mention_row()])
    known.scheduled = {post_urn(0)}
    sandbox.fault(FEED, refusal("accessDenied"), times=None)
    read = next_night(sandbox, known)
    assert not of(read, "gaps") and "mentions by others are not seen" in of(read, "notes")[0]
    assert {thread.id for thread in of(read, "threads")} == {post_urn(0)}
    assert read[-1].bookmark and known.bookmark
    assert read[-1].bookmark["notified_until"] == known.bookmark["notified_until"]


def test_notifications_that_break_off_are_read_again(serve: Any) -> None:
    """What was told on the page that failed would never be told again."""
    late = [comment_row(0, n, minutes=19 * 1440 + 600 + n) for n in range(5, 155)]
    sandbox, known = known_page(serve, [*page_rows(posts=2), *late])
    sandbox.fault(f"{FEED}.*start=100", refusal("internalError"), times=4)
    read = next_night(sandbox, known)
    assert "notifications could not be read" in of(read, "gaps")[0]
    assert read[-1].bookmark and known.bookmark
    assert read[-1].bookmark["notified_until"] == known.bookmark["notified_until"]


@pytest.mark.parametrize(
    "body", ["<html>We'll be right back</html>", "", b"\xff\xfe", "[" * 100_000, "9" * 10_000, "null", []]
)
@pytest.mark.parametrize("path", [r"/rest/posts\?", "/comments"])
def test_an_answer_that_is_no_answer_is_not_an_empty_page(serve: Any, path: str, body: Any) -> None:
    """A page of HTML with status 200 must never read as "no comments": all would look deleted."""
    sandbox, known = known_page(serve, page_rows(comments={0: 2}))
    known.scheduled = {post_urn(0)}
    sandbox.fault(path, Answer(200, body), times=None)
    read: list[Page] = []
    try:
        for page in pages(sandbox, Window(known=known, bookmark=known.bookmark)):
            read.append(page)
    except Transient as trouble:
        assert "not what we asked for" in str(trouble)
    else:
        assert "not what we asked for" in of(read, "gaps")[0]
    assert not of(read, "threads") and not of(read, "gone")


@pytest.mark.parametrize("body", [{}, {"elements": "none"}, {"status": 403}, {"elements": None, "paging": []}])
def test_a_list_without_elements_is_no_list(serve: Any, body: Any) -> None:
    """LinkedIn's own client hands such an answer on as if it were empty."""
    sandbox = serve(page_rows())
    sandbox.fault(r"/rest/posts\?", Answer(200, body), times=None)
    with pytest.raises(Transient, match="not what we asked for"):
        list(pages(sandbox))


@pytest.mark.parametrize("body", ["<html>", [], {"error": "no"}, {"serviceErrorCode": "x", "code": 7}])
def test_a_refusal_without_a_code_is_still_a_sentence(serve: Any, body: Any) -> None:
    """Proxies and bad days answer 403 with anything."""
    sandbox = serve(page_rows())
    sandbox.fault(r"/rest/posts\?", Answer(403, body), times=None)
    with pytest.raises(Refused, match="r_organization_social_feed"):
        list(pages(sandbox))


def test_a_redirect_is_not_followed(serve: Any) -> None:
    """The token goes to LinkedIn alone."""
    sandbox = serve(page_rows())
    sandbox.fault(r"/rest/posts\?", Answer(302, "", {"Location": "http://127.0.0.1:9/rest/posts"}), times=None)
    with pytest.raises(Transient, match="could not process our call: 302"):
        list(pages(sandbox))


def test_a_hanging_server_does_not_hold_the_night(serve: Any) -> None:
    """LinkedIn's own client waits for ever; silence must end in a sentence."""
    sandbox = serve(page_rows())
    sandbox.fault(r"/rest/posts\?", delay=5, times=None)
    source = linkedin_source(sandbox)
    with (
        linkedin.connect(source, timeout=(1, 0.1), sleep=Pauses()) as http,
        pytest.raises(Transient, match="did not answer in time"),
    ):
        list(linkedin.read(source, Window(), http))


def test_one_threads_failing_is_a_gap_that_names_it(serve: Any) -> None:
    """One broken thread must not cost the others, and the report must say which one."""
    sandbox = serve(page_rows(posts=4, comments={0: 1, 1: 1, 2: 1, 3: 1}))
    sandbox.fault(f"{post_urn(1)[-5:]}/comments", refusal("internalError"), times=None)
    sandbox.fault(f"{post_urn(2)[-5:]}/comments", refusal("accessDenied"), times=None)
    read = list(pages(sandbox))
    assert [gap.split(" could")[0] for gap in of(read, "gaps")] == [
        f"The comments on the LinkedIn post {post_urn(n)}" for n in (2, 1)
    ]
    assert {thread.id for thread in of(read, "threads")} == {post_urn(0), post_urn(3)}


def test_comments_that_are_refused_throughout_end_the_pass(serve: Any) -> None:
    """A token without the permission for comments would spend the day's calls on 403s; the posts are kept."""
    sandbox = serve(page_rows(posts=50, comments={0: 1}))
    sandbox.fault("/comments", refusal("accessDenied"), times=None)
    read: list[Page] = []
    with pytest.raises(Refused, match="r_organization_social_feed"):
        for page in pages(sandbox):
            read.append(page)
    assert len(items(read)) == 50 and calls(sandbox).count("comments") == 3


def test_what_is_here_is_kept_when_the_pass_breaks_off(serve: Any) -> None:
    """A limit that strikes among the replies must not throw away the comments that are already here."""
    rows = page_rows(posts=3, comments={1: 9}, replies={(1, 0): 2, (1, 5): 2})
    sandbox = serve(rows)
    sandbox.fault("comment%3A.*/comments", refusal("internalError"), times=None)
    sandbox.fault("00000/comments", drop=True, times=None)
    known, read = Memory(), list[Page]()
    sandbox.fault("/comments", drop=True, times=None, after=100)
    for page in pages(sandbox, Window(known=known)):
        read.append(page)
    assert {comment_urn(1, n) for n in range(9)} <= set(items(read)) and len(of(read, "gaps")) == 2
    known.remember(read)
    sandbox.faults.clear()
    known.remember(pages(sandbox, Window(known=known, resume=read[0].resume)))
    assert set(known.items) == {row["id"] for row in rows}


def test_replies_that_break_off_the_pass_leave_a_page(serve: Any) -> None:
    """The same where no further call may be made at all."""
    sandbox = serve(page_rows(posts=1, comments={0: 9}, replies={(0, 5): 2}))
    sandbox.fault("comment%3A.*/comments", refusal("dayLimit"), times=None)
    read: list[Page] = []
    with pytest.raises(Refused, match="midnight UTC"):
        for page in pages(sandbox):
            read.append(page)
    assert len(items(read)) == 10 and not of(read, "gaps") and not of(read, "threads")
    assert read[-1].resume == read[0].resume


def test_an_entry_that_is_none_costs_the_others_nothing(serve: Any) -> None:
    """One broken comment is counted and put aside; without an id it leaves its thread unfinished, with one it does not."""
    sandbox = serve(page_rows(comments={0: 3}))
    with connect(sandbox) as http:
        list(linkedin.read(linkedin_source(sandbox), Window(), http))
        address = f"{linkedin.HOST}{sandbox.requests[-1].path}"
        headers = {"Linkedin-Version": "202610", "X-Restli-Protocol-Version": "2.0.0"}
        good = http.request("GET", address, headers=headers).json()
    first = good["elements"][0]
    for broken, whole in (
        ({**first, "message": {"text": "half \ud83d"}}, True),
        ({**first, "created": {"time": "yesterday"}}, True),
        ({**first, "created": {"time": 10**30}}, True),
        ({**first, "message": {"text": 7}}, True),
        ({"message": {"text": "who?"}}, False),
        ({**first, "commentUrn": "urn:li:comment:(urn:li:activity:1,../../2)"}, False),
        (None, False),
        (7, False),
    ):
        sandbox.fault("/comments", Answer(200, good | {"elements": [broken, *good["elements"][1:]]}), times=1)
        read = list(pages(sandbox))
        assert len(items(read)) == 3 and len(of(read, "rejected")) == 1
        assert of(read, "rejected")[0].reason.startswith("A LinkedIn comment could not be read: ")
        assert bool(of(read, "rejected")[0].id) == bool(of(read, "threads")) == whole


def test_replies_that_are_named_but_not_counted_are_read(serve: Any) -> None:
    """LinkedIn leaves fields out: a comment without counters would look as if nobody had answered it."""
    sandbox = serve(page_rows(comments={0: 1}, replies={(0, 0): 2}))
    found = {**_comments_of(sandbox)[0], "commentsSummary": {"selectedComments": [reply_urn(0, 0, 0)]}}
    sandbox.fault(f"{quote(post_urn(0), safe='')}/comments", Answer(200, {"elements": [found]}))
    assert len(items(list(pages(sandbox)))) == 4


def test_comments_without_a_urn_are_not_taken_for_one_another(serve: Any) -> None:
    """Older answers name a comment by its number, some as a number: all but one of them would be lost in silence."""
    sandbox = serve(page_rows(comments={0: 1}))
    entry = {"created": {"time": 1790000000000}, "message": {"text": "Hello"}, "object": place_urn(0)}
    numbered = [{**entry, "id": "11"}, {**entry, "id": 7095684947448897536}, {**entry, "id": 7095684947448897537}]
    answer = {"elements": [*numbered, entry, {**entry, "id": None}, {**entry, "id": ""}]}
    sandbox.fault("/comments", Answer(200, answer))
    read = list(pages(sandbox))
    numbers = ("11", "7095684947448897536", "7095684947448897537")
    assert set(items(read)) == {post_urn(0), *(f"urn:li:comment:({place_urn(0)},{number})" for number in numbers)}
    assert len(of(read, "rejected")) == 3 and not of(read, "threads")


@pytest.mark.parametrize("name", ["urn:li:share:1/../../organizations/1", "../posts", "7", "", None, 7])
def test_a_post_whose_id_is_none_is_put_aside(serve: Any, name: Any) -> None:
    """An id from outside goes into addresses: what is no URN goes nowhere, and the list is not whole."""
    sandbox = serve(page_rows())
    entry = {"id": name, "lifecycleState": "PUBLISHED", "commentary": "Hello", "createdAt": 1790000000000}
    answer = {"elements": [entry], "paging": {"start": 0, "count": 100, "links": [], "total": 1}}
    sandbox.fault(r"/rest/posts\?", Answer(200, answer))
    read = list(pages(sandbox))
    assert len(of(read, "rejected")) == 1 and not of(read, "listed")
    assert calls(sandbox) == ["organization", "notifications", "posts"]


def test_a_due_thread_that_is_no_post_makes_no_address(serve: Any) -> None:
    """Imports land threads under names that LinkedIn never gave."""
    sandbox, known = known_page(serve, page_rows())
    known.scheduled = {"../../x", "line-7"}
    next_night(sandbox, known)
    assert calls(sandbox) == ["notifications", "posts"]


def test_short_pages_go_on_as_long_as_there_is_a_link(serve: Any) -> None:
    """What the token may not see is left out of a page; LinkedIn's own client loses the link to the next one."""
    sandbox = serve(page_rows(posts=1, comments={0: 1}))
    entry = {
        "created": {"time": 1790000000000},
        "message": {"text": "Hello"},
        "actor": "urn:li:person:x",
        "object": place_urn(0),
    }
    link = {"rel": "next", "type": "application/json", "href": "/rest/x?count=100&start={}"}
    for start, links in ((100, [{**link, "href": "https://elsewhere.example/?start=250"}]), (250, [])):
        found = [{**entry, "id": str(start)}]
        answer = {"elements": found, "paging": {"start": start, "count": 100, "links": links}}
        sandbox.fault(f"/comments.*start={start}", Answer(200, answer))
    first = {"elements": [], "paging": {"start": 0, "count": 100, "links": [{**link, "href": "/rest/x"}]}}
    sandbox.fault("/comments", Answer(200, first))
    read = list(pages(sandbox))
    assert len(items(read)) == 3 and calls(sandbox).count("comments") == 3
    assert [call.path.split("start=")[1] for call in sandbox.requests[3:]] == [f"{n}&count=100" for n in (0, 100, 250)]


def test_a_full_page_without_a_word_on_paging_is_not_the_last(serve: Any) -> None:
    """Neither total nor links: then only a page that is not full ends the list."""
    sandbox = serve(page_rows(posts=1, comments={0: 130}))
    with connect(sandbox) as http:
        list(linkedin.read(linkedin_source(sandbox), Window(), http))
        headers = {"Linkedin-Version": "202610", "X-Restli-Protocol-Version": "2.0.0"}
        for call in [call for call in sandbox.requests if "/comments" in call.path]:
            body = http.request("GET", f"{linkedin.HOST}{call.path}", headers=headers).json()
            sandbox.fault(call.path.replace("?", r"\?"), Answer(200, {"elements": body["elements"]}))
    read = list(pages(sandbox))
    assert len(items(read)) == 131 and of(read, "threads") == [ThreadRead(post_urn(0), None)]


def _comments_of(sandbox: Sandbox) -> list[Any]:
    """All comments on the first post, as LinkedIn shows them."""
    headers = {"Linkedin-Version": "202610", "X-Restli-Protocol-Version": "2.0.0"}
    found: list[Any] = []
    with connect(sandbox) as http:
        for start in (0, 100):
            path = f"/rest/socialActions/{quote(post_urn(0), safe='')}/comments?start={start}&count=100"
            found += http.request("GET", f"{linkedin.HOST}{path}", headers=headers).json()["elements"]
    sandbox.requests.clear()
    return found


@pytest.mark.parametrize("paging", ["count", "total", "count and total", "links"])
def test_smaller_pages_than_asked_for_leave_nothing_out(serve: Any, paging: str) -> None:
    """A page of 10 where 100 were asked for must not lose the other 90: missing comments would be told as deleted."""
    page, comments = (100, 200) if paging == "links" else (10, 25)
    sandbox = serve(page_rows(posts=1, comments={0: comments}))
    every = _comments_of(sandbox)
    for start in range(0, comments + 1, page):
        told = {
            "count": {"start": start, "count": page},
            "total": {"start": start, "total": comments},
            "count and total": {"start": start, "count": page, "links": [], "total": comments},
            "links": {"start": start, "count": page, "links": []},
        }[paging]
        answer = {"elements": every[start : start + page], "paging": told}
        sandbox.fault(f"/comments.start={start}&", Answer(200, answer), times=None)
    read = list(pages(sandbox))
    assert len(items(read)) == comments + 1 and not of(read, "gaps")
    assert calls(sandbox).count("comments") == 3


def test_a_list_that_leads_nowhere_ends_with_a_gap(serve: Any) -> None:
    """Pages that come again and again must not become an endless loop, nor a whole list."""
    for path, what in ((r"/rest/posts\?", "posts"), ("/comments", "comments"), (FEED, "notifications")):
        sandbox = serve(page_rows(posts=2, comments={0: 2, 1: 2}))
        list(pages(sandbox))
        address = next(call.path for call in sandbox.requests if what.rstrip("s") in call.path.lower())
        headers = {"Linkedin-Version": "202610", "X-Restli-Protocol-Version": "2.0.0"}
        with connect(sandbox) as http:
            body = http.request("GET", f"{linkedin.HOST}{address}", headers=headers).json()
        body["paging"] = {"start": 0, "count": 100, "links": [], "total": 100_000}
        sandbox.fault(path, Answer(200, body), times=None)
        sandbox.requests.clear()
        read = list(pages(sandbox))
        assert f"{what}" in of(read, "gaps")[0] and "again and again" in of(read, "gaps")[0]
        assert len(sandbox.requests) < 20
        assert not of(read, {"posts": "listed", "comments": "threads", "notifications": "gone"}[what])


def test_a_list_that_moved_while_it_was_read_is_not_whole(serve: Any) -> None:
    """A comment deleted between two pages pushes another one over the edge, where it is not seen: it is not gone."""
    for path, part in ((r"/rest/posts\?.*start=100", "listed"), ("/comments.*start=100", "threads")):
        sandbox = serve(page_rows(posts=130, comments={0: 130}))
        list(pages(sandbox, Window(known=Memory())))
        address = next(call.path for call in sandbox.requests if call.path.endswith("start=100&count=100"))
        address = address if part == "listed" else sandbox.requests[-1].path
        headers = {"Linkedin-Version": "202610", "X-Restli-Protocol-Version": "2.0.0"}
        with connect(sandbox) as http:
            body = http.request("GET", f"{linkedin.HOST}{address}", headers=headers).json()
        body["paging"]["total"] -= 1
        body["elements"] = body["elements"][1:]
        sandbox.fault(path, Answer(200, body))
        read = list(pages(sandbox))
        assert len(of(read, "gaps")) == 1 and "while we read" in of(read, "gaps")[0]
        assert post_urn(0) not in {getattr(one, "id", post_urn(0)) for one in of(read, part)}


def test_a_comment_deleted_between_two_calls_is_no_gap(serve: Any) -> None:
    """Its replies were counted a moment ago and are not found now: the thread is not whole, but nothing has failed."""
    sandbox = serve(page_rows(comments={0: 2}, replies={(0, 0): 1}))
    sandbox.fault("comment%3A.*/comments", refusal("notFound"))
    read = list(pages(sandbox))
    assert not of(read, "gaps") and not of(read, "threads") and reply_urn(0, 0, 0) not in items(read)


def test_a_changed_thread_that_cannot_be_named_is_said(serve: Any) -> None:
    """A notification without its decoration has only the place in the feed: known comments tell which post stands there."""
    late = {"minutes": 19 * 1440 + 600}
    for known_comments, read_threads in (({0: 1}, {post_urn(0)}), ({}, set())):
        sandbox, known = known_page(serve, [*page_rows(posts=2, comments=known_comments), comment_row(0, 5, **late)])
        bare = {"action": "COMMENT", "lastModifiedAt": 1792500000000, "notificationId": 1, "sourcePost": place_urn(0)}
        sandbox.fault(FEED, Answer(200, {"elements": [bare]}))
        read = next_night(sandbox, known)
        assert {thread.id for thread in of(read, "threads")} == read_threads
        assert [gap[:40] for gap in of(read, "gaps")] == (
            [] if read_threads else ["LinkedIn says that comments came or went"]
        )


def test_a_bare_deletion_finds_its_thread_by_the_comment(serve: Any) -> None:
    """Of what is deleted LinkedIn shows little more than its URN: that must do."""
    sandbox, known = known_page(serve, [post_row(0), comment_row(0, 1, deleted="2026-10-20T12:00:00Z")])
    bare = {
        "action": "COMMENT_DELETE",
        "lastModifiedAt": 1792500000000,
        "notificationId": 1,
        "sourcePost": place_urn(0),
        "generatedActivity": comment_urn(0, 1).replace("(urn:li:", "("),
    }
    sandbox.fault(FEED, Answer(200, {"elements": [bare]}))
    read = next_night(sandbox, known)
    assert of(read, "gone") == [Gone(comment_urn(0, 1))] and not of(read, "gaps")
    assert of(read, "threads") == [ThreadRead(post_urn(0), 0)] and calls(sandbox)[2:] == ["comments"]


def test_notifications_that_are_none_are_put_aside(serve: Any) -> None:
    """Whatever stands among them, the others count."""
    sandbox, known = known_page(serve, page_rows(posts=2, comments={0: 1, 1: 1}))
    at = {"lastModifiedAt": 1792500000000}
    strange: list[Any] = [
        None,
        7,
        {},
        {"action": "COMMENT", "lastModifiedAt": "soon"},
        {**at, "action": "SHARE_MENTION", "notificationId": 1, "sourcePost": "../x"},
        {**at, "action": "COMMENT_DELETE", "notificationId": 2, "generatedActivity": "x", "sourcePost": 7},
        {**at, "action": "COMMENT", "notificationId": 3, "sourcePost": post_urn(1)},
        {
            **at,
            "action": "COMMENT",
            "notificationId": 4,
            "decoratedSourcePost": {"owner": "urn:li:organization:99", "entity": post_urn(0)},
        },
    ]
    sandbox.fault(FEED, Answer(200, {"elements": strange}))
    read = next_night(sandbox, known)
    assert len(of(read, "rejected")) == 5 and {thread.id for thread in of(read, "threads")} == {post_urn(1)}


def test_a_deleted_comment_whose_thread_cannot_be_read_is_gone_all_the_same(serve: Any) -> None:
    """LinkedIn has said so; but what the thread shows after all is there."""
    rows = [*page_rows(posts=2, comments={1: 1}), comment_row(0, 1, deleted="2026-10-20T12:00:00Z"), comment_row(0, 2)]
    sandbox, known = known_page(serve, rows)
    sandbox.fault("/comments", refusal("accessDenied"))
    read = next_night(sandbox, known)
    assert of(read, "gone") == [Gone(comment_urn(0, 1))] and of(read, "gaps")
    sandbox, known = known_page(serve, page_rows(comments={0: 1}))
    told = {
        "action": "COMMENT_DELETE",
        "lastModifiedAt": 1792500000000,
        "notificationId": 1,
        "sourcePost": post_urn(0),
        "generatedActivity": comment_urn(0, 0),
    }
    sandbox.fault(FEED, Answer(200, {"elements": [told]}))
    read = next_night(sandbox, known)
    assert not of(read, "gone") and comment_urn(0, 0) in items(read)


def test_no_names_of_members_are_kept_as_authors(serve: Any) -> None:
    """LinkedIn's terms forbid it, whatever an answer may hold."""
    read = list(pages(serve([*page_rows(comments={0: 1}), mention_row()])))
    assert {item.author_name for item in items(read).values()} == {None}
    assert {item.author_handle for item in items(read).values() if item.author_id != OWN} == {None}
    assert MENTION in items(read)


def test_a_failing_host_ends_the_pass(serve: Any) -> None:
    """After a few lasting failures in a row no further call is made."""
    sandbox = serve(page_rows(posts=20))
    sandbox.fault("/comments", refusal("internalError"), times=None)
    with pytest.raises(PassOver, match="calls in a row"):
        list(pages(sandbox))
