"""The sections of acto.toml: which keys each has, and what they may say (docs/configuration.md)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from ipaddress import IPv4Address, ip_address
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    IPvAnyAddress,
    StringConstraints,
    model_validator,
)

from connectors.registry import PLATFORMS
from flows.config_faults import DAY, SECRET, WHOLE_NUMBER, YES_OR_NO, unknown_key
from flows.mail_address import Address
from flows.report_levels import Level, levels_by_clause
from flows.review.words import CLAUSES
from flows.safe_address import LOOPBACK

# How a source or a platform may be called.
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]

# ACTO's own handles, as its presences show them.
OFFICIAL_HANDLES = {
    "facebook": "ACTO-online",
    "x": "acto_org",
    "instagram": "acto_online",
    "linkedin": "acto-uk",
    "youtube": "ACTOvideo",
    "google": "ACTO (owner)",
    "trustpilot": "ACTO reply",
    "feed": "ACTO",
}

# The name of a host, in any alphabet.
HOST_NAME = re.compile(r"[\w-]+(\.[\w-]+)*\.?")
# The keys of sources that are no text.
CEILING, SWITCH = "reads_a_night", "ours"


def _no_boolean(given: object) -> object:
    """Python takes true for the number 1."""
    if isinstance(given, bool):
        raise ValueError(WHOLE_NUMBER)
    return given


def _no_number(given: object) -> object:
    """Pydantic takes a number for the seconds since 1970."""
    if isinstance(given, int | float):
        raise ValueError(DAY)
    return given


Number = Annotated[int, BeforeValidator(_no_boolean)]
Day = Annotated[date, BeforeValidator(_no_number)]


def _not_to_come(day: date) -> date:
    if day > datetime.now(UTC).astimezone(ZoneInfo("Europe/London")).date():
        raise ValueError("is a day to come: write the day on which it was done")
    return day


def _host_alone(host: str) -> str:
    """The host as it is given. With more around it (a user name, a password) it would be shown wherever the server is named."""
    if not HOST_NAME.fullmatch(host) and not _is_address(host):
        raise ValueError(
            'must be the name or the IP address of the mail server and nothing else, like "smtp.example.org": no smtp://, no '
            "port, no user name and no password"
        )
    return host


def _is_address(host: str) -> bool:
    try:
        # What stands behind % in an IPv6 address may be any text.
        return "%" not in host and bool(ip_address(host))
    except ValueError:
        return False


def _with_the_others(given: dict[str, str]) -> dict[str, str]:
    """The handles that are given, without their @, and the others as they are. That of feeds is no platform's, but what the
    connector writes beside each entry that is kept: under another nothing would be known as ACTO's.
    """
    if unknown := [name for name in given if name not in PLATFORMS]:
        raise ValueError(f"{unknown[0]}: {unknown_key(unknown[0], PLATFORMS)}")
    given = {name: handle.strip().removeprefix("@") for name, handle in given.items()}
    if empty := [name for name, handle in given.items() if not handle]:
        raise ValueError(f"{empty[0]} is empty: write ACTO's handle there, or leave it out")
    handles = OFFICIAL_HANDLES | given
    if handles["feed"] != OFFICIAL_HANDLES["feed"]:
        raise ValueError(
            f'feed can only be "{OFFICIAL_HANDLES["feed"]}": leave it out, and say ours = true in the source of each feed in '
            "which ACTO alone publishes (docs/access/feed.md)"
        )
    return handles


# The section [official].
Official = Annotated[dict[Word, str], AfterValidator(_with_the_others)]


class Strict(BaseModel):
    """What takes no key that it does not know, and never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _known_clauses(levels: dict[str, Level]) -> dict[str, Level]:
    if unknown := [clause for clause in levels if clause not in CLAUSES]:
        raise ValueError(f"{unknown[0]!r} is no clause: it can be {', '.join(CLAUSES)}")
    return levels


class ReportSettings(Strict):
    """Who gets the report, and how much of an item it shows: by clause (`levels`) where that is not `level`."""

    to: Annotated[list[Address], AfterValidator(lambda given: list(dict.fromkeys(given)))] = Field(
        default=["chair@acto-org.uk"], min_length=1
    )
    level: Level = "redacted"
    levels: Annotated[dict[str, Level], AfterValidator(_known_clauses)] = {}
    sender: Address | None = None

    @property
    def level_by_clause(self) -> dict[str, Level]:
        """The clauses that are not shown at `level`, each with its own."""
        return levels_by_clause(self.level, self.levels)


class SmtpConfig(Strict):
    """The mail server. The password comes from ACTO_SMTP_PASSWORD or its _FILE; for a log-in without one, the consent from
    ACTO_SMTP_OAUTH or its _FILE.
    """

    host: Annotated[str, AfterValidator(_host_alone)]
    port: Number = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None

    @model_validator(mode="after")
    def _clear_text_stays_on_this_machine(self) -> SmtpConfig:
        if self.security == "none" and self.host not in LOOPBACK:
            raise ValueError('security = "none" is for this machine only: use "starttls" or "tls"')
        return self


