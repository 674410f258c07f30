"""The registry: which platforms there are, and what a source must have before it is called."""

from __future__ import annotations

import subprocess
import sys

import pytest

from connectors import youtube
from connectors.errors import Refused
from connectors.registry import PLATFORMS, connect, reader
from connectors.source import Source

SECRET = "canary-secret-4711"


def test_platforms_have_the_keys_and_secrets_that_users_were_told() -> None:
    """acto.toml and the environment variables of the documentation must keep working."""
    assert {name: (platform.keys, platform.secret_variable) for name, platform in PLATFORMS.items()} == {
        "facebook": (("page_id",), "ACTO_FACEBOOK_TOKEN"),
        "instagram": (("user_id",), "ACTO_INSTAGRAM_TOKEN"),
        "x": (("user_id", "username"), "ACTO_X_BEARER_TOKEN"),
        "linkedin": (("organization_id",), "ACTO_LINKEDIN_TOKEN"),
        "youtube": (("channel_id",), "ACTO_YOUTUBE_API_KEY"),
        "google": (("account_id", "location_id"), "ACTO_GOOGLE_TOKEN"),
        "trustpilot": (("business_unit_id",), "ACTO_TRUSTPILOT_API_KEY"),
        "yelp": (("business_id",), "ACTO_YELP_API_KEY"),
        "feed": (("url",), None),
        "webpage": (("url",), None),
    }


def test_a_platform_is_read_by_its_module() -> None:
    """A source reaches the connector that its platform names."""
    assert reader("youtube") is youtube.read


def test_an_unknown_platform_is_refused_by_name() -> None:
    """A typing error in acto.toml is answered with the names that exist."""
    with pytest.raises(Refused, match=r"'utube'.* facebook, instagram, x"):
        reader("utube")


@pytest.mark.parametrize(
    ("keys", "secret", "named"),
    [
        ({}, SECRET, r"\[sources.clips\] in acto.toml has no channel_id"),
        ({"channel_id": " "}, SECRET, "channel_id"),
        ({"channel_id": "UC1"}, None, "ACTO_YOUTUBE_API_KEY in the environment, or ACTO_YOUTUBE_API_KEY_FILE"),
        ({"channel_id": "UC1"}, "", "ACTO_YOUTUBE_API_KEY"),
    ],
)
def test_what_is_missing_is_named(keys: dict[str, str], secret: str | None, named: str) -> None:
    """The sentence must say which key or variable to set."""
    with pytest.raises(Refused, match=named) as caught:
        connect(Source("clips", "youtube", keys, secret))
    assert SECRET not in str(caught.value)


def test_the_registry_is_light() -> None:
    """The command line reads it on every start: it must not bring Google's library or requests along."""
    code = "import sys, connectors.registry; print('requests' in sys.modules, 'googleapiclient' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.split() == ["False", "False"]
