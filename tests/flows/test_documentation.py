"""What the documentation tells people to type works."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from flows.config import load_config
from flows.ready_questions import ready_questions
from tests.conftest import Acto
from warehouse.query import run_query

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(path: Path, language: str) -> list[str]:
    """The code blocks of a page in a language, without their indentation."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return ["\n".join(line.removeprefix(indent) for line in text.splitlines()) for indent, text in found]


def test_the_questions_that_are_shown_can_be_asked(asked: Path) -> None:
    """SQL that a newcomer pastes must not end in an error, or find nothing where there is something."""
    questions = [question for page in PAGES for question in blocks(page, "sql")]
    assert len(blocks(ROOT / "README.md", "sql")) >= 3 and len(blocks(ROOT / "docs" / "sql.md", "sql")) >= 10
    for question in questions:
        assert run_query(asked / "history.duckdb", question).rows, question


def test_the_ready_questions_are_listed_as_they_are() -> None:
    """A question that is not in the list is never asked."""
    written = (ROOT / "docs" / "sql.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([\w-]+)` \| ([A-Z].*\?.*) \|$", written, re.MULTILINE)
    assert listed == [(question.name, question.asks) for question in ready_questions()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_configurations_in_the_documentation_load(page: Path, home: Path) -> None:
    """A name in an example that the program does not know would stop the first scan."""
    for text in blocks(page, "toml"):
        (home / "acto.toml").write_text(text, encoding="utf-8")
        written, loaded = tomllib.loads(text), load_config(home)
        assert (
            loaded.model_fields_set - {"home"} == written.keys()
            and loaded.sources.keys() == written.get("sources", {}).keys()
        )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_to_files_lead_somewhere(page: Path) -> None:
    """A dead link in the first page is the first thing that a stranger sees."""
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_command_that_is_shown_exists(acto: Acto) -> None:
    """A command that was renamed must be renamed where people read of it."""
    written = [code for page in PAGES for code in re.findall(r"```.*?```|`[^`]+`", page.read_text("utf-8"), re.DOTALL)]
    shown = {command for code in written for command in re.findall(r"(?<![/\w])acto ([a-z]+)", code)}
    known = set(re.findall(r"^│ ([a-z]+) ", acto("--help").stdout, re.MULTILINE))
    assert "demo" in shown and shown <= known
