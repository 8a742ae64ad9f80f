"""A throw-away Slurm cluster for tests, where one can be started."""
import os
import shutil
import socket
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


def free_ports(count):
    """The first of so many neighbouring ports that nobody listens at: two clusters may run side by side."""
    first = 20000 + os.getpid() % 1000 * 10
    for base in range(first, first + 10000, 10):
        sockets = []
        try:
            for port in range(base, base + count):
                sockets.append(socket.socket())
                sockets[-1].bind(("", port))
            return base
        except OSError:
            continue
        finally:
            for each in sockets:
                each.close()
    sys.exit("no free ports for a Slurm cluster")


class Cluster:
    """One host that believes to be several nodes of two cores."""

    def __init__(self, tool, home, nodes):
        os.mkdir(home, 0o755)
        self.tool, self.home = tool, home
        self.start(nodes)
        os.environ["SLURM_CONF"] = os.path.join(home, "slurm.conf")
        self.name = "Slurm " + must(["sinfo", "--version"]).split()[-1] + f", {nodes} nodes"

    def start(self, nodes, tries=4):
        """A start that gave up is taken up where it was: on a busy machine a daemon can need minutes to answer."""
        os.environ["SLURM_BASE_PORT"] = str(free_ports(nodes + 1))
        for _ in range(tries):
            done = run([self.tool, "start", self.home, str(nodes), "2"])
            if done.returncode == 0:
                return
            print("Slurm did not start yet:", done.stdout.strip(), flush=True)
        load, cause = os.getloadavg()[0], self.what_is_missing(nodes)
        run([self.tool, "stop", self.home])
        sys.exit(f"Slurm did not start in {tries} tries (load {load:.1f}): {cause}")

    def what_is_missing(self, nodes):
        """The first daemon that has no process, or does not answer, and the end of its log."""
        for name in ["munged", "slurmctld"] + [f"slurmd-n{i}" for i in range(1, nodes + 1)]:
            try:
                with open(os.path.join(self.home, "run", name + ".pid")) as number:
                    os.kill(int(number.read()), 0)
            except (OSError, ValueError):
                return f"{name} does not run; " + self.end_of_log(name)
        environment = dict(os.environ, SLURM_CONF=os.path.join(self.home, "slurm.conf"))
        if run(["scontrol", "ping"], env=environment).returncode != 0:
            return "slurmctld runs and does not answer; " + self.end_of_log("slurmctld")
        return "not all nodes can be used; " + self.end_of_log("slurmctld") + run(["sinfo", "-N"], env=environment).stdout

    def end_of_log(self, name):
        log = os.path.join(self.home, "log", name + ".log")
        if not os.path.exists(log):
            return f"there is no {log}\n"
        with open(log, errors="replace") as text:
            return f"read {log}, which ends with\n" + "".join("  " + line for line in text.readlines()[-8:])

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
