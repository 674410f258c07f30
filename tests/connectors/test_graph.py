"""The Graph API over facebook-sdk 3.1.0: each defect of the library, each signal and each refusal, for both platforms."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import facebook
import pytest

from connectors.errors import PassOver, Refused, SourceError, Transient
from connectors.graph import GraphError, connect_graph, fetch, graph, page_of, sent
from connectors.graph.refusals import FACEBOOK, INSTAGRAM, in_words
from connectors.listing import walk
from connectors.sandbox import Answer, Sandbox
from connectors.source import Source
from tests.connectors.story import Pauses, all_words_of

TOKEN = "canary-token-of-nobody-4711"


def source(sandbox: Sandbox, **keys: str) -> Source:
    return Source("our-page", "facebook", {"page_id": "1", **keys}, TOKEN, sandbox.base_url)


@pytest.fixture
def sandbox(serve: Callable[..., Sandbox]) -> Sandbox:
    """A server that answers only what a test orders."""
    return serve([])


def call(sandbox: Sandbox, node: str = "1", edge: str = "feed", **arguments: Any) -> dict[str, Any]:
    with connect_graph(source(sandbox), sleep=Pauses()) as http:
        return fetch(graph(http, source(sandbox)), node, edge, **arguments)


def refusal(code: int, subcode: int | None = None, message: str = "(#1) Words of Meta", **more: Any) -> dict[str, Any]:
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A1b2", **more}
    return {"error": error | ({"error_subcode": subcode} if subcode else {})}


def usage(**per_cents: int) -> dict[str, str]:
    return {"X-App-Usage": json.dumps({"call_count": 1, "total_time": 2, "total_cputime": 3} | per_cents)}


def test_the_version_is_current_and_a_setting(sandbox: Sandbox) -> None:
    """The library's own newest version, 3.1, is long dead; and it refuses any version of two figures."""
    sandbox.fault("/", Answer(200, {"data": []}), times=None)
    with connect_graph(source(sandbox)) as http:
        fetch(graph(http, source(sandbox)), "1", "feed")
        fetch(graph(http, source(sandbox, version="v26.0")), "me", fields="id")
    assert [one.path for one in sandbox.requests] == ["/v25.0/1/feed", "/v26.0/me?fields=id"]


@pytest.mark.parametrize("version", ["25", "v25", "latest", "v25.0/me", "v25.0\n", "v٢.0"])
def test_a_version_that_is_none_is_refused(sandbox: Sandbox, version: str) -> None:
    """A typing error in acto.toml must not become a strange address."""
    with connect_graph(source(sandbox)) as http, pytest.raises(Refused, match=r"must look like v25\.0"):
        graph(http, source(sandbox, version=version))
    assert not sandbox.requests


