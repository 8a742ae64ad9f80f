"""A throw-away Slurm cluster for tests, where one can be started."""
import os
import shutil
import subprocess
import sys
import time


def run(words, **more):
    return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)


def must(words, codes=(0,)):
    done = run(words)
    if done.returncode not in codes:
        sys.exit(f"{' '.join(words)}\nended with {done.returncode}\n{done.stdout}")
    return done.stdout


class Cluster:
    """One host that believes to be several nodes of two cores."""

    def __init__(self, tool, home, nodes):
        os.mkdir(home, 0o755)
        self.tool, self.home = tool, home
        must([tool, "start", home, str(nodes), "2"])
        os.environ["SLURM_CONF"] = os.path.join(home, "slurm.conf")
        self.name = "Slurm " + must(["sinfo", "--version"]).split()[-1] + f", {nodes} nodes"

    def elements(self, job="", state=""):
        """Of an array, or of all, as JOB_ELEMENT."""
        # without -t: what waits, runs or is about to end; "all" would list ended jobs for minutes
        which = (["-j", job] if job else []) + (["-t", state] if state else [])
        listed = run(["squeue", "-h", "-r", "-o", "%F_%K"] + which).stdout.split()
        return [word for word in listed if word.replace("_", "").isdigit()]

    def disturb(self, job, draw):
        """Requeues a running element, or kills and requeues it."""
        running = self.elements(job, "RUNNING")
        if not running:
            return None
        element = draw.choice(running)
        if draw.random() < 0.5:
            run(["scontrol", "requeue", element])
            return f"requeue of {element}"
        run(["scancel", "--signal=KILL", "--full", element])
        for _ in range(50):
            if run(["scontrol", "requeue", element]).returncode == 0:
                break
            time.sleep(0.2)
        return f"KILL and requeue of {element}"

    def stop(self):
        run([self.tool, "stop", self.home])


def started(tool, home, nodes):
    """A cluster in the new folder `home`; None, and a line that says so, where there can be none."""
    path = os.environ["PATH"] + ":/usr/sbin"
    if tool and os.path.exists(tool) and os.geteuid() == 0 and shutil.which("slurmctld", path=path) and shutil.which("sbatch"):
        return Cluster(tool, home, nodes)
    if tool:
        print("Slurm cannot be started here (needs root, slurmctld, slurmd and sbatch): plain processes instead")
    return None
