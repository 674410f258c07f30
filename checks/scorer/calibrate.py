"""Weights and thresholds of the scorer, made on examples that it was not trained on.

For each clause a logistic regression on two numbers, the scorer's logit and the rule's score; the threshold that gives the
best F1; and for all clauses together what their chances must come to, so that few innocent examples are flagged. All are kept
in model/model.json.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import orjson

from checks.catalogue import CLAUSES, load_checks
from checks.preparing import prepare
from checks.quality import as_rows
from checks.roster import Member, Roster
from checks.scorer.inputs import Text
from checks.scorer.labelled import Labelled
from checks.scorer.scorer import BY_ITSELF, MODEL, Scorer, Weight
from checks.suggesting import suggestions

Floats = npt.NDArray[np.float64]
# Of a few examples the best threshold is noise: it stays near the middle.
LOWEST, HIGHEST = 0.4, 0.5
# Of the innocent examples, nearly all of which come near to a breach, at most this share may be flagged. What is held out is
# harder than what others write: of four sets by writers who came later three fifths of it are flagged then.
RUNG = 0.045
# How much the weights are held back, in examples.
RIDGE = 1.0


def calibrate(examples: Sequence[Labelled], folder: Path = MODEL) -> dict[str, Weight]:
    """Fit the weights on `examples` and write them into model.json in `folder`. Exits with a sentence where the network tells
    none of them from the others.
    """
    scorer, roster = Scorer(folder), roster_of(examples)
    rows = prepare(as_rows(examples, roster), roster)
    texts = [Text.of(row) for row in rows.itertuples(index=False)]
    scored = scorer.score(texts)
    wanted = np.array([[float(clause in one.labels) for clause in CLAUSES] for one in examples])
    chances = np.zeros_like(wanted)
    weights: dict[str, Weight] = {}
    for check in (one for one in load_checks() if one.about.scored):
        clause = check.about.clause
        by_rule = suggestions(rows, check)
        logits = np.array([one.logits[clause] for one in scored])
        rules = np.array([by_rule[number].score if number in by_rule else 0.0 for number in range(len(rows))])
        place = CLAUSES.index(clause)
        weights[clause], chances[:, place] = _weight(logits, rules, wanted[:, place])
    thresholds = np.array([weights[clause].threshold for clause in CLAUSES])
    card = orjson.loads((folder / "model.json").read_bytes())
    card["enough"] = _enough(chances, thresholds, wanted)
    flagged = _sums(chances, thresholds) >= card["enough"]
    if not flagged.any():
        sys.exit(
            f"The network in {folder} flags none of the {len(examples):,} examples held out: it has learned nothing."
        )
    card["glance"] = round(float(np.array(scorer.glances(texts))[flagged].min()), 3)
    card["weights"] = {clause: asdict(weight) for clause, weight in weights.items()}
    (folder / "model.json").write_bytes(orjson.dumps(card, option=orjson.OPT_INDENT_2) + b"\n")
    return weights


def _enough(chances: Floats, thresholds: Floats, wanted: Floats) -> float:
    """The least sum of chances at which no more than RUNG of the innocent examples are flagged."""
    rung = float(np.quantile(_sums(chances, thresholds)[~wanted.any(axis=1)], 1 - RUNG))
    # A text that is flagged at all comes to a threshold at least.
    return max(round(rung, 3), LOWEST)


def _sums(chances: Floats, thresholds: Floats) -> Floats:
    """What the chances of each text come to: nothing where no clause by itself would flag it, and endlessly much where one
    that needs no other does.
    """
    flagged = chances >= thresholds
    alone = flagged[:, [clause in BY_ITSELF for clause in CLAUSES]].any(axis=1)
    return np.where(alone, np.inf, np.where(flagged.any(axis=1), chances.sum(axis=1), 0.0))


def roster_of(examples: Sequence[Labelled]) -> Roster:
    """A roster of the colleagues whom the examples name in full."""
    names = sorted({name for one in examples for name in one.colleagues if " " in name and not name.startswith("@")})
    return Roster(tuple(Member(str(number), name, "", "Member", {}, "", "", ()) for number, name in enumerate(names)))


def _weight(logits: Floats, rules: Floats, wanted: Floats) -> tuple[Weight, Floats]:
    """The weight of a clause, and the chances that it gives."""
    given = np.column_stack([np.ones_like(logits), logits, rules])
    bias, scorer, rule = regression(given, wanted)
    weight = Weight(float(bias), max(float(scorer), 0.0), max(float(rule), 0.0), 0.5)
    chances = np.array([weight.probability(*one) for one in zip(logits, rules, strict=True)])
    grid = np.arange(LOWEST, HIGHEST, 0.01)
    scores = [_f1(chances >= threshold, wanted) for threshold in grid]
    # The middle of the best stretch: its neighbours are as good.
    best = grid[np.array(scores) >= max(scores) - 0.002]
    return replace(weight, threshold=round(float(np.median(best)), 2)), chances


def regression(given: Floats, wanted: Floats) -> Floats:
    """Logistic regression by Newton's method, its slopes held back a little."""
    weights = np.zeros(given.shape[1])
    held = np.diag([1e-6, *[RIDGE] * (given.shape[1] - 1)])
    for _ in range(50):
        chances = 1 / (1 + np.exp(-given @ weights))
        slope = given.T @ (chances - wanted) + held @ weights
        curve = (given * (chances * (1 - chances))[:, None]).T @ given + held
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def _f1(flagged: npt.NDArray[np.bool_], wanted: Floats) -> float:
    return float(2 * (flagged * wanted).sum() / max(flagged.sum() + wanted.sum(), 1))
