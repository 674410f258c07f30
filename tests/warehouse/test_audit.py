"""The random audit: what is drawn, for how many it stands, and what the answers say of what is missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest

from tests.warehouse.conftest import Land, comment, rows
from warehouse.audit import answer_audit, draw_audit, keep_answer, keep_near_misses
from warehouse.flags import decide
from warehouse.runs import start_run
from warehouse.store import Store, StoreError

AT = datetime(2026, 11, 25, 3, tzinfo=UTC)


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
            WHERE run_id = '{run_id}' AND revision_id IS NOT NULL GROUP BY ALL ORDER BY ALL""",
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


def test_one_a_night_is_drawn_near_to_a_flag_on_other_nights(store: Store, land_items: Land) -> None:
    """Of one there is no half: misses lie near to a flag, and nothing near to one was ever drawn."""
    seen = []
    for _ in range(24):
        run_id = night(store, land_items, 3, 5)
        assert draw_audit(store, run_id, 1, AT) == 1
        seen += [stratum for stratum, _, _ in drawn(store, run_id)]
    assert set(seen) == {"near", "far"}
    assert recall(store)["recall"] is None
    decide_all(store, "resolved")
    kept = rows(store, "SELECT stratum, sum(weight) FROM store.audit_drawn GROUP BY ALL ORDER BY ALL")
    assert kept == [("far", 24 * 5.0), ("near", 24 * 3.0)], "what was not drawn counts as well"


def night_that_draws(store: Store, land_items: Land, stratum: str, flagged: int = 0) -> str:
    """A night of 3 near texts and 5 far ones, of which one was drawn: of that stratum."""
    while True:
        run_id = night(store, land_items, 3, 5, flagged)
        draw_audit(store, run_id, 1, AT)
        if drawn(store, run_id)[0][0] == stratum:
            return run_id
        with store.transaction() as connection:
            for table in ("audit_drawn", "revision"):
                connection.execute(f"DELETE FROM store.{table} WHERE run_id = ?", [run_id])
            connection.execute(
                "DELETE FROM store.flag WHERE revision_id NOT IN (SELECT revision_id FROM store.revision)"
            )


@pytest.mark.parametrize("first", ["near", "far"])
def test_a_stratum_that_was_never_drawn_gives_no_number(store: Store, land_items: Land, first: str) -> None:
    """Otherwise its misses count as none, and what is found looks better than it is."""
    night_that_draws(store, land_items, first, flagged=6)
    decide_all(store, "resolved")
    look(store, missed=1, stratum=first)
    found = recall(store)
    assert (found["looked_at"], found["recall"], found["missed_estimate"]) == (1, None, None)
    night_that_draws(store, land_items, "far" if first == "near" else "near")
    look(store)
    # Of both nights' texts of the first stratum all are missed, as far as one look tells; of the other none.
    assert recall(store)["missed_estimate"] == (6.0 if first == "near" else 10.0)


def test_an_earlier_night_is_not_drawn_again(store: Store, land_items: Land) -> None:
    first, second = night(store, land_items, 2, 20), night(store, land_items, 1, 10)
    draw_audit(store, first, 5, AT)
    draw_audit(store, second, 5, AT)
    assert sum(weight for _, _, weight in drawn(store, first)) == 22
    assert sum(weight for _, _, weight in drawn(store, second)) == 11


def test_what_could_not_be_judged_is_not_drawn(store: Store, land_items: Land) -> None:
    """It would count as missed by checks that never read it; and one such text is no reason to draw nothing."""
    run_id = night(store, land_items, 0, 3)
    with store.transaction() as connection:
        connection.execute("INSERT INTO store.judged VALUES ('c', NULL, 1, 2, ?, ?)", [run_id, AT])
    draw_audit(store, run_id, 5, AT)
    assert rows(store, "SELECT revision_id FROM store.audit_drawn ORDER BY 1") == [(1,), (3,)]


def test_imported_texts_are_not_drawn(store: Store, land_items: Land) -> None:
    """One file of years would outweigh all nights, and the number say nothing of these any more."""
    run_id = start_run(store, "scan", AT)
    land_items(comment("new"), run_id=run_id)
    land_items(*[comment(f"old {number}") for number in range(50)], run_id=start_run(store, "import", AT))
    draw_audit(store, run_id, 5, AT)
    assert drawn(store, run_id) == [("far", 1, 1.0)]


def look(store: Store, *, missed: int = 0, stratum: str = "near", run_id: str = "", at_most: int = 1000) -> None:
    """Answer for what was drawn: so many of a stratum should have been flagged, and nothing else."""
    items = rows(
        store,
        f"""SELECT item_id, stratum FROM store.audit WHERE missed IS NULL AND run_id LIKE '{run_id}%'
            ORDER BY stratum = '{stratum}' DESC, item_id LIMIT {at_most}""",
    )
    for place, (item_id, _) in enumerate(items):
        answer_audit(store, item_id, ["O3"] if place < missed else [], "Chair", AT)


