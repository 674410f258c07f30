"""`acto subject`: all that is held about one person, to be handed to them (UK GDPR article 15)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from checks.roster import Member
from flows.config import ConfigError, config_or_default, default_home
from flows.exits import COMPLETE
from flows.masking import clean
from flows.people import known_people
from flows.progress import shown
from flows.report_words import count, moment
from flows.report_words import platform as platform_name
from flows.templating import TEMPLATES
from flows.waiting import tell_who_holds_it
from warehouse.files import private_folder, put_in_place
from warehouse.formats import to_text
from warehouse.raw import slug
from warehouse.store import Store, open_store
from warehouse.subjects import Author, find_authors, held_about


def export_subject(who: str, platform: str | None) -> int:
    """Write what is held about the account that `who` names to a folder of its own and say where; 0.

    Raises ConfigError where nobody, or more than one, is called so.
    """
    home = default_home()
    roster = known_people(config_or_default(home))
    with shown(), open_store(home, what="subject access", on_wait=tell_who_holds_it) as store:
        author = the_author(store, who, platform)
        held = held_about(store, author)
        # Still in here: an erasure that came between would leave what is written after it.
        handles = {handle.casefold().lstrip("@") for handle in author.handles}
        held["the roster file"] = [_as_row(member) for member in roster.members if _is(member, author, handles)]
        at = datetime.now(UTC)
        folder = home / "subjects" / f"{slug(f'{author.platform}_{author.account}')}-{at:%Y%m%dT%H%M%SZ}"
        private_folder(folder)
        known_as = ", ".join(dict.fromkeys([*author.names, *author.handles, author.account]))
        page = TEMPLATES.get_template("subject.html.j2").render(
            name=clean(known_as), platform=platform_name(author.platform), at=moment(at), held=held, shown=_shown
        )
        record = {"platform": author.platform, "account": author.account, "written_at": at, **held}
        _write(folder / "subject.html", page.encode("utf-8", "replace"))
        _write(folder / "subject.json", orjson.dumps(record, option=orjson.OPT_INDENT_2, default=str))
    print(f"{count(len(author.items), 'item')} and what belongs to them: {folder / 'subject.html'}")
    print("Hand it to nobody but this person, and remove the folder when you have: it is not removed by itself.")
    return COMPLETE


def the_author(store: Store, who: str, platform: str | None) -> Author:
    """The one account that `who` names. Raises ConfigError where there is none, or where it must be said which."""
    found = find_authors(store, who, platform)
    if not found:
        raise ConfigError(
            f"Nobody called {who!r} has written anything that is held. Try an id, a handle or a name, or "
            "an item of theirs, as in the view items: platform:id."
        )
    if len(found) > 1:
        lines = [
            f"  {one.platform}  {clean(one.account)}  {clean(', '.join([*one.names, *one.handles]))}  "
            f"({count(len(one.items), 'item')}, such as {clean(one.items[0])})"
            for one in found
        ]
        raise ConfigError(
            "\n".join(
                [
                    f"{len(found)} accounts are called {who!r}:",
                    *lines,
                    "Say which: --platform PLATFORM --author ID, or, of one that has no id, an item of it: --author PLATFORM:ID",
                ]
            )
        )
    return found[0]


def _is(member: Member, author: Author, handles: set[str]) -> bool:
    handle = member.handles.get(author.platform, "").casefold().lstrip("@")
    names = {name.casefold() for name in author.names}
    return bool(handle and handle in handles) or any(name.casefold() in names for name in member.names())


def _as_row(member: Member) -> dict[str, Any]:
    return {
        "member_id": member.member_id,
        "name": member.name,
        "known_as": member.known_as,
        "role": member.role,
        "handles": dict(member.handles),
        "practice_email": member.practice_email,
        "practice_phone": member.practice_phone,
        "permitted": list(member.permitted),
        "matched_on": list(member.matched_on),
    }


def _shown(value: Any) -> str:
    return clean(to_text(value))


def _write(path: Path, content: bytes) -> None:
    fresh = path.with_suffix(".part")
    fresh.touch(mode=0o600)
    fresh.write_bytes(content)
    put_in_place(fresh, path)
