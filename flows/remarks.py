"""What the report says of a source whatever was read of it: a token that ends soon, a check that its terms forbid."""

from __future__ import annotations

from datetime import date

from flows.report_words import count, platform
from warehouse.terms import rules

# Approval or a login may take days.
DAYS_AHEAD = 14


def remarks_on(platform_name: str, expires: date | None, today: date) -> tuple[str, ...]:
    """The sentences for a source of this platform whose token's last day is `expires` (None: not known)."""
    about = about_token(platform_name, expires, today)
    forbidden = [one.says for one in rules() if one.platform == platform_name and one.rule == "no_conclusions"]
    return tuple(([about] if about else []) + forbidden)


def about_token(platform_name: str, expires: date | None, today: date) -> str | None:
    """What to say of a token whose last day is `expires` (None: not known); None while there is time."""
    if expires is None:
        return None
    left = (expires - today).days
    if left > DAYS_AHEAD:
        return None
    when = (
        f"expires in {count(left, 'day')}"
        if left > 0
        else "expires today"
        if left == 0
        else f"expired {count(-left, 'day')} ago"
    )
    return f"The {platform(platform_name)} token {when}: renew it as docs/access/{platform_name}.md says."
