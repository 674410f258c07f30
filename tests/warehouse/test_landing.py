"""Landing: what came is kept once, changes are versions, and nothing is half written."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.item import Item, Media, Page, Rejected
from tests.warehouse.conftest import NOW, Land, comment, rows
from tests.warehouse.sealed_history import damage
from warehouse.landing import Landed, keep_position, land, position
from warehouse.runs import start_run
from warehouse.statements import statement
from warehouse.store import Store, StoreError, open_store
from warehouse.subjects import find_authors


def test_every_field_of_an_item_can_be_asked_for(store: Store, land_items: Land) -> None:
    """What the platform said of an item is what the Chair finds in the history, in UTC."""
    at = datetime(2026, 9, 30, 14, 5, tzinfo=UTC)
    item = Item(
        platform="google", id="r1", kind="review", text="Kind.", parent_id="p", thread_id="t", author_id="a",
        author_name="Ruth Example", author_handle="ruth", rating=4.5, url="https://reviews.example/r1", created_at=at,
        edited_at=at + timedelta(hours=1), media=[Media("image", "https://pictures.example/1.png", "a door")],
    )  # fmt: skip
    assert land_items(item) == Landed(seen=1, new=1, edited=0, quarantined=0)
    found = rows(
        store,
        """SELECT item_id, source, platform, kind, parent_id, thread_id, author_id, author_name, author_handle,
               author_role, text, rating, url, created_at, edited_at, state, state_reason, revision FROM items""",
    )
    assert found == [
        ("google:r1", "channel", "google", "review", "google:p", "google:t", "a", "Ruth Example", "ruth", "public",
         "Kind.", 4.5, "https://reviews.example/r1", at, at + timedelta(hours=1), "present", None, 1),
    ]  # fmt: skip
    assert rows(store, "FROM media") == [("google:r1", 1, 1, "image", "https://pictures.example/1.png", "a door", None)]


@pytest.mark.parametrize(
    "text",
    ["", " ", "'; DROP TABLE store.item; --", '{"a": "\\"}', "line\nend\r\n\u2028", "👩🏽‍⚕️ Diolch ŵŷ", "\x01\x1f\x7f",
     "NULL", "a\\u0000b", "$$ getvariable('run_id')", "x" * 300_000],
    ids=range(11),
)  # fmt: skip
def test_any_text_comes_back_as_it_was(text: str, store: Store, land_items: Land) -> None:
    """Evidence is only evidence if it is word for word."""
    land_items(comment(text=text))
    assert rows(store, "SELECT text FROM items") == [(text,)]


def test_the_same_page_twice_adds_nothing(store: Store, land_items: Land) -> None:
    """A retry after a lost answer, or after a kill, must not double anything."""
    run_id = start_run(store, "scan", NOW)
    first = land_items(comment(), run_id=run_id)
    again = land_items(comment(), run_id=run_id)
    assert (first, again) == (Landed(1, 1, 0, 0), Landed(1, 0, 0, 0))
    assert rows(store, "SELECT count(*) FROM store.sighting") == [(1,)]


def test_an_unchanged_item_is_seen_again_and_a_changed_one_gets_a_version(store: Store, land_items: Land) -> None:
    """An edit must not wash away what stood there before; a like more is no edit."""
    land_items(comment("1", "first"), comment("2", "same", raw={"likes": 1}))
    landed = land_items(comment("1", "second"), comment("2", "same", raw={"likes": 2}))
    assert landed == Landed(seen=2, new=0, edited=1, quarantined=0)
    assert rows(store, "SELECT item_id, revision, text FROM revisions ORDER BY ALL") == [
        ("youtube:1", 1, "first"),
        ("youtube:1", 2, "second"),
        ("youtube:2", 1, "same"),
    ]
    assert rows(store, "SELECT item_id, text, revision FROM items ORDER BY ALL") == [
        ("youtube:1", "second", 2),
        ("youtube:2", "same", 1),
    ]


def test_a_text_that_is_changed_back_is_a_third_version(store: Store, land_items: Land) -> None:
    """Whoever writes, deletes the words and writes them again has done so three times."""
    for text in ("a", "b", "a"):
        land_items(comment("1", text))
    assert rows(store, "SELECT revision, text FROM revisions ORDER BY ALL") == [(1, "a"), (2, "b"), (3, "a")]


def test_a_rating_or_a_picture_alone_is_a_change(store: Store, land_items: Land) -> None:
    """From five stars to one with the same words, or a picture of a client added, is what the Chair must see."""
    land_items(comment("1", rating=5.0), comment("2"))
    landed = land_items(comment("1", rating=1.0), comment("2", media=[Media("image", "https://pictures.example/1")]))
    assert landed.edited == 2
    assert rows(store, "SELECT revision FROM media") == [(2,)]


def test_an_item_twice_on_a_page_is_one_item_with_a_version_for_each_text(store: Store, land_items: Land) -> None:
    """Platforms repeat an item where a list moved between two requests."""
    landed = land_items(comment("1", "old"), comment("1", "old"), comment("1", "new"))
    assert (landed.new, landed.edited) == (1, 1)
    assert rows(store, "SELECT revision, text FROM revisions ORDER BY ALL") == [(1, "old"), (2, "new")]
    assert rows(store, "SELECT count(*) FROM store.sighting") == [(1,)]


def test_the_same_id_on_two_platforms_is_two_items(store: Store, land_items: Land) -> None:
    """Ids are unique on their platform only."""
    land_items(comment("1"), Item(platform="x", id="1", kind="post", text="Lovely talk"))
    assert rows(store, "SELECT item_id FROM items ORDER BY ALL") == [("x:1",), ("youtube:1",)]


def test_revision_ids_have_no_gaps_over_all_pages(store: Store, land_items: Land) -> None:
    """The checks go by them: a gap or a double would leave a version unjudged."""
    for number in range(5):
        land_items(*(comment(str(one), f"text {number // 2}") for one in range(number + 1)))
    found = [one for (one,) in rows(store, "SELECT revision_id FROM store.revision ORDER BY ALL")]
    assert found == list(range(1, len(found) + 1)) and len(found) > 5


def test_what_could_not_be_read_is_kept_with_its_bytes_once(store: Store, land_items: Land) -> None:
    """Nothing is lost: the bytes can be looked at, in SQL, as they came."""
    broken = Rejected("Line 3 of a.csv has no id.", b'\xff\x00"broken\n')
    assert land_items(comment(), rejected=[broken]).quarantined == 1
    land_items(rejected=[broken])
    assert rows(store, "SELECT source, reason, raw FROM quarantine") == [("channel", broken.reason, broken.raw)]


def test_an_item_that_is_no_text_goes_to_quarantine_and_the_rest_lands(store: Store, land_items: Land) -> None:
    """Half a character in one comment must not cost the page."""
    landed = land_items(comment("1", "half \ud83d"), comment("2"))
    assert (landed.seen, landed.quarantined) == (1, 1)
    assert rows(store, "SELECT item_id FROM items") == [("youtube:2",)]
    [(reason, raw)] = rows(store, "SELECT reason, raw FROM quarantine")
    assert "'1'" in reason and b"\\ud83d" in raw


def test_the_position_is_kept_with_its_page_or_not_at_all(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A position ahead of its page would skip comments for ever."""
    run_id = start_run(store, "scan", NOW)
    land(store, run_id, "channel", Page(items=[comment("1")]), {"resume": {"token": "one"}})
    monkeypatch.setattr("warehouse.landing._write_position", _fails)
    with pytest.raises(RuntimeError):
        land(store, run_id, "channel", Page(items=[comment("2")]), {"resume": {"token": "two"}})
    assert position(store, "channel") == {"resume": {"token": "one"}}
    assert rows(store, "SELECT item_id FROM items") == [("youtube:1",)]
    assert rows(store, "SELECT count(*) FROM store.landed") == [(1,)]


