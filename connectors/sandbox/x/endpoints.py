"""What the endpoints of the X API answer: a user's posts and mentions, quotes, recent search, lookup."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.sandbox.answers import Request
from connectors.sandbox.world import Shown
from connectors.sandbox.x.pages import page_of, within
from connectors.sandbox.x.posts import (
    EXPANSIONS_OF_NEW,
    EXPANSIONS_OF_OLD,
    FIELDS_OF_NEW,
    FIELDS_OF_OLD,
    Posts,
    media,
    resource,
    user,
)
from connectors.sandbox.x.refusals import invalid, not_shown

USER_ID = "7205410938"
USERNAME = "acto_org"
ACCOUNT = {"id": USER_ID, "name": "ACTO", "handle": USERNAME}
LONGEST_QUERY = 512
CONVERSATION = re.compile(r"conversation_id:([0-9]{1,19})")


class Asked:
    """One call: what it shows, and the body of its answer in the names that were asked for."""

    def __init__(self, posts: Posts, request: Request, path: str) -> None:
        self.posts, self.query, self.parts, self.path = posts, request.query, request.parts, path
        self.new_names = "post.fields" in self.query
        fields = self._list("post.fields" if self.new_names else "tweet.fields")
        self.expansions = self._list("expansions")
        self._check(fields, FIELDS_OF_NEW if self.new_names else FIELDS_OF_OLD, "post.fields or tweet.fields")
        self._check(self.expansions, EXPANSIONS_OF_NEW if self.new_names else EXPANSIONS_OF_OLD, "expansions")
        renamed = {"note_post": "note_tweet", "referenced_posts": "referenced_tweets"}
        self.fields = {renamed.get(name, name) for name in fields | self.expansions}

    def body(self, found: Sequence[Shown], errors: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
        """`data`, `includes` and `errors`, each only where there is something in it."""
        authors = {shown.author_id for shown in found if shown.author_id and "author_id" in self.expansions}
        if "in_reply_to_user_id" in self.expansions:
            authors |= {name for shown in found if (name := self.posts.answered_author(shown))}
        includes: dict[str, Any] = {
            "users": [user(self.posts.authors[name]) for name in sorted(authors) if name in self.posts.authors],
            "media": [one for shown in found for one in media(shown)]
            if "attachments.media_keys" in self.expansions
            else [],
        }
        if "referenced_posts" in self.expansions:
            names = {name for shown in found if (name := self.posts.refers_to(shown, "replied_to"))}
            includes["posts"] = [
                self._post(self.posts.by_id[name]) for name in sorted(names) if name in self.posts.by_id
            ]
        includes = {name: some for name, some in includes.items() if some}
        body = {"data": [self._post(shown) for shown in found], "includes": includes, "errors": list(errors)}
        return {name: some for name, some in body.items() if some}

    def listed(self, found: Sequence[Shown], *, least: int, default: int = 10, ends: bool = True) -> dict[str, Any]:
        """The page that is asked for, with its `meta`; `ends` says whether that names the newest and the oldest id."""
        page, token = page_of(found, self.path, self.query, least=least, default=default)
        meta: dict[str, Any] = {"result_count": len(page)}
        if page and ends:
            meta |= {"newest_id": self.posts.versions(page[0])[-1], "oldest_id": self.posts.versions(page[-1])[-1]}
        return {**self.body(page), "meta": meta | ({"next_token": token} if token else {})}

    def not_shown(
        self, name: str, *, parameter: str, what: str, row: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The partial error for what is not there."""
        why = (row or {}).get("deleted_by", "author")
        author_id = ((row or {}).get("author") or {}).get("id")
        what = "post" if what == "tweet" and self.new_names else what
        return not_shown(name, why, author_id, parameter=parameter, what=what, new_names=self.new_names)

    def _post(self, shown: Shown) -> dict[str, Any]:
        return resource(self.posts, shown, self.fields, new_names=self.new_names)

    def _list(self, parameter: str) -> set[str]:
        return set(filter(None, self.query.get(parameter, "").split(",")))

    def _check(self, asked: set[str], known: set[str], parameter: str) -> None:
        for name in asked - known:
            raise invalid(
                parameter, name, f"The `{parameter}` query parameter value [{name}] is not one of {sorted(known)}"
            )


def _timeline(asked: Asked, found: Sequence[Shown], most: int) -> dict[str, Any]:
    excluded = asked.query.get("exclude", "").split(",")
    if "retweets" in excluded:
        found = [shown for shown in found if not shown.row.get("retweets")]
    if "replies" in excluded:
        found, most = [shown for shown in found if not shown.row.get("replied_to")], 800
    return asked.listed(within(asked.posts, found[:most], asked.query), least=5)


def posts(asked: Asked) -> dict[str, Any]:
    """GET /2/users/:id/tweets."""
    name = asked.parts["id"]
    if name not in asked.posts.authors:
        return {"errors": [asked.not_shown(name, parameter="id", what="user")]}
    return _timeline(asked, [shown for shown in asked.posts.shown if shown.author_id == name], 3200)


def mentions(asked: Asked) -> dict[str, Any]:
    """GET /2/users/:id/mentions."""
    name = asked.parts["id"]
    if name not in asked.posts.authors:
        return {"errors": [asked.not_shown(name, parameter="id", what="user")]}
    return _timeline(asked, list(asked.posts.mentions(name)), 800)


def quotes(asked: Asked) -> dict[str, Any]:
    """GET /2/tweets/:id/quote_tweets."""
    name = asked.parts["id"]
    quoted = asked.posts.by_id.get(name)
    if quoted is None:
        row = asked.posts.gone.get(name)
        return {"errors": [asked.not_shown(name, parameter="id", what="tweet", row=row)]}
    found = [shown for shown in asked.posts.shown if shown.row.get("quotes") == quoted.id]
    return asked.listed(found, least=10, ends=False)


def search(asked: Asked) -> dict[str, Any]:
    """GET /2/tweets/search/recent."""
    query = asked.query.get("query", "")
    if not 1 <= len(query) <= LONGEST_QUERY:
        raise invalid("query", query, f"query length must be between 1 and {LONGEST_QUERY}")
    names = {term_of[1] for term in query.split(" OR ") if (term_of := CONVERSATION.fullmatch(term))}
    if len(names) != len(set(query.split(" OR "))):
        raise invalid("query", query, "The sandbox knows conversation_id:… OR conversation_id:… only")
    # What began a conversation is no answer in it.
    found = [
        shown
        for shown in asked.posts.shown
        if asked.posts.conversation(shown.row) in names and not names & set(asked.posts.versions(shown))
        if not shown.row.get("retweets")
    ]
    return asked.listed(within(asked.posts, found, asked.query, searched=True), least=10)


def lookup(asked: Asked) -> dict[str, Any]:
    """GET /2/tweets."""
    names = asked.query.get("ids", "").split(",")
    if len(names) > 100:
        raise invalid("ids", str(len(names)), f"size must be between 1 and 100, is {len(names)}")
    for name in names:
        if not re.fullmatch(r"[0-9]{1,19}", name):
            raise invalid("ids", name, f"The `ids` query parameter value [{name}] does not match ^[0-9]{{1,19}}$")
    found = {shown.id: shown for name in names if (shown := asked.posts.by_id.get(name))}
    errors = [
        asked.not_shown(name, parameter="ids", what="tweet", row=asked.posts.gone.get(name))
        for name in names
        if name not in asked.posts.by_id
    ]
    return asked.body(list(found.values()), errors)
