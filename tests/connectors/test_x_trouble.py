"""The X connector when things go wrong: what the report says, what it costs, and that nothing is lost or leaked."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from connectors import x
from connectors.errors import PassOver, Refused, SourceError, Transient
from connectors.item import Page
from connectors.sandbox import Answer, Sandbox
from connectors.sandbox.x.refusals import REFUSALS, invalid, rate_headers, refusal
from connectors.source import Window
from connectors.x.threads import LONGEST_QUERY
from tests.connectors.memory import Memory
from tests.connectors.story import Pauses, Row, all_words_of, items
from tests.connectors.x_story import (
    DAY,
    NOW,
    ago,
    asked,
    calls,
    connect,
    mention,
    ours,
    pages,
    row,
    sandbox_answer,
    source,
)

Serve = Callable[[list[Row]], Sandbox]
TOKEN = "canary-token-of-nobody-4711"


@pytest.fixture
def serve_now(serve: Serve) -> Serve:
    """A sandbox that shows its story as of now."""

    def start(rows: list[Row]) -> Sandbox:
        sandbox = serve(rows)
        sandbox.at(NOW)
        return sandbox

    return start


def gaps(read: list[Page]) -> list[str]:
    return [gap for page in read for gap in page.gaps]


def notes(read: list[Page]) -> list[str]:
    return [note for page in read for note in page.notes]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("unauthorized", "does not accept the token.*ACTO_X_BEARER_TOKEN"),
        ("forbidden", "refuses the token"),
        ("clientForbidden", "no access to the X API.*docs/access/x.md"),
        ("creditsDepleted", "the spend limit is reached or the credits are used up.*docs/access/x.md"),
        ("spendCapReached", "the spend limit is reached or the credits are used up"),
        ("usageCapExceeded", "the spend limit is reached or the credits are used up"),
        ("notFound", "look at user_id in acto.toml"),
    ],
)
def test_a_refusal_says_what_to_do(serve_now: Serve, name: str, words: str) -> None:
    """A human must be able to mend it from the report alone; and it is not tried again in vain."""
    sandbox = serve_now([mention(5)])
    sandbox.fault("/mentions", refusal(name), times=None)
    with pytest.raises(Refused, match=words):
        list(pages(sandbox))
    assert calls(sandbox) == ["tweets", "mentions"]


@pytest.mark.parametrize("name", sorted(REFUSALS))
@pytest.mark.parametrize("path", ["/tweets", "/mentions", "/search/recent", r"/2/tweets\?", "/quote_tweets"])
def test_no_refusal_escapes_as_something_else(serve_now: Serve, name: str, path: str) -> None:
    """Whatever X answers wherever, the flow gets a sentence or a page, never a library's exception."""
    post, old = ours(60), ours(20 * DAY)
    rows = [post, old, row(50, "penny", text="hm", replied_to=post["id"]), row(9, "sam", text="hm", quotes=post["id"])]
    sandbox, memory = serve_now(rows), Memory(old["id"])
    sandbox.at(ago(90))
    memory.remember(pages(sandbox))
    sandbox.at(NOW)
    sandbox.fault(path, refusal(name), times=None)
    with pytest.raises(SourceError, match=r"\.$"):
        list(pages(sandbox, Window(known=memory, bookmark=memory.bookmark)))


def test_a_wrong_token_is_refused_and_never_shown(serve_now: Serve) -> None:
    """The token must not turn up in a URL or an error, right or wrong."""
    sandbox = serve_now([mention(5)])
    wrong = source(sandbox, secret=TOKEN)
    with x.connect(wrong) as http, pytest.raises(Refused, match="does not accept the token") as caught:
        list(x.read(wrong, Window(), http))
    assert TOKEN not in all_words_of(caught.value)
    assert [call.headers["authorization"] for call in sandbox.requests] == [f"Bearer {TOKEN}"]
    assert not [call for call in sandbox.requests if TOKEN in call.path]


