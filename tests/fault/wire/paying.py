"""Faults around a fee: each customer pays by card, half of them then give up
and get it back.  What was charged is read from the terminal's own record."""
import os
import random
import sqlite3
import sys
import threading
import time

import paying_plants
import terminal_proxy
from branch import Branch, invent

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../support"))
from pay_customer import Customer, Gone     # noqa: E402

FEE = 4400
CASE_S = 150
CHUNK = 100
OVER = {"approved", "declined", "cancelled", "failed", "reversed"}
VOID = {6, 7, 8, 9, 10, 12, 16}     # src/case/pay.h
SETTLED = {5, 13}
CONF = """pay {{ url = "https://127.0.0.1:{port}/nexo"
  ca = "{ca}"
  timeout_s = 5
}}
peers {{ timeout_ms = 1500 }}
"""


class Patient(Customer):
    """Comes back until the fee is paid, or given back when they give up."""

    def __init__(self, money, person, gives_up):
        super().__init__(money.branch.socket, person)
        self.money, self.gives_up = money, gives_up
        self.done, self.told = False, []
        self.at_fee = threading.Event()
        self.go = threading.Event()

    def say(self, line):
        self.told.append(line)

    def check_shown(self):
        """I7: what was shown is so at the terminal."""
        charged = self.money.charged(self.case_no)
        if self.shown and self.shown[-1] == "approved" and charged != FEE:
            self.say(f"I7: approved was shown, charged {charged}")

    def settled(self):
        state = self.case.get("state")
        return state == "PAID" or state == "CANCELLED"

    def visit(self):
        self.connect(20)
        if not (self.back() if self.case_no else self.to_fee()):
            return
        self.at_fee.set()
        self.go.wait(CASE_S)
        while self.case["state"] == "APPROVED":
            if self.press() != "ok":    # not fit, or another one is paying
                time.sleep(0.3)
            else:
                self.wait_shown(OVER, 8)
                self.check_shown()
            self.ask("case.status", case_no=self.case_no)
        if self.gives_up and self.case["state"] == "PAID":
            self.ask("case.cancel")
        self.done = self.settled()

    def run(self, until):
        while not self.done and time.time() < until:
            try:
                self.visit()
            except Gone:
                time.sleep(0.05)
            finally:
                if self.sock is not None:
                    self.sock.close()


class Money:
    """What the families of payments have in common."""
    quick = 24
    name = ""
    patience_s = 90     # a reversal goes on by itself

    def __init__(self, args):
        self.args, self.violations = args, []
        self.random = random.Random(args.seed)
        self.runs, self.chunk, self.idle = 0, 1, 0

    @classmethod
    def missing(cls):
        return ""

    # ---- the terminal's record ----

    def record(self):
        return self.branch.control("/payments")

    def charged(self, case_no):
        return self.record()["charged"].get(case_no, 0)

    def found(self, label, lines):
        for line in lines:
            self.violations.append(f"{label}: {line}")
            print(f"# {self.name} {label}: {line}", flush=True)

    def check_case(self, label, c):
        """Never more than one charge, and in the end what is right."""
        if not c.case_no:
            return self.found(label, ["the fee was never reached"])
        net, most = 0, 0
        for p in self.record()["payments"]:
            if p["order"] != c.case_no or p.get("result") != "Success":
                continue
            net += 1 if p["kind"] == "payment" else -1
            most = max(most, net)
        if most > 1:
            self.found(label, ["I1: charged twice"])
        if not c.done:
            self.found(label, ["the fee was never settled"])
        self.found(label, c.told)
        want = 0 if c.case.get("state") == "CANCELLED" else FEE
        until = time.time() + self.patience_s
        while self.charged(c.case_no) != want and time.time() < until:
            self.branch.mend()
            time.sleep(0.05)
        if self.charged(c.case_no) != want:
            self.found(label, [f"I1: {self.charged(c.case_no)} won charged "
                               f"for a case that is {c.case.get('state')}"])
        return None

    # ---- one customer ----

    def follow(self, thread):
        while thread.is_alive():
            self.branch.mend()
            thread.join(0.005)

    def run(self, label, strike=lambda: None, gives_up=False):
        person = self.people[self.next]
        self.next += 1
        c = Patient(self, person, gives_up or self.runs % 2 == 1)
        self.last = c
        t0 = time.time()
        thread = threading.Thread(target=c.run, args=(t0 + CASE_S,),
                                  daemon=True)
        thread.start()
        while thread.is_alive() and not c.at_fee.wait(0.005):
            self.branch.mend()
        strike()
        c.go.set()
        self.follow(thread)
        self.calm()
        self.check_case(label, c)
        self.runs += 1
        if self.args.verbose:
            print(f"# {label}: {time.time() - t0:.2f} s, "
                  f"{c.case.get('state')}, {' '.join(c.shown)}", flush=True)

    # ---- a branch ----

    def start(self, count):
        self.people, self.next = [invent(n) for n in range(count + 6)], 0
        folder = os.path.join(self.args.dir, str(self.chunk))
        self.chunk += 1
        os.makedirs(folder, exist_ok=True)
        fees = os.path.abspath(os.path.join(folder, "fees.conf"))
        with open(fees, "w", encoding="utf-8") as f:
            f.write(f"fee {{ issuer = yessign  won = {FEE} }}\n")
        os.environ["DASI_FEES"] = fees
        self.branch = Branch(folder, self.args.build, self.people)
        ends = self.branch.endpoints
        self.plan, port, ca = terminal_proxy.serve(
            self.branch.dir, ends["pay"], ends["pay_ca"], 5.5)
        with open(self.branch.path("dasi.conf"), "a", encoding="utf-8") as f:
            f.write(CONF.format(port=port, ca=ca))
        self.branch.control("/cardholder", {"card_ms": 40, "host_ms": 40})
        self.branch.start()

    def rows(self):
        """All payments of the branch, which is stopped for that."""
        b = self.branch
        b.stop("media", "net", "agent")
        db = sqlite3.connect(
            f"file:{b.path('state', 'dasi.db')}?immutable=1", uri=True)
        rows = db.execute(
            "SELECT p.service_id, p.state, c.case_no FROM pay AS p"
            " JOIN cases AS c ON c.id = p.case_id").fetchall()
        db.close()
        return rows

    def judge(self):
        """Every row of the branch against the terminal's record; what is
        still on its way gets the time of a few restarts."""
        for _ in range(6):
            rows = self.rows()
            if all(r[1] in VOID | SETTLED for r in rows):
                break
            self.branch.start()
            time.sleep(10)
        self.check_rows(rows)

    def check_rows(self, rows):
        sales = {p["service_id"]: p for p in self.record()["payments"]}
        for service_id, state, case_no in rows:
            sale = sales.get(service_id, {})
            stands = sale.get("result") == "Success" and \
                not sale.get("reversed_by")
            if state in VOID and stands or state in SETTLED and not stands:
                self.found(case_no, [
                    f"I1: {service_id} is {state} here, at the terminal "
                    f"{sale.get('result')} {sale.get('reversed_by', '')}"])
            if state not in VOID | SETTLED:
                self.found(case_no, [f"{service_id} is left in {state}"])
        known = {r[0] for r in rows}
        self.found("the terminal", [f"I5: {s} was never written down"
                                    for s, p in sales.items() if s not in known
                                    and p["kind"] == "payment"])

    def choose(self, every):
        if self.args.point:
            return self.args.point
        n = len(every) if self.args.full else self.quick
        some = set(self.random.sample(every, min(n, len(every))))
        return [p for p in every if p in some]

    def main(self):
        points, missed = None, []
        while points is None or points:
            self.start(CHUNK if points is None else min(CHUNK, len(points)))
            try:
                if points is None:
                    points = self.choose(self.measure())
                for point in points[:CHUNK]:
                    self.one(point)
                self.judge()
                points = points[CHUNK:]
                missed = paying_plants.missed(self, self.last)
            finally:
                self.branch.close()
        good = not self.violations
        print(f"{'ok' if good else 'not ok'} - {self.name}: charged once, "
              "or given back")
        for what in missed:
            print(f"not ok - {self.name}: the judge sees {what}")
        if not missed:
            print(f"ok - {self.name}: the judge sees every planted bug")
        print(f"# {self.name}: {self.idle} points were not met, "
              f"seed {self.args.seed}")
        print(f"{self.name}: runs {self.runs}, "
              f"violations {len(self.violations)}")
        return 0 if good and not missed else 1


