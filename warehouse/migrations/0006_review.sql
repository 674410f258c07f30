-- What the Chair writes down beside a flag; nothing is changed or taken back there.
CREATE TABLE store.note (note_id VARCHAR, flag_id VARCHAR, text VARCHAR, written_by VARCHAR, written_at TIMESTAMPTZ);

-- Which of the entries that waited in $ACTO_HOME/desk are stored: written in the transaction that stores them.
CREATE TABLE store.desk_taken (entry_id VARCHAR, taken_at TIMESTAMPTZ);
