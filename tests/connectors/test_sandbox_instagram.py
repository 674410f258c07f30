"""Instagram in the sandbox: a believable Graph API, or the connector's tests prove nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import facebook
import pytest
import requests

from connectors.sandbox import END, Sandbox
from connectors.sandbox.graph.fields import Field, fields_of
from connectors.sandbox.instagram import USER, least_calls
from connectors.sandbox.instagram.nodes import APP_SCOPED
from connectors.sandbox.server import STORIES
from tests.connectors.instagram_story import account, after, gaps, pages, row
from tests.connectors.story import items

STORY = STORIES / "instagram.jsonl"


@pytest.fixture
def sandbox(serve: Any) -> Sandbox:
    on = {"id": "555", "caption": "My week"}
    rows = [
        *account(posts=130, comments=120, replies={0: 30}, tags=2),
        *(row(f"x{n}", "comment", "p1", n) for n in range(60)),
        row("111", "mention", None, 1, named=True),
        row("222", "mention", None, 2, named=True, on=on),
    ]
    rows[0]["media"] = [{"alt_text": "A desk"}, {"type": "VIDEO"}]
    opened: Sandbox = serve(rows)
    opened.at(after(1000))
    return opened


def get(sandbox: Sandbox, path: str, *, token: str | None = None, **query: Any) -> requests.Response:
    address = f"{sandbox.base_url}/{path}"
    return requests.get(address, query, headers={"Authorization": f"Bearer {token or sandbox.key}"}, timeout=5)


def error(answer: requests.Response) -> tuple[int, int, int | None]:
    told = answer.json()["error"]
    return answer.status_code, told["code"], told.get("error_subcode")


def test_the_library_as_it_is_works_against_it(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """facebook-sdk, unmodified and with the token in the address, is what others would call us with."""
    monkeypatch.setattr(facebook, "FACEBOOK_GRAPH_URL", f"{sandbox.base_url}/")
    api = facebook.GraphAPI(access_token=sandbox.key, version="3.1")
    assert api.get_object("me", fields="user_id,username") == {
        "user_id": USER,
        "username": "acto_online",
        "id": APP_SCOPED,
    }
    listed = list(api.get_all_connections(USER, "media", fields="id", limit=100))
    assert [one["id"] for one in listed] == [f"p{n}" for n in range(130)]
    assert len(list(api.get_all_connections("p1", "comments", fields="id,text", limit=50))) == 61
    with pytest.raises(facebook.GraphAPIError) as caught:
        facebook.GraphAPI(access_token="some other token", version="3.1").get_object(USER)
    assert caught.value.code == 190


def test_a_token_is_needed_and_must_be_right(sandbox: Sandbox) -> None:
    """A connector that forgets its token must fail here as it would out there."""
    assert error(requests.get(f"{sandbox.base_url}/v25.0/{USER}", timeout=5)) == (400, 2500, None)
    assert error(get(sandbox, f"v25.0/{USER}", token="another-token")) == (400, 190, None)
    assert get(sandbox, f"v25.0/{USER}", fields="username").json() == {"username": "acto_online", "id": USER}
    assert requests.get(f"{sandbox.base_url}/{USER}?access_token={sandbox.key}", timeout=5).json() == {"id": USER}


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("v25.0/nobody", {}, (400, 100, 33)),
        ("v25.0/nobody/comments", {}, (400, 100, 33)),
        ("v25.0/t0", {}, (400, 100, 33)),
        ("v25.0/t0/comments", {}, (400, 100, 33)),
        (f"v25.0/{USER}/stories_of_mine", {}, (400, 2500, None)),
        ("v25.0/p0", {"fields": "likes_of_mine"}, (400, 100, None)),
        ("v25.0/p0", {"fields": "id,comments{id"}, (400, 2500, None)),
        ("v25.0/p0", {"fields": "id,,text"}, (400, 2500, None)),
        ("v25.0/p0/comments", {"limit": "many"}, (400, 100, None)),
        ("v25.0/p0/comments", {"after": "Zm9yZ290dGVu"}, (400, 100, None)),
        ("v25.0/p0/comments", {"after": "%"}, (400, 100, None)),
        (f"v25.0/{USER}", {"fields": "mentioned_media.media_id(222){id}"}, (400, 100, 33)),
    ],
)
def test_wrong_calls_are_refused_as_by_instagram(
    sandbox: Sandbox, path: str, query: dict[str, str], expected: tuple[int, int, int | None]
) -> None:
    """What Instagram refuses, the sandbox must not let pass."""
    assert error(get(sandbox, path, **query)) == expected


def test_only_the_fields_asked_for_are_sent(sandbox: Sandbox) -> None:
    """A connector that forgets a field must miss it here too."""
    assert set(get(sandbox, "v25.0/p0").json()) == {"id"}
    assert set(get(sandbox, "v25.0/p1/comments").json()["data"][0]) == {"id", "text", "timestamp"}
    asked = "id,caption,alt_text,owner,children{media_type,alt_text}"
    assert get(sandbox, "v25.0/p0", fields=asked).json() == {
        "id": "p0",
        "caption": "This is p0",
        "owner": {"id": USER},
        "children": {
            "data": [{"media_type": "IMAGE", "alt_text": "A desk", "id": "p01"}, {"media_type": "VIDEO", "id": "p02"}],
            "paging": {"cursors": {"before": "YXQ6cDAx", "after": "YXQ6cDAy"}},
        },
    }
    assert "owner" not in get(sandbox, f"v25.0/{USER}/tags", fields="id,owner").json()["data"][0]


def test_comments_are_top_level_newest_first_and_fifty_a_page(sandbox: Sandbox) -> None:
    """A connector that forgets replies, or the second page, must miss them here too."""
    page = get(sandbox, "v25.0/p1/comments", fields="id,timestamp", limit=500).json()
    assert len(page["data"]) == 50 and page["data"][0]["id"] == "x59"
    times = [one["timestamp"] for one in page["data"]]
    assert times == sorted(times, reverse=True) and times[0].endswith("+0000")
    rest = get(sandbox, "v25.0/p1/comments", limit=500, after=page["paging"]["cursors"]["after"]).json()
    assert len(rest["data"]) == 11 and "next" not in rest["paging"]
    assert sandbox.key in page["paging"]["next"], "Meta writes the token into that address"


def test_expanded_replies_come_in_part(sandbox: Sandbox) -> None:
    """Without a limit 25 come along, with an address for the rest."""
    fields = "id,replies{id,parent_id}"
    busy = get(sandbox, "v25.0/p0/comments", fields=fields).json()["data"][-1]
    assert len(busy["replies"]["data"]) == 25 and busy["replies"]["data"][0]["parent_id"] == "c0"
    cursor = busy["replies"]["paging"]["cursors"]["after"]
    assert len(get(sandbox, "v25.0/c0/replies", after=cursor).json()["data"]) == 5
    narrower = get(sandbox, "v25.0/p0/comments", fields="id,replies.limit(3){id}").json()["data"][-1]
    assert len(narrower["replies"]["data"]) == 3
    assert "replies" not in get(sandbox, "v25.0/p5/comments", fields=fields).json()["data"][0]


def test_mentions_are_found_by_their_id_alone(sandbox: Sandbox) -> None:
    """Polling cannot find them: they are on no list."""
    tags = get(sandbox, f"v25.0/{USER}/tags").json()["data"]
    assert [one["id"] for one in tags] == ["t0", "t1"]
    fields = "mentioned_comment.comment_id(222){id,text,media{id,caption}}"
    assert get(sandbox, f"v25.0/{USER}", fields=fields).json() == {
        "mentioned_comment": {"text": "This is 222", "media": {"caption": "My week", "id": "555"}, "id": "222"},
        "id": USER,
    }
    fields = "mentioned_media.media_id(111){caption}"
    assert get(sandbox, f"v25.0/{USER}", fields=fields).json()["mentioned_media"]["caption"] == "This is 111"


def test_the_counter_and_the_lists_follow_the_story(serve: Any) -> None:
    """Deleted comments are gone with their replies; hidden ones stay for us; withheld ones are counted alone."""
    rows = [*account(comments=2, replies={0: 2}), row("c8", "comment", "p0", 5, hidden="2026-10-03T00:00:00Z")]
    rows += [row("c9", "comment", "p0", 6, withheld=True)]
    rows[1]["deleted"] = "2026-10-05T00:00:00Z"
    sandbox = serve(rows)
    told = {}
    for day in (2, 4, 6):
        sandbox.at(datetime(2026, 10, day, tzinfo=UTC))
        comments = get(sandbox, "v25.0/p0/comments", fields="id,hidden").json()["data"]
        count = get(sandbox, "v25.0/p0", fields="comments_count").json()["comments_count"]
        told[day] = (count, {one["id"]: one["hidden"] for one in comments})
    assert told[2] == (6, {"c8": False, "c1": False, "c0": False})
    assert told[4] == (6, {"c8": True, "c1": False, "c0": False})
    assert told[6] == (3, {"c8": True, "c1": False})
    assert error(get(sandbox, "v25.0/c0")) == (400, 100, 33)


def test_the_limits_are_told_in_headers(sandbox: Sandbox) -> None:
    """The connector slows down by them."""
    headers = get(sandbox, f"v25.0/{USER}/media").headers
    used = json.loads(headers["X-Business-Use-Case-Usage"])[USER][0]
    assert used["type"] == "instagram" and used["estimated_time_to_regain_access"] == 0
    assert headers["facebook-api-version"] == "v25.0" and "call_count" in json.loads(headers["X-App-Usage"])


def test_fields_nest_and_carry_modifiers() -> None:
    """Modifiers may stand before or after the braces."""
    assert fields_of("id, from{id} ,comments{id,replies.limit(2){text}}.limit(5).order(x)") == [
        Field("id"),
        Field("from", {}, (Field("id"),)),
        Field(
            "comments", {"limit": "5", "order": "x"}, (Field("id"), Field("replies", {"limit": "2"}, (Field("text"),)))
        ),
    ]
    assert fields_of("") == []


def test_the_least_number_of_calls_is_what_the_pages_allow(sandbox: Sandbox) -> None:
    """The measure of the connector must not be more generous than the platform."""
    presence = sandbox.world.presence("instagram")
    assert least_calls(presence, None, ()) == 1 + 2 + 1
    assert least_calls(presence, after(-3000), ()) == 1 + 1 + 1
    assert least_calls(presence, after(-99 * 1440 - 30), ()) == 1 + 2 + 1
    assert least_calls(presence, after(0), ["p0", "p1", "p129"]) == 1 + 1 + 1 + 1 + 2 + 1


def test_the_months_story_is_read_whole() -> None:
    """The demo's month on Instagram must hold together, and its last night must have something to tell."""
    rows = [json.loads(line) for line in STORY.read_text(encoding="utf-8").splitlines()]
    by_id = {one["id"]: one for one in rows}
    assert len(by_id) == len(rows) and [one["posted"] for one in rows] == sorted(one["posted"] for one in rows)
    for one in rows:
        assert one["id"].isdecimal() and (one["parent"] is None) == (one["kind"] in {"post", "mention"})
        assert one["parent"] is None or by_id[one["parent"]]["posted"] < one["posted"] < END.isoformat()
        assert one["kind"] == "post" or not one["edits"], "comments cannot be edited on Instagram"
    with Sandbox(rows) as sandbox:
        last = list(pages(sandbox))
        sandbox.rewind(nights=1)
        before = list(pages(sandbox))
    assert not gaps(last) and not gaps(before) and not [one for page in last for one in page.rejected]
    found, earlier = items(last), items(before)
    assert len(found) > 30 and {item.kind for item in found.values()} == {"post", "comment", "reply", "mention"}
    assert len(set(found) - set(earlier)) == 2 and len(set(earlier) - set(found)) == 1
    assert any(item.hidden for item in found.values())
    assert sum(bool(one.get("labels")) for one in rows) < len(rows) / 4, "most of life is no breach"
