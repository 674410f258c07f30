"""Real import files, where they lie beside the project: every row is read as it was written."""

from __future__ import annotations

import csv
import html
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.files import read_file
from connectors.mapping import parse_mapping
from tests.connectors.import_files import all_of


def originals(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_all_real_patient_comments_are_read(shared: Path) -> None:
    """7,908 rows with quoted paragraphs, as the csv module reads them, each with its day."""
    path = shared / "corpora" / "nhs_comments" / "v6framework_230831.csv"
    given = ["platform==webpage", "id=Comment ID", "text=FFT answer", "created_at=Date"]
    items, rejected = all_of(read_file(path, parse_mapping(given)))
    rows = originals(path)
    assert (len(items), len({item.id for item in items}), rejected) == (7_908, 7_908, [])
    assert [(item.id, item.text) for item in items] == [(row["Comment ID"], row["FFT answer"]) for row in rows]
    assert [item.raw for item in items] == rows
    for item, row in zip(items, rows, strict=True):
        first, second, year = map(int, row["Date"].split("/"))
        day, month = (first, second) if second <= 12 else (second, first)
        assert item.created_at == datetime(year, month, day, tzinfo=UTC)


@pytest.mark.parametrize(("name", "count"), [("01-Psy", 350), ("02-KatyPerry", 350), ("03-LMFAO", 438)])
def test_real_comments_of_youtube_are_read_without_their_html(name: str, count: int, shared: Path) -> None:
    """What YouTube escaped reads as on its page: every word is there, and no entity or tag besides."""
    path = shared / "corpora" / "youtube_comments" / f"Youtube{name}.csv"
    given = ["platform==youtube", "id=COMMENT_ID", "author_name=AUTHOR", "created_at=DATE", "text=CONTENT"]
    items, rejected = all_of(read_file(path, parse_mapping(given)))
    rows = originals(path)
    assert (len(items), len({item.id for item in items}), rejected) == (count, count, [])
    for item, row in zip(items, rows, strict=True):
        assert item.created_at == datetime.fromisoformat(row["DATE"]).replace(tzinfo=UTC)
        assert (
            item.text.split()
            == html.unescape(re.sub(r"<br />|</?(?:a|b|i|span)\b[^>]*>", _gap, row["CONTENT"])).split()
        )


def _gap(tag: re.Match[str]) -> str:
    return "\n" if tag[0] == "<br />" else ""


def test_real_tweets_are_read_with_their_authors_and_times(shared: Path) -> None:
    """X's own JSON with the mapping of the documentation."""
    path = shared / "corpora" / "uk_tweets" / "a.no-labels.json"
    given = ["platform==x", "id=id_str", "author_handle=user.screen_name"]
    items, rejected = all_of(read_file(path, parse_mapping(given)))
    tweets = [json.loads(one) for one in path.read_bytes().splitlines() if one.strip()]
    assert (len(items), len({item.id for item in items}), rejected) == (774, 774, [])
    for item, tweet in zip(items, tweets, strict=True):
        assert (item.id, item.author_handle) == (tweet["id_str"], tweet["user"]["screen_name"])
        assert item.text == html.unescape(tweet["text"])
        assert item.created_at and f"{item.created_at:%a %b %d %H:%M:%S +0000 %Y}" == tweet["created_at"]
