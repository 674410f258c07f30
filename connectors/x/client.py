"""tweepy on our own HTTP manners, and X's answers made safe to use.

tweepy has no time-outs, waits for ever at a rate limit, calls a host of the past, and writes the Authorization header to
its log: it gets a stand-in for a session and a place-holder for the token. It also makes numbers of ids and drops fields
that it does not know, so answers are read from their JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import requests
import tweepy

from connectors.errors import Transient
from connectors.http import Http
from connectors.json_values import count_or_none, entries, mapping_or_empty, text_or_none
from connectors.x.cost import Meter
from connectors.x.ids import is_id
from connectors.x.refusals import Refusal, XError

HOST = "https://api.x.com"
HOST_OF_TWEEPY = "https://api.twitter.com"
PLACE_HOLDER = "added-on-the-way"
NOT_OURS = "X answered with something that is not what we asked for."
# Expansions may be billed: only the author, for the name, and media, for what a picture says.
ASKED = {
    "tweet_fields": (
        "attachments,author_id,conversation_id,created_at,edit_controls,entities,in_reply_to_user_id,lang,note_tweet,"
        "possibly_sensitive,public_metrics,referenced_tweets,withheld"
    ),
    "expansions": "author_id,attachments.media_keys",
    "user_fields": "name,username",
    "media_fields": "alt_text,preview_image_url,type,url",
}
# The same in the names of August 2026, in which references must be asked for as expansions (OpenAPI 2.167).
ASKED_IN_NEW_NAMES = {
    "post.fields": (
        "attachments,conversation_id,created_at,edit_controls,entities,lang,note_post,possibly_sensitive,public_metrics,"
        "withheld"
    ),
    "expansions": "author_id,attachments.media_keys,in_reply_to_user_id,referenced_posts",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its posts, the posts, accounts (by id) and media (by key) that came along, and what X says it left out.

    `count` is X's own number of posts in it, `newest_id` the newest of them, `next_token` that of the next page.
    """

    posts: Sequence[Any] = ()
    posts_beside: Sequence[Any] = ()
    users: Mapping[str, Any] = field(default_factory=dict)
    media: Mapping[str, Any] = field(default_factory=dict)
    problems: list[Mapping[str, Any]] = field(default_factory=list)
    count: int = 0
    newest_id: str | None = None
    next_token: str | None = None


class XApi:
    """X's API for one pass; `client` is a tweepy.Client whose methods are to be given to `ask`."""

    def __init__(self, http: Http, meter: Meter, *, new_names: bool = False) -> None:
        self._session = _Session(http, new_names=new_names)
        self._has_tried_both = False
        self.meter = meter
        self.client = tweepy.Client(PLACE_HOLDER, return_type=requests.Response)
        self.client.session = self._session

    @property
    def new_names(self) -> bool:
        """Whether fields are asked for in their names of August 2026."""
        return self._session.new_names

    def ask(self, method: Callable[..., requests.Response], *asked: Any, **more: Any) -> Answer:
        """The answer to one method of `client`, with the fields that we need. Counts what it costs.

        Where X refuses the names of the fields, or takes no notice of them, they are asked for in the other ones, from
        then on.
        Raises XError for a refusal, Transient for an answer that is none, PassOver at the ceiling of paid reads, and
        what `Http.request` raises.
        """

        def call() -> Answer:
            return _read(method(*asked, **more, **ASKED))

        _ = self.meter.left
        try:
            read = call()
        except XError as error:
            found = self._in_other_names(call) if error.refusal.may_be_about_fields else None
            if found is None:
                raise
            read = found
        if not self._has_tried_both and self._is_bare(read.posts):
            read = self._in_other_names(call) or read
        posts = (post["id"] for post in [*read.posts, *read.posts_beside] if text_or_none(post, "id"))
        self.meter.count(posts=posts, accounts=read.users, pictures=read.media)
        return read

    def _in_other_names(self, call: Callable[[], Answer]) -> Answer | None:
        """What `call` answers when the fields are named the other way; None, and the names as before, where X refuses."""
        self._has_tried_both = True
        self._session.new_names = not self._session.new_names
        try:
            return call()
        except XError:
            self._session.new_names = not self._session.new_names
            return None

    def _is_bare(self, posts: Sequence[Any]) -> bool:
        """Whether X gave of these posts only what it gives of all, under the other names: it took no notice of ours."""
        ours = "edit_history_post_ids" if self.new_names else "edit_history_tweet_ids"
        read = [post for post in posts if isinstance(post, Mapping)]
        return bool(read) and not any("created_at" in post or ours in post for post in read)


class _Session:
    """What tweepy takes for a `requests.Session`."""

    def __init__(self, http: Http, *, new_names: bool) -> None:
        self._http = http
        self.new_names = new_names

    def request(self, method: str, url: str, *, params: Mapping[str, Any], **ignored: Any) -> requests.Response:
        """Send one call of tweepy to the host of today. Raises XError for a refusal: tweepy's own reading breaks on bodies
        that are not what it expects.
        """
        if self.new_names:
            params = {**{name: value for name, value in params.items() if name != "tweet.fields"}, **ASKED_IN_NEW_NAMES}
        answer = self._http.request(method, HOST + url.removeprefix(HOST_OF_TWEEPY), params=params)
        if answer.status_code >= 300:
            raise XError(Refusal.of(answer))
        return answer


def _read(answer: requests.Response) -> Answer:
    """Raises Transient unless the body is an object with posts, or with a count of none, or with problems."""
    try:
        body = json.loads(answer.content)
    except (ValueError, RecursionError):
        raise Transient(NOT_OURS) from None
    meta, includes = mapping_or_empty(body, "meta"), mapping_or_empty(body, "includes")
    problems = [one for one in entries(body, "errors") if isinstance(one, Mapping)]
    posts, count, token = entries(body, "data"), count_or_none(meta, "result_count"), meta.get("next_token")
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, list | None) or not (posts or problems or count == 0) or not isinstance(token, str | None):
        raise Transient(NOT_OURS)
    ids = [one["id"] for one in posts if isinstance(one, Mapping) and is_id(one.get("id"))]
    newest = meta.get("newest_id") if is_id(meta.get("newest_id")) else max(ids, key=int, default=None)
    return Answer(
        posts=posts,
        posts_beside=[*entries(includes, "tweets"), *entries(includes, "posts")],
        users={one["id"]: one for one in entries(includes, "users") if text_or_none(one, "id")},
        media={one["media_key"]: one for one in entries(includes, "media") if text_or_none(one, "media_key")},
        problems=problems,
        count=max(count or 0, len(posts)),
        newest_id=newest,
        next_token=token or None,
    )
