"""A real review page over a real history, on a free port of this machine, and somebody who has come in by its link."""

from __future__ import annotations

import re
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import requests

from flows.review.desk import Desk
from flows.review.serving import listen, served
from flows.review.site import Site
from tests.flows.night import Night
from warehouse.query import run_query
from warehouse.snapshot import publish
from warehouse.store import open_store

HOSTILE = (
    "\u202eevil\u202c <img src=x onerror=alert(1)> שלום e\u0301 add me\u200b privately </p><script>alert(2)</script>"
)
FOUND = "add me\u200b privately"
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


def fill(home: Path) -> dict[str, str]:
    """A history with a scan, five open flags and two texts drawn for the audit; the flags' ids by what they are about."""
    now = datetime.now(UTC)
    with open_store(home) as store:
        night = Night(store)
        run = "20261121T040000Z-3f9a"
        night.insert("run_started", run_id=run, kind="scan", started_at=now - timedelta(hours=2))
        night.insert("run_ended", run_id=run, ended_at=now - timedelta(hours=1), outcome="partial", note="")
        ids = {}
        danger = night.item("a1", "I can't go on. I have the tablets here, tell Oliver I'm sorry", at=now)
        ids["danger"] = night.flag(danger, "I have the tablets here", "S1", "urgent", at=now - timedelta(days=3))
        reply = night.item(
            "b2", "So lovely seeing you on Tuesday! Add me on my private Insta", role="member", kind="reply",
            author_name="Rosalind Pryce", parent_id=danger, thread_id=danger, at=now,
        )  # fmt: skip
        ids["reply"] = night.flag(reply, "Add me on my private Insta", at=now - timedelta(days=2))
        ids["session"] = night.flag(reply, "seeing you on Tuesday", "O3", "normal", at=now - timedelta(days=2))
        hostile = night.item(
            "h1", HOSTILE, platform="facebook", url="javascript:alert(3)", author_name="<b>Eve</b>", at=now
        )
        ids["hostile"] = night.flag(hostile, FOUND, "O1", "high", at=now - timedelta(days=1))
        edited = night.item("e1", "Message me on WhatsApp about your notes", at=now)
        ids["edited"] = night.flag(edited, "WhatsApp about your notes", "O2", "high", at=now)
        night.edit(edited, "Message me", at=now)
        for number in range(2):
            night.draw(night.item(f"fine{number}", f"Lovely talk {number}", at=now), weight=3.0)
        night.insert(
            "coverage", run_id=run, source="youtube", platform="youtube", outcome="complete", items_seen=412, items_new=35,
            items_edited=1, items_gone=0, quarantined=0, recorded_at=now,
        )  # fmt: skip
        night.insert(
            "coverage", run_id=run, source="reviews", platform="trustpilot", outcome="partial", items_seen=40, items_new=1,
            items_edited=0, items_gone=0, expected=55, quarantined=1, reason="Page 3 was cut off twice.", recorded_at=now,
        )  # fmt: skip
        publish(store)
    return ids


@dataclass
class Review:
    """The page that is served at `address`, and its desk."""

    home: Path
    address: str
    desk: Desk

    def link(self) -> str:
        """A new link, as the command prints it."""
        return f"{self.address}/enter?link={self.desk.sessions.new_link()}"

    def visitor(self) -> Visitor:
        """Somebody who has come in."""
        visitor = Visitor(self.address)
        token = self.link().split("link=")[1]
        came_in = visitor.http.post(f"{self.address}/enter", data={"link": token}, headers=FROM_HERE)
        assert (came_in.status_code, came_in.url) == (200, f"{self.address}/")
        return visitor

    @property
    def cookie(self) -> str:
        """The name of the cookie of a session."""
        return self.desk.site.cookie

    def stored(self, sql: str, *, wait: bool = True) -> list[tuple[object, ...]]:
        """The answer to `sql` over the published history, once everything that was said is stored."""
        deadline = time.monotonic() + 60
        while wait and any((self.home / "desk").glob("*.json")):
            assert time.monotonic() < deadline, "what was decided was not stored within a minute"
            time.sleep(0.05)
        # A copy, since the page in this process has the history open.
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(self.home / "keys", Path(folder) / "keys")
            return run_query(Path(shutil.copy(self.home / "history.duckdb", folder)), sql).rows


class Visitor:
    """A browser without JavaScript: it keeps cookies, and sends the forms that it was shown."""

    def __init__(self, address: str) -> None:
        self.address, self.http = address, requests.Session()

    def get(self, path: str) -> str:
        """The page at `path`."""
        answer = self.http.get(self.address + path)
        assert answer.status_code == 200, (answer.status_code, path)
        return answer.text

    def send(self, page: str, action: str, **fields: object) -> requests.Response:
        """Send the form of `page` that leads to `action`, with its hidden fields."""
        form = next(one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'action="{action}"' in one)
        hidden = {
            name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
        }
        return self.http.post(self.address + action, data=hidden | fields, headers=FROM_HERE)

    def decide(
        self, flag: str, decision: str = "dismissed", reason: str = "A known joke", **more: object
    ) -> requests.Response:
        """Look at a flag and decide."""
        page = self.get(f"/flags/{flag}")
        return self.send(page, f"/flags/{flag}/decide", decision=decision, reason=reason, **more)


@contextmanager
def serving(home: Path, site: Site | None = None) -> Iterator[Review]:
    """Serve the page over `home` until the block ends: of this computer, or of `site`."""
    listening = listen(0)
    with served(home, listening, site) as (server, desk):
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield Review(home, f"http://127.0.0.1:{listening.getsockname()[1]}", desk)
        finally:
            server.should_exit = True
            thread.join(timeout=20)
