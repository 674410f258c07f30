"""Fixtures of the connector tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from connectors.files import read_file
from connectors.item import Item, Rejected
from connectors.mapping import parse_mapping
from connectors.sandbox import Sandbox
from tests.connectors.import_files import Read, all_of
from tests.connectors.story import Row


@pytest.fixture
def serve() -> Iterator[Callable[[list[Row]], Sandbox]]:
    """Start a sandbox on the rows of a story; closed at the end of the test."""
    with ExitStack() as stack:
        yield lambda rows: stack.enter_context(Sandbox(rows))


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """The items and the rejected records of a file with this content, read with these --map arguments."""
    path = tmp_path / "comments.txt"

    def from_content(content: bytes, *mapping: str) -> tuple[list[Item], list[Rejected]]:
        path.write_bytes(content)
        return all_of(read_file(path, parse_mapping(mapping)))

    return from_content
