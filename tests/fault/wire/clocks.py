"""The wall clock is wrong, or the database is an old one."""
import glob
import hashlib
import os
import shutil
import time

from branch import SERVERS
from family import Family

TEN_YEARS = {"forward": "+3653d", "back": "-3653d"}
FAKETIME = ("env FAKETIME_TIMESTAMP_FILE={file} FAKETIME_NO_CACHE=1"
            " FAKETIME_DONT_FAKE_MONOTONIC=1 DONT_FAKE_MONOTONIC=1")


class Time(Family):
    """forward:90: at the agent's 90th call it is ten years later (libfaketime);
    retry_back:90: while the CA is silent to the first loss report"""
    quick, full = 16, 320

    @classmethod
    def library(cls):
        found = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
        return found[0] if found else None

    @classmethod
    def missing(cls):
        return "" if cls.library() else "no libfaketime"

    def prepare(self):
        self.file = self.branch.path("faketime")
        self.set("+0")
        self.branch.dress("dasi-agent", FAKETIME.format(file=self.file),
                          self.library())
        return ""

    def put_down(self):
        """A process that is killed leaves two pieces of shared memory, and
        the next one of its number cannot start."""
        for left in glob.glob("/dev/shm/faketime_shm_*"):
            pid = left.rpartition("_")[2]
            if os.path.exists(f"/proc/{pid}"):
                continue
            for path in (left, f"/dev/shm/sem.faketime_sem_{pid}"):
                try:
                    os.unlink(path)
                except FileNotFoundError:
                    pass

    def set(self, offset):
        with open(self.file + ".new", "w", encoding="utf-8") as f:
            f.write(offset + "\n")
        os.rename(self.file + ".new", self.file)

    def jump(self, person, offset):
        """Before there is a case, all certificates have expired by then, and
        to say so is right."""
        if self.branch.was_told(person):
            self.set(offset)
        else:
            self.idle += 1

    def every(self, seen):
        return [f"{kind}:{i}" for i in range(1, seen["agent"] + 1)
                for way in TEN_YEARS for kind in (way, "retry_" + way)]

    def one(self, point):
        kind, _, at = point.partition(":")
        if kind.startswith("retry_"):
            self.branch.control("/fault", {"at": "rr", "action": "drop_after",
                                           "count": 1})
        person = self.person(point)
        self.halt("agent", int(at), lambda: self.jump(
            person, TEN_YEARS[kind.removeprefix("retry_")]))
        t0 = time.time()
        ends = self.run(point, [person])
        self.idle += self.branch.points.get("agent")[2] == 0
        if list(ends.values()) != [0]:
            self.found(point, ["the case depends on the wall clock"])
        elif time.time() - t0 > 30:
            self.found(point, ["a deadline moved with the wall clock"])
        self.set("+0")
        self.branch.control("/reset_faults", {})


class Back(Family):
    """older:2: the database as it was before the last two cases is put back.
    The agent does not serve, so nobody types anything; it leaves the file as
    it is, and with the right one it goes on."""
    quick, full = 10, 40
    people_each = 2
    kinds = ("older", "older_wal", "cut", "zeros", "noise", "empty", "gone",
             "foreign", "key", "signed")

    def every(self, seen):
        return [f"{k}:{i}" for i in range(1, 5) for k in self.kinds]

    def clean(self, label):
        super().clean(label)
        if label == "warm":
            self.files = self.branch.path("copies")
            os.makedirs(self.files)
            self.down()
            self.copy("first")
            self.up()

    def down(self):
        self.branch.stop(*reversed(SERVERS[1:]))

    def up(self):
        self.branch.start()
        self.branch.wait_served()

    def copy(self, name):
        shutil.copytree(self.branch.path("state"),
                        os.path.join(self.files, name), dirs_exist_ok=True)

    def put(self, name, *files):
        for f in files or os.listdir(os.path.join(self.files, name)):
            shutil.copy2(os.path.join(self.files, name, f),
                         self.branch.path("state", f))

    def spoil(self, kind, n):
        db = self.branch.path("state", "dasi.db")
        size = os.path.getsize(db)
        if kind.startswith("older"):
            self.put("first" if n == 4 else f"case{self.cases - 1 - n}",
                     "dasi.db")
        elif kind == "cut":
            os.truncate(db, size * n // 5 // 512 * 512)
        elif kind in ("zeros", "noise"):
            with open(db, "r+b") as f:
                f.seek(size * n // 5 // 4096 * 4096)
                f.write(bytes(8192) if kind == "zeros"
                        else os.urandom(8192))
        elif kind == "empty":
            os.truncate(db, 0)
        elif kind == "gone":
            os.unlink(db)
        elif kind == "foreign":
            shutil.copyfile(self.branch.path("dasi.conf"), db)
        elif kind == "key":
            with open(self.branch.path("device.key"), "r+b") as f:
                f.write(os.urandom(32))
        elif kind == "signed":
            with open(self.branch.path("state", "dasi.signed"), "wb") as f:
                f.write(os.urandom(n * 64))

    def refuses(self, point, person):
        """What came of starting on the spoilt files."""
        def digest():
            path = self.branch.path("state", "dasi.db")
            if not os.path.exists(path):
                return ""
            with open(path, "rb") as f:
                return hashlib.sha256(f.read()).hexdigest()
        before, asked = digest(), self.asked()
        self.branch.start("agent", "net", "media")
        end = self.branch.customer(person, self.log, seconds=1).wait()
        agent = self.branch.running["agent"]
        bad = []
        if end != 1:
            bad.append(f"I8: a customer was served ({end})")
        if self.asked() != asked:
            bad.append("I8: somebody's number was typed and asked about")
        if agent.poll() is None:
            bad.append("the agent serves")
        elif agent.poll() == 0:
            bad.append("the agent ends as if all were well")
        if digest() != before:
            bad.append("the refused file was changed")
        self.down()
        return bad

    def asked(self):
        """How often the registry was asked who somebody is."""
        with open(self.branch.path("log", "sandbox.log"),
                  encoding="utf-8") as f:
            return f.read().count("registry")

    cases = 0

    def one(self, point):
        kind, _, n = point.partition(":")
        while self.cases < 4:
            self.next_case(point)
        self.down()
        self.copy("good")
        shutil.copy2(self.branch.path("device.key"), self.files)
        self.spoil(kind, int(n))
        person = self.person(point)
        self.found(point, self.refuses(point, person))
        self.restore()
        if list(self.run(point, [person]).values()) != [0]:
            self.found(point, ["with the right file it does not go on"])

    def restore(self):
        shutil.rmtree(self.branch.path("state"))
        os.makedirs(self.branch.path("state"), 0o700)
        self.put("good")
        shutil.copy2(os.path.join(self.files, "device.key"),
                     self.branch.path("device.key"))
        self.up()

    def next_case(self, point):
        self.run(point, [self.person(point)])
        self.runs -= 1
        self.down()
        self.copy(f"case{self.cases}")
        self.cases += 1
        self.up()

    def plants(self):
        """Without what was signed, an old database is taken for the new."""
        self.branch.start("sandbox") if "sandbox" not in \
            self.branch.running else None
        self.put("case0", "dasi.db", "dasi.signed")
        for f in glob.glob(self.branch.path("state", "dasi.db-*")):
            os.unlink(f)
        return [] if self.refuses("planted", self.people[0]) else \
            ["an old database that is served"]
