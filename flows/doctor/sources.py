"""The line of each source: what it lacks to be read, and what a harmless call shows of its token. Asked side by side."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from connectors.access import Access
from connectors.errors import PassOver, SourceError, Transient, Unanswered
from connectors.registry import PLATFORMS, connect, host_of, look
from connectors.source import Source
from flows.config import Config, ConfigError
from flows.days import today
from flows.doctor.network import host_for, not_asked
from flows.doctor.secret_files import about_secret
from flows.finding import Finding, Trouble, together
from flows.reading import why_unreadable
from flows.remarks import about_token
from flows.report_words import capitalised, platform

# Seconds: to connect, to the next byte, and for all calls of one source.
TIMEOUT, DEADLINE = (5.0, 8.0), 10.0
SIDE_BY_SIDE = 16
# Nothing can be done but to wait.
LATER = "acto doctor, later"
# Which variable a sentence of a connector asks for.
SET = re.compile(r"\bset (ACTO_[A-Z_]+)")


@dataclass(frozen=True, slots=True)
class Look:
    """What was found of one source, and how far this machine's clock is ahead of its host's, where that was told."""

    finding: Finding
    clock_ahead: timedelta | None = None


def look_at_sources(config: Config, names: Mapping[str, bool]) -> list[Look]:
    """A look at each source, in their order; `names` says which hosts the network knows."""
    if not config.sources:
        return []
    with ThreadPoolExecutor(max_workers=SIDE_BY_SIDE) as threads:
        return list(threads.map(lambda name: _look_at(config, name, names), config.sources))


def _look_at(config: Config, name: str, names: Mapping[str, bool]) -> Look:
    settings = config.sources[name]
    about = f"source {name}"
    secrets = list(_secrets(settings.platform))
    if broken := [one for one in secrets if one.outcome == "broken"]:
        return Look(together(about, "", broken))
    try:
        source = config.source(name)
    except ConfigError as error:
        return Look(Finding(about, "broken", str(error), f"nano {config.home / 'acto.toml'}"))
    if obstacle := why_unreadable(source):
        mend = _mend(config, source, str(obstacle)) if "acto.toml" in str(obstacle) else _new_token(source)
        return Look(Finding(about, "broken", str(obstacle), mend))
    host = host_for(config, name)
    if host and not names.get(host, True):
        unasked = not_asked(about, host)
        known = [*_ending(source, settings.token_expires), *secrets]
        return Look(together(about, f"{unasked.says}.", known) if known else unasked)
    return _asked(config, source, settings.token_expires, secrets)


def _asked(config: Config, source: Source, expires: date | None, secrets: list[Trouble]) -> Look:
    about = f"source {source.name}"
    manners = {"timeout": TIMEOUT, "deadline": time.monotonic() + DEADLINE, "tries": 1}
    ahead = None
    try:
        with connect(source, **manners) as http:  # type: ignore[arg-type]
            try:
                access = look(source, http, **manners)
            finally:
                ahead = http.clock_ahead
    except SourceError as error:
        trouble = Trouble(
            "warning" if _may_pass(error) else "broken", str(error), _mend(config, source, str(error), error)
        )
        ending = list(_ending(source, expires))
        return Look(together(about, "", [trouble, *ending, *secrets]), ahead)
    except Exception as fault:
        says = f"An unexpected fault ({type(fault).__name__}) came of {platform(source.platform)}'s answer."
        return Look(Finding(about, "broken", f"{says} Tell whoever looks after this program.", "acto scan"), ahead)
    known = min((day for day in (expires, access.expires) if day), default=None)
    troubles = [*_permissions(source, access), *_ending(source, known), *secrets]
    troubles += [Trouble("warning", one, _mend(config, source, one)) for one in access.warnings]
    lasts = f" Its token is good until {known:%-d %B %Y}." if known and known >= today() else ""
    well = f"{_shown(source, access)}.{lasts}"
    return Look(together(about, " ".join([well, *access.notes]), troubles), ahead)


def _permissions(source: Source, access: Access) -> Iterator[Trouble]:
    where = f"docs/access/{source.platform}.md"
    new_token = _new_token(source)
    if access.missing:
        yield Trouble(
            "broken", f"The token lacks {', '.join(access.missing)}: make it again as {where} says.", new_token
        )
    if access.excess:
        said = (
            f"The token may do more than reading needs: {', '.join(access.excess)}. Make one without, as {where} says."
        )
        yield Trouble("warning", said, new_token)


def _ending(source: Source, expires: date | None) -> Iterator[Trouble]:
    if ending := about_token(source.platform, expires, today()):
        yield Trouble("broken" if "expired" in ending else "warning", ending, _new_token(source))


def _shown(source: Source, access: Access) -> str:
    if PLATFORMS[source.platform].secret_variable:
        return f"{platform(source.platform)} shows {access.seen}"
    return capitalised(access.seen)


def _may_pass(error: SourceError) -> bool:
    """Whether it may be over by the night: the platform answered, but is busy, or lets us ask again later."""
    return isinstance(error, PassOver) or (isinstance(error, Transient) and not isinstance(error, Unanswered))


def _mend(config: Config, source: Source, said: str, error: SourceError | None = None) -> str:
    """The first step towards mending what a sentence of a connector says."""
    if isinstance(error, Unanswered):
        host = urlsplit(host_of(source))
        return f"curl -sSI {host.scheme}://{host.netloc}/"
    if (error is not None and _may_pass(error)) or ("used up" in said and "docs/access/" not in said):
        return LATER
    if wanted := SET.search(said):
        return f"export {wanted[1]}_FILE=FILE"
    if "acto.toml" in said:
        return f"nano {config.home / 'acto.toml'}"
    return f"less docs/access/{source.platform}.md"


def _new_token(source: Source) -> str:
    known = PLATFORMS[source.platform]
    variable = known.oauth_variable if source.oauth and known.oauth_is_enough else known.secret_variable
    return f"export {variable}_FILE=FILE" if variable else f"less docs/access/{source.platform}.md"


def _secrets(platform_name: str) -> Iterator[Trouble]:
    known = PLATFORMS[platform_name]
    for variable in (known.secret_variable, known.oauth_variable):
        if variable:
            yield from about_secret(variable)
