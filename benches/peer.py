"""gamyeong and DuckDB side by side on the same log; a table of what each took.

    peer.py [--dir target/bench] [--lines 10000000] [--pairs 3] [--peer-width 64|26] [--skip-peer]
    peer.py --scale --pairs 1          gamyeong alone on 1 M, 10 M and 30 M lines

The job is to write pseudonyms as 64 hexadecimal digits. gamyeong does it at the
same width, and at its default of 26 letters; DuckDB as the job says, or with
`--peer-width 26` at half of it, the nearest that it has.

Needs a release build of gamyeong, `rustc`, and a Python with requirements.txt.
The log is generated once and stays in --dir (3.6 GB for 10 M lines). The runs
alternate, since a machine's seconds drift and ratios hold; each
pair's tables are compared, and one that differs ends the measuring. CPU is user
and system time of all threads, from wait4(2); DuckDB's is without the start of
the interpreter. The floor is `wc -l`: reading and counting line feeds. What gate,
vault and ledger take by themselves, `cargo bench --bench shares` measures.

Not here: the job in SQL (`peer_duckdb.py`), what "the same" means (`compare.py`).
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
DATE = "2026-06-01"
SCALE = (1_000_000, 10_000_000, 30_000_000)

DEFAULT_WIDTH = 26
JOB_WIDTH = 64
FLOOR = "floor (`wc -l`)"


class Failed(Exception):
    """A step that did not do what it is for."""


@dataclass(frozen=True)
class Run:
    """What one run took, and the bytes it left."""

    wall_s: float
    cpu_s: float
    peak_mib: float
    output_mb: float = 0.0
    rejected: int = 0


def measured(command: list[str], **options: object) -> tuple[Run, str]:
    """Runs a command to its end; its cost and standard output."""
    # So that none waits for a disk that is still writing what another one left.
    os.sync()
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)  # type: ignore[call-overload]
    assert process.stdout is not None
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise Failed(f"{Path(command[0]).name}: ended with {process.returncode}, expected 0")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024), text


def log_of(directory: Path, lines: int) -> Path:
    """The log of that many lines, generated if it is not there."""
    millions, rest = divmod(lines, 1_000_000)
    log = directory / (f"web-{lines}.log" if rest else f"web-{millions}m.log")
    if log.exists():
        return log
    directory.mkdir(parents=True, exist_ok=True)
    generator, partial = directory / "generate", log.with_suffix(".partial")
    measured(["rustc", "-O", "--edition", "2024", "-o", str(generator), str(HERE / "generate.rs")])
    measured([str(generator), "--lines", str(lines), "--out", str(partial)])
    partial.rename(log)
    return log


def set_up_house(gamyeong: Path, house: Path, width: int) -> None:
    """A fresh house with the one pipeline: a second run over the same log in
    the same house would find nothing to do. The key lives for one run."""
    shutil.rmtree(house, ignore_errors=True)
    measured([str(gamyeong), "init", str(house)])
    pipeline = (HERE / "web-bench.toml").read_text(encoding="utf-8")
    if width == JOB_WIDTH:
        pipeline = pipeline.replace('encoding = "base32"', 'encoding = "hex", bytes = 32')
    (house / "pipelines").mkdir(exist_ok=True)
    (house / "pipelines" / "bench.toml").write_text(pipeline, encoding="utf-8")


def run_gamyeong(gamyeong: Path, directory: Path, log: Path, width: int, threads: int) -> tuple[Run, Path]:
    """One night. The cost, and the table it stored."""
    house = directory / "house"
    set_up_house(gamyeong, house, width)
    command = [str(gamyeong), "run", str(house / "pipelines" / "bench.toml")]
    command += ["--date", DATE, "--input", f"web={log}", "--json"]
    run, text = measured(command, env={**os.environ, "RAYON_NUM_THREADS": str(threads)})
    tables = sorted((house / "store").glob(f"**/date={DATE}/*.parquet"))
    if len(tables) != 1:
        raise Failed(f"{house / 'store'}: holds {len(tables)} tables of {DATE}, expected 1")
    rejected = json.loads(text)["sources"][0]["rejected"]
    return Run(run.wall_s, run.cpu_s, run.peak_mib, tables[0].stat().st_size / 1e6, rejected), tables[0]


def run_duckdb(directory: Path, log: Path, width: int, threads: int) -> tuple[Run, Path]:
    """The same table by DuckDB. The cost, and the table."""
    out = directory / "duckdb.parquet"
    out.unlink(missing_ok=True)
    command = [sys.executable, str(HERE / "peer_duckdb.py"), str(log), str(out)]
    _, text = measured([*command, "--width", str(width), "--threads", str(threads)])
    said = json.loads(text)
    return Run(said["wall_s"], said["cpu_s"], said["peak_mib"], out.stat().st_size / 1e6), out


def compare(ours: Path, theirs: Path, log: Path, width: int, rejected: int) -> str:
    """What `compare.py` says of two equal tables."""
    command = [sys.executable, str(HERE / "compare.py"), str(ours), str(theirs)]
    command += ["--log", str(log), "--width", str(width), "--rejected", str(rejected)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise Failed(f"the tables differ or could not be compared\n{done.stdout}".rstrip())
    return done.stdout.strip()


def pairs(wish: argparse.Namespace) -> None:
    """Runs the pairs, and prints their table."""
    log = log_of(wish.dir, wish.lines)
    ours = {f"gamyeong, {width} characters": width for width in (DEFAULT_WIDTH, JOB_WIDTH)}
    # The nearest that it has to 26 letters of base32.
    peer = f"DuckDB, {JOB_WIDTH if wish.peer_width == JOB_WIDTH else 32} characters"
    runs: dict[str, list[Run]] = {who: [] for who in (FLOOR, *ours, peer)}

    def floor() -> Run:
        """Also brings the log into the page cache, for each run that follows:
        the system gives pages up while others run."""
        return measured(["wc", "-l", str(log)])[0]

    for number in range(1, wish.pairs + 1):
        floor()
        runs[FLOOR].append(floor())
        theirs = None
        if not wish.skip_peer:
            run, theirs = run_duckdb(wish.dir, log, wish.peer_width, wish.threads)
            runs[peer].append(run)
        for who, width in ours.items():
            floor()
            run, table = run_gamyeong(wish.gamyeong, wish.dir, log, width, wish.threads)
            runs[who].append(run)
            if theirs is not None:
                same = compare(table, theirs, log, width, run.rejected)
                print(f"pair {number}: {who}: {same}", file=sys.stderr)
    print(f"\n{wish.lines:,} lines, {log.stat().st_size / 1e6:,.0f} MB,", end=" ")
    print(f"{wish.threads} threads, medians of {wish.pairs}\n")
    print("| who | wall s | CPU s | peak MiB | output MB | µs CPU per line | CPU × floor |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for who, of in runs.items():
        if of:
            print(costs(who, of, runs[FLOOR], wish.lines))
    if runs[peer]:
        print(f"\n| {peer}, against | CPU × (each pair) | wall × (each pair) |")
        print("|---|--:|--:|")
        for who in ours:
            print(f"| {who} | {ratio('cpu_s', runs[peer], runs[who])} | {ratio('wall_s', runs[peer], runs[who])} |")


def costs(who: str, of: list[Run], floor: list[Run], lines: int) -> str:
    """One row of the table: medians."""
    wall, cpu, peak, output = (
        statistics.median(getattr(run, name) for run in of)
        for name in ("wall_s", "cpu_s", "peak_mib", "output_mb")
    )
    cost = f"{wall:.2f} | {cpu:.2f} | {peak:,.0f} | {output:,.0f} | {cpu / lines * 1e6:.3f}"
    return f"| {who} | {cost} | {ratio('cpu_s', of, floor)} |"


def ratio(name: str, of: list[Run], base: list[Run]) -> str:
    """The median of the ratios of runs that were made side by side, with their range."""
    ratios = [getattr(run, name) / getattr(other, name) for run, other in zip(of, base)]
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"


def scale(wish: argparse.Namespace) -> None:
    """gamyeong alone on logs of several lengths: cost per line and memory."""
    print("| lines | wall s | CPU s | µs CPU per line | peak MiB |")
    print("|--:|--:|--:|--:|--:|")
    for lines in SCALE:
        log = log_of(wish.dir, lines)
        runs = []
        for _ in range(wish.pairs):
            measured(["wc", "-l", str(log)])
            runs.append(run_gamyeong(wish.gamyeong, wish.dir, log, DEFAULT_WIDTH, wish.threads)[0])
        best = min(runs, key=lambda run: run.cpu_s)
        print(f"| {lines:,} | {best.wall_s:.2f} | {best.cpu_s:.2f} |", end=" ")
        print(f"{best.cpu_s / lines * 1e6:.3f} | {best.peak_mib:,.0f} |", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    target = Path(os.environ.get("CARGO_TARGET_DIR", "target"))
    parser.add_argument("--dir", type=Path, default=target / "bench", help="where logs and tables lie")
    parser.add_argument("--gamyeong", type=Path, default=target / "release" / "gamyeong")
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--peer-width", type=int, choices=(26, 64), default=JOB_WIDTH)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--skip-peer", action="store_true", help="run gamyeong and the floor alone")
    parser.add_argument("--scale", action="store_true", help="run gamyeong on 1 M, 10 M and 30 M lines")
    wish = parser.parse_args()
    if wish.pairs < 1 or wish.lines < 1:
        parser.error("--pairs and --lines: expected at least 1")
    try:
        if not wish.gamyeong.is_file():
            raise Failed(f"{wish.gamyeong}: is not there, expected a release build (cargo build --release)")
        (scale if wish.scale else pairs)(wish)
    except (Failed, OSError) as error:
        print(f"peer: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
