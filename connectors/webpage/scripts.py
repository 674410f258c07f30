"""The JSON-LD of a page: what its scripts of data hold, also where they are not quite JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from lxml import etree

from connectors.item import Rejected

TYPE = "application/ld+json"
UNREADABLE = "A script of data (JSON-LD) on the page could not be read: any reviews in it are missing."
# What old advice puts around a script, so that browsers of the last century leave it alone.
IN_FRONT = ("//<![CDATA[", "// <![CDATA[", "/*<![CDATA[*/", "/* <![CDATA[ */", "<![CDATA[", "<!--")
BEHIND = ("//]]>", "// ]]>", "/*]]>*/", "/* ]]> */", "]]>", "//-->", "// -->", "-->")
WRAPPERS = 3
# Deeper ones come from nobody who has something to say, and Python's own JSON fails on them.
DEEPEST = 100
SPACES = " \t\r\n\ufeff"


def scripts_in(tree: etree._Element) -> tuple[list[Any], list[Rejected]]:
    """The JSON of each script of the page, and those that cannot be read, with their bytes."""
    documents, broken = [], []
    for script in tree.iter("script"):
        if (script.get("type") or "").split(";")[0].strip().lower() == TYPE and (
            text := (script.text or "").strip(SPACES)
        ):
            try:
                documents.append(_document(text))
            except (ValueError, RecursionError):
                broken.append(Rejected(UNREADABLE, text.encode("utf-8", "backslashreplace")))
    return documents, broken


def nodes_in(document: Any) -> Iterator[dict[str, Any]]:
    """Every object of a JSON document, wherever it is (`@graph`, lists, within others), in its order."""
    waiting = [document]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting += reversed(one.values())
        elif isinstance(one, list):
            waiting += reversed(one)


def is_a(node: Any, *names: str) -> bool:
    """Whether the node is of one of these types of schema.org, however its `@type` is written."""
    types = node.get("@type") if isinstance(node, dict) else None
    written = types if isinstance(types, list) else [types]
    return any(
        isinstance(one, str) and one.replace("#", "/").replace(":", "/").split("/")[-1] in names for one in written
    )


def _document(text: str) -> Any:
    """The JSON in `text`, with line ends within its strings, or in wrappers. Raises ValueError or RecursionError."""
    try:
        found = _json(text)
    except ValueError:
        found = _json(_unwrapped(text))
    if _too_deep(found):
        raise ValueError
    return found


def _json(text: str) -> Any:
    # NaN and 1e999 are no JSON, and cannot be kept.
    return json.loads(text, strict=False, parse_constant=lambda _: None, parse_float=_finite)


def _finite(written: str) -> float | None:
    number = float(written)
    return number if math.isfinite(number) else None


def _unwrapped(text: str) -> str:
    for _ in range(WRAPPERS):
        for wrapper in IN_FRONT:
            text = text.removeprefix(wrapper).lstrip()
        for wrapper in BEHIND:
            text = text.rstrip("; \t\r\n").removesuffix(wrapper)
    return text.rstrip("; \t\r\n")


def _too_deep(document: Any) -> bool:
    level = [document]
    for _ in range(DEEPEST):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return False
    return True
