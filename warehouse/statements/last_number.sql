-- The highest number that a version ever had. None is given twice, also where the last of them were erased: what is new
-- would pass as judged.
SELECT greatest(
    (SELECT coalesce(max(revision_id), 0) FROM store.revision),
    (SELECT coalesce(max(up_to), 0) FROM store.judged)
);
