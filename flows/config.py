"""The configuration file `$ACTO_HOME/acto.toml`: one typed model, every key documented once (docs/configuration.md)."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from email.errors import MessageError
from email.headerregistry import Address as HeaderAddress
from functools import cache, partial
from ipaddress import IPv4Address
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    IPvAnyAddress,
    StringConstraints,
    ValidationError,
    model_validator,
)

from connectors.registry import PLATFORMS, Platform
from connectors.source import Source
from flows.mail import SmtpSettings
from flows.mail_oauth import VARIABLE, access_token, read_consent
from flows.report_levels import Level, levels_by_clause
from flows.review.words import CLAUSES
from flows.safe_address import LOOPBACK
from warehouse.backups import BackupSettings
from warehouse.encryption import Encryption
from warehouse.retention import Periods
from warehouse.schedule import Schedule

Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]


def _as_in_a_header(address: str) -> str:
    """The address as a mail header can hold it, in ASCII: one that it cannot hold would cost every reader the report.

    Raises ValueError.
    """
    name, _, domain = address.rpartition("@")
    try:
        return HeaderAddress(addr_spec=f"{name}@{domain.encode('idna').decode()}").addr_spec
    except (MessageError, ValueError):
        raise ValueError("no mail can go to this address: look at its dots and its letters.") from None


Address = Annotated[
    str,
    StringConstraints(pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+$"),
    AfterValidator(_as_in_a_header),
]

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


class ConfigError(Exception):
    """The configuration cannot be used; the message names the file, the key and the way out."""


class ConfigMissing(ConfigError):
    """There is no acto.toml."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _known_clauses(levels: dict[str, Level]) -> dict[str, Level]:
    if unknown := [clause for clause in levels if clause not in CLAUSES]:
        raise ValueError(f"{unknown[0]!r} is no clause: it can be {', '.join(CLAUSES)}")
    return levels


def _with_the_others(given: dict[str, str]) -> dict[str, str]:
    """The handles that are given, and the others as they are. That of feeds is no platform's, but what the connector writes
    beside each entry that is kept: under another nothing would be known as ACTO's.
    """
    handles = OFFICIAL_HANDLES | given
    if handles["feed"] != OFFICIAL_HANDLES["feed"]:
        raise ValueError(
            f'feed can only be "{OFFICIAL_HANDLES["feed"]}": leave it out, and say ours = true in the source of each feed in '
            "which ACTO alone publishes (docs/access/feed.md)"
        )
    return handles


class ReportSettings(_Strict):
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


class SmtpConfig(_Strict):
    """The mail server. The password comes from ACTO_SMTP_PASSWORD or its _FILE; for a log-in without one, the consent from
    ACTO_SMTP_OAUTH or its _FILE.
    """

    host: str
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None

    @model_validator(mode="after")
    def _clear_text_stays_on_this_machine(self) -> SmtpConfig:
        if self.security == "none" and self.host not in LOOPBACK:
            raise ValueError('security = "none" is for this machine only: use "starttls" or "tls"')
        return self


class People(_Strict):
    """Where the roster of members and the register of their permissions lie."""

    roster: Path | None = None
    permissions: Path | None = None


class Audit(_Strict):
    """How many unflagged texts a night are drawn for the Chair to look at; 0 for none."""

    a_night: int = Field(default=5, ge=0, le=100)


class Checks(_Strict):
    """For how many minutes, after each report that is sent, the checks judge again what they have judged before they were
    changed; 0 for never.
    """

    background_minutes: int = Field(default=60, ge=0, le=1200)


class Watchdog(_Strict):
    """Whether a service outside is told of each night. Its address is a secret: ACTO_PING_URL or ACTO_PING_URL_FILE."""

    pings: bool = False


class EvidenceSettings(_Strict):
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


class PrivacyPapers(_Strict):
    """On which day, and by whom, it was recorded that the papers of docs/privacy/ are filled in and agreed. Nothing that
    real people wrote is read from a platform before that.
    """

    recorded_on: date | None = None
    recorded_by: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200)] | None = None

    @model_validator(mode="after")
    def _by_a_person_on_a_day(self) -> PrivacyPapers:
        if (self.recorded_on is None) != (self.recorded_by is None):
            raise ValueError("recorded_on and recorded_by belong together")
        if self.recorded_by and ("[" in self.recorded_by or self.recorded_by.casefold() == "name, role"):
            raise ValueError("recorded_by must be the name and the role of the person who answers for the papers")
        return self


