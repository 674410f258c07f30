"""Paged lists: every page is read, and no list is followed for ever."""

from __future__ import annotations

from connectors.listing import EMPTY_PAGES, walk


def listed(pages: list[list[str]]) -> tuple[list[str], bool]:
    """The ids that a walk over these pages gives, and whether it was taken for a circle."""

    def page_of(token: str | None) -> tuple[list[dict[str, str]], str | None]:
        at = int(token or 0)
        return [{"id": one} for one in pages[at]], str(at + 1) if at + 1 < len(pages) else None

    walked = list(walk(page_of))
    return [entry["id"] for page in walked for entry in page.entries], walked[-1].circular


def test_comments_behind_empty_pages_are_read() -> None:
    """Where everything on some pages is hidden, what comes after them must not be lost night after night."""
    assert listed([["a"], [], [], [], [], ["b"], [], ["c"]]) == (["a", "b", "c"], False)


def test_a_list_that_leads_nowhere_ends() -> None:
    """The same page again and again, or nothing without end: the night goes on with a gap."""
    assert listed([["a"]] * 50) == (["a"], True)
    assert listed([["a"], *[[]] * (EMPTY_PAGES + 5), ["b"]]) == (["a"], True)
