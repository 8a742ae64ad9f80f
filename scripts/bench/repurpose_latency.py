"""Latency of theriac repurpose; called by scripts/bench/repurpose_latency."""
import argparse
import collections
import os
import resource
import subprocess
import tempfile
import time


def treated_diseases(store):
    """Ids of the diseases with known drugs, those with the most links first."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "treats.tsv")
        subprocess.run([os.environ["THERIAC"], "store", "export", store, "--links", "treats", "-o", path, "--quiet"],
                       check=True)
        with open(path, encoding="utf-8") as lines:
            counts = collections.Counter(line.split("\t")[2].removeprefix("disease:") for line in lines)
    return [disease for disease, _ in counts.most_common() if ":" in disease]


def forget(path):
    """Takes the pages of a file out of memory, so that it is read from the disk again."""
    if not os.path.exists(path):
        return
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def ask(command, cold_files=()):
    for path in cold_files:
        forget(path)
    start = time.monotonic()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", required=True)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--no_matrix", action="store_true")
    arguments = parser.parse_args()
    program = os.environ["THERIAC"]
    cold = [arguments.store, os.path.splitext(arguments.store)[0] + ".pairs.h5"] if arguments.cold else []
    times = [ask([program, "repurpose", disease, "--store", arguments.store, "--quiet"], cold)
             for disease in treated_diseases(arguments.store)[: arguments.questions]]
    times.sort()
    p50, p99 = times[len(times) // 2], times[min(len(times) - 1, int(0.99 * len(times)))]
    print(f"{len(times)} questions{' from a cold disk' if arguments.cold else ''}: median {p50:.3f} s, 99 % within {p99:.3f} s")
    cpu = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"processor time of a question: {(cpu.ru_utime + cpu.ru_stime) / len(times):.3f} s; load {os.getloadavg()[0]:.1f}")
    if arguments.no_matrix:
        return
    with tempfile.TemporaryDirectory() as folder:
        seconds = ask([program, "repurpose", "--all", "--store", arguments.store, "-o", folder + "/all.h5", "--quiet"])
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"all diseases x all drugs: {seconds:.1f} s; peak memory of all of it {peak:.0f} MiB")


if __name__ == "__main__":
    main()
