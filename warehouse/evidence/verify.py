"""Whether everything is as it was captured, found and decided; where not, where. Reads all of it, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import duckdb

from warehouse.database import is_damage
from warehouse.encryption import EncryptionError
from warehouse.evidence.chain import KINDS, contents
from warehouse.evidence.raw import pages_on_disk, sealed_pages
from warehouse.evidence.raw_page import SealedPage
from warehouse.raw import read_page
from warehouse.statements import set_variables, statement

AT_ONCE = 100_000
# Of each sort of damage so many places are named; the rest is counted.
NAMED = 100
SAYS = {
    "altered": "It is not as it was sealed.",
    "missing": "It was sealed, and is not there any more, although nothing says that it was removed.",
    "unknown": "It has no seal: it was not written by this program, or its seal was taken away.",
    "double": "It stands there more than once.",
}
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is not as it should be: `where` it lies (file, and what in it), and what is wrong with it."""

    where: str
    says: str


@dataclass(slots=True)
class Verified:
    """What was looked at, by kind ("link", "page" and those of KINDS), and the damage that was found."""

    looked_at: dict[str, int] = field(default_factory=dict)
    damage: list[Damage] = field(default_factory=list)


def verify_database(connection: duckdb.DuckDBPyConnection, file: str, progress: Progress) -> Verified:
    """Look at the chain and at everything in the database that it covers. `file` is how the database is called."""
    found = Verified()
    steps: list[tuple[str, Callable[[], Iterator[Damage]]]] = [
        ("the chain", lambda: _links(connection, file, found)),
        *((f"every {kind}", partial(_contents, connection, file, kind, found, progress)) for kind in KINDS),
        ("the seals", lambda: _gone(connection, file)),
        ("the rest of the tables", lambda: _tables(connection, file)),
    ]
    for what, step in steps:
        try:
            found.damage += step()
        except duckdb.Error as error:
            if not is_damage(error):
                raise
            found.damage.append(Damage(file, f"It is damaged: {what} cannot be read ({_in_words(error)})."))
    return found


def verify_pages(connection: duckdb.DuckDBPyConnection, home: Path, key: bytes | None, progress: Progress) -> Verified:
    """Look at every raw page under `home`, which `key` opens, and for files there that nobody knows."""
    found = Verified({"page": 0})
    try:
        strangers = pages_on_disk(home)
        for page in sealed_pages(connection):
            strangers.discard(page.name)
            found.looked_at["page"] += 1
            if damage := _page(home, page, key):
                found.damage.append(damage)
            if found.looked_at["page"] % 1000 == 0:
                progress(f"Raw pages: {found.looked_at['page']:,}")
    except duckdb.Error as error:
        found.damage.append(Damage("the seals of the raw pages", f"They cannot be read ({_in_words(error)})."))
        return found
    found.damage += [
        Damage(name, "The chain knows no such file, or says that it was removed.") for name in sorted(strangers)
    ]
    return found


def _links(connection: duckdb.DuckDBPyConnection, file: str, found: Verified) -> Iterator[Damage]:
    found.looked_at["link"] = _count(connection, "SELECT count(*) FROM store.link")
    if not found.looked_at["link"]:
        yield Damage(file, "The chain is empty.")
    for number, recorded_at, says in connection.execute(statement("chain_links")).fetchmany(NAMED):
        when = f" of {recorded_at:%Y-%m-%d %H:%M:%S} UTC" if recorded_at else ""
        yield Damage(f"{file}, link {number or '?'}{when}", says)


