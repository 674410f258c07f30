"""The feed connector when things go wrong: what the report says, and that nothing is lost, expanded or opened."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from connectors import feed
from connectors.errors import Refused, Transient
from connectors.sandbox import Answer
from connectors.source import Source, Window
from tests.connectors.memory import Memory
from tests.connectors.web_story import ATOM, RSS, answered, atom, entries, only_page, pages, rss


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (301, "put the address that it ends at into acto.toml"),
        (302, "put the address that it ends at into acto.toml"),
        (308, "put the address that it ends at into acto.toml"),
        (401, "does not let programs read"),
        (403, "does not let programs read"),
        (404, "look at the url of this source in acto.toml"),
        (410, "look at the url of this source in acto.toml"),
        # Nobody asked for it: nothing is known of this feed yet.
        (304, "answered 304"),
        (202, "answered 202"),
        (418, "answered 418"),
    ],
)
def test_a_refusal_says_what_to_do(serve: Any, status: int, words: str) -> None:
    """A human must be able to mend it from the report alone; a redirect is never followed to who knows where."""
    sandbox = serve(entries(1))
    with pytest.raises(Refused, match=words) as caught:
        answered(sandbox, ATOM, "<b>words of theirs</b>", status=status, Location=f"{sandbox.base_url}/rss.xml")
    assert str(caught.value).startswith("acto.example ") and "theirs" not in str(caught.value)
    assert len(sandbox.requests) == 1


def test_a_failure_that_may_pass_is_transient(serve: Any) -> None:
    """The flow tries such a source again later the same night."""
    with pytest.raises(Transient, match="answered 503, 4 times"):
        answered(serve([]), ATOM, "", status=503)


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE html><html><head><title>Welcome</title></head><body><p>Accept our cookies</body></html>",
        "",
        "   ",
        "Not here",
        '{"feed": {"entry": []}}',
        b"\x89PNG\r\n\x1a\n\x00\x00",
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)
def test_a_page_that_is_no_feed_is_refused(serve: Any, body: str | bytes) -> None:
    """A cookie wall with status 200 must never read as "no entries": all would look deleted."""
    with pytest.raises(Refused, match="is not an RSS or Atom feed: look at the url"):
        answered(serve([]), ATOM, body)


def test_an_empty_feed_tells_of_no_deletion(serve: Any) -> None:
    """Nor must a feed that has lost its entries overnight."""
    sandbox, memory = serve(entries(3)), Memory()
    memory.remember([only_page(sandbox, ATOM)])
    sandbox.fault("/feed", Answer(200, atom()), times=None)
    page = only_page(sandbox, ATOM, Window(known=memory))
    assert not page.items and not page.listed


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        (rss("<title>a & b</title><guid>x:1</guid>", "<title>c</title><guid>x:2</guid>"), ["a & b", "c"]),
        (
            rss("<title>a</title><guid>x:1</guid>", "<title>b</title><guid>x:2</guid>").partition("</item></ch")[0],
            ["a", "b"],
        ),
        (atom("<id>x:1</id><title>a</title>", "<id>x:2</id><nope:b/><title>b</title>"), ["a", "b"]),
        (rss("<title>caf&eacute;</title><guid>x:1</guid>"), ["café"]),
    ],
)
def test_a_malformed_feed_is_read_as_far_as_it_goes(serve: Any, body: str, texts: list[str]) -> None:
    """Half the blogs of the world break XML: their entries count, and the report says that some may be missing."""
    date = "<pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate>"
    page = answered(serve([]), ATOM, body.replace("</title><guid>", f"</title>{date}<guid>"))
    assert [item.text for item in page.items] == texts
    assert page.gaps == ("The feed is not well-formed, so some of its entries may be missing or cut off.",)
    assert not page.listed and page.bookmark == {}


@pytest.mark.parametrize(
    ("encoding", "declared", "header"),
    [
        ("utf-8", "utf-8", "application/xml"),
        ("iso-8859-1", "iso-8859-1", "application/xml"),
        # Labels that lie.
        ("utf-8", "iso-8859-1", "text/xml"),
        ("utf-8", "utf-8", "application/xml; charset=iso-8859-1"),
        ("windows-1252", "utf-8", "application/xml; charset=utf-8"),
        ("utf-8", "no-such-thing", "application/xml; charset=also-not"),
        # Encodings that Python knows and that no page has.
        ("utf-8", "punycode", "application/xml; charset=idna"),
        ("windows-1252", "punycode", "application/xml; charset=idna"),
        ("utf-8-sig", "utf-8", "text/xml"),
        ("utf-16", "utf-8", "text/xml"),
        ("utf-16", "utf-16", "text/xml"),
        ("utf-16-le", "utf-16", "text/xml"),
        ("utf-16-be", "utf-16", "text/xml"),
    ],
)
def test_letters_survive_a_wrong_charset(serve: Any, encoding: str, declared: str, header: str) -> None:
    """A name with an accent is still that name, whatever a server says of its bytes."""
    body = rss("<title>Zoë’s café</title>".replace("’", "'" if encoding == "iso-8859-1" else "’"))
    written = body.replace('version="1.0"', f'version="1.0" encoding="{declared}"').encode(encoding)
    page = answered(serve([]), RSS, written, Content_Type=header)
    assert [item.text.replace("’", "'") for item in page.items] == ["Zoë's café"] and not page.gaps


def test_entities_are_not_expanded(serve: Any) -> None:
    """A thousand million laughs in a kilobyte must not fill this machine."""
    laughs = (
        '<!ENTITY a "'
        + "ha" * 50
        + '">'
        + "".join(f'<!ENTITY {name} "{f"&{inner};" * 10}">' for inner, name in zip("abcdefgh", "bcdefghi", strict=True))
    )
    body = atom("<id>x:1</id><title>&i;</title>", "<id>x:2</id><title>fine</title>")
    body = body.replace("?>", f"?>\n<!DOCTYPE feed [\n{laughs}\n]>\n", 1)
    begin = time.monotonic()
    page = answered(serve([]), ATOM, body)
    assert time.monotonic() - begin < 20
    assert "fine" in [item.text for item in page.items] and page.gaps
    assert "haha" not in repr(page)


def test_no_file_of_this_machine_is_opened(serve: Any, tmp_path: Path) -> None:
    """Neither an external entity, nor a body that is the name of a file (which feedparser would open)."""
    secret = tmp_path / "secret.xml"
    secret.write_text(rss("<title>the secret</title>"))
    body = rss("<title>&x;</title><guid>x:1</guid>", "<title>fine</title>")
    body = body.replace("?>", f'?>\n<!DOCTYPE rss [\n<!ENTITY x SYSTEM "{secret.as_uri()}">\n]>\n', 1)
    page = answered(serve([]), RSS, body)
    assert "fine" in [item.text for item in page.items] and "the secret" not in repr(page)
    for name in (str(secret), secret.as_uri()):
        with pytest.raises(Refused, match="is not an RSS or Atom feed"):
            answered(serve([]), RSS, name)


@pytest.mark.parametrize(
    "body",
    [
        rss() + "<a x='" * 200_000,
        "<!ENTITY\n" * 100_000 + rss("<title>x</title>"),
        "\n" * 900_000 + rss("<title>x</title>"),
        f"<!--{chr(10) * 900_000}-->" + rss("<title>x</title>").partition("?>")[2],
        "<!--" * 200_000 + rss("<title>x</title>"),
        rss("<title>x</title>" * 400_000),
    ],
    ids=["open quotes", "declarations", "blank lines", "blank comment", "open comments", "larger than we read"],
)
def test_a_hostile_feed_does_not_hold_the_night(serve: Any, body: str) -> None:
    """Some kinds of rubbish take feedparser hours: the other sources must still be read."""
    begin = time.monotonic()
    try:
        answered(serve([]), RSS, body)
    except Refused as refused:
        assert "larger than we read" in str(refused) or "is not an RSS" in str(refused)
    assert time.monotonic() - begin < 20


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        ("<guid>x:9</guid><link>https://b.example/</link>", "neither a title nor a text"),
        ("<guid>x:9</guid><title></title><description> &#32; </description>", "neither a title nor a text"),
    ],
)
def test_one_broken_entry_costs_only_itself(serve: Any, inner: str, words: str) -> None:
    """What cannot be read is kept with its bytes and its id, and the rest goes on."""
    date = "<pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate>"
    others = [f"<title>{name}</title><guid>x:{name}</guid>{date}" for name in "ab"]
    page = answered(serve([]), RSS, rss(others[0], inner + date, others[1]))
    assert {"a", "b"} <= {item.text for item in page.items}
    assert [one.id for one in page.rejected if words in one.reason] == ["x:9"]
    assert b"x:9" in page.rejected[0].raw and not page.listed and page.bookmark == {}


@pytest.mark.parametrize("reference", ["&#xD83D;", "&#0;", "&#x110000;", "&#99999999999999999999;", f"&#{'9' * 5000};"])
def test_a_reference_to_no_character_costs_only_itself(serve: Any, reference: str) -> None:
    """feedparser breaks on half an emoji: one of them must not make the whole feed unreadable."""
    page = answered(serve([]), RSS, rss(f"<title>half {reference} of it</title>"))
    assert [item.text for item in page.items] == ["half \ufffd of it"]


def test_a_nul_character_costs_only_itself(serve: Any) -> None:
    """It cannot be kept, and no reader sees it."""
    page = answered(serve([]), RSS, rss("<title>cut\0here</title>"))
    assert [item.text for item in page.items] == ["cut\ufffdhere"] and not page.gaps


def test_a_feed_that_breaks_feedparser_is_a_sentence(serve: Any) -> None:
    """A misplaced element of one of its extensions must not end as an unexpected fault."""
    with pytest.raises(Refused, match="in such an odd way that it could not be read"):
        answered(serve([]), RSS, rss("<title>x</title><gml:pos xmlns:gml='http://www.opengis.net/gml'>1 2</gml:pos>"))


def test_a_deep_text_does_not_break_the_feed(serve: Any) -> None:
    """Ten thousand open tags in one entry."""
    page = answered(serve([]), RSS, rss(f"<title>a</title><description><![CDATA[{'<div>' * 10_000}x]]></description>"))
    assert [item.text for item in page.items] == ["a"]


@pytest.mark.parametrize("etag", ["", " ", "x" * 2000, '"caf\u00e9"', '"a\tb"'])
def test_a_strange_etag_is_not_sent_back(serve: Any, etag: str) -> None:
    """A header that cannot be sent must not make the feed unreadable from the second night on."""
    sandbox = serve(entries(2))
    only_page(sandbox, ATOM, Window(bookmark={"address": ATOM, "since": None, "ETag": etag, "Last-Modified": 7}))
    assert "if-none-match" not in sandbox.requests[-1].headers


@pytest.mark.parametrize(
    "url",
    [
        "acto.example/feed.xml",
        "ftp://acto.example/feed.xml",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "https://user:canary-password@acto.example/feed.xml",
        "https://acto.example:port/feed.xml",
        "https://[::1/feed.xml",
        "https://acto.example/feed .xml",
        "https://acto.example\\@evil.example/feed.xml",
        "https://acto.example\\evil.example/feed.xml",
    ],
)
def test_an_address_that_will_not_do_is_named(url: str) -> None:
    """The sentence names the source and the key to mend, and shows nobody's password."""
    with pytest.raises(Refused, match=r"\[sources.blog\] in acto.toml: url must begin with https://") as caught:
        feed.connect(Source("blog", "feed", {"url": url}))
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://acto.example", "/"),
        ("http://acto.example?feed=rss2&x=%20#part", "/?feed=rss2&x=%20"),
        ("https://acto.example:8443/a/b.xml", "/a/b.xml"),
    ],
)
def test_path_and_query_are_kept(serve: Any, url: str, asked: str) -> None:
    """base_url replaces the host alone; a feed may be a query of its blog."""
    sandbox = serve([])
    sandbox.fault("", Answer(200, rss("<title>x</title>")), times=None)
    assert [item.text for page in pages(sandbox, url) for item in page.items] == ["x"]
    assert [call.path for call in sandbox.requests] == [asked]


def test_a_feed_that_shows_nothing_any_more_is_not_green(serve: Any) -> None:
    """A blog that was rebuilt sends an empty feed for ever: somebody must look, and nothing is taken for deleted."""
    sandbox = serve(entries(2))
    memory = Memory()
    memory.remember([only_page(sandbox, ATOM, Window(known=memory))])
    sandbox.fault("/feed.xml", Answer(200, atom(), {"Content-Type": "application/xml"}))
    page = only_page(sandbox, ATOM, Window(known=memory))
    assert "shows none now" in page.gaps[0] and not page.listed and page.bookmark == {}
    assert not answered(serve([]), ATOM, atom()).gaps, "a new blog has no entries yet"
