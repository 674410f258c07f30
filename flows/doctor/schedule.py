"""The lines of the nights: whether anything will scan tonight, and whether last night's scan came about."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from urllib.error import URLError
from urllib.request import Request, urlopen

from flows.config import Config
from flows.doctor.history import PUBLISHED, ask
from flows.finding import Finding
from flows.missed_nights import A_NIGHT_WAS_MISSED, nights_missed_since
from flows.report_words import moment
from flows.serving import LOCAL_SERVER

SECONDS = 3.0
LAST = """
    SELECT run_id, started_at, outcome FROM runs WHERE kind = 'scan' ORDER BY started_at DESC, run_id DESC LIMIT 1
"""


def schedule_findings(config: Config) -> Iterator[Finding]:
    """Who scans every night, and what became of the last scan."""
    who = _by_prefect() or _by_timer() or _by_cron()
    if who:
        yield Finding("schedule", "ok", who)
    elif _paused_in_prefect():
        says = (
            "Prefect has the nightly scan, but nobody serves it: acto serve does not run, so nothing will scan tonight."
        )
        yield Finding("schedule", "warning", says, "acto serve")
    else:
        says = (
            "Nothing is seen that would scan tonight: acto serve does not run, and no timer or cron job of this user "
            "names acto scan."
        )
        yield Finding("schedule", "warning", says, "acto serve")
    yield _last_night(config)


def _last_night(config: Config) -> Finding:
    answer = ask(config.home, LAST)
    if answer is None or not answer.rows:
        return Finding("last scan", "warning", "There has been no scan yet.", "acto scan")
    run_id, at, outcome = answer.rows[0]
    now = datetime.now(UTC)
    is_late = now - at > A_NIGHT_WAS_MISSED
    if outcome == "failed" and not is_late:
        says = f"The scan of {moment(at)} failed; its report says at which step."
        return Finding("last scan", "broken", says, f"acto report --run {run_id} --open")
    # A scan of some sources, from the page say, is no night.
    if missed := nights_missed_since(config.home / PUBLISHED, now):
        return Finding("last scan", "broken", missed, "acto scan")
    if is_late:
        return Finding("last scan", "broken", f"The last scan was on {moment(at)}: nights were missed.", "acto scan")
    return Finding("last scan", "ok", f"{moment(at)}, {outcome or 'still under way'}")


def _by_prefect() -> str | None:
    """Prefect's deployment with a schedule that is on and that somebody serves."""
    ready = [one for one in _deployments() if one.get("status") == "READY" and not one.get("paused")]
    return "acto serve runs, and Prefect starts the nightly scan" if ready else None


def _paused_in_prefect() -> bool:
    return bool(_deployments())


def _deployments() -> list[dict[str, object]]:
    """The deployments of the flow "scan" that have a schedule, as the server tells that PREFECT_API_URL names or that acto
    serve starts; none where nobody answers.
    """
    address = os.environ.get("PREFECT_API_URL") or f"{LOCAL_SERVER}/api"
    if not address.startswith(("http://", "https://")):
        return []
    body = json.dumps({"flows": {"name": {"any_": ["scan"]}}}).encode()
    call = Request(  # noqa: S310
        f"{address.rstrip('/')}/deployments/filter", data=body, headers={"Content-Type": "application/json"}
    )
    with suppress(URLError, OSError, ValueError), urlopen(call, timeout=SECONDS) as answer:  # noqa: S310
        told = json.loads(answer.read())
        if isinstance(told, list):
            return [one for one in told if isinstance(one, dict) and one.get("schedules")]
    return []


def _by_timer() -> str | None:
    """A systemd timer, of this user or of the system, whose name or unit names acto."""
    for scope in ("--user", "--system"):
        if any("acto" in line for line in _lines("systemctl", scope, "list-timers", "--no-legend", "--no-pager")):
            return "a systemd timer starts the nightly scan"
    return None


def _by_cron() -> str | None:
    """A line of this user's crontab that runs acto scan."""
    lines = (line.strip() for line in _lines("crontab", "-l"))
    found = any("acto" in line and "scan" in line for line in lines if not line.startswith("#"))
    return "a cron job of this user runs acto scan" if found else None


def _lines(*command: str) -> list[str]:
    """What a command of the system prints; nothing where it is not there, fails or dawdles."""
    if shutil.which(command[0]) is None:
        return []
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)  # noqa: S603
        return done.stdout.splitlines() if done.returncode == 0 else []
    return []
