"""The refusals of the Graph API, Facebook's and Instagram's, in the shapes that it really answers."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.answers import Answer

GONE = (
    "Unsupported get request. Object with ID does not exist, cannot be loaded due to missing permissions, or does not "
    "support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api"
)
# name by which a test asks for it: status, code, subcode, type, message, more of the error
REFUSALS: dict[str, tuple[int, int, int | None, str, str, dict[str, Any]]] = {
    "no_token": (
        400,
        2500,
        None,
        "OAuthException",
        "An active access token must be used to query information about the current user.",
        {},
    ),
    "token_malformed": (
        400,
        190,
        None,
        "OAuthException",
        "Invalid OAuth access token - Cannot parse access token",
        {},
    ),
    "token_expired": (
        400,
        190,
        463,
        "OAuthException",
        "Error validating access token: Session has expired on Sunday, 22-Nov-26 01:00:00 PST.",
        {},
    ),
    "token_invalid": (400, 190, 467, "OAuthException", "Error validating access token: The session is invalid.", {}),
    "app_removed": (
        400,
        190,
        458,
        "OAuthException",
        "Error validating access token: The user has not authorized application 1.",
        {},
    ),
    "checkpoint": (
        400,
        190,
        459,
        "OAuthException",
        "Error validating access token: You cannot access the app till you log in to www.facebook.com.",
        {},
    ),
    "password_changed": (
        400,
        190,
        460,
        "OAuthException",
        "Error validating access token: The session has been invalidated because the user changed their password.",
        {},
    ),
    "role_lost": (400, 190, 492, "OAuthException", "Error validating access token: User has no role on the Page.", {}),
    "not_a_page_token": (400, 1705, None, "OAuthException", "A Page access token is required for this call.", {}),
    "permission": (
        400,
        10,
        None,
        "OAuthException",
        "(#10) Application does not have permission for this action",
        {},
    ),
    "permission_missing": (403, 200, None, "OAuthException", "(#200) Missing permissions", {}),
    "gone": (400, 100, 33, "GraphMethodException", GONE, {}),
    "no_such_field": (
        400,
        100,
        None,
        "OAuthException",
        "(#100) Tried accessing nonexisting field ({field})",
        {},
    ),
    "bad_fields": (
        400,
        2500,
        None,
        "OAuthException",
        'Syntax error "Expected end of string instead of ..." at character {at}: {written}',
        {},
    ),
    "bad_limit": (400, 100, None, "OAuthException", "(#100) Param limit must be a number", {}),
    "bad_cursor": (400, 100, None, "OAuthException", "(#100) Invalid cursors values", {}),
    "unknown_path": (400, 2500, None, "OAuthException", "Unknown path components: /{path}", {}),
    "deprecated": (400, 12, None, "OAuthException", "(#12) This endpoint is deprecated for this version", {}),
    "unknown": (500, 1, None, "OAuthException", "An unknown error has occurred.", {}),
    "transient": (
        500,
        2,
        None,
        "OAuthException",
        "An unexpected error has occurred. Please retry your request later.",
        {"is_transient": True},
    ),
    "app_limit": (403, 4, None, "OAuthException", "(#4) Application request limit reached", {"is_transient": True}),
    "user_limit": (400, 17, 2446079, "OAuthException", "(#17) User request limit reached", {"is_transient": True}),
    "page_limit": (400, 32, None, "OAuthException", "(#32) Page request limit reached", {"is_transient": True}),
    "custom_limit": (400, 613, None, "OAuthException", "(#613) Calls to this api have exceeded the rate limit.", {}),
    "page_business_limit": (
        400,
        80001,
        None,
        "OAuthException",
        "(#80001) There have been too many calls to this Page account. Wait a bit and try again.",
        {},
    ),
    "instagram_business_limit": (
        400,
        80002,
        None,
        "OAuthException",
        "(#80002) There have been too many calls to this Instagram account. Wait a bit and try again.",
        {},
    ),
    "blocked": (
        400,
        368,
        None,
        "OAuthException",
        "The action attempted has been deemed abusive or is otherwise disallowed",
        {},
    ),
}


class Refusal(Exception):
    """Ends the reading of a call with `answer`."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def refusal(name: str, **words: object) -> Answer:
    """The answer of REFUSALS under `name`, for the sandbox itself and for tests that order a fault."""
    status, code, subcode, kind, message, more = REFUSALS[name]
    error = {"message": message.format(**words) if words else message, "type": kind, "code": code}
    if subcode is not None:
        error["error_subcode"] = subcode
    return Answer(status, {"error": {**error, **more, "fbtrace_id": "AsandboxTrace0000000001"}})
