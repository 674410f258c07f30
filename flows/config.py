"""The configuration file `$ACTO_HOME/acto.toml`: read as one typed model of its sections, with the secrets that belong to it."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any, get_args

from pydantic import Field, ValidationError, model_validator

from connectors.registry import PLATFORMS, Platform
from connectors.source import Source
from flows.config_faults import in_words
from flows.config_sections import (
    OFFICIAL_HANDLES,
    Audit,
    Checks,
    EvidenceSettings,
    Official,
    People,
    PrivacyPapers,
    ReportSettings,
    Rereading,
    Retention,
    ReviewSettings,
    SmtpConfig,
    SourceConfig,
    Strict,
    Watchdog,
    Word,
)
from flows.mail import SmtpSettings
from flows.mail_address import as_in_a_header
from flows.mail_oauth import VARIABLE, access_token, read_consent
from warehouse.backups import BackupSettings
from warehouse.encryption import Encryption
from warehouse.retention import Periods
from warehouse.schedule import Schedule


class ConfigError(Exception):
    """The configuration cannot be used; the message names the file, the key and the way out."""


class ConfigMissing(ConfigError):
    """There is no acto.toml."""


class Config(Strict):
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
    official: Official = OFFICIAL_HANDLES
    sources: dict[Word, SourceConfig] = Field(default={})

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
            return as_in_a_header(self.smtp.username)
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
    faults = error.errors(include_url=False, include_input=False)
    # Where a key is missing and another is unknown, it is usually the one that was meant.
    first = next((fault for fault in faults if fault["type"] == "extra_forbidden"), faults[0])
    return in_words(first, _keys_beside(first["loc"]))


def _keys_beside(place: tuple[int | str, ...]) -> list[str]:
    """The keys that the file or its section knows where this one stands."""
    if len(place) < 2:
        return [key for key in Config.model_fields if key != "home"]
    field = Config.model_fields.get(str(place[0]))
    kinds = (field.annotation, *get_args(field.annotation)) if field else ()
    return [key for kind in kinds for key in getattr(kind, "model_fields", {})]
