"""What the questions of `acto init` have brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flows.config_sections import PrivacyPapers, ReportSettings, SmtpConfig


@dataclass(slots=True)
class Answers:
    """All answers; what was skipped is as if it had not been asked.

    `sources` are the keys of each presence by its name in acto.toml, its `platform` among them. `roster` is as it is to be
    written: relative to the home where it lies in it.
    """

    report: ReportSettings = field(default_factory=ReportSettings)
    smtp: SmtpConfig | None = None
    sources: dict[str, Mapping[str, str]] = field(default_factory=dict)
    roster: Path | None = None
    privacy: PrivacyPapers = field(default_factory=PrivacyPapers)