class Rereading(_Strict):
    """How often threads are read again, in days: on every scan while something happened in the last `daily_for`, then ever
    more rarely, at least every `slowest`.
    """

    daily_for: int = Field(default=7, ge=1, le=3650)
    slowest: int = Field(default=30, ge=1, le=365)


class Retention(_Strict):
    """For how many days content is kept: if it was not flagged, if its flags were dismissed, after they were closed."""

    unflagged: int = Field(default=30, ge=1, le=3650)
    dismissed: int = Field(default=90, ge=1, le=3650)
    closed: int = Field(default=365, ge=1, le=3650)


class SourceConfig(BaseModel):
    """One place to read. Which further keys it has depends on its platform.

    `token_expires` is the last day of its token, so that the report can say in time that it must be renewed.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    platform: str
    base_url: str | None = None
    token_expires: date | None = None

    @model_validator(mode="after")
    def _keys_of_the_platform(self) -> SourceConfig:
        if self.platform not in PLATFORMS:
            raise ValueError(f"platform {self.platform!r} is not one of {', '.join(PLATFORMS)}")
        platform = PLATFORMS[self.platform]
        known = (*platform.keys, *platform.optional)
        extra = self.model_extra or {}
        if unknown := [key for key in extra if key not in known]:
            raise ValueError(f"unknown key {unknown[0]!r}: a {self.platform} source has {', '.join(known)}")
        if missing := [key for key in platform.keys if not str(extra.get(key, "")).strip()]:
            raise ValueError(f"{missing[0]} is missing")
        return self


class ReviewSettings(_Strict):
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
                f'listen = "{self.listen}" would show whole texts to other computers in clear: put a proxy with TLS before the '
                "page, and say under which address with origin (docs/review.md)"
            )
        return self


class Config(_Strict):
    """The whole of acto.toml; `home` is the folder that it lies in."""

    home: Path
    report: ReportSettings = ReportSettings()
    smtp: SmtpConfig | None = None
    people: People = People()
    privacy: PrivacyPapers = PrivacyPapers()
    rereading: Rereading = Rereading()
    audit: Audit = Audit()
    backup: BackupSettings = BackupSettings()
    encryption: Encryption = Encryption()
    checks: Checks = Checks()
    retention: Retention = Retention()
    evidence: EvidenceSettings = EvidenceSettings()
    review: ReviewSettings = ReviewSettings()
    watchdog: Watchdog = Watchdog()
    official: Annotated[dict[Word, str], AfterValidator(_with_the_others)] = OFFICIAL_HANDLES
    sources: dict[Word, SourceConfig] = {}

    @model_validator(mode="after")
    def _comes_from_an_address(self) -> Config:
        try:
            self.sender  # noqa: B018
        except ValueError as error:
            raise ValueError(
                f"smtp.username is no address that the report can come from: {error} Give another as sender under [report]"
            ) from None
        return self

    @property
    def roster(self) -> Path | None:
        """The roster's path; relative paths are relative to the home."""
        return self.home / self.people.roster if self.people.roster else None

    @property
    def permissions(self) -> Path | None:
        """The path of the register of permissions; relative paths are relative to the home."""
        return self.home / self.people.permissions if self.people.permissions else None

    @property
    def timestamp_certificate(self) -> Path | None:
        """The path of the timestamp authority's certificates; relative paths are relative to the home."""
        return self.home / self.evidence.timestamp_certificate if self.evidence.timestamp_certificate else None

    @property
    def schedule(self) -> Schedule:
        """How often threads are read again."""
        return Schedule(daily_for=self.rereading.daily_for, slowest=self.rereading.slowest)

    @property
    def periods(self) -> Periods:
        """For how long content is kept that the platforms' terms leave to us."""
        return Periods(
            unflagged=timedelta(days=self.retention.unflagged),
            dismissed=timedelta(days=self.retention.dismissed),
            closed=timedelta(days=self.retention.closed),
        )

    @property
    def sender(self) -> str:
        """The address that the report comes from."""
        if self.report.sender:
            return self.report.sender
        if self.smtp and self.smtp.username and "@" in self.smtp.username:
            return _as_in_a_header(self.smtp.username)
        return self.report.to[0]

    def require(self, names: Iterable[str]) -> None:
        """Raise ConfigError for a name that no source has."""
        if unknown := [name for name in names if name not in self.sources]:
            raise ConfigError(f"There is no source {unknown[0]!r}. Configured: {', '.join(self.sources) or 'none'}.")

    def source(self, name: str, environment: Mapping[str, str] = os.environ) -> Source:
        """The source called `name` as its connector wants it, with its secret from the environment (None if unset)."""
        settings = self.sources[name]
        platform: Platform = PLATFORMS[settings.platform]
        variable, oauth = platform.secret_variable, platform.oauth_variable
        return Source(
            name=name,
            platform=settings.platform,
            keys={key: str(value) for key, value in (settings.model_extra or {}).items()},
            secret=read_secret(variable, environment) if variable else None,
            base_url=settings.base_url,
            oauth=read_secret(oauth, environment) if oauth else None,
        )

    def smtp_settings(self, environment: Mapping[str, str] = os.environ) -> SmtpSettings | None:
        """The mail server with what it takes to log in, if one is configured. Raises ConfigError."""
        if self.smtp is None:
            return None
        password, consent = read_secret("ACTO_SMTP_PASSWORD", environment), read_secret(VARIABLE, environment)
        if password and consent:
            raise ConfigError(f"ACTO_SMTP_PASSWORD and {VARIABLE} are both set: unset the one that is not to be used.")
        try:
            token = partial(access_token, read_consent(consent)) if consent else None
        except ValueError as error:
            raise ConfigError(str(error)) from None
        if token and not self.smtp.username:
            raise ConfigError(f"{VARIABLE} is set, so [smtp] needs username: the mailbox that sends.")
        return SmtpSettings(
            host=self.smtp.host,
            port=self.smtp.port,
            security=self.smtp.security,
            username=self.smtp.username,
            password=password,
            token=cache(token) if token else None,
        )

    def why_no_mail(self, environment: Mapping[str, str] = os.environ) -> str:
        """Why nothing can be sent with what is given to log in at the mail server, in a sentence; "" where it can, or no server
        is configured. Nothing is called.
        """
        try:
            settings = self.smtp_settings(environment)
        except ConfigError as error:
            return str(error)
        return settings.lacking if settings else ""


