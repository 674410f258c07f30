"""The command `acto`. Each command imports what it needs only when it runs, so that `acto --help` answers at once."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from connectors.item import Kind
from flows.exits import WRONG_USAGE, exit_in_words, worst
from flows.review_links import PORT

app = App(
    name="acto",
    help="Watches ACTO's social media presences and tells the Chair what to look at under the social media policy.",
    help_epilogue=(
        "Exit codes: 0 complete; 3 done, but something was not read or a mail is waiting; 1 failed; "
        "2 wrong usage or configuration. Everything is kept under $ACTO_HOME (default ./.acto)."
    ),
    help_format="plaintext",
    version_flags=["--version"],
)

Flag = Annotated[bool, Parameter(negative=())]
Clause = Literal["O1", "O2", "O3", "O4", "O5", "R1", "R2", "R3", "S1", "S2"]
Platform = Literal[
    "facebook", "instagram", "x", "linkedin", "youtube", "google", "trustpilot", "yelp", "feed", "webpage"
]  # fmt: skip
Decision = Literal[
    "dismiss", "ask-removal", "escalate", "resolve", "undo", "dismissed", "removal_asked", "escalated", "resolved"
]


@app.command
def demo() -> int:
    """Show the whole job with no account: scans an invented channel, writes the report, says what to try next."""
    from flows.demo import run_demo

    return run_demo()


@app.command
def scan(
    *,
    source: Annotated[list[str] | None, Parameter(negative=())] = None,
    since: date | None = None,
    until: date | None = None,
    no_email: Flag = False,
    dry_run: Flag = False,
    json: Flag = False,
) -> int:
    """Do the nightly job now: read the sources, judge what is new, send the report.

    Parameters
    ----------
    source
        Read only this source of acto.toml; may be given more than once.
    since
        Only threads begun on or after this day (London).
    until
        Only threads begun on or before this day (London).
    no_email
        Compose the report without sending it.
    dry_run
        Read and judge on a copy, show what it would say, and keep nothing.
    json
        Print the outcome as JSON.
    """
    from flows.beginning import accounted_for

    is_part_or_trial = source or since or until or no_email or dry_run
    with accounted_for(is_whole_night=not is_part_or_trial, is_kept=not dry_run):
        from flows.scanning import scan_now

        return scan_now(source or [], since, until, email=not no_email, dry_run=dry_run, as_json=json)


@app.command(name="import")
def import_(
    *files: Path,
    source: str = "import",
    map: Annotated[list[str] | None, Parameter(negative=())] = None,
    scan: Flag = False,
    json: Flag = False,
) -> int:
    """Land exports or files of items (JSON lines or CSV); judged on the next scan.

    Parameters
    ----------
    files
        Files of one item a line, or a row each.
    source
        The name under which the items are kept.
    map
        FIELD=COLUMN where a file calls a field something else, or FIELD==VALUE for a fixed value;
        COLUMN may be a path such as user.screen_name. May be given more than once.
    scan
        Check them at once, and report.
    json
        Print the outcome as JSON.
    """
    from flows.importing import import_files

    code = import_files(list(files), source, map or [], scanned_next=scan, as_json=json)
    if scan and code != WRONG_USAGE:
        from flows.beginning import accounted_for

        with accounted_for(is_whole_night=True):
            from flows.scanning import scan_now

            return worst(code, scan_now([], None, None, email=True, dry_run=False, as_json=json))
    return code


@app.command
def check(
    *ids: str,
    all_history: Flag = False,
    diff: Flag = False,
    text: str | None = None,
    role: Literal["public", "member", "official"] | None = None,
    parent: str | None = None,
    platform: Platform | None = None,
    kind: Kind | None = None,
    json: Flag = False,
) -> int:
    """Judge what is new, certain items again, or all of history again; with all checks, or some.

    Parameters
    ----------
    ids
        Checks (o1_online_relationship), clauses (O1) or items as in the view items (platform:id); beside --text no items.
    all_history
        Judge every version of every item again, now. Without it the nights do so after a check has changed.
    diff
        Only say what the checks as they are now would newly flag in all of history, and what they would no longer flag.
    text
        Try the checks on this text, and see why; nothing is kept.
    role
        Who would have posted that text: anybody (without it), a member, or ACTO itself.
    parent
        What that text would answer.
    platform
        Where that text would be posted; without it Facebook.
    kind
        What that text would be; without it a comment.
    json
        Print the outcome as JSON.
    """
    from flows.checking import check_again, show_difference, try_one_text
    from flows.config import ConfigError

    if text is not None:
        if diff or all_history:
            raise ConfigError("--text tries the checks on that text alone: leave out --diff and --all-history.")
        return try_one_text(
            text,
            ids,
            role=role or "public",
            parent=parent or "",
            platform=platform or "facebook",
            kind=kind or "comment",
            as_json=json,
        )
    if any(said is not None for said in (role, parent, platform, kind)):
        raise ConfigError(
            "--role, --parent, --platform and --kind say of a text who wrote it, what it answers, where and as what: add --text."
        )
    if diff:
        return show_difference(list(ids), as_json=json)
    return check_again(list(ids), all_history=all_history, as_json=json)


@app.command
def report(*, run: str | None = None, open: Flag = False) -> int:
    """Write a run's report again as a page, without sending it.

    Parameters
    ----------
    run
        The run's id, as in the view runs; without it the last one that has a report.
    open
        Open it in the browser.
    """
    from flows.desk import write_report_again

    return write_report_again(run, open_it=open)


@app.command
def flags(*, all: Flag = False, json: Flag = False) -> int:
    """List the open flags, the most urgent first.

    Parameters
    ----------
    all
        Also those that are decided.
    json
        Print them as JSON.
    """
    from flows.desk import list_flags

    return list_flags(also_decided=all, as_json=json)


@app.command
def item(item: str, *, json: Flag = False) -> int:
    """Show all that has happened to one item: its versions, what changed, flags, reports and decisions.

    Parameters
    ----------
    item
        The item, as in the view items and in `acto flags` (platform:id).
    json
        Print it as JSON.
    """
    from flows.showing import show_item

    return show_item(item, as_json=json)


@app.command
def decide(
    flag: str,
    decision: Decision,
    *,
    reason: str,
    expires: date | None = None,
) -> int:
    """Say what is to be done about a flag.

    Parameters
    ----------
    flag
        The flag's id, as in the report.
    decision
        What you decide.
    reason
        Why, in your words; it is kept.
    expires
        The day on which a dismissal ends and the flag opens again.
    """
    from flows.desk import decide_flag

    return decide_flag(flag, decision, reason, expires)


@app.command
def audit(
    item: str | None = None,
    *,
    missed: Annotated[list[Clause] | None, Parameter(negative=())] = None,
    fine: Flag = False,
    revision: int | None = None,
    json: Flag = False,
) -> int:
    """Look at unflagged items drawn at random: so that how much the checks miss has a number.

    Parameters
    ----------
    item
        The item to answer for; without it those that wait are listed.
    missed
        A clause under which it should have been flagged; may be given more than once.
    fine
        It was rightly left alone.
    revision
        The version of its text that you have read, as the list gives it; without it the newest that waits.
    json
        Print what waits, and what the audit has found, as JSON; without an item.
    """
    from flows.auditing import answer, show_audit
    from flows.config import ConfigError

    if item is None:
        if fine or missed or revision is not None:
            raise ConfigError(
                "Say for which item: acto audit ITEM --fine, or --missed. `acto audit` lists those that wait."
            )
        return show_audit(as_json=json)
    if json:
        raise ConfigError("--json goes with the list: leave it out, or the item.")
    return answer(item, missed or [], fine=fine, revision=revision)


@app.command
def retain(
    *,
    hold: str | None = None,
    release: str | None = None,
    reason: str | None = None,
    review_by: date | None = None,
    list: Flag = False,
    dry_run: Flag = False,
    json: Flag = False,
) -> int:
    """Remove what is past its time now, as each night does; or hold what nobody may lose.

    Parameters
    ----------
    hold
        An item (platform:id) or a flag: its item is kept until it is released.
    release
        An item, or a flag of it, that need not be held any longer.
    reason
        Why, in your words; it is kept.
    review_by
        The day by which somebody is to look at the hold again. It holds beyond that.
    list
        Show what is held.
    dry_run
        Only show what would be removed.
    json
        Print it as JSON.
    """
    from flows.retaining import retain as run

    return run(
        hold_item=hold,
        release_item=release,
        reason=reason,
        review_by=review_by,
        list_holds=list,
        dry_run=dry_run,
        as_json=json,
    )


@app.command
def erase(
    *,
    author: str | None = None,
    item: Annotated[list[str] | None, Parameter(negative=())] = None,
    platform: str | None = None,
    finish: Flag = False,
    yes: Flag = False,
) -> int:
    """Remove an item, or all that somebody wrote, for good: every byte of it, and it does not come back.

    Parameters
    ----------
    author
        Whose: an id, a handle or a name, or an item of theirs (platform:id).
    item
        Which item (platform:id); may be given more than once.
    platform
        Where the author writes, if more than one is called so.
    finish
        Go on with an erasure that was stopped.
    yes
        Do not ask.
    """
    from flows.erasing import erase as run

    return run(author, item or [], platform, finish=finish, yes=yes)


@app.command
def backup(where: Path | None = None, *, parquet: Flag = False) -> int:
    """Put everything into one encrypted file, also while a scan runs; without keys and secrets.

    Parameters
    ----------
    where
        The file, or a folder that is there; without it $ACTO_HOME/backups, of which the newest 7 stay.
    parquet
        Write the views as Parquet files instead, for other programs, to this folder or to $ACTO_HOME/exports.
    """
    from flows.backing_up import back_up, export

    return export(where) if parquet else back_up(where)


@app.command
def restore(file: Path, *, into: Path | None = None) -> int:
    """Make an empty folder what it was when a backup was made.

    Parameters
    ----------
    file
        The backup.
    into
        The folder; without it $ACTO_HOME. It may hold acto.toml and keys, but no history.
    """
    from flows.backing_up import restore_from

    return restore_from(file, into)


@app.command
def subject(*, author: str, platform: str | None = None) -> int:
    """Write down all that is held about a person, to be handed to them.

    Parameters
    ----------
    author
        Who: an id, a handle or a name, or an item of theirs (platform:id).
    platform
        Where they write, if more than one is called so.
    """
    from flows.subject import export_subject

    return export_subject(author, platform)


@app.command
def review(
    *,
    port: int = PORT,
    no_browser: Flag = False,
    set_password: str | None = None,
    remove_password: str | None = None,
) -> int:
    """Open the Chair's page in the browser: look at flags, decide, raise a concern, scan. On this machine alone, unless
    acto.toml says which proxy serves it to others (docs/review.md).

    Parameters
    ----------
    port
        Where it is served; 0 takes any port that is free.
    no_browser
        Only print the link.
    set_password
        Ask for the password with which somebody of this name signs in from another computer.
    remove_password
        Let nobody of this name sign in any more.
    """
    if set_password is not None or remove_password is not None:
        from flows.review import passwords

        return (
            passwords.set_password(set_password)
            if set_password is not None
            else passwords.remove_password(remove_password or "")
        )
    from flows.review.serving import serve_review

    return serve_review(port, browser=not no_browser)


@app.command
def init(*, home: Path | None = None) -> int:
    """Set up: six questions, each of which Enter skips; writes acto.toml, looks at the roster, and ends with the doctor.

    Parameters
    ----------
    home
        The folder to set up; without it $ACTO_HOME.
    """
    from flows.setup import set_up

    return set_up(home)


@app.command
def doctor(*, json: Flag = False) -> int:
    """Say what is set up and what is not, how to mend it, and which terms of the platforms apply. Nothing is changed or sent.

    Parameters
    ----------
    json
        Print it as JSON.
    """
    from flows.doctor import examine

    return examine(as_json=json)


keys = App(name="keys", help="Change the keys that the history is encrypted with, or show the readers' key.")
app.command(keys)


@keys.command
def rotate() -> int:
    """Write everything anew under new keys; the old ones open nothing any more. May be killed at any moment."""
    from flows.keys import rotate_keys

    return rotate_keys()


@keys.command
def show() -> int:
    """Print the SQL with which any DuckDB client opens the published history. It holds the readers' key: keep it to yourself."""
    from flows.keys import show_reader_key

    return show_reader_key()


