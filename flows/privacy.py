"""Nothing that real people wrote is read from a platform before the privacy papers are recorded in acto.toml.

The Information Commissioner asks for an assessment before such processing begins (UK GDPR article 35; "invisible
processing" is on the ICO's list of what is likely to be of high risk), and article 14 for a notice to those concerned.
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from connectors.http_secrets import is_this_machine
from flows.config import Config, ConfigError
from flows.config_sections import SourceConfig
from flows.days import today

HOW = '[privacy] recorded_on = {today} and recorded_by = "Name, role"'


def require_papers(config: Config, asked: Collection[str] = ()) -> None:
    """Let a scan of the sources `asked` (empty: all) go on. Raises ConfigError where one of them is real and the papers
    are not recorded; sources on this machine (the sandbox, tests) and imports need none.
    """
    real = [name for name in real_sources(config) if not asked or name in asked]
    missing = missing_papers(config)
    if real and missing:
        raise ConfigError(
            f"Nothing was read: {missing}. {_listed(real)} would show what real people wrote, and UK GDPR (articles 6, 14 and "
            "35) asks for an assessment and a notice first. Fill in the templates in docs/privacy/, have them agreed, then "
            f"record it in {config.home / 'acto.toml'}: {HOW.format(today=today())}. "
            "What was imported needs none of this: acto check judges it."
        )


def missing_papers(config: Config) -> str | None:
    """What is missing of the record of the papers, as half a sentence; None where nothing is."""
    return "no privacy papers are recorded" if config.privacy.recorded_on is None else None


def real_sources(config: Config) -> list[str]:
    """The names of the sources that are not on this machine."""
    return [name for name, source in config.sources.items() if not _is_here(source)]


def _is_here(source: SourceConfig) -> bool:
    address = source.base_url or str((source.model_extra or {}).get("url", ""))
    try:
        return is_this_machine(urlsplit(address).hostname or "")
    except ValueError:
        return False


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
