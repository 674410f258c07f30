"""`acto review`: serves the page on this machine, opens it in the browser, and ends with Ctrl+C."""

from __future__ import annotations

import errno
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

from flows.config import ConfigError, config_or_default
from flows.desk import published_history
from flows.exits import COMPLETE
from flows.review.accounts import accounts
from flows.review.application import application
from flows.review.desk import Desk, desk_of
from flows.review.site import Site, local_site, public_site
from warehouse.files import private_folder

HOST = "127.0.0.1"


def serve_review(port: int, *, browser: bool) -> int:
    """Serve the page until Ctrl+C: on this computer by a link, which is printed and, with `browser`, opened; or, where
    acto.toml says that a proxy serves it under a public address, to who signs in there.

    Raises ConfigError where nothing has been published yet, nobody could sign in, or the port is taken.
    """
    home = published_history().parent
    settings = config_or_default(home).review
    if settings.origin is None:
        return _serve_here(home, listen(port), browser=browser)
    if not accounts(home):
        raise ConfigError("Nobody can sign in yet. First set a password: acto review --set-password NAME")
    listening = listen(port, str(settings.listen))
    with suppress(KeyboardInterrupt), served(home, listening, public_site(settings.origin)) as (server, _):
        print(f"The page is served for {settings.origin}; its proxy finds it at {_named(listening)}.", flush=True)
        print("To end: Ctrl+C.", flush=True)
        server.run(sockets=[listening])
    return COMPLETE


def _serve_here(home: Path, listening: socket.socket, *, browser: bool) -> int:
    address = f"http://{_named(listening)}"
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


def listen(port: int, host: str = HOST) -> socket.socket:
    """A socket on this machine's own address, which nothing outside it can reach, or on the one given; port 0 takes any
    that is free.

    Raises ConfigError where the port is taken, or the address is none of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With its protocol named: of a socket without asyncio leaves TCP_NODELAY alone, and each answer's body then waits for
    # the browser to confirm its head (measured: 40 ms a page).
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        # From here on who opens the link waits for an answer instead of being turned away.
        listening.listen()
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRNOTAVAIL:
            raise ConfigError(f"acto.toml: review.listen: {host} is no address of this machine.") from None
        raise ConfigError(
            f"Port {port} cannot be used ({error.strerror}): perhaps the page is open already. "
            f"Another one: acto review --port {port + 1 if port < 65535 else 0}"
        ) from None
    return listening


@contextmanager
def served(home: Path, listening: socket.socket, site: Site | None = None) -> Iterator[tuple[uvicorn.Server, Desk]]:
    """The server of the page over `home`, ready to run on `listening`, and its desk; what is decided is carried meanwhile.
    Without `site` it is the page of this computer.
    """
    desk = desk_of(home, site or local_site(listening.getsockname()[1]), getpass.getuser())
    config = uvicorn.Config(
        application(desk),
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        # An address may hold a link, or what was searched for.
        access_log=False,
        server_header=False,
        # What a proxy adds is looked at where it is needed, and believed there alone.
        proxy_headers=False,
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


def _named(listening: socket.socket) -> str:
    host, port, *_ = listening.getsockname()
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


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
