"""The register of permissions: what a colleague has allowed is no flag, and is one again once the permission has ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from string import ascii_letters

import pandas as pd
import pytest

from checks.catalogue import Check, load_checks
from checks.explaining import explain
from checks.judging import judge_text
from checks.permissions import Permission, Stranger, in_force, load_permissions, read_permissions
from checks.preparing import prepare, text_row
from checks.roster import Member, Roster, RosterError
from checks.runner import run_checks
from checks.scorer.scorer import default_scorer
from checks.suggesting import suggestions
from checks.weighing import Suggestion, covers
from connectors.item import Item, Page
from warehouse.flags import replace_handles
from warehouse.landing import land
from warehouse.retention import apply_terms
from warehouse.runs import start_run
from warehouse.store import Store

CHECKS = [check for check in load_checks() if check.about.clause == "O4"]
NOW = datetime(2026, 11, 25, tzinfo=UTC)
MakeCheck = Callable[..., Check]


def written(folder: Path, lines: str) -> Path:
    path = folder / "permissions.csv"
    path.write_text("member_id,what,until\n" + lines, encoding="utf-8")
    return path


def member_of(roster: Roster) -> tuple[str, str]:
    member = next(one for one in roster.members if not one.permitted)
    return member.member_id, member.name


def test_a_permission_holds_until_its_last_day(roster: Roster, tmp_path: Path) -> None:
    """The policy asks for express permission: one that has ended is none."""
    member_id, _ = member_of(roster)
    register = load_permissions(written(tmp_path, f"{member_id},health,2026-11-25\n{member_id},photo,\n"), roster)
    assert register == [
        Permission(member_id, "health", date(2026, 11, 25)),
        Permission(member_id, "photo", None),
    ]

    def permitted(on: date) -> tuple[str, ...]:
        return next(one for one in in_force(roster, register, on).members if one.member_id == member_id).permitted

    assert permitted(date(2026, 11, 25)) == ("health", "photo")
    assert permitted(date(2026, 11, 26)) == ("photo",)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("NOBODY,health,\n", "line 2: member_id 'NOBODY' is not in the roster"),
        ("{id},helth,\n", "line 2: what is 'helth'; it can be practice_email"),
        ("{id},health,31/12/2026\n", "line 2: until is '31/12/2026'; write the day as"),
    ],
)
def test_a_register_that_cannot_be_used_says_where(roster: Roster, tmp_path: Path, lines: str, words: str) -> None:
    """A permission that is misspelt would silently be none, and the colleague be flagged every night."""
    path = written(tmp_path, lines.replace("{id}", member_of(roster)[0]))
    with pytest.raises(RosterError, match=words):
        load_permissions(path, roster)


def test_what_somebody_permits_who_is_not_in_the_roster_can_be_left_out(roster: Roster, tmp_path: Path) -> None:
    """A colleague who leaves goes from one file before the other; what else is wrong in a row stays an error."""
    member_id, _ = member_of(roster)
    path = written(tmp_path, f"A-1,home_address,\n{member_id},photo,\n")
    assert read_permissions(path, roster) == ([Permission(member_id, "photo", None)], [Stranger(2, "A-1")])
    for wrong in (f"{member_id},helth,", f"{member_id},health,31/12/2026"):
        with pytest.raises(RosterError, match="line 3: "):
            read_permissions(written(tmp_path, f"A-1,home_address,\n{wrong}\n"), roster)


def test_a_register_without_a_column_or_file_says_so(roster: Roster, tmp_path: Path) -> None:
    path = tmp_path / "permissions.csv"
    with pytest.raises(RosterError, match="no register of permissions"):
        load_permissions(path, roster)
    path.write_text("member_id,what\n", encoding="utf-8")
    with pytest.raises(RosterError, match="no column until"):
        load_permissions(path, roster)


def test_what_is_permitted_clears_and_what_is_not_does_not(roster: Roster) -> None:
    """Permission for the birthday is none for the illness."""
    member_id, name = member_of(roster)
    text = f"Get well soon to {name}, the chemo starts on Monday and her hospital bag is packed"
    for what, flagged in (("birthday", True), ("health", False)):
        allowed = roster.permitting({member_id: {what}})
        assert bool(judge_text(text, roster=allowed, checks=CHECKS)) is flagged


BOLD = dict(zip(map(ord, ascii_letters), map(chr, [*range(0x1D41A, 0x1D434), *range(0x1D400, 0x1D41A)]), strict=True))


@pytest.mark.parametrize(
    "written_as",
    [
        str,
        lambda name: name.replace(" ", "\xa0"),
        lambda name: name.translate(BOLD),
        lambda name: name.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)}),
        "\u200b".join,
        lambda name: name.replace("a", "а"),
    ],
    ids=["plain", "blank", "mathematical", "full width", "with what nobody sees", "another alphabet"],
)
def test_an_ended_permission_flags_what_it_had_cleared_and_a_new_one_withdraws(
    store: Store, roster: Roster, written_as: Callable[[str], str]
) -> None:
    """The text still stands there: nobody would look at it again."""
    member_id, name = member_of(roster)
    told = Item("facebook", "1", "comment", text=f"{written_as(name)} is in hospital, the chemo starts on Monday")
    other = Item("facebook", "2", "comment", text="Lovely weather for the walk today")
    land(store, "run", "channel", Page(items=[told, other]), None)

    def night(permitted: set[str]) -> tuple[int, int]:
        known = roster.permitting({member_id: permitted})
        run_id = start_run(store, "scan", datetime.now(UTC))
        judged = run_checks(store, run_id, roster=known, checks=CHECKS, at=datetime.now(UTC))
        return judged.flags_new, judged.flags_withdrawn

    assert night({"health"}) == (0, 0)
    assert night({"health"}) == (0, 0)
    assert night(set()) == (1, 0)
    assert night(set()) == (0, 0)
    assert night({"health"}) == (0, 1)


def test_a_permission_that_ends_while_the_words_are_gone_is_seen_when_they_are_back(
    store: Store, roster: Roster
) -> None:
    """Nobody would look again at what LinkedIn shows to all the world."""
    member_id, name = member_of(roster)
    told = Page(items=[Item("linkedin", "1", "comment", text=f"{name} is in hospital, the chemo starts on Monday")])

    def night(permitted: set[str]) -> int:
        return run_checks(
            store, "run", roster=roster.permitting({member_id: permitted}), checks=CHECKS, at=NOW
        ).flags_new

    land(store, "run", "linkedin", told, None)
    assert night({"health"}) == 0
    apply_terms(store, "run", {"linkedin": "linkedin"}, datetime.now(UTC) + timedelta(hours=49))
    assert night(set()) == 0
    land(store, "the night after", "linkedin", told, None)
    assert night(set()) == 1


def rule_score(text: str, known: Roster) -> float | None:
    """What O4's rule says of a text: None for nothing, 0 for leave to share."""
    rows = prepare(pd.DataFrame([text_row(text, roster=known)]), known)
    found = suggestions(rows, CHECKS[0]).get(1)
    return found.score if found else None


