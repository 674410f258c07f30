"""How a text becomes what the scorer's network reads: tokens, a mark for each, and the way back to the characters.

The same for training and for judging, so that the network never meets anything in another form than it learned.
"""

from __future__ import annotations

import os
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tokenizers import Tokenizer

from checks.phrases import sentences

# Its threads get in the way of everybody else's, and cutting words takes next to no time.
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

# Tokens of the text that the network sees at once; longer ones are read in windows that overlap, so that nothing is cut.
TEXT_TOKENS = 224
STRIDE = 160
# Among so many words one sentence drowns: a text of more than LONG is also read in groups of whole sentences. Measured: of 189
# breaches that are found alone, with three sentences around them 78 % were found, with two hundred tokens 42 %; now 87 % and
# 82 %. Smaller groups lose their setting and ring more often.
LONG, PART_TOKENS = 72, 56
# A danger is told in one sentence between others, and there its setting counts for less: a text of some sentences that somebody
# suspects is also read sentence by sentence for dangers alone. Measured: of 90 plain cries and threats between sentences of
# everyday talk 10 were found, now 71.
SOME, SENTENCE_TOKENS = 40, 20
WORDS = 3
# Characters between two contacts that are of one address.
NEAR = 20
# What is answered gives the setting: its beginning is enough.
PARENT_TOKENS = 48

# What each token is, in place of BERT's two kinds of segment.
PLAIN, PARENT, COLLEAGUE, CONTACT, PUBLISHED = range(5)
MARKS = 5

_BEGIN, _END = "[CLS]", "[SEP]"


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a text as the network reads it.

    `ids` and `marks` are of one length; the tokens from `first` on are the text's own, with their `spans` in characters.
    `alone`: it is read without what it answers. `part`: it is a group of sentences out of a longer text, without the rest of it;
    `close`: about one sentence of several, read for dangers alone; `bare`: read without its contacts, for dangers alone too.
    """

    ids: list[int]
    marks: list[int]
    first: int
    spans: list[tuple[int, int]]
    alone: bool = False
    part: bool = False
    close: bool = False
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """What the network is told of an item: its plain text, its setting, and the places that are known already.

    `colleagues`, `contacts` and `published` are spans of `text`: names of the roster, contacts and numbers of people,
    and those of them that are there to be passed on.
    """

    text: str
    parent: str
    platform: str
    kind: str
    role: str
    colleagues: tuple[tuple[int, int], ...] = ()
    contacts: tuple[tuple[int, int], ...] = ()
    published: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, row: Any) -> Text:
        """The text of a row of `to_judge`."""
        return cls(
            text=row.normalised_text,
            parent=row.parent_text,
            platform=row.platform,
            kind=row.kind,
            role=row.author_role,
            # Who writes of themselves tells nothing about a colleague.
            colleagues=tuple(
                (one["start_char"], one["end_char"]) for one in row.people if one["member_id"] != row.author_member_id
            ),
            contacts=contact_places(row.entities, published=False),
            published=contact_places(row.entities, published=True),
        )

    def without_contacts(self) -> Text:
        """The text with blanks for its contacts and numbers of people, but those that are there to be passed on."""
        characters = list(self.text)
        # Between a street and a postcode is the town.
        towns = [
            (end, start)
            for (_, end), (start, _) in zip(self.contacts, self.contacts[1:], strict=False)
            if 0 < start - end <= NEAR
        ]
        for start, end in [*self.contacts, *towns]:
            characters[start:end] = " " * (end - start)
        return replace(self, text="".join(characters), contacts=())


def contact_places(entities: Sequence[dict[str, Any]], *, published: bool) -> tuple[tuple[int, int], ...]:
    """The spans of the entities that are published contacts, or of those that are not."""
    return tuple((one["start_char"], one["end_char"]) for one in entities if one["published"] == published)


def windows(texts: Sequence[Text], tokenizer: Tokenizer) -> list[list[Window]]:
    """The windows of each text, in its order; a text has at least one."""
    own = tokenizer.encode_batch([one.text for one in texts], add_special_tokens=False)
    parents = tokenizer.encode_batch([one.parent[:1000] for one in texts], add_special_tokens=False)
    headings = tokenizer.encode_batch([_heading(one) for one in texts], add_special_tokens=False)
    begin, end = (_id(tokenizer, name) for name in (_BEGIN, _END))
    read: list[list[Window]] = []
    for text, body, parent, heading in zip(texts, own, parents, headings, strict=True):
        before = [begin, *heading.ids, end]
        after = [end, *parent.ids[:PARENT_TOKENS], end]
        marked = _marks(text, body.offsets)
        read.append(
            [
                Window(
                    ids=[*before, *body.ids[start:stop], *after],
                    marks=[*[PLAIN] * len(before), *marked[start:stop], *[PARENT] * len(after)],
                    first=len(before),
                    spans=body.offsets[start:stop],
                    part=part,
                    close=close,
                )
                for start, stop, part, close in _stretches(text, body.offsets)
            ]
        )
    return read


def _id(tokenizer: Tokenizer, name: str) -> int:
    number = tokenizer.token_to_id(name)
    if number is None:
        raise ValueError(f"the tokenizer has no {name}")
    return number


def _heading(text: Text) -> str:
    return f"{text.role} {text.kind.replace('_', ' ')} {text.platform}"


def _stretches(text: Text, offsets: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, bool, bool]]:
    """Which tokens of a text are read at once, and whether these are a part of it, and about one sentence."""
    length = len(offsets)
    yield 0, min(length, TEXT_TOKENS), False, False
    start = 0
    while start + TEXT_TOKENS < length:
        start += STRIDE
        yield start, min(length, start + TEXT_TOKENS), False, False
    if length > LONG:
        yield from ((*part, True, False) for part in _parts(text.text, offsets, PART_TOKENS, overlap=True))
    # What is answered says nothing of a danger, so that the reading without it will do.
    if length > SOME and not text.parent:
        for start, stop in _parts(text.text, offsets, SENTENCE_TOKENS, overlap=False):
            # Not a piece of a link, or of a hundred exclamation marks.
            if len(text.text[offsets[start][0] : offsets[stop - 1][1]].split()) >= WORDS:
                yield start, stop, False, True


def _parts(text: str, offsets: Sequence[tuple[int, int]], longest: int, *, overlap: bool) -> Iterator[tuple[int, int]]:
    """Groups of whole sentences of at most `longest` tokens; a sentence that is longer is cut. With `overlap` each begins with
    the last sentence of the one before, where both have room.
    """
    begins = [start for start, _ in offsets]
    edges = [0]
    for _, end in sentences(text):
        last = bisect_left(begins, end)
        while last - edges[-1] > longest:
            edges.append(edges[-1] + longest)
        if last > edges[-1]:
            edges.append(last)
    until = 0
    while until + 1 < len(edges):
        first = until - 1 if overlap and until and edges[until + 1] - edges[until - 1] <= longest else until
        while until + 1 < len(edges) and edges[until + 1] - edges[first] <= longest:
            until += 1
        yield edges[first], edges[until]


def _marks(text: Text, offsets: list[tuple[int, int]]) -> list[int]:
    marks = [PLAIN] * len(offsets)
    ends = [last for _, last in offsets]
    for places, mark in ((text.contacts, CONTACT), (text.published, PUBLISHED), (text.colleagues, COLLEAGUE)):
        for start, end in places:
            position = bisect_right(ends, start)
            while position < len(offsets) and offsets[position][0] < end:
                marks[position] = mark
                position += 1
    return marks
