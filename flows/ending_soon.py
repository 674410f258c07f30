"""What ends soon, for the report: tokens of the platforms, and what members have allowed only until a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from checks.permissions import Permission, read_permissions
from checks.roster import Roster
from flows.config import Config
from flows.remarks import DAYS_AHEAD, about_token
from flows.report_words import count

# For so long it is said that a permission has ended, in case a mail was not read.
DAYS_AFTER = 3
MOST = 5
WHAT = {
    "practice_email": "the e-mail address of their practice",
    "practice_phone": "the telephone number of their practice",
    "photo": "a photograph of them",
    "birthday": "their birthday",
    "private_email": "their private e-mail address",
    "private_phone": "their private telephone number",
    "home_address": "their home address",
    "health": "news of their health",
    "family": "news of their family",
    "finances": "their finances",
    "whereabouts": "their whereabouts",
}


def ending_soon(config: Config, today: date) -> list[str]:
    """A sentence for each token and permission that ends within DAYS_AHEAD of `today` (London) or has ended, the soonest
    first, tokens before permissions. No member is named: the roster says who has the number.

    Raises checks.roster.RosterError for a roster or register that cannot be read.
    """
    tokens = sorted(
        (source.token_expires, said)
        for source in config.sources.values()
        if source.token_expires and (said := about_token(source.platform, source.token_expires, today))
    )
    register, _ = read_permissions(config.permissions, Roster.load(config.roster))
    return list(dict.fromkeys(said for _, said in tokens)) + _permissions(register, today)


def _permissions(register: Sequence[Permission], today: date) -> list[str]:
    last = {one: one.until for one in register if one.until and _is_near(one, register, today)}
    said = [
        _said(one, until, today) for one, until in sorted(last.items(), key=lambda item: (item[1], item[0].member_id))
    ]
    if len(said) <= MOST:
        return said
    left = len(said) - MOST
    return [
        *said[:MOST],
        f"{count(left, 'more permission')} in the register {'ends' if left == 1 else 'end'} soon too.",
    ]


def _is_near(one: Permission, register: Sequence[Permission], today: date) -> bool:
    """Whether it ends about now, and none of the same kind goes on longer."""
    if one.until is None or not -DAYS_AFTER <= (one.until - today).days <= DAYS_AHEAD:
        return False
    return not any(
        (other.member_id, other.what) == (one.member_id, one.what) and (other.until is None or other.until > one.until)
        for other in register
    )


def _said(one: Permission, until: date, today: date) -> str:
    left = (until - today).days
    when = f"{until:%-d %b %Y}"
    if left < 0:
        ends = f"ended on {when}: what gives that away is judged again"
    elif left == 0:
        ends = "ends today"
    else:
        ends = f"ends in {count(left, 'day')}, on {when}"
    return f"The permission of member {one.member_id} to share {WHAT[one.what]} {ends}."
