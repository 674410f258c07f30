"""What ends soon is in the report while there is time: an expired token stops a source, an ended permission makes flags."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

from connectors.sandbox import ROSTER
from flows.config import load_config
from flows.ending_soon import ending_soon

TODAY = date(2026, 11, 21)
CHANNEL = '[sources.{name}]\nplatform = "youtube"\nchannel_id = "x"\ntoken_expires = {expires}\n'


def said(home: Path, permissions: str = "", sources: str = "") -> list[str]:
    """What is said with this register and these sources."""
    shutil.copy(ROSTER, home / "roster.csv")
    (home / "permissions.csv").write_text(f"member_id,what,until\n{permissions}", encoding="utf-8")
    text = f'[people]\nroster = "roster.csv"\npermissions = "permissions.csv"\n{sources}'
    (home / "acto.toml").write_text(text, encoding="utf-8")
    return ending_soon(load_config(home), TODAY)


def members() -> list[tuple[str, str]]:
    """Number and name of the members in the sandbox's roster."""
    return [tuple(line.split(",")[:2]) for line in ROSTER.read_text(encoding="utf-8").splitlines()[1:]]  # type: ignore[misc]


def test_tokens_are_told_in_time_and_after(home: Path) -> None:
    """The soonest first; two sources that share a token are one thing to do."""
    days = {"late": 14, "soon": 3, "twin": 3, "over": -2, "far": 15}
    sources = "".join(CHANNEL.format(name=name, expires=TODAY + timedelta(days=ahead)) for name, ahead in days.items())
    assert said(home, sources=sources) == [
        "The YouTube token expired 2 days ago: renew it as docs/access/youtube.md says.",
        "The YouTube token expires in 3 days: renew it as docs/access/youtube.md says.",
        "The YouTube token expires in 14 days: renew it as docs/access/youtube.md says.",
    ]


def test_permissions_are_told_without_a_name_and_only_if_nothing_goes_on(home: Path) -> None:
    """A mail to renew what was renewed long ago teaches the Chair to overlook the next one."""
    (first, name), (second, _) = members()[:2]
    lines = [
        f"{first},photo,2026-11-30", f"{first},birthday,2026-11-21", f"{second},health,2026-11-19",
        f"{second},family,2026-11-25", f"{second},family,2027-11-25", f"{second},photo,2026-11-25", f"{second},photo,",
        f"{first},whereabouts,2026-12-06", f"{first},finances,2026-11-17",
    ]  # fmt: skip
    told = said(home, "\n".join(lines))
    assert told == [
        f"The permission of member {second} to share news of their health ended on 19 Nov 2026: what gives that away is "
        "judged again.",
        f"The permission of member {first} to share their birthday ends today.",
        f"The permission of member {first} to share a photograph of them ends in 9 days, on 30 Nov 2026.",
    ]
    assert name not in " ".join(told)


def test_many_permissions_are_counted(home: Path) -> None:
    lines = [f"{member},photo,2026-11-{day}" for day, (member, _) in zip(range(22, 30), members(), strict=False)]
    told = said(home, "\n".join(lines))
    assert len(told) == 6 and told[-1] == f"{len(lines) - 5} more permissions in the register end soon too."


def test_nothing_that_ends_is_nothing_said(home: Path) -> None:
    assert said(home) == []
