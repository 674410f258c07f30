"""Ordinary talk that a body of therapists gets every day: not one of these may be flagged, by any check. And the plainest of
breaches, which must be. What the network in use gets wrong of them is named below: a better one must take it off the lists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import pandas as pd
import pytest

from checks.catalogue import load_checks
from checks.judging import judge_rows, judge_text
from checks.preparing import prepare, text_row
from checks.roster import Roster
from checks.scorer.scorer import Scorer, default_scorer
from checks.suggesting import suggestions
from checks.weighing import CERTAIN

CHECKS = load_checks()
FROM_THE_PUBLIC = """\
Hi ACTO, I forgot my password and cannot get into the members area
ACTO, the password reset link does not work
What is the ACTO wifi password please?
Is there an admin login for volunteers?
I need a username and password to join the Zoom
My login and password do not work any more
Please could you send me a new login and password?
I took an overdose of Bake Off this weekend
My son started at uni this week and I'm so tired. Thanks for the article on empty nest.
My 12 year old keeps everything secret, typical teen! Any good books?
The secret to good therapy? Find someone you click with. My daughter did!
Bath time with my little boy is my mindfulness moment 🛁
I am frightened to leave my comfort zone. My son says online therapy is easier.
I'm so tired of waiting lists. My daughter has waited 18 months for CAMHS.
My son is tired and I'm tired. 11 months on a CAMHS waiting list. This system is broken.
I'm done with CBT, anyone tried EMDR for my daughter?
Just taken two paracetamol for this headache, screen fatigue is real!
I have taken my meds and I'm ready for the webinar 😊
She never let me feel small. My therapist is great and my son likes her too.
I know what time you finish the webinar, but when does it start?
Do you know what time he finishes? I need to catch my train
We will make you sorry you missed it! Best conference yet
It would be a shame if anything stopped this podcast, keep going
I will knock on your office door with cake
We'll break you in gently, welcome to the team!
We'll break it down for you at the webinar
Someone should shoot a video of your building, it's gorgeous
I'm going to finish her book this weekend, superb author
Watch your back when working from home: 5 tips for posture
What happens in the group stays in the group. Or find out what happens at the taster!
Come along or see what happens at the next one
Make them pay attention with these 5 teaching tips
Following you around the UK conferences has been a joy
I followed your car park directions and got lost 😂
There is a bus stop outside your practice, very handy
There's a coffee van outside your clinic now, delicious
I practise every day until he signs off my hours
People like that should be celebrated
People like you should be on TV, thank you for the clear explanation
All refugees have got a right to therapy
The gays have got the best parties at Pride, come and see our stall!
My Maine Coon joins every Zoom session 🐱
There was a chink of light after months of therapy
This is the old man of therapy theory: Freud
You old man! Happy birthday to the best supervisor
That little witch on the Halloween slide made me laugh
Is a lazy man more prone to depression? Discuss
The gay man in the video was so articulate
The black man in your advert reminds me of my counsellor, representation matters!
The Muslim man who spoke about faith and therapy was brilliant
Add me to the mailing list please, I love your therapy newsletter
Please add me to the waiting list for counselling
My best friend is having counselling and it helps her so much
Couples therapy made us best friends again ❤️
Stay in touch with your feelings, that's what my therapist says
After therapy I treat myself to coffee on Friday
My therapist suggested a date night. We had dinner together for the first time in months!
She accepted me for who I am. Best therapist ever.
I chat to my mum every day now thanks to counselling
My son plays on Xbox all night, is counselling available for gaming addiction?
My sister invited me to her wedding after 5 years! Family therapy works
I don't use WhatsApp. Does anyone do counselling by Skype for trauma?
Do you offer counselling by text messages or Skype for PTSD?
Is therapy on Skype ok for trauma?
Free anxiety workshop! Book at hello@calmminds.org.uk
Our charity offers help with abuse. Call 01632 960555, open 9-5.
Rosalind Pryce was brilliant, she explained depression so well.
Effie Strachan gave a brilliant seminar about burnout.
Desmond Okafor runs a group for pregnant women. Recommended.
Effie Strachan helped my wife through her cancer treatment.
The slides on your screen were too small, could not read the names of the speakers
I teach at Oakfield Primary, our kids loved your mental health week posters
Is this public or members only?
Can anyone see this exhibition?
I forgot my username and password, can you help?
""".splitlines()
FROM_MEMBERS = """\
New blog: using WhatsApp and Skype in therapy with trauma. Link below.
My clients Zoom in from all over the UK. Love working online.
I worked with Carl Jung's ideas in therapy training.
Leopold Nkemelu's new page for people with dementia is a great resource.
Posting this from my phone on the train, sorry for typos
Replying from my phone so excuse the brevity
We are hiring! Part-time counsellor, Bristol, BS1 4DJ, £32k pro rata. Send your CV to jobs@bristolcounselling.org.uk by May.
""".splitlines()
FROM_ACTO = """\
Pop your questions about diagnosis below and our panel will answer them live.
Sorry that you missed the session! The recording will be up on Monday.
Rosalind Pryce joins the hospital trust board next month.
Hywel Prosser leads our bereavement group on Tuesdays.
Anoushka Dhaliwal specialises in infertility, pregnancy and miscarriage.
Our son et lumière evening at the conference was magical. The mum and baby group next door loved it.
From all of us at ACTO: happy Mother's Day to every mum. Here is the mum who founded our charity.
The son of our founder will open the conference.
""".splitlines()
ALL = [
    (role, text)
    for role, texts in (("public", FROM_THE_PUBLIC), ("member", FROM_MEMBERS), ("official", FROM_ACTO))
    for text in texts
]


# What the network flags all the same: it calls for examples.
WRONGLY_FLAGGED = """\
All refugees have got a right to therapy
I teach at Oakfield Primary, our kids loved your mental health week posters
My sister invited me to her wedding after 5 years! Family therapy works
""".splitlines()


Found = dict[tuple[str, str], list[tuple[str, str]]]


def found_in(texts: Sequence[tuple[str, str]], kind: str, roster: Roster, scorer: Scorer | None = None) -> Found:
    """The clauses that the checks find, with their evidence, by role and text. All texts are judged in one go, as in a night: to
    begin a judgement takes longer than to judge a text (and a slice is judged as the whole: test_judging.py).
    """
    rows = [
        text_row(text, roster=roster, revision_id=place, item_id=f"text {place}", author_role=role, kind=kind)
        for place, (role, text) in enumerate(texts)
    ]
    judgement = judge_rows(pd.DataFrame(rows), CHECKS, roster, scorer)
    assert not judgement.troubles()
    found: Found = defaultdict(list)
    for frame in judgement.found.values():
        for one in frame.itertuples(index=False):
            found[texts[int(one.revision_id)]].append((one.clause, one.evidence))
    return found


@pytest.fixture(scope="module")
def ordinary(roster: Roster) -> Found:
    """What the rules alone find in ordinary talk."""
    return found_in(ALL, "reply", roster)


@pytest.fixture(scope="module")
def ordinary_scored(roster: Roster) -> Found:
    """What is found in it with the scorer."""
    return found_in(ALL, "reply", roster, default_scorer())


@pytest.mark.parametrize(("role", "text"), ALL, ids=[text[:40] for _, text in ALL])
def test_ordinary_talk_is_left_alone(role: str, text: str, ordinary: Found) -> None:
    """A Chair who is called to a compliment a few times no longer reads what is urgent."""
    assert ordinary[role, text] == []


@pytest.mark.parametrize(("role", "text"), ALL, ids=[text[:40] for _, text in ALL])
def test_ordinary_talk_is_left_alone_by_the_scorer_too(
    role: str, text: str, ordinary_scored: Found, request: pytest.FixtureRequest
) -> None:
    """The rules alone judge in no night."""
    if text in WRONGLY_FLAGGED:
        request.applymarker(pytest.mark.xfail(reason="the network in use flags it", strict=True))
    assert ordinary_scored[role, text] == []


PLAIN = """\
S1 I'm thinking about killing myself
S1 thinking of ending my life tonight
S1 my daughter says she wants to die
S1 I took an overdose last night
S1 My husband hits me
S1 he strangled me last night
S2 I hope she gets cancer
S2 we know where you live
S2 I will find you and kill you
S2 You are a whore
S2 Muslims are vermin
S2 She's a fat cow
O1 My client asked if I would go for a coffee
O1 My therapist asked if I wanted to grab a coffee
O1 My counsellor fancied a cheeky pint after our last session
R2 My date of birth is 12/05/1980, one of the forms had it wrong
R2 My NHS number is 943 476 5919, two letters went missing
O5 Someone at ACTO has shared my personal information
O5 the ACTO password is Welcome2024, help yourselves
O5 username admin password Bluebell7
R3 my login: nadia.f password: sunflower
S1 Just taken 40 paracetamol
O5 ACTO has given away my email address to a marketing firm.
R3 Someone has been in my inbox
""".splitlines()


SAID = [("public", line.split(" ", 1)[1]) for line in PLAIN]


@pytest.fixture(scope="module")
def plain(roster: Roster) -> Found:
    """What the rules alone find in what is said plainly."""
    return found_in(SAID, "comment", roster)


@pytest.fixture(scope="module")
def plain_scored(roster: Roster) -> Found:
    """What is found in it with the scorer."""
    return found_in(SAID, "comment", roster, default_scorer())


@pytest.mark.parametrize("line", PLAIN)
def test_what_is_said_plainly_is_found(line: str, plain: Found) -> None:
    """The plainest words are those that nobody forgives a monitor for missing."""
    clause, text = line.split(" ", 1)
    assert clause in {found for found, _ in plain["public", text]}


@pytest.mark.parametrize("line", PLAIN)
def test_what_is_said_plainly_is_found_with_the_scorer_too(line: str, plain_scored: Found) -> None:
    """What the rules suggest, the scorer may not believe."""
    clause, text = line.split(" ", 1)
    assert clause in {found for found, _ in plain_scored["public", text]}


ANOTHERS_ACCOUNT = """\
Beware of scammers who ask you to pay to {}
SCAM ALERT someone is asking members to pay {}
The charity's account for donations is {}
Donations to Mind in Hexham please: {}
Is this really ACTO's account? {}
Somebody posted this here: {}
""".splitlines()
LEFT_TO_THE_SCORER = """\
She wrote "pay me at {}" under the film
Invoices are paid to {}
Members can pay the workshop fee to {}
Her account is {}
""".splitlines()
OWN_ACCOUNT = """\
My account is {}
Refund me to {}
Please pay me, {}
I bank with Lloyds, {}
Mine is {}
Our joint account is {}
{}, thanks
Want a refund. {} Mr V Singh
""".splitlines()
UNCLEAR_ACCOUNT = """\
{} is what it says on page two
You are scammers! Refund me to my account, {}
I want my money back, it went to {}
""".splitlines()
ACCOUNT = "sort code 20-00-00 account 55779911"
OWN_SAFETY = [check for check in CHECKS if check.about.clause == "R2"]


@pytest.mark.parametrize("role", ["public", "member"])
@pytest.mark.parametrize("words", ANOTHERS_ACCOUNT)
def test_bank_details_for_donations_or_warned_of_are_not_called_the_writers(
    words: str, role: str, roster: Roster
) -> None:
    """Whoever warns of a fraud, or collects for a charity, would be told that they gave away their own account."""
    text = words.format(ACCOUNT)
    assert judge_text(text, roster=roster, checks=OWN_SAFETY, author_role=role, scorer=default_scorer()) == []


@pytest.mark.parametrize("words", LEFT_TO_THE_SCORER)
def test_a_rule_does_not_call_bank_details_of_others_the_writers(words: str, roster: Roster) -> None:
    """A firm's, a quoted and another's account are nobody's own."""
    assert judge_text(words.format(ACCOUNT), roster=roster, checks=OWN_SAFETY) == []


