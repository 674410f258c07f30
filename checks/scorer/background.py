"""Everyday talk that nobody wrote for us, from which the network learns what most texts are: nothing to flag.

Our own examples nearly all come near to a breach, and a network that knows nothing else takes a moan about the weather for a
cry for help. So a part of what it reads in each epoch is drawn from two public collections. Neither is part of this project:
docs/development.md says how to fill the folder that they are read from, and their SHA-256 is checked.

- goemotions.tsv: GoEmotions (Demszky et al., 2020; Apache-2.0), comments on Reddit in which its makers have masked names.
- sentences.txt: sentences in 30 languages of the Leipzig Corpora Collection (CC BY), as in the test data of lingua-py.

None of it is labelled: a text with the words of self-harm, violence or abuse says nothing about S1 and S2.
"""

from __future__ import annotations

import hashlib
import random
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from checks.scorer.labelled import Labelled

FILES = {
    "goemotions.tsv": "1c254a142be5c00e80d819b9ae1bbd36d94b2eeb8f4b1271846508d57e57d9c5",
    "sentences.txt": "0b05d967d00329d0a6b06c716f4172df83cb0dd2e78d73c3b581be45d05422d2",
}
# One drawn text in so many is a sentence in another language.
FOREIGN = 0.06
# A short example comes among everyday talk so often: a breach among other matters drowns for who has only read it alone. Measured
# on batches held out: mean average precision among up to six sentences 0.970 against 0.882, among up to eighteen 0.942 against
# 0.790; alone 0.981 against 0.983, which chance makes too.
AMONG, SHORT = 0.12, 220
# How often a text comes roughened as on social media, answers something, or goes on.
ROUGH, ANSWERING, LONGER = 0.4, 0.35, 0.15
GRAVE = re.compile(
    r"suicid|\bkill|self.?harm|\bdie\b|\bdying\b|\bdead\b|\bdeath|end it all|overdos|\babus|\bbeat(s|en|ing)?\b|\brap(e|ed|ist)\b"
    r"|\bhit(s|ting)? (me|her|him|you)\b|\bhurt"
    r"|\bstab|\bshoot|\bmurder|\bthreat|\bhang\b|\bcut(ting)? my|\bhate (you|him|her|them)"
    r"|\byou\b.*\b(idiot|moron|stupid|pathetic|disgusting|dumb|liar|loser|arse|ass|fool|trash|ugly|fat)|\bsexy|\bnude"
    r"|\bfag|\bnigg|\bretard|\bcunt|\bbitch|\bslut|\bwhore|\btrann|\bscum|\bvermin|\bcoward|\bmolest|\bpedo|\bpaedo",
    re.IGNORECASE,
)
OPEN = ("S1", "S2")
# GoEmotions masks names and religions.
NAMES = (
    "Sarah", "Tom", "Priya", "Dave", "Megan", "Ali", "Chloe", "Rhys", "Aoife", "Callum", "Fatima", "Greg", "Nia",
    "Owen", "Kate", "Sanjay", "Bev", "Lewis", "Agnieszka", "Joe", "Hannah", "Mo", "Ruth", "Colin", "Jade", "Femi",
    "Linda", "Hamish", "Carys", "Pete", "Zoe", "Imran", "Grace", "Stu", "Isla", "Ken", "Leanne", "Raj", "Molly",
    "Gary",
)  # fmt: skip
SURNAMES = (
    "Hughes", "Patel", "Clarke", "Okafor", "Murray", "Walsh", "Begum", "Fraser", "Kowalski", "Bennett", "Shah",
    "Pritchard", "Ng", "Doyle", "Mensah", "Hartley",
)  # fmt: skip
FAITHS = ("Catholics", "Muslims", "Christians", "Jews", "Hindus", "Quakers")
TAGS = (
    "mondaymood", "weekend", "fail", "winning", "blessed", "LFC", "strictly", "GBBO", "bbcqt", "nowplaying", "love",
    "london", "ff", "tbt", "throwback", "mufc", "football", "music", "news", "weather", "jobs", "competition", "win",
    "travel", "food", "coffee", "monday", "friday", "fridayfeeling", "xfactor", "selfie",
)  # fmt: skip
PLATFORMS = ("x", "x", "x", "facebook", "instagram", "youtube", "youtube", "linkedin")
KINDS = {"x": ("mention", "reply", "post"), "youtube": ("comment", "reply")}