@pytest.mark.parametrize(
    ("permitted", "text", "cleared"),
    [
        ({"birthday"}, "Happy birthday NAME, have a lovely day", True),
        ({"birthday"}, "Happy birthday NAME, her NI number is QQ 12 34 56 C", False),
        ({"birthday", "family"}, "Happy birthday NAME. Our treasurer turns 50 too and his husband left him", False),
        ({"private_phone"}, "NAME's private number is 07700 900123", True),
        ({"private_email"}, "NAME's personal email is somebody@mail.example", True),
        ({"home_address"}, "NAME lives at 12 Elm Road", True),
        ({"home_address"}, "Ask me for NAME's private mobile", False),
        ({"photo"}, "What a lovely photo of NAME", True),
        ({"photo"}, "What a lovely photo of NAME in hospital", False),
        ({"birthday"}, "Happy 50th birthday to our trustee NAME!", True),
        ({"health"}, "Our Chair NAME is in hospital", True),
        ({"health"}, "Our chair, Dr NAME, is in hospital", True),
        ({"birthday"}, "Happy birthday to NAME, our trustee, 50 today", True),
        ({"birthday"}, "Happy birthday to NAME (our new trustee), 50 today", True),
        ({"health"}, "Our colleague NAME is having chemo", True),
        ({"birthday"}, "Happy birthday to our trustee and to NAME!", False),
        ({"health"}, "Our trustee NAME and our treasurer are in hospital", False),
        ({"health"}, "NAME's colleague is in hospital", False),
        ({"health"}, "NAME, our trustee Ann Other and her cat are in hospital", False),
        ({"health"}, "NAME and the other trustee are in hospital", False),
        ({"health"}, "NAME is resting at home after her hip operation", True),
        ({"health"}, "NAME had her operation on Monday and is recovering at home", True),
        ({"health"}, "NAME is off with pneumonia and is staying at home this week", True),
        ({"family"}, "NAME has had a baby, mum and baby are both at home and well", True),
        ({"health"}, "NAME is in hospital, find her husband at home", False),
        ({"health"}, "NAME is in hospital and then staying at the Grand in Hove", False),
    ],
)
def test_leave_for_one_thing_is_leave_for_that_alone(
    roster: Roster, permitted: set[str], text: str, cleared: bool
) -> None:
    """A permission for the birthday must not hide an illness, nor one colleague's permission another."""
    member_id, name = member_of(roster)
    told = text.replace("NAME", name)
    assert (rule_score(told, roster.permitting({member_id: permitted})) == 0) is cleared
    assert rule_score(told, roster) != 0


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("health", "NAME is off with a broken leg, back in six weeks"),
        ("health", "NAME has been unwell since Easter and came down with pneumonia"),
        ("health", "NAME is having an MRI on Thursday"),
        ("health", "NAME is having a baby in March"),
        ("health", "NAME has lost the baby, please keep her in your thoughts"),
        ("family", "NAME is getting married on Saturday!"),
        ("family", "NAME has become a grandmother for the first time"),
        ("family", "Thinking of NAME, whose brother has died"),
        ("family", "NAME's mum passed away on Sunday"),
        ("family", "NAME is off on paternity leave"),
        ("family", "NAME is caring for her elderly parents these days"),
        ("whereabouts", "NAME is on annual leave this week"),
        ("whereabouts", "NAME is away in Cornwall till Monday"),
        ("whereabouts", "NAME has flown out to Canada for a month"),
        ("home_address", "NAME is moving house on the 3rd"),
        ("birthday", "NAME celebrated her 60th on Saturday"),
        ("finances", "NAME has been made redundant from her day job"),
        ("finances", "NAME is being sued by her landlord"),
    ],
)
def test_news_is_known_in_the_words_in_which_people_tell_it(roster: Roster, what: str, text: str) -> None:
    """What the register allows was flagged where only the scorer understood it."""
    member_id, name = member_of(roster)
    told = text.replace("NAME", name)
    assert rule_score(told, roster.permitting({member_id: {what}})) == 0
    assert rule_score(told, roster)
    assert rule_score(told, roster.permitting({member_id: {"photo", "private_email"}}))


