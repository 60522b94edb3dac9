"""A whole reissue onto a security token: dasi-token dies at a message or at a
call that changes the token, the token is pulled out there, or the agent dies.
The customer plugs it in and goes on until the end; what is then on the token
is looked at by pkcs11-tool and openssl, not by ours."""
import base64
import hashlib
import os
import re
import shutil
import subprocess
import time

import check
from calls import Kill

SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "80231957"
UNFINISHED = "dasi: unfinished"
OUT_S = 0.3         # a pulled token is plugged in again
CONF = ("directories.tokendir = {}\nobjectstore.backend = file\n"
        "log.level = ERROR\n")


def run(*args, **more):
    return subprocess.run(args, capture_output=True, check=False, **more)


def p11(*args, **more):
    return run("pkcs11-tool", "--module", SOFTHSM, "--token-label",
               "practice", "--login", "--pin", PIN, *args, **more).stdout


def objects():
    """[(kind, label, id)] of all there is; of R the label is the id."""
    out = []
    text = p11("--list-objects").decode(errors="replace")
    for block in re.split(r"\n(?=\S)", text):
        kind = re.match(r"(Private|Public|Certificate|Data)", block)
        label = re.search(r"^ +label: +'?(.*?)'?$", block, re.M)
        ident = re.search(r"^ +ID: +(\w+)$", block, re.M)
        if kind:
            label = label.group(1) if label else ""
            out.append((kind.group(1), label,
                        ident.group(1) if ident else label))
    return out


def certificate(ident):
    return p11("--read-object", "--type", "cert", "--id", ident)


def signs(ident, der):
    """A signature by the token verifies under the certificate."""
    public = run("openssl", "x509", "-inform", "DER", "-noout", "-pubkey",
                 input=der).stdout
    names = [f"/proc/self/fd/{os.memfd_create(n)}"
             for n in ("text", "signature", "public")]
    fds = [int(n.rpartition("/")[2]) for n in names]
    for fd, data in zip(fds, (b"a payment of 1 won", b"", public)):
        os.write(fd, data)
    p11("--sign", "--mechanism", "SHA256-RSA-PKCS", "--id", ident,
        "--input-file", names[0], "--output-file", names[1], pass_fds=fds)
    done = run("openssl", "dgst", "-sha256", "-verify", names[2],
               "-signature", names[1], names[0], pass_fds=fds)
    for fd in fds:
        os.close(fd)
    return done.returncode == 0


def is_of(number, r, der):
    """The VID in the certificate is that of the number and R."""
    n = number.encode()
    body = b"\x13" + bytes([len(n)]) + n + b"\x03\x15\x00" + r
    v = hashlib.sha256(hashlib.sha256(
        b"\x30" + bytes([len(body)]) + body).digest()).digest()
    return len(r) == 20 and bytes.fromhex(
        "300b0609608648016503040201a0220420") + v in der


def check_holds(ident, person, der):
    """I2: the certificate on the token is the holder's, whole."""
    bad = []
    if not signs(ident, der):
        bad.append("I2: valid, and the token's key is not its own")
    r = p11("--read-object", "--type", "data", "--label", ident)
    if not is_of(person["resident_number"], r, der):
        bad.append("I2: valid, and R is not its own")
    return bad


def check_token(folder, person, certs):
    """What is on the token, against the CA's records: every valid new one
    whole, and of others nothing."""
    bad, found = [], objects()
    at_ca = {base64.b64decode(c["der"]): c for c in certs}
    ids = {k: {i for kind, _, i in found if kind == k}
           for k in ("Private", "Public", "Certificate", "Data")}
    if UNFINISHED in [label for _, label, _ in found]:
        bad.append("a key is left unfinished on the token")
    own = ids["Private"] | ids["Public"] | ids["Data"]
    with open(os.path.join(folder, "sandbox", "ca", "ca.der"), "rb") as f:
        above = f.read()
    here = {certificate(i): i for i in ids["Certificate"]}
    whole = {i for der, i in here.items() if der != above}
    for i in own | whole:
        lacks = [k for k in ids if i not in ids[k]]
        if lacks:
            bad.append(f"half a certificate on the token, without "
                       f"{' '.join(lacks)}")
    for der, i in here.items():
        if der == above:
            continue
        if at_ca.get(der, {}).get("state") != "valid":
            bad.append("on the token is one the CA does not hold valid")
        else:
            bad += check_holds(i, person, der)
    for der, c in at_ca.items():
        if c["replaces"] and c["state"] == "valid" and der not in here:
            bad.append(f"I2: {c['serial']} is valid and not on the token")
    return bad


