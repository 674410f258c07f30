"""`acto serve`: the deployments of prefect.yaml served from this machine, with Prefect's own server where none is named."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import yaml

from flows.config import ConfigError, default_home, load_config
from flows.exits import COMPLETE, FAILED
from flows.prefect_settings import find_server, set_up_prefect

LOCAL_SERVER = "http://127.0.0.1:4200"
TIME_TO_START = 300.0


def serve_deployments() -> int:
    """Serve until stopped with Ctrl-C. Starts a Prefect server on 127.0.0.1:4200 unless PREFECT_API_URL names one.

    Raises ConfigError where acto.toml or prefect.yaml cannot be used, PrefectError where the server does not answer.
    """
    home = default_home()
    sources = load_config(home).sources
    settings = deployments_file()
    set_up_prefect(home, quiet=False)
    os.environ["ACTO_HOME"] = str(home)
    if os.environ.get("PREFECT_API_URL"):
        find_server()
        return _serve(settings, sources)
    os.environ["PREFECT_API_URL"] = f"{LOCAL_SERVER}/api"
    # Whoever ends this process alone (`kill`, a container) must not leave its server behind.
    signal.signal(signal.SIGTERM, _end)
    server = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", "4200"]
    )
    try:
        if not _answers(server):
            print("Prefect's server did not start; its own messages above say why.", file=sys.stderr)
            return FAILED
        return _serve(settings, sources)
    finally:
        server.terminate()
        server.wait()


def deployments_file() -> Path:
    """prefect.yaml of the checkout that this program runs from, or of the current folder."""
    for folder in (Path(__file__).parent.parent, Path.cwd()):
        if (folder / "prefect.yaml").exists():
            return folder / "prefect.yaml"
    raise ConfigError("There is no prefect.yaml here. Run acto serve in the checkout of the monitor.")


def deployments(path: Path, sources: Iterable[str] = ()) -> list[Any]:
    """The deployments that `path` describes, as Prefect objects: name, description, parameters, schedules, concurrency.

    Their forms offer `sources` to choose from; which there are is looked up when they are served.
    """
    from prefect.client.schemas.objects import ConcurrencyLimitConfig
    from prefect.schedules import Cron

    from flows.scan import scan
    from flows.scan_form import form_of

    described = yaml.safe_load(path.read_text(encoding="utf-8"))["deployments"]
    made: list[Any] = [
        scan.to_deployment(
            name=deployment["name"],
            description=deployment["description"],
            parameters=deployment["parameters"],
            schedules=[
                Cron(schedule["cron"], timezone=schedule["timezone"], slug=schedule["slug"])
                for schedule in deployment.get("schedules", [])
            ],
            concurrency_limit=ConcurrencyLimitConfig(**deployment["concurrency_limit"]),
        )
        for deployment in described
    ]
    names = list(sources)
    for deployment in made:
        deployment._parameter_openapi_schema = form_of(scan, deployment._parameter_openapi_schema, names)
    return made


def _end(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _serve(settings: Path, sources: Iterable[str]) -> int:
    from prefect import serve

    print(
        f"Open {os.environ['PREFECT_API_URL'].removesuffix('/api')}/deployments to start a scan by hand. Ctrl-C stops."
    )
    serve(*deployments(settings, sources))
    return COMPLETE


def _answers(server: subprocess.Popen[bytes]) -> bool:
    """Wait until the local server answers; False if it ended or took too long."""
    deadline = time.monotonic() + TIME_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(f"{LOCAL_SERVER}/api/health", timeout=5):  # noqa: S310
                return True
        except (URLError, OSError):
            time.sleep(0.5)
    return False
