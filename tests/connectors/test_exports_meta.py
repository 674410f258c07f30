"""The downloads of Facebook and Instagram in JSON."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import Refused
from connectors.exports.meta_text import readable
from connectors.item import Media
from tests.connectors.export_files import as_meta_writes, read_all, zipped

WELSH = "Diolch 💚 – café"
ACTIVITY = "your_facebook_activity"


def comment(
    text: str, at: int = 1_700_000_000, title: str = "ACTO commented on Robin's post.", **more: Any
) -> dict[str, Any]:
    said = {"timestamp": at, "comment": as_meta_writes(text), "author": as_meta_writes("ACTO Café")}
    return {"timestamp": at, "data": [{"comment": said}], "title": title} | more


def test_facebooks_comments_read_as_they_were_written(tmp_path: Path) -> None:
    """Facebook escapes each byte by itself: left so, no accent, emoji or quote would be what people wrote."""
    entries = [comment(WELSH), comment("Thank you", 1_700_000_001, "ACTO replied to Robin's comment.")]
    path = zipped(tmp_path / "fb.zip", {f"{ACTIVITY}/comments_and_reactions/comments.json": {"comments_v2": entries}})
    assert "\\u00c3\\u00a9" in zipfile.ZipFile(path).read(f"{ACTIVITY}/comments_and_reactions/comments.json").decode()
    read = read_all(path)
    assert [(item.platform, item.kind, item.text, item.author_name) for item in read.items] == [
        ("facebook", "comment", WELSH, "ACTO Café"),
        ("facebook", "reply", "Thank you", "ACTO Café"),
    ]
    assert read.items[0].created_at == datetime.fromtimestamp(1_700_000_000, UTC)
    assert read.items[0].raw == entries[0] and read.rejected == read.gaps == []


@pytest.mark.parametrize("right", ["café", "Ärger", "💚", "plain", "naïve – yes", ""])
def test_a_text_that_is_right_already_stays(right: str) -> None:
    """Facebook may mend its downloads one day, and not everything in them is escaped."""
    assert (readable(right), readable(as_meta_writes(right))) == (right, right)


def test_the_same_comment_has_the_same_id_in_the_next_download(tmp_path: Path) -> None:
    """There are no ids: a second import must not bring everything a second time, nor make two comments one."""
    first = read_all(
        zipped(tmp_path / "1.zip", {"comments/comments.json": {"comments_v2": [comment("a"), comment("b")]}})
    )
    again = [comment("new", 1_800_000_000), comment("b"), comment("a")]
    (tmp_path / "comments.json").write_text(json.dumps({"comments_v2": again}, indent=1), encoding="utf-8")
    second = read_all(tmp_path / "comments.json")
    assert set(first.by_id) < set(second.by_id) and len(second.by_id) == 3


def test_facebooks_posts_and_reviews(tmp_path: Path) -> None:
    """A Page's own posts with their pictures and links, and what people recommend: all in one download."""
    picture = {"data": [{"media": {"uri": "posts/media/1.jpg", "description": as_meta_writes("Ein schöner Tag")}}]}
    link = {"data": [{"external_context": {"url": "https://acto.example"}}]}
    posts = [
        {"timestamp": 1_700_000_000, "data": [{"post": as_meta_writes(WELSH)}], "attachments": [picture, link]},
        {"timestamp": 1_700_000_001, "attachments": [picture], "title": "ACTO added a new photo."},
    ]
    review = {"timestamp": 1_700_000_002, "author": "Robin", "review": "Very kind", "rating": 4}
    path = zipped(
        tmp_path / "fb.zip",
        {
            f"{ACTIVITY}/posts/profile_posts_1.json": posts,
            f"{ACTIVITY}/posts/your_posts__check_ins__photos_and_videos_1.json": [
                posts[0] | {"timestamp": 1_600_000_000}
            ],
            f"{ACTIVITY}/reviews/page_reviews.json": {"reviews_v2": [{"timestamp": 1, "data": [{"review": review}]}]},
        },
    )
    read = read_all(path)
    assert (read.rejected, read.gaps, len(read.by_id)) == ([], [], 4)
    first, second, _, reviewed = read.items
    assert (first.kind, first.text) == ("post", WELSH)
    assert first.media == [
        Media("image", "posts/media/1.jpg", "Ein schöner Tag"),
        Media("link", "https://acto.example"),
    ]
    assert second.text == "ACTO added a new photo."
    assert (reviewed.kind, reviewed.rating, reviewed.text, reviewed.author_name) == (
        "review",
        4.0,
        "Very kind",
        "Robin",
    )


