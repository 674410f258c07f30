-- Content whose time under [retention] is over (`expiring`), and what is past its time and stays (`kept_over`, with why).
--
-- An item's time runs from when it, or an answer to it, was last new or changed: by then it has been judged, and its words
-- are needed no longer. Seeing the same words again does not prolong it. Flags do: until they are closed, and for a time
-- after; and what a flagged or held item answers is kept with it, for nobody can judge an answer alone.
-- Only what still holds words or names is looked at, which is what came lately, what is flagged, and what is due.
CREATE OR REPLACE TEMP TABLE past_its_time AS
WITH
-- What these say to be of a time to come is old as well.
overtaken AS MATERIALIZED (
    SELECT run_id FROM store.overtaken WHERE overtaken_at < getvariable('unflagged_before')::TIMESTAMPTZ
),
old AS MATERIALIZED (
    SELECT item_key FROM store.revision
    WHERE (
            seen_at < getvariable('unflagged_before')::TIMESTAMPTZ
            OR seen_at > getvariable('now')::TIMESTAMPTZ AND run_id IN (FROM overtaken)
        )
        AND text <> ''
    UNION
    SELECT item_key FROM store.item
    WHERE (
            first_seen_at < getvariable('unflagged_before')::TIMESTAMPTZ
            OR first_seen_at > getvariable('now')::TIMESTAMPTZ AND run_id IN (FROM overtaken)
        )
        AND coalesce(author_id, author_name, author_handle, parent_text, url) IS NOT NULL
),
lately AS MATERIALIZED (
    SELECT DISTINCT item_key FROM store.revision
    WHERE seen_at >= getvariable('unflagged_before')::TIMESTAMPTZ
        AND NOT (seen_at > getvariable('now')::TIMESTAMPTZ AND run_id IN (FROM overtaken))
),
answered AS (SELECT DISTINCT parent_id AS item_id FROM store.item SEMI JOIN lately USING (item_key)),
quiet AS MATERIALIZED (
    SELECT item_key, item_id, author_id, url
    FROM store.item
    SEMI JOIN old USING (item_key)
    WHERE item_key NOT IN (FROM lately) AND item_id NOT IN (SELECT item_id FROM answered WHERE item_id IS NOT NULL)
),
decided AS (
    SELECT flag_id, arg_max(struct_pack(decided_at, expires_at), rowid) AS last FROM store.decision GROUP BY flag_id
),
flagged AS MATERIALIZED (
    SELECT
        flag.item_key,
        flags.status = 'dismissed' AS dismissed,
        CASE flags.status
            WHEN 'resolved' THEN last.decided_at + to_seconds(getvariable('closed'))
            -- A dismissal for a time opens again after it.
            WHEN 'dismissed' THEN greatest(last.decided_at + to_seconds(getvariable('dismissed')), last.expires_at)
            ELSE 'infinity'::TIMESTAMPTZ
        END AS kept_until
    FROM store.flag
    JOIN flags USING (flag_id)
    LEFT JOIN decided USING (flag_id)
    -- A flag that no check finds any more, and nobody has decided on, is none.
    WHERE flags.status <> 'expired'
),
held AS (SELECT item_key FROM store.holds JOIN store.item USING (item_id)),
-- Both themselves and what they answer.
under_a_flag AS (
    SELECT item_key FROM flagged WHERE kept_until > getvariable('now')::TIMESTAMPTZ
),
with_what_they_answer AS (
    SELECT kept.item_id, by_hold
    FROM (
        SELECT item.item_id, item.parent_id, false AS by_hold FROM store.item SEMI JOIN under_a_flag USING (item_key)
        UNION ALL
        SELECT item.item_id, item.parent_id, true FROM store.item SEMI JOIN held USING (item_key)
    ) AS near, unnest([near.item_id, near.parent_id]) AS kept (item_id)
),
last_version AS (
    SELECT item_key, max(revision_id) AS revision_id, bool_or(text <> '') AS has_words
    FROM store.revision SEMI JOIN quiet USING (item_key) GROUP BY item_key
),
standing AS (SELECT item_key, arg_max(state, rowid) AS state FROM store.state SEMI JOIN quiet USING (item_key) GROUP BY item_key),
closed AS (SELECT item_key, arg_max(dismissed, kept_until) AS dismissed FROM flagged GROUP BY item_key)
SELECT
    item_key,
    item_id,
    CASE WHEN dismissed IS NULL THEN 'not flagged' WHEN dismissed THEN 'dismissed' ELSE 'closed' END AS rule,
    CASE
        WHEN item_id IN (SELECT item_id FROM with_what_they_answer WHERE by_hold) THEN 'held'
        WHEN last_version.revision_id > getvariable('judged_up_to') AND has_words THEN 'not judged'
    END AS kept_for
FROM quiet
JOIN last_version USING (item_key)
LEFT JOIN standing USING (item_key)
LEFT JOIN closed USING (item_key)
WHERE item_id NOT IN (SELECT item_id FROM with_what_they_answer WHERE NOT by_hold AND item_id IS NOT NULL)
    -- The terms leave the account's id and the link, which go now. Of what ACTO wrote itself the name stays.
    AND (state IS DISTINCT FROM 'expired' OR has_words OR coalesce(author_id, url) IS NOT NULL);

CREATE OR REPLACE TEMP TABLE kept_over AS SELECT item_key, kept_for FROM past_its_time WHERE kept_for IS NOT NULL;
CREATE OR REPLACE TEMP TABLE expiring AS
SELECT
    item_key,
    item_id,
    rule,
    CASE rule
        WHEN 'closed' THEN 'Its flag was closed, and the time for which it was kept after that is over.'
        WHEN 'dismissed' THEN 'Its flag was dismissed, and the time for which it was kept after that is over.'
        ELSE 'It was not flagged, and the time for which such content is kept is over.'
    END AS reason
FROM past_its_time
WHERE kept_for IS NULL;
