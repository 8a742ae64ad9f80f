#!/usr/bin/env python3
"""Writes the proteins of Debian's metastudent-data as one FASTA file, for `theriac bench variants --database`.

The package (apt-get install metastudent-data) holds the GO-annotated Swiss-Prot proteins of January 2014 as
three BLAST version 4 databases. Every distinct sequence of at least 30 residues is written once, under the
first accession that has it. Cite UniProt.

    scripts/bench/swissprot_fasta.py swissprot2014.fasta
"""
import argparse
import struct
from pathlib import Path

LETTERS = b"-ABCDEFGHIKLMNPQRSTVWXYZU*OJ"
SHORTEST = 30


def text_at(data, at):
    """A length-prefixed text: its end."""
    (length,) = struct.unpack_from(">I", data, at)
    return at + 4 + length


def offsets(index):
    """Where headers and sequences begin, from the .pin file."""
    version, kind = struct.unpack_from(">II", index, 0)
    if (version, kind) != (4, 1):
        raise SystemExit(f"a BLAST database of version {version}, type {kind}; expected 4, 1 (protein)")
    at = text_at(index, text_at(index, 8))
    (count,) = struct.unpack_from(">I", index, at)
    at += 4 + 8 + 4  # count, residues, longest
    headers = struct.unpack_from(f">{count + 1}I", index, at)
    sequences = struct.unpack_from(f">{count + 1}I", index, at + 4 * (count + 1))
    return headers, sequences


def accession(header):
    """First VisibleString (tag 0x1A) of a BER header: 'ACC|GO:..'."""
    at = header.index(0x1A) + 1
    length = header[at]
    at += 1
    if length & 0x80:
        size = length & 0x7F
        length = int.from_bytes(header[at:at + size], "big")
        at += size
    return header[at:at + length].split(b"|")[0].decode("ascii")


def records(stem):
    table = bytes(LETTERS[i] if i < len(LETTERS) else ord("X") for i in range(256))
    index, residues, headers = (Path(f"{stem}.{end}").read_bytes() for end in ("pin", "psq", "phr"))
    header_at, residue_at = offsets(index)
    for i in range(len(header_at) - 1):
        name = accession(headers[header_at[i]:header_at[i + 1]])
        yield name, residues[residue_at[i]:residue_at[i + 1] - 1].translate(table).replace(b"-", b"")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", help="FASTA file to write")
    parser.add_argument("--package", default="/usr/share/metastudent-data/dataset_201401",
                        help="folder of the package [%(default)s]")
    options = parser.parse_args()
    seen = set()
    with open(options.out, "wb") as out:
        for part in ("BPO", "CCO", "MFO"):
            for name, residues in records(Path(options.package) / part / "goasp.fasta"):
                if len(residues) < SHORTEST or residues in seen:
                    continue
                seen.add(residues)
                out.write(b">" + name.encode("ascii") + b"\n" + residues + b"\n")
    print(f"{len(seen)} sequences, {sum(map(len, seen))} residues")


if __name__ == "__main__":
    main()
