"""The archive that X gives an account's owner."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import Refused
from connectors.exports import parts
from connectors.files import read_file
from connectors.item import Media
from connectors.mapping import FieldMap
from tests.connectors.export_files import read_all, script, zipped

ACCOUNT = script(
    "account.part0",
    [
        {
            "account": {
                "email": "chair@acto.example",
                "accountId": "77",
                "username": "acto_org",
                "accountDisplayName": "ACTO",
            }
        }
    ],
)


def tweet(name: str, text: str = "Our conference is on 3 March", **more: Any) -> dict[str, Any]:
    return {
        "tweet": {"id_str": name, "id": name, "full_text": text, "created_at": "Wed Oct 10 20:19:24 +0000 2018"} | more
    }


def test_a_whole_archive_is_read_with_its_owner(tmp_path: Path) -> None:
    """All parts of it, replies as replies, by the account's own name: what a volunteer gets who has no API access."""
    picture = {"type": "photo", "media_url_https": "https://pbs.example/1.jpg", "ext_alt_text": "A full room"}
    video = {"type": "video", "media_url_https": "https://pbs.example/2.jpg"}
    path = zipped(
        tmp_path / "twitter-2026-11-01.zip",
        {
            "data/account.js": ACCOUNT,
            "data/tweets.js": script(
                "tweets.part0",
                [
                    tweet(
                        "10",
                        "Tea &amp; talk &lt;3",
                        entities={"media": [picture]},
                        extended_entities={"media": [picture, video]},
                    ),
                    tweet("11", "@robin thank you", in_reply_to_status_id_str="9"),
                ],
            ),
            "data/tweets-part1.js": script("tweets.part1", [tweet("12")]),
            "data/manifest.js": "window.__THAR_CONFIG = {}",
        },
    )
    read = read_all(path)
    assert (read.rejected, read.gaps, read.notes) == ([], [], [])
    assert list(read.by_id) == ["10", "11", "12"]
    post, reply = read.by_id["10"], read.by_id["11"]
    assert (post.platform, post.kind, post.text, post.thread_id) == ("x", "post", "Tea & talk <3", "10")
    assert (post.author_id, post.author_handle, post.author_name) == ("77", "acto_org", "ACTO")
    assert (post.url, post.created_at) == (
        "https://x.com/acto_org/status/10",
        datetime(2018, 10, 10, 20, 19, 24, tzinfo=UTC),
    )
    assert post.media == [
        Media("photo", "https://pbs.example/1.jpg", "A full room"),
        Media("video", "https://pbs.example/2.jpg"),
    ]
    assert (reply.kind, reply.parent_id, reply.thread_id) == ("reply", "9", "9")


def test_nothing_private_is_read(tmp_path: Path) -> None:
    """Direct messages, deleted posts, contacts and the account's mail address must not get into the history at all."""
    secret = "nobody may read this"
    path = zipped(
        tmp_path / "archive.zip",
        {
            "data/account.js": ACCOUNT,
            "data/tweets.js": script("tweets.part0", [tweet("10")]),
            "data/deleted-tweets.js": script("deleted_tweets.part0", [tweet("13", secret)]),
            "data/direct-messages.js": script("direct_messages.part0", [{"dmConversation": {"messages": [secret]}}]),
            "data/contact.js": script("contact.part0", [{"contact": {"emails": [secret]}}]),
            "data/ad-engagements.js": script("ad_engagements.part0", [{"ad": secret}]),
            "data/like.js": script("like.part0", [{"like": {"tweetId": "1", "fullText": secret}}]),
        },
    )
    read = read_all(path)
    assert list(read.by_id) == ["10"]
    assert secret not in repr(read) and "chair@" not in repr(read)


@pytest.mark.parametrize("part", ["direct_messages", "deleted_tweets", "contact"])
def test_a_private_part_by_itself_is_refused(part: str, tmp_path: Path) -> None:
    """A volunteer who picks the wrong file learns which is the right one, and its words do not reach quarantine."""
    path = tmp_path / "file.js"
    path.write_text(script(f"{part}.part0", [tweet("13", "a private word")]), encoding="utf-8")
    with pytest.raises(Refused, match=rf"file.js is the part '{part}' of an X archive.*tweets.js") as told:
        read_all(path)
    assert "private word" not in str(told.value)


