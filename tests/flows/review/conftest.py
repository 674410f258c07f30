"""The review page over a history with flags, for each test anew where it decides; one Chromium for a module."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.review.desk import Review, Visitor, fill, serving


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A history that tests copy, and its flags by what they are about."""
    home = tmp_path_factory.mktemp("filled")
    return home, fill(home)


@pytest.fixture(scope="module")
def quiet(filled: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Review]:
    """The page over such a history, for tests that leave it as it is; its flags are f00001 to f00005."""
    home = tmp_path_factory.mktemp("quiet")
    shutil.copytree(filled[0], home, dirs_exist_ok=True)
    (home / "acto.toml").write_text('[sources.page]\nplatform = "facebook"\npage_id = "1"\n', encoding="utf-8")
    with serving(home) as review:
        yield review


@pytest.fixture(scope="module")
def visitor(quiet: Review) -> Visitor:
    """Somebody who has come in there."""
    return quiet.visitor()


@pytest.fixture
def flags(home: Path, filled: tuple[Path, dict[str, str]]) -> dict[str, str]:
    """A history under `home`; its flags by what they are about."""
    shutil.copytree(filled[0], home, dirs_exist_ok=True)
    return filled[1]


@pytest.fixture
def review(home: Path, flags: dict[str, str]) -> Iterator[Review]:
    """The page over that history."""
    with serving(home) as review:
        yield review
