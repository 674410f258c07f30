"""A local server that speaks the platforms' APIs over real HTTP: for demo, tests and connector writers."""

from __future__ import annotations

from connectors.sandbox.answers import Answer, Call, Request, Route
from connectors.sandbox.keys import KEY
from connectors.sandbox.server import ROSTER, Sandbox
from connectors.sandbox.world import END, World, last_night

__all__ = ["END", "KEY", "ROSTER", "Answer", "Call", "Request", "Route", "Sandbox", "World", "last_night"]
