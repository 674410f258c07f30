"""The downloads that platforms give to the owner of an account, read without any API (docs/import.md)."""
