"""A first load and the night after, side by side in one run: this program, dlt (merge and scd2), and the bare engine.

All land the same rows from the same NDJSON, with the engine of the same version. The first load are ROWS comments; the night
after sees 50,000, of which 5,000 are new and 500 edited (less where ROWS is small). dlt is installed by this script into an
environment of its own; each contestant runs in a process of its own, whose CPU time (all threads), wall time and most
memory are told.

    python -m tests.benchmarks.against_dlt [--rows 1000000] [--only ours,clear,bare,merge,scd2]

Ours is what an import and a night do: raw pages on disk, revisions, sightings, the chain, encrypted; `clear` is ours without
encryption and without the chain. dlt keeps no history when it merges; with scd2 it keeps versions, by the hash of the row.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import duckdb

from connectors.item import Item
from tests.benchmarks.measured import comments

SEEN, NEW, EDITED = 50_000, 5_000, 500
LOADED = 20_000
CONTESTANTS = ("ours", "clear", "bare", "merge", "scd2")
DLT = "dlt[duckdb]==1.31.*"
HERE = Path(__file__).parent


def night_of(rows: int) -> tuple[int, int, int]:
    """(seen, new, edited) of the night after a first load of so many."""
    seen = min(SEEN, rows)
    return seen, seen * NEW // SEEN, seen * EDITED // SEEN


def night_after(rows: int) -> Iterator[Item]:
    """What the night after sees: the last of the first load, some of them edited, and new ones."""
    seen, new, edited = night_of(rows)
    for number, item in enumerate(comments(rows - seen + new, seen)):
        yield replace(item, text=f"{item.text} (edited)") if number < edited else item


def write(items: Iterator[Item], file: Path) -> None:
    """The items as lines of JSON, with the columns that all of the contestants read."""
    with file.open("w", encoding="utf-8") as opened:
        for item in items:
            row = {
                name: value
                for name, value in asdict(item).items()
                if name not in ("raw", "media", "hidden", "edited_at")
            }
            row["created_at"] = item.created_at.isoformat() if item.created_at else None
            opened.write(json.dumps(row) + "\n")


def install(folder: Path) -> Path:
    """An environment with dlt, and the engine in our version; its interpreter."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", DLT, f"duckdb=={duckdb.__version__}"],
        check=True,
    )
    return python


def run(contestant: str, python: Path, folder: Path, first: Path, after: Path) -> list[dict[str, float]]:
    """What the first load and the night after took of one contestant."""
    home = folder / contestant
    home.mkdir()
    module = (
        ["-m", "tests.benchmarks.ours_of_landing"]
        if contestant in ("ours", "clear")
        else [str(HERE / "peers_of_landing.py")]
    )
    steps = []
    for name, file in (("first", first), ("after", after)):
        done = subprocess.run(
            [python, *module, contestant, str(home), name, str(file)], check=True, stdout=subprocess.PIPE, text=True
        )
        steps.append(json.loads(done.stdout.splitlines()[-1]))
    return steps


def show(rows: int, taken: dict[str, list[dict[str, float]]]) -> None:
    """Print seconds, and ratios to ours and to the bare engine."""
    seen, new, edited = night_of(rows)
    titles = (f"first load of {rows:,}", f"night after: {seen:,} seen, {new:,} new, {edited:,} edited")
    for step, title in enumerate(titles):
        print(
            f"\n{title}\n{'':8}{'CPU s':>9}{'wall s':>9}{'MB peak':>9}{'MB file':>9}{'rows':>11}  CPU and wall, ours = 1"
        )
        for name, steps in taken.items():
            one, ours = steps[step], taken.get("ours", steps)[step]
            bare = taken.get("bare", steps)[step]
            ratios = f"{one['cpu'] / ours['cpu']:8.2f}{one['wall'] / ours['wall']:8.2f}{one['cpu'] / bare['cpu']:8.2f}"
            print(
                f"{name:8}{one['cpu']:9.2f}{one['wall']:9.2f}{one['memory']:9.0f}{one['file']:9.1f}{one['rows']:11,.0f}  {ratios}"
            )
            if one["parsing"]:
                left = one["cpu"] - one["parsing"]
                print(
                    f"        of it {one['parsing']:.2f} s make items of the lines, which the bare engine reads itself; without "
                    f"that {left / bare['cpu']:.2f} of bare"
                )


def main() -> None:
    """Make the rows, install the peer, run all, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--only", default=",".join(CONTESTANTS))
    given = parser.parse_args()
    chosen = [name for name in CONTESTANTS if name in given.only.split(",")]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first, after = folder / "first.ndjson", folder / "after.ndjson"
        write(comments(0, given.rows), first)
        write(night_after(given.rows), after)
        peer = install(folder / "environment") if {"merge", "scd2"} & set(chosen) else Path(sys.executable)
        taken = {}
        for contestant in chosen:
            python = peer if contestant in ("merge", "scd2") else Path(sys.executable)
            taken[contestant] = run(contestant, python, folder, first, after)
        show(given.rows, taken)


if __name__ == "__main__":
    main()
