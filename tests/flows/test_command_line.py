"""The command line as a user meets it: help at once, one sentence for every mistake, the exit codes of the contract."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pandas as pd
import pytest

from checks.catalogue import CheckError, load_checks
from checks.scorer.inputs import Text
from checks.scorer.scorer import Scorer
from connectors.registry import PLATFORMS
from flows import checking
from flows.command_line import Platform, app
from tests.conftest import Acto
from warehouse.terms import Terms


def test_help_names_every_command_and_loads_nothing_heavy() -> None:
    """A person who asks for help must not wait for Prefect and pandas to load."""
    code = "import sys; sys.argv = ['acto', '--help']\ntry:\n  from flows.command_line import main; main()\n"
    code += "except SystemExit: pass\n"
    code += "print(sorted({'prefect', 'pandas', 'duckdb', 'googleapiclient'} & set(sys.modules)), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    for command in ("demo", "scan", "import", "check", "report", "flags", "item", "decide", "query", "serve"):
        assert f" {command} " in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["scan", "--sinc", "2026-01-01"], "--since"),
        (["scan", "--since", "yesterday-ish"], "since"),
        (["scan"], "acto.toml"),
        (["import"], "which file"),
        (["import", "nowhere.csv"], "nowhere.csv"),
        (["query", "SELECT 1"], "no history"),
        (["query", "SELECT 1", "--format", "xml"], "format"),
        (["decide", "abc", "dismiss"], "reason"),
        (["report"], "no history"),
        (["flags"], "no history"),
        (["item", "youtube:1"], "no history"),
        (["check", "--text", "\udce9t\udce9 add me"], "is no UTF-8 text"),
        (["decide", "F", "dismiss", "--reason", "bad \udcff"], "is no UTF-8 text"),
        (["check", "--parent", "x"], "--text"),
        (["check", "--role", "public"], "--text"),
        (["check", "--platform", "x"], "--text"),
        (["check", "--kind", "post"], "--text"),
        (["check", "--text", "hello", "--platform", "myspace"], "platform"),
        (["check", "--text", "hello", "--diff"], "--diff"),
        (["check", "--text", "hello", "--all-history"], "--all-history"),
        (["check", "--text", "hello", "youtube:1"], "youtube:1"),
        (["check", "--text", "hello", "O9"], "'O9' is no check"),
        (["check", "--text", ""], "The text is empty"),
        (["check", "--text", " \n", "--json"], "The text is empty"),
        (["audit", "--fine"], "which item"),
        (["audit", "--missed", "O3"], "which item"),
        (["audit", "youtube:1", "--fine", "--json"], "--json goes with the list"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_code_2(acto: Acto, arguments: list[str], said: str) -> None:
    done = acto(*arguments)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert said in done.stderr


def test_a_check_with_an_option_of_a_trial_keeps_no_run(acto: Acto, home: Path) -> None:
    """Whoever forgot --text meant to try something, not to judge the history."""
    assert acto("check", "--parent", "x", "--role", "member").returncode == 2
    assert not list(home.glob("*.duckdb"))


def test_a_broken_configuration_is_exit_code_2(acto: Acto, home: Path) -> None:
    (home / "acto.toml").write_text("[report]\nlevel = 'loud'\n", encoding="utf-8")
    done = acto("scan")
    assert (done.returncode, "report.level" in done.stderr) == (2, True)


def test_one_text_can_be_tried(acto: Acto) -> None:
    """Whoever writes a post can see beforehand what the checks would say of it."""
    done = acto("check", "--text", "My home address is 14 Larch Road, Stockport SK4 1AA, pop round", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert "R2" in {finding["clause"] for finding in found}
    assert all(finding["evidence"] and finding["reason"] for finding in found)
    assert "No check flags" in acto("check", "--text", "Lovely webinar, thank you all.").stdout


def test_some_checks_alone_can_be_tried_on_a_text(acto: Acto) -> None:
    """As `acto check O3` judges with some: what another check would say is not asked for."""
    address = "My home address is 14 Larch Road, Stockport SK4 1AA, pop round"
    assert {one["clause"] for one in json.loads(acto("check", "R2", "--text", address, "--json").stdout)} == {"R2"}
    assert acto("check", "O3", "--text", address).stdout == "None of the checks that you name flags this text.\n"


def tried(capsys: pytest.CaptureFixture[str], text: str, *ids: str, as_json: bool, platform: str = "facebook") -> Any:
    """What `acto check --text` says of a text by somebody of the public."""
    assert checking.try_one_text(text, ids, role="public", parent="", platform=platform, as_json=as_json) == 0
    said = capsys.readouterr().out
    return json.loads(said) if as_json else " ".join(said.split())


ONLY_AN_ADDRESS = "Only the address was judged; what stands behind it was not opened: paste its words."
OTHER_LANGUAGE = "The checks read English: a text in another language is nearly always left unflagged."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://www.facebook.com/ACTO-online/posts/1424610588474971", ONLY_AN_ADDRESS),
        (" <facebook.com/ACTO-online/posts/1> www.acto-org.uk.", ONLY_AN_ADDRESS),
        ("Our programme is at https://www.acto-org.uk", ""),
        ("Oes. Faint mae sesiwn yn ei gostio fel arfer?", OTHER_LANGUAGE),
        ("Wann ist die nächste Sitzung, und wo findet sie statt?", OTHER_LANGUAGE),
        ("Nie wiem co robić i nie mam z kim porozmawiać", OTHER_LANGUAGE),
        ("Je me sens très mal et personne ne me répond", OTHER_LANGUAGE),
        ("Lovely webinar, thank you all.", ""),
        ("How do I get help?", ""),
        ("What are your fees at the moment, please?", ""),
        ("Thanks all!", ""),
        ("👍", ""),
    ],
)
def test_a_text_that_the_checks_could_hardly_read_is_not_called_clean(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    """Whoever pastes a link, or Welsh, would believe that the post has been looked at."""
    monkeypatch.setenv("ACTO_HOME", str(home))
    told = tried(capsys, text, as_json=False).partition(" S1 not flagged, but near.")[0]
    assert told == f"No check flags this text. {said}".strip()


@pytest.mark.parametrize("platform", ["x", "facebook"])
def test_of_a_check_that_no_scan_runs_on_that_platform_this_is_said(
    platform: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who sees the flag alone would believe that X is watched for suicide; its terms keep a scan from it."""
    monkeypatch.setenv("ACTO_HOME", str(home))
    text, note = (
        "I want to kill myself tonight, I have the pills here",
        "Of what a scan reads on X this check is not run",
    )
    assert (note in tried(capsys, text, as_json=False, platform=platform)) is (platform == "x")
    found = tried(capsys, text, as_json=True, platform=platform)
    assert found[0]["clause"] == "S1" and found[0]["flagged"]
    told = {one["clause"]: one["note"] for one in found if one["note"]}
    assert told == ({"S1": f"{note} (X's terms)."} if platform == "x" else {})


