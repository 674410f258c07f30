"""Which versions of items a run judges, and what becomes of flags when a text or a check changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from checks import runner
from checks.catalogue import Check
from checks.due import Todo, count_older, due, everything, judged_up_to
from checks.plain_letters import Normalised
from checks.roster import Roster
from checks.runner import Judged, compare, judge_again, note_unloaded, run_checks
from checks.validators import Validated, Validators
from connectors.item import Item, Page
from warehouse import judged as kept_by
from warehouse.flags import decide
from warehouse.landing import land
from warehouse.retention import apply_terms
from warehouse.store import Store

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
MakeCheck = Callable[..., Check]


def post(store: Store, texts: dict[str, str], thread: str = "t1") -> None:
    items = [
        Item(platform="x", id=name, kind="comment", text=text, thread_id=thread, author_id=name)
        for name, text in texts.items()
    ]
    land(store, "run", "channel", Page(items=items), None)


def judge(store: Store, *checks: Check, at: datetime = AT, **options: object) -> Judged:
    return run_checks(store, "run", roster=Roster(), checks=checks, at=at, **options)  # type: ignore[arg-type]


def again(
    store: Store, *checks: Check, todo: Todo | None = None, go_on: Callable[[int], bool] = lambda _: True
) -> Judged:
    """The pass after the report."""
    todo = due(store, checks).older if todo is None else todo
    return judge_again(store, "later", roster=Roster(), checks=checks, todo=todo, go_on=go_on)


def flags(store: Store) -> list[tuple[object, ...]]:
    sql = "SELECT item_id, revision, check_version, status FROM flags ORDER BY ALL"
    return store.connection().execute(sql).fetchall()


def test_a_night_judges_what_is_new_and_nothing_twice(store: Store, word_check: MakeCheck) -> None:
    """The cost of a night grows with what is new, not with history; a flag is raised once."""
    check = word_check("secret")
    post(store, {"a": "a secret", "b": "nothing"})
    assert judge(store, check) == Judged(revisions=2, flags_new=1)
    assert judge(store, check) == Judged()
    post(store, {"c": "another secret"})
    assert judge(store, check) == Judged(revisions=1, flags_new=1)
    assert flags(store) == [("x:a", 1, 1, "open"), ("x:c", 1, 1, "open")]


def test_an_edit_is_judged_again_and_the_old_flag_stays(store: Store, word_check: MakeCheck) -> None:
    """What was edited away before we told anyone was still posted."""
    check = word_check("secret")
    post(store, {"a": "a secret"})
    judge(store, check)
    post(store, {"a": "harmless"})
    assert judge(store, check) == Judged(revisions=1)
    assert flags(store) == [("x:a", 1, 1, "open")]


def test_a_changed_check_judges_what_is_new_before_the_report_and_the_rest_after_it(
    store: Store, word_check: MakeCheck
) -> None:
    """A million older comments take hours: the Chair's report must not wait for them, and none may be left out."""
    old, changed = word_check("secret"), word_check("riddle", version=2)
    post(store, {"a": "a secret", "b": "a riddle"})
    judge(store, old)
    post(store, {"c": "another riddle", "d": "a secret no longer looked for"})
    assert judge(store, changed) == Judged(revisions=2, flags_new=1), "the night judges what is new"
    assert flags(store) == [("x:a", 1, 1, "open"), ("x:c", 1, 2, "open")], "an older flag stands until it is looked at"
    assert count_older(store, [changed]) == 2
    assert again(store, changed) == Judged(revisions=2, flags_new=1, flags_withdrawn=1)
    assert flags(store) == [("x:a", 1, 1, "expired"), ("x:b", 1, 2, "open"), ("x:c", 1, 2, "open")]
    assert (count_older(store, [changed]), judge(store, changed), again(store, changed)) == (0, Judged(), Judged())
    again(store, word_check("secret", version=3))
    assert ("x:a", 1, 1, "open") in flags(store), "found again, the flag stands again"