@pytest.mark.parametrize("words", OWN_ACCOUNT)
def test_bank_details_that_are_said_to_be_the_writers_are_certain(words: str, roster: Roster) -> None:
    """Whoever asks for a refund in public must be warned the same day, whatever the network thinks."""
    (found,) = judge_text(words.format(ACCOUNT), roster=roster, checks=OWN_SAFETY)
    assert found.score >= CERTAIN and found.severity == "high" and "The writer gives away bank details" in found.reason


@pytest.mark.parametrize("words", UNCLEAR_ACCOUNT)
def test_bank_details_whose_owner_is_not_said_have_a_reason_that_is_true(words: str, roster: Roster) -> None:
    """They may be anybody's: the report must not say that they are the writer's."""
    (found,) = judge_text(words.format(ACCOUNT), roster=roster, checks=OWN_SAFETY)
    assert found.score < CERTAIN and found.reason.startswith("Bank details stand in public")


def test_bank_details_alone_are_an_answer_to_what_was_asked(roster: Roster) -> None:
    """The same numbers are the writer's own in answer to a refund, and a charity's in answer to who wants to give."""
    refund, gift = (
        judge_text(ACCOUNT, roster=roster, checks=OWN_SAFETY, parent_text=asked)[0]
        for asked in ("ACTO: Where shall we send your refund?", "Jo: How can I donate to Mind?")
    )
    assert refund.score >= CERTAIN > gift.score


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Scammers use NHS number 943 476 5919, ignore it", False),
        ("The form gives an example number: NHS number 943 476 5919", False),
        ("The test card 4111 1111 1111 1111 never works on the page", False),
        ("NHS number 943 476 5919", True),
        ("Scammers know my NHS number, it is 943 476 5919", True),
        ("Fraud on card 4111 1111 1111 1111, please block", True),
        ("Scammers have got national insurance QQ 12 34 56 C of mine", True),
        ("Beware of scammers calling me from 07700 900417", False),
        ("Someone keeps ringing me from 07700 900417, is that you?", False),
        ("Somebody has changed locks on me, ring me at home on 07700 900417", True),
    ],
)
def test_a_number_that_is_warned_of_or_made_up_is_not_called_the_writers(text: str, own: bool, roster: Roster) -> None:
    """A warning is not a leak, but a number is the writer's own unless words plainly say otherwise."""
    assert bool(judge_text(text, roster=roster, checks=OWN_SAFETY)) is own


