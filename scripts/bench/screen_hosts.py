"""Two hosts and one screen; see scripts/bench/screen_hosts."""
import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from shared_hosts import Host, SharedFolder, wait_for
from slurm_cluster import must
from slurm_kills import ROOT, digests, library, site

SILENCE = 6  # seconds; a holder beats six times in it

# locks that a file system does not have; errno is what it answers then
NO_LOCKS = """#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
static int refuse(void) { errno = atoi(getenv("NO_LOCKS")); return -1; }
int flock(int file, int how) { (void)file; (void)how; return refuse(); }
int lockf(int file, int how, off_t size) { (void)file; (void)how; (void)size; return refuse(); }
int fcntl(int file, int what, ...) {
  va_list rest; va_start(rest, what); void* argument = va_arg(rest, void*); va_end(rest);
  if (what == F_SETLK || what == F_SETLKW || what == F_GETLK || what == F_OFD_SETLK) return refuse();
  return ((int (*)(int, int, void*))dlsym(RTLD_NEXT, "fcntl"))(file, what, argument);
}
int fcntl64(int file, int what, ...) {
  va_list rest; va_start(rest, what); void* argument = va_arg(rest, void*); va_end(rest);
  if (what == F_SETLK || what == F_SETLKW || what == F_GETLK || what == F_OFD_SETLK) return refuse();
  return ((int (*)(int, int, void*))dlsym(RTLD_NEXT, "fcntl64"))(file, what, argument);
}
"""
# hard links that a file system does not have
NO_LINKS = """#include <errno.h>
int link(const char* from, const char* to) { (void)from; (void)to; errno = EPERM; return -1; }
int linkat(int a, const char* from, int b, const char* to, int f) { (void)a; (void)b; (void)f; return link(from, to); }
"""


