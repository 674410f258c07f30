"""One judgement for a text and a clause: certain rules flag by themselves, others only suggest, a permission clears."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from checks.catalogue import Check, CheckError, load_checks
from checks.explaining import explain
from checks.findings import Finding
from checks.judging import judge_text
from checks.preparing import prepare, text_row
from checks.roster import Roster
from checks.scorer.inputs import Text
from checks.scorer.scorer import Read, Scorer, Weight, default_scorer
from checks.weighing import CERTAIN, LONG, Suggestion, Weighed, in_full, weigh

CHECKS = load_checks()
R3 = next(check for check in CHECKS if check.about.clause == "R3")
WORDS = "Lovely weather for the walk"


def weighed(check: Check, score: float | None, *, weight: Weight | None = None) -> Weighed:
    rows = prepare(pd.DataFrame([text_row(WORDS, roster=Roster())]), Roster())
    scorer: Any = default_scorer()
    if weight:
        changed = Scorer.__new__(Scorer)
        changed.enough = 0.001
        changed.weights = {**scorer.weights, check.about.clause: weight}
        changed.score = scorer.score  # type: ignore[method-assign]
        scorer = changed
    (scored,) = scorer.score([Text.of(next(rows.itertuples(index=False)))])
    scores = {1: Read(scored, scored)}
    suggested = {} if score is None else {1: Suggestion(0, len(WORDS), score, "normal", "The rule says so.")}
    (one,) = weigh(rows, check, suggested, scores, scorer)
    return one


def test_a_certain_rule_flags_what_the_scorer_would_not() -> None:
    """A valid bank account is one, whatever stands around it."""
    assert weighed(R3, None).found is None
    found = weighed(R3, CERTAIN).found
    assert found is not None and found.score == CERTAIN and found.reason == "The rule says so."


def test_a_rule_that_is_not_certain_only_adds_to_the_chance() -> None:
    """Rules with a doubt rang on innocent texts by themselves."""
    nothing, something = weighed(R3, None), weighed(R3, 0.8)
    assert something.found is None
    assert nothing.nearness <= something.nearness < 1


def test_a_score_of_zero_leaves_alone_whatever_the_scorer_says() -> None:
    """A permission in the register clears what reads like a disclosure."""
    eager = Weight(bias=10.0, scorer=0.0, rule=0.0, threshold=0.5)
    assert weighed(R3, None, weight=eager).found is not None
    assert weighed(R3, 0.0, weight=eager).found is None


def test_what_the_scorer_alone_flags_has_the_words_and_a_reason() -> None:
    """A flag without a reason is a verdict, and one on the whole post nobody can check."""
    found = weighed(R3, None, weight=Weight(bias=10.0, scorer=0.0, rule=0.0, threshold=0.5)).found
    assert found is not None
    assert found.reason == R3.about.reasons[-1].words and 0 <= found.start_char < found.end_char <= len(WORDS)


@pytest.mark.parametrize(
    ("text", "words", "told"),
    [
        (
            "He rang. Send his history straight over by message, I never open the other. Bye",
            "history straight over by",
            "Send his history straight over by message, I never open the other.",
        ),
        (
            "I read it all day long, " * 8 + "just send him what I wrote about my dad's drinking, he reads it",
            "him what I wrote",
            "just send him what I wrote about my dad's drinking",
        ),
        (
            "I read it all day long and " * 8 + "they are shown into my house and we sit there",
            "are shown into my",
            "they are shown into my house",
        ),
        (
            "I read it all day long and " * 8 + "they are shown into my house and we sit there",
            "shown",
            "they are shown into my house",
        ),
        ("no end to this " * 30, "end to this no", "end to this no"),
    ],
)
def test_the_words_of_a_flag_do_not_break_off_in_the_middle_of_a_phrase(text: str, words: str, told: str) -> None:
    """Nobody can judge half a sentence; a sentence that is long is told in part."""
    start, end = in_full(text, text.index(words), text.index(words) + len(words))
    assert text[start:end] == told and end - start <= LONG


def test_a_check_that_is_not_scored_is_its_rules_alone(word_check: Callable[..., Check]) -> None:
    """Two checks of one clause would else raise the scorer's flag twice."""
    unscored = word_check("walk")
    assert weighed(unscored, 0.5).found is not None
    assert weighed(unscored, None, weight=Weight(10.0, 0.0, 0.0, 0.5)).found is None