def test_a_debug_log_can_be_shown_around(serve_now: Serve, caplog: pytest.LogCaptureFixture) -> None:
    """tweepy writes all headers of each call and each whole answer to its log: none may hold the token."""
    sandbox = serve_now([mention(n) for n in range(120)])
    sandbox.fault("/mentions", Answer(503, f"Bearer {sandbox.key} is not welcome", {"X-Echo": sandbox.key}))
    with caplog.at_level("DEBUG"):
        read = list(pages(sandbox))
    assert "Making API request" in caplog.text and "Authorization" in caplog.text
    assert sandbox.key not in caplog.text and sandbox.key not in repr(read)


@pytest.mark.parametrize(
    ("user_id", "words"), [("@acto_org", "not X's number"), ("12345", "no such account"), ("1/../2", "not X's number")]
)
def test_a_wrong_account_names_the_setting(serve_now: Serve, user_id: str, words: str) -> None:
    """A handle in the place of the number is the usual mistake; it must not become part of an address either."""
    sandbox = serve_now([mention(5)])
    with pytest.raises(Refused, match=words):
        list(pages(sandbox, keys={"user_id": user_id}))
    assert not [call for call in sandbox.requests if ".." in call.path]


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        ({"detail": "User has been suspended: [1].", "type": "…/resource-not-found"}, "suspended"),
        ({"detail": "Sorry, you are not authorized", "type": "…/not-authorized-for-resource"}, "does not let us read"),
        ({"detail": "Could not find user", "type": "…/resource-not-found"}, "no such account"),
    ],
)
def test_a_200_that_holds_only_problems_is_not_an_empty_list(serve_now: Serve, problem: Row, words: str) -> None:
    """X says on 200 that an account is suspended or closed to us: read as "no mentions" it would look like peace."""
    sandbox = serve_now([mention(5)])
    sandbox.fault("/mentions", Answer(200, {"errors": [{**problem, "resource_type": "user"}]}), times=None)
    with pytest.raises(Refused, match=words):
        list(pages(sandbox))


def test_a_handle_that_is_not_that_account_is_told(serve_now: Serve) -> None:
    """A number of somebody else's account would be watched in silence."""
    sandbox = serve_now([ours(5)])
    assert (
        "X calls the account @acto_org: look at user_id" in notes(list(pages(sandbox, keys={"username": "other"})))[-1]
    )
    assert len(notes(list(pages(sandbox, keys={"username": "@ACTO_org"})))) == 1


@pytest.mark.parametrize(
    "body",
    [
        "<html>We'll be right back</html>",
        "",
        b"\xff\xfe",
        "[" * 100_000,
        "9" * 10_000,
        "null",
        [],
        {},
        {"data": []},
        {"meta": {}},
        {"meta": {"result_count": 3}},
        {"data": "none", "meta": {"result_count": 0}},
        {"data": {"id": "1"}, "meta": {"result_count": 0}},
        {"meta": {"result_count": 0, "next_token": 7}},
        {"errors": "no"},
    ],
)
@pytest.mark.parametrize("path", ["/mentions", r"/2/tweets\?"])
def test_an_answer_that_is_no_answer_is_not_an_empty_list(serve_now: Serve, body: Any, path: str) -> None:
    """A page of HTML with status 200 must never read as "nothing there": all would look deleted."""
    post = mention(20 * DAY)
    sandbox, memory = serve_now([post]), Memory(post["id"])
    memory.remember(pages(sandbox))
    sandbox.fault(path, Answer(200, body), times=None)
    with pytest.raises(Transient, match="not what we asked for"):
        list(pages(sandbox, Window(known=memory, bookmark=memory.bookmark)))


@pytest.mark.parametrize(
    "body", ["<html>", [], {"errors": "x"}, {"errors": [7]}, {"error": {}}, {"errors": {"error": 1}}]
)
@pytest.mark.parametrize("status", [302, 400, 403, 418])
def test_a_refusal_without_words_is_still_a_sentence(serve_now: Serve, body: Any, status: int) -> None:
    """tweepy's own errors break on such bodies; proxies and bad days send them."""
    sandbox = serve_now([mention(5)])
    sandbox.fault("/mentions", Answer(status, body), times=None)
    with pytest.raises(SourceError, match=r"^X .*\.$"):
        list(pages(sandbox))