def test_the_token_travels_in_a_header_only(sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    """The library puts it into every URL, where logs and errors show it."""
    sandbox.fault("/", Answer(200, {"data": [], "paging": {"next": f"https://x/?access_token={TOKEN}&after=A"}}))
    sandbox.fault("/", drop=True, times=None)
    with caplog.at_level("DEBUG"):
        answer = call(sandbox)
        with pytest.raises(Transient) as caught:
            call(sandbox)
    assert {one.headers["authorization"] for one in sandbox.requests} == {f"Bearer {TOKEN}"}
    assert not [one for one in sandbox.requests if TOKEN in one.path or b"canary" in one.body]
    assert TOKEN not in all_words_of(caught.value) + caplog.text + repr(answer)


def test_a_next_page_is_asked_for_by_its_cursor_alone(sandbox: Sandbox) -> None:
    """The library follows the address in the answer: it breaks without a token in it, and goes wherever it points."""
    elsewhere = "https://evil.example/v3.1/9/other?limit=1&after=TOKEN_OF_THE_ADDRESS"
    first = {"data": [{"id": "1"}], "paging": {"cursors": {"before": "B", "after": "A=&?"}, "next": elsewhere}}
    sandbox.fault("/1/feed", Answer(200, first))
    sandbox.fault("/1/feed", Answer(200, {"data": [{"id": "2"}], "paging": {"cursors": {"after": "not followed"}}}))
    with connect_graph(source(sandbox)) as http:
        read = list(walk(page_of(graph(http, source(sandbox)), "1", "feed", limit=100)))
    assert [entry["id"] for listing in read for entry in listing.entries] == ["1", "2"]
    assert [one.path for one in sandbox.requests] == [
        "/v25.0/1/feed?limit=100",
        "/v25.0/1/feed?limit=100&after=A%3D%26%3F",
    ]


def test_a_next_page_without_a_cursor_is_found_by_its_address(sandbox: Sandbox) -> None:
    """Old lists are paged by time: what says where the next page begins is taken from the address, its token is not."""
    address = f"https://graph.facebook.com/v25.0/1/feed?access_token={TOKEN}&limit=25&until=1449&__paging_token=enc_A"
    assert sent({"data": [], "paging": {"next": address}}) == ([], "until=1449&__paging_token=enc_A")
    sandbox.fault("/1/feed", Answer(200, {"data": [], "paging": {"next": address}}))
    sandbox.fault("/1/feed", Answer(200, {"data": []}))
    with connect_graph(source(sandbox)) as http:
        list(walk(page_of(graph(http, source(sandbox)), "1", "feed")))
    assert sandbox.requests[-1].path == "/v25.0/1/feed?until=1449&__paging_token=enc_A"


def test_a_short_or_empty_page_is_not_the_last(sandbox: Sandbox) -> None:
    """Meta filters after it has cut the page: only a missing `next` ends a list."""
    for n, entries in enumerate([[], [{"id": "1"}], []]):
        paging = {"cursors": {"after": f"A{n}"}, "next": "https://graph.facebook.com/"}
        sandbox.fault("/1/feed", Answer(200, {"data": entries, "paging": paging}))
    sandbox.fault("/1/feed", Answer(200, {"data": [{"id": "2"}]}))
    with connect_graph(source(sandbox)) as http:
        read = list(walk(page_of(graph(http, source(sandbox)), "1", "feed")))
    assert [entry["id"] for listing in read for entry in listing.entries] == ["1", "2"]


@pytest.mark.parametrize(
    "paging", [{"next": 7}, {"next": "https://["}, {"next": "https://graph.facebook.com/", "cursors": []}, [], "none"]
)
def test_a_list_that_does_not_say_how_it_goes_on_is_no_list(paging: Any) -> None:
    """It must not pass for read to its end: what came after would look deleted."""
    with pytest.raises(Transient, match="not what we asked for"):
        sent({"data": [{"id": "1"}], "paging": paging})


def test_too_much_data_is_asked_for_in_smaller_pages(sandbox: Sandbox) -> None:
    """Code 1 "reduce the amount of data" comes back for ever at the same size, so trying again the same is in vain."""
    too_much = refusal(1, message="Please reduce the amount of data you're asking for, then retry your request")
    sandbox.fault("limit=100", Answer(500, too_much), times=None)
    sandbox.fault("limit=25", Answer(200, {"data": [{"id": "1"}]}))
    with connect_graph(source(sandbox)) as http:
        read = list(walk(page_of(graph(http, source(sandbox)), "1", "feed", limit=100)))
    assert len(read) == 1 and len(sandbox.requests) == 2


@pytest.mark.parametrize("node", ["1/../../other", "a b", "?x=1", "#", "%2e%2e", "é", "1&fields=x"])
def test_an_id_of_any_content_stays_an_id(sandbox: Sandbox, node: str) -> None:
    """An id comes from outside: it must not turn one call into another."""
    sandbox.fault("/", Answer(200, {"data": []}))
    call(sandbox, node)
    path = sandbox.requests[0].path
    assert path.startswith("/v25.0/") and path.endswith("/feed") and path.count("/") == 3 and "?" not in path


@pytest.mark.parametrize("node", ["", ".", ".."])
def test_an_id_that_is_a_step_in_a_path_is_not_asked_for(sandbox: Sandbox, node: str) -> None:
    """ ".." would be tidied away on the way, and what is above answer instead."""
    with pytest.raises(GraphError):
        call(sandbox, node)
    assert not sandbox.requests


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(500, {}), "answered 500, 4 times"),
        (Answer(502, "<html>Bad Gateway</html>"), "answered 502, 4 times"),
        (Answer(503, "[]"), "answered 503, 4 times"),
        (Answer(429, []), "calls that Meta allows us are used up"),
        (Answer(429, "<html>"), "calls that Meta allows us are used up"),
        (Answer(200, {"data": []}, {"Content-Type": ""}), "not what we asked for"),
        (Answer(200, b"{", {"Content-Type": "application/json"}), "not what we asked for"),
        (Answer(200, b"[" * 100_000, {"Content-Type": "application/json"}), "not what we asked for"),
        (Answer(200, b"\xff\xfe", {"Content-Type": "application/json"}), "not what we asked for"),
        (Answer(200, b"\x89PNG", {"Content-Type": "image/png"}), "not what we asked for"),
        (Answer(200, "access_token=A&expires=5", {"Content-Type": "text/plain"}), "not what we asked for"),
        (Answer(200, "<html>We'll be right back</html>"), "not what we asked for"),
        (Answer(200, []), "not what we asked for"),
        (Answer(200, b"null", {"Content-Type": "application/json"}), "not what we asked for"),
    ],
)
def test_what_is_no_answer_is_a_failure_in_words(sandbox: Sandbox, answer: Answer, words: str) -> None:
    """The library hands a 500 with {} or a 429 with [] on as if it were an answer, and breaks on HTML."""
    sandbox.fault("/", answer, times=None)
    with pytest.raises(Transient, match=words):
        call(sandbox)


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "text/html"}])
def test_a_refusal_that_is_no_json_keeps_its_status(sandbox: Sandbox, headers: dict[str, str]) -> None:
    """A proxy answers 403 with anything."""
    sandbox.fault("/", Answer(403, "<html>", headers))
    with pytest.raises(GraphError) as caught:
        call(sandbox)
    assert (caught.value.status, caught.value.code) == (403, None)


