SELECT text, written_by, written_at FROM note_now WHERE flag_id = $flag_id ORDER BY written_at
