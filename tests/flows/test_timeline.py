"""One item, all that has happened to it: what the Chair can hold up when somebody says that it was never there."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from checks import runner
from checks.catalogue import Check, load_checks
from checks.due import everything
from checks.roster import Member, Roster
from checks.runner import judge_again, run_checks
from checks.scorer.scorer import ScorerError
from checks.validators import Validators
from connectors.item import Gone, Item, Listed, Page, ThreadRead
from flows.config import ConfigError
from flows.report import compose
from flows.showing import show_item
from flows.standing import in_words
from flows.timeline import Timeline, read_timeline
from warehouse.flags import decide
from warehouse.judged import register_checks
from warehouse.landing import land
from warehouse.outbox import record_delivery
from warehouse.runs import end_run, start_run
from warehouse.snapshot import publish
from warehouse.states import settle
from warehouse.store import Store

BREACH = "So glad my therapist accepted my friend request after our last session"
HARMLESS = "Lovely webinar, thank you all"
O1 = [check for check in load_checks() if check.about.clause == "O1"]
CHAIR = "chair@acto.example"
ID = "youtube:1"


class Nights:
    """Nights of a monitor that watches one comment, and now and then tells the Chair."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def see(self, *texts: str, hidden: bool = False, whole: bool = False, **page: Any) -> None:
        """A pass that shows the comment with these texts, in their order; `whole`: and else nothing of the channel."""
        begun = datetime.now(UTC)
        run_id = start_run(self.store, "scan", begun)
        comment = Item(
            "youtube", "1", "comment", "", thread_id="1", author_name="Pat Quill", created_at=begun, hidden=hidden
        )
        items = [replace(comment, text=text) for text in texts]
        # Another comment, for a channel that shows nothing at all has lost nothing.
        items.append(Item("youtube", "2", "comment", "Kind regards", thread_id="2", created_at=begun))
        threads = [ThreadRead("1"), ThreadRead("2")]
        land(self.store, run_id, "channel", Page(items=items, threads=threads, **page), None)
        if whole:
            settle(
                self.store, run_id, "channel", pass_started_at=begun, listed=[Listed(("comment",))], due=(), since=None,
                until=None, complete=True, at=datetime.now(UTC),
            )  # fmt: skip
        run_checks(self.store, run_id, roster=Roster(), checks=O1, at=datetime.now(UTC))

    def tell(self) -> str:
        """The night's report, composed and sent; its text."""
        at = datetime.now(UTC)
        run_id = start_run(self.store, "scan", at)
        report = compose(
            self.store.connection(), run_id=run_id, level="full", recipients=[CHAIR], sender=CHAIR, now=at,
            roster_names=[], next_steps={}, problems=[],
        )  # fmt: skip
        end_run(self.store, run_id, "complete", "", at, report=report)
        record_delivery(self.store, report.report_id, CHAIR, "sent", "", datetime.now(UTC))
        return " ".join(report.plain.split())

    def timeline(self, item_id: str = ID) -> Timeline:
        """The comment's timeline, as it is published now."""
        timeline = read_timeline(publish(self.store), item_id)
        assert timeline is not None
        return timeline


@pytest.fixture
def nights(store: Store) -> Nights:
    return Nights(store)


def what(timeline: Timeline) -> list[str]:
    """What has happened, in its order; a new state by its name."""
    return [getattr(event.of, "what", event.what) for event in timeline.events]


def test_an_item_that_leaves_and_comes_back_unchanged_is_no_new_version(nights: Nights) -> None:
    """A platform that loses a page for a night would otherwise look like an author who edits, and be flagged anew."""
    nights.see(BREACH)
    nights.see(whole=True)
    nights.see(BREACH)
    nights.see(BREACH)
    timeline = nights.timeline()
    assert [version.revision for version in timeline.versions] == [1]
    assert what(timeline) == ["posted", "seen", "flagged", "absent", "restored"]
    assert (timeline.state, timeline.state_reason) == ("present", "It is there again.")


def test_an_item_that_comes_back_changed_is_a_new_version(nights: Nights) -> None:
    nights.see(HARMLESS)
    nights.see(whole=True)
    nights.see(BREACH)
    assert what(nights.timeline()) == ["posted", "seen", "absent", "edited", "restored", "flagged"]


