"""Whole cases with one fault each, and the checker after every one.

    sweep.py FAMILY DIR BUILD [--full] [--seed N] [--point POINT]...

FAMILY: kill   a program dies at its Nth call to the outside ("agent:57")
        again  and once more while it recovers ("agent:57+12")
        proxy  one exchange with a peer goes wrong ("cut_after:6")
A point printed with a violation runs again alone with --point.  DIR is made
and left for a look when there was a violation.  Prints TAP lines and
"FAMILY: runs N, violations V"."""
import argparse
import os
import random
import sys
import time

import check
import plant
import proxy
from branch import SLOTS, SERVERS, Branch, invent

CHUNK = 120         # points in one branch; a swap takes two people
QUICK = {"kill": 36, "again": 14, "proxy": 30}
TIMEOUT_MS = 1200
CONF = """peers {{
  timeout_ms = {timeout}
  issue_timeout_s = 60
{urls}}}
"""


class Family:
    def __init__(self, args):
        self.args, self.violations = args, []
        self.runs, self.idle, self.chunk, self.missed = 0, 0, 1, []
        self.random = random.Random(args.seed)
        self.labels = {}        # person of this branch -> point
        self.plan = None

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

    def follow(self, customers, second=None):
        """Until every customer has ended; what died is started again."""
        points, ends = self.branch.points, {}
        until = time.time() + 240
        while customers and time.time() < until:
            self.branch.mend()
            if second and points.get(second[0])[2] == 1:
                points.arm(second[0],
                           points.get(second[0])[0] + second[1])
                second = None
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

    def run(self, label, people, second=None):
        self.log.write(f"-- {label}\n".encode())
        self.log.flush()
        customers = {self.branch.customer(p, self.log): p for p in people}
        t0 = time.time()
        ends = self.follow(customers, second)
        self.branch.points.arm("agent", 0)
        for p in people:
            end = ends.get(p["id"])
            if end == 6:
                self.found(label, ["I7: told more than the CA bears out"])
            if end not in (0, 4, 6):
                self.found(label, [f"the case did not end ({end}) "
                                   f"in {time.time() - t0:.0f} s"])
            self.found(label, check.check_person(
                self.branch.dir, p, finished=end == 0))
        self.runs += 1
        if self.args.verbose:
            print(f"# {label}: {time.time() - t0:.2f} s, "
                  f"{sorted(ends.values())}", flush=True)

    # ---- points ----

    def measure(self):
        """How many points a whole case has, by a run without a fault."""
        for label in ("warm", "clean"):
            self.branch.points.reset()
            if self.plan:
                self.plan.begin(0, None)
            self.run(label, [self.person(label)])
        if self.violations:
            raise RuntimeError("not even a run without a fault went well")
        self.runs = 0
        seen = {n: self.branch.points.get(n)[0] for n in SLOTS}
        print("# points in a whole case: " + (
            f"{self.plan.seen} exchanges" if self.plan else
            ", ".join(f"{n} {seen[n]}" for n in SLOTS)), flush=True)
        return self.plan.seen if self.plan else seen

    def choose(self, every):
        if self.args.point:
            return self.args.point
        if self.args.full:
            return every
        # a third of the sample is spread over all kinds of points
        n, kinds = QUICK[self.args.family], {}
        for p in every:
            kinds.setdefault(p.partition(":")[0], []).append(p)
        some = {p for k in kinds.values() for p in
                self.random.sample(k, max(1, n // 3 // len(kinds)))}
        rest = [p for p in every if p not in some]
        some |= set(self.random.sample(rest, n - len(some)))
        return [p for p in every if p in some]

    def kill_points(self, seen):
        every = [f"{n}:{i}" for n in SLOTS for i in range(1, seen[n] + 1)]
        if self.args.family == "kill":
            return self.choose(every)
        return self.choose([f"{p}+{self.random.randint(1, 60)}"
                            for p in every if p.startswith("agent")])

    def kill(self, point):
        name, _, at = point.partition(":")
        at, _, more = at.partition("+")
        self.branch.points.reset()
        self.branch.points.arm(name, int(at))
        self.run(point, [self.person(point)],
                 (name, int(more)) if more else None)
        self.idle += self.branch.points.get(name)[2] == 0

    def proxy(self, point):
        action, _, at = point.partition(":")
        self.plan.begin(int(at), action)
        self.run(point, [self.person(point)
                         for _ in range(2 if action == "swap" else 1)])
        self.idle += self.plan.fired == ""

    # ---- a family ----

    def start(self):
        urls, peer = "", self.args.family == "proxy"
        self.people = [invent(n) for n in range(2 * self.count + 4)]
        self.next = 0
        self.branch = Branch(os.path.join(self.args.dir, str(self.chunk)),
                             self.args.build, self.people)
        if peer:
            base = self.branch.endpoints["cmp"].rsplit("/", 1)[0]
            self.plan, port = proxy.serve(base, TIMEOUT_MS / 1000 + 0.5)
            urls = "".join(
                f'  {n}_url = "http://127.0.0.1:{port}/{n}"\n'
                for n in ("cmp", "ocsp", "registry"))
        with open(self.branch.path("dasi.conf"), "a",
                  encoding="utf-8") as f:
            f.write(CONF.format(timeout=TIMEOUT_MS, urls=urls))
        self.chunk += 1
        self.log = open(self.branch.path("log", "customer.log"), "ab")
        self.branch.start()

    def points(self):
        n = self.measure()
        if self.plan:
            return self.choose([f"{a}:{i}" for i in range(1, n + 1)
                                for a in proxy.ACTIONS])
        return self.kill_points(n)

    def judge(self):
        """The database of all runs, after a clean stop; and once more after
        another start, which must change nothing."""
        b = self.branch
        b.stop(*reversed(SERVERS[1:]))
        bad = check.check_db(b.dir, self.people, altered=self.plan)
        for who, lines in bad.items():
            self.found(self.labels.get(who, "the branch"), lines)
        before = check.rows(b.dir)
        b.start()
        time.sleep(0.5)
        b.stop(*reversed(SERVERS[1:]))
        if check.rows(b.dir) != before:
            self.found("the branch", ["I5: a second recovery wrote rows"])

    def chunks(self):
        """Branch after branch, until all points were met; a sandbox takes
        256 people."""
        points, one = None, self.proxy if self.args.family == "proxy" \
            else self.kill
        while points is None or points:
            self.count = CHUNK if points is None else min(CHUNK, len(points))
            self.start()
            try:
                if points is None:
                    points = self.points()
                for point in points[:CHUNK]:
                    one(point)
                self.judge()
                points = points[CHUNK:]
                self.missed = plant.missed(self.branch,
                                           self.people[:self.next])
            finally:
                self.branch.close()
                self.log.close()

    def main(self):
        self.chunks()
        return self.tell(self.missed)

    def tell(self, missed):
        name, bad = self.args.family, self.violations
        print(f"{'not ok' if bad else 'ok'} - {name}: I1-I8 hold")
        for what in missed:
            print(f"not ok - {name}: the checker sees {what}")
        if not missed:
            print(f"ok - {name}: the checker sees every planted bug")
        print(f"# {name}: {self.idle} points were not met, "
              f"seed {self.args.seed}")
        print(f"{name}: runs {self.runs}, violations {len(bad)}")
        return 1 if bad or missed else 0


def main():
    p = argparse.ArgumentParser()
    p.add_argument("family", choices=sorted(QUICK))
    p.add_argument("dir")
    p.add_argument("build")
    p.add_argument("--full", action="store_true")
    p.add_argument("--verbose", action="store_true")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--point", action="append")
    return Family(p.parse_args()).main()


if __name__ == "__main__":
    sys.exit(main())
