"""All that the sandbox answers: the routes of every platform, in the order in which they are tried."""

from __future__ import annotations

from connectors.sandbox import (
    facebook,
    feed,
    google,
    google_oauth,
    instagram,
    linkedin,
    trustpilot,
    webpage,
    x,
    yelp,
    youtube,
)
from connectors.sandbox.answers import Route

PLATFORMS = (facebook, instagram, x, linkedin, youtube, google, google_oauth, trustpilot, yelp, feed, webpage)
ROUTES: list[Route] = [route for platform in PLATFORMS for route in platform.ROUTES]
