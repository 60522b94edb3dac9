"""The checker of the wire families: what the CA's records, the stick and the
branch's database say together, against I1, I2, I3, I5 and I8 of the plan.

    check.py DIR        DIR is a practice branch whose agent has stopped

Prints one line per violation; status 1 when there is one."""
import base64
import glob
import hashlib
import json
import os
import sqlite3
import subprocess
import sys

STATES = ("OPEN REPORTED HELD APPLIED REVIEW RETURNED APPROVED PAID PREPARED "
          "ISSUED WITHDRAWING DELIVERED CONFIRMED RELEASING DONE CANCELLED "
          "REJECTED EXPIRED FOUND").split()

# Written down from the plan, not from the table of the program.
ARROWS = {
    "opened": {None: "OPEN"},
    "report_loss": {"OPEN": "REPORTED"},
    "hold_confirmed": {"REPORTED": "HELD"},
    "hold_lost": {"REPORTED": "REPORTED"},
    "hold_refused": {"REPORTED": "REPORTED"},
    "submit": {"HELD": "APPLIED"},
    "clear": {"APPLIED": "APPROVED"},
    "exception": {"APPLIED": "REVIEW"},
    "fee_waived": {"APPROVED": "PAID"},
    "begin": {"PAID": "PAID"},
    "key_ready": {"PAID": "PREPARED"},
    "key_failed": {"PAID": "PAID"},
    "key_refused": {"PAID": "PAID"},
    "issue_lost": {"PREPARED": "PREPARED"},
    "issue_refused": {"PREPARED": "PAID"},
    "cert_good": {"PREPARED": "ISSUED"},
    "cert_bad": {"PREPARED": "WITHDRAWING"},
    "deliver": {"ISSUED": "ISSUED"},
    "delivery_failed": {"ISSUED": "ISSUED"},
    "delivery_proven": {"ISSUED": "DELIVERED"},
    "delivery_given_up": {"ISSUED": "WITHDRAWING"},
    "withdrawn": {"WITHDRAWING": "PAID"},
    "withdraw_lost": {"WITHDRAWING": "WITHDRAWING"},
    "lapsed": {"PREPARED": "PAID", "ISSUED": "PAID", "WITHDRAWING": "PAID",
               "DELIVERED": "PAID"},
    "confirmed": {"DELIVERED": "CONFIRMED"},
    "confirm_lost": {"DELIVERED": "DELIVERED"},
    "old_revoked": {"CONFIRMED": "DONE"},
    "revoke_lost": {"CONFIRMED": "CONFIRMED"},
    "revoke_refused": {"CONFIRMED": "CONFIRMED"},
}


def records(folder, name):
    out = []
    for path in glob.glob(os.path.join(folder, "sandbox", name, "*.json")):
        with open(path, encoding="utf-8") as f:
            out.append(json.load(f))
    return out


def certificates(folder, person=None):
    return [c for c in records(folder, "certificates")
            if person in (None, c["person"])]


# ---- the CA's own records ----

def check_ca(certs):
    """I2 and I3 over one person's certificates, change by change."""
    bad, now = [], {}
    changes = sorted(((h["order"], c, h) for c in certs
                      for h in c["history"]), key=lambda x: x[0])
    for _, cert, h in changes:
        serial, state = cert["serial"], h["state"]
        if now.get(serial) in ("suspended", "revoked") and state == "valid":
            bad.append(f"I3: {serial} was {now[serial]} and became valid")
        now[serial] = state
        use = (cert["issuer"], cert["policy"])
        valid = [c["serial"] for c in certs
                 if (c["issuer"], c["policy"]) == use
                 and now.get(c["serial"]) == "valid"]
        if len(valid) > 1:
            bad.append("I2: valid at once: " + " ".join(sorted(valid)))
    return bad


# ---- the stick ----

def leaf_of(folder, cert):
    want = base64.b64decode(cert["der"])
    for place in ("media", "drawer"):
        for path in glob.glob(os.path.join(folder, place, "*", "NPKI", "*",
                                           "USER", "*", "signCert.der")):
            with open(path, "rb") as f:
                if f.read() == want:
                    return os.path.dirname(path)
    return None