def test_two_scored_checks_of_a_clause_are_refused(tmp_path: Any) -> None:
    """One flag would come twice, night after night."""
    for name in ("r3_one", "r3_two"):
        folder = tmp_path / name
        folder.mkdir()
        about = (R3.folder / "check.toml").read_text(encoding="utf-8").replace(f'id = "{R3.id}"', f'id = "{name}"')
        (folder / "check.toml").write_text(about, encoding="utf-8")
        (folder / "transform.sql").write_text("SELECT 1", encoding="utf-8")
    with pytest.raises(CheckError, match="both say scored"):
        load_checks(tmp_path)


def test_the_reason_and_the_severity_fit_who_writes_and_what() -> None:
    """A child at risk comes first in the report; a reply that confirms a client reads otherwise than gossip."""
    s1 = next(check for check in load_checks() if check.about.clause == "S1").about
    o3 = next(check for check in load_checks() if check.about.clause == "O3").about
    rows = pd.DataFrame([text_row("im 14 and my stepdad hits us", roster=Roster())]).assign(
        normalised_text="im 14 and my stepdad hits us"
    )
    row: Any = next(rows.itertuples(index=False))
    assert s1.reason(row) == ("urgent", "A child may be at risk of harm now.")
    curly = replace_row(rows, normalised_text="I’m 14 and he does things to me when nobody is home")
    assert s1.reason(curly)[0] == "urgent", "as telephones write the apostrophe"
    reply = replace_row(rows, kind="review_reply", author_role="official")
    assert "reviewer was a client" in o3.reason(reply)[1]
    assert "A therapist seems to tell" in o3.reason(replace_row(rows, author_role="member"))[1]


def replace_row(rows: pd.DataFrame, **cells: str) -> Any:
    return next(rows.assign(**cells).itertuples(index=False))


@pytest.mark.parametrize(
    "text", ["I want to die, I cannot do this any more", "I’m going to kill myself", "I took an overdose"]
)
def test_a_wish_to_die_is_urgent(text: str) -> None:
    """What may cost a life must not wait among what is merely grave."""
    flags = judge_text(text, roster=Roster(), checks=load_checks(), scorer=default_scorer())
    assert [one.severity for one in flags if one.clause == "S1"] == ["urgent"]


@pytest.mark.parametrize(
    ("clause", "severity", "text"),
    [
        ("S1", "urgent", "My husband strangled me last night and I'm frightened to go home"),
        ("S1", "urgent", "I'm sitting on the bridge and I can't see a way out"),
        ("S1", "urgent", "My ex has a knife and he says he will kill me"),
        ("S1", "high", "I've been cutting myself again"),
        ("S2", "urgent", "Fergus Goodenough is a disgusting pig and I am going to burn his practice down on Friday"),
        ("S2", "urgent", "I know where your office is and you will regret what you did"),
        ("S2", "high", "You are a whore"),
    ],
)
def test_a_life_in_danger_and_a_threat_are_urgent(clause: str, severity: str, text: str, roster: Roster) -> None:
    """The Chair reads what is urgent the same day: neither may stand among insults and unlucky posts."""
    found = judge_text(text, roster=roster, checks=load_checks(), scorer=default_scorer())
    assert [one.severity for one in found if one.clause == clause] == [severity]


