"""Checks that cannot be loaded: the others judge without them, and what they leave unjudged is counted and said."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from datetime import datetime

from checks.catalogue import FOLDER, CheckError
from checks.runner import note_unloaded
from flows.report_words import count
from warehouse.store import Store


def count_missed(store: Store, run_id: str, faults: Collection[str], at: datetime) -> dict[str, int]:
    """How many versions of items each of the checks that cannot be loaded (by the names of their folders) has still to judge;
    that there are these checks is kept.
    """
    return note_unloaded(store, run_id, [FOLDER / name for name in faults], at)


def why_not_loaded(faults: Mapping[str, CheckError]) -> list[str]:
    """Of each check that cannot be loaded, that it could not be run, and why: `checks/o1_online_relationship/check.toml: …`, for
    where the program lies on its machine is nothing for a mail.
    """
    why = {name: str(fault).replace(f"{FOLDER.parent}{os.sep}", "").rstrip(".") for name, fault in faults.items()}
    return [f"The check {name} could not be run. {said}." for name, said in why.items()]


def what_is_missed(faults: Mapping[str, CheckError], missed: Mapping[str, int]) -> list[str]:
    """The same, and how many versions of items it leaves unjudged (`missed`), where that is known."""
    return [
        f"{why} "
        + (
            f"{count(missed[name], 'version of an item', 'versions of items')} could not be checked by it. "
            if missed.get(name)
            else ""
        )
        + "Until that is mended it judges nothing, and nothing is removed for its age."
        for name, why in zip(faults, why_not_loaded(faults), strict=True)
    ]
