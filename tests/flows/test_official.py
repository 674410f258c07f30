"""What ACTO itself publishes is judged as ACTO's, by whichever road it comes, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from checks.roster import Roster
from connectors.files import read_file
from connectors.item import Page
from connectors.mapping import parse_mapping
from connectors.registry import connect, reader
from connectors.sandbox import Sandbox
from connectors.source import Source, Window
from flows.config import Config
from tests.connectors.export_files import script, zipped
from tests.warehouse.conftest import NOW, rows
from warehouse.flags import replace_handles
from warehouse.landing import land
from warehouse.runs import start_run
from warehouse.store import Store

COMMENT = {"timestamp": 1, "data": [{"comment": {"timestamp": 1, "comment": "Join us", "author": "ACTO"}}]}
PROFILE = {
    "profile_v2": {"name": {"full_name": "ACTO"}, "username": "ACTO-online", "emails": {"emails": ["a@b.example"]}}
}
MEMBER = {"profile_v2": {"name": {"full_name": "Robin Hill"}}}
TWO_AUTHORS = [COMMENT, json.loads(json.dumps(COMMENT).replace('"ACTO"', '"Robin Hill"'))]
FACEBOOK = {"comments/comments.json": {"comments_v2": [COMMENT]}, "posts/profile_posts_1.json": [
    {"timestamp": 2, "data": [{"post": "Our conference"}]}
]}  # fmt: skip
TAKEOUT = 'Comment ID,Channel ID,Video ID,Comment Text\nUgx1,UCacto,v1,"{""text"":""Join us""}"\n'
LINKEDIN = "Post title,Post link,Created date\nJoin us,https://www.linkedin.com/{},10/31/2026\n"
TWEET = {"tweet": {"id_str": "10", "full_text": "Join us", "created_at": "Sat Oct 31 14:05:06 +0000 2026"}}
COMMENTS = "platform,kind,id,author_id,author_name,author_handle,text\n"
REVIEW = {"timestamp": 1, "data": [{"review": {"timestamp": 1, "author": "ACTO", "review": "Unkind"}}]}


def roles(store: Store, home: Path, pages: Iterable[Page], kind: str) -> dict[str, int]:
    """How many items there are of each role, once `pages` have landed in a run of this kind."""
    run_id = start_run(store, kind, NOW)
    for page in pages:
        land(store, run_id, "source", page, None)
    replace_handles(store, Roster(()).handles(Config(home=home).official))
    return dict(rows(store, "SELECT author_role, count(*) FROM items GROUP BY ALL"))


@pytest.mark.parametrize(
    ("platform", "keys", "expected"),
    [
        ("youtube", {}, {"official": 1, "public": 1}),
        ("feed", {"url": "https://acto.example/feed.xml", "ours": "True"}, {"official": 2}),
        ("feed", {"url": "https://alerts.example/feed.xml"}, {"public": 2}),
    ],
    ids=["a channel", "a feed of ours", "an alert"],
)
def test_what_is_read_from_our_own_place_is_official(
    platform: str, keys: Mapping[str, str], expected: dict[str, int], store: Store, home: Path
) -> None:
    """Confidences in ACTO's own video or blog, and ACTO's answer in data matters, are for checks that look at ACTO alone."""
    author = {"id": "UCa", "name": "ACTO", "handle": None}
    video = {"platform": platform, "id": "v0", "kind": "post", "parent": None, "text": "Join us", "author": author}
    second = {"kind": "comment", "parent": "v0"} if platform == "youtube" else {}
    told: list[dict[str, Any]] = [video, video | {"id": "c0"} | second]
    with Sandbox([row | {"posted": "2026-10-01T09:00:00Z"} for row in told]) as sandbox:
        given = dict(keys) or {"channel_id": sandbox.channel}
        source = Source("place", platform, given, sandbox.key, sandbox.base_url)
        with connect(source) as http:
            assert roles(store, home, reader(platform)(source, Window(), http), "scan") == expected


@pytest.mark.parametrize(
    ("name", "content", "mapping", "expected"),
    [
        ("fb.zip", {**FACEBOOK, "profile_information/profile_information.json": PROFILE}, [], {"official": 2}),
        ("fb.zip", FACEBOOK, ["author_handle==ACTO-online"], {"official": 2}),
        ("fb.zip", FACEBOOK, [], {"public": 2}),
        ("posts.csv", LINKEDIN.format("posts/acto-uk_join-us-activity-7118650191544467400-AbCd"), [], {"official": 1}),
        ("posts.csv", LINKEDIN.format("posts/robin_join-us-activity-7118650191544467400-AbCd"), [], {"public": 1}),
        ("posts.csv", LINKEDIN.format("feed/update/urn:li:share:1"), ["author_handle==acto-uk"], {"official": 1}),
        ("comments.csv", TAKEOUT, ["author_handle==@ACTOvideo"], {"official": 1}),
        ("takeout.zip", {"comments.csv": TAKEOUT}, ["author_handle==ACTOvideo"], {"official": 1}),
        ("tweets.js", script("tweets.part0", [TWEET]), ["author_handle==acto_org"], {"official": 1}),
        ("reviews.json", json.dumps({"reviews_v2": [REVIEW]}), ["author_handle==ACTO-online"], {"public": 1}),
    ],
)
def test_what_our_own_downloads_hold_is_official(
    name: str, content: Any, mapping: list[str], expected: dict[str, int], store: Store, home: Path, tmp_path: Path
) -> None:
    """By what the download, or whoever imports it, says of its owner; reviews in it are of others, whatever their names."""
    path = tmp_path / name
    if isinstance(content, str):
        path.write_text(content, encoding="utf-8")
    else:
        zipped(path, content)
    assert roles(store, home, read_file(path, parse_mapping(mapping)), "import") == expected
    assert rows(store, "SELECT count(*) FROM items WHERE author_name LIKE '%@%'") == [(0,)]


def test_the_owner_of_an_archive_is_believed_before_whoever_imports_it(
    store: Store, home: Path, tmp_path: Path
) -> None:
    """A member's own archive, imported by a slip as ACTO's, must not put words into ACTO's mouth."""
    account = {"account": {"accountId": "7", "username": "robin", "accountDisplayName": "Robin"}}
    files = {"data/tweets.js": script("tweets.part0", [TWEET]), "data/account.js": script("account.part0", [account])}
    path = zipped(tmp_path / "x.zip", files)
    assert roles(store, home, read_file(path, parse_mapping(["author_handle==acto_org"])), "import") == {"public": 1}