@pytest.mark.parametrize(
    ("clause", "severity", "role", "kind", "parent", "text"),
    [
        ("O3", "urgent", "official", "review_reply", "One star. Cold and expensive.",
         "Hello Moira. You spent most of the hour talking about your late husband's debts, and your counsellor did her best."),
        ("O3", "urgent", "member", "comment", "",
         "Well done, Hannah! In the spring you couldn't tell me your own name without crying and look at you now."),
        ("O3", "urgent", "public", "reply", "Member: Open day next week",
         "You treat our Kelly on Wednesdays for the cutting, don't you? Kelly Braithwaite. Her mum sends her love."),
        ("O3", "urgent", "public", "post", "",
         "first day answering the phones at the therapy centre. you will never believe who is a client here, mr grimshaw the old"
         " caretaker, for his drinking lol"),
        ("O3", "urgent", "public", "comment", "",
         "My cousin Janet Holroyd sees this counsellor every week about her eating, she has told us everything."),
        ("O3", "high", "member", "comment", "A talk on grief",
         "Very good talk. I am seeing the only female firefighter at St Bede's station in Wickton, who pulled out the three"
         " patients, and she cannot sleep at all."),
        ("O5", "urgent", "member", "reply", "can anybody get on to the members' area?",
         "just use my details: AC-2047, Foxglove#3"),
        ("O5", "urgent", "member", "comment", "ACTO: New members' area",
         "Anyone stuck can go in with mine, username jpeters and password Gooseberry5"),
        ("S2", "urgent", "public", "reply", "Member: Thoughts on custody",
         "lovely primary your girls are at, I drive past it every morning. sleep well"),
        ("R2", "high", "public", "comment", "Any plans?",
         "Off to Majorca from the 3rd to the 17th of July, the whole lot of us, so there will not be a soul at 14 Tanners Row"),
        ("R2", "high", "public", "reply", "where does your little one start next week?",
         "Brookfield Infants. Isla Marchbanks, pink rucksack, plaits"),
        ("R2", "high", "public", "review", "",
         "Still no money. For the last time, the refund goes to P R Hartley, sort code 00-11-22, account 44556677."),
        ("R2", "high", "public", "comment", "How are you?",
         "I am Dennis Moffat, of 2 Chapel Yard, Thirlby, YO99 3AB and I am on my own all day, do call"),
        ("R2", "normal", "public", "comment", "How are you?", "My own mobile is 07700 900 441, ring me any evening"),
        ("R3", "high", "member", "post", "",
         "If you got a message from me saying 'look at these photos', please do not open it. I did, and now it is sending itself"
         " to all my contacts."),
        ("R3", "normal", "public", "comment", "", "oh no I thought this was a private message, how do I take it down"),
    ],
)  # fmt: skip
def test_a_flag_is_as_grave_as_what_it_is_about(
    clause: str, severity: str, role: str, kind: str, parent: str, text: str, roster: Roster
) -> None:
    """docs/checks.md says what is urgent and high: a named client and a login wait for nobody, whoever found them."""
    found = judge_text(
        text,
        roster=roster,
        checks=load_checks(),
        scorer=default_scorer(),
        author_role=role,
        kind=kind,
        parent_text=parent,
    )
    assert [one.severity for one in found if one.clause == clause] == [severity]


@pytest.mark.parametrize(
    ("severity", "role", "parent", "text"),
    [
        ("urgent", "member", "Is that Councillor Meek I saw leaving your office this morning?", "Every Friday"),
        ("urgent", "member", "", "Lovely news. Your Kelly finally told me about the cutting last week"),
        ("high", "member", "", "She finally told me about the cutting in our Zoom session, on our Tuesday"),
        (
            "urgent",
            "member",
            "First run in years! (post by bex.runs)",
            "Bex! A year ago you told me in our last session you were done",
        ),
        ("high", "member", "First run in years!", "Brilliant! She told me in our last session that she was done"),
        ("urgent", "public", "", "She saw my neighbour Alan Mudge about his drinking"),
        ("high", "public", "", "She saw my neighbour about his drinking"),
    ],
)
def test_a_client_who_is_named_is_urgent_to_the_rules(
    severity: str, role: str, parent: str, text: str, roster: Roster
) -> None:
    """The rules found both alike, and Kelly's mother waited with the neighbour whom nobody knows."""
    found = judge_text(text, roster=roster, checks=load_checks(), scorer=None, author_role=role, parent_text=parent)
    assert [one.severity for one in found if one.clause == "O3"] == [severity]


