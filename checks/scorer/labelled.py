"""Labelled examples: texts with the clauses that a careful Chair would want flagged, and the words that carry each."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

import orjson

from checks.catalogue import CLAUSES
from connectors.item import Kind

EXAMPLES = Path(__file__).parent / "examples"
# Those of connectors/registry.py, which the checks may not know.
PLATFORMS = (
    "facebook", "instagram", "x", "linkedin", "youtube", "google", "trustpilot", "yelp", "feed", "webpage",
)  # fmt: skip
ROLES = ("member", "official", "public")
_ONE_OF = {"platform": PLATFORMS, "kind": get_args(Kind), "author_role": ROLES}
_NEEDED = ("labels", "text", *_ONE_OF)


class LabelledError(Exception):
    """A labelled file cannot be read; the message names the file, the line and the field, and what belongs there."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One example. `evidence` gives for each label the words of `text` that carry it, where the file tells them.

    `near` are clauses that it almost breaks; `colleagues` the names of ACTO's people in it; `batch` who wrote it, for
    what; `agreed` whether a second reader, who did not see the labels, gave the same (None: nobody read it again); `open` the
    clauses that it is not labelled for: nobody judged them, or one of the two was unsure, or they differed.
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
    are needed. `evidence` may be one text for all labels. Raises LabelledError, also for a field that is none of these.
    """
    examples = []
    # Spreadsheets and Windows editors put a byte order mark before the first line.
    for number, line in enumerate(path.read_bytes().removeprefix(codecs.BOM_UTF8).splitlines(), 1):
        if not line.strip():
            continue
        try:
            examples.append(_labelled(orjson.loads(line), f"{path.stem}-{number}"))
        except orjson.JSONDecodeError as error:
            raise LabelledError(f"{path}, line {number}: no JSON: {error}") from None
        except LabelledError as error:
            raise LabelledError(f"{path}, line {number}: {error}") from None
    if not examples:
        raise LabelledError(f"{path} has no example: give one a line, with the fields {', '.join(_NEEDED)}.")
    return examples


def read_all(folder: Path = EXAMPLES) -> list[Labelled]:
    """The examples of every file in `folder`."""
    return [one for path in sorted(folder.glob("*.jsonl")) for one in read_labelled(path)]


def _labelled(given: Any, name: str) -> Labelled:
    _require_sound(given)
    _require_agreement(given)
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


def _require_sound(given: Any) -> None:
    """Raises LabelledError where `given` is no example, or a field of it holds what would be misread."""
    if not isinstance(given, dict):
        raise LabelledError(f"{_shown(given)} is no example: give the fields in braces, {', '.join(_NEEDED)}.")
    for name in _NEEDED:
        if name not in given:
            raise LabelledError(f"the field {name!r} is missing: an example needs {', '.join(_NEEDED)}.")
    # A misspelt one would be taken for one that was left out.
    if unknown := [name for name in given if name not in ("id", *_FIELDS)]:
        raise LabelledError(f"the field {unknown[0]!r} is unknown: an example may have {', '.join(('id', *_FIELDS))}.")
    for name, (sound, way_out) in _FIELDS.items():
        value = given.get(name)
        if (value is not None or name in _NEEDED) and not sound(value):
            or_not = "" if name in _NEEDED else ", or leave it out"
            raise LabelledError(f"the field {name!r} is {_shown(value)}: give {way_out}{or_not}.")


def _require_agreement(given: Mapping[str, Any]) -> None:
    """Raises LabelledError where two sound fields of an example contradict each other."""
    labels = given["labels"]
    if both := [clause for clause in given.get("open") or () if clause in labels]:
        raise LabelledError(f"the field 'open' has {both[0]}, which is a label: give it in one of the two.")
    said = given.get("evidence") or ""
    by_clause = {clause: words for clause, words in said.items() if words} if isinstance(said, dict) else {}
    if others := [clause for clause in by_clause if clause not in labels]:
        raise LabelledError(
            f"the field 'evidence' has words for {others[0]}, which is no label: add it to 'labels', or leave them out."
        )
    for words in [said] if isinstance(said, str) else by_clause.values():
        if words not in given["text"]:
            raise LabelledError(
                f"the field 'evidence' has {_shown(words)}, which is not in the text: give words as they stand there."
            )


def _are_clauses(given: Any) -> bool:
    return isinstance(given, list) and all(one in CLAUSES for one in given)


def _are_words_by_clause(given: Any) -> bool:
    return isinstance(given, dict) and all(
        clause in CLAUSES and isinstance(words, str | None) for clause, words in given.items()
    )


def _shown(given: Any) -> str:
    """A value as it stands in the file, its beginning where it is long."""
    shown = orjson.dumps(given).decode()
    return shown if len(shown) <= 60 else f"{shown[:59]}…"


def _words(given: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(given or ())


def _place(text: str, words: str) -> tuple[int, int] | None:
    start = text.find(words) if words else -1
    return (start, start + len(words)) if start >= 0 else None


def _is_text(given: Any) -> bool:
    return isinstance(given, str)


def _is_evidence(given: Any) -> bool:
    return isinstance(given, str) or _are_words_by_clause(given)


def _are_names(given: Any) -> bool:
    return isinstance(given, list) and all(isinstance(one, str) for one in given)


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool)


def _is_yes_or_no(given: Any) -> bool:
    return isinstance(given, bool)


_LIST_OF_CLAUSES = (_are_clauses, f"a list of {', '.join(CLAUSES)}, or [] for none")
_TEXT = (_is_text, "a text in quotes")
# For each field: whether a value is sound, and what to give instead.
_FIELDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    **{name: (allowed.__contains__, f"one of {', '.join(allowed)}") for name, allowed in _ONE_OF.items()},
    **dict.fromkeys(("labels", "near", "open"), _LIST_OF_CLAUSES),
    **dict.fromkeys(("text", "author_name", "author_handle", "parent_text", "why", "batch"), _TEXT),
    "evidence": (_is_evidence, 'words of the text in quotes, or in braces for each label, as {"O1": "words"}'),
    "colleagues": (_are_names, "a list of names"),
    "rating": (_is_number, "a number"),
    "agreed": (_is_yes_or_no, "true or false"),
}
