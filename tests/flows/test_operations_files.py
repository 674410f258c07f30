"""The units and the container file of docs/operations: what they name is there."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tomllib
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml

from connectors.registry import PLATFORMS
from flows.command_line import app
from flows.exits import INCOMPLETE, INTERRUPTED
from flows.mail_oauth import VARIABLE as MAIL_CONSENT
from flows.watchdog import VARIABLE
from warehouse.key_kinds import HISTORY, READER

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "operations"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
INSTALLED = "/opt/acto"
SECRETS = {platform.secret_variable for platform in PLATFORMS.values()} | {
    platform.oauth_variable for platform in PLATFORMS.values()
}
KNOWN = SECRETS | {"ACTO_HOME", "ACTO_SMTP_PASSWORD", MAIL_CONSENT, VARIABLE, HISTORY.variable, READER.variable}


class Unit(ConfigParser):
    """A unit file; what stands in it more than once is joined by line breaks."""

    def __init__(self, file: Path) -> None:
        super().__init__(strict=False, interpolation=None)
        self.optionxform = str  # type: ignore[assignment, method-assign]
        self.file = file
        self.read_string(file.read_text(encoding="utf-8"))

    def every(self, key: str) -> list[str]:
        return re.findall(rf"^{key}=(.*)$", self.file.read_text(encoding="utf-8"), re.MULTILINE)


UNITS = [Unit(file) for file in sorted(FOLDER.glob("acto*.service"))]


def is_a_command(words: list[str]) -> bool:
    """Whether the words begin with the console script and a command that it has."""
    program, command = words[:2]
    return Path(program).name in PROJECT["scripts"] and command in list(app)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.file.name)
def test_a_unit_starts_what_is_there(unit: Unit) -> None:
    """A unit that names a command of last year fails every night, on a machine that nobody looks at."""
    service = unit["Service"]
    words = shlex.split(service["ExecStart"])
    assert words[0] == f"{INSTALLED}/.venv/bin/acto" and is_a_command(words)
    assert unit.every("Environment") == [f"ACTO_HOME=/var/lib/{service['StateDirectory']}"]
    assert (ROOT / unit["Unit"]["Documentation"].removeprefix(f"file://{INSTALLED}/")).exists()
    assert service["WorkingDirectory"] == INSTALLED and (ROOT / "prefect.yaml").exists()


def test_what_scans_is_asked_to_end_before_its_helpers() -> None:
    """systemd asks all processes of a unit at once by default, and Prefect's server would be gone before the scan."""
    for unit in UNITS:
        scans = shlex.split(unit["Service"]["ExecStart"])[1] in ("serve", "scan")
        assert unit["Service"]["KillMode"] == ("mixed" if scans else "process")
    stopped = Unit(FOLDER / "acto-scan.service")["Service"]["SuccessExitStatus"].split()
    assert stopped == [str(INCOMPLETE), str(INTERRUPTED)], "a scan that somebody stops has not failed"


def test_all_services_are_held_equally_close() -> None:
    """What was mended in one and forgotten in another protects some of the machines."""
    protections = re.compile("Protect|Private|Restrict|Capab|NoNew|Lock|System|UMask|Memory")
    one, *others = ({key: value for key, value in unit["Service"].items() if protections.match(key)} for unit in UNITS)
    assert len(others) == 2 and all(other == one for other in others)
    assert one["ProtectSystem"] == "strict" and one["NoNewPrivileges"] == "yes" and len(one) > 18


def test_the_timer_is_the_night_of_the_deployment() -> None:
    """Whoever changes from one to the other must not find the report at another hour."""
    [schedule] = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"][0]["schedules"]
    minute, hour, *_ = schedule["cron"].split()
    timer = Unit(FOLDER / "acto-scan.timer")
    assert timer["Timer"]["OnCalendar"] == f"*-*-* {int(hour):02}:{int(minute):02}:00 {schedule['timezone']}"
    assert (FOLDER / "acto-scan.service").exists(), "a timer starts the service of its own name"


def test_the_credentials_are_ones_that_the_program_reads() -> None:
    """A secret under a name that nothing reads is a source that is not read."""
    secrets = Unit(FOLDER / "secrets.conf")
    loaded = {one.split(":")[0] for one in secrets.every("LoadCredential")}
    handed = dict(one.split("=", 1) for one in secrets.every("Environment"))
    assert {name.removesuffix("_FILE") for name in handed} <= KNOWN and all(name.endswith("_FILE") for name in handed)
    read = {value.removeprefix("%d/") for value in handed.values()} | {HISTORY.credential, READER.credential}
    assert loaded == read


def test_the_container_is_built_of_what_is_there() -> None:
    """A file that is missing from the image is found when the machine is already gone."""
    text = (FOLDER / "Containerfile").read_text(encoding="utf-8")
    copied = {name.rstrip("/") for line in re.findall(r"^COPY (.*) \S+$", text, re.MULTILINE) for name in line.split()}
    assert all((ROOT / name).exists() for name in copied)
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    needed = {*packages["targets"]["wheel"]["packages"], PROJECT["readme"], "uv.lock", "prefect.yaml", "pyproject.toml"}
    assert needed | set(PROJECT["license-files"]) <= copied
    version = re.search(r"^FROM \S+:(\d+\.\d+)-slim$", text, re.MULTILINE)
    assert version and version[1] in ("3.11", "3.12", "3.13") and PROJECT["requires-python"] == ">=3.11,<3.14"
    entry, command = (yaml.safe_load(one) for one in re.findall(r"^(?:ENTRYPOINT|CMD) (.*)$", text, re.MULTILINE))
    assert is_a_command([*entry, *command])


def test_what_the_page_names_is_there() -> None:
    """Variables and folders of a page that is followed once, by somebody who has never seen the program."""
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    named = {name.removesuffix("_FILE") for name in re.findall(r"\bACTO_[A-Z_]+\b", page)}
    assert named <= KNOWN | {"ACTO_HOME"}, named - KNOWN
    for words in re.findall(rf"{INSTALLED}/\.venv/bin/(acto [a-z]+)", page):
        assert is_a_command(words.split())


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    """A word that systemd does not know is passed over in silence, and with it the protection that it stood for."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd is not here")
    for file in FOLDER.glob("acto*"):
        text = file.read_text(encoding="utf-8").replace(f"={INSTALLED}/.venv/bin/acto", "=/bin/true")
        text = text.replace(INSTALLED, str(tmp_path)).replace("User=acto", "User=root")
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    command = [analyze, "verify", "--man=no", *map(str, tmp_path.glob("acto*"))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
