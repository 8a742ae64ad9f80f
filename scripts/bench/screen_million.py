"""A large library through plan, filter and predict; see scripts/bench/screen_million."""
import argparse
import gzip
import os
import random
import shlex
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def drawn(paths, count, seed):
    """`count` distinct SMILES texts, in random order."""
    smiles = set()
    for path in paths:
        opened = gzip.open(path, "rt") if path.endswith(".gz") else open(path)
        with opened as lines:
            smiles.update(words[0] for words in map(str.split, lines) if words)
    if len(smiles) < count:
        raise SystemExit(f"{len(smiles)} distinct SMILES in these files, {count} are asked for")
    return random.Random(seed).sample(sorted(smiles), count)


def measured(words):
    """Exit code, wall seconds, CPU seconds and peak resident MB of one program."""
    start = time.time()
    child = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, time.time() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main():
    options = argparse.ArgumentParser()
    options.add_argument("files", nargs="+")
    options.add_argument("--program", default=os.path.join(ROOT, "build/release/cli/theriac"))
    options.add_argument("-n", type=int, default=1000000)
    options.add_argument("--shards", type=int, default=100)
    options.add_argument("--run", type=int, default=0, help="shards that are run; 0: all, and merged")
    options.add_argument("--filter", default="mw<350 and rotb<6")
    options.add_argument("--columns", default="qed,sa")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--options", default="", help="more of theriac screen plan")
    o = options.parse_args()
    files = [os.path.abspath(path) for path in o.files]
    program = os.path.abspath(o.program)
    os.chdir(tempfile.mkdtemp(prefix="theriac-million-"))
    # In a process of its own: the peak memory of a child counts what its parent held when it was made.
    drawing = os.fork()
    if drawing == 0:
        with open("library.smi", "w") as out:
            for number, smiles in enumerate(drawn(files, o.n, o.seed)):
                out.write(f"{smiles} m{number}\n")
        os._exit(0)
    if os.waitpid(drawing, 0)[1]:
        raise SystemExit("no library")
    print(f"{o.n} distinct SMILES, {os.path.getsize('library.smi') / 1e6:.0f} MB; load "
          + " ".join(f"{x:.2f}" for x in os.getloadavg()), flush=True)

    def part(name, molecules, words):
        code, wall, cpu, peak = measured([program] + words + ["--cpu", "1", "--quiet"])
        if code:
            raise SystemExit(f"{name} ended with {code}")
        print(f"{name:12} {molecules:8} molecules  {cpu:8.1f} s CPU  {molecules / cpu:6.0f} a CPU second  "
              f"{wall:8.1f} s wall  peak {peak:5.0f} MB", flush=True)
        return cpu

    part("plan", o.n, ["screen", "plan", "library.smi", "--shards", str(o.shards), "--filter", o.filter, "--columns", o.columns,
                       "--sample", "0", "-o", "p"] + shlex.split(o.options))
    print(f"records.bin and index.bin: {sum(os.path.getsize('p/' + f) for f in ('records.bin', 'index.bin')) / 1e6:.0f} MB")
    each, total = o.n // o.shards, 0
    for shard in range(o.run or o.shards):
        total += part(f"shard {shard}", each, ["screen", "run", "p", "--shard", str(shard)])
    ran = o.run or o.shards
    print(f"{ran} shards: {ran * each / total:.0f} molecules a CPU second; all {o.shards} take {total / ran * o.shards / 60:.0f} min of CPU")
    if ran == o.shards:
        part("merge", o.n, ["screen", "merge", "p"])
    print("load after:", " ".join(f"{x:.2f}" for x in os.getloadavg()))


if __name__ == "__main__":
    main()
