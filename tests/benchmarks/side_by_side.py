"""Six sources read side by side, with 200 ms to each answer, against the slowest of them read alone.

What a night takes should be what its slowest source takes: the ratio says how far from that it is (aim: at most 1.3).

    python -m tests.benchmarks.side_by_side [SECONDS_TO_AN_ANSWER]
"""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from connectors.sandbox import Sandbox, last_night
from connectors.sandbox.presences import as_environment, as_toml
from flows.scanning import run_flow
from warehouse.query import run_query

PLATFORMS = ("facebook", "instagram", "x", "linkedin", "youtube", "google")


def read(platforms: tuple[str, ...], sandbox: Sandbox, folder: Path) -> float:
    """Seconds that a scan of these platforms spends reading, from its start to its last page, by the run's own record."""
    home = folder / "-".join(platforms)
    home.mkdir()
    (home / "acto.toml").write_text(as_toml(sandbox.base_url, platforms), encoding="utf-8")
    run_flow(home, folder, [], None, None, email=False)
    took = "SELECT epoch(max(landed.recorded_at) - any_value(started_at)) FROM store.landed JOIN store.run_started USING (run_id)"
    return float(run_query(home / "history.duckdb", took).rows[0][0])


def main(latency: float) -> None:
    """Print the seconds of each source alone, of all together, and the ratio."""
    os.environ.update(as_environment())
    with (
        tempfile.TemporaryDirectory() as name,
        Sandbox(ending=last_night(datetime.now(UTC)), latency=latency) as sandbox,
    ):
        folder = Path(name)
        read(("feed",), sandbox, folder)  # Prefect's start is not measured
        alone = {platform: read((platform,), sandbox, folder) for platform in PLATFORMS}
        together = read(PLATFORMS, sandbox, folder)
    for platform, taken in alone.items():
        print(f"{platform:12}{taken:8.2f} s")
    slowest = max(alone.values())
    print(f"side by side{together:8.2f} s, ratio to the slowest alone {together / slowest:.2f}")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 0.2)