class PayProxy(Money):
    """One message about money goes wrong: cut_after:2, or lost+delay:3 when
    the first answer is lost as well, so that there is more to go wrong."""
    name = "pay"
    quick = 30

    def calm(self):
        self.plan.begin(0, None)
        self.branch.control("/reset_faults", {})

    def lose_first(self):
        self.branch.control("/fault", {"at": "payment",
                                       "action": "drop_after", "count": 1})

    def measure(self):
        counts = []
        for strike in (lambda: None, lambda: None, self.lose_first,
                       self.lose_first):
            seen = []
            self.plan.begin(0, None)
            self.run("clean", strike)
            counts.append(self.last_seen)
        plain, lost = max(counts[:2]), max(counts[2:])
        self.runs = 0
        print(f"# messages about money: {plain}, and {lost} when the first "
              "answer is lost", flush=True)
        return [f"{a}:{i}" for i in range(1, plain + 1)
                for a in terminal_proxy.ACTIONS] + \
               [f"lost+{a}:{i}" for i in range(2, lost + 1)
                for a in terminal_proxy.ACTIONS]

    def check_case(self, label, c):
        super().check_case(label, c)
        self.last_seen = self.plan_seen

    def follow(self, thread):
        super().follow(thread)
        time.sleep(0.3)     # a reversal goes on without its customer
        self.plan_seen = self.plan.seen
        self.idle += self.plan.action is not None and not self.plan.fired

    def one(self, point):
        what, _, at = point.partition(":")
        before, _, action = what.rpartition("+")

        def strike():
            self.plan.begin(int(at), action)
            if before == "lost":
                self.lose_first()
        # the last message is the reversal
        self.run(point, strike, int(at) == (4 if before else 2))


class PayKill(Money):
    """A program dies at its Nth call once the fee is due: agent:57"""
    name = "paykill"
    quick = 30

    def calm(self):
        self.branch.points.reset()

    def follow(self, thread):
        super().follow(thread)
        time.sleep(0.3)
        self.calls = {n: self.branch.points.get(n)[0]
                      for n in ("agent", "net")}
        self.idle += self.armed and not any(
            self.branch.points.get(n)[2] for n in ("agent", "net"))

    def measure(self):
        most, self.armed = {"agent": 0, "net": 0}, False
        for _ in range(4):
            self.run("clean", self.branch.points.reset)
            most = {n: max(most[n], self.calls[n]) for n in most}
        self.runs = 0
        print(f"# calls from the fee on: {most}", flush=True)
        return [f"{n}:{i}" for n in most for i in range(1, most[n] + 1)]

    def one(self, point):
        name, _, at = point.partition(":")
        self.armed = True

        def strike():
            self.branch.points.reset()
            self.branch.points.arm(name, int(at))
        self.run(point, strike)
