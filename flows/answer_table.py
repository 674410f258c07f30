"""An answer as a table: cut to the terminal's width or, where that would leave too little, in a pager that moves sideways."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.masking import clean
from flows.report_words import count
from warehouse.formats import to_text
from warehouse.query import QueryResult

BETWEEN_COLUMNS = 3
LEAST = 16  # characters that a column keeps on the terminal, or the table is shown in a pager
MOST = 80  # characters of a cell there
LINES_OF_ITS_OWN = 6  # the table's frame and header, the count, and the prompt


def show_table(result: QueryResult) -> None:
    """Print it: whole where the output is no terminal, otherwise cut or paged. Without a pager it is cut to fit."""
    console = Console(highlight=False)
    columns = [clean(name) for name in result.columns]
    rows = [[clean(to_text(value)) for value in row] for row in result.rows]
    widths = [max(map(cell_len, cells)) for cells in zip(columns, *rows, strict=True)]
    if not console.is_terminal:
        _print(Console(highlight=False, width=_needed(widths)), columns, rows, widths)
        return
    level = _level(widths, console.width)
    pager = _pager()
    if pager is None or (level is not None and len(rows) + LINES_OF_ITS_OWN <= console.height):
        level = level or LEAST
        _print(console, columns, rows, [min(width, level) for width in widths])
        return
    widths = [min(width, level or MOST) for width in widths]
    wide = Console(highlight=False, width=_needed(widths), force_terminal=True)
    with wide.capture() as captured:
        _print(wide, columns, rows, widths)
    _page(pager, captured.get())


def _needed(widths: list[int]) -> int:
    """How wide a table with columns of these widths is; its last line must fit too."""
    return max(sum(widths) + BETWEEN_COLUMNS * len(widths) + 1, 40)


def _level(widths: list[int], room: int) -> int | None:
    """The width to which the widest columns must be cut so that all fit; None if less than LEAST would be left."""
    levels = range(max(room, LEAST), LEAST - 1, -1)
    return next((level for level in levels if _needed([min(width, level) for width in widths]) <= room), None)


def _print(console: Console, columns: list[str], rows: list[list[str]], widths: list[int]) -> None:
    table = Table(header_style="bold", show_lines=False)
    for name, width in zip(columns, widths, strict=True):
        table.add_column(escape(name), no_wrap=True, overflow="ellipsis", width=width)
    for row in rows:
        table.add_row(*map(escape, row))
    console.print(table)
    console.print(count(len(rows), "row"))


def _pager() -> list[str] | None:
    """The user's $PAGER, or less where it is installed."""
    command = shlex.split(os.environ.get("PAGER", "")) or ["less"]
    if not shutil.which(command[0]):
        return None
    # Colours are shown, and long lines are cut at the edge: the arrow keys move sideways.
    return [*command, "-RS"] if command == ["less"] else command


def _page(pager: list[str], text: str) -> None:
    # What was searched for in comments is not to be kept in a file; a pager need not be able to start programs.
    safely = {"LESSHISTFILE": "-", "LESSSECURE": "1"}
    # Ctrl-C in a pager stops its search, and must not end us and leave the terminal to it.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        subprocess.run(pager, input=text.encode(), env=os.environ | safely, check=False)  # noqa: S603
    finally:
        signal.signal(signal.SIGINT, before)
