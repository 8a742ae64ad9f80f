"""One core against two; see scripts/bench/screen_scaling."""
import argparse
import itertools
import json
import os
import resource
import shlex
import statistics
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def timed(words):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.time()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.time() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--program", default=os.path.join(ROOT, "build/release/cli/theriac"))
    options.add_argument("-r", "--receptor", required=True)
    options.add_argument("-l", "--library", required=True, help="SMILES, one a line")
    options.add_argument("-n", type=int, default=200)
    options.add_argument("--box", default="--autobox pocket", help="box and search options of theriac dock")
    options.add_argument("--runs", type=int, default=3)
    o = options.parse_args()
    receptor, library, program = map(os.path.abspath, (o.receptor, o.library, o.program))
    os.chdir(tempfile.mkdtemp(prefix="theriac-scaling-"))
    with open(library) as lines, open("part.smi", "w") as out:
        out.writelines(itertools.islice(lines, o.n))
    subprocess.run([program, "screen", "plan", "part.smi", "--shards", "1", "-r", receptor, "-o", "p", "--quiet"]
                   + shlex.split(o.box), check=True)
    walls, cpus = {1: [], 2: []}, {1: [], 2: []}
    print("load before:", " ".join(f"{x:.2f}" for x in os.getloadavg()))
    for _ in range(o.runs):
        for cores in (1, 2):
            wall, cpu = timed([program, "screen", "run", "p", "--shard", "0", "--overwrite", "--quiet", "--cpu", str(cores)])
            walls[cores].append(wall)
            cpus[cores].append(cpu)
            print(f"--cpu {cores}: wall {wall:.1f} s, CPU {cpu:.1f} s, load {os.getloadavg()[0]:.2f}", flush=True)
    ratios = [one / two for one, two in zip(walls[1], walls[2])]
    print(f"speed-up {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) over {o.runs} pairs, "
          f"{o.n} ligands; CPU time of two cores over one {sum(cpus[2]) / sum(cpus[1]):.2f}")
    with open("p/plan.json") as plan:
        estimate = json.load(plan)["estimate"]
    share = estimate["cpu_seconds_before_docking"] / (
        estimate["cpu_seconds_before_docking"] + estimate["cpu_seconds_docking"])
    print(f"reading, parent, protonation and InChIKey: {100 * share:.2f} % of the CPU time of a docked ligand "
          f"(sample of {estimate['docked']})")


main()
