"""The feed connector over real HTTP: every entry once, for one call, and for next to nothing where nothing is new."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from connectors import feed
from connectors.errors import Refused
from connectors.sandbox import Answer
from connectors.sandbox.feed import least_calls
from connectors.source import Window
from tests.connectors.memory import Memory
from tests.connectors.story import BEGIN
from tests.connectors.web_story import (
    ATOM,
    RSS,
    answered,
    atom,
    entries,
    entry,
    may_be_gone,
    names,
    only_page,
    rss,
    source,
)


@pytest.mark.parametrize("url", [ATOM, RSS])
def test_every_entry_is_read_in_one_call(serve: Any, url: str) -> None:
    """What a blog or a forum says of ACTO reaches the Chair, whichever of the two formats it speaks."""
    sandbox = serve(entries(12))
    page = only_page(sandbox, url)
    assert names(page) == [f"e{n}" for n in reversed(range(12))]
    assert len(sandbox.requests) == least_calls(sandbox.world.presence("feed"), None, ()) == 1
    assert page.resume is None and not page.gaps and not page.rejected
    assert [thread.id for thread in page.threads] == [item.id for item in page.items]


@pytest.mark.parametrize("url", [ATOM, RSS])
def test_an_item_says_what_the_checks_need(serve: Any, url: str) -> None:
    """Who wrote what, when, and where to see it; as a reader sees it, with nothing of the mark-up."""
    one = entry("e0", 3, title="Tom & <Jo>", link="https://blog.example/a?b=1&c=2", text='Its "text" & <3\n&amp; more')
    (item,) = only_page(serve([one]), url).items
    assert (item.platform, item.kind, item.id, item.thread_id) == ("feed", "post", one["id"], one["id"])
    assert item.text == 'Tom & <Jo>\n\nIts "text" & <3\n&amp; more'
    assert (item.author_name, item.author_handle) == ("Author of e0", None)
    assert (item.url, item.created_at) == ("https://blog.example/a?b=1&c=2", BEGIN + timedelta(minutes=3))
    assert item.raw["link"] == "https://blog.example/a?b=1&c=2"


@pytest.mark.parametrize("url", [ATOM, RSS])
def test_a_feed_of_ours_has_our_handle_and_no_other_feed_has(serve: Any, url: str) -> None:
    """What ACTO publishes on its blog is not the public's; what a forum writes, under ACTO's name even, is not ACTO's. Those
    who write on the blog stay apart: one who asks to be erased must not take the blog with him.
    """
    own = source(serve([*entries(2), entry("e9", 600, author={"id": None, "name": "ACTO", "handle": None})]), url)
    for ours, handle in (("True", "ACTO"), ("true", "ACTO"), ("False", None), (None, None)):
        read = replace(own, keys=dict(own.keys) | ({"ours": ours} if ours else {}))
        with feed.connect(read) as http:
            (page,) = feed.read(read, Window(), http)
        assert {item.author_handle for item in page.items} == {handle}
        names = ["ACTO", "Author of e1", "Author of e0"]
        assert [item.author_name for item in page.items] == names
        assert [item.author_id for item in page.items] == (names if handle else [None, None, None])


def test_ours_is_true_or_false(serve: Any) -> None:
    """A "no" that was taken for a yes would make the words of strangers ACTO's."""
    mistaken = source(serve(entries(1)), ATOM)
    mistaken = replace(mistaken, keys=dict(mistaken.keys) | {"ours": "no"})
    with (
        feed.connect(mistaken) as http,
        pytest.raises(Refused, match=r"ours of \[sources\.web\] in acto\.toml must be true or false"),
    ):
        list(feed.read(mistaken, Window(), http))


def test_an_unchanged_feed_costs_one_call_and_tells_nothing(serve: Any) -> None:
    """Asked politely each night, a server must not send all again; and its "not modified" must not read as "all gone"."""
    sandbox, memory = serve(entries(3)), Memory()
    memory.remember([only_page(sandbox, ATOM)])
    again = only_page(sandbox, ATOM, Window(bookmark=memory.bookmark, known=memory))
    assert sandbox.requests[-1].headers["if-none-match"] and len(sandbox.requests) == 2
    assert (again.items, again.gaps, again.listed, again.threads) == ((), (), (), ())
    assert again.notes == ("The feed says that nothing in it has changed since it was last read.",)


