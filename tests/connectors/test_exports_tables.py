"""Exports that are tables: LinkedIn's page, Trustpilot, and the tables of data connectors."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.errors import Refused
from tests.connectors.export_files import Read, read_all, zipped

EXPLAINED = '"Engagement metrics for each post, from 1 October 2026, to 31 October 2026"\n\n'
CONTENT = (
    "Post title,Post link,Post type,Posted by,Created date,Impressions\n"
    '"Our conference, at last\nJoin us",https://www.linkedin.com/feed/update/urn:li:share:7118649787851124736,Organic,'
    "Robin Example,10/31/2026,5\n"
    "Older,https://www.linkedin.com/feed/update/urn%3Ali%3AugcPost%3A7118650191544467456,Organic,Robin Example,02/03/2026,5\n"
    "Oldest,https://www.linkedin.com/posts/acto-uk_a-talk-activity-7118650191544467400-AbCd,Organic,R,31/12/2025,5\n"
    "No link,,Organic,R,10/30/2026,5\n"
    ",,Organic,R,10/30/2026,5\n"
)
TRUSTPILOT = (
    "Domain Url,Review Id,Review Created (UTC),Review Consumer User Id,Review Username,Review User Email,Review Title,"
    "Review Content,Review Stars,Reference Id,Company Reply,Company Reply Date (UTC)\n"
    "acto.example,5f0a1b2c3d4e5f6a7b8c9d0e,2026-10-31 14:05:06,u1,Robin,robin@mail.example,Kind,"
    '"They helped, at once",5,ORDER-77,Thank you,2026-11-01 09:00:00\n'
    "acto.example,5f0a1b2c3d4e5f6a7b8c9d0f,2026-10-31 15:00:00,u2,Sam,,No title,,1,,,\n"
)


def written(path: Path, content: str | bytes) -> Read:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_all(path)


@pytest.mark.parametrize("above", ["", EXPLAINED, EXPLAINED + "Time frame,Last month\n"], ids=["none", "one", "two"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["", "byte order mark"])
def test_the_posts_of_a_linkedin_page(above: str, mark: bytes, tmp_path: Path) -> None:
    """As LinkedIn exports them, with the lines above the table; ids are those of the API where the link has them."""
    read = written(tmp_path / "content.csv", mark + (above + CONTENT).encode())
    assert [(item.id, item.kind, item.text) for item in read.items[:3]] == [
        ("urn:li:share:7118649787851124736", "post", "Our conference, at last\nJoin us"),
        ("urn:li:ugcPost:7118650191544467456", "post", "Older"),
        ("urn:li:activity:7118650191544467400", "post", "Oldest"),
    ]
    assert [item.created_at for item in read.items] == [
        datetime(2026, 10, 31, tzinfo=UTC),
        datetime(2026, 2, 3, tzinfo=UTC),
        datetime(2025, 12, 31, tzinfo=UTC),
        datetime(2026, 10, 30, tzinfo=UTC),
    ]
    assert {item.platform for item in read.items} == {"linkedin"} and len(read.by_id) == 4
    assert len(read.rejected) == 1 and "it has neither a link nor a text" in read.rejected[0].reason
    assert "Robin" not in repr(read.items), "LinkedIn's terms let nobody keep members' names"


def test_older_exports_and_those_of_other_countries(tmp_path: Path) -> None:
    """ "Update" is what posts were called, and a spreadsheet in Germany puts semicolons between its columns."""
    renamed = (
        CONTENT.replace("Post title", "Update title").replace("Post link", "Update link").replace("Join us", "Join")
    )
    assert len(written(tmp_path / "updates.csv", renamed).items) == 4
    columns = "Post title;Post link;Created date\n"
    read = written(
        tmp_path / "german.csv", columns + "Hello, all;https://www.linkedin.com/feed/update/urn:li:share:1;10/31/2026\n"
    )
    assert [(item.id, item.text) for item in read.items] == [("urn:li:share:1", "Hello, all")]


def test_a_link_that_is_none_is_not_linked_to(tmp_path: Path) -> None:
    """The report makes links of addresses."""
    read = written(tmp_path / "a.csv", "Post title,Post link,Created date\nHello,javascript:alert(1),10/31/2026\n")
    assert read.items[0].url is None


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_trustpilots_reviews_and_replies(delimiter: str, tmp_path: Path) -> None:
    """With the ids that the API has, so that a later scan adds nothing; without what identifies customers."""
    rows = list(csv.reader(TRUSTPILOT.splitlines()))
    with (tmp_path / "reviews.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    read = read_all(tmp_path / "reviews.csv")
    assert (read.rejected, read.gaps) == ([], [])
    review, reply, other = read.items
    assert (review.platform, review.kind, review.id) == ("trustpilot", "review", "5f0a1b2c3d4e5f6a7b8c9d0e")
    assert (review.text, review.rating, review.author_name) == ("Kind\n\nThey helped, at once", 5.0, "Robin")
    assert review.created_at == datetime(2026, 10, 31, 14, 5, 6, tzinfo=UTC)
    assert (reply.kind, reply.id, reply.parent_id, reply.text) == (
        "review_reply",
        f"{review.id}/reply",
        review.id,
        "Thank you",
    )
    assert (reply.author_name, reply.created_at) == ("ACTO reply", datetime(2026, 11, 1, 9, tzinfo=UTC))
    assert (other.text, other.rating) == ("No title", 1.0)
    assert "ORDER-77" not in repr(read) and "mail.example" not in repr(read)


def test_a_review_without_an_id_has_the_same_one_each_time(tmp_path: Path) -> None:
    """Short exports leave the id out: a second import must add nothing."""
    short = (
        "Review Created (UTC),Review Username,Review Title,Review Content,Review Stars\n2026-10-31,Robin,Kind,Yes,5\n"
    )
    first, second = (
        written(tmp_path / "1.csv", short),
        written(tmp_path / "2.csv", short + "2026-10-31,Sam,Kind,Yes,5\n"),
    )
    assert set(first.by_id) < set(second.by_id) and len(second.by_id) == 2


def test_a_bad_row_costs_itself(tmp_path: Path) -> None:
    """Too few cells, a hostile id, bytes that are no text, a NUL: each is kept with its line."""
    rows = b"../x,2026-10-31,R,T,C,5\nshort\nok1,2026-10-31,R,T,caf\xe9,5\nok2,2026-10-31,R,T,a\0b,5\nok3,soon,R,T,C,many\n"
    read = written(
        tmp_path / "r.csv",
        b"Review Id,Review Created (UTC),Review Username,Review Title,Review Content,Review Stars\n" + rows,
    )
    assert [(item.id, item.created_at, item.rating) for item in read.items] == [("ok3", None, None)]
    assert [one.reason[:6] for one in read.rejected] == ["Line 2", "Line 3", "Line 4", "Line 5"]


def test_what_is_never_kept_is_not_kept_of_a_bad_row_either(tmp_path: Path) -> None:
    """Quarantine is kept for years: a reviewer's mail address and order number must not get in through a row that fails."""
    header = TRUSTPILOT.splitlines()[0]
    fails = "acto.example,../x,2026-10-31,u1,Robin,robin@mail.example,Kind,They helped,5,ORDER-77,,"
    rows = [fails, "robin@mail.example,ORDER-77", '"robin@mail.example ORDER-77', f"{fails},one too many"]
    odd = fails.replace("They", "caf\xe9").encode("latin-1")
    for delimiter in (",", ";"):
        content = "\n".join([header, *rows]).encode() + b"\n" + odd + b"\n"
        read = written(tmp_path / "r.csv", content.replace(b",", delimiter.encode()))
        assert [one.reason[:6] for one in read.rejected] == [f"Line {number}" for number in range(2, 7)]
        assert "mail.example" not in repr(read) and "ORDER-77" not in repr(read)
        row = next(csv.reader([read.rejected[0].raw.decode()], delimiter=delimiter))
        assert row == [*fails.split(",")[:5], "", "Kind", "They helped", "5", "", "", ""]
        assert len({one.raw for one in read.rejected}) == 5, "in quarantine each is told by its bytes"
    read = written(
        tmp_path / "content.csv", CONTENT.replace(",,Organic,R,", ",,Organic,Robin Example,") + "Robin,Example\n"
    )
    assert len(read.rejected) == 2 and "Robin" not in repr(read)


