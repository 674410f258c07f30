"""Questions about the history that are ready to be asked by name: a file of SQL each, whose first line says what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from flows.config import ConfigError

FOLDER = Path(__file__).parent / "questions"


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its name, what it answers in a sentence, and its SQL with that sentence as its first line."""

    name: str
    asks: str
    sql: str


def ready_questions() -> list[Question]:
    """All of them, by name."""
    return [_read(path) for path in sorted(FOLDER.glob("*.sql"))]


def ready_question(name: str) -> Question:
    """The question of this name. Raises ConfigError where there is none, with the nearest ones."""
    questions = {question.name: question for question in ready_questions()}
    if name in questions:
        return questions[name]
    near = get_close_matches(name, questions, n=3, cutoff=0.5)
    meant = f" Did you mean {' or '.join(near)}?" if near else ""
    raise ConfigError(f"There is no ready question {name!r}.{meant} `acto query --list` lists them.")


def _read(path: Path) -> Question:
    sql = path.read_text(encoding="utf-8")
    return Question(path.stem, sql.partition("\n")[0].removeprefix("-- "), sql)
