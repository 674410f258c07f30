"""The X connector over real HTTP: posts, mentions, conversations, quotes, edits and deletions, in as few calls as can be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from connectors.item import Gone, Item, Media, Page
from connectors.sandbox import Answer, Sandbox
from connectors.sandbox.x import least_calls
from connectors.sandbox.x.refusals import invalid
from connectors.source import Window
from tests.connectors.memory import Memory
from tests.connectors.story import Row, items
from tests.connectors.x_story import DAY, NOW, ago, asked, calls, edited, mention, ours, pages, row, sandbox_answer

Serve = Callable[[list[Row]], Sandbox]


@pytest.fixture
def serve_now(serve: Serve) -> Serve:
    """A sandbox that shows its story as of now."""

    def start(rows: list[Row]) -> Sandbox:
        sandbox = serve(rows)
        sandbox.at(NOW)
        return sandbox

    return start


def threads(read: list[Page]) -> set[str]:
    """The threads that were read whole."""
    return {thread.id for page in read for thread in page.threads}


def gone(read: list[Page]) -> list[Gone]:
    """What X said is not there."""
    return [one for page in read for one in page.gone]


def test_every_post_and_mention_of_every_page_is_read(serve_now: Serve) -> None:
    """A mention on the second page must not be missed; nor may a call be wasted."""
    rows = [ours(DAY * 8 + n) for n in range(130)] + [mention(DAY * 8 + n) for n in range(230)]
    sandbox = serve_now(rows)
    read = list(pages(sandbox))
    assert set(items(read)) == {one["id"] for one in rows}
    assert calls(sandbox) == ["tweets"] * 2 + ["mentions"] * 3
    assert len(sandbox.requests) == least_calls(sandbox.world.presence("x"), None, ())
    assert sum(page.expected or 0 for page in read) == 360
    assert [page.resume is None for page in read] == [False] * (len(read) - 1) + [True]
    assert not [gap for page in read for gap in page.gaps]


def test_items_say_what_the_checks_need(serve_now: Serve) -> None:
    """Who wrote what, when, in answer to what, and where to see it."""
    post = ours(3 * DAY, text="Wellbeing & <wifi>")
    reply = row(2 * DAY, "penny", text="@acto_org Thank you", replied_to=post["id"])
    answer = ours(DAY, text="@penny Any time", replied_to=reply["id"])
    other = row(60, "quentin", text="@penny @acto_org me too", replied_to=reply["id"])
    named, quote = mention(50, "rita"), row(40, "sam", text="Look at this", quotes=post["id"])
    found = items(list(pages(serve_now([post, reply, answer, other, named, quote]))))
    kinds = {one["id"]: found[one["id"]].kind for one in (post, reply, answer, other, named, quote)}
    assert list(kinds.values()) == ["post", "reply", "reply", "mention", "mention", "mention"]
    item = found[reply["id"]]
    assert (item.parent_id, item.thread_id, item.created_at) == (post["id"], post["id"], ago(2 * DAY))
    assert (item.author_id, item.author_name, item.author_handle) == (reply["author"]["id"], "Penny", "penny")
    assert item.url == f"https://x.com/penny/status/{reply['id']}"
    assert found[other["id"]].thread_id == post["id"] and found[other["id"]].parent_id == reply["id"]
    assert (found[post["id"]].text, found[post["id"]].thread_id) == ("Wellbeing & <wifi>", post["id"])
    assert (found[quote["id"]].thread_id, found[quote["id"]].parent_id) == (quote["id"], None)
    assert found[post["id"]].raw["public_metrics"]["quote_count"] == 1, "the raw entry is kept"


def test_reposts_are_nobodys_own_words(serve_now: Serve) -> None:
    """Somebody else's words must not stand in the report as ours or as a mention."""
    first = mention(60)
    rows = [first, ours(50, text="RT @somebody", retweets=first["id"])]
    rows += [row(40, "tom", text="RT @acto_org: x", retweets=first["id"])]
    read = list(pages(serve_now(rows)))
    assert set(items(read)) == {first["id"]} and sum(page.expected or 0 for page in read) == 1


