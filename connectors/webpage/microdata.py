"""The microdata of a page (HTML Living Standard, 5), in the shape that JSON-LD has."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from lxml import etree

from connectors.web.text import seen_in
from connectors.webpage.scripts import DEEPEST

LINKS = {"a": "href", "area": "href", "link": "href"} | dict.fromkeys(
    ("audio", "embed", "iframe", "img", "source", "track", "video"), "src"
)
VALUES = {"meta": "content", "data": "value", "meter": "value", "time": "datetime"}


def items_in(tree: etree._Element, address: str) -> list[dict[str, Any]]:
    """The items of the page that are no property of another, those others within them; links are made absolute.

    A property with one value has that, one with more has a list. `itemref` is not followed, and what is nested too deeply
    begins anew.
    """
    owners: dict[etree._Element, tuple[dict[str, Any], int]] = {}
    outermost = []
    for element in tree.iter(etree.Element):
        names = (element.get("itemprop") or "").split()
        owner, depth = _owner(element, owners) if names else (None, 0)
        value: Any = None
        if element.get("itemscope") is not None:
            value = {"@type": (element.get("itemtype") or "").split()}
            if depth == DEEPEST:
                owner, depth = None, 0
            owners[element] = value, depth + 1
            if owner is None:
                outermost.append(value)
        if owner is not None:
            value = _value(element, address) if value is None else value
            for name in names:
                _add(owner, name, value)
    return outermost


def _owner(
    element: etree._Element, owners: dict[etree._Element, tuple[dict[str, Any], int]]
) -> tuple[dict[str, Any] | None, int]:
    """The item that the element is a property of, and how many items deep that is."""
    for above in element.iterancestors():
        if above in owners:
            return owners[above]
    return None, 0


def _value(element: etree._Element, address: str) -> str:
    if element.tag in LINKS:
        try:
            return urljoin(address, (element.get(LINKS[element.tag]) or "").strip())
        except ValueError:
            return ""
    # Not in the standard, but in schema.org's own examples: `content` on anything.
    told = element.get(VALUES.get(element.tag, "content")) or element.get("content")
    return told.strip() if told else seen_in(element)


def _add(owner: dict[str, Any], name: str, value: Any) -> None:
    if name not in owner:
        owner[name] = value
    elif isinstance(owner[name], list):
        owner[name].append(value)
    else:
        owner[name] = [owner[name], value]