def _contents(
    connection: duckdb.DuckDBPyConnection, file: str, kind: str, found: Verified, progress: Progress
) -> Iterator[Damage]:
    damaged: list[tuple[str, str]] = []
    looked_at = 0
    for part in _parts(connection, kind):
        set_variables(connection, kind=kind, with_media=True)
        looked_at += part
        sql = statement("chain_contents").replace("FROM contents", f"FROM ({contents(kind)})")
        damaged += connection.execute(sql).fetchall()
        if looked_at > AT_ONCE:
            progress(f"{file}: {looked_at:,} versions")
    found.looked_at[kind] = looked_at
    names = _names(connection, kind, [subject for subject, _ in damaged[:NAMED]]) if damaged else {}
    for subject, damage in damaged[:NAMED]:
        yield Damage(f"{file}, {names.get(subject, subject)}", SAYS[damage])
    if len(damaged) > NAMED:
        yield Damage(file, f"{len(damaged) - NAMED:,} more like the last one.")


def _parts(connection: duckdb.DuckDBPyConnection, kind: str) -> Iterator[int]:
    """Fill `subjects` with everything of a kind that there is or should be, part by part; gives how many each has."""
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE all_subjects AS
            SELECT subject, row_number() OVER (ORDER BY try_cast(subject AS BIGINT), subject) AS place
            FROM (
                SELECT subject::VARCHAR AS subject FROM ({KINDS[kind]}) AS t(subject)
                UNION SELECT subject FROM store.seal WHERE kind = '{kind}' AND salt IS NOT NULL
            )"""
    )
    number = _count(connection, "SELECT count(*) FROM all_subjects")
    for after in range(0, number, AT_ONCE):
        connection.execute(
            """CREATE OR REPLACE TEMP TABLE subjects AS
               SELECT $kind AS kind, subject FROM all_subjects WHERE place > $after AND place <= $after + $size""",
            {"kind": kind, "after": after, "size": AT_ONCE},
        )
        yield min(AT_ONCE, number - after)


def _gone(connection: duckdb.DuckDBPyConnection, file: str) -> Iterator[Damage]:
    for kind, subject in connection.execute(statement("chain_gone")).fetchmany(NAMED):
        yield Damage(f"{file}, {_names(connection, kind, [subject]).get(subject, subject)}", SAYS["missing"])


def _tables(connection: duckdb.DuckDBPyConnection, file: str) -> Iterator[Damage]:
    """Read every table whole, also what the chain does not cover: DuckDB keeps a checksum of each block, and looks at it
    when the block is read.
    """
    tables = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'store' ORDER BY 1"
    ).fetchall()
    for (table,) in tables:
        try:
            connection.execute(f'SELECT max(hash(entry)) FROM store."{table}" AS entry').fetchall()
        except duckdb.Error as error:
            yield Damage(f"{file}, table {table}", f"It cannot be read ({_in_words(error)}).")


def _names(connection: duckdb.DuckDBPyConnection, kind: str, subjects: list[str]) -> dict[str, str]:
    """What a person calls these subjects."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE asked AS SELECT ? AS kind, unnest(?::VARCHAR[]) AS subject", [kind, subjects]
    )
    return {subject: name for _, subject, name in connection.execute(statement("chain_names")).fetchall()}


def _page(home: Path, page: SealedPage, key: bytes | None) -> Damage | None:
    try:
        content = read_page(home / page.name, key)
    except FileNotFoundError:
        return Damage(page.name, "The file is missing, although nothing says that it was removed.")
    except EncryptionError:
        return Damage(page.name, "The file cannot be deciphered: it is damaged, or not of this history.")
    except Exception as error:
        return Damage(page.name, f"The file cannot be read ({type(error).__name__}).")
    lines = page.altered_lines(content)
    if page.holds(content):
        return Damage(page.name, "The marks of its seal were altered; the file is whole.") if lines else None
    where = f", line {lines[0]}" if lines else ""
    more = f", and {len(lines) - 1:,} more lines" if len(lines) > 1 else ""
    return Damage(f"{page.name}{where}", f"It is not as it came from the platform{more}.")


def _count(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _in_words(error: duckdb.Error) -> str:
    """What the database says of a block that it cannot read; of anything else the kind alone, as it may quote content."""
    line = str(error).splitlines()[0]
    return line if isinstance(error, duckdb.IOException) else type(error).__name__
