"""A home that watches the sandbox's channel and mails to a local mailbox."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

from connectors.sandbox import ROSTER, Sandbox, last_night
from connectors.sandbox.server import STORIES

KEY = "ACTO_YOUTUBE_API_KEY"
# Without it no source beyond this machine is read.
PAPERS = '[privacy]\nrecorded_on = 2026-01-05\nrecorded_by = "A. Tester, trustee"\n'


def sandbox_of_today() -> Sandbox:
    """The sandbox with its story ending last night: what a scan reads depends on how old things are."""
    return Sandbox(ending=last_night(datetime.now(UTC)))


def short_sandbox_of_today() -> Sandbox:
    """The same with one video of the channel, where much is flagged: for what does not depend on how much there is to read."""
    month = [json.loads(line) for file in STORIES.glob("*.jsonl") for line in file.read_text("utf-8").splitlines()]
    shown = {"qqtT8gtVD9y"}
    rows = []
    for row in month:
        if row["platform"] != "youtube" or shown & {row["id"], row["parent"]}:
            shown.add(row["id"])
            rows.append(row)
    return Sandbox(rows, ending=last_night(datetime.now(UTC)))


def watch(home: Path, sandbox: Sandbox, *, smtp_port: int | None = None, more: str = "") -> Path:
    """Write acto.toml and the roster into `home`."""
    home.mkdir(exist_ok=True)
    shutil.copy(ROSTER, home / "roster.csv")
    smtp = f'[smtp]\nhost = "127.0.0.1"\nport = {smtp_port}\nsecurity = "none"\n' if smtp_port else ""
    text = (
        f'[people]\nroster = "roster.csv"\n{smtp}[sources.channel]\nplatform = "youtube"\n'
        f'channel_id = "{sandbox.channel}"\nbase_url = "{sandbox.base_url}"\n{more}'
    )
    (home / "acto.toml").write_text(text, encoding="utf-8")
    return home
