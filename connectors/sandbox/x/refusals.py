"""The refusals and the partial errors of the X API, in the shapes that others have recorded or its OpenAPI names."""

from __future__ import annotations

import time
from typing import Any

from connectors.sandbox.answers import Answer

PROBLEMS = "https://api.twitter.com/2/problems/"
NEW_PROBLEMS = "https://api.x.com/2/problems/"
# name by which a test asks for it: status, title, detail, last part of the type (None: about:blank), more of the body
REFUSALS: dict[str, tuple[int, str, str, str | None, dict[str, Any]]] = {
    "unauthorized": (401, "Unauthorized", "Unauthorized", None, {"status": 401}),
    "forbidden": (403, "Forbidden", "Forbidden", None, {"status": 403}),
    "clientForbidden": (
        403,
        "Client Forbidden",
        "When authenticating requests to the Twitter API v2 endpoints, you must use keys and tokens from a Twitter "
        "developer App that is attached to a Project.",
        "client-forbidden",
        {"reason": "client-not-enrolled", "client_id": "1", "required_enrollment": "Standard Basic"},
    ),
    "unsupportedAuthentication": (
        403,
        "Unsupported Authentication",
        "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.",
        "unsupported-authentication",
        {"status": 403},
    ),
    "creditsDepleted": (402, "CreditsDepleted", "Your enrolled account does not have any credits", "credits", {}),
    "spendCapReached": (
        403,
        "SpendCapReached",
        "Your enrolled account [1] has reached its billing cycle spend cap. API requests will be blocked until the next "
        "cycle begins.",
        "credits",
        {"reset_date": "2026-12-14"},
    ),
    "usageCapExceeded": (
        429,
        "UsageCapExceeded",
        "Usage cap exceeded: Monthly product cap",
        "usage-capped",
        {"period": "Monthly", "scope": "Product", "product_name": "standard-basic"},
    ),
    "tooManyRequests": (429, "Too Many Requests", "Too Many Requests", None, {"status": 429}),
    "notFound": (404, "Not Found Error", "Not Found", None, {"status": 404}),
    "internal": (500, "Internal Server Error", "Something is broken", "internal-error", {"status": 500}),
    "unavailable": (503, "Service Unavailable", "Service Unavailable", None, {"status": 503}),
}


class Refusal(Exception):
    """Ends an endpoint with `answer`."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def refusal(name: str, *, reset_in: float | None = None) -> Answer:
    """The answer of REFUSALS under `name`; one that says that the limit opens again in `reset_in` seconds, if given."""
    status, title, detail, kind, more = REFUSALS[name]
    body = {"title": title, "detail": detail, "type": f"{PROBLEMS}{kind}" if kind else "about:blank", **more}
    return Answer(status, body, rate_headers(900, 0, reset_in) if reset_in is not None else {})


def rate_headers(limit: int, remaining: int, reset_in: float = 900.0) -> dict[str, str]:
    """The headers that come with each answer of an endpoint."""
    return {
        "x-rate-limit-limit": str(limit),
        "x-rate-limit-remaining": str(remaining),
        "x-rate-limit-reset": str(int(time.time() + reset_in)),
    }


def invalid(parameter: str, value: str, message: str) -> Refusal:
    """A parameter that X does not take."""
    body = {
        "errors": [{"parameters": {parameter: [value]}, "message": message}],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": f"{PROBLEMS}invalid-request",
    }
    return Refusal(Answer(400, body))


def not_shown(
    name: str, why: str, author_id: str | None, *, parameter: str, what: str, new_names: bool
) -> dict[str, Any]:
    """The partial error for a post or a user that is not there (`author`, or nobody says who), `suspended` or `protected`.

    X has also been seen to answer for a suspended author's posts as it does for protected ones.
    """
    title, kind, detail = {
        "suspended": ("Forbidden", "resource-not-found", f"User has been suspended: [{author_id}]."),
        "protected": (
            "Authorization Error",
            "not-authorized-for-resource",
            f"Sorry, you are not authorized to see the {what.capitalize()} with {parameter}: [{name}].",
        ),
    }.get(why, ("Not Found Error", "resource-not-found", f"Could not find {what} with {parameter}: [{name}]."))
    return {
        "value": name,
        "detail": detail,
        "title": title,
        "resource_type": what,
        "parameter": parameter,
        "resource_id": name,
        "type": f"{NEW_PROBLEMS if new_names else PROBLEMS}{kind}",
    }