class Trial:
    def __init__(self, o, home):
        self.o, self.home, self.failed = o, home, []
        self.shared = SharedFolder(home)
        self.hosts = {name: Host(self.shared, name) for name in ("north", "south")}
        self.folders = 0

    def host(self, name):
        return self.hosts[name]

    def again(self, name):
        """A host that was killed, started anew."""
        self.hosts[name].kill()
        self.hosts[name] = Host(self.shared, name)
        return self.hosts[name]

    def planned(self):
        """A folder with the plan, on the shared file system; relative to it."""
        self.folders += 1
        folder = f"screen{self.folders}"
        code, text = self.host("north").run(["cp", "-r", f"{self.home}/plan", folder])
        if code != 0:
            sys.exit(text)
        return folder

    def run_words(self, folder, *more):
        return [self.o.program, "screen", "run", folder, "--checkpoint", "0", "--silence", str(SILENCE), "--cpu", "1",
                *more]

    def merge_words(self, folder, *more):
        return [self.o.program, "screen", "merge", folder, *more]

    def rows(self, folder, shard=0):
        return self.exists(f"{folder}/shards/shard-{shard:05}.rows")

    def exists(self, path):
        return os.path.exists(f"{self.home}/brick/{path}")

    def begun(self, folder, shard=0):
        """Whether a task has written rows of the shard."""
        shards = f"{self.home}/brick/{folder}/shards"
        start = f"shard-{shard:05}.journal"
        return any(name.startswith(start) and os.path.getsize(f"{shards}/{name}") > 2000 for name in os.listdir(shards))

    def expect(self, what, ok, seen):
        print(("ok      " if ok else "FAILED  ") + what + ": " + seen.strip().replace("\n", " | ")[-420:], flush=True)
        if not ok:
            self.failed.append(what)

    def finish(self, what, folder, host="north"):
        """Runs what is left, merges, and compares with the undisturbed run."""
        code, text = self.host(host).run(self.run_words(folder, "--quiet"))
        if code == 0:
            code, text = self.host(host).run(self.merge_words(folder, "--quiet"))
        if code != 0:
            return self.expect(what + ", merged", False, f"exit {code}: {text}")
        self.compare(what, folder)

    def compare(self, what, folder):
        merged, still = digests(f"{self.home}/brick/{folder}/merged"), digests(f"{self.home}/still/merged")
        differing = [name for name in still if merged[name] != still[name]]
        left = [name for name in os.listdir(f"{self.home}/brick/{folder}/shards") if not name.endswith(".rows")]
        self.expect(what + ", merged", not differing and not left,
                    f"differing {differing}, left {left}" if differing or left else "the bytes of the undisturbed run")

    # ------------------------------------------------------------------ what is tried

    def at_once(self):
        what = "one shard begun on two hosts at once"
        refused = 0
        for _ in range(self.o.rounds):
            folder = self.planned()
            tasks = {name: host.start(self.run_words(folder, "--shard", "0")) for name, host in self.hosts.items()}
            texts = {name: Host.end_of(task) for name, task in tasks.items()}
            codes = {name: task.returncode for name, task in tasks.items()}
            if sorted(codes.values()) == [0, 0] and any("is complete: nothing to do" in text for text in texts.values()):
                continue  # finished while the other watched
            late = [name for name in codes if codes[name] == 5]
            if len(late) != 1 or sorted(codes.values()) != [0, 5]:
                self.expect(what, False, f"exit {codes}: {texts}")
                return
            other = "south" if late[0] == "north" else "north"
            if f"run by {other}, process" not in texts[late[0]]:
                self.expect(what, False, f"the other host is not named: {texts[late[0]]}")
                return
            refused += 1
        self.expect(f"{what}, {self.o.rounds} times", True,
                    f"one finished; the other ended with 5 and named it {refused} times, else found it complete")
        self.finish(what, folder)

    def begin(self, folder, name="north", environment=None):
        task = self.host(name).start(self.run_words(folder, "--shard", "0"), environment)
        wait_for("a task on " + name, lambda: self.begun(folder) or task.poll() is not None)
        return task

    def host_killed(self):
        what = "a host killed with its client of the file system"
        folder = self.planned()
        task = self.begin(folder)
        self.host("north").kill()
        task.wait()
        start = time.time()
        code, text = self.host("south").run(self.run_words(folder, "--shard", "0"))
        self.expect(f"{what}, its shard on the other", code == 0 and "continuing" in text,
                    f"exit {code} after {time.time() - start:.0f} s: {text}")
        self.again("north")
        self.finish(what, folder)

    def client_killed(self):
        what = "the file system gone under a task"
        folder = self.planned()
        task = self.begin(folder)
        self.host("north").kill_client()
        text = Host.end_of(task)
        self.expect(what, task.returncode == 5, f"exit {task.returncode}: {text}")
        code, text = self.host("south").run(self.run_words(folder, "--shard", "0"))
        self.expect(f"{what}, its shard on the other host", code == 0, f"exit {code}: {text}")
        self.again("north")
        self.finish(what, folder)

    def living_holder(self):
        what = "a living holder whose clock is three days fast"
        folder = self.planned()
        fast = {"LD_PRELOAD": "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1", "FAKETIME": "+3d",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        task = self.begin(folder, environment=fast)
        code, text = self.host("south").run(self.run_words(folder, "--shard", "0"))
        self.expect(f"{what}, not robbed", code == 5 and "north" in text, f"exit {code}: {text}")
        text = Host.end_of(task)
        self.expect(what, task.returncode == 0, f"exit {task.returncode}: {text}")
        self.finish(what, folder, "south")

    def frozen_holder(self):
        what = "a host that stood still for longer than --silence"
        folder = self.planned()
        task = self.begin(folder)
        Host.signal(task, signal.SIGSTOP)
        code, text = self.host("south").run(self.run_words(folder, "--shard", "0"))
        self.expect(f"{what}, its shard on the other", code == 0, f"exit {code}: {text}")
        Host.signal(task, signal.SIGCONT)
        text = Host.end_of(task)
        self.expect(f"{what}, woken", task.returncode in (0, 5), f"exit {task.returncode}: {text}")
        self.finish(what, folder)

    def status_while_publishing(self):
        what = "status on one host while the other works and publishes"
        folder = self.planned()
        task = self.host("north").start(self.run_words(folder, "--quiet"))
        codes, looks, bad, finished = set(), 0, "", []
        while True:
            ended = task.poll() is not None
            code, text = self.host("south").run([self.o.program, "screen", "status", folder])
            looks += 1
            codes.add(code)
            if code not in (0, 75):
                bad = f"exit {code}: {text}"
            else:
                finished.append(int(text.split()[1]))
            if ended:
                break
        rising = finished == sorted(finished) and finished[-1] == self.o.shards
        self.expect(what, not bad and rising, bad or f"{looks} looks, exit {sorted(codes)}, finished {finished}")
        self.finish(what, folder, "south")

    def merges_at_once(self):
        what = "two merges at once"
        folder = self.planned()
        code, text = self.host("south").run(self.run_words(folder, "--quiet"))
        merges = {name: host.start(self.merge_words(folder)) for name, host in self.hosts.items()}
        texts = {name: Host.end_of(task) for name, task in merges.items()}
        codes = {name: task.returncode for name, task in merges.items()}
        self.expect(what, sorted(codes.values()) in ([0, 0], [0, 5]), f"exit {codes}: {texts}")
        self.finish(what, folder)

    def without_locks(self):
        for number, name in ((37, "ENOLCK"), (95, "EOPNOTSUPP"), (38, "ENOSYS")):
            what = f"a file system without locks ({name})"
            environment = {"LD_PRELOAD": f"{self.home}/no_locks.so", "NO_LOCKS": str(number)}
            folder = self.planned()
            task = self.begin(folder, environment=environment)
            code, text = self.host("south").run(self.run_words(folder, "--shard", "0"), environment)
            self.expect(f"{what}, second task", code == 5 and "north" in text, f"exit {code}: {text}")
            Host.end_of(task)
            code, text = self.host("south").run(self.run_words(folder, "--quiet"), environment)
            self.expect(f"{what}, run", code == 0, f"exit {code}: {text}")
            merges = {n: host.start(self.merge_words(folder), environment) for n, host in self.hosts.items()}
            texts = {n: Host.end_of(merge) for n, merge in merges.items()}
            codes = {n: merge.returncode for n, merge in merges.items()}
            self.expect(f"{what}, two merges at once", sorted(codes.values()) in ([0, 0], [0, 5]), f"exit {codes}: {texts}")
            if 0 in codes.values():
                self.compare(what, folder)

    def without_links(self):
        what = "a file system without hard links"
        folder = self.planned()
        code, text = self.host("north").run(self.run_words(folder), {"LD_PRELOAD": f"{self.home}/no_links.so"})
        self.expect(what, code == 5 and "hard links" in text, f"exit {code}: {text}")
        self.finish(what + ", then with", folder)

    def stop(self):
        for host in self.hosts.values():
            host.kill()
        self.shared.stop()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--program", default=os.path.join(ROOT, "build/release/cli/theriac"))
    options.add_argument("--molecules", type=int, default=120)
    options.add_argument("--shards", type=int, default=3)
    options.add_argument("--exhaustiveness", default="4")
    options.add_argument("--rounds", type=int, default=5, help="of two tasks that begin one shard at once")
    options.add_argument("--only", default="", help="names of trials, with commas: at_once, host_killed, client_killed, living_holder, frozen_holder, "
                         "status_while_publishing, merges_at_once, without_locks, without_links")
    options.add_argument("--keep", action="store_true")
    o = options.parse_args()
    o.program = os.path.abspath(o.program)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the hosts are taken down then too
    home = tempfile.mkdtemp(prefix="hosts-", dir="/var/tmp")
    trial = None
    names = ["at_once", "host_killed", "client_killed", "living_holder", "frozen_holder", "status_while_publishing",
             "merges_at_once", "without_locks", "without_links"]
    try:
        for name, text in (("no_locks", NO_LOCKS), ("no_links", NO_LINKS)):
            subprocess.run(["cc", "-shared", "-fPIC", "-xc", "-", "-o", f"{home}/{name}.so", "-ldl"], input=text, text=True,
                           check=True)
        trial = Trial(o, home)
        library(f"{home}/library.smi", o.molecules, random.Random(1))
        must([o.program, "screen", "plan", f"{home}/library.smi", "--shards", str(o.shards), "--sample", "0", "-o",
              f"{home}/plan", "--quiet", "--exhaustiveness", o.exhaustiveness] + site())
        shutil.copytree(f"{home}/plan", f"{home}/still")
        start = time.time()
        must([o.program, "screen", "run", f"{home}/still", "--quiet", "--cpu", "1"])
        print(f"undisturbed: {o.molecules} molecules, {o.shards} shards, {time.time() - start:.1f} s on one core")
        must([o.program, "screen", "merge", f"{home}/still", "--quiet"])
        for name in o.only.split(",") if o.only else names:
            getattr(trial, name)()
        print(f"{len(trial.failed)} of the trials failed" + "".join("\n  " + name for name in trial.failed))
    finally:
        if trial:
            trial.stop()
        if o.keep:
            print("kept:", home)
        else:
            shutil.rmtree(home, ignore_errors=True)
    sys.exit(1 if trial.failed else 0)


if __name__ == "__main__":
    main()
