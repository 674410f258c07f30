"""Who is a member, however the name is written, and nobody else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from checks.catalogue import load_checks
from checks.examples import ROSTER
from checks.judging import judge_text
from checks.phrases import phrases
from checks.roster import Member, Roster, RosterError


def named(roster: Roster, text: str, context: str = "") -> list[tuple[str, str]]:
    return [(one["member_id"], text[one["start_char"] : one["end_char"]]) for one in roster.find(text, context)]


def roster_of_one(folder: Path, name: str) -> Roster:
    """A roster with the one member M1, whose name is written so."""
    path = folder / "roster.csv"
    header = ROSTER.read_text(encoding="utf-8").splitlines()[0]
    path.write_text(f'{header}\nM1,"{name}",,Member,,,,,,,,\n', encoding="utf-8")
    return Roster.load(path)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I saw Rosalind Pryce at the dentist", "Rosalind Pryce"),
        ("ros pryce told me", "ros pryce"),
        ("Ask Mrs Pryce", "Mrs Pryce"),
        ("thanks @rosalindpryce_x!", "@rosalindpryce_x"),
        ("ROSALIND-PRYCE again", "ROSALIND-PRYCE"),
    ],
)
def test_a_member_is_known_by_name_title_and_handle(roster: Roster, text: str, name: str) -> None:
    assert named(roster, text) == [("ACTO-2001", name)]


@pytest.mark.parametrize("text", ["Ros is a lovely name", "A price too high", "Rosalind Franklin", "hywel"])
def test_a_first_name_alone_is_nobody(roster: Roster, text: str) -> None:
    """There are thousands of them: every other comment would name a colleague."""
    assert named(roster, text) == []


def test_a_first_name_is_a_member_where_the_talk_is_of_that_member(roster: Roster) -> None:
    assert named(roster, "Poor Ros, her knee!", "Where is Rosalind Pryce today?") == [("ACTO-2001", "Ros")]
    assert named(roster, "our Hywel is in hospital") == [("ACTO-2029", "Hywel")]


def test_accents_and_apostrophes_do_not_hide_a_name(tmp_path: Path) -> None:
    roster = roster_of_one(tmp_path, "Siân O’Hara-Lloyd")
    for text in ("Sian O'Hara Lloyd", "Siân OHara-Lloyd", "SIÂN O’HARA-LLOYD"):
        assert named(roster, f"where is {text}?") == [("M1", text)]


@pytest.mark.parametrize(
    ("cell", "text", "name"),
    [
        ("Dr Jane Smith", "Jane Smith turns 50", "Jane Smith"),
        ("Jane Smith MBACP", "Jane Smith turns 50", "Jane Smith"),
        ("Jane Smith, BA (Hons), MBACP", "Jane Smith turns 50", "Jane Smith"),
        ("Smith, Jane", "Jane Smith turns 50", "Jane Smith"),
        ("JANE MA", "Jane Ma turns 50", "Jane Ma"),
        ("DR JANE BA MBACP", "Ask Dr Ba", "Dr Ba"),
        ("MA, JANE", "Jane Ma turns 50", "Jane Ma"),
        ("Madonna MBACP", "Madonna turns 50", "Madonna"),
        ("Jane Elizabeth Smith", "Jane Smith turns 50", "Jane Smith"),
        ("Jane Elizabeth Smith", "Jane Elizabeth Smith turns 50", "Jane Elizabeth Smith"),
        ("Áine Murphy", "Áine Murphy turns 50", "Áine Murphy"),
        ("Áine Murphy", "Aine Murphy turns 50", "Aine Murphy"),
        ("Zoë Dupré", "Zoë Dupré turns 50", "Zoë Dupré"),
        ("Zoë Dupré", "Dr Dupré turns 50", "Dr Dupré"),
        ("Łukasz Nowak", "Lukasz Nowak turns 50", "Lukasz Nowak"),
        ("Łukasz Nowak", "Łukasz Nowak turns 50", "Łukasz Nowak"),
        ("Sia\u0302n Pryce", "Siân Pryce turns 50", "Siân Pryce"),
        ("Siân Pryce", "Sia\u0302n Pryce turns 50", "Sia\u0302n Pryce"),
    ],
)
def test_a_member_is_known_however_the_roster_has_the_name(tmp_path: Path, cell: str, text: str, name: str) -> None:
    """Rosters come with titles, letters, second names and accents; who is overlooked for them is not protected."""
    roster = roster_of_one(tmp_path, cell)
    assert named(roster, text) == [("M1", name)]
    assert phrases(roster.gate).search(text), "the gate lets it through"
    assert not named(roster, text.replace(name, f"{name}s")), "another name"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("thanks @jane.smith.", "@jane.smith"),
        ("thanks @Jane.Smith... see you", "@Jane.Smith"),
        ("@jane.smith's talk", "@jane.smith"),
        ("(@janesmith)", "@janesmith"),
        ("Welcome @janesmith@mastodon", "@janesmith"),
        ("@josé rocks", "@josé"),
        ("@Jane Smith was there", "Jane Smith"),
        ("@jane.smith.cakes sells cakes", None),
        ("@jane-smith-art paints", None),
        ("@janesmith_art paints", None),
        ("@janesmith.art paints", None),
        ("@josés paints", None),
        ("write to shop@janesmith.example", None),
    ],
)
def test_a_handle_ends_where_it_ends(text: str, name: str | None) -> None:
    """Of somebody whose handle begins like a member's it would be said that a colleague is spoken of."""
    handles = {"instagram": "jane.smith", "x": "janesmith", "youtube": "@josé", "linkedin": "jane-smith"}
    roster = Roster((Member("M1", "Jane Smith", "", "Member", handles, "", "", ()),))
    assert named(roster, text) == ([("M1", name)] if name else [])
    if name:
        assert phrases(roster.gate).search(text), "the gate lets it through"


