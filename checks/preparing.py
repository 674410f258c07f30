"""Rows made ready to be judged: texts made plain, entities and people found."""

from __future__ import annotations

from typing import Any

import pandas as pd

from checks.plain_letters import folded
from checks.roster import Roster
from checks.validators import Validated, Validators
from warehouse.terms import terms_of


def text_row(
    text: str,
    *,
    roster: Roster,
    revision_id: int = 1,
    item_id: str = "text",
    platform: str = "facebook",
    kind: str = "comment",
    author_name: str = "",
    author_handle: str = "",
    author_role: str = "public",
    parent_text: str = "",
    rating: float | None = None,
) -> dict[str, Any]:
    """A text that lies in no history as a row of `to_judge`."""
    return {
        "revision_id": revision_id,
        "item_id": item_id,
        "revision": 1,
        "source": "",
        "platform": platform,
        "kind": kind,
        "thread_id": "",
        "parent_id": "",
        "author_id": "",
        "author_name": author_name,
        "author_handle": author_handle,
        "author_role": author_role,
        "author_member_id": roster.member_at(platform, author_handle),
        "text": text,
        "parent_text": parent_text,
        "parent_author_role": "",
        "rating": rating,
        "created_at": None,
        "by_api": False,
        "to_validate": True,
    }


def prepare(rows: pd.DataFrame, roster: Roster) -> pd.DataFrame:
    """The rows with what is needed to judge them: the text in plain form (`normalised`, with the way back, and
    `normalised_text`), the `entities` and `people` of the roster in it, why these could not be looked for (`faulty`), and the
    `parent_people` in what it answers.
    """
    validators = Validators(roster)
    validated = [
        _validated(validators, text, parent, role) if to_validate else Validated(folded(text), [], [])
        for text, parent, role, to_validate in zip(
            rows.text.tolist(),
            rows.parent_text.tolist(),
            rows.author_role.tolist(),
            rows.to_validate.tolist(),
            strict=True,
        )
    ]
    people = [
        _recognised(one.people, platform, by_api, roster)
        for one, platform, by_api in zip(validated, rows.platform.tolist(), rows.by_api.tolist(), strict=True)
    ]
    # A text that names nobody may speak of whom the one that it answers names.
    answered = [
        _recognised(_named(parent, roster), platform, by_api, roster)
        for parent, platform, by_api in zip(
            rows.parent_text.tolist(), rows.platform.tolist(), rows.by_api.tolist(), strict=True
        )
    ]
    return rows.assign(
        parent_people=pd.Series(answered, index=rows.index, dtype="object"),
        normalised=pd.Series([one.plain for one in validated], index=rows.index, dtype="object"),
        normalised_text=pd.Series([one.plain.text for one in validated], index=rows.index, dtype="object"),
        entities=pd.Series([one.entities for one in validated], index=rows.index, dtype="object"),
        people=pd.Series(people, index=rows.index, dtype="object"),
        faulty=pd.Series([one.faulty for one in validated], index=rows.index, dtype="object"),
    )


def _validated(validators: Validators, text: str, parent: str, role: str) -> Validated:
    """What a text holds; one on which the validators fail is judged by its words all the same, and costs no other text."""
    plain = folded(text)
    try:
        return validators.validate(plain, parent, by_acto=role == "official")
    except Exception as error:
        return Validated(plain, [], [], type(error).__name__)


def _named(text: str, roster: Roster) -> list[dict[str, Any]]:
    """Whom of the roster a text as it was posted names; nobody where that cannot be told."""
    try:
        return roster.find(folded(text).text) if text else []
    except Exception:
        return []


def _recognised(people: list[dict[str, Any]], platform: str, by_api: bool, roster: Roster) -> list[dict[str, Any]]:
    """The people without those known by a handle alone that the platform's terms let nobody match."""
    if not people or not by_api or not terms_of(platform).match_by_consent:
        return people
    return [one for one in people if not one["name"].startswith("@") or roster.consents(one["member_id"], platform)]