def test_a_429_is_waited_out_if_it_is_short(serve_now: Serve) -> None:
    """Too many calls in a quarter of an hour must not cost the night when it is nearly over."""
    sandbox, pauses = serve_now([mention(5)]), Pauses()
    sandbox.fault("/mentions", refusal("tooManyRequests", reset_in=40))
    assert len(items(list(pages(sandbox, sleep=pauses)))) == 1
    assert 38 <= max(pauses) <= 42


def test_a_429_that_lasts_is_told_without_waiting(serve_now: Serve) -> None:
    """tweepy would sleep to the reset, however far off; asked again in five seconds, X would only say the same."""
    sandbox, pauses = serve_now([mention(5)]), Pauses()
    sandbox.fault("/mentions", refusal("tooManyRequests", reset_in=800), times=None)
    with pytest.raises(PassOver, match="come back in 13 minutes"):
        list(pages(sandbox, sleep=pauses))
    assert not pauses and calls(sandbox) == ["tweets", "mentions"]


@pytest.mark.parametrize("headers", [{}, {"x-rate-limit-reset": "soon"}, {"x-rate-limit-reset": "1"}])
def test_a_429_without_a_usable_reset_ends_after_a_few_tries(serve_now: Serve, headers: dict[str, str]) -> None:
    """tweepy would call 976 times without a pause, until Python gives up."""
    sandbox, pauses = serve_now([mention(5)]), Pauses()
    sandbox.fault("/mentions", Answer(429, refusal("tooManyRequests").body, headers), times=None)
    with pytest.raises(Transient, match="answered 429, 4 times"):
        list(pages(sandbox, sleep=pauses))
    assert calls(sandbox).count("mentions") == 4 and len(pauses) == 3 and max(pauses) < 10


def test_the_last_call_that_is_left_is_followed_by_a_pause(serve_now: Serve) -> None:
    """A limit that is never hit is a limit that X does not lower."""
    sandbox, pauses = serve_now([mention(n) for n in range(120)]), Pauses()
    first = sandbox_answer(sandbox, "mentions")
    sandbox.fault("/mentions", Answer(200, first, rate_headers(450, 0, 30)))
    assert len(items(list(pages(sandbox, sleep=pauses)))) == 120
    assert len(pauses) == 1 and 28 <= pauses[0] <= 32
    sandbox.fault("/mentions", Answer(200, first, rate_headers(450, 0, 700)))
    with pytest.raises(PassOver, match="in 12 minutes only"):
        list(pages(sandbox, sleep=pauses))
    sandbox.fault("/mentions", Answer(200, first, {"x-rate-limit-remaining": "0", "x-rate-limit-reset": "now"}))
    assert len(items(list(pages(sandbox, sleep=pauses)))) == 120


def test_a_short_failure_is_waited_out_and_a_long_one_is_transient(serve_now: Serve) -> None:
    """tweepy does not repeat a 503."""
    sandbox = serve_now([mention(5)])
    sandbox.fault("/mentions", refusal("unavailable"), times=2)
    assert len(items(list(pages(sandbox)))) == 1
    sandbox.fault("/mentions", refusal("internal"), times=None)
    with pytest.raises(Transient, match="answered 500, 4 times"):
        list(pages(sandbox))


def test_a_hanging_server_does_not_hold_the_night(serve_now: Serve) -> None:
    """tweepy has no time-out at all."""
    sandbox = serve_now([mention(5)])
    sandbox.fault("/mentions", delay=5, times=None)
    began = time.monotonic()
    with pytest.raises(Transient, match="did not answer in time"):
        list(pages(sandbox, timeout=(1, 0.1)))
    assert time.monotonic() - began < 5


