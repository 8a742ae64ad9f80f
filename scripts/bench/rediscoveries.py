"""Places of known repurposings in the rankings of theriac repurpose; called by scripts/bench/rediscoveries."""
import argparse
import csv
import json
import os
import statistics
import subprocess
import sys


def ranked(arguments, drug, doid, hide_all):
    """The drug's row and the number of ranked drugs; a message when the store cannot say."""
    command = [os.environ["THERIAC"], "repurpose", doid, "--drug", drug, "--json", "--quiet"]
    for name in ("store", "model"):
        if getattr(arguments, name):
            command += ["--" + name, getattr(arguments, name)]
    if hide_all:
        command += ["--without", "all"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return None, done.stderr.strip().splitlines()[0].replace("theriac: error: ", "")
    answer = json.loads(done.stdout)
    rows = answer["rows"] + answer["contraindicated"]
    return (rows[0] | {"of": answer["ranked"]} if rows else None), "no basis in this store"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--table", required=True)
    parser.add_argument("--store")
    parser.add_argument("--model")
    parser.add_argument("-o", "--out")
    arguments = parser.parse_args()
    found, missing = [], []
    with open(arguments.table, encoding="utf-8") as lines:
        for case in csv.DictReader(lines):
            untreated, message = ranked(arguments, case["drug"], case["doid"], True)
            if untreated is None:
                missing.append((case["drug"], case["disease"], message))
                continue
            own, _ = ranked(arguments, case["drug"], case["doid"], False)
            found.append(case | {"rank_untreated": untreated["rank"], "rank_own_hidden": own["rank"] if own else "",
                                 "ranked": untreated["of"], "status": untreated["status"],
                                 "main_reason": untreated["main_reason"]})
    found.sort(key=lambda row: row["rank_untreated"])
    if arguments.out:
        with open(arguments.out, "w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, fieldnames=list(found[0]) if found else ["drug"])
            writer.writeheader()
            writer.writerows(found)
    print("| drug | disease | since | place, nothing known of the disease | place, own use hidden | of |\n|---|---|---|---|---|---|")
    for row in found:
        print(f"| {row['drug']} | {row['disease']} | {row['year']} | {row['rank_untreated']} | {row['rank_own_hidden']} | {row['ranked']} |")
    for name in ("rank_untreated", "rank_own_hidden"):
        places = [row[name] for row in found if row[name] != ""]
        if places:
            print(f"\n{name}: {len(places)} cases, median place {statistics.median(places):.0f}, "
                  f"among the first 10: {sum(p <= 10 for p in places)}, first 50: {sum(p <= 50 for p in places)}, "
                  f"first 100: {sum(p <= 100 for p in places)}")
    for drug, disease, message in missing:
        print(f"not judged: {drug}, {disease}: {message}", file=sys.stderr)


if __name__ == "__main__":
    main()
