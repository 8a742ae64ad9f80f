"""Redocking with and without seed poses. Good and rough seeds are the generated conformer with the torsions of the crystal
pose, laid onto it, then shifted, turned, torsions and every atom disturbed: bond lengths, angles and rings of the crystal
structure are in none. Wrong ones lie at random in the box. Heavy atoms only, in another order. Every set meets the same search."""
import argparse
import csv
import gzip
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from rdkit import Chem, RDLogger
from rdkit.Chem import rdMolAlign, rdMolTransforms

RDLogger.DisableLog("rdApp.*")
ROTORS = Chem.MolFromSmarts("[!$(*#*)&!D1]-!@[!$(*#*)&!D1]")
GOOD = {"shift": 0.4, "turn": 10, "torsion": 5, "noise": 0.1}
ROUGH = {"shift": 0.8, "turn": 20, "torsion": 15, "noise": 0.2}
SETS = {"none": [], "good": ["good"], "rough": ["rough"], "wrong": ["wrong"] * 5, "rough+wrong": ["rough"] + ["wrong"] * 4}
COLUMNS = ["pdbid", "seeds", "status", "seed_rmsd", "top1", "top3", "top9", "best_origin", "seed_rank", "seconds"]


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/bench/seed_poses", description=__doc__)
    parser.add_argument("--data", required=True, help="folder of the redocking set, with its index.csv")
    parser.add_argument("-o", "--out", default="bench-seed-poses")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--exhaustiveness", default="4")
    parser.add_argument("--cpu", default="1")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--options", default="", help="further options of theriac dock, blanks between")
    return parser.parse_args()


def rotation(axis, angle):
    x, y, z = axis
    c, s = math.cos(angle), math.sin(angle)
    t = 1 - c
    return [[t * x * x + c, t * x * y - s * z, t * x * z + s * y], [t * x * y + s * z, t * y * y + c, t * y * z - s * x],
            [t * x * z - s * y, t * y * z + s * x, t * z * z + c]]


def direction(rng):
    while True:
        v = [rng.gauss(0, 1) for _ in range(3)]
        length = math.sqrt(sum(x * x for x in v))
        if length > 1e-3:
            return [x / length for x in v]


def moved(mol, rng, shift, turn, noise):
    """Turned about its middle, shifted, every atom disturbed; angles in radians."""
    conformer = mol.GetConformer()
    positions = [list(conformer.GetAtomPosition(i)) for i in range(mol.GetNumAtoms())]
    middle = [statistics.fmean(p[k] for p in positions) for k in range(3)]
    matrix = rotation(direction(rng), turn)
    for i, p in enumerate(positions):
        d = [p[k] - middle[k] for k in range(3)]
        q = [sum(matrix[k][m] * d[m] for m in range(3)) + middle[k] + shift[k] + rng.gauss(0, noise) for k in range(3)]
        conformer.SetAtomPosition(i, q)


def turn_torsions(mol, angle):
    conformer = mol.GetConformer()
    for a, b in mol.GetSubstructMatches(ROTORS):
        before = [n.GetIdx() for n in mol.GetAtomWithIdx(a).GetNeighbors() if n.GetIdx() != b]
        behind = [n.GetIdx() for n in mol.GetAtomWithIdx(b).GetNeighbors() if n.GetIdx() != a]
        if before and behind:
            old = rdMolTransforms.GetDihedralDeg(conformer, before[0], a, b, behind[0])
            rdMolTransforms.SetDihedralDeg(conformer, before[0], a, b, behind[0], old + angle())


def rebuilt(crystal, start):
    """The start conformer, its torsions those of the crystal pose, laid onto it."""
    (there, positions), (here, _) = bare(crystal), bare(start)
    best = None
    for match in here.GetSubstructMatches(there, uniquify=False, maxMatches=200):
        target = [None] * start.GetNumAtoms()  # per atom of `start`
        for i, j in enumerate(match):
            target[j] = i
        mol = Chem.Mol(start)
        conformer, goal = mol.GetConformer(), crystal.GetConformer()
        for a, b in mol.GetSubstructMatches(ROTORS):
            before = [n.GetIdx() for n in mol.GetAtomWithIdx(a).GetNeighbors() if n.GetIdx() != b]
            behind = [n.GetIdx() for n in mol.GetAtomWithIdx(b).GetNeighbors() if n.GetIdx() != a]
            if before and behind:
                four = (before[0], a, b, behind[0])
                rdMolTransforms.SetDihedralDeg(
                    conformer, *four, rdMolTransforms.GetDihedralDeg(goal, *(target[i] for i in four)))
        rmsd = rdMolAlign.AlignMol(mol, crystal, atomMap=list(enumerate(target)))
        if best is None or rmsd < best[0]:
            best = (rmsd, mol)
    return best[1]


