"""A check's folder that cannot be used is named, with its file and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.catalogue import CheckError, load_check, load_checks, loadable_checks, said_by
from tests.checks.conftest import ABOUT, FINDS_A_WORD

GOOD = ABOUT.format(name="r3_word", version=1, word="secret", scope="row")


def folder_with(tmp_path: Path, about: str, name: str = "r3_word", **files: str) -> Path:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "check.toml").write_text(about, encoding="utf-8")
    for file, text in (files or {"transform_sql": FINDS_A_WORD.format(word="secret", length=6)}).items():
        (folder / file.replace("_", ".")).write_text(text, encoding="utf-8")
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


def test_a_check_that_cannot_be_loaded_costs_its_own_answer_only(tmp_path: Path) -> None:
    """A slip in one file must not leave a night without the nine other checks."""
    for name, about in (("r3_mild", GOOD.replace('"normal"', '"mild"')), ("r3_word", GOOD)):
        folder_with(tmp_path, about.replace('id = "r3_word"', f'id = "{name}"'), name=name)
    folder_with(tmp_path, GOOD.replace('id = "r3_word"', 'id = "r3_garbled"'), name="r3_garbled")
    (tmp_path / "r3_garbled" / "transform.sql").write_bytes(b"\xff")
    checks, faults = loadable_checks(tmp_path)
    assert ([check.id for check in checks], list(faults)) == (["r3_word"], ["r3_garbled", "r3_mild"])
    assert str(tmp_path / "r3_mild" / "check.toml: severity: ") in str(faults["r3_mild"])
    assert "transform.sql cannot be read" in str(faults["r3_garbled"])
    with pytest.raises(CheckError):
        load_checks(tmp_path)


@pytest.mark.parametrize(
    ("about", "said"),
    [
        (GOOD.replace("version = 1", 'version = "x"'), {"clause": "R3", "title": "A word", "severity": "normal"}),
        (GOOD.replace('"R3"', '"Z9"').replace('"A word"', '" "'), {"severity": "normal"}),
        (f"{GOOD}[gate]", {}),
    ],
)
def test_of_a_check_that_cannot_be_loaded_is_said_what_can_be_read(
    tmp_path: Path, about: str, said: dict[str, str]
) -> None:
    """The flag's page names the check that did not judge, in words that the Chair knows it by."""
    unread = {"clause": "R3", "title": "r3_word", "severity": ""}
    assert said_by(folder_with(tmp_path, about)) == unread | said


def test_two_checks_that_would_flag_the_same_twice_are_both_left_out(tmp_path: Path) -> None:
    """Nobody knows which of them is meant."""
    for name in ("r3_one", "r3_other", "r3_word"):
        scored = "scored = true\n" if name != "r3_word" else ""
        folder_with(tmp_path, scored + GOOD.replace('id = "r3_word"', f'id = "{name}"'), name=name)
    checks, faults = loadable_checks(tmp_path)
    assert [check.id for check in checks] == ["r3_word"]
    assert list(faults) == ["r3_one", "r3_other"] and "both say scored" in str(faults["r3_other"])


def test_every_check_says_what_to_do_next() -> None:
    """The report prints it under each flag."""
    for check in load_checks():
        assert len(check.next_step) > 40 and check.about.false_positives, check.id