@app.command
def verify(*, head: str | None = None, json: Flag = False) -> int:
    """Look whether everything is as it was captured, found and decided, and say where it is not.

    Parameters
    ----------
    head
        The seal at the foot of an earlier report: says whether the history is still the one that it was about.
    json
        Print the outcome as JSON.
    """
    from flows.verifying import verify_history

    return verify_history(head, as_json=json)


@app.command
def query(
    sql: str | None = None,
    *,
    list: Flag = False,
    format: Literal["table", "csv", "json", "xlsx"] | None = None,
    output: Path | None = None,
) -> int:
    """Ask the published history in SQL or by a ready question, read-only; also while a scan runs.

    Parameters
    ----------
    sql
        One SELECT over the views items, revisions, media, flags, decisions, runs, coverage, quarantine, checks, reports;
        or the name of a ready question.
    list
        List the ready questions; with the name of one, print its SQL instead of asking it.
    format
        How to write the answer: a table unless the name of the file says otherwise.
    output
        A new file to write the answer to (.csv, .json or .xlsx), not encrypted.
    """
    from flows.asking import ask, list_questions

    if list:
        return list_questions(sql)
    return ask(sql, format, output)


@app.command
def serve() -> int:
    """Serve the deployments of prefect.yaml from this machine: the nightly schedule, and ad-hoc scans from a form."""
    from flows.serving import serve_deployments

    return serve_deployments()


def main() -> None:
    """Entry point of the console script."""
    sys.exit(exit_in_words(app, sys.argv[1:]))