def test_an_unpacked_file_and_an_old_archive_are_read_too(tmp_path: Path) -> None:
    """tweets.js by itself; the tweet.js of 2019 with the posts themselves in its list. Neither tells whose it is."""
    path = tmp_path / "tweets.js"
    path.write_bytes(b"\xef\xbb\xbf" + script("tweets.part0", [tweet("10")]).encode())
    assert [item.id for item in read_all(path).items] == ["10"]
    old = zipped(
        tmp_path / "old.zip", {"tweet.js": script("tweet.part0", [tweet("10")["tweet"], tweet("11")["tweet"]])}
    )
    read = read_all(old)
    assert (list(read.by_id), read.by_id["10"].author_handle) == (["10", "11"], None)
    assert read.by_id["10"].url == "https://x.com/i/status/10"


def test_an_edited_post_is_one_item_in_its_newest_words(tmp_path: Path) -> None:
    """The scan knows a post by its first id: the archive's versions of it must not come beside it as other posts."""
    edits = ["1612000000000000000", "1612000000000000001"]
    old = tweet(edits[0], "Therapists meat", edit_info={"initial": {"editTweetIds": edits}})
    new = tweet(edits[1], "Therapists meet", edit_info={"edit": {"editControlInitial": {"editTweetIds": edits}}})
    for order in ([old, new], [new, old]):
        read = read_all(zipped(tmp_path / "x.zip", {"data/tweets.js": script("tweets.part0", [*order, tweet("10")])}))
        assert [(item.id, item.text) for item in read.items if item.id != "10"] == [(edits[0], "Therapists meet")]
        assert read.by_id[edits[0]].edited_at is not None
        assert len(read.items) == 2 and read.notes[0].endswith("is in it, too: 1.")


def test_addresses_read_as_in_a_scan(tmp_path: Path) -> None:
    """X's short addresses hide where a link leads; written out, the import and a later scan have the same text."""
    urls = [{"url": "https://t.co/a", "expanded_url": "https://acto.example/join"}]
    path = zipped(
        tmp_path / "x.zip",
        {"data/tweets.js": script("tweets.part0", [tweet("10", "https://t.co/a", entities={"urls": urls})])},
    )
    assert read_all(path).items[0].text == "https://acto.example/join"


def test_reposts_are_not_our_own_words(tmp_path: Path) -> None:
    """The archive tells a repost by nothing but its text: a client's words must not stand in the record as ACTO's own."""
    words = "RT @Client_1: my therapist told everyone"

    def mentioned(name: str, *indices: object) -> dict[str, Any]:
        return {"user_mentions": [{"screen_name": name, "indices": list(indices), "id_str": "5"}]}

    posts = [
        tweet("10", words, retweeted=False, entities=mentioned("client_1", "3", "12")),
        tweet("11", words, entities=mentioned("client_1", 3, 12)),
        tweet("12", "RT @nobody: typed by hand", entities={"user_mentions": []}),
        tweet("13", words, entities=mentioned("other", "3", "12")),
        tweet("14", words, entities=mentioned("client_1", "30", "39")),
        tweet("15", words, entities={"user_mentions": [None, "words", {"screen_name": "client_1"}]}),
        tweet("16", "Read this: RT @client_1: words", entities=mentioned("client_1", "14", "23")),
    ]
    read = read_all(zipped(tmp_path / "x.zip", {"data/tweets.js": script("tweets.part0", posts)}))
    assert list(read.by_id) == ["12", "13", "14", "15", "16"] and not read.rejected
    assert read.notes == ["Reposts left out because they are the words of others: 2."]


