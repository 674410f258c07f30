"""The platforms' terms: what they forbid is not stored, not matched, and not kept too long."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from connectors.item import Gone, Item, Media, Page, Rejected
from connectors.registry import PLATFORMS
from tests.warehouse.conftest import raw_text, rows
from tests.warehouse.sealed_history import damage
from warehouse.flags import replace_handles
from warehouse.landing import land
from warehouse.query import run_query
from warehouse.raw import read_page
from warehouse.retention import apply_terms
from warehouse.runs import Coverage, record_coverage, start_run
from warehouse.snapshot import publish
from warehouse.store import Store
from warehouse.terms import rules, terms_of

NOW = datetime.now(UTC)


def posted(platform: str, own_id: str, **more: Any) -> Item:
    return Item(platform, own_id, "comment", f"words of {own_id}", **more)


def show(store: Store, source: str, *items: Item, kind: str = "scan", **page: Any) -> str:
    """Land a page in a run of its own."""
    run_id = start_run(store, kind, NOW)
    land(store, run_id, source, Page(items=items, **page), None)
    return run_id


def removed(store: Store, run_id: str, sources: dict[str, str], now: datetime) -> dict[str, int]:
    """How many items lost their content by the terms, by platform."""
    return {name: one.items.total() for name, one in apply_terms(store, run_id, sources, now).items()}


def texts(store: Store) -> dict[str, tuple[str, str]]:
    """Text and state by item."""
    return {name: (text, state) for name, text, state in rows(store, "SELECT item_id, text, state FROM items")}


def test_every_rule_says_what_it_is_and_where_it_was_read() -> None:
    """A rule without a source is an opinion; one for a platform that does not exist is a mistake."""
    names = {"keep_hours", "remove_what_is_gone", "store_names", "no_conclusions", "match_by_consent"}
    assert len(rules()) >= 8
    for rule in rules():
        assert rule.platform in PLATFORMS and rule.rule in names
        assert rule.says.endswith(".") and len(rule.source) > 5 and isinstance(rule.read, date)
        assert rule.sure in {"official", "reported", "unconfirmed"}
    assert len({(rule.platform, rule.rule) for rule in rules()}) == len(rules())


def test_what_each_platform_asks_for() -> None:
    """The clocks of the table in docs: two are very short."""
    keep = {name: terms_of(name).keep for name in PLATFORMS}
    assert keep["linkedin"] == timedelta(hours=48) and keep["youtube"] == timedelta(days=30)
    assert keep["yelp"] == timedelta(hours=24) and keep["facebook"] is None
    assert terms_of("x").no_conclusions == {"S1"} and terms_of("x").match_by_consent
    assert terms_of("x").remove_what_is_gone and not terms_of("facebook").remove_what_is_gone


def test_names_are_not_stored_where_they_may_not_be() -> None:
    """A LinkedIn member's name must not even reach the disk."""
    page = Page(items=[posted("linkedin", "1", author_name="Ann Other", author_id="urn:li:person:1")])
    (kept,) = terms_of("linkedin").fit(page).items
    assert (kept.author_name, kept.author_id) == (None, "urn:li:person:1")
    assert terms_of("facebook").fit(page) is page


@pytest.mark.parametrize(
    ("platform", "hours", "gone"), [("linkedin", 49, True), ("linkedin", 47, False), ("youtube", 49, False)]
)
def test_content_goes_when_it_was_not_read_again_in_time(store: Store, platform: str, hours: int, gone: bool) -> None:
    """The words go from every version, its media, its flags and the raw page; that there was something stays."""
    show(store, "source", posted(platform, "1", media=[Media("image", "https://pictures.example/1", "a cat")]))
    run_id = show(store, "source", replace(posted(platform, "1"), text="words, edited"))
    later = NOW + timedelta(hours=hours)
    assert removed(store, run_id, {"source": platform}, later) == {platform: int(gone)}
    held = rows(store, "SELECT text FROM store.revision") + rows(store, "SELECT text FROM store.media")
    assert any("words" in text for (text,) in held) is not gone
    assert texts(store)[f"{platform}:1"][1] == ("expired" if gone else "present")
    assert rows(store, "SELECT count(DISTINCT content_hash) FROM store.revision") == [(2,)]
    assert removed(store, run_id, {"source": platform}, later) == {platform: 0}


def test_raw_pages_go_with_their_content(store: Store) -> None:
    """What is blanked in the database must not lie in a file beside it."""
    run_id = show(store, "source", posted("linkedin", "1"))
    assert "words of 1" in raw_text(store)
    apply_terms(store, run_id, {"source": "linkedin"}, NOW + timedelta(hours=1))
    assert list(store.home.glob("raw/*/*/*"))
    apply_terms(store, run_id, {"source": "linkedin"}, NOW + timedelta(hours=60))
    assert not list(store.home.glob("raw/*/*/*"))


