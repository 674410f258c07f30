"""The Facebook connector when things go wrong: what the report says, and that nothing is lost, leaked or taken for gone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from connectors import facebook
from connectors.errors import PassOver, Refused, SourceError, Transient
from connectors.item import Page
from connectors.sandbox import Answer
from connectors.sandbox.facebook import PAGE, USER_TOKEN
from connectors.sandbox.graph.refusals import REFUSALS, refusal
from connectors.source import Window
from tests.connectors.facebook_story import (
    BEGIN,
    Pauses,
    calls,
    comment_id,
    connect,
    gaps,
    items,
    listed,
    notes,
    page,
    pages,
    post_id,
    row,
    source,
    threads,
)
from tests.connectors.memory import Memory
from tests.connectors.story import all_words_of

TOKEN = "canary-token-of-nobody-4711"
NOTHING = Answer(200, {"data": []})


def night(sandbox: Any, memory: Memory, **window: Any) -> list[Page]:
    """One more pass on what `memory` knows."""
    sandbox.requests.clear()
    return memory.remember(pages(sandbox, Window(known=memory, **window)))


def test_a_persons_token_is_refused_before_anything_is_read(serve: Any) -> None:
    """Facebook gives a person's token an empty list of comments: all of them would look deleted."""
    sandbox = serve(page(comments={0: 3}))
    personal = source(sandbox, secret=USER_TOKEN)
    with facebook.connect(personal) as http, pytest.raises(Refused, match=r"a person's.*ACTO_FACEBOOK_TOKEN"):
        list(facebook.read(personal, Window(), http))
    assert set(calls(sandbox)) == {"me"}


@pytest.mark.parametrize("code", ["not_a_page_token", "token_expired"])
@pytest.mark.parametrize("path", ["/me", "/feed", "/comments", "/ratings"])
def test_a_token_that_ends_in_the_middle_ends_the_pass(serve: Any, code: str, path: str) -> None:
    """It must be said as what it is, not as a gap for every post."""
    sandbox = serve(page(posts=3, comments={0: 1, 1: 1, 2: 1}))
    sandbox.fault(path, refusal(code), times=None)
    with pytest.raises(Refused, match="ACTO_FACEBOOK_TOKEN"):
        list(pages(sandbox))
    assert sum(path.strip("/") in call for call in calls(sandbox)) == 1


def test_another_pages_id_names_the_setting(serve: Any) -> None:
    """A name in the place of the id is the usual mistake."""
    sandbox = serve(page())
    by_name = source(sandbox, page_id="ACTO-online")
    with connect(sandbox) as http, pytest.raises(Refused, match=r"page_id is in acto\.toml"):
        list(facebook.read(by_name, Window(), http))


def test_a_wrong_token_is_refused_and_never_shown(serve: Any) -> None:
    """The token must not turn up in a URL, an error or a log, right or wrong."""
    sandbox = serve(page())
    wrong = source(sandbox, secret=TOKEN)
    with facebook.connect(wrong) as http, pytest.raises(Refused, match="does not accept the token") as caught:
        list(facebook.read(wrong, Window(), http))
    assert TOKEN not in all_words_of(caught.value)
    assert not [call for call in sandbox.requests if TOKEN in call.path]


