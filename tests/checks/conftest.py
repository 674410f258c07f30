"""The roster of the sandbox, and checks and stores to try things on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from checks.catalogue import Check, load_check
from checks.examples import ROSTER
from checks.roster import Roster


@pytest.fixture(scope="session")
def roster() -> Roster:
    """The invented members of the sandbox."""
    return Roster.load(ROSTER)


ABOUT = """\
id = "{name}"
version = {version}
clause = "R3"
scope = "{scope}"
title = "A word"
severity = "normal"
owner = "Chair"
description = "Finds a word."
false_positives = ["The word in another sense."]
next_step = "Ask."
[gate]
pattern = '{word}'
"""
FINDS_A_WORD = """\
SELECT revision_id, strpos(normalised_text, '{word}') - 1 AS start_char,
    strpos(normalised_text, '{word}') - 1 + {length} AS end_char, 0.9 AS score, 'The word is there.' AS reason
FROM to_judge WHERE contains(normalised_text, '{word}')
"""


@pytest.fixture
def word_check(tmp_path: Path) -> Callable[..., Check]:
    """Make a check in a folder of its own that flags texts with a word."""

    def make(word: str, *, version: int = 1, name: str = "r3_word", scope: str = "row") -> Check:
        folder = tmp_path / f"{word}-{version}-{scope}" / name
        folder.mkdir(parents=True)
        about = ABOUT.format(name=name, version=version, word=word, scope=scope)
        (folder / "check.toml").write_text(about, encoding="utf-8")
        (folder / "transform.sql").write_text(FINDS_A_WORD.format(word=word, length=len(word)), encoding="utf-8")
        return load_check(folder)

    return make


@pytest.fixture
def raising_check(word_check: Callable[..., Check]) -> Check:
    """A check whose transform fails."""

    def fail(_: pd.DataFrame) -> pd.DataFrame:
        raise ValueError("a text of somebody's, which must not be shown")

    return replace(word_check("the", name="r3_broken"), transform=fail)
