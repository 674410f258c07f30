"""`acto review`: serves the page on this machine, opens it in the browser, and ends with Ctrl+C."""

from __future__ import annotations

import getpass
import html
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import uvicorn

from flows.config import ConfigError
from flows.desk import published_history
from flows.exits import COMPLETE
from flows.review.application import application
from flows.review.desk import Desk, desk_of
from warehouse.files import private_folder

HOST = "127.0.0.1"


def serve_review(port: int, *, browser: bool) -> int:
    """Serve the page until Ctrl+C. With `browser` it is opened there; its address is printed in any case.

    Raises ConfigError where nothing has been published yet, or the port is taken.
    """
    home = published_history().parent
    listening = listen(port)
    address = f"http://{HOST}:{listening.getsockname()[1]}"
    with suppress(KeyboardInterrupt), served(home, listening) as (server, desk):
        print(_link(address, desk), flush=True)
        print("The link works once, in the next 15 minutes. To end: Ctrl+C.", flush=True)
        opened = _opened(home, _link(address, desk)) if browser else None
        if sys.stdin.isatty():
            print("For a new link press Enter.", flush=True)
            threading.Thread(target=_print_links, args=(address, desk), daemon=True).start()
        try:
            server.run(sockets=[listening])
        finally:
            if opened:
                opened.unlink(missing_ok=True)
    return COMPLETE


def listen(port: int) -> socket.socket:
    """A socket on this machine's own address, which nothing outside it can reach; port 0 takes any that is free.

    Raises ConfigError where the port is taken.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        # From here on who opens the link waits for an answer instead of being turned away.
        listening.listen()
    except OSError as error:
        listening.close()
        raise ConfigError(
            f"Port {port} cannot be used ({error.strerror}): perhaps the page is open already. "
            f"Another one: acto review --port {port + 1 if port < 65535 else 0}"
        ) from None
    return listening


@contextmanager
def served(home: Path, listening: socket.socket) -> Iterator[tuple[uvicorn.Server, Desk]]:
    """The server of the page over `home`, ready to run on `listening`, and its desk; what is decided is carried meanwhile."""
    port = listening.getsockname()[1]
    desk = desk_of(home, getpass.getuser())
    config = uvicorn.Config(
        application(desk, frozenset({f"{HOST}:{port}", f"localhost:{port}"})),
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        # An address may hold a link, or what was searched for.
        access_log=False,
        server_header=False,
        limit_concurrency=64,
        timeout_graceful_shutdown=5,
    )
    desk.carrier.start()
    try:
        yield uvicorn.Server(config), desk
    finally:
        desk.carrier.stop()
        desk.history.close()
        listening.close()


def _link(address: str, desk: Desk) -> str:
    return f"{address}/enter?link={desk.sessions.new_link()}"


def _opened(home: Path, link: str) -> Path:
    """Open the link by way of a file that only its owner can read: other users see what a browser is started with."""
    private_folder(home)
    way = home / "open-review.html"
    way.unlink(missing_ok=True)
    way.touch(mode=0o600)
    safe = html.escape(link)
    way.write_text(
        f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={safe}">'
        f'<title>ACTO review</title><p><a href="{safe}">Open the review page</a></p>',
        encoding="utf-8",
    )
    threading.Thread(target=webbrowser.open, args=(way.as_uri(),), daemon=True).start()
    return way


def _print_links(address: str, desk: Desk) -> None:
    for _ in sys.stdin:
        print(_link(address, desk), flush=True)
