"""Why a text is flagged, or is not: what the rule says, what the scorer says, and what the two come to, by clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from checks.catalogue import Check
from checks.preparing import prepare
from checks.roster import Roster
from checks.scorer.inputs import Text
from checks.scorer.scorer import Scorer
from checks.suggesting import suggestions
from checks.weighing import CERTAIN, covers, over_all_clauses


@dataclass(frozen=True, slots=True)
class Explanation:
    """How one check came to its answer. Chances run from 0 to 1; `rule` is empty where no rule suggests a flag.

    `words` are those of the text that tell most for it, by the scorer. `passed_over` says that judging does not ask it: a first
    glance shows the text to be harmless, and the check's rule does not suspect it.
    """

    check_id: str
    clause: str
    rule: str
    rule_score: float
    scorer: float
    together: float
    threshold: float
    words: str
    all_clauses: float
    enough: float
    passed_over: bool

    @property
    def kept_back(self) -> str:
        """Why what is likely enough under its clause is not flagged all the same."""
        if self.passed_over:
            return "; a first glance shows it to be harmless"
        if self.all_clauses >= self.enough:
            return ""
        return f", where all clauses together come to {self.enough:.0%} (here {self.all_clauses:.0%})"

    @property
    def in_words(self) -> str:
        """For a person who wonders why."""
        said = f"The scorer gives {self.scorer:.0%}"
        if self.rule and not self.rule_score:
            return f"{said}; left alone all the same: {self.rule}"
        if self.rule and self.rule_score >= CERTAIN:
            return f"{said}; a rule is certain: {self.rule}"
        rule = ""
        if self.rule and self.together == self.scorer:
            rule = f", a rule would suggest it, which adds nothing under this clause ({self.rule})"
        elif self.rule:
            rule = f", a rule suggests it ({self.rule_score:.0%}: {self.rule}), together {self.together:.0%}"
        return f"{said}{rule}; flagged from {self.threshold:.0%} on{self.kept_back}. Most telling: “{self.words}”"


def explain(rows: pd.DataFrame, checks: Sequence[Check], roster: Roster, scorer: Scorer) -> list[Explanation]:
    """How each of `checks` that the scorer takes part in comes to its answer on the one row of `rows`, the surest first."""
    prepared = prepare(rows, roster)
    row: Any = next(prepared.itertuples(index=False))
    by_rule = {check.id: suggestions(prepared, check).get(row.revision_id) for check in checks}
    (read,) = scorer.read([Text.of(row)], [True])
    scored = read.whole
    if scored is None:
        raise AssertionError("a suspected text is read whole")
    explained = []
    for check in (check for check in checks if check.about.scored):
        clause = check.about.clause
        suspicion, weight = by_rule[check.id], scorer.weights[clause]
        # Leave for a birthday says nothing of an illness.
        suggested = (
            suspicion if suspicion and (suspicion.score or covers(suspicion, check, scored, row, scorer)) else None
        )
        rule_score = suggested.score if suggested else 0.0
        chance = weight.probability(scored.logits[clause], rule_score)
        start, end = row.normalised.to_raw(*(scored.evidence(clause) or (0, 0)))
        explained.append(
            Explanation(
                check_id=check.id,
                clause=clause,
                rule=suggested.reason if suggested else "",
                rule_score=rule_score,
                scorer=scored.chances[clause],
                together=chance,
                threshold=weight.threshold,
                words=row.text[start:end],
                all_clauses=over_all_clauses(row, scored, check, chance),
                enough=scorer.enough_with(clause),
                passed_over=read.unsuspected is None and suspicion is None,
            )
        )
    return sorted(explained, key=lambda one: -max(one.together, one.rule_score))
