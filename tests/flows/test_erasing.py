"""`acto erase` and `acto subject` as their user meets them."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from connectors.item import Item, Page
from flows.backing_up import back_up_as_configured
from flows.command_line import app
from flows.config import load_config
from flows.erasing import finish_in_scan
from flows.exits import exit_in_words
from flows.review.accounts import accounts, keep_account
from flows.review.one_time_code import new_secret
from tests.flows import canaries
from tests.flows.night import NOW
from tests.warehouse.sealed_history import damage, flag
from warehouse import desk
from warehouse.backups import backup_folder, backups_in, is_backup_wanted
from warehouse.erasure import plan
from warehouse.erasure_request import begin
from warehouse.keys import keys_for_writing
from warehouse.landing import land
from warehouse.query import run_query
from warehouse.runs import start_run
from warehouse.snapshot import publish
from warehouse.store import open_store

HOSTILE = "<script>alert(1)</script> \u202e said it"
ROSTER = "member_id,name,known_as,role,facebook,x,instagram,linkedin,youtube,practice_email,practice_phone,permitted\n"
Command = Callable[..., tuple[int, str]]


@pytest.fixture
def acto(home: Path, monkeypatch: Any, capsys: Any) -> Command:
    """The command in this process, on a history with two people, one of whom is a member; gives its exit code and words."""
    monkeypatch.setenv("ACTO_HOME", str(home))
    (home / "roster.csv").write_text(ROSTER + "M1,Ann Other,Ann,member,ann.other,,,,,,,\n")
    (home / "acto.toml").write_text('[people]\nroster = "roster.csv"\n')
    with open_store(home) as store:
        items = [
            Item(
                "facebook", "1", "comment", HOSTILE, author_id="A-1", author_name="Ann Other", author_handle="ann.other"
            ),
            Item("facebook", "2", "comment", "Thank you, Ann Other", author_id="B-2", author_name="Bea Third"),
            Item("x", "9", "comment", "on X", author_id="C-3", author_name="Ann Other"),
        ]
        land(store, start_run(store, "scan", NOW), "page", Page(items=items), None)
        publish(store)

    def run(*arguments: str) -> tuple[int, str]:
        code = exit_in_words(app, arguments)
        return code, "".join(capsys.readouterr())

    return run


def test_all_that_is_held_about_a_person_is_written_for_them_alone(acto: Command, home: Path) -> None:
    """A person may ask for all of it (UK GDPR article 15), and not for who else wrote what."""
    code, said = acto("subject", "--author", "ann other")
    assert code == 2 and "2 accounts" in said and "facebook  A-1" in said and "x  C-3" in said
    assert acto("subject", "--author", "nobody")[0] == 2
    code, said = acto("subject", "--author", "@Ann.Other")
    assert code == 0
    (page,) = home.glob("subjects/*/subject.html")
    record = json.loads(page.with_suffix(".json").read_text())
    assert record["items"][0]["text"] == HOSTILE and record["the roster file"][0]["member_id"] == "M1"
    assert [one["text"] for one in record["written by others, naming them"]] == ["Thank you, Ann Other"]
    assert "Bea" not in page.read_text() and "B-2" not in json.dumps(record)
    assert "<script>" not in page.read_text() and "\u202e" not in page.read_text() and "said it" in page.read_text()
    assert {stat.S_IMODE(path.stat().st_mode) for path in page.parent.iterdir()} == {0o600}


def test_what_the_chair_noted_about_a_person_is_handed_over_too(acto: Command, home: Path) -> None:
    """A note is about whoever wrote what it stands beside: an answer without it is not all that is held."""
    with open_store(home) as store:
        flag(store, "r", "facebook:1", 0)
        [(flag_id,)] = store.connection().execute("SELECT flag_id FROM store.flag").fetchall()
    desk.keep(home, "note", "chair", NOW, flag_id=flag_id, text="Rang them, no answer")
    assert acto("subject", "--author", "@Ann.Other")[0] == 0
    (page,) = home.glob("subjects/*/subject.json")
    assert [one["text"] for one in json.loads(page.read_text())["notes"]] == ["Rang them, no answer"]


def test_erasing_asks_first_and_says_what_it_could_not_reach(acto: Command, home: Path) -> None:
    """A slip must not erase anything; and the user's own roster still names the member."""
    for wrong in (
        (), ("--author", "ann.other"), ("--item", "facebook:none", "--yes"), ("--author", "Ann Other", "--yes"),
        ("--author", "x", "--item", "facebook:1", "--yes"),
    ):  # fmt: skip
        assert acto("erase", *wrong)[0] in (1, 2)
    assert run_query(home / "history.duckdb", "SELECT count(*) FROM items").rows == [(3,)]
    keep_account(home, "ann.other", "correct horse battery", new_secret())
    code, said = acto("erase", "--author", "ann.other", "--yes")
    assert code == 3 and "1 item in 1 version" in said and "roster.csv" in said
    assert "ann.other" in accounts(home), (
        "who signs in to the page must not be locked out because a writer is called the same"
    )
    assert "review-accounts.json" in said
    left = run_query(home / "history.duckdb", "SELECT item_id FROM items ORDER BY 1").rows
    assert left == [("facebook:2",), ("x:9",)]
    assert acto("erase", "--finish") == (0, "No erasure was left unfinished.\n")


