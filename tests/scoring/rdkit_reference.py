#!/usr/bin/python3
"""Prints what RDKit's Python modules say about molecules, one tab-separated row each, with a header.

usage: rdkit_reference.py FOLDER COUNT

FOLDER holds .smi.gz files (SMILES, tab, source); the first lines of each are taken, COUNT in all, and a few
molecules with stereochemistry, charges, macrocycles and unusual elements are added.
"""
import glob
import gzip
import itertools
import os
import sys

from rdkit import Chem, DataStructs, RDConfig, RDLogger
from rdkit.Chem import AllChem, Crippen, Descriptors, FilterCatalog, Lipinski, QED, rdMolDescriptors
from rdkit.Chem.Scaffolds import MurckoScaffold

for contrib in (os.path.join(RDConfig.RDContribDir, "SA_Score"), "/usr/share/RDKit/Contrib/SA_Score"):
    sys.path.append(contrib)
import sascorer  # noqa: E402

RDLogger.DisableLog("rdApp.*")

DIFFICULT = """
CC1=C2[C@@]([C@]([C@H]([C@@H]3[C@]4([C@H](OC4)C[C@@H]([C@]3(C(=O)[C@@H]2OC(=O)C)C)O)OC(=O)C)OC(=O)c5ccccc5)(C[C@@H]1OC(=O)[C@H](O)[C@@H](NC(=O)c6ccccc6)c7ccccc7)O)(C)C
CC[C@@H]1[C@@]([C@@H]([C@H](C(=O)[C@@H](C[C@@]([C@@H]([C@H]([C@@H]([C@H](C(=O)O1)C)O[C@H]2C[C@@]([C@H]([C@@H](O2)C)O)(C)OC)C)O[C@H]3[C@@H]([C@H](C[C@H](O3)C)N(C)C)O)(C)O)C)C)O)(C)O
CN1CC[C@]23[C@@H]4[C@H]1CC5=C2C(=C(C=C5)O)O[C@H]3[C@H](C=C4)O
C[N+](C)(C)CC(=O)[O-]
OB(O)c1ccc(F)cc1
C1CC2CCC1C2
C1CCC2(C1)CCCC2
O=C1NC(=O)C(=Cc2ccccc2)S1
O=C1C=CC(=O)c2ccccc12
C/C=C/C=C\\C(=O)OO
CCCCCCCCCCCCCCCC[N+](C)(C)C.[Cl-]
FC(F)(F)S(=O)(=O)OC1CCCCCCCCCCC1
O=[N+]([O-])c1ccc(N=Nc2ccc(O)cc2)cc1
[2H]C([2H])([2H])Oc1ccccc1
C[Si](C)(C)c1ccccc1
CC(C)C1=CC2=C(C)C=CC2=C(C)C=C1
C
O
""".split()


def molecules(folder, count):
    files = sorted(glob.glob(os.path.join(folder, "*.smi.gz")))
    for smiles in DIFFICULT:
        yield smiles
    for i, name in enumerate(files):
        share = count // len(files) + (i < count % len(files))
        with gzip.open(name, "rt") as lines:
            yield from (line.split()[0] for line in itertools.islice(lines, share))


def alert_catalogues():
    sets = FilterCatalog.FilterCatalogParams.FilterCatalogs
    return [(name, FilterCatalog.FilterCatalog(FilterCatalog.FilterCatalogParams(getattr(sets, name))))
            for name in ("PAINS_A", "PAINS_B", "PAINS_C", "BRENK", "NIH")]


def generic_framework(scaffold):
    generic = MurckoScaffold.MakeScaffoldGeneric(scaffold)
    return Chem.MolToSmiles(MurckoScaffold.GetScaffoldForMol(generic), False)


def row(mol, previous, catalogues):
    bits = AllChem.GetMorganFingerprintAsBitVect(mol, 2, 2048)
    counts = AllChem.GetMorganFingerprint(mol, 2)
    scaffold = MurckoScaffold.GetScaffoldForMol(mol)
    values = {
        "mw": Descriptors.MolWt(mol), "clogp": Crippen.MolLogP(mol), "refractivity": Crippen.MolMR(mol),
        "tpsa": rdMolDescriptors.CalcTPSA(mol), "fsp3": Lipinski.FractionCSP3(mol),
        "hbd": Lipinski.NumHDonors(mol), "hba": Lipinski.NumHAcceptors(mol),
        "rotb": Lipinski.NumRotatableBonds(mol), "rings": Lipinski.RingCount(mol),
        "aromatic_rings": Lipinski.NumAromaticRings(mol), "heteroatoms": Lipinski.NumHeteroatoms(mol),
        "heavy_atoms": mol.GetNumHeavyAtoms(), "charge": Chem.GetFormalCharge(mol),
        "qed": QED.qed(mol), "sa": sascorer.calculateScore(mol),
        "lipinski_donors": Lipinski.NHOHCount(mol), "lipinski_acceptors": Lipinski.NOCount(mol),
        "tanimoto_bits": DataStructs.TanimotoSimilarity(bits, previous[0]) if previous else 1,
        "tanimoto_counts": DataStructs.TanimotoSimilarity(counts, previous[1]) if previous else 1,
    }
    texts = {
        "bits": DataStructs.BitVectToFPSText(bits), "scaffold": Chem.MolToSmiles(scaffold, False),
        "generic": generic_framework(scaffold),
        **{name: "; ".join(m.GetDescription() for m in c.GetMatches(mol)) for name, c in catalogues},
    }
    return {**{k: repr(float(v)) for k, v in values.items()}, **texts}, (bits, counts)


def main():
    catalogues, previous, header = alert_catalogues(), None, False
    for smiles in molecules(sys.argv[1], int(sys.argv[2])):
        mol = Chem.MolFromSmiles(smiles)
        if mol is None:
            continue
        values, previous = row(mol, previous, catalogues)
        if not header:
            print("smiles", *values, sep="\t")
            header = True
        print(smiles, *values.values(), sep="\t")


if __name__ == "__main__":
    main()
