"""The checks as they lie in their folders: what each says about itself, and its transform."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Annotated, Any, Literal

import duckdb
import pandas as pd
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from checks.entities import KINDS
from checks.phrases import phrases, spoken

FOLDER = Path(__file__).parent
CLAUSES = ("O1", "O2", "O3", "O4", "O5", "R1", "R2", "R3", "S1", "S2")
SEVERITIES = ("urgent", "high", "normal", "low")
Clause = Literal["O1", "O2", "O3", "O4", "O5", "R1", "R2", "R3", "S1", "S2"]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _re2(pattern: str) -> str:
    try:
        phrases(pattern)
    except Exception as error:
        raise ValueError(f"no RE2 pattern: {error}") from None
    return pattern


Pattern = Annotated[str, AfterValidator(_re2)]
Transform = Callable[[pd.DataFrame], pd.DataFrame]


class CheckError(Exception):
    """A check's folder cannot be used; the message names the file and the field."""


class Gate(BaseModel):
    """Which texts a check looks at: those that match `pattern`, name somebody of the roster, or hold an entity."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pattern: Pattern = ""
    people: bool = False
    entities: list[Literal[KINDS]] = []  # type: ignore[valid-type]


class Reason(BaseModel):
    """What the Chair reads where the scorer flags a text, for some roles, kinds and wordings (empty: for any)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: Words
    severity: Literal["urgent", "high", "normal", "low"] | None = None
    roles: list[Literal["member", "official", "public"]] = []
    kinds: list[Words] = []
    pattern: Pattern = ""

    def fits(self, row: Any) -> bool:
        """Whether it is the reason for a row of `to_judge`."""
        return (
            (not self.roles or row.author_role in self.roles)
            and (not self.kinds or row.kind in self.kinds)
            and (not self.pattern or spoken(self.pattern).search(row.normalised_text) is not None)
        )


class About(BaseModel):
    """check.toml: everything that a check says about itself.

    `scored`: what the scorer finds under the clause is this check's. One check a clause has it; others are rules alone.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Words
    version: int = Field(ge=1)
    clause: Clause
    scope: Literal["row", "thread", "author", "global"]
    scored: bool = False
    title: Words
    severity: Literal["urgent", "high", "normal", "low"]
    owner: Words
    description: Words
    false_positives: list[Words]
    next_step: Words
    gate: Gate
    reasons: list[Reason] = []

    def reason(self, row: Any) -> tuple[str, str]:
        """(severity, what the Chair reads) for a row that the scorer flags: the first of `reasons` that fits."""
        fitting = next((one for one in self.reasons if one.fits(row)), None)
        return (fitting and fitting.severity) or self.severity, fitting.words if fitting else self.title


@dataclass(frozen=True, slots=True)
class Check:
    """A check: what it says about itself, and its transform from rows to findings."""

    folder: Path
    about: About
    transform: Transform

    @property
    def id(self) -> str:
        """Its name, which is its folder's."""
        return self.about.id

    @property
    def next_step(self) -> str:
        """What the policy suggests that the Chair does next."""
        return self.about.next_step


def load_checks(folder: Path = FOLDER) -> list[Check]:
    """All checks under `folder`, in the order of their ids.

    Raises CheckError for a folder whose check.toml or transform cannot be used.
    """
    checks, faults = loadable_checks(folder)
    for fault in faults.values():
        raise fault
    return checks


def loadable_checks(folder: Path = FOLDER) -> tuple[list[Check], dict[str, CheckError]]:
    """The checks under `folder` that can be used, in the order of their ids, and why each other cannot, by its folder's name."""
    checks: list[Check] = []
    faults: dict[str, CheckError] = {}
    for path in sorted(folder.glob("*/check.toml")):
        try:
            checks.append(load_check(path.parent))
        except CheckError as error:
            faults[path.parent.name] = error
    for clause in CLAUSES:
        scored = [check.id for check in checks if check.about.scored and check.about.clause == clause]
        if len(scored) > 1:
            said = f"{' and '.join(scored)} both say scored = true for {clause}: one flag would come twice."
            faults |= dict.fromkeys(scored, CheckError(said))
    return [check for check in checks if check.id not in faults], faults


def load_check(folder: Path) -> Check:
    """The check in `folder`. Raises CheckError where it cannot be used."""
    path = folder / "check.toml"
    try:
        about = About.model_validate(tomllib.loads(_read(path)))
    except tomllib.TOMLDecodeError as error:
        raise CheckError(f"{path} is not valid TOML: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise CheckError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    if about.id != folder.name:
        raise CheckError(f"{path}: id is {about.id!r} but the folder is {folder.name!r}.")
    return Check(folder, about, _transform(folder))


def said_by(folder: Path) -> dict[str, str]:
    """The clause, title and severity of a check that cannot be loaded, as far as its check.toml can be read: else the clause and
    the title follow from its folder's name, and the severity is empty.
    """
    said: dict[str, str] = {"clause": folder.name.split("_")[0].upper(), "title": folder.name, "severity": ""}
    with suppress(CheckError, tomllib.TOMLDecodeError):
        about = tomllib.loads(_read(folder / "check.toml"))
        wrong = _wrong_fields(about)
        said |= {name: str(about[name]).strip() for name in said if name in about and name not in wrong}
    return said


def _wrong_fields(about: dict[str, Any]) -> set[object]:
    try:
        About.model_validate(about)
    except ValidationError as error:
        return {one["loc"][0] for one in error.errors()}
    return set()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CheckError(f"{path} cannot be read: {error}") from None


def _transform(folder: Path) -> Transform:
    sql, python = folder / "transform.sql", folder / "transform.py"
    if sql.exists() == python.exists():
        raise CheckError(f"{folder} must hold either transform.sql or transform.py.")
    return _sql_transform(sql) if sql.exists() else _python_transform(python)


def _python_transform(path: Path) -> Transform:
    spec = spec_from_file_location(f"checks.{path.parent.name}.transform", path)
    if spec is None or spec.loader is None:
        raise CheckError(f"{path} cannot be loaded.")
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        transform: Transform = module.transform
    except Exception as error:
        raise CheckError(f"{path} cannot be loaded: {type(error).__name__}: {error}") from error
    return transform


# The lists of structs must have their type also where every list of a slice is empty.
_TO_JUDGE = """
CREATE OR REPLACE TEMP VIEW to_judge AS
SELECT * REPLACE (
    entities::STRUCT(kind VARCHAR, start_char INTEGER, end_char INTEGER, value VARCHAR, published BOOLEAN)[] AS entities,
    people::STRUCT(member_id VARCHAR, name VARCHAR, start_char INTEGER, end_char INTEGER, permitted VARCHAR[])[] AS people
)
FROM rows
"""


def _sql_transform(path: Path) -> Transform:
    sql = _read(path)

    def transform(rows: pd.DataFrame) -> pd.DataFrame:
        with duckdb.connect(config={"threads": 1, "enable_external_access": False}) as connection:
            connection.register("rows", rows)
            connection.execute(_TO_JUDGE)
            return connection.execute(sql).df()

    return transform
