"""`acto demo`: the whole job on invented presences, served by the sandbox on this machine, for two nights in a row."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from connectors.sandbox import ROSTER, Sandbox, last_night
from connectors.sandbox.presences import as_environment, as_toml
from flows.config import default_home
from flows.scanning import run_flow, show
from warehouse.files import private_folder

CONFIG = """\
# Written by `acto demo`: invented presences of ACTO on this machine.
[report]
to = ["chair@acto-org.uk"]
[people]
roster = "roster.csv"
[rereading]
daily_for = 60   # the demo's two nights lie seconds apart, so all of its threads are read in both
[encryption]
at_rest = false   # nobody here is real, and anybody may open history.duckdb
{sources}"""


def run_demo() -> int:
    """Scan the sandbox as of last night but one and as of last night, and say where everything is.

    The exit code is that of the second scan.
    """
    home = default_home() / "demo"
    _start_afresh(home)
    console = Console(highlight=False, soft_wrap=True)
    console.print(
        "Invented presences of ACTO on ten platforms are served on this machine and scanned as real ones would be."
    )
    with Sandbox(ending=last_night(datetime.now(UTC))) as sandbox:
        os.environ.update(as_environment())
        (home / "acto.toml").write_text(CONFIG.format(sources=as_toml(sandbox.base_url)), encoding="utf-8")
        for title, nights_ago in (
            ("The first night: a month of comments", 1),
            ("The night after: what has changed", 0),
        ):
            sandbox.rewind(nights=nights_ago)
            console.print(f"\n[bold]{title}[/bold]")
            result = run_flow(home, home.parent, [], None, None, email=True)
            show(result, home, kept=True, email=True)
    pages = [path for path in result.delivered.files if path.suffix == ".html"]
    console.print("\n[bold]What to try next[/bold]")
    console.print(f"  Read the report:     open {pages[-1] if pages else home / 'outbox'} in a browser")
    where = f"ACTO_HOME={_short(home)} "
    for words, command in (
        ("Look and decide:", f"{where}acto review"),
        ("See the open flags:", f"{where}acto flags"),
        ("Ask the history:", f'{where}acto query "SELECT clause, count(*) AS flags FROM flags GROUP BY clause"'),
        ("See what changed:", f'{where}acto query "SELECT item_id, state, revision FROM items WHERE revision > 1"'),
        ("Decide about a flag:", f'{where}acto decide FLAG dismiss --reason "…"'),
        ("Try the checks:", 'acto check --text "Add me on my private Insta and we can chat after our sessions"'),
    ):
        console.print(f"  {words:<20} {command}", markup=False)
    console.print(
        "For your own presences see README.md and docs/access/. (`uv run acto …` without an activated .venv.)"
    )
    return result.exit_code


def _start_afresh(home: Path) -> None:
    """An empty demo folder with the roster of invented members."""
    if home.exists():
        shutil.rmtree(home)
    private_folder(home)
    shutil.copy(ROSTER, home / "roster.csv")


def _short(path: Path) -> str:
    """The path as one would type it in the current folder."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