@pytest.mark.parametrize(
    ("text", "child"),
    [
        ("I am 79. My daughter-in-law keeps my bank card and locks me in, and last week she twisted my wrist.", False),
        ("My son has my pension and he pushes me when I ask for food. I am 81 and cannot get out.", False),
        (
            "I'm scared to go home, my daughter-in-law got me by the hair. She locks the door, she has my phone tonight",
            False,
        ),
        ("i am 12 and my step dad hits me when mum is at work", True),
        ("The baby next door screams all night and I have heard him hit it", True),
    ],
)
def test_nobody_old_is_called_a_child(text: str, child: bool, roster: Roster) -> None:
    """Whoever acts on the flag rings the wrong office."""
    (found,) = [
        one
        for one in judge_text(text, roster=roster, checks=load_checks(), scorer=default_scorer())
        if one.clause == "S1"
    ]
    assert found.severity == "urgent" and ("child" in found.reason.lower()) is child


GROWN_UP = """\
My mum's carer hits her. She's 84
I'm worried about my mum, her new husband pushed her down the stairs
My mum is 61 and my stepdad beats her every weekend
My daughter is 34 and her husband beats her
My son is 19 and hits me when I won't give him money
My son, 22, is being beaten by his partner
My nephew is 25 and he beats his wife
I am nineteen and my dad still beats me
My grandmother is 91 and her nephew locks her in her room.
""".splitlines()
YOUNG = """\
My son is 7 and his dad hits him
He's 10 and his mum's boyfriend locks him out at night
im in year 9 and my dad hits me
I'm 34 and my husband hits my son
My daughter is 28 and her boyfriend hits my 5 year old grandson, her bruises are on all his arms
""".splitlines()


@pytest.mark.parametrize(("text", "child"), [(one, False) for one in GROWN_UP] + [(one, True) for one in YOUNG])
def test_a_child_is_one_by_its_age_or_the_word_for_it(text: str, child: bool, roster: Roster) -> None:
    """A mother, a son or a nephew may be of any age; whoever is in danger, it is urgent."""
    (found,) = of_clause("S1", text, roster)
    assert found.severity == "urgent" and ("child" in found.reason.lower()) is child


LASTING = """\
I've been cutting for years and it's getting worse
I self-harm most nights
I make myself sick after every meal
He checks my phone every night and decides who I can see
My daughter is 34 and she is cutting herself
I've been self-harming for years.
I've been burning my arms with cigarettes for a year.
I burn myself when it gets too much, nobody knows.
I've self-harmed for ten years and I am a teacher.
I burn my legs with a lighter most evenings.
I punch walls until my knuckles bleed.
I stub cigarettes out on my leg.
I self harm and I'm 52, you'd think I'd have grown out of it.
My boyfriend tracks my phone and I'm not allowed to see my sister.
My husband controls all the money and I'm not allowed out without him.
He reads all my messages and counts the miles on my car.
My husband keeps my wages and I get a tenner a week.
My partner doesn't let me see my family any more.
I'm not allowed to have friends, my boyfriend gets angry.
My in-laws don't let me leave the house alone.
My husband times me when I go to the shops.
""".splitlines()


@pytest.mark.parametrize("text", LASTING)
def test_what_has_lasted_is_high_and_is_found_in_plain_words(text: str, roster: Roster) -> None:
    """Self-harm and being watched are no less true without this hour, and what is urgent is not to drown in them."""
    (found,) = of_clause("S1", text, roster)
    assert found.severity == "high"