def test_leave_for_one_kind_of_news_does_not_hide_another_in_the_same_words(roster: Roster) -> None:
    """Her own illness may be told, and her mother's is not hers to give away."""
    member_id, name = member_of(roster)
    told = f"{name}'s mum is in hospital after a bad fall"
    assert rule_score(told, roster.permitting({member_id: {"health"}}))
    assert rule_score(told, roster.permitting({member_id: {"health", "family"}})) == 0


def test_what_she_lives_through_is_found_behind_what_she_speaks_about(roster: Roster) -> None:
    _, name = member_of(roster)
    assert rule_score(f"{name} gave a talk on cancer for the trust. She is in hospital now.", roster)
    assert rule_score(f"{name} gave a talk on cancer for the trust.", roster) is None


def test_leave_covers_all_that_is_told_in_one_sentence_and_no_sentence_behind_it(roster: Roster) -> None:
    """Of two words of one illness the scorer may have looked at the second."""
    member_id, name = member_of(roster)
    known = roster.permitting({member_id: {"health"}})
    text = f"{name} is unwell and in hospital. Her lodger's cell is cold. Cards to the hospital!"
    rows = prepare(pd.DataFrame([text_row(text, roster=known)]), known)
    cleared = suggestions(rows, CHECKS[0])[1]
    assert text[: cleared.end_char].endswith("unwell and in hospital")


