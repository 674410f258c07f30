"""By what a person or an item is found in what is written: ids, names and texts, and where those mean them and nobody else.

A name may be any word ("comment", "Grace"), so it counts where it is said to be a name: as the value of a field, or as a whole
word in free text; one of letters alone only beside a sign of being a name ("by", "@", a profile's address). Ids count as
whole values and in links. What others wrote is theirs, though it mentions somebody.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Collection, Iterable, Mapping
from html import escape
from typing import Any, get_args
from urllib.parse import quote, quote_plus

import orjson
import re2

from connectors.item import Kind
from warehouse.erased import names_of

# Shorter words stand in too many places that are somebody else's.
SHORTEST_WORD = 5
# So many characters of a word tell at a first look that it may stand somewhere.
FIRST_LOOK = 24
# What a line of a raw page says of its own item and of who wrote that: no trace of anybody else, nor where its raw record says
# the same again.
OWN_FIELDS = ("id", "author_id", "author_name", "author_handle", "text")
_NAMES = "(?:name|author|handle|user|actor|creator|writer|reviewer|owner|mention)s?"
_NAME_FIELD = re.compile(f"(?:{_NAMES}|by|from)$", re.IGNORECASE)
_ID_FIELD = re.compile("(?:id|urn)s?$", re.IGNORECASE)
# A word begins where none goes on, also right after an escaped character; "ann" does not stand in "ann.other" or "ann-lee".
_BEGINS = r"(?:(?<!\w)(?<!\w[.-])|(?<=\\[bfnrt])|(?<=%[0-9A-Fa-f]{2}))"
_ENDS = r"(?!\w|[.-]\w)"
# Under a host's name: linkedin.com/in/somebody, reddit.com/user/somebody.
_PROFILES = r"\.[A-Za-z]{2,24}/(?:in|pub|company|u|users?|c|people|profiles?)/@?"
_SAID_TO_BE_A_NAME = rf"(?:(?<!\w)@|(?i:\bby)\s+@?|//[^\s/]+/@?|{_PROFILES}|(?i:{_NAMES})[\"']?\s*[:=]\s*[\"']?@?)"
_BETWEEN_CELLS = re.compile(r"[,;:=|\"'\t\r\n]+")
_ROOMY = re2.Options()
_ROOMY.log_errors = False
_ROOMY.max_mem = 256 << 20


class Traces:
    """What is looked for: `known` are the (platform, id or handle) of items and accounts, `ids` and `called` their ids and
    names wherever they stand, `texts` what nobody else has written too.
    """

    def __init__(
        self, known: Iterable[tuple[str, str]], ids: Iterable[str], called: Iterable[str], texts: Iterable[str]
    ) -> None:
        self._known = {(platform, _plain(name)) for platform, name in known}
        self._platforms = {platform for platform, _ in self._known}
        self._ids = frozenset(ids)
        names = sorted({name.strip().lstrip("@") for name in called} - {""})
        self._called = {_plain(written): name for name in names for written in (name, _in_downloads(name))}
        self._words = [
            *(_Word("text", text, "") for text in sorted(texts, key=len, reverse=True)),
            *(_Word("id" if len(one) >= SHORTEST_WORD else "short id", one, _BEGINS) for one in sorted(self._ids)),
            *(_Word("name", name, _BEGINS if _tells(name) else _SAID_TO_BE_A_NAME) for name in names),
        ]
        self._short = [word for word in self._words if word.kind == "short id"]
        begin = {form[:FIRST_LOOK] for word in self._words if word.kind != "short id" for form in word.forms}
        self._any_begins = re2.compile("|".join(map(re2.escape, sorted(begin))), _ROOMY) if begin else None

    def in_line(self, line: bytes) -> bool:
        """Whether a line of a raw page is of them, or says in its fields who they are or what they wrote."""
        record = _read(line)
        if not isinstance(record, Mapping):
            return self.in_text(line)
        if "reason" in record and isinstance(record.get("raw"), str):
            raw = base64.b64decode(record["raw"])
            return record.get("id") in self._ids or self.in_refused(str(record["reason"]), raw)
        if not (words := self._that_may_stand_in(line)):
            return False
        platform = str(record.get("platform"))
        if platform not in self._platforms:
            return self._in_value(record.get("parent_text"), words)
        author = (record.get(one) for one in ("author_id", "author_handle", "author_name"))
        own_names = names_of(str(record.get("id")), *author)
        if any((platform, _plain(name)) in self._known for name in own_names):
            return True
        said = [str(record[one]) for one in OWN_FIELDS if record.get(one)]
        own = frozenset([*said, *map(_in_downloads, said)])
        return self._in_value(
            {name: part for name, part in record.items() if name not in (*OWN_FIELDS, "kind")}, words, own=own
        )

    def in_refused(self, reason: str, raw: bytes) -> bool:
        """Whether what could not be read as an item, or why, tells of them."""
        record = _read(raw)
        if isinstance(record, Mapping | list):
            return self.in_text(reason) or self._in_value(record, self._that_may_stand_in(raw))
        return self.in_text(reason) or self.in_text(raw) or self._in_cells(raw)

    def in_words(self, content: bytes | str) -> bool:
        """Whether our own words, free text or the values of JSON, tell of them."""
        words = self._that_may_stand_in(content)
        record = _read(content) if words else None
        if isinstance(record, Mapping | list):
            return self._in_value(record, words, free=True)
        return _stands_in(content, words)

    def in_lines(self, content: bytes) -> bool:
        """Whether a file of our own tells of them: JSON, as a whole or line by line, or free text that goes over its lines."""
        if not self.may_stand_in(content):
            return False
        if _is_json(content):
            return self.in_words(content)
        lines = content.splitlines()
        # The keys of JSON are words of the program's.
        free = b"\n".join(b"{}" if _is_json(line) else line for line in lines)
        return self.in_text(free) or any(map(self.in_words, lines))

    def in_users_file(self, content: bytes) -> bool:
        """Whether a file of the user's may tell of them, for the user to look; JSON there is what the program keeps."""
        if _is_json(content):
            return self.in_words(content)
        return self.in_text(content) or self._in_cells(content)

    def in_text(self, content: bytes | str) -> bool:
        """Whether free text tells of them."""
        return _stands_in(content, self._that_may_stand_in(content))

    def may_stand_in(self, content: bytes) -> bool:
        """Whether a look at each part is worth its while."""
        return any(word.kind != "short id" for word in self._that_may_stand_in(content))

    def blotted(self, text: str) -> str:
        """The text without them; all of it goes where they stand in it as nobody foresaw."""
        left = text
        for word in self._words:
            left = word.blotted(left)
        return "[erased]" if self.in_words(left) else left

    def _that_may_stand_in(self, content: bytes | str) -> list[_Word]:
        small = _for_a_first_look(_decoded(content))
        # One look for all of them: somebody may have written thousands of texts.
        words = self._words if self._any_begins and self._any_begins.search(small) else self._short
        return [word for word in words if word.may_stand_in(small)]

    def _in_value(self, value: Any, words: list[_Word], *, own: Collection[str] = (), free: bool = False) -> bool:
        """Whether a value of JSON tells of them; `own` are the values that whoever wrote it says of itself. In `free` text,
        which is not somebody's, names count wherever they stand as words.
        """
        # A walk that calls itself would end in a RecursionError where others nest what they write deeply enough.
        unseen = [("", value)]
        while unseen:
            field, part = unseen.pop()
            if isinstance(part, Mapping):
                if any(name in self._ids and len(name) >= SHORTEST_WORD for name in part):
                    return True
                unseen += part.items()
            elif isinstance(part, list):
                unseen += ((field, each) for each in part)
            elif isinstance(part, bool) or not isinstance(part, str | int) or (said := str(part)) in own:
                continue
            elif said[:1] in ("{", "[") and isinstance(record := _read(said), Mapping | list):
                unseen.append((field, record))
            elif self._in_said(said, words, field, own=own, free=free):
                return True
        return False

    def _in_said(self, said: str, words: list[_Word], field: str, *, own: Collection[str], free: bool) -> bool:
        # A short id means the same thing only where the platform is the same, which we know of items alone.
        if said in self._ids and (len(said) >= SHORTEST_WORD or (own and _ID_FIELD.search(field))):
            return True
        if (name := self._called.get(_plain(said))) and (_NAME_FIELD.search(field) or _tells(name)):
            return True
        # What has no spaces is an id, a path or a link, and no sentence of anybody's.
        one_word = not re.search(r"\s", said)
        looked_for = {
            "text": True,
            "id": free or one_word,
            "name": free or (one_word and "://" in said),
            "short id": False,
        }
        return _stands_in(said, [word for word in words if looked_for[word.kind]])

    def _in_cells(self, content: bytes) -> bool:
        """Whether a name is all that a cell of a table holds; "comment" there is the kind of a record."""
        cells = {_plain(cell) for cell in _BETWEEN_CELLS.split(_decoded(content))} - set(get_args(Kind))
        return not cells.isdisjoint(self._called)


