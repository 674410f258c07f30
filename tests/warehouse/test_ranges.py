"""Which versions a check has judged is kept as ranges: an arithmetic fault would leave comments unjudged for ever."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from warehouse.ranges import Range, joined, newest, without

RANGES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6)


def numbers(ranges: list[Range]) -> set[int]:
    return {number for after, up_to in ranges for number in range(after + 1, up_to + 1)}


@given(RANGES, RANGES)
def test_ranges_hold_the_numbers_that_sets_of_numbers_would(one: list[Range], other: list[Range]) -> None:
    """Not one version may be lost or judged twice, however the ranges lie."""
    whole, left = joined(one), without(one, other)
    assert (numbers(whole), numbers(left)) == (numbers(one), numbers(one) - numbers(other))
    for ranges in (whole, left):
        assert ranges == sorted(ranges)
        assert all(before[1] < after[0] for before, after in pairwise(ranges)), "as few as can be"


@given(st.dictionaries(st.sampled_from("abc"), RANGES.map(joined)), st.one_of(st.none(), st.integers(1, 7)))
def test_taking_the_newest_again_and_again_does_everything_once(todo: dict[str, list[Range]], size: int | None) -> None:
    """Every check gets every version that it has to judge, once, the newest first, and none that it has not."""
    wanted = {name: numbers(ranges) for name, ranges in todo.items()}
    done: dict[str, list[int]] = {name: [] for name in todo}
    last = 31
    while part := newest(todo, size):
        after, up_to, who = part
        assert after < up_to <= last and (size is None or up_to - after <= size)
        last = up_to
        for name in who:
            done[name] += range(after + 1, up_to + 1)
            todo[name] = without(todo[name], [(after, up_to)])
    assert {name: sorted(each) for name, each in done.items()} == {name: sorted(each) for name, each in wanted.items()}
