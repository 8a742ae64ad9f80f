"""Random kills of a campaign's coordinator and docking tasks; see scripts/bench/campaign_kills."""
import argparse
import glob
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import slurm_cluster
from slurm_cluster import must

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RESULTS = ["results.csv", "rounds.csv", "failures.csv", "results.h5", "poses.sdf.gz", "summary.json", "report.html",
           "run.toml", "progress.svg"]
CAMPAIGN = """out = "run"
[target]
name = "CDK2"
receptor = "{examples}/2xnb_receptor.pdb"
box = {{ ligand = "{examples}/2xnb_ligand.sdf" }}
[generate]
start = "start.smi"
rounds = {rounds}
per_round = {per_round}
max_heavy_atoms = 24
proposer = "screened-evolution"
[[objective]]
name = "docking"
source = "dock"
want = {{ below = -12, reject_above = -3 }}
[[objective]]
source = "qed"
want = {{ above = 0.9, reject_below = 0.1 }}
[docking]
exhaustiveness = {exhaustiveness}
top_fraction = 0.5
final = "balanced"
final_top = 4
"""
START = """CC(=O)Nc1ccc(O)cc1 paracetamol
NC(=O)c1cccnc1 nicotinamide
c1ccc(cc1)N1CCNCC1 phenylpiperazine
O=C(c1ccccc1)N1CCOCC1 amide
Nc1ncnc2[nH]cnc12 adenine
CC(C)Cc1ccc(cc1)C(C)C(=O)O ibuprofen
"""


def write_campaign(rounds, per_round, exhaustiveness):
    with open("campaign.toml", "w") as out:
        out.write(CAMPAIGN.format(examples=os.path.join(ROOT, "datasets/examples"), rounds=rounds, per_round=per_round,
                                  exhaustiveness=exhaustiveness))
    with open("start.smi", "w") as out:
        out.write(START)