def test_the_next_night_asks_for_what_is_new_only(serve_now: Serve) -> None:
    """X bills each post: what was read last night must not be listed again."""
    old = [ours(10 * DAY), *(mention(9 * DAY + n) for n in range(150))]
    new = mention(30)
    sandbox, memory = serve_now([*old, new]), Memory()
    sandbox.at(ago(60))
    memory.remember(pages(sandbox))
    sandbox.at(NOW)
    sandbox.requests.clear()
    read = list(pages(sandbox, Window(known=memory, bookmark=memory.bookmark)))
    assert set(items(read)) == {new["id"]} and calls(sandbox) == ["tweets", "mentions"]
    assert "start_time" not in str(sandbox.requests), "X refuses it beside since_id"
    third = list(pages(sandbox, Window(known=memory, bookmark=read[-1].bookmark)))
    assert not items(third) and third[-1].bookmark == read[-1].bookmark


def test_what_arrives_while_paging_is_read_the_next_night(serve_now: Serve) -> None:
    """The newest id of the first page counts: one taken from a later page would skip what came in between."""
    rows = [mention(DAY + n) for n in range(150)] + [mention(20)]
    sandbox = serve_now(rows)
    sandbox.at(ago(60))
    reading = pages(sandbox)
    read = [next(reading), next(reading)]
    sandbox.at(NOW)
    read += list(reading)
    assert read[-1].bookmark == {"mentions": rows[0]["id"]}
    after = items(list(pages(sandbox, Window(bookmark=read[-1].bookmark))))
    assert set(after) == {rows[-1]["id"]}


def test_without_a_bookmark_the_window_bounds_the_lists(serve_now: Serve) -> None:
    """`--since` and `--until` must bound what is paid for."""
    rows = [mention(n * DAY) for n in range(20, 26)] + [ours(n * DAY) for n in range(20, 26)]
    sandbox = serve_now(rows)
    window = Window(since=ago(24 * DAY), until=ago(22 * DAY - 1))
    assert set(items(list(pages(sandbox, window)))) == {one["id"] for one in rows[2:5] + rows[8:11]}
    later = Window(since=ago(30 * DAY), until=NOW.replace(year=NOW.year + 1))
    assert len(items(list(pages(sandbox, later)))) == 12 and "end_time" not in sandbox.requests[-1].path


def test_an_empty_page_with_a_token_is_not_the_end(serve_now: Serve) -> None:
    """X sends such pages where everything on them is left out."""
    sandbox = serve_now([mention(n) for n in range(120)])
    with_token = sandbox_answer(sandbox, "mentions")
    empty = {"meta": {"result_count": 0, "next_token": with_token["meta"]["next_token"]}}
    sandbox.fault("/mentions", answer(empty))
    assert len(items(list(pages(sandbox)))) == 20
    assert calls(sandbox)[1:3] == ["mentions", "mentions"]


def test_an_edited_post_keeps_its_first_id(serve_now: Serve) -> None:
    """Each edit is a new post on X: it must be the same item with a new text, not a new one beside a ghost."""
    post = ours(2 * DAY, text="Frist", edits=[edited(2 * DAY - 5, "First"), edited(2 * DAY - 20, "First!")])
    found = items(list(pages(serve_now([post]))))
    item = found.pop(post["id"])
    assert not found and item.text == "First!" and item.raw["id"] != post["id"]
    assert (item.created_at, item.edited_at) == (ago(2 * DAY), ago(2 * DAY - 20))
    assert item.thread_id == item.id and item.url and item.url.endswith(post["id"])


def test_an_edit_after_the_first_night_is_seen(serve_now: Serve) -> None:
    """The changed text is what the Chair has to look at."""
    post = mention(100, edits=[edited(75, "@acto_org changed")])
    sandbox, memory = serve_now([post]), Memory()
    sandbox.at(ago(90))
    memory.remember(pages(sandbox))
    sandbox.at(NOW)
    found = items(list(pages(sandbox, Window(known=memory, bookmark=memory.bookmark))))
    assert found[post["id"]].text == "@acto_org changed" and len(found) == 1


