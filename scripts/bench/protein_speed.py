"""Speed of ESM-2 on the processor: Theriac, PyTorch and esm-cpp in turn; see scripts/bench/protein_speed."""
import argparse
import array
import csv
import json
import math
import os
import random
import resource
import statistics
import struct
import subprocess
import sys
import time
from pathlib import Path

SHAPES = {"8M": (6, 320, 20), "35M": (12, 480, 20), "150M": (30, 640, 20)}
LETTERS = "LAGVSERTIDPKQNFYMHWC"
PACKAGES = ["esm-cpp==0.2.1", "torch", "numpy<2"]
COLUMNS = ["model", "program", "threads", "round", "tokens", "wall_s", "cpu_s", "tokens_per_s", "tokens_per_cpu_s"]


def arguments():
    words = lambda text: text.split(",")
    parser = argparse.ArgumentParser(prog="scripts/bench/protein_speed", description=__doc__)
    parser.add_argument("-l", "--fasta", help="sequences; random ones without it")
    parser.add_argument("-o", "--out", default="bench-protein-speed")
    parser.add_argument("--models", type=words, default=["8M", "35M"])
    parser.add_argument("--count", type=int, default=256)
    parser.add_argument("--threads", type=lambda text: [int(word) for word in words(text)], default=[1, 2])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batch", type=int, default=16, help="sequences in a padded batch of PyTorch")
    parser.add_argument("--venv", default=os.environ.get("THERIAC_BENCH_VENV", str(Path.home() / ".cache/theriac-bench")))
    parser.add_argument("--install", action="store_true")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    return parser.parse_args()