def test_a_since_id_too_old_is_left_out(serve_now: Serve) -> None:
    """After weeks of silence X may not begin from the old bookmark any more: the night must not fail for ever."""
    sandbox = serve_now([mention(n) for n in range(150)])
    refused = invalid("since_id", "1", "'since_id' must be a tweet id created after [2026-11-18T02:30Z].").answer
    sandbox.fault(r"/mentions.*since_id", refused, times=None)
    read = list(pages(sandbox, Window(since=ago(60), bookmark={"mentions": mention(9 * DAY)["id"]})))
    assert len(items(read)) == 61 and not gaps(read)
    assert calls(sandbox) == ["tweets", "mentions", "mentions"]


@pytest.mark.parametrize("bookmark", [{"mentions": "1 OR 1"}, {"mentions": 7}, {"mentions": None}, {}])
def test_a_broken_bookmark_is_none(serve_now: Serve, bookmark: dict[str, Any]) -> None:
    """Whatever was kept, the night goes on."""
    assert len(items(list(pages(serve_now([mention(5)]), Window(bookmark=bookmark))))) == 1


def test_more_than_800_mentions_are_a_gap_once(serve_now: Serve) -> None:
    """X lists the newest 800 only: a storm must be told of; the next night reaches what is known, and is whole again."""
    sandbox, memory = serve_now([mention(n * 0.5, edits=[]) for n in range(900)]), Memory()
    start = {"mentions": mention(DAY)["id"]}
    read = memory.remember(pages(sandbox, Window(bookmark=start), keys={"reads_a_night": "5000"}))
    assert len(items(read)) == 800
    assert gaps(read) == [
        "More than 800 mentions came since the last reading: X lists the newest 800 only, so older ones are missing."
    ]
    again = list(pages(sandbox, Window(bookmark=start, known=memory), keys={"reads_a_night": "5000"}))
    assert not gaps(again)
    first_night = list(pages(sandbox, keys={"reads_a_night": "5000"}))
    assert not gaps(first_night), "what lies before the first night is for an import"


def test_a_broken_post_costs_only_itself(serve_now: Serve) -> None:
    """Quarantine as data: what cannot be read is kept with its bytes, and the rest goes on."""
    sandbox = serve_now([mention(n) for n in range(3)])
    body = sandbox_answer(sandbox, "mentions")
    good = body["data"][0]
    broken = [
        {**good, "id": "11", "text": None},
        {**good, "id": "12", "created_at": "yesterday"},
        {**good, "id": "a/../b"},
        {**good, "id": 13},
        {**good, "id": "14", "edit_history_tweet_ids": ["14"], "text": "half an emoji \ud83d"},
        {**good, "id": "15", "edit_history_tweet_ids": ["15"], "text": "cut\0here"},
        {**good, "id": "16", "edit_history_tweet_ids": "16", "conversation_id": "x OR y"},
        None,
        "words",
        [],
    ]
    odd = {"id": "17", "text": "@acto_org", "edit_history_tweet_ids": [5], "referenced_tweets": [None, {"type": []}]}
    odd |= {"author_id": 5, "attachments": {"media_keys": [[]]}, "entities": {"urls": [1]}, "public_metrics": []}
    body["data"][1:1] = [*broken, odd]
    body["includes"]["users"] += [None, {"id": 5}, {"name": "x"}]
    sandbox.fault("/mentions", Answer(200, body))
    read = list(pages(sandbox))
    rejected = [one for page in read for one in page.rejected]
    assert len(items(read)) == 4 and len(rejected) == len(broken)
    reasons = " ".join(one.reason for one in rejected)
    for words in ("no text", "not a time", "no id", "half a character", "a NUL character", "no id"):
        assert words in reasons
    assert {one.id for one in rejected} == {"11", "12", "14", "15", "16", None}


