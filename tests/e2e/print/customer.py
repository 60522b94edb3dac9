#!/usr/bin/python3
"""Plays a kiosk at a practice branch: customer.py BRANCH PERSON [KIND...]
reports a loss and asks for slips; prints one line of JSON: the case and what
came of each slip ("" or the error's code)."""
import glob
import json
import os
import re
import sys

from talk import Talk


def code_of(branch, phone):
    texts = glob.glob("%s/sandbox/sms/%s/*" % (branch, phone))
    newest = max(texts, key=lambda f: int(re.sub(r"\D", "", os.path.basename(f)) or 0))
    return re.search(r"[0-9]{6}", open(newest).read()).group(0)


def main(branch, person, kinds):
    people = json.load(open(branch + "/people.json"))["people"]
    p = next(x for x in people if x["id"] == person)
    document = p["documents"][0]
    talk = Talk.to(open(branch + "/socket.path").read().strip())
    talk.ask("hello", {"role": "kiosk", "terminal": "K-09"})
    talk.ask("visit.begin", {
        "purpose": "report", "lang": "ko",
        "consents": {"required": ["personal", "unique_id", "third_party"], "optional": []}})
    talk.ask("identity.verify", {
        "name": p["name"], "number": p["resident_number"].replace("-", ""),
        "id_kind": document["kind"], "id_number": document.get("number", ""),
        "issue_date": p.get("card_issue_date") or document["issue_date"]})
    talk.ask("factor.start", {"kind": "phone"})
    talk.ask("factor.verify", {
        "kind": "phone", "answer": code_of(branch, p["phone"]), "account": ""})
    talk.ask("cert.list", {})
    talk.ask("case.open", {"index": 0})
    talk.ask("case.report", {"kind": "lost", "when": "어제 오후", "place": "", "detail": "",
                             "medium": "usb", "misuse": False})
    case = talk.await_event("case.changed", lambda c: c["hold"] == "confirmed")
    said = {}
    for kind in kinds:
        answer, _ = talk.ask("slip.print", {"kind": kind})
        said[kind] = answer.get("code", "")
    print(json.dumps({"case": case, "said": said, "name": p["name"],
                      "number": p["resident_number"]}, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
