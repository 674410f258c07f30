"""The Instagram connector when things go wrong: what the report says, and that nothing is lost, leaked or thought gone."""

from __future__ import annotations

from typing import Any

import pytest

from connectors import instagram
from connectors.errors import PassOver, Refused, SourceError, Transient
from connectors.item import Page
from connectors.sandbox import Answer, Sandbox
from connectors.sandbox.graph.refusals import REFUSALS, refusal
from connectors.sandbox.instagram import USER
from connectors.source import Window
from tests.connectors.instagram_story import (
    account,
    after,
    connect,
    gaps,
    listed,
    notes,
    pages,
    paths,
    row,
    source,
    whole,
)
from tests.connectors.memory import Memory
from tests.connectors.story import Pauses, all_words_of, items

KEY = "canary-token-of-nobody-4711"
NOTHING = Answer(200, {"data": []})


def broken_off(sandbox: Sandbox, kind: type[SourceError]) -> list[Page]:
    """The pages that came before the pass ended with `kind`."""
    read: list[Page] = []
    with pytest.raises(kind):
        read.extend(pages(sandbox))
    return read


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("token_expired", "run out: make a new one as docs/access/instagram.md says, and set ACTO_INSTAGRAM_TOKEN"),
        ("token_malformed", "does not accept the token"),
        ("password_changed", "password"),
        ("app_removed", "The app was taken off"),
        ("permission", "lacks a permission"),
        ("permission_missing", "lacks a permission"),
        ("blocked", "has blocked this account"),
        ("gone", "Look at user_id in acto.toml"),
    ],
)
def test_a_refusal_says_what_to_do(serve: Any, name: str, words: str) -> None:
    """A human must be able to mend it from the report alone; and it is not tried again in vain."""
    sandbox = serve(account(comments=1))
    sandbox.fault("/media", refusal(name), times=None)
    with pytest.raises(Refused, match=words):
        list(pages(sandbox))
    assert paths(sandbox) == ["me", "user/media"]


def test_a_wrong_token_is_refused_and_never_shown(serve: Any) -> None:
    """The token must not turn up in a URL, an error or a log, right or wrong."""
    sandbox = serve(account())
    wrong = source(sandbox, secret=KEY)
    with instagram.connect(wrong, sleep=Pauses()) as http, pytest.raises(Refused, match="the token") as caught:
        list(instagram.read(wrong, Window(), http))
    assert KEY not in all_words_of(caught.value)
    assert [call.headers["authorization"] for call in sandbox.requests] == [f"Bearer {KEY}"]
    assert not [call for call in sandbox.requests if KEY in call.path]