class _Word:
    """One id, name or text, and each form in which it may be written: plain, in a download, in JSON, in HTML, in a link;
    `before` is a pattern of what must stand before an id or a name.
    """

    def __init__(self, kind: str, word: str, before: str) -> None:
        self.kind = kind
        said = {word, _in_downloads(word)}
        in_json = {json.dumps(one, ensure_ascii=only)[1:-1] for one in said for only in (True, False)}
        plain = said | in_json | {form for one in (word, *in_json) for form in _in_html(one)}
        in_links = {quote(word, safe="", errors="backslashreplace"), quote_plus(word, errors="backslashreplace")}
        forms = plain | in_links
        self._forms = {_for_a_first_look(form) for form in plain}
        self._forms_in_links = {_for_a_first_look(form) for form in in_links} - self._forms
        self._any_case = before == _BEGINS
        # A line may end within it.
        written = "|".join(sorted((r"\s+".join(map(re.escape, form.split())) for form in forms), key=len, reverse=True))
        self._pattern_text = f"(?P<before>{before})(?:{written}){_ENDS if before else ''}"
        self._compiled: re.Pattern[str] | None = None

    @property
    def forms(self) -> set[str]:
        """All forms, as `_for_a_first_look` gives them."""
        return self._forms | self._forms_in_links

    def may_stand_in(self, small: str) -> bool:
        """Whether it could stand in what `_for_a_first_look` gave."""
        if any(form in small for form in self._forms):
            return True
        return ("%" in small or "+" in small) and any(form in small for form in self._forms_in_links)

    def stands_in(self, said: str) -> bool:
        return self.kind != "short id" and self._pattern.search(said) is not None

    def blotted(self, text: str) -> str:
        return text if self.kind == "short id" else self._pattern.sub(r"\g<before>[erased]", text)

    @property
    def _pattern(self) -> re.Pattern[str]:
        # Most are never met; to compile them all would take longer than to look for them.
        if self._compiled is None:
            self._compiled = re.compile(self._pattern_text, re.IGNORECASE if self._any_case else re.NOFLAG)
        return self._compiled


