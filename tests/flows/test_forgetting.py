"""Prefect's own database does not grow for ever."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId, LogFilter, LogFilterFlowRunId
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.forgetting import forget_runs


@flow
def _noted() -> None:
    get_run_logger().warning("a line")
    create_markdown_artifact("some text", key="of-a-test")


def wait_until(happened: Callable[[], object]) -> None:
    """Prefect writes and removes logs a moment later."""
    deadline = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def test_runs_go_with_their_logs_and_artifacts(prefect_server: str) -> None:
    """A scan a night for years fills the disk with records that nobody looks at; what ended lately must stay to be looked at."""
    with temporary_settings({PREFECT_API_URL: prefect_server}):
        state = _noted(return_state=True)
        run_id = state.state_details.flow_run_id
        assert run_id
        about = FlowRunFilter(id=FlowRunFilterId(any_=[run_id]))
        lines = LogFilter(flow_run_id=LogFilterFlowRunId(any_=[run_id]))
        with get_client(sync_client=True) as client:
            wait_until(lambda: client.read_logs(lines))
            forget_runs(datetime.now(UTC) - timedelta(hours=1))
            assert client.read_flow_runs(flow_run_filter=about), "a run of today was forgotten"
            assert forget_runs(datetime.now(UTC) + timedelta(seconds=1)) >= 1
            assert not client.read_flow_runs(flow_run_filter=about)
            assert all(one.flow_run_id != run_id for one in client.read_artifacts())
            wait_until(lambda: not client.read_logs(lines))
