"""Whole programs from file to ranked poses, in turn; scripts/bench/pose_table runs this in an environment that has rustina.

All dock the same start conformer into the same receptor PDBQT and box: rustina and Vina its PDBQT, Theriac its SDF as drawn.
Time is CPU time of the whole program, but of the call rustina.dock for rustina: its import is not counted. Theriac measures
all poses, so RMSD means the same for all. A row of Theriac is named by the options of dock that it was run with. The pose
scorer that ships was trained on these complexes: rows that it orders are run with --scorers, the scorers of the folds
(theriac train pose-scorer --folds_to), each on complexes no relative of which it saw; without them those rows are left out."""
import argparse
import csv
import math
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

import rustina

POSES = 9
COUNTS = (1, 3, 9)
COLUMNS = ["pdbid", "program", "message", "poses", "rmsd_top1", "rmsd_top3", "rmsd_top9", "wall_s", "cpu_s"]
OPTION_SETS = ["--rank_by energy", "--rank_by probability", "--cnn fast --rank_by cnn", "--cnn fast --rank_by probability"]


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/bench/pose_table", description=__doc__)
    parser.add_argument("--data", required=True, help="folder of the redocking set, with its index.csv")
    parser.add_argument("-o", "--out", default="bench-pose-table")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--complexes", default="")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-vina", action="store_true", help="Vina takes most of the time; the same command without this adds it")
    parser.add_argument("--theriac", action="append", metavar="OPTIONS", help="a row of theriac dock with these options; by default "
                        + ", ".join(f"'{options}'" for options in OPTION_SETS))
    parser.add_argument("--scorers", help="folder of the scorers of the folds, with folds.csv")
    options = parser.parse_args()
    sets = [" ".join(some.split()) for some in (OPTION_SETS if options.theriac is None else options.theriac)]
    options.sets = {f"theriac {some}".strip(): some.split() for some in sets if options.scorers or not by_our_scorer(some.split())}
    options.programs = ([] if options.without_vina else ["vina"]) + ["rustina", *options.sets]
    return options


def by_our_scorer(options):
    """Whether dock with these options asks the pose scorer that ships."""
    return "--rank_by" not in options or options[options.index("--rank_by") + 1] == "probability"


def scorer_for(options, pdbid):
    with open(Path(options.scorers) / "folds.csv", newline="") as file:
        return str(Path(options.scorers) / next(row["scorer"] for row in csv.DictReader(file) if row["pdbid"] == pdbid))