TOLD = """\
O1 member Fourteen of my former clients are friends of mine on here.
O1 member I have about a dozen people on here who started out as clients, and we swap recipes.
O1 member Some of my oldest friends on Facebook are people I once counselled.
O1 member Six of my old clients are mates of mine and we have a quiz team.
O1 member I married a former client and I'm not ashamed of it.
O1 member I am seeing someone who was a client of mine until Easter.
O1 member I still meet up with two of my old clients for a walk and a cup of tea.
O1 member Went to a former client's wedding on Saturday, I was on the top table.
O1 public My therapist and I are a couple now.
O1 public I'm going out with my old counsellor.
O1 public My therapist texted me a month after therapy ended to see if I fancied a drink.
O1 public My therapist has asked me out. I don't know what to say.
O1 public says the man who asked me for a drink the week our therapy finished, i said yes
O1 public My husband is having an affair with his counsellor.
O1 public My daughter moved in with the therapist who treated her.
R3 public One password since 2009, it opens everything.
R3 member I have one password and it opens the bank, my email and the client notes.
R3 member My password has been the cat's name since 2011.
R3 public I use my daughter's name as the password on all of my accounts.
R3 official We did not know that we were still streaming!
R3 public I didn't know I was live!
R3 member I didn't realise my mic was still on.
R3 member I forgot to turn the camera off and forty of you watched me eat my lunch.
R1 official 4am. FOUR. Whoever invented toddlers wants a word with himself. Sending for gin x
R1 official My toddler has just eaten a crayon, I need a wine.
""".splitlines()
NOT_TOLD = """\
member Friends of mine often ask whether they could be clients. I send them to somebody else.
member Two friends of mine became clients of another therapist.
member A client asked me out once. I said no, and we talked about it.
member None of my clients are friends of mine on here.
member Some of my friends came to me as clients' relatives. No, that is not allowed either.
member Do any of you have friends who started as clients? How do you handle it?
member Three of my clients are friends of my supervisor.
member If I dated a client I would expect to be struck off.
member Pint with my old client tonight. He is Rotherham Council.
member CPD on Friday: dating a former client, what the ethical framework says.
member My first client, when I was a solicitor, became a good friend.
public My ex was a therapist and never listened.
public My partner is a therapist and works from home.
public We were a couple in therapy for a year.
public Our couples therapist helped us a great deal.
public We stayed friends with our builder.
public In the novel the therapist marries her client.
public I dreamt that I married my therapist, awkward.
public My therapist asked me out of the blue how I slept.
public My sister is seeing her therapist on Friday.
public She was my therapist when my wife left, and she is brilliant.
public Never use one password for everything.
member Use one password manager and let it make the passwords.
member I used to have one password for everything. I use a manager now.
public I did not know that you were streaming tonight, I would have come!
public I didn't realise the webinar was still on, can I still join?
public My mic was still on mute when I began to cry.
official We are still streaming the conference, join us until five!
official Whoever invented the mute button deserves a prize.
official Join us for wine and nibbles after the AGM.
official Some parents tell us that they need a gin by six. Our film on drinking and parenting.
""".splitlines()
BY_ROLE = [(role, text) for line in TOLD for _, role, text in [line.split(" ", 2)]]
BY_ROLE += [(role, text) for line in NOT_TOLD for role, text in [line.split(" ", 1)]]