@pytest.mark.parametrize(
    ("parent", "text", "cleared"),
    [
        ("Where is NAME?", "She is off with a broken leg", True),
        ("Where is NAME? I miss NAME's posts.", "Sorry, she's in hospital until Monday", True),
        ("Where is NAME?", "She is off with a broken leg, and bankrupt too", False),
        ("Where is NAME?", "She is in hospital, he is in a hospice", False),
        ("Where is NAME?", "Trevor says she is in hospital", False),
        ("Where is NAME?", "Our treasurer? She is in hospital", False),
        ("Where are NAME and OTHER?", "She is in hospital", False),
        ("Where are NAME and Trevor Blamey?", "She is in hospital", False),
        ("Has anyone heard of Trevor? NAME has", "She is in hospital", False),
        ("Where is Hope Unknown?", "She is in hospital", False),
    ],
)
def test_whom_a_text_that_names_nobody_is_about_is_known_by_what_it_answers(
    roster: Roster, parent: str, text: str, cleared: bool
) -> None:
    """It is flagged by that; so her permission counts there, where nobody else can be meant."""
    one, other = [member for member in roster.members if not member.permitted][:2]
    known = roster.permitting({one.member_id: {"health"}})
    answered = parent.replace("NAME", one.name).replace("OTHER", other.name)
    assert bool(judge_text(text, roster=known, checks=CHECKS, parent_text=answered)) is not cleared
    assert judge_text(text, roster=roster, checks=CHECKS, parent_text=answered)


def test_a_permission_that_ends_is_seen_below_what_names_the_member(store: Store, roster: Roster) -> None:
    """The text itself has no name by which it could be found."""
    member_id, name = member_of(roster)
    post = Item("facebook", "1", "post", text=f"Where is {name}?")
    told = Item("facebook", "2", "comment", parent_id="1", text="She is off with a broken leg")
    apart = Item("facebook", "3", "comment", text="She is off today", parent_text=f"And {name}?")
    land(store, "run", "channel", Page(items=[post, told, apart]), None)

    def night(permitted: set[str]) -> tuple[int, int, int]:
        known = roster.permitting({member_id: permitted})
        done = run_checks(store, "run", roster=known, checks=CHECKS, at=NOW)
        return done.revisions, done.flags_new, done.flags_withdrawn

    assert night({"health"}) == (3, 0, 0)
    assert night(set()) == (0, 1, 0)
    assert night({"health"}) == (0, 0, 1)


def member(number: int, name: str, *permitted: str) -> Member:
    return Member(f"M{number}", name, "", "Member", {}, "", "", permitted)


@pytest.mark.parametrize("order", [1, -1])
def test_a_namesake_needs_their_own_permission(order: int) -> None:
    """Two members share a first name, or half a surname: leave of the one says nothing of the other."""
    people = [member(1, "Jane Smith", "health"), member(2, "Jane Smith-Jones")][::order]
    assert rule_score("Jane Smith-Jones is in hospital, the chemo starts on Monday", Roster(tuple(people))) != 0
    assert rule_score("Jane Smith is in hospital, the chemo starts on Monday", Roster(tuple(people))) == 0


def test_what_the_scorer_finds_elsewhere_in_the_text_is_not_cleared(roster: Roster) -> None:
    """ "Happy birthday, and well done on …": leave covers its own words."""
    cleared = Suggestion(0, 14, 0.0, "high", "Everybody named has given permission.")
    text = "Happy birthday to her, and so brave of her to come out to her congregation"

    class Says:
        def evidence(self, clause: str) -> tuple[int, int]:
            return text.index("come out"), len(text)

    assert not covers(cleared, CHECKS[0], Says(), None, None)  # type: ignore[arg-type]
    assert covers(cleared, CHECKS[0], None, None, None)


def test_the_permission_of_one_is_none_for_another_who_is_named(roster: Roster) -> None:
    one, other = [member.name for member in roster.members if not member.permitted][:2]
    assert rule_score(f"With {one}'s permission: {other} is in rehab.", roster)
    assert rule_score(f"With {one}'s permission: {one} is in rehab.", roster) == 0


