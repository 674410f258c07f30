"""The file that a backup is written in: its end is known by itself, whatever is kept in it."""

from __future__ import annotations

import io
import tarfile

import pytest

from warehouse.archive import CHUNK, DIGEST, IN_THE_CLEAR, SALT, TAG, ArchiveError, new_salt, reading, writing
from warehouse.key_kinds import new_key


@pytest.mark.parametrize("key", [new_key(), None], ids=["encrypted", "in the clear"])
def test_a_file_without_its_last_chunk_is_no_whole_file(key: str | None) -> None:
    """A copy that stopped where a chunk ends must not pass, even where all that is in it can be read."""
    file = io.BytesIO()
    with writing(file, key, new_salt()) as tar:
        # Ends so that nothing but the tar's own end, and what it is filled up with, lies in the last chunk.
        member = tarfile.TarInfo("one")
        member.size = CHUNK - 2048
        tar.addfile(member, io.BytesIO(bytes(member.size)))
    head = file.getvalue().index(b"\n") + 1 + SALT
    cut = head + CHUNK + (DIGEST if key is None else TAG)
    assert len(file.getvalue()) > cut
    assert key or file.getvalue().startswith(IN_THE_CLEAR)

    def read(content: bytes) -> int:
        with reading(io.BytesIO(content), [key] if key else []) as (tar, _, _):
            return sum(member.size for member in tar)

    assert read(file.getvalue()) == CHUNK - 2048
    with pytest.raises(ArchiveError, match=r"cut off|damaged"):
        read(file.getvalue()[:cut])
