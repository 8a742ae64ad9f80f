"""Latency of theriac repurpose; called by scripts/bench/repurpose_latency. Needs h5py (python3-h5py)."""
import argparse
import os
import resource
import subprocess
import tempfile
import time

import h5py
import numpy


def treated_diseases(path):
    """Ids of the diseases with the most known drugs, most first."""
    with h5py.File(path) as store:
        ids = store["entities/disease/id"]
        raw, offsets = bytes(ids["bytes"][:].tobytes()), ids["offsets"][:]
        counts = numpy.bincount(store["links/treats/to"][:], minlength=len(offsets) - 1)
    order = [i for i in numpy.argsort(-counts, kind="stable") if counts[i] > 0]
    return [raw[offsets[i]:offsets[i + 1]].decode() for i in order]


def ask(command, cold):
    if cold:
        os.sync()
        with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as switch:
            switch.write("3")
    start = time.monotonic()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", required=True)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--cold", action="store_true")
    arguments = parser.parse_args()
    program = os.environ["THERIAC"]
    times = [ask([program, "repurpose", disease, "--store", arguments.store, "--quiet"], arguments.cold)
             for disease in treated_diseases(arguments.store)[: arguments.questions]]
    p50, p99 = numpy.percentile(times, [50, 99])
    print(f"{len(times)} questions{' from a cold disk' if arguments.cold else ''}: median {p50:.3f} s, 99 % within {p99:.3f} s")
    with tempfile.TemporaryDirectory() as folder:
        seconds = ask([program, "repurpose", "--all", "--store", arguments.store, "-o", folder + "/all.h5", "--quiet"], False)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"all diseases x all drugs: {seconds:.1f} s; peak memory of all of it {peak:.0f} MiB")


if __name__ == "__main__":
    main()