def test_a_silent_server_does_not_hold_the_night(sandbox: Sandbox) -> None:
    """The library has no time-out of its own."""
    sandbox.fault("/", delay=5, times=None)
    with connect_graph(source(sandbox), sleep=Pauses(), timeout=(1, 0.1)) as http:
        api = graph(http, source(sandbox))
        with pytest.raises(Transient, match="did not answer in time"):
            fetch(api, "me")


def test_a_redirect_is_not_followed(sandbox: Sandbox) -> None:
    """The library would take the token along to wherever it leads."""
    sandbox.fault("/v25.0/1/picture", Answer(302, "", {"Location": f"{sandbox.base_url}/elsewhere"}))
    with pytest.raises(GraphError):
        call(sandbox, "1", "picture")
    assert len(sandbox.requests) == 1


@pytest.mark.parametrize(
    "body", [{"error": "no"}, {"error": []}, {"error": {}}, {"error": {"code": "190"}}, {"error": [1]}, "<html>", 7]
)
def test_a_refusal_of_any_shape_is_one(sandbox: Sandbox, body: Any) -> None:
    """A refusal must never read as an empty list, whatever is in it."""
    sandbox.fault("/", Answer(400, body))
    with pytest.raises(GraphError) as caught:
        call(sandbox)
    assert isinstance(in_words(caught.value), Transient)


def test_a_refusal_with_status_200_is_one(sandbox: Sandbox) -> None:
    """Meta has answered errors with 200."""
    sandbox.fault("/", Answer(200, refusal(190, 463)))
    with pytest.raises(GraphError) as caught:
        call(sandbox)
    assert (caught.value.code, caught.value.subcode) == (190, 463)


