"""`acto keys`: change all keys, or print the one with which any DuckDB client opens the published history."""

from __future__ import annotations

from flows.config import ConfigError, default_home
from flows.exits import COMPLETE
from flows.log_file import logged
from flows.progress import logger, shown
from flows.waiting import tell_who_holds_it
from warehouse.encryption import EncryptionError, encryption_of
from warehouse.key_kinds import HISTORY, READER
from warehouse.key_places import Given, place_of
from warehouse.keys import begin_change
from warehouse.store import open_store


def rotate_keys() -> int:
    """Bring everything under new keys. What is killed amid it is ended by the next command that opens the history.

    Raises ConfigError where nothing has been kept yet, EncryptionError where a new key has nowhere to be kept.
    """
    home = default_home()
    if not (home / "warehouse").exists():
        raise ConfigError(f"There is no history in {home} yet, so there are no keys to change.")
    places = [place_of(home, purpose) for purpose in (HISTORY, READER)]
    with logged(home, "keys rotate"), shown():
        with open_store(home, what="change of keys", on_wait=tell_who_holds_it):
            begin_change(home)
        logger.info("Writing everything anew under the new keys")
        with open_store(home, what="change of keys", on_wait=tell_who_holds_it):
            pass
    print("The keys were changed: the old ones open nothing here any more.")
    for place in places:
        if isinstance(place, Given):
            print(f"From now on {place.purpose.variable} must hold the new key: this program cannot change it.")
        else:
            print(f"New: {place.name}.")
    print("Backups made before need the old keys. To read with another program: acto keys show")
    return COMPLETE


def show_reader_key() -> int:
    """Print how any DuckDB client opens the published history, with the readers' key; never the history's own key."""
    home = default_home()
    published = str(home / "history.duckdb").replace("'", "''")
    if not encryption_of(home).at_rest:
        print(f"ATTACH '{published}' AS history (READ_ONLY);\nUSE history;")
        return COMPLETE
    keys = place_of(home, READER).keys()
    if not keys:
        raise EncryptionError("There is no readers' key yet: the first scan or import makes it.")
    print(f"ATTACH '{published}' AS history (ENCRYPTION_KEY '{keys[0]}', READ_ONLY);\nUSE history;")
    return COMPLETE
