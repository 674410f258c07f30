"""Who is known by name: when the roster or a permission changes, what was judged by it is to be judged again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
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


def items_about(store: Store, member_ids: Collection[str], pattern: str, up_to: int) -> list[str]:
    """The item_ids of which a version up to the revision_id `up_to` names or was written by one of these members: it matches
    the RE2 `pattern` (empty where there is none) or answers what does, or its author has the handle of one of them now. What is
    flagged and by nobody who is known now is among them too: nothing says who has had that handle until now.
    """
    rows = store.connection().execute(
        f"""WITH known AS (SELECT platform, lower(ltrim(handle, '@')) AS handle, member_id FROM store.handle),
            written AS (
                SELECT DISTINCT item_key FROM store.item
                LEFT JOIN known ON known.platform = item.platform AND known.handle = lower(ltrim(author_handle, '@'))
                WHERE member_id IN (SELECT unnest($members::VARCHAR[]))
                    OR author_handle IS NOT NULL AND known.handle IS NULL AND item_key IN (SELECT item_key FROM store.flag)
            ),
            naming AS (SELECT DISTINCT item_key FROM store.revision WHERE regexp_matches({PLAIN_BLANKS}, $pattern, 'i')),
            answering AS (
                SELECT item_key FROM (SELECT item_key, parent_text AS text FROM store.item)
                WHERE regexp_matches({PLAIN_BLANKS}, $pattern, 'i')
                UNION
                SELECT item_key FROM store.item
                WHERE md5_number_lower(platform || chr(31) || substr(parent_id, length(platform) + 2)) IN (FROM naming)
            )
            SELECT DISTINCT item_id FROM store.item JOIN store.revision USING (item_key)
            WHERE revision_id <= $up_to AND item_key IN (FROM written UNION FROM naming UNION FROM answering)
            ORDER BY item_id""",
        {"members": sorted(member_ids), "pattern": pattern or None, "up_to": up_to},
    )
    return [item_id for (item_id,) in rows.fetchall()]
