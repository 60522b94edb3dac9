"""The way of the audit log to head office, on a real PostgreSQL: the shipper,
the agent or the server dies at a call of a shipment.  What head office has is
the branch's log from its beginning, each row once, the same bytes (I6)."""
import os
import shutil
import signal
import subprocess
import tempfile
import time

import check
from branch import DIES, HALTS
from family import Family, stopped

CLUSTER = "tests/unit/ship/cluster.sh"
ADD = ("SELECT dasi.branch_add('{branch}', 'audit.dasi/HANBIT/0417', '{key}',"
       " 'branch_0417')")
BRANCH = "HANBIT-0417"
ROWS = ("SELECT seq, encode(\"row\", 'hex'), encode(hash, 'hex')"
        " FROM dasi.audit_row ORDER BY seq")
TRIES = 6


def cluster(words, *args):
    done = subprocess.run(
        ["bash", "-c", f'. {CLUSTER}; {words}', "cluster", *args],
        capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{words}: {done.stderr}")
    return done.stdout.strip()


class Ship(Family):
    """ship:9: the shipper dies at its ninth call; agent:9: the agent, while
    it is asked; server:9: PostgreSQL, at the shipper's ninth call"""
    quick = 12

    @classmethod
    def missing(cls):
        return cluster("cluster_why")

    def prepare(self):
        b = self.branch
        self.db = tempfile.mkdtemp(prefix="dasi-wire-db.")
        os.chmod(self.db, 0o755)
        cluster('cluster_start "$1" && cluster_login "$1" branch_0417',
                self.db)
        key, witness = b.path("witness.key"), os.path.join(
            self.args.build, "dasi-witness")
        with open(key, "wb") as f:
            f.write(os.urandom(32))
        public = subprocess.run(
            [witness, "--name", "headoffice.dasi", "--key", key, "--public"],
            check=True, capture_output=True, text=True).stdout.strip()
        with open(b.path("dasi.conf"), "a", encoding="utf-8") as f:
            info = cluster('cluster_info "$1" branch_0417', self.db)
            f.write(f'ship {{ conninfo = "{info}"\n'
                    f'  cosign_key = "{public}" }}\n')
        self.known = False      # to head office
        self.had = []           # what head office had at the last look
        return ""

    def introduce(self):
        """The branch's key is known once it has signed something."""
        self.branch.stop("agent")
        out = subprocess.run(
            [self.branch.path("real", "dasi"), "audit", "checkpoint",
             self.branch.path("state", "dasi.db"), "--json"],
            check=True, capture_output=True, text=True).stdout
        key = out.partition('"verifier_key":')[2].split('"')[1]
        self.sql(ADD.format(branch=BRANCH, key=key))
        self.branch.start("agent")
        self.branch.wait_served()
        self.known = True

    def sql(self, text):
        return cluster('cluster_sql "$1" "$2"', self.db, text)

    def ship(self, when_halted=None):
        """One shipment; its status, -9 when it was killed."""
        p = subprocess.Popen(
            [self.branch.path("bin", "dasi-ship"), "--config",
             self.branch.path("dasi.conf"), "--once"],
            stdout=subprocess.DEVNULL, stderr=self.log)
        until = time.time() + 30
        while p.poll() is None and time.time() < until:
            self.branch.mend()
            if when_halted and self.branch.points.get("ship")[2] and \
                    stopped(p.pid):
                when_halted()
                when_halted = None
                p.send_signal(signal.SIGCONT)
            time.sleep(0.002)
        if p.poll() is None:
            p.kill()
            return "does not end"
        return p.returncode

    def clean(self, label):
        super().clean(label)
        if not self.known:
            self.introduce()
        self.branch.points.reset()
        if self.ship() != 0:
            raise RuntimeError("not even a shipment without a fault")
        self.calls = {n: self.branch.points.get(n)[0]
                      for n in ("ship", "agent")}

    def every(self, seen):
        return [f"{n}:{i}" for n in ("ship", "agent", "server")
                for i in range(1, self.calls.get(n, self.calls["ship"]) + 1)]

    def kill_server(self):
        """With its children gone too: until then it cannot start again."""
        with open(os.path.join(self.db, "pg/data/postmaster.pid"),
                  encoding="utf-8") as f:
            pid = int(f.readline())
        os.kill(pid, signal.SIGSTOP)    # none are born meanwhile
        with open(f"/proc/{pid}/task/{pid}/children", encoding="utf-8") as f:
            all_of_it = [pid, *map(int, f.read().split())]
        os.kill(pid, signal.SIGKILL)
        until = time.time() + 30
        while any(os.path.exists(f"/proc/{p}") for p in all_of_it):
            if time.time() > until:
                raise RuntimeError("a killed PostgreSQL does not go")
            time.sleep(0.005)

    def one(self, point):
        name, _, at = point.partition(":")
        self.run(point, [self.person(point)])
        if not self.known:      # the branch after the first
            self.introduce()
        points = self.branch.points
        points.reset()
        if name == "server":
            points.arm("ship", int(at), HALTS)
            self.ship(self.kill_server)
            cluster('cluster_up "$1"', self.db)
        else:
            points.arm(name, int(at), DIES)
            self.ship()
        self.idle += points.get("ship" if name == "server" else name)[2] == 0
        points.reset()
        self.look(point)
        ends = []
        while 0 not in ends and len(ends) < TRIES:
            ends.append(self.ship())
            time.sleep(0.05 if ends[-1] == 0 else 0.3)
        if 0 not in ends:
            self.found(point, [f"I6: it cannot be shipped any more {ends}"])
        self.look(point)

    def rows(self):
        return [tuple(line.split("|")) for line in self.sql(ROWS).split()]

    def look(self, point):
        """Nothing that head office had has changed or gone."""
        rows = self.rows()
        if rows[:len(self.had)] != self.had:
            self.found(point, ["I6: what head office had is changed"])
        if [int(r[0]) for r in rows] != list(range(len(rows))):
            self.found(point, ["I6: a gap or a row twice at head office"])
        self.had = rows

    def compare(self, rows):
        """Head office's rows against the branch's, byte for byte."""
        db = check.open_db(self.branch.dir)
        mine = [(str(r[0]), r[1].hex(), r[2].hex()) for r in db.execute(
            "SELECT seq, row, hash FROM audit_row ORDER BY seq")]
        if not rows or mine[:len(rows)] != rows:
            return ["I6: head office has other rows than the branch"]
        return []

    def finish(self):
        if self.sql("SELECT count(*) FROM dasi.finding") != "0":
            self.found("head office", ["I6: a finding against the branch"])
        self.found("head office", self.compare(self.rows()))

    def plants(self):
        rows, missed = self.rows(), []
        for what, bad in (
                ("a row that head office misses", rows[:3] + rows[4:]),
                ("a row that came twice", rows[:3] + rows[2:]),
                ("a row with other bytes",
                 rows[:3] + [(rows[3][0], "00" + rows[3][1][2:],
                              rows[3][2])] + rows[4:])):
            if not self.compare(bad):
                missed.append(what)
        return missed

    def put_down(self):
        cluster('cluster_stop "$1"', self.db)
        shutil.rmtree(self.db, ignore_errors=True)