def opens(folder, leaf, password, number):
    ends = []
    for text in (password, number):
        r, w = os.pipe()
        os.write(w, text.encode())
        os.close(w)
        ends.append(r)
    ca = os.path.join(folder, "sandbox", "ca")
    done = subprocess.run(
        [os.path.join(folder, "bin", "dasi"), "cert", "verify", leaf,
         "--ca", ca + "/ca.der", "--root", ca + "/root.der",
         "--password-fd", str(ends[0]), "--idn-fd", str(ends[1])],
        pass_fds=ends, capture_output=True, check=False)
    for r in ends:
        os.close(r)
    return done.returncode == 0


def check_stick(folder, person, certs):
    """I2: none is valid that the customer does not hold."""
    bad = []
    for c in certs:
        if not c["replaces"] or c["state"] != "valid":
            continue
        leaf = leaf_of(folder, c)
        if leaf is None:
            bad.append(f"I2: {c['serial']} is valid and on no stick")
        elif not opens(folder, leaf, person["certificate_password"],
                       person["resident_number"]):
            bad.append(f"I2: {c['serial']} is valid, its pair is no good")
    return bad


def check_finished(certs):
    """A case that is done: the old one revoked, exactly one new valid."""
    old = [c for c in certs if not c["replaces"]]
    new = [c for c in certs if c["replaces"] and c["state"] == "valid"]
    bad = []
    if [c["state"] for c in old] != ["revoked"]:
        bad.append("I2: done, and the old one is " + old[0]["state"])
    if len(new) != 1:
        bad.append(f"I2: done, and {len(new)} new ones are valid")
    return bad


def check_person(folder, person, finished=True):
    certs = certificates(folder, person["id"])
    bad = check_ca(certs) + check_stick(folder, person, certs)
    return bad + check_finished(certs) if finished else bad


# ---- the branch's database ----

def open_db(folder):
    path = os.path.abspath(os.path.join(folder, "state", "dasi.db"))
    db = sqlite3.connect(f"file:{path}?immutable=1", uri=True)
    db.row_factory = sqlite3.Row
    return db


def rows(folder):
    """How many rows the journal has, over all cases."""
    return open_db(folder).execute(
        "SELECT count(*) FROM journal").fetchone()[0]


def check_arrows(rows):
    """Every version has its event, each event its arrow."""
    bad, state, version = [], None, 0
    for r in rows:
        if r["version"] not in (version, version + 1):
            bad.append(f"I5: version {version} is followed by {r['version']}")
        version = r["version"]
        if r["kind"] != "event" or r["effect"] not in ARROWS:
            continue
        to = ARROWS[r["effect"]].get(state)
        if to is None or to != STATES[r["state"]]:
            bad.append(f"I5: {r['effect']} led from {state} to "
                       f"{STATES[r['state']]}")
        state = STATES[r["state"]]
    return bad


def check_effects(rows):
    """An intent before each result; acceptance only after delivery."""
    bad, intents, proven = [], set(), False
    for r in rows:
        name = (r["effect"], r["idem"])
        proven = proven and r["effect"] != "lapsed" \
            or r["effect"] == "delivery_proven"
        if r["kind"] == "intent":
            intents.add(name)
        elif r["kind"] == "result" and name not in intents:
            bad.append(f"I5: result of {r['effect']} without its intent")
        if r["kind"] == "intent" and r["effect"] == "cmp.certConf" \
                and STATES[r["state"]] != "WITHDRAWING" and not proven:
            bad.append("I2: confirmed before it was delivered")
    return bad


def check_case(db, case, certs):
    rows = db.execute("SELECT * FROM journal WHERE case_id = ? ORDER BY seq",
                      (case["id"],)).fetchall()
    bad = check_arrows(rows) + check_effects(rows)
    state = STATES[case["state"]]
    at_ca = {c["serial"]: c["state"] for c in certs}
    delivered = {r["idem"].lstrip("0") for r in rows
                 if (r["kind"], r["outcome"]) == ("result", "ok")
                 and r["effect"] in ("media.write", "token.write")}
    if case["fee_won"] > 0:
        bad.append("I1: charged")
    if case["hold"] and at_ca.get(case["serial"].lstrip("0")) not in (
            "suspended", "revoked"):
        bad.append("I3: reported, and the CA has it "
                   + str(at_ca.get(case["serial"].lstrip("0"))))
    if state == "DONE" and \
            at_ca.get(case["new_serial"].lstrip("0")) != "valid":
        bad.append("I2: DONE, and the new one is not valid at the CA")
    for c in certs:
        if c["replaces"] and c["serial"] not in delivered and \
                "valid" in [h["state"] for h in c["history"]]:
            bad.append(f"I2: {c['serial']} was confirmed, never delivered")
    return bad