def test_a_comment_that_is_only_a_picture_is_there(tmp_path: Path) -> None:
    """A picture can be what breaks a confidence."""
    sticker = {
        "timestamp": 1,
        "attachments": [{"data": [{"media": {"uri": "comments/1.png"}}]}],
        "title": "ACTO commented",
    }
    path = zipped(tmp_path / "fb.zip", {"comments/comments.json": {"comments_v2": [comment("a"), sticker]}})
    read = read_all(path)
    assert (read.rejected, read.items[1].text, read.items[1].media) == ([], "", [Media("image", "comments/1.png")])


def test_an_entry_that_is_none_is_kept_with_its_number(tmp_path: Path) -> None:
    """Counts add up, whatever the download holds."""
    bad = [None, {"timestamp": 1, "data": [], "title": "?"}, {"timestamp": 1}, comment("nul\0")]
    path = zipped(tmp_path / "fb.zip", {"comments/comments.json": {"comments_v2": [comment("a"), *bad, comment("b")]}})
    read = read_all(path)
    assert (len(read.items), len(read.rejected)) == (2, 4)
    assert [one.reason.split(" of ")[0] for one in read.rejected] == ["Entry 2", "Entry 3", "Entry 4", "Entry 5"]


def test_messages_are_never_read(tmp_path: Path) -> None:
    """Conversations with people in distress are nobody's business: not as items, not in quarantine, not in a message."""
    secret = "I cannot go on"
    message = {"participants": [{"name": "Robin"}], "messages": [{"sender_name": "Robin", "content": secret}]}
    path = zipped(
        tmp_path / "fb.zip",
        {
            f"{ACTIVITY}/comments_and_reactions/comments.json": {"comments_v2": [comment("a")]},
            f"{ACTIVITY}/comments_and_reactions/likes_and_reactions_1.json": [
                {"timestamp": 1, "data": [{"reaction": {}}]}
            ],
            f"{ACTIVITY}/messages/inbox/robin_1/message_1.json": message,
            f"{ACTIVITY}/messages/inbox/robin_1/posts/your_posts_1.json": [
                {"timestamp": 1, "data": [{"post": secret}]}
            ],
            "connections/friends/your_friends.json": {"friends_v2": [{"name": secret}]},
        },
    )
    read = read_all(path)
    assert len(read.items) == 1 and secret not in repr(read)
    for indent in (None, 2):
        (tmp_path / "message_1.json").write_text(json.dumps(message, indent=indent), encoding="utf-8")
        with pytest.raises(
            Refused, match=r"message_1.json holds messages between people, which are never read"
        ) as told:
            read_all(tmp_path / "message_1.json")
        assert secret not in str(told.value)


def test_a_download_for_looking_at_is_refused_with_the_way_out(tmp_path: Path) -> None:
    """HTML is what Facebook and Instagram offer first."""
    path = zipped(tmp_path / "fb.zip", {f"{ACTIVITY}/comments_and_reactions/comments.html": "<html>"})
    with pytest.raises(Refused, match="in the format JSON"):
        read_all(path)


def test_a_new_layout_is_a_gap_not_silence(tmp_path: Path) -> None:
    """If Facebook changes its comments.json, the report must not say that nobody has written anything."""
    new = {"comments_v9": [{"label_values": [{"label": "Comment", "value": "hello"}]}]}
    files = {"comments/comments.json": new, "posts/your_posts_1.json": [{"timestamp": 1, "data": [{"post": "a"}]}]}
    read = read_all(zipped(tmp_path / "fb.zip", files))
    assert len(read.items) == 1 and read.gaps[0].startswith(
        "comments/comments.json in fb.zip holds nothing that we can read"
    )
    with pytest.raises(Refused, match="holds nothing that we can read"):
        read_all(zipped(tmp_path / "fb.zip", {"comments/comments.json": new}))


def said(
    text: str, at: int, comment_label: str = "Comment", owner_label: str = "Media Owner", time: str = "Time"
) -> dict[str, Any]:
    told = {comment_label: {"value": as_meta_writes(text)}, owner_label: {"value": "robin"}, time: {"timestamp": at}}
    return {"media_list_data": [{"uri": ""}], "string_map_data": told}


