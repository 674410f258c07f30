"""The watchdog: a service outside this machine that raises the alarm when a night does not report to it.

It is told when the night begins and how it ended, in numbers alone. A machine that is off, a disk that is full and a schedule
that nobody starts cannot tell anybody of themselves: they are noticed because nothing is heard of them. The protocol is that of
healthchecks.io: POST to the address, to `/start` and to `/fail` below it.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from queue import Empty, SimpleQueue
from ssl import create_default_context
from threading import Event, Thread
from urllib.parse import SplitResult

from flows.config import Config, ConfigError, load_config, read_secret
from flows.exits import FAILED
from flows.finding import Finding
from flows.progress import logger
from flows.safe_address import safe_address
from flows.scan_result import ScanResult

VARIABLE = "ACTO_PING_URL"
# Seconds for one try, whatever the network does; and between two tries.
PATIENCE = 10.0
PAUSE = 1.0
TRIES = 3
# Whether `watched` has taken over in this process, and tells how the night ends.
_taken_over = Event()


def watched(config: Config, night: Callable[[], ScanResult]) -> ScanResult:
    """Do the night's work, and tell the watchdog of it where acto.toml asks for that.

    That the watchdog cannot be told is said in the log, and costs the night nothing but the time of the tries. Whatever the
    work raises is told as a failure, and raised.
    """
    if not config.watchdog.pings:
        return night()
    _taken_over.set()
    _tell("/start", "", "the scan has begun")
    try:
        result = night()
    except Exception:
        _tell("/fail", f"exit_code: {FAILED}\n", "the scan has failed")
        raise
    if somebody_hears_of(result):
        _tell("", in_numbers(result), "the scan has ended")
    else:
        _tell("/fail", in_numbers(result), "the scan has failed")
    return result


def tell_of_no_beginning(home: Path) -> None:
    """Tell of a night that has failed before `watched` took over. Where acto.toml cannot be read nobody knows whether anybody is
    to be told: then it is the watchdog's own alarm that tells, when it has heard nothing.
    """
    if _taken_over.is_set():
        return
    try:
        config = load_config(home)
    except ConfigError:
        return
    if config.watchdog.pings:
        _tell("/fail", f"exit_code: {FAILED}\n", "the scan could not begin")


def somebody_hears_of(result: ScanResult) -> bool:
    """Whether the night did what it is for: its report is out, and tells of something that was read.

    What one source is missing stands in that report, for those who can do something about it; an alarm each time would
    soon be one that nobody looks at.
    """
    if result.exit_code == FAILED or result.delivered.waiting or result.delivered.failed:
        return False
    wanted = [source for source in result.coverage if source.outcome != "skipped"]
    return not wanted or any(source.outcome != "unread" for source in wanted)


def in_numbers(result: ScanResult) -> str:
    """What the watchdog is told of a night, a number a line. No name and no text leaves this machine."""
    outcomes = Counter(source.outcome for source in result.coverage)
    numbers = {
        "exit_code": result.exit_code,
        **{f"sources_{outcome}": outcomes[outcome] for outcome in ("complete", "partial", "unread", "skipped")},
        "items_new": sum(source.items_new for source in result.coverage),
        "items_edited": sum(source.items_edited for source in result.coverage),
        "items_gone": sum(source.items_gone for source in result.coverage),
        "quarantined": sum(source.quarantined for source in result.coverage),
        "flags_new": result.flags_new,
        "mails_sent": result.delivered.sent,
        "mails_waiting": result.delivered.waiting,
        "mails_failed": result.delivered.failed,
        "problems": len(result.problems),
    }
    return "".join(f"{name}: {number}\n" for name, number in numbers.items())


def ping_address(environment: Mapping[str, str] = os.environ) -> SplitResult:
    """The address in ACTO_PING_URL or in the file that ACTO_PING_URL_FILE names. Whoever knows it can silence the alarm, so it
    is a secret. Raises ConfigError, without the address, where there is none that can be used.
    """
    given = read_secret(VARIABLE, environment)
    if given is None:
        raise ConfigError(f"{VARIABLE} is not set: it holds the address that the service outside gives for its check.")
    try:
        return safe_address(given)
    except ValueError as error:
        raise ConfigError(f"{VARIABLE} {error}.") from None


def watchdog_finding(config: Config) -> Finding:
    """Whether somebody outside would notice that this machine is off. The watchdog is not called: it would take that for a
    night that went well.
    """
    if not config.watchdog.pings:
        return Finding(
            "watchdog",
            "warning",
            "None: if this machine is off, nobody is told. Set [watchdog] pings (docs/operations.md).",
            f"nano {config.home / 'acto.toml'}",
        )
    try:
        ping_address()
    except ConfigError as error:
        return Finding("watchdog", "broken", str(error), f"export {VARIABLE}_FILE=FILE")
    return Finding("watchdog", "ok", f"each night reports to the address in {VARIABLE}")


def _tell(below: str, body: str, what: str) -> None:
    try:
        trouble = ping(ping_address(), below, body)
    except ConfigError as error:
        trouble = str(error)
    if trouble:
        logger.warning("The watchdog could not be told that %s. %s", what, trouble)


def ping(address: SplitResult, below: str, body: str, *, patience: float = PATIENCE, pause: float = PAUSE) -> str:
    """Post `body` to the address, or below it; at most TRIES times for `patience` seconds each. "" if it was taken, else why
    not, in a sentence that does not hold the address.
    """
    trouble = ""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(pause)
        answer = _post_within(patience, address, below, body)
        if isinstance(answer, str):
            trouble = answer
        elif 200 <= answer < 300:
            return ""
        else:
            trouble = f"It answered with HTTP {answer}."
            if answer < 500 and answer not in (408, 429):
                return f"{trouble} Is the address in {VARIABLE} the right one?"
    return f"{trouble} It was tried {TRIES} times."


def _post_within(patience: float, address: SplitResult, below: str, body: str) -> int | str:
    """The status of the answer, or why there is none. In a thread of its own: neither a name server that is silent nor an
    answer that comes byte by byte keeps to a time-out of ours.
    """
    answers: SimpleQueue[int | str] = SimpleQueue()
    Thread(target=lambda: answers.put(_post(patience, address, below, body)), daemon=True).start()
    try:
        return answers.get(timeout=patience)
    except Empty:
        return _no_answer_within(patience)


def _post(patience: float, address: SplitResult, below: str, body: str) -> int | str:
    """Redirects are not followed, and nothing here writes a log that could hold the address."""
    try:
        connection = (
            HTTPConnection(address.hostname or "", address.port, timeout=patience)
            if address.scheme == "http"
            else HTTPSConnection(
                address.hostname or "", address.port, timeout=patience, context=create_default_context()
            )
        )
        try:
            path = f"{address.path.rstrip('/')}{below}" or "/"
            target = f"{path}?{address.query}" if address.query else path
            headers = {"User-Agent": "acto-monitor", "Content-Type": "text/plain; charset=utf-8"}
            connection.request("POST", target, body.encode(), headers)
            return connection.getresponse().status
        finally:
            connection.close()
    except TimeoutError:
        return _no_answer_within(patience)
    except Exception as error:
        return f"It could not be reached ({type(error).__name__})."


def _no_answer_within(patience: float) -> str:
    return f"It did not answer within {patience:g} seconds."
