"""`acto init`: few questions, a file that loads, nothing overwritten, no secret asked for."""

from __future__ import annotations

import io
import os
import pty
import select
import signal
import stat
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sandbox import ROSTER
from flows.config import ConfigError, load_config
from flows.setup import set_up
from flows.setup.presences import presence
from flows.setup.writing import string
from tests.conftest import acto_environment
from tests.flows.night import Night
from tests.waiting import until
from warehouse.snapshot import publish
from warehouse.store import open_store


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to set up, and an environment without anything of ours."""
    for name in [name for name in os.environ if name.startswith("ACTO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ACTO_HOME", str(tmp_path / "elsewhere"))
    return tmp_path / "new" / "home"


def tell(place: Path, monkeypatch: pytest.MonkeyPatch, *answers: str) -> int:
    """Run `acto init --home` with these lines as standard input."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{answer}\n" for answer in answers)))
    return set_up(place)


class _Typed(io.RawIOBase):
    """Lines as a terminal gives them: one at a time."""

    def __init__(self, lines: list[bytes]) -> None:
        self._lines = lines

    def readable(self) -> bool:
        return True

    def readinto(self, into: memoryview) -> int:  # type: ignore[override]
        line = self._lines.pop(0) if self._lines else b""
        into[: len(line)] = line
        return len(line)


