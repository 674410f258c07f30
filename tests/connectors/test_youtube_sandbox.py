"""The sandbox's YouTube: the official client must not be able to tell it from the real one."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from connectors.sandbox import Sandbox
from connectors.sandbox.keys import ACCESS_TOKEN
from tests.connectors.story import BEGIN, channel


@pytest.fixture
def sandbox(serve: Any) -> Sandbox:
    rows = channel(videos=3, threads=70, replies={3: 12})
    rows[0]["captions"] = [{"language": "en", "text": "Hello"}]
    rows[1]["comments_disabled"] = True
    rows[2]["hidden"] = rows[-1]["hidden"] = BEGIN.isoformat()
    rows[4]["moderation"] = "likelySpam"
    rows[4]["hidden"] = BEGIN.isoformat()
    return serve(rows)


def official(sandbox: Sandbox, **access: Any) -> Any:
    """Google's own client, unmodified."""
    return build("youtube", "v3", static_discovery=True, client_options={"api_endpoint": sandbox.base_url}, **access)


def as_owner(sandbox: Sandbox) -> Any:
    return official(sandbox, credentials=Credentials(token=ACCESS_TOKEN))


def reason(call: Any) -> tuple[int, str]:
    with pytest.raises(HttpError) as caught:
        call.execute()
    return caught.value.status_code, caught.value.error_details[0]["reason"]


def test_the_official_client_works(sandbox: Sandbox) -> None:
    """With a key, page by page, as in Google's own examples."""
    api = official(sandbox, developerKey=sandbox.key)
    threads = api.commentThreads()
    call, found = threads.list(part="snippet,replies", videoId="v0", maxResults=10), []
    while call is not None:
        answer = call.execute()
        found += answer["items"]
        call = threads.list_next(call, answer)
    assert [one["id"] for one in found] == [f"c{n}" for n in range(69, -1, -3) if n != 0] + ["c0"]
    busy = found[-2]
    assert busy["snippet"]["totalReplyCount"] == 12 and len(busy["replies"]["comments"]) == 5
    replies = api.comments().list(part="snippet", parentId="c3", maxResults=100).execute()["items"]
    assert len(replies) == 11, "one is held back: counted, and shown to nobody"


def test_videos_count_comments_and_replies(sandbox: Sandbox) -> None:
    """The counter that gives away new replies; where comments are turned off there is none, a private video is missing."""
    found = official(sandbox, developerKey=sandbox.key).videos().list(part="statistics", id="v0,v1,v2").execute()
    counted = {one["id"]: one["statistics"].get("commentCount") for one in found["items"]}
    assert counted == {"v0": str(24 + 12), "v1": None}


def test_threads_and_comments_by_id(sandbox: Sandbox) -> None:
    """Fifty at most; what is not there, or held back, is missing without an error."""
    api = official(sandbox, developerKey=sandbox.key)
    names = ",".join(f"c{n}" for n in range(0, 147, 3))
    assert len(api.commentThreads().list(part="id", id=names).execute()["items"]) == 24
    assert len(api.comments().list(part="id", id="c3,c3.r0,c3.r11,nobody").execute()["items"]) == 2
    too_many = ",".join(f"c{n}" for n in range(51))
    assert reason(api.commentThreads().list(part="id", id=too_many)) == (400, "invalidFilters")
    assert reason(api.comments().list(part="id", id=too_many)) == (400, "invalidFilters")


def test_what_is_held_back_is_for_the_owner_alone(sandbox: Sandbox) -> None:
    """A connector that forgets the token, or has a wrong one, must fail here as it would out there."""
    asked = {"part": "snippet", "allThreadsRelatedToChannelId": sandbox.channel, "moderationStatus": "likelySpam"}
    with_key = official(sandbox, developerKey=sandbox.key)
    assert reason(with_key.commentThreads().list(**asked)) == (403, "forbidden")
    wrong = {"Authorization": "Bearer some-other-token"}
    assert (
        requests.get(f"{sandbox.base_url}/youtube/v3/commentThreads", asked, headers=wrong, timeout=5).status_code
        == 401
    )
    assert reason(with_key.commentThreads().list(part="id", id="c1", moderationStatus="likelySpam"))[0] == 400
    (found,) = as_owner(sandbox).commentThreads().list(**asked).execute()["items"]
    assert found["snippet"]["topLevelComment"]["snippet"]["moderationStatus"] == "likelySpam"


def test_captions_are_for_the_owner_alone(sandbox: Sandbox) -> None:
    """A list of tracks, and the text of one in SubRip."""
    with_key = official(sandbox, developerKey=sandbox.key)
    assert reason(with_key.captions().list(part="snippet", videoId="v0")) == (401, "required")
    owner = as_owner(sandbox).captions()
    (track,) = owner.list(part="snippet", videoId="v0").execute()["items"]
    assert owner.download(id=track["id"], tfmt="srt").execute() == b"1\n00:00:00,000 --> 00:00:02,000\nHello\n"
    assert reason(owner.download(id="nobody")) == (404, "captionNotFound")


def test_the_token_endpoint_is_googles(sandbox: Sandbox) -> None:
    """The consent of the sandbox's owner is refreshed by Google's own library, unmodified."""
    owner = Credentials(
        token=None,
        refresh_token=sandbox.key,
        client_id="acto",
        client_secret="any",
        token_uri=f"{sandbox.base_url}/token",
    )
    owner.refresh(Request())
    assert owner.token == ACCESS_TOKEN