def _fails(*_: Any) -> None:
    raise RuntimeError("the disk is full")


def test_positions_of_sources_are_apart_and_the_latest_counts(store: Store) -> None:
    """Two channels must not go on at each other's place."""
    run_id = start_run(store, "scan", NOW)
    assert position(store, "channel") is None
    keep_position(store, run_id, "channel", {"n": 1})
    keep_position(store, run_id, "other", {"n": 9})
    keep_position(store, run_id, "channel", {"n": 2})
    assert (position(store, "channel"), position(store, "other")) == ({"n": 2}, {"n": 9})
    assert rows(store, "SELECT count(*) FROM store.source_position") == [(2,)], "it does not grow night by night"


def test_a_page_that_is_damaged_on_disk_does_not_land(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a page that landed as a whole one would be a loss that nobody hears of."""
    stage = (
        statement("stage")
        .replace("FROM read_json(", "FROM (FROM read_json(", 1)
        .replace("    }\n)\n", "    }\n) LIMIT 1)\n", 1)
    )
    monkeypatch.setattr("warehouse.landing.statement", lambda name: stage if name == "stage" else statement(name))
    with pytest.raises(StoreError, match="holds 2 items, but DuckDB read"):
        land(store, start_run(store, "scan", NOW), "channel", Page(items=[comment("1"), comment("2")]), None)
    assert rows(store, "FROM items") == []


EVENTS = st.lists(
    st.lists(st.tuples(st.integers(1, 4), st.sampled_from("abc"), st.sampled_from([None, 1.0, 5.0])), max_size=6),
    max_size=6,
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pages=EVENTS)
def test_the_history_is_what_a_plain_list_would_hold(
    pages: list[list[tuple[int, str, float | None]]], empty_history: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever order pages, edits and repeats come in, each change is one version and nothing else is."""
    expected: dict[str, list[tuple[str, float | None]]] = {}
    home = shutil.copytree(empty_history, tmp_path_factory.mktemp("any"), dirs_exist_ok=True)
    with open_store(home) as store:
        for page in pages:
            items = [comment(str(number), text, rating=rating) for number, text, rating in page]
            land(store, start_run(store, "scan", NOW), "channel", Page(items=items), None)
            for item in items:
                versions = expected.setdefault(f"youtube:{item.id}", [])
                if not versions or versions[-1] != (item.text, item.rating):
                    versions.append((item.text, item.rating))
        found: dict[str, list[tuple[str, float | None]]] = {}
        for item_id, text, rating in rows(
            store, "SELECT item_id, text, rating FROM revisions ORDER BY item_id, revision"
        ):
            found.setdefault(item_id, []).append((text, rating))
    assert found == expected


def test_a_picture_whose_address_is_signed_anew_is_no_edit(store: Store, land_items: Land) -> None:
    """Facebook signs each address again for each answer: the report must not be full of edits that nobody made."""
    address = "https://scontent-{}.pictures.example/v/t39/1_n.jpg?oh={}&oe=1"
    for server, signature in (("a", "x"), ("b", "y")):
        land_items(comment("1", media=[Media("image", address.format(server, signature), "a cat")]))
    assert rows(store, "SELECT count(*) FROM revisions") == [(1,)]
    land_items(comment("1", media=[Media("image", address.format("a", "x").replace("1_n", "2_n"), "a cat")]))
    assert rows(store, "SELECT count(*) FROM revisions") == [(2,)]


def test_a_caption_that_is_fetched_later_is_no_edit_and_is_kept(store: Store, land_items: Land) -> None:
    """A caption costs 200 units, so it comes once, on a night after the video: it must neither be lost nor be an edit."""
    caption = Media("caption", text="welcome to our video")
    for media in ([], [caption], [], [caption]):
        land_items(comment("1", media=media))
    assert rows(store, "SELECT count(*) FROM revisions") == [(1,)]
    assert rows(store, "SELECT item_id, revision, text FROM media") == [("youtube:1", 1, "welcome to our video")]


def test_pages_without_items_move_the_position_on(store: Store) -> None:
    """Else a pass that ended with a gap would be gone on with in its middle, and what is new the next night not be read."""
    run_id = start_run(store, "scan", NOW)
    for at in (1, 2, 3):
        land(store, run_id, "channel", Page(gaps=[f"Page {at} could not be read."]), {"at": at})
    assert position(store, "channel") == {"at": 3}


def test_what_a_file_left_out_is_filled_in_once_a_scan_shows_it(store: Store, land_items: Land) -> None:
    """Else what somebody wrote would stay for ever where neither their erasure nor their subject access finds it."""
    run_id = start_run(store, "import", NOW)
    land_items(comment("1"), comment("altered"), run_id=run_id, source="file")
    with store.transaction() as connection:
        connection.execute(
            "UPDATE store.revision SET text = 'put in' FROM store.item WHERE item_id = 'youtube:altered' "
            "AND item.item_key = revision.item_key"
        )
    altered = damage(store)
    of_both = {"parent_id": "c", "thread_id": "v", "author_id": "a", "url": "https://v.example/1", "created_at": NOW}
    land_items(comment("1", author_handle="ruth", **of_both), comment("altered", **of_both))
    land_items(comment("1", author_name="Ruth Example", **(of_both | {"author_id": "b", "thread_id": "w"})))
    assert rows(
        store,
        """SELECT parent_id, thread_id, author_id, author_name, author_handle, url, created_at, revision FROM items
           WHERE item_id = 'youtube:1'""",
    ) == [("youtube:c", "youtube:v", "a", "Ruth Example", "ruth", "https://v.example/1", NOW, 1)]
    assert {item for author in find_authors(store, "a") for item in author.items} == {"youtube:1", "youtube:altered"}
    assert len(altered) == 1 and {one.where for one in damage(store)} == {altered[0].where}, "none is blessed, none new"


def test_a_file_with_an_older_version_is_no_edit(store: Store, land_items: Land) -> None:
    """An archive from before the edit must not make the first words the latest again."""
    for text in ("before", "after"):
        land_items(comment(text=text))
    run_id = start_run(store, "import", NOW)
    assert land_items(comment(text="before"), run_id=run_id, source="archive").edited == 0
    assert land_items(comment(text="newer still"), run_id=run_id, source="archive").edited == 1
    assert rows(store, "SELECT text FROM items") == [("newer still",)]