@pytest.mark.parametrize(
    ("permitted", "text", "flagged"),
    [
        ("private_phone", "Ring NAME on his own mobile, 07700 900123, he is off with a slipped disc.", True),
        ("private_phone", "Text NAME on 07700 900123, his private number. He is off with sciatica.", True),
        ("whereabouts", "NAME is away in Cornwall till Monday. His liver is packing up.", True),
        ("birthday", "Happy birthday NAME, 50 today! He is off with a slipped disc.", True),
        ("health", "NAME had a stroke, and her lad has been sent down for dealing.", True),
        ("health", "NAME is in hospital. Her house is being taken by the bank.", True),
        (
            "photo",
            "Shared with NAME's blessing: he has had a heart attack. Poor lad's liver is packing up from gin.",
            True,
        ),
        ("photo", "Shared with NAME's blessing: he has had a heart attack. Cards to the office, please.", False),
        ("private_phone", "Ring NAME on his own mobile, 07700 900123, he never answers the office one.", False),
        ("health", "NAME is off with a broken leg, back in six weeks", False),
        ("health", "NAME has lost the baby, please keep her in your thoughts", False),
        ("health", "NAME is in hospital again, we miss him and wish him well.", False),
        ("health", "NAME is in hospital. She had a stroke on Sunday.", False),
        ("family", "NAME has had a baby, mum and baby are both at home and well.", False),
        ("whereabouts", "NAME is on holiday in Crete until the 4th.", False),
    ],
)
def test_leave_does_not_hide_what_the_scorer_finds_behind_it(permitted: str, text: str, flagged: bool) -> None:
    """No list of words has every illness; what is permitted and what is not stand in one sentence."""
    known = Roster((member(1, "Rupert Ashcombe", permitted),))
    told = text.replace("NAME", "Rupert Ashcombe")
    found = judge_text(told, roster=known, checks=CHECKS, scorer=default_scorer())
    assert bool(found) is flagged
    (explained,) = explain(pd.DataFrame([text_row(told, roster=known)]), CHECKS, known, default_scorer())
    assert ("left alone" in explained.in_words) is not flagged


def test_a_roster_that_allows_what_is_no_permission_says_so(tmp_path: Path) -> None:
    """A misspelt permission would be none, without a word."""
    header = (
        "member_id,name,known_as,role,facebook,x,instagram,linkedin,youtube,practice_email,practice_phone,permitted\n"
    )
    path = tmp_path / "roster.csv"
    path.write_text(header + "1,Jane Smith,,Member,,,,,,,,fotos\n", encoding="utf-8")
    with pytest.raises(RosterError, match="line 2: permitted is 'fotos'"):
        Roster.load(path)
    path.write_text(header + "1,Jane Smith,,Member,,,,,,,,\n1,Ann Smith,,Member,,,,,,,,\n", encoding="utf-8")
    with pytest.raises(RosterError, match="'1' is there 2 times"):
        Roster.load(path)


def test_a_change_is_judged_by_the_check_that_missed_it(store: Store, roster: Roster, raising: Check) -> None:
    """A night on which the check failed, and `acto check` with another one, must not use the change up."""
    member_id, name = member_of(roster)
    item = Item("facebook", "1", "comment", text=f"{name} is in hospital, the chemo starts on Monday")
    land(store, "run", "channel", Page(items=[item]), None)

    def night(permitted: set[str], checks: list[Check]) -> int:
        known = roster.permitting({member_id: permitted})
        return run_checks(store, "run", roster=known, checks=checks, at=NOW).flags_new

    assert night({"health"}, CHECKS) == 0
    assert night(set(), [one for one in load_checks() if one.about.clause == "O1"]) == 0
    assert night(set(), [raising]) == 0
    assert night(set(), CHECKS) == 1


