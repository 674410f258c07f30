"""What the X API shows of the story: its ids, who refers to whom, and the post, user and media objects in both dialects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.sandbox.world import Presence, Shown

BEGIN = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=1_288_834_974_657)
DAY = 86_400_000
FIELDS_OF_OLD = {
    "attachments", "author_id", "context_annotations", "conversation_id", "created_at", "edit_controls",
    "edit_history_tweet_ids", "entities", "geo", "id", "in_reply_to_user_id", "lang", "note_tweet", "possibly_sensitive",
    "public_metrics", "referenced_tweets", "reply_settings", "source", "text", "withheld",
}  # fmt: skip
# OpenAPI 2.167: who wrote and what is answered are asked for as expansions.
FIELDS_OF_NEW = {
    "attachments", "context_annotations", "conversation_id", "created_at", "edit_controls", "entities", "geo", "id",
    "lang", "note_post", "possibly_sensitive", "public_metrics", "reply_settings", "source", "text", "withheld",
}  # fmt: skip
EXPANSIONS_OF_OLD = {
    "attachments.media_keys", "author_id", "edit_history_tweet_ids", "entities.mentions.username", "geo.place_id",
    "in_reply_to_user_id", "referenced_tweets.id", "referenced_tweets.id.author_id",
}  # fmt: skip
EXPANSIONS_OF_NEW = {
    "attachments.media_keys", "author_id", "edit_history_post_ids", "entities.mentions.username", "geo.place_id",
    "in_reply_to_user_id", "referenced_posts",
}  # fmt: skip
RENAMED = {
    "edit_history_tweet_ids": "edit_history_post_ids",
    "note_tweet": "note_post",
    "referenced_tweets": "referenced_posts",
}
LONGEST_TEXT = 280


class Posts:
    """The posts that a presence shows, by their ids as served, and those of them that are gone.

    `account` is there although the story may not show it. An id of the story is served moved by as many days as the story
    is, so that it still tells the time of its post.
    """

    def __init__(self, presence: Presence, account: Mapping[str, Any]) -> None:
        self.now = presence.now
        self.shown = list(presence.by_id.values())
        self._moved = {shown.id: _moved(shown.id, shown.posted_at) for shown in self.shown}
        self._moved |= {
            name: _moved(name, datetime.fromisoformat(row["posted"])) for name, row in presence.gone.items()
        }
        self._rows = {shown.id: shown.row for shown in self.shown} | dict(presence.gone)
        self.by_id = {name: shown for shown in self.shown for name in self.versions(shown)}
        self.gone = {self._moved[name]: row for name, row in presence.gone.items()}
        self.gone |= {version: row for row in presence.gone.values() for version in _edits(row)}
        self.authors = {account["id"]: account} | {
            row["author"]["id"]: row["author"] for row in self._rows.values() if row.get("author")
        }

    def versions(self, shown: Shown) -> list[str]:
        """The ids of all versions that there are of a post by now, the first one first."""
        return [self._moved[shown.id], *_edits(shown.row, self.now)]

    def first_version(self, name: str) -> str:
        """The id under which the story's post `name` is served; one that is not in the story keeps its own."""
        return self._moved.get(name, name)

    def refers_to(self, shown: Shown, key: str) -> str | None:
        """The id of what a post answers (`replied_to`), quotes (`quotes`) or reposts (`retweets`)."""
        name = shown.row.get(key)
        return self.first_version(name) if name else None

    def conversation(self, row: Mapping[str, Any]) -> str:
        """The id of what began the conversation, also where that is gone or was never part of the story."""
        name = row["id"]
        while (answered := self._rows.get(name, {}).get("replied_to")) is not None:
            name = answered
        return self.first_version(name)

    def answered_author(self, shown: Shown) -> str | None:
        """The id of whom a post answers."""
        row = self._rows.get(shown.row.get("replied_to") or "", {})
        return (row.get("author") or {}).get("id") or shown.row.get("replied_to_author")

    def counting(self, shown: Shown, key: str) -> int:
        """How many shown posts refer to this one by `key`."""
        return sum(one.row.get(key) == shown.id for one in self.shown)

    def mentions(self, user_id: str) -> Iterator[Shown]:
        """What others write that answers a user or names their handle."""
        handle = f"@{self.authors[user_id]['handle']}".lower()
        for shown in self.shown:
            if shown.author_id != user_id and (handle in shown.text.lower() or self.answered_author(shown) == user_id):
                yield shown


