"""What is said, in the terminal and on Prefect's page, while another run holds the history."""

from __future__ import annotations

from logging import INFO, WARNING

from flows.progress import logger
from flows.report_words import capitalised, moment
from warehouse.lease import Holder


def tell_who_holds_it(holder: Holder) -> None:
    """Say whose turn it is, and that this run waits; or that the holder hangs, and what becomes of it."""
    logger.log(*_said(holder, "This one waits for it to end."))


def tell_that_it_is_joined(holder: Holder) -> None:
    """The same, where this run wants no more than the other does."""
    logger.log(*_said(holder, "It does the same: this one waits, and will show what it finds."))


def _said(holder: Holder, meanwhile: str) -> tuple[int, str]:
    who = f"the {holder.what} of process {holder.pid}" if holder.pid else "another run"
    since = f" since {moment(holder.since)}" if holder.since else ""
    if not holder.hangs:
        return INFO, f"{capitalised(who)} has been under way{since}. {meanwhile}"
    if holder.is_ours:
        return WARNING, (
            f"{capitalised(who)}, under way{since}, has not moved for a long time. It is ended now, and this run goes on. "
            "What it had read is kept."
        )
    return WARNING, (
        f"{capitalised(who)}, under way{since}, has not moved for a long time, and cannot be ended from here. End it, and "
        "this run goes on."
    )