def test_a_permission_that_ends_is_seen_while_another_check_is_broken(
    store: Store, roster: Roster, raising: Check
) -> None:
    """One check that stays broken for weeks must not keep a colleague's illness in public; nor is its own part forgotten."""
    member_id, name = member_of(roster)
    broken = replace(raising, about=raising.about.model_copy(update={"id": "r3_broken"}))
    mended = replace(CHECKS[0], about=broken.about)

    def night(permitted: set[str], last: Check) -> tuple[int, int, int]:
        number = store.connection().execute("SELECT count(*) FROM store.revision").fetchone()
        item = Item("facebook", str(number), "comment", text=f"{name} is in hospital, the chemo starts on Monday")
        land(store, "run", "channel", Page(items=[item]), None)
        known = roster.permitting({member_id: permitted})
        done = run_checks(store, "run", roster=known, checks=[*CHECKS, last], at=NOW)
        return done.flags_new, done.flags_withdrawn, len(done.problems)

    assert night({"health"}, mended) == (0, 0, 0)
    assert night(set(), broken) == (2, 0, 1)
    assert night(set(), broken) == (1, 0, 1), "nothing is judged again once more"
    assert night(set(), mended) == (5, 0, 0), "what it could not judge, and what names the colleague"


def by_members(check: Check) -> Check:
    """The check, flagging whatever a member has written."""

    def transform(rows: pd.DataFrame) -> pd.DataFrame:
        mine = rows[rows.author_role == "member"]
        return pd.DataFrame(
            {
                "revision_id": mine.revision_id,
                "start_char": 0,
                "end_char": 3,
                "score": 0.9,
                "reason": "A member wrote it.",
            }
        )

    return replace(check, transform=transform)


def test_what_a_member_wrote_is_judged_again_when_handle_or_consent_changes(
    store: Store, word_check: MakeCheck
) -> None:
    """Consent that was withdrawn must not leave a flag on the match that it allowed; texts seldom name who writes them."""
    check = by_members(word_check("the"))
    texts = {"1": ("jane", "the rain in May"), "2": ("somebody", "the rain in June")}
    items = [Item("x", name, "comment", text=text, author_handle=who) for name, (who, text) in texts.items()]
    land(store, "run", "channel", Page(items=items), None)

    def night(handle: str, *consents: str) -> tuple[int, int, int]:
        jane = Member("M1", "Jane Smith", "", "Member", {"x": handle}, "", "", (), consents)
        people = Roster((jane,))
        replace_handles(store, people.handles({}))
        done = run_checks(store, "run", roster=people, checks=[check], at=NOW)
        return done.revisions, done.flags_new, done.flags_withdrawn

    assert night("@Jane") == (2, 0, 0)
    assert night("@Jane", "x") == (0, 1, 0)
    assert night("@Jane", "x") == (0, 0, 0)
    assert night("@Jane") == (0, 0, 1)
    assert open_flags(store) == []
    night("@Jane", "x")
    assert open_flags(store) == ["x:1"]
    assert night("somebody", "x") == (0, 1, 1), "the one who was taken for her is not flagged for it any longer"
    assert open_flags(store) == ["x:2"]


def open_flags(store: Store) -> list[str]:
    rows = store.connection().execute("SELECT item_id FROM flags WHERE status = 'open' ORDER BY ALL").fetchall()
    return [item_id for (item_id,) in rows]


def test_a_member_who_leaves_the_roster_and_returns_is_judged_again(store: Store, roster: Roster) -> None:
    """A roster that is missing for a night must not leave a flag that a permission answers."""
    member_id, name = member_of(roster)
    known = roster.permitting({member_id: {"health"}})
    item = Item("facebook", "1", "comment", text=f"{name} is in hospital, the chemo starts on Monday")
    land(store, "run", "channel", Page(items=[item]), None)
    for people in (known, Roster(), known):
        run_checks(store, "run", roster=people, checks=CHECKS, at=NOW)
    assert store.connection().execute("SELECT count(*) FROM flags WHERE status = 'open'").fetchone() == (0,)


def test_a_permission_counts_for_every_check(store: Store, roster: Roster) -> None:
    """A practice's number that may be published is nobody's carelessness, and is again once that leave has ended."""
    one = next(one for one in roster.members if one.practice_phone)
    allowed = replace(one, permitted=(*one.permitted, "practice_phone"))
    forbidden = replace(one, permitted=tuple(what for what in one.permitted if what != "practice_phone"))
    text = f"ring me at home on {one.practice_phone}, I am alone in the evenings"
    land(store, "run", "channel", Page(items=[Item("facebook", "1", "comment", text=text)]), None)
    own_safety = [check for check in load_checks() if check.about.clause == "R2"]

    def night(member: Member) -> tuple[int, int]:
        done = run_checks(store, "run", roster=Roster((member,)), checks=own_safety, at=NOW)
        return done.flags_new, done.flags_withdrawn

    assert night(forbidden) == (1, 0)
    assert night(allowed) == (0, 1)
    assert night(allowed) == (0, 0)


