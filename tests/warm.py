"""The command `acto` in a process that has imported everything already: seconds of imports less for each run.

A warm process is started once; for each run it forks a child, which is then as a fresh `acto` is after its imports: with an
environment, a folder, output and an open history of its own. It can be killed as a whole, with everything that it started.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).parents[1]


class WarmProcess:
    """Runs `acto`, one run at a time. Close it in the end."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.warm"],
            cwd=CHECKOUT,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        output: Path,
        errors: Path,
        prepare: str = "",
    ) -> int:
        """Start a run and give its process number; `prepare` is `module:function`, called in the child before the command."""
        self._say(
            {
                "arguments": list(arguments),
                "environment": dict(environment),
                "folder": str(folder),
                "output": str(output),
                "errors": str(errors),
                "prepare": prepare,
            }
        )
        return int(self._answer())

    def wait(self) -> int:
        """The exit code of the run that was started last; minus the signal that ended it."""
        self._say({"wait": True})
        return int(self._answer())

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(30)

    def _say(self, request: dict[str, Any]) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()

    def _answer(self) -> str:
        assert self._process.stdout
        answer = self._process.stdout.readline()
        assert answer, "the warm process has ended"
        return answer


def _serve() -> None:
    """Answer requests until there are no more."""
    from connectors.registry import PLATFORMS, reader
    from flows.prefect_settings import set_up_prefect
    from tests.remembered_scores import remember, take_over

    set_up_prefect(Path(os.environ["ACTO_HOME"]), quiet=True)
    # What the commands import on their way.
    import flows.demo
    import flows.scan
    import flows.scanning  # noqa: F401
    from flows.reading_sources import read_source

    for name in ("asking", "auditing", "backing_up", "checking", "doctor", "erasing", "importing", "verifying"):
        import_module(f"flows.{name}")
    for platform in PLATFORMS:
        reader(platform)
    # A source that fails is tried again as often as ever, but nobody waits 25 seconds for it.
    read_source.retry_delay_seconds = [0.5, 2]
    remember()
    heard = Path(os.environ["ACTO_HOME"]) / "heard"
    # The children share these objects for as long as nobody counts them.
    gc.freeze()
    child = 0
    for line in sys.stdin:
        request = json.loads(line)
        if "wait" in request:
            _, status = os.waitpid(child, 0)
            take_over(heard)
            print(os.waitstatus_to_exitcode(status), flush=True)
            continue
        child = os.fork()
        if not child:
            _become(request, heard)
        print(child, flush=True)


def _become(request: dict[str, Any], heard: Path) -> None:
    """Be the command, in a process group of its own; leave in the file `heard` what the scorer has said anew."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for descriptor, name in ((1, "output"), (2, "errors")):
        opened = os.open(request[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(opened, descriptor)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    tempfile.tempdir = None
    code = 1
    try:
        from flows.command_line import app
        from flows.exits import exit_in_words
        from flows.prefect_settings import set_up_prefect
        from tests.remembered_scores import hand_over

        set_up_prefect(Path(os.environ["ACTO_HOME"]), quiet=True)
        if request["prepare"]:
            module, _, function = request["prepare"].partition(":")
            getattr(__import__(module, fromlist=[function]), function)()
        # What does not speak with Prefect is spared the reading of its settings, which takes 0.2 s.
        speaks = request["arguments"][0] in ("demo", "scan", "serve")
        with _settings_of_here() if speaks else nullcontext():
            code = exit_in_words(app, request["arguments"])
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        hand_over(heard)
        # As at the end of a process: Prefect sends what it has still to say.
        atexit._run_exitfuncs()
        os._exit(code)


@contextmanager
def _settings_of_here() -> Iterator[None]:
    """Prefect's settings as the environment of this child has them; the process that it comes from read its own."""
    from prefect.context import refresh_global_settings_context
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    refresh_global_settings_context()
    # At its end each flow waits up to a second for the thread of its heartbeats.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield


if __name__ == "__main__":
    _serve()