def test_a_text_that_is_changed_and_changed_back_has_three_versions(nights: Nights) -> None:
    """Taken out while somebody looked, and put back: that is the very thing to know."""
    for text in (BREACH, HARMLESS, BREACH):
        nights.see(text)
    timeline = nights.timeline()
    assert [version.text for version in timeline.versions] == [BREACH, HARMLESS, BREACH]
    assert [flag.revision for flag in timeline.flags] == [1, 3]
    assert timeline.flags[0].edited_away_at is None, "it stands there again"


def test_what_was_edited_away_before_any_report_is_told_and_said_to_be_so(nights: Nights) -> None:
    """Posted at ten, taken out at midnight: it was read by everybody but the Chair."""
    nights.see(BREACH, HARMLESS)
    assert "Edited away since: it was posted, and these words are no longer in the text." in nights.tell()
    [flag] = nights.timeline().flags
    assert (flag.revision, flag.status, flag.edited_away_before_told) == (1, "open", True)
    assert flag.told_at is not None and flag.edited_away_at is not None and flag.edited_away_at < flag.told_at
    assert "Edited away" not in nights.tell(), "it is told once"


def test_what_was_edited_away_after_the_report_is_not_said_to_have_been_before(nights: Nights) -> None:
    nights.see(BREACH)
    nights.tell()
    nights.see(HARMLESS)
    [flag] = nights.timeline().flags
    assert flag.edited_away_at is not None and not flag.edited_away_before_told


def test_hidden_shown_deleted_and_decided_are_told_in_their_order(nights: Nights) -> None:
    """Who did what, and when: the moderator, the author, the Chair."""
    nights.see(BREACH)
    nights.see(BREACH, hidden=True)
    nights.see(BREACH)
    [flag] = nights.timeline().flags
    decide(nights.store, flag.flag_id, "removal_asked", "Spoken with her.", "chair", datetime.now(UTC), None)
    nights.see(gone=[Gone("1", "author removed")])
    timeline = nights.timeline()
    assert what(timeline) == ["posted", "seen", "flagged", "hidden", "shown", "decided", "deleted"]
    assert (timeline.changes[-1].reason, timeline.flags[0].status) == ("author removed", "removal_asked")
    [decision] = timeline.decisions
    assert (decision.reason, decision.decided_by, decision.flag_id) == ("Spoken with her.", "chair", flag.flag_id)


def test_what_it_answers_and_its_thread_are_shown(nights: Nights) -> None:
    """A reply means little without what it answers."""
    items = [
        Item("youtube", "t", "post", "Our new video", thread_id="t", author_name="ACTO"),
        Item("youtube", "p", "comment", "Who can recommend somebody?", parent_id="t", thread_id="t", author_name="Kim"),
        Item("youtube", "r", "reply", "Me!", parent_id="p", thread_id="t"),
    ]
    run_id = start_run(nights.store, "scan", datetime.now(UTC))
    land(nights.store, run_id, "channel", Page(items=items), None)
    timeline = nights.timeline("youtube:r")
    assert timeline.parent is not None and timeline.thread is not None
    assert (timeline.parent.text, timeline.parent.author_name) == ("Who can recommend somebody?", "Kim")
    assert (timeline.thread.item_id, timeline.thread.text) == ("youtube:t", "Our new video")
    assert nights.timeline("youtube:p").thread is None, "said once"


def shown(nights: Nights, item_id: str, capsys: pytest.CaptureFixture[str], *, as_json: bool = False) -> str:
    publish(nights.store)
    assert show_item(item_id, as_json=as_json) == 0
    return capsys.readouterr().out


