"""How near X's limits we are, from the headers that come with each answer.

`x-rate-limit-remaining` and `x-rate-limit-reset` (in seconds since 1970) are those of the endpoint that answered. We wait
before the next call whatever it asks for: the passes are short, and that errs on the side of patience. A 429 without a
reset is repeated a few times; one about money never.
"""

from __future__ import annotations

import time

import requests

from connectors import http_answers
from connectors.http_answers import RateSignals
from connectors.x.refusals import Refusal, is_about_money


def seconds_to_reset(answer: requests.Response) -> float:
    """Seconds until the endpoint's limit opens again; 0 where the answer does not say."""
    told = answer.headers.get("x-rate-limit-reset", "").strip()
    if not (told.isascii() and told.isdigit()):
        return 0.0
    # X's second begins when ours may still be ending.
    left = float(told) - time.time() + 1
    return max(0.0, left)


def worth_another_try(answer: requests.Response) -> bool:
    """429 and 5xx, but not where it is money that has run out."""
    return http_answers.busy(answer) and not is_about_money(Refusal.of(answer))


def wait_asked_for(answer: requests.Response) -> float:
    """Seconds before the same call is worth repeating: a failure on X's side does not wait for the limit's reset."""
    until_reset = seconds_to_reset(answer) if answer.status_code == 429 else 0.0
    return max(until_reset, http_answers.wait_asked_for(answer))


def pause_before_next(answer: requests.Response) -> float:
    """Seconds to wait where this answer used up the last call that was left."""
    used_up = answer.headers.get("x-rate-limit-remaining", "").strip() == "0"
    return seconds_to_reset(answer) if used_up and answer.status_code < 400 else 0.0


SIGNALS = RateSignals(worth_another_try, wait_asked_for, pause_before_next)
