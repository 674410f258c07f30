"""The process of a scan that the page has started: `acto scan`, and a last line that tells an end of its own from a kill."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

from flows.command_line import app
from flows.exits import FAILED, exit_in_words
from flows.review.scans import ENDED


def main() -> None:
    """Run `acto` with the arguments given. Of a fault only where and what is told: its message may quote what somebody wrote."""
    try:
        code = exit_in_words(app, sys.argv[1:])
    except Exception as fault:
        *_, last = traceback.extract_tb(fault.__traceback__)
        where = f"{type(fault).__name__} at {Path(last.filename).name}:{last.lineno}"
        print(f"The scan stopped on an unexpected fault ({where}). Tell whoever runs this.", file=sys.stderr)
        code = FAILED
    print(ENDED, file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()
