"""X's refusals in sentences that say what to do, and what it says of a post that it does not show.

Bodies: X API v2, "Response codes and errors" (`title`, `detail`, `type`, `errors`). Money that has run out is a 402, a 403
`SpendCapReached` or a 429 `UsageCapExceeded`, as reported by others; its wording differs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from connectors.errors import Refused, SourceError, Transient
from connectors.item import WhyGone
from connectors.json_values import entries, text_or_none

OUT_OF_MONEY = (
    "X has stopped answering for this billing period: the spend limit is reached or the credits are used up. Raise the "
    "limit or buy credits in X's developer console (docs/access/x.md), or wait for the next period."
)
NOT_ACCEPTED = (
    "X does not accept the token: make a new one in X's developer console as docs/access/x.md says, and set "
    "ACTO_X_BEARER_TOKEN."
)
NOT_ENROLLED = (
    "The app that the token belongs to has no access to the X API: put it into a project with pay-per-use access in X's "
    "developer console (docs/access/x.md)."
)
NOT_ALLOWED = (
    "X refuses the token what we ask for: look at the app and its access in X's developer console (docs/access/x.md)."
)
NO_ACCOUNT = "X knows no such account: look at user_id in acto.toml (the number, not the handle; see docs/access/x.md)."
SUSPENDED = "X says that the account has been suspended: look at it on x.com."
PROTECTED = "X does not let us read the account: its posts are protected, or it has blocked the owner of the token."
MONEY = (
    "usagecapexceeded",
    "usage-capped",
    "spendcapreached",
    "creditsdepleted",
    "problems/credits",
    "credits depleted",
    "usage cap",
    "spend cap",
    "spend limit",
    "spending limit",
    "out of credits",
)
NOT_ENROLLED_WORDS = ("client-not-enrolled", "client-forbidden")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer of 300 or more: its status, and its body's `title`, `type`, `detail`, `reason` and `errors` as text."""

    status: int
    words: str
    errors: str

    @classmethod
    def of(cls, answer: requests.Response) -> Refusal:
        """What can be read of the answer; a body that is no JSON object has no words."""
        try:
            body = json.loads(answer.content)
        except (ValueError, RecursionError):
            body = None
        told = [text_or_none(body, key) or "" for key in ("title", "type", "detail", "reason")]
        return cls(answer.status_code, " ".join(told).lower(), json.dumps(entries(body, "errors") or told))

    def names(self, *parameters: str) -> bool:
        """Whether it is one of these parameters of the call that X did not take."""
        return self.status == 400 and any(one in self.errors for one in parameters)

    @property
    def may_be_about_fields(self) -> bool:
        """Whether it may be the names of the fields that X did not take: it does not always say which parameter it was."""
        return self.status == 400 and not self.names(
            "since_id", "pagination_token", "next_token", "end_time", "start_time"
        )


class XError(Exception):
    """X refused a call."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.status)
        self.refusal = refusal


def is_about_money(refusal: Refusal) -> bool:
    """Whether credits, the spend limit or the usage cap have run out."""
    return refusal.status == 402 or (
        refusal.status in (403, 429) and any(word in refusal.words + refusal.errors.lower() for word in MONEY)
    )


def in_words(error: XError) -> SourceError:
    """What a refusal means for the pass: Refused where a human must act, else Transient."""
    refusal = error.refusal
    if is_about_money(refusal):
        return Refused(OUT_OF_MONEY)
    if refusal.status == 401:
        return Refused(NOT_ACCEPTED)
    if refusal.status == 403:
        return Refused(NOT_ENROLLED if any(word in refusal.words for word in NOT_ENROLLED_WORDS) else NOT_ALLOWED)
    if refusal.status == 404:
        return Refused(NO_ACCOUNT)
    if refusal.status == 400:
        return Refused("X does not understand what we ask: its API may have changed. Tell whoever runs this.")
    return Transient(f"X could not process our call: {refusal.status}.")


def about_account(problems: list[Mapping[str, Any]]) -> SourceError | None:
    """What a 200 that holds problems instead of a list says of the account that was asked for; None for anything else."""
    for problem in problems:
        if problem.get("resource_type") == "user":
            why = why_gone(problem)
            return Refused({"account gone": SUSPENDED, "access lost": PROTECTED}.get(why or "", NO_ACCOUNT))
    return None


def why_gone(problem: Mapping[str, Any]) -> WhyGone | None:
    """Why something is not shown; None where the problem is another one. X does not say who removed a post.

    A suspended author's posts are told by the word alone: X answers with either type.
    """
    kind = str(problem.get("type", "")).rsplit("/", 1)[-1]
    if kind not in ("resource-not-found", "not-authorized-for-resource"):
        return None
    if "suspended" in str(problem.get("detail", "")):
        return "account gone"
    return "removed" if kind == "resource-not-found" else "access lost"
