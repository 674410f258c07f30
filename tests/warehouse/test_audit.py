"""The random audit: what is drawn, for how many it stands, and what the answers say of what is missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from flows import auditing
from tests.warehouse.conftest import Land, comment, rows
from warehouse.audit import answer_audit, draw_audit, keep_near_misses
from warehouse.flags import decide
from warehouse.runs import start_run
from warehouse.store import Store, StoreError

AT = datetime(2026, 11, 25, 3, tzinfo=UTC)
RESULT = auditing.AS_PUBLISHED.format(
    (Path(auditing.__file__).parent / "queries" / "audit_result.sql").read_text(encoding="utf-8")
)


def night(store: Store, land_items: Land, near: int, far: int, flagged: int = 0) -> str:
    """A run that brought as many items that came near to a flag, did not, and were flagged."""
    run_id = start_run(store, "scan", AT)
    land_items(
        *[comment(f"{run_id}-{number}", f"text {number}") for number in range(near + far + flagged)], run_id=run_id
    )
    ids = [row[0] for row in rows(store, "SELECT revision_id FROM store.revision ORDER BY revision_id DESC")][::-1]
    ids = ids[-(near + far + flagged) :]
    keep_near_misses(store, run_id, pd.DataFrame({"revision_id": ids[:near], "nearness": [0.5] * near}), AT)
    with store.transaction() as connection:
        for revision_id in ids[near + far :]:
            connection.execute(
                """INSERT INTO store.flag BY NAME
                   SELECT $id::VARCHAR AS flag_id, item_key, revision_id, revision, 'c' AS check_id, 'O3' AS clause
                   FROM store.revision WHERE revision_id = $id""",
                {"id": revision_id},
            )
    return run_id


def decide_all(store: Store, decision: str) -> None:
    for (flag_id,) in rows(store, "SELECT flag_id FROM store.flag"):
        decide(store, flag_id, decision, "x", "Chair", AT, None)


def drawn(store: Store, run_id: str) -> list[tuple[str, int, float]]:
    return rows(
        store,
        f"""SELECT stratum, count(*), round(sum(weight), 6) FROM store.audit_drawn
            WHERE run_id = '{run_id}' GROUP BY ALL ORDER BY ALL""",
    )


@pytest.mark.parametrize(
    ("near", "far", "wanted", "expected"),
    [
        (10, 100, 5, [("far", 3, 100.0), ("near", 2, 10.0)]),
        (0, 100, 5, [("far", 5, 100.0)]),
        (1, 100, 6, [("far", 5, 100.0), ("near", 1, 1.0)]),
        (10, 1, 6, [("far", 1, 1.0), ("near", 5, 10.0)]),
        (1, 2, 6, [("far", 2, 2.0), ("near", 1, 1.0)]),
        (0, 0, 5, []),
        (10, 100, 0, []),
    ],
)
def test_half_is_drawn_where_misses_lie_and_each_stands_for_its_share(
    store: Store, land_items: Land, near: int, far: int, wanted: int, expected: list[tuple[str, int, float]]
) -> None:
    """The weights add up to all that was not flagged, or the estimate would be of something else."""
    run_id = night(store, land_items, near, far, flagged=3)
    assert draw_audit(store, run_id, wanted, AT) == min(wanted, near + far)
    assert drawn(store, run_id) == expected


def test_an_earlier_night_is_not_drawn_again(store: Store, land_items: Land) -> None:
    first, second = night(store, land_items, 2, 20), night(store, land_items, 1, 10)
    draw_audit(store, first, 5, AT)
    draw_audit(store, second, 5, AT)
    assert sum(weight for _, _, weight in drawn(store, first)) == 22
    assert sum(weight for _, _, weight in drawn(store, second)) == 11


def test_imported_texts_are_not_drawn(store: Store, land_items: Land) -> None:
    """One file of years would outweigh all nights, and the number say nothing of these any more."""
    run_id = start_run(store, "scan", AT)
    land_items(comment("new"), run_id=run_id)
    land_items(*[comment(f"old {number}") for number in range(50)], run_id=start_run(store, "import", AT))
    draw_audit(store, run_id, 5, AT)
    assert drawn(store, run_id) == [("far", 1, 1.0)]


def test_the_answers_make_a_number_with_its_interval(store: Store, land_items: Land) -> None:
    """Without it nobody knows whether a quiet report is a good one."""
    run_id = night(store, land_items, 4, 40, flagged=9)
    draw_audit(store, run_id, 4, AT)
    decide_all(store, "escalated")
    items = rows(store, "SELECT item_id, stratum FROM store.audit ORDER BY stratum DESC, item_id")
    answer_audit(store, items[0][0], ["O3"], "Chair", AT)
    for item_id, _ in items[1:]:
        answer_audit(store, item_id, [], "Chair", AT)
    looked_at, found, flagged, estimate, recall, low, high, *_ = rows(store, RESULT)[0]
    assert (looked_at, found, flagged, estimate) == (4, 1, 9, 2.0)
    assert recall == pytest.approx(9 / 11) and 0.1 < low < 0.5 and high == pytest.approx(9 / 9.4, abs=0.02)


def test_nothing_missed_in_a_few_is_no_proof(store: Store, land_items: Land) -> None:
    """ "Between 100 and 100 %" after five looks would be false."""
    run_id = night(store, land_items, 0, 40, flagged=9)
    draw_audit(store, run_id, 4, AT)
    decide_all(store, "resolved")
    for (item_id,) in rows(store, "SELECT item_id FROM store.audit"):
        answer_audit(store, item_id, [], "Chair", AT)
    recall, low, high = rows(store, RESULT)[0][4:7]
    assert (recall, high) == (1.0, 1.0) and low < 0.4


def test_a_stratum_that_nobody_looked_at_gives_no_number(store: Store, land_items: Land) -> None:
    """Misses lie among what came near to a flag: leaving that out would look like success."""
    run_id = night(store, land_items, 4, 40, flagged=9)
    draw_audit(store, run_id, 4, AT)
    for (item_id,) in rows(store, "SELECT item_id FROM store.audit WHERE stratum = 'far'"):
        answer_audit(store, item_id, [], "Chair", AT)
    assert rows(store, RESULT)[0][3:] == (None,) * 6


def test_what_was_flagged_later_or_emptied_is_no_longer_asked(store: Store, land_items: Land) -> None:
    """The Chair would look at nothing, or at what is in the report already."""
    run_id = night(store, land_items, 0, 3)
    draw_audit(store, run_id, 3, AT)
    with store.transaction() as connection:
        connection.execute(
            """INSERT INTO store.flag BY NAME
               SELECT 'f' AS flag_id, item_key, revision_id, revision, 'c' AS check_id, 'O3' AS clause
               FROM store.revision WHERE revision_id = 1"""
        )
        connection.execute("UPDATE store.revision SET text = '' WHERE revision_id = 2")
    waiting = rows(store, "SELECT count(*) FROM store.audit WHERE missed IS NULL AND text <> ''")
    assert waiting == [(1,)]


def test_on_x_no_conclusion_about_health_is_kept(store: Store, land_items: Land) -> None:
    """X's terms forbid it, whoever draws it."""
    run_id = start_run(store, "scan", AT)
    land_items(replace(comment(), platform="x"), run_id=run_id)
    draw_audit(store, run_id, 1, AT)
    with pytest.raises(StoreError, match="terms of x"):
        answer_audit(store, "x:1", ["S1"], "Chair", AT)
    answer_audit(store, "x:1", ["S2"], "Chair", AT)


def test_an_answer_may_be_changed_and_only_what_was_drawn_can_be_answered(store: Store, land_items: Land) -> None:
    run_id = night(store, land_items, 0, 1)
    draw_audit(store, run_id, 5, AT)
    (item_id,) = rows(store, "SELECT item_id FROM store.audit")[0]
    answer_audit(store, item_id, ["O3"], "Chair", AT)
    answer_audit(store, item_id, [], "Chair", AT)
    assert rows(store, "SELECT item_id, missed FROM store.audit") == [(item_id, [])]
    with pytest.raises(StoreError, match="was not drawn"):
        answer_audit(store, "facebook:nothing", [], "Chair", AT)
