"""Two Parquet files and the log they were made from in; whether both hold the
same table out.

    compare.py OURS THEIRS --log LOG [--rejected N] [--width 64|26]

Rows of ours stand in an order that is drawn, so the tables are compared as bags:
of hour, method, path, status, bytes, referer and agent, nulls included, and of
what each row's pseudonyms say. Those come from different keys (and an address
from its bytes there, from its text here); what must agree is whose rows are one
person's. So a pseudonym counts as the bag of the rows that have it, in digest, and
null as null. The form of ours is checked too. With the number of rejected lines, rows and rejects must add up
to the lines of the log.

Exit code 0: the same. 1: not, with a line for every difference. 2: not checked.

Not here: whether the pseudonym is the right HMAC (the tests of `vault`;
`peer_duckdb.py` checks its own).
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

PLAIN = ("hour", "method", "path", "status", "bytes", "referer", "agent")
PSEUDONYMS = ("visitor", "member", "session")
FORMS = {64: "[0-9a-f]{64}", 26: "[a-z2-7]{26}"}

# Korea has no summer time, so local time is nine hours from UTC all year.
FROM_UTC = "interval 9 hour"


@dataclass(frozen=True)
class Table:
    """One of the two files, with SQL that reads it."""

    path: Path
    types: dict[str, str]

    @classmethod
    def open(cls, connection: duckdb.DuckDBPyConnection, path: Path) -> "Table":
        described = connection.execute("describe select * from read_parquet(?, hive_partitioning = false)", [str(path)]).fetchall()
        return cls(path, {name: kind for name, kind, *_ in described})

    def rows(self, columns: tuple[str, ...]) -> str:
        """A select of these columns."""
        cells = ", ".join(f"{self.cell(column)} as {column}" for column in columns) or "1"
        name = str(self.path).replace("'", "''")
        # Without the last option the `date=…` in the path of ours becomes a column.
        read = f"read_parquet('{name}', hive_partitioning = false)"
        return f"(select {cells} from {read})"

    def cell(self, column: str) -> str:
        """A column as both files have it: text as VARCHAR, hours as local time."""
        kind = self.types[column]
        if kind == "TIMESTAMP WITH TIME ZONE":
            return f"make_timestamp(epoch_us({column})) + {FROM_UTC}"
        if kind == "BLOB":
            return f"decode({column})" if column in PLAIN else f"lower(hex({column}))"
        return column


def differences(connection: duckdb.DuckDBPyConnection, ours: Table, theirs: Table, width: int) -> list[str]:
    """A sentence for each way in which the tables differ."""
    wanted = set(PLAIN + PSEUDONYMS)
    found = [
        f"{table.path}: columns are {sorted(table.types)}, expected {sorted(wanted)}"
        for table in (ours, theirs)
        if set(table.types) != wanted
    ]
    counts = [number(connection, f"select count(*) from {table.rows(())}") for table in (ours, theirs)]
    if counts[0] != counts[1]:
        found.append(f"rows: {counts[0]} in ours, {counts[1]} in theirs")
    if found:
        # Without the same columns and rows there is nothing to lay side by side.
        return found
    found += rows(connection, ours, theirs)
    for column in PSEUDONYMS:
        found += form(connection, ours, column, FORMS[width])
    return found


def rows(connection: duckdb.DuckDBPyConnection, ours: Table, theirs: Table) -> list[str]:
    """Rows of one table that the other has not, or not as often."""
    for name, table in (("a", ours), ("b", theirs)):
        connection.execute(f"create or replace temp table {name} as {bag(table)}")
    found = []
    for wanted in ("*", *PLAIN, *PSEUDONYMS):
        others = number(
            connection, f"select count(*) from (select {wanted} from a except all select {wanted} from b)"
        )
        if others:
            what = "rows" if wanted == "*" else wanted
            found.append(f"{what}: {others} of ours are not in theirs")
        elif wanted == "*":
            break
    return found


def bag(table: Table) -> str:
    """A select of all rows, each pseudonym as a digest of the rows that have it."""
    plain = ", ".join(PLAIN)
    # The sum does not ask for the order, and two rows alike do not undo each other.
    digest = f"sum(hash({plain})::hugeint)"
    digests = ", ".join(
        f"case when {name} is not null then {digest} over (partition by {name}) end as {name}"
        for name in PSEUDONYMS
    )
    return f"select {plain}, {digests} from {table.rows(PLAIN + PSEUDONYMS)}"


def form(connection: duckdb.DuckDBPyConnection, ours: Table, column: str, pattern: str) -> list[str]:
    """That a pseudonym is nothing but the characters of one."""
    other = number(
        connection,
        f"select count(*) from {ours.rows((column,))} where not regexp_full_match({column}, '{pattern}')",
    )
    return [f"{column}: not of the form {pattern} in {other} rows"] if other else []


def number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    """The one number that a query gives."""
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def lines_of(log: Path) -> int:
    """Line feeds in a file."""
    with log.open("rb", buffering=0) as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ours", type=Path)
    parser.add_argument("theirs", type=Path)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--rejected", type=int, help="lines that gamyeong says it rejected")
    parser.add_argument("--width", type=int, choices=(64, 26), default=64)
    wish = parser.parse_args()
    try:
        connection = duckdb.connect()
        ours, theirs = (Table.open(connection, path) for path in (wish.ours, wish.theirs))
        found = differences(connection, ours, theirs, wish.width)
        lines, rows = lines_of(wish.log), number(connection, f"select count(*) from {theirs.rows(())}")
    except (duckdb.Error, OSError) as error:
        print(f"compare: {error}", file=sys.stderr)
        return 2
    if wish.rejected is not None and rows + wish.rejected != lines:
        found.append(f"rejected: {wish.rejected}, expected {lines - rows} of {lines} lines")
    for difference in found:
        print(difference)
    if not found:
        print(f"same table: {rows} rows, {lines - rows} of {lines} lines not in it")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
