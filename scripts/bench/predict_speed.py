"""Speed and memory of theriac predict, and of ADMET-AI on the same molecules; see scripts/bench/predict_speed."""
import argparse
import csv
import gzip
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ADMET_AI = "admet-ai==2.0.1"
COLUMNS = ["program", "molecules", "threads", "run", "wall_s", "cpu_s", "peak_mb", "predicted", "columns"]


def arguments():
    numbers = lambda text: [int(word) for word in text.split(",")]
    parser = argparse.ArgumentParser(prog="scripts/bench/predict_speed", description=__doc__)
    parser.add_argument("-l", "--molecules", required=True, help="file of SMILES, plain or gzip")
    parser.add_argument("-o", "--out", default="bench-predict-speed")
    parser.add_argument("--counts", type=numbers, default=[2000, 20000])
    parser.add_argument("--threads", type=numbers, default=[1, 2])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--models", default="default", help="as for theriac predict")
    parser.add_argument("--venv", default=os.environ.get("THERIAC_BENCH_VENV", str(Path.home() / ".cache/theriac-bench")))
    parser.add_argument("--install", action="store_true", help=f"put {ADMET_AI} into --venv when it is not there")
    parser.add_argument("--beside_count", type=int, default=2000, help="molecules for ADMET-AI")
    return parser.parse_args()


def molecules_of(path, count):
    """The first molecules with different SMILES."""
    opened = gzip.open if path.endswith(".gz") else open
    found = {}
    with opened(path, "rt") as lines:
        for line in lines:
            words = line.split()
            if words and not words[0].startswith("#"):
                found.setdefault(words[0], None)
            if len(found) == count:
                break
    return list(found)


def timed(command, cores):
    """Wall and CPU seconds and peak resident megabytes of one process, children included, on some cores."""
    started = time.perf_counter()
    with open(os.devnull, "wb") as nowhere:
        process = subprocess.Popen(command, stdout=nowhere, stderr=subprocess.PIPE,
                                   preexec_fn=lambda: os.sched_setaffinity(0, cores))
        said = process.stderr.read().decode(errors="replace")
        _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{said[-2000:]}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def table_size(path):
    """Predicted rows and columns of a CSV."""
    with open(path, newline="") as file:
        rows = csv.reader(file)
        head = next(rows)
        status = head.index("status") if "status" in head else None
        return sum(1 for row in rows if status is None or row[status] == "ok"), len(head)


def theriac(options, folder, count, threads, cores):
    out = folder / "theriac.csv"
    cost = timed([os.environ["THERIAC"], "predict", "-l", str(folder / f"{count}.smi"), "-o", str(out), "--overwrite",
                  "--models", options.models, "--cpu", str(threads), "--max-failed", "100%", "-q"], cores)
    return (*cost, *table_size(out))


def admet_ai(options, folder, count, threads, cores):
    out = folder / "admet_ai.csv"
    out.unlink(missing_ok=True)
    cost = timed([str(Path(options.venv) / "bin" / "admet_predict"), "--data_path", str(folder / f"{count}.csv"),
                  "--save_path", str(out), "--smiles_column", "smiles"], cores)
    return (*cost, *table_size(out))


def has_admet_ai(options):
    program = Path(options.venv) / "bin" / "admet_predict"
    if options.install and not program.exists():
        subprocess.run([sys.executable, "-m", "venv", options.venv], check=True)
        subprocess.run([str(Path(options.venv) / "bin" / "pip"), "install", "--quiet", ADMET_AI], check=True)
    return program.exists()


