"""An account on X: its posts, who mentions, answers or quotes it, and what becomes of that (X API v2, pay per use).

Calls of one pass: the account's posts and its mentions since the last pass (1 for 100 each), the known posts of the
threads that are due (1 for 100), a search for the answers to posts of the last 7 days (1 for 13 of them), and the quotes
of a post of ours that has more than have been seen (1 for 100). X bills what the answers hold, not the calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.errors import Refused
from connectors.http import Http
from connectors.item import Page
from connectors.source import Source, Window
from connectors.x.client import HOST, XApi
from connectors.x.cost import Meter
from connectors.x.ids import is_id
from connectors.x.items import Account
from connectors.x.lists import TIMELINES, read_list
from connectors.x.one_pass import Pass
from connectors.x.rate import SIGNALS
from connectors.x.refusals import XError, in_words
from connectors.x.threads import read_threads

READS_A_NIGHT = 1000


def connect(source: Source, **manners: Any) -> Http:
    """The way to X, with the source's bearer token.

    `manners` (deadline, timeout, sleep) are those of `Http`.
    """
    return Http(
        {"Authorization": f"Bearer {source.secret or ''}"},
        host=HOST,
        base_url=source.base_url,
        signals=SIGNALS,
        **manners,
    )


def read(source: Source, window: Window, http: Http) -> Iterator[Page]:
    """Pages of the account `user_id`, whose handle is `username`: its posts, then its mentions, then the threads due.

    Lists go back to the bookmark (the newest ids that the last finished pass saw), and only without one to `window.since`:
    X bills each post, so none is listed twice. At `reads_a_night` paid reads (default 1,000; a page of 100 and its authors
    may go over it) the pass stops and can be gone on with. The last page holds no items, but the bookmark, and in its notes
    what X bills.
    Raises Refused, Transient or PassOver.
    """
    account = Account(source.keys["user_id"].strip(), source.keys["username"].strip().removeprefix("@"))
    if not is_id(account.id):
        raise Refused(f"user_id of {source.name} in acto.toml is not X's number of the account: see docs/access/x.md.")
    resume = window.resume or {}
    meter = Meter(_ceiling(source), resume)
    api = XApi(http, meter, new_names=(window.bookmark or {}).get("new_names") is True)
    run = Pass.going_on(api, account, window.known, resume)
    try:
        for timeline in TIMELINES:
            if run.step == timeline.name:
                yield from read_list(run, timeline, window)
        yield from read_threads(run)
    except XError as error:
        raise in_words(error) from None
    notes = [meter.in_words()] if meter.reads else []
    ours = {
        item.author_handle.casefold()
        for item in run.seen.values()
        if item.author_id == account.id and item.author_handle
    }
    if ours and account.handle.casefold() not in ours:
        notes.append(f"X calls the account @{min(ours)}: look at user_id and username of {source.name} in acto.toml.")
    yield Page(bookmark=run.newest | ({"new_names": True} if api.new_names else {}), notes=notes)


def _ceiling(source: Source) -> int:
    written = source.keys.get("reads_a_night", str(READS_A_NIGHT)).strip()
    if not (written.isascii() and written.isdigit() and int(written)):
        raise Refused(f"reads_a_night of {source.name} in acto.toml is not a number of 1 or more.")
    return int(written)
