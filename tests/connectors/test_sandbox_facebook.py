"""The sandbox's Facebook: the unmodified facebook-sdk must work against it, and it must refuse what Facebook refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import facebook
import pytest
import requests

from connectors.sandbox import ROSTER, Sandbox
from connectors.sandbox.facebook import NAME, PAGE, USER_TOKEN, USERNAME, least_calls
from connectors.sandbox.server import STORIES
from tests.connectors.facebook_story import BEGIN, comment_id, page, post_id, row

MONTH = STORIES / "facebook.jsonl"


@pytest.fixture
def sandbox(serve: Any) -> Sandbox:
    rows = [
        *page(posts=30, comments={3: 40}),
        row("31", "review", None, 1, recommends=True),
        row("555000111_42", "mention", None, 2),
    ]
    started: Sandbox = serve(rows)
    return started


@pytest.fixture
def api(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[facebook.GraphAPI]:
    """The library as it is, with the token that it puts into each address."""
    monkeypatch.setattr(facebook, "FACEBOOK_GRAPH_URL", f"{sandbox.base_url}/")
    client = facebook.GraphAPI(sandbox.key)
    client.version = "v25.0"
    yield client
    client.session.close()


def get(sandbox: Sandbox, path: str, *, token: str | None = None, **query: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {token or sandbox.key}"}
    return requests.get(f"{sandbox.base_url}/v25.0/{path}", query, headers=headers, timeout=5)


def code(answer: requests.Response) -> tuple[int, int, int | None]:
    error = answer.json()["error"]
    return answer.status_code, error["code"], error.get("error_subcode")


def test_the_official_client_reads_all_pages(api: facebook.GraphAPI) -> None:
    """Its own paging follows the token in `paging.next`: without one there it breaks."""
    assert api.get_object("me")["name"] == NAME and api.get_version() == "25.0"
    posts = list(api.get_all_connections(PAGE, "feed", limit=7))
    assert len(posts) == 31 and posts[0]["created_time"].endswith("+0000")
    comments = list(api.get_all_connections(post_id(3), "comments", filter="stream", limit=9))
    assert len({one["id"] for one in comments}) == 40
    with pytest.raises(facebook.GraphAPIError) as caught:
        api.get_object(f"{PAGE}_99")
    assert caught.value.code == 100


def test_a_token_is_needed_and_must_be_right(sandbox: Sandbox) -> None:
    """In the header or in the address; a connector that forgets it must fail here as it would out there."""
    address = f"{sandbox.base_url}/v25.0/{PAGE}"
    assert code(requests.get(address, timeout=5)) == (400, 2500, None)
    assert code(get(sandbox, PAGE, token="some-other-token")) == (400, 190, None)
    assert requests.get(f"{address}?access_token={sandbox.key}", timeout=5).json() == {"name": NAME, "id": PAGE}


def test_a_persons_token_sees_no_comments(sandbox: Sandbox) -> None:
    """The trap that makes all comments look deleted: an empty list with status 200, a refusal elsewhere."""
    assert get(sandbox, "me", token=USER_TOKEN).json()["id"] != PAGE
    answer = get(sandbox, f"{post_id(3)}/comments", token=USER_TOKEN)
    assert (answer.status_code, answer.json()) == (200, {"data": []})
    assert code(get(sandbox, f"{PAGE}/feed", token=USER_TOKEN)) == (400, 1705, None)


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        (f"{PAGE}_99/comments", {}, (400, 100, 33)),
        (f"{PAGE}/nothing", {}, (400, 100, None)),
        (f"{PAGE}/feed", {"fields": "id,nothing"}, (400, 100, None)),
        (f"{PAGE}/feed", {"fields": "id,comments{"}, (400, 2500, None)),
        (f"{PAGE}/feed", {"after": "no cursor"}, (400, 100, None)),
        (f"{PAGE}/feed", {"limit": "many"}, (400, 100, None)),
    ],
)
def test_wrong_calls_are_refused_as_by_facebook(
    sandbox: Sandbox, path: str, query: dict[str, str], expected: tuple[int, int, int | None]
) -> None:
    """What Facebook refuses, the sandbox must not let pass."""
    assert code(get(sandbox, path, **query)) == expected


def test_fields_are_those_that_are_asked_for(sandbox: Sandbox) -> None:
    """With lists inside of posts, their order, their page and their counter."""
    fields = "id,from{name},comments.filter(stream).order(reverse_chronological).limit(2).summary(true){id,parent{id}}"
    body = get(sandbox, post_id(3), fields=fields).json()
    assert body.keys() == {"id", "from", "comments"} and body["from"]["name"] == NAME
    inside = body["comments"]
    assert [one["id"] for one in inside["data"]] == [f"1003_{comment_id(3, 39)}", f"1003_{comment_id(3, 38)}"]
    assert inside["data"][0]["parent"]["id"] == f"1003_{comment_id(3, 0)}" and "parent" not in inside["data"][1]
    assert inside["summary"]["total_count"] == 40 and "access_token=" in inside["paging"]["next"]
    feed = get(sandbox, f"{PAGE}/feed", fields="comments.filter(stream).limit(0).summary(true)", limit=100).json()[
        "data"
    ]
    counted = {one["id"]: one["comments"] for one in feed}
    assert counted[post_id(3)] == {"data": [], "summary": {"total_count": 40}}
    top = get(sandbox, f"{post_id(3)}/comments", summary="true", limit=100).json()
    assert len(top["data"]) == top["summary"]["total_count"] == 20


def test_lists_come_in_pages_of_25_and_of_100_at_most(serve: Any) -> None:
    """A connector must not get by with one big page."""
    sandbox = serve(page(posts=130))
    assert len(get(sandbox, f"{PAGE}/feed").json()["data"]) == 25
    whole = get(sandbox, f"{PAGE}/feed", limit=500).json()
    assert len(whole["data"]) == 100 and "next" in whole["paging"]
    last = get(sandbox, f"{PAGE}/feed", limit=100, after=whole["paging"]["cursors"]["after"]).json()
    assert len(last["data"]) == 30 and "next" not in last["paging"]


def test_the_feed_has_bounds_and_hides_what_is_hidden(serve: Any) -> None:
    """`since` and `until` in seconds; hidden posts only where they are asked for."""
    rows = page(posts=5)
    rows[3]["hidden"] = "2026-10-01T10:00:00Z"
    sandbox = serve(rows)
    bounds = {name: int((BEGIN + timedelta(minutes=at)).timestamp()) for name, at in (("since", 1), ("until", 3))}
    shown = [
        get(sandbox, f"{PAGE}/feed", **bounds, include_hidden=hidden).json()["data"] for hidden in ("true", "false")
    ]
    assert [[one["id"] for one in some] for some in shown] == [
        [post_id(3), post_id(2), post_id(1)],
        [post_id(2), post_id(1)],
    ]


def test_both_spellings_of_a_comments_id_are_known(sandbox: Sandbox) -> None:
    """As out there."""
    answers = [get(sandbox, name).json() for name in (comment_id(3, 0), f"1003_{comment_id(3, 0)}")]
    assert answers[0] == answers[1] and answers[0]["id"] == f"1003_{comment_id(3, 0)}"


def test_recommendations_have_no_id_of_their_own(sandbox: Sandbox) -> None:
    """Each is known by its story alone."""
    fields = "created_time,recommendation_type,has_rating,rating,reviewer{id,name},open_graph_story{id}"
    (only,) = get(sandbox, f"{PAGE}/ratings", fields=fields).json()["data"]
    assert "id" not in only and only["open_graph_story"] == {"id": "31"} and only["recommendation_type"] == "positive"


def test_each_answer_says_how_much_is_used_up(sandbox: Sandbox) -> None:
    """The headers that the connector slows down by."""
    headers = get(sandbox, "me").headers
    assert json.loads(headers["X-App-Usage"]).keys() == {"call_count", "total_time", "total_cputime"}
    assert json.loads(headers["X-Business-Use-Case-Usage"])[PAGE][0]["type"] == "pages"
    assert headers["facebook-api-version"] == "v25.0"


def test_what_is_instagrams_is_left_to_it(sandbox: Sandbox) -> None:
    """Both live under the same addresses: an id that is not Facebook's gets Instagram's answer."""
    for path in ("17841400000000001/media", "me?fields=user_id,username"):
        answer = get(sandbox, path)
        assert PAGE not in answer.text and NAME not in answer.text


def test_the_least_calls_are_counted_by_the_size_of_pages(serve: Any) -> None:
    """The measure of the connector must itself be right."""
    presence = serve([*page(posts=101, comments={0: 101, 1: 1}), row("31", "review", None, 1)]).world.presence(
        "facebook"
    )
    assert least_calls(presence, None, ()) == 1 + 2 + 1
    assert least_calls(presence, None, {post_id(0), post_id(1), post_id(2)}) == 4 + 2 + 1 + 0
    late = BEGIN + timedelta(minutes=50)
    assert least_calls(presence, late, {post_id(0), post_id(2)}) == 1 + 1 + 2 + 1 + 1


@pytest.fixture
def month() -> list[dict[str, Any]]:
    return [json.loads(line) for line in MONTH.read_text(encoding="utf-8").splitlines()]


def test_the_month_is_a_story_that_holds_together(month: list[dict[str, Any]]) -> None:
    """The demo must show each thing that can happen on a Page, by people who are in no real directory."""
    by_id = {one["id"]: one for one in month}
    assert len(by_id) == len(month) >= 40
    roster = ROSTER.read_text(encoding="utf-8")
    for one in month:
        assert one["platform"] == "facebook" and "2026-10-23" <= one["posted"] < "2026-11-22T02:30"
        parent = by_id.get(one["parent"])
        assert (one["kind"] in {"post", "mention", "review"}) == (parent is None)
        assert parent is None or parent["posted"] < one["posted"]
        if one["kind"] == "post":
            assert one["author"] == {"id": PAGE, "name": NAME, "handle": USERNAME} and one["id"].startswith(f"{PAGE}_")
        elif one["author"]["handle"] and one["author"]["id"] != PAGE:
            assert one["author"]["handle"] in roster
    last_evening = "2026-11-21T17:00"
    assert [one for one in month if one["edits"] and one["edits"][-1]["at"] > last_evening]
    assert [one for one in month if (one["deleted"] or "") > last_evening]
    oldest = min((one for one in month if one["kind"] == "post"), key=lambda one: one["posted"])
    assert [one for one in month if one["parent"] == oldest["id"] and one["posted"] > last_evening]
    assert [one.get("hidden") is not None for one in month].count(True) == 1
    assert [one["kind"] for one in month].count("review") == 2