def default_home(environment: Mapping[str, str] = os.environ) -> Path:
    """`$ACTO_HOME`, or `.acto` in the current folder."""
    return Path(environment.get("ACTO_HOME") or ".acto").absolute()


def read_secret(variable: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """The secret in `variable`, or in the file named by `<variable>_FILE`; None where neither is set.

    Raises ConfigError if the file cannot be read.
    """
    if value := environment.get(variable, "").strip():
        return value
    if name := environment.get(f"{variable}_FILE", "").strip():
        try:
            return Path(name).read_text(encoding="utf-8").strip() or None
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{variable}_FILE names a file that cannot be read: {type(error).__name__}") from None
    return None


def load_config(home: Path) -> Config:
    """Read `home/acto.toml`.

    Raises ConfigError with a sentence that names the file and the key, and says what to do.
    """
    path = home / "acto.toml"
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ConfigMissing(
            f"There is no configuration at {path}. Try `acto demo`, or set up your own with `acto init`."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from None
    if "home" in data:
        raise ConfigError(f"{path}: unknown key home")
    try:
        return Config.model_validate({**data, "home": home})
    except ValidationError as error:
        raise ConfigError(f"{path}: {first_problem(error)}") from None


def config_or_default(home: Path) -> Config:
    """The configuration, or the defaults where no acto.toml exists: enough to import, check and query."""
    try:
        return load_config(home)
    except ConfigMissing:
        return Config(home=home)


def first_problem(error: ValidationError) -> str:
    """The first problem in words, without the value that was given: it may be a secret in the wrong place."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "the file"
    return f"{where}: {first['msg'].removeprefix('Value error, ')}"
