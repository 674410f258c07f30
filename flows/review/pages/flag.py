"""One flag: what was found and where, what has happened since, and the forms by which the Chair decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from flows.config import ConfigError
from flows.desk import end_of_dismissal
from flows.report_words import capitalised, clip, moment
from flows.review import removal
from flows.review.advice import advice_on
from flows.review.desk import Desk
from flows.review.highlighting import visible
from flows.review.history import Reading, Row
from flows.review.problems import not_found
from flows.review.rendering import page
from flows.review.sessions import Session
from flows.review.words import DONE, STATUSES
from flows.standing import Standing
from flows.standing import in_words as standing_in_words
from flows.unjudged import in_words, still_in_use
from warehouse.flags import DECISIONS, UNDONE

LONGEST_REASON, LONGEST_MESSAGE = 2_000, 6_000
# Its place among what queries/timeline.sql tells of one moment: after the flag, before the decision.
STANDING = 5
NOTHING_TO_UNDO = "There is no decision that could be taken back."
Form = Mapping[str, str]


def show(desk: Desk, session: Session, request: Request) -> Response:
    """The flag that the address names."""
    with desk.history.open() as reading:
        return _page(desk, session, reading, _find(reading, request))


def decide(desk: Desk, session: Session, request: Request, form: Form) -> Response:
    """Keep a decision with its reason. "Ask for removal" first leads to the text that is to be sent."""
    with desk.deciding, desk.history.open() as reading:
        flag = _find(reading, request)
        if changed := _changed(form, flag):
            return _page(desk, session, reading, flag, given=form, changed=changed, status=409)
        errors, expires_at = _problems_of(form)
        if errors:
            return _page(desk, session, reading, flag, given=form, errors=errors, status=422)
        if form["decision"] == "removal_asked":
            message = removal.message(flag, reading.row("item", item_key=flag["item_key"]) or {})
            return _removal_page(desk, session, reading, flag, {**form, "message": message}, {})
        desk.say(session,
            "decision", flag_id=flag["flag_id"], decision=form["decision"], text=form["reason"].strip(),
            expires_at=expires_at,
        )  # fmt: skip
    return _back(session, flag, f"{DONE[form['decision']]}. Your reason is kept with it.")


def ask_for_removal(desk: Desk, session: Session, request: Request, form: Form) -> Response:
    """Keep that removal is asked for, and the text with which: the program itself sends nothing."""
    with desk.deciding, desk.history.open() as reading:
        flag = _find(reading, request)
        if changed := _changed(form, flag):
            return _removal_page(desk, session, reading, flag, form, {}, changed=changed, status=409)
        found = {
            "message": _text_problem(form, "message", LONGEST_MESSAGE, "Write the text that you send"),
            "reason": _text_problem(form, "reason", LONGEST_REASON, "Say why you ask for removal"),
        }
        errors = {name: words for name, words in found.items() if words}
        if errors:
            return _removal_page(desk, session, reading, flag, form, errors, status=422)
        desk.say(session, "note", flag_id=flag["flag_id"], text=f"{removal.NOTE}\n\n{form['message'].strip()}")
        desk.say(
            session,
            "decision",
            flag_id=flag["flag_id"],
            decision="removal_asked",
            text=form["reason"].strip(),
            expires_at=None,
        )
    return _back(
        session, flag, "Kept. Now send the text: it stands under Notes, with a link that opens it in an e-mail."
    )


def undo(desk: Desk, session: Session, request: Request, form: Form) -> Response:
    """Take the last decision back; that it was made stays in the log."""
    with desk.deciding, desk.history.open() as reading:
        flag = _find(reading, request)
        if (changed := _changed(form, flag)) or flag["status"] not in DECISIONS:
            return _page(desk, session, reading, flag, changed=changed or NOTHING_TO_UNDO, status=409)
        desk.say(session, "decision", flag_id=flag["flag_id"], decision=UNDONE, text="Taken back.", expires_at=None)
    return _back(session, flag, "Taken back. The log still shows what was decided, and that it was taken back.")


def note(desk: Desk, session: Session, request: Request, form: Form) -> Response:
    """Keep a note."""
    with desk.history.open() as reading:
        flag = _find(reading, request)
        if words := _text_problem(form, "note", LONGEST_REASON, "Write a note first"):
            return _page(desk, session, reading, flag, given=form, errors={"note": words}, status=422)
        desk.say(session, "note", flag_id=flag["flag_id"], text=form["note"].strip())
    return _back(session, flag, "Your note is kept.")


def _find(reading: Reading, request: Request) -> Row:
    flag = reading.row("flag", flag_id=request.path_params["flag_id"])
    if flag is None:
        raise not_found("There is no flag at this address. It may have been erased. Go to the inbox.")
    flag |= reading.rows("flag_text", revision_id=flag["revision_id"], item_key=flag["item_key"])[0]
    # Another one after everything that a decision must know of.
    return flag | {"version": f"{flag['newest_revision']}.{flag['decisions']}.{flag['status']}"}


def _changed(form: Form, flag: Row) -> str:
    """What has happened to the flag since the page was shown on which the form was filled in; "" where nothing has."""
    if form.get("version") == flag["version"]:
        return ""
    revision, decisions, _ = (form.get("version", "").split(".") + [""] * 3)[:3]
    said = []
    if decisions != str(flag["decisions"]) and flag["said"]:
        who = f"{DONE.get(flag['said'], flag['said'])} by {clip(flag['decided_by'], 100)}, {moment(flag['said_at'])}"
        said.append(f"{who}: “{visible(flag['decision_reason'] or '').strip()}”")
    if revision != str(flag["newest_revision"]):
        said.append("The text was edited.")
    return " ".join(said) or f"It now stands so: {STATUSES[flag['status']]}."


def _problems_of(form: Form) -> tuple[dict[str, str], datetime | None]:
    """What is wrong with a decision, by field; and when a dismissal ends."""
    errors: dict[str, str] = {}
    decision = form.get("decision", "")
    if decision not in DECISIONS:
        errors["decision"] = "Choose what you decide"
    if words := _text_problem(form, "reason", LONGEST_REASON, "Say why, in a sentence"):
        errors["reason"] = words
    expires_at = None
    if given := form.get("until", "").strip():
        if decision and decision != "dismissed":
            errors["until"] = "Only a dismissal can end on a day: leave the day empty, or choose Dismiss"
        try:
            expires_at = end_of_dismissal(date.fromisoformat(given))
        except (ValueError, OverflowError):
            errors["until"] = "Write the day as 31/01/2027, or leave it empty"
        except ConfigError:
            errors["until"] = "The day must not be over"
    return errors, expires_at


def _text_problem(form: Form, name: str, longest: int, missing: str) -> str | None:
    text = form.get(name, "").strip()
    return missing if not text else f"Write at most {longest:,} characters" if len(text) > longest else None


def _back(session: Session, flag: Row, said: str) -> Response:
    session.said = said
    return RedirectResponse(f"/flags/{quote(flag['flag_id'], safe='')}", 303)


def _page(
    desk: Desk,
    session: Session,
    reading: Reading,
    flag: Row,
    *,
    given: Form | None = None,
    errors: Mapping[str, str] | None = None,
    changed: str = "",
    status: int = 200,
) -> Response:
    """`given` is what was typed and is not kept yet: `errors` say by field why, or `changed` what has happened meanwhile."""
    item = reading.row("item", item_key=flag["item_key"]) or {}
    notes = reading.rows("notes", flag_id=flag["flag_id"])
    standings = [Standing(**row) for row in reading.rows("standings", item_key=flag["item_key"])]
    own = [one for one in standings if one.flag_id == flag["flag_id"]]
    return page(
        "flag",
        session=session,
        reading=reading,
        desk=desk,
        status=status,
        flag=flag,
        item=item,
        thread=reading.rows(
            "thread", **{name: item.get(name) for name in ("item_id", "parent_id", "thread_id", "created_at")}
        ),
        others=reading.rows("other_flags", item_id=flag["item_id"], flag_id=flag["flag_id"]),
        unjudged=in_words(still_in_use(reading.rows("unjudged", item_key=flag["item_key"]))),
        stands=_sentence(own[-1]) if own else "",
        events=_events(reading.rows("timeline", item_key=flag["item_key"]), standings),
        notes=[one | {"mail": removal.as_mail(one["text"])} for one in notes],
        advice=advice_on(flag["check_id"]),
        following=reading.row("next_flag", **{name: flag[name] for name in ("rank", "flagged_at", "flag_id")}),
        author=_author(item),
        given=given or {},
        errors=errors or {},
        changed=changed,
    )


def _removal_page(
    desk: Desk,
    session: Session,
    reading: Reading,
    flag: Row,
    given: Form,
    errors: Mapping[str, str],
    changed: str = "",
    status: int = 200,
) -> Response:
    item = reading.row("item", item_key=flag["item_key"]) or {}
    return page(
        "removal", session=session, reading=reading, desk=desk, status=status, flag=flag, item=item, given=given,
        errors=errors, changed=changed,
    )  # fmt: skip


def _events(events: list[Row], standings: list[Standing]) -> list[Row]:
    """The rows of queries/timeline.sql, and between them the times when a flag was lost or found again."""
    told = [
        {"at": one.at, "place": STANDING, "what": _sentence(one), "by": "", "detail": one.title, "waits": False}
        for one in standings
    ]
    return sorted([*events, *told], key=lambda event: (event["at"], event["place"]))


def _sentence(standing: Standing) -> str:
    """Without its full stop."""
    return capitalised(standing_in_words(standing))


def _author(item: Mapping[str, Any]) -> str:
    """The name and, where it says more, the handle."""
    names = list(dict.fromkeys(name for name in (item.get("author_name"), item.get("author_handle")) if name))
    return f"{names[0]} ({names[1]})" if len(names) > 1 else "".join(names)