def test_of_which_checks_this_is_said_the_terms_say(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a near miss, too, and of no list beside the terms."""
    monkeypatch.setenv("ACTO_HOME", str(home))
    monkeypatch.setattr(checking, "NEAR", 0)
    monkeypatch.setattr(checking, "terms_of", lambda _: Terms(no_conclusions=frozenset({"O4"})))
    note = "Of what a scan reads on Yelp this check is not run (Yelp's terms)."
    assert tried(capsys, "Lovely webinar.", "O4", as_json=False, platform="yelp").endswith(note)
    told = {one["clause"]: one["note"] for one in tried(capsys, "Lovely webinar.", as_json=True, platform="yelp")}
    assert {clause for clause, said in told.items() if said} == {"O4"} and told["O4"] == note


def test_as_json_a_near_miss_is_told_and_told_from_a_flag(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty list tells nobody why a text was left alone, and a near miss among flags must pass for none."""
    monkeypatch.setenv("ACTO_HOME", str(home))
    assert tried(capsys, "Lovely webinar.", as_json=True) == []
    monkeypatch.setattr(checking, "NEAR", 0)
    assert "O4 not flagged, but near." in tried(capsys, "Lovely webinar.", "O4", as_json=False)
    (near,) = tried(capsys, "Lovely webinar.", "O4", as_json=True)
    assert (near["clause"], near["flagged"], near["severity"]) == ("O4", False, None)
    assert near["reason"].startswith("Not flagged, but near. The scorer gives")
    assert near["because"]["together"] < near["because"]["threshold"]
    flag, *others = tried(capsys, BREAKS_TWO, as_json=True)
    assert flag["flagged"] and set(flag) == set(near)
    flagged = [one["flagged"] for one in others]
    assert flagged == sorted(flagged, reverse=True) and not all(flagged), "flags first"


@pytest.mark.parametrize(
    ("arguments", "heading"),
    [([], ("facebook", "comment")), (["--platform", "trustpilot", "--kind", "review"], ("trustpilot", "review"))],
)
def test_a_text_is_tried_as_where_and_what_it_would_be(
    arguments: list[str], heading: tuple[str, str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scorer reads it: what is fine under a review may be none in a comment."""
    read: list[Text] = []
    real = Scorer.read

    def watched(self: Scorer, texts: Sequence[Text], *rest: Any) -> Any:
        read.extend(texts)
        return real(self, texts, *rest)

    monkeypatch.setenv("ACTO_HOME", str(home))
    monkeypatch.setattr(Scorer, "read", watched)
    app(["check", "--text", "Lovely webinar, thank you all.", *arguments], result_action="return_value")
    assert {(text.platform, text.kind) for text in read} == {heading}


def test_a_text_can_be_tried_as_on_every_platform_that_is_read() -> None:
    assert set(get_args(Platform)) == set(PLATFORMS)


BREAKS_TWO = (
    "Add me on my private Insta and we can chat after our sessions. My home address is 14 Larch Road, Stockport SK4 1AA"
)


@pytest.mark.parametrize("as_json", [False, True])
def test_a_check_that_fails_on_a_text_is_named_and_the_others_answer(
    as_json: bool, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A traceback tells nobody which check to mend, and withholds what nine others have found."""

    def fail(_: pd.DataFrame) -> pd.DataFrame:
        raise ValueError("a text of somebody's, which must not be shown")

    checks = [replace(one, transform=fail) if one.about.clause == "R2" else one for one in load_checks()]
    monkeypatch.setenv("ACTO_HOME", str(home))
    monkeypatch.setattr(checking, "loadable_checks", lambda: (checks, {}))
    assert checking.try_one_text(BREAKS_TWO, role="member", parent="", as_json=as_json) == 3
    said = capsys.readouterr()
    found = {one["clause"] for one in json.loads(said.out)} if as_json else {line[:2] for line in said.out.splitlines()}
    assert "O1" in found and "R2" not in found
    assert "(R2) could not be run: ValueError." in " ".join(said.err.split())
    assert "must not be shown" not in said.out + said.err


@pytest.mark.parametrize(
    ("ids", "code", "said"),
    [
        ([], 3, "What could be run flags nothing in this text."),
        (["R2"], 3, "What could be run flags nothing in this text."),
        (["O1"], 0, "None of the checks that you name flags this text."),
    ],
)
def test_a_check_that_cannot_be_loaded_is_named_and_the_others_are_tried(
    ids: list[str],
    code: int,
    said: str,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As in a scan: a slip in one check's file costs its own answer, where that is asked for."""
    checks = [one for one in load_checks() if one.about.clause != "R2"]
    fault = CheckError("r2_own_safety/check.toml: severity: Input should be 'urgent'")
    monkeypatch.setenv("ACTO_HOME", str(home))
    monkeypatch.setattr(checking, "loadable_checks", lambda: (checks, {"r2_own_safety": fault}))
    assert checking.try_one_text("Lovely webinar, thank you all.", ids, role="public", parent="", as_json=False) == code
    shown = capsys.readouterr()
    assert shown.out == f"{said}\n"
    told = " ".join(shown.err.split())
    assert told == (f"The check r2_own_safety could not be run. {fault}." if code else "")


def test_a_scorer_that_fails_on_a_text_leaves_what_the_rules_find(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No all-clear either: it is said that the rules have judged alone."""

    def fail(*_: Any) -> Any:
        raise MemoryError

    monkeypatch.setenv("ACTO_HOME", str(home))
    monkeypatch.setattr(Scorer, "read", fail)
    assert checking.try_one_text("Lovely webinar, thank you all.", role="public", parent="", as_json=False) == 3
    said = capsys.readouterr()
    assert "the scorer failed: MemoryError" in " ".join(said.err.split())
    assert "No check flags" not in said.out and "What could be run flags nothing" in said.out
