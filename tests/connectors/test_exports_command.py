"""`acto import` on an X archive as it was downloaded, and on one made to do harm."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Acto
from tests.connectors.export_files import script, zipped


def tweet(name: str, text: str = "Our conference is on 3 March") -> dict[str, Any]:
    return {"tweet": {"id_str": name, "full_text": text, "created_at": "Wed Oct 10 20:19:24 +0000 2018"}}


@pytest.mark.slow
def test_an_archive_lands_and_says_what_came_of_it(acto: Acto, tmp_path: Path) -> None:
    """Exit code 0 when all is in, 3 when an entry is in quarantine, with a sentence that says which; twice adds nothing."""
    account = script("account.part0", [{"account": {"username": "acto_org", "accountId": "77"}}])
    files = {"data/account.js": account, "data/tweets.js": script("tweets.part0", [tweet("10"), tweet("11")])}
    path = zipped(tmp_path / "twitter.zip", files)
    done = acto("import", str(path))
    assert (done.returncode, "2 items read, 2 new" in done.stdout) == (0, True), done.stdout + done.stderr
    again = json.loads(acto("import", str(path), "--json").stdout)[0]
    assert (again["items_seen"], again["items_new"], again["items_edited"], again["outcome"]) == (2, 0, 0, "complete")
    zipped(path, files | {"data/tweets-part1.js": script("tweets.part1", [tweet("12"), tweet("not an id")])})
    partly = acto("import", str(path))
    assert (partly.returncode, "1 in quarantine" in partly.stdout) == (3, True), partly.stdout + partly.stderr
    kept = json.loads(acto("query", "SELECT reason FROM quarantine", "--format", "json").stdout)
    assert kept == [{"reason": "Entry 2 of data/tweets-part1.js in twitter.zip could not be read: it has no id."}]
    asked = "SELECT item_id, author_handle FROM items ORDER BY item_id"
    assert json.loads(acto("query", asked, "--format", "json").stdout) == [
        {"item_id": f"x:{name}", "author_handle": "acto_org"} for name in ("10", "11", "12")
    ]


def test_a_hostile_zip_file_fails_with_a_sentence_and_lands_nothing(acto: Acto, tmp_path: Path) -> None:
    """Exit code 1, no traceback, and the other file of the same command is still imported."""
    hostile = zipped(tmp_path / "gift.zip", {"data/tweets.js": script("tweets.part0", [tweet("66")])})
    with zipfile.ZipFile(hostile, "a") as opened:
        opened.writestr("../../.bashrc", "echo harm")
    good = zipped(tmp_path / "good.zip", {"data/tweets.js": script("tweets.part0", [tweet("10")])})
    done = acto("import", str(hostile), str(good))
    assert done.returncode == 1 and "Traceback" not in done.stdout + done.stderr
    assert "a name that leads out of its folder" in done.stdout and "good.zip: 1 item read" in done.stdout
    assert json.loads(acto("query", "SELECT item_id FROM items", "--format", "json").stdout) == [{"item_id": "x:10"}]
    assert not (tmp_path.parent / ".bashrc").exists() and not list(tmp_path.rglob("tweets*.js"))


def test_what_was_left_aside_is_said(acto: Acto, tmp_path: Path) -> None:
    """A part of a download in a new layout makes the import partial: exit code 3, and the file is named."""
    new = {"comments_v9": [{"label_values": []}]}
    files = {"data/tweets.js": script("tweets.part0", [tweet("10")]), "comments/comments.json": new}
    done = acto("import", str(zipped(tmp_path / "a.zip", files)))
    assert done.returncode == 3 and "comments/comments.json in a.zip holds nothing that we can read" in done.stdout