def test_a_server_without_etags_is_asked_by_date(serve: Any) -> None:
    """Half the world's feeds have a Last-Modified only."""
    sandbox = serve(entries(1))
    page = answered(sandbox, ATOM, atom("<id>a:1</id><title>x</title>"), Last_Modified="Mon, 02 Nov 2026 10:00:00 GMT")
    sandbox.faults.clear()
    only_page(sandbox, ATOM, Window(bookmark=page.bookmark))
    assert sandbox.requests[-1].headers["if-modified-since"] == "Mon, 02 Nov 2026 10:00:00 GMT"
    assert "if-none-match" not in sandbox.requests[-1].headers


def test_a_change_is_read_on_the_next_night(serve: Any) -> None:
    """An edit and a new entry both show, the edit as an edit of what was there."""
    edits = [{"at": "2026-10-05T12:00:00Z", "text": "Changed"}]
    sandbox, memory = serve([*entries(2), entry("e8", 30, edits=edits), entry("e9", 6000)]), Memory()
    sandbox.at(BEGIN.date().replace(day=3))
    before = memory.remember([only_page(sandbox, ATOM)])[0]
    sandbox.at(BEGIN.date().replace(day=6))
    after = only_page(sandbox, ATOM, Window(bookmark=memory.bookmark, known=memory))
    first, now = ({item.id: item for item in page.items} for page in (before, after))
    assert len(first) == 3 and set(now) - set(first) == {"tag:blog.example,2026:e9"}
    changed = now["tag:blog.example,2026:e8"]
    assert (changed.text, str(changed.edited_at)) == ("Changed", "2026-10-05 12:00:00+00:00")


def test_another_address_or_a_wider_window_is_read_in_full(serve: Any) -> None:
    """What was not asked for last time must not be kept from us by "not modified"."""
    sandbox = serve(entries(3))
    narrow = only_page(sandbox, ATOM, Window(since=BEGIN + timedelta(minutes=90)))
    assert names(narrow) == ["e2"]
    for window, url in (
        (Window(bookmark=narrow.bookmark), ATOM),
        (Window(bookmark=narrow.bookmark, since=BEGIN), ATOM),
        (Window(bookmark=only_page(sandbox, ATOM).bookmark), RSS),
    ):
        assert names(only_page(sandbox, url, window)) == ["e2", "e1", "e0"]
        assert not {"if-none-match", "if-modified-since"} & set(sandbox.requests[-1].headers)
    assert only_page(sandbox, ATOM, Window(until=BEGIN)).bookmark == {}


def test_the_window_is_kept_but_what_is_known_is_always_read(serve: Any) -> None:
    """`--since` and `--until` hold; an edit of an old entry that we hold is seen at once, since it is here anyway."""
    sandbox, memory = serve(entries(5)), Memory()
    window = Window(since=BEGIN + timedelta(hours=1), until=BEGIN + timedelta(hours=3))
    assert names(only_page(sandbox, ATOM, window)) == ["e3", "e2", "e1"]
    memory.remember([only_page(sandbox, ATOM, Window(until=BEGIN))])
    late = Window(since=BEGIN + timedelta(hours=4), known=memory)
    assert names(only_page(sandbox, ATOM, late)) == ["e4", "e0"]
    memory.scheduled = {"tag:blog.example,2026:e0"}
    assert names(only_page(sandbox, ATOM, late)) == ["e4", "e0"]


def test_what_falls_off_the_end_is_not_gone_but_what_is_missing_between_is(serve: Any) -> None:
    """A feed shows its newest 20: the 21st is still on the blog. One taken away between two others is not."""
    rows = entries(25)
    rows[20]["deleted"] = "2026-10-05T12:00:00Z"
    sandbox = serve(rows)
    sandbox.at(BEGIN.date().replace(day=4))
    before = {item.text.split()[-1]: item for item in only_page(sandbox, ATOM).items}
    sandbox.at(BEGIN.date().replace(day=6))
    page = only_page(sandbox, ATOM)
    assert set(before) - set(names(page)) == {"e20"} and set(names(page)) - set(before) == {"e4"}
    everything = {item.text.split()[-1]: item for item in only_page(serve(entries(20)), ATOM).items}
    assert may_be_gone(page, before["e20"]) and not any(may_be_gone(page, everything[f"e{n}"]) for n in range(5))


