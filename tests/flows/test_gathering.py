"""Pages put together before they land: nothing of them is lost, and nothing waits without need."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.errors import Transient
from connectors.item import Gone, Item, Listed, Media, Page, Rejected, ThreadRead
from flows.gathering import AT_ONCE, FOR_SECONDS, gathered


def page(number: int, **said: object) -> Page:
    """A page with one item."""
    return Page(items=[Item("x", str(number), "post", "words")], resume={"at": number}, **said)  # type: ignore[arg-type]


def ids(pages: Iterator[Page]) -> list[list[str]]:
    return [[item.id for item in one.items] for one in pages]


def test_quick_pages_land_together_and_say_all_that_each_said() -> None:
    """A gap, a deletion or a refused record that got lost here would be missing from the report."""
    said = [
        page(1), page(2, gaps=["a gap"], expected=3, bookmark={"b": 2}, threads=[ThreadRead("2")]),
        page(3, notes=["a note"], expected=4, rejected=[Rejected("why", b"raw")], listed=[Listed(("post",))]),
    ]  # fmt: skip
    first, rest = gathered(said, clock=lambda: 0.0)
    assert first == said[0]
    assert [item.id for item in rest.items] == ["2", "3"] and rest.resume == {"at": 3} and rest.bookmark == {"b": 2}
    assert (rest.gaps, rest.notes, rest.expected) == (["a gap"], ["a note"], 7)
    assert (rest.rejected, rest.threads, rest.listed) == (said[2].rejected, said[1].threads, said[2].listed)


def test_nothing_waits_for_a_slow_source_or_a_long_list() -> None:
    """What waits in memory is read again after a kill: a minute of reading, or all of a long list, would be too much."""
    moments = iter(range(0, 1000))
    slow = gathered([page(number) for number in range(3)], clock=lambda: next(moments) * FOR_SECONDS)
    assert ids(slow) == [["0"], ["1"], ["2"]]
    many = Page(items=[*page(0).items] * (AT_ONCE // 2))
    assert [len(one.items) for one in gathered([page(0), many, many, page(1)], clock=lambda: 0.0)] == [1, AT_ONCE, 1]


def test_what_a_later_page_might_contradict_lands_by_itself() -> None:
    """An item that is told gone, and then shown again, is there: put into one page it would look deleted."""
    caption = Page(items=[Item("x", "c", "post", "words", media=[Media("caption", None, "said")])])
    hidden = Page(items=[Item("x", "h", "post", "words", hidden=True)])
    told = [page(0), page(1), page(2, gone=[Gone("9")]), page(3), hidden, caption, page(4)]
    assert ids(gathered(told, clock=lambda: 0.0)) == [["0"], ["1", "2"], ["3", "h"], ["c"], ["4"]]


def test_what_was_read_before_an_error_lands() -> None:
    """A platform that refuses the tenth call has answered nine: they were paid for."""

    def broken() -> Iterator[Page]:
        yield from (page(0), page(1), page(2))
        raise Transient("no")

    landed = []
    with pytest.raises(Transient):
        for one in gathered(broken(), clock=lambda: 0.0):
            landed.append([item.id for item in one.items])
    assert landed == [["0"], ["1", "2"]]
