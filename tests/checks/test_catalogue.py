"""A check's folder that cannot be used is named, with its file and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.catalogue import CheckError, load_check, load_checks
from tests.checks.conftest import ABOUT, FINDS_A_WORD

GOOD = ABOUT.format(name="r3_word", version=1, word="secret", scope="row")


def folder_with(tmp_path: Path, about: str, **files: str) -> Path:
    folder = tmp_path / "r3_word"
    folder.mkdir()
    (folder / "check.toml").write_text(about, encoding="utf-8")
    for name, text in (files or {"transform_sql": FINDS_A_WORD.format(word="secret", length=6)}).items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("about", "named"),
    [
        (GOOD.replace("version = 1", "version = 0"), "version"),
        (GOOD.replace('clause = "R3"', 'clause = "Z9"'), "clause"),
        (GOOD.replace('severity = "normal"', 'severity = "awful"'), "severity"),
        (GOOD.replace("next_step", "next_stop"), "next_st"),
        (GOOD.replace("'secret'", "'(?=secret)'"), "gate.pattern"),
        (GOOD.replace('id = "r3_word"', 'id = "r3_other"'), "r3_other"),
        ("id = ", "TOML"),
    ],
)
def test_a_mistake_in_check_toml_is_named(tmp_path: Path, about: str, named: str) -> None:
    with pytest.raises(CheckError) as caught:
        load_check(folder_with(tmp_path, about))
    assert "check.toml" in str(caught.value) and named in str(caught.value)


def test_a_check_has_one_transform(tmp_path: Path) -> None:
    """With two nobody would know which one judged."""
    folder = folder_with(tmp_path, GOOD, transform_sql="SELECT 1", transform_py="def transform(rows): return rows")
    with pytest.raises(CheckError, match=r"either transform\.sql or transform\.py"):
        load_check(folder)


def test_a_transform_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckError, match=r"transform\.py cannot be loaded: NameError"):
        load_check(folder_with(tmp_path, GOOD, transform_py="unknown"))


def test_every_check_says_what_to_do_next() -> None:
    """The report prints it under each flag."""
    for check in load_checks():
        assert len(check.next_step) > 40 and check.about.false_positives, check.id