@pytest.fixture
def raising() -> Check:
    """O4's check, its transform broken."""

    def fail(_: pd.DataFrame) -> pd.DataFrame:
        raise ValueError

    return replace(CHECKS[0], transform=fail)


@pytest.mark.parametrize(
    ("after", "flagged"),
    [
        ("I asked if she would chair in May, and she agreed.", True),
        ("She agreed to me sharing this.", False),
        ("With her blessing I say so here.", False),
        ("It is a long road. We send flowers. The hall is booked. She agreed to us posting the programme.", True),
    ],
)
def test_leave_to_say_one_thing_is_no_leave_for_another(roster: Roster, after: str, flagged: bool) -> None:
    """Whoever agrees to chair a meeting has not agreed to her illness being told; an illness is told about for years."""
    _, name = member_of(roster)
    found = judge_text(f"{name} is off with depression again. {after}", roster=roster, checks=CHECKS)
    assert bool(found) == flagged


@pytest.mark.parametrize(
    "text",
    [
        "Not with her permission, but NAME is in rehab again.",
        "I'm not saying this with his blessing, but NAME has left his wife.",
        "I’m not, I admit, saying this with her blessing, NAME is in rehab.",
        "Don't tell anyone she said I could not share: NAME is pregnant.",
        "She said I can’t share this. NAME is pregnant.",
        "I hope she's happy for me to say that NAME is pregnant.",
        "Not sure if she said I could share it: NAME is pregnant.",
        "She asked me to tell nobody: NAME is pregnant.",
        "She said I could, then changed her mind, NAME is pregnant.",
        "She said I could share it. She took it back. NAME is pregnant.",
        "Is this with her permission? NAME is in rehab.",
        "He said I could have a cry about it but not to tell anyone, NAME is bankrupt.",
        "Not with NAME's blessing, but he is in rehab again.",
        "Without NAME's permission I should not say so, but she is in rehab.",
        "NAME asked me not to tell anyone that he is in rehab.",
        "NAME asked me to tell nobody that she is pregnant.",
        "NAME asked me to let nobody know that she is pregnant.",
        "NAME asked me to let the Chair know that she is pregnant.",
        "NAME said I can’t share that she is pregnant.",
        "NAME said we could share it, then changed her mind: she is pregnant.",
        "I hope NAME said we could share that she is pregnant.",
        "NAME never said she doesn't mind us sharing it, and she is pregnant.",
        "Somebody told me she doesn't mind everyone knowing, NAME is in rehab.",
        "Is this with NAME's permission? He is in rehab.",
        "NAME said I could have his room while he is in rehab.",
        "NAME has asked us to share his book. He is in rehab.",
        "Nobody asked NAME, but he is in rehab.",
        "With Ann Other's permission: NAME is in rehab.",
    ],
)
def test_a_permission_that_is_denied_or_doubted_is_none(roster: Roster, text: str) -> None:
    """Whoever says that there is no leave has told of it all the worse."""
    assert rule_score(text.replace("NAME", member_of(roster)[1]), roster)