def test_every_version_of_an_item_is_judged_again(store: Store, word_check: MakeCheck) -> None:
    """A breach that was edited away is still a breach, also under a check that is better than it was."""
    post(store, {"a": "a riddle"})
    post(store, {"a": "harmless"})
    judge(store, word_check("secret"))
    changed = word_check("riddle", version=2)
    assert again(store, changed) == Judged(revisions=2, flags_new=1)
    assert flags(store) == [("x:a", 1, 2, "open")]


def test_older_versions_are_judged_newest_first_and_the_rest_another_time(
    store: Store, word_check: MakeCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The night ends in the middle of it: the next one goes on there, and nothing is judged twice or left out."""
    monkeypatch.setattr(runner, "SHORT_SLICE", 3)
    post(store, {f"i{number}": "a riddle" for number in range(10)})
    judge(store, word_check("secret"))
    changed, seen = word_check("riddle", version=2), []

    def two_slices(judged: int) -> bool:
        seen.append(judged)
        return len(seen) < 2

    assert again(store, changed, go_on=two_slices) == Judged(revisions=6, flags_new=6)
    assert [item for item, *_ in flags(store)] == [f"x:i{number}" for number in range(4, 10)]
    assert seen == [3, 6]
    post(store, {"new": "a riddle"})
    assert judge(store, changed) == Judged(revisions=1, flags_new=1)
    assert again(store, changed) == Judged(revisions=4, flags_new=4)
    assert len(flags(store)) == 11 and count_older(store, [changed]) == 0


def test_a_slice_that_was_broken_off_is_judged_as_a_whole_next_time(
    store: Store, word_check: MakeCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Power fails while flags are being written: neither half of them nor a note that all was judged may remain."""
    post(store, {"a": "a riddle", "b": "another riddle"})
    first, second = word_check("secret"), word_check("nowhere", name="r3_second")
    judge(store, first, second)
    changed = word_check("riddle", version=2), word_check("another", version=2, name="r3_second")
    todo = due(store, changed).older
    with monkeypatch.context() as patch:
        keep, calls = kept_by._keep_found, []

        def fail_at_the_second(*given: object, **more: object) -> tuple[int, int]:
            calls.append(given)
            if len(calls) == 2:
                raise OSError("no space left")
            return keep(*given, **more)  # type: ignore[arg-type]

        patch.setattr(kept_by, "_keep_found", fail_at_the_second)
        with pytest.raises(OSError, match="space"):
            again(store, *changed)
    assert (flags(store), due(store, changed).older) == ([], todo)
    assert again(store, *changed) == Judged(revisions=2, flags_new=3)


def test_checks_that_changed_on_different_days_share_what_both_have_to_judge(
    store: Store, word_check: MakeCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading a text takes longest: it is read once for all checks that have to judge it."""
    monkeypatch.setattr(runner, "SHORT_SLICE", 4)
    post(store, {f"i{number}": "a riddle and another" for number in range(10)})
    judge(store, word_check("secret"), unchanged := word_check("secret", name="r3_second"))
    one, two = word_check("riddle", version=2), word_check("another", version=2, name="r3_second")
    assert again(store, one, unchanged, go_on=lambda _: False).revisions == 4
    assert again(store, one, two) == Judged(revisions=10, flags_new=16)
    assert len(flags(store)) == 20


def test_a_new_check_takes_the_older_history_after_the_report_too(store: Store, word_check: MakeCheck) -> None:
    """A check that is added must not hold up the report of its first night either."""
    post(store, {"a": "a riddle"})
    known, added = word_check("secret"), word_check("riddle", name="r3_added")
    judge(store, known)
    post(store, {"b": "a riddle"})
    for night, number in (1, 1), (2, 0):
        at = AT + timedelta(days=night)
        assert judge(store, known, added, at=at) == Judged(revisions=number, flags_new=number)
        assert count_older(store, [known, added]) == 1
    assert again(store, known, added) == Judged(revisions=1, flags_new=1)


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("version", [1, 2])
def test_what_came_while_a_check_could_not_be_loaded_is_new_to_it_once_it_is_mended(
    store: Store, word_check: MakeCheck, known: bool, version: int
) -> None:
    """A child's words would be told a night late; a check that nobody had seen run before must not count as added."""
    other, mended = word_check("secret"), word_check("riddle", version=version, name="r3_broken")
    post(store, {"a": "a riddle"})
    judge(store, other, *[word_check("nothing", name="r3_broken")] if known else [])
    numbers = []
    for night in (1, 2):
        at = AT + timedelta(days=night)
        post(store, {f"{night}": "a riddle"})
        numbers.append(note_unloaded(store, "run", [mended.folder], at))
        judge(store, other, at=at)
    assert numbers == [{"r3_broken": 1}, {"r3_broken": 2}]
    assert judge(store, other, mended, at=AT + timedelta(days=3)) == Judged(revisions=2, flags_new=2)
    older = 0 if known and version == 1 else 1
    assert again(store, other, mended) == Judged(revisions=older, flags_new=older)


@pytest.mark.parametrize("failed", [True, False], ids=["failed", "changed"])
def test_what_was_empty_when_its_turn_came_is_judged_once_its_words_are_back(
    store: Store, word_check: MakeCheck, raising_check: Check, failed: bool
) -> None:
    """Three nights without LinkedIn in which a check failed or was changed must not leave a breach unread for ever."""
    first = raising_check if failed else word_check("secret", name="r3_broken")
    mended = word_check("riddle", version=1 if failed else 2, name="r3_broken")
    told = Page(items=[Item("linkedin", name, "comment", f"{name} riddle") for name in ("one", "another")])
    post(store, {"before": "a riddle"})
    land(store, "run", "linkedin", told, None)
    post(store, {"after": "a riddle"})
    judge(store, first)
    apply_terms(store, "run", {"linkedin": "linkedin"}, datetime.now(UTC) + timedelta(hours=49))
    assert (judge(store, mended) if failed else again(store, mended)) == Judged(revisions=2, flags_new=2)
    land(store, "the night after", "linkedin", told, None)
    assert judge(store, mended) == Judged(revisions=2, flags_new=2), "what has kept its words is not judged again"
    assert (judge(store, mended), again(store, mended)) == (Judged(), Judged())


def test_a_changed_or_added_check_keeps_nothing_beyond_its_time(store: Store, word_check: MakeCheck) -> None:
    """Where older versions are never judged again, people's words would be kept for ever."""
    post(store, {"a": "nothing", "b": "nothing"})
    judge(store, word_check("secret"))
    changed = [word_check("riddle", version=2), word_check("riddle", name="r3_added")]
    post(store, {"c": "nothing"})
    judge(store, *changed)
    assert (count_older(store, changed), judged_up_to(store, changed)) == (2, 3)


def test_a_broken_check_does_not_stop_the_others_and_keeps_what_it_has_to_judge(
    store: Store, word_check: MakeCheck, raising_check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One faulty check would otherwise use up the time of every night, and what it missed would be forgotten."""
    monkeypatch.setattr(runner, "SHORT_SLICE", 2)
    post(store, {f"i{number}": "the riddle" for number in range(6)})
    judge(store, word_check("secret"), word_check("secret", name="r3_broken"))
    broken = replace(raising_check, about=raising_check.about.model_copy(update={"version": 2}))
    done = again(store, word_check("riddle", version=2), broken)
    assert (done.flags_new, len(done.problems)) == (6, 1)
    assert "2 versions of items could not be checked by it" in done.problems[0]
    assert count_older(store, [broken]) == 6


def test_a_number_is_never_given_to_two_versions(store: Store, word_check: MakeCheck) -> None:
    """Erased comments free their numbers: what came next would pass as judged, and no check would ever look at it."""
    check = word_check("secret")
    post(store, {"a": "nothing", "b": "nothing"})
    judge(store, check)
    store.connection().execute("DELETE FROM store.revision WHERE revision_id = 2")
    post(store, {"c": "a secret"})
    assert judge(store, check) == Judged(revisions=1, flags_new=1)


def test_a_decision_outlives_a_changed_check(store: Store, word_check: MakeCheck) -> None:
    """What the Chair has said about a flag is not undone by a developer."""
    post(store, {"a": "a secret"})
    judge(store, word_check("secret"))
    flag_id = store.connection().execute("SELECT flag_id FROM flags").fetchall()[0][0]
    decide(store, flag_id, "escalated", "Spoke to the member", "chair", AT, None)
    assert again(store, word_check("riddle", version=2)).flags_withdrawn == 1
    assert flags(store) == [("x:a", 1, 1, "escalated")]


def test_a_check_that_failed_judges_the_same_again_next_time(
    store: Store, raising_check: Check, word_check: MakeCheck
) -> None:
    """A broken check must not let the night's comments go by unjudged for ever."""
    post(store, {"a": "the secret"})
    done = judge(store, raising_check, word_check("secret"))
    assert len(done.problems) == 1 and done.flags_new == 1
    mended = word_check("the", name="r3_broken", version=1, scope="thread")
    assert judge(store, mended, word_check("secret", scope="author")).flags_new == 1


@pytest.mark.parametrize("size", [5, 1])
def test_a_text_on_which_the_validators_failed_is_judged_again_until_they_do_not(
    store: Store, word_check: MakeCheck, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """A number that nobody could look for would stay in public for ever; meanwhile nothing else is held up."""
    monkeypatch.setattr(runner, "SLICE", size)
    check = word_check("secret")
    post(store, {"a": "a secret", "b": "a secret 07700 900123", "c": "a secret"})
    post(store, {"d": "07700 900124"})
    told = "Numbers, addresses and names could not be looked for in {} (RecursionError)."
    with monkeypatch.context() as patch:
        failing(patch)
        assert judge(store, check) == Judged(4, flags_new=3, problems=[told.format("2 texts")])
        post(store, {"e": "a secret"})
        assert judge(store, check) == Judged(3, flags_new=1, problems=[told.format("2 texts")]), "they, and what is new"
        assert judge(store, check) == Judged(2, problems=[told.format("2 texts")])
        assert judged_up_to(store, [check]) == 5, "and nobody's words are kept for it beyond their time"
    assert judge(store, check) == Judged(2)
    assert judge(store, check) == Judged()


def test_a_changed_check_withdraws_beside_a_text_on_which_the_validators_fail(
    store: Store, word_check: MakeCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Flags that nobody would look at again stayed open, on others' texts; on its own it is not known."""
    post(store, {"a": "a secret", "b": "a secret 07700 900123"})
    judge(store, word_check("secret"))
    changed = word_check("riddle", version=2)
    with monkeypatch.context() as patch:
        failing(patch)
        done = again(store, changed)
        assert (done.revisions, done.flags_withdrawn, len(done.problems)) == (2, 1, 1)
        assert count_older(store, [changed]) == 1
    assert again(store, changed) == Judged(revisions=1, flags_withdrawn=1)


def failing(patch: pytest.MonkeyPatch) -> None:
    """Let the validators fail on telephone numbers."""
    real = Validators.validate

    def validate(self: Validators, plain: Normalised, context: str, *, by_acto: bool) -> Validated:
        if "07700" in plain.text:
            raise RecursionError(plain.text)
        return real(self, plain, context, by_acto=by_acto)

    patch.setattr(Validators, "validate", validate)


def test_a_check_that_fails_on_a_text_tries_it_again_and_holds_nothing_up(
    store: Store, word_check: MakeCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One comment must not keep a check from the others of its night, nor people's words beyond their time."""
    check = word_check("secret")

    def fail_on_one(given: pd.DataFrame) -> pd.DataFrame:
        if given.normalised_text.str.contains("bad").any():
            raise ValueError
        return check.transform(given)

    post(store, {"a": "a secret", "b": "a bad secret", "c": "nothing"})
    faulty = replace(check, transform=fail_on_one)
    done = judge(store, faulty, word_check("bad", name="r3_second"))
    assert (done.revisions, done.flags_new, done.failed) == (3, 2, frozenset())
    assert "1 version of an item could not be checked by it" in done.problems[0]
    assert judge(store, faulty).revisions == 1
    assert judged_up_to(store, [faulty]) == 3
    assert [one.item_id for one in compare(store, roster=Roster(), checks=[faulty]).no_longer_flagged] == []
    assert judge(store, check) == Judged(revisions=1, flags_new=1)
    assert compare(store, roster=Roster(), checks=[faulty]).no_longer_flagged == [], "nobody knows that it would not be"
    assert judge(store, faulty, item_ids=["x:b"]).missed == {check.id}


def test_certain_items_are_judged_whatever_was_judged_before(store: Store, word_check: MakeCheck) -> None:
    check = word_check("secret")
    post(store, {"a": "a secret", "b": "b secret"})
    judge(store, check)
    assert judge(store, check, item_ids=["x:a"]) == Judged(revisions=1)
    assert judge(store, word_check("riddle", version=2), item_ids=["x:a"]) == Judged(revisions=1, flags_withdrawn=1)
    assert flags(store) == [("x:a", 1, 1, "expired"), ("x:b", 1, 1, "open")]
    assert count_older(store, [word_check("riddle", version=2, scope="thread")]) == 2, "the rest has still to be judged"


def test_all_history_is_judged_again_when_asked(store: Store, word_check: MakeCheck) -> None:
    check = word_check("secret")
    post(store, {"a": "a secret"})
    post(store, {"a": "no more"})
    judge(store, check)
    assert again(store, check, todo=everything(store, [check])) == Judged(revisions=2)


def test_a_long_history_is_judged_in_slices_with_the_same_outcome(
    store: Store, word_check: MakeCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory stays flat over a history of any length."""
    monkeypatch.setattr(runner, "SLICE", 3)
    post(store, {f"i{number}": "a secret" if number % 2 else "nothing" for number in range(10)})
    assert judge(store, word_check("secret")) == Judged(revisions=10, flags_new=5)


@pytest.mark.parametrize(("scope", "expected"), [("row", 1), ("thread", 2), ("author", 2), ("global", 3)])
def test_a_check_sees_the_whole_of_its_slice(store: Store, word_check: MakeCheck, scope: str, expected: int) -> None:
    """A check about threads, authors or everything needs the old rows of the slices that something new came to."""
    post(store, {"a": "one"}, thread="t1")
    post(store, {"b": "two"}, thread="t2")
    check = word_check("secret", scope=scope)
    judge(store, check)
    post(store, {"a": "one more"}, thread="t1")
    assert judge(store, check).revisions == expected


@pytest.mark.parametrize("scope", ["thread", "author", "global"])
def test_a_check_of_whole_threads_finds_the_same_in_short_slices(
    store: Store, word_check: MakeCheck, scope: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slice ends in the middle of a thread: the check must see all of it all the same."""
    monkeypatch.setattr(runner, "SHORT_SLICE", 1)
    for number in range(3):
        post(store, {"a": f"a riddle {number}", "b": "nothing"}, thread="t1")
    judge(store, word_check("secret", scope=scope))
    changed = word_check("riddle", version=2, scope=scope)
    assert again(store, changed).flags_new == 3
    assert (len(flags(store)), count_older(store, [changed])) == (3, 0)


def test_a_comparison_says_what_would_change_and_changes_nothing(store: Store, word_check: MakeCheck) -> None:
    post(store, {"a": "a secret", "b": "a riddle"})
    judge(store, word_check("secret"))
    before = flags(store)
    changed = compare(store, roster=Roster(), checks=[word_check("riddle", version=2)])
    assert [one.item_id for one in changed.newly_flagged] == ["x:b"]
    assert [one.item_id for one in changed.no_longer_flagged] == ["x:a"]
    assert flags(store) == before
    assert compare(store, roster=Roster(), checks=[word_check("secret", scope="author")]) == runner.Difference([], [])
