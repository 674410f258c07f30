"""The sandbox's review platforms: believable ones, or the connectors' tests prove nothing."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError

from connectors.google.discovery import DOCUMENT
from connectors.sandbox import END, Sandbox
from connectors.sandbox.google import ACCOUNT, LOCATION
from connectors.sandbox.google import least_calls as google_least_calls
from connectors.sandbox.server import STORIES
from connectors.sandbox.trustpilot import UNIT
from connectors.sandbox.yelp import BUSINESS
from tests.connectors.reviews import at, name, pages, profile, reply, review
from tests.connectors.story import Row, items

GOOGLE = f"/v4/accounts/{ACCOUNT}/locations/{LOCATION}/reviews"
TRUSTPILOT = f"/v1/business-units/{UNIT}"
YELP = f"/v3/businesses/{BUSINESS}/reviews"


def get(sandbox: Sandbox, path: str, secret: str | None = None, **query: Any) -> requests.Response:
    key = secret or sandbox.key
    headers = {"Authorization": f"Bearer {key}", "apikey": key}
    return requests.get(sandbox.base_url + path, query, headers=headers, timeout=5)


def test_googles_own_client_reads_it(serve: Any) -> None:
    """google-api-python-client, unmodified, with our document: pages, one by name, and a refusal as it knows them."""
    sandbox = serve([*profile("google", 120), reply("google", 0, 500)])
    options = {"api_endpoint": sandbox.base_url}
    document = build_from_document(DOCUMENT, credentials=Credentials(token=sandbox.key), client_options=options)
    reviews, found = document.accounts().locations().reviews(), []
    call = reviews.list(parent=f"accounts/{ACCOUNT}/locations/{LOCATION}", pageSize=50, orderBy="updateTime desc")
    while call is not None:
        answer = call.execute()
        found += [one["reviewId"] for one in answer["reviews"]]
        call = reviews.list_next(call, answer)
    assert found == [f"r{number}" for number in reversed(range(120))] and answer["totalReviewCount"] == 120
    one = reviews.get(name=f"accounts/{ACCOUNT}/{name('google', 0)}").execute()
    assert one["reviewReply"]["reviewReplyState"] == "APPROVED" and one["starRating"] == "FOUR"
    with pytest.raises(HttpError) as caught:
        reviews.list(parent=f"accounts/{ACCOUNT}/locations/1").execute()
    assert (caught.value.status_code, caught.value.reason) == (404, "Requested entity was not found.")


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        (GOOGLE, {"pageSize": 51}, 400),
        (GOOGLE, {"orderBy": "createTime"}, 400),
        (GOOGLE, {"pageToken": "x"}, 400),
        (GOOGLE.replace(ACCOUNT, "1"), {}, 403),
        (GOOGLE.replace(LOCATION, "1"), {}, 404),
        (f"{GOOGLE}/r9", {}, 404),
        (f"{TRUSTPILOT}/reviews", {"perPage": 101}, 400),
        (f"{TRUSTPILOT}/reviews", {"orderBy": "stars"}, 400),
        (f"{TRUSTPILOT}/reviews", {"page": 1001}, 400),
        (f"{TRUSTPILOT}/reviews", {"page": 1000}, 200),
        (TRUSTPILOT.replace(UNIT, "acto-org.uk"), {}, 404),
        (YELP, {"sort_by": "oldest"}, 400),
        (YELP, {"limit": 51}, 400),
        (YELP.replace(BUSINESS, "another"), {}, 404),
    ],
)
def test_wrong_calls_are_refused(serve: Any, path: str, query: Mapping[str, Any], status: int) -> None:
    """What the platforms refuse, the sandbox must not let pass."""
    assert get(serve([]), path, **query).status_code == status


@pytest.mark.parametrize("path", [GOOGLE, f"{TRUSTPILOT}/reviews", YELP])
def test_a_secret_is_needed_and_must_be_right(serve: Any, path: str) -> None:
    """A connector that forgets its key must fail here as it would out there."""
    sandbox = serve([])
    assert requests.get(sandbox.base_url + path, timeout=5).status_code == 401
    assert requests.get(f"{sandbox.base_url}{path}?apikey={sandbox.key}", timeout=5).status_code == 401
    assert get(sandbox, path, "another-secret").status_code == 401
    assert get(sandbox, path).status_code == 200


def test_google_leaves_out_what_is_empty(serve: Any) -> None:
    """{} is what a profile without reviews looks like; stars alone have no comment."""
    assert get(serve([]), GOOGLE).json() == {}
    assert "comment" not in get(serve([review("google", 0, text="")]), GOOGLE).json()["reviews"][0]


def test_a_reply_does_not_bring_googles_review_up_but_an_edit_does(serve: Any) -> None:
    """A connector that believes otherwise would miss replies, or read everything every night."""
    edits = [{"at": at(50).isoformat(), "text": "Changed"}]
    rows = [review("google", 0), review("google", 1, edits=edits), review("google", 2), reply("google", 0, 60)]
    body = get(serve(rows), GOOGLE).json()
    assert [one["reviewId"] for one in body["reviews"]] == ["r1", "r2", "r0"]
    assert body["averageRating"] == 4


def test_trustpilot_pages_and_counts(serve: Any) -> None:
    """Past the end there is an empty list, not an error; the number of reviews tells of a deletion."""
    rows = [*profile("trustpilot", 30), review("trustpilot", 50, rating=1, language="cy")]
    rows[3]["deleted"] = at(100).isoformat()
    sandbox = serve(rows)
    assert len(get(sandbox, f"{TRUSTPILOT}/reviews").json()["reviews"]) == 20
    assert get(sandbox, f"{TRUSTPILOT}/reviews", page=9).json()["reviews"] == []
    assert [one["id"] for one in get(sandbox, f"{TRUSTPILOT}/reviews", language="cy").json()["reviews"]] == ["r50"]
    assert [one["id"] for one in get(sandbox, f"{TRUSTPILOT}/reviews", stars="1").json()["reviews"]] == ["r50"]
    assert get(sandbox, f"{TRUSTPILOT}/reviews", orderBy="createdat.asc").json()["reviews"][0]["id"] == "r0"
    assert get(sandbox, TRUSTPILOT).json()["numberOfReviews"]["total"] == 30


def test_yelp_shows_three_of_the_language(serve: Any) -> None:
    """Excerpts in the language of the locale, however many are asked for; its headers tell of the limit."""
    rows = [*profile("yelp", 5), review("yelp", 9, language="cy")]
    rows[1]["likes"] = 7
    answer = get(serve(rows), YELP, locale="en_GB", sort_by="newest", limit=20)
    body = answer.json()
    assert [one["id"] for one in body["reviews"]] == ["r4", "r3", "r2"]
    assert (body["total"], body["possible_languages"]) == (6, ["cy", "en"])
    assert (answer.headers["RateLimit-DailyLimit"], answer.headers["RateLimit-Remaining"]) == ("300", "299")
    assert answer.headers["RateLimit-ResetTime"] == "2026-11-23T00:00:00+00:00"
    assert get(serve(rows), YELP, locale="cy_GB").json()["reviews"][0]["id"] == "r9"
    assert get(serve(rows), YELP).json()["reviews"][0]["id"] == "r1"


@pytest.mark.parametrize(
    ("reviews", "since", "due", "least"),
    [
        (0, None, (), 1),
        (50, None, (), 1),
        (51, None, (), 2),
        (180, 150, (), 1),
        (180, 20, (), 4),
        (180, 150, (1,), 2),
        (180, 150, (1, 2, 3, 4, 5), 4),
        (180, 150, (170, 999), 2),
    ],
)
def test_the_least_number_of_calls_to_google(
    serve: Any, reviews: int, since: int | None, due: tuple[int, ...], least: int
) -> None:
    """What the connector's thrift is measured by: pages of 50, or a call each for what lies further down or is gone."""
    presence = serve(profile("google", reviews)).world.presence("google")
    assert google_least_calls(presence, since and at(since), {name("google", number) for number in due}) == least