def test_the_answers_are_what_is_read(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a volunteer typed, with its quotation marks, is what the night uses; mistakes are asked again."""
    code = tell(
        place, monkeypatch,
        "nobody", "chair@acto.example, deputy@acto.example",
        "mail.example.org:465 monitor@acto.example",
        "myspace 1", "x 12", "youtube https://www.youtube.com/channel/UCabc_1-2?view=0", "x 7205410938 @acto_org",
        "feed https://blog.example.org/feed", "feed https://forum.example.org/feed", "",
        "nowhere.csv", "~nobody-of-this-name/roster.csv", "a" * 300, str(ROSTER),
        'Jane "JD" O\'Doe \\ trustee', "yesterday", "2026-02-03",
    )  # fmt: skip
    assert code == 0
    config = load_config(place)
    assert config.report.to == ["chair@acto.example", "deputy@acto.example"]
    assert config.smtp and (config.smtp.host, config.smtp.port, config.smtp.security) == (
        "mail.example.org",
        465,
        "tls",
    )
    assert list(config.sources) == ["youtube", "x", "feed", "feed-2"]
    assert (config.sources["youtube"].model_extra or {})["channel_id"] == "UCabc_1-2"
    assert config.roster == ROSTER
    assert (str(config.privacy.recorded_on), config.privacy.recorded_by) == (
        "2026-02-03",
        'Jane "JD" O\'Doe \\ trustee',
    )
    assert stat.S_IMODE((place / "acto.toml").stat().st_mode) == 0o600
    said = capsys.readouterr().out
    assert "10 members, 4 with an office" in said and "ACTO-2001: Rosalind Pryce, known as Ros" in said
    assert (
        "is no platform" in said and "Write x and then user_id and username" in said and "There is no roster at" in said
    )
    assert "somebody who is not here" in said and "File name too long" in said
    assert "Its password is not asked for here." in said
    for variable in ("ACTO_YOUTUBE_API_KEY_FILE", "ACTO_X_BEARER_TOKEN_FILE", "ACTO_SMTP_PASSWORD_FILE"):
        assert f"export {variable}=" in said
    assert f"export ACTO_HOME={place}" in said
    assert "ok      roster:" in said and "BROKEN  source youtube: " in said, "it ends with the doctor"


@pytest.mark.parametrize("answers", [[], [""] * 9])
def test_everything_can_be_skipped(answers: list[str], place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who knows nothing yet still gets a file that explains itself; the end of the input is no error."""
    assert tell(place, monkeypatch, *answers) == 0
    config = load_config(place)
    assert (config.sources, config.smtp, config.roster, config.privacy.recorded_on) == ({}, None, None, None)
    assert config.report.to == ["chair@acto-org.uk"]
    text = (place / "acto.toml").read_text()
    as_shown = [line.removeprefix("# ") for line in text.splitlines() if not line.endswith(".")]
    assert set(tomllib.loads("\n".join(as_shown))) == {"report", "smtp", "people", "privacy", "sources"}, (
        "the examples load"
    )


@pytest.mark.parametrize("there", ["a file", "a link to nowhere"])
def test_what_is_there_is_never_touched(there: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An evening's work on acto.toml must not go because somebody typed init again."""
    place.mkdir(parents=True)
    file = place / "acto.toml"
    if there == "a file":
        file.write_text("[report]\n")
    else:
        file.symlink_to(place.parent / "nowhere")
    with pytest.raises(ConfigError, match="nothing was changed"):
        tell(place, monkeypatch, "chair@acto.example")
    assert file.read_text() == "[report]\n" if there == "a file" else not (place.parent / "nowhere").exists()


def test_an_answer_that_is_no_text_is_asked_again(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A paste from an old Windows program costs the answer, not all that was answered before."""
    typed = _Typed([b"M\xfcller@acto.example\n", b"chair@acto.example\n"])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(typed), "utf-8"))
    assert set_up(place) == 0
    assert "not text in UTF-8" in capsys.readouterr().out
    assert load_config(place).report.to == ["chair@acto.example"]


def test_a_folder_that_cannot_be_made_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A slip in --home costs a sentence, not a traceback."""
    (tmp_path / "a-file").write_text("")
    with pytest.raises(ConfigError, match=r"cannot be written: (Not a directory|File exists)"):
        tell(tmp_path / "a-file" / "home", monkeypatch, "")


def test_a_roster_inside_the_home_moves_with_it_and_its_slips_are_shown(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A column that is spelled otherwise would silently mean that nobody has agreed."""
    place.mkdir(parents=True)
    rows = ROSTER.read_text().splitlines()
    rows[0] += ",Matched on"
    rows[1] = rows[1].replace("rosalindpryce_x", "https://x.com/rosalindpryce_x")
    (place / "roster.csv").write_text("\n".join([rows[0], *(f"{row}," for row in rows[1:])]))
    assert tell(place, monkeypatch, "", "", "", str(place / "roster.csv")) == 0
    assert 'roster = "roster.csv"' in (place / "acto.toml").read_text()
    said = capsys.readouterr().out
    assert "Columns that are not read: Matched on" in said
    assert "Look again: ACTO-2001 has no handle but something else under x" in said


def test_with_a_history_it_says_how_many_authors_are_known(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A roster for another body would match nobody: better seen now than in a month of reports."""
    with open_store(place) as store:
        night = Night(store)
        for number, handle in enumerate(["@RosalindPryce", "somebody", "other"]):
            night.item(f"a{number}", "Hello", author_handle=handle)
        night.item("x1", "Hello", platform="x", author_handle="rosalindpryce_x")
        publish(store)
    assert tell(place, monkeypatch, "", "", "", str(ROSTER)) == 0
    said = capsys.readouterr().out
    assert "YouTube: 1 of 3 stored authors matched" in said
    assert "X: 0 of 1 stored author matched" in said, "nobody has agreed to it there"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    """A name with a quotation mark must not end the file, or say something else in it."""
    assert tomllib.loads(f"value = {string(text)}") == {"value": text}


@pytest.mark.parametrize(
    "typed",
    ["youtube", "x 1", "x 1 2 3", "nowhere 1", "AIzaSyA-secret-that-somebody-pasted-here-by-mistake-000000000000000"],
)
def test_what_is_no_presence_is_said(typed: str) -> None:
    with pytest.raises(ValueError, match=r"Write|is no platform") as caught:
        presence(typed)
    assert "000000000000000" not in str(caught.value), "a secret in the wrong place is not repeated whole"


def test_on_a_terminal_it_asks_and_waits(home: Path, tmp_path: Path) -> None:
    """As somebody sits before it: each question waits for its answer, and Ctrl-C leaves nothing behind."""
    command = [str(Path(sys.executable).parent / "acto"), "init"]
    keyboard, screen = pty.openpty()
    environment = acto_environment(home) | {"TERM": "dumb"}
    with subprocess.Popen(
        command,
        stdin=screen,
        stdout=screen,
        stderr=screen,
        env=environment,
        cwd=tmp_path,
        # What runs in the background is started without it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        os.close(screen)
        shown = _wait_for(keyboard, "", "1. Who gets")
        os.write(keyboard, b"chair@acto.example\n")
        shown = _wait_for(keyboard, shown, "2. Which mail server")
        try:
            until(lambda: _ends_at_ctrl_c(process), seconds=30)
        finally:
            process.kill()
    assert "3. Which presences" not in shown
    os.close(keyboard)
    assert process.returncode == 130 and not (home / "acto.toml").exists()


def _ends_at_ctrl_c(process: subprocess.Popen[bytes]) -> bool:
    """Press it once more, as somebody does when nothing happens.

    What comes in the moment between the prompt and the reading, Python notices only at the next.
    """
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=2)
    except subprocess.TimeoutExpired:
        return False
    return True


def _wait_for(keyboard: int, shown: str, question: str) -> str:
    """Read the screen until the question and its prompt are there."""
    ends_at = time.monotonic() + 30
    while not (question in shown and shown.rstrip(" ").endswith(">")):
        assert time.monotonic() < ends_at, shown
        if select.select([keyboard], [], [], 0.2)[0]:
            shown += os.read(keyboard, 65536).decode()
    return shown
