"""An edited check needs a new version, or what it judged before would never be judged again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from checks import lock
from checks.catalogue import FOLDER, load_checks


def copy_of_the_checks(tmp_path: Path) -> Path:
    folder = tmp_path / "checks"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_the_lock_holds_every_check_as_it_is() -> None:
    """If this fails after an edit of a check: python -m checks.lock --bump"""
    assert lock.unlocked(load_checks(), lock.read_lock()) == []


def test_an_edit_of_a_transform_without_a_new_version_is_found(tmp_path: Path) -> None:
    folder = copy_of_the_checks(tmp_path)
    transform = folder / "o1_online_relationship" / "transform.py"
    transform.write_text(transform.read_text() + "\n# edited\n")
    held = lock.read_lock()
    assert lock.unlocked(load_checks(folder), held) == [
        f"o1_online_relationship has changed since version {held['o1_online_relationship'].version}."
    ]
    assert [check.id for check in lock.without_new_version(load_checks(folder), held)] == ["o1_online_relationship"]


def test_an_edit_of_a_module_beside_a_transform_is_found(tmp_path: Path) -> None:
    """What permits is in a module of its own: edited, the check judges otherwise."""
    folder = copy_of_the_checks(tmp_path)
    (check,) = [one for one in load_checks(folder) if one.id == "o4_colleague_information"]
    before = lock.fingerprint(check)
    module = check.folder / "permission.py"
    module.write_text(module.read_text() + "\n# edited\n")
    assert lock.fingerprint(check) != before


def test_an_edit_of_a_gate_is_found_and_one_of_a_title_needs_no_new_version(tmp_path: Path) -> None:
    """The gate decides what a check sees; its title decides nothing."""
    folder = copy_of_the_checks(tmp_path)
    gate, title = folder / "r2_own_safety" / "check.toml", folder / "s2_abuse" / "check.toml"
    gate.write_text(gate.read_text().replace("[gate]\n", "[gate]\npeople = true\n").replace("people = false\n", ""))
    title.write_text(title.read_text().replace('title = "', 'title = "Really: ', 1))
    changed = lock.without_new_version(load_checks(folder), lock.read_lock())
    assert [check.id for check in changed] == ["r2_own_safety"]


def test_a_new_version_of_an_edited_check_is_accepted(tmp_path: Path) -> None:
    folder = copy_of_the_checks(tmp_path)
    about = folder / "o2_unsuitable_channel" / "check.toml"
    held = lock.read_lock()
    version = held["o2_unsuitable_channel"].version
    about.write_text(
        about.read_text().replace(f"version = {version}", f"version = {version + 1}").replace('"row"', '"thread"')
    )
    assert lock.without_new_version(load_checks(folder), held) == []


def test_a_version_that_cannot_be_bumped_is_not_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock that took the edit under the old version would keep the history from ever being judged by it."""
    folder, held = copy_of_the_checks(tmp_path), lock.read_lock()
    about = folder / "o2_unsuitable_channel" / "check.toml"
    version = held["o2_unsuitable_channel"].version
    edited = about.read_text().replace('"row"', '"thread"')
    about.write_text(edited.replace(f"version = {version}", f"version = {version}  # by hand"))
    monkeypatch.setattr(lock, "load_checks", lambda: load_checks(folder))
    monkeypatch.setattr(lock, "LOCK", tmp_path / "checks.lock")
    monkeypatch.setattr(lock, "read_lock", lambda: held)
    assert lock.main(["--bump"]) == 1
    assert not (tmp_path / "checks.lock").exists()
