"""One customer with a security token, at the agent's socket in place of a kiosk.

    token_customer.py SOCKET PEOPLE ID STEP...

A step prints one line "STEP: what came of it".  Steps:
  list             the tokens there are, as JSON
  known            a visit of this person, no case
  paid             a new visit and case, up to where nothing is due
  issue=PIN        case.issue to the token, until it ends: state, or problem
  says=WORDS       what the token plays from now on (token_shim.c)
  again=PIN        case.deliver, until it ends
  check=PIN        token.check with the customer's number, as JSON
  pin=OLD:NEW      token.pin
  cancel           case.cancel
  until=STATE      look at the case until it is there
Status 0, 1 when something waited for did not come, 5 when the agent went."""
import array
import json
import os
import socket
import sys
import time

from pay_customer import LONG_S, Customer, Gone, named


class Holder(Customer):
    def ask_secret(self, method, secret, **params):
        """A request with a pipe that holds `secret`."""
        out, into = os.pipe()
        os.write(into, secret.encode())
        os.close(into)
        self.serial += 1
        serial = self.serial
        frame = json.dumps({"id": serial, "method": method, "params": params})
        fds = array.array("i", [out])
        self.sock.sendmsg([frame.encode()], [
            (socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
        os.close(out)
        until = time.time() + LONG_S
        while time.time() < until:
            frame = self.receive(until - time.time())
            if frame is None or frame.get("id") != serial:
                continue
            self.error = frame.get("error", {})
            result = frame.get("result")
            if result and "case_no" in result:
                self.case = result
            return result
        raise Gone(method + " is never answered")

    def ended(self, states, seconds=60):
        """Until one of the states, or a problem; what it came to."""
        def there():
            return self.case["state"] in states or self.case["problem"]
        self.until(there, seconds)
        return self.case["problem"] or self.case["state"]

    def issue(self, pin, states):
        self.ask("token.list")
        if self.ask_secret("case.issue", pin, to=["token"], token=0) is None:
            return self.error["code"]
        return self.ended(states)

    def again(self, pin):
        self.ask("token.list")
        self.case["problem"] = None
        if self.ask_secret("case.deliver", pin, token=0) is None:
            return self.error["code"]
        return self.ended(("DONE",))

    def paid(self):
        listed = self.ask("cert.list") if self.introduce() else None
        if listed is None:
            return False
        # the one a case is open for already, else the first
        at = next((c["index"] for c in listed["certificates"]
                   if c["case_no"]), 0)
        if self.ask("case.open", index=at) is None:
            return False
        if self.case["state"] == "OPEN":
            self.ask("case.report", kind="lost", when="a", place="b",
                     detail="c", medium="usb", misuse=False)
        if not self.until(lambda: self.case["hold"] == "confirmed"):
            return False
        if self.case["state"] == "HELD":
            self.ask("case.apply", phone="010-0001-0001", email="", p12=False)
        return self.until(lambda: self.case["state"] != "APPLIED")


def secret_step(c, word, what):
    if word == "issue":
        return c.issue(what, ("DONE",))
    if word == "again":
        return c.again(what)
    if word == "pin":
        r = c.ask_secret("token.pin", what.replace(":", "\n"), token=0)
    else:
        c.ask("token.list")
        r = c.ask_secret("token.check", what, token=0)
    return json.dumps(r) if r is not None else c.error["code"]


def play(c, step):
    word, _, what = step.partition("=")
    if word == "says":
        with open(os.environ["TOKEN_SHIM"], "w", encoding="ascii") as f:
            f.write(what)
        return "ok", True
    if word == "list":
        if not c.case:
            c.ask("visit.begin", purpose="check", lang="ko",
                  consents={"required": ["consent.a"], "optional": []})
        r = c.ask("token.list")
        return json.dumps(r["tokens"]) if r else c.error["code"], True
    if word == "paid":
        good = c.paid()
        return c.case.get("state", "?"), good
    if word == "known":
        return "ok", c.introduce()
    if word == "cancel":
        r = c.ask("case.cancel")
        return "ok" if r is not None else c.error["code"], True
    if word == "until":
        good = c.wait_state(what)
        return c.case.get("state"), good
    return secret_step(c, word, what), True


def main():
    path, people, who, steps = *sys.argv[1:4], sys.argv[4:]
    c = Holder(path, named(people, who))
    try:
        c.connect()
        for step in steps:
            said, good = play(c, step)
            print(f"{step}: {said}", flush=True)
            if not good:
                return 1
    except Gone as e:
        print("gone:", e)
        return 5
    return 0


if __name__ == "__main__":
    sys.exit(main())