def resource(posts: Posts, shown: Shown, asked: set[str], *, new_names: bool) -> dict[str, Any]:
    """The post object, in the newest version, with the fields `asked` for besides those that always come."""
    versions = posts.versions(shown)
    references = [
        {"type": kind, "id": name}
        for key, kind in (("retweets", "retweeted"), ("quotes", "quoted"), ("replied_to", "replied_to"))
        if (name := posts.refers_to(shown, key))
    ]
    text = _escaped(shown.text)
    cut = len(text) > LONGEST_TEXT
    metrics = {
        "repost_count" if new_names else "retweet_count": posts.counting(shown, "retweets"),
        "reply_count": posts.counting(shown, "replied_to"),
        "like_count": shown.likes,
        "quote_count": posts.counting(shown, "quotes"),
        "bookmark_count": 0,
        "impression_count": 0,
    }
    fields = {
        "id": versions[-1],
        "text": text[:LONGEST_TEXT] + "…" if cut else text,
        "edit_history_tweet_ids": versions,
        "author_id": shown.author_id,
        "created_at": written(shown.edited_at or shown.posted_at),
        "conversation_id": posts.conversation(shown.row),
        "in_reply_to_user_id": posts.answered_author(shown),
        "referenced_tweets": references or None,
        "note_tweet": {"text": text} if cut else None,
        "lang": "en",
        "possibly_sensitive": False,
        "public_metrics": metrics,
        "edit_controls": {
            "is_edit_eligible": not shown.row.get("replied_to"),
            "editable_until": written(shown.posted_at + timedelta(minutes=30)),
            "edits_remaining": 6 - len(versions),
        },
        "attachments": {"media_keys": [one["media_key"] for one in media(shown)]} if media(shown) else None,
        "entities": shown.row.get("entities"),
        "withheld": shown.row.get("withheld"),
    }
    always = {"id", "text", "edit_history_tweet_ids"}
    chosen = {name: value for name, value in fields.items() if name in asked | always and value is not None}
    return {RENAMED.get(name, name) if new_names else name: value for name, value in chosen.items()}


def user(author: Mapping[str, Any]) -> dict[str, Any]:
    """The user object."""
    return {"id": author["id"], "name": author["name"], "username": author["handle"]}


def media(shown: Shown) -> list[dict[str, Any]]:
    """The media objects of a post: the row's `media`, each `{"type", "url", "alt_text"}`."""
    told = shown.row.get("media") or []
    return [{"media_key": f"3_{shown.id[-9:]}{n}", **one} for n, one in enumerate(told)]


def written(moment: datetime) -> str:
    """A time as X writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def given_out_at(name: str) -> datetime:
    """The time that an id tells."""
    return BEGIN + timedelta(milliseconds=int(name) >> 22)


def _moved(name: str, posted_at: datetime) -> str:
    days = round((posted_at - given_out_at(name)) / timedelta(days=1))
    return str(int(name) + (days * DAY << 22))


def _edits(row: Mapping[str, Any], now: datetime | None = None) -> list[str]:
    """The ids of the edited versions: an edit's own time, and the lower bits of the post's id."""
    times = [datetime.fromisoformat(edit["at"]) for edit in row.get("edits") or ()]
    return [
        str(((at - BEGIN) // timedelta(milliseconds=1) << 22) | (int(row["id"]) & 0x3FFFFF))
        for at in times
        if now is None or at <= now
    ]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
