"""`acto import` on files as people have them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Acto

NHS = ["--map", "platform==webpage", "--map", "id=Comment ID", "--map", "text=FFT answer", "--map", "created_at=Date"]


def numbers(output: str) -> dict[str, int]:
    record = json.loads(output)[0]
    return {name: record[name] for name in ("items_seen", "items_new", "items_edited", "quarantined")}


def test_bad_lines_go_to_quarantine_with_number_and_bytes_and_the_rest_lands(acto: Acto, tmp_path: Path) -> None:
    """One broken line must not cost the other comments, nor vanish without a trace."""
    lines = [
        b'{"platform": "facebook", "id": "1", "text": "Diolch am y gweminar \xf0\x9f\x92\x9a"}',
        b'{"platform": "facebook", "id": "2", "text": "cut off',
        b'{"platform": "facebook", "text": "no id"}',
        b'{"platform": "facebook", "id": "3", "text": "lone \\ud800 surrogate"}',
        b'{"platform": "facebook", "id": "4", "text": "nul \\u0000 inside"}',
        b'{"platform": "facebook", "id": "5", "text": "latin \xe9"}',
        b'{"platform": "facebook", "id": "6", "text": "' + b"x" * 2_000_000 + b'"}',
        b'{"platform": "facebook", "id": "7", "text": "fine &amp; dandy"}',
    ]
    path = tmp_path / "comments.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n")
    done = acto("import", str(path), "--json")
    assert done.returncode == 3, done.stderr
    assert numbers(done.stdout) == {"items_seen": 2, "items_new": 2, "items_edited": 0, "quarantined": 6}
    kept = json.loads(acto("query", "SELECT reason, raw FROM quarantine", "--format", "json").stdout)
    for line in range(2, 8):
        assert [row for row in kept if f"Line {line} " in row["reason"]], f"line {line} is not in quarantine"
    assert max(len(row["raw"]) for row in kept) > 2_000_000
    texts = json.loads(acto("query", "SELECT item_id, text FROM items ORDER BY item_id", "--format", "json").stdout)
    assert texts == [
        {"item_id": "facebook:1", "text": "Diolch am y gweminar 💚"},
        {"item_id": "facebook:7", "text": "fine & dandy"},
    ]
    again = acto("import", str(path), "--json")
    assert again.returncode == 3 and numbers(again.stdout)["items_new"] == 0
    assert json.loads(acto("query", "SELECT count(*) AS n FROM quarantine", "--format", "json").stdout) == [{"n": 6}]


def test_a_column_that_is_in_no_record_is_named(acto: Acto, tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_text("Number,Answer\n1,Lovely\n", encoding="utf-8")
    done = acto("import", str(path), "--map", "platform==webpage", "--map", "id=Number", "--map", "text=Comment")
    assert done.returncode != 0
    assert "Comment" in done.stdout + done.stderr and "Answer" in done.stdout + done.stderr


@pytest.mark.slow
def test_real_patient_comments_land_once(acto: Acto, shared: Path) -> None:
    """A survey of thousands of real comments: all in, and nothing added by a second import."""
    path = str(shared / "corpora" / "nhs_comments" / "v6framework_230831.csv")
    first = acto("import", path, *NHS, "--json")
    assert first.returncode in (0, 3), first.stderr
    read = numbers(first.stdout)
    assert read["items_seen"] + read["quarantined"] >= 7_908
    second = numbers(acto("import", path, *NHS, "--json").stdout)
    assert (second["items_new"], second["items_edited"]) == (0, 0)


def test_the_labelled_examples_and_tweets_land(acto: Acto, shared: Path) -> None:
    examples = acto("import", str(shared / "policy" / "examples.jsonl"), "--json")
    assert (examples.returncode, numbers(examples.stdout)["items_new"]) == (0, 480), examples.stderr
    tweets = acto(
        "import",
        str(shared / "corpora" / "uk_tweets" / "a.no-labels.json"),
        *("--map", "platform==x", "--map", "id=id_str", "--map", "author_handle=user.screen_name", "--json"),
    )
    assert tweets.returncode == 0, tweets.stderr
    asked = "SELECT count(*) AS n FROM items WHERE platform = 'x' AND created_at IS NULL"
    assert json.loads(acto("query", asked, "--format", "json").stdout)[0]["n"] < 480


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["table", "csv", "json"])
def test_what_was_imported_can_be_asked_for(acto: Acto, tmp_path: Path, layout: str) -> None:
    path = tmp_path / "one.csv"
    path.write_text('platform,id,text,rating\ngoogle,1,"=HYPERLINK(""x"")",5\n', encoding="utf-8")
    assert acto("import", str(path)).returncode == 0
    done = acto("query", "SELECT item_id, text, rating FROM items", "--format", layout)
    assert done.returncode == 0 and "google:1" in done.stdout
    if layout == "csv":
        assert "'=HYPERLINK" in done.stdout
    for refused in ("DROP VIEW items", "COPY items TO 'x.csv'", "SELECT * FROM read_text('/etc/passwd')", "SELEC 1"):
        done = acto("query", refused)
        assert (done.returncode, "Traceback" in done.stderr) == (2, False), refused


def test_a_file_of_which_nothing_is_read_is_not_complete(acto: Acto, tmp_path: Path) -> None:
    """Whoever forgets --map must learn it from the record, not from one that says complete."""
    path = tmp_path / "survey.csv"
    path.write_text("Comment ID,FFT answer\n1,Lovely\n2,Kind\n", encoding="utf-8")
    done = acto("import", str(path), "--json")
    record = json.loads(done.stdout)[0]
    assert (done.returncode, record["outcome"], record["quarantined"]) == (3, "partial", 2), done.stderr
    assert "Nothing of survey.csv could be read." in record["reason"] and "--map" in record["reason"]
    path.write_text("platform,id,text\nx,1,Lovely\nx,,Kind\n", encoding="utf-8")
    partly = acto("import", str(path), "--json")
    assert (partly.returncode, json.loads(partly.stdout)[0]["reason"]) == (3, "")


def test_times_that_cannot_be_read_are_told(acto: Acto, tmp_path: Path) -> None:
    """The items count in no month and no answering time, which whoever imports them must not learn from a wrong report."""
    path = tmp_path / "notes.csv"
    path.write_text("platform,id,text,created_at\nx,1,Lovely,31/10/26\nx,2,Kind,2026-10-31\n", encoding="utf-8")
    told = "The time of 1 item could not be read, '31/10/26' on line 2 of notes.csv"
    done = acto("import", str(path))
    assert done.returncode == 3 and "2 items read, 2 new" in done.stdout and told in " ".join(done.stdout.split())
    [coverage] = json.loads(acto("query", "SELECT outcome, reason FROM coverage", "--format", "json").stdout)
    assert coverage["outcome"] == "partial" and coverage["reason"].startswith(told)
    path.write_text(path.read_text(encoding="utf-8").replace("31/10/26", "31/10/2026"), encoding="utf-8")
    assert acto("import", str(path)).returncode == 0
    dated = json.loads(acto("query", "SELECT created_at FROM items", "--format", "json").stdout)
    assert dated == [{"created_at": "2026-10-31T00:00:00Z"}] * 2, "docs/import.md says that they are filled in"
