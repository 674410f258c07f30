"""The form that Prefect's page shows to start a scan: names for people, the configured sources to choose from, days as days."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_type_hints

from pydantic.fields import FieldInfo


def form_of(flow: Any, schema: Any, sources: Iterable[str]) -> Any:
    """Prefect's `schema` of the parameters of the scan `flow`, as a form for a person.

    Prefect names each field as the code does and takes what the docstring says; here each has the title and description of
    its annotation. The folder is no field: a server's home is not chosen in a browser.
    """
    fields: dict[str, dict[str, Any]] = {
        name: dict(about) for name, about in schema.properties.items() if name != "home"
    }
    for name, hint in get_type_hints(flow.fn, include_extras=True).items():
        for about in getattr(hint, "__metadata__", ()):
            if name in fields and isinstance(about, FieldInfo):
                fields[name] |= {"title": about.title, "description": about.description}
    if names := list(sources):
        fields["sources"] |= {"items": {"type": "string", "enum": names}, "uniqueItems": True}
    return schema.model_copy(update={"properties": fields})
