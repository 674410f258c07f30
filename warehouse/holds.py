"""Holds: items that retention must leave alone, for a reason, until somebody looks at it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from warehouse.store import Store, StoreError


@dataclass(frozen=True, slots=True)
class Held:
    """An item that was found: its platform, its state, and whether it came through the platform's API."""

    item_id: str
    platform: str
    state: str
    by_api: bool


def hold(store: Store, item_or_flag: str, reason: str, review_by: date, by: str, at: datetime) -> Held:
    """Hold an item (platform:id, or by one of its flags) until it is released; says which that is.

    Past `review_by`, a day in London, it goes on holding, and the report says that a review is due. To hold again is to say
    a new reason and day. Raises StoreError where there is no such item or flag, or nothing of it is left to hold.
    """
    found = _find(store, item_or_flag)
    if found.state == "expired":
        raise StoreError(f"The content of {found.item_id} has been removed already: there is nothing to hold.")
    _say(store, found.item_id, True, reason, review_by, by, at)
    return found


def release(store: Store, item_or_flag: str, reason: str, by: str, at: datetime) -> Held:
    """End the hold on an item; retention goes on with it by its rules. Raises StoreError where it is not held."""
    found = _find(store, item_or_flag)
    if not store.connection().execute("SELECT 1 FROM store.holds WHERE item_id = ?", [found.item_id]).fetchone():
        raise StoreError(f"{found.item_id} is not held. `acto retain --list` shows what is.")
    _say(store, found.item_id, False, reason, None, by, at)
    return found


def _find(store: Store, item_or_flag: str) -> Held:
    row = store.connection().execute(
        """SELECT items.item_id, items.platform, items.state, run_started.kind IS DISTINCT FROM 'import'
           FROM items JOIN store.item USING (item_id) LEFT JOIN store.run_started USING (run_id)
           WHERE items.item_id = $name OR items.item_id IN (SELECT item_id FROM flags WHERE flag_id = $name)""",
        {"name": item_or_flag},
    ).fetchone()  # fmt: skip
    if row is None:
        raise StoreError(
            f"There is no item or flag {item_or_flag!r}. An item is named as in the view items: platform:id."
        )
    return Held(*row)


def _say(store: Store, item_id: str, held: bool, reason: str, review_by: date | None, by: str, at: datetime) -> None:
    with store.transaction() as connection:
        connection.execute(
            "INSERT INTO store.hold SELECT item_key, $held, $reason, $review_by, $by, $at FROM store.item WHERE item_id = $item",
            {"held": held, "reason": reason, "review_by": review_by, "by": by, "at": at, "item": item_id},
        )
