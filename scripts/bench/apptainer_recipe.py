"""The sections of an Apptainer recipe in a bare root; see scripts/bench/apptainer_recipe."""
import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RECIPE = os.path.join(ROOT, "scripts/slurm/theriac.def")
MIRROR = "http://deb.debian.org/debian"


def sections(path):
    """Of a recipe, by name; "" is its head."""
    found, name = {"": ""}, ""
    for line in open(path):
        start = re.match(r"%(\w+)\s*$", line)
        if start:
            name = start.group(1)
            found[name] = ""
        elif not line.startswith("#"):
            found[name] += line
    return found


def must(words, **more):
    print("+", shlex.join(words)[:200], flush=True)
    done = subprocess.run(words, **more)
    if done.returncode != 0:
        sys.exit(f"ended with {done.returncode}")


def in_root(root, mounts, command):
    """Runs a shell script in a mount name space of its own, where `mounts` are made first; nothing stays mounted."""
    script = "set -e\nmount --make-rprivate /\n" + mounts + command
    must(["unshare", "--mount", "--pid", "--fork", "--kill-child", "--uts", "--ipc", "sh", "-c", script])


def copy_files(root, listed):
    """%files: what git knows of the source tree (a clean checkout, as the recipe asks for), or one file."""
    for line in listed.split("\n"):
        words = line.split()
        if not words:
            continue
        source, to = os.path.join(ROOT, words[0]), root + words[1]
        if not os.path.isdir(source):
            os.makedirs(os.path.dirname(to), exist_ok=True)
            shutil.copy2(source, to)
            continue
        shutil.rmtree(to, ignore_errors=True)
        os.makedirs(to)
        must(["sh", "-c", 'git -C "$1" ls-files -z | tar -C "$1" --null -T - -c | tar -C "$2" -x', "sh", source, to])


def build(o):
    parts = sections(RECIPE)
    if "debian:12" not in parts[""]:
        sys.exit("the recipe does not start from debian:12")
    if not os.path.exists(o.root + "/etc/debian_version"):
        must(["debootstrap", "--variant=minbase", "bookworm", o.root, MIRROR])
        must(["sh", "-c", f"echo 'deb {MIRROR} bookworm-updates main' >> {shlex.quote(o.root)}/etc/apt/sources.list"])
    shutil.copy("/etc/resolv.conf", o.root + "/etc/resolv.conf")
    copy_files(o.root, parts.get("files", ""))
    post = os.path.join(o.root, "post.sh")
    with open(post, "w") as out:
        out.write(parts["post"].replace('"$(nproc)"', str(o.jobs)) if o.jobs else parts["post"])
    q = shlex.quote(o.root)
    mounts = f"mount --rbind /dev {q}/dev\nmount -t proc proc {q}/proc\nmount -t tmpfs tmpfs {q}/tmp\n"
    environment = "HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    if o.ccache:
        os.makedirs(o.root + "/root/.ccache", exist_ok=True)
        mounts += f"mount --bind {shlex.quote(o.ccache)} {q}/root/.ccache\n"
        environment += " CCACHE_DIR=/root/.ccache CCACHE_BASEDIR=/opt/theriac-source"
    start = time.time()
    in_root(o.root, mounts, f"exec env -i {environment} chroot {q} /bin/sh -ex /post.sh\n")
    os.remove(post)
    print(f"%post took {time.time() - start:.0f} s", flush=True)


TRIAL = """set -e
id -u
! touch /etc/written 2>/dev/null
{test}
{run} dock -r 2xnb_receptor.pdb --autobox_ligand 2xnb_ligand.sdf -l ligand.smi --exhaustiveness 4 -o docked
{run} screen plan ligand.smi --shards 1 -r 2xnb_receptor.pdb --autobox_ligand 2xnb_ligand.sdf -o screen --quiet
{run} screen run screen --shard 0 --quiet
{run} screen merge screen --quiet
{run} generate -n 3 -o generated.csv --quiet
{run} predict -l ligand.smi -o predicted.csv --quiet
ls docked screen/merged generated.csv predicted.csv
"""


def tried(o, user=1234):
    """%test and %runscript as Apptainer has them: the image read-only, a user without rights, one folder bound."""
    recipe = sections(RECIPE)
    with tempfile.TemporaryDirectory() as bound:
        for name in ("2xnb_receptor.pdb", "2xnb_ligand.sdf"):
            shutil.copy(os.path.join(ROOT, "datasets/examples", name), bound)
        with open(os.path.join(bound, "ligand.smi"), "w") as out:
            out.write("CC(=O)Oc1ccccc1C(=O)O aspirin\n")
        run = recipe["runscript"].strip().replace("exec ", "").replace(' "$@"', "")
        script = recipe["environment"] + TRIAL.format(test=recipe["test"].strip(), run=run)
        for path in [bound] + [os.path.join(bound, name) for name in os.listdir(bound)]:
            os.chown(path, user, user)
        image = ["bwrap", "--unshare-user", "--uid", str(user), "--gid", str(user), "--ro-bind", o.root, "/", "--dev", "/dev",
                 "--proc", "/proc", "--ro-bind", "/sys", "/sys", "--tmpfs", "/tmp", "--dir", "/tmp/home", "--setenv", "HOME",
                 "/tmp/home", "--bind", bound, "/mnt", "--chdir", "/mnt", "sh", "-c", script]
        subprocess.run(["setpriv", "--reuid", str(user), "--regid", str(user), "--clear-groups"] + image, check=True)
    print("the image runs read-only, as user", user)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--root", required=True)
    options.add_argument("--build", action="store_true")
    options.add_argument("--ccache", default="", help="a folder of ccache, to build faster")
    options.add_argument("--jobs", type=int, default=0)
    options.add_argument("--try", action="store_true", dest="trial", help="run what is in the root (Debian: bubblewrap)")
    o = options.parse_args()
    o.root = os.path.abspath(o.root)
    if os.geteuid() != 0:
        sys.exit("this wants root: it makes a Debian root and mounts in it")
    if o.build:
        build(o)
    if o.trial:
        tried(o)


if __name__ == "__main__":
    main()
