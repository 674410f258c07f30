"""Ranges of version numbers: (after, up_to) holds each n with after < n <= up_to."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping

Range = tuple[int, int]


def joined(ranges: Iterable[Range]) -> list[Range]:
    """The same numbers in as few ranges as can be, in their order."""
    whole: list[Range] = []
    for after, up_to in sorted(ranges):
        if whole and after <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], up_to))
        elif after < up_to:
            whole.append((after, up_to))
    return whole


def without(ranges: Iterable[Range], taken: Iterable[Range]) -> list[Range]:
    """What is in `ranges` and not in `taken`."""
    cuts = joined(taken)
    starts, ends = [start for start, _ in cuts], [end for _, end in cuts]
    left: list[Range] = []
    for after, up_to in joined(ranges):
        for start, end in cuts[bisect_right(ends, after) : bisect_left(starts, up_to)]:
            if after < start:
                left.append((after, start))
            after = end
        if after < up_to:
            left.append((after, up_to))
    return left


def within(ranges: Iterable[Range], others: Iterable[Range]) -> list[Range]:
    """What is in `ranges` and in `others`."""
    whole = joined(ranges)
    return without(whole, without(whole, others))


def newest(todo: Mapping[str, list[Range]], size: int | None) -> tuple[int, int, list[str]] | None:
    """The highest numbers that anybody has to do: a range of at most `size` numbers (None: of any), and who has to do all
    of it; None where nothing is left. The ranges in `todo` are as `joined` gives them.
    """
    last = {name: ranges[-1] for name, ranges in todo.items() if ranges}
    if not last:
        return None
    up_to = max(end for _, end in last.values())
    who = [name for name, (_, end) in last.items() if end == up_to]
    after = max(last[name][0] for name in who)
    # Where somebody else begins, another stretch does.
    after = max([after, *(end for name, (_, end) in last.items() if name not in who)])
    return (after if size is None else max(after, up_to - size)), up_to, who