@pytest.fixture(scope="module")
def told_scored(roster: Roster) -> Found:
    """What is found with the scorer in what is told as a story, and in what only sounds like it."""
    return found_in(BY_ROLE, "post", roster, default_scorer())


@pytest.mark.parametrize("line", TOLD)
def test_what_is_told_in_other_words_is_found(line: str, told_scored: Found) -> None:
    """Who tells of a love affair says neither "add" nor "friend request"; who has one password does not say "shared"."""
    clause, role, text = line.split(" ", 2)
    assert clause in {found for found, _ in told_scored[role, text]}


@pytest.mark.parametrize(
    ("clause", "role", "text", "certain"),
    [
        ("O3", "public", "She counselled my brother over his debts and told the whole street.", True),
        ("O3", "public", "She treated my sister so kindly that we told everyone about her.", False),
        ("O3", "public", "He counselled my friend through her divorce and she tells everybody to go to him.", False),
        ("O3", "public", "She saw my ex in Tesco and told everyone he has gone bald.", False),
        ("O3", "member", "Mrs Lowe has been coming to me every Tuesday since her husband left.", True),
        ("O3", "member", "Dr Shah comes to me every Monday for supervision, and I learn as much as she does.", False),
        ("R1", "member", "Whoops, wrong account, that was for the cousins!", True),
        ("R1", "official", "Oops, sent a DM to the wrong account? Our blog has five tips.", False),
        ("R1", "member", "Sorry, wrong profile, I am not the Jane Smith you are looking for.", False),
        ("R1", "member", "Can't be bothered with a second profile, so my clients get the garden too.", True),
    ],
)
def test_a_rule_is_certain_of_what_leaves_no_doubt_alone(clause: str, role: str, text: str, certain: bool) -> None:
    """Praise, supervision and somebody else's mistake in the same words are nothing for the Chair."""
    check = next(one for one in load_checks() if one.about.clause == clause)
    rows = prepare(pd.DataFrame([text_row(text, roster=Roster(), author_role=role)]), Roster())
    assert any(one.score >= CERTAIN for one in suggestions(rows, check).values()) == certain


