"""What a check says of itself, read from its check.toml alone: loading its transform would take seconds."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import checks

FOLDER = Path(checks.__file__).parent


@cache
def advice_on(check_id: str) -> dict[str, Any] | None:
    """The title, description, false_positives and next_step of a check; None for one that has no folder, or does not say them."""
    path = FOLDER / check_id / "check.toml"
    if not check_id.isidentifier() or not path.exists():
        return None
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        return {name: said[name] for name in ("title", "description", "false_positives", "next_step")}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError):
        return None
