"""Fixtures of the connector tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from connectors.sandbox import Sandbox
from tests.connectors.story import Row


@pytest.fixture
def serve() -> Iterator[Callable[[list[Row]], Sandbox]]:
    """Start a sandbox on the rows of a story; closed at the end of the test."""
    with ExitStack() as stack:
        yield lambda rows: stack.enter_context(Sandbox(rows))
