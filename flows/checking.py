"""`acto check`: judge again, see what a changed check would change, or try the checks on one text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime

import pandas as pd
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from checks.catalogue import FOLDER, Check, CheckError, loadable_checks, said_by
from checks.due import count_new, count_older, everything
from checks.explaining import Explanation, explain
from checks.findings import Finding
from checks.judging import NEAR, all_findings, judge_rows
from checks.preparing import text_row
from checks.runner import Difference, compare, note_loaded, run_checks
from checks.scorer.scorer import default_scorer
from flows.config import ConfigError, config_or_default, default_home
from flows.desk import published_history
from flows.exits import COMPLETE, INCOMPLETE
from flows.log_file import logged, name_run
from flows.masking import clean
from flows.people import known_people
from flows.progress import shown, working
from flows.publishing import publish_shown
from flows.recheck import Rechecked, recheck
from flows.report_words import count
from flows.report_words import platform as platform_name
from flows.showing import unknown_item
from flows.unloaded import count_missed, what_is_missed, why_not_loaded
from flows.unread import hint
from flows.waiting import tell_who_holds_it
from warehouse.flags import replace_handles
from warehouse.judged import count_versions, unknown_items
from warehouse.query import published
from warehouse.ranges import joined
from warehouse.runs import end_run, start_run
from warehouse.store import Store, open_store
from warehouse.terms import terms_of


def try_one_text(
    text: str,
    ids: Sequence[str] = (),
    *,
    role: str,
    parent: str,
    platform: str = "facebook",
    kind: str = "comment",
    as_json: bool,
) -> int:
    """Print what the checks say of `text` and why, as if somebody of that role had posted it there, as a comment or what
    `kind` says, in answer to `parent`; nothing is kept. `ids` narrow it to some checks, by their id or by clause. Checks that
    the platform's terms keep from a scan answer as of an import, and that is said. As JSON: the flags, then what came near to
    one, with `flagged` false. The exit code is 3 where a check could not be loaded or run, which is said on standard error.
    Raises ConfigError for an id that names no check and for a text of blanks alone; checks.scorer.scorer.ScorerError where the
    scorer cannot be loaded.
    """
    checks, items, faults = _named(ids, *loadable_checks())
    if items:
        raise ConfigError(
            f"--text tries the checks on that text alone: leave out {', '.join(map(repr, items))}, or --text."
        )
    if not text.strip():
        raise ConfigError("The text is empty: put it in quotation marks behind --text.")
    roster, scorer = known_people(config_or_default(default_home())), default_scorer()
    row = text_row(text, roster=roster, author_role=role, parent_text=parent, platform=platform, kind=kind)
    rows = pd.DataFrame([row])
    judgement = judge_rows(rows, checks, roster, scorer)
    found, problems = all_findings(judgement, checks), why_not_loaded(faults) + judgement.troubles()
    able = [check for check in checks if check.id not in judgement.problems]
    # What a scorer that fails would say nobody can explain.
    explained = [] if judgement.unscored else explain(rows, able, roster, scorer)
    reasons = {one.check_id: one for one in explained}
    near = [one for one in reasons.values() if one.together >= NEAR * one.threshold]
    near = [one for one in near if one.check_id not in {finding.check_id for finding in found}]
    notes = {clause: _not_scanned(platform) for clause in terms_of(platform).no_conclusions}
    if as_json:
        records = [
            _as_record(one) | {"flagged": True} | _told_beside(one.clause, reasons.get(one.check_id), notes)
            for one in found
        ]
        records += [_as_near_record(one) | _told_beside(one.clause, one, notes) for one in near]
        print(json.dumps(records, ensure_ascii=False, indent=2))
        return _told(problems)
    if not found:
        asked = "None of the checks that you name" if ids else "No check"
        said = "What could be run flags nothing in this text." if problems else f"{asked} flags this text."
        print(f"{said} {hint(text)}".strip())
    _show(found, reasons, notes)
    for one in near:
        said = " ".join(filter(None, [clean(one.in_words), notes.get(one.clause)]))
        Console(highlight=False).print(Text(f"{one.clause}  not flagged, but near. {said}", style="dim"))
    return _told(problems)


def check_again(ids: list[str], *, all_history: bool, as_json: bool) -> int:
    """Judge what is new, or all of history.

    `ids` narrow it to some checks (by their id, or by clause) and to some items (platform:id), which are judged whatever
    has been judged before. The exit code is 3 where a check could not be loaded or run.
    Raises ConfigError for an id that names neither, or an item that does not exist.
    """
    there = loadable_checks()
    checks, items, faults = _named(ids, *there)
    home = default_home()
    config = config_or_default(home)
    roster = known_people(config)
    with logged(home, "check"), shown(bars=not as_json):
        with open_store(home, what="re-check", on_wait=tell_who_holds_it) as store:
            _refuse_unknown(store, items)
            replace_handles(store, roster.handles(config.official))
            now = datetime.now(UTC)
            run_id = start_run(store, "check", now)
            name_run(run_id)
            # Also those that are not asked for: what some have judged is not older than the others.
            note_loaded(store, run_id, there[0], now)
            missed = count_missed(store, run_id, there[1], now)
            unable = what_is_missed(faults, {} if items else missed)
            with working("Judging", of=0 if items else count_new(store, checks)) as work:
                judged = run_checks(
                    store,
                    run_id,
                    roster=roster,
                    checks=checks,
                    at=now,
                    item_ids=items or None,
                    on_slice=lambda judged: work.at(judged, f"{judged:,} judged"),
                )
            problems = unable + judged.problems
            end_run(store, run_id, "partial" if problems else "complete", " ".join(problems), datetime.now(UTC))
            publish_shown(store)
            left = count_older(store, checks)
        done = Rechecked(judged.revisions, judged.flags_new, judged.flags_withdrawn, problems=problems)
        stopped = False
        if all_history and not items and not judged.failed:
            # What was new a moment ago is read once more with the rest, and counted once.
            again = recheck(home, roster, checks, all_history=True)
            stopped = not again.done and not again.problems
            done = replace(
                again,
                problems=list(dict.fromkeys(done.problems + again.problems)),
                flags_new=done.flags_new + again.flags_new,
                flags_withdrawn=done.flags_withdrawn + again.flags_withdrawn,
            )
    if as_json:
        record = {"judged": done.judged, "flags_new": done.flags_new, "flags_withdrawn": done.flags_withdrawn}
        print(json.dumps({**record, "problems": done.problems}, ensure_ascii=False, indent=2))
    else:
        print(
            f"{count(done.judged, 'version of an item', 'versions of items')} judged: "
            f"{count(done.flags_new, 'new flag')}, {done.flags_withdrawn:,} no longer found."
        )
        if stopped:
            print("Stopped before the end; what was judged until now is kept.")
        elif left and not all_history:
            older = count(left, "older version is", "older versions are")
            print(
                f"{older} still to be judged again with the changed checks: the nights do so, or acto check --all-history."
            )
    return _told(done.problems)


def show_difference(ids: list[str], *, as_json: bool) -> int:
    """Say what judging every version in the published history again would change; nothing is written, and no run waits for
    it. `ids` as in `check_again`. Who wrote what is told by the roster of the last run.
    """
    checks, items, faults = _named(ids, *loadable_checks())
    roster = known_people(config_or_default(default_home()))
    with shown(bars=not as_json), published(published_history()) as store:
        _refuse_unknown(store, items)
        there = joined(one for ranges in everything(store, checks).values() for one in ranges)
        with working("Judging", of=0 if items else count_versions(store, there)) as work:
            changed = compare(
                store,
                roster=roster,
                checks=checks,
                item_ids=items or None,
                on_slice=lambda judged: work.at(judged, f"{judged:,} judged"),
            )
    changed = replace(changed, problems=why_not_loaded(faults) + changed.problems)
    if as_json:
        record = {
            "newly_flagged": [_as_record(finding) for finding in changed.newly_flagged],
            "no_longer_flagged": [
                _as_record(finding) | {"decision": changed.decided.get(finding)}
                for finding in changed.no_longer_flagged
            ],
        }
        print(json.dumps({**record, "problems": changed.problems}, ensure_ascii=False, indent=2))
    else:
        _show_difference(changed)
    return _told(changed.problems)


def _told(problems: list[str]) -> int:
    """The exit code, once the problems have been said on standard error."""
    for problem in problems:
        Console(stderr=True).print(problem, style="yellow", markup=False)
    return INCOMPLETE if problems else COMPLETE


def _named(
    ids: Sequence[str], checks: Sequence[Check], faults: Mapping[str, CheckError]
) -> tuple[list[Check], list[str], dict[str, CheckError]]:
    """Of the checks, the items, and of the checks that cannot be loaded (`faults`: why not, by the names of their folders), those
    that `ids` name; where no check is named, all of them.
    """
    items = [one for one in ids if ":" in one]
    wanted = {one for one in ids if ":" not in one}
    called = {check.id: {check.id, check.about.clause} for check in checks}
    called |= {name: {name, said_by(FOLDER / name)["clause"]} for name in faults}
    for one in ids:
        if one in wanted and not any(one in names for names in called.values()):
            raise ConfigError(f"{one!r} is no check, and no item (platform:id). Checks: {', '.join(sorted(called))}.")
    named = {name for name, names in called.items() if not wanted or names & wanted}
    unable = {name: fault for name, fault in faults.items() if name in named}
    return [check for check in checks if check.id in named], items, unable


def _refuse_unknown(store: Store, items: list[str]) -> None:
    """Raises ConfigError for an item that the history does not have, with what may be meant."""
    if unknown := unknown_items(store, items):
        raise ConfigError(unknown_item(published_history(), unknown[0], command="check"))


def _as_record(finding: Finding) -> dict[str, object]:
    return {
        "item_id": finding.item_id,
        "check_id": finding.check_id,
        "clause": finding.clause,
        "severity": finding.severity,
        "score": finding.score,
        "evidence": finding.evidence,
        "start_char": finding.start_char,
        "end_char": finding.end_char,
        "reason": finding.reason,
    }


def _as_near_record(near: Explanation) -> dict[str, object]:
    """What came near to a flag, with the fields of a finding; those that only a flag has are null."""
    return {
        "item_id": "text",
        "check_id": near.check_id,
        "clause": near.clause,
        "severity": None,
        "score": near.together,
        "evidence": near.words,
        "start_char": None,
        "end_char": None,
        "reason": f"Not flagged, but near. {near.in_words}",
        "flagged": False,
    }


def _told_beside(clause: str, because: Explanation | None, notes: Mapping[str, str]) -> dict[str, object]:
    """What a record says beside the finding; null what there is not."""
    return {"because": asdict(because) if because else None, "note": notes.get(clause)}


def _not_scanned(platform: str) -> str:
    """That the platform's terms keep a check from a scan, to whom it has just answered."""
    name = platform_name(platform)
    return f"Of what a scan reads on {name} this check is not run ({name}'s terms)."