def seed(kind, base, row, rng):
    mol = Chem.Mol(base)
    if kind == "wrong":
        turn_torsions(mol, lambda: rng.uniform(-180, 180))
        centre = [float(row[f"box_center_{k}"]) for k in "xyz"]
        size = [float(row[f"box_size_{k}"]) for k in "xyz"]
        conformer = mol.GetConformer()
        now = [statistics.fmean(conformer.GetAtomPosition(i)[k] for i in range(mol.GetNumAtoms())) for k in range(3)]
        shift = [centre[k] - now[k] + rng.uniform(-0.25, 0.25) * size[k] for k in range(3)]
        moved(mol, rng, shift, rng.uniform(0, math.pi), 0.1)
    else:
        how = GOOD if kind == "good" else ROUGH
        turn_torsions(mol, lambda: rng.gauss(0, how["torsion"]))
        rdMolAlign.AlignMol(mol, base, atomMap=[(i, i) for i in range(mol.GetNumAtoms())])
        moved(mol, rng, [how["shift"] * x for x in direction(rng)], math.radians(how["turn"]), how["noise"])
    order = list(range(mol.GetNumAtoms()))
    rng.shuffle(order)
    mol = Chem.RenumberAtoms(mol, order)
    mol.SetProp("_Name", kind)
    return mol


def bare(mol):
    """Elements and connections of the heavy atoms: what is compared."""
    out = Chem.RWMol()
    index = {}
    for atom in mol.GetAtoms():
        if atom.GetAtomicNum() > 1:
            index[atom.GetIdx()] = out.AddAtom(Chem.Atom(atom.GetAtomicNum()))
    for bond in mol.GetBonds():
        a, b = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
        if a in index and b in index:
            out.AddBond(index[a], index[b], Chem.BondType.SINGLE)
    conformer = mol.GetConformer()
    positions = [conformer.GetAtomPosition(i) for i in index]
    for atom in out.GetAtoms():
        atom.SetNoImplicit(True)
    frozen = out.GetMol()
    frozen.UpdatePropertyCache(strict=False)
    return frozen, positions


def rmsds(poses, crystal):
    """Symmetry-corrected heavy-atom RMSD without alignment."""
    reference, there = bare(crystal)
    out = []
    for pose in poses:
        graph, here = bare(pose)
        matches = graph.GetSubstructMatches(reference, uniquify=False, maxMatches=20000)
        if not matches:
            raise ValueError("a pose is of another molecule")
        out.append(min(math.sqrt(statistics.fmean((here[j] - there[i]).LengthSq() for i, j in enumerate(m))) for m in matches))
    return out


