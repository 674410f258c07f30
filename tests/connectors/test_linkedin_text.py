"""LinkedIn's little text becomes what a person reads."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.linkedin.text import plain
from connectors.sandbox.linkedin.resources import little_text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("", ""),
        ("Plain words.\n\nAnd more", "Plain words.\n\nAnd more"),
        (r"Free \(for members\)\, 50\% off", r"Free (for members)\, 50\% off"),
        (
            r"snake\_case \*not bold\* \~ \<b\> \{x\} \[1\] \| \@home \#1",
            "snake_case *not bold* ~ <b> {x} [1] | @home #1",
        ),
        (r"a back\\slash, C:\temp", r"a back\slash, C:\temp"),
        (r"{hashtag|\#|AI} and {hashtag|\#|Therapists\_Online}!", "#AI and #Therapists_Online!"),
        (r"{hashtag|#|CPD} #CPD", "#CPD #CPD"),
        ("Thanks @[Ann Bell](urn:li:person:a-B_1), good", "Thanks Ann Bell, good"),
        (r"@[Bell \(Ann\) \[MSc\]](urn:li:person:a\_b)", "Bell (Ann) [MSc]"),
        (r"@[DeepSeek AI](urn:li:organization:1) Just", "DeepSeek AI Just"),
        (r"\@[Ann](urn:li:person:x) \{hashtag|\#|AI}", r"@[Ann](urn:li:person:x) {hashtag|#|AI}"),
        ("@[cut off", "@[cut off"),
        ("{hashtag|", "{hashtag|"),
        ("mail me @ home [soon] (or not)", "mail me @ home [soon] (or not)"),
        ("@[a](urn:1)@[b](urn:2)", "ab"),
        ("ends with a backslash \\", "ends with a backslash \\"),
    ],
)
def test_escapes_and_templates_are_resolved(written: str, shown: str) -> None:
    """A check that looks for an address or a name must not trip over backslashes, nor a quotation show them."""
    assert plain(written) == shown


@given(st.text(max_size=80))
def test_every_text_survives_the_way_through_little_text(text: str) -> None:
    """Whatever people write, its reserved characters escaped and its hashtags made templates, comes back as written."""
    assert plain(little_text(text, {"Ann_(x)": "urn:li:person:a_b"})) == text


def test_a_hostile_text_costs_no_time() -> None:
    """A text of nothing but beginnings must not hold the night."""
    before = time.thread_time()
    for piece in ("@[", "{hashtag|", "@[a](", "\\", "{hashtag|#|", "@[\\"):
        plain(piece * 20_000)
    assert time.thread_time() - before < 5


def test_recorded_commentaries_hold_no_mark_up_any_more(shared: Path) -> None:
    """Verbatim commentaries of a recorded run (documented/linkedin)."""
    path = shared / "samples/documented/linkedin/posts_commentary_little_text_strings.json"
    strings = json.loads(path.read_text(encoding="utf-8"))["strings"]
    shown = [plain(string) for string in strings]
    assert len(shown) == len(strings) == 4
    assert not [text for text in shown if any(mark in text for mark in ("\\", "@[", "{hashtag", "urn:li"))]
    assert "Alex Lieberman." in shown[0] and "#AI" in shown[1] and "#Superbowl" in shown[1]
    assert shown[2].startswith("🪩  DeepSeek AI Just") and shown[3].endswith("(one o")
