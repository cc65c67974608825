"""The demo's directory in; whether DuckDB, pandas and Polars read its tables
alike, and what the README's Python block prints, out.

    readers.py DEMO README

Exit code 0: alike. 1: not, with a line for every difference.

Not here: readers of R, and whether rows are right (`benches/compare.py`).
"""

import os
import re
import sys
from pathlib import Path

import duckdb
import pandas
import polars


def differences(table: Path) -> list[str]:
    """A line for each way in which the readers disagree on a table."""
    name = str(table).replace("'", "''")
    source = f"from read_parquet('{name}', hive_partitioning = false)"
    connection = duckdb.connect()
    # Given an open file, neither makes a column of the `date=…` in the path.
    with table.open("rb") as file:
        by_pandas = pandas.read_parquet(file)
    with table.open("rb") as file:
        by_polars = polars.read_parquet(file)
    found = []
    described = connection.execute(f"describe select * {source}").fetchall()
    names = [[name for name, *_ in described], list(by_pandas.columns), by_polars.columns]
    counted = connection.execute(f"select count(*) {source}").fetchone() or (0,)
    rows = [counted[0], len(by_pandas), by_polars.height]
    if names[1:] != names[:-1]:
        return [f"{table}: columns are {names}"]
    if rows[1:] != rows[:-1] or not rows[0]:
        found.append(f"{table}: rows are {rows}")
    for column in names[0]:
        quoted = '"' + column.replace('"', '""') + '"'
        counted = connection.execute(f"select count({quoted}), count(distinct {quoted}) {source}").fetchone()
        of_pandas = (int(by_pandas[column].count()), int(by_pandas[column].nunique()))
        of_polars = (by_polars.height - by_polars[column].null_count(), by_polars[column].drop_nulls().n_unique())
        if not counted == of_pandas == of_polars:
            found.append(f"{table}: `{column}` has values and distinct values {counted}, {of_pandas}, {of_polars}")
    return found


def main() -> int:
    demo, readme = (Path(argument).resolve() for argument in sys.argv[1:])
    tables = sorted(demo.glob("store/**/*.parquet"))
    if not tables:
        print(f"readers: {demo}: no table, expected some")
        return 1
    found = [difference for table in tables for difference in differences(table)]
    for difference in found:
        print(difference)
    # The page names `gamyeong-demo`, which is made beside the reader.
    os.chdir(demo.parent)
    blocks = re.findall(r"^```python\n(.*?)^```", readme.read_text(encoding="utf-8"), re.M | re.S)
    for block in blocks:
        exec(compile(block, f"a block of {readme.name}", "exec"), {})
    if not blocks:
        print(f"readers: {readme}: no Python block, expected one")
        return 1
    print(f"{len(tables)} tables, read alike by DuckDB {duckdb.__version__}, pandas {pandas.__version__} and Polars {polars.__version__}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