def test_whose_a_handle_is_does_not_hang_on_its_sign() -> None:
    """YouTube's handles stand in rosters with their @: what such a member writes would be taken for a stranger's."""
    roster = Roster((Member("M1", "Jane Smith", "", "Member", {"youtube": "@JaneSmith"}, "", "", ()),))
    assert roster.member_at("youtube", "@janesmith") == roster.member_at("youtube", "janesmith") == "M1"


def test_who_has_a_single_name_is_not_called_by_it_twice() -> None:
    """Shown as a way of naming the member, and kept as one, it is a name that nobody has."""
    member = Member("M1", "Cher", "Cher", "Member", {}, "", "", ())
    assert member.names() == ["Cher"]
    assert replace(member, name="James Paul James", known_as="Jim").names() == [
        "James James", "Jim James", "James Paul James",
    ]  # fmt: skip
    assert replace(member, known_as="Cherilyn").names() == ["Cherilyn Cher", "Cher"]


@pytest.mark.parametrize(
    ("role", "known"), [("", 0), ("Member", 0), ("Full member", 0), ("Board member", 1), ("Chair", 1)]
)
def test_acto_calls_who_holds_an_office_by_the_first_name(role: str, known: int) -> None:
    """ACTO's "Joy tells her story" is about any Joy, unless one of its people is called so."""
    roster = Roster((Member("M1", "Joy Jones", "", role, {}, "", "", ()),))
    assert len(roster.find("Joy tells her story", by_acto=True)) == known


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"member_id,name\nM1,Jo\n", "has no column known_as"),
        (b"\xff\xfem\x00", "not CSV in UTF-8"),
        (ROSTER.read_bytes().splitlines()[0] + b"\n,Jo Bloggs,,,,,,,,,,\n", "line 2: member_id is empty"),
    ],
)
def test_a_roster_that_cannot_be_used_is_explained(tmp_path: Path, content: bytes, said: str) -> None:
    """Without its roster a scan would quietly take every member for a member of the public."""
    path = tmp_path / "roster.csv"
    path.write_bytes(content)
    with pytest.raises(RosterError, match=said) as caught:
        Roster.load(path)
    assert str(path) in str(caught.value)


def test_a_roster_that_is_not_there_is_explained(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match=r"correct \[people\] roster"):
        Roster.load(tmp_path / "none.csv")


def test_a_hostile_name_is_no_pattern(tmp_path: Path) -> None:
    """A name comes from a spreadsheet: it must not be able to break the gate of every check."""
    header = ROSTER.read_text(encoding="utf-8").splitlines()[0]
    path = tmp_path / "roster.csv"
    path.write_text(f'{header}\nM1,"Jo (.*) [Bloggs",+++,Member,a|b,(?i),,,,,,\n', encoding="utf-8")
    roster = Roster.load(path)
    assert named(roster, "nobody here") == []
    assert named(roster, "it is Jo (.*) [Bloggs here")[0][0] == "M1"


def test_acto_calls_those_who_hold_an_office_by_their_first_names(roster: Roster) -> None:
    """“Tamsin is off again” from ACTO's own account is about Tamsin of the office; from anybody else it may be anyone."""
    text = "It is usually Tamsin or Hywel who does these."
    assert [person["name"] for person in roster.find(text, by_acto=True)] == ["Tamsin"]
    assert roster.find(text) == []


def test_a_roster_of_thousands_is_no_more_for_the_gate_than_one_of_hundreds() -> None:
    """RE2 would outgrow its memory, and a scan would take hours, or none of its texts could be judged at all."""
    ends = ["ia", "an", "ley", "wyn", "field", "is", "ard", "ton"]
    first = [begin + end for begin in ("Mar", "Jol", "An", "Bern", "Cath") for end in ends]
    last = [begin + end for begin in ("Thorn", "Ash", "Black", "Whit") for end in ends]
    names = [f"{one} {other}" for one in first for other in last]
    many = Roster(tuple(Member(str(number), name, "", "Member", {}, "", "", ()) for number, name in enumerate(names)))
    some = Roster(many.members[: len(last)] + many.members[:: len(last)])
    assert len(many.members) > 1_000
    assert many.gate == some.gate
    text = f"Has anybody seen {names[7].upper()} or Dr {last[9]}?"
    assert {text[one["start_char"] : one["end_char"]] for one in many.find(text)} == {names[7].upper(), f"Dr {last[9]}"}
    assert len(many.find(text)) == 1 + len(first)
    assert judge_text(f"{names[7]} is in hospital with her heart again", roster=many, checks=load_checks())


def test_a_name_in_one_part_and_one_in_three_are_found() -> None:
    members = [
        Member("1", "Madonna", "", "Member", {}, "", "", ()),
        Member("2", "Mary Ann O'Dowd", "", "Member", {}, "", "", ()),
    ]
    roster = Roster(tuple(members))
    for text in ("MADONNA said so", "we met mary-ann odowd", "Mary Ann O’Dowd"):
        assert len(roster.find(text)) == 1
        assert phrases(roster.gate).search(text)
