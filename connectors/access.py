"""What a harmless call or two show of a source before it is ever read: whose it is, and what its token may do."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

# Names of permissions as the platforms write them; anything else in their place is not repeated.
PERMISSION = re.compile(r"[A-Za-z][A-Za-z0-9_.:/-]{1,99}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Access:
    """What was seen; nothing of it is personal or secret.

    `seen` says in a few words what answered ("the Page ACTO"). `missing` and `excess` are permissions that the token lacks,
    and that it has beyond what reading needs. `expires` is the token's last day (UTC), where the platform tells it.
    `warnings` are further things that are not as they should be, `notes` what could not be told; both are sentences.
    """

    seen: str
    missing: tuple[str, ...] = ()
    excess: tuple[str, ...] = ()
    expires: date | None = None
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def permissions(names: Iterable[Any]) -> list[str]:
    """Those of `names` that can be the names of permissions, each once, in their order."""
    return list(dict.fromkeys(name for name in names if isinstance(name, str) and PERMISSION.fullmatch(name)))


def missing_and_excess(
    granted: Iterable[str], needed: Collection[str], harmless: Collection[str] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What of `needed` was not granted, and what was granted beyond it and what is `harmless`."""
    given = list(granted)
    missing = tuple(name for name in needed if name not in given)
    return missing, tuple(name for name in given if name not in needed and name not in harmless)


def day_of(seconds: object) -> date | None:
    """The day (UTC) of a Unix time; None for 0, which the platforms write for "never", and for what is no time."""
    try:
        return datetime.fromtimestamp(float(seconds), UTC).date() if seconds else None  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError, OSError):
        return None
