"""The findings on the screen: one line each where a program or a paste reads it, wrapped in columns on a terminal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.finding import Finding
from flows.masking import clean
from warehouse.terms import Rule

MARKS = {"ok": "ok     ", "warning": "warning", "broken": "BROKEN "}
STYLES = {"ok": "green", "warning": "yellow", "broken": "bold red"}
NOT_LOOKED_AT = "skipped"


def show_json(findings: Sequence[Finding], bound: Sequence[Rule]) -> None:
    """Print both as one JSON object."""
    terms = [{**asdict(rule), "read": rule.read.isoformat()} for rule in bound]
    print(json.dumps({"findings": [asdict(one) for one in findings], "terms": terms}, ensure_ascii=False, indent=2))


def show(findings: Sequence[Finding], bound: Sequence[Rule]) -> None:
    """Print the findings, how many want mending, and the terms of the platforms."""
    console = Console(highlight=False, soft_wrap=True)
    if console.is_terminal:
        console.print(_columns(findings), soft_wrap=False)
    else:
        for one in findings:
            console.print(f"{_mark(one)} {one.about}: {_sentence(one)}", markup=False)
    console.print(f"\n{_in_all(findings)}", style="bold", markup=False)
    if bound:
        console.print("\nWhat the platforms' terms ask for, and what is done about it by itself:")
    for rule in bound:
        console.print(f"  {rule.platform}: {rule.says}", markup=False)
        console.print(f"      {rule.source}; read {rule.read:%-d %b %Y}, {rule.sure}", style="dim", markup=False)


def _columns(findings: Sequence[Finding]) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, max_width=18, overflow="ellipsis")
    table.add_column(overflow="fold")
    for one in findings:
        said = Text(clean(one.says))
        if one.mend:
            said.append(f"\n→ {clean(one.mend)}", style="cyan")
        style = "dim" if one.because else STYLES[one.outcome]
        table.add_row(Text(_mark(one), style=style), Text(clean(one.about)), said)
    return table


def _mark(one: Finding) -> str:
    return NOT_LOOKED_AT if one.because else MARKS[one.outcome]


def _sentence(one: Finding) -> str:
    return clean(f"{one.says} → {one.mend}" if one.mend else one.says)


def _in_all(findings: Sequence[Finding]) -> str:
    broken = sum(one.outcome == "broken" for one in findings)
    skipped = sum(bool(one.because) for one in findings)
    warnings = sum(one.outcome == "warning" for one in findings) - skipped
    if not (broken or warnings or skipped):
        return "All is well."
    told = [f"{broken} broken"] if broken else ["Nothing is broken"]
    told += [f"{warnings} to look at"] if warnings else []
    told += [f"{skipped} not looked at"] if skipped else []
    return f"{', '.join(told)}." + (" The commands behind the arrows mend it." if broken or warnings else "")