def test_an_older_version_in_an_answer_is_followed_to_the_newest(serve_now: Serve) -> None:
    """Asked by its first id, X may answer with the very first version: the old text must not pass for today's."""
    post = mention(20 * DAY, text="@acto_org old", edits=[edited(20 * DAY - 9, "@acto_org new")])
    memory = Memory(post["id"])
    sandbox = serve_now([post])
    memory.remember(pages(sandbox))
    newest = sandbox_answer(sandbox, f"lookup:{post['id']}")
    old = {**newest["data"][0], "id": post["id"], "text": "@acto_org old"}
    sandbox.fault(r"/2/tweets\?", answer({"data": [old]}))
    read = list(pages(sandbox, Window(known=memory, bookmark=memory.bookmark)))
    assert items(read)[post["id"]].text == "@acto_org new" and threads(read) == {post["id"]}
    assert [one["ids"] for one in asked(sandbox, "lookup")] == [post["id"], newest["data"][0]["id"]]


@pytest.mark.parametrize(
    ("by", "why"), [("author", "removed"), ("suspended", "account gone"), ("protected", "access lost")]
)
def test_what_is_gone_is_found_by_its_id_with_the_reason(serve_now: Serve, by: str, why: str) -> None:
    """No list shows a deletion; and X does not say who removed a post."""
    post = ours(20 * DAY)
    stays = row(19 * DAY, "penny", text="@acto_org Yes", replied_to=post["id"])
    goes = row(
        18 * DAY, "quentin", text="@acto_org No", replied_to=post["id"], deleted_by=by, deleted=ago(60).isoformat()
    )
    sandbox, memory = serve_now([post, stays, goes]), Memory(post["id"])
    sandbox.at(ago(90))
    memory.remember(pages(sandbox))
    sandbox.at(NOW)
    sandbox.requests.clear()
    read = list(pages(sandbox, Window(known=memory, bookmark=memory.bookmark)))
    assert set(items(read)) == {post["id"], stays["id"]}
    assert gone(read) == [Gone(goes["id"], why)] and threads(read) == {post["id"]}  # type: ignore[arg-type]
    assert calls(sandbox) == ["tweets", "mentions", "lookup"]


def test_replies_to_a_deleted_post_still_stand(serve_now: Serve) -> None:
    """On X a deletion takes no answers with it: they must not be called gone."""
    post = ours(3 * DAY, deleted=ago(60).isoformat())
    reply = row(2 * DAY, "penny", text="@acto_org Rubbish", replied_to=post["id"])
    sandbox, memory = serve_now([post, reply]), Memory(post["id"])
    sandbox.at(ago(90))
    memory.remember(pages(sandbox))
    sandbox.at(NOW)
    read = list(pages(sandbox, Window(known=memory, bookmark=memory.bookmark)))
    assert set(items(read)) == {reply["id"]} and gone(read) == [Gone(post["id"])]


def test_ids_are_looked_up_100_a_call_and_a_thread_is_whole_only_then(serve_now: Serve) -> None:
    """A thread of more than 100 posts must not be called whole after the first 100."""
    post = ours(30 * DAY)
    rows = [post, *(row(29 * DAY - n, "penny", text="@acto_org", replied_to=post["id"]) for n in range(240))]
    sandbox, memory = serve_now(rows), Memory(post["id"])
    memory.remember(pages(sandbox))
    sandbox.requests.clear()
    read = list(pages(sandbox, Window(known=memory, bookmark=memory.bookmark)))
    assert calls(sandbox) == ["tweets", "mentions", *["lookup"] * 3]
    assert [len(one["ids"].split(",")) for one in asked(sandbox, "lookup")] == [100, 100, 41]
    assert [{thread.id for thread in page.threads} for page in read if page.items] == [set(), set(), {post["id"]}]
    assert len(sandbox.requests) == least_calls(sandbox.world.presence("x"), NOW, {post["id"]})