def _show(found: list[Finding], reasons: dict[str, Explanation], notes: Mapping[str, str]) -> None:
    console = Console(highlight=False)
    for finding in found:
        console.print(f"{finding.clause}  {finding.title} ({finding.severity})", style="bold", markup=False)
        console.print(Padding(Text(f"“{clean(finding.evidence)}”"), (0, 0, 0, 4)))
        console.print(Padding(Text(finding.reason), (0, 0, 0, 4)))
        if because := reasons.get(finding.check_id):
            console.print(Padding(Text(clean(because.in_words), style="dim"), (0, 0, 0, 4)))
        if note := notes.get(finding.clause):
            console.print(Padding(Text(note), (0, 0, 0, 4)))


def _show_difference(changed: Difference) -> None:
    console = Console(highlight=False)
    if changed.problems:
        console.print("These figures are without what could not be done:", style="bold")
        for problem in changed.problems:
            console.print(f"  {problem}", markup=False)
    dismissed = [one for one in changed.no_longer_flagged if changed.decided.get(one) == "dismissed"]
    lost = [one for one in changed.no_longer_flagged if one not in dismissed]
    for words, findings in (("would newly flag", changed.newly_flagged), ("would no longer flag", lost)):
        console.print(f"The checks as they are now {words}: {len(findings):,}", style="bold")
        for finding in findings:
            decided = f", {changed.decided[finding].replace('_', ' ')}" if finding in changed.decided else ""
            console.print(
                f"  {finding.clause}  {finding.severity}{decided}  {clean(finding.item_id)}  “{clean(finding.evidence)}”  "
                f"{finding.reason}",
                markup=False,
            )
    if dismissed:
        console.print(f"Dismissed already, and no longer flagged either: {len(dismissed):,}", style="bold")
    console.print("Nothing was changed.")
