"""The refusals of LinkedIn's REST interface, in the shapes that it really answers."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.answers import Answer

# name by which a test asks for it: status, and the rest of the body
REFUSALS: dict[str, tuple[int, dict[str, Any]]] = {
    "emptyToken": (
        401,
        {"serviceErrorCode": 65604, "code": "EMPTY_ACCESS_TOKEN", "message": "Empty oauth2 access token"},
    ),
    "invalidToken": (
        401,
        {"serviceErrorCode": 65600, "code": "INVALID_ACCESS_TOKEN", "message": "Invalid access token"},
    ),
    "revokedToken": (
        401,
        {
            "serviceErrorCode": 65601,
            "code": "REVOKED_ACCESS_TOKEN",
            "message": "The token used in the request has been revoked by the user",
        },
    ),
    "expiredToken": (
        401,
        {
            "serviceErrorCode": 65602,
            "code": "EXPIRED_ACCESS_TOKEN",
            "message": "The token used in the request has expired",
        },
    ),
    "accessDenied": (
        403,
        {
            "serviceErrorCode": 100,
            "code": "ACCESS_DENIED",
            "message": "Not enough permissions to access: partnerApiSocialActions.GET",
        },
    ),
    "notFound": (404, {"serviceErrorCode": 0, "code": "NOT_FOUND", "message": "Could not find entity"}),
    "illegalArgument": (400, {"serviceErrorCode": 100, "code": "ILLEGAL_ARGUMENT", "message": "Invalid parameters"}),
    "versionMissing": (
        400,
        {
            "code": "VERSION_MISSING",
            "message": "A version must be present. Please specify a version by adding the header.",
        },
    ),
    "versionGone": (426, {"code": "NONEXISTENT_VERSION", "message": "Requested version is not active"}),
    "dayLimit": (
        429,
        {
            "serviceErrorCode": 101,
            "code": "TOO_MANY_REQUESTS",
            "message": "Resource level throttle APPLICATION DAY limit for calls to this resource is reached.",
        },
    ),
    "tooFast": (429, {"serviceErrorCode": 101, "code": "TOO_MANY_REQUESTS", "message": "Too many requests"}),
    "internalError": (500, {"message": "INTERNAL SERVER ERROR"}),
}


class Refusal(Exception):
    """Ends an endpoint with `answer`."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.answer = refusal(name)


def refusal(name: str) -> Answer:
    """The answer of REFUSALS under `name`, for the sandbox itself and for tests that order a fault."""
    status, more = REFUSALS[name]
    return Answer(status, {"status": status, **more})


def nothing() -> Answer:
    """What a token of the wrong role gets for any list: an empty one, with status 200."""
    return Answer(200, {"paging": {"start": 0, "count": 100, "links": [], "total": 0}, "elements": []})