@pytest.mark.parametrize("code", [1, 2])
def test_a_hiccup_is_waited_out(sandbox: Sandbox, code: int) -> None:
    """Codes 1 and 2 pass by themselves, whatever status they come with."""
    sandbox.fault("/", Answer(400, refusal(code)), times=2)
    sandbox.fault("/", Answer(200, {"data": []}))
    assert call(sandbox) == {"data": []} and len(sandbox.requests) == 3


@pytest.mark.parametrize("status", [400, 403, 429, 500])
@pytest.mark.parametrize("code", [4, 17, 32, 613, 80001, 80002])
def test_while_throttled_no_call_is_made(sandbox: Sandbox, code: int, status: int) -> None:
    """Each call while throttled lengthens the block: neither the same call nor any other of the pass may be sent."""
    use = [{"type": "pages", "call_count": 100, "total_time": 9, "estimated_time_to_regain_access": 19}]
    headers = {"X-Business-Use-Case-Usage": json.dumps({"112130216863063": use})}
    sandbox.fault("/", Answer(status, refusal(code, is_transient=True), headers), times=None)
    with connect_graph(source(sandbox), sleep=Pauses()) as http:
        api = graph(http, source(sandbox))
        with pytest.raises(PassOver, match="in about 19 minutes"):
            fetch(api, "1", "feed")
        with pytest.raises(PassOver, match="in 19 minutes"):
            fetch(api, "2", "comments")
    assert len(sandbox.requests) == 1


def test_a_throttle_without_a_time_lasts_the_rolling_hour(sandbox: Sandbox) -> None:
    """Where Meta names no time, the limits are those of an hour."""
    sandbox.fault("/", Answer(400, refusal(4)), times=None)
    with connect_graph(source(sandbox), sleep=Pauses()) as http:
        api = graph(http, source(sandbox))
        with pytest.raises(PassOver, match="in about 60 minutes"):
            fetch(api, "me")
        with pytest.raises(PassOver, match="in 60 minutes only"):
            fetch(api, "me")
    assert len(sandbox.requests) == 1


@pytest.mark.parametrize("header", ["X-App-Usage", "X-Page-Usage", "X-Business-Use-Case-Usage"])
@pytest.mark.parametrize("name", ["call_count", "total_time", "total_cputime"])
def test_calls_come_slower_before_the_limit(sandbox: Sandbox, header: str, name: str) -> None:
    """Waiting before the limit costs seconds; hitting it costs the night."""
    pauses = Pauses()
    for per_cent in (74, 75, 83, 91, 99, 100):
        told: Any = {name: per_cent}
        if header == "X-Business-Use-Case-Usage":
            told = {"1": [{"type": "pages"}], "2": [{"type": "pages", **told}]}
        sandbox.fault("/", Answer(200, {"data": []}, {header: json.dumps(told)}))
    with connect_graph(source(sandbox), sleep=pauses) as http:
        api = graph(http, source(sandbox))
        for _ in range(6):
            fetch(api, "me")
        with pytest.raises(PassOver, match="ask again in 60 minutes only"):
            fetch(api, "me")
    assert pauses == [1.0, 4.0, 16.0, 64.0] and len(sandbox.requests) == 6


@pytest.mark.parametrize("told", ["", "[]", "{", "7", '{"call_count": "many"}', '{"1": [7]}', "[" * 9999, '{"1": {}}'])
def test_a_usage_that_says_nothing_is_passed_over(sandbox: Sandbox, told: str) -> None:
    """A header of nonsense must not end the night."""
    headers = {"X-App-Usage": told, "X-Business-Use-Case-Usage": told}
    sandbox.fault("/", Answer(200, {"data": []}, headers))
    assert call(sandbox) == {"data": []}


