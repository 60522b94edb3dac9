"""A family of faults: whole cases with one fault each, the checker after
every one.  A family says what its points are and what one of them does."""
import os
import random
import signal
import time

import check
import plant
from branch import DIES, HALTS, PROGRAMS, SERVERS, Branch, invent

CHUNK = 120         # points in one branch; a sandbox takes 256 people
CASE_S = 240
CONF = """peers {{
  timeout_ms = {timeout}
  issue_timeout_s = 60
{urls}}}
handoff {{ placement = "none" }}
"""


class Family:
    quick = 30          # points of the quick set
    full = None         # at most so many, drawn by the seed; None: all
    timeout_ms = 1200   # of an exchange with a peer
    people_each = 1     # new people a point takes
    altered = False     # answers of the CA come changed
    on_stick = True     # where the new certificate goes

    def __init__(self, args):
        self.args, self.violations = args, []
        self.runs, self.idle, self.chunk, self.missed = 0, 0, 1, []
        self.random = random.Random(args.seed)
        self.labels = {}        # person of this branch -> point
        self.halted = None      # (program, what to do while it halts)

    # ---- what a family says ----

    @classmethod
    def missing(cls):
        """Why it cannot run here, or ''."""
        return ""

    def prepare(self):
        """The branch is made and not started; what stands in dasi.conf."""
        return ""

    def every(self, seen):
        """All points, from how many calls a whole case has."""
        raise NotImplementedError

    def one(self, point):
        raise NotImplementedError

    def turn(self):
        """Called all the time while customers are at it."""

    def finish(self):
        """After the judge has seen a branch."""

    def put_down(self):
        """Whatever happened: take away what prepare() made."""

    def plants(self):
        """Bugs of this family's own that the checker did not see."""
        return []

    def check_person(self, person, finished):
        """What is wrong with one person's certificates."""
        return check.check_person(self.branch.dir, person, finished)

    # ---- a run ----

    def person(self, label):
        p = self.people[self.next]
        self.next += 1
        self.labels[p["id"]] = label
        return p

    def found(self, label, lines):
        for line in lines:
            self.violations.append(f"{label}: {line}")
            print(f"# {self.args.family} {label}: {line}", flush=True)

    def halt(self, name, at, action):
        """At its Nth call the program halts, `action` is done, it goes on."""
        self.branch.points.reset()
        self.branch.points.arm(name, at, HALTS)
        self.halted = (name, action)

    def while_halted(self):
        if self.halted is None:
            return
        name, action = self.halted
        pid = self.branch.running[name].pid
        if self.branch.points.get(name)[2] and stopped(pid):
            self.halted = None
            action()
            os.kill(pid, signal.SIGCONT)

    def follow(self, customers):
        """Until every customer has ended; what died is started again."""
        ends, until = {}, time.time() + CASE_S
        while customers and time.time() < until:
            self.branch.mend()
            self.while_halted()
            self.turn()
            for p, who in list(customers.items()):
                if p.poll() is None:
                    continue
                del customers[p]
                if p.returncode == -9:
                    customers[self.branch.customer(who, self.log)] = who
                else:
                    ends[who["id"]] = p.returncode
            time.sleep(0.005)
        for p in customers:
            p.kill()
        return ends

    def run(self, label, people):
        self.log.write(f"-- {label}\n".encode())
        self.log.flush()
        customers = {self.branch.customer(p, self.log): p for p in people}
        t0 = time.time()
        ends = self.follow(customers)
        self.branch.points.arm("agent", 0, DIES)
        self.halted = None
        for p in people:
            end = ends.get(p["id"])
            if end == 6:
                self.found(label, ["I7: told more than the CA bears out"])
            if end not in (0, 4, 6):
                self.found(label, [f"the case did not end ({end}) "
                                   f"in {time.time() - t0:.0f} s"])
            self.found(label, self.check_person(p, end == 0))
        self.runs += 1
        if self.args.verbose:
            print(f"# {label}: {time.time() - t0:.2f} s, "
                  f"{sorted(ends.values())}", flush=True)
        return ends

    # ---- points ----

    def measure(self):
        """How many points a whole case has, by a run without a fault."""
        for label in ("warm", "clean"):
            self.branch.points.reset()
            self.clean(label)
        if self.violations:
            raise RuntimeError("not even a run without a fault went well")
        self.runs = 0
        seen = {n: self.branch.points.get(n)[0] for n in PROGRAMS}
        print("# calls of a whole case: " + ", ".join(
            f"{n} {seen[n]}" for n in PROGRAMS), flush=True)
        return self.choose(self.every(seen))

    def clean(self, label):
        self.run(label, [self.person(label)])

    def choose(self, every):
        if self.args.point:
            return self.args.point
        n, kinds = self.full if self.args.full else self.quick, {}
        if n is None or n >= len(every):
            return every
        # a third of the sample is spread over all kinds of points
        for p in every:
            kinds.setdefault(p.partition(":")[0], []).append(p)
        some = {p for k in kinds.values() for p in self.random.sample(
            k, min(len(k), max(1, n // 3 // len(kinds))))}
        rest = [p for p in every if p not in some]
        some |= set(self.random.sample(rest, max(0, n - len(some))))
        return [p for p in every if p in some]

    # ---- a branch ----

    def start(self, count):
        self.people = [invent(n) for n in
                       range(self.people_each * count + 4)]
        self.next = 0
        self.branch = Branch(os.path.join(self.args.dir, str(self.chunk)),
                             self.args.build, self.people)
        self.chunk += 1
        more = CONF.format(timeout=self.timeout_ms, urls=self.prepare())
        with open(self.branch.path("dasi.conf"), "a",
                  encoding="utf-8") as f:
            f.write(more)
        self.log = open(self.branch.path("log", "customer.log"), "ab")
        self.branch.start()

    def judge(self):
        """The database of all runs, after a clean stop; and once more after
        another start, which must change nothing."""
        b = self.branch
        b.stop(*reversed(SERVERS[1:]))
        bad = check.check_db(b.dir, self.people, altered=self.altered)
        for who, lines in bad.items():
            self.found(self.labels.get(who, "the branch"), lines)
        self.found("the branch", check.check_audit(b.dir))
        before = check.rows(b.dir)
        b.start()
        time.sleep(0.5)
        b.stop(*reversed(SERVERS[1:]))
        if check.rows(b.dir) != before:
            self.found("the branch", ["I5: a second recovery wrote rows"])

    def whole(self):
        """Branch after branch, until all points were met."""
        points = None
        while points is None or points:
            self.start(CHUNK if points is None else min(CHUNK, len(points)))
            try:
                if points is None:
                    points = self.measure()
                for point in points[:CHUNK]:
                    self.one(point)
                self.judge()
                self.finish()
                points = points[CHUNK:]
                self.missed += plant.missed(self.branch,
                                            self.people[:self.next],
                                            self.on_stick)
                self.missed += self.plants()
            finally:
                self.branch.close()
                self.put_down()
                self.log.close()

    def main(self):
        name, bad = self.args.family, self.violations
        self.whole()
        print(f"{'not ok' if bad else 'ok'} - {name}: I1-I8 hold")
        for what in self.missed:
            print(f"not ok - {name}: the checker sees {what}")
        if not self.missed:
            print(f"ok - {name}: the checker sees every planted bug")
        print(f"# {name}: {self.idle} points were not met, "
              f"seed {self.args.seed}")
        print(f"{name}: runs {self.runs}, violations {len(bad)}")
        return 1 if bad or self.missed else 0


def stopped(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as f:
            return f.read().rpartition(")")[2].split()[0] in "Tt"
    except OSError:
        return False