def test_a_hostile_conversation_never_reaches_a_query(serve_now: Serve) -> None:
    """An id from outside must not become a search of somebody else's making, nor part of an address."""
    sandbox, memory = serve_now([ours(5)]), Memory("1 OR from:somebody", "../../users", "7")
    memory.items = items(list(pages(serve_now([mention(20 * DAY)]))))
    sandbox.requests.clear()
    list(pages(sandbox, Window(known=memory)))
    assert not [call for call in sandbox.requests if "from" in call.path or ".." in call.path]
    assert all(len(one["query"]) <= LONGEST_QUERY for one in asked(sandbox, "recent"))


def test_posts_left_out_of_a_list_are_a_gap(serve_now: Serve) -> None:
    """A 200 with a list may still say that something belongs there."""
    sandbox = serve_now([mention(n) for n in range(3)])
    body = sandbox_answer(sandbox, "mentions")
    about = {"type": "https://api.twitter.com/2/problems/internal-error", "title": "x", "detail": "x"}
    of_author = {"type": "…/resource-not-found", "parameter": "author_id", "resource_type": "user", "value": "9"}
    sandbox.fault("/mentions", Answer(200, {**body, "errors": [about, of_author]}))
    read = list(pages(sandbox))
    assert len(items(read)) == 3 and gaps(read) == ["X could not show 1 of the mentions."]


def test_what_x_does_not_answer_for_is_neither_there_nor_gone(serve_now: Serve) -> None:
    """A failure inside X, or an id that it passes over, must never read as a deletion."""
    rows = [mention(20 * DAY + n) for n in range(4)]
    sandbox, memory = serve_now(rows), Memory(*(one["id"] for one in rows))
    memory.remember(pages(sandbox))
    names = [one["id"] for one in rows]
    body = sandbox_answer(sandbox, f"lookup:{names[0]}")
    problems = [
        {"value": names[1], "parameter": "ids", "type": "https://api.x.com/2/problems/internal-error"},
        {"value": names[2], "parameter": "ids", "type": "https://api.x.com/2/problems/disallowed-resource"},
    ]
    sandbox.fault(r"/2/tweets\?", Answer(200, {**body, "errors": problems}), times=None)
    read = list(pages(sandbox, Window(known=memory, bookmark=memory.bookmark)))
    assert not [one for page in read for one in page.gone]
    assert [thread.id for page in read for thread in page.threads] == [names[0]]
    assert gaps(read) == ["X did not say of 3 known posts whether they are still there."]


def test_a_suspended_author_told_as_not_authorised_is_access_lost(serve_now: Serve) -> None:
    """X has answered for suspended accounts as for protected ones: then no more may be said."""
    post = mention(20 * DAY)
    sandbox, memory = serve_now([post]), Memory(post["id"])
    memory.remember(pages(sandbox))
    problem = {"value": post["id"], "type": "https://api.twitter.com/2/problems/not-authorized-for-resource"}
    sandbox.fault(r"/2/tweets\?", Answer(200, {"errors": [problem]}))
    read = list(pages(sandbox, Window(known=memory, bookmark=memory.bookmark)))
    assert [one.why for page in read for one in page.gone] == ["access lost"]


def test_a_failing_search_leaves_its_threads_unread(serve_now: Serve) -> None:
    """A thread is whole only once its answers have been searched for."""
    post = ours(60)
    sandbox = serve_now([post, mention(5)])
    sandbox.fault("/search/recent", refusal("unavailable"), times=None)
    read: list[Page] = []
    with pytest.raises(Transient):
        for page in pages(sandbox):
            read.append(page)
    assert post["id"] in items(read) and post["id"] not in {one.id for page in read for one in page.threads}


@pytest.mark.parametrize("what", ["mentions", "recent", "quote_tweets"])
def test_a_list_that_points_back_to_itself_ends_with_a_gap(serve_now: Serve, what: str) -> None:
    """tweepy's Paginator follows repeated tokens for ever, and each round would be billed."""
    post = ours(60)
    rows = [post, *(mention(n) for n in range(3)), row(9, "sam", text="hm", quotes=post["id"])]
    sandbox = serve_now([*rows, row(50, "penny", text="hm", replied_to=post["id"])])
    list(pages(sandbox))
    with connect(sandbox) as http:
        path = next(call.path for call in sandbox.requests if what in call.path)
        body = http.request("GET", x.HOST + path).json()
    body["meta"]["next_token"] = "again"
    sandbox.requests.clear()
    sandbox.fault(what, Answer(200, body), times=None)
    read = list(pages(sandbox))
    assert "again and again" in " ".join(gaps(read)) and calls(sandbox).count(what) <= 3
    if what == "recent":
        assert post["id"] not in {one.id for page in read for one in page.threads}


