"""The archive that X gives an account's owner: `window.YTD.tweets.part0 = [{"tweet": {…}}, …]` in data/tweets.js.

Read: the account's own posts (tweets.js, its parts, the tweet.js of old archives, posts in communities), and of
account.js the account's id, handle and name. Left aside, and said so: note-tweet.js, the whole text of posts of more than 280
characters, which nothing ties to the posts; and reposts, which stand among the posts as "RT @name: …". Never read: direct
messages, deleted posts, contacts, advertising, and all else that the archive holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.dates import read_date
from connectors.exports.shapes import Export, Found, Owner, Shape
from connectors.item import Item, Media
from connectors.json_values import entries, mapping_or_empty, text_or_none
from connectors.x.ids import given_out_at, is_id
from connectors.x.text import readable

JAVASCRIPT = re.compile(r"window\.YTD\.(\w+)\.part\d+")
HANDLE = re.compile(r"[A-Za-z0-9_]{1,50}")
REPOST = re.compile(r"RT @([A-Za-z0-9_]{1,50}):")


def is_post(entry: Any) -> bool:
    """Whether an entry is a post of the account."""
    post = _post(entry)
    return "id_str" in post and ("full_text" in post or "text" in post)


def items(entry: Any, owner: Owner) -> Iterator[Found]:
    """A post of the archive's owner, as the API shows it too: an edited one has the id of its first version."""
    post = _post(entry)
    versions = _versions(post)
    if not versions:
        raise ValueError("it has no id")
    answered = text_or_none(post, "in_reply_to_status_id_str")
    edited_at = given_out_at(versions[-1]) if len(versions) > 1 else None
    handle = owner.handle if owner.handle and HANDLE.fullmatch(owner.handle) else None
    yield Item(
        platform="x",
        id=versions[0],
        kind="reply" if answered else "post",
        text=_text(post),
        parent_id=answered,
        thread_id=answered or versions[0],
        author_id=owner.id,
        author_name=owner.name,
        author_handle=handle,
        url=f"https://x.com/{handle or 'i'}/status/{versions[0]}",
        created_at=(given_out_at(versions[0]) if edited_at else None) or read_date(post.get("created_at")),
        edited_at=edited_at,
        media=[_media(one) for one in _pictures(post) if isinstance(one, Mapping)],
        raw=entry,
    )


def owner(entry: Any) -> Owner:
    """The account of an archive, out of account.js."""
    account = mapping_or_empty(entry, "account")
    return Owner(
        text_or_none(account, "accountId"),
        text_or_none(account, "username"),
        text_or_none(account, "accountDisplayName"),
    )


def version(entry: Any) -> tuple[str, str] | None:
    """The first id of an edited post, and the id of this version of it: greater ids are newer."""
    post = _post(entry)
    versions = _versions(post)
    return (versions[0], str(post["id_str"]).zfill(19)) if len(versions) > 1 else None


def is_repost(entry: Any) -> bool:
    """Whether an entry is a repost, which nothing tells but its text and the mention at the beginning of that."""
    post = _post(entry)
    found = REPOST.match(str(post.get("full_text", post.get("text"))))
    mentions = entries(mapping_or_empty(post, "entities"), "user_mentions")
    return found is not None and any(
        (text_or_none(one, "screen_name") or "").lower() == found[1].lower()
        and [str(index) for index in entries(one, "indices")[:1]] == ["3"]
        for one in mentions
    )


def wrong(entry: Any) -> str | None:
    """What to say of the texts of long posts."""
    if not mapping_or_empty(entry, "noteTweet"):
        return None
    return (
        "holds the whole text of posts of more than 280 characters, which X does not tie to the posts: of these only the "
        "beginning is read. Look at them on X itself."
    )


def other_part(name: str) -> str | None:
    """The part of an archive that JavaScript of this name holds, if it is one that is never read."""
    found = JAVASCRIPT.match(name)
    return found[1] if found and not POSTS.lists.fullmatch(name) else None


def _post(entry: Any) -> Mapping[str, Any]:
    """The post of an entry; in old archives the entry itself."""
    return mapping_or_empty(entry, "tweet") or (entry if isinstance(entry, Mapping) else {})


def _versions(post: Mapping[str, Any]) -> list[str]:
    """The ids of all versions of a post, the first one first; empty where it has no id itself."""
    name = post.get("id_str")
    if not isinstance(name, str) or not is_id(name):
        return []
    told = mapping_or_empty(post, "edit_info")
    edits = mapping_or_empty(told, "initial") or mapping_or_empty(mapping_or_empty(told, "edit"), "editControlInitial")
    versions = entries(edits, "editTweetIds")
    return versions if name in versions and all(map(is_id, versions)) else [name]


def _text(post: Mapping[str, Any]) -> str:
    """What a person reads. Raises ValueError where there is no text."""
    written = post.get("full_text", post.get("text"))
    if not isinstance(written, str):
        raise ValueError("it has no text")
    told = mapping_or_empty(post, "entities")
    return readable(written, entries(told, "urls") + entries(told, "media"))


def _pictures(post: Mapping[str, Any]) -> list[Any]:
    """The pictures and videos: all of them in the extended entities, the first one in the others."""
    return entries(mapping_or_empty(post, "extended_entities"), "media") or entries(
        mapping_or_empty(post, "entities"), "media"
    )


def _media(one: Mapping[str, Any]) -> Media:
    return Media(
        text_or_none(one, "type") or "file", text_or_none(one, "media_url_https"), text_or_none(one, "ext_alt_text")
    )


POSTS = Shape(re.compile(r"window\.YTD\.(?:tweets?|community_tweet)\.part\d+"), is_post, items)
EXPORT = Export(
    looked_for="an X archive (data/tweets.js)",
    files=re.compile(r"(?:^|/)(?:tweets?(?:-part\d+)?|community-tweet(?:-part\d+)?|note-tweet)\.js$"),
    shapes=(POSTS,),
    owner_files=re.compile(r"(?:^|/)account\.js$"),
    owner=owner,
    version=version,
    is_repost=is_repost,
    wrong=wrong,
)