def _stands_in(content: bytes | str, words: Iterable[_Word]) -> bool:
    said = _decoded(content)
    return any(word.stands_in(said) for word in words)


def _for_a_first_look(text: str) -> str:
    """The text as quickly compared: in small letters, with single spaces, however often it was escaped."""
    return " ".join(text.replace("\\", "").split()).lower()


def _tells(name: str) -> bool:
    """Whether a name is more than a word that anybody may use for something else."""
    plain = _plain(name)
    return len(plain) >= SHORTEST_WORD and not plain.isalpha()


def _plain(name: str) -> str:
    return name.strip().lstrip("@").casefold()


def _in_downloads(word: str) -> str:
    """A word as the downloads of Facebook and Instagram write it: each byte of its UTF-8 as a character."""
    return word.encode("utf-8", "backslashreplace").decode("latin-1")


def _in_html(word: str) -> set[str]:
    """A word as it is written in HTML; Jinja, which writes our pages, has numbers of its own for the quotation marks."""
    return {escape(word), escape(word, False), escape(word).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")}


def _is_json(content: bytes | str) -> bool:
    return isinstance(_read(content), Mapping | list)


def _read(content: bytes | str) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return None


def _decoded(content: bytes | str) -> str:
    return content if isinstance(content, str) else content.decode("utf-8", "replace")