def write_model(folder, layers, width, heads):
    """A checkpoint as EsmForMaskedLM saves it, with random numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    draw = random.Random(5)
    header, blobs, offset = {"__metadata__": {"format": "pt"}}, [], 0

    def add(name, shape, scale, mean=0.0):
        nonlocal offset
        count = math.prod(shape)
        some = [draw.gauss(mean, scale) for _ in range(min(count, 4099))]  # repeated: only the speed counts
        numbers = array.array("f", (some * (count // len(some) + 1))[:count]).tobytes()
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [offset, offset + len(numbers)]}
        blobs.append(numbers)
        offset += len(numbers)

    def linear(name, outputs, inputs):
        add(name + ".weight", (outputs, inputs), 1 / math.sqrt(inputs))
        add(name + ".bias", (outputs,), 0.02)

    def norm(name):
        add(name + ".weight", (width,), 0.05, 1.0)
        add(name + ".bias", (width,), 0.05)

    add("esm.embeddings.word_embeddings.weight", (33, width), 1.0)
    for i in range(layers):
        layer = f"esm.encoder.layer.{i}."
        norm(layer + "attention.LayerNorm")
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            linear(layer + "attention." + part, width, width)
        name = layer + "attention.self.rotary_embeddings.inv_freq"
        dim = width // heads
        numbers = array.array("f", [10000 ** (-2 * k / dim) for k in range(dim // 2)]).tobytes()
        header[name] = {"dtype": "F32", "shape": [dim // 2], "data_offsets": [offset, offset + len(numbers)]}
        blobs.append(numbers)
        offset += len(numbers)
        norm(layer + "LayerNorm")
        linear(layer + "intermediate.dense", 4 * width, width)
        linear(layer + "output.dense", width, 4 * width)
    norm("esm.encoder.emb_layer_norm_after")
    linear("lm_head.dense", width, width)
    norm("lm_head.layer_norm")
    add("lm_head.bias", (33,), 0.02)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))
    (folder / "config.json").write_text(json.dumps({
        "architectures": ["EsmForMaskedLM"], "model_type": "esm", "hidden_size": width, "num_hidden_layers": layers,
        "num_attention_heads": heads, "intermediate_size": 4 * width, "vocab_size": 33, "layer_norm_eps": 1e-5,
        "position_embedding_type": "rotary", "token_dropout": True, "emb_layer_norm_before": False,
        "mask_token_id": 32, "pad_token_id": 1, "max_position_embeddings": 1026, "hidden_act": "gelu"}))


def sequences_of(fasta, count):
    if not fasta:
        draw = random.Random(11)
        lengths = [min(1022, max(30, round(draw.lognormvariate(math.log(290), 0.7)))) for _ in range(count)]
        return ["".join(draw.choice(LETTERS) for _ in range(length)) for length in lengths]
    found, current = [], []
    for line in open(fasta):
        if line.startswith(">"):
            found.append("".join(current))
            current = []
        else:
            current.append(line.strip())
    found.append("".join(current))
    return [sequence[:1022] for sequence in found if sequence][:count]


def ids_of(sequence):
    return [0] + [LETTERS.find(letter) + 4 if letter in LETTERS else 24 for letter in sequence] + [2]


# --- the others: a process that holds one model and answers "go" with wall and CPU seconds


def torch_model(folder, threads, batch):
    import torch
    import torch.nn.functional as F

    torch.set_num_threads(threads)
    config = json.loads((folder / "config.json").read_text())
    raw = (folder / "model.safetensors").read_bytes()
    length = struct.unpack("<Q", raw[:8])[0]
    entries = json.loads(raw[8:8 + length])
    entries.pop("__metadata__")
    w = {name: torch.frombuffer(bytearray(raw[8 + length + e["data_offsets"][0]:8 + length + e["data_offsets"][1]]),
                                dtype=torch.float32).reshape(e["shape"]) for name, e in entries.items()}
    width, heads = config["hidden_size"], config["num_attention_heads"]

    def norm(x, name):
        return F.layer_norm(x, (width,), w[name + ".weight"], w[name + ".bias"], 1e-5)

    def linear(x, name):
        return F.linear(x, w[name + ".weight"], w[name + ".bias"])

    def turned(x, cosine, sine):
        a, b = x.chunk(2, -1)
        return x * cosine + torch.cat((-b, a), -1) * sine

    def forward(rows):
        longest = max(map(len, rows))
        ids = torch.tensor([row + [1] * (longest - len(row)) for row in rows])
        mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows], dtype=torch.bool)
        x = w["esm.embeddings.word_embeddings.weight"][ids] * 0.88 * mask[..., None]
        bias = torch.zeros(mask.shape).masked_fill(~mask, float("-inf"))[:, None, None, :]
        angle = torch.outer(torch.arange(longest).float(), w["esm.encoder.layer.0.attention.self.rotary_embeddings.inv_freq"])
        angle = torch.cat((angle, angle), -1)
        cosine, sine = angle.cos(), angle.sin()
        split = lambda y: y.view(len(rows), longest, heads, width // heads).transpose(1, 2)
        for i in range(config["num_hidden_layers"]):
            layer = f"esm.encoder.layer.{i}."
            h = norm(x, layer + "attention.LayerNorm")
            q, k, v = (split(linear(h, layer + "attention.self." + part)) for part in ("query", "key", "value"))
            a = F.scaled_dot_product_attention(turned(q, cosine, sine), turned(k, cosine, sine), v, attn_mask=bias)
            x = x + linear(a.transpose(1, 2).reshape(len(rows), longest, width), layer + "attention.output.dense")
            h = F.gelu(linear(norm(x, layer + "LayerNorm"), layer + "intermediate.dense"))
            x = x + linear(h, layer + "output.dense")
        return norm(x, "esm.encoder.emb_layer_norm_after")

    def run(rows):
        total = []
        with torch.inference_mode():
            for i in range(0, len(rows), batch):
                some = rows[i:i + batch]
                states = forward(some)
                total += [states[j, 1:len(row) - 1].mean(0)[0].item() for j, row in enumerate(some)]
        return total

    return run


def esm_cpp_model(folder, int8, rows):
    import esm_cpp
    import numpy

    model = esm_cpp.Model.load_from_safetensors(str(folder / "model.safetensors"))
    if int8:  # W8A8 with SmoothQuant, as esm_cpp.quantize does it
        observer = esm_cpp.ActivationObserver()
        for row in rows[:8]:
            ids = numpy.array(row, dtype=numpy.int32)
            model.forward_with_observer(ids, numpy.ones_like(ids), observer)
        model.apply_smoothquant(observer.percentile(99.9), 0.5)
        model.quantize_weights()
    run = getattr(model, "forward_scheduled", None) or model.forward_batch
    return lambda rows: [float(x[1, 5]) for x in run([numpy.array(row, dtype=numpy.int32) for row in rows])]


def serve(task):
    kind, folder, threads, batch, sequences = json.loads(task)
    rows = [ids_of(sequence) for sequence in json.loads(Path(sequences).read_text())]
    try:
        run = torch_model(Path(folder), threads, batch) if kind == "pytorch" else esm_cpp_model(Path(folder), kind == "esm-cpp-int8", rows)
        run(rows[:4])
    except Exception as error:  # said to the caller
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)
        return
    print(json.dumps({"ready": True}), flush=True)
    for _ in sys.stdin:
        before, started = time.process_time(), time.perf_counter()
        sample = run(rows)
        print(json.dumps({"wall": time.perf_counter() - started, "cpu": time.process_time() - before,
                          "sample": sample[0]}), flush=True)


class Server:
    def __init__(self, python, kind, folder, threads, batch, sequences):
        task = json.dumps([kind, str(folder), threads, batch, str(sequences)])
        environment = dict(os.environ, OMP_NUM_THREADS=str(threads), MKL_NUM_THREADS=str(threads),
                           ESM_NUM_THREADS=str(threads))
        self.process = subprocess.Popen([python, __file__, "--serve", task], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
        line = self.process.stdout.readline()
        self.error = json.loads(line).get("error") if line else "ended at once"

    def go(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return answer["wall"], answer["cpu"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def theriac(folder, threads, fasta, out):
    """Wall seconds without reading the model; CPU seconds of the whole process, less those of one with one residue."""

    def run(path):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([os.environ["THERIAC"], "protein", "embed", str(path), "--model", str(folder), "-o", str(out),
                               "--cpu", str(threads), "--overwrite", "--json", "--quiet"], capture_output=True, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode != 0:
            sys.exit(done.stderr)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return json.loads(done.stdout)["seconds"], cpu

    nothing = Path(out).with_suffix(".one.fasta")
    nothing.write_text(">one\nM\n")
    wall, cpu = run(fasta)
    return wall, cpu - run(nothing)[1]


def main():
    options = arguments()
    if options.serve:
        return serve(options.serve)
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    python = Path(options.venv) / "bin/python"
    if options.install:
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", options.venv], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *PACKAGES], check=True)
    sequences = sequences_of(options.fasta, options.count)
    tokens = sum(len(sequence) + 2 for sequence in sequences)
    (out / "sequences.json").write_text(json.dumps(sequences))
    (out / "sequences.fasta").write_text("".join(f">s{i}\n{s}\n" for i, s in enumerate(sequences)))
    rows = []
    table = open(out / "protein_speed.csv", "w", newline="")
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name in options.models:
        folder = out / f"esm2-{name}"
        write_model(folder, *SHAPES[name])
        for threads in options.threads:
            servers = {}
            for kind in ("pytorch", "esm-cpp", "esm-cpp-int8"):
                if not python.exists():
                    print(f"{kind}: left out, no Python in {options.venv}", file=sys.stderr)
                    continue
                server = Server(str(python), kind, folder, threads, options.batch, out / "sequences.json")
                if server.error:
                    print(f"{kind}: left out, {server.error}", file=sys.stderr)
                else:
                    servers[kind] = server
            for turn in range(options.rounds):
                timed = {"theriac": theriac(folder, threads, out / "sequences.fasta", out / "vectors.h5")}
                timed.update({kind: server.go() for kind, server in servers.items()})
                for program, (wall, cpu) in timed.items():
                    rows.append([name, program, threads, turn + 1, tokens, f"{wall:.4f}", f"{cpu:.4f}",
                                 f"{tokens / wall:.0f}", f"{tokens / cpu:.0f}"])
                    writer.writerow(rows[-1])
                table.flush()  # a run that is stopped keeps what it measured
            for server in servers.values():
                server.close()
    table.close()
    report(rows, tokens, len(sequences))


def report(rows, tokens, count):
    print(f"{count} sequences, {tokens} tokens; medians over rounds, ratios round by round: Theriac over the other")
    print(f"{'model':8}{'threads':>8}  {'program':13}{'tokens/s':>10}{'per CPU s':>11}{'ratio':>8}{'by CPU':>8}")
    keys = sorted({(row[0], row[2]) for row in rows}, key=lambda key: (int(key[0][:-1]), key[1]))
    for key in keys:
        of = lambda program: [row for row in rows if (row[0], row[2]) == key and row[1] == program]
        ours = of("theriac")
        for program in ("theriac", "pytorch", "esm-cpp", "esm-cpp-int8"):
            theirs = of(program)
            if not theirs:
                continue
            median = lambda column: statistics.median(float(row[column]) for row in theirs)
            ratio = lambda column: statistics.median(float(a[column]) / float(b[column]) for a, b in zip(ours, theirs))
            print(f"{key[0]:8}{key[1]:>8}  {program:13}{median(7):>10.0f}{median(8):>11.0f}{ratio(7):>8.2f}{ratio(8):>8.2f}")


if __name__ == "__main__":
    main()
