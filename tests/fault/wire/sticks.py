"""The customer's stick goes bad at a step of a delivery: pulled out, emptied,
filled, write-protected, a port that dies, one that lies.  The customer then
comes with a good one."""
import os
import shutil
import subprocess
import time

import check
import plant
from family import Family, stopped

# a stick in user space, and its mood (stick.c)
MOODS = {"broken": "e", "full": "f", "locked": "r", "writes_other": "w",
         "reads_other": "b", "keeps_nothing": "n"}
IMAGE_B = 4 << 20
QUIET_S = 0.15


def sh(*args):
    return subprocess.run(args, check=False, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode == 0


class Loop:
    """A file with ext4 on it."""
    kinds = ["pulled", "emptied", "filled", "remounted"]

    def __init__(self, b, n):
        self.image, self.root = b.path(f"image.{n}"), b.path("media", "STICK")
        os.makedirs(self.root, exist_ok=True)
        base = b.path("image")
        if not os.path.exists(base):
            with open(base, "wb") as f:
                f.truncate(IMAGE_B)
            sh("mkfs.ext4", "-q", "-F", "-O", "^has_journal", base)
        shutil.copyfile(base, self.image)
        if not sh("mount", "-o", "loop,errors=remount-ro", self.image,
                  self.root):
            raise RuntimeError("no loop mount")

    def turn_bad(self, kind):
        if kind == "pulled":
            sh("umount", "-l", self.root)
        elif kind == "emptied":
            os.truncate(self.image, 0)
        elif kind == "filled":
            self.fill()
        elif not sh("mount", "-o", "remount,ro", self.root):
            dev = subprocess.run(
                ["findmnt", "-no", "SOURCE", self.root], check=True,
                capture_output=True, text=True).stdout.strip()
            with open(f"/sys/fs/ext4/{os.path.basename(dev)}"
                      "/trigger_fs_error", "w", encoding="utf-8") as f:
                f.write("written by a test")

    def fill(self):
        with open(os.path.join(self.root, "filler"), "wb", 0) as f:
            try:
                while f.write(bytes(1024)) > 0:
                    pass
            except OSError:
                pass

    def held(self):
        """The folder that shows what is on it now."""
        return self.root

    def away(self):
        sh("umount", "-l", self.root)
        sh("rmdir", self.root)


class Fuse:
    kinds = ["dead"] + list(MOODS)

    def __init__(self, b, n):
        self.root, self.files = b.path("media", "STICK"), b.path(f"files.{n}")
        self.mood = b.path(f"mood.{n}")
        for d in (self.root, self.files):
            os.makedirs(d, exist_ok=True)
        self.set("g")
        self.server = subprocess.Popen(
            [b.path("real", "wire-stick"), self.files, self.root, self.mood],
            stderr=subprocess.DEVNULL)
        until = time.time() + 10
        while not os.path.ismount(self.root):
            if time.time() > until or self.server.poll() is not None:
                raise RuntimeError("no FUSE mount")
            time.sleep(0.01)

    def set(self, mood):
        with open(self.mood, "r+b" if os.path.exists(self.mood) else "wb",
                  0) as f:
            f.write(mood.encode())

    def turn_bad(self, kind):
        if kind == "dead":
            self.server.kill()
            self.server.wait()
        else:
            self.set(MOODS[kind])

    def held(self):
        return self.files

    def away(self):
        sh("umount", "-l", self.root)
        self.server.kill()
        self.server.wait()
        sh("rmdir", self.root)


class Stick(Family):
    """emptied:9: at the ninth call of dasi-media"""
    quick = 30

    @classmethod
    def missing(cls):
        if os.geteuid() != 0:
            return "mounting needs root"
        if not os.path.exists("/dev/fuse"):
            return "no /dev/fuse"
        if not shutil.which("mkfs.ext4") or \
                not os.path.exists("/dev/loop-control"):
            return "no loop devices"
        return ""

    def prepare(self):
        b = self.branch
        shutil.copy(os.path.join(self.args.build, "wire-stick"),
                    b.path("real"))
        os.rmdir(b.path("media", "STICK"))
        self.n, self.stick, self.bad_since = 0, None, None
        # the empty place of a stick that was pulled is no stick
        with open(b.path("dasi.conf"), "a", encoding="utf-8") as f:
            f.write("media { folders = false }\n")
        return ""

    def put_in(self, kind):
        self.n += 1
        make = Fuse if kind in Fuse.kinds else Loop
        self.stick = make(self.branch, self.n)
        os.makedirs(self.drawer(), exist_ok=True)

    def drawer(self):
        return self.branch.path("drawer", str(self.n))

    def clean(self, label):
        self.put_in("emptied")
        super().clean(label)
        # what comes after the last look at the medium, nobody can notice
        self.looked = self.branch.points.looked("media")
        self.calls = self.branch.points.get("media")[0]
        self.keep()
        self.stick.away()

    def keep(self):
        """What the customer carries away, for the checker."""
        npki = os.path.join(self.stick.held(), "NPKI")
        if os.path.isdir(npki):
            shutil.copytree(npki, os.path.join(self.drawer(), "NPKI"),
                            dirs_exist_ok=True)

    def every(self, seen):
        return [f"{k}:{i}" for i in range(1, seen["media"] + 1)
                for k in Loop.kinds + Fuse.kinds]

    def turn_bad(self, kind, at):
        # after the last look it was in the customer's hands, whole
        if at > self.looked or kind == "pulled":
            self.keep()
        self.stick.turn_bad(kind)
        self.bad_since, self.seen = time.time(), -1

    def turn(self):
        """When dasi-media is done with the bad one, a good one comes."""
        if self.bad_since is None:
            return
        seen, now = self.branch.points.get("media")[0], time.time()
        if seen != self.seen or stopped(self.branch.running["media"].pid):
            self.seen, self.bad_since = seen, now
        elif now - self.bad_since > QUIET_S:
            self.bad_since = None
            self.swap()

    def swap(self):
        try:
            self.keep_what_is_left()
        except OSError:
            pass        # an emptied or dead one has nothing
        self.stick.away()
        good = self.branch.path("media", "GOOD")
        os.makedirs(good)
        sh("mount", "-t", "tmpfs", "-o", "size=4m", "stick", good)

    def keep_what_is_left(self):
        if os.path.isdir(os.path.join(self.drawer(), "NPKI")):
            return
        try:
            self.keep()
        except (OSError, shutil.Error):
            shutil.rmtree(os.path.join(self.drawer(), "NPKI"),
                          ignore_errors=True)

    def one(self, point):
        kind, _, at = point.partition(":")
        self.put_in(kind)
        self.halt("media", int(at), lambda: self.turn_bad(kind, int(at)))
        ends = self.run(point, [self.person(point)])
        self.idle += self.branch.points.get("media")[2] == 0
        if list(ends.values()) != [0]:
            self.found(point, ["I2: a good stick did not help"])
        self.put_away()

    def put_away(self):
        good = self.branch.path("media", "GOOD")
        if os.path.isdir(good):
            shutil.copytree(good, self.drawer(), dirs_exist_ok=True)
            sh("umount", "-l", good)
            os.rmdir(good)
        else:
            if self.bad_since is None or self.halted:
                self.keep_what_is_left()
            self.stick.away()
        self.bad_since = None

    def put_down(self):
        if self.stick:
            self.stick.away()
        sh("umount", "-l", self.branch.path("media", "GOOD"))

    def plants(self):
        """A stick that lies once nobody looks any more: the product cannot
        know, the checker must."""
        who, certs = plant.done_by(self.branch, self.people[:self.next], True)
        leaf = plant.valid_leaf(self.branch, certs)
        path = os.path.join(leaf, "signPri.key")
        missed = []
        with open(path, "r+b") as f:
            data = f.read()
            f.seek(len(data) // 2)
            f.write(bytes([data[len(data) // 2] ^ 16]))
        if not check.check_stick(self.branch.dir, who, certs):
            missed.append("a stick that keeps other bytes")
        os.unlink(path)
        if not check.check_stick(self.branch.dir, who, certs):
            missed.append("a stick that forgets a file")
        shutil.rmtree(leaf)
        if not check.check_stick(self.branch.dir, who, certs):
            missed.append("a stick that is empty")
        return missed
