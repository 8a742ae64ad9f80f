"""Campaigns by several proposers at equal numbers of docked molecules. See scripts/bench/proposers."""

import argparse
import csv
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "datasets" / "examples"

CAMPAIGN = """version = 1
name = "{name}"
out  = "{out}"
seed = {seed}
combine   = {{ method = "geometric_mean" }}
diversity = {{ method = "murcko", bucket = 8, min_score = 0.5 }}
stop      = {{ rounds_without_gain = 0, max_docked = {docked} }}
report    = {{ top = 20 }}

[target]
name     = "target"
receptor = "{receptor}"
box      = {{ ligand = "{ligand}", add = 5.0 }}

[generate]
proposer   = "{proposer}"
rounds     = 1000
per_round  = 100
population = 40
max_heavy_atoms = 32

[filter]
rules  = "mw <= 450 and clogp <= 4.5 and rotb <= 7 and hbd <= 4"
alerts = ["pains", "brenk"]
sa_max = 4.0

[[objective]]
name   = "docking"
source = "dock:target"
weight = 2.0
want   = {{ below = -12.5, reject_above = -7.0 }}

[[objective]]
name   = "qed"
source = "qed"
want   = {{ above = 0.85, reject_below = 0.35 }}

[[objective]]
name   = "sa"
source = "sa"
weight = 0.5
want   = {{ below = 2.2, reject_above = 4.2 }}

[docking]
preset       = "fast"
top_fraction = 0.25
"""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--out", required=True, type=Path)
    parser.add_argument("--docked", type=int, default=600, help="molecules docked by each campaign")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--proposers", default="graph-evolution,genetic-gfn")
    parser.add_argument("--target", nargs=3, action="append", metavar=("NAME", "RECEPTOR", "LIGAND"))
    options = parser.parse_args()
    if not options.target:
        options.target = [("CDK2", str(EXAMPLES / "2xnb_receptor.pdb"), str(EXAMPLES / "2xnb_ligand.sdf"))]
    options.proposers = options.proposers.split(",")
    return options


def docked_rows(folder):
    """(total, affinity in kcal/mol) of the docked molecules in the order of the campaign."""
    with open(folder / "results.csv", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["score_kcal_mol"]]
    return [(float(r["total"]), float(r["score_kcal_mol"])) for r in rows]


def course(rows):
    """Mean of the ten best totals, and of the ten best affinities, after each docked molecule from the tenth on."""
    for n in range(10, len(rows) + 1):
        totals = sorted((t for t, _ in rows[:n]), reverse=True)[:10]
        affinities = sorted(a for _, a in rows[:n])[:10]
        yield n, sum(totals) / 10, sum(affinities) / 10


def run(options, target, proposer, seed):
    name, receptor, ligand = target
    folder = options.out / f"{name}-{proposer}-{seed}"
    toml = options.out / f"{folder.name}.toml"
    toml.write_text(CAMPAIGN.format(name=folder.name, out=folder.resolve(), seed=seed, docked=options.docked,
                                    receptor=Path(receptor).resolve(), ligand=Path(ligand).resolve(),
                                    proposer=proposer))
    if not (folder / "results.csv").exists():
        subprocess.run([os.environ["THERIAC"], "campaign", str(toml), "--quiet"], check=True, stdout=subprocess.DEVNULL)
    return docked_rows(folder)[: options.docked]


def plot(courses, path):
    """Mean over seeds of the best ten totals, with the range, one panel a target."""
    targets = sorted({t for t, _, _ in courses})
    proposers = sorted({p for _, p, _ in courses})
    colours = dict(zip(proposers, ["#1b6ca8", "#d1495b", "#66a182", "#8d6a9f"]))
    wide, high, gap = 420, 280, 60
    parts = []
    for k, target in enumerate(targets):
        left, top = gap + k * (wide + gap), 40
        lines = {p: [c for (t, q, _), c in courses.items() if t == target and q == p] for p in proposers}
        low = min(v for cs in lines.values() for c in cs for _, v, _ in c)
        up = max(v for cs in lines.values() for c in cs for _, v, _ in c)
        last = max(n for cs in lines.values() for c in cs for n, _, _ in c)
        x = lambda n: left + wide * n / last
        y = lambda v: top + high * (1 - (v - low) / (up - low))
        parts.append(f'<rect x="{left}" y="{top}" width="{wide}" height="{high}" fill="none" stroke="#999"/>')
        parts.append(f'<text x="{left}" y="{top - 10}">{target}</text>')
        for tick in range(5):
            value, count = low + (up - low) * tick / 4, last * tick // 4
            parts.append(f'<text x="{left - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{value:.2f}</text>')
            parts.append(f'<text x="{x(count):.1f}" y="{top + high + 18}" text-anchor="middle">{count}</text>')
        for proposer, cs in lines.items():
            shortest = min(len(c) for c in cs)
            band = [(cs[0][i][0], [c[i][1] for c in cs]) for i in range(shortest)]
            there = " ".join(f"{x(n):.1f},{y(max(vs)):.1f}" for n, vs in band)
            back = " ".join(f"{x(n):.1f},{y(min(vs)):.1f}" for n, vs in reversed(band))
            mean = " ".join(f"{x(n):.1f},{y(statistics.mean(vs)):.1f}" for n, vs in band)
            parts.append(f'<polygon points="{there} {back}" fill="{colours[proposer]}" opacity="0.15"/>')
            parts.append(f'<polyline points="{mean}" fill="none" stroke="{colours[proposer]}" stroke-width="2"/>')
    for k, proposer in enumerate(proposers):
        parts.append(f'<text x="{gap + 10}" y="{60 + 18 * k}" fill="{colours[proposer]}">{proposer}</text>')
    total = gap + len(targets) * (wide + gap)
    parts.append(f'<text x="{total / 2}" y="{high + 80}" text-anchor="middle">molecules docked; mean of the ten best '
                 "totals, mean and range over seeds</text>")
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" width="{total}" height="{high + 95}" '
                    'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>'
                    + "".join(parts) + "</svg>\n")


def main():
    options = arguments()
    options.out.mkdir(parents=True, exist_ok=True)
    courses, summary = {}, []
    for target in options.target:
        for seed in range(1, options.seeds + 1):
            for proposer in options.proposers:
                rows = run(options, target, proposer, seed)
                steps = list(course(rows))
                courses[target[0], proposer, seed] = steps
                n, total, affinity = steps[-1]
                summary.append([target[0], proposer, seed, n, f"{total:.4f}", f"{affinity:.3f}"])
                print(*summary[-1], sep="\t", flush=True)
    with open(options.out / "proposers.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["target", "proposer", "seed", "docked", "top10_total", "top10_score_kcal_mol"])
        writer.writerows(summary)
    with open(options.out / "course.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["target", "proposer", "seed", "docked", "top10_total", "top10_score_kcal_mol"])
        for (target, proposer, seed), steps in courses.items():
            writer.writerows([target, proposer, seed, n, f"{t:.4f}", f"{a:.3f}"] for n, t, a in steps)
    plot(courses, options.out / "proposers.svg")
    for target in options.target:
        for proposer in options.proposers:
            own = [float(r[4]) for r in summary if r[0] == target[0] and r[1] == proposer]
            print(f"{target[0]} {proposer}: mean of the ten best totals {statistics.mean(own):.4f} "
                  f"({min(own):.4f} to {max(own):.4f}, {len(own)} seeds)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