SHAPES = {
    "google": re.compile(rf"locations/{LOCATION}/reviews/[\w-]{{40,90}}"),
    "trustpilot": re.compile(r"[0-9a-f]{24}"),
    "yelp": re.compile(r"[\w-]{22}"),
}


def month(platform: str) -> list[Row]:
    with (STORIES / f"{platform}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.mark.parametrize(("platform", "number"), [("google", 20), ("trustpilot", 15), ("yelp", 5)])
def test_the_months_reviews_hold_together(platform: str, number: int) -> None:
    """What cannot happen on the platform must not happen in the demo, and its last evening has a reply of ACTO's."""
    rows = month(platform)
    by_id = {row["id"]: row for row in rows}
    assert len(by_id) == len(rows) and abs(len(rows) - number) <= 5
    assert [row["posted"] for row in rows] == sorted(row["posted"] for row in rows)
    for row in rows:
        assert row["platform"] == platform and SHAPES[platform].fullmatch(row["id"].removesuffix("/reply"))
        times = [row["posted"], *(edit["at"] for edit in row["edits"])]
        assert times == sorted(times) and datetime.fromisoformat(times[-1]) <= END
        if row["kind"] == "review_reply":
            assert row["id"] == f"{row['parent']}/reply" and by_id[row["parent"]]["posted"] < row["posted"]
        else:
            assert (row["kind"], row["parent"]) == ("review", None) and row["rating"] in range(1, 6)
    if platform != "yelp":
        kinds = Counter(row["kind"] for row in rows)
        assert kinds["review_reply"] >= 2 and any(row["edits"] for row in rows) and any(row["deleted"] for row in rows)
        assert rows[-1]["kind"] == "review_reply" and rows[-1]["posted"].startswith("2026-11-21T")


@pytest.mark.parametrize("platform", ["google", "trustpilot", "yelp"])
def test_the_months_reviews_are_read_whole(platform: str) -> None:
    """The demo's month must be one that the connector reads without a gap, and that changes from night to night."""
    rows = month(platform)
    with Sandbox(rows) as sandbox:
        last = list(pages(sandbox, platform))
        sandbox.at(datetime(2026, 11, 1, tzinfo=UTC))
        before = list(pages(sandbox, platform))
    assert not [gap for page in last + before for gap in page.gaps] and not [
        one for page in last for one in page.rejected
    ]
    found = items(last)
    assert set(found) - set(items(before)), "nothing new in three weeks"
    if platform != "yelp":
        gone = {row["id"] for row in rows if row["deleted"]}
        assert set(found) == set(by_id := {row["id"]: row for row in rows}) - gone
        assert all(item.kind == by_id[item.id]["kind"] for item in found.values())