def test_tables_of_data_connectors(tmp_path: Path) -> None:
    """A Page's posts with their ids, those that are hidden as hidden; LinkedIn's little text as text."""
    columns = "id,updated_time,created_time,is_hidden,page_id,status_type,message\n"
    read = written(tmp_path / "fb.csv", columns + "1_2,,2019-08-02 14:34:08 UTC,true,1,wall_post,Hello\n,,,,,,\n")
    assert [(item.platform, item.id, item.text, item.hidden) for item in read.items] == [
        ("facebook", "1_2", "Hello", True)
    ]
    assert read.items[0].created_at == datetime(2019, 8, 2, 14, 34, 8, tzinfo=UTC) and len(read.rejected) == 1
    columns = "author,commentary,created_time,first_published_at,id,lifecycle_state\n"
    rows = (
        "urn:li:organization:1,We \\(all\\) meet,2023-10-13 17:32:47.678 UTC,,urn:li:share:1,PUBLISHED\n"
        "urn:li:organization:1,x,,,urn:li:share:2,DRAFT\n,,,,nonsense,\n"
    )
    read = written(tmp_path / "li.csv", columns + rows)
    assert [(item.id, item.text, item.hidden) for item in read.items] == [
        ("urn:li:share:1", "We (all) meet", False),
        ("urn:li:share:2", "x", True),
    ]
    assert len(read.rejected) == 1