def test_a_facebook_download_of_somebody_with_a_name_alone_is_not_actos(
    store: Store, home: Path, tmp_path: Path
) -> None:
    """A member without a user name, whose download is imported by a slip as ACTO's, must not speak for ACTO."""
    path = zipped(tmp_path / "fb.zip", {**FACEBOOK, "profile_information/profile_information.json": MEMBER})
    pages = read_file(path, parse_mapping(["author_handle==ACTO-online"]))
    assert roles(store, home, pages, "import") == {"public": 2}


@pytest.mark.parametrize("split", [False, True], ids=["in one file", "in two"])
def test_a_facebook_download_with_several_authors_is_not_all_actos(
    split: bool, store: Store, home: Path, tmp_path: Path
) -> None:
    """Which of the names is that of the handle nothing says; what has no author beside it is the account's all the same."""
    lists = [TWO_AUTHORS[:1], TWO_AUTHORS[1:]] if split else [TWO_AUTHORS]
    comments = {f"comments/comments_{number}.json": {"comments_v2": some} for number, some in enumerate(lists)}
    posts = {name: content for name, content in FACEBOOK.items() if name.startswith("posts/")}
    path = zipped(tmp_path / "fb.zip", {**comments, **posts})
    pages = read_file(path, parse_mapping(["author_handle==ACTO-online"]))
    assert roles(store, home, pages, "import") == {"public": 2, "official": 1}


def test_a_table_by_hand_is_actos_only_where_it_names_nobody(store: Store, home: Path, tmp_path: Path) -> None:
    """Strangers' comments, imported beside ACTO's posts with ACTO's handle, would be looked at by checks of ACTO alone."""
    told = ["comment,a,7,,", "comment,b,,Robin,", "comment,c,,,robin", "review,d,,,", "comment,e,,,"]
    path = tmp_path / "comments.csv"
    path.write_text(COMMENTS + "".join(f"linkedin,{row},Unkind\n" for row in told), encoding="utf-8")
    pages = read_file(path, parse_mapping(["author_handle==acto-uk"]))
    assert roles(store, home, pages, "import") == {"public": 4, "official": 1}
    assert rows(store, "SELECT item_id FROM items WHERE author_role = 'official'") == [("linkedin:e",)]
    pages = read_file(path, parse_mapping(["author_handle==acto-uk", "platform==facebook"]))
    assert {item.author_handle for page in pages for item in page.items} == {"acto-uk"}, (
        "a mapping of columns is as given"
    )
