"""Time limits of Slurm; see scripts/bench/slurm_time_limit."""
import argparse
import glob
import os
import random
import re
import shutil
import sys
import tempfile
import time

import campaign_kills
import slurm_cluster
import slurm_kills
from slurm_cluster import must, run

ROOT = slurm_kills.ROOT


def bytes_of(path):
    with open(path, "rb") as file:
        return file.read()


def restarts(job):
    """Of every element of a job, as Slurm counts them."""
    return sum(map(int, re.findall(r"Restarts=(\d+)", run(["scontrol", "show", "job", job]).stdout)))


class Screen:
    """Two shards by scripts/slurm/array.sbatch, with the models read from the node's own disk."""

    def __init__(self, o):
        draw = random.Random(o.seed)
        slurm_kills.library("library.smi", o.molecules, draw)
        for folder in ("still", "limited"):
            must([o.program, "screen", "plan", "library.smi", "--shards", "2", "--sample", "0", "-o", folder, "--quiet",
                  "--exhaustiveness", o.exhaustiveness] + slurm_kills.site())
        for shard in range(2):  # for the time; each on one core, as its element
            start = time.time()
            must([o.program, "screen", "run", "still", "--shard", str(shard), "--cpu", "1", "--quiet"])
            print(f"shard {shard} takes {time.time() - start:.0f} s undisturbed", flush=True)
        must([o.program, "screen", "merge", "still", "--quiet"])

    def submit(self, o):
        self.job = must(["sbatch", "--parsable", "--array=0-1", f"--time={o.minutes}", "--cpus-per-task=1", "--mem=0",
                         os.path.join(ROOT, "scripts/slurm/array.sbatch"), "limited"]).strip()

    def differing(self, o):
        must([o.program, "screen", "merge", "limited", "--quiet"])
        left = [name for name in os.listdir("limited/shards") if not name.endswith(".rows")]
        other = [name for name, digest in slurm_kills.digests("limited/merged").items()
                 if digest != slurm_kills.digests("still/merged")[name]]
        return other + left

    def logs(self):
        return glob.glob(f"theriac-{self.job}_*.log")


class Campaign:
    """The coordinator by scripts/slurm/campaign.sbatch; it hands its docking to arrays of its own."""

    def __init__(self, o):
        campaign_kills.write_campaign(rounds=3, per_round=24, exhaustiveness="1")
        must([o.program, "campaign", "campaign.toml", "-o", "local", "--quiet"])

    def submit(self, o):
        self.job = must(["sbatch", "--parsable", f"--time={o.minutes}", "--cpus-per-task=1", "--mem=0",
                         os.path.join(ROOT, "scripts/slurm/campaign.sbatch"), "campaign.toml", "--tasks", "2", "--cpus", "1",
                         "--time", "10", "--memory", "0", "--program", o.program, "--poll", "5"]).strip()

    def differing(self, o):
        left = [name for name in ("tasks", "journal") if os.path.exists(f"run/{name}")]
        return [name for name in campaign_kills.RESULTS
                if not os.path.exists(f"run/{name}") or bytes_of(f"run/{name}") != bytes_of(f"local/{name}")] + left

    def logs(self):
        return glob.glob(f"theriac-campaign-{self.job}.log")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--program", default=os.path.join(ROOT, "build/release/cli/theriac"))
    options.add_argument("--data", default=os.path.join(ROOT, "build/release/share/theriac"))
    options.add_argument("--slurm", required=True, help="a tool with start DIR NODES CPUS and stop DIR")
    options.add_argument("--minutes", type=int, default=1, help="limit of the screen's elements and of the coordinator")
    options.add_argument("--molecules", type=int, default=320)
    options.add_argument("--exhaustiveness", default="8")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--limit", type=float, default=1500, help="seconds")
    o = options.parse_args()
    o.program = os.path.abspath(o.program)
    tool = os.path.abspath(o.slurm)
    home = tempfile.mkdtemp(prefix="tl-", dir="/var/tmp")  # the cluster's daemons want a short path
    os.chdir(home)
    jobs = [Screen(o), Campaign(o)]
    os.mkdir("scratch")
    os.environ.update(THERIAC=o.program, THERIAC_DATA=os.path.abspath(o.data), TMPDIR=os.path.abspath("scratch"))
    cluster = slurm_cluster.started(tool, os.path.join(home, "s"), nodes=3)
    if not cluster:
        sys.exit("this needs Slurm")
    print("with", cluster.name, flush=True)
    start, ok = time.time(), False
    try:
        for job in jobs:
            job.submit(o)
        while run(["squeue", "-h"]).stdout.strip():
            if time.time() - start > o.limit:
                sys.exit("the jobs did not end in time")
            time.sleep(1)
        seconds, good = time.time() - start, True
        for job in jobs:
            told = sum(b"asked to stop" in bytes_of(log) for log in job.logs())
            again, other = restarts(job.job), job.differing(o)
            print(f"{type(job).__name__.lower()}: told to stop before its minute was over, put back and continued {again} times, "
                  f"{told} of {len(job.logs())} logs say so; "
                  + ("all files are those of the undisturbed run, byte by byte" if not other else f"DIFFERENT: {other}"))
            good = good and again > 0 and told > 0 and not other
        left = os.listdir("scratch")
        print(f"{seconds:.0f} s" + (f"; scratch left behind: {left}" if left else "; no scratch left behind"))
        ok = good and not left
    finally:
        cluster.stop()
        if ok:
            shutil.rmtree(home, ignore_errors=True)
        else:
            print("kept:", home)
    sys.exit(0 if ok else 1)


if __name__ == "__main__":
    main()
