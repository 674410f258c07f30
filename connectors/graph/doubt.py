"""Reading on where it could not be learnt whose the token is: everything is read, and nothing is taken for gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from connectors.graph.errors import GraphError
from connectors.item import Page

WHOSE = (
    "{name} did not say whose token this is, so nothing was taken for deleted: look at {variable}, as "
    "docs/access/{platform}.md says."
)


def is_unanswered(error: GraphError) -> bool:
    """Whether a refusal says no more than that there is no such question (404, and no code of Meta's)."""
    return error.status == 404 and error.code is None


def in_doubt(pages: Iterator[Page], sentence: str) -> Iterator[Page]:
    """The pages without all that a deletion may be told from; the last says so, with `sentence`."""
    for page in pages:
        gaps = (*page.gaps, sentence) if page.resume is None else page.gaps
        yield replace(page, threads=(), listed=(), gone=(), gaps=gaps)
