"""The refusals of the Google My Business API, in the shapes that it answers (google.rpc.Status)."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.answers import Answer

QUOTA = (
    "Quota exceeded for quota metric 'Requests' and limit 'Requests per minute' of service 'mybusiness.googleapis.com'"
)


def _info(reason: str, **metadata: str) -> list[dict[str, Any]]:
    return [
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": reason,
            "domain": "googleapis.com",
            "metadata": {"service": "mybusiness.googleapis.com", **metadata},
        }
    ]


# name by which a test asks for it: HTTP status, status in the body, message, details
REFUSALS: dict[str, tuple[int, str, str, list[dict[str, Any]]]] = {
    "notApproved": (429, "RESOURCE_EXHAUSTED", QUOTA, _info("RATE_LIMIT_EXCEEDED", quota_limit_value="0")),
    "tooFast": (429, "RESOURCE_EXHAUSTED", QUOTA, _info("RATE_LIMIT_EXCEEDED", quota_limit_value="300")),
    "unauthenticated": (
        401,
        "UNAUTHENTICATED",
        "Request had invalid authentication credentials.",
        _info("ACCESS_TOKEN_EXPIRED"),
    ),
    "scopeMissing": (
        403,
        "PERMISSION_DENIED",
        "Request had insufficient authentication scopes.",
        _info("ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
    ),
    "apiDisabled": (
        403,
        "PERMISSION_DENIED",
        "Google My Business API has not been used in project 1 before or it is disabled.",
        _info("SERVICE_DISABLED"),
    ),
    "forbidden": (403, "PERMISSION_DENIED", "The caller does not have permission", []),
    "notFound": (404, "NOT_FOUND", "Requested entity was not found.", []),
    "invalid": (400, "INVALID_ARGUMENT", "Request contains an invalid argument.", []),
    "unavailable": (503, "UNAVAILABLE", "The service is currently unavailable.", []),
}


def refusal(name: str) -> Answer:
    """The answer of REFUSALS under `name`, for the sandbox itself and for tests that order a fault."""
    code, status, message, details = REFUSALS[name]
    error: dict[str, Any] = {"code": code, "message": message, "status": status}
    return Answer(code, {"error": error | ({"details": details} if details else {})})