def test_an_account_without_an_id_can_be_meant_though_another_is_called_the_same(acto: Command, home: Path) -> None:
    """A person whom no word of the command could name would never get what the law gives them."""
    with open_store(home) as store:
        items = [
            Item("facebook", "3", "review", "Only a name", author_name="Ann Other"),
            Item("facebook", "4", "review", "A handle alone", author_handle="@Ann.Other"),
            Item("facebook", "5", "review", "An id that reads as a name", author_id="Ann Other"),
        ]
        land(store, start_run(store, "scan", NOW), "page", Page(items=items), None)
        publish(store)
    code, said = acto("subject", "--author", "Ann Other", "--platform", "facebook")
    assert code == 2 and "3 accounts" in said and "facebook:3" in said and "facebook:5" in said
    assert acto("subject", "--author", "facebook:3")[0] == 0
    (record,) = home.glob("subjects/*/subject.json")
    assert [one["text"] for one in json.loads(record.read_text())["items"]] == ["Only a name"]
    for item in ("facebook:3", "facebook:4"):
        code, said = acto("erase", "--author", item, "--yes")
        assert code in (0, 3) and "1 item in 1 version" in said and "1 raw line" in said
    with open_store(home) as store:
        left = store.connection().execute("SELECT item_id FROM items ORDER BY 1").fetchall()
        assert left == [("facebook:1",), ("facebook:2",), ("facebook:5",), ("x:9",)]
        again = Item(
            "facebook", "6", "comment", "Anew", author_id="A-1", author_name="Ann Other", author_handle="ann.other"
        )
        landed = land(store, start_run(store, "scan", NOW), "page", Page(items=[again, *items[:2]]), None)
        assert (landed.new, landed.left_out) == (1, 2), "the other account is not kept away"


def test_an_erasure_that_was_stopped_is_finished_first(acto: Command, home: Path) -> None:
    """Whoever comes next must not be told of what should be gone."""
    with open_store(home) as store:
        request, _ = plan(store, ["x:9"], "item", "clerk")
    begin(home, request)
    assert acto("erase", "--finish")[0] == 0
    assert run_query(home / "history.duckdb", "SELECT count(*) FROM items").rows == [(2,)]


def test_what_is_asked_for_is_erased_after_what_had_been_left(acto: Command, home: Path) -> None:
    """The clerk would read "Erased" and think of the person who asks now."""
    with open_store(home) as store:
        request, _ = plan(store, ["facebook:1"], "author", "clerk")
    begin(home, request)
    code, said = acto("erase", "--item", "x:9", "--yes")
    assert (code, "roster.csv" in said) == (3, True), "the roster still names whom the earlier one was about"
    assert run_query(home / "history.duckdb", "SELECT item_id FROM items").rows == [("facebook:2",)]