def test_threads_that_are_not_due_cost_nothing(serve_now: Serve) -> None:
    """X bills each post that is looked up."""
    sandbox, memory = serve_now([mention(20 * DAY + n) for n in range(50)]), Memory()
    memory.remember(pages(sandbox))
    sandbox.requests.clear()
    list(pages(sandbox, Window(known=memory, bookmark=memory.bookmark)))
    assert calls(sandbox) == ["tweets", "mentions"]


def test_answers_that_do_not_name_us_are_searched_for_many_at_once(serve_now: Serve) -> None:
    """Talk below our own post may leave our name out; 13 conversations fit into one query of 512 characters."""
    posts = [ours(DAY + n) for n in range(14)]
    hidden = [row(60 + n, "penny", text="not a word", replied_to=post["id"]) for n, post in enumerate(posts)]
    deeper = row(40, "quentin", text="agreed", replied_to=hidden[0]["id"])
    sandbox = serve_now([*posts, *hidden, deeper])
    sandbox_posts = sandbox.world.presence("x")
    for one in hidden:
        one["text"] = "still not a word"
    read = list(pages(sandbox))
    assert set(items(read)) == {one["id"] for one in [*posts, *hidden, deeper]}
    queries = [one["query"] for one in asked(sandbox, "recent")]
    assert [query.count("conversation_id:") for query in queries] == [13, 1] and max(map(len, queries)) <= 512
    assert {post["id"] for post in posts} <= threads(read)
    assert len(sandbox.requests) == least_calls(sandbox_posts, None, ()) == 4


def test_conversations_older_than_the_search_are_not_searched(serve_now: Serve) -> None:
    """X finds the last 7 days only: a late reply to an old post comes as a mention, into its old thread."""
    post = ours(20 * DAY)
    late = row(30, "penny", text="@acto_org late to this", replied_to=post["id"])
    sandbox, memory = serve_now([post, late]), Memory(post["id"])
    sandbox.at(ago(60))
    memory.remember(pages(sandbox))
    sandbox.at(NOW)
    sandbox.requests.clear()
    read = list(pages(sandbox, Window(known=memory, bookmark=memory.bookmark)))
    assert items(read)[late["id"]].thread_id == post["id"] and calls(sandbox) == ["tweets", "mentions", "lookup"]


def test_others_talk_among_themselves_is_left_to_them(serve_now: Serve) -> None:
    """Whoever names us in a stranger's conversation of thousands must not make us read, pay and keep all of it."""
    stranger = row(90, "stranger", text="What a day")
    rows = [stranger, *(row(80 - n, "crowd", text="yes", replied_to=stranger["id"]) for n in range(50))]
    named = row(20, "penny", text="@stranger ask @acto_org", replied_to=stranger["id"])
    begun = mention(15, "rita")
    aside = row(10, "sam", text="@rita hello", replied_to=begun["id"])
    sandbox = serve_now([*rows, named, begun, aside])
    read = list(pages(sandbox))
    assert set(items(read)) == {named["id"], begun["id"]} and "recent" not in calls(sandbox)
    assert threads(read) == {stranger["id"], begun["id"]}


def test_quotes_of_our_posts_are_read(serve_now: Serve) -> None:
    """A quote need not name us, and is where people are often least kind."""
    post, quiet = ours(20 * DAY), ours(19 * DAY)
    quotes = [row(15 * DAY - n, "penny", text="Really?", quotes=post["id"]) for n in range(120)]
    sandbox, memory = serve_now([post, quiet, *quotes]), Memory(post["id"], *(one["id"] for one in quotes))
    read = memory.remember(pages(sandbox))
    assert set(items(read)) == {one["id"] for one in [post, quiet, *quotes]}
    assert calls(sandbox) == ["tweets", "mentions", "quote_tweets", "quote_tweets"]
    assert {one["id"] for one in quotes} <= threads(read)
    sandbox.requests.clear()
    again = list(pages(sandbox, Window(known=memory, bookmark=memory.bookmark)))
    assert calls(sandbox) == ["tweets", "mentions", "lookup", "lookup"], "all quotes were looked up already"
    assert len(items(again)) == 121


