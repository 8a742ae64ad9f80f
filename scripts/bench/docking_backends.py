"""See docking_backends."""
import argparse
import csv
import gzip
import hashlib
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time

THERIAC = os.environ["THERIAC"]


def arguments():
    parser = argparse.ArgumentParser(usage=open(os.path.join(os.path.dirname(__file__), "docking_backends")).read())
    parser.add_argument("-r", "--receptor", required=True)
    parser.add_argument("--box", required=True)
    parser.add_argument("-l", "--ligands", required=True)
    parser.add_argument("-o", "--out", default="bench-docking-backends")
    parser.add_argument("--limit", type=int, default=40)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--exhaustiveness", type=float, default=8)
    parser.add_argument("--cpu", type=int, default=2)
    parser.add_argument("--redock")
    parser.add_argument("--complexes", default="")
    parser.add_argument("--devices", default="opencl:0")
    return parser.parse_args()


def timed(command, cpu):
    """Wall and CPU seconds of a command; PoCL gets as many threads as the processor's search."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    run = subprocess.run(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
                         env={**os.environ, "POCL_MAX_PTHREAD_COUNT": str(cpu)})
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode:
        sys.exit(f"{' '.join(command)}\nended with {run.returncode}: {run.stderr}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def digest(folder):
    """Of the table and the poses of a run."""
    h = hashlib.sha256(open(f"{folder}/results.csv", "rb").read())
    h.update(gzip.open(f"{folder}/poses.sdf.gz").read())
    return h.hexdigest()[:12]


def load():
    return " ".join(f"{x:.1f}" for x in os.getloadavg())


def dock_library(a, backends):
    lines = [line for line in open(a.ligands) if line.strip()][: a.limit]
    library = f"{a.out}/library.smi"
    open(library, "w").writelines(lines)
    times = {name: [] for name in backends}
    digests = {}
    print(f"{len(lines)} molecules, exhaustiveness {a.exhaustiveness:g}, {a.cpu} threads; load before {load()}")
    for run in range(a.runs + 1):  # the first one warms caches, PoCL's compiled kernels among them
        for name, options in backends.items():
            folder = f"{a.out}/{name.replace(':', '-').replace(' ', '-')}"
            wall, cpu = timed([THERIAC, "dock", "-r", a.receptor, "--autobox_ligand", a.box, "-l", library, "-o", folder,
                               "--overwrite", "--quiet", "--max-failed", "100%", "--exhaustiveness",
                               str(a.exhaustiveness), "--cpu", str(a.cpu)] + options, a.cpu)
            digests[name] = digest(folder)
            if run == 0:
                print(f"  warming {name}: {wall:.1f} s")
            else:
                times[name].append((wall, cpu))
    print(f"load after {load()}")
    print(f"{'backend':<14}{'wall s':>9}{'range':>14}{'CPU s':>9}{'ligands/s':>11}{'CPU ms/ligand':>15}  result")
    for name, all_times in times.items():
        walls = [t[0] for t in all_times]
        cpus = [t[1] for t in all_times]
        wall, cpu = statistics.median(walls), statistics.median(cpus)
        print(f"{name:<14}{wall:9.2f}{min(walls):7.2f}-{max(walls):<6.2f}{cpu:9.2f}{len(lines) / wall:11.2f}"
              f"{1000 * cpu / len(lines):15.1f}  {digests[name]}")
    print("results: " + ("the same bytes everywhere" if len(set(digests.values())) == 1 else "DIFFERENT"))


def redock(a, backends):
    tables = {}
    for name, options in backends.items():
        folder = f"{a.out}/redock-{name.replace(':', '-').replace(' ', '-')}"
        shutil.rmtree(folder, ignore_errors=True)
        timed([THERIAC, "bench", "redock", "--data", a.redock, "-o", folder, "--quiet", "--exhaustiveness",
               str(a.exhaustiveness), "--cpu", str(a.cpu)] +
              (["--complexes", a.complexes] if a.complexes else []) + options, a.cpu)
        with open(f"{folder}/redock.csv") as file:
            tables[name] = {row["pdbid"]: row for row in csv.DictReader(line for line in file if line[0] != "#")}
    columns = [c for c in next(iter(next(iter(tables.values())).values())) if c.startswith("theriac_rmsd") or c == "theriac_score_kcal_mol"]
    print(f"redocking; load {load()}")
    reference = next(iter(tables.values()))
    for name, table in tables.items():
        top = [float(row["theriac_rmsd_top1"]) for row in table.values() if row["theriac_rmsd_top1"]]
        cpu = sum(float(row["theriac_cpu_s"]) for row in table.values() if row["theriac_cpu_s"])
        same = sum(all(table[i][c] == reference[i][c] for c in columns) for i in reference)
        print(f"{name:<14}{sum(x < 2 for x in top):>4} of {len(top)} within 2 A, {cpu:8.1f} CPU s; scores and RMSD as "
              f"{next(iter(tables))}: {same} of {len(reference)}")


def main():
    a = arguments()
    os.makedirs(a.out, exist_ok=True)
    backends = {"scalar": ["--simd", "scalar"], "baseline": ["--simd", "baseline"], "simd auto": ["--simd", "auto"]}
    for device in filter(None, a.devices.split(",")):
        backends[device] = ["--device", device]
    dock_library(a, backends)
    if a.redock:
        redock(a, backends)


main()