def test_instagrams_comments_posts_and_owner(tmp_path: Path) -> None:
    """What ACTO wrote under posts of others and of its own, by its own name: the name beside a comment is another's."""
    profile = {
        "profile_user": [{"string_map_data": {"Email": {"value": "a@b.example"}, "Username": {"value": "acto_online"}}}]
    }
    pictures = [
        {"uri": "media/posts/202610/1.jpg", "creation_timestamp": 1_700_000_003, "title": as_meta_writes(WELSH)}
    ]
    path = zipped(
        tmp_path / "ig.zip",
        {
            "personal_information/personal_information/personal_information.json": profile,
            "your_instagram_activity/comments/post_comments_1.json": [said(WELSH, 1_700_000_000)],
            "your_instagram_activity/comments/reels_comments.json": {
                "comments_reels_comments": [said("Danke", 1_700_000_001, "Kommentar", "Medieninhaber", "Zeit")]
            },
            "your_instagram_activity/media/posts_1.json": [
                {"media": pictures},
                {"media": [*pictures, *pictures], "title": "Two of them", "creation_timestamp": 1_700_000_004},
            ],
            "your_instagram_activity/messages/inbox/a_1/message_1.json": {"messages": [{"content": "private"}]},
            "your_instagram_activity/likes/liked_comments.json": {"likes_comment_likes": [{"title": "robin"}]},
        },
    )
    read = read_all(path)
    assert (read.rejected, read.gaps) == ([], [])
    assert [(item.kind, item.text, item.author_handle) for item in read.by_id.values()] == [
        ("comment", WELSH, "acto_online"),
        ("comment", "Danke", "acto_online"),
        ("post", WELSH, "acto_online"),
        ("post", "Two of them", "acto_online"),
    ]
    assert read.items[3].created_at == datetime.fromtimestamp(1_700_000_004, UTC) and len(read.items[3].media) == 2
    assert "a@b.example" not in repr(read) and "private" not in repr(read)


def test_instagrams_older_comments(tmp_path: Path) -> None:
    """Downloads of former years lie about: the layouts of 2021 and 2020."""
    listed = {"title": "robin", "string_list_data": [{"value": as_meta_writes(WELSH), "timestamp": 1_600_000_000}]}
    (tmp_path / "post_comments.json").write_text(json.dumps({"comments_media_comments": [listed]}), encoding="utf-8")
    assert [item.text for item in read_all(tmp_path / "post_comments.json").items] == [WELSH]
    old = {"media_comments": [["2020-10-19T16:39:30+00:00", "Lovely 🔥", "robin"], ["x"], ["no date", "b", "c"]]}
    (tmp_path / "comments.json").write_text(json.dumps(old), encoding="utf-8")
    read = read_all(tmp_path / "comments.json")
    assert [(item.text, item.author_name) for item in read.items] == [("Lovely 🔥", None)]
    assert read.items[0].created_at == datetime(2020, 10, 19, 16, 39, 30, tzinfo=UTC) and len(read.rejected) == 2


def test_a_real_download_of_instagram_is_read_whole(shared: Path) -> None:
    """UtrechtUniversity/anonymize-ddp: 16 comments and 33 + 72 + 1 posts; none of its 500 messages."""
    path = shared / "samples/exports/UtrechtUniversity__anonymize-ddp/anonymize-ddp/tests/test_validation_data.zip"
    folder = "test_validation_data/processed/proefpersoon4_20201020/"
    with zipfile.ZipFile(path) as archive:
        comments = json.loads(archive.read(folder + "comments.json"))["media_comments"]
        media = json.loads(archive.read(folder + "media.json"))
        words = json.loads(archive.read(folder + "messages.json"))[0]["conversation"][1]["text"]
    read = read_all(path)
    posts = sum(len(media[kind]) for kind in ("stories", "photos", "videos"))
    kinds = [item.kind for item in read.by_id.values()]
    assert (kinds.count("comment"), kinds.count("post"), len(kinds)) == (len(comments), posts, len(comments) + posts)
    assert {item.text for item in read.items if item.kind == "comment"} == {text for _, text, _ in comments}
    assert {item.author_handle for item in read.items} == {"__proefpersoon4"}
    assert (read.rejected, read.gaps, read.notes) == ([], [], []) and words not in repr(read)
