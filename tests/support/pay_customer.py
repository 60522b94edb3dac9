"""One customer who pays, at the agent's socket in place of a kiosk.

    pay_customer.py SOCKET PEOPLE ID STEP...

A step prints one line "STEP: what came of it".  Steps:
  fee         a new visit and case, up to where the fee is due
  back        a new visit, the case of before
  press       pay.begin
  shown=WORD[/WORD...][:SECONDS]   wait for a pay.changed of one of the states
  stop        pay.cancel
  cancel      case.cancel
  state       the case's state as it stands
  until=STATE[:SECONDS]            look at the case until it is there
Status 0, 1 when something waited for did not come, 5 when the agent went."""
import json
import socket
import sys
import time

LONG_S = 30


class Gone(Exception):
    """The agent has gone."""


class Customer:
    def __init__(self, path, person, case_no=None):
        self.person, self.case_no = person, case_no
        self.path, self.sock, self.serial = path, None, 0
        self.shown, self.case, self.error = [], {}, {}

    # ---- frames ----

    def connect(self, seconds=LONG_S):
        until = time.time() + seconds
        while True:
            self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            try:
                self.sock.connect(self.path)
                break
            except OSError:
                self.sock.close()
                if time.time() > until:
                    raise Gone("nobody serves") from None
                time.sleep(0.02)
        self.ask("hello", role="kiosk", terminal="K-01")

    def receive(self, seconds):
        """A frame, or None when none came in time."""
        self.sock.settimeout(max(seconds, 0.001))
        try:
            data = self.sock.recv(65536)
        except (TimeoutError, socket.timeout):
            return None
        except OSError as e:
            raise Gone(str(e)) from e
        if not data:
            raise Gone("closed")
        frame = json.loads(data)
        if frame.get("event") == "pay.changed":
            self.shown.append(frame["params"]["state"])
        if frame.get("event") == "case.changed":
            self.case = frame["params"]
        return frame

    def ask(self, method, **params):
        """The result, or None with the error object in self.error."""
        self.serial += 1
        try:
            self.sock.send(json.dumps({"id": self.serial, "method": method,
                                       "params": params}).encode())
        except OSError as e:
            raise Gone(str(e)) from e
        until = time.time() + LONG_S
        while time.time() < until:
            frame = self.receive(until - time.time())
            if frame is None or frame.get("id") != self.serial:
                continue
            self.error = frame.get("error", {})
            result = frame.get("result")
            if result and "case_no" in result and "hold" in result:
                self.case, self.case_no = result, result["case_no"]
            return result
        raise Gone(method + " is never answered")

    def drain(self):
        while self.receive(0.001):
            pass

    # ---- a visit ----

    def introduce(self):
        p = self.person
        steps = (
            ("visit.begin", dict(
                purpose="reissue", lang="ko",
                consents={"required": ["consent.a"], "optional": []})),
            ("identity.verify", dict(
                name=p["name"], number=p["resident_number"],
                id_kind="resident", id_number="",
                issue_date=p["documents"][0]["issue_date"])),
            ("factor.start", dict(kind="account")),
            ("factor.verify", dict(
                kind="account", answer=p["account"]["pin"],
                account=p["account"]["number"])))
        # the first that fails is the one to tell of
        return all(self.ask(method, **params) is not None
                   for method, params in steps)

    def until(self, there, seconds=LONG_S):
        """Hear what comes until `there` holds."""
        end = time.time() + seconds
        while not there():
            if time.time() > end:
                return False
            self.receive(min(0.2, end - time.time()))
        return True

    def wait_state(self, state, seconds=LONG_S):
        """The case is looked at, too: events may have gone elsewhere."""
        end = time.time() + seconds
        while self.case.get("state") != state:
            if time.time() > end:
                return False
            self.receive(0.2)
            self.ask("case.status", case_no=self.case_no)
        return True

    def to_fee(self):
        if not self.introduce() or self.ask("cert.list") is None:
            return False
        if self.ask("case.open", index=0) is None:
            return False
        if self.case["state"] == "OPEN":
            self.ask("case.report", kind="lost", when="a", place="b",
                     detail="c", medium="usb", misuse=False)
        if not self.until(lambda: self.case["hold"] == "confirmed"):
            return False
        if self.case["state"] == "HELD":
            self.ask("case.apply", phone="010-0001-0001", email="", p12=False)
        return self.case["state"] == "APPROVED"

    def back(self):
        return self.introduce() and \
            self.ask("case.status", case_no=self.case_no) is not None

    def press(self):
        self.shown.clear()
        return "ok" if self.ask("pay.begin") is not None else \
            " ".join(str(v) for v in self.error.values())

    def wait_shown(self, words, seconds=LONG_S):
        self.until(lambda: self.shown and self.shown[-1] in words, seconds)
        return self.shown[-1] if self.shown else ""


def named(people, who):
    with open(people, encoding="utf-8") as f:
        return next(p for p in json.load(f)["people"] if p["id"] == who)


def play(c, step):
    """What came of a step, and whether it was what it waited for."""
    word, _, what = step.partition("=")
    what, _, seconds = what.partition(":")
    seconds = float(seconds or LONG_S)
    if word == "fee":
        return (c.case_no, True) if c.to_fee() else (str(c.error), False)
    if word == "back":
        return ("ok", True) if c.back() else (str(c.error), False)
    if word == "press":
        return c.press(), True
    if word == "shown":
        got = c.wait_shown(what.split("/"), seconds)
        return got, got in what.split("/")
    if word in ("stop", "cancel"):
        r = c.ask("pay.cancel" if word == "stop" else "case.cancel")
        return ("ok" if r is not None else c.error["code"]), True
    if word == "until":
        return c.case.get("state"), c.wait_state(what, seconds)
    c.ask("case.status", case_no=c.case_no)
    return c.case.get("state", ""), True


def main():
    path, people, who, steps = *sys.argv[1:4], sys.argv[4:]
    memo = people + "." + who
    c = Customer(path, named(people, who))
    try:
        with open(memo, encoding="utf-8") as f:
            c.case_no = f.read()
    except OSError:
        pass
    try:
        c.connect()
        for step in steps:
            said, good = play(c, step)
            print(f"{step}: {said}", flush=True)
            if c.case_no:
                with open(memo, "w", encoding="utf-8") as f:
                    f.write(c.case_no)
            if not good:
                return 1
    except Gone as e:
        print("gone:", e)
        return 5
    return 0


if __name__ == "__main__":
    sys.exit(main())
