"""Whether this machine knows the names that it must call, and what time it is there: what many other failures come of."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from connectors.errors import SourceError
from connectors.registry import host_of
from flows.config import Config, ConfigError
from flows.finding import Finding
from flows.report_words import count

SECONDS = 8.0
# What a run notices of a wrong clock: TLS fails at days, the order of edits at minutes.
CLOCK_WARNS, CLOCK_BREAKS = timedelta(minutes=1), timedelta(minutes=5)


def look_up(config: Config) -> Mapping[str, bool]:
    """By name of each host that sources and the mail server are on: whether it resolves, asked side by side."""
    hosts = {host for name in config.sources if (host := host_for(config, name))}
    if config.smtp:
        hosts.add(config.smtp.host)
    known: dict[str, bool] = dict.fromkeys(sorted(hosts), False)

    def resolve(host: str) -> None:
        try:
            socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        known[host] = True

    # The system's resolver knows no time-out of ours, and may not keep the command from ending.
    asking = [threading.Thread(target=resolve, args=(host,), daemon=True) for host in known]
    for thread in asking:
        thread.start()
    ends_at = time.monotonic() + SECONDS
    for thread in asking:
        thread.join(max(0.0, ends_at - time.monotonic()))
    return dict(known)


def host_for(config: Config, name: str) -> str | None:
    """The host that the source `name` is called at; None where that cannot be told."""
    try:
        return urlsplit(host_of(config.source(name))).hostname
    except (ConfigError, SourceError, ValueError):
        return None


def network_findings(names: Mapping[str, bool]) -> Iterator[Finding]:
    """One line on all names that do not resolve; nothing where all do."""
    unknown = [host for host, found in names.items() if not found]
    if not unknown:
        return
    listed = ", ".join(unknown)
    if len(unknown) == len(names) and len(names) > 1:
        says = (
            f"This machine finds no name on the network ({listed}): it is offline, or its name server does not answer."
        )
    else:
        says = (
            f"{listed} {'is not a name that is' if len(unknown) == 1 else 'are not names that are'} known on the network: "
            "look at the spelling in acto.toml, and at the network."
        )
    yield Finding("network", "broken", says, f"getent hosts {unknown[0]}")


def not_asked(about: str, host: str) -> Finding:
    """What is said of something whose host is not known by its name."""
    return Finding(about, "warning", f"not asked, because the network does not know {host}", because="network")


def clock_findings(ahead: Sequence[timedelta]) -> Iterator[Finding]:
    """How far this machine's clock is from those of the platforms that answered; the nearest counts."""
    if not ahead:
        return
    nearest = min(ahead, key=abs)
    off = abs(nearest)
    if off < CLOCK_WARNS:
        yield Finding("clock", "ok", "agrees with the platforms that answered")
        return
    minutes = count(round(off.total_seconds() / 60), "minute")
    says = f"This machine's clock is {minutes} {'fast' if nearest > timedelta(0) else 'slow'}, by the platforms that answered."
    yield Finding("clock", "broken" if off > CLOCK_BREAKS else "warning", says, "sudo timedatectl set-ntp true")