def chosen(options):
    with open(Path(options.data) / "index.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    if options.complexes:
        rows = [row for row in rows if row["pdbid"] in options.complexes.split(",")]
    else:
        rows = rows[:: options.every]
    rows = [row for row in rows if row["start_conformer"] == "yes"]
    return rows[: options.limit] if options.limit else rows


def bench_redock(options, pdbid, out, *others):
    """Receptor and ligand as PDBQT below OUT/inputs, and a row of OUT/redock.csv."""
    subprocess.run(
        [os.environ["THERIAC"], "bench", "redock", "--data", options.data, "--complexes", pdbid, "--cpu", "1", "--seed",
         str(options.seed), "-o", str(out), "-q", "--max-failed", "100%", *others], check=True, stdout=subprocess.DEVNULL)


def receptor_of(options, row):
    made = Path(options.out) / "inputs" / row["pdbid"] / "receptor.pdbqt"
    return made if made.exists() else Path(options.data) / row["pdbid"] / row["receptor"]


def cpu_seconds():
    parts = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(part.ru_utime + part.ru_stime for part in parts)


def run_rustina(options, row, out):
    box = {name[0] + axis: float(row[f"box_{name}_{axis}"]) for name in ("center", "size") for axis in "xyz"}
    ligand = Path(options.out) / "inputs" / row["pdbid"] / "ligand.pdbqt"
    poses = rustina.dock(str(receptor_of(options, row)), str(ligand), **box, seed=options.seed, threads=1, num_modes=POSES)
    out.write_text("".join(f"MODEL {i + 1}\n{pose['pdbqt'].rstrip()}\nENDMDL\n" for i, pose in enumerate(poses)))


def run_theriac(options, row, out, judge):
    if by_our_scorer(judge):
        judge = [*judge, "--pose_scorer", scorer_for(options, row["pdbid"])]
    box = [f"--{name}_{axis}={row[f'box_{name}_{axis}']}" for name in ("center", "size") for axis in "xyz"]
    subprocess.run(
        [os.environ["THERIAC"], "dock", "-r", str(receptor_of(options, row)), "-l",
         str(Path(options.data) / row["pdbid"] / "ligand_start.sdf"), *box, "--as_drawn", "--cpu", "1", "--seed",
         str(options.seed), "--num_modes", str(POSES), "--energy_range", "10", "--interactions", "off", "--overwrite", "-q",
         "-o", str(out), *judge], check=True, stdout=subprocess.DEVNULL)


def rmsds(options, pdbid, folder):
    out = subprocess.run(
        [os.environ["THERIAC"], "bench", "redock", "--data", options.data, "--complexes", pdbid, "--rmsd-of", str(folder), "-o",
         options.out, "-q"], check=True, stdout=subprocess.PIPE, text=True).stdout
    return [float(row["rmsd"]) for row in csv.DictReader(out.splitlines())]


def measured(options, row, program):
    result = dict.fromkeys(COLUMNS, "")
    result.update(pdbid=row["pdbid"], program=program)
    folder = Path(options.out) / "_".join(program.replace("--", "").split())
    folder.mkdir(exist_ok=True)
    out = folder / f"{row['pdbid']}.pdbqt"
    try:
        wall, cpu = time.perf_counter(), cpu_seconds()
        if program == "rustina":
            run_rustina(options, row, out)
        else:
            run_theriac(options, row, out, options.sets[program])
        result["wall_s"], result["cpu_s"] = time.perf_counter() - wall, cpu_seconds() - cpu
        found = rmsds(options, row["pdbid"], folder)
        result["poses"] = len(found)
        for count in COUNTS:
            result[f"rmsd_top{count}"] = min(found[:count])
    except Exception as error:  # a complex that one program cannot dock is a row, not the end
        result["message"] = " ".join(str(error).split())
    return result


def read_rows(path):
    if not path.exists():
        return {}
    with open(path, newline="") as file:
        return {(row["pdbid"], row["program"]): row for row in csv.DictReader(file)}


def vina_row(options, pdbid):
    out = Path(options.out) / "vina"
    bench_redock(options, pdbid, out, "--with", "vina")
    with open(out / "redock.csv", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["pdbid"] == pdbid)
    result = {name: row.get(f"vina_{name}", "") for name in COLUMNS}
    result.update(pdbid=pdbid, program="vina", message="" if row["vina_rmsd_top1"] else row["message"])
    return result


def dock_all(options):
    Path(options.out).mkdir(parents=True, exist_ok=True)
    path = Path(options.out) / "programs.csv"
    done = read_rows(path)
    rows = chosen(options)
    for i, row in enumerate(rows):
        missing = [program for program in options.programs if (row["pdbid"], program) not in done]
        if not missing:
            continue
        print(f"{i + 1}/{len(rows)} {row['pdbid']}", file=sys.stderr, flush=True)
        if missing != ["vina"] and not (Path(options.out) / "inputs" / row["pdbid"] / "ligand.pdbqt").exists():
            bench_redock(options, row["pdbid"], options.out)
        for program in missing:
            result = vina_row(options, row["pdbid"]) if program == "vina" else measured(options, row, program)
            new = not path.exists()
            with open(path, "a", newline="") as file:
                writer = csv.DictWriter(file, COLUMNS)
                if new:
                    writer.writeheader()
                writer.writerow(result)
    return [row["pdbid"] for row in rows]


def number(text):
    return float(text) if text not in ("", None) else math.nan


def interval(cases, statistic, resamples=5000):
    """Percentile bootstrap over complexes, 95 %."""
    generator = random.Random(1)
    values = sorted(statistic(generator.choices(cases, k=len(cases))) for _ in range(resamples))
    return statistic(cases), values[int(0.025 * resamples)], values[int(0.975 * resamples) - 1]


def hit(row, count):
    return number(row[f"rmsd_top{count}"]) <= 2  # a failure is no hit


def lead(of, program, other):
    """Points of top-1 above another program on the same complexes."""
    if other not in of or program == other:
        return ""
    pairs = [hit(a, 1) - hit(b, 1) for a, b in zip(of[program], of[other])]
    return "%+.1f [%+.1f, %+.1f]" % interval(pairs, lambda drawn: 100 * statistics.fmean(drawn))


def table(options, ids):
    rows = read_rows(Path(options.out) / "programs.csv")
    ids = [pdbid for pdbid in ids if all((pdbid, program) in rows for program in options.programs)]
    of = {program: [rows[pdbid, program] for pdbid in ids] for program in options.programs}
    lines = [f"# From file to ranked poses: {len(ids)} complexes", "",
             "| program | top-1 | top-3 | top-9 | top-1 beside rustina | beside Vina | CPU s a ligand, median | mean | rustina's CPU time / this |",
             "|---|---:|---:|---:|---:|---:|---:|---:|---:|"]
    for program in options.programs:
        cells = []
        for count in COUNTS:
            share = interval([hit(row, count) for row in of[program]], lambda drawn: 100 * statistics.fmean(drawn))
            cells.append("%.1f [%.1f, %.1f]" % share)
        pairs = list(zip(of[program], of["rustina"]))
        times = [(number(a["cpu_s"]), number(b["cpu_s"])) for a, b in pairs]
        times = [pair for pair in times if not any(map(math.isnan, pair))]
        ratio = interval(times, lambda drawn: statistics.median(b / a for a, b in drawn))
        beside = program != "rustina"
        cells += [lead(of, program, other) for other in ("rustina", "vina")]
        cells += ["%.2f" % statistics.median(a for a, _ in times),
                  "%.2f" % statistics.fmean(a for a, _ in times), "%.1f [%.1f, %.1f]" % ratio if beside else ""]
        lines.append(f"| {program} | " + " | ".join(cells) + " |")
    lines += ["", f"Per cent of complexes with a pose within 2 Å; one thread each, seed {options.seed}, at most {POSES} poses. rustina "
              f"{rustina.__version__}: defaults (Vinardo, fast network), time of `rustina.dock`. Vina and Theriac: exhaustiveness 8, "
              "time of the whole program; rows by probability with scorers that saw no relative. In brackets: 95 % bootstrap intervals over complexes; the ratio is the median of "
              "ratios.", ""]
    failed = [f"- {row['pdbid']}, {row['program']}: {row['message']}" for some in of.values() for row in some if row["message"]]
    return "\n".join(lines + (["Failed:", ""] + failed if failed else [])) + "\n"


def main():
    options = arguments()
    text = table(options, dock_all(options))
    (Path(options.out) / "pose_table.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
