"""A practice branch whose programs can be killed at a point, and started
again at once, as systemd would."""
import json
import mmap
import os
import signal
import socket
import struct
import subprocess
import tempfile
import time
import urllib.request

SLOTS = ["agent", "net", "media", "key", "customer", "ship", "token",
         "heap"]
PROGRAMS = SLOTS[:5]                # of every branch
SLOT = struct.Struct("<IIIII20s")   # seen, at, fired, mode, looked, name:
DIES, HALTS = 0, 1                  # see point.c
SERVERS = ["sandbox", "agent", "net", "media"]
CUSTOMER_S = 75
WRAPPER = """#!/bin/sh
DASI_POINTS={points} LD_PRELOAD={shim} exec {before} {program} "$@"
"""
SHIM = "wire-point.so"


class Points:
    """The file every program of the branch counts its calls in."""

    def __init__(self, path):
        with open(path, "wb") as f:
            f.write(bytes(SLOT.size * len(SLOTS)))
        with open(path, "r+b") as f:
            self.map = mmap.mmap(f.fileno(), 0)

    def get(self, name):
        seen, at, fired, _, _, call = SLOT.unpack_from(
            self.map, SLOTS.index(name) * SLOT.size)
        return seen, at, fired, call.rstrip(b"\0").decode()

    def looked(self, name):
        """The last call that looked past the cache."""
        return SLOT.unpack_from(self.map, SLOTS.index(name) * SLOT.size)[4]

    def reset(self):
        self.map[:] = bytes(len(self.map))

    def arm(self, name, at, mode=DIES):
        base = SLOTS.index(name) * SLOT.size
        struct.pack_into("<I", self.map, base + 12, mode)
        struct.pack_into("<I", self.map, base + 4, at)


class Branch:
    def __init__(self, folder, build, people, extra=""):
        self.dir, self.build = (os.path.abspath(p) for p in (folder, build))
        self.running, folder = {}, self.dir
        for d in ("log", "media/STICK", "state", "sandbox", "bin", "real"):
            os.makedirs(os.path.join(folder, d), exist_ok=True)
        os.chmod(os.path.join(folder, "state"), 0o700)
        self.points = Points(self.path("points"))
        with open(self.path("people.json"), "w", encoding="utf-8") as f:
            json.dump({"people": people}, f, ensure_ascii=False)
        with open(self.path("device.key"), "wb") as f:
            f.write(os.urandom(32))
        os.chmod(self.path("device.key"), 0o600)
        self.wrap()
        self.start_sandbox()
        self.configure(extra)

    def path(self, *names):
        return os.path.join(self.dir, *names)

    def wrap(self):
        """Copies, so that a build going on changes nothing, and shims."""
        for name in ("dasi", "dasi-sandbox", "dasi-agent", "dasi-net",
                     "dasi-media", "dasi-key", "dasi-ship", "wire-customer",
                     SHIM):
            subprocess.run(["cp", os.path.join(self.build, name),
                            self.path("real", name)], check=True)
            if name != SHIM:
                self.dress(name)

    def dress(self, name, before="", preload="", wrapper=None):
        """How a program is run: behind the shim, what else is preloaded,
        and under the command `before`."""
        wrapper = self.path("bin", wrapper or name)
        with open(wrapper + ".new", "w", encoding="utf-8") as f:
            f.write(WRAPPER.format(
                points=self.path("points"), program=self.path("real", name),
                before=before,
                shim=self.path("real", SHIM) + ":" * bool(preload) + preload))
        os.chmod(wrapper + ".new", 0o755)
        os.rename(wrapper + ".new", wrapper)

    def configure(self, extra):
        self.sockets = tempfile.mkdtemp(prefix="dasi-wire.")
        self.socket = os.path.join(self.sockets, "agent.sock")
        with open(self.path("socket.path"), "w", encoding="utf-8") as f:
            f.write(self.socket)
        subprocess.run(
            ["bash", "-c", ". kiosk-config/practice/branch.sh;"
             ' branch_conf "$1"', "conf", self.dir],
            env=dict(os.environ, BIN=self.path("bin")), check=True)
        with open(self.path("dasi.conf"), "a", encoding="utf-8") as f:
            f.write(extra)

    def start_sandbox(self):
        self.spawn("sandbox", "--dir", self.path("sandbox"),
                   "--people", self.path("people.json"))
        out, until = self.path("log", "sandbox.out"), time.time() + 300
        while not os.path.getsize(out):
            if time.time() > until:
                raise RuntimeError("the sandbox does not start")
            time.sleep(0.02)
        with open(out, encoding="utf-8") as f:
            self.endpoints = json.loads(f.readline())

    def spawn(self, name, *args, program=None):
        with open(self.path("log", name + ".out"), "ab") as out, \
                open(self.path("log", name + ".log"), "ab") as log:
            self.running[name] = subprocess.Popen(
                [self.path("bin", program or "dasi-" + name), *args],
                stdout=out,
                stderr=log, stdin=subprocess.DEVNULL)

    def start(self, *names, program=None):
        for name in names or SERVERS[1:]:
            self.spawn(name, "--config", self.path("dasi.conf"),
                       program=program)

    def wait_served(self):
        until = time.time() + 20
        while time.time() < until:
            self.mend()
            with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as s:
                try:
                    return s.connect(self.socket)
                except OSError:
                    time.sleep(0.01)
        raise RuntimeError("the agent does not serve")

    def mend(self):
        """Start again what has died; how many that were."""
        dead = [n for n, p in self.running.items() if p.poll() is not None]
        for name in dead:
            if name == "sandbox":
                raise RuntimeError("the sandbox died")
            self.start(name)
        return len(dead)

    def customer(self, person, log, seconds=CUSTOMER_S):
        p = subprocess.Popen(
            [self.path("bin", "wire-customer"), self.socket,
             self.path("sandbox"), self.path("memo." + person["id"]),
             str(seconds)],
            stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT)
        p.stdin.write(json.dumps(person).encode())
        p.stdin.close()
        return p

    def was_told(self, person):
        """Whether this customer has a receipt number."""
        return os.path.exists(self.path("memo." + person["id"]))

    def control(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.endpoints["control"] + path, data=data,
            headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as r:
            return json.load(r)

    def stop(self, *names):
        for name in names or reversed(SERVERS):
            p = self.running.pop(name, None)
            if p is None:
                continue
            p.terminate()
            p.send_signal(signal.SIGCONT)
            try:
                p.wait(15)
            except subprocess.TimeoutExpired:
                p.kill()
                p.wait()

    def close(self):
        self.stop()
        subprocess.run(["rm", "-rf", self.sockets], check=False)


def invent(n):
    """Nobody: the n-th person with a number of the invented region 97."""
    day = n // 900
    digits = f"90{1 + day % 12:02d}01197{100 + n % 900:03d}"
    total = sum(int(d) * w for d, w in
                zip(digits, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)))
    number = digits + str((11 - total % 11) % 10)
    syllables = "가나다라마바사아자차카타파하"
    return {
        "id": f"w{n}", "story": "written by a test",
        "name": "다" + syllables[n // 14 % 14] + syllables[n % 14],
        "name_latin": "", "resident_number": number,
        "documents": [{"kind": "resident", "issue_date": "2019-03-05"}],
        "phone": "", "phone_changed_days": 900, "email": "",
        "question": None,
        "account": {"number": "110" + number[4:13], "pin": "4826"},
        "certificates": [{"issuer": "yessign", "bank": "HANBIT",
                          "policy": "1.2.410.200005.1.1.4",
                          "days_left": 100, "status": "valid"}],
        "certificate_password": f"Dasi!{n}again",
    }