def dated(*days: int | None) -> list[str]:
    """Entries of these days of November, one without a date for None."""
    when = [f"<published>2026-11-{day:02}T10:00:00Z</published>" if day else "" for day in days]
    return [f"<id>a:{n}</id><title>x {n}</title>{one}" for n, one in enumerate(when)]


@pytest.mark.parametrize(
    ("inner", "tells"),
    [
        (dated(9, 7, 5), True),
        ([], False),
        (dated(9, None, 5), False),
        # Pinned to the top: between it and the rest lies what the feed does not show.
        (dated(1, 9, 7), False),
        (dated(5, 7, 9), False),
    ],
)
def test_only_a_feed_in_order_tells_of_deletions(serve: Any, inner: list[str], tells: bool) -> None:
    """An entry that a feed merely does not show must never be told to the Chair as deleted."""
    assert bool(answered(serve([]), ATOM, atom(*inner)).listed) is tells


@pytest.mark.parametrize(("days", "since"), [((9, 1), 8), ((9, 1, 5), 5)])
def test_a_feed_in_the_order_of_changes_tells_back_to_its_oldest_change(
    serve: Any, days: tuple[int, ...], since: int
) -> None:
    """An entry of years ago comes up because it was changed; those between then and now are not shown, and not gone."""
    inner = dated(*days)
    inner[1] += "<updated>2026-11-08T10:00:00Z</updated>"
    page = answered(serve([]), ATOM, atom(*inner))
    assert [str(one.since) for one in page.listed] == [f"2026-11-0{since} 10:00:00.000001+00:00"]


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<guid>https://b.example/1</guid><link>https://b.example/2</link>", "https://b.example/1"),
        # A number is unique within its feed only: another feed has it as well.
        ('<guid isPermaLink="false">17</guid>', f"{RSS}#17"),
        ("<link>https://b.example/2</link>", "https://b.example/2"),
    ],
)
def test_an_entry_is_known_by_guid_or_link(serve: Any, inner: str, expected: str) -> None:
    """The same entry must be the same item every night, or each night flags it anew."""
    (item,) = answered(serve([]), RSS, rss(f"<title>x</title>{inner}")).items
    assert item.id == expected


def test_an_entry_without_either_is_known_by_its_words(serve: Any) -> None:
    """The poorest feeds have nothing but a text."""
    sandbox = serve([])
    one, two = answered(sandbox, RSS, rss("<title>x</title>", "<title>y</title>")).items
    (again,) = answered(sandbox, RSS, rss("<title>y</title>")).items
    assert one.id != two.id == again.id and len(one.id) == 32


@pytest.mark.parametrize(
    "before", ["http://acto.example/rss.xml", "https://www.acto.example/rss.xml", "http://www.acto.example/rss.xml/"]
)
@pytest.mark.parametrize("guid", ['<guid isPermaLink="false">17</guid>', ""])
def test_a_feed_that_moved_brings_nothing_twice(serve: Any, before: str, guid: str) -> None:
    """Told to put the new address into acto.toml, nobody must get all entries as new, and each decision to make again."""
    sandbox, memory = serve([]), Memory()
    sandbox.fault("/rss.xml", Answer(200, rss(f"<title>x</title>{guid}"), {"Content-Type": "application/xml"}), times=2)
    (old,) = memory.remember([only_page(sandbox, before)])[0].items
    (now,) = only_page(sandbox, RSS, Window(known=memory)).items
    sandbox.fault("/feed.xml", Answer(200, rss(f"<title>x</title>{guid}"), {"Content-Type": "application/xml"}))
    (beside,) = only_page(sandbox, ATOM, Window(known=memory)).items
    assert now.id == old.id != beside.id, "a number is unique within its feed only"