def test_paid_reads_are_counted_and_told(serve_now: Serve) -> None:
    """The treasurer sees what X will bill: each post and each author once a day."""
    post = ours(60)
    seen = [{"type": "photo", "url": "https://pbs.twimg.example/1.jpg"}]
    rows = [post, *(mention(n, f"person{n % 4}") for n in range(29)), mention(29, "person1", media=seen)]
    sandbox = serve_now([*rows, row(50, "penny", text="@acto_org hm", replied_to=post["id"])])
    read = list(pages(sandbox))
    assert notes(read) == ["X counts 39 paid reads (32 posts, 6 accounts, 1 picture): $0.23 at most."]
    assert read[-1].notes and not notes(list(pages(serve_now([]))))


def test_the_ceiling_ends_the_night_and_the_next_one_goes_on(serve_now: Serve) -> None:
    """A storm must not empty ACTO's purse: the pass stops, says so, and is gone on with the next day."""
    rows = [mention(9 * DAY + n, f"person{n % 9}") for n in range(250)]
    sandbox = serve_now(rows)
    read: list[Page] = []
    sentence = (
        r"^The ceiling of 100 paid reads a night was reached \(\$0.59 at most\): the rest is read tomorrow, or raise"
    )
    with pytest.raises(PassOver, match=sentence):
        for page in pages(sandbox, keys={"reads_a_night": "100"}):
            read.append(page)
    assert len(items(read)) == 100 and calls(sandbox) == ["tweets", "mentions"]
    resume = read[-1].resume
    with pytest.raises(PassOver, match="ceiling of 100"):
        list(pages(sandbox, Window(resume=resume), keys={"reads_a_night": "100"}))
    assert len(sandbox.requests) == 2, "tried again on the same day, nothing is asked"
    yesterday = {**(resume or {}), "day": "2026-01-01"}
    rest = list(pages(sandbox, Window(resume=yesterday), keys={"reads_a_night": "1000"}))
    assert set(items(read)) | set(items(rest)) == {one["id"] for one in rows}


def test_near_the_ceiling_smaller_pages_are_asked_for(serve_now: Serve) -> None:
    """The ceiling is kept as nearly as X's smallest page allows."""
    sandbox = serve_now([mention(n) for n in range(120)])
    with pytest.raises(PassOver):
        list(pages(sandbox, keys={"reads_a_night": "20"}))
    assert asked(sandbox, "mentions")[0]["max_results"] == "20"


@pytest.mark.parametrize("written", ["0", "-5", "many", "", "٣"])
def test_a_ceiling_that_is_no_number_is_refused(serve_now: Serve, written: str) -> None:
    """A typing error must not read as "no ceiling"."""
    with pytest.raises(Refused, match="reads_a_night"):
        list(pages(serve_now([]), keys={"reads_a_night": written}))


OLD_NAMES = "/2/.*tweet.fields"
REFUSED_NAMES = (
    {"errors": [{"parameters": {"tweet.fields": ["x"]}, "message": "not one of"}], "title": "Invalid Request"},
    {"title": "Invalid Request", "detail": "One or more parameters to your request was invalid.", "status": 400},
)


