"""What google-api-python-client needs to know of the Google My Business API v4, which it does not bring along.

The two methods that we call, in the form of Google's discovery documents (kind discovery#restDescription), after
https://developers.google.com/my-business/reference/rest/v4/accounts.locations.reviews.
"""

from __future__ import annotations

from typing import Any

HOST = "https://mybusiness.googleapis.com"
SCOPE = "https://www.googleapis.com/auth/business.manage"
LOCATION = "accounts/[^/]+/locations/[^/]+"


def _in_path(name: str, pattern: str) -> dict[str, Any]:
    return {name: {"type": "string", "required": True, "location": "path", "pattern": f"^{pattern}$"}}


def _in_query(name: str, type: str) -> dict[str, Any]:
    return {name: {"type": type, "location": "query"}}


DOCUMENT: dict[str, Any] = {
    "kind": "discovery#restDescription",
    "name": "mybusiness",
    "version": "v4",
    "rootUrl": f"{HOST}/",
    "baseUrl": f"{HOST}/",
    "servicePath": "",
    "batchPath": "batch",
    "auth": {"oauth2": {"scopes": {SCOPE: {"description": "See and manage business profiles"}}}},
    "schemas": {
        "Review": {"id": "Review", "type": "object"},
        "ListReviewsResponse": {
            "id": "ListReviewsResponse",
            "type": "object",
            "properties": {
                "reviews": {"type": "array", "items": {"$ref": "Review"}},
                "averageRating": {"type": "number", "format": "double"},
                "totalReviewCount": {"type": "integer", "format": "int32"},
                "nextPageToken": {"type": "string"},
            },
        },
    },
    "resources": {
        "accounts": {
            "resources": {
                "locations": {
                    "resources": {
                        "reviews": {
                            "methods": {
                                "list": {
                                    "id": "mybusiness.accounts.locations.reviews.list",
                                    "httpMethod": "GET",
                                    "path": "v4/{+parent}/reviews",
                                    "parameterOrder": ["parent"],
                                    "parameters": _in_path("parent", LOCATION)
                                    | _in_query("pageSize", "integer")
                                    | _in_query("pageToken", "string")
                                    | _in_query("orderBy", "string"),
                                    "response": {"$ref": "ListReviewsResponse"},
                                    "scopes": [SCOPE],
                                },
                                "get": {
                                    "id": "mybusiness.accounts.locations.reviews.get",
                                    "httpMethod": "GET",
                                    "path": "v4/{+name}",
                                    "parameterOrder": ["name"],
                                    "parameters": _in_path("name", f"{LOCATION}/reviews/[^/]+"),
                                    "response": {"$ref": "Review"},
                                    "scopes": [SCOPE],
                                },
                            }
                        }
                    }
                }
            }
        }
    },
}