REFUSALS = [
    (190, 458, "taken off"),
    (190, 459, "confirm who they are"),
    (190, 460, "password"),
    (190, 463, "has run out"),
    (190, 464, "is not confirmed"),
    (190, 467, "not valid any more"),
    (190, 492, "has no role on our Page any more"),
    (190, None, "does not accept the token"),
    (190, 2069032, "is a person's, not our Page's"),
    (210, None, "is a person's, not our Page's"),
    (1705, None, "is a person's, not our Page's"),
    (10, None, "lacks a permission"),
    (200, None, "lacks a permission"),
    (283, None, "lacks a permission"),
    (299, None, "lacks a permission"),
    (100, 33, "gone, or the token may not see it"),
    (368, None, "has blocked"),
    (12, None, "does not offer this by its API any more"),
]


@pytest.mark.parametrize("platform", [FACEBOOK, INSTAGRAM], ids=["facebook", "instagram"])
@pytest.mark.parametrize(("code", "subcode", "words"), REFUSALS)
def test_a_refusal_says_what_to_do(
    sandbox: Sandbox, platform: dict[str, str], code: int, subcode: int | None, words: str
) -> None:
    """A human must be able to mend it from the report alone; and it is not tried again in vain."""
    sandbox.fault("/", Answer(400, refusal(code, subcode)), times=None)
    with pytest.raises(GraphError) as caught:
        call(sandbox)
    sentence = in_words(caught.value, platform)
    assert isinstance(sentence, Refused) and words in str(sentence)
    assert f"docs/access/{platform['platform']}.md" in str(sentence) and "{" not in str(sentence)
    assert "Words of Meta" not in str(sentence) and len(sandbox.requests) == 1


def test_a_missing_permission_is_named() -> None:
    """Which one lapsed after 90 days without use is what the reader must know to mend it."""
    words = str(in_words(GraphError(400, 10)))
    assert "pages_read_engagement" in words and "pages_read_user_content" in words and "90 days" in words
    assert "instagram_manage_comments" in str(in_words(GraphError(400, 10), INSTAGRAM))


def test_documented_refusals_have_their_sentence(shared: Any, sandbox: Sandbox) -> None:
    """samples/documented/facebook/errors.json and instagram/errors.json: each ends in words, the right kind of them."""
    kinds = []
    for platform in ("facebook", "instagram"):
        path = shared / f"samples/documented/{platform}/errors.json"
        for one in json.loads(path.read_text(encoding="utf-8")):
            sandbox.faults.clear()
            sandbox.fault("/", Answer(one["http"], one["body"]), times=None)
            try:
                call(sandbox)
            except GraphError as error:
                kinds.append(type(in_words(error)).__name__)
            except SourceError as error:
                kinds.append(type(error).__name__)
    assert kinds == ["PassOver"] * 5 + ["Refused"] * 6 + ["Transient"] * 2 + ["Refused"] * 2 + ["PassOver"]


def test_documented_headers_are_understood(shared: Any, sandbox: Sandbox) -> None:
    """samples/documented/facebook/headers.json: throttled, open again in 19 minutes."""
    headers = json.loads((shared / "samples/documented/facebook/headers.json").read_text(encoding="utf-8"))
    sandbox.fault("/", Answer(200, {"data": []}, headers))
    with connect_graph(source(sandbox)) as http:
        api = graph(http, source(sandbox))
        fetch(api, "me")
        with pytest.raises(PassOver, match="in 19 minutes"):
            fetch(api, "me")


def test_the_other_host_is_reached_by_the_same_library(sandbox: Sandbox) -> None:
    """Instagram Login lives on graph.instagram.com; the library knows its own host only."""
    sandbox.fault("/v25.0/me", Answer(200, {"id": "1"}))
    with connect_graph(Source("insta", "instagram", {}, TOKEN), sandbox.base_url) as http:
        assert fetch(graph(http, Source("insta", "instagram", {})), "me") == {"id": "1"}
    assert facebook.FACEBOOK_GRAPH_URL == "https://graph.facebook.com/"