def recall(store: Store, where: str = "month IS NULL") -> dict[str, Any]:
    """A row of store.recall by its columns' names."""
    answer = store.connection().execute(f"FROM store.recall WHERE {where}")
    [row] = answer.fetchall()
    return dict(zip([column[0] for column in answer.description], row, strict=True))


def test_the_answers_make_a_number_with_its_interval(store: Store, land_items: Land) -> None:
    """Without it nobody knows whether a quiet report is a good one."""
    run_id = night(store, land_items, 4, 40, flagged=9)
    draw_audit(store, run_id, 4, AT)
    decide_all(store, "escalated")
    look(store, missed=1)
    found = recall(store)
    assert (found["looked_at"], found["found_missed"], found["upheld"], found["missed_estimate"]) == (4, 1, 9, 2.0)
    assert found["recall"] == pytest.approx(9 / 11)
    assert 0.1 < found["recall_low"] < 0.5 and found["recall_high"] == pytest.approx(9 / 9.4, abs=0.02)


def test_nothing_missed_in_a_few_is_no_proof(store: Store, land_items: Land) -> None:
    """ "Between 100 and 100 %" after five looks would be false."""
    run_id = night(store, land_items, 0, 40, flagged=9)
    draw_audit(store, run_id, 4, AT)
    decide_all(store, "resolved")
    look(store)
    found = recall(store)
    assert (found["recall"], found["recall_high"]) == (1.0, 1.0) and found["recall_low"] < 0.4


def test_a_stratum_that_nobody_looked_at_gives_no_number(store: Store, land_items: Land) -> None:
    """Misses lie among what came near to a flag: leaving that out would look like success."""
    run_id = night(store, land_items, 4, 40, flagged=9)
    draw_audit(store, run_id, 4, AT)
    decide_all(store, "escalated")
    look(store, stratum="far", at_most=2)
    found = recall(store)
    assert found["looked_at"] == 2
    assert [found[name] for name in found if "recall" in name or name.startswith("missed")] == [None] * 6


def test_deciding_more_does_not_look_like_finding_more(store: Store, land_items: Land) -> None:
    """A flag that waits is not a miss: recall went from 8 to 83 % merely because somebody had time."""
    run_id = night(store, land_items, 10, 40, flagged=20)
    draw_audit(store, run_id, 10, AT)
    look(store, missed=1)
    flags = [flag_id for (flag_id,) in rows(store, "SELECT flag_id FROM store.flag ORDER BY flag_id")]
    assert recall(store)["recall"] is None, "none is decided"
    seen = []
    for upto, flag_id in enumerate(flags, 1):
        decide(store, flag_id, "dismissed" if upto % 4 == 0 else "resolved", "x", "Chair", AT, None)
        if upto % 4 == 0:
            seen.append(recall(store))
    # Of each four three are upheld: 15 of 20 are right, and 2 are missed.
    assert [row["recall"] for row in seen] == pytest.approx([15 / 17] * 5)
    assert [row["undecided"] for row in seen] == [16, 12, 8, 4, 0]
    widths = [row["recall_high"] - row["recall_low"] for row in seen]
    assert widths == sorted(widths, reverse=True) and widths[0] > 1.2 * widths[-1]


def test_what_a_newer_check_no_longer_finds_is_not_found(store: Store, land_items: Land) -> None:
    run_id = night(store, land_items, 0, 10, flagged=4)
    draw_audit(store, run_id, 10, AT)
    look(store)
    [first, second, *_] = rows(store, "SELECT flag_id FROM store.flag ORDER BY flag_id")
    decide(store, first[0], "resolved", "x", "Chair", AT, None)
    with store.transaction() as connection:
        connection.execute("INSERT INTO store.flag_standing VALUES (?, false, 2, 'run', now())", [second[0]])
    assert (recall(store)["flagged"], recall(store)["undecided"]) == (3, 2)


def test_each_month_has_its_own_number(store: Store, land_items: Land) -> None:
    """Whether the checks get better or worse is seen over time only."""
    october, november = night(store, land_items, 0, 20, flagged=10), night(store, land_items, 0, 20, flagged=10)
    # Midnight in London is an hour earlier in UTC in summer: still September by the clock of the machine.
    draw_audit(store, october, 20, datetime(2026, 9, 30, 23, 30, tzinfo=UTC))
    draw_audit(store, november, 20, AT)
    decide_all(store, "resolved")
    look(store, run_id=october, missed=10, stratum="far")
    look(store, run_id=november)
    by_month = rows(store, "SELECT month, recall, found_missed, upheld FROM store.recall ORDER BY month NULLS FIRST")
    assert by_month == [
        (None, pytest.approx(20 / 30), 10, 20),
        (date(2026, 10, 1), 0.5, 10, 10),
        (date(2026, 11, 1), 1.0, 0, 10),
    ]


