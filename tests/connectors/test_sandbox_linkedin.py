"""The sandbox's LinkedIn: as strict as the real one, or the connector's tests prove nothing."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
import requests

from connectors.sandbox import END, Sandbox
from connectors.sandbox.linkedin.refusals import refusal
from connectors.sandbox.linkedin.resources import ORGANIZATION, OWN
from connectors.sandbox.server import STORIES
from tests.connectors.linkedin_story import (
    MENTION,
    comment_row,
    comment_urn,
    mention_row,
    page_rows,
    pages,
    place_urn,
    post_row,
    post_urn,
    reply_urn,
)
from tests.connectors.story import items

STORY = STORIES / "linkedin.jsonl"
LIST = f"/rest/posts?q=author&author=urn%3Ali%3Aorganization%3A{ORGANIZATION}"
FEED = (
    "/rest/organizationalEntityNotifications?q=criteria&actions=List(SHARE_MENTION,COMMENT,COMMENT_EDIT,COMMENT_DELETE,"
    f"ADMIN_COMMENT)&organizationalEntity=urn%3Ali%3Aorganization%3A{ORGANIZATION}"
)


def encoded(urn: str) -> str:
    return urn.replace(":", "%3A").replace("(", "%28").replace(")", "%29").replace(",", "%2C")


def get(sandbox: Sandbox, path: str, **headers: str | None) -> requests.Response:
    """Call as the documentation says; a header of None is left out."""
    usual = {
        "Authorization": f"Bearer {sandbox.key}",
        "Linkedin-Version": "202610",
        "X-Restli-Protocol-Version": "2.0.0",
    }
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    kept = {name: value for name, value in (usual | changed).items() if value is not None}
    return requests.get(sandbox.base_url + path, headers=kept, timeout=5)


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 200, None),
        ({"Authorization": None}, 401, "EMPTY_ACCESS_TOKEN"),
        ({"Authorization": "Bearer some-other-token"}, 401, "INVALID_ACCESS_TOKEN"),
        ({"Linkedin_Version": None}, 400, "VERSION_MISSING"),
        ({"Linkedin_Version": "202508"}, 426, "NONEXISTENT_VERSION"),
        ({"Linkedin_Version": "v26.0"}, 426, "NONEXISTENT_VERSION"),
        ({"X_Restli_Protocol_Version": None}, 400, "ILLEGAL_ARGUMENT"),
    ],
)
def test_the_headers_are_needed_and_must_be_right(
    serve: Any, headers: dict[str, str | None], status: int, code: str | None
) -> None:
    """A connector that forgets one must fail here as it would out there."""
    answer = get(serve(page_rows()), LIST, **headers)
    assert (answer.status_code, answer.json().get("code")) == (status, code)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/rest/posts?author=urn%3Ali%3Aorganization%3A18273645", 400),
        ("/rest/posts?q=author&author=urn%3Ali%3Aorganization%3A1", 403),
        (f"{LIST}&count=101", 400),
        (f"{LIST}&count=0", 400),
        (f"{LIST}&start=-1", 400),
        (f"{LIST}&sortBy=NEWEST", 400),
        (f"/rest/posts/{encoded(post_urn(0))}", 200),
        (f"/rest/posts/{post_urn(0)}", 404),
        (f"/rest/posts/{encoded(post_urn(9))}", 404),
        (f"/rest/posts/{encoded(MENTION)}", 403),
        (f"/rest/socialActions/{encoded(post_urn(0))}/comments", 200),
        (f"/rest/socialActions/{post_urn(0)}/comments", 404),
        (f"/rest/socialActions/{encoded(comment_urn(0, 0))}/comments", 200),
        (f"/rest/socialActions/{encoded(comment_urn(0, 0)).replace('%28', '(')}/comments", 404),
        (f"/rest/socialActions/{encoded(post_urn(1))}", 404),
        (f"/rest/socialActions/{encoded(post_urn(1))}/comments", 404),
        (f"/rest/socialActions/{encoded(place_urn(0))}/comments/7300000000000000000", 200),
        (f"/rest/socialActions/{encoded(place_urn(0))}/comments/1", 404),
        (FEED, 200),
        (FEED.replace("List(", "").replace(")", ""), 400),
        (FEED.replace(ORGANIZATION, "1"), 403),
        (f"/rest/organizations/{ORGANIZATION}", 200),
        ("/rest/organizations/1", 403),
        ("/v2/shares?q=owners", 404),
    ],
)
def test_wrong_calls_are_refused_as_by_linkedin(serve: Any, path: str, status: int) -> None:
    """What LinkedIn refuses, the sandbox must not let pass: URNs that are not encoded above all."""
    sandbox = serve([*page_rows(posts=2, comments={0: 1}, replies={(0, 0): 1}), mention_row()])
    assert get(sandbox, path).status_code == status


def test_lists_are_paged_by_start_and_count(serve: Any) -> None:
    """Ten at a time unless asked otherwise, with a link to the next page and the whole number."""
    sandbox = serve(page_rows(posts=25))
    shown, path = list[str](), LIST
    while path:
        body = get(sandbox, path).json()
        shown += [post["id"] for post in body["elements"]]
        assert (body["paging"]["count"], body["paging"]["total"]) == (10, 25)
        path = next((link["href"] for link in body["paging"]["links"] if link["rel"] == "next"), "")
    assert shown == [post_urn(n) for n in reversed(range(25))]


def test_posts_are_sorted_by_their_last_change_or_their_creation(serve: Any) -> None:
    """An edit moves an old post to the front of the one list, not of the other."""
    sandbox = serve([post_row(0, edits=[{"at": "2026-10-05T12:00:00Z", "text": "Changed"}]), post_row(1)])
    first = [get(sandbox, f"{LIST}{order}").json()["elements"][0]["id"] for order in ("", "&sortBy=CREATED")]
    assert first == [post_urn(0), post_urn(1)]


def test_commentary_is_little_text_and_comments_are_not(serve: Any) -> None:
    """A connector that does not resolve it stores backslashes."""
    text = "Join (free) #CPD_day @Ann"
    sandbox = serve([post_row(0, text=text, mentions={"Ann": "urn:li:person:a_b"}), comment_row(0, 0, text=text)])
    assert (
        get(sandbox, LIST).json()["elements"][0]["commentary"]
        == r"Join \(free\) {hashtag|\#|CPD\_day} @[Ann](urn:li:person:a\_b)"
    )
    comments = get(sandbox, f"/rest/socialActions/{encoded(post_urn(0))}/comments").json()
    assert comments["elements"][0]["message"] == {"attributes": [], "text": text}


def test_notifications_tell_the_story(serve: Any) -> None:
    """A comment, each edit and its deletion, newest first, for 60 days; a deleted one without its words."""
    rows = [
        post_row(0),
        comment_row(0, 0, edits=[{"at": "2026-10-05T12:00:00Z", "text": "Changed"}], deleted="2026-10-06T12:00:00Z"),
        comment_row(0, 1, author={"id": OWN, "name": "", "handle": None}),
        mention_row(),
    ]
    sandbox = serve(rows)
    told = {}
    for day in (date(2026, 10, 3), date(2026, 10, 6), date(2026, 10, 7), date(2026, 12, 3)):
        sandbox.at(day)
        told[day.day if day.month == 10 else "december"] = get(sandbox, f"{FEED}&count=100").json()["elements"]
    assert {name: [one["action"] for one in some] for name, some in told.items()} == {
        3: ["ADMIN_COMMENT", "COMMENT"],
        6: ["COMMENT_EDIT", "SHARE_MENTION", "ADMIN_COMMENT", "COMMENT"],
        7: ["COMMENT_DELETE", "COMMENT_EDIT", "SHARE_MENTION", "ADMIN_COMMENT", "COMMENT"],
        "december": ["COMMENT_DELETE", "COMMENT_EDIT", "SHARE_MENTION"],
    }
    assert told[6][0]["decoratedGeneratedActivity"]["comment"]["text"] == "Changed"
    assert "decoratedGeneratedActivity" not in told[7][0]
    assert told[7][0]["decoratedSourcePost"]["entity"] == post_urn(0) and told[7][0]["sourcePost"] == place_urn(0)
    assert len({one["notificationId"] for one in told[7]}) == 5


def test_only_the_actions_asked_for_are_told(serve: Any) -> None:
    """A connector that forgets one must miss it here too."""
    sandbox = serve([*page_rows(comments={0: 2}), mention_row()])
    asked = FEED.replace("SHARE_MENTION,COMMENT,COMMENT_EDIT,COMMENT_DELETE,ADMIN_COMMENT", "SHARE_MENTION")
    assert [one["action"] for one in get(sandbox, asked).json()["elements"]] == ["SHARE_MENTION"]


def test_replies_stand_under_their_comment_alone(serve: Any) -> None:
    """A post's list holds its own comments; whoever does not ask further misses the replies."""
    sandbox = serve(page_rows(comments={0: 1}, replies={(0, 0): 3}))
    of_post = get(sandbox, f"/rest/socialActions/{encoded(post_urn(0))}/comments").json()["elements"]
    of_comment = get(sandbox, f"/rest/socialActions/{encoded(comment_urn(0, 0))}/comments").json()["elements"]
    assert [one["commentUrn"] for one in of_post] == [comment_urn(0, 0)]
    assert [one["commentUrn"] for one in of_comment] == [reply_urn(0, 0, n) for n in (2, 1, 0)]
    assert of_post[0]["commentsSummary"]["totalFirstLevelComments"] == 3 and "parentComment" not in of_post[0]
    assert {one["parentComment"] for one in of_comment} == {comment_urn(0, 0)}


