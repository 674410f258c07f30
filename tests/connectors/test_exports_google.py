"""Google Takeout: reviews of a Business Profile, and YouTube comments."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import Refused
from connectors.exports import parts
from connectors.google.items import review as scanned
from tests.connectors.export_files import read_all, zipped

PROFILE = "Takeout/Google Business Profile"


def review(
    name: str,
    comment: str | None = "Kind and prompt",
    *,
    account: int = 1,
    changed: str = "2026-01-01T10:15:30Z",
    **more: Any,
) -> dict[str, Any]:
    entry = {
        "reviewer": {"displayName": "Robin"},
        "starRating": "FOUR",
        "comment": comment,
        "createTime": "2026-01-01T10:15:30.123456Z",
        "updateTime": changed,
        "name": f"accounts/{account}/locations/2001/reviews/{name}",
    } | more
    return {key: value for key, value in entry.items() if value is not None}


def test_reviews_of_all_files_and_the_replies_to_them(tmp_path: Path) -> None:
    """Twenty reviews stand in a file, the rest in others beside it; a scan by the API finds the very same items."""
    replied = review("Ab-1", reviewReply={"comment": "Thank you", "updateTime": "2026-01-02T00:00:00Z"})
    path = zipped(
        tmp_path / "takeout.zip",
        {
            f"{PROFILE}/account-1/location-2001/reviews.json": {"reviews": [replied, review("star", None)]},
            f"{PROFILE}/account-1/location-2001/reviews-AbC_d-1.json": {
                "reviews": [review("3", "(Translated by Google) Good\n\n(Original)\nDa iawn")],
                "totalReviewCount": 3,
            },
            f"{PROFILE}/account-1/location-2001/data.json": {"title": "ACTO", "reviews": "none"},
            "Takeout/archive_browser.html": "<html>",
        },
    )
    read = read_all(path)
    assert (read.rejected, read.gaps, read.notes) == ([], [], [])
    assert list(read.by_id) == [
        "locations/2001/reviews/Ab-1",
        "locations/2001/reviews/Ab-1/reply",
        "locations/2001/reviews/star",
        "locations/2001/reviews/3",
    ]
    assert read.items[:2] == scanned(replied)
    reply = read.items[1]
    assert (reply.kind, reply.parent_id, reply.author_name) == ("review_reply", read.items[0].id, "ACTO (owner)")
    assert [(item.text, item.rating) for item in read.items[2:]] == [("", 4.0), ("Da iawn", 4.0)]


def test_a_location_under_two_accounts_counts_once_in_its_newest_words(tmp_path: Path) -> None:
    """Else the older words would land over the newer ones, and a review that was toned down would be reported."""
    old = {"reviews": [review("1", "Dreadful"), review("2", account=1)]}
    new = {
        "reviews": [
            review("1", "Fine after all", account=77, changed="2026-01-01T10:15:30.654Z"),
            review("2", account=77),
        ]
    }
    for first, second in ((old, new), (new, old)):
        files = {
            f"{PROFILE}/account-1/location-2001/reviews.json": first,
            f"{PROFILE}/account-77/location-2001/reviews.json": second,
        }
        read = read_all(zipped(tmp_path / "takeout.zip", files))
        assert sorted((item.id[-1], item.text) for item in read.items) == [
            ("1", "Fine after all"),
            ("2", "Kind and prompt"),
        ]
        assert read.notes == ["Entries left out because a newer or the same version of them is in it, too: 2."]


def test_a_review_that_cannot_be_read_is_kept_and_so_is_one_with_a_bad_reply(tmp_path: Path) -> None:
    """One review in an unknown form costs itself; a broken reply does not cost the review."""
    bad = [
        review("x") | {"name": None},
        review("y") | {"name": "places/1/reviews/2"},
        review("z", updateTime="soon"),
        review("r", reviewReply={"x": 1}),
    ]
    path = tmp_path / "reviews.json"
    path.write_text(json.dumps({"reviews": [review("1"), *bad]}, indent=2), encoding="utf-8")
    read = read_all(path)
    assert [item.id[-1] for item in read.items] == ["1", "r"]
    assert [one.reason.split(":")[0] for one in read.rejected] == [
        f"Entry {number} of reviews.json" for number in (2, 3, 4, 5)
    ]


def test_the_reviews_of_maps_are_refused_and_the_right_file_is_named(tmp_path: Path) -> None:
    """Both are called Reviews.json: a volunteer who took the wrong one is told which is right."""
    place = {"type": "Feature", "geometry": {"type": "Point"}, "properties": {"review_text_published": "my dentist"}}
    wrong = {"type": "FeatureCollection", "features": [place]}
    maps = "Takeout/Maps (your places)/Reviews.json"
    (tmp_path / "Reviews.json").write_text(json.dumps(wrong), encoding="utf-8")
    for path in (tmp_path / "Reviews.json", zipped(tmp_path / "maps.zip", {maps: wrong})):
        with pytest.raises(Refused, match=r"from Google Maps.*“Google Business Profile” of Google Takeout") as told:
            read_all(path)
        assert "dentist" not in str(told.value)
    files = {maps: wrong, f"{PROFILE}/account-1/location-2001/reviews.json": {"reviews": [review("1")]}}
    read = read_all(zipped(tmp_path / "both.zip", files))
    assert len(read.items) == 1 and "Reviews.json in both.zip was left aside" in read.notes[0] and read.gaps == []


def test_too_many_reviews_to_compare_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What must be remembered of each review is bounded."""
    monkeypatch.setattr(parts, "MOST_VERSIONS", 2)
    path = tmp_path / "reviews.json"
    path.write_text(json.dumps({"reviews": [review(str(number)) for number in range(3)]}), encoding="utf-8")
    with pytest.raises(Refused, match="import its files one by one"):
        read_all(path)


