"""The sandbox's X: an unmodified tweepy must work against it, and both sets of names must be those of X's own OpenAPI."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import tweepy
from requests.adapters import HTTPAdapter

from connectors.sandbox import END, Sandbox
from connectors.sandbox.x.endpoints import USER_ID
from connectors.sandbox.x.posts import EXPANSIONS_OF_NEW, FIELDS_OF_NEW, given_out_at
from connectors.x.client import ASKED, ASKED_IN_NEW_NAMES
from tests.connectors.story import Row
from tests.connectors.x_story import DAY, NOW, ago, an_id, edited, mention, ours, row

Serve = Callable[[list[Row]], Sandbox]
OPENAPI = "samples/x/openapi/x-api-v2.json"
POST = ours(2 * DAY, text="Frist", edits=[edited(2 * DAY - 9, "First & foremost")])
REPLY = row(
    DAY,
    "penny",
    text="@acto_org " + "yes " * 100,
    replied_to=POST["id"],
    media=[{"type": "photo", "url": "https://pbs.twimg.example/1.jpg", "alt_text": "A cat"}],
    withheld={"copyright": False, "country_codes": ["GB"]},
)
QUOTE = row(DAY - 60, "quentin", text="See", quotes=POST["id"])
GONE = [
    mention(DAY + n, "rita", deleted=ago(60).isoformat(), deleted_by=by)
    for n, by in enumerate(("author", "suspended", "protected"))
]


@pytest.fixture
def sandbox(serve: Serve) -> Sandbox:
    """A post that was edited, a reply, a quote, three that are gone, and 25 mentions."""
    sandbox = serve([POST, REPLY, QUOTE, *GONE, *(mention(n + 5) for n in range(25))])
    sandbox.at(NOW)
    return sandbox


def get(sandbox: Sandbox, path: str, *, token: str | None = None, **query: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {token or sandbox.key}"}
    named = {name.replace("_fields", ".fields"): value for name, value in query.items()}
    return requests.get(f"{sandbox.base_url}/2/{path}", named, headers=headers, timeout=5)


class ToSandbox(HTTPAdapter):
    """Sends what is meant for X to the sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._base = sandbox.base_url
        super().__init__()

    def send(self, request: Any, *arguments: Any, **more: Any) -> Any:
        """Swap the host, and nothing else."""
        request.url = request.url.replace("https://api.twitter.com", self._base, 1)
        return super().send(request, *arguments, **more)


def client(sandbox: Sandbox, **more: Any) -> tweepy.Client:
    """tweepy as its users have it."""
    ready = tweepy.Client(sandbox.key, **more)
    ready.session.mount("https://api.twitter.com", ToSandbox(sandbox))
    return ready


def test_an_unmodified_tweepy_reads_every_endpoint(sandbox: Sandbox) -> None:
    """A sandbox that only our own connector understands would prove nothing."""
    ready = client(sandbox)
    fields = {"tweet_fields": ["created_at", "author_id", "referenced_tweets"], "expansions": ["author_id"]}
    pager = tweepy.Paginator(ready.get_users_mentions, USER_ID, max_results=10, **fields)
    assert [len(page.data) for page in pager] == [10, 10, 6]
    posts = ready.get_users_tweets(USER_ID, exclude=["retweets"], **fields)
    assert [post.text for post in posts.data] == ["First &amp; foremost"] and posts.includes["users"][0].name == "ACTO"
    assert [post.id for post in ready.get_quote_tweets(posts.data[0].id).data] == [int(QUOTE["id"])]
    found = ready.search_recent_tweets(f"conversation_id:{POST['id']}")
    assert [post.id for post in found.data] == [int(REPLY["id"])]
    looked_up = ready.get_tweets([POST["id"], *(one["id"] for one in GONE)])
    assert [post.id for post in looked_up.data] == [posts.data[0].id], "the newest version, asked by the first id"
    assert [error["type"].rsplit("/", 1)[-1] for error in looked_up.errors] == [
        "resource-not-found",
        "resource-not-found",
        "not-authorized-for-resource",
    ]
    assert "suspended" in looked_up.errors[1]["detail"] and looked_up.errors[2]["resource_id"] == GONE[2]["id"]


def test_tweepy_reads_its_refusals(sandbox: Sandbox) -> None:
    """The bodies must be such as the library knows."""
    with pytest.raises(tweepy.Unauthorized):
        wrong = tweepy.Client("another-token")
        wrong.session.mount("https://api.twitter.com", ToSandbox(sandbox))
        wrong.get_users_tweets(USER_ID)
    with pytest.raises(tweepy.BadRequest, match="max_results"):
        client(sandbox).get_users_mentions(USER_ID, max_results=4)


