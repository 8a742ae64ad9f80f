"""Random kills and requeues of a sharded screen; see scripts/bench/slurm_kills."""
import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import slurm_cluster
from slurm_cluster import must

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RESULTS = ["results.csv", "failures.csv", "results.h5", "poses.sdf.gz", "best.csv", "best_poses.sdf.gz"]
PIECES = ["c1ccccc1", "C1CCNCC1", "c1ccncc1", "CC(C)", "OCC", "NCC", "C(=O)N", "CCO", "CS(=O)(=O)", "C1CC1"]


def library(path, molecules, draw):
    """Small molecules with a bad record and a repetition now and then."""
    with open(path, "w") as out:
        for i in range(molecules):
            smiles = draw.choice(PIECES) + "C" * draw.randrange(4) + draw.choice(PIECES)
            if i % 17 == 5:
                smiles = "c1ccccc(N"
            out.write(f"{smiles} m{i}\n")


def site():
    """A small receptor, and a box of 18 angstrom in it."""
    return ["-r", os.path.join(ROOT, "tests/data/zinc_site.pdbqt"), "--center_x", "11", "--center_y", "11.5", "--center_z",
            "13", "--size_x", "18", "--size_y", "18", "--size_z", "18", "--num_modes", "2"]


def digests(folder):
    return {name: hashlib.sha256(open(os.path.join(folder, name), "rb").read()).hexdigest() for name in RESULTS}


def finished(folder):
    return sum(name.endswith(".rows") for name in os.listdir(os.path.join(folder, "shards")))


class PlainTasks:
    """A queue of tasks as Slurm would run them, two at a time."""

    name = "plain processes"

    def __init__(self, program, folder, shards, draw):
        self.program, self.folder, self.draw = program, folder, draw
        self.waiting, self.running = list(range(shards)), {}

    def step(self):
        for shard, task in list(self.running.items()):
            code = task.poll()
            if code is None:
                continue
            del self.running[shard]
            if code != 0:
                self.waiting.append(shard)
        while self.waiting and len(self.running) < 2:
            shard = self.waiting.pop(0)
            self.running[shard] = subprocess.Popen(
                [self.program, "screen", "run", self.folder, "--shard", str(shard), "--checkpoint", "0", "--cpu", "1",
                 "--quiet"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return bool(self.waiting or self.running)

    def disturb(self):
        alive = [shard for shard, task in self.running.items() if task.poll() is None]
        if not alive:
            return None
        shard = self.draw.choice(alive)
        how = self.draw.choice([signal.SIGKILL, signal.SIGTERM])
        self.running[shard].send_signal(how)
        return f"{how.name} of shard {shard}"

    def end(self):
        for task in self.running.values():
            task.kill()


class SlurmTasks:
    """The array that `theriac screen submit` writes, on a throw-away cluster."""

    def __init__(self, program, folder, cluster, home, draw):
        self.draw, self.cluster = draw, cluster
        script = must([program, "screen", "submit", folder, "--cpus", "1", "--time", "10", "--memory", "0",
                       "--program", program, "--quiet"])
        script = script.replace("--cpu \"", "--checkpoint 0 --cpu \"")
        path = os.path.join(home, "array.sbatch")
        with open(path, "w") as out:
            out.write(script)
        self.job = must(["sbatch", "--parsable", path]).strip()
        self.name = cluster.name

    def step(self):
        return bool(self.cluster.elements(self.job))

    def disturb(self):
        return self.cluster.disturb(self.job, self.draw)

    def end(self):
        self.cluster.stop()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--program", default=os.path.join(ROOT, "build/release/cli/theriac"))
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--fewest", type=int, help="kills that must have met a running task [as many as --kills]")
    options.add_argument("--shards", type=int, default=8)
    options.add_argument("--molecules", type=int, default=240)
    options.add_argument("--exhaustiveness", default="2")
    options.add_argument("--slurm", default="", help="a tool with start DIR NODES CPUS and stop DIR")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--between", type=float, default=2.0, help="seconds between two kills, at most")
    options.add_argument("--limit", type=float, default=900, help="seconds")
    o = options.parse_args()
    o.slurm = o.slurm and os.path.abspath(o.slurm)
    draw = random.Random(o.seed)
    # the cluster's daemons want a short path
    home = tempfile.mkdtemp(prefix="tk-", dir="/var/tmp")
    os.chdir(home)
    library("library.smi", o.molecules, draw)
    for folder in ("still", "killed"):
        must([o.program, "screen", "plan", "library.smi", "--shards", str(o.shards), "--sample", "0", "-o", folder,
              "--quiet", "--exhaustiveness", o.exhaustiveness] + site())
    must([o.program, "screen", "run", "still", "--quiet"])
    must([o.program, "screen", "merge", "still", "--quiet"])

    cluster = slurm_cluster.started(o.slurm, os.path.join(home, "s"), nodes=3)
    if cluster:
        tasks = SlurmTasks(o.program, os.path.join(home, "killed"), cluster, home, draw)
    else:
        tasks = PlainTasks(o.program, os.path.join(home, "killed"), o.shards, draw)
    print("with", tasks.name, flush=True)
    kills, start, next_kill = 0, time.time(), time.time() + 0.5
    ok = False
    try:
        while tasks.step():
            if time.time() - start > o.limit:
                sys.exit("the screen did not end in time")
            if kills < o.kills and time.time() >= next_kill:
                what = tasks.disturb()
                if what:
                    kills += 1
                    print(f"{time.time() - start:6.1f} s  {what}; {finished('killed')} of {o.shards} shards finished",
                          flush=True)
                next_kill = time.time() + draw.uniform(0.1, o.between)
            time.sleep(0.1)
        # what Slurm gave up (an element that was killed and not brought back) is run here
        must([o.program, "screen", "run", "killed", "--quiet"])
        must([o.program, "screen", "merge", "killed", "--quiet"])
        differing = [name for name, digest in digests("killed/merged").items()
                     if digest != digests("still/merged")[name]]
        left = [name for name in os.listdir("killed/shards") if not name.endswith(".rows")]
        print(f"{kills} kills and requeues in {time.time() - start:.0f} s, {o.shards} shards, {o.molecules} molecules: "
              + ("all merged files are byte-identical" if not differing else f"DIFFERENT: {differing}")
              + (f"; left behind: {left}" if left else ""))
        ok = not differing and not left
        if kills < o.kills:
            print(f"only {kills} of {o.kills} kills found a running task: more molecules or exhaustiveness are needed")
            ok = ok and o.fewest is not None and kills >= o.fewest
    finally:
        tasks.end()
        if ok:
            shutil.rmtree(home, ignore_errors=True)
        else:
            print("kept:", home)
    sys.exit(0 if ok else 1)


if __name__ == "__main__":
    main()
