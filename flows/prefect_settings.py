"""Prefect's settings, set before Prefect is imported; what the user has set in the environment wins.

They are environment variables rather than `[tool.prefect]` of pyproject.toml, which Prefect reads only where the
command runs inside the checkout: a scan started from any other folder would die at Prefect's 20 seconds.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from flows.exits import STOPPED

# For how long Prefect keeps its records of runs. What was scanned stands in the history, not in them.
REMEMBERED = timedelta(days=30)


class PrefectError(Exception):
    """Prefect cannot be used; the message says why and what to do."""


def set_up_prefect(home: Path, *, quiet: bool) -> None:
    """Keep Prefect's files under `home`, give its server time to start, and keep its log out of the terminal if `quiet`.

    Must run before the first `import prefect`.
    """
    settings = {
        "PREFECT_HOME": str(home / "prefect"),
        # A first start takes 13-25 s on a quiet machine; the default of 20 s fails on a busy one.
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "300",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        # The recorder writes one row a batch by default and loses task runs when the embedded server ends.
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "200",
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "100",
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "1",
        # What a server of ours forgets after a month; events go after a week by its own default.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(int(REMEMBERED.total_seconds())),
        # Our own progress goes to Prefect's page too.
        "PREFECT_LOGGING_EXTRA_LOGGERS": "acto",
        # What we say between runs (starting, showing the outcome) belongs to none of them.
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    }
    if quiet:
        settings["PREFECT_LOGGING_LEVEL"] = "ERROR"
        settings["PREFECT_SERVER_LOGGING_LEVEL"] = "ERROR"
        settings["PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"] = "CRITICAL"
    for name, value in settings.items():
        os.environ.setdefault(name, value)


def tell_server_that_it_is_stopped() -> None:
    """Have the server named by PREFECT_API_URL show the flow run of this thread as ended; one of our own ends with us.

    Raises whatever the server's client does where that does not answer, within some seconds.
    """
    if "prefect" not in sys.modules:
        return
    from prefect.client.orchestration import get_client
    from prefect.runtime import flow_run
    from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings
    from prefect.states import Crashed

    if PREFECT_API_URL.value() and flow_run.id:
        with (
            temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0}),
            get_client(sync_client=True, httpx_settings={"timeout": 5}) as client,
        ):
            client.set_flow_run_state(UUID(flow_run.id), Crashed(message=STOPPED), force=True)


def end_server() -> None:
    """End the server that Prefect has started for this process, if it has: in some seconds, or by force."""
    # Whatever has not imported it has started none.
    if (module := sys.modules.get("prefect.server.api.server")) is not None:
        for server in list(module.SubprocessASGIServer._instances.values()):
            server.stop()


def find_server() -> None:
    """Make sure that the server named by PREFECT_API_URL answers; without one Prefect starts its own.

    Raises PrefectError where it does not.
    """
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_API_URL

    if not (address := PREFECT_API_URL.value()):
        return
    with get_client(sync_client=True) as client:
        trouble = client.api_healthcheck()
    if trouble is not None:
        # Not the whole address: it may hold a password.
        named = urlsplit(address)
        raise PrefectError(
            f"Prefect's server at {named.hostname}:{named.port or named.scheme} does not answer"
            f" ({type(trouble).__name__}). Start it, or unset PREFECT_API_URL to scan without it."
        )