def test_a_quote_with_known_answers_is_not_whole_before_they_are_looked_up(serve_now: Serve) -> None:
    """Else the answers would look deleted, although nobody asked for them."""
    post = ours(20 * DAY)
    quote = row(60, "penny", text="Really?", quotes=post["id"])
    answered = row(50, "quentin", text="@penny ask @acto_org", replied_to=quote["id"])
    sandbox, memory = serve_now([post, quote, answered]), Memory(post["id"])
    sandbox.fault("/quote_tweets", answer({"meta": {"result_count": 0}}))
    memory.remember(pages(sandbox))
    assert set(memory.items) == {post["id"], answered["id"]}
    read = list(pages(sandbox, Window(known=memory, bookmark=memory.bookmark)))
    assert quote["id"] in items(read) and threads(read) == {post["id"]}


def test_long_posts_links_and_pictures_are_read_as_people_see_them(serve_now: Serve) -> None:
    """The second half of a long post, where a link leads, and what a picture says are looked at too."""
    long = "Terms & conditions " * 30
    urls = [{"start": 0, "end": 23, "url": "https://t.co/abcdefghij", "expanded_url": "https://acto-org.uk/join"}]
    linked = ours(40, text="Join: https://t.co/abcdefghij", entities={"urls": urls})
    seen = [{"type": "photo", "url": "https://pbs.twimg.example/1.jpg", "alt_text": "A certificate"}]
    found = items(list(pages(serve_now([ours(50, text=long), linked, mention(30, media=seen)]))))
    texts = [item.text for item in found.values()]
    assert long in texts and "Join: https://acto-org.uk/join" in texts
    pictures = [item.media for item in found.values() if item.media]
    assert pictures == [(Media("photo", "https://pbs.twimg.example/1.jpg", "A certificate"),)]


def test_a_withheld_post_is_an_item_and_says_so(serve_now: Serve) -> None:
    """What a court has had withheld in the UK is still there elsewhere."""
    withheld = {"copyright": False, "country_codes": ["GB"]}
    post = mention(40, withheld=withheld)
    assert items(list(pages(serve_now([post]))))[post["id"]].raw["withheld"] == withheld


def test_both_sets_of_names_give_the_same_items(serve_now: Serve) -> None:
    """X renamed everything in August 2026, while its documents and tweepy keep the old names: either may be refused."""
    post = ours(2 * DAY, text="word " * 100, edits=[edited(2 * DAY - 9, "other " * 100)])
    seen = [{"type": "photo", "url": "https://pbs.twimg.example/1.jpg", "alt_text": "A cat"}]
    reply = row(DAY, "penny", text="@acto_org yes", replied_to=post["id"], media=seen)
    sandbox = serve_now([post, reply, row(60, "sam", text="See", quotes=post["id"])])
    old = items(list(pages(sandbox)))
    sandbox.requests.clear()
    sandbox.fault(r"tweet\.fields", invalid("tweet.fields", "", "is not one of [post.fields]").answer, times=None)
    new = items(list(pages(sandbox)))
    assert [call.path.count("tweet.fields") for call in sandbox.requests] == [1, 0, 0, 0, 0], "remembered for the pass"
    assert {item.id: without_raw(item) for item in new.values()} == {
        item.id: without_raw(item) for item in old.values()
    }
    assert "edit_history_post_ids" in new[post["id"]].raw and len(new) == 3


def test_ids_stay_text(serve_now: Serve) -> None:
    """tweepy makes numbers of them, and JSON readers round big numbers: another post's id would come out."""
    post = mention(30)
    item = items(list(pages(serve_now([post]))))[post["id"]]
    assert item.raw["id"] == post["id"] and isinstance(item.raw["author_id"], str) and isinstance(item.thread_id, str)