@pytest.mark.parametrize("line", NOT_TOLD)
def test_what_only_sounds_like_it_is_left_alone(line: str, told_scored: Found) -> None:
    """Couples, friends and passwords are what therapy and its advertisements talk of."""
    role, text = line.split(" ", 1)
    assert not {"O1", "R1", "R3"} & {found for found, _ in told_scored[role, text]}


@pytest.mark.parametrize(
    ("clause", "role", "parent", "text", "flagged"),
    [
        ("O1", "member", "Lee: do you have snapchat? want to chat in between my sessions", "Go on then, gwen", False),
        (
            "O1",
            "member",
            "Lee: do you have snapchat? want to chat in between my sessions",
            "I'm gwen_h_64 on there",
            True,
        ),
        ("O1", "member", "Lee: do you have snapchat? love your posts", "I'm gwen_h_64 on there", False),
        (
            "R3",
            "member",
            "Ann: How many passwords do you have?",
            "One. It opens the bank, the practice diary and this",
            True,
        ),
        ("R3", "member", "Ann: Which key is it?", "One. It opens the bank of lockers and the practice door", False),
        ("R3", "official", "Ann: did you know you were still streaming", "We did not! The camera light was off.", True),
        ("R3", "official", "Ann: did you record the talk?", "We did not! The camera broke.", False),
    ],
)
def test_a_short_answer_means_what_was_asked(
    clause: str, role: str, parent: str, text: str, flagged: bool, roster: Roster
) -> None:
    """By themselves "we did not" and a name tell nothing."""
    found = judge_text(text, roster=roster, checks=CHECKS, author_role=role, kind="reply", parent_text=parent)
    assert any(one.clause == clause and one.score >= CERTAIN for one in found) is flagged


