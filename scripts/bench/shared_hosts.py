"""Hosts made of name spaces, and a GlusterFS that they share."""
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

BRICK = """volume posix
  type storage/posix
  option directory {home}/brick
end-volume
volume locks
  type features/locks
  subvolumes posix
end-volume
volume brick
  type performance/io-threads
  subvolumes locks
end-volume
volume server
  type protocol/server
  option transport-type tcp
  option transport.socket.listen-port {port}
  option transport.socket.bind-address 127.0.0.1
  option auth.addr.brick.allow 127.0.0.1
  subvolumes brick
end-volume
"""
# what `gluster volume` gives a client by itself: it writes late, and keeps small files and attributes for a second
CLIENT = """volume remote
  type protocol/client
  option transport-type tcp
  option remote-host 127.0.0.1
  option remote-port {port}
  option remote-subvolume brick
end-volume
volume write-behind
  type performance/write-behind
  subvolumes remote
end-volume
volume quick-read
  type performance/quick-read
  subvolumes write-behind
end-volume
volume md-cache
  type performance/md-cache
  subvolumes quick-read
end-volume
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(what, test, seconds=20):
    end = time.time() + seconds
    while not test():
        if time.time() > end:
            sys.exit(f"{what}: not after {seconds} s")
        time.sleep(0.05)


class SharedFolder:
    """The server of a file system."""

    def __init__(self, home):
        needed = ["glusterfsd", "glusterfs", "nsenter", "unshare", "faketime", "cc"]
        missing = [name for name in needed if not shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")]
        if os.geteuid() != 0 or missing:
            sys.exit("this wants root" if os.geteuid() != 0 else f"not here: {', '.join(missing)}")
        self.home = home
        self.port = free_port()
        os.mkdir(f"{home}/brick")
        for name, text in (("server", BRICK), ("client", CLIENT)):
            with open(f"{home}/{name}.vol", "w") as out:
                out.write(text.format(home=home, port=self.port))
        self.server = subprocess.Popen(["glusterfsd", "-N", "-f", f"{home}/server.vol", "-l", f"{home}/server.log"])
        wait_for("the server of the shared file system", self.listens)

    def listens(self):
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self):
        self.server.kill()
        self.server.wait()


class Host:
    """A host name, process numbers and a client of the shared file system of its own. `mount` is seen by it alone."""

    def __init__(self, shared, name):
        self.name, self.home = name, shared.home
        self.mount = f"{shared.home}/shared"
        os.makedirs(self.mount, exist_ok=True)
        self.client = f"{self.home}/{name}.client"
        script = f"""hostname {name}
mount --make-rprivate /
glusterfs -N -f {self.home}/client.vol -l {self.home}/{name}.log {self.mount} &
echo $! > {self.client}
while :; do sleep 1000; done"""
        self.outer = subprocess.Popen(["unshare", "--uts", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child",
                                       "sh", "-c", script], stderr=subprocess.DEVNULL)
        wait_for(f"process 1 of {name}", lambda: self.children())
        self.one = self.children()[0]
        wait_for(f"the mount of {name}", lambda: "fuse.glusterfs" in open(f"/proc/{self.one}/mounts").read())

    def children(self):
        path = f"/proc/{self.outer.pid}/task/{self.outer.pid}/children"
        return [int(word) for word in open(path).read().split()] if os.path.exists(path) else []

    def words(self, words, environment=None):
        sets = [f"{key}={value}" for key, value in (environment or {}).items()]
        return ["nsenter", "-t", str(self.one), "--uts", "--mount", "--pid", "--", "env", "-C", self.mount] + sets + words

    def start(self, words, environment=None):
        return subprocess.Popen(self.words(words, environment), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    @staticmethod
    def end_of(task, limit=120):
        """All that it printed; a task that does not end is killed, and its exit code tells."""
        try:
            return task.communicate(timeout=limit)[0]
        except subprocess.TimeoutExpired:
            Host.signal(task, signal.SIGKILL)
            return task.communicate()[0] + f"did not end in {limit} s"

    def run(self, words, environment=None, limit=300):
        """Exit code and all that was printed."""
        done = subprocess.run(self.words(words, environment), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=limit)
        return done.returncode, done.stdout

    @staticmethod
    def signal(task, number):
        """A signal to the program that `start` has started."""
        path = f"/proc/{task.pid}/task/{task.pid}/children"
        for child in open(path).read().split():
            os.kill(int(child), number)
        if number == signal.SIGCONT:  # nsenter stops with its child, and does not wake with it
            os.kill(task.pid, number)

    def kill_client(self):
        self.run(["kill", "-9", open(self.client).read().strip()], limit=20)

    def kill(self):
        """All processes of the host at once, its client of the file system too."""
        if self.outer.poll() is None:
            os.kill(self.one, signal.SIGKILL)
            self.outer.wait()