def test_what_has_expired_and_is_read_again_is_whole_again(store: Store) -> None:
    """Two nights without LinkedIn must not cost the words for ever, nor have every old comment judged and counted again."""
    said = posted("linkedin", "1", author_handle="ann", media=[Media("image", "https://pictures.example/1", "a cat")])
    run_id = show(store, "source", said)
    with store.transaction() as connection:
        connection.execute("UPDATE store.sighting SET seen_at = seen_at - to_hours(60)")
        connection.execute(
            """INSERT INTO store.flag SELECT 'f', item_key, 1, 1, 'c', 1, 'O1', 'high', 0.9, 'of', 6, 8, 'r', run_id, now()
               FROM store.item"""
        )
    apply_terms(store, run_id, {"source": "linkedin"}, datetime.now(UTC))
    assert texts(store) == {"linkedin:1": ("", "expired")}
    assert rows(store, "SELECT author_handle, evidence FROM items JOIN flags USING (item_id)") == [(None, "")]
    show(store, "archive", said, kind="import")
    assert texts(store) == {"linkedin:1": ("", "expired")}, "a file is the user's own record, and no reading"
    show(store, "source", said)
    assert texts(store) == {"linkedin:1": ("words of 1", "present")}
    assert rows(store, "SELECT author_handle, evidence FROM items JOIN flags USING (item_id)") == [("ann", "of")]
    assert rows(store, "SELECT revision, text FROM media") == [(1, "a cat")]
    assert rows(store, "SELECT count(*) FROM revisions") == [(1,)]


def test_after_the_clock_was_set_back_it_is_still_whole_again(store: Store) -> None:
    """What stands in the history last holds, whatever the clock said: its pages, the evidence, must keep the words."""
    said = posted("linkedin", "1")
    run_id = show(store, "source", said)
    assert removed(store, run_id, {"source": "linkedin"}, NOW + timedelta(days=3)) == {"linkedin": 1}
    show(store, "source", said)
    assert texts(store) == {"linkedin:1": ("words of 1", "present")} and "words of 1" in raw_text(store)
    # Only where something that was removed is shown again a page is looked through for what stays removed.
    another = posted("linkedin", "2")
    run_id = show(store, "source", another)
    assert removed(store, run_id, {"source": "linkedin"}, NOW + timedelta(days=5)) == {"linkedin": 2}
    show(store, "source", said)
    show(store, "source", said, another)
    assert raw_text(store).count("words of 1") == 2


def test_what_has_expired_and_is_then_hidden_is_hidden(store: Store) -> None:
    """Its words are back, so it must run out again like any other."""
    run_id = show(store, "source", posted("linkedin", "1"))
    with store.transaction() as connection:
        connection.execute("UPDATE store.sighting SET seen_at = seen_at - to_hours(60)")
    apply_terms(store, run_id, {"source": "linkedin"}, datetime.now(UTC))
    show(store, "source", posted("linkedin", "1", hidden=True))
    assert texts(store) == {"linkedin:1": ("words of 1", "deleted")}
    assert removed(store, run_id, {"source": "linkedin"}, NOW + timedelta(hours=60)) == {"linkedin": 1}


def test_names_and_raw_lines_of_what_x_has_removed_go_too(store: Store) -> None:
    """The words of a deleted post must not lie in a file, nor its author's name in a table."""
    ours = pd.DataFrame([("x", "acto_org", "official", None, True)])
    replace_handles(
        store, ours.set_axis(["platform", "handle", "role", "member_id", "consented"], axis=1).astype("object")
    )
    show(
        store, "x", posted("x", "1", author_name="Ann Other", parent_text="a question"), posted("x", "2"),
        posted("x", "ours", author_handle="acto_org"),
    )  # fmt: skip
    run_id = show(store, "x", gone=[Gone("1", "author removed"), Gone("ours")])
    apply_terms(store, run_id, {"x": "x"}, datetime.now(UTC))
    on_disk = raw_text(store)
    assert "words of 1" not in on_disk and "words of 2" in on_disk
    assert rows(store, "SELECT author_name, parent_text FROM store.item WHERE item_id = 'x:1'") == [(None, None)]
    assert rows(store, "SELECT author_role, text FROM items WHERE item_id = 'x:ours'") == [("official", "")]