@pytest.mark.parametrize(
    ("text", "cleared"),
    [
        ("With her permission, here is a photo of NAME. She's been in rehab, and her wife has left her.", False),
        ("NAME's book is out, shared with her permission. Poor thing is bankrupt and having chemo.", False),
        ("With her permission: NAME is expecting. She is bankrupt too.", False),
        ("NAME is expecting! Shared with her permission. She is bankrupt, too.", False),
        ("NAME is in hospital. We send flowers. Shared with her permission. Thank you.", False),
        ("Shared with her permission. NAME is expecting!", True),
        ("With her permission:\nNAME is expecting!", True),
        ("NAME is expecting! She asked us to tell you all 🎉", True),
        ("NAME is in hospital, and she's happy for everyone to know.", True),
        ("NAME is in hospital, and she's happy for everyone who wrote.", False),
        ("I am sharing this with her permission because so many of you asked. NAME is in hospital.", True),
        ("I'm not one to gossip, but with her permission: NAME is expecting.", True),
        ("Don't worry, she asked me to tell you all: NAME is in hospital, cards welcome.", True),
        ("With her permission: NAME is not well, she is in hospital but not for long.", True),
        ("Shared with NAME's consent: he is in hospital.", True),
        ("NAME has asked us to share that he is in hospital.", True),
        ("With NAME’s permission: she is in hospital.", True),
        ("NAME said we could say why she's off: she has had a miscarriage.", True),
        ("NAME asked me to let you all know that he is in hospital.", True),
        ("NAME has asked us to let members know that he is in hospital.", True),
        ("NAME told me himself he doesn't mind everyone knowing he is in rehab.", True),
        ("Posted with NAME's blessing. He has had a heart attack.", True),
        ("NAME is happy for people to know she is in hospital.", True),
        ("NAME is in hospital. As NAME asked, we say so here. She is bankrupt, too.", False),
        ("NAME is expecting, I say with her blessing. With his blessing I add that his wife has left him.", True),
    ],
)
def test_a_permission_that_is_said_covers_its_own_sentence_and_one_that_it_points_to(
    roster: Roster, text: str, cleared: bool
) -> None:
    """Leave for the photograph is none for the rehab that is told in the next breath."""
    assert (rule_score(text.replace("NAME", member_of(roster)[1]), roster) == 0) is cleared


@pytest.mark.parametrize(
    ("lines", "text", "words"),
    [
        ("", "M is in hospital", "no permission for this is known"),
        ("{m},birthday,\n", "M is in hospital", "no permission for this is known"),
        ("{m},birthday,2026-01-31\n", "M is in hospital", "no permission for this is known"),
        (
            "{m},health,2025-01-31\n{m},health,2026-11-24\n",
            "M is in hospital",
            "their permission for this ended on 24 Nov 2026",
        ),
        (
            "{m},health,2026-11-24\n{m},health,\n",
            "M is in hospital and her husband left",
            "no permission for this is known",
        ),
        ("{m},health,\n", "M and N are in hospital", "not everybody named is known to permit it"),
        ("{m},health,2026-11-24\n", "M and N are in hospital", "not everybody named is known to permit it"),
        ("{m},birthday,\n", "M and N are in hospital", "no permission for this is known"),
    ],
)
def test_the_reason_says_what_the_register_has(
    roster: Roster, tmp_path: Path, lines: str, text: str, words: str
) -> None:
    """The Chair would ask a colleague for what she has given, or not know that it has ended."""
    one, other = [member for member in roster.members if not member.permitted][:2]
    register = load_permissions(written(tmp_path, lines.replace("{m}", one.member_id)), roster)
    known = in_force(roster, register, NOW.date())
    told = text.replace("N ", f"{other.name} ").replace("M ", f"{one.name} ")
    (found,) = judge_text(told, roster=known, checks=CHECKS)
    assert found.reason.endswith(f"; {words}.")
    (found,) = judge_text("Get well soon to our treasurer, he is in hospital", roster=known, checks=CHECKS)
    assert found.reason.endswith("; no permission for this is known.")


def test_what_had_ended_before_changes_the_words_of_a_flag_alone() -> None:
    """So nothing is judged again where only that is entered in the register: the same would be flagged, as it was."""
    never = Roster((member(1, "Jane Smith"),))
    ended = Roster((replace(never.members[0], ended={"health": date(2026, 11, 24)}),))
    text = "Jane Smith is in hospital"
    (was,), (now) = (judge_text(text, roster=known, checks=CHECKS) for known in (never, ended))
    assert [replace(one, reason=was.reason) for one in now] == [was]
    assert never.fingerprints() == ended.fingerprints()


def test_what_only_the_scorer_finds_claims_nothing_of_permissions() -> None:
    """It does not say what was told, so nobody can say whether that is permitted."""
    assert all("no permission" not in reason.words for reason in CHECKS[0].about.reasons)