def test_a_debug_log_can_be_shown_around(serve: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Facebook writes the token into the address of each next page: it must reach neither logs nor stored entries."""
    sandbox = serve(page(posts=120, comments={0: 120}))
    with caplog.at_level("DEBUG"):
        read = list(pages(sandbox))
    assert "/feed" in caplog.text and sandbox.key not in caplog.text + repr(read)


@pytest.mark.parametrize("name", sorted(REFUSALS))
@pytest.mark.parametrize("path", ["/me", "/feed", "/comments", "/ratings"])
def test_no_refusal_escapes_as_something_else(serve: Any, name: str, path: str) -> None:
    """Whatever Facebook answers wherever, the flow gets a sentence or a page, and nothing is taken for gone by it."""
    sandbox = serve([*page(posts=2, comments={0: 1}), row("31", "review", None, 1)])
    sandbox.fault(path, refusal(name), times=None)
    read: list[Page] = []
    try:
        for one in pages(sandbox):
            read.append(one)
    except SourceError as error:
        assert str(error).endswith(".")
    else:
        assert read[-1].resume is None
    kinds = {kind for kind, _, _ in listed(read)}
    assert kinds <= {"/me": set(), "/feed": {"review"}, "/comments": {"post", "review"}, "/ratings": {"post"}}[path]
    assert path != "/comments" or post_id(0) not in threads(read)
    assert not any(one.gone for one in read)


@pytest.mark.parametrize("body", ["<html>", "", {}, [], {"data": None}, {"data": {}}, {"data": [], "paging": 7}])
@pytest.mark.parametrize("path", ["/me", "/feed", "/comments", "/ratings"])
def test_an_answer_that_is_no_answer_is_not_an_empty_page(serve: Any, path: str, body: Any) -> None:
    """A page of HTML with status 200 must never read as "no comments": all would look deleted."""
    sandbox, memory = serve([*page(comments={0: 2}), row("31", "review", None, 1)]), Memory(post_id(0), "31")
    night(sandbox, memory)
    sandbox.fault(path, Answer(200, body), times=None)
    read: list[Page] = []
    try:
        for one in pages(sandbox, Window(known=memory)):
            read.append(one)
    except (Transient, Refused):
        pass
    else:
        assert "not what we asked for" in " ".join(gaps(read))
    lost = {"/me": None, "/feed": "post", "/comments": None, "/ratings": "review"}[path]
    assert lost not in {kind for kind, _, _ in listed(read)}
    assert path != "/comments" or post_id(0) not in threads(read)


def test_a_lasting_failure_of_the_list_is_transient(serve: Any) -> None:
    """The flow tries such a source again later the same night."""
    sandbox = serve(page())
    sandbox.fault("/feed", refusal("unknown"), times=None)
    with pytest.raises(Transient, match="answered 500, 4 times"):
        list(pages(sandbox))


def test_one_thread_failing_is_a_gap_that_names_it(serve: Any) -> None:
    """One broken thread must not cost the others, and the report must say which one."""
    sandbox = serve(page(posts=3, comments={0: 2, 1: 2, 2: 2}))
    sandbox.fault("1001/comments", refusal("unknown"), times=None)
    read = list(pages(sandbox))
    assert len(gaps(read)) == 1 and gaps(read)[0].startswith(
        f"The comments on the Facebook post {post_id(1)} could not"
    )
    assert threads(read).keys() == {post_id(0), post_id(2)} and len(items(read)) == 3 + 4


def test_what_is_here_is_kept_when_the_pass_breaks_off(serve: Any) -> None:
    """A limit reached among the comments must not throw away what is already here; the next pass goes on."""
    sandbox, memory = serve(page(posts=3, comments={0: 2, 1: 250, 2: 2})), Memory()
    sandbox.fault("1001/comments", refusal("page_business_limit"), times=None, after=1)
    first: list[Page] = []
    with pytest.raises(PassOver, match="opens again in about"):
        for one in pages(sandbox):
            first.append(one)
    memory.remember(first)
    assert len(memory.items) == 3 + 2 + 100 and threads(first) == {post_id(2): 2} and not listed(first)
    assert len(sandbox.requests) == 5, "a throttled call is neither repeated nor followed by another"
    sandbox.faults.clear()
    rest = memory.remember(pages(sandbox, Window(resume=first[-1].resume, known=memory)))
    assert len(memory.items) == 3 + 254 and not gaps(rest)


def test_a_thread_that_is_read_again_leaves_no_gap_behind(serve: Any) -> None:
    """A gap on the page that was broken off would make the pass partial for good, although the next night reads it whole."""
    sandbox, memory = serve(page(comments={0: 4})), Memory(post_id(0))
    night(sandbox, memory)
    body = comments_of(sandbox)
    sandbox.fault("/comments", Answer(200, body | {"data": body["data"][:2]}))
    sandbox.fault(f"_{comment_id(0, 3)}", refusal("page_business_limit"))
    first: list[Page] = []
    with pytest.raises(PassOver, match="opens again in about"):
        for one in pages(sandbox, Window(known=memory)):
            first.append(one)
    assert comment_id(0, 1) in items(first) and not gaps(first) and not threads(first)
    rest = memory.remember(pages(sandbox, Window(resume=first[-1].resume, known=memory)))
    assert threads(rest) == {post_id(0): 4} and not gaps(rest)


def test_near_the_limit_the_pass_slows_down(serve: Any) -> None:
    """Pauses of seconds keep the limit from being hit at all."""
    sandbox, pauses = serve(page()), Pauses()
    sandbox.fault("/feed", Answer(200, {"data": []}, {"X-App-Usage": '{"call_count": 87}'}))
    list(pages(sandbox, sleep=pauses))
    assert pauses == [8.0]


def test_comments_that_vanish_while_facebook_counts_them_are_a_gap(serve: Any) -> None:
    """An empty list beside a counter above none is a list that may not be believed."""
    sandbox, memory = serve(page(comments={0: 4})), Memory(post_id(0))
    night(sandbox, memory)
    sandbox.fault("/comments", Answer(200, {"data": [], "summary": {"total_count": 4}}))
    read = night(sandbox, memory)
    assert "counts 4 comments" in gaps(read)[0] and "showed none" in gaps(read)[0] and not threads(read)
    assert calls(sandbox) == ["me", "feed", "comments 1000", "ratings"]


def test_an_empty_list_without_a_counter_is_judged_by_the_posts(serve: Any) -> None:
    """A bare {"data": []} is what a person's token gets: the counter on the list of posts still speaks against it."""
    sandbox, memory = serve(page(comments={0: 4})), Memory(post_id(0))
    night(sandbox, memory)
    sandbox.fault("/comments", NOTHING)
    assert "counts 4 comments" in gaps(night(sandbox, memory))[0]


def test_an_empty_list_that_no_counter_speaks_for_deletes_nothing(serve: Any) -> None:
    """A token without rights is given bare empty lists, and 100/33 for each comment: nothing may be told as deleted."""
    sandbox, memory = serve(page(comments={0: 4})), Memory(post_id(0))
    night(sandbox, memory)
    body = feed_of(sandbox)
    del body["data"][0]["comments"]
    sandbox.fault("/feed", Answer(200, body))
    sandbox.fault("/comments", NOTHING)
    sandbox.fault(f"/{comment_id(0, 3)}", refusal("gone"), times=None)
    read = night(sandbox, memory)
    assert "showed none" in gaps(read)[0] and not threads(read)


def test_one_deleted_comment_does_not_speak_for_one_left_out(serve: Any) -> None:
    """Where Facebook counts more than it shows, each missing comment may still be there."""
    rows = page(comments={0: 4})
    rows[-1]["deleted"] = "2026-10-05T12:00:00Z"
    sandbox, memory = serve(rows), Memory(post_id(0))
    sandbox.at(BEGIN.date().replace(day=3))
    night(sandbox, memory)
    sandbox.at(BEGIN.date().replace(day=6))
    body = comments_of(sandbox)
    sandbox.fault("/comments", Answer(200, body | {"data": body["data"][:2]}))
    read = night(sandbox, memory)
    assert "left out comments" in gaps(read)[0] and not threads(read)


def test_comments_left_out_that_are_still_there_are_a_gap(serve: Any) -> None:
    """Where list and counter differ, one missing comment asked for by its id tells a lie from a deletion."""
    sandbox, memory = serve(page(comments={0: 4})), Memory(post_id(0))
    night(sandbox, memory)
    body = comments_of(sandbox)
    sandbox.fault("/comments", Answer(200, body | {"data": body["data"][:2]}))
    read = night(sandbox, memory)
    assert "left out comments" in gaps(read)[0] and not threads(read)
    assert calls(sandbox) == ["me", "feed", "comments 1000", f"comment {comment_id(0, 3)}", "ratings"]


def test_deleted_comments_are_told_from_the_thread_never_from_a_refusal(serve: Any) -> None:
    """100/33 means gone or not ours to see: it makes nothing `gone`, and costs no call where the counter agrees."""
    rows = page(comments={0: 5})
    rows[-1]["deleted"] = "2026-10-05T12:00:00Z"
    sandbox, memory = serve(rows), Memory(post_id(0))
    sandbox.at(BEGIN.date().replace(day=3))
    night(sandbox, memory)
    sandbox.at(BEGIN.date().replace(day=6))
    read = night(sandbox, memory)
    assert calls(sandbox) == ["me", "feed", "comments 1000", "ratings"]
    assert threads(read) == {post_id(0): 4} and comment_id(0, 4) not in items(read) and not gaps(read)
    sandbox.fault("/comments", Answer(200, comments_of(sandbox) | {"summary": {"total_count": 9}}))
    read = night(sandbox, memory)
    assert calls(sandbox)[3] == f"comment {comment_id(0, 4)}" and not any(one.gone for one in read)
    assert post_id(0) in threads(read) and not gaps(read)


def test_all_comments_deleted_is_believed_after_a_look(serve: Any) -> None:
    """A cleared thread must be told as such, but not on an empty answer alone."""
    rows = page(comments={0: 2})
    for comment in rows[1:]:
        comment["deleted"] = "2026-10-05T12:00:00Z"
    sandbox, memory = serve(rows), Memory()
    sandbox.at(BEGIN.date().replace(day=3))
    night(sandbox, memory)
    sandbox.at(BEGIN.date().replace(day=6))
    read = night(sandbox, memory)
    assert threads(read) == {post_id(0): 0} and not gaps(read)
    assert calls(sandbox)[2:4] == ["comments 1000", f"comment {comment_id(0, 1)}"]


def test_a_comment_deleted_while_its_thread_is_read(serve: Any) -> None:
    """The cursor stands for a comment that is gone by the second call: the thread is read from its beginning again."""
    sandbox = serve(page(comments={0: 150}))
    sandbox.fault("/comments.*after=", refusal("bad_cursor"))
    read = list(pages(sandbox))
    assert len(items(read)) == 151 and threads(read) == {post_id(0): 150} and not gaps(read)


def test_a_reply_whose_comment_was_deleted_meanwhile_is_kept(serve: Any) -> None:
    """Between two pages the answered comment may go: the reply that was seen is evidence all the same."""
    sandbox = serve(page(comments={0: 3}))
    body = comments_of(sandbox)
    sandbox.fault("/comments", Answer(200, body | {"data": body["data"][1:], "summary": {"total_count": 2}}))
    read = list(pages(sandbox))
    assert items(read)[comment_id(0, 1)].parent_id == comment_id(0, 0) and threads(read) == {post_id(0): 3}


def test_a_post_deleted_while_the_pass_runs_is_no_gap(serve: Any) -> None:
    """The list showed it a second ago; it does not any more."""
    sandbox = serve(page(posts=2, comments={0: 1, 1: 1}))
    sandbox.fault("1001/comments", refusal("gone"))
    sandbox.fault("/feed.*since=", NOTHING)
    read = list(pages(sandbox))
    assert not gaps(read) and threads(read) == {post_id(0): 1, post_id(1): None}


def test_a_post_that_the_list_shows_and_that_answers_as_gone_is_a_gap(serve: Any) -> None:
    """A permission for comments that has lapsed must not read as a deletion of the post or of what is below it."""
    sandbox = serve(page(posts=2, comments={0: 1, 1: 1}))
    sandbox.fault("1001/comments", refusal("gone"))
    read = list(pages(sandbox))
    assert post_id(1) in gaps(read)[0] and threads(read) == {post_id(0): 1} and not any(one.gone for one in read)


def test_an_old_post_that_was_deleted_is_told_from_the_list(serve: Any) -> None:
    """Its thread answers 100/33, which proves nothing; the list of that minute, which shows nothing, does."""
    rows = page(posts=2, comments={0: 1})
    rows[0]["deleted"] = "2026-10-05T12:00:00Z"
    rows[1]["posted"] = "2026-10-03T00:00:00Z"
    sandbox, memory = serve(rows), Memory(post_id(0))
    sandbox.at(BEGIN.date().replace(day=4))
    night(sandbox, memory)
    sandbox.at(BEGIN.date().replace(day=6))
    since = BEGIN + timedelta(days=1)
    read = night(sandbox, memory, since=since)
    assert calls(sandbox) == ["me", "feed", "comments 1000", "feed", "ratings"]
    assert listed(read) == [("post", BEGIN, BEGIN), ("post", since, None)] and not gaps(read)
    assert post_id(0) in threads(read), "or it would be asked for again every night"


def test_a_list_that_shows_nothing_proves_nothing(serve: Any) -> None:
    """An empty list of posts is also what a token without rights is given."""
    sandbox, memory = serve(page(posts=2, comments={0: 1})), Memory(post_id(0))
    night(sandbox, memory)
    sandbox.fault("/feed", NOTHING, times=None)
    sandbox.fault("/comments", refusal("gone"), times=None)
    sandbox.fault("/ratings", NOTHING, times=None)
    assert not listed(night(sandbox, memory))


def test_a_list_that_shows_nothing_any_more_is_no_quiet_night(serve: Any) -> None:
    """A token that has lost the list of posts would otherwise read as a night on which nobody wrote."""
    sandbox, memory = serve(page(posts=2)), Memory(post_id(0))
    night(sandbox, memory)
    sandbox.fault("/feed", NOTHING, times=None)
    read = night(sandbox, memory, since=BEGIN - timedelta(days=1))
    assert "shows none of the posts" in gaps(read)[0] and not listed(read)


def test_the_only_post_of_these_days_may_be_deleted(serve: Any) -> None:
    """An empty list is believed where the same list still shows older posts."""
    rows = [row(post_id(1), "post", None, -90_000), *page()]
    rows[1]["deleted"] = "2026-10-05T12:00:00Z"
    sandbox, memory = serve(rows), Memory(post_id(0))
    sandbox.at(BEGIN.date().replace(day=3))
    night(sandbox, memory)
    sandbox.at(BEGIN.date().replace(day=6))
    read = night(sandbox, memory, since=BEGIN - timedelta(days=1))
    assert ("post", BEGIN - timedelta(days=1), None) in listed(read) and not gaps(read)


def test_what_made_a_list_doubtful_is_not_forgotten_by_an_interruption(serve: Any) -> None:
    """A post without an id may be any of those that are missing, also for the pass that goes on the next night."""
    sandbox = serve(page(posts=130))
    body = feed_of(sandbox, limit=100)
    del body["data"][0]["id"]
    sandbox.fault("/feed", Answer(200, body))
    read = list(pages(sandbox))
    at = max(n for n, one in enumerate(read) if one.resume and one.resume["part"] == "posts")
    assert not listed(read) and not listed(list(pages(sandbox, Window(resume=read[at].resume))))


def test_a_list_that_leaves_out_a_post_which_is_there_is_not_believed(serve: Any) -> None:
    """A list cut short by Facebook must not make the rest of the Page look deleted."""
    sandbox, memory = serve(page(posts=5, comments={0: 1})), Memory(post_id(0))
    night(sandbox, memory)
    with connect(sandbox) as http:
        body = http.request("GET", f"https://graph.facebook.com/v25.0/{PAGE}/feed?limit=3").json()
    sandbox.fault("/feed", Answer(200, {"data": body["data"]}))
    read = night(sandbox, memory)
    assert f"left out the post {post_id(0)}" in gaps(read)[0] and not listed(read)


def test_a_very_long_list_is_not_believed_to_be_whole(serve: Any) -> None:
    """Facebook lists about 600 posts of a year: what is missing beyond that is not deleted."""
    sandbox = serve(page(posts=620))
    assert not listed(list(pages(sandbox)))
    assert listed(list(pages(sandbox, Window(since=BEGIN + timedelta(minutes=100)))))


def test_the_same_posts_again_and_again_end_with_a_gap(serve: Any) -> None:
    """The new Pages experience has sent the same 25 posts for weeks, with a new cursor each time."""
    sandbox = serve(page(posts=60))
    with connect(sandbox) as http:
        first = http.request("GET", f"https://graph.facebook.com/v25.0/{PAGE}/feed?limit=25").json()
    for n in range(50):
        cursors = {"before": "x", "after": f"cursor{n}"}
        sandbox.fault(
            "/feed", Answer(200, first | {"paging": {"cursors": cursors, "next": "https://graph.facebook.com/"}})
        )
    read = list(pages(sandbox))
    assert "the same posts again and again" in gaps(read)[0] and not listed(read)
    assert calls(sandbox).count("feed") < 6 and read[-1].resume is None


def test_the_same_comments_again_and_again_end_with_a_gap(serve: Any) -> None:
    """The same for one thread, which is not read whole then."""
    sandbox = serve(page(posts=2, comments={0: 150, 1: 1}))
    with connect(sandbox) as http:
        address = f"https://graph.facebook.com/v25.0/{post_id(0)}/comments?filter=stream&limit=100&fields=id,message"
        first = http.request("GET", address).json()
    sandbox.fault("1000/comments", Answer(200, first), times=None)
    read = list(pages(sandbox))
    assert "again and again" in gaps(read)[0] and post_id(0) not in threads(read) and post_id(1) in threads(read)


@pytest.mark.parametrize("code", [100, 12])
def test_one_field_that_facebook_refuses_costs_only_itself(serve: Any, code: int) -> None:
    """A field that a new version has given up must not cost all comments."""
    sandbox = serve(page(comments={0: 2}))
    error = {"message": f"(#{code}) Tried accessing nonexisting field (is_hidden) on node type (Comment)", "code": code}
    sandbox.fault("/comments.*is_hidden", Answer(400, {"error": error}), times=None)
    read = list(pages(sandbox))
    assert len(items(read)) == 3 and threads(read) == {post_id(0): 2} and not gaps(read)
    assert "some details any more (is_hidden)" in notes(read)[0]
    assert calls(sandbox).count("comments 1000") == 2 and "permalink_url" in sandbox.requests[-2].path


def test_a_field_that_is_not_named_costs_all_that_can_be_missed(serve: Any) -> None:
    """The words of a refusal change without notice: the posts must come all the same."""
    sandbox = serve(page(comments={0: 2}))
    error = {"message": "(#100) A field of this call is not to be had", "code": 100}
    sandbox.fault("/feed.*permalink_url", Answer(400, {"error": error}), times=None)
    read = list(pages(sandbox))
    assert len(items(read)) == 3 and calls(sandbox).count("feed") == 2


def test_a_field_that_we_cannot_do_without_is_a_failure(serve: Any) -> None:
    """Comments without their words are none."""
    sandbox = serve(page(comments={0: 2}))
    sandbox.fault("/comments", refusal("no_such_field", field="message"), times=None)
    read = list(pages(sandbox))
    assert len(gaps(read)) == 1 and not threads(read) and calls(sandbox).count("comments 1000") == 2


def test_recommendations_that_facebook_has_given_up_are_a_note(serve: Any) -> None:
    """Code 12 is Meta's decision, not a failure of the night: the reader is told the other way."""
    sandbox = serve(page(comments={0: 1}))
    sandbox.fault("/ratings", refusal("deprecated"), times=None)
    read = list(pages(sandbox))
    assert not gaps(read) and len(items(read)) == 2
    assert notes(read) == [
        "Facebook no longer gives recommendations by API: import them instead (docs/access/facebook.md says how)."
    ]


def test_recommendations_that_are_all_missing_are_no_quiet_night(serve: Any) -> None:
    """One may have been taken back; three at once are a list that we have lost."""
    sandbox, memory = serve([*page(), *(row(f"33{n}", "review", None, n) for n in range(3))]), Memory()
    night(sandbox, memory)
    sandbox.fault("/ratings", NOTHING)
    window = Window(known=memory, bookmark=memory.bookmark)
    assert "none of the recommendations" in gaps(list(pages(sandbox, window)))[0]
    sandbox.fault("/ratings", NOTHING)
    window = Window(known=memory, bookmark={"recommendations": 1})
    read = list(pages(sandbox, window))
    assert "none of the recommendations" in notes(read)[0] and not gaps(read)


def test_recommendations_without_their_stories_are_not_the_others_deleted(serve: Any) -> None:
    """Without the story each has another name than it is known by: none of the known ones may be told as gone."""
    sandbox = serve([*page(), row("33", "review", None, 1)])
    sandbox.fault("/ratings.*open_graph_story", refusal("no_such_field", field="open_graph_story"), times=None)
    assert [kinds for kinds, _, _ in listed(list(pages(sandbox)))] == ["post"]


def test_recommendations_that_may_not_be_read_are_a_gap(serve: Any) -> None:
    """A permission that has lapsed can be given again."""
    sandbox = serve(page())
    sandbox.fault("/ratings", refusal("permission"), times=None)
    assert "recommendations could not all be read" in gaps(list(pages(sandbox)))[0]


def test_a_permission_that_lapsed_is_said_once(serve: Any) -> None:
    """After 90 days without use all posts are refused: one sentence that says what to do, not one for every post."""
    sandbox = serve(page(posts=9, comments=dict.fromkeys(range(9), 1)))
    sandbox.fault("/comments", refusal("permission"), times=None)
    with pytest.raises(Refused, match=r"pages_read_engagement or pages_read_user_content.*90 days"):
        list(pages(sandbox))
    assert sum("comments" in call for call in calls(sandbox)) == 2


def test_a_post_that_may_not_be_read_does_not_end_the_pass(serve: Any) -> None:
    """Oddities here and there are gaps."""
    sandbox = serve(page(posts=5, comments=dict.fromkeys(range(5), 1)))
    sandbox.fault("100[13]/comments", refusal("permission_missing"), times=None)
    read = list(pages(sandbox))
    assert len(gaps(read)) == 2 and threads(read).keys() == {post_id(0), post_id(2), post_id(4)}


@pytest.mark.parametrize("name", ["gone", "permission"])
def test_a_post_elsewhere_that_hides_its_comments_is_a_note(serve: Any, name: str) -> None:
    """A post of somebody else that tags us is theirs: not being shown its comments is no failure, every night again."""
    sandbox, memory = serve([*page(), row("555000111_42", "mention", None, 2)]), Memory()
    sandbox.fault("/feed", Answer(200, uncounted(sandbox)))
    sandbox.fault("555000111_42/comments", refusal(name), times=None)
    read = night(sandbox, memory)
    assert not gaps(read) and "posts of others that tag our Page" in notes(read)[0]
    assert "555000111_42" in threads(read)


def test_a_hanging_server_does_not_hold_the_night(serve: Any) -> None:
    """Silence ends in a sentence."""
    sandbox = serve(page())
    sandbox.fault("/feed", delay=5, times=None)
    with pytest.raises(Transient, match="did not answer in time"):
        list(pages(sandbox, timeout=(1, 0.1)))


def test_a_body_cut_off_is_fetched_again(serve: Any) -> None:
    """Half a page must not pass for a whole one."""
    sandbox = serve(page(comments={0: 90}))
    sandbox.fault("/comments", cut=True)
    assert len(items(list(pages(sandbox)))) == 91


def test_an_id_from_outside_cannot_change_the_call(serve: Any) -> None:
    """An id is what Facebook says it is: it must not become a path of its own."""
    sandbox = serve(page())
    hostile = {"id": f"{PAGE}_1/../../me?fields=x#", "message": "x", "created_time": "2026-10-01T09:00:00+0000"}
    sandbox.fault("/feed", Answer(200, {"data": [hostile]}))
    list(pages(sandbox))
    assert f"/v25.0/{PAGE}_1%2F..%2F..%2Fme%3Ffields%3Dx%23/comments?" in sandbox.requests[2].path


def feed_of(sandbox: Any, limit: int = 25) -> dict[str, Any]:
    """The first posts as the sandbox would answer, each with its counter."""
    with connect(sandbox) as http:
        fields = "id,message,created_time,from,comments.filter(stream).limit(0).summary(true)"
        address = f"https://graph.facebook.com/v25.0/{PAGE}/feed?limit={limit}&fields={fields}"
        body: dict[str, Any] = http.request("GET", address).json()
    sandbox.requests.clear()
    return body


def comments_of(sandbox: Any) -> dict[str, Any]:
    """The comments on post 0 as the sandbox would answer."""
    with connect(sandbox) as http:
        fields = "id,message,created_time,from,parent{id},is_hidden"
        address = f"https://graph.facebook.com/v25.0/{post_id(0)}/comments?filter=stream&summary=1&fields={fields}"
        body: dict[str, Any] = http.request("GET", address).json()
    sandbox.requests.clear()
    return body


def uncounted(sandbox: Any) -> dict[str, Any]:
    """The list of posts as the sandbox would answer, without counters."""
    with connect(sandbox) as http:
        fields = "id,message,created_time,from"
        body: dict[str, Any] = http.request(
            "GET", f"https://graph.facebook.com/v25.0/{PAGE}/feed?fields={fields}"
        ).json()
    sandbox.requests.clear()
    return body


def test_where_nobody_says_whose_the_token_is_all_is_read_and_nothing_is_gone(serve: Any) -> None:
    """A question that Facebook has done away with must not cost the comments, nor make one of them look deleted."""
    sandbox = serve([*page(posts=2, comments={0: 3}), row("31", "review", None, 1)])
    sandbox.fault("/me", Answer(404, {}), times=None)
    read = list(pages(sandbox))
    assert len(items(read)) == 6
    assert not threads(read) and not listed(read)
    assert gaps(read) == [
        "Facebook did not say whose token this is, so nothing was taken for deleted: look at ACTO_FACEBOOK_TOKEN, as "
        "docs/access/facebook.md says."
    ]
