"""One judgement for a text and a clause, out of what a rule suggests and what the scorer says.

A rule that is certain flags by itself, and one that gives a score of zero keeps its words from being flagged, for a
permission is known, say. All other rules only suggest: with the scorer's logit they make one probability,
calibrated on examples that neither has seen, and what is probable enough is flagged: under its clause, and over all clauses
together (a danger under its own alone).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from checks.catalogue import SEVERITIES, Check
from checks.phrases import Span, phrases, sentence, whole_words
from checks.scorer.inputs import Text
from checks.scorer.scorer import Read, Scored, Scorer
from warehouse.terms import terms_of

# From this score on a rule is certain: a valid number in its context, a login of ACTO, a plain threat.
CERTAIN = 0.95
# A sentence that is longer is told in part, and a part of it begins and ends here.
LONG = 160
_BREAKS = phrases(
    r"[,;:.!?…()]+\s+|\s+[-–—(]+\s*|\s+(?:and|but|so|or|because|while|when|which|who|then|though|if|until) "
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What may be flagged: a span of the plain text, how sure that is (0 to 1), how grave, and why in plain words."""

    start_char: int
    end_char: int
    score: float
    severity: str
    reason: str

    @property
    def weight(self) -> tuple[float, int, int]:
        """What makes a suggestion the better one: leave to share, its score, its severity, that it comes first."""
        return self.score or 2.0, -SEVERITIES.index(self.severity), -self.start_char


@dataclass(frozen=True, slots=True)
class Weighed:
    """What came of weighing one row: how near it is to a flag (1 and more: flagged), and the finding, if there is one."""

    row: Any
    nearness: float
    found: Suggestion | None


def weigh(
    rows: pd.DataFrame,
    check: Check,
    by_rule: Mapping[int, Suggestion],
    scores: Mapping[int, Read],
    scorer: Scorer | None,
) -> Iterator[Weighed]:
    """Weigh each row under the check. `by_rule` and `scores` are by revision_id."""
    row: Any
    for row in rows.itertuples(index=False):
        suggested, read = by_rule.get(row.revision_id), scores.get(row.revision_id)
        # What another check suspects is nothing to this one: alone it would come to the same.
        scored = (read.whole if suggested else read.unsuspected) if read else None
        if suggested and not suggested.score and covers(suggested, check, scored, row, scorer):
            yield Weighed(row, 0.0, None)
        elif not check.about.scored or scored is None or scorer is None or (suggested and suggested.score >= CERTAIN):
            yield Weighed(row, float(suggested is not None), suggested)
        else:
            probability, nearness = _together(row, check, suggested.score if suggested else 0.0, scored, scorer)
            yield Weighed(row, nearness, _told(row, check, suggested, scored, probability) if nearness >= 1 else None)


def over_all_clauses(row: Any, scored: Scored, check: Check, probability: float) -> float:
    """The chances of all clauses together, this check's with its rule, without those that the platform's terms forbid."""
    forbidden = terms_of(row.platform).no_conclusions if row.by_api else ()
    chances = scored.chances | {check.about.clause: probability}
    return sum(chance for clause, chance in chances.items() if clause not in forbidden)


def covers(cleared: Suggestion, check: Check, scored: Scored | None, row: Any, scorer: Scorer | None) -> bool:
    """Whether what is permitted is also what the scorer would flag: leave for a birthday is none for an illness.

    Where the scorer's words go on behind what is permitted, the `scorer` reads the `row` again without that.
    """
    words = scored.evidence(check.about.clause) if scored and check.about.scored else None
    if words is None:
        return True
    if not (words[0] < cleared.end_char and cleared.start_char < words[1]):
        return False
    if scorer is None:
        return True
    if words[1] <= cleared.end_char:
        return True
    (rest,) = scorer.score([_without(row, (cleared.start_char, cleared.end_char))])
    return _together(row, check, 0.0, rest, scorer)[1] < 1


def _without(row: Any, left_out: Span) -> Text:
    """The row's text for the scorer with blanks for what is `left_out`, but for the names in it."""
    text = row.normalised_text
    kept = {place for one in row.people for place in range(one["start_char"], one["end_char"])}
    blanked = "".join(" " if place not in kept else text[place] for place in range(*left_out))
    return replace(Text.of(row), text=text[: left_out[0]] + blanked + text[left_out[1] :])


def _together(row: Any, check: Check, rule: float, scored: Scored, scorer: Scorer) -> tuple[float, float]:
    """The probability that a rule's score and the scorer make together, and how near to a flag that is."""
    weight = scorer.weights[check.about.clause]
    probability = weight.probability(scored.logits[check.about.clause], rule)
    nearness = probability / weight.threshold
    if enough := scorer.enough_with(check.about.clause):
        nearness = min(nearness, over_all_clauses(row, scored, check, probability) / enough)
    return probability, nearness


def _told(
    row: Any, check: Check, suggested: Suggestion | None, scored: Scored, probability: float
) -> Suggestion | None:
    """The finding: the rule's words where there is a rule, or else those that the scorer finds most telling."""
    if suggested and suggested.score:
        return Suggestion(suggested.start_char, suggested.end_char, probability, suggested.severity, suggested.reason)
    words = scored.evidence(check.about.clause)
    if words is None:
        return None
    severity, reason = check.about.reason(row)
    return Suggestion(*in_full(row.normalised_text, *words), probability, severity, reason)


def in_full(text: str, start: int, end: int) -> Span:
    """The span, widened to the sentences around it, or where these are LONG to the parts of them: what breaks off in the middle
    of a phrase is hard to understand.
    """
    first, last = sentence(text, start, end)
    if last - first <= LONG:
        return first, last
    breaks = [(first + one, first + other) for one, other in _BREAKS.find_all(text[first:last])]
    begins = max((other for _, other in breaks if other <= start), default=first)
    # The last word may have its comma with it.
    ends = min((one for one, _ in breaks if one >= end - 1), default=last)
    return (begins, ends) if ends - begins <= LONG else whole_words(text, start, end)
