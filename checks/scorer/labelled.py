"""Labelled examples: texts with the clauses that a careful Chair would want flagged, and the words that carry each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

EXAMPLES = Path(__file__).parent / "examples"


class LabelledError(Exception):
    """A line of a labelled file cannot be read; the message names the file, the line and the field."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One example. `evidence` gives for each label the words of `text` that carry it, where the file tells them.

    `near` are clauses that it almost breaks; `colleagues` the names of ACTO's people in it; `batch` who wrote it, for
    what; `open` the clauses that nobody has labelled it for; `agreed` whether a second reader, who did not see the labels,
    gave the same (None: nobody read it again).
    """

    id: str
    platform: str
    kind: str
    author_name: str
    author_handle: str
    author_role: str
    parent_text: str
    text: str
    rating: float | None
    labels: tuple[str, ...]
    evidence: Mapping[str, str]
    why: str
    near: tuple[str, ...] = ()
    colleagues: tuple[str, ...] = ()
    batch: str = ""
    agreed: bool | None = None
    open: tuple[str, ...] = ()
    spans: Mapping[str, tuple[int, int]] = field(default_factory=dict)


def read_labelled(path: Path) -> list[Labelled]:
    """The examples of a JSON lines file with the fields of Labelled; only platform, kind, author_role, text and labels
    are needed. `evidence` may be one text for all labels. Raises LabelledError.
    """
    examples = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        if not line.strip():
            continue
        try:
            examples.append(_labelled(orjson.loads(line), f"{path.stem}-{number}"))
        except orjson.JSONDecodeError as error:
            raise LabelledError(f"{path}, line {number}: no JSON: {error}") from None
        except KeyError as error:
            raise LabelledError(f"{path}, line {number}: the field {error} is missing.") from None
    return examples


def read_all(folder: Path = EXAMPLES) -> list[Labelled]:
    """The examples of every file in `folder`."""
    return [one for path in sorted(folder.glob("*.jsonl")) for one in read_labelled(path)]


def _labelled(given: dict[str, Any], name: str) -> Labelled:
    labels = tuple(given["labels"])
    said = given.get("evidence") or {}
    evidence = dict.fromkeys(labels, said) if isinstance(said, str) else said
    text = given["text"]
    return Labelled(
        id=str(given.get("id") or name),
        platform=given["platform"],
        kind=given["kind"],
        author_name=given.get("author_name") or "",
        author_handle=given.get("author_handle") or "",
        author_role=given["author_role"],
        parent_text=given.get("parent_text") or "",
        text=text,
        rating=given.get("rating"),
        labels=labels,
        evidence=evidence,
        why=given.get("why") or "",
        near=_words(given.get("near")),
        colleagues=_words(given.get("colleagues")),
        batch=given.get("batch") or "",
        agreed=given.get("agreed"),
        open=_words(given.get("open")),
        spans={label: place for label, words in evidence.items() if (place := _place(text, words))},
    )


def _words(given: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(given or ())


def _place(text: str, words: str) -> tuple[int, int] | None:
    start = text.find(words) if words else -1
    return (start, start + len(words)) if start >= 0 else None
