"""Run the sandbox by hand: `python -m connectors.sandbox [--port N] [--night 2026-11-01]`."""

from __future__ import annotations

import argparse
import threading
from datetime import date

from connectors.sandbox import Sandbox
from connectors.sandbox.presences import as_environment, as_toml


def main() -> None:
    """Serve the story until Ctrl-C, and say how to point the monitor at it."""
    parser = argparse.ArgumentParser(prog="python -m connectors.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="a port of 127.0.0.1 (default: any free one)")
    parser.add_argument("--night", type=date.fromisoformat, help="show the world as of this night (default: the last)")
    asked = parser.parse_args()
    with Sandbox(port=asked.port) as sandbox:
        if asked.night:
            sandbox.at(asked.night)
        print(as_toml(sandbox.base_url))
        print("# in the environment:")
        for variable, secret in as_environment().items():
            print(f"#   {variable}={secret}")
        print("# Ctrl-C ends it.", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("The sandbox is closed.")


if __name__ == "__main__":
    main()
