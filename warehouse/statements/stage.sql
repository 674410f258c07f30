-- The lines of a spooled page, with their keys. `is_old`: see stage_imported.sql.
CREATE OR REPLACE TEMP TABLE staged AS
SELECT
    row_number() OVER () AS line,
    md5_number_lower(platform || chr(31) || id) AS item_key,
    -- What makes a version: text, rating and media. Anything that counts likes or was fetched later (captions) must stay
    -- out, and of a picture's address what is signed anew for each answer: its server and its query.
    md5(concat_ws(chr(31), text, rating, list_transform(
        list_filter(media, lambda one: one.type <> 'caption'),
        lambda one: {'type': one.type, 'url': regexp_replace(one.url, '^https?://[^/]*|[?].*$', '', 'g'), 'text': one.text}
    )::VARCHAR)) AS content_hash,
    false AS is_old,
    *
FROM read_json(
    getvariable('page_path'),
    format = 'newline_delimited',
    maximum_object_size = 67108864,
    columns = {
        platform: 'VARCHAR', id: 'VARCHAR', kind: 'VARCHAR', parent_id: 'VARCHAR', thread_id: 'VARCHAR',
        author_id: 'VARCHAR', author_name: 'VARCHAR', author_handle: 'VARCHAR', text: 'VARCHAR', rating: 'DOUBLE',
        url: 'VARCHAR', created_at: 'TIMESTAMPTZ', edited_at: 'TIMESTAMPTZ', parent_text: 'VARCHAR',
        hidden: 'BOOLEAN',
        media: 'STRUCT(type VARCHAR, url VARCHAR, text VARCHAR)[]'
    }
)
WHERE platform IS NOT NULL AND id IS NOT NULL;