@pytest.mark.parametrize(
    ("path", "query", "named"),
    [
        (f"users/{USER_ID}/mentions", {"max_results": "101"}, "max_results"),
        (f"users/{USER_ID}/mentions", {"max_results": "4"}, "max_results"),
        (f"users/{USER_ID}/mentions", {"pagination_token": "x"}, "pagination_token"),
        (f"users/{USER_ID}/mentions", {"exclude": "replies"}, "exclude"),
        (f"users/{USER_ID}/mentions", {"tweet_fields": "note_post"}, "note_post"),
        (f"users/{USER_ID}/mentions", {"post_fields": "note_tweet"}, "note_tweet"),
        (f"users/{USER_ID}/mentions", {"post_fields": "author_id"}, "author_id"),
        (f"users/{USER_ID}/mentions", {"tweet_fields": "id", "post_fields": "id"}, "together"),
        (f"users/{USER_ID}/mentions", {"since_id": "1", "start_time": "2026-11-01T00:00:00Z"}, "since_id"),
        (f"users/{USER_ID}/tweets", {"start_time": "yesterday"}, "start_time"),
        ("tweets/{quote}/quote_tweets", {"max_results": "9"}, "max_results"),
        ("tweets/search/recent", {"query": "conversation_id:1 OR " * 30}, "query"),
        ("tweets/search/recent", {"query": "conversation_id:1", "since_id": an_id(ago(8 * DAY))}, "since_id"),
        ("tweets/search/recent", {"query": "conversation_id:1", "start_time": "2020-01-01T00:00:00Z"}, "start_time"),
        ("tweets/search/recent", {}, "query"),
        ("tweets", {"ids": ",".join(str(n) for n in range(101))}, "ids"),
        ("tweets", {"ids": "1,x"}, "ids"),
    ],
)
def test_wrong_calls_are_refused_as_by_x(sandbox: Sandbox, path: str, query: dict[str, str], named: str) -> None:
    """What X refuses, the sandbox must not let pass."""
    # The story's ids come of the time: in the name of a test they would differ from process to process.
    answer = get(sandbox, path.format(quote=QUOTE["id"]), **query)
    assert answer.status_code == 400 and named in str(answer.json()["errors"])
    assert answer.json()["type"].endswith("/invalid-request")


def test_an_unknown_account_is_a_problem_on_200(sandbox: Sandbox) -> None:
    """As X does it: no list at all, and an error that names the user."""
    for path in ("users/99/tweets", "users/99/mentions"):
        body = get(sandbox, path).json()
        assert set(body) == {"errors"} and body["errors"][0]["resource_type"] == "user"


def test_only_what_is_asked_for_is_sent(sandbox: Sandbox) -> None:
    """A connector that forgets a field must miss it here too."""
    post = get(sandbox, "tweets", ids=REPLY["id"]).json()["data"][0]
    assert set(post) == {"id", "text", "edit_history_tweet_ids"} and len(post["text"]) == 281
    long = get(sandbox, "tweets", ids=REPLY["id"], tweet_fields="note_tweet").json()["data"][0]
    assert long["note_tweet"]["text"] == REPLY["text"]


def test_lists_are_bounded_as_by_x(serve: Serve) -> None:
    """The newest 800 mentions, a search of 7 days that ends half a minute ago, and since_id."""
    post = ours(6 * DAY)
    answers = [row(n, "penny", text="hm", replied_to=post["id"]) for n in (0.2, 30, 5 * DAY)]
    sandbox = serve([post, *answers, *(mention(n * 2 + 9) for n in range(810))])
    sandbox.at(NOW)
    told, token = 0, {}
    while True:
        body = get(sandbox, f"users/{USER_ID}/mentions", max_results="100", **token).json()
        told += body["meta"]["result_count"]
        if "next_token" not in body["meta"]:
            break
        token = {"pagination_token": body["meta"]["next_token"]}
    assert told == 800
    found = get(sandbox, "tweets/search/recent", query=f"conversation_id:{post['id']}").json()["data"]
    assert [one["id"] for one in found] == [answers[1]["id"], answers[2]["id"]]
    since = get(sandbox, f"users/{USER_ID}/tweets", since_id=post["id"]).json()
    assert since == {"meta": {"result_count": 0}}


def test_a_token_is_good_for_its_own_list_only(sandbox: Sandbox) -> None:
    """Tokens are opaque: a connector that mixes them up must notice."""
    first = get(sandbox, f"users/{USER_ID}/mentions", max_results="5").json()
    token = first["meta"]["next_token"]
    assert get(sandbox, f"users/{USER_ID}/mentions", max_results="9", pagination_token=token).status_code == 200
    assert get(sandbox, f"users/{USER_ID}/tweets", pagination_token=token).status_code == 400
    assert get(sandbox, f"users/{USER_ID}/mentions", since_id="1", pagination_token=token).status_code == 400


