-- What share of what the Chair wants flagged the checks find: in all (no month), then month by month, the earliest first.
FROM store.recall
