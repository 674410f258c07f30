"""Prefect forgets old runs: a server that stays does so by itself, one that ends with each scan (`acto scan` without a server)
does not, and its database would grow by some hundred kilobytes a night for ever.
"""

from __future__ import annotations

from datetime import UTC, datetime

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    FlowRunFilter,
    FlowRunFilterEndTime,
)
from prefect.settings import PREFECT_API_URL

from flows.prefect_settings import REMEMBERED

# In one night, so that a long neglected database makes no long night.
AT_MOST = 50


def forget_old_runs() -> None:
    """Remove runs that ended more than REMEMBERED ago from Prefect's own database, where the server is one that ends with us."""
    if not PREFECT_API_URL.value():
        forget_runs(datetime.now(UTC) - REMEMBERED)


def forget_runs(before: datetime) -> int:
    """Remove runs of flows that ended before then, with their tasks, logs and artifacts; how many there were, AT_MOST at once."""
    ended = FlowRunFilter(end_time=FlowRunFilterEndTime.model_validate({"before_": before}))
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs(flow_run_filter=ended, limit=AT_MOST)
        for run in runs:
            of_run = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run.id]))
            for artifact in client.read_artifacts(artifact_filter=of_run):
                client.delete_artifact(artifact.id)
            # The server removes the logs of a run with it.
            client.delete_flow_run(run.id)
    return len(runs)
