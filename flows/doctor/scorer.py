"""The line of the scorer."""

from __future__ import annotations

from checks.scorer.scorer import ScorerError, default_scorer
from flows.finding import Finding


def scorer_finding() -> Finding:
    """Whether its files are whole."""
    try:
        default_scorer()
    except ScorerError as error:
        return Finding("scorer", "broken", str(error), "uv sync --reinstall-package acto-monitor")
    return Finding("scorer", "ok", "whole, and ready to read")
