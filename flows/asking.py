"""Questions to the history from the terminal, in SQL or by name, and where their answers go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from flows.answer_file import print_answer, refuse_what_is_there, write_answer
from flows.answer_table import show_table
from flows.config import ConfigError
from flows.desk import published_history
from flows.exits import COMPLETE
from flows.ready_questions import ready_question, ready_questions
from flows.report_words import count
from warehouse.formats import csv_parts, json_parts
from warehouse.query import QueryError, UnknownNameError, open_query, run_query

# No question in SQL is a single word.
NAME = re.compile(r"\s*([\w-]+)\s*")
FILES = ("csv", "json", "xlsx")


def ask(question: str | None, layout: str | None, output: Path | None) -> int:
    """Answer SQL, or the ready question of that name, as table, csv, json or xlsx; in a new file where `output` is given.

    Raises ConfigError for a name or a file that will not do, warehouse.query.QueryError for SQL that will not.
    """
    if question is None:
        raise ConfigError(
            'Ask in SQL, acto query "SELECT …", or by name: `acto query --list` lists the ready questions.'
        )
    name = NAME.fullmatch(question)
    layout = _layout(layout, output)
    if output:
        refuse_what_is_there(output)
    if not name:
        return _answer(question, layout, output)
    try:
        return _answer(ready_question(name[1]).sql, layout, output)
    except UnknownNameError:
        raise QueryError(
            f"The history is older than the question {name[1]!r}. Any run brings it up to date, as `acto check` does."
        ) from None


def _answer(sql: str, layout: str, output: Path | None) -> int:
    if layout == "table":
        # How wide its columns are, all rows say together.
        show_table(run_query(published_history(), sql))
        return COMPLETE
    with open_query(published_history(), sql) as (columns, rows):
        if output:
            counted = Counted(rows)
            write_answer(output, lambda file: _write(columns, counted, layout, file))
            print(
                f"{count(counted.rows, 'row')} written to {output}. It is not encrypted: remove it when you are done."
            )
        else:
            print_answer(_parts(columns, rows, layout))
    return COMPLETE


def list_questions(name: str | None) -> int:
    """Print the ready questions, or the SQL of one. Raises ConfigError where there is none of that name."""
    if name is not None:
        print(ready_question(name).sql, end="")
        return COMPLETE
    console = Console(highlight=False)
    for question in ready_questions():
        console.print(question.name, style="bold", markup=False)
        console.print(Padding(Text(question.asks), (0, 0, 0, 4)))
    console.print("\nTo ask: acto query NAME. To see its SQL: acto query --list NAME. More: docs/sql.md", markup=False)
    return COMPLETE


def _layout(layout: str | None, output: Path | None) -> str:
    if output is None:
        if layout == "xlsx":
            raise ConfigError("A spreadsheet needs a file: --output FILE.xlsx")
        return layout or "table"
    ending = output.suffix.lower().removeprefix(".")
    if (layout or ending) not in FILES:
        raise ConfigError(f"{output} must end in .csv, .json or .xlsx, or say --format csv, json or xlsx.")
    return layout or ending


class Counted:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self._rows, self.rows = rows, 0

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        for row in self._rows:
            self.rows += 1
            yield row


def _write(columns: Sequence[str], rows: Iterable[tuple[Any, ...]], layout: str, file: Path) -> None:
    if layout == "xlsx":
        # Only who wants a spreadsheet pays for its library.
        from warehouse.spreadsheet import write_xlsx

        write_xlsx(columns, rows, file)
        return
    with file.open("w", encoding="utf-8", newline="") as written:
        written.writelines(_parts(columns, rows, layout))


def _parts(columns: Sequence[str], rows: Iterable[tuple[Any, ...]], layout: str) -> Iterator[str]:
    if layout == "csv":
        yield from csv_parts(columns, rows)
    else:
        yield from json_parts(columns, rows)
        yield "\n"