@pytest.mark.parametrize("readable", [True, False])
def test_a_damaged_page_stops_no_removal(store: Store, readable: bool) -> None:
    """A file that a disk has eaten must not have deleted posts lie on, on X or elsewhere; its own words of them go too."""
    first = show(store, "x", posted("x", "1"), posted("x", "2"))
    show(store, "x", posted("x", "3"), gone=[Gone("1")])
    run_id = show(store, "yelp", posted("yelp", "1"))
    (page,) = store.home.glob(f"raw/x/*/{first}*.ndjson")
    page.write_bytes((read_page(page, store.keys.raw) if readable else page.read_bytes())[:-9])
    done = apply_terms(store, run_id, {"x": "x", "yelp": "yelp"}, NOW + timedelta(hours=25))
    assert done["x"].items.total() == done["x"].pages == 1 and done["yelp"].items.total() == 1
    assert texts(store) == {
        "x:1": ("", "expired"), "x:2": ("words of 2", "present"), "x:3": ("words of 3", "present"), "yelp:1": ("", "expired")
    }  # fmt: skip
    assert not page.exists() and "words of 3" in raw_text(store) and damage(store) == []
    assert rows(store, "SELECT count(*) FROM store.removed WHERE what = 'page'") == [(2,)], "the report says so"


def test_quarantined_content_runs_out_like_the_rest(store: Store) -> None:
    """What could not be read as a comment is LinkedIn's content all the same."""
    run_id = show(store, "source", rejected=[Rejected("It has no id.", b"private words")])
    apply_terms(store, run_id, {"source": "linkedin"}, NOW + timedelta(hours=47))
    assert rows(store, "SELECT raw FROM quarantine") == [(b"private words",)]
    apply_terms(store, run_id, {"source": "linkedin"}, NOW + timedelta(hours=49))
    assert rows(store, "SELECT raw, reason FROM quarantine") == [(b"", "It has no id.")]


def test_terms_outlive_the_source_in_the_configuration(store: Store) -> None:
    """Taking LinkedIn out of acto.toml must not keep its content for ever."""
    run_id = show(store, "source", posted("linkedin", "1"))
    record_coverage(store, Coverage(run_id, "source", "linkedin", "complete", ""))
    assert removed(store, run_id, {}, NOW + timedelta(hours=60)) == {"linkedin": 1}
    assert not list(store.home.glob("raw/*/*/*"))


def test_what_x_has_removed_goes_the_same_night(store: Store) -> None:
    """X asks for it; what is only hidden, or gone elsewhere, stays as evidence."""
    show(store, "x", posted("x", "1"), posted("x", "2"))
    show(store, "page", posted("facebook", "1"))
    show(store, "x", gone=[Gone("1", "account gone")])
    run_id = show(store, "page", gone=[Gone("1", "author removed")])
    assert removed(store, run_id, {"x": "x", "page": "facebook"}, datetime.now(UTC)) == {"x": 1}
    assert texts(store) == {
        "x:1": ("", "expired"), "x:2": ("words of 2", "present"), "facebook:1": ("words of 1", "deleted")
    }  # fmt: skip
    (reason,) = rows(store, "SELECT state_reason FROM items WHERE item_id = 'x:1'")[0]
    assert reason.startswith("It is gone (account gone)")


def test_the_history_can_be_published_after_content_was_removed(store: Store) -> None:
    """A night that removes something must not end without a history for the Chair."""
    publish(store)
    run_id = show(store, "x", posted("x", "1"))
    show(store, "x", gone=[Gone("1")])
    apply_terms(store, run_id, {"x": "x"}, datetime.now(UTC))
    assert run_query(publish(store), "SELECT text FROM items").rows == [("",)]


def test_an_import_is_the_users_own_record(store: Store) -> None:
    """The terms of an API do not bind what the user has exported."""
    run_id = show(store, "archive", posted("linkedin", "1"), kind="import")
    assert removed(store, run_id, {"source": "linkedin"}, NOW + timedelta(days=400)) == {"linkedin": 0}
    assert texts(store) == {"linkedin:1": ("words of 1", "present")}


def test_a_handle_on_x_is_matched_by_consent_only(store: Store) -> None:
    """Whoever has not agreed is a member of the public to us, unless it is our own archive that we look at."""
    handles = [
        ("x", "agreed", "member", "M1", True), ("x", "silent", "member", "M2", False), ("x", "acto_org", "official", None, True),
        ("facebook", "silent", "member", "M2", False),
    ]  # fmt: skip
    replace_handles(
        store, pd.DataFrame(handles, columns=["platform", "handle", "role", "member_id", "consented"], dtype="object")
    )
    show(store, "x", *(posted("x", handle, author_handle=handle) for handle in ("agreed", "silent", "acto_org")))
    show(store, "page", posted("facebook", "silent", author_handle="silent"))
    show(store, "archive", posted("x", "old", author_handle="silent"), kind="import")
    roles = dict(rows(store, "SELECT item_id, author_role FROM items"))
    assert roles == {
        "x:agreed": "member", "x:silent": "public", "x:acto_org": "official", "facebook:silent": "member", "x:old": "member"
    }  # fmt: skip