@pytest.mark.parametrize("body", REFUSED_NAMES)
def test_names_that_x_does_not_take_any_more_cost_one_call_in_all(serve_now: Serve, body: Row) -> None:
    """On the day that X drops the old names the reading must go on, and not pay a refused call every night."""
    sandbox = serve_now([ours(60), mention(5)])
    sandbox.fault(OLD_NAMES, Answer(400, body), times=None)
    first = list(pages(sandbox))
    assert len(items(first)) == 2 and calls(sandbox).count("tweets") == 2 and calls(sandbox).count("mentions") == 1
    sandbox.requests.clear()
    second = list(pages(sandbox, Window(bookmark=first[-1].bookmark)))
    assert not [call for call in sandbox.requests if "tweet.fields" in call.path]
    assert second[-1].bookmark == first[-1].bookmark
    sandbox.fault("/2/.*post.fields", Answer(400, body), times=None)
    with pytest.raises(Refused, match="does not understand"):
        list(pages(sandbox, Window(bookmark=first[-1].bookmark)))


def test_names_that_x_takes_no_notice_of_are_not_asked_for_again(serve_now: Serve) -> None:
    """Posts without time, author, thread and parent would be landed in silence: no reply would be one."""
    post = ours(60)
    sandbox = serve_now([post, row(50, "penny", text="@acto_org hm", replied_to=post["id"])])
    bare = {
        "data": [{"id": post["id"], "text": "x", "edit_history_post_ids": [post["id"]]}],
        "meta": {"result_count": 1},
    }
    sandbox.fault(OLD_NAMES, Answer(200, bare), times=None)
    read = list(pages(sandbox))
    assert {(item.kind, item.thread_id, item.created_at is None) for item in items(read).values()} == {
        ("post", post["id"], False),
        ("reply", post["id"], False),
    }
    assert calls(sandbox).count("tweets") == 2 and calls(sandbox).count("mentions") == 1


@pytest.mark.parametrize("data", [{"data": None}, {}])
def test_no_data_with_a_count_of_none_is_an_empty_list(serve_now: Serve, data: Row) -> None:
    """A quiet night must not be told as a failure, whichever way X writes nothing."""
    sandbox = serve_now([])
    sandbox.fault("/2/", Answer(200, {**data, "meta": {"result_count": 0}}), times=None)
    assert items(list(pages(sandbox))) == {}


def test_what_a_post_refers_to_is_not_a_post_left_out(serve_now: Serve) -> None:
    """An answer to a deleted post is read like any other: a gap would keep the source from ever being read to its end."""
    sandbox = serve_now([mention(5)])
    whole = sandbox_answer(sandbox, "mentions")
    problem = {
        "resource_type": "tweet",
        "value": "7",
        "detail": "Could not find tweet",
        "type": "…/problems/resource-not-found",
    }
    problems = [{**problem, "parameter": name} for name in ("referenced_tweets.id", "referenced_tweets.id.author_id")]
    sandbox.fault("/mentions", Answer(200, {**whole, "errors": problems}))
    assert gaps(list(pages(sandbox))) == []


def test_posts_that_come_along_count_as_paid(serve_now: Serve) -> None:
    """With the new names X sends the posts that are referred to, and bills them: the ceiling must hold for them too."""
    sandbox = serve_now([mention(5)])
    whole = sandbox_answer(sandbox, "mentions")
    beside = {**whole["includes"], "posts": [{"id": "17", "text": "the one it answers"}]}
    sandbox.fault("/mentions", Answer(200, {**whole, "includes": beside}))
    assert "(2 posts, 1 account)" in notes(list(pages(sandbox)))[-1]


@pytest.mark.parametrize(
    "detail", ["Your account has reached its spend limit.", "Usage cap exceeded: Monthly product cap"]
)
def test_money_is_known_by_its_words_alone(serve_now: Serve, detail: str) -> None:
    """Told as "answered 429, 4 times", nobody would know that the credits have to be topped up."""
    sandbox = serve_now([mention(5)])
    body = {"title": "Too Many Requests", "detail": detail, "type": "about:blank", "status": 429}
    sandbox.fault("/mentions", Answer(429, body), times=None)
    with pytest.raises(Refused, match="buy credits"):
        list(pages(sandbox))
    assert calls(sandbox) == ["tweets", "mentions"]
