"""Faults between the programs of a branch: killed, killed twice, cut off."""
import proxy
from branch import PROGRAMS
from family import Family


class Kill(Family):
    """A program dies at its Nth call to the outside: agent:57"""
    quick = 36
    then = None     # the agent dies again so many calls later

    def every(self, seen):
        return [f"{n}:{i}" for n in PROGRAMS for i in range(1, seen[n] + 1)]

    def one(self, point):
        name, _, at = point.partition(":")
        at, _, more = at.partition("+")
        self.branch.points.reset()
        self.branch.points.arm(name, int(at))
        self.then = int(more) if more else None
        self.run(point, [self.person(point)])
        self.idle += self.branch.points.get(name)[2] == 0

    def turn(self):
        points = self.branch.points
        if self.then and points.get("agent")[2] == 1:
            points.arm("agent", points.get("agent")[0] + self.then)
            self.then = None


class Again(Kill):
    """The agent, and once more while it recovers: agent:57+12"""
    quick = 14

    def every(self, seen):
        return [f"agent:{i}+{self.random.randint(1, 60)}"
                for i in range(1, seen["agent"] + 1)]


class Proxy(Family):
    """One exchange with a peer goes wrong: cut_after:6"""
    people_each = 2
    altered = True

    def prepare(self):
        base = self.branch.endpoints["cmp"].rsplit("/", 1)[0]
        self.plan, port = proxy.serve(base, self.timeout_ms / 1000 + 0.5)
        return "".join(f'  {n}_url = "http://127.0.0.1:{port}/{n}"\n'
                       for n in ("cmp", "ocsp", "registry"))

    def clean(self, label):
        self.plan.begin(0, None)
        super().clean(label)

    def every(self, seen):
        return [f"{a}:{i}" for i in range(1, self.plan.seen + 1)
                for a in proxy.ACTIONS]

    def one(self, point):
        action, _, at = point.partition(":")
        self.plan.begin(int(at), action)
        self.run(point, [self.person(point)
                         for _ in range(2 if action == "swap" else 1)])
        self.idle += self.plan.fired == ""