def test_rate_headers_come_with_each_answer(sandbox: Sandbox) -> None:
    """In seconds since 1970."""
    headers = get(sandbox, f"users/{USER_ID}/mentions").headers
    assert headers["x-rate-limit-limit"] == "450" and headers["x-rate-limit-reset"].isdigit()


def test_a_story_that_is_moved_keeps_ids_that_tell_the_time() -> None:
    """The demo moves the story to last night: an id of October would place its edit in October."""
    moved = timedelta(days=400)
    with Sandbox([POST, QUOTE], ending=END.date() + moved) as sandbox:
        sandbox.at(NOW + moved)
        body = get(sandbox, f"users/{USER_ID}/tweets", tweet_fields="created_at").json()["data"][0]
        assert given_out_at(body["id"]) == datetime.fromisoformat(body["created_at"]) == ago(2 * DAY - 9) + moved
        quoted = get(sandbox, f"tweets/{body['id']}/quote_tweets", tweet_fields="referenced_tweets").json()["data"][0]
        assert quoted["referenced_tweets"][0]["id"] == body["edit_history_tweet_ids"][0]


def openapi(shared: Path) -> dict[str, Any]:
    described: dict[str, Any] = json.loads((shared / OPENAPI).read_text(encoding="utf-8"))
    return described


def faults_of(value: Any, schema: dict[str, Any], schemas: dict[str, Any], where: str = "") -> list[str]:
    """What `value` has that the schema does not know, lacks of what it needs, or has of another type."""
    while "$ref" in schema:
        schema = schemas[schema["$ref"].rsplit("/", 1)[-1]]
    if "oneOf" in schema:
        tried = [faults_of(value, one, schemas, where) for one in schema["oneOf"]]
        return min(tried, key=len)
    if "enum" in schema and value not in schema["enum"]:
        return [f"{where}: {value!r} is not one of {schema['enum']}"]
    kind = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}.get(schema.get("type", ""))
    if kind and not isinstance(value, kind):
        return [f"{where}: {value!r} is no {schema['type']}"]
    if isinstance(value, list):
        return [fault for one in value for fault in faults_of(one, schema.get("items", {}), schemas, f"{where}[]")]
    if not isinstance(value, dict) or "properties" not in schema:
        return []
    known = schema["properties"]
    found = [f"{where}.{name} is unknown" for name in value.keys() - known.keys()]
    found += [f"{where}.{name} is missing" for name in set(schema.get("required", [])) - value.keys()]
    return found + [
        fault
        for name in value.keys() & known.keys()
        for fault in faults_of(value[name], known[name], schemas, f"{where}.{name}")
    ]


def test_answers_in_new_names_fit_the_openapi(sandbox: Sandbox, shared: Path) -> None:
    """X's own description of its answers: names, needed fields, types, kinds of problems."""
    described = openapi(shared)
    asked = {
        "post_fields": ",".join(sorted(FIELDS_OF_NEW)),
        "expansions": ASKED_IN_NEW_NAMES["expansions"],
        "user_fields": ASKED["user_fields"],
        "media_fields": ASKED["media_fields"],
    }
    newest = get(sandbox, f"users/{USER_ID}/tweets").json()["data"][0]["id"]
    ids = ",".join([POST["id"], REPLY["id"], *(one["id"] for one in GONE)])
    paths = {
        "/2/users/{id}/tweets": (f"users/{USER_ID}/tweets", {}),
        "/2/users/{id}/mentions": (f"users/{USER_ID}/mentions", {"max_results": "5"}),
        "/2/tweets/{id}/quote_tweets": (f"tweets/{newest}/quote_tweets", {}),
        "/2/tweets/search/recent": ("tweets/search/recent", {"query": f"conversation_id:{POST['id']}"}),
        "/2/tweets": ("tweets", {"ids": ids}),
    }
    for name, (path, query) in paths.items():
        body = get(sandbox, path, **query, **asked).json()
        schema = described["paths"][name]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert body["data"] and "edit_history_post_ids" in body["data"][0]
        assert faults_of(body, schema, described["components"]["schemas"]) == [], name


def test_what_we_ask_for_in_new_names_exists(shared: Path) -> None:
    """A name that X does not know has the whole call refused."""
    parameters = openapi(shared)["components"]["parameters"]
    known = {one["name"]: set(one["schema"]["items"]["enum"]) for one in parameters.values()}
    for name, values in {**ASKED_IN_NEW_NAMES, "user.fields": ASKED["user_fields"]}.items():
        assert set(values.split(",")) <= known.get(name, set()) or name == "expansions"
    expansions = set(parameters["PostExpansionsParameter"]["schema"]["items"]["enum"])
    assert set(ASKED_IN_NEW_NAMES["expansions"].split(",")) <= expansions
    assert expansions >= EXPANSIONS_OF_NEW and known["post.fields"] >= FIELDS_OF_NEW
    assert set(ASKED["media_fields"].split(",")) <= known["media.fields"]