def test_an_interrupted_pass_goes_on_where_it_was(serve_now: Serve) -> None:
    """A night that is cut off must not pay for the same pages twice, nor skip one, nor forget its first page."""
    rows = [ours(9 * DAY + n) for n in range(250)] + [mention(9 * DAY + n) for n in range(150)]
    sandbox = serve_now(rows)
    found: dict[str, Any] = {}
    resume, bookmark = None, None
    for _ in range(20):
        reading = pages(sandbox, Window(resume=resume))
        page = next(reading)
        reading.close()
        found |= items([page])
        resume, bookmark = page.resume, page.bookmark
        if resume is None:
            break
    assert set(found) == {one["id"] for one in rows}
    assert calls(sandbox) == ["tweets"] * 3 + ["mentions"] * 2
    assert bookmark == {"posts": rows[0]["id"], "mentions": rows[250]["id"]}


def test_threads_read_before_an_interruption_are_not_read_again(serve_now: Serve) -> None:
    """The lists are not asked for again either."""
    rows = [mention(20 * DAY + n) for n in range(150)]
    sandbox, memory = serve_now(rows), Memory()
    memory.remember(pages(sandbox))
    memory.scheduled = {one["id"] for one in rows}
    reading = pages(sandbox, Window(known=memory, bookmark=memory.bookmark))
    read = []
    while not read or not read[-1].threads:
        read.append(next(reading))
    reading.close()
    memory.scheduled -= threads(read)
    sandbox.requests.clear()
    rest = list(pages(sandbox, Window(known=memory, bookmark=memory.bookmark, resume=read[-1].resume)))
    assert len(threads(rest)) == 50 and calls(sandbox) == ["lookup"]
    assert rest[-1].bookmark == memory.bookmark


@pytest.mark.parametrize("resume", [{"step": "mentions", "token": "7140forgotten"}, {"step": "what?"}, {"step": 7}])
def test_a_place_that_x_forgot_means_from_the_newest(serve_now: Serve, resume: dict[str, Any]) -> None:
    """Page tokens die: a pass that is gone on with too late must still read everything."""
    sandbox = serve_now([mention(n) for n in range(120)])
    read = list(pages(sandbox, Window(resume=resume)))
    assert len(items(read)) == 120 and not any(page.gaps for page in read)


def test_a_night_of_an_ordinary_account_is_as_cheap_as_can_be(serve_now: Serve) -> None:
    """Young and old threads, replies, quotes, edits, deletions: at most 1.2 times the least number of calls."""
    posts = [ours(n * DAY + 60) for n in range(1, 40)]
    replies = [row((n + 1) * DAY, "penny", text="@acto_org", replied_to=post["id"]) for n, post in enumerate(posts)]
    quotes = [row(n * DAY, "sam", text="hm", quotes=posts[n]["id"]) for n in range(0, 39, 7)]
    new = [mention(n) for n in range(30)] + [ours(200)]
    sandbox, memory = serve_now([*posts, *replies, *quotes, *new]), Memory()
    sandbox.at(ago(DAY))
    memory.remember(pages(sandbox))
    memory.scheduled = {post["id"] for post in posts[:30]} | {quote["id"] for quote in quotes[1:]}
    sandbox.at(NOW)
    sandbox.requests.clear()
    list(pages(sandbox, Window(known=memory, bookmark=memory.bookmark)))
    least = least_calls(sandbox.world.presence("x"), ago(DAY), memory.scheduled)
    assert len(sandbox.requests) <= 1.2 * least and least >= 4


def test_only_a_list_that_was_read_whole_is_called_listed(serve_now: Serve) -> None:
    """Deletions are told from it: after since_id, from an empty answer, or of mentions it would be a lie."""
    sandbox = serve_now([ours(30 * DAY), mention(DAY)])
    window = Window(since=ago(60 * DAY))
    read = list(pages(sandbox, window))
    assert [(one.kinds, one.since) for page in read for one in page.listed] == [(("post",), window.since)]
    again = list(pages(sandbox, Window(since=window.since, bookmark=read[-1].bookmark)))
    empty = list(pages(serve_now([mention(DAY)])))
    assert not [one for page in again + empty for one in page.listed]


def answer(body: Any) -> Answer:
    """An answer to be ordered."""
    return Answer(200, body)


def without_raw(item: Item) -> Item:
    """The item without what it was read from."""
    return replace(item, raw={})