@pytest.mark.slow
@pytest.mark.parametrize("at_rest", [False, True])
def test_no_canary_is_left_anywhere(home: Path, monkeypatch: Any, capsys: Any, at_rest: bool) -> None:
    """Who asks to be erased must be in no table, file, copy or backup, be it readable or behind a key of ours."""
    monkeypatch.setenv("ACTO_HOME", str(home))
    (home / "acto.toml").write_text(f"[encryption]\nat_rest = {str(at_rest).lower()}\n")
    canaries.plant(home)
    assert canaries.found(home) == set(canaries.PLACES), "each is really there"
    before = keys_for_writing(home).data
    assert exit_in_words(app, ["erase", "--author", canaries.WORDS["account"], "--yes"]) == 0, capsys.readouterr()
    assert canaries.found(home) == set()
    assert len(backups_in(backup_folder(home))) == 1, "and there is a backup again, without them"
    after = keys_for_writing(home).data
    assert (after is None) if not at_rest else (before != after), "what the disk keeps of the old file opens to nobody"
    with open_store(home) as store:
        assert damage(store) == []


def test_the_clerk_hears_of_all_copies_before_they_go(acto: Command, home: Path) -> None:
    """Who presses on without knowing that every backup and export goes would have kept one elsewhere first."""
    assert acto("backup")[0] == 0 and acto("backup", "--parquet")[0] == 0
    code, said = acto("erase", "--item", "x:9", "--yes")
    before, after = said.split("Erased:")
    assert (
        code == 0 and "1 backup and 1 export. A new backup is made afterwards." in before and "log line" not in before
    )
    assert "No backup of before is left in" in after and "A new backup:" in after
    code, said = acto("erase", "--item", "facebook:2", "--yes")
    assert "1 backup." in said and "export. " not in said


def test_a_spreadsheet_that_still_names_somebody_is_named(acto: Command, home: Path) -> None:
    """Exit code 0 says that nothing is left here; the folder of what was handed to them must not stay either."""
    (home / "acto.toml").unlink()
    (home / "roster.csv").unlink()
    assert acto("subject", "--author", "A-1")[0] == 0
    assert acto("query", "FROM items", "--output", str(home / "items.xlsx"))[0] == 0
    code, said = acto("erase", "--author", "ann.other", "--yes")
    assert code == 3 and "  items.xlsx\n" in said and list(home.glob("subjects/*")) == []


def test_an_erasure_that_a_night_finishes_is_followed_by_a_new_backup(acto: Command, home: Path) -> None:
    """The backups of before go with it: without a new one, and without a word, the history would have none."""
    assert acto("backup")[0] == 0
    with open_store(home) as store:
        request, _ = plan(store, ["x:9"], "item", "clerk")
    begin(home, request)
    assert finish_in_scan(home) == [] and backups_in(backup_folder(home)) == [] and is_backup_wanted(home)
    back_up_as_configured(home, load_config(home))
    assert len(backups_in(backup_folder(home))) == 1 and not is_backup_wanted(home)


@pytest.mark.parametrize("has_room", [True, False])
def test_what_a_night_says_of_an_erasure_names_nobody(
    acto: Command, home: Path, monkeypatch: pytest.MonkeyPatch, has_room: bool
) -> None:
    """It is mailed and kept with the report, and the names of files may say whom it was about."""
    folder = home / "subjects" / "facebook_ann.other-20261128T101500Z"
    folder.mkdir(parents=True)
    (folder / "consent.txt").write_text("Yes")
    with open_store(home) as store:
        request, _ = plan(store, ["facebook:1"], "author", "clerk")
    begin(home, request)
    with monkeypatch.context() as full:
        if not has_room:
            full.setattr("warehouse.erasure.has_room_to_write_anew", lambda home: False)
            full.setattr("warehouse.rebuild.copy_database", Mock(side_effect=OSError("No space left on device")))
        [said] = finish_in_scan(home)
    assert "ann" not in said.casefold()
    if has_room:
        assert "may still be told by 2 files or folders in the home folder" in said
    else:
        assert "no room to write it anew" in said and "acto erase --finish" in said
        code, said = acto("erase", "--finish")
        assert code == 3 and f"  subjects/{folder.name}/\n" in said and "  roster.csv\n" in said