def dock(options, row, seeds, folder):
    box = []
    for name in ("center", "size"):
        for axis in "xyz":
            box += [f"--{name}_{axis}", row[f"box_{name}_{axis}"]]
    data = Path(options.data) / row["pdbid"]
    command = [os.environ["THERIAC"], "dock", "-r", str(data / row["receptor"]), "-l", str(data / "ligand_start.sdf"), *box,
               "--exhaustiveness", options.exhaustiveness, "--num_modes", "9", "--seed", str(options.seed), "--cpu", options.cpu, "-q",
               "--interactions", "off", "-o", str(folder / "run"), *options.options.split()]
    if seeds:
        with Chem.SDWriter(str(folder / "seeds.sdf")) as writer:
            for mol in seeds:
                writer.write(mol)
        command += ["--seed_poses", str(folder / "seeds.sdf")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    with gzip.open(folder / "run" / "poses.sdf.gz") as file:
        poses = [mol for mol in Chem.ForwardSDMolSupplier(file, sanitize=False, removeHs=False) if mol]
    with open(folder / "run" / "provenance.json") as file:
        seconds = json.load(file).get("seconds", math.nan)
    return poses, seconds


def measured(options, row, name, crystal, base):
    rng = random.Random(f"{options.seed} {row['pdbid']} {name}")
    result = dict.fromkeys(COLUMNS, "")
    result.update(pdbid=row["pdbid"], seeds=name, status="ok")
    try:
        seeds = [seed(kind, base, row, rng) for kind in SETS[name]]
        with tempfile.TemporaryDirectory() as folder:
            poses, result["seconds"] = dock(options, row, seeds, Path(folder))
        values = rmsds(poses, crystal)
        if seeds:
            result["seed_rmsd"] = round(min(rmsds(seeds, crystal)), 3)
        for n in (1, 3, 9):
            result[f"top{n}"] = round(min(values[:n]), 3)
        origins = [pose.GetProp("origin") if pose.HasProp("origin") else "search" for pose in poses]
        result["best_origin"] = origins[0]
        result["seed_rank"] = next((i + 1 for i, origin in enumerate(origins) if "seed" in origin), "")
    except subprocess.CalledProcessError as error:
        result["status"] = "failed: " + " ".join(error.stderr.split())
    except Exception as error:  # one complex must not end the run
        result["status"] = "failed: " + " ".join(str(error).split())
    return result


def interval(values, resamples=5000):
    generator = random.Random(1)
    drawn = sorted(statistics.fmean(generator.choices(values, k=len(values))) for _ in range(resamples))
    return statistics.fmean(values), drawn[int(0.025 * resamples)], drawn[int(0.975 * resamples) - 1]


def table(rows):
    by_id = {}
    for row in rows:
        if row["status"] == "ok":
            by_id.setdefault(row["pdbid"], {})[row["seeds"]] = row
    complete = [sets for sets in by_id.values() if len(sets) == len(SETS)]
    print(f"{len(complete)} complexes; share within 2 A [95 % bootstrap over complexes]\n")
    print("| seeds | best seed itself | top-1 | top-1 against none | won / lost | top-3 | top-9 | best pose from a seed |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for name in SETS:
        def share(column, name=name):
            return [100.0 * (float(sets[name][column]) <= 2) for sets in complete]
        gain = [a - b for a, b in zip(share("top1"), [100.0 * (float(s["none"]["top1"]) <= 2) for s in complete])]
        own = "%.1f" % statistics.fmean(share("seed_rmsd")) if SETS[name] else ""
        seeded = statistics.fmean(100.0 * ("seed" in sets[name]["best_origin"]) for sets in complete)
        print(f"| {name} | {own} | %.1f [%.1f, %.1f] | %+.1f [%+.1f, %+.1f] | {sum(g > 0 for g in gain)} / {sum(g < 0 for g in gain)} "
              "| %.1f | %.1f | %.1f |" % (*interval(share("top1")), *interval(gain), statistics.fmean(share("top3")),
                                         statistics.fmean(share("top9")), seeded))
    failed = [row for row in rows if row["status"] != "ok"]
    for row in failed:
        print(f"- {row['pdbid']} {row['seeds']}: {row['status']}")


def main():
    options = arguments()
    Path(options.out).mkdir(parents=True, exist_ok=True)
    path = Path(options.out) / "seed_poses.csv"
    with open(Path(options.data) / "index.csv", newline="") as file:
        chosen = [row for row in csv.DictReader(file) if row["start_conformer"] == "yes"][:: options.every]
    if options.limit:
        chosen = chosen[: options.limit]
    done = []
    if path.exists():
        with open(path, newline="") as file:
            done = list(csv.DictReader(file))
    known = {(row["pdbid"], row["seeds"]) for row in done}
    with open(path, "a", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        if not done:
            writer.writeheader()
        for i, row in enumerate(chosen):
            data = Path(options.data) / row["pdbid"]
            crystal, start = (next(iter(Chem.SDMolSupplier(str(data / name))), None)
                              for name in ("ligand.sdf", "ligand_start.sdf"))
            if crystal is None or start is None:
                print(f"{row['pdbid']} left out: RDKit does not read its ligand", file=sys.stderr)
                continue
            crystal, start = Chem.RemoveHs(crystal), Chem.RemoveHs(start)
            base = rebuilt(crystal, start)
            for name in SETS:
                if (row["pdbid"], name) in known:
                    continue
                result = measured(options, row, name, crystal, base)
                writer.writerow(result)
                file.flush()
            print(f"{i + 1}/{len(chosen)} {row['pdbid']}", file=sys.stderr)
    with open(path, newline="") as file:
        table(list(csv.DictReader(file)))


main()
