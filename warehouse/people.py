"""Who is known by name: when the roster or a permission changes, what was judged by it is to be judged again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from warehouse.gate import PLAIN_BLANKS
from warehouse.store import Store


def changed_people(store: Store, check_id: str, fingerprints: Mapping[str, str]) -> set[str]:
    """The members (member_id) of whom a check has judged by something else than what `fingerprints` say now."""
    rows = store.connection().execute(
        "SELECT member_id, arg_max(struct_pack(fingerprint), rowid).fingerprint FROM store.person "
        "WHERE check_id = ? GROUP BY member_id",
        [check_id],
    )
    kept = dict(rows.fetchall())
    return {member for member in {*fingerprints, *kept} if kept.get(member) != fingerprints.get(member)}


def keep_people(store: Store, run_id: str, check_id: str, fingerprints: Mapping[str, str], at: datetime) -> None:
    """Keep by what a check has judged the members, where that has changed."""
    changed = sorted(changed_people(store, check_id, fingerprints))
    if not changed:
        return
    with store.transaction() as connection:
        connection.execute(
            "INSERT INTO store.person SELECT $check_id, unnest($members), unnest($fingerprints::VARCHAR[]), $run_id, $at",
            {
                "check_id": check_id,
                "members": changed,
                "fingerprints": [fingerprints.get(member) for member in changed],
                "run_id": run_id,
                "at": at,
            },
        )


def items_naming(store: Store, pattern: str, up_to: int) -> list[str]:
    """The item_ids of which a version up to the revision_id `up_to` matches the RE2 `pattern`."""
    rows = store.connection().execute(
        f"""SELECT DISTINCT item_id FROM store.item JOIN store.revision USING (item_key)
            WHERE revision_id <= $up_to AND regexp_matches({PLAIN_BLANKS}, $pattern, 'i') ORDER BY item_id""",
        {"pattern": pattern, "up_to": up_to},
    )
    return [item_id for (item_id,) in rows.fetchall()]