@pytest.mark.parametrize(
    "text",
    [
        "My gran's carer slaps her when she spills her tea.",
        "My dad is 79 and my brother hits him for his pension money, it happened again on Friday.",
        "My wife hits me. I'm a man of 45 and I'm ashamed to say it, nobody believes a man.",
        "My brother has learning difficulties and the staff at his home hit him and lock him in.",
        "Our neighbour is 90 and his carer shoves him against the wall.",
        "My uncle has dementia and his carers tie him to the chair.",
        "The staff in his unit punch my brother and laugh.",
        "My mate's girlfriend hits him and he just takes it.",
        "I'm 14 and I've been cutting my arms every night",
        "My husband reads all my messages and he will come home tonight",
        "My husband reads all my messages and he put the iron on my arm on Sunday",
        "step dad come in my room again last nite. dont reply he checks my phone",
    ],
)
def test_blows_at_whoever_it_is_are_urgent(text: str, roster: Roster) -> None:
    """The old, the disabled and men are hit too, and what lasts does not wait where blows, a child or this hour are named."""
    (found,) = of_clause("S1", text, roster)
    assert found.severity == "urgent"


NOBODY_IN_DANGER = """\
My boss hits the roof when we are late.
The dog hits her with its tail every time she comes in.
My dad broke his wrist on the ice.
My husband kicks me in his sleep, we need a bigger bed.
My partner beats me at tennis and again at chess.
My mum beats me when it comes to knitting.
My brother slaps me on the back every time we meet.
My carer pushes me round the park in my wheelchair, lovely woman.
My wife hits me with the invoice for the kitchen.
In the film her husband hits her and nobody believes it.
My uncle is in a film where his son beats him.
Our trainer explains what to do when a carer hits a resident.
My father hit us when we were small. He died in 1994 and therapy helped me to forgive him.
Burnt my arm on the oven making scones.
I cut myself shaving this morning, look at the state of me.
I cut my hands every day at work, I'm a joiner.
I scratch my legs until they bleed, this eczema is awful.
I self-harmed as a teenager. Ten years clean now and very happy.
I work with young people who self-harm.
I've been cutting for years, I'm a tailor and love my scissors.
I bang my head against the wall with this website.
My phone tracks my steps and I'm rubbish at it.
Mum controls the remote in our house.
My boyfriend tracks my phone and I track his, it is handy.
My husband reads all my drafts before I publish.
My partner reads my messages to me, I am blind.
My boyfriend won't let me pay for dinner, such a gentleman.
I'm not allowed to work until the doctor says so.
My ex controlled all the money. I left in 2009 and I am free.
"He checks my phone, he keeps my bank card." Would you know what to say? Our safeguarding day on 9 May is about it.
""".splitlines()


@pytest.mark.parametrize("text", NOBODY_IN_DANGER)
def test_what_only_sounds_like_a_danger_is_left_alone(text: str, roster: Roster) -> None:
    """Ovens, games, films and remotes are in the words of blows, burns and control."""
    assert of_clause("S1", text, roster) == []


def test_a_reason_says_each_thing_once(roster: Roster) -> None:
    """ "Self-harm, marks, self-harm or a secret" reads as if nobody had looked."""
    (found,) = of_clause("S1", "My son has bruises on his arm. I am cutting myself again and he does it too", roster)
    assert found.reason.count("self-harm") == 1 and "marks or a secret" in found.reason


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("hope you get cancer", False),
        ("hope you die in a fire, the lot of you", False),
        ("burn in hell", False),
        ("go and kill yourself", True),
        ("kys", True),
        ("you should have done it properly", True),
    ],
)
def test_a_wish_for_a_death_is_not_called_a_call_to_harm_oneself(text: str, call: bool, roster: Roster) -> None:
    """Whoever reports it to the platform must name what was said."""
    (found,) = of_clause("S2", text, roster)
    assert found.severity == "urgent" and ("A call to harm oneself" in found.reason) is call