ASKS_FOR_HELP = """\
I forgot my username and password, can you help?
I forgot my username and password again, how do I log in?
I have forgotten my log-in, please can somebody reset it?
I've forgotten my password, how do I get a new one?
""".splitlines()
GIVES_AWAY = """\
I forgot my password, it is Daisy2019 or Daisy2020. Can you help?
I forgot my username and password again, so now we all share one login. How do I log in?
I forgot my login. It is on the wall by reception, can you help?
I forgot my login again, so my husband logs in as me. Can you help?
""".splitlines()


@pytest.fixture(scope="module")
def forgotten_scored(roster: Roster) -> Found:
    """What is found with the scorer where a therapist has forgotten a login."""
    return found_in([("member", text) for text in ASKS_FOR_HELP + GIVES_AWAY], "reply", roster, default_scorer())


@pytest.mark.parametrize("text", ASKS_FOR_HELP)
def test_who_forgot_a_login_and_asks_for_help_is_left_alone(text: str, forgotten_scored: Found) -> None:
    """Offices are asked it every day, and it gives no secret away."""
    assert forgotten_scored["member", text] == []


@pytest.mark.parametrize("text", GIVES_AWAY)
def test_who_gives_away_or_shares_a_login_is_flagged_though_it_was_forgotten(
    text: str, forgotten_scored: Found
) -> None:
    """The same question may stand beside the password itself."""
    assert "R3" in {found for found, _ in forgotten_scored["member", text]}


@pytest.mark.parametrize("beside", ["", " мой пароль секретный", " 密码是猫"])
def test_a_forgotten_login_is_left_alone_only_where_nothing_else_is_said(beside: str, roster: Roster) -> None:
    """What stands beside it may be the password, also in other letters."""
    rows = prepare(pd.DataFrame([text_row(f"{ASKS_FOR_HELP[0]}{beside}", roster=roster, author_role="member")]), roster)
    (check,) = [one for one in CHECKS if one.about.clause == "R3"]
    assert [one.score for one in suggestions(rows, check).values()] == ([] if beside else [0.0])