class Token(Kill):
    """token:9: dasi-token dies at its ninth call; pulled:9: the token is out
    then, for a while; agent:9: the agent dies"""
    quick = 12
    on_stick = False
    agents = 60     # of its points, drawn by the seed; `kill` has them all

    @classmethod
    def missing(cls):
        if not os.path.exists(SOFTHSM):
            return "SoftHSM is not installed"
        for tool in ("pkcs11-tool", "softhsm2-util"):
            if not shutil.which(tool):
                return f"no {tool}"
        return ""

    # ---- the token ----

    def says(self, words):
        """What token_shim.c plays from now on."""
        with open(self.branch.path("shim"), "w", encoding="ascii") as f:
            f.write(words)

    def fresh(self):
        """Another token, empty, and dasi-token at it."""
        b = self.branch
        b.stop("token")
        shutil.rmtree(b.path("tokens"), ignore_errors=True)
        shutil.copytree(b.path("blank"), b.path("tokens"))
        self.says("")
        self.plug_in_at = None
        b.points.reset()
        b.start("token")
        until = time.time() + 20    # hello, and its answer
        while b.points.get("token")[0] < 2 and time.time() < until:
            b.mend()
            time.sleep(0.005)
        b.points.reset()

    def pull(self):
        self.says("gone")
        self.plug_in_at = time.time() + OUT_S

    def turn(self):
        super().turn()
        if self.plug_in_at and time.time() > self.plug_in_at:
            self.plug_in_at = None
            self.says("")

    # ---- a run ----

    def start(self, count):
        os.environ["DASI_TOKEN"] = "1"
        os.environ["DASI_TOKEN_MODULE"] = os.path.abspath(
            os.path.join(self.args.build, "token-shim.so"))
        super().start(count)

    def prepare(self):
        b = self.branch
        shutil.copy(os.path.join(self.args.build, "dasi-token"),
                    b.path("real"))
        b.dress("dasi-token")
        os.environ["TOKEN_SHIM"] = b.path("shim")
        os.environ["SOFTHSM2_CONF"] = b.path("softhsm2.conf")
        with open(b.path("softhsm2.conf"), "w", encoding="utf-8") as f:
            f.write(CONF.format(b.path("tokens")))
        os.mkdir(b.path("tokens"))
        subprocess.run(
            ["softhsm2-util", "--init-token", "--free", "--label", "practice",
             "--so-pin", "11112222", "--pin", PIN], check=True,
            stdout=subprocess.DEVNULL)
        os.rename(b.path("tokens"), b.path("blank"))
        self.plug_in_at = None
        for p in self.people:
            p["token"], p["certificate_password"] = True, PIN
        return ""

    def check_person(self, person, finished):
        certs = check.certificates(self.branch.dir, person["id"])
        bad = check.check_ca(certs) + check_token(
            self.branch.dir, person, certs)
        return bad + check.check_finished(certs) if finished else bad

    def clean(self, label):
        self.fresh()
        super().clean(label)

    def every(self, seen):
        calls = self.branch.points.get("token")[0]
        print(f"# and token {calls}", flush=True)
        at = self.random.sample(range(1, seen["agent"] + 1), self.agents)
        return [f"{kind}:{i}" for kind in ("token", "pulled")
                for i in range(1, calls + 1)] + \
               [f"agent:{i}" for i in sorted(at)]

    def run(self, label, people):
        ends = super().run(label, people)
        if list(ends.values()) == [4]:
            self.found(label, ["the case was left for the counter"])
        return ends

    def one(self, point):
        kind, _, at = point.partition(":")
        self.fresh()
        if kind == "pulled":
            self.halt("token", int(at), self.pull)
        else:
            self.branch.points.arm(kind, int(at))
        self.run(point, [self.person(point)])
        self.idle += self.branch.points.get(
            "token" if kind == "pulled" else kind)[2] == 0

    def judge(self):
        self.branch.stop("token")
        super().judge()

    def put_down(self):
        self.branch.stop("token")

    # ---- planted ----

    def plants(self):
        """On what the last one left; and in the product."""
        b, person = self.branch, self.people[self.next - 1]
        certs = check.certificates(b.dir, person["id"])
        ident = [i for kind, _, i in objects() if kind == "Private"][0]
        out = []
        shutil.copytree(b.path("tokens"), b.path("kept"))
        for kind, how in (("cert", "--id"), ("privkey", "--id"),
                          ("data", "--label")):
            p11("--delete-object", "--type", kind, how, ident)
            if not check_token(b.dir, person, certs):
                out.append(f"no {kind} on the token")
            shutil.rmtree(b.path("tokens"))
            shutil.copytree(b.path("kept"), b.path("tokens"))
        return out + self.unproven()

    def unproven(self):
        """A dasi-token that writes no certificate, and says it is there."""
        b, known = self.branch, list(self.violations)
        shutil.copy(os.path.join(self.args.build, "token-plant"),
                    b.path("real", "dasi-token"))
        b.start()
        print("# planted: confirmed without a proof; it must be found:")
        self.clean("planted")
        b.stop("token")
        self.runs -= 1
        seen = self.violations[len(known):]
        self.violations[:] = known
        return [] if any("not on the token" in line for line in seen) else [
            "a certificate confirmed without a proof"]