@pytest.mark.parametrize(
    ("name", "platform", "count"),
    [
        ("fivetran__dbt_facebook_pages/integration_tests/seeds/facebook_pages_post_history_data.csv", "facebook", 100),
        (
            "fivetran__dbt_linkedin_pages/integration_tests/seeds/linkedin_pages_ugc_post_history_data.csv",
            "linkedin",
            75,
        ),
    ],
)
def test_real_tables_are_read_whole(name: str, platform: str, count: int, shared: Path) -> None:
    """Each row is an item, with its own text, time and id."""
    path = shared / "samples/exports" / name
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    read = read_all(path)
    assert (len(read.items), len(rows), read.rejected, read.gaps) == (count, count, [], [])
    texts = [row.get("message", row.get("commentary")) for row in rows]
    assert [(item.id, item.text) for item in read.items] == list(zip([row["id"] for row in rows], texts, strict=True))
    assert {(item.platform, item.kind, item.created_at is None) for item in read.items} == {(platform, "post", False)}


def test_columns_of_ours_always_mean_our_own_layout(tmp_path: Path) -> None:
    """docs/import.md promises it: a file that somebody wrote by hand may have more columns, whatever their names."""
    content = "platform,id,text,Comment ID,Video ID,Comment Text\nx,1,mine,a,b,c\n"
    read = written(tmp_path / "own.csv", content)
    assert [(item.platform, item.id, item.text) for item in read.items] == [("x", "1", "mine")]


def test_tables_in_a_zip_file_are_found_by_their_columns(tmp_path: Path) -> None:
    """Whatever they are called; a zip file of other tables is refused, saying what was looked for."""
    read = read_all(zipped(tmp_path / "a.zip", {"Bewertungen.CSV": TRUSTPILOT, "other.csv": "a,b\n1,2\n"}))
    assert len(read.items) == 3
    with pytest.raises(Refused, match=r"a.zip holds nothing that we know. Looked for: an X archive"):
        read_all(zipped(tmp_path / "a.zip", {"other.csv": "a,b\n1,2\n"}))


def test_a_locked_table_costs_itself(tmp_path: Path) -> None:
    """One CSV file that cannot be looked into is named; what is beside it is read."""
    path = zipped(tmp_path / "a.zip", {"reviews-of-us.csv": TRUSTPILOT, "z-locked.csv": "a,b\n1,2\n"})
    content = bytearray(path.read_bytes())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    read = read_all(path)
    assert len(read.items) == 3 and read.gaps[0].startswith("z-locked.csv in a.zip is locked by a password")