def test_what_is_no_post_is_kept_with_its_number(tmp_path: Path) -> None:
    """Each entry is an item or in quarantine: the counts of the report add up."""
    bad = [tweet("not a number"), {"tweet": {"id_str": "12"}}, None, 17, "words", tweet("13", "a\0b"), tweet("14", [1])]
    path = zipped(tmp_path / "x.zip", {"data/tweets.js": script("tweets.part0", [tweet("10"), *bad, tweet("11")])})
    read = read_all(path)
    assert list(read.by_id) == ["10", "11"]
    assert [one.reason.split(" could")[0] for one in read.rejected] == [
        f"Entry {number} of data/tweets.js in x.zip" for number in range(2, 2 + len(bad))
    ]
    assert b"not a number" in read.rejected[0].raw


def test_broken_javascript_costs_itself(tmp_path: Path) -> None:
    """A file that was cut off in the download: what is whole lands, and the report says that there was more."""
    whole = script("tweets.part0", [tweet("10"), tweet("11", "no" * 50)])
    path = tmp_path / "tweets.js"
    path.write_text(whole[:-60], encoding="utf-8")
    read = read_all(path)
    assert list(read.by_id) == ["10"] and read.gaps == [
        "tweets.js could not be read to its end: it ends in the middle."
    ]
    assert len(read.rejected) == 1 and b"nono" in read.rejected[0].raw


def test_the_texts_of_long_posts_are_said_to_be_left_aside(tmp_path: Path) -> None:
    """The archive cuts long posts: the Chair must know that there is more of them to look at."""
    note = {"noteTweet": {"noteTweetId": "5", "core": {"text": "very long"}}}
    files = {
        "data/tweets.js": script("tweets.part0", [tweet("10")]),
        "data/note-tweet.js": script("note_tweet.part0", [note]),
    }
    read = read_all(zipped(tmp_path / "x.zip", files))
    assert len(read.items) == 1 and "more than 280 characters" in read.notes[0]
    assert (
        read_all(zipped(tmp_path / "x.zip", files | {"data/note-tweet.js": "window.YTD.note_tweet.part0 = [ ]"})).notes
        == []
    )


def test_an_archive_without_posts_is_no_mistake(tmp_path: Path) -> None:
    """An account that has never posted: nothing to read, and nothing wrong."""
    read = read_all(
        zipped(tmp_path / "x.zip", {"data/tweets.js": "window.YTD.tweets.part0 = [ ]", "data/account.js": ACCOUNT})
    )
    assert (read.items, read.rejected, read.gaps) == ([], [], [])


def test_a_hostile_owner_leads_nowhere_else(tmp_path: Path) -> None:
    """The handle becomes part of an address in the report."""
    account = script("account.part0", [{"account": {"username": "../evil?x", "accountId": "7"}}])
    path = zipped(
        tmp_path / "x.zip", {"data/account.js": account, "data/tweets.js": script("tweets.part0", [tweet("10")])}
    )
    assert read_all(path).items[0].url == "https://x.com/i/status/10"


def test_pages_are_of_bounded_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive of years lands page by page, none of them larger than one transaction should be."""
    assert 2 * parts.ENTRIES_A_PAGE <= 20_000
    monkeypatch.setattr(parts, "ENTRIES_A_PAGE", 10)
    path = zipped(tmp_path / "x.zip", {"data/tweets.js": script("tweets.part0", [tweet(str(n)) for n in range(25)])})
    pages = list(read_file(path, FieldMap()))
    assert [len(page.items) for page in pages] == [10, 10, 5]
    assert [item.id for page in pages for item in page.items] == [str(n) for n in range(25)]


def test_addresses_made_to_grow_do_not(tmp_path: Path) -> None:
    """Each replaced by two of itself, forty times over: a post of a few bytes must not fill the computer."""
    urls = [{"url": "https://t.co/a", "expanded_url": "https://t.co/a https://t.co/a"}] * 40
    post = tweet("10", "https://t.co/a " * 500, entities={"urls": urls})
    path = zipped(tmp_path / "x.zip", {"data/tweets.js": script("tweets.part0", [post])})
    assert len(read_all(path).items[0].text) < 40_000
