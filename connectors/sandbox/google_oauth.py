"""Google's token endpoints: the secret of the platform is a refresh token, for which it gives an access token, and what an
access token may do.

The platforms of the sandbox that know an owner (YouTube, Google) take `keys.ACCESS_TOKEN`.
"""

from __future__ import annotations

from connectors.sandbox.answers import Answer, Request, Route
from connectors.sandbox.keys import ACCESS_TOKEN
from connectors.sandbox.world import World

# error by which a test asks for it: status, description
REFUSALS = {
    "invalid_grant": (400, "Token has been expired or revoked."),
    "invalid_client": (401, "The OAuth client was not found."),
    "deleted_client": (401, "The OAuth client was deleted."),
    "unauthorized_client": (401, "Unauthorized"),
    "unsupported_grant_type": (400, "Invalid grant_type: "),
    "invalid_request": (400, "Missing required parameter: refresh_token"),
}


def refusal(name: str) -> Answer:
    """The answer of REFUSALS under `name`, for the sandbox itself and for tests that order a fault."""
    status, description = REFUSALS[name]
    return Answer(status, {"error": name, "error_description": description})


def _token(world: World, asked: Request) -> Answer:
    form = asked.form
    if form.get("grant_type") != "refresh_token":
        return refusal("unsupported_grant_type")
    if not form.get("refresh_token"):
        return refusal("invalid_request")
    if not form.get("client_id") or not form.get("client_secret"):
        return refusal("invalid_client")
    if form["refresh_token"] != asked.secret:
        return refusal("invalid_grant")
    return Answer(200, {"access_token": ACCESS_TOKEN, "expires_in": 3599, "scope": "", "token_type": "Bearer"})


def _token_info(world: World, asked: Request) -> Answer:
    """What an access token may do, as https://oauth2.googleapis.com/tokeninfo says it."""
    if asked.form.get("access_token") not in (ACCESS_TOKEN, asked.secret):
        return Answer(400, {"error": "invalid_token", "error_description": "Invalid Value"})
    return Answer(200, {"scope": " ".join(asked.permissions), "expires_in": "3598", "access_type": "offline"})


ROUTES = [
    Route("google_oauth", "/token", _token, method="POST"),
    Route("google_oauth", "/tokeninfo", _token_info, method="POST"),
]