def test_the_limit_of_a_day_can_be_ordered(serve: Any) -> None:
    """As LinkedIn words it, so that a connector must read the words."""
    sandbox = serve(page_rows())
    sandbox.fault("/rest/posts", refusal("dayLimit"))
    answer = get(sandbox, LIST)
    assert answer.status_code == 429 and "APPLICATION DAY limit" in answer.json()["message"]
    assert answer.json()["status"] == 429 and get(sandbox, LIST).status_code == 200


needs_the_story = pytest.mark.skipif(not STORY.exists(), reason="the story month_linkedin.jsonl is not written yet")


@pytest.fixture
def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in STORY.read_text(encoding="utf-8").splitlines()]


@needs_the_story
def test_the_months_story_holds_together(rows: list[dict[str, Any]]) -> None:
    """What cannot happen on LinkedIn must not happen in the demo."""
    by_id = {row["id"]: row for row in rows}
    assert len(by_id) == len(rows) >= 30 and [row["posted"] for row in rows] == sorted(row["posted"] for row in rows)
    begin = datetime(2026, 10, 23, tzinfo=UTC)
    for row in rows:
        times = [row["posted"], *(edit["at"] for edit in row["edits"]), *([row["deleted"]] if row["deleted"] else [])]
        assert times == sorted(times) and all(begin <= datetime.fromisoformat(time) <= END for time in times)
        assert row["platform"] == "linkedin" and row["author"]["id"].startswith("urn:li:")
        if row["kind"] in {"post", "mention"}:
            assert row["parent"] is None and (row["author"]["id"] == OWN) == (row["kind"] == "post")
            continue
        parent = by_id[row["parent"]]
        assert parent["kind"] == {"comment": "post", "reply": "comment"}[row["kind"]]
        assert parent["posted"] < row["posted"] and not (parent["deleted"] and parent["deleted"] < row["posted"])
        thread = parent if parent["kind"] == "post" else by_id[parent["parent"]]
        assert row["id"].startswith(f"urn:li:comment:({thread['activity']},")


@needs_the_story
def test_the_months_story_is_read_whole(rows: list[dict[str, Any]]) -> None:
    """The demo reads it without a gap; its last evening brings an edit, a deletion and a comment on an old post."""
    evening = [datetime(2026, 11, 21, 2, 30, tzinfo=UTC), END]
    with Sandbox(rows) as sandbox:
        found = []
        for now in evening:
            sandbox.at(now)
            read = list(pages(sandbox))
            assert not [gap for page in read for gap in page.gaps] and not [
                one for page in read for one in page.rejected
            ]
            found.append(items(read))
    before, after = found
    assert {item.kind for item in after.values()} == {"post", "comment", "reply", "mention"}
    assert [name for name in before if name in after and before[name].text != after[name].text]
    assert set(before) - set(after) and set(after) - set(before)
    new = [after[name] for name in set(after) - set(before)]
    assert [
        item
        for item in new
        if item.kind == "comment"
        and (posted := after[item.thread_id or ""].created_at)
        and (posted < datetime(2026, 11, 1, tzinfo=UTC))
    ]
    assert {item.text for item in after.values()} <= {row["text"] for row in rows} | {
        edit["text"] for row in rows for edit in row["edits"]
    }