def test_a_token_that_comes_back_in_an_answer_goes_no_further(serve: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Instagram writes the token into the address of the next page: neither a log nor a stored page may hold it."""
    sandbox = serve(account(posts=120, comments=150))
    with caplog.at_level("DEBUG"):
        read = list(pages(sandbox))
    assert "user/media" in " ".join(paths(sandbox)) and caplog.text
    assert sandbox.key not in caplog.text + repr(read) + " ".join(call.path for call in sandbox.requests)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"user_id": "17841400000009999", "username": "somebody"}, "belongs to another Instagram account"),
        ({"data": [{"user_id": "17841400000009999"}]}, "belongs to another Instagram account"),
        ({"user_id": "2", "id": USER}, "take the user_id"),
        ({"username": "acto_online"}, "did not say whose token"),
        ({"data": []}, "did not say whose token"),
        ({"data": ["words"]}, "did not say whose token"),
    ],
)
def test_a_token_of_another_account_reads_nothing(serve: Any, told: Any, words: str) -> None:
    """A token made in the wrong app or account would make all that is known look deleted."""
    sandbox = serve(account(comments=1))
    sandbox.fault("/me", Answer(200, told))
    with pytest.raises(Refused, match=words):
        list(pages(sandbox))
    assert len(sandbox.requests) == 1


def test_the_account_is_told_in_a_list_or_bare(serve: Any) -> None:
    """The documents and the API differ in how they tell whose token it is: neither may stop the night."""
    sandbox = serve(account(comments=1))
    sandbox.fault(
        "/me", Answer(200, {"data": [{"user_id": source(sandbox).keys["user_id"], "username": "acto_online"}]})
    )
    assert set(items(list(pages(sandbox)))) == {"p0", "c0"}


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"login": "google"}, "must be instagram or facebook"),
        ({"version": "25"}, "must look like"),
        ({"mentions": "17,../me"}, "numbers of posts or comments"),
    ],
)
def test_a_setting_that_cannot_be_is_named(serve: Any, keys: dict[str, str], words: str) -> None:
    """A slip in acto.toml must be found from the report alone, before any call."""
    sandbox = serve(account())
    with pytest.raises(Refused, match=words):
        instagram.connect(source(sandbox, **keys)).close()
        list(pages(sandbox, **keys))
    assert not sandbox.requests


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", [r"/me\?", r"/media\?", "/p0/comments", "/replies", "/tags", "/p104", "mentioned_media"]
)
def test_no_refusal_escapes_as_something_else(serve: Any, path: str) -> None:
    """Whatever Instagram answers wherever, the flow gets a sentence or a page, and nothing is thought gone for it."""
    mention = row("111", "mention", None, 1, named=True)
    sandbox = serve([*account(posts=105, comments=2, replies={0: 52}, tags=1), mention])
    sandbox.at(after(1000))
    for name in sorted(REFUSALS):
        sandbox.faults.clear()
        sandbox.fault(path, refusal(name), times=None)
        read: list[Page] = []
        try:
            read.extend(pages(sandbox, Window(since=after(-3000), known=Memory("p104")), mentions="111"))
        except SourceError as error:
            assert str(error).endswith((".", ")")), name
        else:
            assert gaps(read) or notes(read), name
        assert not [page for page in read if page.gone], name
        assert path != "/p0/comments" or "p0" not in whole(read), name
        assert path != "/tags" or "mention" not in listed(read), name


@pytest.mark.parametrize("name", ["transient", "unknown"])
def test_a_hiccup_is_waited_out(serve: Any, name: str) -> None:
    """A short failure on Meta's side must not cost the night."""
    sandbox = serve(account(comments=2))
    sandbox.fault("/comments", refusal(name), times=2)
    read = list(pages(sandbox))
    assert set(items(read)) == {"p0", "c0", "c1"} and not gaps(read)


def test_a_used_up_limit_ends_the_pass_and_keeps_what_is_here(serve: Any) -> None:
    """Calls made while throttled lengthen the block; what was read until then must be landed, and gone on with later."""
    sandbox = serve(account(posts=5, comments=5))
    sandbox.fault("/comments", refusal("instagram_business_limit"), times=None, after=2)
    read = broken_off(sandbox, PassOver)
    assert set(items(read)) >= {"p0", "p4", "c0", "c1"} and set(whole(read)) == {"p0", "p1"}
    assert paths(sandbox)[-1] == "p2/comments"
    assert not gaps(read), "a gap would make the pass partial for good, but the next night reads the thread whole"
    memory = Memory()
    memory.remember(read)
    sandbox.faults.clear()
    sandbox.requests.clear()
    rest = list(pages(sandbox, Window(resume=read[-1].resume, known=memory)))
    assert paths(sandbox) == ["me", "user/media", "p2/comments", "p3/comments", "p4/comments", "user/tags"]
    assert {"c2", "c3", "c4"} <= set(items(rest)) and not gaps(rest) and set(whole(rest)) == {"p2", "p3", "p4"}


def test_one_post_that_fails_is_a_gap_that_names_it(serve: Any) -> None:
    """One broken thread must not cost the others, and the report must say which one."""
    sandbox = serve(account(posts=3, comments=9))
    sandbox.fault("/p1/comments", refusal("transient"), times=None)
    read = list(pages(sandbox))
    assert len(gaps(read)) == 1 and gaps(read)[0].startswith(
        "The comments under the Instagram post p1 could not all be"
    )
    assert set(whole(read)) == {"p0", "p2"} and listed(read) == {"post"}
    assert set(items(read)) == {"p0", "p1", "p2", "c0", "c2", "c3", "c5", "c6", "c8"}


def test_replies_that_fail_are_a_gap_and_the_thread_is_not_whole(serve: Any) -> None:
    """The replies that are missing must not look deleted; those that came along are kept."""
    sandbox = serve(account(comments=3, replies={1: 80}))
    sandbox.at(after(1000))
    sandbox.fault("/c1/replies", refusal("transient"), times=None)
    read = list(pages(sandbox))
    assert "replies to the Instagram comment c1 could not all be read" in " ".join(gaps(read))
    assert not whole(read) and {"c0", "c1", "c2"} <= set(items(read)) and len(items(read)) == 4 + 50


def test_comments_that_are_all_gone_at_once_are_not_believed(serve: Any) -> None:
    """A token that lost its permission may get empty lists: nothing of it may lead to "deleted"."""
    sandbox = serve(account(posts=3, comments=9))
    sandbox.fault("/comments", NOTHING, times=None)
    read = list(pages(sandbox))
    assert not whole(read) and "may lack the permission for comments" in " ".join(gaps(read))


def test_comments_left_out_that_are_still_there_are_a_gap(serve: Any) -> None:
    """Another thread proves the permission, but not that an empty list beside a counter of two is the truth."""
    sandbox, memory = serve(account(posts=2, comments=4)), Memory("p0", "p1")
    memory.remember(pages(sandbox, Window(known=memory)))
    sandbox.fault("/p0/comments", Answer(200, {"data": []}))
    read = memory.remember(pages(sandbox, Window(known=memory)))
    assert "left out comments under the post p0" in gaps(read)[0] and set(whole(read)) == {"p1"}


def test_comments_that_come_along_unasked_are_not_lost(serve: Any) -> None:
    """A list of posts may hold comments that the list of comments does not show."""
    sandbox = serve(account())
    found = {"id": "77", "text": "Inside", "username": "somebody", "replies": {"data": [{"id": "78", "text": "Below"}]}}
    post = {"id": "p0", "username": "acto_online", "comments_count": 2, "comments": {"data": [found]}}
    sandbox.fault("/media", Answer(200, {"data": [post]}))
    read = items(list(pages(sandbox)))
    assert read["77"].thread_id == "p0" and read["78"].parent_id == "77"


def test_comments_without_authors_are_not_believed(serve: Any) -> None:
    """Since August 2024 a token without the permission for comments gets no names, and perhaps not all comments."""
    sandbox = serve(account(posts=1, comments=2))
    nameless = [{"id": f"c{n}", "text": "Hello", "timestamp": "2026-10-01T09:00:00+0000"} for n in range(2)]
    sandbox.fault("/comments", Answer(200, {"data": nameless}), times=None)
    read = list(pages(sandbox))
    assert {"c0", "c1"} <= set(items(read))
    assert not whole(read) and "may lack the permission for comments" in " ".join(gaps(read))


def test_comments_of_restricted_people_are_no_lack_of_a_permission(serve: Any) -> None:
    """One post whose only comment is withheld must not make each night partial for ever."""
    withheld = row("c9", "comment", "p1", 1, withheld=True)
    sandbox, memory = serve([*account(posts=2, comments=1), withheld]), Memory()
    read = memory.remember(pages(sandbox))
    assert whole(read) == {"p0": 1, "p1": 1} and not gaps(read)
    # The same where nothing else is due: a post under which comments are known is asked.
    memory.scheduled.add("p1")
    sandbox.requests.clear()
    read = list(pages(sandbox, Window(known=memory)))
    assert whole(read) == {"p1": 1} and not gaps(read)
    assert paths(sandbox) == ["me", "user/media", "p1/comments", "user/tags", "p0/comments"]


def test_live_videos_have_no_comments_by_api(serve: Any) -> None:
    """One post that cannot be read is no end of the pass, nor a reason to call it partial."""
    rows = account(posts=2, comments=2)
    rows[0]["live"] = True
    read = list(pages(serve(rows)))
    assert "no comments under 1 of our posts" in " ".join(notes(read)) and not gaps(read)
    assert set(whole(read)) == {"p1"} and set(items(read)) == {"p0", "p1", "c1"}


@pytest.mark.parametrize("name", ["permission", "gone"])
def test_comments_refused_everywhere_are_a_gap(serve: Any, name: str) -> None:
    """The same refusal for all posts is a token that lacks the permission."""
    sandbox = serve(account(posts=3, comments=3))
    sandbox.fault("/comments", refusal(name), times=None)
    read = list(pages(sandbox))
    assert "may lack the permission" in " ".join(gaps(read)) and not whole(read)


def test_no_posts_at_all_are_not_believed(serve: Any) -> None:
    """An empty list is what a lost permission looks like."""
    sandbox, memory = serve(account(posts=3, comments=3, tags=2)), Memory()
    memory.remember(pages(sandbox))
    sandbox.fault("/media|/tags", NOTHING, times=None)
    read = list(pages(sandbox, Window(known=memory)))
    assert "none of our posts" in " ".join(gaps(read)) and not listed(read) and not whole(read)


def test_a_new_account_has_nothing_to_report(serve: Any) -> None:
    """No post yet is no gap; and nothing is said to be listed."""
    read = list(pages(serve([])))
    assert not gaps(read) and not notes(read) and not listed(read) and not items(read)


@pytest.mark.parametrize(("name", "said"), [("unknown_path", notes), ("deprecated", notes), ("permission", gaps)])
def test_tags_that_are_refused_do_not_cost_the_rest(serve: Any, name: str, said: Any) -> None:
    """Which tokens may list tags is uncertain: that must not cost the comments on our own posts."""
    sandbox = serve(account(comments=2, tags=2))
    sandbox.fault("/tags", refusal(name), times=None)
    read = list(pages(sandbox))
    assert set(items(read)) == {"p0", "c0", "c1"} and "tag us" in " ".join(said(read))
    assert listed(read) == {"post"} and len(gaps(read)) + len(notes(read)) == 1


def test_tags_that_are_all_missing_are_no_quiet_night(serve: Any) -> None:
    """A token that has lost the list of tags would otherwise read as if nobody had ever tagged us."""
    sandbox, memory = serve(account(tags=3)), Memory()
    memory.remember(pages(sandbox))
    sandbox.fault("/tags", NOTHING)
    read = list(pages(sandbox, Window(known=memory, bookmark=memory.bookmark)))
    assert "none of the posts that tag us" in gaps(read)[0] and listed(read) == {"post"}


def test_a_post_that_is_gone_from_the_list_is_told_in_one_way(serve: Any) -> None:
    """The report must not say of the same post that it is gone, and that nothing was taken for deleted."""
    sandbox, memory = serve(account(posts=2, comments=2)), Memory("p0")
    memory.remember(pages(sandbox))
    shown = {"id": "p1", "username": "acto_online", "comments_count": 1}
    sandbox.fault("/media", Answer(200, {"data": [shown]}))
    sandbox.fault("/p0", refusal("gone"), times=None)
    read = list(pages(sandbox, Window(known=memory)))
    assert "post" in listed(read) and not notes(read)


def test_tags_in_no_order_are_read_to_the_end(serve: Any) -> None:
    """Somebody tags us in an old picture today: it must be found among the new ones, and nothing be said too early."""
    sandbox = serve(account(tags=250))
    with connect(sandbox) as http:
        call = f"https://graph.facebook.com/v25.0/{source(sandbox).keys['user_id']}/tags?fields=id,timestamp,username&limit=100"
        first = http.request("GET", call).json()
    first["data"].reverse()
    sandbox.fault("/tags", Answer(200, first))
    read = list(pages(sandbox, Window(since=after(-3000))))
    assert paths(sandbox).count("user/tags") == 1 + 3 and "mention" in listed(read)


@pytest.mark.parametrize(
    "body",
    [
        "<html>We'll be right back</html>",
        "",
        b"\xff\xfe",
        "[" * 100_000,
        "null",
        [],
        {},
        {"data": "none"},
        {"data": {}},
    ],
)
@pytest.mark.parametrize("path", ["/media", "/p0/comments"])
def test_an_answer_that_is_no_answer_is_not_an_empty_list(serve: Any, path: str, body: Any) -> None:
    """A page of HTML with status 200 must never read as "no comments": all would look deleted."""
    sandbox = serve(account(comments=2))
    sandbox.fault(path, Answer(200, body), times=None)
    try:
        read = list(pages(sandbox))
    except Transient:
        return
    assert gaps(read) and not whole(read)


def test_a_page_that_comes_again_and_again_ends_with_a_gap(serve: Any) -> None:
    """A list that leads back to itself must not become an endless loop, nor count as whole."""
    sandbox = serve(account(posts=1, comments=120))
    with connect(sandbox) as http:
        call = "https://graph.facebook.com/v25.0/p0/comments?fields=id,text,timestamp,username,from&limit=50"
        first = http.request("GET", call).json()
    sandbox.fault("/p0/comments", Answer(200, first), times=None)
    read = list(pages(sandbox))
    assert "again and again" in " ".join(gaps(read)) and not whole(read)
    assert len(items(read)) == 51 and len(sandbox.requests) < 10


def test_a_hostile_id_makes_no_other_call(serve: Any) -> None:
    """An id from outside that looks like a path must stay an id."""
    sandbox, memory = serve(account(comments=1)), Memory()
    with connect(sandbox) as http:
        call = f"https://graph.facebook.com/v25.0/{source(sandbox).keys['user_id']}/media?fields=id,timestamp,username"
        first = http.request("GET", call).json()
    first["data"] += [first["data"][0] | {"id": name} for name in ("../me?x=1#", "..", "a/b", "%2e")]
    sandbox.requests.clear()
    sandbox.fault("/media", Answer(200, first))
    list(pages(sandbox, Window(known=memory)))
    called = [call.path.split("?")[0] for call in sandbox.requests]
    assert all(path.count("/") == 3 for path in called if path.endswith("/comments"))
    assert "/v25.0/..%2Fme%3Fx%3D1%23/comments" in called and "/v25.0/../comments" not in called


@pytest.mark.parametrize(("path", "kind"), [("/media", "post"), ("/tags", "mention")])
def test_an_entry_without_a_number_may_be_any(serve: Any, path: str, kind: str) -> None:
    """Where one entry of a list could not be told, the one that seems to be missing from it may be that one."""
    sandbox = serve(account(posts=2, comments=2, tags=2))
    with connect(sandbox) as http:
        user = source(sandbox).keys["user_id"]
        good = http.request("GET", f"https://graph.facebook.com/v25.0/{user}{path}?fields=id,timestamp,username").json()
    del good["data"][0]["id"]
    sandbox.fault(path, Answer(200, good))
    read = list(pages(sandbox))
    assert listed(read) == {"post", "mention"} - {kind} and [one.id for page in read for one in page.rejected] == [None]


def test_a_due_post_that_is_somebody_elses_is_not_taken_for_ours(serve: Any) -> None:
    """A post that tags us may be due like our own: its comments are not ours to read."""
    sandbox = serve(account(comments=1))
    theirs = {"id": "777", "username": "somebody", "comments_count": 3, "timestamp": "2026-10-01T09:00:00+0000"}
    sandbox.fault("/777", Answer(200, theirs))
    read = list(pages(sandbox, Window(since=after(-3000), known=Memory("777"))))
    assert "777" not in items(read) and "777" not in whole(read) and "does not show 1 of" in " ".join(notes(read))


def test_tags_that_break_off_are_not_all_tags(serve: Any) -> None:
    """The tags of the second page must not look deleted because the first one went well."""
    sandbox = serve(account(tags=150))
    sandbox.fault("/tags.*after=", refusal("transient"), times=None)
    read = list(pages(sandbox))
    assert listed(read) == {"post"} and "t99" in items(read) and "tag us" in " ".join(gaps(read))


def test_posts_in_no_order_are_read_to_the_end(serve: Any) -> None:
    """An old post at the end of a page does not mean that all after it are old, where the list keeps no order."""
    sandbox = serve(account(posts=150))
    with connect(sandbox) as http:
        user = source(sandbox).keys["user_id"]
        call = f"https://graph.facebook.com/v25.0/{user}/media?fields=id,timestamp,username&limit=100"
        first = http.request("GET", call).json()
    first["data"].insert(0, first["data"].pop(80))
    sandbox.fault("/media", Answer(200, first))
    sandbox.requests.clear()
    list(pages(sandbox, Window(since=after(-50 * 1440))))
    assert paths(sandbox).count("user/media") == 2


@pytest.mark.parametrize("path", ["/p0/comments", "/replies", "/tags", "/p104", "mentioned_media"])
def test_a_token_that_ends_in_the_middle_ends_the_pass(serve: Any, path: str) -> None:
    """Each further call would be refused as well: the report must name the token, not a dozen posts."""
    mention = row("111", "mention", None, 1, named=True)
    sandbox = serve([*account(posts=105, comments=2, replies={0: 52}, tags=1), mention])
    sandbox.at(after(1000))
    sandbox.fault(path, refusal("token_expired"), times=None)
    with pytest.raises(Refused, match="run out"):
        list(pages(sandbox, Window(since=after(-3000), known=Memory("p104")), mentions="111"))


def test_where_nobody_says_whose_the_token_is_all_is_read_and_nothing_is_gone(serve: Any) -> None:
    """A question that Instagram has done away with must not cost the comments, nor make one of them look deleted."""
    sandbox = serve(account(comments=2))
    sandbox.fault(r"/me\?", Answer(404, {}), times=None)
    read = list(pages(sandbox))
    assert len(items(read)) >= 3
    assert not listed(read) and not whole(read)
    assert "did not say whose token this is" in gaps(read)[-1]