LOGINS = """\
The password to our ACTO Zoom account is Tulip2024.
The password for our ACTO mailbox is Bluebell7!, use it while I'm away
Password for the ACTO Mailchimp is Tulip2024, help yourselves
The trustees' SharePoint login is trustees@acto-org.uk, password Tulip2024
The login for the ACTO members' area is admin / Sunflower99
Log into the ACTO Facebook page with chair@acto-org.uk / Bluebell7!
Anybody need the ACTO Canva? Sign in as office@acto-org.uk, Heather88!
The ACTO Twitter pw is Lavender!5
""".splitlines()
NO_LOGINS = """\
the password for the webinar is in your e-mail
never share the password for our ACTO mailbox
password reset link is https://acto-org.uk/reset2024
The password for the ACTO webinar is in the e-mail of 12 May
What is the password for the ACTO Zoom account?
The login for the ACTO members' area is not working since 2024
The ACTO members' area password must have 8 letters and a number
The login page of the ACTO members' area is acto-org.uk/login2
Log in to the ACTO Facebook page with your own account
""".splitlines()


@pytest.mark.parametrize("text", LOGINS)
def test_a_login_of_acto_is_urgent_however_it_is_put(text: str, roster: Roster) -> None:
    """It is used by strangers within the hour."""
    (found,) = of_clause("O5", text, roster)
    assert (found.severity, found.reason) == ("urgent", "A login of ACTO stands in public.")


@pytest.mark.parametrize("text", NO_LOGINS)
def test_who_only_speaks_of_a_password_gives_none_away(text: str, roster: Roster) -> None:
    """Most who name a password ask for it."""
    assert not [one for one in of_clause("O5", text, roster) if "login" in one.reason]


def of_clause(clause: str, text: str, roster: Roster) -> list[Finding]:
    """What is found under a clause in a text by anybody."""
    found = judge_text(text, roster=roster, checks=CHECKS, scorer=default_scorer())
    return [one for one in found if one.clause == clause]


def test_the_explanation_says_what_judging_does(roster: Roster) -> None:
    """Leave for a birthday leaves an illness alone in no explanation either."""
    member = next(one for one in roster.members if not one.permitted)
    known = roster.permitting({member.member_id: {"birthday"}})
    text = f"Happy birthday {member.name}! Shame she is in rehab for her drinking, with her husband gone and the house sold"
    rows = pd.DataFrame([text_row(text, roster=known)])
    flagged = {one.clause for one in judge_text(text, roster=known, checks=load_checks(), scorer=default_scorer())}
    explained = next(one for one in explain(rows, load_checks(), known, default_scorer()) if one.clause == "O4")
    assert "O4" in flagged and "left alone" not in explained.in_words


def test_a_rule_that_counts_for_nothing_is_not_said_to_count() -> None:
    """Whoever wonders why a text is not flagged must not be told that a rule was weighed, where none is under that clause."""
    scorer = default_scorer()
    rows = pd.DataFrame([text_row("my sort code is 12-34-56 account 12345678", roster=Roster())])
    for one in explain(rows, load_checks(), Roster(), scorer):
        if one.rule and CERTAIN > one.rule_score > 0:
            assert ("adds nothing" in one.in_words) is (scorer.weights[one.clause].rule == 0)
            assert ("together" in one.in_words.partition(";")[0]) is (scorer.weights[one.clause].rule > 0)


def test_what_another_check_suspects_is_nothing_to_this_one() -> None:
    """Judged again alone, after it has changed, a check must come to what it came to beside the others."""
    rows = prepare(pd.DataFrame([text_row("My client Jo Marsh told me today", roster=Roster())]), Roster())
    scorer = default_scorer()
    (scored,) = scorer.score([Text.of(next(rows.itertuples(index=False)))])
    (sure,) = weigh(rows, R3, {}, {1: Read(scored, scored)}, scorer)
    (alone,) = weigh(rows, R3, {}, {1: Read(None, None)}, scorer)
    (beside,) = weigh(rows, R3, {}, {1: Read(None, scored)}, scorer)
    assert (alone.nearness, beside.nearness) == (0.0, 0.0) and sure.nearness > 0
