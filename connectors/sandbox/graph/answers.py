"""What Facebook's and Instagram's Graph API share: field selection with expansion, cursor paging, tokens, usage headers.

A node is a mapping with an `id`. Its values are plain JSON, other nodes, an `Edge` (a list that is paged and may be
expanded by a field of its name) or a `Lookup` (a node that a modifier names). A value of None is not shown at all.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from connectors.sandbox.answers import Answer, Request
from connectors.sandbox.graph.fields import Field, fields_of
from connectors.sandbox.graph.refusals import Refusal, refusal

Node = Mapping[str, Any]
# What comes between the host and the id: `/v26.0/`, or `/` for the oldest version that the app may use.
VERSION = r"/(?:v(?P<version>\d+\.\d+)/)?"
# What is answered where the call does not say.
DEFAULT_VERSION = "26.0"


@dataclass(frozen=True, slots=True)
class Edge:
    """A list of nodes as `nodes` gives it for the parameters of the call (or for the modifiers of the field).

    A call that gives no limit gets `default` entries, one that asks for more than `most` gets those. One that names no
    fields gets `shown`, and the id.
    """

    nodes: Callable[[Mapping[str, str]], Sequence[Node]]
    shown: Sequence[str] = ()
    default: int = 25
    most: int = 100


@dataclass(frozen=True, slots=True)
class Lookup:
    """A node that the modifiers of the field name, as in `mentioned_media.media_id(1)`."""

    node: Callable[[Mapping[str, str]], Node]


def token_of(request: Request) -> str | None:
    """The token of a call, which may come in the header or in the address."""
    return request.bearer or request.query.get("access_token")


def node_answer(request: Request, node: Node, shown: Sequence[str] = ()) -> dict[str, Any]:
    """The body that answers `GET /{id}`; `shown` are the fields of a call that names none."""
    return _selected(request, node, fields_of(request.query.get("fields", "")), shown)


def edge_answer(request: Request, owner: str, name: str, edge: Edge) -> dict[str, Any]:
    """The body that answers `GET /{owner}/{name}`."""
    return _paged(request, owner, name, edge, request.query, fields_of(request.query.get("fields", "")))


def answer(request: Request, body: Any, *, business: str, kind: str, per_cent: int = 1) -> Answer:
    """`body` with the headers that tell how much of the limits is used up, and which version answered.

    `business` is the id that the limit belongs to, `kind` its sort ("pages", "instagram").
    """
    used = {"call_count": per_cent, "total_cputime": per_cent, "total_time": per_cent}
    of_business = [{"type": kind, **used, "estimated_time_to_regain_access": 0}]
    return Answer(
        200,
        body,
        {
            "facebook-api-version": f"v{request.parts.get('version') or DEFAULT_VERSION}",
            "X-App-Usage": json.dumps(used),
            "X-Business-Use-Case-Usage": json.dumps({business: of_business}),
        },
    )


def _selected(request: Request, node: Node, fields: Sequence[Field], shown: Sequence[str]) -> dict[str, Any]:
    """The fields that are asked for, in the order of the call, and always the id."""
    body: dict[str, Any] = {}
    for field in fields or [Field(name) for name in shown]:
        if field.name not in node:
            raise Refusal(refusal("no_such_field", field=field.name))
        value = _value(request, node, field)
        if value is not None:
            body[field.name] = value
    return body | {"id": node["id"]}


def _value(request: Request, node: Node, field: Field) -> Any:
    value = node[field.name]
    if isinstance(value, Lookup):
        value = value.node(field.modifiers)
    if isinstance(value, Edge):
        expanded = _paged(request, node["id"], field.name, value, field.modifiers, field.fields)
        # An expanded list without entries is left out.
        return expanded if expanded["data"] or "summary" in expanded else None
    if isinstance(value, Mapping) and field.fields:
        return _selected(request, value, field.fields, ())
    return value


def _paged(
    request: Request, owner: str, name: str, edge: Edge, asked: Mapping[str, str], fields: Sequence[Field]
) -> dict[str, Any]:
    """One page of the edge: `after` and `before` are cursors, `next` an address with the token in it."""
    nodes = list(edge.nodes(asked))
    given = asked.get("limit", str(edge.default))
    if not given.isdigit():
        raise Refusal(refusal("bad_limit"))
    start = _place(asked["after"], nodes) + 1 if asked.get("after") else 0
    page = nodes[start : start + min(int(given), edge.most)]
    body: dict[str, Any] = {"data": [_selected(request, node, fields, edge.shown) for node in page]}
    if page:
        cursors = {"before": _cursor(page[0]), "after": _cursor(page[-1])}
        body["paging"] = {"cursors": cursors}
        if nodes[-1] is not page[-1]:
            body["paging"]["next"] = _address(request, f"{owner}/{name}", dict(asked) | {"after": cursors["after"]})
    if asked.get("summary") in {"1", "true", "total_count"}:
        body["summary"] = {"total_count": len(nodes)}
    return body


def _address(request: Request, path: str, asked: Mapping[str, str]) -> str:
    """Where the next page is; Facebook writes the token into it, however it came."""
    version = request.parts.get("version") or DEFAULT_VERSION
    query = urlencode({"access_token": token_of(request) or "", **asked})
    return f"https://graph.facebook.com/v{version}/{path}?{query}"


def _cursor(node: Node) -> str:
    return base64.urlsafe_b64encode(f"at:{node['id']}".encode()).decode()


def _place(cursor: str, nodes: Sequence[Node]) -> int:
    """The position of the entry that the cursor was made of."""
    try:
        name = base64.urlsafe_b64decode(cursor.encode()).decode().removeprefix("at:")
    except (ValueError, binascii.Error):
        raise Refusal(refusal("bad_cursor")) from None
    for place, node in enumerate(nodes):
        if node["id"] == name:
            return place
    raise Refusal(refusal("bad_cursor"))
