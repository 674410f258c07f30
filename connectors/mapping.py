"""Which column of a file holds which field of an item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.errors import Refused

FIELDS = (
    "platform", "kind", "id", "parent_id", "thread_id", "author_id", "author_name", "author_handle", "text", "rating",
    "created_at", "url", "parent_text", "media",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldMap:
    """`columns` names the column (or the path into nested JSON) of a field, `fixed` gives it one value throughout.

    A field that is in neither is the column of its own name.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)

    def take(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of one record; those that it lacks are left out, and so are empty ones, but for an empty text."""
        found: dict[str, Any] = dict(self.fixed)
        for name in FIELDS:
            if name not in found:
                value = _at(record, self.columns.get(name, name))
                if value is not None and (value != "" or name == "text"):
                    found[name] = value
        return found

    def check(self, records: Sequence[Mapping[str, Any]], where: str) -> None:
        """Raises Refused if a column that was named is in none of `records`, the first ones of the file."""
        missing = object()
        for name, column in self.columns.items():
            if records and all(_at(record, column, missing) is missing for record in records):
                known = ", ".join(map(repr, list(records[0])[:30]))
                raise Refused(f"{where} has no column {column!r} (--map {name}=…). It has {known}.")


def parse_mapping(given: Sequence[str]) -> FieldMap:
    """The mapping of `FIELD=COLUMN` and `FIELD==VALUE` arguments.

    Raises Refused for one that is neither, for a field that items do not have, and for one that is given twice.
    """
    columns: dict[str, str] = {}
    fixed: dict[str, str] = {}
    for argument in given:
        name, equals, value = argument.partition("=")
        if not equals or not value.removeprefix("="):
            raise Refused(f"--map {argument!r} must be FIELD=COLUMN or FIELD==VALUE.")
        if name not in FIELDS:
            raise Refused(f"--map {argument!r}: an item has no field {name!r}. It has {', '.join(FIELDS)}.")
        if name in columns or name in fixed:
            raise Refused(f"--map gives {name} twice.")
        if value.startswith("="):
            fixed[name] = value[1:]
        else:
            columns[name] = value
    return FieldMap(columns, fixed)


def _at(record: Mapping[str, Any], column: str, missing: Any = None) -> Any:
    """The value of a column, or of a path such as user.screen_name."""
    if column in record:
        return record[column]
    value: Any = record
    for step in column.split("."):
        if not isinstance(value, Mapping) or step not in value:
            return missing
        value = value[step]
    return value