def admet_ai_version(options):
    return subprocess.run([str(Path(options.venv) / "bin" / "python"), "-c",
                           "from importlib.metadata import version; print(version('admet-ai'))"],
                          check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def write_molecules(options, folder):
    """Files of the counts that the input is large enough for."""
    wanted = sorted(set(options.counts + [options.beside_count]))
    molecules = molecules_of(options.molecules, wanted[-1])
    enough = [count for count in wanted if count <= len(molecules)]
    if len(enough) < len(wanted):
        print(f"{options.molecules} holds {len(molecules)} molecules: left out {wanted[len(enough):]}", file=sys.stderr)
    for count in enough:
        (folder / f"{count}.smi").write_text("".join(f"{smiles} m{i}\n" for i, smiles in enumerate(molecules[:count])))
        (folder / f"{count}.csv").write_text("smiles\n" + "".join(f"{smiles}\n" for smiles in molecules[:count]))
    # one molecule: what starting and loading the models costs
    (folder / "1.smi").write_text(f"{molecules[0]} m0\n")
    return enough


def plan(options, counts, beside):
    """Programs in turn, so that a busy minute of the machine hits both."""
    for threads in options.threads:
        for run in range(options.runs):
            yield theriac, 1, threads, run
            for count in counts:
                if count in options.counts or (beside and count == options.beside_count):
                    yield theriac, count, threads, run
                if beside and count == options.beside_count:
                    yield admet_ai, count, threads, run


def measure(options, folder, beside):
    granted = sorted(os.sched_getaffinity(0))
    if max(options.threads) > len(granted):
        sys.exit(f"--threads {max(options.threads)} on {len(granted)} cores: theriac and ADMET-AI would share them")
    rows = []
    for program, count, threads, run in plan(options, write_molecules(options, folder), beside):
        print(f"{program.__name__}, molecules {count}, threads {threads}, run {run + 1}", file=sys.stderr, flush=True)
        values = program(options, folder, count, threads, set(granted[:threads]))
        rows.append(dict(zip(COLUMNS, (program.__name__, count, threads, run + 1, *values))))
    return rows


def grouped(rows):
    groups = {}
    for row in rows:
        groups.setdefault((row["program"], row["molecules"], row["threads"]), []).append(row)
    return groups


def middle(group, name):
    return statistics.median(row[name] for row in group)


def processor():
    with open("/proc/cpuinfo") as file:
        return next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown processor")


def table(options, rows, load, beside):
    groups = grouped(rows)
    lines = ["# Speed of theriac predict", "",
             "| program | molecules | threads | wall, s | molecules/s | CPU a molecule, ms | peak memory, MB | columns |",
             "|---|---:|---:|---:|---:|---:|---:|---:|"]
    for (program, count, threads), group in groups.items():
        walls = [row["wall_s"] for row in group]
        lines.append(f"| {program} | {count} | {threads} | {middle(group, 'wall_s'):.2f} ({min(walls):.2f} to {max(walls):.2f}) "
                     f"| {count / middle(group, 'wall_s'):.0f} | {1000 * middle(group, 'cpu_s') / count:.2f} "
                     f"| {middle(group, 'peak_mb'):.0f} | {group[0]['columns']} |")
    for threads in options.threads:
        ours = groups.get(("theriac", options.beside_count, threads))
        theirs = groups.get(("admet_ai", options.beside_count, threads))
        if ours and theirs:
            ratios = [b["wall_s"] / a["wall_s"] for a, b in zip(ours, theirs)]
            lines += ["", f"With {threads} thread{'s' if threads > 1 else ''} ADMET-AI takes {statistics.median(ratios):.3g} times as long as Theriac "
                      f"({min(ratios):.3g} to {max(ratios):.3g}) for the same {options.beside_count} molecules."]
    about = f"ADMET-AI {admet_ai_version(options)}." if beside else f"ADMET-AI was not measured: it is not in the folder of --venv ({ADMET_AI})."
    lines += ["", f"Median of {options.runs} runs (smallest to largest), each a process of its own from the file of SMILES to the "
              "finished CSV, start and loading of models included; the row with one molecule is what these cost. Both programs "
              f"are bound to as many cores as threads. {about}",
              f"Machine: {processor()}, load average {load:.1f} before the first run.", ""]
    return "\n".join(lines)


def main():
    options = arguments()
    folder = Path(options.out)
    folder.mkdir(parents=True, exist_ok=True)
    load, beside = os.getloadavg()[0], has_admet_ai(options)
    if load > 0.5:
        print(f"warning: the machine is busy (load average {load:.1f}); times will be too long", file=sys.stderr)
    rows = measure(options, folder, beside)
    with open(folder / "predict_speed.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    text = table(options, rows, load, beside)
    (folder / "predict_speed.md").write_text(text)
    print(text)


main()
