"""Where keys come from: each documented place works, in the documented order, and says what is amiss."""

from __future__ import annotations

import base64
import os
import stat
from pathlib import Path

import keyring
import pytest
from keyrings.alt.file import PlaintextKeyring

from tests.warehouse.encrypted_home import MARKER, keep_marked, readable, texts
from warehouse.encryption import EncryptionError
from warehouse.key_kinds import HISTORY, READER
from warehouse.key_places import place_of
from warehouse.keys import begin_change
from warehouse.store import open_store


def a_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


@pytest.fixture(autouse=True)
def _a_file_as_credential_store(tmp_path: Path) -> object:
    """Keyring's own backend that keeps entries in a file."""
    before = keyring.get_keyring()
    backend = PlaintextKeyring()
    backend.file_path = str(tmp_path / "keyring.cfg")
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


def set_up(place: str, home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put both keys where `place` says."""
    for purpose, setting in ((HISTORY, "key_file"), (READER, "reader_key_file")):
        file = folder / purpose.credential
        file.write_text(f"{a_key()}\n")
        if place == "variable":
            monkeypatch.setenv(purpose.variable, file.read_text())
        elif place == "file of a variable":
            monkeypatch.setenv(f"{purpose.variable}_FILE", str(file))
        elif place == "systemd credential":
            monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
        elif place == "file in acto.toml":
            with (home / "acto.toml").open("a") as config:
                config.write(
                    f'[encryption]\n{setting} = "{file}"\n' if purpose is HISTORY else f'{setting} = "{file}"\n'
                )
    if place == "credential store":
        (home / "acto.toml").write_text("[encryption]\ncredential_store = true\n")


PLACES = ["variable", "file of a variable", "systemd credential", "credential store", "file in acto.toml", "home"]


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_a_key_is_taken_from_each_place_and_changed(
    place: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A place that is documented and does not work, or cannot rotate, would leave the keys beside the data."""
    set_up(place, home, tmp_path, monkeypatch)
    keep_marked(home)
    assert (home / "keys").exists() is (place == "home") and readable(home) == [] and texts(home) == [f"{MARKER} 1"]
    old = {purpose: place_of(home, purpose).keys()[0] for purpose in (HISTORY, READER)}
    handed = place in ("variable", "systemd credential")
    with open_store(home):
        if handed:
            with pytest.raises(EncryptionError, match="put the new key into ACTO_NEW_KEY"):
                begin_change(home)
            for purpose in (HISTORY, READER):
                monkeypatch.setenv(purpose.new_variable, a_key())
        begin_change(home)
    assert texts(home) == [f"{MARKER} 1"], "readers wait for nothing"
    with open_store(home):
        pass
    if handed:
        for purpose in (HISTORY, READER):
            monkeypatch.setenv(purpose.variable, os.environ[purpose.new_variable])
            monkeypatch.delenv(purpose.new_variable)
    new = {purpose: place_of(home, purpose).keys() for purpose in (HISTORY, READER)}
    assert all(len(keys) == 1 and keys[0] != old[purpose] for purpose, keys in new.items())
    keep_marked(home, "2")
    assert texts(home) == [f"{MARKER} 1", f"{MARKER} 2"] and readable(home) == []
    for purpose in (HISTORY, READER):
        monkeypatch.setenv(purpose.variable, old[purpose])
    with pytest.raises(EncryptionError), open_store(home):
        pass
    with pytest.raises(EncryptionError):
        texts(home)


def test_the_order_is_the_documented_one(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With keys in two places it must be plain which one counts."""
    names = []
    for place in reversed(PLACES):
        if place == "credential store":
            (home / "acto.toml").write_text(
                f'[encryption]\ncredential_store = true\nkey_file = "{tmp_path}/acto-key"\n'
            )
        else:
            set_up(place, home, tmp_path, monkeypatch)
        names.append(place_of(home, HISTORY).name)
    assert len(set(names)) == 6 or names[1] == names[4], names
    assert names[0].endswith("home/keys/history.key") and "credential store" in names[2] and "systemd" in names[3]
    assert names[5] == "the environment variable ACTO_KEY"


@pytest.mark.parametrize(
    "text", ["", "secret", base64.b64encode(b"short").decode(), "ü" * 44, "'; DROP TABLE items; --"]
)
def test_what_is_no_key_is_said_without_repeating_it(text: str, home: Path, tmp_path: Path) -> None:
    """A password pasted in its place must not show in a log."""
    (tmp_path / "key").write_text(text)
    (home / "acto.toml").write_text(f'[encryption]\nkey_file = "{tmp_path}/key"\n')
    with pytest.raises(EncryptionError) as caught, open_store(home):
        pass
    assert "key" in str(caught.value) and (not text or text not in str(caught.value))
    assert not (home / "warehouse" / "live.duckdb").exists()


def test_a_named_file_that_is_not_there_is_not_made(home: Path, tmp_path: Path) -> None:
    """It may lie on a disk that is not mounted yet."""
    (home / "acto.toml").write_text(f'[encryption]\nkey_file = "{tmp_path}/key"\n')
    with pytest.raises(EncryptionError, match=r"there is no such file.*openssl rand"), open_store(home):
        pass
    assert not (tmp_path / "key").exists()


def test_keys_that_are_made_are_for_their_owner_alone(home: Path) -> None:
    """Another user of the machine must not read them."""
    keep_marked(home)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (home / "keys").iterdir()] == [0o600, 0o600]
    assert stat.S_IMODE((home / "keys").stat().st_mode) == 0o700


def test_a_mistake_in_the_section_is_said(home: Path) -> None:
    """A misspelt key must not silently leave the history as it was."""
    (home / "acto.toml").write_text("[encryption]\nat_rset = false\n")
    with pytest.raises(EncryptionError, match=r"encryption\.at_rset"), open_store(home):
        pass
