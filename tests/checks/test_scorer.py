"""The scorer: meaning, not format, decides; and what it says of a text depends on that text alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from checks.catalogue import CLAUSES, load_checks
from checks.explaining import explain
from checks.judging import judge_rows, judge_text
from checks.preparing import text_row
from checks.roster import Roster
from checks.runner import run_checks
from checks.scorer import scorer as scorer_module
from checks.scorer.inputs import STRIDE, TEXT_TOKENS, Text, windows
from checks.scorer.scorer import MODEL, Scorer, ScorerError, default_scorer
from connectors.item import Item, Page
from tests.checks.test_runner import AT, flags
from warehouse.landing import land
from warehouse.store import Store

CHECKS = load_checks()
DISCLOSURE = "Mrs Pemberton has been coming to me every Thursday since her husband gambled the house away."


def text(words: str, *, role: str = "member", parent: str = "") -> Text:
    return Text(words, parent, "facebook", "comment", role)


def test_a_breach_without_any_keyword_is_found(roster: Roster) -> None:
    """Formats and keywords alone find almost nothing."""
    found = judge_text(DISCLOSURE, roster=roster, checks=CHECKS, author_role="member", scorer=default_scorer())
    assert "O3" in {one.clause for one in found}
    assert judge_text("Lovely talk, thank you!", roster=roster, checks=CHECKS, scorer=default_scorer()) == []


@pytest.mark.parametrize(
    ("clause", "role", "words"),
    [
        ("S1", "public", "i want to kill myself"),
        ("S1", "public", "I've taken all my tablets and I'm scared"),
        ("S1", "public", "My stepdad touches me at night. im 12"),
        ("S1", "public", "my husband strangled me last night and I'm frightened to go home"),
        ("S1", "public", "he says he'll kill me if I leave and he's got a knife"),
        ("S2", "public", "i know where you live and i will be waiting"),
        ("O1", "public", "Loved our session, fancy a drink on Friday? x"),
        ("O3", "member", "My client Sarah Jones was sectioned last night, pray for her"),
    ],
)
def test_what_is_said_is_found_whatever_it_answers(clause: str, role: str, words: str, roster: Roster) -> None:
    """Nearly all comments answer a post about something else: a cry for help below an advert is one."""
    posts = [
        "New CPD workshop on contracting for online work, 14 March, 10 till 1. Places from £45.",
        "ACTO: The minutes of our AGM are on the website.",
        "Three questions to ask before you choose an online therapist.",
        "Meet our new trustee.",
        "",
    ]
    rows = [
        text_row(words, roster=roster, revision_id=place, platform="youtube", author_role=role, parent_text=post)
        for place, post in enumerate(posts)
    ]
    found = judge_rows(pd.DataFrame(rows), CHECKS, roster, default_scorer()).found
    flagged = {one for frame in found.values() for one in frame.revision_id[frame.clause == clause]}
    assert [post for place, post in enumerate(posts) if place not in flagged] == []


def test_a_danger_is_flagged_though_no_other_clause_comes_near(roster: Roster) -> None:
    """What would be a nuisance elsewhere is worth a look where a life may hang on it."""
    words = "I can't go on. There's no point any more. Tell my mum I loved her."
    assert [one.clause for one in judge_text(words, roster=roster, checks=CHECKS, scorer=default_scorer())] == ["S1"]
    (told,) = [
        one
        for one in explain(pd.DataFrame([text_row(words, roster=roster)]), CHECKS, roster, default_scorer())
        if one.clause == "S1"
    ]
    assert told.kept_back == ""


def test_a_text_is_scored_alike_whatever_stands_beside_it() -> None:
    """Otherwise a night would flag what a re-scan of the history does not."""
    texts = [text(DISCLOSURE), text("Thanks"), text("Where do I park? " * 40), text("Diolch yn fawr i bawb")]
    alone = [default_scorer().score([one])[0].logits for one in texts]
    assert [one.logits for one in default_scorer().score(texts)] == alone
    assert [one.logits for one in default_scorer().score(texts[::-1])] == alone[::-1]


def test_what_is_plainly_harmless_is_read_no_further() -> None:
    """Most of a night is plainly harmless: read to the end, it would take three times as long."""
    texts = [text("Lovely talk, thank you all!", role="public"), text(DISCLOSURE)]
    harmless, disclosure = default_scorer().read(texts, [False, False])
    assert harmless.unsuspected is None and disclosure.unsuspected is not None


def test_what_a_rule_suspects_is_read_to_the_end() -> None:
    """What a rule suggests is weighed by what the scorer says of it; who does not suspect it hears the same as ever."""
    harmless = text("Lovely talk, thank you all!", role="public")
    (scored,) = default_scorer().score([harmless])
    unsuspected, suspected = default_scorer().read([harmless, harmless], [False, True])
    assert (unsuspected.unsuspected, unsuspected.whole, suspected.unsuspected) == (None, None, None)
    assert suspected.whole is not None and suspected.whole.logits == scored.logits


def test_a_long_text_is_read_to_its_end() -> None:
    """The breach stands in the middle of a long post, or in its last line."""
    filler = "We talked about the weather, the new website and who brings the biscuits next month. " * 30
    scorer = default_scorer()
    buried = text(f"{filler}{DISCLOSURE} {filler}")
    (scored,) = scorer.score([buried])
    (innocent,) = scorer.score([text(filler)])
    assert scored.logits["O3"] > innocent.logits["O3"] + 1
    start, end = scored.evidence("O3") or (0, 0)
    place = buried.text.index(DISCLOSURE)
    assert place <= start < end <= place + len(DISCLOSURE) + 1


@pytest.mark.parametrize("around", [3, 10, 100])
@pytest.mark.parametrize(
    ("clause", "role", "breach"),
    [
        ("S1", "public", "I cannot go on and I am going to kill myself tonight."),
        ("S1", "public", "My stepdad comes into my room at night and hurts me and I am thirteen."),
        ("S2", "public", "I know where you live and I will come to your house and burn it down."),
        ("O3", "member", DISCLOSURE),
        ("O1", "public", "My therapist and I have been sleeping together since the spring."),
    ],
)
def test_a_sentence_does_not_drown_in_those_around_it(
    clause: str, role: str, breach: str, around: int, roster: Roster
) -> None:
    """People tell of the weather and the biscuits before and after the one thing that matters."""
    filler = " ".join(["We talked about the weather, the new website and who brings the biscuits next month."] * around)
    words = f"{filler} {breach} {filler}"
    found = judge_text(words, roster=roster, checks=CHECKS, scorer=default_scorer(), kind="post", author_role=role)
    [flag] = [one for one in found if one.clause == clause]
    place = words.index(breach)
    assert place <= flag.start_char < flag.end_char <= place + len(breach)
    # The same words alone, without the breach.
    assert (
        judge_text(filler, roster=roster, checks=CHECKS, scorer=default_scorer(), kind="post", author_role=role) == []
    )


@pytest.mark.parametrize(
    ("words", "contact"),
    [
        ("I want to end my life, nobody helps me. Call me on {}", "07700 900123"),
        ("I want to kill myself. Please ring me on {} or mail me", "07700 900123"),
        ("took all my tablets. {} please hurry", "14 Mill Lane, Leeds LS1 4AP"),
        ("My husband beats me every night. Text me on {}, not email", "07700 900123"),
        ("I don't want to be here any more, {}", "jo.bloggs77@example.org"),
    ],
)
def test_a_cry_for_help_does_not_drown_in_where_to_reach_who_cries(words: str, contact: str, roster: Roster) -> None:
    """Who asks to be rung at once is in the greatest danger, and gives a number as nobody else does."""
    found = judge_text(words.format(contact), roster=roster, checks=CHECKS, scorer=default_scorer())
    [flag] = [one for one in found if one.clause == "S1"]
    assert flag.severity == "urgent" and flag.start_char < words.index("{")
    harmless = f"My kitchen is finished and the tap works. Please ring me: {contact}"
    assert "S1" not in {
        one.clause for one in judge_text(harmless, roster=roster, checks=CHECKS, scorer=default_scorer())
    }


def test_a_text_without_its_contacts_keeps_every_other_word_in_its_place() -> None:
    """Evidence would else point beside the words that carry it."""
    kept = " was what you should have rung, I live at "
    words = f"07700 900123{kept}7 Elm Row, Wem SY4 5AA."
    places = tuple((words.index(one), words.index(one) + len(one)) for one in ("07700 900123", "7 Elm Row", "SY4 5AA"))
    bare = replace(text(words), contacts=places).without_contacts()
    # The town between a street and a postcode is of the address.
    assert (bare.text, bare.contacts) == (f"{'':12}{kept}{'':22}.", ())


def test_the_windows_of_a_text_cover_it() -> None:
    """No word of a long post may lie in no window."""
    long = text("word " * (TEXT_TOKENS + 2 * STRIDE + 7))
    read = windows([long], default_scorer()._tokenizer)[0]
    covered = {place for window in read for span in window.spans for place in range(*span)}
    assert {place for place, letter in enumerate(long.text) if letter != " "} <= covered
    assert all(len(window.spans) <= TEXT_TOKENS for window in read)


@pytest.mark.parametrize("words", ["", " ", "\u200b", "🌻🌻🌻", "a" * 5000, "\x00\ufffd", "[SEP] [CLS] [PAD]"])
def test_odd_texts_are_scored_too(words: str) -> None:
    """One comment of odd characters must not cost the night."""
    (scored,) = default_scorer().score([text(words)])
    assert set(scored.logits) == set(CLAUSES)
    for clause in CLAUSES:
        start, end = scored.evidence(clause) or (0, 0)
        assert 0 <= start <= end <= len(words)


def test_the_runtime_reports_nothing_to_anybody(tmp_path: Path) -> None:
    """onnxruntime keeps an identifier of the machine for its maker, unless it is told not to before it starts."""
    load = "from checks.scorer.scorer import default_scorer; default_scorer()"
    here = {"cwd": Path(__file__).parents[2], "env": os.environ | {"TMPDIR": str(tmp_path), "HOME": str(tmp_path)}}
    subprocess.run([sys.executable, "-c", load], check=True, **here)
    assert list(tmp_path.iterdir()) == []


def broken_copy(folder: Path, file: str, content: bytes | None) -> Path:
    shutil.copytree(MODEL, folder / "model")
    if content is None:
        (folder / "model" / file).unlink()
    else:
        (folder / "model" / file).write_bytes(content)
    return folder / "model"


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("first.onnx", None),
        ("rest.onnx", b"x" * 100),
        ("tokenizer.json", b"{}"),
        ("model.json", b"{"),
        ("model.json", b"{}"),
    ],
)
def test_a_damaged_model_says_so(tmp_path: Path, file: str, content: bytes | None) -> None:
    """A half-copied installation must not judge by noise."""
    with pytest.raises(ScorerError, match="install the program again"):
        Scorer(broken_copy(tmp_path, file, content))


def test_without_the_scorer_the_rules_judge_and_everything_is_judged_again(
    store: Store, roster: Roster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be checked is never fine: the report says it, and the next run tries again."""
    bank = "Here are my bank details again, sort code 00-99-00 account 01234567"
    items = [Item("facebook", "1", "comment", text=DISCLOSURE), Item("facebook", "2", "comment", text=bank)]
    land(store, "run", "channel", Page(items=items), None)
    folder = broken_copy(tmp_path, "rest.onnx", b"")
    scorer_module.default_scorer.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(Scorer.__init__, "__defaults__", (folder,))
        judged = run_checks(store, "run", roster=roster, checks=CHECKS, at=AT)
    scorer_module.default_scorer.cache_clear()
    assert judged.problems and "2 versions of items could not be checked by it" in judged.problems[0]
    assert {row[0] for row in flags(store)} == {"facebook:2"}
    mended = run_checks(store, "run2", roster=roster, checks=CHECKS, at=AT)
    assert mended.revisions == 2 and not mended.problems