def test_an_entry_that_comes_twice_is_one_item(serve: Any) -> None:
    """Two versions of an entry are one entry: the one that was changed last, whatever their order."""
    versions = [
        f"<id>a:1</id><title>{title}</title><published>2026-11-01T10:00:00Z</published>"
        f"<updated>2026-11-0{day}T10:00:00Z</updated>"
        for title, day in (("old", 2), ("new", 3), ("older", 1))
    ]
    page = answered(serve([]), ATOM, atom(*versions))
    assert [item.text for item in page.items] == ["new"] and not page.rejected


def test_entries_that_share_an_id_are_counted(serve: Any) -> None:
    """A broken blog gives every entry the same guid: what cannot be told apart must at least be counted."""
    inner = [f"<guid>x:1</guid><title>{n}</title><link>https://b.example/{n}</link>" for n in range(3)]
    page = answered(serve([]), RSS, rss(*inner))
    assert [item.text for item in page.items] == ["0"]
    assert [one.id for one in page.rejected] == ["x:1", "x:1"] and not page.listed and page.bookmark == {}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Mon, 02 Nov 2026 10:00:00 GMT", "2026-11-02 10:00:00+00:00"),
        ("Mon, 02 Nov 2026 10:00:00 +0100", "2026-11-02 09:00:00+00:00"),
        ("2026-11-02T10:00:00", "2026-11-02 10:00:00+00:00"),
        ("2026-11-02", "2026-11-02 00:00:00+00:00"),
        ("Mon, 02 Nov 2026 10:00:00", "2026-11-02 10:00:00+00:00"),
        ("yesterday", "None"),
        ("Mon, 01 Jan 0001 00:00:00 GMT", "None"),
        ("", "None"),
    ],
)
def test_dates_are_read_in_utc_or_not_at_all(serve: Any, written: str, read: str) -> None:
    """A date without a zone is UTC, and one that is none must not cost the entry."""
    (item,) = answered(serve([]), RSS, rss(f"<title>x</title><pubDate>{written}</pubDate>")).items
    assert str(item.created_at) == read
    assert item.edited_at is None


def test_html_becomes_what_a_reader_sees(serve: Any) -> None:
    """Checks judge words: no scripts, no styles, a line for a paragraph, entities resolved once."""
    inner = (
        "<title>x</title><description><![CDATA[<style>p{}</style><p>One &amp;amp; <b>t</b>wo</p>\n<p>Three<br>four</p>"
        "<script>alert(1)</script><ul><li>five<li>six</ul><!-- no -->seven<script>x</script>!]]></description>"
    )
    (item,) = answered(serve([]), RSS, rss(inner)).items
    assert item.text == "x\n\nOne &amp; two\nThree\nfour\nfive\nsix\nseven!"


def test_the_whole_text_is_read_where_there_is_a_summary_as_well(serve: Any) -> None:
    """The sentence that matters is seldom in the summary."""
    inner = "<id>a:1</id><title>T</title><summary>Short</summary><content type='html'>&lt;p&gt;Long&lt;/p&gt;</content>"
    (item,) = answered(serve([]), ATOM, atom(inner)).items
    assert item.text == "T\n\nLong"


def test_a_title_that_is_the_beginning_of_the_text_is_not_doubled(serve: Any) -> None:
    """Posts without a title of their own get their first words for one."""
    (item,) = answered(
        serve([]), RSS, rss("<title>Hello there</title><description>Hello there, all</description>")
    ).items
    assert item.text == "Hello there, all"


def test_plain_text_is_not_taken_for_html(serve: Any) -> None:
    """Somebody who writes of a <b> means it."""
    inner = "<id>a:1</id><title type='text'>Use &lt;b&gt; &amp;amp; co</title>"
    (item,) = answered(serve([]), ATOM, atom(inner)).items
    assert item.text == "Use <b> &amp; co"


def test_only_addresses_of_the_web_become_links(serve: Any) -> None:
    """The report must not hand the Chair a link that runs a script."""
    inner = (
        "<id>a:1</id><title>x</title><link href='javascript:alert(1)'/><author><name>n</name><uri>data:x</uri></author>"
    )
    (item,) = answered(serve([]), ATOM, atom(inner)).items
    assert (item.url, item.author_id, item.author_name) == (None, None, "n")
