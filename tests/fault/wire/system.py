"""The machine under the agent fails: its disk, its memory, the room on it.
It refuses or ends; what it has acknowledged is there."""
import os
import re
import shutil
import subprocess

from family import Family

STRACE = "strace -D -qq -o {log} -e trace={calls}"
INJECT = " -e inject={call}:error={error}:when={first}..{last}"
CALLS = ("fsync", "fdatasync", "pwrite64")
# call, error, how often in a row
ERRORS = (("fsync", "EIO", 1), ("fdatasync", "EIO", 1),
          ("pwrite64", "EIO", 1), ("pwrite64", "ENOSPC", 4))


class Disk(Family):
    """pwrite64-EIO:9: the agent's ninth call of that name fails (strace)"""
    quick, full = 16, 400

    @classmethod
    def missing(cls):
        if not shutil.which("strace"):
            return "no strace"
        if subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"],
                          capture_output=True, check=False).returncode:
            return "ptrace is not allowed"
        return ""

    def under(self, before):
        """The agent anew under that command; the next one without it."""
        self.branch.stop("agent")
        self.branch.dress("dasi-agent", before, wrapper="under-strace")
        self.branch.start("agent", program="under-strace")
        self.branch.wait_served()

    def clean(self, label):
        log = self.branch.path("strace.log")
        self.under(STRACE.format(log=log, calls=",".join(CALLS)))
        super().clean(label)
        with open(log, encoding="utf-8") as f:
            lines = f.read()
        self.counts = {c: len(re.findall(rf"^{c}\(", lines, re.M))
                       for c in CALLS}

    def every(self, seen):
        return [f"{c}-{e}:{i}" for c, e, _ in ERRORS
                for i in range(1, self.counts[c] + 1)]

    def one(self, point):
        name, _, at = point.partition(":")
        call, error = name.split("-")
        row = [n for c, e, n in ERRORS if (c, e) == (call, error)][0]
        self.under(STRACE.format(log="/dev/null", calls=call) + INJECT.format(
            call=call, error=error, first=at, last=int(at) + row - 1))
        self.run(point, [self.person(point)])


class Heap(Family):
    """one:900: the agent's 900th piece of memory is refused; row: and the 63
    after it"""
    quick, full = 16, 400
    rows = {"one": 1, "row": 64}

    def every(self, seen):
        n = self.branch.points.get("heap")[0]
        print(f"# {n} pieces of memory in a whole case", flush=True)
        return [f"{kind}:{i}" for i in range(1, n) for kind in self.rows]

    def one(self, point):
        kind, _, at = point.partition(":")
        self.branch.points.reset()
        self.branch.points.arm("heap", int(at), self.rows[kind])
        self.run(point, [self.person(point)])
        self.idle += self.branch.points.get("heap")[2] == 0


class Low(Family):
    """full:200: at its 200th call the agent's disk is full.  The open case
    goes to its end on the ballast, a new one is refused, and taken when there
    is room."""
    quick, full = 8, 60
    people_each = 2

    @classmethod
    def missing(cls):
        return "" if os.geteuid() == 0 else "mounting needs root"

    def prepare(self):
        self.state = self.branch.path("state")
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96m,mode=700",
                        "state", self.state], check=True)
        return ""

    def every(self, seen):
        return [f"full:{i}" for i in range(1, seen["agent"] + 1)]

    def fill_if_open(self, person):
        """Before there is a case this customer is a new one, too."""
        if self.branch.was_told(person):
            self.fill()
        else:
            self.idle += 1

    def fill(self):
        with open(os.path.join(self.state, "filler"), "ab", 0) as f:
            try:
                while f.write(bytes(4096)) > 0:
                    pass
            except OSError:
                pass

    def has_ballast(self):
        return os.path.exists(os.path.join(self.state, "dasi.ballast"))

    def one(self, point):
        person = self.person(point)
        self.halt("agent", int(point.partition(":")[2]),
                  lambda: self.fill_if_open(person))
        ends = self.run(point, [person])
        self.idle += self.branch.points.get("agent")[2] == 0
        if list(ends.values()) != [0]:
            self.found(point, ["a full disk ended the case"])
        self.fill()
        newcomer = self.person(point)
        if not self.has_ballast():
            self.refused(point, newcomer)
        os.unlink(os.path.join(self.state, "filler"))
        if list(self.run(point, [newcomer]).values()) != [0]:
            self.found(point, ["with room again it does not go on"])

    def refused(self, point, person):
        """The newcomer hears so, and no case is begun."""
        told = self.branch.path("log", "newcomer.log")
        with open(told, "wb") as log:
            end = self.branch.customer(person, log, seconds=1).wait()
        with open(told, encoding="utf-8") as f:
            words = f.read()
        if end != 1 or 'in "", ' not in words or \
                'error "agent.disk_full"' not in words:
            self.found(point, [f"no room, and a new case gets {words!r}"])

    def finish(self):
        """The database goes where others are, off the small disk."""
        kept = self.state + ".kept"
        shutil.copytree(self.state, kept, ignore=shutil.ignore_patterns(
            "filler", "dasi.ballast"))
        self.put_down()
        os.rmdir(self.state)
        os.rename(kept, self.state)

    def put_down(self):
        subprocess.run(["umount", "-l", self.state], check=False,
                       capture_output=True)
