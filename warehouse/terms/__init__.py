"""The platforms' terms as code: terms.toml, read once, and what follows from it for each platform."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from connectors.item import Page

FILE = Path(__file__).parent / "terms.toml"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of one platform: what it says in plain words, where that was read and when, and how sure it is."""

    platform: str
    rule: str
    value: Any
    says: str
    source: str
    read: date
    sure: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What the terms of one platform ask for.

    `keep` is how long content may be kept without being read again (None: no limit is known); `remove_what_is_gone`
    whether its content goes once it is gone; `store_names` whether display names may be stored; `no_conclusions` the
    clauses that may not be judged; `match_by_consent` whether handles are matched with the roster by consent only.
    """

    keep: timedelta | None = None
    remove_what_is_gone: bool = False
    store_names: bool = True
    no_conclusions: frozenset[str] = frozenset()
    match_by_consent: bool = False

    def fit(self, page: Page) -> Page:
        """The page as it may be landed."""
        if self.store_names:
            return page
        return replace(page, items=[replace(item, author_name=None) for item in page.items])


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in the order of the file."""
    return tuple(Rule(**one) for one in tomllib.loads(FILE.read_text(encoding="utf-8"))["rule"])


@cache
def terms_of(platform: str) -> Terms:
    """What the terms of `platform` ask for; no limits for one without rules."""
    given = {one.rule: one.value for one in rules() if one.platform == platform}
    hours = given.get("keep_hours")
    return Terms(
        keep=timedelta(hours=hours) if hours else None,
        remove_what_is_gone=given.get("remove_what_is_gone", False),
        store_names=given.get("store_names", True),
        no_conclusions=frozenset(given.get("no_conclusions", ())),
        match_by_consent=given.get("match_by_consent", False),
    )
