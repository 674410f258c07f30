"""What the benchmarks share: invented comments in any number, a clock, and the most memory used."""

from __future__ import annotations

import importlib
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from connectors.item import Item, Page

BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)
PAGE = 20_000
VOCABULARY = (
    "online month talk felt better listened kind calm grateful hard year mother work sleep garden walk tea morning evening "
    "video camera first third last never always sometimes often good great thank you so much for this it was really "
    "helpful and I would say that we all need to be heard now and then"
)
# What the gate stops to look at, about as often as in real comments (NHS: 33 of 100, UK tweets: 49), and real findings.
LOOKED_AT = ("after six sessions", "my counsellor said", "a friend told me", "scared of it", "here is my number")
FOUND = ("my therapist accepted my friend request", "ring me at home on 01632 960512", "I want to end it all tonight")


def comments(first: int, count: int) -> Iterator[Item]:
    """`count` invented comments of ordinary length, 20 to a thread; they depend on their numbers alone."""
    known = VOCABULARY.split()
    for number in range(first, first + count):
        words = [known[(number * 7919 + place * 104_729 + number // (place + 1)) % len(known)] for place in range(30)]
        own_id, thread_id = f"c{number}", f"c{number - number % 20}"
        yield Item(
            platform="youtube",
            id=own_id,
            kind="comment" if own_id == thread_id else "reply",
            text=f"{' '.join(words)} {_ending(number)} {number}",
            parent_id=None if own_id == thread_id else thread_id,
            thread_id=thread_id,
            author_id=f"a{number % 5_000}",
            author_name=f"Viewer {number % 5_000}",
            author_handle=f"@viewer{number % 5_000}",
            url=f"https://video.example/watch?lc={own_id}",
            created_at=BEGINNING + timedelta(minutes=number // 20 * 20),
            raw={"id": own_id, "snippet": {"textOriginal": "as above", "likeCount": number % 100}},
        )


def _ending(number: int) -> str:
    if number % 500 == 0:
        return FOUND[number // 500 % len(FOUND)]
    return LOOKED_AT[number // 4 % len(LOOKED_AT)] if number % 4 == 0 else "today"


def pages(first: int, count: int) -> Iterator[Page]:
    """The same in pages of PAGE."""
    for start in range(first, first + count, PAGE):
        yield Page(items=list(comments(start, min(PAGE, first + count - start))))


def in_the_clear(home: Path) -> None:
    """Switch encryption off for a home that is to be made."""
    (home / "acto.toml").write_text("[encryption]\nat_rest = false\n", encoding="utf-8")


def without_chain() -> None:
    """Have this process seal nothing: what the chain costs is the difference."""

    def nothing(*_: object, **__: object) -> None:
        return

    for module, name in (
        ("warehouse.evidence.chain", "make_link"),
        ("warehouse.landing", "seal_page"),
        ("warehouse.landing", "seal_landed"),
        ("warehouse.landing", "seal_filled_in"),
    ):
        setattr(importlib.import_module(module), name, nothing)


def seconds(task: Callable[[], object]) -> float:
    """How long `task` takes."""
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def peak_megabytes() -> float:
    """The most memory that this process has used."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def middle(values: Sequence[float]) -> float:
    """The median of an odd number of values."""
    return sorted(values)[len(values) // 2]