class Background:
    """Draws everyday texts as innocent examples; `answered` are texts that some of them are made to answer."""

    def __init__(self, folder: Path, answered: Sequence[str], chance: random.Random) -> None:
        talk = [line.split("\t")[0] for line in _lines(folder / "goemotions.tsv")]
        self._talk = [text for text in talk if len(text) > 2]
        self._harmless = [text for text in self._talk if not GRAVE.search(text)]
        self._foreign = [line for line in _lines(folder / "sentences.txt") if 10 < len(line) < 300]
        self._answered = [text for text in answered if text]
        self._chance = chance
        self._drawn = 0

    def draw(self, count: int) -> list[Labelled]:
        """So many examples without a label, other ones each time."""
        return [self._one() for _ in range(count)]

    def among(self, examples: Sequence[Labelled]) -> list[Labelled]:
        """The examples, some of the short ones with everyday talk around them, others each time; labelled as they were."""
        return [
            self._surrounded(one) if len(one.text) < SHORT and self._chance.random() < AMONG else one
            for one in examples
        ]

    def _surrounded(self, example: Labelled) -> Labelled:
        self._drawn += 1
        before, after = self._chance.randint(0, 3), self._chance.randint(0, 3)
        head, tail = self._sentences(before or int(not after)), self._sentences(after)
        return replace(
            example,
            id=f"{example.id}-among-{self._drawn}",
            text=f"{head}{example.text} {tail}".rstrip(),
            spans={clause: (start + len(head), end + len(head)) for clause, (start, end) in example.spans.items()},
        )

    def _sentences(self, count: int) -> str:
        said = [self._named(self._chance.choice(self._harmless)).rstrip(" .!?") for _ in range(count)]
        return "".join(f"{one}{self._chance.choice(('.', '.', '!', '...'))} " for one in said)

    def _one(self) -> Labelled:
        chance = self._chance
        self._drawn += 1
        text = chance.choice(self._foreign) if chance.random() < FOREIGN else self._named(chance.choice(self._talk))
        while chance.random() < LONGER:
            text += chance.choice((" ", "\n", "... ")) + self._named(chance.choice(self._talk))
        if chance.random() < ROUGH:
            text = chance.choice(ROUGHENED)(text, chance)
        platform = chance.choice(PLATFORMS)
        return Labelled(
            id=f"background-{self._drawn}",
            platform=platform,
            kind=chance.choice(KINDS.get(platform, ("comment", "reply", "post"))),
            author_name="",
            author_handle="",
            author_role=chance.choices(("public", "member", "official"), (90, 8, 2))[0],
            parent_text=chance.choice(self._answered) if chance.random() < ANSWERING else "",
            text=text,
            rating=None,
            labels=(),
            evidence={},
            why="",
            open=OPEN if GRAVE.search(text) else (),
        )

    def _named(self, text: str) -> str:
        chance = self._chance
        while "[NAME]" in text:
            name = chance.choice(NAMES)
            kind = chance.random()
            if kind < 0.15:
                name = f"@{name.lower()}{chance.choice(SURNAMES).lower()}{chance.randrange(100)}"
            elif kind < 0.35:
                name = f"{name} {chance.choice(SURNAMES)}"
            text = text.replace("[NAME]", name, 1)
        return text.replace("[RELIGION]", chance.choice(FAITHS))


def _handle(chance: random.Random) -> str:
    name, surname = chance.choice(NAMES), chance.choice(SURNAMES)
    return "@" + chance.choice(
        (f"{name}{surname}", f"{name}_{surname}", f"{name.lower()}{chance.randrange(2000)}", surname)
    )


def _link(chance: random.Random) -> str:
    return "http://t.co/" + "".join(chance.choices("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789", k=10))


def _passed_on(text: str, chance: random.Random) -> str:
    return f"RT {_handle(chance)}: {text}"


def _answering(text: str, chance: random.Random) -> str:
    return " ".join([*(_handle(chance) for _ in range(chance.randint(1, 3))), text])


def _greeting(text: str, chance: random.Random) -> str:
    begin = chance.choice(
        ("#FF", "#ff", "Thanks for the RTs", "Top tweeps:", "cc", "Welcome", "Thanks for following", "s/o to")
    )
    return " ".join([begin, *(_handle(chance) for _ in range(chance.randint(2, 8)))])


def _tagged(text: str, chance: random.Random) -> str:
    return " ".join([text, *(f"#{tag}" for tag in chance.sample(TAGS, chance.randint(1, 4)))])


def _linked(text: str, chance: random.Random) -> str:
    return f"{text} {_link(chance)}"


def _lower(text: str, _chance: random.Random) -> str:
    return re.sub(r"[.,!?']", "", text.lower())


def _shouted(text: str, chance: random.Random) -> str:
    return text.upper() + "!" * chance.randint(0, 3)


def _shuffled(text: str, chance: random.Random) -> str:
    words = text.split()
    chance.shuffle(words)
    return " ".join(words)


def _numbers(text: str, chance: random.Random) -> str:
    begin = chance.choice(("Wind", "Now playing", "Score", "Sold", "Just ran", "Temp", "Lot", "Level", "Bid"))
    figures = [
        f"{chance.uniform(0, 999):.{chance.randint(0, 2)}f} {chance.choice(('mph', 'mb', '%', 'km', '', 'pts', '°C'))}"
        for _ in range(chance.randint(1, 5))
    ]
    return f"{begin} {', '.join(figures)} {chance.choice(('', text[:40]))}".strip()


ROUGHENED: tuple[Callable[[str, random.Random], str], ...] = (
    _passed_on, _answering, _answering, _greeting, _tagged, _linked, _lower, _lower, _shouted, _shuffled, _numbers,
)  # fmt: skip


def _lines(path: Path) -> list[str]:
    """The lines of a file of the background. Exits with a sentence where it is missing or not the one expected."""
    if not path.exists():
        sys.exit(f"{path} is missing: docs/development.md says where it comes from.")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != FILES[path.name]:
        sys.exit(f"{path} is not the file expected: its SHA-256 is another.")
    return content.decode("utf-8").splitlines()