def test_a_text_that_stands_for_many_counts_for_many(store: Store, land_items: Land) -> None:
    """A busy night and a quiet one are drawn from alike: unweighted, the quiet one would count as much."""
    busy, quiet = night(store, land_items, 0, 90, flagged=5), night(store, land_items, 0, 10)
    draw_audit(store, busy, 10, AT)
    draw_audit(store, quiet, 10, AT)
    decide_all(store, "resolved")
    look(store, run_id=busy, missed=2, stratum="far")
    look(store, run_id=quiet)
    assert recall(store)["missed_estimate"] == pytest.approx(18)


def test_a_night_on_which_everything_was_flagged_counts(store: Store, land_items: Land) -> None:
    """Small presences have such nights: to leave out what was found there is to say that more is missed than is."""
    run_id = night(store, land_items, 0, 5, flagged=1)
    draw_audit(store, run_id, 5, AT)
    look(store, missed=1, stratum="far")
    assert draw_audit(store, night(store, land_items, 0, 0, flagged=8), 5, AT) == 0
    # On this one nothing was to be drawn: no night says what it missed.
    assert draw_audit(store, night(store, land_items, 0, 0, flagged=50), 0, AT) == 0
    decide_all(store, "resolved")
    found = recall(store)
    assert (found["looked_at"], found["upheld"], found["recall"]) == (1 * 5, 9, 0.9)


def test_a_night_that_brought_nothing_is_no_night(store: Store, land_items: Land) -> None:
    """A month of them would stand in the list, with nothing to say."""
    assert draw_audit(store, night(store, land_items, 0, 0), 5, AT) == 0
    assert rows(store, "SELECT count(*) FROM store.audit_drawn") == [(0,)]


def test_before_the_first_draw_nothing_is_known(store: Store) -> None:
    found = recall(store)
    assert (found["looked_at"], found["flagged"], found["recall"]) == (0, 0, None)


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
    assert rows(store, "SELECT count(*) FROM store.audit WHERE waits") == [(1,)]


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


def edited(store: Store, land_items: Land, *texts: str) -> str:
    """An item that had these texts one after the other, each version drawn; its id."""
    for text in texts:
        run_id = start_run(store, "scan", AT)
        land_items(comment("1", text), run_id=run_id)
        draw_audit(store, run_id, 5, AT)
    return "youtube:1"


def answers(store: Store) -> list[tuple[int, list[str] | None]]:
    return rows(store, "SELECT revision, missed FROM store.audit ORDER BY revision")


def test_an_answer_holds_for_one_version_alone(store: Store, land_items: Land) -> None:
    """The edit took the breach out: that it is fine now says nothing of what was missed, nor of what nobody has read."""
    item_id = edited(store, land_items, "She cried all session")
    answer_audit(store, item_id, ["O3"], "Chair", AT)
    edited(store, land_items, "She was kind", "She was very kind")
    answer_audit(store, item_id, [], "Chair", AT)
    assert answers(store) == [(1, ["O3"]), (2, None), (3, [])]
    answer_audit(store, item_id, ["O1"], "Chair", AT)
    assert answers(store) == [(1, ["O3"]), (2, ["O1"]), (3, [])], "the next that waits"
    answer_audit(store, item_id, ["O2"], "Chair", AT)
    assert answers(store) == [(1, ["O3"]), (2, ["O1"]), (3, ["O2"])], "where none waits the newest is changed"


def test_what_was_shown_is_answered_though_a_newer_version_was_drawn(store: Store, land_items: Land) -> None:
    """An answer on the page is stored when the scan has ended, which may have drawn the edited text meanwhile."""
    item_id = edited(store, land_items, "She cried all session", "She was kind")
    with store.transaction() as connection:
        keep_answer(connection, item_id, ["O3"], "Chair", AT, revision=1)
    assert answers(store) == [(1, ["O3"]), (2, None)]


def test_what_has_lapsed_cannot_be_answered(store: Store, land_items: Land) -> None:
    """Nobody has read it, so it would be counted as looked at."""
    item_id = edited(store, land_items, "She was kind")
    with store.transaction() as connection:
        connection.execute("UPDATE store.revision SET text = ''")
    with pytest.raises(StoreError, match="waits no longer"):
        answer_audit(store, item_id, [], "Chair", AT)
