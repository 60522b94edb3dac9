"""Bugs planted in copies of what a family left behind: each must be seen, or
the checker proves nothing."""
import copy
import os
import shutil
import sqlite3
import tempfile

import check

TRIGGERS = ("DROP TRIGGER journal_no_update; DROP TRIGGER journal_no_delete;"
            "DROP TRIGGER case_version_grows;")


def two_valid(certs):
    """The new one becomes valid before the old one is stopped."""
    new = [c for c in certs if c["replaces"]][-1]
    new["history"].insert(0, dict(new["history"][0], state="valid", order=-1))
    old = [c for c in certs if not c["replaces"]][0]
    old["history"][0]["order"] = -2


def released(certs):
    """The hold is given up by itself."""
    old = [c for c in certs if not c["replaces"]][0]
    for h in old["history"]:
        if h["state"] == "revoked":
            h["state"] = "valid"


def still_held(certs):
    """Done, and the old one was never revoked."""
    [c for c in certs if not c["replaces"]][0]["state"] = "suspended"


JOURNAL = {
    "a result without its intent":
        "DELETE FROM journal WHERE kind = 'intent' AND effect = 'hold'",
    "an arrow the plan does not have":
        "UPDATE journal SET effect = 'delivery_proven'"
        " WHERE effect = 'cert_good'",
    "a row lost":
        "DELETE FROM journal WHERE effect = 'submit'",
    "a message sent before it was journalled":
        "DELETE FROM journal WHERE effect = 'cmp.ir'",
    "confirmed before delivered":
        "UPDATE journal SET effect = 'noted'"
        " WHERE effect = 'delivery_proven'",
    "a charge": "UPDATE cases SET fee_won = 1100",
}


def tampered(branch, folder, sql):
    """A copy of the branch whose database was changed by `sql`."""
    os.makedirs(os.path.join(folder, "state"))
    path = os.path.join(folder, "state", "dasi.db")
    shutil.copy(branch.path("state", "dasi.db"), path)
    os.symlink(branch.path("sandbox"), os.path.join(folder, "sandbox"))
    db = sqlite3.connect(path)
    db.executescript(TRIGGERS + sql)
    db.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return folder


def valid_leaf(branch, certs):
    return check.leaf_of(branch.dir, [c for c in certs
                                      if c["state"] == "valid"][0])


def done_by(branch, people, on_stick):
    """The last one whose case went to its end, and whose stick is still
    there: some break once the certificate was proven on them."""
    for p in reversed(people):
        certs = check.certificates(branch.dir, p["id"])
        if not check.check_finished(certs) and (
                not on_stick or valid_leaf(branch, certs)):
            return p, certs
    raise RuntimeError("no case was finished")


def bad_pair(branch, person, certs):
    """One bit of the key file on the stick."""
    leaf = valid_leaf(branch, certs)
    path = os.path.join(leaf, "signPri.key")
    with open(path, "r+b") as f:
        data = bytearray(f.read())
        data[-1] ^= 1
        f.seek(0)
        f.write(data)
    seen = check.check_stick(branch.dir, person, certs)
    data[-1] ^= 1
    with open(path, "wb") as f:
        f.write(data)
    return seen


def missed(branch, people, on_stick=True):
    """The planted bugs that the checker did not see."""
    out = []
    person, certs = done_by(branch, people, on_stick)
    for bug in (two_valid, released):
        changed = copy.deepcopy(certs)
        bug(changed)
        if not check.check_ca(changed):
            out.append(bug.__doc__)
    changed = copy.deepcopy(certs)
    still_held(changed)
    if not check.check_finished(changed):
        out.append(still_held.__doc__)
    if on_stick and not bad_pair(branch, person, certs):
        out.append(bad_pair.__doc__)
    for what, sql in JOURNAL.items():
        with tempfile.TemporaryDirectory() as folder:
            if not check.check_db(tampered(branch, folder, sql), []):
                out.append(what)
    log = branch.path("log", "planted.log")
    with open(log, "w", encoding="utf-8") as f:
        f.write(person["resident_number"])
    if not check.check_secrets(branch.dir, [person]):
        out.append("a number in a log")
    os.unlink(log)
    return out
