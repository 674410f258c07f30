"""The refusals of the YouTube Data API, in the shapes that it really answers."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.answers import Answer

QUOTA = (
    "The request cannot be completed because you have exceeded your "
    '<a href="/youtube/v3/getting-started#quota">quota</a>.'
)
# reason by which a test asks for it: status, domain, reason in the body, message, more of the error
REFUSALS: dict[str, tuple[int, str, str, str, dict[str, Any]]] = {
    "keyMissing": (
        403,
        "global",
        "forbidden",
        "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other "
        "form of API consumer identity to call this API.",
        {"status": "PERMISSION_DENIED"},
    ),
    "keyInvalid": (
        400,
        "global",
        "badRequest",
        "API key not valid. Please pass a valid API key.",
        {
            "status": "INVALID_ARGUMENT",
            "details": [
                {
                    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                    "reason": "API_KEY_INVALID",
                    "domain": "googleapis.com",
                    "metadata": {"service": "youtube.googleapis.com"},
                }
            ],
        },
    ),
    "accessNotConfigured": (
        403,
        "usageLimits",
        "accessNotConfigured",
        "YouTube Data API v3 has not been used in project 1 before or it is disabled. Enable it in the console.",
        {
            "status": "PERMISSION_DENIED",
            "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED"}],
        },
    ),
    "quotaExceeded": (403, "youtube.quota", "quotaExceeded", QUOTA, {}),
    "rateLimitExceeded": (403, "usageLimits", "rateLimitExceeded", "Rate Limit Exceeded", {}),
    "forbidden": (403, "youtube.commentThread", "forbidden", "The request is not properly authorized.", {}),
    "commentsDisabled": (
        403,
        "youtube.commentThread",
        "commentsDisabled",
        'The video identified by the <code><a href="/youtube/v3/docs/commentThreads/list#videoId">videoId</a></code> '
        "parameter has disabled comments.",
        {},
    ),
    "videoNotFound": (404, "youtube.commentThread", "videoNotFound", "The video could not be found.", {}),
    "channelNotFound": (404, "youtube.commentThread", "channelNotFound", "The channel could not be found.", {}),
    "commentNotFound": (404, "youtube.comment", "commentNotFound", "The comment could not be found.", {}),
    "playlistNotFound": (404, "youtube.playlistItem", "playlistNotFound", "The playlist cannot be found.", {}),
    "processingFailure": (
        400,
        "youtube.commentThread",
        "processingFailure",
        "The API server failed to successfully process the request.",
        {},
    ),
    "invalidPageToken": (
        400,
        "youtube.parameter",
        "invalidPageToken",
        "The request specifies an invalid page token.",
        {},
    ),
    "missingRequiredParameter": (400, "global", "required", "Required parameter: part", {}),
    "noFilter": (
        400,
        "youtube.parameter",
        "missingRequiredParameter",
        "No filter selected. Expected one of: {names}",
        {},
    ),
    "incompatibleParameters": (
        400,
        "youtube.parameter",
        "incompatibleParameters",
        "Incompatible parameters specified in the request.",
        {},
    ),
    "tooManyIds": (400, "youtube.parameter", "invalidFilters", "No more than 50 ids may be given.", {}),
    "loginRequired": (401, "global", "required", "Login Required.", {"status": "UNAUTHENTICATED"}),
    "authError": (401, "global", "authError", "Invalid Credentials", {"status": "UNAUTHENTICATED"}),
    "captionNotFound": (404, "youtube.caption", "captionNotFound", "The caption track could not be found.", {}),
    "invalidMaxResults": (
        400,
        "global",
        "invalidParameter",
        "Invalid value '{value}'. Values must be within the range: [1, {most}]",
        {},
    ),
    "backendError": (503, "global", "backendError", "Backend Error", {"status": "UNAVAILABLE"}),
}


class Refusal(Exception):
    """Ends an endpoint with `answer`."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def refusal(name: str, **words: object) -> Answer:
    """The answer of REFUSALS under `name`, for the sandbox itself and for tests that order a fault."""
    status, domain, reason, message, more = REFUSALS[name]
    message = message.format(**words) if words else message
    errors = [{"message": message, "domain": domain, "reason": reason}]
    return Answer(status, {"error": {"code": status, "message": message, "errors": errors, **more}})
