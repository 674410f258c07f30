"""What encryption costs: a long import, a night and publishing, encrypted against in the clear, in the same run.

    python -m tests.benchmarks.encryption [COUNT]

Each import runs three times either way, in turn; the least CPU time and the least wall time of each are compared.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.measured import in_the_clear, pages
from tests.benchmarks.night import STEPS, nights
from warehouse.landing import land
from warehouse.runs import start_run
from warehouse.snapshot import publish
from warehouse.store import open_store

TIMES = 3


def importing(count: int, *, encrypted: bool) -> dict[str, float]:
    """Wall and CPU seconds of landing `count` comments, and of publishing them."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        if not encrypted:
            in_the_clear(home)
        with open_store(home) as store:
            run_id = start_run(store, "import", datetime.now(UTC))
            given = list(pages(0, count))
            wall, processor = time.perf_counter(), time.process_time()
            for page in given:
                land(store, run_id, "benchmark", page, None)
            landed, used = time.perf_counter(), time.process_time()
            publish(store)
            return {
                "landing, wall": landed - wall,
                "landing, CPU": used - processor,
                "publishing, wall": time.perf_counter() - landed,
                "publishing, CPU": time.process_time() - used,
            }


def main(count: int) -> None:
    """Print seconds and ratios."""
    taken: dict[bool, list[dict[str, float]]] = {False: [], True: []}
    for _ in range(TIMES):
        for encrypted in taken:
            taken[encrypted].append(importing(count, encrypted=encrypted))
    print(f"{count:,} comments{'clear':>20}{'encrypted':>12}    ratio")
    for what in taken[True][0]:
        clear, encrypted_one = (min(one[what] for one in taken[how]) for how in (False, True))
        print(f"{what:24}{clear:10.2f}s{encrypted_one:11.2f}s{encrypted_one / clear:9.2f}")
    clear_night, encrypted_night = nights(count, encrypted=False), nights(count)
    for step in STEPS:
        one, other = clear_night[step], encrypted_night[step]
        print(f"night: {step:17}{one:10.2f}s{other:11.2f}s{other / one:9.2f}")
    one, other = sum(clear_night.values()), sum(encrypted_night.values())
    print(f"night: all              {one:10.2f}s{other:11.2f}s{other / one:9.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
