"""A presence as somebody types it ("youtube UC…", "x 7205410938 acto_org"), and the secrets that presences want."""

from __future__ import annotations

import re

from pydantic import ValidationError

from connectors.registry import PLATFORMS
from flows.config import first_problem
from flows.config_sections import SourceConfig
from flows.masking import clean
from flows.setup.answers import Answers

# The id at the end of a channel's address, which is what people copy.
CHANNEL = re.compile(r"https?://(?:www\.|m\.)?youtube\.com/channel/(UC[\w-]+)\S*")


def presence(typed: str) -> dict[str, str]:
    """The platform and its keys, in the order of docs/configuration.md. Raises ValueError with a sentence."""
    name, *values = typed.split()
    known = PLATFORMS.get(name.lower().rstrip(":"))
    if known is None:
        raise ValueError(f"{clean(name)[:40]!r} is no platform: {', '.join(PLATFORMS)}.")
    if len(values) != len(known.keys):
        raise ValueError(f"Write {known.name} and then {' and '.join(known.keys)} (docs/access/{known.name}.md).")
    keys = dict(zip(known.keys, values, strict=True))
    if known.name == "youtube" and (found := CHANNEL.fullmatch(keys["channel_id"])):
        keys["channel_id"] = found[1]
    try:
        SourceConfig.model_validate({"platform": known.name, **keys})
    except ValidationError as error:
        raise ValueError(f"{first_problem(error)}.") from None
    return {"platform": known.name, **keys}


def name_for(platform: str, taken: object) -> str:
    """A name for the next source of the platform: `youtube`, `youtube-2` …"""
    number, names = 1, set(taken)  # type: ignore[call-overload]
    while (name := platform if number == 1 else f"{platform}-{number}") in names:
        number += 1
    return name


def secrets_of(answers: Answers) -> list[tuple[str, str]]:
    """The variables that hold what these answers will need, each with the page that says how to get it."""
    platforms = [PLATFORMS[keys["platform"]] for keys in answers.sources.values()]
    wanted = {
        (one.oauth_variable if one.oauth_is_enough else one.secret_variable): f"docs/access/{one.name}.md"
        for one in platforms
        if one.secret_variable
    }
    if answers.smtp and answers.smtp.username:
        wanted["ACTO_SMTP_PASSWORD"] = "the password of the mail server"  # noqa: S105
    return [(variable, where) for variable, where in wanted.items() if variable]
