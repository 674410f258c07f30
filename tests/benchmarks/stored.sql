-- The comments of tests.benchmarks.measured, from number `first` on, as landing them in one night would leave them.
CREATE OR REPLACE TEMP TABLE made AS
SELECT
    number,
    md5_number_lower('youtube' || chr(31) || 'c' || number) AS item_key,
    'c' || (number - number % 20) AS thread,
    array_to_string(list_transform(range(30), lambda place: getvariable('words')[
        ((number * 7919 + place * 104729 + number // (place + 1)) % len(getvariable('words'))) + 1
    ]), ' ') || ' ' || CASE
        WHEN number % 500 = 0 THEN getvariable('found')[number // 500 % len(getvariable('found')) + 1]
        WHEN number % 4 = 0 THEN getvariable('looked_at')[number // 4 % len(getvariable('looked_at')) + 1]
        ELSE 'today'
    END || ' ' || number AS text
FROM (SELECT unnest(range(getvariable('first'), getvariable('first') + getvariable('count'))) AS number);

INSERT INTO store.item
SELECT
    item_key, 'youtube:c' || number, getvariable('source'), 'youtube', if(number % 20 = 0, 'comment', 'reply'),
    if(number % 20 = 0, NULL, 'youtube:' || thread), 'youtube:' || thread,
    'a' || number % 5000, 'Viewer ' || number % 5000, '@viewer' || number % 5000,
    'https://video.example/watch?lc=c' || number,
    getvariable('beginning')::TIMESTAMPTZ + to_minutes(number // 20 * 20), NULL,
    getvariable('seen_at')::TIMESTAMPTZ, getvariable('run_id')
FROM made
ORDER BY number;

INSERT INTO store.revision
SELECT
    number + 1, item_key, 1, text, NULL, NULL, md5(text || chr(31) || '[]'),
    getvariable('seen_at')::TIMESTAMPTZ, getvariable('run_id'), 'raw/made'
FROM made
ORDER BY number;

INSERT INTO store.sighting
SELECT item_key, getvariable('source'), getvariable('seen_at')::TIMESTAMPTZ, getvariable('run_id') FROM made;

INSERT INTO store.landed
SELECT 'raw/made/' || number, sha256(number::VARCHAR), getvariable('source'), getvariable('run_id'), 100,
    getvariable('seen_at')::TIMESTAMPTZ
FROM made
WHERE number % 100 = 0;

INSERT INTO store.thread_read
SELECT getvariable('source'), thread, NULL, getvariable('run_id'), getvariable('seen_at')::TIMESTAMPTZ
FROM made
WHERE number % 20 = 0;
