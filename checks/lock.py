"""The lock: what each check judges by at its version. An edit that could change a judgement needs a new version.

Only so does it hold what is kept as judged: at a new version everything in the history is judged again, at an old one nothing is.

    python -m checks.lock           write checks.lock, where every changed check has a new version
    python -m checks.lock --bump    give every changed check its next version first
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from checks.catalogue import FOLDER, Check, load_checks
from warehouse.terms import rules

LOCK = FOLDER / "checks.lock"
# Every check judges by these too.
SHARED = (
    "catalogue.py", "disguised_addresses.py", "disguised_numbers.py", "disguises.py", "entities.py", "formats.py", "gate.py",
    "judging.py", "naming.py", "phrases.py", "plain_letters.py", "preparing.py", "published.py", "roster.py", "suggesting.py",
    "telephone.py", "validators.py", "weighing.py", "scorer/inputs.py", "scorer/scorer.py", "scorer/model/model.json",
    "../warehouse/gate.py", "../warehouse/statements/to_judge.sql",
)  # fmt: skip
# And by what the platforms' terms let it conclude and match.
BINDING = ("no_conclusions", "match_by_consent")


@dataclass(frozen=True, slots=True)
class Locked:
    """What the lock holds of a check."""

    version: int
    fingerprint: str


def fingerprint(check: Check) -> str:
    """SHA-256 over all that a judgement depends on: scope, severity, gate, transform with the modules beside it, and the modules
    shared by all.
    """
    about = check.about.model_dump_json(include={"clause", "scope", "scored", "severity", "gate", "reasons"})
    transforms = sorted([*check.folder.glob("*.sql"), *check.folder.glob("*.py")])
    binding = sorted(f"{one.platform} {one.rule} {one.value}" for one in rules() if one.rule in BINDING)
    files = [*transforms, *(FOLDER / name for name in SHARED)]
    parts = [about.encode(), repr(binding).encode(), *(path.read_bytes() for path in files)]
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def read_lock(path: Path = LOCK) -> dict[str, Locked]:
    """The lock's lines, `check_id version fingerprint`, by check_id; empty where there is no file."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    cells = [line.split() for line in lines]
    return {check_id: Locked(int(version), digest) for check_id, version, digest in cells}


def unlocked(checks: Sequence[Check], lock: dict[str, Locked]) -> list[str]:
    """In a sentence each, what the lock does not hold: changed, new and missing checks."""
    sentences = [f"{check_id} is in the lock, but there is no such check." for check_id in lock.keys() - _ids(checks)]
    for check in checks:
        held = lock.get(check.id)
        if held is None:
            sentences.append(f"{check.id} is new.")
        elif held.fingerprint != fingerprint(check):
            sentences.append(f"{check.id} has changed since version {held.version}.")
        elif held.version != check.about.version:
            sentences.append(
                f"{check.id} has version {check.about.version}, but nothing has changed since {held.version}."
            )
    return sorted(sentences)


def without_new_version(checks: Sequence[Check], lock: dict[str, Locked]) -> list[Check]:
    """The checks that have changed and still have the version of the lock, or an older one."""
    return [
        check
        for check in checks
        if check.id in lock
        and lock[check.id].fingerprint != fingerprint(check)
        and check.about.version <= lock[check.id].version
    ]


def main(arguments: Sequence[str]) -> int:
    """Write the lock; 1 and a sentence for each check that has changed without a new version."""
    checks, lock = load_checks(), read_lock()
    stale = without_new_version(checks, lock)
    if stale and "--bump" in arguments:
        for check in stale:
            _set_version(check.folder / "check.toml", lock[check.id].version + 1)
        checks = load_checks()
        stale = without_new_version(checks, lock)
    for check in stale:
        print(f"{check.id} has changed: give it version {lock[check.id].version + 1} in {check.folder / 'check.toml'}.")
    if stale:
        return 1
    lines = [f"{check.id} {check.about.version} {fingerprint(check)}\n" for check in checks]
    LOCK.write_text("".join(lines), encoding="utf-8")
    return 0


def _ids(checks: Sequence[Check]) -> set[str]:
    return {check.id for check in checks}


def _set_version(path: Path, version: int) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^version = \d+$", f"version = {version}", text, count=1), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
