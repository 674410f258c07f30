"""A feed of posts by others, as Atom (RFC 4287) at /feed.xml and as RSS 2.0 at /rss.xml, as blogs, forums and alerts send
them: the newest entries only, HTML within, nothing said of what is deleted.

Rows: `id` is the atom:id and the guid, `text` the body in plain text; `title` and `link` are extra keys.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from email.utils import format_datetime
from html import escape

from connectors.sandbox.answers import Answer, Request, Route
from connectors.sandbox.web_versions import versioned
from connectors.sandbox.world import Presence, Shown, World

ENTRIES = 20


def least_calls(presence: Presence, since: datetime | None, due: Collection[str]) -> int:
    """One: a feed is one answer, whatever is wanted of it."""
    return 1


def _newest(world: World) -> list[Shown]:
    return [shown for shown in world.presence("feed").by_kind["post"] if not shown.hidden][:ENTRIES]


def _atom(world: World, asked: Request) -> Answer:
    shown = _newest(world)
    updated = max((one.edited_at or one.posted_at for one in shown), default=world.presence("feed").now)
    entries = "".join(_atom_entry(one) for one in shown)
    body = (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        "<title>Alerts for ACTO</title><id>tag:alerts.example,2026:acto</id>"
        f'<link rel="self" href="/feed.xml"/><updated>{updated.isoformat()}</updated>{entries}\n</feed>\n'
    )
    return versioned(asked, body, "application/atom+xml; charset=utf-8", shown)


def _atom_entry(one: Shown) -> str:
    name = f"<name>{escape(one.author_name)}</name>"
    changed = one.edited_at or one.posted_at
    return (
        f'\n<entry><id>{escape(one.id)}</id><title type="html">{escape(escape(_title(one)))}</title>'
        f'<link rel="alternate" href="{escape(_link(one))}"/><author>{name}</author>'
        f"<published>{one.posted_at.isoformat()}</published><updated>{changed.isoformat()}</updated>"
        f'<content type="html">{escape(_html(one))}</content></entry>'
    )


def _rss(world: World, asked: Request) -> Answer:
    shown = _newest(world)
    items = "".join(_rss_item(one) for one in shown)
    body = (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        "<title>Alerts for ACTO</title><link>https://alerts.example/acto</link><description>Alerts</description>"
        f"{items}\n</channel></rss>\n"
    )
    return versioned(asked, body, "application/rss+xml; charset=utf-8", shown)


def _rss_item(one: Shown) -> str:
    """RSS has no date for a change."""
    return (
        f'\n<item><guid isPermaLink="false">{escape(one.id)}</guid><title>{escape(_title(one))}</title>'
        f"<link>{escape(_link(one))}</link><dc:creator>{escape(one.author_name)}</dc:creator>"
        f"<pubDate>{format_datetime(one.posted_at, usegmt=True)}</pubDate>"
        f"<description><![CDATA[{_html(one)}]]></description></item>"
    )


def _title(one: Shown) -> str:
    return str(one.row.get("title") or "")


def _link(one: Shown) -> str:
    return str(one.row.get("link") or f"https://blog.example/{one.id}")


def _html(one: Shown) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in one.text.splitlines())


ROUTES = [Route("feed", "/feed[.]xml", _atom), Route("feed", "/rss[.]xml", _rss)]