class People(Strict):
    """Where the roster of members and the register of their permissions lie."""

    roster: Path | None = None
    permissions: Path | None = None


class Audit(Strict):
    """How many unflagged texts a night are drawn for the Chair to look at; 0 for none."""

    a_night: Number = Field(default=5, ge=0, le=100)


class Checks(Strict):
    """For how many minutes, after each report that is sent, the checks judge again what they have judged before they were
    changed; 0 for never.
    """

    background_minutes: Number = Field(default=60, ge=0, le=1200)


class Watchdog(Strict):
    """Whether a service outside is told of each night. Its address is a secret: ACTO_PING_URL or ACTO_PING_URL_FILE."""

    pings: bool = False


class EvidenceSettings(Strict):
    """Who signs every night that the history was as it is (RFC 3161), and the certificates that the signature is checked
    by; without them nobody does.
    """

    timestamp_url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s@]+$")] | None = None
    timestamp_certificate: Path | None = None

    @model_validator(mode="after")
    def _both_or_neither(self) -> EvidenceSettings:
        if (self.timestamp_url is None) != (self.timestamp_certificate is None):
            raise ValueError("timestamp_url and timestamp_certificate belong together")
        return self


class PrivacyPapers(Strict):
    """On which day, and by whom, it was recorded that the papers of docs/privacy/ are filled in and agreed. Nothing that
    real people wrote is read from a platform before that.
    """

    recorded_on: Annotated[Day, AfterValidator(_not_to_come)] | None = None
    recorded_by: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200)] | None = None

    @model_validator(mode="after")
    def _by_a_person_on_a_day(self) -> PrivacyPapers:
        if (self.recorded_on is None) != (self.recorded_by is None):
            raise ValueError("recorded_on and recorded_by belong together")
        if self.recorded_by and ("[" in self.recorded_by or self.recorded_by.casefold() == "name, role"):
            raise ValueError("recorded_by must be the name and the role of the person who answers for the papers")
        return self


class Rereading(Strict):
    """How often threads are read again, in days: on every scan while something happened in the last `daily_for`, then ever
    more rarely, at least every `slowest`.
    """

    daily_for: Number = Field(default=7, ge=1, le=3650)
    slowest: Number = Field(default=30, ge=1, le=365)


class Retention(Strict):
    """For how many days content is kept: if it was not flagged, if its flags were dismissed, after they were closed."""

    unflagged: Number = Field(default=30, ge=1, le=3650)
    dismissed: Number = Field(default=90, ge=1, le=3650)
    closed: Number = Field(default=365, ge=1, le=3650)


class SourceConfig(BaseModel):
    """One place to read. Which further keys it has depends on its platform.

    `token_expires` is the last day of its token, so that the report can say in time that it must be renewed.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    platform: str
    base_url: str | None = None
    token_expires: Day | None = None

    @model_validator(mode="after")
    def _keys_of_the_platform(self) -> SourceConfig:
        if self.platform not in PLATFORMS:
            raise ValueError(f"platform: it can be {', '.join(PLATFORMS)}")
        platform = PLATFORMS[self.platform]
        known = (*platform.keys, *platform.optional)
        extra = self.model_extra or {}
        if unknown := [key for key in extra if key not in known]:
            secret = platform.secret_variable if SECRET.search(unknown[0]) else None
            raise ValueError(f"{unknown[0]}: {unknown_key(unknown[0], (*known, *SourceConfig.model_fields), secret)}")
        if missing := [key for key in platform.keys if not str(extra.get(key, "")).strip()]:
            raise ValueError(f"{missing[0]} is missing")
        for key, value in extra.items():
            _require_kind(key, value)
        return self


def _require_kind(key: str, value: object) -> None:
    """Raise ValueError where the value cannot be that of this key of a source: all are texts, or ids without quotes, but two."""
    text = str(value).strip()
    if key == SWITCH:
        if not isinstance(value, bool | str) or text.lower() not in {"true", "false"}:
            raise ValueError(f"{key} {YES_OR_NO}")
    elif isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f"{key} must be text, in quotes, or a whole number")
    elif key == CEILING and not (text.isascii() and text.isdigit() and int(text)):
        raise ValueError(f"{key} must be a whole number, 1 or more")


class ReviewSettings(Strict):
    """Where the review page is reached from other computers: `origin` is its public address, at a proxy that speaks TLS;
    without it the page answers this computer alone. `listen` is the address of this machine at which the proxy finds it.
    """

    origin: (
        Annotated[
            str, StringConstraints(to_lower=True, pattern=r"(?i)^https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?/?$")
        ]
        | None
    ) = None
    listen: IPvAnyAddress = IPv4Address("127.0.0.1")

    @model_validator(mode="after")
    def _others_only_over_tls(self) -> ReviewSettings:
        if not self.listen.is_loopback and self.origin is None:
            raise ValueError(
                "listen: this address would show whole texts to other computers in clear: put a proxy with TLS before the "
                "page, and say under which address with origin (docs/review.md)"
            )
        return self
