"""The words of an answer: its bytes as text, its HTML as a tree, and what a reader sees of it."""

from __future__ import annotations

import codecs
import re

import requests
from lxml import etree

BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# The charset of a Content-Type header, of an XML declaration, or of a <meta>.
DECLARED = re.compile(r"""(?:charset|encoding)\s{0,5}=\s{0,5}["']?\s{0,5}([\w.:-]{2,40})""", re.IGNORECASE)
UNSEEN = frozenset({"script", "style", "head", "template", "noscript", "iframe", "object", "svg", "textarea", "select"})
HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
LISTS = frozenset({"dd", "dl", "dt", "li", "ol", "ul"})
TABLES = frozenset({"caption", "table", "tbody", "tfoot", "thead", "tr"})
PARTS = frozenset(
    {"address", "article", "aside", "details", "div", "footer", "header", "main", "nav", "section", "summary"}
)
PARAGRAPHS = frozenset(
    {"blockquote", "br", "center", "fieldset", "figcaption", "figure", "form", "hr", "legend", "p", "pre"}
)
BLOCKS = HEADINGS | LISTS | TABLES | PARTS | PARAGRAPHS
# Browsers read on behind it, libxml2 does not.
END = re.compile(r"</html\s{0,20}>", re.IGNORECASE)
MARK_UP = re.compile(r"[<&]")


def text_of(answer: requests.Response) -> str:
    """The body as text. Bytes that are UTF-8 are read so, whatever is declared: a wrong label is far more common than
    another encoding that happens to be valid UTF-8. What cannot be read becomes U+FFFD, as does NUL.
    """
    body = answer.content
    for mark, encoding in BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return _clean(body[len(mark) :].decode(encoding, "replace"))
    head = body[:2048].replace(b"\0", b"").decode("latin-1")
    declared = [
        found[1] for written in (answer.headers.get("Content-Type", ""), head) if (found := DECLARED.search(written))
    ]
    wide = [encoding for encoding, at in (("utf-16-be", 0), ("utf-16-le", 1)) if body[at : at + 3 : 2] == b"\0\0"]
    for encoding in (*wide, "utf-8", *declared):
        try:
            return _clean(body.decode(encoding))
        except (UnicodeError, LookupError):
            continue
    return _clean(body.decode("windows-1252", "replace"))


def tree_of(html: str) -> tuple[etree._Element | None, bool]:
    """The page as a tree, None where there is nothing of a page in it; and whether it was read to its end.

    A page that nests its elements more than some two thousand deep is not.
    """
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        tree = etree.fromstring(END.sub("", html).encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        tree = None
    cut_off = any(entry.level == etree.ErrorLevels.FATAL for entry in parser.error_log)
    return tree, tree is None or not cut_off


def seen_in(element: etree._Element) -> str:
    """What a reader sees of an element: no scripts, a line for each paragraph."""
    words: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, one in walk:
        if event == "start" and one.tag in UNSEEN:
            walk.skip_subtree()
            continue
        if one.tag in BLOCKS:
            words.append("\n")
        if event == "start":
            words.append(" ".join(_spaced(one.text)))
        elif one is not element:
            words.append(" ".join(_spaced(one.tail)))
    lines = (" ".join(line.split()) for line in "".join(words).split("\n"))
    return "\n".join(line for line in lines if line)


def readable(html: str) -> str:
    """What a reader sees of a piece of HTML."""
    if not MARK_UP.search(html):
        return "\n".join(line.strip() for line in html.strip().splitlines())
    tree, _ = tree_of(f"<body>{html}")
    return "" if tree is None else seen_in(tree)


def _spaced(text: str | None) -> list[str]:
    """The words of `text`, with an empty one where it begins or ends with a space."""
    if not text:
        return []
    words = text.split()
    return [*([""] if text[0].isspace() else []), *words, *([""] if text[-1].isspace() and words else [])]


def _clean(text: str) -> str:
    return text.replace("\0", "\ufffd")
