"""The sandbox: a believable platform, or the connectors' tests prove nothing."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest
import requests

from connectors.registry import PLATFORMS
from connectors.sandbox import ROSTER, Answer, Sandbox
from tests.connectors.story import channel, items, pages, row


@pytest.fixture
def sandbox(serve: Any) -> Sandbox:
    return serve(channel(videos=2, threads=30, replies={3: 12}))


def get(sandbox: Sandbox, method: str, *, key: str | None = None, **query: Any) -> requests.Response:
    address = f"{sandbox.base_url}/youtube/v3/{method}"
    query = {"part": "snippet,replies,contentDetails"} | query
    return requests.get(address, query, headers={"X-Goog-Api-Key": key or sandbox.key}, timeout=5)


def reason(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["errors"][0]["reason"]


def test_a_key_is_needed_and_must_be_right(sandbox: Sandbox) -> None:
    """A connector that forgets its key must fail here as it would out there."""
    address = f"{sandbox.base_url}/youtube/v3/channels?part=id&id={sandbox.channel}"
    assert reason(requests.get(address, timeout=5)) == (403, "forbidden")
    assert reason(get(sandbox, "channels", key="some-other-key")) == (400, "badRequest")
    assert requests.get(f"{address}&key={sandbox.key}", timeout=5).status_code == 200


@pytest.mark.parametrize(
    ("method", "query", "expected"),
    [
        ("channels", {}, (400, "missingRequiredParameter")),
        ("channels", {"id": "UC1", "part": ""}, (400, "required")),
        ("playlistItems", {"playlistId": "UU1"}, (404, "playlistNotFound")),
        ("playlistItems", {"playlistId": "UU1", "maxResults": 51}, (404, "playlistNotFound")),
        ("commentThreads", {"videoId": "v0", "maxResults": 101}, (400, "invalidParameter")),
        ("commentThreads", {"videoId": "v0", "maxResults": 0}, (400, "invalidParameter")),
        ("commentThreads", {"videoId": "v9"}, (404, "videoNotFound")),
        ("commentThreads", {"videoId": "v0", "id": "c0"}, (400, "incompatibleParameters")),
        ("commentThreads", {"allThreadsRelatedToChannelId": "UC1"}, (404, "channelNotFound")),
        ("commentThreads", {"videoId": "v0", "pageToken": "x"}, (400, "invalidPageToken")),
        ("comments", {"parentId": "c99"}, (404, "commentNotFound")),
    ],
)
def test_wrong_calls_are_refused_as_by_youtube(
    sandbox: Sandbox, method: str, query: dict[str, Any], expected: tuple[int, str]
) -> None:
    """What YouTube refuses, the sandbox must not let pass."""
    assert reason(get(sandbox, method, **query)) == expected


def test_a_token_is_good_for_its_own_list_only(sandbox: Sandbox) -> None:
    """Tokens are opaque: a connector that mixes them up must notice."""
    token = get(sandbox, "commentThreads", videoId="v0", maxResults=5).json()["nextPageToken"]
    assert get(sandbox, "commentThreads", videoId="v0", maxResults=5, pageToken=token).status_code == 200
    assert reason(get(sandbox, "commentThreads", videoId="v1", pageToken=token)) == (400, "invalidPageToken")


def test_threads_are_ordered_by_their_own_time(sandbox: Sandbox) -> None:
    """A new reply does not bring a thread up: a connector that believes so would miss replies."""
    sandbox.at(datetime(2026, 11, 1, tzinfo=UTC))
    threads = get(sandbox, "commentThreads", allThreadsRelatedToChannelId=sandbox.channel, maxResults=100).json()
    assert [thread["id"] for thread in threads["items"]] == [f"c{n}" for n in reversed(range(30))]
    busy = threads["items"][26]
    assert busy["snippet"]["totalReplyCount"] == 12 and len(busy["replies"]["comments"]) == 5
    assert "videoId" not in busy["replies"]["comments"][0]["snippet"]


def test_text_is_html_unless_plain_text_is_asked_for(serve: Any) -> None:
    """The default of the real API: a connector that forgets it stores mark-up."""
    sandbox = serve([*channel(), row("c0", "comment", "v0", 1, text='It\'s <me> & "you"\nagain')])
    shown = [
        get(sandbox, "comments", id="c0", textFormat=form).json()["items"][0]["snippet"]["textDisplay"]
        for form in ("html", "plainText")
    ]
    assert shown == ["It&#39;s &lt;me&gt; &amp; &quot;you&quot;<br>again", 'It\'s <me> & "you"\nagain']


def test_only_the_parts_asked_for_are_sent(sandbox: Sandbox) -> None:
    """A connector that forgets a part must miss it here too."""
    thread = get(sandbox, "commentThreads", id="c3", part="id").json()["items"][0]
    assert set(thread) == {"kind", "etag", "id"}


def test_comments_turned_off_are_said_so_for_the_video_alone(serve: Any) -> None:
    """Asked by video it is a refusal, asked by channel nothing."""
    rows = channel(videos=2, threads=2)
    rows[0]["comments_disabled"] = True
    sandbox = serve(rows)
    assert reason(get(sandbox, "commentThreads", videoId="v0")) == (403, "commentsDisabled")
    assert get(sandbox, "commentThreads", videoId="v1").status_code == 200


def test_what_is_deleted_takes_its_answers_along(serve: Any) -> None:
    """A deleted video or thread leaves no orphans, and asking by id gives fewer items without an error."""
    rows = [*channel(videos=2, threads=4, replies={0: 2, 1: 2}), row("c9", "comment", "v0", 50)]
    rows[0]["deleted"] = rows[3]["deleted"] = "2026-10-20T00:00:00Z"
    sandbox = serve(rows)
    sandbox.at(date(2026, 10, 19))
    assert len(items(list(pages(sandbox)))) == 11
    sandbox.at(date(2026, 10, 21))
    assert set(items(list(pages(sandbox)))) == {"v1", "c3"}
    assert get(sandbox, "comments", id="c0,c3,c0.r1").json()["pageInfo"]["totalResults"] == 1


def test_faults_come_in_order_and_end(sandbox: Sandbox) -> None:
    """A test that orders trouble for the second call must get it there and nowhere else."""
    sandbox.fault("/channels", Answer(500), after=1, times=2)
    statuses = [get(sandbox, "channels", id="UC1").status_code for _ in range(5)]
    assert statuses == [200, 500, 500, 200, 200]
    assert [call.method for call in sandbox.requests] == ["GET"] * 5


def test_an_unknown_address_is_not_found(sandbox: Sandbox) -> None:
    """A connector with a wrong path must not read silence."""
    assert get(sandbox, "search").status_code == 404


def test_it_runs_by_hand() -> None:
    """`python -m connectors.sandbox` prints what to put into acto.toml and into the environment, and serves."""
    command = [sys.executable, "-m", "connectors.sandbox", "--night", "2026-11-01"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        told = list(iter(process.stdout.readline, "# Ctrl-C ends it.\n"))
        try:
            sources = tomllib.loads("".join(told))["sources"]
            secrets = dict(line.removeprefix("#").strip().split("=", 1) for line in told if "=sandbox" in line)
            found = requests.get(
                f"{sources['youtube']['base_url']}/youtube/v3/channels?part=id&id=UC1",
                headers={"X-Goog-Api-Key": secrets["ACTO_YOUTUBE_API_KEY"]},
                timeout=5,
            )
        finally:
            process.terminate()
    assert set(sources) == set(PLATFORMS)
    assert set(secrets) == {one.secret_variable for one in PLATFORMS.values() if one.secret_variable}
    assert found.status_code == 200


def test_the_months_story_is_read_whole() -> None:
    """The demo's month must be one that the connector reads without a gap, and that changes from night to night."""
    with Sandbox() as sandbox:
        last = list(pages(sandbox))
        sandbox.rewind(nights=1)
        before = list(pages(sandbox))
    assert not [gap for page in last + before for gap in page.gaps] and not [r for page in last for r in page.rejected]
    found, earlier = items(last), items(before)
    assert sum(page.expected or 0 for page in last) == len(found) > 50
    assert set(Counter(item.kind for item in found.values())) == {"post", "comment", "reply"}
    assert set(found) - set(earlier), "nothing new on the last night"
    assert all(item.parent_id in found for item in found.values() if item.kind != "post")
    assert ROSTER.exists()
