"""The YouTube parser over what YouTube really answered (bodies of public test suites beside the checkout)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import Refused, Transient
from connectors.item import Item
from connectors.sandbox import Answer
from connectors.youtube.items import comment, video
from tests.connectors.story import channel, pages

SMAPPNYU = "samples/youtube/SMAPPNYU__youtube-data-api/tests/data"
JOOSTLEK = "samples/youtube/joostlek__python-youtube/tests/fixtures"


def entries(shared: Path, name: str) -> list[Any]:
    return json.loads((shared / name).read_text(encoding="utf-8"))["items"]


def test_recorded_replies_are_items(shared: Path) -> None:
    """Real replies, with milliseconds in their times, an id of two halves and names in any script."""
    recorded = entries(shared, f"{SMAPPNYU}/comment_meta.json")
    read = [comment(entry, "reply", thread_id=entry["id"].split(".")[0], video_id="v") for entry in recorded]
    found = [one for one in read if isinstance(one, Item)]
    assert len(found) == len(recorded) == 17
    assert {item.parent_id for item in found} == {entry["snippet"]["parentId"] for entry in recorded}
    assert all(item.text and item.author_id and item.created_at for item in found)
    assert [str(item.edited_at) for item in found if item.edited_at] == [
        "2017-12-12 06:33:33+00:00",
        "2017-09-13 07:32:53+00:00",
    ]
    assert all(item.author_handle is None for item in found), "names without @ are no handles"


@pytest.mark.parametrize(
    "name",
    [
        f"{SMAPPNYU}/video_metadata.json",
        f"{JOOSTLEK}/playlist_item_response_snippet_content_details.json",
        f"{JOOSTLEK}/video_response_snippet.json",
    ],
)
def test_recorded_videos_are_posts(shared: Path, name: str) -> None:
    """Real videos and entries of upload lists: the id is the video's, the text its title and description."""
    recorded = entries(shared, name)
    found = [item for entry in recorded if isinstance(item := video(entry, {}), Item)]
    assert len(found) == len(recorded) > 0
    for entry, item in zip(recorded, found, strict=True):
        assert item.id == entry.get("contentDetails", {}).get("videoId", entry["id"])
        assert item.text.startswith(entry["snippet"]["title"]) and item.author_id == entry["snippet"]["channelId"]
        assert item.created_at and item.created_at.utcoffset() is not None


def test_documented_refusals_have_their_sentence(shared: Path, serve: Any) -> None:
    """samples/documented/youtube/errors.json and a recorded accessNotConfigured, each at the call for threads."""
    documented = json.loads((shared / "samples/documented/youtube/errors.json").read_text(encoding="utf-8"))
    recorded = json.loads((shared / f"{JOOSTLEK}/youtube_not_activated.json").read_text(encoding="utf-8"))
    sentences = []
    for body in [*(one["body"] for one in documented), recorded]:
        sandbox = serve(channel(threads=1))
        sandbox.fault("/commentThreads", Answer(body["error"]["code"], body), times=None)
        with pytest.raises((Refused, Transient)) as caught:
            list(pages(sandbox))
        sentences.append(f"{type(caught.value).__name__}: {caught.value}")
    words = ("quota is used up", "turned off", "no such channel", "processingFailure", "accept the key", "not enabled")
    assert [word for word, sentence in zip(words, sentences, strict=True) if word not in sentence] == []
    assert [sentence.split(":")[0] for sentence in sentences].count("Transient") == 1
