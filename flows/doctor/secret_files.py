"""What is wrong with how the secrets of a source, or of the mail server, are given to the program."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from flows.finding import Trouble

# There a container has its secrets, for itself alone, readable as its runtime has made them.
OF_A_CONTAINER = Path("/run/secrets")


def about_secret(variable: str, environment: Mapping[str, str] = os.environ) -> Iterator[Trouble]:
    """What is wrong with `variable` or the file that `<variable>_FILE` names; nothing where neither is set."""
    named = environment.get(f"{variable}_FILE", "").strip()
    if environment.get(variable, "").strip():
        if named:
            yield Trouble(
                "warning",
                f"{variable} and {variable}_FILE are both set: the file is not read.",
                f"unset {variable}_FILE",
            )
        return
    if not named:
        return
    path = Path(named)
    try:
        content = path.read_text(encoding="utf-8")
        mode = stat.S_IMODE(path.stat().st_mode)
    except (OSError, UnicodeDecodeError) as error:
        why = {"FileNotFoundError": "is not there", "PermissionError": "may not be read by this user"}
        says = f"The file that {variable}_FILE names {why.get(type(error).__name__, 'cannot be read')}: {path}"
        mend = f"export {variable}_FILE=FILE" if isinstance(error, FileNotFoundError) else f"ls -l {path}"
        yield Trouble("broken", says, mend)
        return
    if not content.strip():
        yield Trouble("broken", f"The file that {variable}_FILE names is empty: {path}", f"nano {path}")
    if mode & (stat.S_IRWXO | stat.S_IWGRP) and OF_A_CONTAINER not in path.parents:
        yield Trouble("warning", f"Other users of this machine can read the secret in {path}.", f"chmod 600 {path}")
