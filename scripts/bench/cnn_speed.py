"""Poses a second of gnina's fast network, Theriac and rustina in turn; scripts/bench/cnn_speed runs this in an environment
that has rustina.

rustina's time is that of score_cnn, which reads receptor and pose at every call. Theriac's is that of the whole command
`dock --score_only --cnn fast`, start of the program and writing of the table included, and what --cnn adds to the same
command without it. Scores differ by convention: rustina centres its grid on heavy atoms, gnina and Theriac on all."""
import argparse
import csv
import os
import resource
import statistics
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import rustina


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/bench/cnn_speed", description=__doc__)
    parser.add_argument("--data", required=True, help="folder of the redocking set, with its index.csv")
    parser.add_argument("-o", "--out", default="bench-cnn-speed")
    parser.add_argument("--complexes", default="", help="by default the first three with a PDBQT receptor")
    parser.add_argument("--poses", type=int, default=200, help="of each complex; docked poses, repeated")
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def theriac(*arguments):
    subprocess.run([os.environ["THERIAC"], *map(str, arguments), "-q", "--overwrite"], check=True,
                   stdout=subprocess.DEVNULL)


def chosen(options):
    with open(Path(options.data) / "index.csv", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["receptor"].endswith(".pdbqt")]
    if options.complexes:
        return [row for row in rows if row["pdbid"] in options.complexes.split(",")]
    return rows[:3]


def box_of(row):
    return [f"--{name}_{axis}={row[f'box_{name}_{axis}']}" for name in ("center", "size") for axis in "xyz"]


def models(text):
    return [part.split("ENDMDL")[0].split("\n", 1)[1] for part in text.split("MODEL ")[1:]]


def make_poses(options, row, folder):
    """One PDBQT file for Theriac and one file a pose for rustina."""
    data = Path(options.data) / row["pdbid"]
    docked = folder / "docked.pdbqt"
    theriac("dock", "-r", data / row["receptor"], "-l", data / "ligand_start.sdf", *box_of(row), "--num_modes", 20,
            "--energy_range", 100, "--exhaustiveness", 2, "--cpu", 1, "-o", docked)
    found = models(docked.read_text())
    poses = [found[i % len(found)] for i in range(options.poses)]
    files = []
    for i, pose in enumerate(poses):
        files.append(folder / f"pose{i}.pdbqt")
        files[-1].write_text(pose)
    together = folder / "poses.pdbqt"
    together.write_text("".join(f"MODEL {i + 1}\n{pose.rstrip()}\nENDMDL\n" for i, pose in enumerate(poses)))
    return together, files


def cpu_seconds():
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def timed(action):
    wall, cpu = time.perf_counter(), cpu_seconds()
    result = action()
    return time.perf_counter() - wall, cpu_seconds() - cpu, result


def rustina_scores(receptor, files):
    out = []
    for file in files:
        said = rustina.score_cnn(str(receptor), str(file))
        out.append(said["cnn_score"] if isinstance(said, dict) else said[0])
    return out


def run_rustina(receptor, files, threads):
    if threads == 1:
        return rustina_scores(receptor, files)
    parts = [files[i::threads] for i in range(threads)]
    with ProcessPoolExecutor(threads) as pool:
        return [score for part in pool.map(rustina_scores, [receptor] * threads, parts) for score in part]


def run_theriac(receptor, row, poses, threads, table, cnn):
    theriac("dock", "-r", receptor, "-l", poses, *box_of(row), "--box-check", "off", "--score_only", "--interactions",
            "off", "--cpu", threads, "-o", table, *(["--cnn", "fast"] if cnn else []))
    if not cnn:
        return []
    with open(table, newline="") as file:
        return [float(line["cnn_score"]) for line in csv.DictReader(file)]


def main():
    options = arguments()
    rounds = []
    for row in chosen(options):
        folder = Path(options.out) / row["pdbid"]
        folder.mkdir(parents=True, exist_ok=True)
        receptor = Path(options.data) / row["pdbid"] / row["receptor"]
        together, files = make_poses(options, row, folder)
        for number in range(options.rounds):
            for threads in (1, 2):
                other = timed(lambda: run_rustina(receptor, files, threads))
                table = folder / "scores.csv"
                with_cnn = timed(lambda: run_theriac(receptor, row, together, threads, table, True))
                without = timed(lambda: run_theriac(receptor, row, together, threads, table, False))
                result = {"pdbid": row["pdbid"], "round": number + 1, "threads": threads, "poses": len(files)}
                for name, (wall, cpu, _) in (("rustina", other), ("theriac", with_cnn), ("without", without)):
                    result[f"{name}_wall_s"], result[f"{name}_cpu_s"] = round(wall, 4), round(cpu, 4)
                if threads == 1:
                    result["median_difference"] = round(
                        statistics.median(abs(a - b) for a, b in zip(other[2], with_cnn[2])), 5)
                rounds.append(result)
                print(result, file=sys.stderr)
    path = Path(options.out) / "cnn_speed.csv"
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rounds[0]))
        writer.writeheader()
        writer.writerows(rounds)
    print("ms a pose, median of rounds and complexes [least, most]")
    for threads in (1, 2):
        some = [r for r in rounds if r["threads"] == threads]
        for label, value in (
                ("rustina score_cnn", lambda r, t: r[f"rustina_{t}_s"]),
                ("theriac, whole command", lambda r, t: r[f"theriac_{t}_s"]),
                ("theriac, added by --cnn fast", lambda r, t: r[f"theriac_{t}_s"] - r[f"without_{t}_s"])):
            cells = []
            for clock in ("wall", "cpu"):
                each = [1000 * value(r, clock) / r["poses"] for r in some]
                cells.append(f"{clock} {statistics.median(each):6.2f} [{min(each):.2f}, {max(each):.2f}]")
            print(f"{threads} thread{'s' if threads > 1 else ' '}  {label:30} {'   '.join(cells)}")
    print(f"wrote {path}")


main()
