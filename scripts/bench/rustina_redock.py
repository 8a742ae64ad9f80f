"""Redocking with rustina and with Theriac in turn; scripts/bench/rustina runs this in an environment that has
rustina. Poses of both are measured by Theriac, so RMSD means the same for both."""
import argparse
import csv
import json
import math
import os
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

import rustina

POSES = 9
COLUMNS = ["pdbid", "message", "poses", "rmsd_top1", "rmsd_top3", "rmsd_top9", "wall_s", "cpu_s"]


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/bench/rustina", description=__doc__)
    parser.add_argument("--data", required=True, help="folder of the redocking set, with its index.csv")
    parser.add_argument("-o", "--out", default="bench-rustina")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--complexes", default="")
    parser.add_argument("--scoring", default="vinardo", choices=["vinardo", "vina"], help="rustina's; vinardo is its default")
    parser.add_argument("--exhaustiveness", default="8", help="Theriac's")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def chosen(options):
    with open(Path(options.data) / "index.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    if options.complexes:
        wanted = options.complexes.split(",")
        return [row for row in rows if row["pdbid"] in wanted]
    rows = rows[:: options.every]
    return rows[: options.limit] if options.limit else rows


def run_theriac(options, pdbid):
    """Docks one complex: a row is added to OUT/redock.csv, unless it is there."""
    subprocess.run(
        [os.environ["THERIAC"], "bench", "redock", "--data", options.data, "--complexes", pdbid, "--cpu", "1",
         "--seed", str(options.seed), "--exhaustiveness", options.exhaustiveness, "-o", options.out, "-q",
         "--max-failed", "100%"],
        check=True, stdout=subprocess.DEVNULL)


def receptor_of(options, row):
    prepared = Path(options.out) / "inputs" / row["pdbid"] / "receptor.pdbqt"
    return prepared if prepared.exists() else Path(options.data) / row["pdbid"] / row["receptor"]


def run_rustina(options, row):
    """Time is that of rustina.dock: both files read, grids and poses made."""
    box = {name[0] + axis: float(row[f"box_{name}_{axis}"]) for name in ("center", "size") for axis in "xyz"}
    ligand = Path(options.out) / "inputs" / row["pdbid"] / "ligand.pdbqt"
    wall, cpu = time.perf_counter(), time.process_time()
    poses = rustina.dock(str(receptor_of(options, row)), str(ligand), **box, seed=options.seed, threads=1,
                         skip_cnn=True, num_modes=POSES, scoring=options.scoring)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    text = "".join(f"MODEL {i + 1}\n{pose['pdbqt'].rstrip()}\nENDMDL\n" for i, pose in enumerate(poses))
    folder = Path(options.out) / "rustina"
    folder.mkdir(exist_ok=True)
    (folder / f"{row['pdbid']}.pdbqt").write_text(text)
    return len(poses), wall, cpu


def measure(options, pdbid):
    """RMSD of rustina's poses, best-scored first."""
    out = subprocess.run(
        [os.environ["THERIAC"], "bench", "redock", "--data", options.data, "--complexes", pdbid, "--rmsd-of",
         f"{options.out}/rustina", "-o", options.out, "-q"],
        check=True, stdout=subprocess.PIPE, text=True).stdout
    return [float(row["rmsd"]) for row in csv.DictReader(out.splitlines())]


def measured(options, row):
    result = dict.fromkeys(COLUMNS, "")
    result["pdbid"] = row["pdbid"]
    try:
        result["poses"], result["wall_s"], result["cpu_s"] = run_rustina(options, row)
        rmsds = measure(options, row["pdbid"])
        for count in (1, 3, 9):
            result[f"rmsd_top{count}"] = min(rmsds[:count])
    except Exception as error:  # a complex that one program cannot dock is a row, not the end
        result["message"] = " ".join(str(error).split())
    return result


def read_rows(path):
    if not path.exists():
        return {}
    with open(path, newline="") as file:
        return {row["pdbid"]: row for row in csv.DictReader(file)}


def check_settings(options):
    """Rows of other settings are not mixed in."""
    path = Path(options.out) / "rustina.settings.json"
    settings = {"rustina": rustina.__version__, "scoring": options.scoring, "seed": options.seed}
    if path.exists() and json.loads(path.read_text()) != settings:
        sys.exit(f"rows in {options.out} were made with {path.read_text()}; use another -o")
    path.write_text(json.dumps(settings))


def dock_all(options):
    Path(options.out).mkdir(parents=True, exist_ok=True)
    check_settings(options)
    path = Path(options.out) / "rustina.csv"
    done = read_rows(path)
    rows = [row for row in chosen(options) if row["start_conformer"] == "yes"]
    for i, row in enumerate(rows):
        print(f"{i + 1}/{len(rows)} {row['pdbid']}", file=sys.stderr, flush=True)
        run_theriac(options, row["pdbid"])
        if row["pdbid"] in done:
            continue
        result = measured(options, row)
        new = not path.exists()
        with open(path, "a", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            if new:
                writer.writeheader()
            writer.writerow(result)


def number(text):
    return float(text) if text not in ("", None) else math.nan


def interval(cases, statistic, resamples=5000):
    """Percentile bootstrap over complexes, 95 %."""
    if not cases:
        return math.nan, math.nan, math.nan
    generator = random.Random(1)
    values = sorted(statistic(generator.choices(cases, k=len(cases))) for _ in range(resamples))
    return statistic(cases), values[int(0.025 * resamples)], values[int(0.975 * resamples) - 1]


def table(options):
    ours, theirs = read_rows(Path(options.out) / "redock.csv"), read_rows(Path(options.out) / "rustina.csv")
    both = [(ours[key], row) for key, row in theirs.items() if key in ours]
    lines = [f"# Redocking {len(both)} complexes beside rustina {rustina.__version__}", "",
             f"|  | Theriac | rustina, {options.scoring} | Theriac against rustina |", "|---|---:|---:|---:|"]
    for count in (1, 3, 9):
        hits = [(number(a[f"theriac_rmsd_top{count}"]) <= 2, number(b[f"rmsd_top{count}"]) <= 2) for a, b in both]
        share = [interval(hits, lambda drawn, k=k: 100 * statistics.fmean(hit[k] for hit in drawn)) for k in (0, 1)]
        lead = interval(hits, lambda drawn: 100 * statistics.fmean(hit[0] - hit[1] for hit in drawn))
        lines.append(f"| top-{count} within 2 Å | " + " | ".join("%.1f %% (%.1f to %.1f)" % s for s in share)
                     + " | %+.1f points (%+.1f to %+.1f) |" % lead)
    for kind, name in (("wall", "wall"), ("cpu", "CPU")):
        times = [(number(a[f"theriac_{kind}_s"]), number(b[f"{kind}_s"])) for a, b in both]
        times = [pair for pair in times if not any(map(math.isnan, pair))]
        middle = [interval(times, lambda drawn, k=k: statistics.median(pair[k] for pair in drawn)) for k in (0, 1)]
        ratios = [b / a for a, b in times]
        ratio = interval(ratios, statistics.median)
        mean = interval(ratios, statistics.geometric_mean)
        total = interval(times, lambda drawn: sum(b for _, b in drawn) / sum(a for a, _ in drawn))
        lines.append(f"| {name} time per ligand, median | " + " | ".join("%.3g s (%.3g to %.3g)" % m for m in middle)
                     + " | %.3gx (%.3g to %.3g) (median of ratios) |" % ratio)
        lines.append(f"| {name} time ratio, geometric mean |  |  | %.3gx (%.3g to %.3g) |" % mean)
        lines.append(f"| ligands per {name} second |  |  | %.3gx (%.3g to %.3g) |" % total)
    lines += ["", f"One thread each, seed {options.seed}, at most {POSES} poses, the same receptor and ligand PDBQT and the same "
              "box. rustina: `skip_cnn=True`, its default search; time of `rustina.dock`. Theriac: exhaustiveness "
              f"{options.exhaustiveness}; time from reading the ligand to the final poses. In brackets: 95 % bootstrap "
              "intervals over complexes.", ""]
    failed = [f"- {row['pdbid']}: rustina: {row['message']}" for row in theirs.values() if row["message"]]
    failed += [f"- {row['pdbid']}: {row['message']}" for row in ours.values() if row["message"]]
    return "\n".join(lines + (["Failed:", ""] + failed if failed else [])) + "\n"


def main():
    options = arguments()
    dock_all(options)
    text = table(options)
    (Path(options.out) / "rustina.md").write_text(text)
    print(text)


main()
