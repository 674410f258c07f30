-- As store.recall, with what was said a moment ago.
FROM store.recall_of('audit_now', 'flag_now')