@pytest.fixture
def at_home(store: Store, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ACTO_HOME", str(store.home))
    monkeypatch.setenv("COLUMNS", "200")
    return store.home


def test_the_terminal_tells_all_of_it(nights: Nights, at_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Changed words are marked by signs: a printed page and a colour-blind Chair have no colours."""
    nights.see(BREACH, BREACH.replace("friend request", "invitation"))
    nights.tell()
    said = shown(nights, ID, capsys)
    assert "accepted my [-friend request-] {+invitation+} after our last session" in said
    assert "Edited away since: seen without these words" in said and "before anybody was told." in said
    assert "Report" in said and "It told of" in said and "By Pat Quill (a member of the public)" in said
    record = json.loads(shown(nights, ID, capsys, as_json=True))
    assert [event["what"] for event in record["events"]][:3] == ["posted", "seen", "edited"]
    assert record["flags"][0]["edited_away_before_told"] is True and record["created_at"].endswith("Z")


def test_a_comment_cannot_drive_the_terminal(nights: Nights, at_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Escape codes and mark-up in what strangers wrote are shown, or dropped, never obeyed."""
    hostile = Item(
        "youtube", "h\x1b[2J", "comment", f"{BREACH} \x1b]0;x\x07 \u202e[/] [red]x", author_name="\x1b[31mA[/]",
        url="https://x.example/\x1b[2J",
    )  # fmt: skip
    for text in (hostile.text, f"{hostile.text} [bold]"):
        run_id = start_run(nights.store, "scan", datetime.now(UTC))
        land(nights.store, run_id, "channel", Page(items=[replace(hostile, text=text)]), None)
    run_checks(nights.store, run_id, roster=Roster(), checks=O1, at=datetime.now(UTC))
    said = shown(nights, "youtube:h\x1b[2J", capsys)
    assert "[red]x" in said and "{+[bold]+}" in said
    assert not {character for character in said if character in "\x1b\x07\u202e"}


def test_why_a_flag_is_lost_is_told_as_far_as_the_history_can_tell(
    nights: Nights, at_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who is told that a check has changed, and has only entered a permission, looks for a fault where there is none."""
    [o4] = [check for check in load_checks() if check.about.clause == "O4"]
    later = replace(o4, about=o4.about.model_copy(update={"version": o4.about.version + 1}))
    member = Member("M1", "Rosalind Pryce", "", "Member", {}, "", "", ())
    text = "Rosalind Pryce is in hospital, the chemo starts on Monday"
    land(nights.store, "r", "channel", Page(items=[Item("youtube", "1", "comment", text)]), None)

    def judge(permitted: set[str], check: Check = o4, item_ids: list[str] | None = None) -> str:
        roster = Roster((member,)).permitting({"M1": permitted})
        run_id = start_run(nights.store, "scan", datetime.now(UTC))
        run_checks(nights.store, run_id, roster=roster, checks=[check], at=datetime.now(UTC), item_ids=item_ids)
        lines = [line for line in shown(nights, ID, capsys).splitlines() if "found" in line]
        return lines[-1].split(nights.timeline().flags[0].flag_id)[1] if lines else ""

    register = "the register of permissions or the roster has changed"
    assert judge(set()) == ""
    assert judge({"health"}) == f" no longer found: {register}, and clears it"
    assert judge(set()) == f" found again: {register}, and clears it no longer"
    assert judge({"health"}, item_ids=[ID]) == " no longer found when its text was judged again"
    assert judge(set(), later, [ID]) == f" found again by version {later.about.version} of its check"
    assert judge({"health"}, replace(later, about=later.about.model_copy(update={"version": 99}))) == (
        f" no longer found by version 99 of its check; {register} too"
    )


def test_what_has_nothing_to_do_with_a_lost_flag_is_not_said_to_be_why(nights: Nights) -> None:
    """Neither a clock that was set back nor what was permitted to somebody else may be given out for the reason."""
    [o4] = [check for check in load_checks() if check.about.clause == "O4"]
    later = replace(o4, about=o4.about.model_copy(update={"version": o4.about.version + 1}))
    unscored = o4.about.model_copy(update={"scored": False})
    blind = replace(o4, about=unscored, transform=lambda rows: o4.transform(rows.head(0)))
    newest = replace(blind, about=blind.about.model_copy(update={"version": 99}))
    members = tuple(Member(name[0], name, "", "Member", {}, "", "", ()) for name in ("Rosalind Pryce", "Owen Tull"))
    text = "Rosalind Pryce is in hospital, the chemo starts on Monday"
    items = [Item("youtube", "1", "comment", text), Item("youtube", "2", "comment", text, author_handle="@kim")]
    land(nights.store, "r", "channel", Page(items=items), None)
    now = datetime.now(UTC)

    def last(check: Check, permitted: dict[str, set[str]], at: datetime, *, again: bool = False) -> list[str]:
        roster = Roster(members).permitting(permitted)
        run_id = start_run(nights.store, "scan", at)
        if again:
            todo = everything(nights.store, [check])
            judge_again(nights.store, run_id, roster=roster, checks=[check], todo=todo, go_on=lambda _: True)
        else:
            run_checks(nights.store, run_id, roster=roster, checks=[check], at=at)
        return [in_words(one.standings[-1]) if one.standings else "" for one in map(nights.timeline, (ID, "youtube:2"))]

    assert last(o4, {}, now) == last(later, {}, now, again=True) == ["", ""]
    register = "the register of permissions or the roster has changed"
    earlier = now - timedelta(days=9)
    assert last(later, {"R": {"health"}}, earlier) == [f"no longer found: {register}, and clears it"] * 2
    assert last(later, {}, earlier) == [f"found again: {register}, and clears it no longer"] * 2
    assert last(newest, {"O": {"health"}}, now)[1] == "no longer found by version 99 of its check"
    nights.store.connection().execute("DELETE FROM store.flag_standing")
    nights.store.connection().execute("DELETE FROM store.judged")
    assert last(blind, {}, now) == ["no longer found when its text was judged again"] * 2, "it was judged as new"


@pytest.mark.parametrize("broken", ["validators", "scorer"])
def test_what_could_not_be_checked_is_said_of_the_item_until_it_was(
    broken: str, nights: Nights, at_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An item without a flag looks fine; one that nobody could judge is not known to be."""

    def fail(*_: Any, **__: Any) -> Any:
        raise ScorerError("its file is not there") if broken == "scorer" else RecursionError

    said = (
        f"Could not be checked: 1 check could not judge its newest text whole (O1, {O1[0].about.title}). The next run"
    )
    nights.see(HARMLESS)
    nights.tell()
    assert nights.timeline().unjudged == [] and "checked" not in shown(nights, ID, capsys)
    with monkeypatch.context() as patch:
        patch.setattr(runner, "default_scorer", fail) if broken == "scorer" else patch.setattr(
            Validators, "validate", fail
        )
        nights.see(f"{HARMLESS}, 07700 900123")
        nights.tell()
        assert said in shown(nights, ID, capsys)
        assert "Could not be checked" not in shown(nights, "youtube:2", capsys), "that was judged another night"
        [record] = json.loads(shown(nights, ID, capsys, as_json=True))["unjudged"]
        assert record == {"check_id": O1[0].id, "clause": "O1", "title": O1[0].about.title, "tried": True}
    nights.see(f"{HARMLESS}, 07700 900123")
    assert nights.timeline().unjudged == []


def test_what_only_waits_for_its_turn_is_not_said_to_have_failed(
    nights: Nights, at_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nights.see(HARMLESS)
    run_id = start_run(nights.store, "import", datetime.now(UTC))
    items = [Item("x", "1", "post", HARMLESS), Item("x", "2", "post", "")]
    land(nights.store, run_id, "import", Page(items=items), None)
    end_run(nights.store, run_id, "complete", "", datetime.now(UTC))
    assert "Not checked yet: its newest text still waits for 1 check (O1, " in shown(nights, "x:1", capsys)
    assert "hecked" not in shown(nights, "x:2", capsys), "there is nothing to judge"
    nights.see(HARMLESS)
    assert "hecked" not in shown(nights, "x:1", capsys)


def test_an_added_or_removed_check_is_not_said_to_have_failed(nights: Nights) -> None:
    """What an added check has not come to is told for all older items, in the report."""
    nights.see(HARMLESS)
    nights.tell()
    others = [check for check in load_checks() if check.about.clause in ("R2", "S1")]
    gone = replace(others[0], about=others[0].about.model_copy(update={"id": "r2_gone"}))
    register_checks(nights.store, "r", runner._as_frame([*others, gone]), datetime.now(UTC))
    assert nights.timeline().unjudged == []
    run_id = start_run(nights.store, "import", datetime.now(UTC))
    land(nights.store, run_id, "import", Page(items=[Item("x", "1", "post", HARMLESS)]), None)
    assert [one.clause for one in nights.timeline("x:1").unjudged] == ["O1", "R2", "S1"]


def test_an_unknown_id_says_what_may_be_meant(nights: Nights, at_home: Path) -> None:
    """A flag's id is in the mail, the item's is not; a link is at hand."""
    nights.see(BREACH)
    other = Item("facebook", "1", "comment", "Hello", url="https://www.facebook.example/1")
    land(nights.store, start_run(nights.store, "scan", datetime.now(UTC)), "page", Page(items=[other]), None)
    [flag] = nights.timeline().flags
    for given, meant in (
        (flag.flag_id, "acto item youtube:1   (the item of that flag)"),
        ("https://www.facebook.example/1", "acto item facebook:1   (the item of that link)"),
        ("x:1", "acto item facebook:1   (the item with that id)\n  acto item youtube:1   (the item with that id)"),
    ):
        with pytest.raises(ConfigError) as refused:
            show_item(given, as_json=False)
        assert meant in str(refused.value)
    with pytest.raises(ConfigError, match="There is no item 'nowhere'"):
        show_item("nowhere", as_json=False)