OLD = ["Comment ID", "Channel ID", "Comment Create Timestamp", "Price", "Parent Comment ID", "Video ID", "Comment Text"]
NEW = [
    "Channel ID",
    "Comment Create Timestamp",
    "Price",
    "Comment ID",
    "Parent Comment ID",
    "Post ID",
    "Video ID",
    "Comment Text",
    "Top-Level Comment ID",
]
COMMENTS = [
    {
        "Comment ID": "Ugx1",
        "Video ID": "v_1",
        "Comment Text": '{"text":"\\u003e Tea, "},{"text":"\\n"},{"text":"and “talk”"}',
    },
    {
        "Comment ID": "Ugx2.a1",
        "Parent Comment ID": "Ugx2",
        "Video ID": "v_1",
        "Comment Text": '{"takeoutSegments":[{"text":"Diolch"}]}',
    },
    {"Comment ID": "Ugx3", "Video ID": "v-2", "Comment Text": "Plain, as it was\nin 2020"},
]


def table(columns: list[str], rows: list[dict[str, str]]) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, columns, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(
        {"Channel ID": "UCacto", "Comment Create Timestamp": "2023-09-19T17:42:53.434647+00:00"} | row for row in rows
    )
    return written.getvalue().encode()


@pytest.mark.parametrize("columns", [OLD, NEW], ids=["before June 2024", "since"])
def test_youtubes_comments_in_both_orders_of_columns(columns: list[str], tmp_path: Path) -> None:
    """With the ids that the API has, so that a later scan adds nothing; and as text, not as pieces of JSON."""
    path = zipped(
        tmp_path / "takeout.zip",
        {
            "Takeout/YouTube und YouTube Music/Kommentare/Kommentare.csv": table(columns, COMMENTS),
            "Takeout/YouTube und YouTube Music/Abos/Abos.csv": "Kanal-ID,Kanal-URL,Kanaltitel\nUC1,https://x.example,Secret\n",
            "Takeout/YouTube und YouTube Music/Verlauf/Wiedergabeverlauf.html": "<html>",
        },
    )
    read = read_all(path)
    assert (read.rejected, read.gaps) == ([], [])
    assert [(item.id, item.kind, item.text, item.parent_id, item.thread_id) for item in read.items] == [
        ("Ugx1", "comment", "> Tea, \nand “talk”", "v_1", "Ugx1"),
        ("Ugx2.a1", "reply", "Diolch", "Ugx2", "Ugx2"),
        ("Ugx3", "comment", "Plain, as it was\nin 2020", "v-2", "Ugx3"),
    ]
    assert read.items[0].created_at == datetime(2023, 9, 19, 17, 42, 53, 434647, tzinfo=UTC)
    assert (read.items[0].author_id, read.items[0].platform) == ("UCacto", "youtube")
    assert read.items[0].url == "https://www.youtube.com/watch?v=v_1&lc=Ugx1"


def test_newer_columns_of_youtube_are_understood(tmp_path: Path) -> None:
    """Names in another case, a reply to a reply, and a comment under a post without any video."""
    columns = [
        name.replace("Create Timestamp", "create timestamp").replace("Comment Text", "Comment text") for name in NEW
    ]
    rows = [
        {
            "Comment ID": "A.b",
            "Parent Comment ID": "A.a",
            "Top-Level Comment ID": "A",
            "Comment text": "re",
            "Video ID": "v",
        },
        {"Comment ID": "B", "Post ID": "Ugkx1", "Comment text": "on a post"},
        {"Comment text": "whose?"},
    ]
    (tmp_path / "comments.csv").write_bytes(b"\xef\xbb\xbf" + table(columns, rows))
    read = read_all(tmp_path / "comments.csv")
    assert [(item.id, item.parent_id, item.thread_id, item.url is None) for item in read.items] == [
        ("A.b", "A", "A", False),
        ("B", "Ugkx1", "B", True),
    ]
    assert [one.reason for one in read.rejected] == ["Line 4 of comments.csv could not be read: it has no id."]


@pytest.mark.parametrize(
    "text", ['{"text":5}', '{"a":"b"}', "[1]", '"quoted"', "{", "1,2", "", '{"text":"a"},{"b":1}', "null"]
)
def test_words_that_look_like_pieces_of_json_stay_as_they_are(text: str, tmp_path: Path) -> None:
    """Somebody may write what looks like JSON: no word may be lost."""
    (tmp_path / "comments.csv").write_bytes(table(OLD, [{"Comment ID": "A", "Video ID": "v", "Comment Text": text}]))
    assert read_all(tmp_path / "comments.csv").items[0].text == text