class PlainTasks:
    """Tasks of whatever is handed out, as Slurm would run them, two at a time."""

    name = "plain processes"
    options = []

    def __init__(self, program, draw):
        self.program, self.draw, self.running = program, draw, {}

    def step(self):
        self.running = {key: task for key, task in self.running.items() if task.poll() is None}
        for batch in glob.glob("run/tasks/*/array.sbatch"):
            try:
                with open(batch) as script:
                    array = re.search("--array=([0-9,-]+)", script.read()).group(1)
            except OSError:
                continue  # its rows were taken just now
            folder = os.path.dirname(batch)
            for part in array.split(","):
                first, last = (part.split("-") * 2)[:2]
                for task in range(int(first), int(last) + 1):
                    key = (folder, task)
                    if len(self.running) < 2 and key not in self.running and not os.path.exists(
                            f"{folder}/task-{task:05}.rows"):
                        self.running[key] = subprocess.Popen(
                            [self.program, "campaign", "dock", folder, "--task", str(task), "--cpu", "1", "--quiet"],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def disturb(self):
        if not self.running:
            return None
        key = self.draw.choice(sorted(self.running))
        how = self.draw.choice([signal.SIGKILL, signal.SIGTERM])
        self.running[key].send_signal(how)
        return f"{how.name} of task {key[1]} of {os.path.basename(key[0])}"

    def end(self):
        for task in self.running.values():
            task.kill()


class SlurmTasks:
    """The arrays that the coordinator submits."""

    def __init__(self, cluster, program, draw):
        self.cluster, self.draw, self.name = cluster, draw, cluster.name
        self.options = ["--now", "--cpus", "1", "--time", "10", "--memory", "0", "--program", program]

    def step(self):
        pass

    def disturb(self):
        return self.cluster.disturb("", self.draw)

    def end(self):
        self.cluster.stop()


class Coordinator:
    def __init__(self, program, tasks, options):
        self.words = [program, "campaign", "campaign.toml", "--hand_out", "--wait", "--poll", "0.3", "--tasks", str(tasks),
                      "--cpu", "1"] + options
        self.log, self.process, self.starts = open("coordinator.log", "a"), None, 0

    def step(self):
        """Starts it where it does not run; True when the campaign is done."""
        code = None if self.process is None else self.process.poll()
        if self.process is not None and code is None:
            return False
        if code == 0:
            return True
        # -9: killed here. 5: a job went without its tasks, and is submitted again. 75: asked to stop.
        if code not in (None, -9, 5, 75):
            sys.exit(f"the coordinator ended with {code}\n" + open("coordinator.log").read())
        self.process = subprocess.Popen(self.words, stdout=subprocess.DEVNULL, stderr=self.log)
        self.starts += 1
        return False

    def disturb(self, draw):
        how = draw.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM])
        self.process.send_signal(how)
        return f"{how.name} of the coordinator"

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.kill()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--program", default=os.path.join(ROOT, "build/release/cli/theriac"))
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--fewest", type=int, help="kills that must have met a running task [as many as --kills]")
    options.add_argument("--tasks", type=int, default=4)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--per_round", type=int, default=24)
    options.add_argument("--exhaustiveness", default="1")
    options.add_argument("--slurm", default="", help="a tool with start DIR NODES CPUS and stop DIR")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--between", type=float, default=2.0, help="seconds between two kills, at most")
    options.add_argument("--limit", type=float, default=900, help="seconds")
    o = options.parse_args()
    draw = random.Random(o.seed)
    home = tempfile.mkdtemp(prefix="tc-", dir="/var/tmp")  # the cluster's daemons want a short path
    tool = o.slurm and os.path.abspath(o.slurm)
    os.chdir(home)
    write_campaign(o.rounds, o.per_round, o.exhaustiveness)
    # every molecule is written at once, so that a kill meets work that is half done
    program = os.path.join(home, "theriac")
    with open(program, "w") as out:
        out.write('#!/bin/sh\n[ "$2" = dock ] && set -- "$@" --checkpoint 0\nexec "%s" "$@"\n' % o.program)
    os.chmod(program, 0o755)
    must([o.program, "campaign", "campaign.toml", "-o", "local", "--quiet"])

    cluster = slurm_cluster.started(tool, os.path.join(home, "s"), nodes=3)
    tasks = SlurmTasks(cluster, program, draw) if cluster else PlainTasks(program, draw)
    coordinator = Coordinator(o.program, o.tasks, tasks.options)
    print("with", tasks.name, flush=True)
    # of five kills three are of tasks, in random order; each waits until there is something to kill
    plan = [i % 5 < 3 for i in range(o.kills)]
    draw.shuffle(plan)
    kills, of_tasks, start, next_kill = 0, 0, time.time(), time.time() + 0.5
    ok = False
    try:
        while not coordinator.step():
            tasks.step()
            if time.time() - start > o.limit:
                sys.exit("the campaign did not end in time")
            if kills < o.kills and time.time() >= next_kill:
                what = tasks.disturb() if plan[kills] else coordinator.disturb(draw)
                if what:
                    of_tasks += plan[kills]
                    kills += 1
                    print(f"{time.time() - start:6.1f} s  {what}", flush=True)
                    said = must([o.program, "campaign", "status", "run"], codes=(0, 75))  # whatever was in hand
                    if "\nnext " not in said:
                        sys.exit("the status says nothing:\n" + said)
                    next_kill = time.time() + draw.uniform(0.1, o.between)
            time.sleep(0.05)
        differing = [name for name in RESULTS
                     if open(f"run/{name}", "rb").read() != open(f"local/{name}", "rb").read()]
        left = [name for name in ("tasks", "journal") if os.path.exists(f"run/{name}")]
        print(f"{kills} kills, {of_tasks} of them of tasks, {coordinator.starts} starts of the coordinator in "
              f"{time.time() - start:.0f} s: "
              + ("all files are those of the local run, byte by byte" if not differing else f"DIFFERENT: {differing}")
              + (f"; left behind: {left}" if left else ""))
        ok = not differing and not left
        if kills < o.kills or of_tasks == 0:
            print(f"only {kills} of {o.kills} kills found something to kill, {of_tasks} of them a task: more rounds or "
                  "exhaustiveness are needed")
            ok = ok and o.fewest is not None and kills >= o.fewest and of_tasks > 0
    finally:
        coordinator.end()
        tasks.end()
        if ok:
            shutil.rmtree(home, ignore_errors=True)
        else:
            print("kept:", home)
    sys.exit(0 if ok else 1)


if __name__ == "__main__":
    main()
