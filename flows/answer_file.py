"""An answer written to a file: for its owner alone, whole or not at all, and never over something else; or printed, whole."""

from __future__ import annotations

import codecs
import secrets
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

from flows.config import ConfigError
from warehouse.files import put_in_place

# So many bytes of what is to be printed are held in memory; what is longer waits on the disk.
IN_MEMORY = 2**24


def refuse_what_is_there(path: Path) -> None:
    """Raises ConfigError where a file of this name exists, or its folder does not."""
    if path.exists() or path.is_symlink():
        raise ConfigError(f"{path} is there already and stays as it is. Choose another name, or remove it first.")
    if not path.parent.is_dir():
        raise ConfigError(f"There is no folder {path.parent}. Make it first, or choose another place.")


def write_answer(path: Path, write: Callable[[Path], None]) -> None:
    """Have `write` fill a new file that only its owner may read. Raises ConfigError where that is not possible."""
    refuse_what_is_there(path)
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name[:100]}.", delete=False) as beside:
            fresh = Path(beside.name)
            try:
                write(fresh)
                put_in_place(fresh, path)
            except BaseException:
                fresh.unlink(missing_ok=True)
                raise
    except PermissionError:
        raise ConfigError(f"You may not write to {path.parent}. Choose another place.") from None


def print_answer(parts: Iterable[str]) -> None:
    """Print an answer once all of it is there: a question may fail half-way, and half a table in a file looks like a whole one.
    On the disk it waits under a key that nobody keeps.
    """
    cipher = Cipher(AES(secrets.token_bytes(32)), CTR(secrets.token_bytes(16)))
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as waiting:
        encryptor, decryptor = cipher.encryptor(), cipher.decryptor()
        for part in parts:  # its writelines would hold them all
            waiting.write(encryptor.update(part.encode()))
        waiting.seek(0)
        pieces = iter(lambda: decryptor.update(waiting.read(2**20)), b"")
        for text in codecs.iterdecode(pieces, "utf-8"):
            print(text, end="")