def check_messages(db, folder, altered):
    """I5: what the CA got was journalled before, byte for byte; what the
    journal calls an answer is one of the CA's (unless a proxy altered it)."""
    intents = {r[0].hex() for r in db.execute(
        "SELECT digest FROM journal WHERE kind = 'intent'"
        " AND digest IS NOT NULL")}
    answers = {r[0].hex() for r in db.execute(
        "SELECT digest FROM journal WHERE kind = 'result'"
        " AND digest IS NOT NULL AND outcome = 'ok'")}
    bad, said = [], set()
    for tx in records(folder, "transactions"):
        for x in tx["exchanges"]:
            if x["request"] not in intents:
                bad.append("I5: a message at the CA without its intent")
            said.add(hashlib.sha256(
                base64.b64decode(x["response"])).hexdigest())
    if answers - said and not altered:
        bad.append("I5: an answer in the journal that the CA never gave")
    return bad


def memo(folder, person):
    """The receipt number this person's customer was given."""
    try:
        with open(os.path.join(folder, "memo." + person),
                  encoding="utf-8") as f:
            return f.read()
    except FileNotFoundError:
        return ""


def check_db(folder, people, altered=False):
    """{person or "": [violation]} over all cases."""
    db = open_db(folder)
    given = {memo(folder, p["id"]): p["id"] for p in people}
    certs = certificates(folder)
    owner = {c["serial"]: c["person"] for c in certs}
    kept = {r[0] for r in db.execute("SELECT case_no FROM cases")}
    out, seen = {}, set()
    for no in set(given) - kept - {""}:
        out.setdefault(given[no], []).append(
            f"I5: case {no} was acknowledged and is lost")
    for case in db.execute("SELECT * FROM cases ORDER BY id"):
        who = owner.get(case["serial"].lstrip("0"), "")
        bad = check_case(db, case, [c for c in certs if c["person"] == who])
        if given.get(case["case_no"], who) != who:
            bad.append("I2: a case about the certificate of "
                       + given[case["case_no"]])
        if who in seen:
            bad.append("I1: a second case for the same certificate")
        seen.add(who)
        out.setdefault(who, []).extend(bad)
    out.setdefault("", []).extend(check_messages(db, folder, altered))
    out[""].extend(check_secrets(folder, people))
    return {k: v for k, v in out.items() if v}


def check_audit(folder):
    """I5: the chain, the tree and every signature."""
    done = subprocess.run(
        [os.path.join(folder, "real", "dasi"), "audit", "verify",
         os.path.join(folder, "state", "dasi.db"), "--json"],
        capture_output=True, text=True, check=False)
    return [] if done.returncode == 0 else [
        "I5: audit log: " + (done.stdout + done.stderr).strip()]


# ---- I4, I8 ----

def check_secrets(folder, people):
    bad = []
    paths = [p for part in ("state", "log", "media", "drawer")
             for p in glob.glob(os.path.join(folder, part, "**"),
                                recursive=True) if os.path.isfile(p)]
    for path in paths:
        with open(path, "rb") as f:
            data = f.read()
        for p in people:
            n = p["resident_number"]
            for what, secret in (("a number", n),
                                 ("a number", n[:6] + "-" + n[6:]),
                                 ("a password", p["certificate_password"])):
                if secret.encode() in data:
                    bad.append(f"I8: {what} in {os.path.basename(path)}")
    return sorted(set(bad))


def main():
    folder = sys.argv[1]
    with open(os.path.join(folder, "people.json"), encoding="utf-8") as f:
        people = json.load(f)["people"]
    bad = [line for lines in check_db(folder, people).values()
           for line in lines]
    for p in people:
        bad += check_person(folder, p, finished=False)
    for line in bad:
        print(line)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
